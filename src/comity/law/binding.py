"""Which instruments bind two states towards each other on a day, and why the others do not.

Both must be bound on the day, neither may have suspended the instrument towards the other or excluded the other from it,
and a protocol never binds without its mother. Agreements of the European Union bind each Member State with the partner
only. What began before a state left may go on by a transition rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from comity.law.index import Index
from comity.law.model import Declaration, EventKind, Instrument, Status, Type
from comity.law.participation import Certainty, Membership, Span
from comity.law.question import Facts
from comity.law.reason import Reason
from comity.law.regime import Transition
from comity.values import StateCode

__all__ = ["Bound", "bindings"]

KEPT = 1024
"""Pairs and days remembered per law base."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Whether an instrument binds the two states; ``why`` begins with the deciding reason, ``sure`` is the weakest fact."""

    instrument: str
    holds: bool
    why: tuple[Reason, ...]
    sure: Certainty
    transition: Transition | None = None


def bindings(index: Index, one: StateCode, other: StateCode, on: date, facts: Facts) -> Mapping[str, Bound]:
    """Return by instrument whether it binds ``one`` and ``other`` on ``on``; those neither takes part in are left out."""
    days = tuple(facts.get(name) for name in index.days)
    key = (one, other, on, days)
    found = index.bindings.get(key)
    if found is None:
        if len(index.bindings) >= KEPT:
            index.bindings.clear()
        found = index.bindings[key] = _bindings(index, one, other, on, facts)
    return found


def _bindings(index: Index, one: StateCode, other: StateCode, on: date, facts: Facts) -> dict[str, Bound]:
    lands = index.regime.territories
    if one in lands or other in lands:
        return _of_territory(index, one, other, on, facts)
    one, other = index.home(one), index.home(other)
    names = index.takes_part.get(one, frozenset()) | index.takes_part.get(other, frozenset())
    found: dict[str, Bound] = {}
    for name in sorted(names):
        instrument = index.base.instruments[name]
        both = name in index.takes_part.get(one, ()) and name in index.takes_part.get(other, ())
        if not both and (instrument.type is Type.BILATERAL or name in index.regime.partners):
            continue
        bound = _bound(index, instrument, one, other, on)
        if bound.holds and facts:
            bound = _older(index, instrument, other, facts) or bound
        found[name] = bound if bound.holds else _going_on(index, bound, one, other, facts) or bound
    for name, bound in list(found.items()):
        if bound.holds:
            found[name] = _with_mother(index, bound, found)
    return found


def _of_territory(index: Index, one: StateCode, other: StateCode, on: date, facts: Facts) -> dict[str, Bound]:
    """Return for a territory what is known to reach it; of the rest that it is not known to, or known not to."""
    lands = index.regime.territories
    above = _bindings(index, lands.get(one, one), lands.get(other, other), on, facts)
    land = one if one in lands else other
    found = {}
    for name, bound in above.items():
        if not bound.holds:
            found[name] = bound
            continue
        fields = {"land": land, "state": lands[land], "article": index.base.instruments[name].reference}
        reach = index.regime.extensions.get((land, name))
        if reach is not None and (reach.since or on) <= on <= (reach.until or on):
            code = "territory_reached" if reach.reaches else "territory_shut"
            said = Reason(code, {"land": land, "article": reach.article}, reach.article)
            found[name] = Bound(
                name, reach.reaches, (*bound.why, said) if reach.reaches else (said,), Certainty.RECALLED
            )
            continue
        shut = next((d for d in index.base.declarations_of.get((lands[land], name), ()) if _leaves_out(d, land)), None)
        code, provision = ("territory", name) if shut is None else ("territory_excluded", shut.id)
        found[name] = Bound(name, False, (Reason(code, fields, provision),), Certainty.UNSURE)
    return found


def _leaves_out(declaration: Declaration, land: StateCode) -> bool:
    return land in _words(declaration.effect.get("excluded_territories", ()))


def _older(index: Index, instrument: Instrument, requested: StateCode, facts: Facts) -> Bound | None:
    """Return that the requested state keeps to what was before the instrument, for a case older than it named."""
    for older in index.regime.older:
        began = facts.get(older.fact)
        concerns = older.instrument == instrument.id and older.state == requested
        if concerns and isinstance(began, date) and began < older.before:
            fields = {"state": requested, "day": older.before.isoformat(), "article": older.article}
            return Bound(instrument.id, False, (Reason("older", fields, older.article),), Certainty.RECALLED)
    return None


