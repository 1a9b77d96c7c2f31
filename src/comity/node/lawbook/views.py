"""The law: ask in one line, read by article, see who is bound when."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from comity.errors import ComityError
from comity.law.coverage import coverage as covered
from comity.law.coverage import total
from comity.node.accounts.policy import Do, require
from comity.node.accounts.role import Officer
from comity.node.errors import UnknownError
from comity.node.lawbook import book, choices, queries
from comity.node.lawbook.answer import answered
from comity.node.page import page, partial, show
from comity.node.registry.queries import identity

__all__ = ["ask", "bound", "coverage", "instrument", "instruments", "matrix"]


@require_GET
@page
def ask(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Answer a question of one line; every part of it stands in the address, so that the answer can be sent to others."""
    require(officer, Do.SEE_LAW)
    given, today = request.GET, datetime.now(UTC).date()
    asked: dict[str, Any] = {
        "requesting": given.get("from", str(identity().state)),
        "requested": given.get("to", ""),
        "measures": [name for name in given.getlist("measure") if name],
        "offences": [name for name in given.getlist("offence") if name],
        "on": _day(given.get("on", ""), today),
    }
    facts = {name[5:]: str(value) for name, value in given.items() if name.startswith("fact.") and value}
    answer, error = None, None
    if asked["requested"] and asked["measures"]:
        try:
            answer = answered(queries.answer(**asked, facts=facts))
        except ComityError as refused:
            error = refused
    return show(
        request,
        "lawbook/answer.html" if partial(request) else "lawbook/ask.html",
        asked=asked,
        facts=facts,
        answer=answer,
        error=error,
        states=choices.states(),
        measures=choices.measures(),
        offences=choices.offences(),
    )


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text) if text else otherwise
    except ValueError:
        return otherwise


@require_GET
@page
def instruments(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show the instruments of the law base, all or those of one form of cooperation or with a word in the title."""
    require(officer, Do.SEE_LAW)
    form, words = request.GET.get("form", ""), request.GET.get("words", "")[:80]
    base = queries.base()
    return show(
        request,
        "lawbook/instruments.html",
        found=book.listed(base, form=form, words=words),
        forms=book.forms(base),
        form=form,
        words=words,
        release=base.release,
        digest=base.digest,
    )


@require_GET
@page
def instrument(request: HttpRequest, officer: Officer, name: str) -> HttpResponse:
    """Show an instrument by article: its rules, what states declared, how it stands to others."""
    require(officer, Do.SEE_LAW)
    base = queries.base()
    if name not in base.instruments:
        raise UnknownError(f"There is no instrument {name[:60]!r} in the law base.")
    state = request.GET.get("state", "").upper()[:2]
    return show(
        request,
        "lawbook/instrument.html",
        one=base.instruments[name],
        articles=book.articles(base, name),
        declarations=book.declarations(base, name, state),
        relations=base.relations_from.get(name, ()),
        protocols=[base.instruments[child] for child in base.protocols_of.get(name, ())],
        mothers=[base.instruments[mother] for mother in base.instruments[name].mothers],
        parties=len(base.parties[name]),
        states=book.declaring(base, name),
        state=state,
    )


@require_GET
@page
def bound(request: HttpRequest, officer: Officer, name: str) -> HttpResponse:
    """Show which states an instrument binds, from when until when."""
    require(officer, Do.SEE_LAW)
    base = queries.base()
    if name not in base.instruments:
        raise UnknownError(f"There is no instrument {name[:60]!r} in the law base.")
    today = datetime.now(UTC).date()
    on = _day(request.GET.get("on", ""), today)
    line = book.timeline(base, name, on)
    return show(request, "lawbook/bound.html", one=base.instruments[name], line=line, on=on)


@require_GET
@page
def matrix(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show on which basis one state could ask every other for some measures: a table, never a map."""
    require(officer, Do.SEE_LAW)
    given = request.GET
    own = given.get("from", str(identity().state)).upper()[:2]
    known = queries.base().measures
    measures = tuple(name for name in given.getlist("measure") if name in known)[:4] or book.USUAL
    on = _day(given.get("on", ""), datetime.now(UTC).date())
    return show(
        request,
        "lawbook/matrix.html",
        rows=book.matrix_of(queries.base(), own, measures, on),
        columns=[choices.measure(name) for name in measures],
        chosen=measures,
        own=own,
        on=on,
        states=choices.states(),
        measures=choices.measures(),
    )


@require_GET
@page
def coverage(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show of every instrument what is modelled, and how it is known."""
    require(officer, Do.SEE_LAW)
    base = queries.base()
    rows = covered(base)
    return show(
        request,
        "lawbook/coverage.html",
        rows=[(one, base.instruments[one.instrument]) for one in rows],
        total=total(base, rows),
        modelled=sum(one.depth == "rules" for one in rows),
        release=base.release,
        digest=base.digest,
    )
