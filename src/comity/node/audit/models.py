"""The chain of what was done here, and the leaves of the log of acts. Rows are only ever added (see the triggers)."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One event. ``sha256`` covers the row and ``previous``, the digest of the row before it."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    event = models.CharField(max_length=40)
    about = models.CharField(max_length=160)
    detail = models.JSONField()
    previous = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_entry"
        indexes = [models.Index(fields=["about"]), models.Index(fields=["event"])]


class Leaf(models.Model):
    """One leaf of the RFC 6962 log: the digest of an act, and the leaf's hash."""

    number = models.BigIntegerField(primary_key=True)
    act = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        db_table = "audit_leaf"


class Checkpoint(models.Model):
    """A signed head of the log at a size (C2SP tlog-checkpoint)."""

    size = models.BigIntegerField(unique=True)
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "audit_checkpoint"
