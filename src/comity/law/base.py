"""The law base: loaded from its files, checked, indexed. One object, the same for everyone who asks.

``LawBase.load()`` reads the installed law base; nothing of it is used before every file has the shape of its kind, every name
it uses is in the closed lists, and every id equals its path. What the files say is then fixed; two loads of the same files
are the same law and have the same digest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

import comity_lawbase

from comity.law import files as files_
from comity.law import reading, vocabulary
from comity.law.conflict import agree
from comity.law.documents import hold_documents
from comity.law.model import (
    Authority,
    Declaration,
    Event,
    Instrument,
    Measure,
    NotBound,
    Note,
    Offence,
    Relation,
    Rule,
    Term,
    TreatyClass,
)
from comity.law.participation import Membership, fold
from comity.law.references import hold
from comity.values import StateCode

__all__ = ["LawBase"]

PLACES = {
    "instrument": r"instruments/[a-z]+/[a-z0-9-]+/instrument",
    "participation": r"instruments/[a-z]+/[a-z0-9-]+/participation",
    "relation": r"instruments/[a-z]+/[a-z0-9-]+/relations/[a-z0-9-]+",
    "rule": r"instruments/[a-z]+/[a-z0-9-]+/article-[a-z0-9-]+/[a-z0-9_-]+",
    "declaration": r"instruments/[a-z]+/[a-z0-9-]+/declarations/[a-z]+/article-[a-z0-9-]+/[a-z0-9_-]+",
    "condition": r"states/[a-z]{2}/conditions/(?:[a-z0-9-]+/)?article-[a-z0-9-]+/[a-z0-9_-]+",
    "authority": r"states/[a-z]{2}/authorities/[a-z0-9-]+",
    "word": r"vocabulary/[a-z0-9_]+",
    "form": r"forms/[a-z0-9-]+",
    "document": r"(?:facts|methods|precedence|reciprocity|scope|transitions)/[a-z0-9/_-]+",
}
"""Where each kind of file lies; a file anywhere else is refused."""

_NOT_DOCUMENTS = ("instruments/", "states/", "vocabulary/", "forms/")


class LawBase:
    """The whole law base. Mappings are by id and must not be changed; ``documents`` are files other parts give shape to.

    ``root`` is where its wording in other languages lies (`comity.law.catalogue`), which is no part of the law.
    """

    def __init__(self, content: Mapping[str, Any], *, release: str, digest: str, root: Path | None = None) -> None:
        reading.placed(content, PLACES)
        words = vocabulary.read(content)
        read = {name: tuple(reading.each(content, PLACES[name], reader)) for name, reader in _READERS.items()}
        self.release = release
        self.digest = digest
        self.root = root or comity_lawbase.root()
        self.measures: Mapping[str, Measure] = words.measures
        self.offences: Mapping[str, Offence] = words.offences
        self.treaty_classes: Mapping[str, TreatyClass] = words.treaty_classes
        self.outside: Mapping[str, Term] = words.outside
        self.notes: Mapping[str, Note] = words.notes
        self.vocabulary: Mapping[str, Mapping[str, Term]] = words.terms
        self.threshold_years: int = words.threshold_years
        self.instruments: Mapping[str, Instrument] = {one.id: one for one in read["instrument"]}
        self.rules: Mapping[str, Rule] = {one.id: one for one in read["rule"]}
        self.relations: tuple[Relation, ...] = read["relation"]
        self.declarations: Mapping[str, Declaration] = {
            one.id: one for one in (*read["declaration"], *read["condition"])
        }
        self.authorities: Mapping[str, Authority] = {one.id: one for one in read["authority"]}
        self.documents: Mapping[str, Any] = {k: v for k, v in content.items() if not k.startswith(_NOT_DOCUMENTS)}
        self.parties: Mapping[str, Mapping[StateCode, Membership]]
        self.not_bound: Mapping[tuple[str, StateCode], NotBound]
        self.completeness: Mapping[str, Mapping[str, str]]
        self._take(read["participation"])
        hold(self)
        hold_documents(self)
        agree(self)

    @classmethod
    def load(cls, root: Path | None = None, *, cache: Path | None = None) -> LawBase:
        """Load the law base at ``root``, by default the installed one; ``cache`` is a folder for its compiled form."""
        installed = comity_lawbase.root()
        found = files_.gather(root or installed)
        digest = files_.digest_of(found)
        content = files_.parsed(found) if cache is None else files_.compiled(found, digest, cache)
        same = root is None or root.resolve() == installed
        return cls(content, release=_release() if same else "unreleased", digest=digest, root=root)

    @classmethod
    def kept(cls, digest: str, folder: Path, *, release: str) -> LawBase | None:
        """Return the law base kept compiled in a folder under a digest, or None where it is not there."""
        content = files_.kept(digest, folder)
        return None if content is None else cls(content, release=release, digest=digest)

    def _take(self, read: Iterable[tuple[Mapping[StateCode, tuple[Event, ...]], tuple[NotBound, ...], Any]]) -> None:
        parties: dict[str, dict[StateCode, Membership]] = {name: {} for name in self.instruments}
        absent: dict[tuple[str, StateCode], NotBound] = {}
        told: dict[str, Mapping[str, str]] = {}
        for events, not_bound, row in read:
            parts = row.file.split("/")
            name = f"{parts[1]}-{parts[2]}"
            if name not in self.instruments:
                raise row.wrong(f"there is no instrument {name} beside it")
            parties[name] = {state: fold(self.instruments[name], state, each) for state, each in events.items()}
            absent |= {(name, one.state): one for one in not_bound}
            told[name] = {key: row.text(key, "") for key in ("completeness", "as_of", "source", "basis", "note")}
        self.parties, self.not_bound, self.completeness = parties, absent, told

    def membership(self, instrument: str, state: StateCode) -> Membership:
        """Return a state's participation in an instrument; a state without any has a membership without events."""
        found = self.parties[instrument].get(state)
        return found if found is not None else Membership(instrument, state, (), (), ())

    @cached_property
    def rules_of(self) -> Mapping[str, tuple[Rule, ...]]:
        """Rules by instrument, in the order of their paths; an instrument without rules has none."""
        return _grouped(self.rules.values(), lambda one: one.instrument, self.instruments)

    @cached_property
    def declarations_of(self) -> Mapping[tuple[StateCode, str], tuple[Declaration, ...]]:
        """Declarations by (state, instrument); conditions of domestic law stand under the instrument ``*``."""
        return _grouped(self.declarations.values(), lambda one: (one.state, one.instrument), ())

    @cached_property
    def relations_from(self) -> Mapping[str, tuple[Relation, ...]]:
        """Relations by the instrument they start at."""
        return _grouped(self.relations, lambda one: one.of, self.instruments)

    @cached_property
    def relations_to(self) -> Mapping[str, tuple[Relation, ...]]:
        """Relations by the instrument they point at."""
        return _grouped(self.relations, lambda one: one.target.instrument, self.instruments)

    @cached_property
    def relations_to_class(self) -> Mapping[str, tuple[Relation, ...]]:
        """Relations by the class of treaties they point at."""
        return _grouped(self.relations, lambda one: one.target.treaties, self.treaty_classes)

    @cached_property
    def protocols_of(self) -> Mapping[str, tuple[str, ...]]:
        """The instruments that never stand without an instrument, by the latter."""
        pairs = [(mother, one.id) for one in self.instruments.values() for mother in one.mothers]
        return {name: tuple(child for mother, child in pairs if mother == name) for name in self.instruments}

    @cached_property
    def _by_state(self) -> Mapping[StateCode, tuple[Authority, ...]]:
        return _grouped(self.authorities.values(), lambda one: one.state, ())

    def authorities_of(self, state: StateCode) -> tuple[Authority, ...]:
        """Return the authorities of a state."""
        return self._by_state.get(state, ())


_READERS: Mapping[str, Any] = {
    "instrument": reading.instrument,
    "participation": reading.participation,
    "relation": reading.relation,
    "rule": reading.rule,
    "declaration": reading.declaration,
    "condition": reading.declaration,
    "authority": reading.authority,
}

_T = TypeVar("_T")
_K = TypeVar("_K")


def _grouped(many: Iterable[_T], key: Callable[[_T], _K], at_least: Iterable[_K]) -> Mapping[_K, tuple[_T, ...]]:
    found: dict[_K, list[_T]] = {name: [] for name in at_least}
    for one in many:
        found.setdefault(key(one), []).append(one)
    return {name: tuple(each) for name, each in found.items()}


def _release() -> str:
    try:
        return version("comity-lawbase")
    except PackageNotFoundError:
        return "unreleased"
