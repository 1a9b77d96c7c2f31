"""Whether conditions hold on the facts of a question.

Conditions are a closed vocabulary joined by all-of and any-of (`comity.law.model.When`), never an expression. The answer
has three values: a fact that was not given is neither true nor false; the outcome is then open, and names the facts that
would close it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from comity.law.model import Test, When

__all__ = ["FALSE", "TRUE", "Outcome", "Reach", "evaluate"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``holds`` is None where it is open; ``missing`` are then the facts that would decide, in the order met."""

    holds: bool | None
    missing: tuple[str, ...] = ()


TRUE, FALSE = Outcome(True), Outcome(False)

Reach = Mapping[str, Any]
"""The facts conditions look at, by name."""


def evaluate(when: When, reach: Reach) -> Outcome:
    """Evaluate a condition on the facts of a question."""
    parts = [_each(part, reach) for part in when.all_]
    if when.any_:
        parts.append(_any([_each(part, reach) for part in when.any_]))
    return _all(parts)


def _each(part: Test | When, reach: Reach) -> Outcome:
    return evaluate(part, reach) if isinstance(part, When) else _test(part, reach)


def _all(parts: list[Outcome]) -> Outcome:
    if any(part.holds is False for part in parts):
        return FALSE
    return Outcome(None, _missing(parts)) if any(part.holds is None for part in parts) else TRUE


def _any(parts: list[Outcome]) -> Outcome:
    if any(part.holds for part in parts):
        return TRUE
    return Outcome(None, _missing(parts)) if any(part.holds is None for part in parts) else FALSE


def _missing(parts: list[Outcome]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in parts if part.holds is None for name in part.missing))


def _test(test: Test, reach: Reach) -> Outcome:
    if test.fact not in reach:
        return Outcome(None, (test.fact,))
    value = reach[test.fact]
    if test.at_least is not None:
        return TRUE if isinstance(value, int) and value >= test.at_least else FALSE
    return TRUE if any(word in test.values for word in _SAID[type(value)](value)) else FALSE


_SAID: Mapping[type, Callable[[Any], tuple[str, ...]]] = {
    bool: lambda value: ("yes",) if value else ("no",),
    str: lambda value: (value,),
    int: lambda value: (str(value),),
    date: lambda value: (value.isoformat(),),
    tuple: lambda value: value,
}
