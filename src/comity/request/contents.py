"""The table that says what a provision means by each required content, in fields of the draft.

Read from ``forms/contents.yaml`` of the law base; unknown keys, kinds and groups are refused with the file's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import comity_lawbase

from comity.law import strict_yaml
from comity.law.form import FormTableError, Label

__all__ = ["OWN", "Content", "Contents", "FieldKind", "Part", "Row", "contents"]

OWN = "own"
"""Stands in the table for a free statement kept under the content's own id."""


class FieldKind(StrEnum):
    """How a field is filled in."""

    LINE = "line"
    PROSE = "prose"
    DATE = "date"
    FLAG = "flag"
    NUMBER = "number"
    STATE = "state"
    AUTHORITY = "authority"
    LANGUAGE = "language"
    MEASURES = "measures"
    OFFENCE = "offence"
    PERSON_ROLE = "person-role"
    OFFENCES = "offences"
    PERSONS = "persons"
    ACCOUNTS = "accounts"
    PHONES = "phones"
    ITEMS = "items"
    FORMALITIES = "formalities"
    CONTACTS = "contacts"
    SPAN = "span"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of each entry of a repeated field."""

    id: str
    label: Label
    kind: FieldKind
    core: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A field of the draft as the table has it; ``core`` ones are asked whatever the basis."""

    id: str
    group: str
    kind: FieldKind
    label: Label
    help: Label
    core: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """A required content: the paths of the fields that hold it, whether it is asked only as far as it is known."""

    id: str
    label: Label
    paths: tuple[str, ...]
    possible: bool
    measures: frozenset[str]


@dataclass(frozen=True, slots=True)
class Contents:
    """The whole table."""

    groups: Mapping[str, Label]
    fields: Mapping[str, Row]
    contents: Mapping[str, Content]


def contents(root: Path | None = None) -> Contents:
    """Return the table of the law base at ``root``, by default the installed one."""
    return _contents(root or comity_lawbase.root())


@lru_cache(maxsize=4)
def _contents(root: Path) -> Contents:
    path = root / "forms" / "contents.yaml"
    table = strict_yaml.read(path)
    try:
        groups = {name: Label(**row) for name, row in table["groups"].items()}
        parts = {name: tuple(_part(key, row) for key, row in rows.items()) for name, rows in table["parts"].items()}
        fields = {name: _row(name, row, parts.get(name, ())) for name, row in table["fields"].items()}
        found = {name: _content(name, **row) for name, row in table["contents"].items()}
        strange = {row.group for row in fields.values()} - set(groups)
        strange |= {p for one in found.values() for p in one.paths if p != OWN and not _known(p, fields)}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FormTableError(f"{path}: {error}.", file=str(path)) from error
    if strange:
        raise FormTableError(f"{path}: there is no {', '.join(sorted(strange))}.", file=str(path))
    return Contents(groups, fields, found)


def _known(path: str, fields: Mapping[str, Row]) -> bool:
    name, _, part = path.partition(".")
    return path in fields or (name in fields and part in {p.id for p in fields[name].parts})


def _part(name: str, row: Mapping[str, Any]) -> Part:
    rest = dict(row)
    return Part(name, Label(rest.pop("en"), rest.pop("uk")), FieldKind(rest.pop("kind")), core=_core(rest))


def _row(name: str, row: Mapping[str, Any], parts: tuple[Part, ...]) -> Row:
    rest = dict(row)
    label, help_ = Label(rest.pop("en"), rest.pop("uk")), Label(rest.pop("help_en"), rest.pop("help_uk"))
    return Row(name, rest.pop("group"), FieldKind(rest.pop("kind")), label, help_, core=_core(rest), parts=parts)


def _core(rest: dict[str, Any]) -> bool:
    core = bool(rest.pop("core", "") == "yes")
    if rest:
        raise ValueError(f"unknown keys {', '.join(rest)}")
    return core


def _content(name: str, *, en: str, uk: str, fields: list[str], possible: str = "", **rest: Any) -> Content:
    measures = frozenset(rest.pop("for", ()))
    if rest:
        raise ValueError(f"unknown keys {', '.join(rest)} in {name}")
    return Content(name, Label(en, uk), tuple(fields), possible == "yes", measures)
