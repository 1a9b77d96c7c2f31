"""What a request needs of the answer of the law: one legal basis, its rules, and who gave the answer.

These are the shapes of `comity.law.Resolution` and its parts, as far as this package reads them. Where nothing binds the
two states the basis is reciprocity: `chosen` then carries the rules of reciprocity and no instrument.
"""

# ruff: noqa: D102  the members are explained in comity.law
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from comity.request.errors import OtherQuestionError
from comity.values import Digest, StateCode

__all__ = ["Answer", "Chosen", "LegalBasis", "Question", "Rule", "chosen"]


class Rule(Protocol):
    """A provision as it applies between the two states."""

    @property
    def provision(self) -> str: ...
    @property
    def article(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def value(self) -> str | tuple[str, ...] | None: ...
    @property
    def text(self) -> str: ...
    @property
    def uk(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def basis(self) -> str: ...
    @property
    def unsure(self) -> bool: ...
    @property
    def of_state(self) -> StateCode | None: ...
    @property
    def amount(self) -> int | None: ...
    @property
    def unit(self) -> str: ...


class LegalBasis(Protocol):
    """An instrument that applies, with the protocols joined to it."""

    @property
    def instrument(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def reference(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def with_(self) -> tuple[str, ...]: ...
    @property
    def measures(self) -> tuple[str, ...]: ...
    @property
    def rules(self) -> Sequence[Rule]: ...


class Question(Protocol):
    """Who asks whom for what."""

    @property
    def requesting(self) -> StateCode: ...
    @property
    def requested(self) -> StateCode: ...
    @property
    def measures(self) -> tuple[str, ...]: ...
    @property
    def offences(self) -> tuple[str, ...]: ...
    @property
    def facts(self) -> Mapping[str, str | int | bool | date]: ...
    @property
    def on(self) -> date: ...


class Answer(Protocol):
    """The resolution of a question."""

    @property
    def question(self) -> Question: ...
    @property
    def release(self) -> str: ...
    @property
    def lawbase_digest(self) -> str: ...
    @property
    def bases(self) -> Sequence[LegalBasis]: ...
    @property
    def fallback(self) -> bool: ...
    @property
    def reciprocity(self) -> Sequence[Rule]: ...
    @property
    def digest(self) -> Digest: ...


@dataclass(frozen=True, slots=True)
class Chosen:
    """The basis a request is written on; ``instrument`` is empty for reciprocity. ``measures`` are those it serves."""

    instrument: str
    title: str
    reference: str
    joined: tuple[str, ...]
    rules: tuple[Rule, ...]
    measures: tuple[str, ...]

    def of(self, kind: str) -> tuple[Rule, ...]:
        """Return the rules of a kind."""
        return tuple(rule for rule in self.rules if rule.kind == kind)


def chosen(resolution: Answer, instrument: str | None = None) -> Chosen:
    """Return the basis of an instrument, or by default the first in precedence that serves every measure asked for.

    Where none serves all, it is the first that serves some. One that is residual (another governs the procedure) is
    taken only where it is named. Where nothing is left, the basis is reciprocity; an empty ``instrument`` names it too.
    """
    asked = set(resolution.question.measures)
    live = [basis for basis in resolution.bases if basis.status != "residual"]
    whole = [basis for basis in live if asked <= set(basis.measures)]
    found = (
        [basis for basis in resolution.bases if basis.instrument == instrument]
        if instrument is not None
        else whole or live
    )
    if found:
        one = found[0]
        return Chosen(one.instrument, one.title, one.reference, tuple(one.with_), tuple(one.rules), tuple(one.measures))
    if instrument:
        raise OtherQuestionError(
            f"{instrument} is no legal basis of this resolution.",
            remedy=f"Choose one of {', '.join(basis.instrument for basis in resolution.bases) or 'none: reciprocity'}.",
        )
    return Chosen("", "", "", (), tuple(resolution.reciprocity), tuple(resolution.question.measures))
