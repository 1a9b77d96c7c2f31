"""Reading outbox, inbox and pulls; every result is a value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet

from comity.node.errors import UnknownError
from comity.node.post.models import Incoming, Outgoing, Pull
from comity.values import Digest

__all__ = [
    "Arrival",
    "Delivery",
    "Fetch",
    "State",
    "alarms",
    "arrivals",
    "claimed",
    "deliveries",
    "delivery",
    "due_messages",
    "due_pulls",
    "fetches",
    "idle",
    "stored_receipt",
]


class State(StrEnum):
    """Where a message or a pull stands. ``failed`` raises an alarm and waits for a person."""

    PENDING = "pending"
    ACKNOWLEDGED = "acknowledged"
    REJECTED = "rejected"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to a partner, as the page of deliveries shows it. ``size`` in bytes."""

    id: int
    message_id: str
    partner: str
    dossier: str
    act: str
    kind: str
    state: State
    attempts: int
    next_at: datetime
    reason: str
    made_at: datetime
    done_at: datetime | None
    fetched_at: datetime | None
    claims: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that was accepted."""

    message_id: str
    partner: str
    dossier: str
    kind: str
    act: str
    sha256: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Fetch:
    """A large file on its way here. ``size`` and ``have`` in bytes."""

    id: int
    partner: str
    dossier: str
    act: str
    sha256: str
    size: int
    have: int
    state: State
    attempts: int
    reason: str
    next_at: datetime


def deliveries(*, dossier: str = "", state: str = "", limit: int = 200) -> tuple[Delivery, ...]:
    """Return messages to partners, the newest first."""
    rows = Outgoing.objects.order_by("-id").defer("body", "receipt")
    if dossier:
        rows = rows.filter(dossier=dossier)
    if state:
        rows = rows.filter(state=state)
    return tuple(_delivery(row) for row in rows[:limit])


def delivery(key: int) -> Delivery:
    """Return one message to a partner."""
    row = Outgoing.objects.filter(pk=key).first()
    if row is None:
        raise UnknownError(f"There is no delivery {key}.")
    return _delivery(row)


def alarms() -> int:
    """Return how many messages and pulls failed and wait for a person."""
    failed = Q(state=State.FAILED) | Q(state=State.REJECTED)
    return Outgoing.objects.filter(failed).count() + Pull.objects.filter(state=State.FAILED).count()


def arrivals(*, dossier: str = "", limit: int = 200) -> tuple[Arrival, ...]:
    """Return accepted messages, the newest first."""
    rows = Incoming.objects.order_by("-id").defer("receipt")
    if dossier:
        rows = rows.filter(dossier=dossier)
    return tuple(
        Arrival(r.message_id, r.partner, r.dossier, r.kind, r.act, r.sha256, r.received_at) for r in rows[:limit]
    )


def fetches(*, dossier: str = "", limit: int = 200) -> tuple[Fetch, ...]:
    """Return pulls, the newest first."""
    rows = Pull.objects.order_by("-id")
    if dossier:
        rows = rows.filter(dossier=dossier)
    return tuple(
        Fetch(
            r.pk, r.partner, r.dossier, r.act, r.sha256, r.size, r.have, State(r.state), r.attempts, r.reason, r.next_at
        )
        for r in rows[:limit]
    )


def due_messages(at: datetime) -> Iterator[int]:
    """Return the keys of messages to send now, the oldest first; those of one dossier go out one after another."""
    waiting = Outgoing.objects.filter(state=State.PENDING, partner=OuterRef("partner"), dossier=OuterRef("dossier"))
    earlier = waiting.filter(pk__lt=OuterRef("pk"))
    due = Outgoing.objects.filter(_due(at)).exclude(Exists(earlier))
    yield from due.order_by("next_at").values_list("pk", flat=True)[:50]


def due_pulls(at: datetime) -> Iterator[int]:
    """Return the keys of files to pull now."""
    yield from Pull.objects.filter(_due(at)).order_by("next_at").values_list("pk", flat=True)[:20]


def idle() -> bool:
    """Tell whether nothing is under way in either direction."""
    pending: tuple[QuerySet[Outgoing] | QuerySet[Pull], ...] = (
        Outgoing.objects.filter(state=State.PENDING),
        Pull.objects.filter(state=State.PENDING),
    )
    return not any(rows.exists() for rows in pending)


def stored_receipt(partner: str, message_id: str) -> tuple[Digest, str, bytes] | None:
    """Return what an accepted message's body was, and the receipt it was given: digest, content type, bytes."""
    row = Incoming.objects.filter(partner=partner, message_id=message_id).first()
    return (Digest(row.sha256), row.receipt_type, bytes(row.receipt)) if row else None


def claimed(partner: str, message_id: str, sha256: str) -> bool:
    """Tell whether a file was announced to this partner in this message."""
    claims = Outgoing.objects.filter(partner=partner, message_id=message_id).values_list("claims", flat=True).first()
    return claims is not None and sha256 in claims


def _due(at: datetime) -> Q:
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    return Q(state=State.PENDING, next_at__lte=at) & free


def _delivery(row: Outgoing) -> Delivery:
    return Delivery(
        id=row.pk,
        message_id=row.message_id,
        partner=row.partner,
        dossier=row.dossier,
        act=row.act,
        kind=row.kind,
        state=State(row.state),
        attempts=row.attempts,
        next_at=row.next_at,
        reason=row.reason,
        made_at=row.made_at,
        done_at=row.done_at,
        fetched_at=row.fetched_at,
        claims=tuple(row.claims),
        size=row.size,
    )
