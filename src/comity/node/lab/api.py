"""The laboratory by the API: the same actions as the pages, under the same rules."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status

from comity.forensics.dna import reader
from comity.forensics.dna.place import Place
from comity.node.accounts.door import who
from comity.node.accounts.policy import Do, require
from comity.node.lab import actions, laboratories, queries, stating
from comity.node.place import here
from comity.node.requests.perform import Done
from comity.node.shown import shown

router = Router(tags=["laboratory"])
Answer = dict[str, Any]


class Asking(Schema):
    """Profiles to be compared by a partner."""

    partner: str
    purpose: str
    profiles: list[dict[str, Any]] = Field(min_length=1)
    rules: str = "prum"
    for_authority: str = ""


class Searching(Schema):
    """A profile to be searched in the own database."""

    profile: dict[str, Any]
    rules: str = "prum"


class Offering(Schema):
    """What a partner is offered."""

    partner: str
    takes: list[str]
    searches: list[str]
    purposes: list[str]
    rules: list[str] = Field(default_factory=lambda: ["prum"])
    quota: int


class Opining(Schema):
    """An opinion."""

    outcome: str
    method: str
    limits: str
    text: str = ""


class Stating(Schema):
    """A laboratory and its accreditation, as its head states it."""

    name: str
    standard: str = ""
    number: str = ""
    body: str = ""
    scope: str = ""
    valid_until: str = ""
    methods: list[str] = Field(default_factory=list)


class Facts(Schema):
    """The facts and the offence for which core data are asked."""

    offence: str = Field(min_length=1)
    facts: str = Field(min_length=1)


class Core(Schema):
    """Core data, or why they are declined."""

    query: str
    hit: str
    name: str = ""
    latin: str = ""
    born: date | None = None
    birthplace: str = ""
    nationality: str = ""
    taken: date | None = None
    authority: str = ""
    reference: str = ""
    given_by: str = ""
    declined: str | None = None
    text: str = ""


class Words(Schema):
    """A text."""

    text: str = ""


class Measures(Schema):
    """The measures a request is drafted for."""

    measures: list[str] = Field(default_factory=lambda: ["dna_sampling"])


@router.post("lab/profiles", response={201: Answer}, summary="Import profiles")
def import_profiles(
    request: HttpRequest, form: str = "auto", category: str = "", name: str = "upload"
) -> Status[Answer]:
    """Take a file of profiles into the database, whole or not at all; the body is the file."""
    officer = who(request)
    require(officer, Do.KEEP_PROFILES)
    with tempfile.TemporaryDirectory(dir=here().work) as folder:
        path = Path(folder) / (Path(name).name or "upload")
        path.write_bytes(request.body)
        done = actions.import_profiles(officer, path, form=form, category=category, at=_now())
    return Status(201, shown(done))


@router.post("lab/search", response=Answer, summary="Search the own database")
def search(request: HttpRequest, sent: Searching) -> Answer:
    """Search a profile among those held here."""
    profile = reader.profile(sent.profile, Place("profile"))
    found = actions.search(who(request), profile, rules=sent.rules, at=_now())
    return {
        "searched": found.total,
        "expected_chance_matches": found.expected.total if found.expected else None,
        "rule": found.rules.id,
        "rule_version": found.rules.version,
        "matches": [one.to_json() for one in found.matches],
    }


@router.get("lab/offers", response=list[Answer], summary="Offers")
def offers(request: HttpRequest) -> Any:
    """Return the offers."""
    return shown(queries.offers(who(request), _now().date()))


@router.post("lab/offers", response={201: Answer}, summary="Decide an offer")
def offer(request: HttpRequest, sent: Offering) -> Status[Answer]:
    """Decide what a partner may have compared."""
    return Status(201, shown(actions.offer(who(request), **sent.dict(), at=_now())))


@router.post("lab/comparisons", response={201: Answer}, summary="Ask for a comparison")
def ask(request: HttpRequest, sent: Asking) -> Status[Answer]:
    """Send profiles to a partner."""
    profiles = [reader.profile(one, Place("profiles", number)) for number, one in enumerate(sent.profiles, 1)]
    done = actions.ask(
        who(request),
        partner=sent.partner,
        profiles=profiles,
        purpose=sent.purpose,
        rules=sent.rules,
        for_authority=sent.for_authority,
        at=_now(),
    )
    return Status(201, _done(done))


@router.get("lab/comparisons", response=list[Answer], summary="Comparisons")
def comparisons(request: HttpRequest) -> Any:
    """Return the comparisons this person may see."""
    return shown(queries.comparisons(who(request)))


@router.get("lab/comparisons/{dossier}", response=Answer, summary="One comparison")
def comparison(request: HttpRequest, dossier: str) -> Answer:
    """Return a comparison with its hits; who looks is blind to them no longer."""
    found = actions.look(who(request), dossier, at=_now())
    return {
        "line": shown(found.line),
        "query": shown(found.query),
        "answer": shown(found.answer),
        "left_out": shown(found.left_out),
        "hits": [
            {
                "id": one.id,
                "query": one.course.query,
                "reference": one.course.reference,
                "quality": one.course.hit.quality,
                "station": one.station,
                "fit": one.fit,
                "opinions": one.opinions,
                "may": list(one.may),
                "outcome": shown(one.course.outcome),
                "reviewed": shown(one.course.reviewed),
                "known_false": shown(one.known),
                "limits": shown(one.limits),
                "core_data": shown(one.course.given),
            }
            for one in found.hits
        ],
    }


@router.get("lab/comparisons/{dossier}/prum/{part}", summary="Query or answer as the content of a Prüm message")
def prum(request: HttpRequest, dossier: str, part: str) -> HttpResponse:
    """Return ``query`` or ``answer`` as XML: the content of the annex, not the annex's schema."""
    return HttpResponse(actions.prum(who(request), dossier, part, at=_now()), content_type="application/xml")


