"""Whether what states did with instruments runs forwards: signed, bound, suspended, left, each in its time and once.

A protocol binds a state with its mother convention or not at all; a bilateral treaty binds two, on the same days; a declaration
belongs to the time in which its state takes part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from comity.law.model import Declaration, Event, EventKind, Instrument, Type
from comity.law.participation import Membership

if TYPE_CHECKING:
    from comity.law.base import LawBase

__all__ = ["declared_in_time", "participation"]

_ORDER = (EventKind.SIGNED, EventKind.DEPOSITED, EventKind.IN_FORCE, EventKind.BOUND_TO)
_STARTS = frozenset({EventKind.IN_FORCE, EventKind.BOUND_FROM, EventKind.PROVISIONAL_FROM})
_AHEAD = 10
"""Years after the data an event may lie: treaties set days ahead, but not further."""


def participation(base: LawBase) -> Iterator[tuple[str, str]]:
    """Yield (file, what is wrong) over the participation of every state in every instrument."""
    for name, states in base.parties.items():
        instrument = base.instruments[name]
        file = f"instruments/{instrument.path}/participation.yaml"
        for state, membership in states.items():
            for what in (*_backwards(membership, instrument), *_loose(membership), *_mothers(base, membership)):
                yield file, f"{state}: {what}"
        if instrument.type is Type.BILATERAL:
            yield from ((file, what) for what in _two(tuple(states.values())))


def _backwards(membership: Membership, instrument: Instrument) -> Iterator[str]:
    succeeded = _succession(membership.events)
    firsts: dict[EventKind, date] = {}
    for event in membership.events:
        if event.on and event.kind in _ORDER:
            firsts[event.kind] = min(event.on, firsts.get(event.kind, event.on))
    for (one, on), (other, later) in pairwise((kind, firsts[kind]) for kind in _ORDER if kind in firsts):
        if later < on and not succeeded:
            yield f"{other} on {later} comes before {one} on {on}"
    for event in membership.events:
        if event.on and event.on < instrument.adopted and not succeeded:
            yield f"{event.kind} on {event.on} comes before the adoption on {instrument.adopted}"
        if event.on and instrument.ended and event.kind in _STARTS and event.on > instrument.ended:
            yield f"{event.kind} on {event.on} comes after the instrument ended on {instrument.ended}"
        if event.on and event.checked and event.on.year > event.checked.year + _AHEAD:
            yield f"{event.kind} on {event.on} lies more than {_AHEAD} years ahead of the data of {event.checked}"
    for span in membership.spans:
        if span.since and span.until and span.until < span.since:
            yield f"bound from {span.since} to {span.until}, which runs backwards"
    lasting = [span for span in membership.spans if not span.provisional]
    for before, after in pairwise(sorted(lasting, key=lambda span: span.since or date.min)):
        if (before.until or date.max) >= (after.since or date.min):
            yield f"bound twice on {after.since or before.until}"


def _loose(membership: Membership) -> Iterator[str]:
    """Yield events that end or suspend what is not there."""
    events = [event for event in membership.events if event.on]
    starts = [event.on for event in events if event.kind in _STARTS if event.on]
    ends = sorted(event.on for event in events if event.kind is EventKind.BOUND_TO and not event.towards if event.on)
    for before, end in zip((None, *ends), ends, strict=False):
        if not any(on <= end and (before is None or on > before) for on in starts):
            yield f"bound_to on {end} ends what had not begun"
    for event in events:
        on = event.on
        if event.kind is EventKind.WITHDRAWAL_NOTIFIED and on and not any(each <= on for each in starts):
            yield f"withdrawal_notified on {on}, before the state was bound"
        if event.kind is EventKind.SUSPENDED:
            if membership.state in event.towards:
                yield f"suspended on {on} towards itself"
            if on and not any(span.holds(on, None) for span in membership.spans):
                yield f"suspended on {on}, when the state was not bound"
        if event.kind is EventKind.RESUMED and not _any_before(events, EventKind.SUSPENDED, on):
            yield f"resumed on {on}, and nothing was suspended before"
        if event.kind is EventKind.PROVISIONAL_TO and not _any_before(events, EventKind.PROVISIONAL_FROM, on):
            yield f"provisional_to on {on}, and nothing was provisional before"


def _any_before(events: Sequence[Event], kind: EventKind, on: date | None) -> bool:
    return any(event.kind is kind and event.on and on and event.on <= on for event in events)


def _mothers(base: LawBase, membership: Membership) -> Iterator[str]:
    """Yield a protocol that binds without or before its mother; applied provisionally it waits for the mother of itself."""
    lasting = [span for span in membership.spans if not span.provisional]
    for mother in base.instruments[membership.instrument].mothers:
        above = base.membership(mother, membership.state).spans
        if lasting and not above:
            yield f"bound by a protocol to {mother}, and never by {mother} (instruments/{base.instruments[mother].path}/participation.yaml)"
            continue
        first = min((span.since or date.min for span in above), default=date.min)
        for span in lasting:
            if span.since and span.since < first:
                yield (
                    f"bound on {span.since}, before its mother convention {mother} on {first} "
                    f"(instruments/{base.instruments[mother].path}/participation.yaml)"
                )


def _two(parties: Sequence[Membership]) -> Iterator[str]:
    if len(parties) != 2:
        yield f"a treaty between two has {len(parties)} parties: {', '.join(sorted(each.state for each in parties))}"
        return
    one, other = ({(span.since, span.until) for span in each.spans} for each in parties)
    if one != other:
        yield f"{parties[0].state} and {parties[1].state} are bound by a treaty between the two on different days"


def _succession(events: Sequence[Event]) -> bool:
    return any(event.act == "succession" or event.reckoned in {"succession", "statehood"} for event in events)


def declared_in_time(base: LawBase, declaration: Declaration) -> Iterator[str]:
    """Yield what is wrong with the time of a declaration to an instrument of the law base."""
    if declaration.instrument not in base.instruments or declaration.state == "*":
        return
    membership = base.membership(declaration.instrument, declaration.state)
    file = f"instruments/{base.instruments[declaration.instrument].path}/participation.yaml"
    if not membership.events:
        yield f"{declaration.state} takes no part in {declaration.instrument} ({file})"
        return
    spans = membership.spans
    first = min((span.since or date.min for span in spans), default=None)
    last = max((span.until or date.max for span in spans), default=None)
    if first and declaration.valid_from and declaration.valid_from < first:
        yield f"it holds from {declaration.valid_from}, and {declaration.state} is bound only from {first} ({file})"
    if last and declaration.valid_from and declaration.valid_from > last:
        yield f"it holds from {declaration.valid_from}, and {declaration.state} was bound until {last} ({file})"
    for other in declaration.towards:
        if other == declaration.state:
            yield "it is towards its own state"
        elif not base.membership(declaration.instrument, other).events:
            yield f"it is towards {other}, which takes no part in {declaration.instrument} ({file})"
