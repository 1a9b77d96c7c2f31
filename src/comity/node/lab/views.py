"""The bench: what waits, intake, search, offers, comparisons, blind verification, hits with their strength, losses."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comity.errors import ComityError
from comity.forensics.body import Outcome, Purpose, Why
from comity.forensics.dna.formats import read as read_file
from comity.forensics.dna.profile import Category, Profile
from comity.forensics.dna.rules import rule_sets
from comity.forensics.said import REPORTS
from comity.node.accounts import queries as people
from comity.node.accounts.policy import Do, can, require
from comity.node.accounts.role import Officer, Role
from comity.node.errors import NotAllowedError, UploadError
from comity.node.lab import actions, laboratories, queries, stating
from comity.node.lab.laboratories import LaboratoryLine
from comity.node.lab.languages import report_languages
from comity.node.lab.steps import steps
from comity.node.lawbook import choices
from comity.node.page import act, page, show
from comity.node.place import here
from comity.node.registry import queries as registry

__all__ = [
    "ask",
    "bench",
    "comparison",
    "do",
    "do_hit",
    "hit",
    "intake",
    "laboratory",
    "losses",
    "offers",
    "pair",
    "prum",
    "report",
    "search",
]

LANGUAGE_NAMES = {"en": "English", "uk": "українською", "de": "Deutsch"}
REFUSALS = (Why.NOT_HELD, Why.LAW, Why.NOT_CONFIRMED)


@require_GET
@page
def bench(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show what waits: pairs to be judged, and the comparisons this person may see."""
    return show(
        request,
        "lab/bench.html",
        pairs=queries.pairs(officer),
        lines=queries.comparisons(officer),
        stored=queries.stored(officer),
        may_judge=can(officer, Do.VERIFY_HIT).allowed,
        may_keep=can(officer, Do.KEEP_PROFILES).allowed,
        may_ask=can(officer, Do.ASK_COMPARISON).allowed,
        own=registry.identity().state,
    )


