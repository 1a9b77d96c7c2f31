"""Opening a dossier: one this state begins, with the next number of the day, or one a partner's act begins."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from comity.law.form import Side
from comity.node.registry import queries as registry
from comity.node.requests.models import Counter, Dossier
from comity.record import Act
from comity.values import DossierId, StateCode

__all__ = ["own", "taken"]


def own(
    prefix: str, partner: StateCode, *, authority: str, subject: str, basis: str, assigned: str = "", at: datetime
) -> str:
    """Open a dossier of this state; call it in the transaction of its first act."""
    Counter.objects.get_or_create(day=at.date())
    count = Counter.objects.select_for_update().get(day=at.date())
    count.last += 1
    count.save()
    dossier = str(DossierId(prefix, registry.identity().state, partner, at.date(), count.last))
    Dossier.objects.create(
        id=dossier,
        side=Side.ISSUING,
        partner=partner,
        authority=authority,
        assigned=assigned,
        subject=subject[:300],
        basis=basis,
        opened_at=at,
        changed_at=at,
    )
    return dossier


def taken(act: Act, *, authority: str, subject: str, at: datetime, basis: str = "") -> Dossier:
    """Open the dossier of a comparison a partner asks for."""
    return Dossier.objects.create(
        id=str(act.dossier),
        side=Side.EXECUTING,
        partner=act.actor.state,
        authority=authority or settings.COMITY.authority,
        subject=subject[:300],
        basis=basis,
        opened_at=at,
        changed_at=at,
    )
