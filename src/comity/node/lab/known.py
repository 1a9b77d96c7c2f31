"""Pairs known to be false: what was reported, by which dossier and when, and whether a pair at hand is one of them.

A pair is known again by the digest of the asking profile and the reference it met; by both digests under another
reference; and by both the other way round, when the state that was asked asks in its turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from comity.flow import comparison as flow
from comity.forensics.body import Sent
from comity.node.lab.models import FalsePair

__all__ = ["KnownFalse", "concerns", "is_false", "of_pair", "of_profile", "remember"]


@dataclass(frozen=True, slots=True)
class KnownFalse:
    """A report that a pair is no match: the dossier it was made in, the reference that was met, and when."""

    dossier: str
    reference: str
    at: datetime


def remember(partner: str, sent: Sent, found: Sent, *, dossier: str, act: str, at: datetime) -> None:
    """Keep a report; the first of a pair stands."""
    FalsePair.objects.get_or_create(
        partner=partner,
        profile=flow.pair(sent),
        reference=found.reference,
        defaults={"found": flow.pair(found), "dossier": dossier, "act": act, "at": at},
    )


def concerns(partner: str, profile: str) -> bool:
    """Tell whether any report of the partner's or to it concerns a profile, by its digest."""
    return FalsePair.objects.filter(Q(partner=partner) & (Q(profile=profile) | Q(found=profile))).exists()


def is_false(partner: str, profile: str, reference: str, found: str = "") -> bool:
    """Tell whether a pair was reported: by its digests, ``found`` empty where only the reference is known."""
    return FalsePair.objects.filter(_pair(partner, profile, reference, found)).exists()


def of_pair(partner: str, sent: Sent, found: Sent, dossier: str) -> KnownFalse | None:
    """Return the earlier report on a pair; one of this dossier itself is no earlier one."""
    which = _pair(partner, flow.pair(sent), found.reference, flow.pair(found))
    row = FalsePair.objects.filter(which).exclude(dossier=dossier).order_by("at").first()
    return _value(row) if row else None


def of_profile(partner: str, sent: Sent, dossier: str) -> tuple[KnownFalse, ...]:
    """Return the earlier reports on any pair of a profile, for hits that an answer leaves out."""
    digest = flow.pair(sent)
    rows = FalsePair.objects.filter(Q(partner=partner) & (Q(profile=digest) | Q(found=digest)))
    return tuple(_value(row) for row in rows.exclude(dossier=dossier).order_by("at")[:50])


def _pair(partner: str, profile: str, reference: str, found: str) -> Q:
    which = Q(profile=profile, reference=reference)
    if found:
        which |= Q(profile=profile, found=found) | Q(profile=found, found=profile)
    return Q(partner=partner) & which


def _value(row: FalsePair) -> KnownFalse:
    return KnownFalse(row.dossier, row.reference, row.at)
