"""The law base as a book: instruments, their articles, what states declared, who is bound when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from comity.law import LawBase
from comity.law.model import Declaration, Rule
from comity.law.timeline import Stretch, between, members
from comity.node import words
from comity.node.lawbook import choices
from comity.node.lawbook.sources import anchor

__all__ = ["Article", "Bound", "Line", "articles", "bonds", "declarations", "declaring", "forms", "timeline"]

FIRST = 1950
LAST = 2030


@dataclass(frozen=True, slots=True)
class Article:
    """An article with its rules."""

    number: str
    rules: tuple[Rule, ...]

    @property
    def anchor(self) -> str:
        """Where the page has it."""
        return anchor(self.number)


@dataclass(frozen=True, slots=True)
class Bar:
    """A span on the time line; ``x`` and ``width`` in hundredths of its length. ``look`` is bound, provisional or suspended."""

    x: float
    width: float
    look: str
    since: date | None
    until: date | None
    towards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bound:
    """A row of the time line: a state, or an instrument. ``now`` tells whether it is bound, or binds, on the day asked."""

    id: str
    name: str
    reference: str
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
    """A time line; ``now`` is the place of the day asked, ``bound`` how many rows hold on it, ``whole`` how many there are."""

    rows: tuple[Bound, ...]
    years: tuple[Year, ...]
    now: float
    bound: int
    whole: int


def forms(base: LawBase) -> list[tuple[str, str]]:
    """Return the forms of cooperation instruments serve, by name."""
    names = {form for one in base.instruments.values() for form in one.forms}
    return sorted(((name, choices.word(name)) for name in names), key=lambda pair: pair[1])


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


def timeline(base: LawBase, name: str, on: date, *, sought: str = "", only_now: bool = False) -> Line:
    """Return who is bound by an instrument from when until when: all states, or those with a word in their name."""
    start = max(FIRST, base.instruments[name].adopted.year - 1)
    found = [
        Bound(
            str(one.state),
            words.state(str(one.state)),
            "",
            (*(_bar(span, start) for span in one.spans), *(_bar(span, start, "suspended") for span in one.suspensions)),
            one.bound,
            "",
            one.certainty,
        )
        for one in members(base, name, on)
    ]
    return _line(sorted(found, key=lambda one: words.order(one.name)), start, on, sought=sought, only_now=only_now)


def bonds(
    base: LawBase, one: str, other: str, on: date, *, form: str = "", sought: str = "", only_now: bool = False
) -> Line:
    """Return what binds two states from when until when: all instruments, those of a form, those with a word in the title."""
    ties = [tie for tie in between(base, one, other, on) if not form or form in base.instruments[tie.instrument].forms]
    start = min((tie.spans[0].since.year for tie in ties if tie.spans[0].since), default=FIRST) - 1
    say = choices.wording()
    found = [
        Bound(
            tie.instrument,
            say.instrument(tie.instrument),
            say.reference(tie.instrument),
            tuple(_bar(span, start) for span in tie.spans),
            tie.bound,
            " ".join(map(say.reason, tie.reasons)),
            tie.certainty,
        )
        for tie in ties
    ]
    return _line(found, start, on, sought=sought, only_now=only_now)


def _line(rows: list[Bound], start: int, on: date, *, sought: str, only_now: bool) -> Line:
    step = 10 if LAST - start > 25 else 5
    years = tuple(Year(y, _place(date(y, 1, 1), start)) for y in range(start, LAST - 2) if y % step == 0)
    wanted = sought.casefold().split()
    shown = tuple(
        row
        for row in rows
        if (row.now or not only_now)
        and all(word in f"{row.name} {row.reference} {row.id}".casefold() for word in wanted)
    )
    return Line(shown, years, _place(on, start), sum(row.now for row in rows), len(rows))


def _bar(span: Stretch, start: int, look: str = "") -> Bar:
    begin = _place(span.since, start) if span.since else 0.0
    end = _place(span.until, start) if span.until else 100.0
    look = look or ("provisional" if span.provisional else "bound")
    towards = tuple(words.state(str(code)) for code in span.towards)
    return Bar(round(begin, 2), round(max(end - begin, 0.6), 2), look, span.since, span.until, towards)


def _place(day: date, start: int) -> float:
    days = (date(LAST, 12, 31) - date(start, 1, 1)).days
    return min(100.0, max(0.0, 100 * (day - date(start, 1, 1)).days / days))
