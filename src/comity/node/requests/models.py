"""Dossiers, drafts and acts as rows: the envelope's bytes, and columns to find them by."""

from __future__ import annotations

from django.db import models


class Draft(models.Model):
    """A request being written. ``version`` counts its changes, so that two writers notice each other."""

    id = models.UUIDField(primary_key=True)
    drafter = models.CharField(max_length=80)
    authority = models.CharField(max_length=200, db_index=True)
    requested = models.CharField(max_length=2)
    question = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    version = models.IntegerField(default=1)
    state = models.CharField(max_length=12, default="open")
    dossier = models.CharField(max_length=64, blank=True, default="")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "requests_draft"


class Dossier(models.Model):
    """One cooperation. ``side`` is issuing or executing; ``authority`` and ``assigned`` are authorities at home."""

    id = models.CharField(primary_key=True, max_length=64)
    side = models.CharField(max_length=10)
    partner = models.CharField(max_length=2)
    authority = models.CharField(max_length=200, blank=True, default="", db_index=True)
    assigned = models.CharField(max_length=200, blank=True, default="", db_index=True)
    subject = models.CharField(max_length=300)
    basis = models.CharField(max_length=80, blank=True, default="")
    request = models.BinaryField(default=b"")
    resolution = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "requests_dossier"


class ActRow(models.Model):
    """One act. ``envelope`` is what was signed; ``verdict`` what this node made of a partner's seal."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="acts")
    sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=60)
    state = models.CharField(max_length=2)
    authority = models.CharField(max_length=200)
    role = models.CharField(max_length=40)
    officer = models.CharField(max_length=160)
    law = models.CharField(max_length=160)
    at = models.DateTimeField()
    shared = models.BooleanField()
    envelope = models.BinaryField()
    verdict = models.JSONField(default=dict)
    stored_at = models.DateTimeField()

    class Meta:
        db_table = "requests_act"
        indexes = [models.Index(fields=["dossier", "at"])]


class Counter(models.Model):
    """How many dossiers this state opened on a day."""

    day = models.DateField(primary_key=True)
    last = models.IntegerField(default=0)

    class Meta:
        db_table = "requests_counter"
