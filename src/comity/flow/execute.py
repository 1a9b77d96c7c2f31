"""Station 8: the executing state carries the request out.

The request is assigned to an authority, items come into custody, are looked into, and are offered with the conditions
under which they may be used; the conditions follow from the legal basis. Each step makes the act that records it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from comity.evidence import custody
from comity.evidence.condition import Condition, Purpose
from comity.evidence.item import Exhibit
from comity.flow.enact import enact
from comity.law.form import Form, Ordered
from comity.record import Act, Actor
from comity.request import body
from comity.request.request import Request
from comity.values import DossierId

__all__ = ["Case", "assign", "collect", "conditions", "examine", "offer", "undertake"]


@dataclass(frozen=True, slots=True)
class Case:
    """What every step needs: the dossier, its form, all its acts known here, and the legal basis if it is at hand."""

    dossier: DossierId
    form: Form
    acts: Sequence[Act]
    basis: Ordered | None = None


def assign(case: Case, actor: Actor, at: datetime, *, authority: str, due: date | None = None, note: str = "") -> Act:
    """Assign execution to an authority of the executing state."""
    return _act("execution.assign", case, actor, at, body.write(body.Assign(authority=authority, due=due, note=note)))


def collect(case: Case, actor: Actor, at: datetime, content: custody.Collect) -> Act:
    """Take an item into custody."""
    return _act("custody.collect", case, actor, at, content.to_json())


def examine(case: Case, actor: Actor, at: datetime, content: custody.Examine) -> Act:
    """Record what an examination of an item found."""
    return _act("custody.examine", case, actor, at, content.to_json())


def offer(case: Case, actor: Actor, at: datetime, exhibits: Sequence[Exhibit], terms: Iterable[Condition] = ()) -> Act:
    """Offer exhibits to the issuing state, each under its own conditions and ``terms``."""
    common = tuple(terms)
    offered = [_under(exhibit, common) for exhibit in exhibits]
    named = tuple(dict.fromkeys(condition.id for exhibit in offered for condition in exhibit.conditions))
    content = custody.Offer(tuple(offered)).to_json()
    return _act("custody.offer", case, actor, at, content, conditions=named)


def undertake(case: Case, actor: Actor, at: datetime, accepted: Act) -> Act:
    """Accept, for the issuing state, an offer with exactly the conditions it names."""
    content = custody.Undertake.of(accepted).to_json()
    return _act("custody.undertake", case, actor, at, content, conditions=accepted.conditions)


def conditions(request: Request) -> tuple[Condition, ...]:
    """Return the conditions of use that follow from the legal basis of a request, one for each provision on use.

    What the provision allows without asking again is read from its value (ETS No. 182 Art. 26(1) names the same and
    related proceedings and serious threats); where it has none, use in these proceedings only.
    """
    found: dict[str, Condition] = {}
    for one in request.undertakings:
        if one.kind not in ("speciality", "data_protection"):
            continue
        allows = (Purpose.THIS_CASE, *(_PURPOSES[value] for value in one.value if value in _PURPOSES))
        found[one.provision] = Condition(
            id=one.provision,
            text=one.text,
            provision=one.article,
            source=one.source,
            allows=tuple(dict.fromkeys(allows)),
        )
    return tuple(found.values())


_PURPOSES = {
    "same_proceedings": Purpose.THIS_CASE,
    "related": Purpose.RELATED_CASE,
    "serious_threat": Purpose.THREAT,
}


def _under(exhibit: Exhibit, terms: tuple[Condition, ...]) -> Exhibit:
    own = {condition.id for condition in exhibit.conditions}
    return replace(exhibit, conditions=(*exhibit.conditions, *(term for term in terms if term.id not in own)))


def _act(
    kind: str, case: Case, actor: Actor, at: datetime, content: dict[str, object], *, conditions: tuple[str, ...] = ()
) -> Act:
    return enact(
        kind,
        form=case.form,
        dossier=case.dossier,
        acts=case.acts,
        actor=actor,
        at=at,
        body=content,
        basis=case.basis,
        conditions=conditions,
    )
