"""Station 7: the requested state's own view of a request.

It asks its own law base the same question again, compares the two answers instead of trusting the sender's, and says
which decisions the law provides for, each with its provision. A mandatory ground is one the authority must refuse on if
it is met; an optional one it may; what only a person can judge is a question. Whether a ground is met is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from comity.law import LawBase, Question, Resolution, resolve
from comity.law.errors import QuestionError
from comity.law.form import Label
from comity.request import compose
from comity.request.basis import Chosen, Rule, chosen
from comity.request.body import Difference
from comity.request.compose import PRINTED, UNDERTAKINGS, Missing
from comity.request.request import Request
from comity.request.titles import titles

__all__ = ["Considered", "Decision", "Kind", "Weight", "consider"]


class Kind(StrEnum):
    """The decisions there are."""

    ACCEPT = "accept"
    ASK = "ask"
    POSTPONE = "postpone"
    REFUSE = "refuse"


class Weight(StrEnum):
    """How a ground binds: it must or may be followed where it is met, or a person has to judge first."""

    MUST = "must"
    MAY = "may"
    QUESTION = "question"


WEIGHTS: Mapping[str, Weight] = {
    "refusal_mandatory": Weight.MUST,
    "refusal_optional": Weight.MAY,
    "dual_criminality": Weight.QUESTION,
    "ne_bis_in_idem": Weight.QUESTION,
    "penalty_threshold": Weight.QUESTION,
}
"""Kinds of rules on which assistance can be refused."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision the law provides for.

    ``ground`` is empty for accept and ask; ``title`` is what the law base calls it, ``unsure`` repeats its doubt.
    """

    kind: Kind
    weight: Weight
    ground: str
    title: Label
    provision: str
    article: str
    text: str
    source: str
    basis: str
    unsure: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the members as JSON holds them."""
        rest = {name: getattr(self, name) for name in self.__slots__ if name != "title"}
        return rest | {"en": self.title.en, "uk": self.title.uk}


@dataclass(frozen=True, slots=True)
class Considered:
    """The requested state's resolution, where it differs from the sender's, what is missing, what may be decided."""

    resolution: Resolution
    instrument: str
    differences: tuple[Difference, ...]
    missing: tuple[Missing, ...]
    decisions: tuple[Decision, ...]

    @property
    def agrees(self) -> bool:
        """Tell whether both states' law says the same of this request, whatever release each asked."""
        return all(one.line.startswith("law base") for one in self.differences)

    def to_json(self) -> dict[str, Any]:
        """Return what a page or another program shows of it."""
        return {
            "instrument": self.instrument,
            "agrees": self.agrees,
            "differences": [{"line": d.line, "theirs": d.theirs, "ours": d.ours} for d in self.differences],
            "missing": [
                {"field": m.field, "article": m.article, "provision": m.provision, "text": m.text} for m in self.missing
            ],
            "decisions": [decision.to_json() for decision in self.decisions],
        }


def consider(request: Request, base: LawBase, *, on: date, facts: Mapping[str, str] | None = None) -> Considered:
    """Consider a request on the law of the day ``on``; ``facts`` are added to those the sender named.

    A measure, offence or fact that only the sender's law base knows is left out and named among the differences; raise
    `QuestionError` where no measure is left.
    """
    question, unknown = _question(request, base, on, dict(request.law.facts) | dict(facts or {}))
    ours = resolve(question, base)
    named = request.basis.instrument
    same = named if named in {basis.instrument for basis in ours.bases} else None
    basis = chosen(ours, same)
    return Considered(
        resolution=ours,
        instrument=basis.instrument,
        differences=(*unknown, *_differences(request, ours, basis)),
        missing=compose.missing(request.draft, ours, same),
        decisions=tuple(_decisions(basis)),
    )


