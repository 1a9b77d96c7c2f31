"""The course of a cooperation: its acts in one order, and the state they lead to.

Both states fold the same acts and must come to the same state. So the order is the same everywhere: an act comes after
the acts it follows, and of acts that do not follow each other the earlier comes first (then the smaller digest). Two
acts that crossed on the way are both valid; the one that no longer fits the state the other led to changes nothing and
is named in `Course.crossed`.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from comity.law.form import Form, Sharing, Side, Step
from comity.record import Act
from comity.request.errors import LifecycleError
from comity.values import Digest, DossierId, StateCode

__all__ = ["Course", "ancestors", "course", "ordered", "side_of", "visible"]


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
    for act in ordered(acts):
        step = form.step(act.kind)
        if step is None or state not in step.from_:
            crossed.append(act)
            continue
        moved.append((act, step))
        if step.to and step.to != state:
            state, since = step.to, act.at
    return Course(state, since, tuple(moved), tuple(crossed))


def ordered(acts: Iterable[Act]) -> tuple[Act, ...]:
    """Return acts so that each comes after those it follows; the same for any order they are given in."""
    known = {act.digest: act for act in acts}
    waiting = {digest: {d for d in act.follows if d in known} for digest, act in known.items()}
    after: dict[Digest, list[Digest]] = {}
    for digest, before in waiting.items():
        for one in before:
            after.setdefault(one, []).append(digest)
    ready = [(known[digest].at, digest) for digest, before in waiting.items() if not before]
    heapq.heapify(ready)
    found: list[Act] = []
    while ready:
        _, digest = heapq.heappop(ready)
        found.append(known[digest])
        for later in after.get(digest, ()):
            waiting[later].discard(digest)
            if not waiting[later]:
                heapq.heappush(ready, (known[later].at, later))
    return tuple(found)


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