@require_http_methods(["GET", "POST"])
@page
def intake(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Take a file of profiles into the database, or say at which line and field it was refused."""
    require(officer, Do.KEEP_PROFILES)
    if request.method == "GET":
        return show(request, "lab/intake.html", categories=tuple(Category), stored=queries.stored(officer))
    error: ComityError | None = None
    done = None
    try:
        with _file(request) as path:
            done = actions.import_profiles(
                officer, path, category=request.POST.get("category", ""), at=datetime.now(UTC)
            )
    except ComityError as refused:
        error = refused
    return show(
        request,
        "lab/intake.html",
        status=422 if error else 200,
        categories=tuple(Category),
        stored=queries.stored(officer),
        error=error,
        done=done,
    )


@require_http_methods(["GET", "POST"])
@page
def search(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Search a profile in the own database; the profile is not kept."""
    require(officer, Do.KEEP_PROFILES)
    found, error = None, None
    if request.method == "POST":
        try:
            (profile,) = _profiles(request, 1)
            found = actions.search(officer, profile, rules=request.POST.get("rules", "prum"), at=datetime.now(UTC))
        except ComityError as refused:
            error = refused
    return show(
        request,
        "lab/search.html",
        status=422 if error else 200,
        found=found,
        error=error,
        rules=_rules(),
        chosen=request.POST.get("rules", "prum"),
        sent=request.POST,
        stored=queries.stored(officer),
    )


@require_http_methods(["GET", "POST"])
@page
def ask(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Send profiles to a partner for comparison."""
    require(officer, Do.ASK_COMPARISON)
    now, error, sent = datetime.now(UTC), None, request.POST
    if request.method == "POST":
        try:
            done = actions.ask(
                officer,
                partner=sent.get("partner", ""),
                profiles=_profiles(request, 1000),
                purpose=sent.get("purpose", ""),
                rules=sent.get("rules", "prum"),
                for_authority=sent.get("for_authority", ""),
                at=now,
            )
        except ComityError as refused:
            error = refused
        else:
            return HttpResponseRedirect(reverse("lab-comparison", args=[done.dossier]))
    own = str(registry.identity().state)
    partners = [code for code, _name in choices.states() if code in _partners() and code != own]
    return show(
        request,
        "lab/ask.html",
        status=422 if error else 200,
        error=error,
        partners=[(code, queries.basis(own, code, now.date())) for code in partners],
        purposes=tuple(Purpose),
        rules=_rules(),
        authorities=sorted({one.authority for one in people.officers(Role.ISSUING)} - {""}),
        sent=sent,
        chosen=sent.get("rules", "prum"),
    )


@require_http_methods(["GET", "POST"])
@page
def offers(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show the offers, and let who may decide one."""
    now, sent = datetime.now(UTC), request.POST
    if request.method == "POST":
        quota = sent.get("quota", "")

        def decide() -> object:
            if sent.get("end"):
                actions.withdraw_offer(officer, sent.get("partner", ""), at=now)
                return None
            return actions.offer(
                officer,
                partner=sent.get("partner", ""),
                takes=sent.getlist("takes"),
                searches=sent.getlist("searches"),
                purposes=sent.getlist("purposes"),
                rules=sent.getlist("rules"),
                quota=int(quota) if quota.isdigit() else 0,
                at=now,
            )

        return act(request, decide, done=_("Decided. It holds from now on."), to=reverse("lab-offers"))
    own = registry.identity().state
    return show(
        request,
        "lab/offers.html",
        offers=queries.offers(officer, now.date()),
        may_decide=can(officer, Do.OFFER_COMPARISON).allowed,
        partners=[pair for pair in choices.states() if pair[0] in _partners() and pair[0] != own],
        categories=tuple(Category),
        purposes=tuple(Purpose),
        rules=_rules(),
    )


@require_GET
@page
def comparison(request: HttpRequest, officer: Officer, dossier: str) -> HttpResponse:
    """Show one comparison with its case; that it was seen is written down."""
    return _comparison(request, officer, dossier)


def _comparison(request: HttpRequest, officer: Officer, dossier: str, error: ComityError | None = None) -> HttpResponse:
    return show(
        request,
        "lab/comparison.html",
        status=422 if error else 200,
        case=actions.look(officer, dossier, at=datetime.now(UTC)),
        own=registry.identity().state,
        refusals=REFUSALS,
        error=error,
        sent=request.POST,
    )


@require_POST
@page
def do(request: HttpRequest, officer: Officer, dossier: str, station: str) -> HttpResponse:
    """Answer a request for core data, or close. What is refused is said above the form, with what was written in it."""
    now, sent = datetime.now(UTC), request.POST
    names = ("query", "hit", "name", "latin", "born", "birthplace", "nationality", "taken", "authority", "reference")
    given = {name: sent.get(name, "").strip() for name in (*names, "given_by", "declined", "text")}
    try:
        if station == "core-data":
            actions.give_core_data(officer, dossier, given, at=now)
        else:
            actions.close(officer, dossier, text=given["text"], at=now)
    except NotAllowedError:
        raise
    except ComityError as refused:
        return _comparison(request, officer, dossier, refused)
    messages.success(request, _("Done, and written into the record."))
    return HttpResponseRedirect(reverse("lab-comparison", args=[dossier]))


@require_http_methods(["GET", "POST"])
@page
def pair(request: HttpRequest, officer: Officer, hit: UUID) -> HttpResponse:
    """Let an expert judge two profiles, and nothing but the profiles."""
    now, sent, error = datetime.now(UTC), request.POST, None
    if request.method == "POST":
        listed, written = sent.get("listed", "").strip(), sent.get("method", "").strip()
        try:
            actions.verify(
                officer,
                str(hit),
                outcome=sent.get("outcome", ""),
                method="; ".join(part for part in (listed, written) if part),
                limits=sent.get("limits", ""),
                text=sent.get("text", ""),
                at=now,
            )
        except NotAllowedError:
            raise
        except ComityError as refused:
            error = refused
        else:
            messages.success(request, _("Your opinion is signed and kept."))
            return HttpResponseRedirect(reverse("lab"))
    return show(
        request,
        "lab/pair.html",
        status=422 if error else 200,
        pair=actions.look_at_pair(officer, str(hit), at=now),
        outcomes=tuple(Outcome),
        laboratory=laboratories.frozen(officer.authority, now.date()),
        methods=laboratories.methods(officer.authority),
        error=error,
        sent=sent,
    )


@require_http_methods(["GET", "POST"])
@page
def laboratory(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show the laboratories with their accreditation, and let a head state the own one."""
    now, sent, error = datetime.now(UTC), request.POST, None
    require(officer, Do.SEE_LAB)
    if request.method == "POST":
        names = ("name", "standard", "number", "body", "scope", "valid_until")
        try:
            stating.state_laboratory(
                officer,
                **{name: sent.get(name, "") for name in names},
                methods=sent.get("methods", "").splitlines(),
                at=now,
            )
        except NotAllowedError:
            raise
        except ComityError as refused:
            error = refused
        else:
            messages.success(request, _("Stated. Opinions given from now on carry it."))
            return HttpResponseRedirect(reverse("lab-laboratory"))
    lines = laboratories.lines(officer, now.date())
    own = next((one for one in lines if one.authority == officer.authority and one.ended_at is None), None)
    return show(
        request,
        "lab/laboratory.html",
        status=422 if error else 200,
        lines=lines,
        own=own,
        may_state=stating.may_state(officer),
        authority=officer.authority,
        error=error,
        kept=sent.dict() if sent else _stated(own),
    )


def _stated(own: LaboratoryLine | None) -> dict[str, object]:
    """Return what the form of a statement begins with: what stands, or the standard alone."""
    if own is None:
        return {"standard": "ISO/IEC 17025"}
    stands = own.laboratory
    return {
        "name": stands.name,
        "standard": stands.standard,
        "number": stands.number,
        "body": stands.body,
        "scope": stands.scope,
        "valid_until": stands.valid_until.isoformat() if stands.valid_until else "",
        "methods": "\n".join(own.methods),
    }


@require_GET
@page
def hit(request: HttpRequest, officer: Officer, hit: UUID) -> HttpResponse:
    """Show a hit with its case, its strength, and its opinions once there are enough."""
    found = actions.look_at_hit(officer, str(hit), at=datetime.now(UTC))
    languages = report_languages(str(registry.identity().state), found.comparison.partner)
    return show(
        request,
        "lab/hit.html",
        hit=found,
        finding=found.finding,
        measures=choices.measures(),
        languages=[(code, name) for code, name in LANGUAGE_NAMES.items() if code in languages],
    )


@require_POST
@page
def do_hit(request: HttpRequest, officer: Officer, hit: UUID, station: str) -> HttpResponse:
    """Do what may come next for a hit."""
    now, sent, key = datetime.now(UTC), request.POST, str(hit)
    made: list[str] = []

    def work() -> object:
        match station:
            case "confirm":
                return actions.confirm(officer, key, at=now)
            case "ask-core-data":
                offence, facts = sent.get("offence", ""), sent.get("facts", "")
                return actions.ask_core_data(officer, key, offence=offence, facts=facts, at=now)
            case "report-false":
                return actions.report_false(officer, key, text=sent.get("text", ""), at=now)
            case _:
                draft = actions.draft_request(
                    officer, key, measures=sent.getlist("measures") or ["dna_sampling"], at=now
                )
                made.append(draft.id)
                return draft

    answer = act(request, work, done=_("Done, and written into the record."), to=reverse("lab-hit", args=[hit]))
    return HttpResponseRedirect(reverse("draft", args=made)) if made else answer


@require_GET
@page
def report(request: HttpRequest, officer: Officer, hit: UUID) -> HttpResponse:
    """Hand out the report on a hit as a signed PDF."""
    asked = request.GET.get("language", "en")
    language = asked if asked in REPORTS else "en"
    answer = HttpResponse(
        actions.report(officer, str(hit), language, at=datetime.now(UTC)), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'attachment; filename="dna-report-{language}.pdf"'
    return answer


@require_GET
@page
def prum(request: HttpRequest, officer: Officer, dossier: str, part: str) -> HttpResponse:
    """Hand out a query or its answer as the content of a Prüm message."""
    del request
    text = actions.prum(officer, dossier, part, at=datetime.now(UTC))
    answer = HttpResponse(text, content_type="application/xml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="prum-{"answer" if part == "answer" else "query"}.xml"'
    return answer


@require_GET
@page
def losses(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show what is left at each step of the comparisons this state asked for, of all partners or of one."""
    partners, chosen = queries.asked_of(officer), request.GET.get("partner", "")
    chosen = chosen if chosen in partners else ""
    found = queries.losses(officer, chosen)
    return show(
        request,
        "lab/losses.html",
        steps=steps(found),
        found=found,
        answered=queries.answered(officer),
        partners=partners,
        chosen=chosen,
    )


def _partners() -> frozenset[str]:
    return frozenset(str(one.state) for one in registry.partners())


def _rules() -> list[tuple[str, str]]:
    return [(name, one.title) for name, one in rule_sets().items() if one.match is not None and not one.empty]


def _profiles(request: HttpRequest, most: int) -> Sequence[Profile]:
    with _file(request) as path:
        found = [profile for _place, profile in read_file(path, "auto", request.POST.get("category") or None)]
    if len(found) > most:
        raise UploadError(
            f"The file holds {len(found)} profiles; at most {most} are taken here.",
            cause="A whole database was given.",
            remedy="Send fewer.",
        )
    return found


@contextmanager
def _file(request: HttpRequest) -> Iterator[Path]:
    upload = request.FILES.get("file")
    with tempfile.TemporaryDirectory(dir=here().work) as folder:
        if isinstance(upload, UploadedFile):
            path = Path(folder) / (Path(upload.name or "profiles").name[:80])
            with path.open("wb") as target:
                for block in upload.chunks():
                    target.write(block)
        elif request.POST.get("written", "").strip():
            path = Path(folder) / "written"
            path.write_text(request.POST["written"], encoding="utf-8")
        else:
            raise UploadError(
                "No profile was given.", cause="Neither a file nor a text.", remedy="Choose a file or write a profile."
            )
        yield path
