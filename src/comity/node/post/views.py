"""Deliveries: what went out and came in, what is on its way, and why something did not arrive."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from comity.node.accounts.policy import Do, can, require
from comity.node.accounts.role import Officer
from comity.node.page import act, page, partial, show
from comity.node.post import actions, queries

__all__ = ["deliveries", "retry"]


@require_GET
@page
def deliveries(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show outbox, pulls and inbox; htmx asks for the lists alone to keep them fresh."""
    require(officer, Do.SEE_DELIVERIES)
    state = request.GET.get("state", "")
    known = state if state in set(queries.State) else ""
    return show(
        request,
        "post/lists.html" if partial(request) else "post/deliveries.html",
        outgoing=queries.deliveries(state=known),
        fetches=queries.fetches(limit=50),
        arrivals=queries.arrivals(limit=50),
        alarms=queries.alarms(),
        may_retry=can(officer, Do.RETRY).allowed,
        states=tuple(queries.State),
        chosen=known,
    )


@require_POST
@page
def retry(request: HttpRequest, officer: Officer, key: int) -> HttpResponse:
    """Send a message again."""
    require(officer, Do.RETRY)
    return act(
        request,
        lambda: actions.retry_now(key, by=officer.username, at=datetime.now(UTC)),
        done=_("The message is sent again, with the same bytes."),
        to=reverse("deliveries"),
    )
