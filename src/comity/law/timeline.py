"""Who is bound when: the states of one instrument, or what binds two states towards each other, as spans of days.

For two states every day on which anything between them can change is asked as a question would ask it, so that suspensions,
objections to a state and mother conventions count. Facts of a case are left open: what goes on under a transition rule is
not in the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from comity.law.base import LawBase
from comity.law.binding import Bound, bindings
from comity.law.errors import QuestionError
from comity.law.index import Index, index_of
from comity.law.participation import Span
from comity.law.question import EARLIEST, asked_on, known
from comity.law.reason import Reason
from comity.values import StateCode, state

__all__ = ["Party", "Stretch", "Tie", "between", "members", "said"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of being bound, both included; None is open. ``reasons`` are those of the first day."""

    since: date | None
    until: date | None
    certainty: str
    reasons: tuple[Reason, ...] = ()
    provisional: bool = False
    towards: tuple[StateCode, ...] = ()
    source: str = ""
    basis: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the stretch as JSON."""
        return {
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "provisional": self.provisional,
            "towards": list(self.towards),
            "certainty": self.certainty,
            "why": said(self.reasons),
            "source": self.source,
            "basis": self.basis,
        }


def said(reasons: tuple[Reason, ...], language: str = "en") -> str:
    """Return reasons as sentences in ``en`` or ``uk``."""
    return " ".join(reason.say(language) for reason in reasons)


@dataclass(frozen=True, slots=True)
class Party:
    """A state's stretches with an instrument; ``why`` says how it stands on the day asked."""

    state: StateCode
    bound: bool
    why: str
    certainty: str
    spans: tuple[Stretch, ...]
    suspensions: tuple[Stretch, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the party as JSON."""
        return {
            "state": self.state,
            "bound": self.bound,
            "why": self.why,
            "certainty": self.certainty,
            "spans": [span.to_json() for span in self.spans],
            "suspensions": [span.to_json() for span in self.suspensions],
        }


@dataclass(frozen=True, slots=True)
class Tie:
    """An instrument between two states: the stretches in which it binds both, and how it stands on the day asked."""

    instrument: str
    bound: bool
    reasons: tuple[Reason, ...]
    certainty: str
    spans: tuple[Stretch, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the tie as JSON."""
        return {
            "instrument": self.instrument,
            "bound": self.bound,
            "why": said(self.reasons),
            "certainty": self.certainty,
            "spans": [span.to_json() for span in self.spans],
        }


def members(base: LawBase, instrument: str, on: str | date) -> tuple[Party, ...]:
    """Return the states that are or were bound by an instrument, by code; raise `QuestionError` for an unknown instrument."""
    name, day = known(instrument, base.instruments, "an instrument"), asked_on(on)
    found = []
    for code, member in sorted(base.parties[name].items()):
        if not member.spans:
            continue
        binding = member.on(day)
        spans, pauses = (tuple(_stretch(span) for span in each) for each in (member.spans, member.suspensions))
        found.append(Party(code, binding.bound, binding.why, str(binding.certainty), spans, pauses))
    return tuple(found)


def _stretch(span: Span) -> Stretch:
    event = span.events[0]
    return Stretch(
        span.since,
        span.until,
        str(span.certainty),
        provisional=span.provisional,
        towards=span.towards,
        source=event.source,
        basis=str(event.basis),
    )


def between(base: LawBase, one: str, other: str, on: str | date) -> tuple[Tie, ...]:
    """Return the instruments that bind two states at any time, those that bind on the day first, then by their first day.

    Raise `ValueRefusedError` or `QuestionError` for what is no state, no day, or the same state twice.
    """
    index, day = index_of(base), asked_on(on)
    here, there = state(one), state(other)
    if index.home(here) == index.home(there):
        raise QuestionError(
            f"{here} and {there} are one state.",
            cause="The same state was given twice, or a part of it.",
            remedy="Name two states.",
            value=other,
        )
    lines: dict[str, list[tuple[date, Bound]]] = {}
    for when in _days(index, here, there):
        for name, bound in bindings(index, here, there, when, {}).items():
            line = lines.setdefault(name, [])
            if not line or line[-1][1].holds != bound.holds:
                line.append((when, bound))
    now = bindings(index, here, there, day, {})
    ties = [
        Tie(name, now[name].holds, now[name].why, str(now[name].sure), spans)
        for name, line in lines.items()
        if (spans := tuple(_joint(line)))
    ]
    return tuple(sorted(ties, key=lambda tie: (not tie.bound, tie.spans[0].since or date.min, tie.instrument)))


def _joint(line: list[tuple[date, Bound]]) -> Iterator[Stretch]:
    ends = [when for when, _ in line[1:]]
    for number, (since, bound) in enumerate(line):
        if bound.holds:
            until = ends[number] - timedelta(days=1) if number < len(ends) else None
            yield Stretch(since if since > EARLIEST else None, until, str(bound.sure), bound.why, _provisional(bound))


def _provisional(bound: Bound) -> bool:
    return any(reason.code == "provisional" for reason in bound.why)


def _days(index: Index, one: StateCode, other: StateCode) -> list[date]:
    """Return every day on which it can change what binds two states, from the first the law base reaches."""
    lands = index.regime.territories
    homes = {lands.get(each, index.home(each)) for each in (one, other)} | {one, other}
    edges: set[date] = {EARLIEST}
    for home in homes:
        for name in index.takes_part.get(home, ()):
            membership = index.base.membership(name, home)
            for span in (*membership.spans, *membership.suspensions):
                edges |= _edges(span.since, span.until)
        for declaration in index.base.declarations.values():
            if declaration.state == home and "excluded_states" in declaration.effect:
                edges |= _edges(declaration.valid_from, declaration.valid_to)
    return sorted(edges)


def _edges(since: date | None, until: date | None) -> set[date]:
    return {since or EARLIEST, *((until + timedelta(days=1),) if until else ())}
