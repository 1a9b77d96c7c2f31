"""Non-repudiation receipts: the receiver's signature over the digests it received (AS4 1.0 section 5.1.8, ebBP signals).

A receipt is built only after message and digest are durably kept, stored itself, and given again, byte for byte, to a
duplicate. It counts only if it is signed by the partner's pinned key and repeats every digest that was sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from comity.exchange import xml
from comity.exchange.errors import InvalidReceiptError
from comity.exchange.message import Built, Received
from comity.exchange.party import Keys, Partner
from comity.exchange.signal import Receipt, read, seal, signal
from comity.exchange.wss import Reference

__all__ = ["Receipt", "build", "check"]


def build(received: Received, keys: Keys, at: datetime) -> Built:
    """Build the signed receipt for a message that was accepted."""
    made = signal(keys, at, received.message_id)
    content = xml.add(xml.add(made.element, "eb:Receipt"), "ebbp:NonRepudiationInformation")
    for reference in received.references:
        reference.write(xml.add(content, "ebbp:MessagePartNRInformation"))
    return seal(made, keys)


def check(
    content_type: str,
    body: bytes,
    *,
    message_id: str,
    references: Sequence[Reference],
    partner: Partner,
    at: datetime,
) -> Receipt:
    """Read the answer to a sent message as its receipt; raise `InvalidReceiptError` where it is not that."""
    found = read(content_type, body, partner=partner, at=at)
    if not isinstance(found, Receipt):
        raise InvalidReceiptError("The partner answered with an error, not with a receipt.", message_id=message_id)
    compare(found, message_id, references)
    return found


def compare(found: Receipt, message_id: str, references: Sequence[Reference]) -> None:
    """Compare a receipt with what was sent: the message id, and every digest by its place."""
    if found.refers_to != message_id:
        raise InvalidReceiptError(f"The receipt is for {found.refers_to[:80]!r}.", message_id=message_id)
    sent = {reference.uri: reference.digest for reference in references}
    acknowledged = {reference.uri: reference.digest for reference in found.references}
    if len(acknowledged) != len(found.references) or acknowledged != sent:
        odd = sorted(uri for uri in sent.keys() | acknowledged.keys() if sent.get(uri) != acknowledged.get(uri))
        raise InvalidReceiptError(f"The receipt acknowledges other content at {odd[:3]}.", message_id=message_id)
