"""Writing the audit and the log of acts. Both only grow, one writer at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from comity.node.audit import queries
from comity.node.audit.models import Entry, Leaf
from comity.node.audit.vocabulary import Event

__all__ = ["log_act", "note"]

_AUDIT, _LOG = 7_001, 7_002  # keys of PostgreSQL's advisory locks; SQLite has one writer anyway


def note(
    event: Event,
    *,
    actor: str,
    about: str = "",
    detail: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> int:
    """Add one event; inside a transaction it stands or falls with it. Returns its place in the chain."""
    when = (at or datetime.now(UTC)).astimezone(UTC)
    said = {str(key): str(value) for key, value in (detail or {}).items()}
    with transaction.atomic():
        _alone(_AUDIT)
        last = Entry.objects.order_by("-seq").first()
        seq, previous = (last.seq + 1, last.sha256) if last else (1, queries.GENESIS)
        noted = queries.Noted(seq, when, actor[:80], event.value, about[:160], said, "")
        Entry.objects.create(
            seq=seq,
            at=when,
            actor=noted.actor,
            event=noted.event,
            about=noted.about,
            detail=said,
            previous=previous,
            sha256=queries.digest_of(noted, previous),
        )
    return seq


def log_act(sha256: str, at: datetime) -> int:
    """Add an act's digest to the log (RFC 6962 section 2.1: leaf hash = SHA-256 of 0x00 and the entry)."""
    leaf = hashlib.sha256(b"\x00" + bytes.fromhex(sha256)).hexdigest()
    with transaction.atomic():
        _alone(_LOG)
        number = Leaf.objects.count()
        Leaf.objects.create(number=number, act=sha256, sha256=leaf, at=at)
    return number


def _alone(key: int) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
