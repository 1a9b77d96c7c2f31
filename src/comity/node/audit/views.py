"""The audit: who saw or did what, and whether the chain is whole."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from comity.node.accounts.policy import Do, require
from comity.node.accounts.role import Officer
from comity.node.audit import actions, queries
from comity.node.audit.vocabulary import Event
from comity.node.page import page, show

__all__ = ["audit", "verify"]

PAGE = 100


@require_GET
@page
def audit(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show events, the newest first, by event and person."""
    require(officer, Do.SEE_AUDIT)
    before = request.GET.get("before", "")
    event = request.GET.get("event", "")
    entries = queries.entries(
        limit=PAGE,
        before=int(before) if before.isdecimal() and len(before) < 16 else None,
        event=event if event in set(Event) else "",
        actor=request.GET.get("actor", "")[:80],
    )
    return show(
        request,
        "audit/audit.html",
        entries=entries,
        events=tuple(Event),
        event=event,
        actor=request.GET.get("actor", "")[:80],
        older=entries[-1].seq if len(entries) == PAGE else None,
        leaves=queries.size(),
    )


@require_POST
@page
def verify(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Walk the whole chain and say whether it is whole."""
    require(officer, Do.SEE_AUDIT)
    whole = queries.verify()
    actions.note(Event.AUDIT_VERIFIED, actor=officer.username, detail={"ok": whole.ok, "entries": whole.entries})
    if whole.ok:
        messages.success(
            request,
            _("The chain of %(entries)s entries is whole. Head: %(head)s")
            % {"entries": whole.entries, "head": whole.head},
        )
    else:
        said = [_("The chain is broken.")] + [
            _("Row %(row)s: %(why)s") % {"row": found.seq, "why": _(found.why)} for found in whole.broken[:20]
        ]
        messages.error(request, "\n".join(said))
    return HttpResponseRedirect(reverse("audit"))
