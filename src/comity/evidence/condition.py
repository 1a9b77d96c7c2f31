"""Conditions of use: what the giving state allows, on which provision, checked at every onward use (design section 8).

A condition names the purposes it allows without asking again. Any other purpose needs the consent of the giving state to
this condition (for example ETS No. 182 Art. 26(1)(d), Budapest Convention Art. 28(2)). What law leaves to judgement stays
in the condition's words; the check says what it decided and what a person must decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, Self

from comity.evidence.closed import Closed
from comity.evidence.errors import ExhibitError, UseRefusedError

__all__ = ["Allowed", "Condition", "Purpose", "Use", "check", "require"]


class Purpose(StrEnum):
    """What evidence may be used for."""

    THIS_CASE = "this-case"  # the proceedings the request was made in
    RELATED_CASE = "related-case"  # other proceedings directly related to them
    OTHER_CASE = "other-case"  # other criminal proceedings
    THREAT = "threat"  # preventing an immediate and serious threat to public security
    ONWARD = "onward"  # giving it to another state or an international organisation
    DISCLOSURE = "disclosure"  # making it public


_MEMBERS: Final = ("id", "text", "provision", "source", "allows", "until")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of use. ``provision`` is the article it rests on, ``source`` where the law base has it from.

    ``until`` is the first day on which no use is allowed any more, None without an end.
    """

    id: str
    text: str
    provision: str
    source: str = ""
    allows: tuple[Purpose, ...] = (Purpose.THIS_CASE,)
    until: date | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the members as acts and packages carry them."""
        return {
            "id": self.id,
            "text": self.text,
            "provision": self.provision,
            "source": self.source,
            "allows": [str(purpose) for purpose in self.allows],
            "until": self.until.isoformat() if self.until else None,
        }

    @classmethod
    def read(cls, value: Any, where: str = "condition") -> Self:
        """Read the members back; raise `ExhibitError`."""
        form = Closed(value, _MEMBERS, where, ExhibitError)
        return cls(
            id=form.text("id", limit=300),
            text=form.text("text"),
            provision=form.text("provision", limit=300),
            source=form.text("source", empty=True, limit=1000),
            allows=form.choices("allows", Purpose),
            until=form.day("until"),
        )


@dataclass(frozen=True, slots=True)
class Use:
    """A use that is intended. ``consents`` are ids of conditions whose giving state has consented to this use."""

    purpose: Purpose
    on: date
    consents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Allowed:
    """What one condition says to a use; ``reason`` is a sentence."""

    condition: Condition
    allowed: bool
    reason: str


def check(conditions: Sequence[Condition], use: Use) -> tuple[Allowed, ...]:
    """Hold a use against every condition, in their order; all must allow it."""
    return tuple(_check(condition, use) for condition in conditions)


def require(conditions: Sequence[Condition], use: Use) -> None:
    """Raise `UseRefusedError` where a condition does not allow the use."""
    refused = [found for found in check(conditions, use) if not found.allowed]
    if refused:
        raise UseRefusedError(
            " ".join(found.reason for found in refused), conditions=[found.condition.id for found in refused]
        )


def _check(condition: Condition, use: Use) -> Allowed:
    name = f"The condition {condition.id} ({condition.provision})"
    if condition.until is not None and use.on >= condition.until:
        return Allowed(condition, False, f"{name} allows no use from {condition.until} on.")
    if use.purpose in condition.allows:
        return Allowed(condition, True, f"{name} allows the purpose {use.purpose}.")
    if condition.id in use.consents:
        return Allowed(condition, True, f"{name} does not name the purpose {use.purpose}; consent is recorded.")
    return Allowed(condition, False, f"{name} does not allow the purpose {use.purpose} without consent.")
