"""What loading does not look at: whether events run forwards, relations have both ends, and questions have answers.

``check`` goes over the whole base; ``corpus`` asks for pairs of states, quarters since 1990, measures and offences, and looks
at the form of each full answer, never at its content: ranks 1, 2, 3 without a gap, no protocol without its mother convention,
a plain fallback with its rules of reciprocity where nothing binds. `comity.law.world` orders the bases for every pair of states.
What is right in law is tested by the cases.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from comity.errors import ComityError
from comity.law.base import LawBase
from comity.law.model import Event, EventKind, RelationKind, Status
from comity.law.participation import Membership
from comity.law.question import Question
from comity.law.reading import slug
from comity.law.resolution import Resolution
from comity.law.resolve import resolve
from comity.law.world import Finding, quarters
from comity.values import StateCode

__all__ = ["Asked", "Finding", "answers", "check", "corpus", "quarters", "sample", "whole"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the corpus."""

    requesting: StateCode
    requested: StateCode
    measure: str
    on: date
    offence: str = ""


def check(base: LawBase) -> tuple[Finding, ...]:
    """Return what is wrong with a law base that loads."""
    return (*_participation(base), *_relations(base), *_instruments(base))


_ORDER = (EventKind.SIGNED, EventKind.DEPOSITED, EventKind.IN_FORCE, EventKind.BOUND_TO)


def _participation(base: LawBase) -> Iterator[Finding]:
    for name, states in base.parties.items():
        file = f"instruments/{base.instruments[name].path}/participation.yaml"
        adopted = base.instruments[name].adopted
        for state, membership in states.items():
            for what in _backwards(membership, adopted):
                yield Finding(file, f"{state}: {what}")


def _backwards(membership: Membership, adopted: date) -> Iterator[str]:
    days = [(event, event.on) for event in membership.events if event.kind in _ORDER and event.on]
    for (one, on), (other, later) in pairwise(sorted(days, key=lambda each: _ORDER.index(each[0].kind))):
        if later < on and not _succession(membership.events):
            yield f"{other.kind} on {later} comes before {one.kind} on {on}"
    for event in membership.events:
        if event.on and event.on < adopted and not _succession(membership.events):
            yield f"{event.kind} on {event.on} comes before the adoption on {adopted}"
    for span in membership.spans:
        if span.since and span.until and span.until < span.since:
            yield f"bound from {span.since} to {span.until}, which runs backwards"
    lasting = [span for span in membership.spans if not span.provisional]
    for before, after in pairwise(sorted(lasting, key=lambda span: span.since or date.min)):
        if (before.until or date.max) >= (after.since or date.min):
            yield f"bound twice on {after.since or before.until}"


def _succession(events: Sequence[Event]) -> bool:
    return any(event.act == "succession" or event.reckoned in {"succession", "statehood"} for event in events)


def _relations(base: LawBase) -> Iterator[Finding]:
    for relation in base.relations:
        file = f"instruments/{relation.id}.yaml"
        if relation.kind is not RelationKind.STANDALONE and not (
            relation.target.instrument or relation.target.treaties
        ):
            yield Finding(file, "it points at nothing")
        if relation.target.instrument == relation.of:
            yield Finding(file, "it points at its own instrument")
        if relation.from_ and relation.until and relation.until < relation.from_:
            yield Finding(file, f"it ends on {relation.until}, before it begins on {relation.from_}")


def _instruments(base: LawBase) -> Iterator[Finding]:
    for one in base.instruments.values():
        file = f"instruments/{one.path}/instrument.yaml"
        if one.status is Status.REPEALED and one.ended is None:
            yield Finding(file, "it is repealed, but the day it ended is missing")
        if one.entry_into_force and one.entry_into_force < one.adopted:
            yield Finding(file, f"in force on {one.entry_into_force}, before its adoption on {one.adopted}")
        if one.id in _mothers(base, one.id):
            yield Finding(file, "it is its own mother")
    for rule in base.rules.values():
        for place in rule.superseded_by:
            held = {other.article for other in base.rules_of.get(place.instrument, ())}
            for article in place.articles:
                if not any(each == article or slug(each).startswith(f"{slug(article)}-") for each in held):
                    yield Finding(
                        f"instruments/{rule.id}.yaml", f"superseded by {place.instrument} {article}, which has no rule"
                    )


