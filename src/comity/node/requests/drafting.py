"""The composer: a request with its legal basis beside it, its approval by a second person, its sending."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comity.errors import ComityError
from comity.law import Resolution
from comity.node.accounts.policy import Do, can, require
from comity.node.accounts.role import Officer
from comity.node.lawbook import choices
from comity.node.lawbook import queries as law
from comity.node.lawbook.answer import Shown, answered
from comity.node.page import REFUSED, act, page, show
from comity.node.registry.queries import identity
from comity.node.requests import actions, queries
from comity.node.requests.composer import Composer
from comity.node.requests.sheet import Sheet, filled, sheet
from comity.node.vault.form_files import take

__all__ = ["check", "do", "draft", "drafts", "letter", "new", "question"]


@require_GET
@page
def drafts(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show the drafts this person may see."""
    return show(
        request,
        "requests/drafts.html",
        drafts=queries.drafts(officer),
        may_draft=can(officer, Do.DRAFT).allowed,
    )


@require_http_methods(["GET", "POST"])
@page
def new(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Ask the question a request begins with; what the law's pages hand over in the address is chosen already."""
    require(officer, Do.DRAFT)
    asked = _question(request.POST if request.method == "POST" else request.GET)
    if request.method == "POST":
        try:
            made = actions.save_draft(officer, None, asked, {}, None, at=datetime.now(UTC))
        except ComityError as error:
            messages.error(request, error.diagnostics(), extra_tags=REFUSED)
        else:
            return HttpResponseRedirect(reverse("draft", args=[made.id]))
    return _ask(request, asked, None)


@require_http_methods(["GET", "POST"])
@page
def question(request: HttpRequest, officer: Officer, draft: UUID) -> HttpResponse:
    """Change the question of a draft: the state, measures, offences, day, and the basis it is written on."""
    found = queries.composer(officer, str(draft))
    if request.method == "POST":
        asked = {**found.question.to_json(), **_question(request.POST)}
        try:
            actions.save_draft(officer, found.id, asked, found.values, found.version, at=datetime.now(UTC))
        except ComityError as error:
            messages.error(request, error.diagnostics(), extra_tags=REFUSED)
            return _ask(request, asked, found)
        return HttpResponseRedirect(reverse("draft", args=[found.id]))
    return _ask(request, found.question.to_json(), found)


def _ask(request: HttpRequest, asked: Mapping[str, Any], found: Composer | None) -> HttpResponse:
    own = identity().state
    return show(
        request,
        "requests/question.html",
        asked=asked,
        draft=found,
        states=[pair for pair in choices.states() if pair[0] != own],
        measures=choices.measures(),
        offences=choices.offences(),
        today=datetime.now(UTC).date(),
    )


@require_http_methods(["GET", "POST"])
@page
def draft(request: HttpRequest, officer: Officer, draft: UUID) -> HttpResponse:
    """Show a draft: the form to its drafter, the whole of it to who approves; save what the form sends."""
    found = queries.composer(officer, str(draft))
    if request.method == "POST":
        more = request.POST.get("more", "")
        try:
            found = _save(request, officer, found)
        except ComityError as error:
            messages.error(request, error.diagnostics(), extra_tags=REFUSED)
            return _compose(request, officer, found, values=filled(found.fields, request.POST.dict(), found.values))
        if more:
            return _compose(request, officer, found, more=more)
        if "submit" in request.POST:
            return act(
                request,
                lambda: actions.submit(officer, found.id, found.version, at=datetime.now(UTC)),
                done=_("The draft waits for approval by a second person."),
                to=reverse("draft", args=[found.id]),
            )
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("draft", args=[found.id]))
    return _compose(request, officer, found)


@require_POST
@page
def check(request: HttpRequest, officer: Officer, draft: UUID) -> HttpResponse:
    """Save what was typed so far and say what is still missing; for htmx, while the form is being filled in."""
    found = queries.composer(officer, str(draft))
    error: ComityError | None = None
    try:
        found = _save(request, officer, found, files=False)
    except ComityError as refused:
        error = refused
    return show(request, "requests/standing.html", draft=found, error=error, fresh=True)


