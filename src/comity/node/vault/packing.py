"""Packages in the node: made straight into the store from rows and acts, and verified where they came in.

What goes in: the exhibits as they were undertaken, every act of the dossier that is shared or travels with the
evidence, its proof in the log of this node, request and letters, and the anchors of both states.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from comity.evidence.custody import Offer, Undertake
from comity.evidence.item import Exhibit
from comity.evidence.package import assemble
from comity.evidence.verify import verify
from comity.law.form import Sharing
from comity.node.audit import log
from comity.node.errors import NotPossibleError
from comity.node.registry import queries as registry
from comity.node.requests import record
from comity.node.requests.record import File, Kept
from comity.node.vault import actions, queries
from comity.node.vault.queries import Checked
from comity.request import body
from comity.values import Digest, Fingerprint

__all__ = ["Made", "check", "make"]

TRAVELS = frozenset({Sharing.SHARED, Sharing.PACKAGE})


@dataclass(frozen=True, slots=True)
class Made:
    """A package that is in the store. ``conditions`` are the ids of the conditions of use it stands under."""

    name: str
    fingerprint: Fingerprint
    file: File = field(repr=False)
    exhibits: tuple[str, ...]
    conditions: tuple[str, ...]

    def body(self, note: str) -> dict[str, Any]:
        """Return the body of the act that returns it."""
        request = self.file.asked
        if request is None:
            raise NotPossibleError("There is no request this package could answer.")
        said = body.Return(
            request=request.digest.hex,
            package=self.name,
            sha256=self.fingerprint.sha256.hex,
            sha512=self.fingerprint.sha512,
            size=self.fingerprint.size,
            exhibits=self.exhibits,
            measures=request.draft.measures,
            text=note,
        )
        return body.write(said)


def make(file: File, *, at: datetime) -> Made:
    """Make the package of what was undertaken last."""
    kept = [one for one in record.kept(file.id) if _travels(one, file)]
    exhibits = _undertaken(kept)
    own = registry.identity()
    partner = registry.partner(file.partner)
    proofs = {one.act.digest: log.proof(one.sha256, at).encode() for one in kept}
    made = assemble(
        dossier=file.dossier,
        exhibits=exhibits,
        blobs=queries.store(),
        acts=[(one.act, one.envelope) for one in kept],
        anchors=(*own.signer.chain[-1:], *partner.seal_anchors),
        signer=own.signer,
        tsa=own.tsa,
        at=at,
        papers=_papers(file.id),
        proofs=proofs,
    )
    found = actions.keep(made.blocks(), at)
    conditions = tuple(dict.fromkeys(c.id for exhibit in exhibits for c in exhibit.conditions))
    return Made(f"{file.id}.asice", found, file, tuple(one.number for one in exhibits), conditions)


def check(dossier: str, sha256: str, *, by: str, at: datetime) -> Checked:
    """Verify a package in the store under everyone's anchors and keep what was said."""
    actions.known(sha256)
    found = verify(queries.store().path(Digest(sha256)), registry.trust(), at)
    report: Mapping[str, Any] = found.to_json()
    actions.record_check(dossier, sha256, str(found.status), report, by=by, at=at)
    return next(one for one in queries.checks(dossier) if one.sha256 == sha256)


def _travels(one: Kept, file: File) -> bool:
    kind = file.form.kinds.get(one.act.kind)
    return kind is not None and kind.sharing in TRAVELS


def _undertaken(kept: list[Kept]) -> tuple[Exhibit, ...]:
    """Return the exhibits of the offer that was undertaken last, as the offer describes them."""
    accepted = [one.act for one in kept if one.act.kind == "custody.undertake"]
    if not accepted:
        raise NotPossibleError(
            "The conditions of use were not accepted yet.",
            cause="The issuing state has not undertaken what was offered.",
            remedy="Wait for its act, then make the package.",
        )
    offer = Undertake.read(accepted[-1].body).offer
    offered = next((one.act for one in kept if one.act.digest == offer), None)
    if offered is None:
        raise NotPossibleError("The offer that was accepted is not here.", remedy="Offer the exhibits again.")
    return Offer.read(offered.body).exhibits


def _papers(dossier: str) -> dict[str, bytes]:
    found = {}
    for paper in queries.documents(dossier):
        if paper.role in ("request", "letter") and paper.present:
            with queries.open_blob(paper.sha256) as source:
                found[paper.name] = source.read()
    return found
