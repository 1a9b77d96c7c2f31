"""Every write of a cooperation up to its evidence: drafts, approval by a second person, sending, and each decision.

Stations 1 to 5 on the issuing side, 6 and 7 on the executing side, and what may follow (design section 2). Each act is
made by `perform`, in one transaction; what may come when is the form's table, who may do it the policy.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from comity.flow import accept as ending
from comity.flow import execute
from comity.flow.consider import Considered
from comity.flow.consider import consider as under_own_law
from comity.law.form import form_of
from comity.node.accounts import queries as people
from comity.node.accounts.policy import Do, require
from comity.node.accounts.role import Officer
from comity.node.audit import actions as audit
from comity.node.audit.vocabulary import Event
from comity.node.errors import DraftStaleError, NotPossibleError, SecondPersonError, UnknownError
from comity.node.lawbook import queries as law
from comity.node.post import queries as post
from comity.node.registry import queries as registry
from comity.node.requests import composer, opening, record
from comity.node.requests.composer import Composer, Question, State
from comity.node.requests.models import Dossier, Draft
from comity.node.requests.perform import Done, Station, Work, perform, refusing, with_extra
from comity.node.requests.record import File
from comity.node.vault import actions as vault
from comity.node.vault import queries as stored
from comity.record import Attachment
from comity.request import body
from comity.request.compose import compose, incomplete
from comity.request.render import render
from comity.request.request import Request
from comity.values import Digest, DossierId, canonical, state

__all__ = [
    "Done",
    "accept",
    "acknowledge",
    "answer",
    "approve",
    "ask",
    "assign",
    "close",
    "consider",
    "discard",
    "extend",
    "postpone",
    "refuse",
    "return_draft",
    "save_draft",
    "send",
    "submit",
    "withdraw",
]

PDF = "application/pdf"
JSON = "application/json"


def save_draft(
    officer: Officer,
    draft_id: str | None,
    question: Mapping[str, Any],
    values: Mapping[str, Any],
    version: int | None,
    *,
    at: datetime,
) -> Composer:
    """Store a new draft, or a change made on ``version`` of one; a change opens a submitted draft again."""
    asked = Question.of(question)
    state(asked.requested)
    canonical(dict(values))
    if draft_id is None:
        return _begin(officer, asked, values, at)
    row = composer.draft(officer, draft_id, Do.DRAFT)
    _not_sent(row)
    with transaction.atomic():
        changed = Draft.objects.filter(pk=row.pk, version=row.version if version is None else version).update(
            question=asked.to_json(),
            values=dict(values),
            requested=asked.requested,
            version=F("version") + 1,
            state=State.OPEN,
            changed_at=at,
        )
        if not changed:
            raise DraftStaleError(version=row.version)
        audit.note(Event.DRAFT_CHANGED, actor=officer.username, about=draft_id, detail={"version": row.version + 1})
    return composer.composer(officer, draft_id, at=at)


def _begin(officer: Officer, asked: Question, values: Mapping[str, Any], at: datetime) -> Composer:
    require(officer, Do.DRAFT)
    key = uuid.uuid4()
    row = Draft(
        id=key,
        drafter=officer.username,
        authority=officer.authority,
        requested=asked.requested,
        question=asked.to_json(),
        values=dict(values),
        made_at=at,
        changed_at=at,
    )
    shown = composer.compose(officer, row, at)  # a question the law does not take is refused before anything is stored
    with transaction.atomic():
        row.save(force_insert=True)
        audit.note(Event.DRAFTED, actor=officer.username, about=str(key), detail={"requested": asked.requested})
    return shown


def discard(officer: Officer, draft_id: str, *, at: datetime) -> None:
    """Remove a draft that was not sent; what was enacted on it stays."""
    row = composer.draft(officer, draft_id, Do.DRAFT)
    _not_sent(row)
    with transaction.atomic():
        Draft.objects.filter(pk=row.pk).delete()
        audit.note(Event.DRAFT_DISCARDED, actor=officer.username, about=draft_id, at=at)


def submit(officer: Officer, draft_id: str, version: int | None, *, at: datetime) -> Composer:
    """Hand a complete draft to a second person: opens the dossier, and is the act ``request.draft``."""
    row = composer.draft(officer, draft_id, Do.DRAFT)
    with refusing(officer, draft_id):
        if row.state != State.OPEN:
            raise NotPossibleError("The draft was submitted already.", remedy="Change it first, or have it approved.")
        if version is not None and version != row.version:
            raise DraftStaleError(version=row.version)
        found = composer.prepared(row, at)
        if found.missing:
            raise incomplete(found.missing)
        with transaction.atomic():
            dossier = _dossier(row, found.instrument, at)
            written = Digest.of(canonical(found.draft.to_json())).hex
            said = body.Drafted(draft=written, resolution=found.resolution.digest.hex, basis=found.instrument)
            changed = Draft.objects.filter(pk=row.pk, version=row.version).update(
                state=State.SUBMITTED, dossier=dossier, version=F("version") + 1, changed_at=at
            )
            if not changed:
                raise DraftStaleError(version=row.version)
            perform(officer, dossier, "request.draft", Do.DRAFT, lambda s: Work(s.act(body.write(said))), at=at)
            audit.note(Event.DRAFT_SUBMITTED, actor=officer.username, about=draft_id, detail={"dossier": dossier})
    return composer.composer(officer, draft_id, at=at)


def _dossier(row: Draft, instrument: str, at: datetime) -> str:
    """Open the draft's dossier, or take the one it has; its parties and form stay as they are."""
    form = form_of(instrument or None)
    if row.dossier:
        kept = record.file(row.dossier)
        if kept.dossier.form != form.prefix or kept.partner != row.requested:
            raise NotPossibleError(
                f"The draft stands under {row.dossier}; another state or another form of cooperation needs a new draft.",
                remedy="Begin a new draft and discard this one.",
            )
        Dossier.objects.filter(pk=row.dossier).update(basis=instrument, subject=composer.title(row), changed_at=at)
        return row.dossier
    return opening.own(
        form.prefix,
        state(row.requested),
        authority=row.authority,
        subject=composer.title(row),
        basis=instrument,
        at=at,
    )


