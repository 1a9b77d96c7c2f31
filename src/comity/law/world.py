"""Every pair of states, every day of a list, every measure: each has bases in an order, or plainly none; never a conflict.

What is looked for in the placing of a question (the offence left open): relations that cannot all hold; two bases that apply of
their own force and come first, with neither a relation nor a principle to tell them apart; a contested basis without its reason;
a protocol without its mother convention; a basis that does not bind. Contested itself is an answer, with its reason.

Work is shared by kinds of pairs and by what a measure looks at (`comity.law.kinds`): every distinct placing is made once, between
the first two states met, and stands for all questions that share it. Questions from A to B and from B to A share it too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from comity.errors import ComityError
from comity.law.base import LawBase
from comity.law.field import Group, Placing, Standing
from comity.law.kinds import Kind, Kinds, Period
from comity.law.matrix import cell_of, placed
from comity.values import StateCode

__all__ = ["Finding", "World", "quarters", "together", "world"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong in a law base that loads: the file, or the question it was met at, and what it is."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class World:
    """What was found: ``questions`` answered (ordered pairs by days by measures), by ``placings`` distinct orders.

    ``first`` counts questions by what comes first: applicable, contested, residual, conditional, none, or conflict.
    """

    questions: int
    kinds: int
    placings: int
    first: Mapping[str, int]
    findings: tuple[Finding, ...]


def quarters(since: int, until: date) -> tuple[date, ...]:
    """Return the first day of every quarter from a year on."""
    every = (date(year, month, 1) for year in range(since, until.year + 1) for month in (1, 4, 7, 10))
    return tuple(each for each in every if each <= until)


def world(
    base: LawBase, days: Sequence[date], measures: Iterable[str] = (), states: Sequence[StateCode] | None = None
) -> World:
    """Order the bases for every pair of ``states`` (by default all) on each of the ascending ``days``, for each measure."""
    kinds = Kinds(base, days)
    shown: dict[Kind, Period] = {}
    lasts: Counter[Kind] = Counter()
    for period in kinds.periods(states):
        shown.setdefault(period.kind, period)
        lasts[period.kind] += 2 * (period.last - period.first + 1)
    wanted = tuple(measures) or tuple(base.measures)
    known: dict[object, tuple[str, tuple[str, ...]]] = {}
    first: Counter[str] = Counter()
    met: dict[str, tuple[str, Counter[str]]] = {}
    for kind, period in shown.items():
        for measure in wanted:
            key = (measure, kinds.key(kind, measure))
            if key not in known:
                known[key] = _judged(kinds, period, measure)
            status, wrong = known[key]
            first[status] += lasts[kind]
            for what in wrong:
                where = f"{period.one} and {period.other}, {measure}, {days[period.first]}"
                met.setdefault(what, (where, Counter()))[1]["questions"] += lasts[kind]
    found = (Finding(where, _counted(what, count["questions"])) for what, (where, count) in met.items())
    return World(len(wanted) * sum(lasts.values()), len(shown), len(known), dict(first), tuple(found))


def together(parts: Iterable[World]) -> World:
    """Join what was found for some measures each; the kinds are the same in every part."""
    every = tuple(parts)
    first: Counter[str] = Counter()
    for each in every:
        first.update(each.first)
    return World(
        questions=sum(each.questions for each in every),
        kinds=max((each.kinds for each in every), default=0),
        placings=sum(each.placings for each in every),
        first=dict(first),
        findings=tuple(finding for each in every for finding in each.findings),
    )


def _judged(kinds: Kinds, period: Period, measure: str) -> tuple[str, tuple[str, ...]]:
    """Return what comes first and what is wrong, for one distinct placing."""
    try:
        placing = placed(kinds.index, period, measure, kinds.days[period.first])
    except ComityError as error:
        return "conflict", (error.detail,)
    return cell_of(placing).status, tuple(_wrong(kinds, period, placing))


def _wrong(kinds: Kinds, period: Period, placing: Placing) -> Iterator[str]:
    base, holding = kinds.base, kinds.holding(period.kind)
    if len(placing.groups) > 1:
        one, other = placing.groups[:2]
        if other.standing is Standing.APPLICABLE and _beside(other):
            files = " and ".join(
                f"instruments/{base.instruments[each.lead].path}/instrument.yaml" for each in (one, other)
            )
            yield f"{files} both apply and nothing says which goes first: no relation, no principle"
    for group in placing.groups:
        if group.standing is Standing.CONTESTED and not any(reason.code == "contested" for reason in group.why):
            yield f"{group.lead} is contested without a reason"
        for name in group.members:
            if name not in holding:
                yield f"{name} is a basis, though it does not bind both"
            for mother in base.instruments[name].mothers:
                if mother not in holding:
                    yield f"{name} stands without {mother}"


def _beside(group: Group) -> bool:
    return any(reason.code == "beside" for reason in group.why)


def _counted(what: str, count: int) -> str:
    return f"{what.rstrip('.')} ({count:,} question{'' if count == 1 else 's'} of this kind)"
