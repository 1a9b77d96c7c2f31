"""Evidence: exhibits with their custody and conditions of use, packages and what verification says of them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comity.errors import ComityError
from comity.evidence.item import Nature
from comity.node.accounts.policy import Do, can, require
from comity.node.accounts.role import Officer
from comity.node.audit import actions as audit
from comity.node.audit.vocabulary import Event
from comity.node.errors import UnknownError
from comity.node.page import act, page, show
from comity.node.place import here
from comity.node.registry.queries import identity
from comity.node.requests import queries as requests
from comity.node.requests import record
from comity.node.requests import stations as forms
from comity.node.vault import checking, queries, stations
from comity.node.vault.form_files import take

__all__ = ["add", "evidence", "file", "of_case", "package", "verify"]

HERE = frozenset({"collect", "examine", "offer", "undertake", "give-back", "receive"})
SHOWN = 60


@require_GET
@page
def evidence(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show the exhibits and packages of the cooperations this person may see."""
    require(officer, Do.SEE_DOSSIER)
    found = [
        (line, queries.held(line.id, record.acts(line.id)), queries.packages(line.id))
        for line in requests.lines(officer)[:SHOWN]
    ]
    return show(request, "vault/evidence.html", found=[one for one in found if one[1] or one[2]])


@require_GET
@page
def of_case(request: HttpRequest, officer: Officer, dossier: str) -> HttpResponse:
    """Show the evidence of one cooperation, with the acts that may be done on it now."""
    case = requests.case(officer, dossier, at=datetime.now(UTC))
    own = identity().state
    return show(
        request,
        "vault/case.html",
        case=case,
        own=own,
        forms=[form for form in forms.forms(case, own) if form.station in HERE],
        natures=tuple(Nature),
        may_describe=can(officer, Do.COLLECT, case.line).allowed,
    )


@require_POST
@page
def add(request: HttpRequest, officer: Officer, dossier: str) -> HttpResponse:
    """Describe an exhibit, with the files that belong to it."""
    require(officer, Do.COLLECT, record.file(dossier))
    now, sent = datetime.now(UTC), request.POST

    def describe() -> object:
        kept = [_kept(one, officer, dossier, now) for one in request.FILES.getlist("files") if one]
        conditions = [{"text": line.strip()} for line in sent.get("conditions", "").splitlines() if line.strip()]
        return stations.add_exhibit(
            officer,
            dossier,
            title=sent.get("title", "").strip(),
            nature=sent.get("nature", ""),
            description=sent.get("description", "").strip(),
            files=kept,
            conditions=conditions,
            at=now,
        )

    to = reverse("case-evidence", args=[dossier])
    return act(request, describe, done=_("The exhibit is described; record next how it came into custody."), to=to)


def _kept(upload: UploadedFile[Any], officer: Officer, dossier: str, at: datetime) -> dict[str, str]:
    kept = take(upload, officer, dossier, at=at)
    return {"sha256": kept.fingerprint.sha256.hex, "name": kept.name, "media_type": kept.media_type}


@require_GET
@page
def file(request: HttpRequest, officer: Officer, dossier: str, sha256: str) -> HttpResponseBase:
    """Hand out a file of a cooperation, always as a download: no file of a case is shown under our own origin."""
    del request
    requests.visible(officer, dossier)
    paper = next((one for one in queries.documents(dossier) if one.sha256 == sha256), None)
    if paper is None:
        raise UnknownError(f"There is no file {sha256[:64]!r} in {dossier}.")
    content = queries.open_blob(sha256)
    audit.note(Event.EXPORTED, actor=officer.username, about=dossier, detail={"sha256": sha256, "name": paper.name})
    answer = FileResponse(content, as_attachment=True, filename=paper.name, content_type="application/octet-stream")
    answer["Content-Length"] = str(paper.size)
    return answer


@require_http_methods(["GET", "POST"])
@page
def package(request: HttpRequest, officer: Officer, dossier: str, sha256: str) -> HttpResponse:
    """Show what verification said of a package, part by part; verify it again."""
    requests.visible(officer, dossier)
    if request.method == "POST":
        return act(
            request,
            lambda: stations.verify(officer, dossier, sha256, at=datetime.now(UTC)),
            done=_("The package was verified."),
            to=reverse("package", args=[dossier, sha256]),
        )
    found = next((one for one in queries.packages(dossier) if one.sha256 == sha256), None)
    if found is None:
        raise UnknownError(f"There is no package {sha256[:64]!r} in {dossier}.")
    report = found.checked.report if found.checked else None
    return show(request, "vault/package.html", dossier=dossier, package=found, report=report)


@require_http_methods(["GET", "POST"])
@page
def verify(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Say of any package whether it is genuine. It is not kept."""
    require(officer, Do.VERIFY)
    if request.method == "GET":
        return show(request, "vault/verify.html")
    upload = request.FILES.get("package")
    if upload is None or isinstance(upload, list):
        return show(request, "vault/verify.html", status=400, lacking=True)
    try:
        with _on_disk(upload) as path:
            report = checking.report(path, at=datetime.now(UTC))
    except ComityError as error:
        audit.note(Event.INPUT_REFUSED, actor=officer.username, detail={"door": "verify", "code": error.code})
        return show(request, "vault/verify.html", status=422, error=error, name=upload.name)
    audit.note(Event.PACKAGE_VERIFIED, actor=officer.username, detail={"status": report.get("status", "")})
    return show(request, "vault/verify.html", report=report, name=upload.name)


@contextmanager
def _on_disk(upload: UploadedFile[Any]) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(dir=here().work, suffix=".asice") as file:
        for block in upload.chunks():
            file.write(block)
        file.flush()
        yield Path(file.name)
