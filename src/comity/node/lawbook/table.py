"""Which states can be asked on which basis, by form of cooperation or measure: a table of states, never a map.

One state asks all others, or all others ask it; the offence is left open. A table is laid once for its question and kept while the
law base is the same, so that a page that is turned or filtered lays nothing again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_GET

from comity.errors import ComityError
from comity.law import LawBase
from comity.law.across import across, form_measures
from comity.law.kinds import states_of
from comity.law.matrix import Cell
from comity.law.model import Instrument
from comity.law.wording import Wording
from comity.node import words
from comity.node.accounts.policy import Do, require
from comity.node.accounts.role import Officer
from comity.node.lawbook import choices, queries
from comity.node.lawbook.asked import day_of, today
from comity.node.page import page, partial, show
from comity.node.registry.queries import identity
from comity.values import StateCode, state

__all__ = ["matrix"]

USUAL = (
    "form.mla_evidence",
    "form.extradition",
    "form.e_evidence",
    "form.freezing",
    "form.transfer_sentenced",
    "form.jit",
)
"""Columns where none is chosen."""
MOST = 6
FORM = "form."
ONLY = ("", "treaty", "open", "none")


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell: the instrument's short name, its status, and the address of the answer it stands for."""

    short: str
    status: str
    answer: str


@dataclass(frozen=True, slots=True)
class Reach:
    """One state's row."""

    code: str
    name: str
    cells: tuple[Shown, ...]


@require_GET
@page
def matrix(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show on which basis one state can ask every other, by form of cooperation or measure."""
    require(officer, Do.SEE_LAW)
    base, given = queries.base(), request.GET
    own = given.get("from", str(identity().state))[:40]
    asked = given.get("way", "") == "in"
    only = given.get("only", "") if given.get("only", "") in ONLY else ""
    sought = given.get("words", "")[:60]
    columns = _columns(given, base)
    on, error = today(), None
    rows: tuple[Reach, ...] = ()
    try:
        on = day_of(given)
        laid = _laid(base, state(own), columns, on, asked)
        rows = tuple(sorted(_rows(own, columns, laid, on=on, asked=asked), key=lambda row: words.order(row.name)))
    except ComityError as refused:
        error = refused
    shown = [row for row in rows if _kept(row, only) and _named(row, sought)]
    return show(
        request,
        "lawbook/matrix_rows.html" if partial(request) else "lawbook/matrix.html",
        error=error,
        rows=shown,
        whole=len(rows),
        counts=_counts(rows, len(columns)),
        columns=[_title(column) for column in columns],
        chosen=[*columns, *[""] * (MOST - len(columns))],
        own=own.upper(),
        asked=asked,
        only=only,
        sought=sought,
        on=on,
        states=choices.states(),
        forms=[(FORM + form, choices.word(form)) for form in form_measures(base)],
        measures=choices.measures(),
    )


def _columns(given: QueryDict, base: LawBase) -> tuple[str, ...]:
    told = [*given.getlist("column"), *(FORM + name for name in given.getlist("form")), *given.getlist("measure")]
    forms = form_measures(base)
    known = [name for name in told if name in base.measures or (name.startswith(FORM) and name[len(FORM) :] in forms)]
    return tuple(dict.fromkeys(known))[:MOST] or USUAL


@lru_cache(maxsize=64)
def _laid(
    base: LawBase, own: StateCode, columns: tuple[str, ...], on: date, asked: bool
) -> tuple[tuple[StateCode, Mapping[str, Cell]], ...]:
    forms = [name[len(FORM) :] for name in columns if name.startswith(FORM)]
    measures = [name for name in columns if not name.startswith(FORM)]
    others = [one for one in states_of(base) if one != own]
    pair = (others, (own,)) if asked else ((own,), others)
    rows = across(base, *pair, on=on, measures=measures, forms=forms)
    return tuple(
        (
            row.requesting if asked else row.requested,
            {**row.cells, **{FORM + form: cell for form, cell in row.forms.items()}},
        )
        for row in rows
    )


def _rows(
    own: str,
    columns: tuple[str, ...],
    laid: tuple[tuple[StateCode, Mapping[str, Cell]], ...],
    *,
    on: date,
    asked: bool,
) -> list[Reach]:
    base, law, say = queries.base(), reverse("law"), choices.wording()
    stands = form_measures(base)
    found = []
    for other, cells in laid:
        pair = {"from": str(other), "to": own.upper()} if asked else {"from": own.upper(), "to": str(other)}
        shown = []
        for column in columns:
            cell = cells[column]
            one = base.instruments.get(cell.instrument)
            measure = stands[column[len(FORM) :]] if column.startswith(FORM) else column
            address = f"{law}?{urlencode({**pair, 'measure': measure, 'on': on.isoformat()})}"
            shown.append(Shown(_called(one, say) if one else "", cell.status, address))
        found.append(Reach(str(other), words.state(str(other)), tuple(shown)))
    return found


def _called(one: Instrument, say: Wording) -> str:
    """Return what an instrument is called in a narrow cell: its short name, or how it is cited where that is shorter."""
    short, reference = say.text(one.short or one.reference), say.reference(one.id)
    return short if len(short) <= min(24, len(reference) + 12) else min(short, reference, key=len)


def _kept(row: Reach, only: str) -> bool:
    match only:
        case "treaty":
            return any(cell.status in {"applicable", "contested"} for cell in row.cells)
        case "open":
            return any(cell.status in {"contested", "conditional"} for cell in row.cells)
        case "none":
            return any(cell.status == "none" for cell in row.cells)
        case _:
            return True


def _named(row: Reach, sought: str) -> bool:
    return all(word in f"{row.name} {row.code}".casefold() for word in sought.casefold().split())


def _counts(rows: tuple[Reach, ...], columns: int) -> list[int]:
    found = Counter(at for row in rows for at, cell in enumerate(row.cells) if cell.status != "none")
    return [found[at] for at in range(columns)]


def _title(column: str) -> str:
    title = choices.word(column[len(FORM) :]) if column.startswith(FORM) else choices.measure(column)
    return title[:1].upper() + title[1:]
