"""Drafts, cooperations and their acts by the API: the same actions as the pages, under the same rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status

from comity.flow.dispatch import ENVELOPE
from comity.node.accounts.door import who
from comity.node.lab.waiting import waiting
from comity.node.requests import actions, queries
from comity.node.requests.composer import Composer
from comity.node.requests.perform import Done
from comity.node.requests.queries import Case, Entry, Line
from comity.node.shown import shown
from comity.node.vault.api import exhibit, package, paper

router = Router(tags=["requests"])


class Question(Schema):
    """What is asked of the law; ``instrument`` names the legal basis chosen, empty takes the first."""

    requested: str
    measures: list[str]
    offences: list[str] = Field(default_factory=list)
    facts: dict[str, str] = Field(default_factory=dict)
    on: date | None = None
    instrument: str = ""


class NewDraft(Schema):
    """A draft: the question to the law, and values by the ids of the form's fields."""

    question: Question
    values: dict[str, Any] = Field(default_factory=dict)


class ChangedDraft(NewDraft):
    """A change made on a version of a draft."""

    version: int


class Version(Schema):
    """The version that was read."""

    version: int | None = None


class Reason(Schema):
    """Why."""

    reason: str = Field(min_length=1)


class Note(Schema):
    """A note, if any."""

    note: str = ""


class Asked(Schema):
    """What is asked, and the provision it rests on."""

    text: str = Field(min_length=1)
    provision: str = ""


class Enclosed(Schema):
    """A stored file that goes with an act."""

    sha256: str
    name: str
    media_type: str = "application/octet-stream"


class Answered(Schema):
    """The answer, and files that go with it."""

    text: str = Field(min_length=1)
    attachments: list[Enclosed] = Field(default_factory=list)


class Postponed(Reason):
    """Why and until when it is postponed."""

    ground: str = ""
    provision: str = ""
    until: date | None = None


class Extended(Reason):
    """Which clock is extended, and by how much."""

    clock: str
    by: int


class Refused(Reason):
    """The ground: one of the decisions the law provides for."""

    ground: str


class Assigned(Note):
    """The authority that carries it out."""

    authority: str


def now() -> datetime:
    """Return the time at this door."""
    return datetime.now(UTC)


