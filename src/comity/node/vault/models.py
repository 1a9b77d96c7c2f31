"""What is kept: stored files by digest, exhibits, packages and what verification said of them."""

from __future__ import annotations

from django.db import models


class Blob(models.Model):
    """A stored file's fingerprint; its bytes lie in the store under ``sha256``."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    sha512 = models.CharField(max_length=128)
    size = models.BigIntegerField()
    stored_at = models.DateTimeField()

    class Meta:
        db_table = "vault_blob"


class Document(models.Model):
    """A file that belongs to a dossier: letter, request, attachment of an act, package."""

    dossier = models.CharField(max_length=64, db_index=True)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=120)
    size = models.BigIntegerField()
    role = models.CharField(max_length=20)
    act = models.CharField(max_length=64, blank=True, default="")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "vault_document"
        constraints = [
            models.UniqueConstraint(fields=["dossier", "sha256", "role", "act", "name"], name="vault_document_once")
        ]


class ExhibitRow(models.Model):
    """One exhibit of a dossier and its files; custody is folded from the acts."""

    dossier = models.CharField(max_length=64, db_index=True)
    number = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    nature = models.CharField(max_length=20)
    description = models.TextField(blank=True, default="")
    files = models.JSONField(default=list)
    conditions = models.JSONField(default=list)
    added_by = models.CharField(max_length=80)
    added_at = models.DateTimeField()

    class Meta:
        db_table = "vault_exhibit"
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="vault_exhibit_once")]


class Check(models.Model):
    """What verification said of a package, whole, at a time."""

    dossier = models.CharField(max_length=64, db_index=True)
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=20)
    report = models.JSONField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        db_table = "vault_check"
