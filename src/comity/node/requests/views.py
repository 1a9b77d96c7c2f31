"""My work, the inbox, the cases, and one case with its timeline, clocks, documents and next acts."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from comity.node.accounts.policy import Do, can, require
from comity.node.accounts.role import Officer
from comity.node.lab.waiting import waiting
from comity.node.lawbook import choices
from comity.node.lawbook.answer import shown
from comity.node.page import act, page, partial, show
from comity.node.registry.queries import identity
from comity.node.requests import queries, stations

__all__ = ["case", "cases", "do", "envelope", "inbox", "work"]


@require_GET
@page
def work(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show what waits for this person."""
    return show(
        request,
        "requests/tasks.html" if partial(request) else "requests/work.html",
        tasks=queries.worklist(officer, at=datetime.now(UTC)),
        laboratory=waiting(officer),
        may_draft=can(officer, Do.DRAFT).allowed,
    )


@require_GET
@page
def inbox(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show the cooperations in which it is this side's turn."""
    require(officer, Do.SEE_DOSSIER)
    return show(
        request,
        "requests/lines.html" if partial(request) else "requests/inbox.html",
        lines=queries.inbox(officer),
        own=identity().state,
    )


@require_GET
@page
def cases(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show all cooperations this person may see."""
    require(officer, Do.SEE_DOSSIER)
    return show(request, "requests/cases.html", lines=queries.lines(officer), own=identity().state)


@require_GET
@page
def case(request: HttpRequest, officer: Officer, dossier: str) -> HttpResponse:
    """Show one cooperation as this side sees it."""
    found = queries.case(officer, dossier, at=datetime.now(UTC))
    own = identity().state
    return show(
        request,
        "requests/case.html",
        case=found,
        forms=stations.forms(found, own),
        answer=shown(found.resolution, found.line.basis) if found.resolution else None,
        own=own,
        authority=choices.authority(found.line.authority),
        assigned=choices.authority(found.line.assigned),
        measures=[choices.measure(name) for name in found.request.draft.measures] if found.request else [],
        may_describe=can(officer, Do.COLLECT, found.line).allowed,
    )


@require_POST
@page
def do(request: HttpRequest, officer: Officer, dossier: str, station: str) -> HttpResponse:
    """Do one of the next acts."""
    sent = stations.Sent(request.POST, tuple(request.FILES.getlist("files")))
    return act(
        request,
        lambda: stations.run(officer, dossier, station, sent, datetime.now(UTC)),
        done=_("Done, and written into the record."),
        to=reverse("case", args=[dossier]),
    )


@require_GET
@page
def envelope(request: HttpRequest, officer: Officer, dossier: str, digest: str) -> HttpResponse:
    """Hand out the sealed envelope of an act, to be checked anywhere."""
    del request
    answer = HttpResponse(queries.envelope(officer, dossier, digest), content_type="application/vnd.dsse+json")
    answer["Content-Disposition"] = f'attachment; filename="{digest[:16]}.dsse.json"'
    return answer
