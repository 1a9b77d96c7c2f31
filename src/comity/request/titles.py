"""The words of the letter and what ids are called, in English and Ukrainian, from the law base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import comity_lawbase

from comity.law import strict_yaml
from comity.law.form import FormTableError, Label

__all__ = ["Section", "Statement", "Titles", "titles"]

VOCABULARIES = ("measures", "offences", "kinds", "values", "grounds", "eu32")


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a form that has its own: its letter, its title, the ids of the fields in it."""

    id: str
    title: Label
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A free statement a form offers though no provision names it: its label and its help."""

    id: str
    label: Label
    help: Label


@dataclass(frozen=True, slots=True)
class Titles:
    """``words`` of the letter, ``forms`` their titles, ``openings`` their first sentence where it is their own.

    ``listed`` are the categories of the 32 listed offences (Annex D of the EIO Directive) an offence may fall under.
    """

    words: Mapping[str, Label]
    forms: Mapping[str, Label]
    roles: Mapping[str, Label]
    openings: Mapping[str, Label]
    sections: Mapping[str, tuple[Section, ...]]
    statements: Mapping[str, Statement]
    vocabulary: Mapping[str, Mapping[str, Label]]
    listed: Mapping[str, tuple[str, ...]]
    root: Path

    def of(self, vocabulary: str, name: str) -> Label:
        """Return what the law base calls an id; one it has no title for stands for itself."""
        return self.vocabulary[vocabulary].get(name) or Label(name, name)

    def word(self, name: str) -> Label | None:
        """Return the title of a value of a rule, a ground, measure or offence among them; None where it has none."""
        found = (self.vocabulary[part].get(name) for part in ("values", "grounds", "measures", "offences"))
        return next((label for label in found if label), None)

    def instrument(self, id_: str) -> tuple[Label, str]:
        """Return the title of an instrument and how it is cited; one the law base does not know stands for itself."""
        path = self.root / "instruments" / id_.replace("-", "/", 1) / "instrument.yaml"
        if not id_ or not path.is_file():
            return Label(id_, id_), id_
        row = strict_yaml.read(path)
        return Label(row["title"], row.get("uk", row["title"])), row.get("reference", id_)


def titles(root: Path | None = None) -> Titles:
    """Return the titles of the law base at ``root``, by default the installed one."""
    return _titles(root or comity_lawbase.root())


@lru_cache(maxsize=4)
def _titles(root: Path) -> Titles:
    path = root / "forms" / "titles.yaml"
    table = strict_yaml.read(path)
    try:
        words, forms, roles, openings = (
            {name: Label(**row) for name, row in table[part].items()}
            for part in ("words", "titles", "roles", "opening")
        )
        sections = {
            form: tuple(_section(id_, **row) for id_, row in rows.items()) for form, rows in table["sections"].items()
        }
        statements = {name: _statement(name, **row) for name, row in table["statements"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise FormTableError(f"{path}: {error}.", file=str(path)) from error
    named = {name: _named(root, name) for name in VOCABULARIES}
    return Titles(words, forms, roles, openings, sections, statements, named, _listed(root), root)


def _section(id_: str, *, en: str, uk: str, fields: list[str]) -> Section:
    return Section(id_, Label(en, uk), tuple(fields))


def _statement(id_: str, *, en: str, uk: str, help_en: str, help_uk: str) -> Statement:
    return Statement(id_, Label(en, uk), Label(help_en, help_uk))


def _listed(root: Path) -> Mapping[str, tuple[str, ...]]:
    path = root / "vocabulary" / "offences.yaml"
    rows: Mapping[str, Any] = strict_yaml.read(path) if path.is_file() else {}
    return {id_: tuple(row.get("eu32", ())) for id_, row in rows.items()}


def _named(root: Path, name: str) -> Mapping[str, Label]:
    path = root / "vocabulary" / f"{name}.yaml"
    rows: Mapping[str, Any] = strict_yaml.read(path) if path.is_file() else {}
    return {
        id_: Label(row["title"], row.get("uk", row["title"]))
        for id_, row in rows.items()
        if isinstance(row, Mapping) and "title" in row
    }