def _mothers(base: LawBase, name: str) -> frozenset[str]:
    found: set[str] = set()
    open_ = list(base.instruments[name].mothers)
    while open_:
        each = open_.pop()
        if each not in found:
            found.add(each)
            open_ += base.instruments[each].mothers
    return frozenset(found)


def sample(base: LawBase, size: int, until: date, *, seed: int = 20261124) -> Iterator[Asked]:
    """Return ``size`` questions of the corpus, the same for the same ``seed``.

    Every measure comes in turn, and in every second round of them every offence in turn.
    """
    chosen = random.Random(seed)  # noqa: S311 - repeatable, not secret
    states = _states(base)
    days, measures, offences = quarters(1990, until), tuple(base.measures), tuple(base.offences)
    for number in range(size if days else 0):
        one, other = chosen.sample(states, 2)
        offence = offences[number % len(offences)] if number // len(measures) % 2 else ""
        yield Asked(one, other, measures[number % len(measures)], chosen.choice(days), offence)


def whole(base: LawBase, until: date, states: Sequence[StateCode] = ()) -> Iterator[Asked]:
    """Return the corpus for every pair of ``states`` (of all that take part anywhere), on the quarters on which law changed.

    Between two days on which nothing changes for a pair the answer is the same, so only quarters that follow a change of one
    of the two are asked.
    """
    named = tuple(states) or _states(base)
    changed = {state: _changes(base, state) for state in named}
    for one in named:
        for other in named:
            if one == other:
                continue
            last: int | None = None
            for on in quarters(1990, until):
                seen = sum(day <= on for day in (*changed[one], *changed[other]))
                if seen != last:
                    last = seen
                    for measure in base.measures:
                        yield Asked(one, other, measure, on)


def _states(base: LawBase) -> tuple[StateCode, ...]:
    return tuple(sorted({state for held in base.parties.values() for state in held} - {"EU"}))


def _changes(base: LawBase, state: StateCode) -> tuple[date, ...]:
    spans = [
        s for held in base.parties.values() if state in held for s in (*held[state].spans, *held[state].suspensions)
    ]
    return tuple(day for span in spans for day in (span.since, span.until) if day)


def answers(base: LawBase) -> Callable[[Asked], Resolution]:
    """Return what answers a question of the corpus."""

    def answer(one: Asked) -> Resolution:
        question = Question.read(
            requesting=one.requesting,
            requested=one.requested,
            measures=[one.measure],
            offences=[one.offence] if one.offence else [],
            on=one.on,
            base=base,
        )
        return resolve(question, base)

    return answer


def corpus(base: LawBase, asked: Iterator[Asked], answer: Callable[[Asked], object]) -> Iterator[Finding | None]:
    """Ask each question and yield what is wrong with the form of its answer, or None."""
    for one in asked:
        where = f"{one.requesting} to {one.requested}, {one.measure}, {one.on}{one.offence and ', ' + one.offence}"
        try:
            wrong = _form(base, answer(one))
        except ComityError as error:
            wrong = f"{type(error).__name__}: {error.detail}"
        yield Finding(where, wrong) if wrong else None


def _form(base: LawBase, found: object) -> str:
    bases, fallback = getattr(found, "bases", ()), getattr(found, "fallback", None)
    ranks = [each.rank for each in bases]
    if ranks != list(range(1, len(ranks) + 1)):
        return f"the ranks are {ranks}"
    if not isinstance(fallback, bool) or (fallback and not getattr(found, "reciprocity", ())):
        return "a fallback without rules of reciprocity"
    if not bases and not fallback:
        return "neither a basis nor a fallback"
    there = {name for each in bases for name in (each.instrument, *each.with_)}
    for name in there:
        for mother in base.instruments[name].mothers:
            if mother not in there:
                return f"{name} stands without {mother}"
    return ""
