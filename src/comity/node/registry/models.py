"""The federation list as it was signed, version after version."""

from __future__ import annotations

from django.db import models


class FederationRow(models.Model):
    """One version of the federation list: its sealed bytes, and the document in them."""

    version = models.IntegerField(unique=True)
    sha256 = models.CharField(max_length=64)
    envelope = models.BinaryField()
    document = models.BinaryField()
    imported_at = models.DateTimeField()
    imported_by = models.CharField(max_length=80)

    class Meta:
        db_table = "registry_federation"
