"""Stations 6 and 10: let in the act a message carries.

Written once, runs in both directions. `exchange.message.read` has opened the message (whole, addressed to us, signed
by the pinned partner). Here follow the act's own seal, what the act claims against who sent it, its attachments by
digest, and last whether law lets it come next. Only what passed all of it is returned; anything else is a typed
`ExchangeError` and leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from comity.errors import ComityError
from comity.exchange import claims
from comity.exchange.claims import Claim
from comity.exchange.errors import OutOfOrderError
from comity.exchange.message import Received
from comity.exchange.party import Partner
from comity.flow import bodies
from comity.flow.dispatch import ENVELOPE
from comity.flow.errors import ActRefusedError, AttachmentMissingError, ForgedActError, SealNotTrustedError
from comity.law.form import Form, form_of
from comity.record import PAYLOAD_TYPE, Act
from comity.request import body, lifecycle
from comity.request.read import read
from comity.request.request import Request
from comity.signing import dsse
from comity.signing.trust import Trust
from comity.signing.verdict import Verdict
from comity.values import Digest, StateCode

__all__ = ["Admitted", "admit", "asked", "join", "unseal"]


@dataclass(frozen=True, slots=True)
class Admitted:
    """An act that may be let in: ``contents`` are the attachments that came with it, ``claimed`` those to be pulled."""

    act: Act
    envelope: bytes = field(repr=False)
    verdict: Verdict
    contents: Mapping[Digest, bytes] = field(repr=False)
    claimed: tuple[Claim, ...]


def admit(received: Received, *, own: StateCode, trust: Trust, at: datetime) -> Admitted:
    """Check the act in a message from ``received.partner`` to the node of the state ``own``."""
    envelope = _envelope(received)
    act, verdict = unseal(envelope, trust, at)
    _check_sender(act, verdict, received, own)
    announced = tuple(c for p in received.payloads if p.media_type == claims.MEDIA_TYPE for c in claims.read(p.data))
    contents = {
        payload.digest: payload.data
        for payload in received.payloads
        if payload.media_type not in (ENVELOPE, claims.MEDIA_TYPE)
    }
    _check_attachments(act, contents, announced)
    return Admitted(act, envelope, verdict, contents, announced)


def join(admitted: Admitted, acts: Sequence[Act], form: Form) -> None:
    """Check that law lets the partner's act come next after ``acts``, all of this dossier known here.

    Raise `OutOfOrderError` where it follows acts not known here, `ActRefusedError` where its body is not that of its kind, it is no act that is
    shared at once, or law provides for another one now.
    """
    known = {act.digest for act in acts}
    if any(digest not in known for digest in admitted.act.follows):
        raise OutOfOrderError(f"The act {admitted.act.kind} follows an act that is not known here.")
    act = admitted.act
    if not form.shared(act.kind):
        raise ActRefusedError(
            f"Acts of the kind {act.kind} are not sent to the other state.",
            cause="The sender's node sent an internal act, or knows another vocabulary of acts.",
            remedy="The sender updates its law base.",
        )
    try:
        own = lifecycle.other(lifecycle.side_of(act.actor.state, act.dossier))
        bodies.check(act.kind, act.body, form)
        lifecycle.check(act, acts, form, own=own)
    except ComityError as error:
        raise ActRefusedError(error.detail, cause=error.cause, remedy=error.remedy, **error.fields) from error


def asked(admitted: Admitted) -> Request:
    """Return the request an act of sending carries, checked against what the act says of it.

    Raise `AttachmentMissingError` where the act does not carry it, `ActRefusedError` where it is no request, or is
    about another cooperation, basis or law than the act.
    """
    act = admitted.act
    sent = body.read(act.kind, act.body)
    content = admitted.contents.get(Digest(sent.request)) if isinstance(sent, body.Send) else None
    if content is None or not isinstance(sent, body.Send):
        raise AttachmentMissingError(f"The act {act.kind} does not carry the request it names.")
    try:
        request = read(content)
        form = form_of(request.basis.instrument or None)
    except ComityError as error:
        raise ActRefusedError(error.detail, cause=error.cause, remedy=error.remedy, **error.fields) from error
    law = request.law
    said = (sent.basis, sent.release, sent.lawbase, sent.resolution)
    if request.dossier != act.dossier or said != (request.basis.instrument, law.release, law.lawbase, law.resolution):
        raise ActRefusedError("The request is of another cooperation, basis or law than the act that sends it.")
    if (form.id, form.prefix) != (request.form, act.dossier.form):
        raise ActRefusedError(f"A request on this basis is not of the form {request.form[:40]} ({act.dossier.form}).")
    return request


def unseal(envelope: bytes, trust: Trust, at: datetime) -> tuple[Act, Verdict]:
    """Open a sealed act; raise `ActRefusedError` or `SealNotTrustedError` where it does not hold."""
    try:
        unsealed = dsse.unseal(envelope, trust, at)
        act = Act.read(unsealed.payload)
    except ComityError as error:
        raise ActRefusedError(error.detail, cause=error.cause, remedy=error.remedy) from error
    if unsealed.payload_type != PAYLOAD_TYPE:
        raise ActRefusedError(f"The envelope holds {unsealed.payload_type[:80]!r}, not an act.")
    if not unsealed.verdict.passed:
        raise SealNotTrustedError(f"The seal of the act does not verify: {unsealed.verdict.reason}")
    return act, unsealed.verdict


def _envelope(received: Received) -> bytes:
    found = [payload.data for payload in received.payloads if payload.media_type == ENVELOPE]
    if len(found) != 1:
        raise ActRefusedError(f"The message carries {len(found)} sealed acts; it must carry one.")
    return found[0]


def _check_sender(act: Act, verdict: Verdict, received: Received, own: StateCode) -> None:
    partner: Partner = received.partner
    if not act.actor.state == verdict.state == partner.state:
        raise ForgedActError(
            f"The message came from {partner.state}, the act is of {act.actor.state}, its seal of {verdict.state}."
        )
    if {act.dossier.issuing, act.dossier.executing} != {partner.state, own}:
        raise ForgedActError(f"The cooperation {act.dossier} is not one between {partner.state} and {own}.")
    if received.header.conversation != str(act.dossier):
        raise ForgedActError("The message belongs to another cooperation than the act in it.")


def _check_attachments(act: Act, contents: Mapping[Digest, bytes], announced: Sequence[Claim]) -> None:
    here = {digest: len(data) for digest, data in contents.items()}
    here |= {claim.sha256: claim.size for claim in announced}
    named = {attached.digest: attached.size for attached in act.attachments}
    if here != named:
        missing = [a.name for a in act.attachments if here.get(a.digest) != a.size]
        detail = (
            f"missing or altered: {', '.join(missing)}" if missing else "the message carries files it does not name"
        )
        raise AttachmentMissingError(f"The attachments are not those of the act {act.kind}: {detail}.")
