"""Two answers side by side: with two days or two partners, what each side's first basis demands, kind by kind.

A kind in which the two say the same is kept out of sight until it is asked for; below stands every line in which the answers differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from comity.errors import ComityError
from comity.law import Resolution
from comity.law.compare import Line, compare
from comity.node import words
from comity.node.accounts.policy import Do, require
from comity.node.accounts.role import Officer
from comity.node.lawbook import choices, queries
from comity.node.lawbook.answer import BasisShown, Kind, Shown, answered
from comity.node.lawbook.asked import today
from comity.node.page import page, partial, show
from comity.node.registry.queries import identity

__all__ = ["two"]


@dataclass(frozen=True, slots=True)
class Pair:
    """What was asked twice; ``other`` and ``then`` are what the second question has instead, where it differs."""

    requesting: str
    requested: str
    other: str
    measure: str
    offence: str
    on: str
    then: str

    @property
    def told(self) -> bool:
        """Whether there are two questions."""
        return bool(self.requested and self.measure and (self.other or self.then))


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two answers with its heading and the basis that comes first, None where no treaty applies."""

    title: str
    state: str
    on: date
    answer: Shown
    first: BasisShown | None


@dataclass(frozen=True, slots=True)
class Facing:
    """The rules of one kind on both sides."""

    title: str
    one: Kind | None
    other: Kind | None
    same: bool


@dataclass(frozen=True, slots=True)
class Differing:
    """A line in which the answers differ, in words."""

    where: str
    reference: str
    first: str
    second: str


@require_GET
@page
def two(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show the answers to two questions that differ in the day or the partner."""
    require(officer, Do.SEE_LAW)
    pair = _pair(request.GET)
    context: dict[str, Any] = {"pair": pair, "error": None, "sides": ()}
    if pair.told:
        try:
            context |= _compared(pair)
        except ComityError as refused:
            context["error"] = refused
    return show(
        request,
        "lawbook/compared.html" if partial(request) else "lawbook/compare.html",
        **context,
        states=choices.states(),
        measures=choices.measures(),
        offences=choices.offences(),
    )


def _pair(given: QueryDict) -> Pair:
    def text(name: str, otherwise: str = "") -> str:
        return given.get(name, otherwise)[:60]

    return Pair(
        text("from", str(identity().state)),
        text("to"),
        text("other"),
        text("measure"),
        text("offence"),
        text("on") or today().isoformat(),
        text("then"),
    )


def _compared(pair: Pair) -> dict[str, Any]:
    found = [
        queries.answer(
            requesting=pair.requesting,
            requested=partner,
            measures=[pair.measure],
            offences=[pair.offence] if pair.offence else [],
            on=on,
            facts={},
        )
        for partner, on in ((pair.requested, pair.on), (pair.other or pair.requested, pair.then or pair.on))
    ]
    sides = tuple(_side(one) for one in found)
    facing = tuple(_facing(sides[0].first, sides[1].first))
    comparison = compare(*found)
    return {
        "sides": sides,
        "facing": facing,
        "differ": sum(not one.same for one in facing),
        "same": comparison.same,
        "lines": tuple(_differing(line) for line in comparison.lines),
    }


def _side(found: Resolution) -> Side:
    shown = answered(found)
    first = next((one for one in shown.bases if one.status != "residual"), None)
    state = words.state(str(found.question.requested))
    if first is None and found.fallback:
        first = shown.chosen if shown.chosen and not shown.chosen.id else None
    return Side(state, str(found.question.requested), found.question.on, shown, first)


def _facing(one: BasisShown | None, other: BasisShown | None) -> Iterator[Facing]:
    here, there = ({kind.id: kind for kind in basis.kinds} if basis else {} for basis in (one, other))
    for name in dict.fromkeys((*here, *there)):
        a, b = here.get(name), there.get(name)
        kind = a or b
        if kind is not None:
            yield Facing(kind.title, a, b, _said(a) == _said(b))


_KEYS = ("provision", "text", "value", "amount", "unit", "of_state")


def _said(kind: Kind | None) -> set[str]:
    return {str([rule.get(key) for key in _KEYS]) for rule in kind.rules} if kind else set()


def _differing(line: Line) -> Differing:
    head, _slash, rest = line.where.partition("/")
    name, _slash, more = rest.partition("/")
    where, reference = {
        "bases": (_("Order of the bases"), ""),
        "fallback": (_("No treaty applies"), ""),
        "reciprocity": (_("Reciprocity and domestic law"), rest),
        "excluded": (_("Does not apply"), choices.instrument(name)),
        "questions": (_("Asked back"), name),
        "alternatives": (_("Other ways that may serve"), rest),
    }.get(head, (head, rest))
    if head == "bases" and name:
        part, _slash, provision = more.partition("/")
        where, reference = choices.instrument(name), provision or words.say(part)
    return Differing(where, reference, _plain(line.first), _plain(line.second))


def _plain(value: Any) -> str:
    base = queries.base()
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return "\n".join(
            _plain(value[key]) for key in ("article", "text", "why", "undone_by", "because") if value.get(key)
        )
    if isinstance(value, list):
        return "; ".join(_plain(one) for one in value)
    text = str(value)
    if text in base.instruments:
        return choices.wording().reference(text)
    if text in base.measures:
        return choices.measure(text)
    return text
