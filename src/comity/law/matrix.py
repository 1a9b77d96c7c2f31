"""Who could ask whom for what, on one day: states by states by measures, each with the basis that would come first.

The offence is left open, so the matrix shows bases of general scope, and those of limited scope as conditional. Pairs bound by
the same instruments have the same answer; work is shared between them, which is what makes the whole world feasible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from comity.law.base import LawBase
from comity.law.binding import Bound, bindings
from comity.law.field import Standing
from comity.law.index import Index, index_of
from comity.law.precedence import place
from comity.law.question import Question
from comity.law.scope import facts_of
from comity.values import ENTITIES, StateCode

__all__ = ["Cell", "matrix", "states_of"]


@dataclass(frozen=True, slots=True)
class Cell:
    """The first basis for a measure between two states.

    ``status`` is applicable, contested, residual, conditional (limited scope: depends on the offence) or none.
    ``instrument`` is then empty for none.
    """

    instrument: str
    status: str


NONE = Cell("", "none")


def states_of(base: LawBase) -> tuple[StateCode, ...]:
    """Return every state that takes part in any instrument, in the order of codes."""
    return tuple(sorted(one for one in index_of(base).takes_part if one not in ENTITIES))


def matrix(
    base: LawBase, measures: Sequence[str], on: date, states: Sequence[StateCode] | None = None
) -> Iterator[tuple[StateCode, StateCode, Mapping[str, Cell]]]:
    """Yield (requesting, requested, cells by measure) for every ordered pair of different states."""
    index = index_of(base)
    every = tuple(states) if states is not None else states_of(base)
    known: dict[object, Mapping[str, Cell]] = {}
    for number, one in enumerate(every):
        for other in every[number + 1 :]:
            bound = bindings(index, one, other, on, {})
            key = _class(index, one, other, bound)
            cells = known.get(key)
            if cells is None:
                question = Question(one, other, tuple(measures), (), on)
                cells = known[key] = {name: _cell(index, question, name, bound) for name in measures}
            yield one, other, cells
            yield other, one, cells


def _class(index: Index, one: StateCode, other: StateCode, bound: Mapping[str, Bound]) -> object:
    """Return what two pairs share when their order is the same: instruments that bind, the Union, exclusions, circles of states."""
    holds = frozenset(name for name, each in bound.items() if each.holds)
    homes = (index.home(one), index.home(other))
    union = all(state in index.members_of_union for state in homes)
    own = tuple(d for state in homes for d in index.excluding.get(state, ()))
    circles = tuple({one, other} <= circle for circle in index.circles)
    return (holds, union, own, circles)


def _cell(index: Index, question: Question, measure: str, bound: Mapping[str, Bound]) -> Cell:
    placing = place(index, question, measure, facts_of(index, measure, (), {}), bound)
    firm = [group for group in placing.groups if group.standing is not Standing.RESIDUAL]
    if firm:
        return Cell(firm[0].lead, str(firm[0].standing))
    conditional = [out for out in placing.out if out.missing]
    if conditional:
        return Cell(conditional[0].instrument, "conditional")
    return Cell(placing.groups[0].lead, "residual") if placing.groups else NONE
