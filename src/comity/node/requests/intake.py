"""Taking in what a partner's message carries: an act, or the second receipt that its files were pulled.

Runs inside the transaction of the inbox row and the receipt (`comity.node.post.actions.receive`): either the act with
its attachments, its leaf in the log, its pulls and its dossier stand and the receipt goes out, or nothing does. An act
whose predecessor is not here yet is answered with an error its sender waits on and tries again.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from comity.errors import ValueRefusedError
from comity.exchange.errors import OutOfOrderError
from comity.exchange.message import Received
from comity.exchange.pmode import FETCHED
from comity.flow.admit import Admitted, admit, asked, join
from comity.flow.errors import ActRefusedError
from comity.law.form import Side, form_with
from comity.node.audit import actions as audit
from comity.node.audit.vocabulary import Event
from comity.node.lab import intake as laboratory
from comity.node.post import actions as post
from comity.node.post.actions import Effect
from comity.node.registry import queries as registry
from comity.node.requests import opening, record
from comity.node.requests.models import ActRow, Dossier
from comity.node.requests.perform import save
from comity.node.vault import actions as vault
from comity.node.vault import queries as stored
from comity.record import Act
from comity.values import parse

__all__ = ["take_in"]

OPENING = "request.send"


def take_in(received: Received, at: datetime) -> Effect:
    """Check and write what a message carries; call it in the transaction of its receipt."""
    if received.header.action == FETCHED.action:
        return _fetched(received, at)
    admitted = admit(received, own=registry.identity().state, trust=registry.trust(), at=at)
    act, digest = admitted.act, admitted.act.digest.hex
    if ActRow.objects.filter(sha256=digest).exists():
        return Effect(str(act.dossier), digest, act.kind)  # the same act in another message: it has its effect
    row = Dossier.objects.select_for_update().filter(pk=str(act.dossier)).first()
    if row is None:
        row = _open(admitted, at)
    elif row.partner != act.actor.state:
        raise ActRefusedError(f"The cooperation {act.dossier} is with {row.partner}, not with {act.actor.state}.")
    known = record.acts(row.pk)
    join(admitted, known, form_with(act.dossier.form))
    _keep(admitted, row, received, at)
    if act.kind in laboratory.KINDS:
        laboratory.taken_in(act, (*known, act), row.partner, at)
    audit.note(
        Event.ACT_RECEIVED,
        actor=str(act.actor.state),
        about=row.pk,
        detail={"act": digest, "kind": act.kind, "message": received.message_id},
        at=at,
    )
    return Effect(row.pk, digest, act.kind)


def _open(admitted: Admitted, at: datetime) -> Dossier:
    """Open the dossier of a request that came in."""
    act = admitted.act
    if act.kind == laboratory.OPENING and act.dossier.executing == registry.identity().state:
        return opening.taken(act, authority=laboratory.authority(act), subject=laboratory.subject(act), at=at)
    if act.kind != OPENING or act.dossier.executing != registry.identity().state:
        raise OutOfOrderError(f"There is no cooperation {act.dossier} here that the act {act.kind} could belong to.")
    request = asked(admitted)
    return Dossier.objects.create(
        id=str(act.dossier),
        side=Side.EXECUTING,
        partner=act.actor.state,
        authority=settings.COMITY.authority or request.offices.executing.id,
        subject=request.draft.object[:300] or ", ".join(request.draft.measures),
        basis=request.basis.instrument,
        request=request.canonical,
        resolution={},
        opened_at=at,
        changed_at=at,
    )


def _keep(admitted: Admitted, row: Dossier, received: Received, at: datetime) -> None:
    act = admitted.act
    for content in admitted.contents.values():
        vault.keep(content, at)
    verdict = {"indication": admitted.verdict.indication.value, "reason": admitted.verdict.reason}
    verdict["subject"] = admitted.verdict.subject
    save(row, act, admitted.envelope, shared=True, verdict=verdict, papers=_roles(act), at=at)
    for claim in admitted.claimed:
        post.announce(
            received.message_id,
            partner=row.partner,
            dossier=row.pk,
            act=act.digest.hex,
            claim=claim,
            at=at,
            here=stored.present(claim.sha256.hex),
        )
    if admitted.claimed:
        post.complete(received.message_id, row.partner, row.pk, at)


def _roles(act: Act) -> dict[str, str]:
    if act.kind == OPENING:
        named = {str(act.body.get("request")): "request", str(act.body.get("letter")): "letter"}
        letters = {a.digest.hex: "letter" for a in act.attachments if a.name.startswith("letter-")}
        return {**letters, **named}
    return {str(act.body.get("sha256")): "package"} if act.kind == "evidence.return" else {}


def _fetched(received: Received, at: datetime) -> Effect:
    """Write down that the partner pulled and verified every file of one of our messages."""
    try:
        document = parse(received.payloads[0].data, what="second receipt") if received.payloads else {}
        message = str(document["message"])
    except (ValueRefusedError, KeyError, TypeError) as error:
        raise ActRefusedError("The second receipt does not name a message.") from error
    if message != received.header.refers_to:
        raise ActRefusedError("The second receipt names another message than its header.")
    dossier = post.fetched(message, str(received.partner.state), at)
    return Effect(dossier, "", "fetched")
