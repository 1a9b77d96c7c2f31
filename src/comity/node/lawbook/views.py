"""The law: ask in one line, read by article, see who is bound when, and what of it is known."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from comity.errors import ComityError
from comity.law.coverage import Coverage, total
from comity.law.coverage import coverage as covered
from comity.law.line import Line, read_line
from comity.law.telling import listed
from comity.node.accounts.policy import Do, can, require
from comity.node.accounts.role import Officer
from comity.node.errors import UnknownError
from comity.node.lawbook import book, choices, queries
from comity.node.lawbook.answer import answered
from comity.node.lawbook.asked import day_of, today
from comity.node.page import page, partial, show
from comity.node.registry.queries import identity

__all__ = ["ask", "bonds", "bound", "coverage", "instrument", "instruments"]

TOTALS = {
    "parties": _("Participations"),
    "rules": _("Rules"),
    "declarations": _("Declarations"),
    "relations": _("Relations"),
    "conditions": _("Conditions of domestic law"),
    "authorities": _("Authorities"),
}


@require_GET
@page
def ask(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Answer a question of one line; every part of it stands in the address, so that the answer can be sent to others."""
    require(officer, Do.SEE_LAW)
    own, line = str(identity().state), request.GET.get("q", "")
    read = read_line(line, queries.base(), own=own) if line.strip() else None
    given = _given(read) if read and "to" not in request.GET else request.GET
    asked: dict[str, Any] = {
        "requesting": given.get("from", own),
        "requested": given.get("to", ""),
        "measures": [name for name in given.getlist("measure") if name],
        "offences": [name for name in given.getlist("offence") if name],
        "on": given.get("on", "")[:20] or today(),
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
        line=line,
        left=read.left if read else (),
        may_draft=asked["requesting"] == own and can(officer, Do.DRAFT).allowed,
        states=choices.states(),
        measures=choices.measures(),
        offences=choices.offences(),
    )


def _given(read: Line) -> QueryDict:
    """Return what a line was read as, as the address of the question says it."""
    given = QueryDict(mutable=True)
    given.update({"from": read.requesting, "to": read.requested, "on": read.on})
    given.setlist("measure", list(read.measures))
    given.setlist("offence", list(read.offences))
    return given


@require_GET
@page
def instruments(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show the instruments of the law base: all, or those of a form, with a word in the title, of a state."""
    require(officer, Do.SEE_LAW)
    given = request.GET
    form, words, state = given.get("form", ""), given.get("words", "")[:80], given.get("state", "")[:40]
    base, error = queries.base(), None
    try:
        found = listed(base, form=form, words=words, with_state=state)
    except ComityError as refused:
        found, error = (), refused
    return show(
        request,
        "lawbook/instruments_rows.html" if partial(request) else "lawbook/instruments.html",
        found=found,
        error=error,
        state=state,
        states=choices.states(),
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
    base, given = queries.base(), request.GET
    if name not in base.instruments:
        raise UnknownError(f"There is no instrument {name[:60]!r} in the law base.")
    sought, only_now = given.get("words", "")[:60], "now" in given
    on, error = today(), None
    try:
        on = day_of(given)
    except ComityError as refused:
        error = refused
    line = book.timeline(base, name, on, sought=sought, only_now=only_now)
    absent = [one for (which, _state), one in sorted(base.not_bound.items()) if which == name]
    return show(
        request,
        "lawbook/bound_rows.html" if partial(request) else "lawbook/bound.html",
        one=base.instruments[name],
        line=line,
        on=on,
        error=error,
        sought=sought,
        only_now=only_now,
        absent=absent,
    )


@require_GET
@page
def bonds(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show what binds two states towards each other, from when until when."""
    require(officer, Do.SEE_LAW)
    base, given = queries.base(), request.GET
    pair = (given.get("from", str(identity().state))[:40], given.get("to", "")[:40])
    form, sought, only_now = given.get("form", ""), given.get("words", "")[:60], "now" in given
    line, on, error = None, today(), None
    if pair[1]:
        try:
            on = day_of(given)
            line = book.bonds(base, *pair, on, form=form, sought=sought, only_now=only_now)
        except ComityError as refused:
            error = refused
    return show(
        request,
        "lawbook/bound_rows.html" if partial(request) else "lawbook/bonds.html",
        line=line,
        error=error,
        one=None,
        requesting=pair[0],
        requested=pair[1],
        on=on,
        form=form,
        sought=sought,
        only_now=only_now,
        forms=book.forms(base),
        states=choices.states(),
        all=[(one.id, choices.instrument(one.id)) for one in listed(base)],
    )


@require_GET
@page
def coverage(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show of every instrument what is modelled, and how it is known."""
    require(officer, Do.SEE_LAW)
    base, only = queries.base(), request.GET.get("only", "")
    rows = covered(base)
    return show(
        request,
        "lawbook/coverage_rows.html" if partial(request) else "lawbook/coverage.html",
        rows=[(one, base.instruments[one.instrument]) for one in rows if _covers(one, only)],
        whole=len(rows),
        only=only,
        total=[(TOTALS[name], known) for name, known in total(base, rows).items()],
        modelled=sum(one.depth == "rules" for one in rows),
        release=base.release,
        digest=base.digest,
    )


def _covers(one: Coverage, only: str) -> bool:
    match only:
        case "rules":
            return one.depth == "rules"
        case "frame":
            return one.depth != "rules"
        case "unsure":
            return one.unsure or any(
                known.unsure for known in (one.rules, one.declarations, one.parties, one.relations)
            )
        case "recalled":
            return any(known.recalled for known in (one.rules, one.declarations, one.parties, one.relations))
        case _:
            return True
