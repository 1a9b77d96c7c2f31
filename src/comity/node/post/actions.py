"""Every write of outbox, inbox and pulls.

Sending: the act, its effects and the outbox row are one transaction of the caller's; the row's bytes never change.
A worker leases a row, sends, checks the receipt against what was sent, and writes the outcome. Receiving: message,
act, effects and receipt are one transaction, and only then is the receipt given; a repetition is answered with the
same stored bytes. A refusal is signed, stores nothing and is an act of the audit. A receipt that comes late wins
over failed. At least once on the wire, exactly once in effect.
"""

from __future__ import annotations

import logging
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from comity.errors import ComityError
from comity.evidence.errors import StoreFullError, StoreUnusableError
from comity.exchange import message, receipt, retry, signal
from comity.exchange.claims import Claim
from comity.exchange.errors import MessageRefusedError, TransportError
from comity.exchange.message import Built, Received
from comity.exchange.pmode import FETCHED
from comity.exchange.retry import Outcome
from comity.exchange.signal import Receipt, Refusal
from comity.flow.errors import ActRefusedError
from comity.node.audit import actions as audit
from comity.node.audit.vocabulary import Event
from comity.node.crash import CrashPoint, reach
from comity.node.errors import NotPossibleError
from comity.node.post import queries
from comity.node.post.models import Incoming, Outgoing, Pull
from comity.node.post.queries import State
from comity.node.registry import queries as registry
from comity.node.wake import ring_on_commit
from comity.values import canonical

__all__ = [
    "Answer",
    "Effect",
    "announce",
    "complete",
    "deliver",
    "fetched",
    "note_refused",
    "queue",
    "receive",
    "recover",
    "retry_now",
]

LEASE = timedelta(seconds=90)
NODE = "node"
log = logging.getLogger("comity.post")


