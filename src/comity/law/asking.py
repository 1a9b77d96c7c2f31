"""Questions back: facts that were not given and would change the answer, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from comity.law.binding import Bound
from comity.law.field import Placing
from comity.law.index import Index
from comity.law.question import Question
from comity.law.resolution import Ask, Basis

__all__ = ["questions"]

OFFENCE = ("offence", "for which offence is assistance sought", "за який злочин просять допомоги")


def questions(
    index: Index,
    question: Question,
    placings: Sequence[Placing],
    bases: Sequence[Basis],
    bound: Mapping[str, Bound],
) -> tuple[Ask, ...]:
    """Return the questions, each once, with what it decides on."""
    found: dict[str, list[str]] = {}
    every = (
        *_scope(placings),
        *_rules(index, question, bases),
        *_older(index, question, bases),
        *_transitions(index, question, placings, bound),
    )
    for fact, because in every:
        if fact not in question.facts and not (fact in {"offence", "treaty_offence", "eu32"} and question.offences):
            found.setdefault("offence" if fact in {"treaty_offence", "eu32"} else fact, []).append(because)
    return tuple(_ask(index, fact, tuple(dict.fromkeys(because))) for fact, because in found.items())


def _ask(index: Index, fact: str, because: tuple[str, ...]) -> Ask:
    term = index.regime.facts.get(fact)
    en, uk = (term.en, term.uk) if term else OFFENCE[1:]
    return Ask(fact, f"{en[0].upper()}{en[1:]}?", f"{uk[0].upper()}{uk[1:]}?", because)


def _scope(placings: Iterable[Placing]) -> Iterator[tuple[str, str]]:
    for placing in placings:
        yield from placing.asked


def _rules(index: Index, question: Question, bases: Sequence[Basis]) -> Iterator[tuple[str, str]]:
    """Yield the facts on which provisions of the first basis turn."""
    if not bases:
        return
    listed = any(index.base.offences[name].eu32 for name in question.offences)
    purposes = set()
    stages = {role for authority in bases[0].authorities for role in authority.roles}
    for rule in bases[0].rules:
        if rule.kind == "dual_criminality" and rule.value == "list32" and listed:
            yield "penalty_requesting", rule.provision
        if rule.kind == "nationals" and rule.of_state == index.home(question.requested):
            yield "nationality", rule.provision
        if rule.kind == "penalty_threshold" and (purpose := index.base.rules.get(rule.provision)) and purpose.purpose:
            purposes.add(purpose.purpose)
            if len(purposes) > 1:
                yield "purpose", rule.provision
    if {"pre_trial", "trial_stage"} <= stages:
        yield "stage", f"states/{question.requested.lower()}/authorities"


def _older(index: Index, question: Question, bases: Sequence[Basis]) -> Iterator[tuple[str, str]]:
    for older in index.regime.older:
        if older.state == index.home(question.requested) and any(
            basis.instrument == older.instrument for basis in bases
        ):
            yield older.fact, older.article


def _transitions(
    index: Index, question: Question, placings: Sequence[Placing], bound: Mapping[str, Bound]
) -> Iterator[tuple[str, str]]:
    for transition in index.regime.transitions:
        if transition.state not in {index.home(question.requesting), index.home(question.requested)}:
            continue
        if not transition.until < question.on <= transition.asked_until:
            continue
        for name in transition.instruments:
            shut = name in bound and not bound[name].holds
            if shut and any(name in index.providers[placing.measure] for placing in placings):
                yield transition.fact, transition.article
                break
