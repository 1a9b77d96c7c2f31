"""Packages in the node: made straight into the store from rows and acts, and verified where they came in."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from datetime import datetime

from comity.evidence.verification import Verification
from comity.evidence.verify import verify
from comity.flow.admit import unseal
from comity.flow.errors import ForgedActError
from comity.flow.execute import Case
from comity.flow.giveback import GivingBack, giveback
from comity.law.form import Sharing
from comity.node.audit import log
from comity.node.errors import NotPossibleError
from comity.node.registry import queries as registry
from comity.node.requests import record
from comity.node.requests.perform import Rules
from comity.node.requests.record import File
from comity.node.vault import actions, queries
from comity.record import Act
from comity.signing.verdict import Verdict
from comity.values import Digest, Fingerprint

__all__ = ["Came", "came_with", "check", "make"]


def make(file: File, *, at: datetime) -> tuple[GivingBack, Fingerprint]:
    """Put the package of what was undertaken last together, and store it.

    With it go the acts the other state may see, each with its proof in this node's log, the letters, and the anchors of
    both states.
    """
    request = file.asked
    if request is None:
        raise NotPossibleError("There is no request here that a package could answer.")
    own, partner = registry.identity(), registry.partner(file.partner)
    kept = record.kept(file.id)
    made = giveback(
        Case(file.dossier, file.form, tuple(one.act for one in kept), Rules(file)),
        request=request,
        envelopes={one.act.digest: one.envelope for one in kept},
        blobs=queries.store(),
        anchors=(*own.signer.chain[-1:], *partner.seal_anchors),
        signer=own.signer,
        tsa=own.tsa,
        at=at,
        papers=_letters(file.id),
        proofs={one.act.digest: log.proof(one.sha256, at).encode() for one in kept},
        log_key=log.key().verifier.line,
    )
    return made, actions.keep(made.assembled.blocks(), at)


def check(dossier: str, sha256: str, *, by: str, at: datetime) -> Verification:
    """Verify a stored package under the anchors of the federation list, and keep what was said."""
    actions.known(sha256)
    found = verify(queries.store().path(Digest(sha256)), registry.trust(), at, logs=registry.logs())
    actions.record_check(dossier, sha256, str(found.status), found.to_json(), by=by, at=at)
    return found


@dataclass(frozen=True, slots=True)
class Came:
    """An act of the other state that travelled with the evidence, as it was sealed."""

    act: Act
    envelope: bytes = field(repr=False)
    verdict: Verdict


def came_with(found: Verification, file: File, at: datetime) -> tuple[Came, ...]:
    """Return the acts that travel with evidence, out of a package that was verified: how it was collected and examined."""
    if found.description is None:
        return ()
    kinds, came = file.form.kinds, []
    with zipfile.ZipFile(queries.store().path(found.sha256)) as package:
        for sealed in found.description.acts:
            if sealed.kind in kinds and kinds[sealed.kind].sharing is Sharing.PACKAGE:
                envelope = package.read(sealed.member)
                came.append(Came(*_opened(envelope, file, at)))
    return tuple(came)


def _opened(envelope: bytes, file: File, at: datetime) -> tuple[Act, bytes, Verdict]:
    act, verdict = unseal(envelope, registry.trust(), at)
    if act.dossier != file.dossier or not act.actor.state == verdict.state == file.partner:
        raise ForgedActError(f"The act {act.kind} in the package is not one of {file.partner} in {file.id}.")
    return act, envelope, verdict


def _letters(dossier: str) -> dict[str, bytes]:
    found = {}
    for paper in queries.documents(dossier, role="letter"):
        if paper.present:
            with queries.open_blob(paper.sha256) as source:
                found[paper.name] = source.read()
    return found