def return_draft(officer: Officer, draft_id: str, reason: str, *, at: datetime) -> Composer:
    """Give a submitted draft back to who wrote it."""
    row = composer.draft(officer, draft_id, Do.APPROVE)
    _second(officer, row)
    with transaction.atomic():
        waiting = Draft.objects.filter(pk=row.pk, state=State.SUBMITTED)
        if not waiting.update(state=State.OPEN, version=F("version") + 1, changed_at=at):
            raise NotPossibleError("The draft does not wait for approval.", remedy="Look at where it stands now.")
        audit.note(Event.DRAFT_RETURNED, actor=officer.username, about=draft_id, detail={"reason": reason[:1000]})
    return composer.composer(officer, draft_id, at=at)


def approve(officer: Officer, draft_id: str, *, at: datetime) -> Composer:
    """Approve as the second person: composes the request, sets and signs its letter, is the act ``request.approve``."""
    row = composer.draft(officer, draft_id, Do.APPROVE)
    _second(officer, row)
    with refusing(officer, draft_id):
        if row.state != State.SUBMITTED:
            raise NotPossibleError("The draft does not wait for approval.", remedy="Have it submitted first.")
        found = composer.prepared(row, at)
        request = compose(
            found.draft,
            found.resolution,
            dossier=DossierId.read(row.dossier),
            at=at,
            instrument=found.instrument or None,
            offices=composer.offices(row),
        )
        papers = _papers(request, at)
        said = body.Approve(request=request.digest.hex)

        def also() -> None:
            approved = Draft.objects.filter(pk=row.pk, version=row.version)
            if not approved.update(state=State.APPROVED, version=F("version") + 1, changed_at=at):
                raise DraftStaleError(version=row.version)
            Dossier.objects.filter(pk=row.dossier).update(
                request=request.canonical,
                basis=found.instrument,
                resolution={"resolution": found.resolution.to_json()},
            )
            for attached, role in papers:
                kept = vault.known(attached.digest.hex)
                vault.add_document(
                    row.dossier, kept, name=attached.name, media_type=attached.media_type, role=role, at=at
                )

        def making(station: Station) -> Work:
            return Work(station.act(body.write(said)), also)

        perform(officer, row.dossier, "request.approve", Do.APPROVE, making, at=at)
    return composer.composer(officer, draft_id, at=at)


