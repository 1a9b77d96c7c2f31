"""Files, exhibits and packages by the API. Files come in as raw bodies of announced length and digest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast
from urllib.parse import quote

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from ninja import Field, Router, Schema, Status

from comity.node.accounts.door import who
from comity.node.accounts.policy import Do, require
from comity.node.errors import UnknownError
from comity.node.requests import composer, record
from comity.node.requests.perform import Done
from comity.node.shown import shown
from comity.node.vault import actions, queries, stations
from comity.node.vault.queries import Held, Package, Paper

router = Router(tags=["evidence"])
BLOCK = 1024 * 1024


class ExhibitFile(Schema):
    """A stored file of an exhibit."""

    sha256: str
    name: str
    media_type: str = "application/octet-stream"


class Condition(Schema):
    """A condition of use: its words, the provision it rests on, the purposes it allows, the day it ends."""

    text: str = Field(min_length=1)
    id: str = ""
    provision: str = ""
    source: str = ""
    allows: list[str] = Field(default_factory=list)
    until: str | None = None


class NewExhibit(Schema):
    """An exhibit; without a number it gets the next one."""

    title: str
    nature: str
    number: str = ""
    description: str = ""
    files: list[ExhibitFile] = Field(default_factory=list)
    conditions: list[Condition] = Field(default_factory=list)


class Collected(Schema):
    """How an exhibit came into custody."""

    place: str
    source: str
    method: str
    tools: list[str] = Field(default_factory=list)
    seal: str = ""


class Examined(Schema):
    """What was looked into and found."""

    method: str
    finding: str
    tools: list[str] = Field(default_factory=list)
    on_copy: bool = True


class Offered(Schema):
    """Which exhibits are offered, under which conditions beside their own.

    ``consents``: ids of conditions under which another state gave a file, and to whose onward use it has consented.
    """

    exhibits: list[str] = Field(min_length=1)
    conditions: list[Condition] = Field(default_factory=list)
    consents: list[str] = Field(default_factory=list)


class Noted(Schema):
    """A note, if any."""

    note: str = ""


class Taken(Noted):
    """A note, and the reason for which a package that is indeterminate is taken over all the same."""

    despite: str = ""


@router.put("dossiers/{dossier}/files/{sha256}", response={201: dict[str, Any]}, summary="Upload a file")
def upload(request: HttpRequest, dossier: str, sha256: str) -> Status[dict[str, Any]]:
    """Store a file of exactly the announced length and digest; nothing stays of one that differs."""
    officer, file = who(request), record.file(dossier)
    require(officer, Do.COLLECT if str(file.side) == "executing" else Do.ANSWER, file)
    return Status(201, _store(request, sha256, officer.username, dossier))


@router.put("drafts/{draft_id}/files/{sha256}", response={201: dict[str, Any]}, summary="Upload an enclosure")
def enclose(request: HttpRequest, draft_id: str, sha256: str) -> Status[dict[str, Any]]:
    """Store a file that goes with a request."""
    officer = who(request)
    composer.draft(officer, draft_id, Do.DRAFT)
    return Status(201, _store(request, sha256, officer.username, draft_id))


def _store(request: HttpRequest, sha256: str, by: str, about: str) -> dict[str, Any]:
    announced = request.META.get("CONTENT_LENGTH") or ""
    whole = announced.isdecimal() and "chunked" not in request.headers.get("Transfer-Encoding", "").lower()
    length = int(announced) if whole else None
    found = actions.upload(cast(BinaryIO, request), length=length, sha256=sha256, at=_now(), by=by, about=about)
    return {"sha256": found.sha256.hex, "sha512": found.sha512, "size": found.size}


@router.get("dossiers/{dossier}/documents", response=list[dict[str, Any]], summary="Files of a cooperation")
def documents(request: HttpRequest, dossier: str) -> list[dict[str, Any]]:
    """Return the files of a cooperation."""
    require(who(request), Do.SEE_DOSSIER, record.file(dossier))
    return [paper(one) for one in queries.documents(dossier)]


@router.get("dossiers/{dossier}/documents/{sha256}", summary="A file")
def document(request: HttpRequest, dossier: str, sha256: str) -> HttpResponseBase:
    """Return a file of a cooperation."""
    require(who(request), Do.SEE_DOSSIER, record.file(dossier))
    found = next((one for one in queries.documents(dossier) if one.sha256 == sha256), None)
    if found is None:
        raise UnknownError(f"There is no file {sha256[:64]!r} in {dossier}.")
    return served(found)


@router.post("dossiers/{dossier}/exhibits", response={201: dict[str, Any]}, summary="Describe an exhibit")
def add(request: HttpRequest, dossier: str, new: NewExhibit) -> Status[dict[str, Any]]:
    """Describe an exhibit and its files."""
    made = stations.add_exhibit(
        who(request),
        dossier,
        title=new.title,
        nature=new.nature,
        description=new.description,
        files=[one.model_dump() for one in new.files],
        conditions=[one.model_dump() for one in new.conditions],
        number=new.number,
        at=_now(),
    )
    return Status(201, exhibit(Held(queries.exhibit(made), None)))


@router.get("dossiers/{dossier}/exhibits", response=list[dict[str, Any]], summary="Exhibits")
def exhibits(request: HttpRequest, dossier: str) -> list[dict[str, Any]]:
    """Return the exhibits of a cooperation with who held them."""
    require(who(request), Do.SEE_DOSSIER, record.file(dossier))
    return [exhibit(one) for one in queries.held(dossier, record.acts(dossier))]


@router.post("dossiers/{dossier}/exhibits/{number}/collect", response=dict[str, Any], summary="Take into custody")
def collect(request: HttpRequest, dossier: str, number: str, said: Collected) -> dict[str, Any]:
    """Take an exhibit into custody."""
    return done(stations.collect(who(request), dossier, number, **said.model_dump(), at=_now()))


@router.post("dossiers/{dossier}/exhibits/{number}/examine", response=dict[str, Any], summary="Examine")
def examine(request: HttpRequest, dossier: str, number: str, said: Examined) -> dict[str, Any]:
    """Record an examination."""
    return done(stations.examine(who(request), dossier, number, **said.model_dump(), at=_now()))


@router.post("dossiers/{dossier}/offer", response=dict[str, Any], summary="Offer to the other state")
def offer(request: HttpRequest, dossier: str, said: Offered) -> dict[str, Any]:
    """Offer exhibits under conditions of use."""
    conditions = [one.model_dump() for one in said.conditions]
    made = stations.offer(
        who(request), dossier, exhibits=said.exhibits, conditions=conditions, consents=said.consents, at=_now()
    )
    return done(made)


@router.post("dossiers/{dossier}/undertake", response=dict[str, Any], summary="Take over the conditions of use")
def undertake(request: HttpRequest, dossier: str) -> dict[str, Any]:
    """Take over exactly what was offered."""
    return done(stations.undertake(who(request), dossier, at=_now()))


@router.post("dossiers/{dossier}/give-back", response=dict[str, Any], summary="Return the evidence")
def give_back(request: HttpRequest, dossier: str, said: Noted) -> dict[str, Any]:
    """Make the package and return it."""
    return done(stations.give_back(who(request), dossier, note=said.note, at=_now()))


@router.get("dossiers/{dossier}/packages", response=list[dict[str, Any]], summary="Packages")
def packages(request: HttpRequest, dossier: str) -> list[dict[str, Any]]:
    """Return the packages of a cooperation."""
    require(who(request), Do.SEE_DOSSIER, record.file(dossier))
    return [package(one) for one in queries.packages(dossier)]


@router.get("dossiers/{dossier}/packages/{sha256}", summary="A package")
def download(request: HttpRequest, dossier: str, sha256: str) -> HttpResponseBase:
    """Return a package."""
    return document(request, dossier, sha256)


@router.post("dossiers/{dossier}/packages/{sha256}/verify", response=dict[str, Any], summary="Verify a package")
def verify(request: HttpRequest, dossier: str, sha256: str) -> dict[str, Any]:
    """Verify a package and keep what was said."""
    found = stations.verify(who(request), dossier, sha256, at=_now())
    return dict(found.to_json())


@router.post("dossiers/{dossier}/receive", response=dict[str, Any], summary="Take custody of what came")
def receive(request: HttpRequest, dossier: str, said: Taken) -> dict[str, Any]:
    """Verify what came and take custody of it."""
    return done(stations.receive(who(request), dossier, note=said.note, despite=said.despite, at=_now()))


def served(found: Paper) -> HttpResponseBase:
    """Return a file as a download; it is never shown inside our own pages' origin."""
    source = queries.open_blob(found.sha256)
    response = StreamingHttpResponse(_blocks(source), content_type=found.media_type)
    response["Content-Length"] = str(found.size)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "no-store"
    return response


