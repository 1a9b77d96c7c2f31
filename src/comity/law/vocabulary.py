"""The closed lists of the law base: words with titles, measures, offences, classes of treaties, notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from comity.law.model import Measure, Note, Offence, Term, TreatyClass, Type
from comity.law.reading import Files
from comity.law.row import Row
from comity.values import StateCode

__all__ = ["TERMS", "Vocabulary", "read"]

TERMS = (
    "coerciveness",
    "conditions",
    "declaration_kinds",
    "effects",
    "eu32",
    "forms",
    "grounds",
    "kinds",
    "measure_groups",
    "request_contents",
    "roles",
    "steps",
    "units",
    "values",
)
"""The lists of plain words, each a file of ``vocabulary``."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All closed lists; ``outside`` are instruments that are named without being described, by id, with their titles."""

    terms: Mapping[str, Mapping[str, Term]]
    measures: Mapping[str, Measure]
    offences: Mapping[str, Offence]
    treaty_classes: Mapping[str, TreatyClass]
    outside: Mapping[str, Term]
    notes: Mapping[str, Note]
    threshold_years: int


def read(files: Files) -> Vocabulary:
    """Read the lists of ``vocabulary``."""
    lists = Row(files.get("vocabulary/lists"), "vocabulary/lists.yaml")
    threshold = Row(lists.table("eu32"), lists.file, "eu32")
    return Vocabulary(
        terms={name: {k: _term(k, row) for k, row in _rows(files, name)} for name in TERMS},
        measures={name: _measure(name, row) for name, row in _rows(files, "measures")},
        offences={name: _offence(name, row) for name, row in _rows(files, "offences")},
        treaty_classes={name: _treaties(name, row) for name, row in _rows(files, "treaty_classes")},
        outside={name: _outside(name, row) for name, row in _rows(files, "outside")},
        notes={name: _note(name, row) for name, row in _rows(files, "notes")},
        threshold_years=threshold.whole("threshold_years") or 0,
    )


def _rows(files: Files, name: str) -> list[tuple[str, Row]]:
    path = f"vocabulary/{name}"
    whole = Row(files.get(path), f"{path}.yaml")
    return [(key, Row(content, whole.file, key)) for key, content in whole.content.items()]


def _term(name: str, row: Row) -> Term:
    found = Term(name, row.text("title"), row.text("uk", ""))
    row.end()
    return found


def _outside(name: str, row: Row) -> Term:
    found = Term(name, row.text("title"))
    row.text("reference")
    row.end()
    return found


def _measure(name: str, row: Row) -> Measure:
    found = Measure(
        id=name,
        title=row.text("title"),
        uk=row.text("uk"),
        group=row.text("group"),
        coerciveness=row.text("coerciveness"),
        provisional=row.flag("provisional"),
        articles=tuple(map(_article, row.rows("articles"))),
        aliases=row.words("aliases"),
        **row.cited(),
    )
    row.end()
    return found


def _article(row: Row) -> tuple[str, str]:
    found = row.text("instrument"), row.text("article")
    row.end()
    return found


def _offence(name: str, row: Row) -> Offence:
    found = Offence(
        id=name,
        title=row.text("title"),
        uk=row.text("uk"),
        iccs=row.text("iccs"),
        level=row.whole("level") or 0,
        iccs_unsure=row.flag("iccs_unsure"),
        eu32=row.words("eu32"),
        treaty_offences=tuple(" ".join(_article(each)) for each in row.rows("treaty_offences")),
        **row.cited(),
    )
    row.end()
    return found


def _treaties(name: str, row: Row) -> TreatyClass:
    partner = row.text("with_state", "")
    types = row.words("types")
    if unknown := [each for each in types if each not in set(Type)]:
        raise row.wrong(f"{', '.join(unknown)} is no type of instrument")
    found = TreatyClass(
        id=name,
        title=row.text("title"),
        uk=row.text("uk", ""),
        types=tuple(Type(each) for each in types),
        forms=row.words("forms"),
        with_state=StateCode(row.code(partner)) if partner else None,
        general=row.flag("general"),
        present=row.flag("present", "yes"),
        computable=row.flag("computable", "yes"),
    )
    row.end()
    return found


def _note(name: str, row: Row) -> Note:
    found = Note(id=name, topic=row.text("topic"), text=row.text("text"), **row.cited())
    row.end()
    return found
