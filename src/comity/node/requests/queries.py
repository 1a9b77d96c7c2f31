"""Reading cooperations: lists, what waits for whom, and one case whole, folded from its acts.

Every list is filtered by the same rule that guards the page (`policy.filtered`), and everything shown is a fold over
the acts: status, clocks, what may come next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q

from comity.law.form import Label, Side
from comity.law.form import forms as every_form
from comity.node.accounts.policy import Do, can, filtered, require
from comity.node.accounts.role import Officer
from comity.node.audit import actions as audit
from comity.node.audit.vocabulary import Event
from comity.node.errors import UnknownError
from comity.node.post import queries as post
from comity.node.post.queries import Delivery, Fetch
from comity.node.registry import queries as registry
from comity.node.requests import composer as drafting
from comity.node.requests import record
from comity.node.requests.composer import Composer, DraftLine, State, blank, composer, drafts
from comity.node.requests.record import File, Kept
from comity.node.vault import queries as vault
from comity.node.vault.queries import Held, Package, Paper
from comity.record import Actor, Attachment
from comity.record.chain import order
from comity.request import lifecycle
from comity.request.calendar import calendar
from comity.request.lifecycle import Running, Status
from comity.request.render import render
from comity.request.request import Request

__all__ = [
    "STATIONS",
    "Case",
    "Composer",
    "DraftLine",
    "Entry",
    "Line",
    "Next",
    "Task",
    "blank",
    "case",
    "composer",
    "drafts",
    "envelope",
    "inbox",
    "letter",
    "line",
    "lines",
    "request_of",
    "visible",
    "worklist",
]

STATIONS: Mapping[str, tuple[str, Do]] = {
    "request.draft": ("submit", Do.DRAFT),
    "request.approve": ("approve", Do.APPROVE),
    "request.send": ("send", Do.SEND),
    "request.receive": ("acknowledge", Do.CONSIDER),
    "request.consider": ("consider", Do.CONSIDER),
    "request.accept": ("accept", Do.CONSIDER),
    "request.ask": ("ask", Do.CONSIDER),
    "request.answer": ("answer", Do.ANSWER),
    "request.postpone": ("postpone", Do.CONSIDER),
    "request.extend": ("extend", Do.CONSIDER),
    "request.refuse": ("refuse", Do.CONSIDER),
    "request.withdraw": ("withdraw", Do.CLOSE),
    "request.close": ("close", Do.CLOSE),
    "execution.assign": ("assign", Do.ASSIGN),
    "custody.collect": ("collect", Do.COLLECT),
    "custody.examine": ("examine", Do.COLLECT),
    "custody.offer": ("offer", Do.OFFER),
    "custody.undertake": ("undertake", Do.UNDERTAKE),
    "custody.receive": ("receive", Do.ACCEPT),
    "evidence.return": ("give-back", Do.RETURN),
}
"""The station of each act kind: its word in the API and the pages, and what the policy is asked."""

COMPARISON = "dna-comparison"
"""The form that is seen in the laboratory only."""

_IN_DRAFT = frozenset({"submit", "approve", "send"})


@dataclass(frozen=True, slots=True)
class Line:
    """A cooperation in a list. ``turn`` is the side that has to act, None where it is over or both may."""

    id: str
    side: Side
    partner: str
    subject: str
    basis: str
    form: str
    status: Status
    turn: Side | None
    assigned: str
    authority: str
    opened_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """An act in the timeline. ``delivery`` is the state of the message that carries it, empty where none does."""

    digest: str
    kind: str
    title: Label
    actor: Actor
    law: str
    at: datetime
    shared: bool
    own: bool
    body: Mapping[str, Any]
    attachments: tuple[Attachment, ...]
    follows: tuple[str, ...]
    verdict: Mapping[str, Any] | None
    delivery: str


@dataclass(frozen=True, slots=True)
class Next:
    """An act this person may do now. ``second_person`` is the act whose author may not do it."""

    kind: str
    station: str
    title: Label
    second_person: str


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for this person; ``ref`` is a draft's or a dossier's id."""

    what: str
    ref: str
    dossier: str
    title: str
    kind: str
    station: str
    due: datetime | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """A cooperation whole, as this side sees it."""

    line: Line
    request: Request | None
    resolution: Mapping[str, Any]
    considered: Mapping[str, Any] | None
    timeline: tuple[Entry, ...]
    clocks: tuple[Running, ...]
    documents: tuple[Paper, ...]
    exhibits: tuple[Held, ...]
    packages: tuple[Package, ...]
    deliveries: tuple[Delivery, ...]
    pulls: tuple[Fetch, ...]
    next: tuple[Next, ...]


