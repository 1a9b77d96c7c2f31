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

from comity.errors import ComityError
from comity.law.base import LawBase
from comity.law.consistency import consistent
from comity.law.history import participation
from comity.law.question import Question
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
    found = (*participation(base), *consistent(base))
    return tuple(Finding(where, what) for where, what in found)


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
