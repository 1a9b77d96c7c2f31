"""Who could ask whom for what, on one day: states by states by measures, each with the basis that would come first.

The offence is left open, so the matrix shows bases of general scope, and those of limited scope as conditional. Pairs of one
kind (`comity.law.kinds`) have the same answer; work is shared between them, which is what makes the whole world feasible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from comity.law.base import LawBase
from comity.law.binding import bindings
from comity.law.field import Placing, Standing
from comity.law.index import Index
from comity.law.kinds import Kind, Kinds, Period, states_of
from comity.law.precedence import place
from comity.law.question import Question
from comity.law.scope import facts_of
from comity.values import StateCode

__all__ = ["Cell", "cell_of", "matrix", "placed", "states_of"]


@dataclass(frozen=True, slots=True)
class Cell:
    """The first basis for a measure between two states.

    ``status`` is applicable, contested, residual, conditional (limited scope: depends on the offence) or none.
    ``instrument`` is then empty for none.
    """

    instrument: str
    status: str


NONE = Cell("", "none")


def matrix(
    base: LawBase, measures: Sequence[str], on: date, states: Sequence[StateCode] | None = None
) -> Iterator[tuple[StateCode, StateCode, Mapping[str, Cell]]]:
    """Yield (requesting, requested, cells by measure) for every ordered pair of different states."""
    kinds = Kinds(base, (on,))
    known: dict[tuple[str, object], Cell] = {}
    rows: dict[Kind, Mapping[str, Cell]] = {}
    for period in kinds.periods(states):
        cells = rows.get(period.kind)
        if cells is None:
            rows[period.kind] = cells = dict[str, Cell]()
            for measure in measures:
                key = (measure, kinds.key(period.kind, measure))
                if key not in known:
                    known[key] = cell_of(placed(kinds.index, period, measure, on))
                cells[measure] = known[key]
        yield period.one, period.other, cells
        yield period.other, period.one, cells


def placed(index: Index, period: Period, measure: str, on: date) -> Placing:
    """Place the instruments for a measure between the two states of a period, on a day of it."""
    question = Question(period.one, period.other, (measure,), (), on)
    bound = bindings(index, period.one, period.other, on, {})
    return place(index, question, measure, facts_of(index, measure, (), {}), bound)


def cell_of(placing: Placing) -> Cell:
    """Return the basis that comes first in a placing."""
    firm = [group for group in placing.groups if group.standing is not Standing.RESIDUAL]
    if firm:
        return Cell(firm[0].lead, str(firm[0].standing))
    conditional = [out for out in placing.out if out.missing]
    if conditional:
        return Cell(conditional[0].instrument, "conditional")
    return Cell(placing.groups[0].lead, "residual") if placing.groups else NONE
