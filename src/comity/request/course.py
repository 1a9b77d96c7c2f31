"""The course of a cooperation: the state its acts lead to.

Both states fold the same acts, in the one order `comity.record.chain` gives, and must come to the same state. Two
acts that crossed on the way are both valid; the one that no longer fits the state the other led to changes nothing and
is named in `Course.crossed`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from comity.law.form import Form, Sharing, Side, Step
from comity.record import Act
from comity.record.chain import order
from comity.request.errors import LifecycleError
from comity.values import Digest, DossierId, StateCode

__all__ = ["Course", "ancestors", "course", "side_of", "visible"]


@dataclass(frozen=True, slots=True)
class Course:
    """Where acts lead: the state's id, since when, the acts that moved it in order, and those that crossed."""

    state: str
    since: datetime | None
    moved: tuple[tuple[Act, Step], ...]
    crossed: tuple[Act, ...]


def course(acts: Iterable[Act], form: Form) -> Course:
    """Fold acts of one dossier; kinds the form does not know change nothing."""
    state, since = form.start, None
    moved: list[tuple[Act, Step]] = []
    crossed: list[Act] = []
    for act in order(acts):
        step = form.step(act.kind)
        if step is None or state not in step.from_:
            crossed.append(act)
            continue
        moved.append((act, step))
        if step.to and step.to != state:
            state, since = step.to, act.at
    return Course(state, since, tuple(moved), tuple(crossed))


def ancestors(act: Act, acts: Sequence[Act]) -> tuple[Act, ...]:
    """Return the acts that ``act`` follows, directly or through others: what its author knew."""
    known = {one.digest: one for one in acts}
    seen: dict[Digest, Act] = {}
    open_ = list(act.follows)
    while open_:
        digest = open_.pop()
        if digest in known and digest not in seen:
            seen[digest] = known[digest]
            open_.extend(known[digest].follows)
    return tuple(seen.values())


def side_of(state: StateCode, dossier: DossierId) -> Side:
    """Return on which side of a cooperation a state stands; raise `LifecycleError` where on neither."""
    sides: Mapping[StateCode, Side] = {dossier.executing: Side.EXECUTING, dossier.issuing: Side.ISSUING}
    if state not in sides:
        raise LifecycleError(
            f"{state} takes no part in the cooperation {dossier}.",
            remedy=f"Only authorities of {dossier.issuing} and {dossier.executing} act in it.",
        )
    return sides[state]


def visible(kind: str, form: Form) -> frozenset[Sharing]:
    """Return what an act of this kind may follow: a shared act only shared ones, for the partner sees no others."""
    sharing = form.kinds[kind].sharing if kind in form.kinds else Sharing.INTERNAL
    if sharing is Sharing.SHARED:
        return frozenset({Sharing.SHARED})
    if sharing is Sharing.PACKAGE:
        return frozenset({Sharing.SHARED, Sharing.PACKAGE})
    return frozenset(Sharing)