def lines(officer: Officer) -> tuple[Line, ...]:
    """Return the cooperations this person may see, the last changed first."""
    return tuple(line(file) for file in record.files(_visible(officer)))


def line(file: File, kept: Sequence[Kept] | None = None) -> Line:
    """Return a dossier as a line of a list."""
    acts = tuple(one.act for one in kept) if kept is not None else record.acts(file.id)
    status = lifecycle.status(acts, file.form)
    return Line(
        id=file.id,
        side=file.side,
        partner=file.partner,
        subject=file.subject,
        basis=file.basis,
        form=file.form.id,
        status=status,
        turn=status.side,
        assigned=file.assigned,
        authority=file.authority,
        opened_at=file.opened_at,
        changed_at=file.changed_at,
    )


def inbox(officer: Officer) -> tuple[Line, ...]:
    """Return the cooperations in which it is this side's turn and this person may do something."""
    return tuple(line(f) for f, _, steps in _open(officer) if steps)


def worklist(officer: Officer, *, at: datetime) -> tuple[Task, ...]:
    """Return everything that waits for this person: drafts first, then acts, the longest waiting first."""
    tasks = [_of_draft(one) for one in drafting.drafts(officer) if _waits(officer, one)]
    for file, status, steps in _open(officer):
        due = min((c.ends_at for c in _clocks(file, at) if c.open and c.ends_at and c.side is file.side), default=None)
        since = status.since or file.changed_at
        tasks += [
            Task("act", file.id, file.id, file.subject, step.kind, step.station, due, since) for step in steps[:1]
        ]
    return tuple(sorted(tasks, key=lambda task: (task.what != "draft", task.since)))


def case(officer: Officer, dossier: str, *, at: datetime) -> Case:
    """Return a cooperation whole; that it was looked at is noted."""
    file = visible(officer, dossier)
    by_digest = {one.act.digest: one for one in record.kept(dossier)}
    acts = order(one.act for one in by_digest.values())
    kept = tuple(by_digest[act.digest] for act in acts)
    deliveries = post.deliveries(dossier=dossier)
    by_act = {one.act: str(one.state) for one in reversed(deliveries) if one.act}
    audit.note(Event.SEEN, actor=officer.username, about=dossier, at=at)
    return Case(
        line=line(file, kept),
        request=file.asked,
        resolution=file.resolution.get("resolution", {}),
        considered=file.resolution.get("considered"),
        timeline=tuple(_entry(file, one, by_act.get(one.sha256, "")) for one in kept),
        clocks=_clocks(file, at),
        documents=vault.documents(dossier),
        exhibits=vault.held(dossier, acts),
        packages=vault.packages(dossier),
        deliveries=deliveries,
        pulls=post.fetches(dossier=dossier),
        next=_next(officer, file, acts),
    )


def visible(officer: Officer, dossier: str) -> File:
    """Return a dossier this person may see, or refuse it."""
    file = record.file(dossier)
    if file.form.id == COMPARISON:
        raise UnknownError(
            f"{dossier} is a comparison of DNA profiles.",
            cause="Its experts must be able to judge blind, so it is not shown among the cases.",
            remedy="Look at it in the laboratory.",
        )
    require(officer, Do.SEE_DOSSIER, file)
    return file


def _visible(officer: Officer) -> Q:
    return filtered(officer, Do.SEE_DOSSIER) & ~Q(id__startswith=every_form()[COMPARISON].prefix + "-")


