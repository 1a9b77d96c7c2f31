"""How every station does its act: read the acts, make the next one, seal it, and save all of it in one transaction.

The order: policy; then, outside any transaction, the act of `flow.enact` on the acts known now, its seal and, for a
shared act, its message; then the transaction: lock the dossier, see that no other act came in between (else begin
again), save act, log leaf, documents, outbox row and what the station itself changes. A refusal leaves an act of the
audit and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from comity.errors import ComityError
from comity.flow import dispatch
from comity.flow.dispatch import Outgoing
from comity.flow.enact import enact
from comity.flow.execute import Case
from comity.law.form import Side
from comity.node.accounts.policy import Do, require
from comity.node.accounts.role import Officer, Role
from comity.node.audit import actions as audit
from comity.node.audit.vocabulary import Event
from comity.node.crash import CrashPoint, reach
from comity.node.errors import NotPossibleError
from comity.node.post import actions as post
from comity.node.registry import queries as registry
from comity.node.requests import record
from comity.node.requests.models import ActRow, Dossier
from comity.node.requests.record import File
from comity.node.vault import actions as vault
from comity.node.vault import queries as stored
from comity.record import Act, Actor, Attachment
from comity.request import lifecycle
from comity.values import Fingerprint

__all__ = ["Done", "Making", "Station", "Work", "keep", "perform", "refusing", "save", "with_extra"]

TRIES = 5
_COMMIT = {"request.send": CrashPoint.SEND_BEFORE_COMMIT, "evidence.return": CrashPoint.RETURN_BEFORE_COMMIT}


@dataclass(frozen=True, slots=True)
class Done:
    """What a station left: the act, where the cooperation stands now, the message's id where one goes out."""

    act: str
    kind: str
    dossier: str
    law: str
    status_id: str
    status: str
    message: str
    at: datetime
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Station:
    """Where an act is made: the dossier, its acts known here, who acts, when, and which kind of act it is to be."""

    kind: str
    file: File
    acts: tuple[Act, ...]
    actor: Actor
    at: datetime

    @property
    def case(self) -> Case:
        """The same for the legs of the flow."""
        return Case(self.file.dossier, self.file.form, self.acts, Rules(self.file))

    def act(
        self,
        body: Mapping[str, Any],
        *,
        law: str = "",
        attachments: tuple[Attachment, ...] = (),
        language: str = "en",
        conditions: tuple[str, ...] = (),
    ) -> Act:
        """Make the act, or raise the error that says why it cannot come now."""
        return enact(
            self.kind,
            form=self.file.form,
            dossier=self.file.dossier,
            acts=self.acts,
            actor=self.actor,
            at=self.at,
            body=body,
            law=law,
            basis=Rules(self.file),
            attachments=attachments,
            language=language,
            conditions=conditions,
        )

    def last(self, kind: str) -> Act:
        """Return the last act of a kind, or refuse where there is none yet."""
        found = [act for act in self.acts if act.kind == kind]
        if not found:
            title = self.file.form.kinds[kind].title.en
            raise NotPossibleError(
                f"'{title}' has not happened in this cooperation yet.", remedy="Wait for it, then try again."
            )
        return found[-1]


@dataclass(frozen=True, slots=True)
class Work:
    """What a station does: the act, what else is written with it, the roles of its attachments by digest."""

    act: Act
    also: Callable[[], None] | None = None
    papers: Mapping[str, str] = field(default_factory=dict)


Making = Callable[[Station], Work]


def perform(officer: Officer, dossier: str, kind: str, do: Do, making: Making, *, at: datetime) -> Done:
    """Do one act of a dossier; ``making`` makes it, given the dossier and its acts."""
    require(officer, do, record.file(dossier))
    with refusing(officer, dossier):
        for _ in range(TRIES):
            done = _try(officer, _station(officer, record.file(dossier), kind, at), making)
            if done is not None:
                return done
        raise NotPossibleError(
            "Others act in this cooperation at the same time.",
            cause="Several acts came in within moments.",
            remedy="Look at what they did, then try again.",
        )