@router.post("lab/comparisons/{dossier}/core-data", response=Answer, summary="Answer a request for core data")
def give(request: HttpRequest, dossier: str, sent: Core) -> Answer:
    """Give core data, or decline."""
    data = {name: value.isoformat() if isinstance(value, date) else value for name, value in sent.dict().items()}
    return _done(actions.give_core_data(who(request), dossier, data, at=_now()))


@router.post("lab/comparisons/{dossier}/close", response=Answer, summary="Close a comparison")
def close(request: HttpRequest, dossier: str, sent: Words) -> Answer:
    """Close a comparison."""
    return _done(actions.close(who(request), dossier, text=sent.text, at=_now()))


@router.get("lab/pairs", response=list[Answer], summary="Pairs to be judged")
def pairs(request: HttpRequest) -> Any:
    """Return the pairs that wait for this expert."""
    return shown(queries.pairs(who(request)))


@router.get("lab/pairs/{hit}", response=Answer, summary="One pair, blind")
def pair(request: HttpRequest, hit: str) -> Answer:
    """Return two profiles and how they agree, and nothing of the case."""
    found = actions.look_at_pair(who(request), hit, at=_now())
    said = found.quality.comparison
    return {
        "id": found.id,
        "a": found.first.to_json(),
        "b": found.second.to_json(),
        "quality": said.grade,
        "why": said.why,
        "loci": [one.to_json() for one in said.loci],
        "remarks": shown(found.quality.remarks),
        "rules": {"id": found.rules.id, "version": found.rules.version},
    }


@router.post("lab/pairs/{hit}/opinion", response=Answer, summary="Give an opinion")
def verify(request: HttpRequest, hit: str, sent: Opining) -> Answer:
    """Give an opinion on a pair; nothing of the case comes back."""
    actions.verify(who(request), hit, **sent.dict(), at=_now())
    return {"given": True}


@router.get("lab/hits/{hit}", response=Answer, summary="One hit with its case")
def hit(request: HttpRequest, hit: str) -> Answer:
    """Return a hit with its strength, and its opinions once there are enough."""
    found = actions.look_at_hit(who(request), hit, at=_now())
    return {
        "id": found.line.id,
        "dossier": found.comparison.id,
        "station": found.line.station,
        "finding": found.finding.to_json(),
        "opinions": [{"turn": said.turn, "blind": said.blind, **shown(said.opinion)} for _, said in found.opinions],
        "hidden": found.hidden,
        "outcome": shown(found.line.course.outcome),
        "reviewed": shown(found.line.course.reviewed),
        "known_false": shown(found.line.known),
        "limits": shown(found.line.limits),
    }


@router.get("lab/hits/{hit}/report", summary="The report on a hit")
def report(request: HttpRequest, hit: str, language: str = "en") -> HttpResponse:
    """Return the report as a signed PDF."""
    content = actions.report(who(request), hit, language, at=_now())
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="dna-report.pdf"'
    return answer


@router.post("lab/hits/{hit}/confirm", response=Answer, summary="Tell the outcome")
def confirm(request: HttpRequest, hit: str) -> Answer:
    """Tell both states the outcome that follows from the opinions."""
    return _done(actions.confirm(who(request), hit, at=_now()))


@router.post("lab/hits/{hit}/core-data", response=Answer, summary="Ask for core data")
def ask_core_data(request: HttpRequest, hit: str, sent: Facts) -> Answer:
    """Ask who stands behind a confirmed hit."""
    return _done(actions.ask_core_data(who(request), hit, **sent.dict(), at=_now()))


@router.post("lab/hits/{hit}/report-false", response=Answer, summary="Report a false match")
def report_false(request: HttpRequest, hit: str, sent: Words) -> Answer:
    """Report an excluded hit as false."""
    return _done(actions.report_false(who(request), hit, text=sent.text, at=_now()))


@router.post("lab/hits/{hit}/draft", response={201: Answer}, summary="Draft a request")
def draft(request: HttpRequest, hit: str, sent: Measures) -> Status[Answer]:
    """Draft a request for legal assistance from a confirmed hit, with the report enclosed."""
    made = actions.draft_request(who(request), hit, measures=sent.measures, at=_now())
    return Status(201, {"draft": made.id})


@router.get("lab/losses", response=Answer, summary="What is lost at each step")
def losses(request: HttpRequest, partner: str = "") -> Any:
    """Return what is left at each step, of all comparisons we asked for or of those with one partner."""
    return shown(queries.losses(who(request), partner))


@router.get("lab/laboratories", response=list[Answer], summary="Laboratories and their accreditation")
def every_laboratory(request: HttpRequest) -> Any:
    """Return every statement of a laboratory's head, those that stand first."""
    return shown(laboratories.lines(who(request), _now().date()))


@router.post("lab/laboratories", response={201: Answer}, summary="State a laboratory")
def state_laboratory(request: HttpRequest, sent: Stating) -> Status[Answer]:
    """State the laboratory of the own authority; its head does."""
    return Status(201, shown(stating.state_laboratory(who(request), **sent.dict(), at=_now())))


def _done(done: Done) -> Answer:
    return dict(shown(done))


def _now() -> datetime:
    return datetime.now(UTC)
