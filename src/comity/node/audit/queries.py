"""Reading the audit and the log of acts; every result is a value."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comity.node.audit.models import Entry, Leaf
from comity.values import canonical

__all__ = ["Found", "Noted", "Whole", "about", "digest_of", "entries", "leaf_hashes", "size", "verify"]

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Noted:
    """One event of the audit."""

    seq: int
    at: datetime
    actor: str
    event: str
    about: str
    detail: Mapping[str, Any]
    sha256: str


@dataclass(frozen=True, slots=True)
class Found:
    """A row that does not fit the chain."""

    seq: int
    why: str


@dataclass(frozen=True, slots=True)
class Whole:
    """What the chain's check says; ``broken`` names each row that does not fit."""

    entries: int
    head: str
    broken: tuple[Found, ...]

    @property
    def ok(self) -> bool:
        """Tell whether the chain is whole."""
        return not self.broken


def digest_of(row: Noted, previous: str) -> str:
    """Return what a row's ``sha256`` must be: SHA-256 over its canonical JSON with the digest before it."""
    said = {
        "seq": row.seq,
        "at": row.at.isoformat(),
        "actor": row.actor,
        "event": row.event,
        "about": row.about,
        "detail": dict(row.detail),
        "previous": previous,
    }
    return hashlib.sha256(canonical(said)).hexdigest()


def entries(*, limit: int = 100, before: int | None = None, event: str = "", actor: str = "") -> tuple[Noted, ...]:
    """Return events, the newest first."""
    rows = Entry.objects.order_by("-seq")
    if before is not None:
        rows = rows.filter(seq__lt=before)
    if event:
        rows = rows.filter(event=event)
    if actor:
        rows = rows.filter(actor=actor)
    return tuple(_value(row) for row in rows[:limit])


def about(name: str, *, events: Sequence[str] = ()) -> tuple[Noted, ...]:
    """Return the events about one thing, the oldest first."""
    rows = Entry.objects.filter(about=name).order_by("seq")
    return tuple(_value(row) for row in (rows.filter(event__in=events) if events else rows))


def verify() -> Whole:
    """Walk the whole chain and name each row that was changed, taken out or put in."""
    broken: list[Found] = []
    previous, expected = GENESIS, 1
    for row in Entry.objects.order_by("seq").iterator():
        if row.seq != expected:
            broken.append(Found(row.seq, f"row {expected} is missing"))
        if row.previous != previous:
            broken.append(Found(row.seq, "it does not follow the row before it"))
        if digest_of(_value(row), row.previous) != row.sha256:
            broken.append(Found(row.seq, "it was changed after it was written"))
        previous, expected = row.sha256, row.seq + 1
    return Whole(expected - 1, previous, tuple(broken))


def size() -> int:
    """Return how many leaves the log of acts has."""
    return Leaf.objects.count()


def leaf_hashes() -> tuple[bytes, ...]:
    """Return the leaf hashes of the log, in order."""
    return tuple(bytes.fromhex(h) for h in Leaf.objects.order_by("number").values_list("sha256", flat=True))


def leaf_number(act: str) -> int | None:
    """Return where an act stands in the log."""
    return Leaf.objects.filter(act=act).values_list("number", flat=True).first()


def _value(row: Entry) -> Noted:
    return Noted(row.seq, row.at, row.actor, row.event, row.about, row.detail, row.sha256)