def _papers(request: Request, at: datetime) -> tuple[tuple[Attachment, str], ...]:
    """Store the canonical request and its signed letters; return them with their roles."""
    from comity.signing import pades  # takes a second to read, and only the approving process needs it

    own = registry.identity()
    made = [("request.json", JSON, request.canonical, "request")]
    languages = ["en"] + (["uk"] if "UA" in (request.requesting, request.requested) else [])
    for language in languages:
        letter = render(request, language, test=settings.COMITY.test)
        signed = pades.sign(
            letter, own.signer, at=at, reason=f"Request {request.dossier}", name=request.offices.issuing.name,
            tsa=own.tsa,
        )  # fmt: skip
        made.append((f"letter-{language}.pdf", PDF, signed, "letter"))
    found = []
    for name, media_type, content, role in made:
        kept = vault.keep(content, at)
        found.append((Attachment(name, kept.sha256, kept.size, media_type), role))
    return tuple(found)


def send(officer: Officer, draft_id: str, *, at: datetime) -> Done:
    """Send an approved request: the act ``request.send`` with request, letters and enclosures, in the outbox at once."""
    row = composer.draft(officer, draft_id, Do.SEND)

    def making(station: Station) -> Work:
        request = station.file.asked
        if row.state != State.APPROVED or request is None:
            raise NotPossibleError("The draft is not approved.", remedy="A second person approves it first.")
        papers = {p.name: p for p in stored.documents(station.file.id) if p.role in ("request", "letter")}
        attached = [Attachment(p.name, Digest(p.sha256), p.size, p.media_type) for p in papers.values()]
        attached += [_enclosed(e.sha256, e.name, e.media_type) for e in request.draft.attachments]
        said = body.Send(
            request=request.digest.hex,
            letter=next(p for p in papers.values() if p.role == "letter").sha256,
            resolution=request.law.resolution,
            release=request.law.release,
            lawbase=request.law.lawbase,
            basis=request.basis.instrument,
            urgent=request.draft.urgency.urgent,
            needed_by=request.draft.urgency.until,
        )

        def also() -> None:
            sent = Draft.objects.filter(pk=row.pk, state=State.APPROVED)
            if not sent.update(state=State.SENT, version=F("version") + 1, changed_at=at):
                raise DraftStaleError(version=row.version)

        act = station.act(body.write(said), attachments=tuple(attached), language=request.draft.language)
        return Work(act, also, {p.sha256: p.role for p in papers.values()})

    if not row.dossier:
        raise NotPossibleError("The draft is not approved.", remedy="A second person approves it first.")
    return perform(officer, row.dossier, "request.send", Do.SEND, making, at=at)


def acknowledge(officer: Officer, dossier: str, *, note: str = "", at: datetime) -> Done:
    """Acknowledge the receipt of a request to the other state."""

    def making(station: Station) -> Work:
        came = post.arrivals(dossier=station.file.id)
        first = came[-1] if came else None
        said = body.Receive(
            received_at=first.received_at if first else at,
            message=first.message_id if first else "",
            authority=officer.authority,
            contact=officer.name,
            reference=note,
        )
        return Work(station.act(body.write(said)))

    return perform(officer, dossier, "request.receive", Do.CONSIDER, making, at=at)