def _save(request: HttpRequest, officer: Officer, found: Composer, *, files: bool = True) -> Composer:
    sent = request.POST.dict()
    values = filled(found.fields, {k: str(v) for k, v in sent.items()}, found.values)
    if files:
        for upload in request.FILES.getlist("files"):
            kept = take(upload, officer, found.id, at=datetime.now(UTC))
            added = {"name": kept.name, "sha256": kept.fingerprint.sha256.hex, "size": kept.fingerprint.size}
            values["attachments"] = [*values.get("attachments", []), {**added, "media_type": kept.media_type}]
    told = str(sent.get("version", ""))
    version = int(told) if told.isdecimal() else None
    asked = found.question.to_json() | {"instrument": sent.get("instrument", found.question.instrument)}
    if values == dict(found.values) and asked == found.question.to_json():
        return found
    return actions.save_draft(officer, found.id, asked, values, version, at=datetime.now(UTC))


def _compose(
    request: HttpRequest,
    officer: Officer,
    found: Composer,
    *,
    more: str = "",
    values: Mapping[str, Any] | None = None,
) -> HttpResponse:
    refused = (found.refused.field, found.refused.detail) if found.refused else ("", "")
    form: Sheet = sheet(
        found.fields,
        _begun(found) | dict(found.values if values is None else values),
        own=identity().state,
        requested=found.question.requested,
        measures=found.question.measures,
        more=more,
        refused=refused,
    )
    basis: Shown = answered(_resolved(found), found.instrument)
    return show(
        request,
        "requests/composer.html" if "edit" in found.may else "requests/approve.html",
        draft=found,
        sheet=form,
        answer=basis,
        own_draft=found.drafter == officer.username,
        offences=[choices.offence(name) for name in found.question.offences],
    )


def _resolved(found: Composer) -> Resolution:
    question = found.question
    return law.answer(
        requesting=identity().state,
        requested=question.requested,
        measures=list(question.measures),
        offences=list(question.offences),
        on=question.on or datetime.now(UTC).date(),
        facts=dict(question.facts),
    )


def _begun(found: Composer) -> dict[str, Any]:
    """Return what the form begins with: the drafter's authority, and the offences of the question."""
    offences = [{"id": name} for name in found.question.offences]
    return {"issuing_authority": found.authority, **({"offences": offences} if offences else {})}


@require_POST
@page
def do(request: HttpRequest, officer: Officer, draft: UUID, step: str) -> HttpResponse:
    """Submit, return, approve, send or discard a draft."""
    now, key = datetime.now(UTC), str(draft)
    here = reverse("draft", args=[draft])
    if step == "submit":
        return act(
            request,
            lambda: actions.submit(officer, key, None, at=now),
            done=_("The draft waits for approval by a second person."),
            to=here,
        )
    if step == "return":
        reason = request.POST.get("reason", "").strip()
        return act(
            request,
            lambda: actions.return_draft(officer, key, reason, at=now),
            done=_("The draft went back to who wrote it."),
            to=reverse("drafts"),
        )
    if step == "approve":
        return act(
            request,
            lambda: actions.approve(officer, key, at=now),
            done=_("Approved: the request is composed and its letter is signed. It can be sent now."),
            to=here,
        )
    if step == "discard":
        return act(
            request,
            lambda: actions.discard(officer, key, at=now),
            done=_("The draft was discarded."),
            to=reverse("drafts"),
        )
    sent: list[str] = []
    answer = act(
        request,
        lambda: sent.append(actions.send(officer, key, at=now).dossier),
        done=_("The request is in the outbox. It is delivered as soon as the other node answers."),
        to=here,
    )
    return HttpResponseRedirect(reverse("case", args=[sent[0]])) if sent else answer


@require_GET
@page
def letter(request: HttpRequest, officer: Officer, draft: UUID) -> HttpResponse:
    """Show the letter as it will be set; a preview is not signed."""
    language = "uk" if request.GET.get("language") == "uk" else "en"
    pdf = queries.letter(officer, str(draft), language, at=datetime.now(UTC))
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="letter-{language}.pdf"'
    return answer


def _question(sent: Mapping[str, Any]) -> dict[str, Any]:
    listed = sent.getlist if hasattr(sent, "getlist") else lambda name: list(sent.get(name, []))
    on = str(sent.get("on", "") or "")
    try:
        day: str | None = date.fromisoformat(on).isoformat() if on else None
    except ValueError:
        day = None
    return {
        "requested": str(sent.get("requested", "")).upper()[:2],
        "measures": list(listed("measures"))[:40],
        "offences": [name for name in listed("offences") if name][:40],
        "on": day,
    }
