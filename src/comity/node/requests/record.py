"""Dossiers and their acts as values: what every query and action of a cooperation starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q

from comity.law.form import Form, Side, form_with
from comity.node.errors import UnknownError
from comity.node.requests.models import ActRow, Dossier
from comity.record import Act
from comity.request import read
from comity.request.request import Request
from comity.values import DossierId, StateCode, parse

__all__ = ["File", "Kept", "acts", "file", "files", "kept", "payload", "undertaken"]


@dataclass(frozen=True, slots=True)
class File:
    """A dossier as this node keeps it. ``id``, ``authority`` and ``assigned`` are what the policy asks of it."""

    id: str
    side: Side
    partner: StateCode
    authority: str
    assigned: str
    subject: str
    basis: str
    request: bytes = field(repr=False)
    resolution: Mapping[str, Any] = field(repr=False)
    opened_at: datetime
    changed_at: datetime

    @property
    def dossier(self) -> DossierId:
        """The id two states share."""
        return DossierId.read(self.id)

    @property
    def form(self) -> Form:
        """The table of the form of cooperation, by the first word of the dossier's id."""
        return form_with(self.dossier.form)

    @property
    def asked(self) -> Request | None:
        """The request, once it was composed or received."""
        return read.read(self.request) if self.request else None


@dataclass(frozen=True, slots=True)
class Kept:
    """An act as it is stored: what was signed, what this node made of a partner's seal, when it came."""

    act: Act
    sha256: str
    envelope: bytes = field(repr=False)
    verdict: Mapping[str, Any]
    stored_at: datetime

    @property
    def own(self) -> bool:
        """Whether it was done on this side."""
        return str(self.act.actor.state) == settings.COMITY.state


def file(dossier: str) -> File:
    """Return a dossier, or refuse an id that is none of this node's."""
    row = Dossier.objects.filter(pk=dossier).first()
    if row is None:
        raise UnknownError(f"There is no cooperation {dossier[:80]!r} here.")
    return value(row)


def files(which: Q, *, limit: int = 500) -> tuple[File, ...]:
    """Return the dossiers a filter leaves, the last changed first."""
    return tuple(value(row) for row in Dossier.objects.filter(which).order_by("-changed_at")[:limit])


def value(row: Dossier) -> File:
    """Return a row as a value."""
    return File(
        id=row.pk,
        side=Side(row.side),
        partner=StateCode(row.partner),
        authority=row.authority,
        assigned=row.assigned,
        subject=row.subject,
        basis=row.basis,
        request=bytes(row.request),
        resolution=row.resolution,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
    )


def kept(dossier: str) -> tuple[Kept, ...]:
    """Return the acts of a dossier as they are stored, in the order they were stored in."""
    rows = ActRow.objects.filter(dossier_id=dossier).order_by("id")
    return tuple(
        Kept(Act.read(payload(bytes(r.envelope))), r.sha256, bytes(r.envelope), r.verdict, r.stored_at) for r in rows
    )


def acts(dossier: str) -> tuple[Act, ...]:
    """Return the acts of a dossier known here."""
    return tuple(one.act for one in kept(dossier))


def undertaken() -> tuple[Act, ...]:
    """Return the offers of other states and what this state undertook of them, over all its requests."""
    rows = ActRow.objects.filter(kind__in=("custody.offer", "custody.undertake"), dossier__side=Side.ISSUING)
    return tuple(Act.read(payload(bytes(row.envelope))) for row in rows.order_by("id"))


def payload(envelope: bytes) -> bytes:
    """Return what a stored envelope holds; it was verified before it was stored."""
    import base64

    return base64.b64decode(parse(envelope, what="stored envelope", limit=64 * 1024 * 1024)["payload"])
