"""Reading what is kept: files, documents, exhibits, checks of packages; every result is a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, BinaryIO

from django.db.models import Exists, OuterRef

from comity.adapters.disk_store import DiskStore
from comity.evidence.holding import Custody, custody
from comity.evidence.holding import exhibits as named
from comity.evidence.item import Exhibit
from comity.node.errors import UnknownError
from comity.node.place import here
from comity.node.vault.models import Blob, Check, Document, ExhibitRow
from comity.record import Act
from comity.record.chain import order
from comity.values import Digest, Fingerprint

__all__ = [
    "Checked",
    "Held",
    "Item",
    "Package",
    "Paper",
    "checks",
    "documents",
    "exhibit",
    "exhibits",
    "fingerprint",
    "held",
    "open_blob",
    "packages",
    "present",
    "store",
    "unverified",
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


@dataclass(frozen=True, slots=True)
class Held:
    """An exhibit as both states describe it, and who held it, folded from the acts."""

    exhibit: Exhibit
    custody: Custody | None


@dataclass(frozen=True, slots=True)
class Package:
    """A package of evidence; ``have`` counts the bytes that are here, ``checked`` is the last verification."""

    sha256: str
    name: str
    size: int
    act: str
    present: bool
    checked: Checked | None


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


def exhibit(item: Item) -> Exhibit:
    """Return a row's exhibit as acts and packages carry it."""
    return Exhibit.read(
        {
            "number": item.number,
            "title": item.title,
            "nature": item.nature,
            "description": item.description,
            "files": [dict(one) for one in item.files],
            "conditions": [dict(one) for one in item.conditions],
        }
    )


def held(dossier: str, acts: Sequence[Act]) -> tuple[Held, ...]:
    """Return the exhibits of a dossier: those described here, and those the acts name, by number."""
    described = {item.number: exhibit(item) for item in exhibits(dossier)}
    chain = order(acts)
    folded = {number: custody(chain, number) for number in named(chain)}
    found = []
    for number in sorted({*described, *folded}):
        fold = folded.get(number)
        shown = (fold.exhibit if fold else None) or described.get(number)
        if shown is not None:
            found.append(Held(shown, fold))
    return tuple(found)


def packages(dossier: str) -> tuple[Package, ...]:
    """Return the packages of a dossier, each with its last verification."""
    last: dict[str, Checked] = {}
    for check in checks(dossier):
        last.setdefault(check.sha256, check)
    papers = {paper.sha256: paper for paper in documents(dossier, role="package")}
    return tuple(Package(p.sha256, p.name, p.size, p.act, p.present, last.get(p.sha256)) for p in papers.values())


def unverified() -> tuple[tuple[str, str], ...]:
    """Return the packages (dossier, sha256) that are here whole and were never verified."""
    rows = Document.objects.filter(role="package").values_list("dossier", "sha256").distinct()
    seen = Check.objects.filter(dossier=OuterRef("dossier"), sha256=OuterRef("sha256"))
    here_now = Blob.objects.filter(pk=OuterRef("sha256"))
    return tuple(rows.filter(~Exists(seen), Exists(here_now))[:20])
