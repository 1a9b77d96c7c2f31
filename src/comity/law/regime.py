"""What the resolver knows beside the instruments: forms and kin of measures, facts, sides, principles, transitions.

These are the documents of the law base below ``facts``, ``scope``, ``precedence``, ``transitions`` and ``reciprocity``,
read into typed values. Nothing here names an instrument: the documents do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from comity.law.errors import SchemaError
from comity.values import StateCode, day

__all__ = [
    "Documents",
    "FactKind",
    "FactTerm",
    "Kin",
    "Mutual",
    "Older",
    "Principle",
    "Regime",
    "Reserve",
    "Transition",
    "read",
]


class Documents(Protocol):
    """The part of the law base that is read here: parsed files by their path without ``.yaml``."""

    @property
    def documents(self) -> Mapping[str, Any]:
        """Parsed files by path."""
        ...


class FactKind(StrEnum):
    """How the value of a fact is written."""

    YES_NO = "yes_no"
    MONTHS = "months"
    WORD = "word"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class FactTerm:
    """One fact a question may carry; ``values`` for words only."""

    id: str
    kind: FactKind
    values: tuple[str, ...]
    en: str
    uk: str


@dataclass(frozen=True, slots=True)
class Kin:
    """Which other measures' rules a measure shares: always, where it takes coercion, or their time limits only."""

    evidence: str
    evidence_forms: frozenset[str]
    always: Mapping[str, tuple[str, ...]]
    coercive: Mapping[str, tuple[str, ...]]
    limits: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Principle:
    """A ground on which one of two instruments goes before the other where no clause of either orders them."""

    id: str
    test: str
    en: str
    uk: str
    source: str
    basis: str


@dataclass(frozen=True, slots=True)
class Transition:
    """Instruments that go on for what began before a state left: ``fact`` (a date) not after ``until``."""

    id: str
    instruments: tuple[str, ...]
    state: StateCode
    fact: str
    until: date
    asked_until: date
    article: str
    en: str
    uk: str
    source: str
    basis: str


