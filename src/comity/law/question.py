"""The question to the law: who asks whom, for which measures, for which offences, on which day, with which facts.

`Question.read` takes what people and other programs write and refuses what is not in the closed lists, with the nearest
known values. A fact that is not given is not false; see `comity.law.scope`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from comity.law.base import LawBase
from comity.law.errors import QuestionError
from comity.law.index import Index, index_of
from comity.law.regime import FactKind, FactTerm
from comity.values import StateCode, day, state

__all__ = ["EARLIEST", "Facts", "Question", "asked_on", "known", "measures_of"]

Facts = Mapping[str, str | int | bool | date]
"""Values as read: yes/no as bool, months as int, words as str, days as date."""

EARLIEST = date(1950, 1, 1)
"""The first day a question may be about."""
LATEST = date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Question:
    """A question; ``on`` is the day of the request. Made by `Question.read`, which checks every part."""

    requesting: StateCode
    requested: StateCode
    measures: tuple[str, ...]
    offences: tuple[str, ...]
    on: date
    facts: Facts = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        *,
        requesting: str,
        requested: str,
        measures: Iterable[str],
        on: str | date,
        offences: Iterable[str] = (),
        facts: Mapping[str, Any] | None = None,
        base: LawBase | None = None,
    ) -> Question:
        """Read a question against a law base, by default the installed one.

        Raise `ValueRefusedError` for a state or day, `QuestionError` for a measure, offence or fact that does not exist
        (field ``nearest``), for a state that asks itself, and for a question that names no measure.
        """
        index = index_of(base if base is not None else _installed())
        here, there = state(requesting), state(requested)
        if here == there:
            raise QuestionError(
                f"{here} asks itself.",
                cause="The same state was given twice.",
                remedy="Name the state whose authorities are to act as the requested one.",
                value=requested,
            )
        lands = {**index.regime.territories, **index.regime.parts}
        if lands.get(here, here) == lands.get(there, there):
            raise QuestionError(
                f"{here} and {there} belong to one state.",
                cause="Between parts of a state no treaty applies.",
                remedy="Assistance between them follows that state's own law.",
                value=requested,
            )
        asked = measures_of(measures, index.base)
        if not asked:
            raise QuestionError(
                "The question names no measure.",
                cause="Nothing was asked of the requested state.",
                remedy="Name at least one measure, for example any_evidence.",
            )
        return cls(
            requesting=here,
            requested=there,
            measures=asked,
            offences=tuple(dict.fromkeys(known(name, index.base.offences, "an offence") for name in offences)),
            on=asked_on(on),
            facts={name: _fact(name, value, index.regime.facts) for name, value in sorted((facts or {}).items())},
        )

    def to_json(self) -> dict[str, Any]:
        """Return the question as JSON says it; days in ISO 8601, yes/no as booleans, months as integers."""
        return {
            "requesting": str(self.requesting),
            "requested": str(self.requested),
            "measures": list(self.measures),
            "offences": list(self.offences),
            "on": self.on.isoformat(),
            "facts": {k: v.isoformat() if isinstance(v, date) else v for k, v in sorted(self.facts.items())},
        }


def measures_of(names: Iterable[str], base: LawBase) -> tuple[str, ...]:
    """Read the names of measures, each once; raise `QuestionError` for one that does not exist."""
    index = index_of(base)
    return tuple(dict.fromkeys(_measure(name, index) for name in names))


@lru_cache(maxsize=1)
def _installed() -> LawBase:
    return LawBase.load()


def asked_on(value: str | date) -> date:
    """Read the day a question is about; raise `QuestionError` for one the law base does not reach."""
    on = value if isinstance(value, date) else day(value)
    if not EARLIEST <= on < LATEST:
        raise QuestionError(
            f"The law base does not reach {on}.",
            cause=f"It holds the law from {EARLIEST.year} on, and a day after {LATEST.year} is a slip of the pen.",
            remedy="Correct the year.",
            value=on.isoformat(),
        )
    return on


def _measure(name: str, index: Index) -> str:
    word = name.strip()
    return index.aliases.get(word.casefold()) or known(word, index.base.measures, "a measure")


def known(name: str, among: Mapping[str, Any], what: str) -> str:
    """Return a word of a closed list as it is written there; raise `QuestionError` with the nearest for another."""
    word = name.strip()
    if word in among:
        return word
    folded = re.sub(r"[\s-]+", "_", word.casefold())
    if folded in among:
        return folded
    raise _unknown(word, tuple(among), what)


def _unknown(word: str, among: tuple[str, ...], what: str) -> QuestionError:
    folded = re.sub(r"[\s-]+", "_", word.casefold())
    near = difflib.get_close_matches(folded, among, n=4, cutoff=0.5)
    near += [x for x in among if folded and (folded in x or x in folded) and x not in near]
    return QuestionError(
        f"{word[:80]!r} is not {what} the law base knows.",
        cause="It is misspelt, or called by another name here.",
        remedy=f"Did you mean {', '.join(near[:4])}?" if near else f"Choose one of {', '.join(among[:8])}, ...",
        value=word[:80],
        nearest=near[:4],
    )


def _fact(name: str, value: Any, terms: Mapping[str, FactTerm]) -> str | int | bool | date:
    term = terms.get(name)
    if term is None:
        raise _unknown(name, tuple(terms), "a fact")
    found = _VALUE[term.kind](term, value)
    if found is None:
        raise QuestionError(
            f"{value!r} is no value of the fact {name} ({term.en}).",
            cause="Facts have closed values.",
            remedy=_HOW[term.kind].format(values=", ".join(term.values)),
            value=str(value)[:80],
            nearest=difflib.get_close_matches(str(value), term.values, n=3, cutoff=0.4),
        )
    return found


_HOW = {
    FactKind.YES_NO: "Write yes or no.",
    FactKind.MONTHS: "Write a number of months, or of years as 5y.",
    FactKind.WORD: "Write one of {values}.",
    FactKind.DATE: "Write a day as YYYY-MM-DD.",
}


def _yes_no(_: FactTerm, value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"yes": True, "true": True, "no": False, "false": False}.get(str(value).strip().casefold())


def _months(_: FactTerm, value: Any) -> int | None:
    found = re.fullmatch(r"(\d{1,4})\s*(m|months?|y|years?)?", str(value).strip().casefold())
    if isinstance(value, bool) or not found:
        return None
    number, unit = int(found[1]), found[2] or "m"
    return number * 12 if unit.startswith("y") else number


def _word(term: FactTerm, value: Any) -> str | None:
    word = str(value).strip().casefold().replace("-", "_")
    return word if word in term.values else None


def _day(_: FactTerm, value: Any) -> date | None:
    return value if isinstance(value, date) else day(str(value).strip())


_VALUE = {FactKind.YES_NO: _yes_no, FactKind.MONTHS: _months, FactKind.WORD: _word, FactKind.DATE: _day}
