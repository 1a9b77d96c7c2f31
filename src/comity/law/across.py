"""A part of the matrix: chosen states by chosen states by measures or by forms of cooperation, on one day.

A form stands in the table for the plainest measure it serves (``lawbase/facts/form-measures.yaml``), and only an instrument that
itself provides for the form fills its cell: a treaty on letters of request is no automated comparison. What is asked at once is
bounded, because a page and a program wait for it; `comity.law.matrix` lays the whole world.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from comity.law.base import LawBase
from comity.law.errors import SchemaError, SizeError
from comity.law.field import Placing, Standing
from comity.law.index import Index, index_of
from comity.law.kinds import Kinds
from comity.law.matrix import Cell, cell_of, placed
from comity.law.question import asked_on, known, measures_of
from comity.values import StateCode

__all__ = ["MOST", "Row", "across", "form_measures", "forms_of"]

MOST = 6000
"""Cells laid at once."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one state asking another: by measure, and by form of cooperation."""

    requesting: StateCode
    requested: StateCode
    cells: Mapping[str, Cell]
    forms: Mapping[str, Cell] = field(default_factory=dict)

    def to_json(self, on: date) -> dict[str, Any]:
        """Return the row as the contract of ``--json`` has it; ``forms`` only where forms were asked for."""
        told = {"from": self.requesting, "to": self.requested, "on": on.isoformat(), "cells": _json(self.cells)}
        return {**told, "forms": _json(self.forms)} if self.forms else told


def _json(cells: Mapping[str, Cell]) -> dict[str, Any]:
    return {name: {"instrument": cell.instrument or None, "status": cell.status} for name, cell in cells.items()}


def form_measures(base: LawBase) -> Mapping[str, str]:
    """Return by form of cooperation the measure that stands for it."""
    found = base.documents.get("facts/form-measures")
    if not isinstance(found, Mapping):
        raise SchemaError("facts/form-measures.yaml must map forms to measures.")
    serves = index_of(base).regime.measure_forms
    for form, measure in found.items():
        if form not in base.vocabulary["forms"] or form not in serves.get(measure, ()):
            raise SchemaError(f"facts/form-measures.yaml: {measure!r} is no measure of the form {form!r}.")
    return found


def forms_of(names: Iterable[str], base: LawBase) -> tuple[str, ...]:
    """Read the names of forms, each once; raise `QuestionError` for one that does not exist."""
    forms = form_measures(base)
    return tuple(dict.fromkeys(known(name, forms, "a form of cooperation") for name in names))


def across(
    base: LawBase,
    requesting: Sequence[StateCode],
    requested: Sequence[StateCode],
    *,
    on: date,
    measures: Iterable[str] = (),
    forms: Iterable[str] = (),
    most: int = MOST,
) -> Iterator[Row]:
    """Yield a row for every pair of different states, with a cell for each measure and each form.

    Raise `QuestionError` for a measure or form that does not exist or a day out of reach, `SizeError` for more than ``most`` cells.
    """
    columns, shapes, day = measures_of(measures, base), forms_of(forms, base), asked_on(on)
    asking, asked = tuple(dict.fromkeys(requesting)), tuple(dict.fromkeys(requested))
    size = len(asking) * len(asked) * (len(columns) + len(shapes))
    if size > most:
        raise SizeError(
            f"{len(asking)} by {len(asked)} states by {len(columns) + len(shapes)} columns are {size:,} cells; {most:,} are laid at once.",
            cells=size,
            most=most,
        )
    return _rows(base, asking, asked, measures=columns, forms=shapes, on=day)


def _rows(
    base: LawBase,
    requesting: Sequence[StateCode],
    requested: Sequence[StateCode],
    *,
    measures: Sequence[str],
    forms: Sequence[str],
    on: date,
) -> Iterator[Row]:
    kinds, stands = Kinds(base, (on,)), form_measures(base)
    laid: dict[tuple[str, object], Cell] = {}
    shaped: dict[tuple[str, object], Cell] = {}
    for one in requesting:
        for other in requested:
            if kinds.index.home(one) == kinds.index.home(other):
                continue
            (period,) = kinds.between(one, other)
            cells, shapes = {}, {}
            for measure in measures:
                key = (measure, kinds.key(period.kind, measure))
                if key not in laid:
                    laid[key] = cell_of(placed(kinds.index, period, measure, on))
                cells[measure] = laid[key]
            for form in forms:
                key = (form, kinds.key(period.kind, stands[form]))
                if key not in shaped:
                    shaped[key] = _of_form(kinds.index, placed(kinds.index, period, stands[form], on), form)
                shapes[form] = shaped[key]
            yield Row(one, other, cells, shapes)


def _of_form(index: Index, placing: Placing, form: str) -> Cell:
    """Return the first basis of a placing that itself provides for the form, named by the instrument that does."""

    def serves(name: str) -> bool:
        return form in index.base.instruments[name].forms

    found = [
        Cell(next(filter(serves, group.members)), str(group.standing))
        for group in placing.groups
        if any(map(serves, group.members))
    ]
    firm = next((cell for cell in found if cell.status != Standing.RESIDUAL), None)
    if firm is not None:
        return firm
    conditional = next((out.instrument for out in placing.out if out.missing and serves(out.instrument)), "")
    if conditional:
        return Cell(conditional, "conditional")
    return found[0] if found else Cell("", "none")
