"""What the commands of ``comity law`` and the API of a node say as JSON: one function each, so that both say the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from comity.law.article import facts_at, told
from comity.law.base import LawBase
from comity.law.coverage import coverage, total
from comity.law.errors import QuestionError
from comity.law.explain import explain
from comity.law.line import read_line
from comity.law.model import Instrument
from comity.law.plan import elements, methods
from comity.law.question import Question, asked_on, known
from comity.law.resolution import Resolution
from comity.law.resolve import resolve
from comity.law.timeline import between, members
from comity.values import state

__all__ = ["article", "asked", "bound", "covered", "explained", "instrument", "instruments", "listed", "method_list"]


def _base(base: LawBase) -> dict[str, Any]:
    return {"release": base.release, "digest": base.digest}


def explained(answer: Resolution, base: LawBase, language: str) -> dict[str, Any]:
    """Return an answer in prose, in ``en`` or ``uk``."""
    return {"language": language, "text": explain(answer, base, language), "digest": str(answer.digest)}


def asked(base: LawBase, line: str, *, own: str, today: date) -> dict[str, Any]:
    """Return what a line was read as, and the answer; raise `QuestionError` where it names no two states or no measure.

    ``own`` is the state that asks where the line names one state only; ``today`` the day where it names none.
    """
    read = read_line(line, base, own=own)
    lacks = [
        what
        for what, there in (
            ("who asks", read.requesting),
            ("who is asked", read.requested),
            ("the measure", read.measures),
        )
        if not there
    ]
    if lacks:
        left = f" Not understood: {', '.join(read.left)}." if read.left else ""
        raise QuestionError(
            f"The line does not say {' and '.join(lacks)}.{left}",
            cause="A state is told by its name or its code in capitals, a measure by its title, its id or another of its names.",
            remedy="Write for example: Ukraine Germany bank records fraud 2026-11-24.",
            left=list(read.left),
        )
    question = Question.read(
        requesting=read.requesting,
        requested=read.requested,
        measures=read.measures,
        offences=read.offences,
        on=read.on or today,
        base=base,
    )
    return {"line": line, "left": list(read.left), "answer": resolve(question, base).to_json()}


def article(base: LawBase, name: str) -> dict[str, Any]:
    """Return what the law base says at an id or below a path; raise `UnknownReferenceError` where there is nothing."""
    return {**_base(base), "facts": [{"fact": kind, **told(fact)} for kind, fact in facts_at(base, name)]}


def covered(base: LawBase) -> dict[str, Any]:
    """Return what the law base covers and how it is known."""
    found = coverage(base)
    whole = {name: asdict(count) for name, count in total(base, found).items()}
    return {**_base(base), "instruments": [one.to_json() for one in found], "total": whole}


def listed(base: LawBase, *, form: str = "", words: str = "", with_state: str = "") -> tuple[Instrument, ...]:
    """Return instruments by the day of their adoption: those of a form, with words in the title, a state takes part in.

    Raise `QuestionError` for a form that does not exist, `ValueRefusedError` for what is no state.
    """
    sought = words.casefold().split()
    shape = known(form, base.vocabulary["forms"], "a form of cooperation") if form else ""
    code = state(with_state) if with_state else ""
    found = [
        one
        for one in base.instruments.values()
        if (not shape or shape in one.forms)
        and (not code or code in base.parties[one.id])
        and all(word in f"{one.title} {one.uk} {one.short} {one.reference} {one.id}".casefold() for word in sought)
    ]
    return tuple(sorted(found, key=lambda one: (one.adopted, one.id)))


def instruments(base: LawBase, *, form: str = "", words: str = "", with_state: str = "") -> dict[str, Any]:
    """Return instruments by the day of their adoption, without their provisions."""
    found = listed(base, form=form, words=words, with_state=with_state)
    return {**_base(base), "instruments": [{**told(one), "parties": len(base.parties[one.id])} for one in found]}


def instrument(base: LawBase, name: str) -> dict[str, Any]:
    """Return an instrument with its provisions, declarations, relations, protocols and mothers."""
    one = base.instruments[known(name, base.instruments, "an instrument")]
    declared = (each for each in base.declarations.values() if each.instrument == one.id)
    return {
        **_base(base),
        "instrument": told(one),
        "parties": len(base.parties[one.id]),
        "provisions": _all(base.rules_of.get(one.id, ())),
        "declarations": _all(declared),
        "relations": _all(base.relations_from.get(one.id, ())),
        "protocols": list(base.protocols_of.get(one.id, ())),
        "mothers": list(one.mothers),
    }


def _all(facts: Iterable[object]) -> list[Any]:
    return [told(fact) for fact in facts]


def bound(
    base: LawBase, *, instrument: str = "", requesting: str = "", requested: str = "", on: str | date
) -> dict[str, Any]:
    """Return who is bound when: by one instrument where it is named, else what binds two states."""
    day = asked_on(on)
    head = {**_base(base), "on": day.isoformat()}
    if instrument:
        name = known(instrument, base.instruments, "an instrument")
        return {**head, "instrument": name, "states": [one.to_json() for one in members(base, name, day)]}
    ties = between(base, requesting, requested, day)
    pair = {"from": state(requesting), "to": state(requested)}
    return {
        **head,
        **pair,
        "instruments": [{**tie.to_json(), **_cited(base.instruments[tie.instrument])} for tie in ties],
    }


def _cited(one: Instrument) -> Mapping[str, str]:
    return {"title": one.title, "reference": one.reference}


def method_list(base: LawBase) -> dict[str, Any]:
    """Return the methods there are for a plan, and the elements of a case."""
    found = {
        name: {"title": m.title.en, "offences": list(m.offences), "source": m.source}
        for name, m in methods(base).items()
    }
    return {"methods": found, "elements": {kind: word.en for kind, word in elements(base).items()}}
