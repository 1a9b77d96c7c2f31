"""Station 9: the executing state gives back what it found.

First it is looked whether the issuing state undertook exactly the conditions that were offered; then the exhibits go,
with every act the issuing state may see, into one package; the act that returns it names the package by its digests.
The package is made in two steps, because its bytes may be large: `giveback` puts it together, the caller stores its
blocks, and `GivingBack.act` makes the act for what was stored. Then stations 4 and 5 run with the executing state
sending.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509

from comity.evidence import custody
from comity.evidence.item import Exhibit
from comity.evidence.package import Assembled, assemble
from comity.evidence.store import BlobStore
from comity.flow.enact import enact
from comity.flow.errors import NotUndertakenError
from comity.flow.execute import Case
from comity.law.form import Sharing
from comity.record import Act, Actor, Attachment
from comity.record.chain import order
from comity.request import body
from comity.request.request import Request
from comity.signing.port import Signer, TimestampAuthority
from comity.values import Digest, Fingerprint

__all__ = ["MEDIA_TYPE", "GivingBack", "giveback", "undertaken"]

MEDIA_TYPE = "application/vnd.etsi.asic-e+zip"


@dataclass(frozen=True, slots=True)
class GivingBack:
    """A package put together: store ``assembled.blocks()``, then make the `act` for the fingerprint of what was stored."""

    case: Case
    request: Request
    exhibits: tuple[Exhibit, ...]
    assembled: Assembled = field(repr=False)

    @property
    def name(self) -> str:
        """The file name of the package."""
        return f"{self.case.dossier}.asice"

    def act(
        self,
        actor: Actor,
        at: datetime,
        stored: Fingerprint,
        *,
        measures: Sequence[str] = (),
        complete: bool = True,
        text: str = "",
    ) -> Act:
        """Make the act that returns the package; ``measures`` are those it answers, by default all that were asked."""
        said = body.Return(
            request=self.request.digest.hex,
            package=self.name,
            sha256=stored.sha256.hex,
            sha512=stored.sha512,
            size=stored.size,
            exhibits=tuple(exhibit.number for exhibit in self.exhibits),
            measures=tuple(measures) or self.request.draft.measures,
            complete=complete,
            text=text,
        )
        conditions = (condition.id for exhibit in self.exhibits for condition in exhibit.conditions)
        return enact(
            "evidence.return",
            form=self.case.form,
            dossier=self.case.dossier,
            acts=self.case.acts,
            actor=actor,
            at=at,
            body=body.write(said),
            basis=self.case.basis,
            attachments=(Attachment(self.name, stored.sha256, stored.size, MEDIA_TYPE),),
            conditions=tuple(dict.fromkeys(conditions)),
        )


def giveback(
    case: Case,
    *,
    request: Request,
    envelopes: Mapping[Digest, bytes],
    blobs: BlobStore,
    anchors: Sequence[x509.Certificate],
    signer: Signer,
    tsa: TimestampAuthority,
    at: datetime,
    papers: Mapping[str, bytes] | None = None,
    proofs: Mapping[Digest, bytes] | None = None,
    log_key: str = "",
) -> GivingBack:
    """Put the package together from what was undertaken last.

    ``envelopes`` are the sealed acts by the digest of the act, ``log_key`` is the verifier key of the log of ``proofs``.
    Raise `NotUndertakenError` where the issuing state has not undertaken exactly what was offered, `PackError` where
    something to be packed is missing.
    """
    exhibits = undertaken(case.acts)
    kinds = case.form.kinds
    sent = [act for act in case.acts if act.kind in kinds and kinds[act.kind].sharing is not Sharing.INTERNAL]
    assembled = assemble(
        dossier=case.dossier,
        exhibits=exhibits,
        blobs=blobs,
        acts=[(act, envelopes[act.digest]) for act in order(sent)],
        anchors=anchors,
        signer=signer,
        tsa=tsa,
        at=at,
        papers={"request.json": request.canonical, **(papers or {})},
        proofs=proofs,
        log_key=log_key,
    )
    return GivingBack(case, request, exhibits, assembled)


def undertaken(acts: Sequence[Act]) -> tuple[Exhibit, ...]:
    """Return the exhibits of the last offer, if the issuing state undertook exactly its terms."""
    listed = order(acts)
    offers = [act for act in listed if act.kind == "custody.offer"]
    accepted = [act for act in listed if act.kind == "custody.undertake"]
    if not offers or not accepted:
        raise NotUndertakenError("Nothing was offered and undertaken yet.")
    offer, taken = custody.Offer.read(offers[-1].body), custody.Undertake.read(accepted[-1].body)
    if taken != custody.Undertake.of(offers[-1]):
        raise NotUndertakenError("What was undertaken is not what was offered last.", offer=offers[-1].digest.hex)
    return offer.exhibits
