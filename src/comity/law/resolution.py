"""The answer of the law, and its form as canonical JSON: what two nodes compare and what is run again years later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from comity.law.model import Authority
from comity.law.question import Question
from comity.law.reason import Reason
from comity.values import Digest, StateCode, canonical

__all__ = ["Ask", "Basis", "Excluded", "Resolution", "Rule"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A provision as it applies between the two states.

    ``value`` is a closed word, several, or None; a number stands in ``amount`` with its ``unit`` and ``step``.
    ``of_state`` is set where a state's own declaration or law speaks. ``because`` says what limited or decided it here;
    ``undone`` names what took its place: such rules stand in `Basis.undone`, never in `Basis.rules`.
    """

    provision: str
    article: str
    kind: str
    value: str | tuple[str, ...] | None
    text: str
    source: str
    basis: str
    unsure: bool = False
    of_state: StateCode | None = None
    amount: int | None = None
    unit: str = ""
    step: str = ""
    further: tuple[tuple[str, int, str], ...] = ()
    measures: tuple[str, ...] = ()
    instrument: str = ""
    because: Reason | None = None
    undone: Reason | None = None
    uk: str = ""

    @property
    def why(self) -> str:
        """What limited or decided the rule here, in English; "" where nothing did."""
        return self.because.say() if self.because else ""

    @property
    def undone_by(self) -> str:
        """What took the rule's place, in English; "" for a live rule."""
        return self.undone.say() if self.undone else ""

    def to_json(self) -> dict[str, Any]:
        """Return the rule as the contract of ``--json`` has it; a number is the value where there is no word."""
        value: Any = list(self.value) if isinstance(self.value, tuple) else self.value
        return {
            "provision": self.provision,
            "instrument": self.instrument,
            "article": self.article,
            "kind": self.kind,
            "value": self.amount if value is None else value,
            "amount": self.amount,
            "unit": self.unit,
            "step": self.step,
            "further": [{"step": step, "amount": amount, "unit": unit} for step, amount, unit in self.further],
            "text": self.text,
            "source": self.source,
            "basis": self.basis,
            "unsure": self.unsure,
            "of_state": self.of_state,
            "why": self.why,
            "undone_by": self.undone_by,
        }


@dataclass(frozen=True, slots=True)
class Basis:
    """A legal basis with what is read together with it (``with_``), for ``measures``.

    ``articles`` are those that name a measure, by measure. ``status`` is applicable, contested or residual (its own procedure stands back, its other duties run beside).
    """

    instrument: str
    title: str
    reference: str
    rank: int
    status: str
    why: str
    reasons: tuple[Reason, ...]
    with_: tuple[str, ...]
    measures: tuple[str, ...]
    articles: Mapping[str, str]
    rules: tuple[Rule, ...]
    undone: tuple[Rule, ...]
    authorities: tuple[Authority, ...]
    unsure: bool = False

    def of(self, kind: str) -> tuple[Rule, ...]:
        """Return the live rules of a kind."""
        return tuple(rule for rule in self.rules if rule.kind == kind)

    def to_json(self) -> dict[str, Any]:
        """Return the basis as the contract of ``--json`` has it."""
        return {
            "instrument": self.instrument,
            "title": self.title,
            "reference": self.reference,
            "rank": self.rank,
            "status": self.status,
            "why": self.why,
            "with": list(self.with_),
            "measures": list(self.measures),
            "articles": dict(self.articles),
            "unsure": self.unsure,
            "rules": [rule.to_json() for rule in self.rules],
            "undone": [rule.to_json() for rule in self.undone],
            "authorities": [
                {
                    "id": a.id,
                    "name": a.name,
                    "state": a.state,
                    "roles": list(a.roles),
                    "source": a.source,
                    "basis": a.basis,
                }
                for a in self.authorities
            ],
        }


@dataclass(frozen=True, slots=True)
class Excluded:
    """An instrument that does not apply; ``provision`` is what excludes it, ``missing`` facts would bring it in."""

    instrument: str
    why: str
    provision: str
    reason: Reason
    measures: tuple[str, ...]
    missing: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the exclusion as the contract of ``--json`` has it."""
        return {
            "instrument": self.instrument,
            "why": self.why,
            "provision": self.provision,
            "measures": list(self.measures),
            "missing": list(self.missing),
        }


@dataclass(frozen=True, slots=True)
class Ask:
    """A question back: a fact that was not given and would change the answer; ``because`` is what it decides on."""

    fact: str
    en: str
    uk: str
    because: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the question as JSON."""
        return {"fact": self.fact, "question": self.en, "because": list(self.because)}


@dataclass(frozen=True)
class Resolution:
    """The answer to a question. ``fallback``: no treaty binds; ``reciprocity`` then says what holds instead."""

    question: Question
    release: str
    lawbase_digest: str
    bases: tuple[Basis, ...]
    excluded: tuple[Excluded, ...]
    fallback: bool
    reciprocity: tuple[Rule, ...]
    questions: tuple[Ask, ...]
    alternatives: tuple[Rule, ...]
    titles: Mapping[str, tuple[str, str]]

    @cached_property
    def digest(self) -> Digest:
        """The digest of the canonical JSON of the answer."""
        return Digest.of(self.canonical())

    def canonical(self) -> bytes:
        """Return the RFC 8785 bytes of the answer."""
        return canonical(self.to_json())

    def basis(self, instrument: str) -> Basis | None:
        """Return the basis that is, or is read with, an instrument."""
        return next((b for b in self.bases if instrument in (b.instrument, *b.with_)), None)

    def to_json(self) -> dict[str, Any]:
        """Return the answer as the contract of ``--json`` has it.

        Instruments read together with a basis follow it as entries of their own with the same rank and the basis in
        ``joined_to``, so that whoever looks for one of them finds it.
        """
        return {
            "question": self.question.to_json(),
            "lawbase": {"release": self.release, "digest": self.lawbase_digest},
            "bases": [entry for basis in self.bases for entry in (basis.to_json(), *self._joined(basis))],
            "excluded": [one.to_json() for one in self.excluded],
            "fallback": self.fallback,
            "reciprocity": [rule.to_json() for rule in self.reciprocity],
            "questions": [ask.to_json() for ask in self.questions],
            "alternatives": [rule.to_json() for rule in self.alternatives],
        }

    def _joined(self, basis: Basis) -> list[dict[str, Any]]:
        entries = []
        for name in basis.with_:
            title, reference = self.titles[name]
            entries.append(
                {
                    "instrument": name,
                    "title": title,
                    "reference": reference,
                    "rank": basis.rank,
                    "status": basis.status,
                    "why": f"Read together with {basis.instrument}.",
                    "joined_to": basis.instrument,
                    "measures": list(basis.measures),
                    "rules": [rule.to_json() for rule in basis.rules if rule.instrument == name],
                }
            )
        return entries