@dataclass(frozen=True, slots=True)
class Older:
    """An instrument the requested ``state`` does not apply where ``fact``, a day, lies ``before`` another."""

    id: str
    instrument: str
    state: StateCode
    fact: str
    before: date
    article: str
    source: str
    basis: str


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether an instrument reaches a territory of a state bound by it: ``reaches`` from ``since`` to ``until``, both included."""

    territory: StateCode
    instrument: str
    reaches: bool
    since: date | None
    until: date | None
    article: str
    source: str
    basis: str


@dataclass(frozen=True, slots=True)
class Reserve:
    """A line of the answer where nothing binds, or an alternative form.

    ``state`` narrows it to one state, ``measures`` and ``groups`` to some measures, ``offences`` to some offences.
    """

    id: str
    kind: str
    value: str | tuple[str, ...] | None
    en: str
    uk: str
    article: str
    source: str
    basis: str
    unsure: bool
    state: StateCode | None
    side: str
    measures: tuple[str, ...]
    groups: tuple[str, ...]
    forms: tuple[str, ...]
    offences: tuple[str, ...]
    measure: str


@dataclass(frozen=True, slots=True)
class Mutual:
    """A kind of declaration that may be held against the state that made it; ``instruments`` empty: under any."""

    kind: str
    instruments: tuple[str, ...]
    article: str
    text: str


@dataclass(frozen=True, slots=True)
class Regime:
    """Everything of this module, read once per law base."""

    facts: Mapping[str, FactTerm]
    measure_forms: Mapping[str, tuple[str, ...]]
    named_only: frozenset[str]
    left_out: Mapping[str, tuple[str, ...]]
    kin: Kin
    chapters: Mapping[str, Mapping[str, tuple[str, ...]]]
    partners: Mapping[str, frozenset[StateCode]]
    parts: Mapping[StateCode, StateCode]
    territories: Mapping[StateCode, StateCode]
    extensions: Mapping[tuple[StateCode, str], Reach]
    principles: tuple[Principle, ...]
    transitions: tuple[Transition, ...]
    older: tuple[Older, ...]
    reciprocity: tuple[Reserve, ...]
    alternatives: tuple[Reserve, ...]
    mutual: tuple[Mutual, ...]


def read(base: Documents) -> Regime:
    """Read the documents; raise `SchemaError` naming the one that is missing or misshapen."""
    of = _Reader(base.documents)
    forms = of("scope/measure-forms", "forms", "named_only", "left_out")
    lands = of("scope/territories", "parts", "territories", "extensions")
    reach = of.rows("scope/territories", "extensions", _reach, beside=("parts", "territories"))
    kin = of("scope/measure-kin", "evidence", "evidence_forms", "kin", "coercive", "limits")
    return Regime(
        facts={name: _fact(name, row) for name, row in of("facts/facts", "facts")["facts"].items()},
        measure_forms=_lists(forms["forms"]),
        named_only=frozenset(forms["named_only"]),
        left_out=_lists(forms["left_out"]),
        kin=Kin(
            kin["evidence"],
            frozenset(kin["evidence_forms"]),
            _lists(kin["kin"]),
            _lists(kin["coercive"]),
            _lists(kin["limits"]),
        ),
        chapters={k: _lists(v) for k, v in of("scope/chapters", "chapters")["chapters"].items()},
        partners={k: frozenset(map(StateCode, v)) for k, v in of("scope/sides", "partners")["partners"].items()},
        parts=_codes(lands["parts"]),
        territories=_codes(lands["territories"]),
        extensions={(one.territory, one.instrument): one for one in reach},
        principles=tuple(of.rows("precedence/principles", "principles", _principle)),
        transitions=tuple(of.rows("transitions/transitions", "transitions", _transition, beside=("older",))),
        older=tuple(of.rows("transitions/transitions", "older", _older, beside=("transitions",))),
        reciprocity=tuple(of.rows("reciprocity/no-treaty", "rules", _reserve)),
        alternatives=tuple(of.rows("reciprocity/alternatives", "alternatives", _reserve)),
        mutual=tuple(of.rows("reciprocity/between-parties", "reciprocal", _mutual)),
    )


class _Reader:
    """Fetches a document and checks its keys; ``source`` and ``basis`` stand on every one."""

    def __init__(self, documents: Mapping[str, Any]) -> None:
        self.documents = documents

    def __call__(self, path: str, *keys: str) -> Mapping[str, Any]:
        found = self.documents.get(path)
        wanted = {*keys, "source", "basis"}
        if not isinstance(found, Mapping) or set(found) != wanted:
            has = ", ".join(sorted(found)) if isinstance(found, Mapping) else "nothing"
            raise SchemaError(
                f"{path}.yaml must hold {', '.join(sorted(wanted))}; it holds {has}.", file=f"{path}.yaml"
            )
        return found

    def rows(self, path: str, key: str, make: Any, *, beside: tuple[str, ...] = ()) -> Sequence[Any]:
        document = self(path, key, *beside)
        made = []
        for number, row in enumerate(document[key]):
            whole = {"source": document["source"], "basis": document["basis"], **row}
            try:
                made.append(make(whole))
            except (KeyError, TypeError, ValueError) as error:
                raise SchemaError(f"{path}.yaml, entry {number + 1}: {error} is missing or misshapen.") from error
        return made


def _codes(rows: Mapping[str, str]) -> dict[StateCode, StateCode]:
    return {StateCode(one): StateCode(other) for one, other in rows.items()}


def _lists(rows: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values) for name, values in rows.items()}


def _fact(name: str, row: Mapping[str, Any]) -> FactTerm:
    return FactTerm(name, FactKind(row["kind"]), tuple(row.get("values", ())), row["en"], row["uk"])


def _only(row: Mapping[str, Any], *keys: str) -> None:
    if unknown := set(row) - {*keys, "source", "basis"}:
        raise ValueError(f"{', '.join(sorted(unknown))} (unknown key)")


def _principle(row: Mapping[str, Any]) -> Principle:
    _only(row, "id", "test", "en", "uk")
    return Principle(row["id"], row["test"], row["en"], row["uk"], row["source"], row["basis"])


def _older(row: Mapping[str, Any]) -> Older:
    _only(row, "id", "instrument", "state", "fact", "before", "article")
    return Older(
        row["id"],
        row["instrument"],
        StateCode(row["state"]),
        row["fact"],
        day(row["before"]),
        row["article"],
        row["source"],
        row["basis"],
    )


def _reach(row: Mapping[str, Any]) -> Reach:
    _only(row, "territory", "instrument", "reaches", "since", "until", "article")
    since, until = row.get("since"), row.get("until")
    return Reach(
        StateCode(row["territory"]),
        row["instrument"],
        {"yes": True, "no": False}[row["reaches"]],
        day(since) if since else None,
        day(until) if until else None,
        row["article"],
        row["source"],
        row["basis"],
    )


def _mutual(row: Mapping[str, Any]) -> Mutual:
    _only(row, "kind", "instruments", "article", "text")
    return Mutual(row["kind"], tuple(row.get("instruments", ())), row["article"], row["text"])


def _transition(row: Mapping[str, Any]) -> Transition:
    _only(row, "id", "instruments", "state", "fact", "until", "asked_until", "article", "en", "uk")
    return Transition(
        row["id"],
        tuple(row["instruments"]),
        StateCode(row["state"]),
        row["fact"],
        day(row["until"]),
        day(row["asked_until"]),
        row["article"],
        row["en"],
        row["uk"],
        row["source"],
        row["basis"],
    )


def _reserve(row: Mapping[str, Any]) -> Reserve:
    _only(
        row,
        "id",
        "kind",
        "value",
        "en",
        "uk",
        "article",
        "unsure",
        "state",
        "side",
        "measures",
        "groups",
        "forms",
        "offences",
        "measure",
    )
    value = row.get("value")
    return Reserve(
        id=row["id"],
        kind=row["kind"],
        value=tuple(value) if isinstance(value, list) else value,
        en=row["en"],
        uk=row["uk"],
        article=row["article"],
        source=row["source"],
        basis=row["basis"],
        unsure=row.get("unsure") == "true",
        state=StateCode(row["state"]) if "state" in row else None,
        side=row.get("side", "requested"),
        measures=tuple(row.get("measures", ())),
        groups=tuple(row.get("groups", ())),
        forms=tuple(row.get("forms", ())),
        offences=tuple(row.get("offences", ())),
        measure=row.get("measure", ""),
    )
