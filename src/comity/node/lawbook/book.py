"""The law base as a book: instruments, their articles, what states declared, who is bound when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from comity.law import LawBase
from comity.law.matrix import Cell, matrix, states_of
from comity.law.model import Declaration, Instrument, Rule
from comity.node import words
from comity.node.lawbook import choices
from comity.values import StateCode

__all__ = [
    "Article",
    "Bound",
    "Line",
    "articles",
    "declarations",
    "declaring",
    "forms",
    "listed",
    "matrix_of",
    "timeline",
]

FIRST = 1958
LAST = 2030
USUAL = ("bank_records", "witness_hearing", "search_and_seizure", "service_of_documents")
"""Measures a matrix shows where none is chosen."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What one state could ask of another: the first basis for each measure, with its short name."""

    state: StateCode
    name: str
    cells: tuple[tuple[Cell, str], ...]


@dataclass(frozen=True, slots=True)
class Article:
    """An article with its rules."""

    number: str
    rules: tuple[Rule, ...]

    @property
    def anchor(self) -> str:
        """Where the page has it."""
        return "a-" + re.sub(r"[^a-z0-9]+", "-", self.number.lower()).strip("-")


@dataclass(frozen=True, slots=True)
class Bar:
    """A span on the time line; ``x`` and ``width`` in hundredths of its length."""

    x: float
    width: float
    provisional: bool
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Bound:
    """A state on the time line; ``now`` tells whether it is bound on the day that was asked."""

    state: StateCode
    name: str
    bars: tuple[Bar, ...]
    now: bool
    why: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Year:
    """A mark on the time line."""

    year: int
    x: float


@dataclass(frozen=True, slots=True)
class Line:
    """The time line of an instrument."""

    states: tuple[Bound, ...]
    years: tuple[Year, ...]
    bound: int


def forms(base: LawBase) -> list[tuple[str, str]]:
    """Return the forms of cooperation instruments serve, by name."""
    names = {form for one in base.instruments.values() for form in one.forms}
    return sorted(((name, choices.word(name)) for name in names), key=lambda pair: pair[1])


def listed(base: LawBase, *, form: str = "", words: str = "") -> tuple[Instrument, ...]:
    """Return instruments by the day of their adoption, those that fit."""
    sought = words.casefold().split()
    found = [
        one
        for one in base.instruments.values()
        if (not form or form in one.forms)
        and all(word in f"{one.title} {one.uk} {one.short} {one.reference} {one.id}".casefold() for word in sought)
    ]
    return tuple(sorted(found, key=lambda one: (one.adopted, one.id)))


def articles(base: LawBase, name: str) -> tuple[Article, ...]:
    """Return an instrument's rules by article, in the order of the articles."""
    found: dict[str, list[Rule]] = {}
    for rule in base.rules_of.get(name, ()):
        found.setdefault(rule.article, []).append(rule)
    return tuple(Article(number, tuple(found[number])) for number in sorted(found, key=_order))


def _order(number: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.findall(r"\d+|\D+", number)]


def declaring(base: LawBase, name: str) -> list[tuple[str, str]]:
    """Return the states that declared something to an instrument, by name."""
    return words.states(tuple({str(one.state) for one in base.declarations.values() if one.instrument == name}))


def declarations(base: LawBase, name: str, state: str = "") -> Mapping[str, tuple[Declaration, ...]]:
    """Return what states declared to an instrument, by the state's name."""
    found: dict[str, list[Declaration]] = {}
    for one in base.declarations.values():
        if one.instrument == name and state in ("", one.state):
            found.setdefault(words.state(str(one.state)), []).append(one)
    return {named: tuple(found[named]) for named in sorted(found)}


def timeline(base: LawBase, name: str, on: date) -> Line:
    """Return who is bound by an instrument from when until when."""
    start = max(FIRST, base.instruments[name].adopted.year - 1)
    found = []
    for code, member in base.parties[name].items():
        if not member.spans:
            continue
        binding = member.on(on)
        bars = tuple(_bar(span, start) for span in member.spans)
        found.append(Bound(code, words.state(str(code)), bars, binding.bound, binding.why, str(binding.certainty)))
    found.sort(key=lambda one: one.name)
    step = 10 if LAST - start > 25 else 5
    years = tuple(Year(y, _place(date(y, 1, 1), start)) for y in range(start, LAST - 2) if y % step == 0)
    return Line(tuple(found), years, sum(one.now for one in found))


def _bar(span: Any, start: int) -> Bar:
    begin = _place(span.since, start) if span.since else 0.0
    end = _place(span.until, start) if span.until else 100.0
    return Bar(round(begin, 2), round(max(end - begin, 0.6), 2), span.provisional, span.since, span.until)


def _place(day: date, start: int) -> float:
    days = (date(LAST, 12, 31) - date(start, 1, 1)).days
    return min(100.0, max(0.0, 100 * (day - date(start, 1, 1)).days / days))


def matrix_of(base: LawBase, own: str, measures: tuple[str, ...], on: date) -> tuple[Reach, ...]:
    """Return on which basis a state could ask every other for some measures on a day, by the others' names."""
    found = []
    for other, cells in _cells(base, own, measures, on):
        short = {i: base.instruments[i].short or base.instruments[i].reference for i in _of(cells)}
        row = tuple((cells[name], short.get(cells[name].instrument, "")) for name in measures)
        found.append(Reach(other, words.state(str(other)), row))
    return tuple(sorted(found, key=lambda one: one.name))


@lru_cache(maxsize=32)
def _cells(
    base: LawBase, own: str, measures: tuple[str, ...], on: date
) -> tuple[tuple[StateCode, Mapping[str, Cell]], ...]:
    asking = StateCode(own)
    others = [other for other in states_of(base) if other != asking]
    return tuple((other, next(matrix(base, measures, on, (asking, other)))[2]) for other in others)


def _of(cells: Mapping[str, Cell]) -> set[str]:
    return {cell.instrument for cell in cells.values() if cell.instrument}