@router.get("drafts", response=list[dict[str, Any]], summary="Drafts")
def drafts(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the drafts this person may see."""
    return [shown(one) for one in queries.drafts(who(request))]


@router.post("drafts", response={201: dict[str, Any]}, summary="Begin a draft")
def begin(request: HttpRequest, draft: NewDraft) -> Status[dict[str, Any]]:
    """Store a new draft and return the form its legal basis asks for."""
    made = actions.save_draft(who(request), None, draft.question.model_dump(), draft.values, None, at=now())
    return Status(201, composed(made))


@router.get("drafts/{draft_id}", response=dict[str, Any], summary="A draft")
def draft(request: HttpRequest, draft_id: str) -> dict[str, Any]:
    """Return a draft with its form."""
    return composed(queries.composer(who(request), draft_id))


@router.put("drafts/{draft_id}", response=dict[str, Any], summary="Change a draft")
def change(request: HttpRequest, draft_id: str, draft: ChangedDraft) -> dict[str, Any]:
    """Store a change made on the version named."""
    made = actions.save_draft(
        who(request), draft_id, draft.question.model_dump(), draft.values, draft.version, at=now()
    )
    return composed(made)


@router.delete("drafts/{draft_id}", response={204: None}, summary="Discard a draft")
def discard(request: HttpRequest, draft_id: str) -> Status[None]:
    """Remove a draft that was not sent."""
    actions.discard(who(request), draft_id, at=now())
    return Status(204, None)


@router.post("drafts/{draft_id}/check", response=dict[str, Any], summary="What is missing")
def check(request: HttpRequest, draft_id: str) -> dict[str, Any]:
    """Say what the legal basis asks for and the draft lacks."""
    found = queries.composer(who(request), draft_id)
    return {"complete": not found.missing and not found.refused, "missing": shown(found.missing)}


@router.post("drafts/{draft_id}/submit", response=dict[str, Any], summary="Submit for approval")
def submit(request: HttpRequest, draft_id: str, read: Version) -> dict[str, Any]:
    """Hand a complete draft to a second person."""
    return composed(actions.submit(who(request), draft_id, read.version, at=now()))


@router.post("drafts/{draft_id}/return", response=dict[str, Any], summary="Give back to the drafter")
def return_draft(request: HttpRequest, draft_id: str, said: Reason) -> dict[str, Any]:
    """Give a submitted draft back."""
    return composed(actions.return_draft(who(request), draft_id, said.reason, at=now()))


@router.post("drafts/{draft_id}/approve", response=dict[str, Any], summary="Approve as the second person")
def approve(request: HttpRequest, draft_id: str) -> dict[str, Any]:
    """Compose the request, set and sign its letter."""
    return composed(actions.approve(who(request), draft_id, at=now()))


@router.post("drafts/{draft_id}/send", response=dict[str, Any], summary="Send")
def send(request: HttpRequest, draft_id: str) -> dict[str, Any]:
    """Send an approved request."""
    return done(actions.send(who(request), draft_id, at=now()))


@router.get("drafts/{draft_id}/letter", summary="The letter as it would be set now")
def letter(request: HttpRequest, draft_id: str, language: str = "en") -> HttpResponse:
    """Return the letter of a complete draft, unsigned."""
    made = queries.letter(who(request), draft_id, language, at=now())
    return HttpResponse(made, content_type="application/pdf")


@router.get("dossiers", response=list[dict[str, Any]], summary="Cooperations")
def dossiers(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the cooperations this person may see."""
    return [listed(one) for one in queries.lines(who(request))]


@router.get("inbox", response=list[dict[str, Any]], summary="Where it is our turn")
def inbox(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the cooperations in which this person may do something now."""
    return [listed(one) for one in queries.inbox(who(request))]


@router.get("worklist", response=list[dict[str, Any]], summary="What waits for me")
def worklist(request: HttpRequest) -> list[dict[str, Any]]:
    """Return everything that waits for this person."""
    officer = who(request)
    tasks = [shown(one) for one in queries.worklist(officer, at=now())]
    return tasks + [{"what": "laboratory", **shown(one)} for one in waiting(officer)]


@router.get("dossiers/{dossier}", response=dict[str, Any], summary="A cooperation whole")
def case(request: HttpRequest, dossier: str) -> dict[str, Any]:
    """Return a cooperation as this side sees it."""
    return whole(queries.case(who(request), dossier, at=now()))


@router.get("dossiers/{dossier}/acts", response=list[dict[str, Any]], summary="Acts")
def acts(request: HttpRequest, dossier: str) -> list[dict[str, Any]]:
    """Return the acts of a cooperation."""
    return [entry(one) for one in queries.case(who(request), dossier, at=now()).timeline]


@router.get("dossiers/{dossier}/acts/{digest}", summary="An act as it was sealed")
def envelope(request: HttpRequest, dossier: str, digest: str) -> HttpResponse:
    """Return the DSSE envelope of an act."""
    return HttpResponse(queries.envelope(who(request), dossier, digest), content_type=ENVELOPE)


@router.post("dossiers/{dossier}/acknowledge", response=dict[str, Any], summary="Acknowledge receipt")
def acknowledge(request: HttpRequest, dossier: str, said: Note) -> dict[str, Any]:
    """Acknowledge the receipt of a request."""
    return done(actions.acknowledge(who(request), dossier, note=said.note, at=now()))


@router.post("dossiers/{dossier}/consider", response=dict[str, Any], summary="Consider under our own law")
def consider(request: HttpRequest, dossier: str, said: Note) -> dict[str, Any]:
    """Consider a request under this state's own resolution."""
    return done(actions.consider(who(request), dossier, note=said.note, at=now()))


@router.post("dossiers/{dossier}/accept", response=dict[str, Any], summary="Accept")
def accept(request: HttpRequest, dossier: str, said: Note) -> dict[str, Any]:
    """Accept a request for execution."""
    return done(actions.accept(who(request), dossier, note=said.note, at=now()))


@router.post("dossiers/{dossier}/ask", response=dict[str, Any], summary="Ask for supplementary information")
def ask(request: HttpRequest, dossier: str, said: Asked) -> dict[str, Any]:
    """Ask the other state."""
    return done(actions.ask(who(request), dossier, text=said.text, provision=said.provision, at=now()))


@router.post("dossiers/{dossier}/answer", response=dict[str, Any], summary="Answer what was asked")
def answer(request: HttpRequest, dossier: str, said: Answered) -> dict[str, Any]:
    """Answer the other state."""
    files = [one.model_dump() for one in said.attachments]
    return done(actions.answer(who(request), dossier, text=said.text, attachments=files, at=now()))


@router.post("dossiers/{dossier}/postpone", response=dict[str, Any], summary="Postpone")
def postpone(request: HttpRequest, dossier: str, said: Postponed) -> dict[str, Any]:
    """Postpone the execution."""
    made = actions.postpone(
        who(request),
        dossier,
        reason=said.reason,
        ground=said.ground,
        until=said.until,
        provision=said.provision,
        at=now(),
    )
    return done(made)


@router.post("dossiers/{dossier}/extend", response=dict[str, Any], summary="Extend a clock")
def extend(request: HttpRequest, dossier: str, said: Extended) -> dict[str, Any]:
    """Extend a clock."""
    made = actions.extend(who(request), dossier, clock=said.clock, by=said.by, reason=said.reason, at=now())
    return done(made)


@router.post("dossiers/{dossier}/refuse", response=dict[str, Any], summary="Refuse")
def refuse(request: HttpRequest, dossier: str, said: Refused) -> dict[str, Any]:
    """Refuse on a ground the law provides for."""
    return done(actions.refuse(who(request), dossier, ground=said.ground, reason=said.reason, at=now()))


@router.post("dossiers/{dossier}/assign", response=dict[str, Any], summary="Assign the execution")
def assign(request: HttpRequest, dossier: str, said: Assigned) -> dict[str, Any]:
    """Assign the execution to an authority of this state."""
    return done(actions.assign(who(request), dossier, authority=said.authority, note=said.note, at=now()))


@router.post("dossiers/{dossier}/withdraw", response=dict[str, Any], summary="Withdraw")
def withdraw(request: HttpRequest, dossier: str, said: Reason) -> dict[str, Any]:
    """Withdraw a request."""
    return done(actions.withdraw(who(request), dossier, reason=said.reason, at=now()))


@router.post("dossiers/{dossier}/close", response=dict[str, Any], summary="Close")
def close(request: HttpRequest, dossier: str, said: Note) -> dict[str, Any]:
    """Close a cooperation."""
    return done(actions.close(who(request), dossier, note=said.note, at=now()))


def done(made: Done) -> dict[str, Any]:
    """Return what a station left."""
    return {
        "act": made.act,
        "kind": made.kind,
        "dossier": made.dossier,
        "law": made.law,
        "status": {"id": made.status_id, "label": made.status},
        "message": made.message or None,
        "at": made.at.isoformat(),
        **shown(made.extra),
    }


def composed(found: Composer) -> dict[str, Any]:
    """Return a draft with its form."""
    return {**shown(found), "question": found.question.to_json(), "resolution": dict(found.resolution)}


def listed(one: Line) -> dict[str, Any]:
    """Return a line of a list."""
    status = {"id": one.status.id, "label": one.status.label.en, "label_uk": one.status.label.uk}
    return {**shown(one), "status": {**status, "final": one.status.final}, "turn": one.turn or ""}


def entry(one: Entry) -> dict[str, Any]:
    """Return an act of the timeline."""
    return {
        "digest": one.digest,
        "kind": one.kind,
        "title": one.title.en,
        "title_uk": one.title.uk,
        **shown(one.actor),
        "law": one.law,
        "at": one.at.isoformat(),
        "shared": one.shared,
        "own": one.own,
        "body": dict(one.body),
        "attachments": [shown(attached) for attached in one.attachments],
        "follows": list(one.follows),
        "verdict": shown(one.verdict),
        "delivery": one.delivery or None,
    }


def whole(found: Case) -> dict[str, Any]:
    """Return a cooperation whole."""
    asked: Mapping[str, Any] | None = found.request.to_json() if found.request else None
    return {
        **listed(found.line),
        "request": asked,
        "resolution": dict(found.resolution),
        "considered": found.considered,
        "timeline": [entry(one) for one in found.timeline],
        "clocks": shown(found.clocks),
        "documents": [paper(one) for one in found.documents],
        "exhibits": [exhibit(one) for one in found.exhibits],
        "packages": [package(one) for one in found.packages],
        "deliveries": shown(found.deliveries),
        "pulls": shown(found.pulls),
        "next": [{**shown(one), "title": one.title.en, "title_uk": one.title.uk} for one in found.next],
    }