def consider(officer: Officer, dossier: str, *, note: str = "", at: datetime) -> Done:
    """Consider a request under this state's own resolution, compared with the sender's."""
    made: list[Considered] = []

    def making(station: Station) -> Work:
        request = _request(station.file)
        found = under_own_law(request, law.base(), on=at.date())
        made.append(found)
        said = {
            "resolution": found.resolution.digest.hex,
            "release": found.resolution.release,
            "lawbase": str(found.resolution.lawbase_digest),
            "basis": request.basis.instrument,
            "differences": [{"line": d.line, "theirs": d.theirs, "ours": d.ours} for d in found.differences],
            "note": note,
        }

        def also() -> None:
            kept = {"resolution": found.resolution.to_json(), "considered": found.to_json()}
            Dossier.objects.filter(pk=station.file.id).update(resolution=kept)

        return Work(station.act(_body("request.consider", said)), also)

    done = perform(officer, dossier, "request.consider", Do.CONSIDER, making, at=at)
    return with_extra(done, considered=made[-1].to_json())


def accept(officer: Officer, dossier: str, *, note: str = "", at: datetime) -> Done:
    """Accept a request for execution."""

    def making(station: Station) -> Work:
        said = body.Accept(measures=_request(station.file).draft.measures, text=note)
        return Work(station.act(body.write(said)))

    return perform(officer, dossier, "request.accept", Do.CONSIDER, making, at=at)


def ask(officer: Officer, dossier: str, *, text: str, provision: str = "", at: datetime) -> Done:
    """Ask the other state for supplementary information."""

    def making(station: Station) -> Work:
        article = _article(station.file, provision)
        said = {"questions": [_filled({"text": text, "provision": provision, "article": article})]}
        return Work(station.act(_body("request.ask", said), law=article))

    return perform(officer, dossier, "request.ask", Do.CONSIDER, making, at=at)


def answer(
    officer: Officer, dossier: str, *, text: str, attachments: Sequence[Mapping[str, str]] = (), at: datetime
) -> Done:
    """Answer what the other state asked, each question with the same text."""

    def making(station: Station) -> Work:
        count = len(station.last("request.ask").body["questions"])
        said = {"answers": [{"question": number, "text": text} for number in range(1, count + 1)]}
        files = tuple(_enclosed(a["sha256"], a["name"], a["media_type"]) for a in attachments)
        return Work(station.act(_body("request.answer", said), attachments=files))

    return perform(officer, dossier, "request.answer", Do.ANSWER, making, at=at)


def postpone(
    officer: Officer,
    dossier: str,
    *,
    reason: str,
    ground: str = "",
    until: date | None = None,
    provision: str = "",
    at: datetime,
) -> Done:
    """Postpone the execution, with the reason and, where known, until when."""

    def making(station: Station) -> Work:
        article = _article(station.file, provision)
        said = {
            "ground": ground or "pending_proceedings",
            "text": reason,
            "provision": provision,
            "article": article,
            "until": until.isoformat() if until else "",
        }
        return Work(station.act(_body("request.postpone", said), law=article))

    return perform(officer, dossier, "request.postpone", Do.CONSIDER, making, at=at)


def extend(officer: Officer, dossier: str, *, clock: str, by: int, reason: str, at: datetime) -> Done:
    """Extend a clock where the law allows it, with the reason."""
    said = {"clock": clock, "by": by, "text": reason}

    def making(station: Station) -> Work:
        return Work(station.act(_body("request.extend", said)))

    return perform(officer, dossier, "request.extend", Do.CONSIDER, making, at=at)


