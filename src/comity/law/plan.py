"""The plan a criminalist makes when parts of a case lie abroad: which measure, in which order, on which basis with each state.

A method (``lawbase/methods``) says for a kind of offence which steps each foreign element of a case calls for; phases keep the
order: preserve before request, the police and the databases before coercion, money before papers, the person last. The legal
basis of every step is resolved for the two states and the day; a plan holds no law of its own.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from comity.law.base import LawBase
from comity.law.errors import QuestionError, SchemaError
from comity.law.index import index_of
from comity.law.question import Question
from comity.law.resolution import Basis, Resolution
from comity.law.resolve import resolve
from comity.values import StateCode, state

__all__ = ["Element", "Method", "Plan", "Step", "Word", "elements", "methods", "plan", "told"]


@dataclass(frozen=True, slots=True)
class Word:
    """A text in English and Ukrainian."""

    en: str
    uk: str

    def say(self, language: str) -> str:
        """Return the text in ``en`` or ``uk``."""
        return self.uk if language == "uk" else self.en


@dataclass(frozen=True, slots=True)
class Element:
    """A foreign element of a case: what lies where."""

    kind: str
    state: StateCode


@dataclass(frozen=True, slots=True)
class _Template:
    id: str
    phase: str
    element: str
    measure: str
    text: Word


@dataclass(frozen=True, slots=True)
class Method:
    """How a kind of offence is investigated across borders; ``rule`` is its maxim, ``source`` where it comes from."""

    id: str
    title: Word
    offences: tuple[str, ...]
    rule: Word
    source: str
    basis: str
    steps: tuple[_Template, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``number`` in the order to act, ``answer`` the resolution that carries it."""

    number: int
    phase: str
    phase_title: Word
    element: str
    state: StateCode
    measure: str
    text: Word
    form: str
    answer: Resolution

    @property
    def first(self) -> Basis | None:
        """The basis that comes first, or None where reciprocity holds."""
        return next((b for b in self.answer.bases if b.status != "residual"), None)

    @property
    def basis(self) -> str:
        """The instrument that comes first, or "" where reciprocity holds."""
        return self.first.instrument if self.first else ""

    def to_json(self) -> dict[str, Any]:
        """Return the step as JSON."""
        first = self.first
        return {
            "number": self.number,
            "phase": self.phase,
            "element": self.element,
            "state": self.state,
            "measure": self.measure,
            "what": self.text.en,
            "form": self.form or None,
            "basis": self.basis or None,
            "status": first.status if first else None,
            "why": first.why if first else None,
            "unsure": bool(first and first.unsure),
            "reference": first.reference if first else None,
            "with": list(first.with_) if first else [],
            "fallback": self.answer.fallback,
            "channel": [rule.article for rule in first.of("channel")] if first else [],
            "questions": [ask.fact for ask in self.answer.questions],
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of a case in the order to act; ``missing`` are elements the method has no step for."""

    method: Method
    home: StateCode
    offence: str
    on: date
    steps: tuple[Step, ...]
    missing: tuple[Element, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the plan as JSON."""
        return {
            "method": self.method.id,
            "title": self.method.title.en,
            "rule": self.method.rule.en,
            "source": self.method.source,
            "basis": self.method.basis,
            "home": self.home,
            "offence": self.offence,
            "on": self.on.isoformat(),
            "steps": [step.to_json() for step in self.steps],
            "missing": [{"element": e.kind, "state": e.state} for e in self.missing],
        }


def methods(base: LawBase) -> Mapping[str, Method]:
    """Return the methods of a law base by id."""
    common = _common(base)
    templates = {name: _template(name, row, common) for name, row in common["steps"].items()}
    found = {}
    for path, row in base.documents.items():
        folder, _, name = path.partition("/")
        if folder == "methods" and name != "common":
            found[name] = _method(name, row, templates, base)
    return found


def elements(base: LawBase) -> Mapping[str, Word]:
    """Return the elements of a case that may lie abroad, by kind."""
    return {kind: _word(row) for kind, row in _common(base)["elements"].items()}


def plan(
    base: LawBase,
    *,
    home: str,
    offence: str,
    elements: Iterable[tuple[str, str]],
    on: date,
    facts: Mapping[str, Any] | None = None,
) -> Plan:
    """Make the plan for an offence (or a method, by its id) investigated in ``home`` whose ``elements`` (kind, state) lie abroad.

    Raise `QuestionError` for an offence or element that does not exist, and for an element in the home state.
    """
    common = _common(base)
    here = state(home)
    found = tuple(_element(kind, where, common, here) for kind, where in elements)
    method = _method_for(offence, base)
    offence = offence if offence in base.offences else method.offences[0]
    phases = list(common["phases"])
    ordered = sorted(method.steps, key=lambda step: phases.index(step.phase))
    steps = [(template, element) for template in ordered for element in found if template.element == element.kind]
    return Plan(
        method=method,
        home=here,
        offence=offence,
        on=on,
        steps=tuple(
            _step(base, number, template, element, common, home=here, offence=offence, on=on, facts=facts)
            for number, (template, element) in enumerate(steps, start=1)
        ),
        missing=tuple(e for e in found if all(t.element != e.kind for t in method.steps)),
    )


def _step(
    base: LawBase,
    number: int,
    template: _Template,
    element: Element,
    common: Mapping[str, Any],
    *,
    home: StateCode,
    offence: str,
    on: date,
    facts: Mapping[str, Any] | None,
) -> Step:
    question = Question.read(
        requesting=home,
        requested=element.state,
        measures=[template.measure],
        offences=[offence],
        on=on,
        facts=facts,
        base=base,
    )
    answer = resolve(question, base)
    return Step(
        number=number,
        phase=template.phase,
        phase_title=_word(common["phases"][template.phase]),
        element=element.kind,
        state=element.state,
        measure=template.measure,
        text=template.text,
        form=_form(base, template.measure, answer),
        answer=answer,
    )


def _form(base: LawBase, measure: str, answer: Resolution) -> str:
    """Return the form of cooperation in which a measure is had: the first of its forms the basis serves."""
    first = next((b for b in answer.bases if b.status != "residual"), None)
    serve = index_of(base).regime.measure_forms.get(measure, ())
    if first is None:
        return serve[0] if serve else ""
    offered = {form for name in (first.instrument, *first.with_) for form in base.instruments[name].forms}
    return next((form for form in serve if form in offered), "")


def _common(base: LawBase) -> Mapping[str, Any]:
    common = base.documents.get("methods/common")
    if not isinstance(common, Mapping) or not {"phases", "elements", "steps", "source", "basis"} <= set(common):
        raise SchemaError("methods/common.yaml must hold phases, elements, steps, source and basis.")
    for part in ("phases", "elements"):
        for name, row in common[part].items():
            if set(row) != {"en", "uk"}:
                raise SchemaError(f"methods/common.yaml: {name} in {part} must hold en and uk.")
    return common


def _template(name: str, row: Mapping[str, Any], common: Mapping[str, Any]) -> _Template:
    if set(row) != {"phase", "element", "measure", "en", "uk"}:
        raise SchemaError(f"methods/common.yaml: the step {name} must hold phase, element, measure, en and uk.")
    if row["phase"] not in common["phases"] or row["element"] not in common["elements"]:
        raise SchemaError(f"methods/common.yaml: the step {name} names a phase or an element that is not there.")
    return _Template(name, row["phase"], row["element"], row["measure"], _word(row))


def _method(name: str, row: Mapping[str, Any], templates: Mapping[str, _Template], base: LawBase) -> Method:
    if set(row) != {"title", "source", "basis", "offences", "rule", "steps"}:
        raise SchemaError(f"methods/{name}.yaml must hold title, source, basis, offences, rule and steps.")
    unknown = [one for one in row["steps"] if one not in templates]
    unknown += [one for one in row["offences"] if one not in base.offences]
    unknown += [
        templates[one].measure
        for one in row["steps"]
        if one in templates and templates[one].measure not in base.measures
    ]
    if unknown:
        raise SchemaError(f"methods/{name}.yaml names {', '.join(unknown)}, which is not there.")
    return Method(
        id=name,
        title=_word(row["title"]),
        offences=tuple(row["offences"]),
        rule=_word(row["rule"]),
        source=row["source"],
        basis=row["basis"],
        steps=tuple(templates[one] for one in row["steps"]),
    )


def _method_for(offence: str, base: LawBase) -> Method:
    known = methods(base)
    for method in known.values():
        if offence in method.offences or offence == method.id:
            return method
    every = sorted({name for method in known.values() for name in method.offences})
    raise _unknown(offence, every, "an offence there is a method for")


def _element(kind: str, where: str, common: Mapping[str, Any], home: StateCode) -> Element:
    word = kind.strip().casefold()
    if word not in common["elements"]:
        raise _unknown(kind, list(common["elements"]), "an element of a case")
    abroad = state(where)
    if abroad == home:
        raise QuestionError(
            f"The {word} lies in {home}, the state that investigates.",
            cause="Only what lies abroad needs the help of another state.",
            remedy="Leave it out of the plan.",
        )
    return Element(word, abroad)


def _unknown(word: str, among: Sequence[str], what: str) -> QuestionError:
    near = difflib.get_close_matches(word.casefold(), among, n=4, cutoff=0.4)
    return QuestionError(
        f"{word[:80]!r} is not {what}.",
        remedy=f"Did you mean {', '.join(near)}?" if near else f"Choose one of {', '.join(among)}.",
        value=word[:80],
        nearest=near,
    )


def _word(row: Mapping[str, Any]) -> Word:
    return Word(row["en"], row["uk"])


def told(steps: Iterable[Step], language: str) -> Iterator[tuple[str, Step]]:
    """Yield each step with the title of its phase where the phase begins, else with ""."""
    seen = ""
    for step in steps:
        yield ("" if step.phase == seen else step.phase_title.say(language)), step
        seen = step.phase