def _with_mother(index: Index, bound: Bound, found: Mapping[str, Bound]) -> Bound:
    for mother in index.mothers.get(bound.instrument, ()):
        above = found.get(mother)
        if above is None or not above.holds or not _with_mother(index, above, found).holds:
            title = index.base.instruments[mother].short
            return Bound(bound.instrument, False, (Reason("mother", {"mother": title}),), bound.sure)
    return bound


def _bound(index: Index, instrument: Instrument, one: StateCode, other: StateCode, on: date) -> Bound:
    partners = index.regime.partners.get(instrument.id)
    if partners is not None and (one in partners) == (other in partners):
        return Bound(instrument.id, False, (Reason("one_side"),), Certainty.CERTAIN)
    spans = []
    for here, there in ((one, other), (other, one)):
        membership = index.base.membership(instrument.id, here)
        reason = _stopped(index, instrument, membership, there, on)
        if reason:
            return Bound(instrument.id, False, (reason,), Certainty.CERTAIN)
        spans.append(next(span for span in membership.spans if span.holds(on, there)))
    return Bound(instrument.id, True, _why(one, other, *spans), max((s.certainty for s in spans), key=_WEAKER.index))


_WEAKER = [Certainty.CERTAIN, Certainty.RECALLED, Certainty.ASSUMED_DATE, Certainty.UNSURE]


def _why(one: StateCode, other: StateCode, first: Span, second: Span) -> tuple[Reason, ...]:
    since = {"a": one, "b": other, "a_since": _day(first.since), "b_since": _day(second.since)}
    reasons = [Reason("bound", since)]
    if first.provisional or second.provisional:
        reasons.append(Reason("provisional"))
    for state, span in ((one, first), (other, second)):
        if span.certainty is Certainty.UNSURE:
            reasons.append(Reason("unsure", {"state": state}))
        elif span.certainty is Certainty.ASSUMED_DATE:
            reasons.append(Reason("assumed", {"state": state}))
    if Certainty.RECALLED in {first.certainty, second.certainty} and len(reasons) == 1:
        reasons.append(Reason("recalled"))
    return tuple(reasons)


def _day(on: date | None) -> str:
    return on.isoformat() if on else "?"


def _stopped(index: Index, instrument: Instrument, membership: Membership, other: StateCode, on: date) -> Reason | None:
    state = membership.state
    if not any(span.holds(on, other) for span in membership.spans):
        return _not_bound(index, instrument, membership, on)
    stop = next((s for s in membership.suspensions if other in s.towards and s.holds(on, other)), None)
    if stop:
        return Reason("suspended", {"state": state, "other": other, "day": _day(stop.since)})
    for declaration in index.base.declarations_of.get((state, instrument.id), ()):
        begun = declaration.valid_from is None or declaration.valid_from <= on
        over = declaration.valid_to is not None and declaration.valid_to < on
        if begun and not over and other in _words(declaration.effect.get("excluded_states", ())):
            article = f"{instrument.reference} Art. {declaration.article}"
            return Reason("states_excluded", {"state": state, "other": other, "article": article}, declaration.id)
    return None


def _words(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _not_bound(index: Index, instrument: Instrument, membership: Membership, on: date) -> Reason:
    state = membership.state
    later = [span.since for span in membership.spans if span.since and span.since > on]
    earlier = [span.until for span in membership.spans if span.until and span.until < on]
    out = index.base.not_bound.get((instrument.id, state))
    if out:
        return Reason("stays_out", {"state": state, "text": out.reason})
    if later:
        return Reason("not_yet", {"state": state, "day": min(later).isoformat()})
    if earlier:
        return Reason("no_longer", {"state": state, "day": max(earlier).isoformat()})
    if instrument.entry_into_force is None and instrument.status is not Status.SCHEME:
        return Reason("not_in_force")
    kinds = {event.kind for event in membership.events}
    if EventKind.IN_FORCE in kinds or EventKind.BOUND_FROM in kinds:
        return Reason("no_day", {"state": state})
    if EventKind.DEPOSITED in kinds:
        return Reason("deposited", {"state": state})
    return Reason("signed" if kinds else "not_party", {"state": state})


def _going_on(index: Index, bound: Bound, one: StateCode, other: StateCode, facts: Facts) -> Bound | None:
    """Return the binding a transition rule keeps up, or None."""
    for transition in index.regime.transitions:
        began = facts.get(transition.fact)
        if (
            bound.instrument in transition.instruments
            and transition.state in {one, other}
            and isinstance(began, date)
            and began <= transition.until
        ):
            then = _bound(index, index.base.instruments[bound.instrument], one, other, began)
            if then.holds:
                going_on = Reason("transition", {"en": transition.en, "uk": transition.uk}, transition.article)
                return Bound(bound.instrument, True, (going_on, *then.why), then.sure, transition)
    return None