def refuse(officer: Officer, dossier: str, *, ground: str, reason: str, at: datetime) -> Done:
    """Refuse a request on a ground the law provides for; ``ground`` is a decision's ground or its provision."""

    def making(station: Station) -> Work:
        found = _ground(station.file, ground)
        article = str(found.get("article", ""))
        said = {
            "ground": str(found.get("ground") or ground),
            "text": reason,
            "provision": str(found.get("provision", "")),
            "article": article,
        }
        return Work(station.act(_body("request.refuse", said), law=article))

    return perform(officer, dossier, "request.refuse", Do.CONSIDER, making, at=at)


def assign(officer: Officer, dossier: str, *, authority: str, note: str = "", at: datetime) -> Done:
    """Assign the execution to an authority of this state; from then on it sees the dossier."""

    def making(station: Station) -> Work:
        own = str(registry.identity().state)
        here = {found.id for found in law.authorities(own)} | {person.authority for person in people.officers()}
        if authority not in here:
            raise UnknownError(
                f"{authority[:80]!r} is no authority of {own}.",
                remedy="Choose one the law base names for this state, or one someone works for here.",
            )

        def also() -> None:
            Dossier.objects.filter(pk=station.file.id).update(assigned=authority)

        return Work(execute.assign(station.case, station.actor, station.at, authority=authority, note=note), also)

    return perform(officer, dossier, "execution.assign", Do.ASSIGN, making, at=at)


def withdraw(officer: Officer, dossier: str, *, reason: str, at: datetime) -> Done:
    """Withdraw a request."""

    def making(station: Station) -> Work:
        return Work(station.act(_body("request.withdraw", {"text": reason})))

    return perform(officer, dossier, "request.withdraw", Do.CLOSE, making, at=at)


def close(officer: Officer, dossier: str, *, note: str = "", at: datetime) -> Done:
    """Close a cooperation that was fulfilled, refused or withdrawn."""

    def making(station: Station) -> Work:
        request = _request(station.file)
        return Work(ending.close(station.case, request, station.actor, station.at, text=note))

    return perform(officer, dossier, "request.close", Do.CLOSE, making, at=at)


def _not_sent(row: Draft) -> None:
    if row.state == State.SENT:
        raise NotPossibleError("The request was sent.", remedy="Withdraw it, or answer what is asked.")


def _second(officer: Officer, row: Draft) -> None:
    if row.drafter == officer.username:
        audit.note(Event.REFUSED, actor=officer.username, about=str(row.pk), detail={"why": "the own draft"})
        raise SecondPersonError


def _body(kind: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """Read what a door gave as the body of a kind of act; members that hold nothing are left out."""
    return body.write(body.read(kind, _filled(said)))


def _filled(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value not in ("", None)}


def _request(file: File) -> Request:
    if file.asked is None:
        raise NotPossibleError("There is no request in this cooperation yet.", remedy="It is composed at approval.")
    return file.asked


def _decisions(file: File) -> Sequence[Mapping[str, Any]]:
    return tuple(file.resolution.get("considered", {}).get("decisions", ()))


def _ground(file: File, ground: str) -> Mapping[str, Any]:
    grounds = [one for one in _decisions(file) if one["kind"] == "refuse"]
    for one in grounds:
        if ground in (one.get("ground"), one.get("provision")):
            return one
    names = ", ".join(dict.fromkeys(str(one.get("ground") or one.get("provision")) for one in grounds))
    raise NotPossibleError(
        f"{ground[:120]!r} is no ground for refusal in this cooperation.",
        cause="The law that binds the two states does not provide for it, or the request was not considered.",
        remedy=f"Choose one of: {names or 'none; consider the request first'}.",
    )


def _article(file: File, provision: str) -> str:
    """Return how people write a provision, as far as the considered decisions or the request know it."""
    known = {str(d.get("provision")): str(d.get("article", "")) for d in _decisions(file)}
    known |= {rule.provision: rule.article for rule in _request(file).provisions}
    return known.get(provision, "") if provision else ""


def _enclosed(sha256: str, name: str, media_type: str) -> Attachment:
    kept = vault.known(sha256)
    return Attachment(name, kept.sha256, kept.size, media_type)