@dataclass(frozen=True, slots=True)
class Effect:
    """What a message did here, for the inbox row."""

    dossier: str
    act: str
    kind: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over HTTP: a receipt, or a signed error."""

    status: int
    content_type: str
    body: bytes


def queue(
    built: Built, *, partner: str, dossier: str, kind: str, act: str = "", claims: tuple[str, ...] = (), at: datetime
) -> int:
    """Put a message into the outbox; call it in the transaction of the act it carries."""
    row = Outgoing.objects.create(
        message_id=built.message_id,
        partner=partner,
        dossier=dossier,
        act=act,
        kind=kind,
        content_type=built.content_type,
        body=built.body,
        sha256=built.digest.hex,
        size=len(built.body),
        claims=list(claims),
        next_at=at,
        made_at=at,
    )
    audit.note(Event.MESSAGE_QUEUED, actor=NODE, about=dossier, detail={"message": built.message_id, "kind": kind})
    ring_on_commit()
    return row.pk


def deliver(key: int, *, at: datetime | None = None) -> State | None:
    """Send one message and write what came of it; None where someone else holds it."""
    began = at or datetime.now(UTC)
    row = _lease(key, began)
    if row is None:
        return None
    reach(CrashPoint.DELIVER_AFTER_LEASE)
    event, content = _send(row)
    reach(CrashPoint.DELIVER_AFTER_ANSWER)
    state = _settle(row, event, content, at or datetime.now(UTC))
    reach(CrashPoint.DELIVER_AFTER_COMMIT)
    return state


def _lease(key: int, at: datetime) -> Outgoing | None:
    token = uuid.uuid4().hex
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    taken = Outgoing.objects.filter(free, pk=key, state=State.PENDING).update(lease=token, leased_until=at + LEASE)
    return Outgoing.objects.get(pk=key) if taken else None


def _send(row: Outgoing) -> tuple[Receipt | Refusal | TransportError | MessageRefusedError, bytes]:
    try:
        partner = registry.partner(row.partner)
        reply = registry.transport().send(partner.endpoint, row.content_type, bytes(row.body))
        answer = signal.read(reply.content_type, reply.body, partner=partner, at=datetime.now(UTC))
        if isinstance(answer, Receipt):
            sent = message.references(row.content_type, bytes(row.body))
            receipt.compare(answer, row.message_id, sent)
    except (TransportError, MessageRefusedError) as error:
        return error, b""
    return answer, reply.body


def _settle(
    row: Outgoing, event: Receipt | Refusal | TransportError | MessageRefusedError, content: bytes, at: datetime
) -> State:
    with transaction.atomic():
        now = Outgoing.objects.select_for_update().get(pk=row.pk)
        before = _OUTCOMES[State(now.state)]
        after = _STATES[retry.outcome(before, event, waited=at - now.made_at, tries=now.attempts + 1)]
        now.attempts += 1
        now.leased_until, now.lease = None, ""
        if isinstance(event, Receipt):
            now.receipt = content
        else:
            now.reason = _reason(event)
        if after is State.PENDING:
            wait = retry.schedule(now.attempts, random.random())  # noqa: S311 - jitter is no secret
            now.next_at = at + timedelta(seconds=wait)
        elif after is not State(now.state):
            now.done_at = at
            _tell(now, after)
        now.state = after
        now.save()
    return after


def _tell(row: Outgoing, after: State) -> None:
    event = {
        State.ACKNOWLEDGED: Event.MESSAGE_ACKNOWLEDGED,
        State.REJECTED: Event.MESSAGE_REJECTED,
        State.FAILED: Event.MESSAGE_FAILED,
    }[after]
    detail = {"message": row.message_id, "kind": row.kind, "partner": row.partner, "attempts": row.attempts}
    if after is not State.ACKNOWLEDGED:
        detail["reason"] = row.reason
        log.error("message %s to %s is %s: %s", row.message_id, row.partner, after, row.reason)
    audit.note(event, actor=NODE, about=row.dossier, detail=detail)


def _reason(event: Refusal | TransportError | MessageRefusedError) -> str:
    if isinstance(event, Refusal):
        return "; ".join(f"{problem.code} {problem.detail}" for problem in event.problems)[:2000]
    return event.diagnostics()[:2000]


def retry_now(key: int, *, by: str, at: datetime) -> None:
    """Have a person send a failed message again: the same bytes under the same id."""
    with transaction.atomic():
        row = Outgoing.objects.select_for_update().filter(pk=key).first()
        if row is None or row.state not in {State.FAILED, State.PENDING}:
            raise NotPossibleError(
                "Only a failed or waiting message can be sent again.",
                cause="It was acknowledged, or the partner refused it.",
                remedy="Correct what the refusal names and send a new act.",
            )
        row.state, row.next_at, row.made_at, row.done_at = State.PENDING, at, at, None
        row.save()
        audit.note(Event.MESSAGE_RETRIED, actor=by, about=row.dossier, detail={"message": row.message_id})
        ring_on_commit()


def receive(content_type: str, body: bytes, *, at: datetime, effect: Callable[[Received, datetime], Effect]) -> Answer:
    """Take in a message. ``effect`` checks what it carries before, and writes it inside, the one transaction."""
    keys = registry.identity().keys
    try:
        received = message.read(content_type, body, keys=keys, federation=registry.federation(), at=at)
        return _accept(received, at, effect)
    except (
        StoreFullError,
        StoreUnusableError,
    ) as error:  # the fault is ours: no signed refusal, the sender tries again
        log.exception("a message could not be stored")
        return Answer(503, "text/plain; charset=utf-8", error.detail.encode())
    except ComityError as error:
        note_refused(error, door="as4", size=len(body))
        built = signal.error(_refused(error), keys, at)
        return Answer(400, built.content_type, built.body)


def _refused(error: ComityError) -> MessageRefusedError:
    """Return what is told to the sender: a fault of what the message says is final, as one of the act itself is."""
    if isinstance(error, MessageRefusedError):
        return error
    return ActRefusedError(error.detail, cause=error.cause, remedy=error.remedy, **error.fields)


def _accept(received: Received, at: datetime, effect: Callable[[Received, datetime], Effect]) -> Answer:
    partner = received.partner.state
    if (answer := _repetition(received)) is not None:
        return answer
    try:
        with transaction.atomic():
            done = effect(received, at)
            built = receipt.build(received, registry.identity().keys, at)
            Incoming.objects.create(
                partner=partner,
                message_id=received.message_id,
                sha256=received.digest.hex,
                dossier=done.dossier,
                act=done.act,
                kind=done.kind,
                receipt=built.body,
                receipt_type=built.content_type,
                received_at=at,
            )
            audit.note(
                Event.MESSAGE_RECEIVED,
                actor=partner,
                about=done.dossier,
                detail={"message": received.message_id, "kind": done.kind},
            )
            ring_on_commit()
            reach(CrashPoint.RECEIVE_BEFORE_COMMIT)
    except IntegrityError:
        # The same message came twice at once; the other one was first.
        if (answer := _repetition(received)) is not None:
            return answer
        raise
    reach(CrashPoint.RECEIVE_AFTER_COMMIT)
    return Answer(200, built.content_type, built.body)


def _repetition(received: Received) -> Answer | None:
    kept = queries.stored_receipt(received.partner.state, received.message_id)
    if not retry.duplicate(received.message_id, received.digest, kept[0] if kept else None) or kept is None:
        return None
    audit.note(Event.MESSAGE_DUPLICATE, actor=received.partner.state, detail={"message": received.message_id})
    return Answer(200, kept[1], kept[2])


def note_refused(error: ComityError, *, door: str, size: int) -> None:
    """Write down that input was refused; nothing of it is kept."""
    said = {"door": door, "code": error.code, "detail": error.detail[:500], "bytes": size}
    said["message"] = str(error.fields.get("message_id", ""))[:200]
    audit.note(Event.INPUT_REFUSED, actor=str(error.fields.get("party", "unknown"))[:80], detail=said)


def announce(message_id: str, *, partner: str, dossier: str, act: str, claim: Claim, at: datetime, here: bool) -> None:
    """Write down a file to be pulled; call it in the transaction that takes in the act. ``here``: it is stored."""
    document = {
        "sha256": claim.sha256.hex,
        "sha512": claim.fingerprint.sha512,
        "size": claim.size,
        "chunk": claim.chunk,
        "chunks": [digest.hex for digest in claim.chunks],
    }
    Pull.objects.create(
        message_id=message_id,
        partner=partner,
        dossier=dossier,
        act=act,
        sha256=claim.sha256.hex,
        size=claim.size,
        claim=document,
        have=claim.size if here else 0,
        state=State.DONE if here else State.PENDING,
        next_at=at,
        made_at=at,
        done_at=at if here else None,
    )


def complete(message_id: str, partner: str, dossier: str, at: datetime) -> None:
    """Send the second receipt once every file of a message is here; call it in the transaction of the last one."""
    pulls = Pull.objects.filter(message_id=message_id, partner=partner)
    if pulls.exclude(state=State.DONE).exists():
        return
    own, other = registry.identity(), registry.partner(partner)
    files = [{"sha256": p.sha256, "sha512": p.claim["sha512"], "size": p.size} for p in pulls.order_by("sha256")]
    document = canonical({"message": message_id, "files": files})
    built = message.build(
        keys=own.keys,
        partner=other,
        payloads=[message.Payload("", "application/json", document)],
        conversation=dossier,
        original_sender=own.party,
        final_recipient=other.party,
        at=at,
        pmode=FETCHED,
        refers_to=message_id,
    )
    queue(built, partner=partner, dossier=dossier, kind="fetched", at=at)


def fetched(message_id: str, partner: str, at: datetime) -> str:
    """Write down that the partner has every file of our message; returns the dossier."""
    row = Outgoing.objects.filter(message_id=message_id, partner=partner).first()
    if row is None or not row.claims:
        raise MessageRefusedError(
            "The second receipt names a message that announced no files.",
            cause="It belongs to another node, or was put together by hand.",
            remedy="Compare both nodes' lists of deliveries.",
        )
    if row.fetched_at is None:
        Outgoing.objects.filter(pk=row.pk).update(fetched_at=at)
    return row.dossier


def recover(at: datetime) -> int:
    """Free what a killed worker held; call it at the start, when no other worker runs."""
    held = Q(state=State.PENDING) & ~Q(leased_until=None)
    freed = Outgoing.objects.filter(held).update(leased_until=None, lease="", next_at=at)
    return freed + Pull.objects.filter(held).update(leased_until=None, lease="", next_at=at)


_OUTCOMES = {
    State.PENDING: Outcome.WAITING,
    State.ACKNOWLEDGED: Outcome.ACKNOWLEDGED,
    State.REJECTED: Outcome.REJECTED,
    State.FAILED: Outcome.FAILED,
}
_STATES = {outcome: state for state, outcome in _OUTCOMES.items()}