class refusing:  # noqa: N801 - reads as a clause: with refusing(officer, dossier)
    """Notes in the audit why a station refused; the error goes on."""

    def __init__(self, officer: Officer, about: str) -> None:
        self.officer, self.about = officer, about

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Note the refusal."""
        if isinstance(error, ComityError):
            said = {"code": error.code, "detail": error.detail[:500]}
            audit.note(Event.ACT_REFUSED, actor=self.officer.username, about=self.about, detail=said)


def _station(officer: Officer, file: File, kind: str, at: datetime) -> Station:
    step = file.form.step(kind)
    roles = tuple(Role(str(role)) for role in step.who) if step else ()
    own = registry.identity().state
    actor = Actor(own, officer.authority, str(officer.first(*roles)), officer.name)
    known = record.acts(file.id)
    # Clocks may step back; what this side does later is never written as earlier.
    return Station(kind, file, known, actor, max((at, *(act.at for act in known if act.actor.state == own))))


def _try(officer: Officer, station: Station, making: Making) -> Done | None:
    """Make the act and save it; None where another act came in between."""
    file, known, at = station.file, station.acts, station.at
    work = making(station)
    act, shared = work.act, file.form.shared(station.kind)
    made = _dispatch(act, file, known, at) if shared else None
    envelope = made.envelope if made else dispatch.seal(act, registry.identity().signer)
    with transaction.atomic():
        row = Dossier.objects.select_for_update().get(pk=file.id)
        if ActRow.objects.filter(dossier_id=file.id).count() != len(known):
            return None
        save(row, act, envelope, shared=shared, verdict={}, papers=work.papers, at=at)
        if work.also:
            work.also()
        if made:
            _queue(made, file, at)
        said = {"act": act.digest.hex, "kind": act.kind}
        audit.note(Event.ACT_DONE, actor=officer.username, about=file.id, detail=said, at=at)
        if act.kind in _COMMIT:
            reach(_COMMIT[act.kind])
    if act.kind == "request.send":
        reach(CrashPoint.SEND_AFTER_COMMIT)
    stands = lifecycle.status((*known, act), file.form)
    message = made.message.message_id if made else ""
    return Done(act.digest.hex, act.kind, file.id, act.law, stands.id, stands.label.en, message, at)


def _queue(made: Outgoing, file: File, at: datetime) -> None:
    post.queue(
        made.message,
        partner=file.partner,
        dossier=file.id,
        kind=made.act.kind,
        act=made.act.digest.hex,
        claims=tuple(claim.sha256.hex for claim in made.claimed),
        at=at,
    )


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules a request carries, by kind, as the form's table asks for them."""

    file: File

    def of(self, kind: str) -> tuple[Article, ...]:
        """Return the rules of a kind, those of the basis itself first."""
        asked = self.file.asked
        if asked is None:
            return ()
        if kind == "request_content":
            return tuple(Article(stated.article) for stated in asked.contents if stated.article)
        every = (*asked.provisions, *asked.undertakings)
        return tuple(Article(rule.article) for rule in every if rule.kind == kind and rule.article)


@dataclass(frozen=True, slots=True)
class Article:
    """An article as people write it."""

    article: str


def _dispatch(act: Act, file: File, known: Sequence[Act], at: datetime) -> Outgoing:
    own = registry.identity()
    return dispatch.dispatch(
        act,
        blobs=stored.store(),
        signer=own.signer,
        keys=own.keys,
        partner=registry.partner(file.partner),
        recipient=_recipient(file, known),
        at=at,
    )


def _recipient(file: File, known: Sequence[Act]) -> str:
    """Return the authority over there: who acted last, else whom the request names."""
    theirs = [act.actor.authority for act in known if act.actor.state == file.partner]
    if theirs:
        return theirs[-1]
    asked = file.asked
    if asked is None:
        return str(file.partner)
    return (asked.offices.executing if file.side is Side.ISSUING else asked.offices.issuing).id or str(file.partner)


def keep(dossier: str, act: Act, envelope: bytes, *, verdict: Mapping[str, Any], at: datetime) -> None:
    """Store a partner's act that came with the evidence, once; call it in the transaction that takes the evidence over."""
    if not ActRow.objects.filter(sha256=act.digest.hex).exists():
        row = Dossier.objects.get(pk=dossier)
        save(row, act, envelope, shared=False, verdict=verdict, papers={}, at=at)


def save(
    row: Dossier,
    act: Act,
    envelope: bytes,
    *,
    shared: bool,
    verdict: Mapping[str, Any],
    papers: Mapping[str, str],
    at: datetime,
) -> None:
    """Store an act with its leaf in the log and its documents; call it in the transaction of its effects.

    ``papers`` gives the role of an attachment by digest, ``attachment`` where it says nothing.
    """
    digest = act.digest.hex
    ActRow.objects.create(
        dossier=row,
        sha256=digest,
        kind=act.kind,
        state=act.actor.state,
        authority=act.actor.authority[:200],  # columns to find acts by; the envelope holds what was said whole
        role=act.actor.role[:40],
        officer=act.actor.officer[:160],
        law=act.law[:160],
        at=act.at,
        shared=shared,
        envelope=envelope,
        verdict=dict(verdict),
        stored_at=at,
    )
    audit.log_act(digest, at)
    for attached in act.attachments:
        found = stored.fingerprint(attached.digest.hex) or Fingerprint(attached.digest, "", attached.size)
        role = papers.get(attached.digest.hex, "attachment")
        vault.add_document(
            row.pk, found, name=attached.name, media_type=attached.media_type, role=role, at=at, act=digest
        )
    row.changed_at = at
    row.save(update_fields=["changed_at"])


def with_extra(done: Done, **extra: Any) -> Done:
    """Return ``done`` with what the station adds to it."""
    return replace(done, extra={**done.extra, **extra})
