"""Stations 4 and 5: seal an act and make the message that carries it.

Written once, runs in both directions, never looks inside the act. Attachments up to `INLINE` bytes travel in the
message; larger ones are announced in its list of claims and pulled by the partner (design section 7). What is returned
is final: the caller stores these bytes, and every retry sends the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from comity.evidence.store import BlobStore
from comity.exchange import claims, message
from comity.exchange.claims import Claim
from comity.exchange.message import Built, Payload
from comity.exchange.party import Keys, Partner
from comity.record import PAYLOAD_TYPE, Act, Attachment
from comity.signing import dsse
from comity.signing.port import Signer

__all__ = ["ENVELOPE", "INLINE", "Outgoing", "dispatch", "seal"]

INLINE = 8 * 1024 * 1024
ENVELOPE = "application/vnd.dsse+json"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A sealed act and the message that carries it; ``claimed`` are the attachments the partner will pull."""

    act: Act
    envelope: bytes = field(repr=False)
    message: Built
    claimed: tuple[Claim, ...]


def seal(act: Act, signer: Signer) -> bytes:
    """Return the act's DSSE envelope."""
    return dsse.seal(act.statement, PAYLOAD_TYPE, signer)


def dispatch(
    act: Act, *, blobs: BlobStore, signer: Signer, keys: Keys, partner: Partner, recipient: str, at: datetime
) -> Outgoing:
    """Seal ``act`` and build its message to ``partner``; ``recipient`` is the authority it is for.

    The attachments' bytes are read from ``blobs`` by digest; the message is signed and encrypted with ``keys``.
    """
    envelope = seal(act, signer)
    small = [attached for attached in act.attachments if attached.size <= INLINE]
    claimed = tuple(_claim(attached, blobs) for attached in act.attachments if attached.size > INLINE)
    payloads = [Payload("", ENVELOPE, envelope), *(_payload(attached, blobs) for attached in small)]
    if claimed:
        payloads.append(Payload("", claims.MEDIA_TYPE, claims.build(claimed)))
    built = message.build(
        keys=keys,
        partner=partner,
        payloads=payloads,
        conversation=str(act.dossier),
        original_sender=act.actor.authority,
        final_recipient=recipient,
        at=at,
    )
    return Outgoing(act, envelope, built, claimed)


def _payload(attached: Attachment, blobs: BlobStore) -> Payload:
    with blobs.open(attached.digest) as stream:
        return Payload("", attached.media_type, stream.read())


def _claim(attached: Attachment, blobs: BlobStore) -> Claim:
    with blobs.open(attached.digest) as stream:
        return claims.measure(stream)
