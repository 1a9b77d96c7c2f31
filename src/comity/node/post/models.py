"""Outbox, inbox and pulls: tables that are their own queue (design section 7)."""

from __future__ import annotations

from django.db import models


class Outgoing(models.Model):
    """A message to a partner. Its bytes never change; every retry sends the same."""

    message_id = models.CharField(max_length=255, unique=True)
    partner = models.CharField(max_length=2)
    dossier = models.CharField(max_length=64, blank=True, default="", db_index=True)
    act = models.CharField(max_length=64, blank=True, default="")
    kind = models.CharField(max_length=60)
    content_type = models.CharField(max_length=400)
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    claims = models.JSONField(default=list)
    fetched_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, default="pending")
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    lease = models.CharField(max_length=40, blank=True, default="")
    receipt = models.BinaryField(default=b"")
    reason = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "post_outgoing"
        indexes = [models.Index(fields=["state", "next_at"])]


class Incoming(models.Model):
    """An accepted message: its id once per partner, and the receipt's bytes, which every duplicate gets again."""

    partner = models.CharField(max_length=2)
    message_id = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    dossier = models.CharField(max_length=64, blank=True, default="")
    act = models.CharField(max_length=64, blank=True, default="")
    kind = models.CharField(max_length=60)
    receipt = models.BinaryField()
    receipt_type = models.CharField(max_length=400)
    received_at = models.DateTimeField()

    class Meta:
        db_table = "post_incoming"
        constraints = [models.UniqueConstraint(fields=["partner", "message_id"], name="post_incoming_once")]


class Pull(models.Model):
    """A large attachment a partner announced: fetched by ranges, chunk by chunk."""

    message_id = models.CharField(max_length=255)
    partner = models.CharField(max_length=2)
    dossier = models.CharField(max_length=64, db_index=True)
    act = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    claim = models.JSONField()
    have = models.BigIntegerField(default=0)
    state = models.CharField(max_length=12, default="pending")
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    lease = models.CharField(max_length=40, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "post_pull"
        constraints = [models.UniqueConstraint(fields=["message_id", "sha256"], name="post_pull_once")]
        indexes = [models.Index(fields=["state", "next_at"])]