def _blocks(source: BinaryIO) -> Iterator[bytes]:
    with source:
        while block := source.read(BLOCK):
            yield block


def paper(one: Paper) -> dict[str, Any]:
    """Return a file of a cooperation."""
    return dict(shown(one))


def exhibit(one: Held) -> dict[str, Any]:
    """Return an exhibit with who held it."""
    fold = one.custody
    custody = {
        "holdings": shown(fold.holdings) if fold else [],
        "gaps": shown(fold.gaps) if fold else [],
        "complete": fold.complete if fold else False,
        "holder": shown(fold.holder) if fold else None,
    }
    return {**one.exhibit.to_json(), "custody": custody}


def package(one: Package) -> dict[str, Any]:
    """Return a package with its last verification."""
    checked = one.checked
    said = None
    if checked:
        report = dict(checked.report)
        said = {**report, "status": checked.status, "by": checked.by, "at": checked.at.isoformat()}
    return {
        "sha256": one.sha256,
        "name": one.name,
        "size": one.size,
        "act": one.act,
        "present": one.present,
        "verification": said,
    }


def done(made: Done) -> dict[str, Any]:
    """Return what a station left."""
    from comity.node.requests.api import done as shape

    return shape(made)


def _now() -> datetime:
    return datetime.now(UTC)
