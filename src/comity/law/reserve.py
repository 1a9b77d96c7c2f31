"""What holds where no treaty binds, and which other ways would serve: lines of the law base chosen for a question."""

from __future__ import annotations

from collections.abc import Sequence

from comity.law.field import Placing
from comity.law.index import Index
from comity.law.question import Question
from comity.law.regime import Reserve
from comity.law.resolution import Rule

__all__ = ["alternatives", "reciprocity"]


def reciprocity(index: Index, question: Question) -> tuple[Rule, ...]:
    """Return what holds without a treaty: in general, and under the two states' own law where it is known."""
    sides = {"requested": question.requested, "requesting": question.requesting}
    groups = {index.base.measures[name].group for name in question.measures}
    asked = set(question.measures)
    lines = [line for line in index.regime.reciprocity if line.state in (None, sides[line.side])]
    lines = [line for line in lines if not line.offences or set(line.offences).intersection(question.offences)]
    return tuple(_rule(line) for line in lines if _speaks_to(line, asked, groups))


def _speaks_to(line: Reserve, asked: set[str], groups: set[str]) -> bool:
    if not line.measures and not line.groups:
        return True
    return bool(asked.intersection(line.measures) or groups.intersection(line.groups))


def alternatives(index: Index, placings: Sequence[Placing]) -> tuple[Rule, ...]:
    """Return the other ways that may serve the measures of a question."""
    groups = {index.base.measures[p.measure].group for p in placings}
    asked = {p.measure for p in placings}
    found = []
    for line in index.regime.alternatives:
        if line.measure in asked:
            continue
        if _speaks_to(line, asked, groups):
            found.append(_rule(line))
    return tuple(found)


def _rule(line: Reserve) -> Rule:
    return Rule(
        provision=line.id,
        article=line.article,
        kind=line.kind,
        value=line.value if line.value is not None else line.measure or None,
        text=line.en,
        source=line.source,
        basis=line.basis,
        unsure=line.unsure,
        of_state=line.state,
        uk=line.uk,
    )
