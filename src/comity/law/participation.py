"""Who is bound when: the fold of a state's events with an instrument into spans of days.

A state is bound from its event ``in_force`` or ``bound_from`` (where it has neither day, from the instrument's own entry
into force, which is then said) to its event ``bound_to``, that day included. Provisional application runs between
``provisional_from`` and ``provisional_to`` and ends when the instrument enters into force for the state. A suspension
takes the state out of the relations with the states it names, from its day until the day before a ``resumed``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from comity.law.model import Event, EventKind, Instrument, Knowledge
from comity.values import StateCode

__all__ = ["STANDS_IN", "Binding", "Certainty", "Membership", "Span", "fold"]


STANDS_IN = frozenset({"declaration", "instrument", "mother", "statehood", "succession"})
"""Ways of reckoning in which another day stands in for a state's own."""


class Certainty(StrEnum):
    """How sure the law base is that a state is bound: the weakest of the facts it rests on."""

    CERTAIN = "certain"
    RECALLED = "recalled"
    ASSUMED_DATE = "assumed-date"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Span:
    """Days in which a state is bound, both included; None is open. ``towards`` empty: towards every party."""

    since: date | None
    until: date | None
    provisional: bool
    towards: tuple[StateCode, ...]
    certainty: Certainty
    events: tuple[Event, ...]

    def holds(self, on: date, towards: StateCode | None) -> bool:
        """Tell whether ``on`` lies in the span, and it reaches ``towards``."""
        inside = (self.since is None or self.since <= on) and (self.until is None or on <= self.until)
        return inside and (not self.towards or towards is None or towards in self.towards)


@dataclass(frozen=True, slots=True)
class Binding:
    """The answer for one state, one instrument and one day, with its reason as a sentence and its events."""

    bound: bool
    why: str
    certainty: Certainty
    provisional: bool = False
    suspended: bool = False
    events: tuple[Event, ...] = ()

    def __bool__(self) -> bool:
        return self.bound


@dataclass(frozen=True, slots=True)
class Membership:
    """A state's participation in an instrument, folded. ``spans`` in order; ``suspensions`` take relations out of them."""

    instrument: str
    state: StateCode
    spans: tuple[Span, ...]
    suspensions: tuple[Span, ...]
    events: tuple[Event, ...]

    def on(self, on: date, towards: StateCode | None = None) -> Binding:
        """Tell whether the state is bound on a day, towards a state where one is given."""
        held = next((span for span in self.spans if span.holds(on, towards)), None)
        if held is None:
            return Binding(False, self._not_bound(on), self._certainty(), events=self.events)
        stopped = next((s for s in self.suspensions if towards in s.towards and s.holds(on, towards)), None)
        if stopped:
            why = f"{self.state} suspended {self.instrument} towards {towards} from {stopped.since}"
            return Binding(False, why, stopped.certainty, suspended=True, events=stopped.events)
        return Binding(True, self._bound(held), held.certainty, held.provisional, events=held.events)

    def _bound(self, span: Span) -> str:
        how = "applies it provisionally" if span.provisional else "is bound"
        if span.certainty is Certainty.ASSUMED_DATE or span.since is None:
            since = f"since an unknown day, at the earliest {span.since}" if span.since else "since an unknown day"
        else:
            since = f"since {span.since}"
        until = f", until {span.until}" if span.until else ""
        return f"{self.state} {how} {since}{until}"

    def _not_bound(self, on: date) -> str:
        later = [s.since for s in self.spans if s.since and s.since > on]
        if later:
            return f"{self.state} is bound only from {min(later)}"
        earlier = [s.until for s in self.spans if s.until and s.until < on]
        if earlier:
            return f"{self.state} was bound until {max(earlier)}"
        if any(event.kind is EventKind.DEPOSITED for event in self.events):
            return f"{self.state} deposited its instrument, but {self.instrument} is not in force for it"
        if self.events:
            return f"{self.state} has signed {self.instrument} only"
        return f"{self.state} is not a party to {self.instrument}"

    def _certainty(self) -> Certainty:
        return _weakest(self.events) if self.events else Certainty.CERTAIN


def fold(instrument: Instrument, state: StateCode, events: Iterable[Event]) -> Membership:
    """Fold a state's events with an instrument, given in the order of their days."""
    known = tuple(events)
    starts = [e for e in known if e.kind in {EventKind.IN_FORCE, EventKind.BOUND_FROM}]
    ends = [e for e in known if e.kind is EventKind.BOUND_TO and not e.towards]
    spans = [_span(e, _next(ends, e), instrument) for e in starts]
    for e in (e for e in known if e.kind is EventKind.PROVISIONAL_FROM):
        stop = _next([x for x in known if x.kind in {EventKind.PROVISIONAL_TO, EventKind.BOUND_TO}], e)
        spans.append(_span(e, stop, instrument))
    resumed = [e for e in known if e.kind is EventKind.RESUMED]
    suspensions = [_suspension(e, resumed, instrument) for e in known if e.kind is EventKind.SUSPENDED]
    return Membership(instrument.id, state, tuple(spans), tuple(suspensions), known)


def _next(ends: list[Event], start: Event) -> Event | None:
    later = [e for e in ends if e.on and (start.on is None or e.on >= start.on)]
    return min(later, key=lambda e: e.on or date.max, default=None)


def _span(start: Event, end: Event | None, instrument: Instrument) -> Span:
    events = (start, end) if end else (start,)
    until = min(filter(None, (end.on if end else None, instrument.ended)), default=None)
    provisional = start.kind is EventKind.PROVISIONAL_FROM
    since = start.on
    if since and not provisional and instrument.entry_into_force and since < instrument.entry_into_force:
        since = instrument.entry_into_force
    return Span(since, until, provisional, start.towards, _weakest(events), events)


def _suspension(start: Event, resumed: list[Event], instrument: Instrument) -> Span:
    """Return the days of a suspension: up to the day before the first event that lifts it towards the same states."""
    lifts = [e for e in resumed if not e.towards or set(start.towards) <= set(e.towards)]
    lift = _next(lifts, start)
    held = _span(start, None, instrument)
    return replace(held, until=lift.on - timedelta(days=1)) if lift and lift.on else held


def _weakest(events: Iterable[Event]) -> Certainty:
    found = Certainty.CERTAIN
    for event in events:
        if event.unsure:
            return Certainty.UNSURE
        if event.reckoned in STANDS_IN:
            found = Certainty.ASSUMED_DATE
        elif event.basis is Knowledge.RECALLED and found is Certainty.CERTAIN:
            found = Certainty.RECALLED
    return found