def _question(
    request: Request, base: LawBase, on: date, facts: Mapping[str, str]
) -> tuple[Question, tuple[Difference, ...]]:
    draft = request.draft
    measures = [name for name in draft.measures if name in base.measures] or list(draft.measures)
    offences = [offence.id for offence in draft.offences if offence.id in base.offences]

    def read(named: Mapping[str, str]) -> Question:
        return Question.read(
            requesting=request.requesting, requested=request.requested, measures=measures, offences=offences, on=on,
            facts=named, base=base,
        )  # fmt: skip

    plain, known = read({}), set[str]()
    for name, value in facts.items():
        try:
            known |= read({name: value}).facts.keys()
        except QuestionError:
            continue
    left_out = [f"measure {name}" for name in draft.measures if name not in plain.measures]
    left_out += [f"offence {offence.id}" for offence in draft.offences if offence.id not in offences]
    left_out += [f"fact {name}" for name in facts if name not in known]
    lines = tuple(Difference(line=line, theirs=line.split(" ", 1)[1]) for line in left_out)
    return read({name: value for name, value in facts.items() if name in known}), lines


def _differences(request: Request, ours: Resolution, basis: Chosen) -> Iterator[Difference]:
    law = request.law
    if law.release != ours.release:
        yield Difference(line="law base release", theirs=law.release, ours=ours.release)
    if law.lawbase != str(ours.lawbase_digest):
        yield Difference(line="law base digest", theirs=law.lawbase, ours=str(ours.lawbase_digest))
    if law.resolution == ours.digest.hex:
        return
    if request.basis.instrument != basis.instrument:
        yield Difference(line="legal basis", theirs=request.basis.instrument, ours=basis.instrument)
        return
    joined, own = ", ".join(sorted(request.basis.joined)), ", ".join(sorted(basis.joined))
    if joined != own:
        yield Difference(line="joined protocols", theirs=joined, ours=own)
    theirs = _lines(request)
    here = {
        rule.provision: _line(rule.article, rule.value, rule.text) for rule in basis.rules if rule.kind in _COMPARED
    }
    for provision in sorted(theirs.keys() | here.keys()):
        one, other = theirs.get(provision, ""), here.get(provision, "")
        if one != other:
            yield Difference(line=provision, theirs=one, ours=other)


_COMPARED = frozenset({*PRINTED, *UNDERTAKINGS})


def _lines(request: Request) -> dict[str, str]:
    listed = (*request.provisions, *request.undertakings)
    return {one.provision: _line(one.article, one.value, one.text) for one in listed}


def _line(article: str, value: str | Iterable[str] | None, text: str) -> str:
    values = [value] if isinstance(value, str) else sorted(value or ())
    return f"{article}: {text}" + (f" [{', '.join(values)}]" if values else "")


def _decisions(basis: Chosen) -> Iterator[Decision]:
    obligation = next(iter((*basis.of("obligation"), *basis.of("measure_rule"), *basis.of("scope"))), None)
    yield _decision(Kind.ACCEPT, Weight.MAY, "", obligation)
    yield _decision(Kind.ASK, Weight.MAY, "", next(iter(basis.of("supplementary_information")), None))
    for rule in basis.of("postponement"):
        for ground in _grounds(rule):
            yield _decision(Kind.POSTPONE, Weight.MAY, ground, rule)
    for kind, weight in WEIGHTS.items():
        for rule in basis.of(kind):
            for ground in _grounds(rule):
                yield _decision(Kind.REFUSE, weight, ground, rule)


def _grounds(rule: Rule) -> tuple[str, ...]:
    if rule.kind not in ("refusal_mandatory", "refusal_optional", "postponement"):
        return (rule.kind,)
    return (rule.value,) if isinstance(rule.value, str) and rule.value else tuple(rule.value or ()) or (rule.kind,)


def _decision(kind: Kind, weight: Weight, ground: str, rule: Rule | None) -> Decision:
    title = (titles().word(ground) or titles().of("kinds", ground)) if ground else Label("", "")
    if rule is None:
        return Decision(kind, weight, ground, title, "", "", "", "", "")
    return Decision(
        kind,
        weight,
        ground,
        title,
        rule.provision,
        rule.article,
        rule.text,
        rule.source,
        rule.basis,
        unsure=rule.unsure,
    )