def envelope(officer: Officer, dossier: str, digest: str) -> bytes:
    """Return the sealed envelope of an act."""
    visible(officer, dossier)
    found = next((one.envelope for one in record.kept(dossier) if one.sha256 == digest), None)
    if found is None:
        raise UnknownError(f"There is no act {digest[:64]!r} in {dossier}.")
    return found


def request_of(dossier: str) -> Request | None:
    """Return the request of a dossier, None before its approval."""
    return record.file(dossier).asked


def letter(officer: Officer, draft_id: str, language: str, *, at: datetime) -> bytes:
    """Return the letter of a complete draft as it would be set now; it is not signed."""
    from comity.request.compose import compose
    from comity.values import DossierId

    row = drafting.draft(officer, draft_id, Do.SEE_DRAFT)
    found = drafting.prepared(row, at)
    own = registry.identity().state
    dossier = row.dossier or str(DossierId(found.form.prefix, own, found.resolution.question.requested, at.date(), 0))
    request = compose(
        found.draft,
        found.resolution,
        dossier=DossierId.read(dossier),
        at=at,
        instrument=found.instrument or None,
        offices=drafting.offices(row),
    )
    return render(request, "uk" if language == "uk" else "en", test=settings.COMITY.test)


def _entry(file: File, kept: Kept, delivery: str) -> Entry:
    act = kept.act
    kinds = file.form.kinds
    title = kinds[act.kind].title if act.kind in kinds else Label(act.kind, act.kind)
    return Entry(
        digest=kept.sha256,
        kind=act.kind,
        title=title,
        actor=act.actor,
        law=act.law,
        at=act.at,
        shared=file.form.shared(act.kind),
        own=kept.own,
        body=act.body,
        attachments=act.attachments,
        follows=tuple(digest.hex for digest in act.follows),
        verdict=kept.verdict or None,
        delivery=delivery,
    )


def _next(officer: Officer, file: File, acts: Sequence[Any]) -> tuple[Next, ...]:
    found = []
    for step in lifecycle.possible(acts, file.form, file.side):
        station, do = STATIONS.get(step.act, ("", Do.SEE_DOSSIER))
        roles = {str(role) for role in step.who}
        second = step.second_person and any(
            act.kind == step.second_person and act.actor.officer == officer.name for act in acts
        )
        if not station or second or not roles & {str(role) for role in officer.roles}:
            continue
        if can(officer, do, file).allowed:
            found.append(Next(step.act, station, file.form.kinds[step.act].title, step.second_person))
    return tuple(found)


def _open(officer: Officer) -> list[tuple[File, Status, tuple[Next, ...]]]:
    found = []
    for file in record.files(_visible(officer)):
        acts = record.acts(file.id)
        status = lifecycle.status(acts, file.form)
        if status.final or status.side is not file.side:
            continue
        steps = tuple(step for step in _next(officer, file, acts) if step.station not in _IN_DRAFT)
        found.append((file, status, steps))
    return found


def _clocks(file: File, at: datetime) -> tuple[Running, ...]:
    rules = file.asked.provisions if file.asked else ()
    return lifecycle.clocks(record.acts(file.id), file.form, rules, calendar(file.dossier.executing), at=at)


def _waits(officer: Officer, one: DraftLine) -> bool:
    match one.state:
        case State.OPEN:
            return one.drafter == officer.username
        case State.SUBMITTED:
            return one.drafter != officer.username and can(officer, Do.APPROVE, one).allowed
        case State.APPROVED:
            return can(officer, Do.SEND, one).allowed
        case State.SENT:
            return False


def _of_draft(one: DraftLine) -> Task:
    station = {State.OPEN: "edit", State.SUBMITTED: "approve", State.APPROVED: "send"}[one.state]
    kind = {"edit": "request.draft", "approve": "request.approve", "send": "request.send"}[station]
    return Task("draft", one.id, one.dossier, one.subject, kind, station, None, one.changed_at)
