"""Reading what is kept: files, documents, exhibits, checks of packages; every result is a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, BinaryIO

from comity.adapters.disk_store import DiskStore
from comity.node.errors import UnknownError
from comity.node.place import here
from comity.node.vault.models import Blob, Check, Document, ExhibitRow
from comity.values import Digest, Fingerprint

__all__ = [
    "Checked",
    "Item",
    "Paper",
    "checks",
    "documents",
    "exhibits",
    "fingerprint",
    "open_blob",
    "present",
    "store",
]


@dataclass(frozen=True, slots=True)
class Paper:
    """A file of a dossier. ``role`` is letter, request, attachment or package; ``present``: its bytes are here."""

    sha256: str
    name: str
    media_type: str
    size: int
    role: str
    act: str
    added_at: datetime
    present: bool


@dataclass(frozen=True, slots=True)
class Item:
    """An exhibit as it was described here, with its files (name, media_type, sha256, sha512, size)."""

    dossier: str
    number: str
    title: str
    nature: str
    description: str
    files: tuple[Mapping[str, Any], ...]
    conditions: tuple[Mapping[str, Any], ...]
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """What verification said of a package."""

    sha256: str
    status: str
    report: Mapping[str, Any]
    by: str
    at: datetime


@lru_cache(maxsize=1)
def store() -> DiskStore:
    """Return the node's content-addressed store."""
    return DiskStore(here().blobs)


def fingerprint(sha256: str) -> Fingerprint | None:
    """Return what is known of a stored file."""
    row = Blob.objects.filter(pk=sha256).first()
    return Fingerprint(Digest(row.sha256), row.sha512, row.size) if row else None


def present(sha256: str) -> bool:
    """Tell whether a file is here, whole."""
    return Blob.objects.filter(pk=sha256).exists()


def open_blob(sha256: str) -> BinaryIO:
    """Open a stored file."""
    if not present(sha256):
        raise UnknownError(f"The file {sha256} is not here.", cause="It is still being pulled, or was never received.")
    return store().open(Digest(sha256))


def documents(dossier: str, *, role: str = "") -> tuple[Paper, ...]:
    """Return the files of a dossier, the oldest first."""
    rows = Document.objects.filter(dossier=dossier).order_by("id")
    if role:
        rows = rows.filter(role=role)
    found = list(rows)
    here_now = set(Blob.objects.filter(pk__in=[row.sha256 for row in found]).values_list("sha256", flat=True))
    return tuple(
        Paper(r.sha256, r.name, r.media_type, r.size, r.role, r.act, r.added_at, r.sha256 in here_now) for r in found
    )


def exhibits(dossier: str) -> tuple[Item, ...]:
    """Return the exhibits of a dossier, by number."""
    return tuple(
        Item(
            row.dossier,
            row.number,
            row.title,
            row.nature,
            row.description,
            tuple(row.files),
            tuple(row.conditions),
            row.added_by,
            row.added_at,
        )
        for row in ExhibitRow.objects.filter(dossier=dossier).order_by("number")
    )


def checks(dossier: str) -> tuple[Checked, ...]:
    """Return what was said of the packages of a dossier, the newest first."""
    rows = Check.objects.filter(dossier=dossier).order_by("-id")
    return tuple(Checked(row.sha256, row.status, row.report, row.by, row.at) for row in rows)
