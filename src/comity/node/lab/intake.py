"""What a partner's act of a comparison leaves in the laboratory, in the transaction that takes the act in.

A query is queued for the worker. An answer must answer what was asked, by the rules asked for; each of its hits gets a
row under a random id, and goes to the experts where its data hold and it was not reported false before. A report of a
false match is remembered.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from comity.errors import ComityError
from comity.flow import comparison
from comity.flow.errors import ActRefusedError
from comity.forensics import body
from comity.law.form import Side
from comity.node.audit import actions as audit
from comity.node.audit.vocabulary import Event
from comity.node.lab import known
from comity.node.lab.models import Asked, HitRow, Offer
from comity.record import Act

__all__ = ["KINDS", "OPENING", "authority", "subject", "taken_in"]

OPENING = "dna.query"
KINDS = frozenset(body.KINDS)


def authority(act: Act) -> str:
    """Return whose a comparison is that a partner asks for: of the authority that decided the offer towards it."""
    row = Offer.objects.filter(partner=act.actor.state, ended_at=None).order_by("-decided_at").first()
    return row.authority if row else ""


def subject(act: Act) -> str:
    """Return what a comparison is called in lists."""
    return f"{len(act.body.get('profiles', ()))} × DNA"


def taken_in(act: Act, acts: Sequence[Act], partner: str, at: datetime) -> None:
    """Write down what the act of ``partner`` means here; ``acts`` are all acts of its dossier with it."""
    said = body.read(act.kind, act.body)
    dossier = str(act.dossier)
    if isinstance(said, body.Query):
        Asked.objects.create(
            dossier=dossier, partner=partner, act=act.digest.hex, profiles=len(said.profiles), came_at=at
        )
        detail = {"profiles": len(said.profiles), "purpose": said.purpose, "basis": said.basis.article or "agreed"}
        detail["references"] = ", ".join(one.reference for one in said.profiles)[:400]
        audit.note(Event.COMPARISON_CAME, actor=partner, about=dossier, detail=detail, at=at)
    elif isinstance(said, body.Answer):
        _answered(act, said, acts, partner, at)
    elif isinstance(said, body.ReportFalse):
        _remember(act, said, acts, partner, at)


def _answered(act: Act, said: body.Answer, acts: Sequence[Act], partner: str, at: datetime) -> None:
    asked = next(found for one in acts if isinstance(found := body.read(one.kind, one.body), body.Query))
    references = {one.reference for one in asked.profiles}
    strange = [one.query for one in said.results if one.query not in references]
    if strange or (said.declined is None and said.rules != asked.rules):
        raise ActRefusedError(
            "The answer does not answer what was asked.",
            cause=f"It tells of {strange[0]!r}, which was not sent." if strange else "It used another rule set.",
            remedy="The sender answers the query as it was sent.",
        )
    count = 0
    for course in comparison.courses(acts):
        profile, met = comparison.pair(course.sent), comparison.pair(course.hit.found)
        reported = known.is_false(partner, profile, course.reference, met)
        try:
            fit = comparison.quality(course).fit and not reported
        except ComityError as error:
            raise ActRefusedError(error.detail, cause=error.cause, remedy=error.remedy) from error
        HitRow.objects.create(
            id=uuid.uuid4(),
            side=Side.ISSUING,
            dossier=str(act.dossier),
            query=course.query,
            reference=course.reference,
            fit=fit,
            came_at=at,
        )
        count += 1
    detail = {"hits": count, "declined": said.declined.ground if said.declined else "", "searched": said.searched}
    audit.note(Event.COMPARISON_ANSWERED, actor=partner, about=str(act.dossier), detail=detail, at=at)


def _remember(act: Act, said: body.ReportFalse, acts: Sequence[Act], partner: str, at: datetime) -> None:
    for course in comparison.courses(acts):
        if (course.query, course.reference) == (said.query, said.hit):
            known.remember(partner, course.sent, course.hit.found, dossier=str(act.dossier), act=act.digest.hex, at=at)
