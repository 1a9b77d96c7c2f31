"""Build and read AS4 user messages (eDelivery AS4 1.15, one-way push).

Building goes compress, sign, encrypt, pack; what comes out is final: its bytes are stored, and every retry sends them.

Reading goes in the other direction and trusts nothing before its turn: multipart, envelope, header; the sender named
there gives the certificate pinned for it, and that key must have signed this very header; then address, time and
processing mode; only then decryption, the signed digests of the attachments, decompression, and the digests the
header states. A message that fails anywhere is refused whole, with the code its sender is told.
"""

from __future__ import annotations

import hashlib
import re
import uuid
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from comity.exchange import cipher, header, mime, names, soap, wss, xml
from comity.exchange.errors import (
    CertificateOutOfDateError,
    CompressionError,
    HeaderError,
    MessageRefusedError,
    OutOfTimeError,
    OversizedMessageError,
    PayloadError,
    UnexpectedActionError,
    UnsignedMessageError,
    UnwritableMessageError,
    WrongRecipientError,
)
from comity.exchange.federation import Federation
from comity.exchange.header import Part, UserMessage
from comity.exchange.party import Keys, Partner, valid
from comity.exchange.pmode import ACT, PMODES, Pmode
from comity.exchange.wss import Reference
from comity.values import Digest

__all__ = ["Built", "Limits", "Payload", "Received", "build", "new_id", "read", "references"]

SHA256: Final = "sha256"
MIME_TYPE: Final = "MimeType"
COMPRESSION: Final = "CompressionType"
_OWN: Final = frozenset({SHA256, MIME_TYPE, COMPRESSION})


@dataclass(frozen=True, slots=True)
class Payload:
    """One part of a message; an empty ``cid`` gets one when built. ``properties`` are the caller's own."""

    cid: str
    media_type: str
    data: bytes = field(repr=False)
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> Digest:
        """The digest of the data, as stated in and checked against the signed header."""
        return Digest.of(self.data)


@dataclass(frozen=True, slots=True)
class Built:
    """A message, receipt or signal ready for the wire; ``references`` is what a receipt for it must repeat."""

    message_id: str
    content_type: str
    body: bytes = field(repr=False)
    references: tuple[Reference, ...]

    @property
    def digest(self) -> Digest:
        """The digest of the body."""
        return Digest.of(self.body)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader takes: the envelope's cap in bytes, and how far from now a message may have been written.

    ``past`` must be longer than senders go on retrying (`retry.HORIZON`) and shorter than ids are remembered.
    """

    envelope: int = 512 * 1024
    past: timedelta = timedelta(days=5)
    future: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Received:
    """A message that passed every check. ``partner`` is who signed it; ``digest`` names the body's bytes."""

    header: UserMessage
    partner: Partner
    payloads: tuple[Payload, ...]
    references: tuple[Reference, ...]
    digest: Digest

    @property
    def message_id(self) -> str:
        """The message's id, under which its receipt and its duplicates are filed."""
        return self.header.message_id


def new_id(party: str) -> str:
    """Return a fresh message id (RFC 2822 msg-id) of this party."""
    return f"{uuid.uuid4()}@{re.sub(r'[^A-Za-z0-9.-]+', '.', party).strip('.') or 'comity'}"


def build(
    *,
    keys: Keys,
    partner: Partner,
    payloads: Sequence[Payload],
    conversation: str,
    original_sender: str,
    final_recipient: str,
    at: datetime,
    pmode: Pmode = ACT,
    refers_to: str = "",
    properties: Mapping[str, str] | None = None,
    message_id: str = "",
) -> Built:
    """Build a signed and encrypted user message; raise `UnwritableMessageError` where it exceeds the mode's caps."""
    named = _named(payloads, pmode)
    packed = {payload.cid: pmode.compress(payload.media_type, payload.data) for payload in named}
    message = UserMessage(
        message_id=message_id or new_id(keys.party),
        at=at,
        sender=keys.party,
        recipient=partner.party,
        service=pmode.service,
        action=pmode.action,
        conversation=conversation,
        original_sender=original_sender,
        final_recipient=final_recipient,
        refers_to=refers_to,
        properties=properties or {},
        parts=tuple(_part(payload, compressed=packed[payload.cid] is not None) for payload in named),
    )
    plain = {payload.cid: packed[payload.cid] or payload.data for payload in named}
    return _protect(message, plain, keys, partner)


def _named(payloads: Sequence[Payload], pmode: Pmode) -> list[Payload]:
    named = []
    for payload in payloads:
        cid = payload.cid or f"{uuid.uuid4()}@comity"
        named.append(Payload(cid, payload.media_type, payload.data, payload.properties))
        if len(payload.data) > pmode.part or not _OWN.isdisjoint(payload.properties):
            raise UnwritableMessageError(f"The payload {cid!r} exceeds {pmode.part:,} bytes, or sets {sorted(_OWN)}.")
    if len(named) > pmode.parts or len({payload.cid for payload in named}) != len(named):
        raise UnwritableMessageError(f"The message has more than {pmode.parts} payloads, or two of one id.")
    return named


def _part(payload: Payload, *, compressed: bool) -> Part:
    own = {MIME_TYPE: payload.media_type, SHA256: payload.digest.hex}
    return Part(payload.cid, {**own, **({COMPRESSION: names.GZIP} if compressed else {}), **payload.properties})


def _protect(message: UserMessage, plain: Mapping[str, bytes], keys: Keys, partner: Partner) -> Built:
    envelope = soap.new()
    header.write(envelope.messaging, message)
    media_types = {part.cid: part.properties.get(COMPRESSION, part.properties[MIME_TYPE]) for part in message.parts}
    sealed = cipher.seal(envelope, plain, media_types, partner.encryption) if plain else {}
    signed = wss.sign(envelope, plain, keys.signing_key, keys.signing)
    content_type, body = mime.write(xml.write(envelope.root), sealed, uuid.uuid4().hex)
    return Built(message.message_id, content_type, body, signed)


def read(
    content_type: str,
    body: bytes,
    *,
    keys: Keys,
    federation: Federation,
    at: datetime,
    limits: Limits = Limits(),
    pmodes: Sequence[Pmode] = PMODES,
) -> Received:
    """Read a message from outside; raise a leaf of `MessageRefusedError` for one that must not be taken."""
    package = mime.read(
        content_type,
        body,
        envelope=limits.envelope,
        parts=max(pmode.parts for pmode in pmodes),
        size=max(pmode.size for pmode in pmodes),
    )
    envelope = soap.read(package.root)
    message = header.read(envelope.messaging)
    try:
        return _accept(message, envelope, package, Digest.of(body), _Door(keys, federation, at, limits, pmodes))
    except MessageRefusedError as error:
        error.fields.update(message_id=message.message_id, party=message.sender)
        raise


@dataclass(frozen=True, slots=True)
class _Door:
    """What a message is held against."""

    keys: Keys
    federation: Federation
    at: datetime
    limits: Limits
    pmodes: Sequence[Pmode]

    def pmode(self, message: UserMessage) -> Pmode:
        """Return the mode that takes this message; refuse another's message, an old one, an unknown action."""
        if message.recipient != self.keys.party:
            raise WrongRecipientError(f"The message is for {message.recipient[:80]!r}, not for {self.keys.party!r}.")
        if not self.at - self.limits.past <= message.at <= self.at + self.limits.future:
            raise OutOfTimeError(f"The message says it was written at {header.instant(message.at)}.")
        for pmode in self.pmodes:
            if (pmode.service, pmode.action) == (message.service, message.action):
                return pmode
        raise UnexpectedActionError(f"Nothing here takes {message.action[:60]!r} of {message.service[:80]!r}.")


def _accept(
    message: UserMessage, envelope: soap.Envelope, package: mime.Package, digest: Digest, door: _Door
) -> Received:
    partner = door.federation.party(message.sender)
    if not valid(partner.signing, door.at):
        raise CertificateOutOfDateError
    signed = wss.check(envelope, pinned=partner.signing)
    pmode = door.pmode(message)
    _check_parts(message, package, signed, pmode)
    plain = cipher.unseal(envelope, package.attachments, door.keys.decryption_key)
    signed.check_attachments(plain)
    payloads = tuple(_payload(part, plain[part.cid], pmode) for part in message.parts)
    return Received(message, partner, payloads, signed.references, digest)


def _check_parts(message: UserMessage, package: mime.Package, signed: wss.Signed, pmode: Pmode) -> None:
    listed, present = {part.cid for part in message.parts}, set(package.attachments)
    if odd := sorted(listed ^ present):
        where = "is listed but missing" if odd[0] in listed else "is attached but not listed"
        raise PayloadError(f"The payload {odd[0][:80]!r} {where}.")
    if unsigned := sorted(listed - signed.attachments):
        raise UnsignedMessageError(f"The attachment {unsigned[0][:80]!r} is not signed.")
    if len(listed) > pmode.parts or sum(map(len, package.attachments.values())) > pmode.size:
        raise OversizedMessageError(f"A message of action {pmode.action!r} may not be this large.")


def _payload(part: Part, data: bytes, pmode: Pmode) -> Payload:
    compression = part.properties.get(COMPRESSION)
    if compression is not None:
        data = _unpack(part.cid, compression, data, pmode.part)
    if len(data) > pmode.part:
        raise OversizedMessageError(f"The payload {part.cid[:80]!r} has {len(data):,} bytes.")
    stated = part.properties.get(SHA256)
    if stated is not None and stated != hashlib.sha256(data).hexdigest():
        raise PayloadError(f"The payload {part.cid[:80]!r} does not have the digest its header states.")
    media_type = part.properties.get(MIME_TYPE)
    if not media_type:
        raise HeaderError(f"The payload {part.cid[:80]!r} has no {MIME_TYPE}.")
    own = {name: value for name, value in part.properties.items() if name not in _OWN}
    return Payload(part.cid, media_type, data, own)


def _unpack(cid: str, compression: str, data: bytes, limit: int) -> bytes:
    """Decompress one gzip member, never past ``limit`` bytes."""
    if compression != names.GZIP:
        raise CompressionError(f"The payload {cid[:80]!r} is compressed as {compression[:60]!r}; AS4 knows gzip only.")
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        plain = unpacker.decompress(data, limit + 1)
    except zlib.error as error:
        raise CompressionError(f"The payload {cid[:80]!r} is not gzip: {error}.") from error
    if len(plain) > limit or not unpacker.eof or unpacker.unused_data:
        raise CompressionError(f"The payload {cid[:80]!r} is not one whole gzip stream of at most {limit:,} bytes.")
    return plain


def references(content_type: str, body: bytes) -> tuple[Reference, ...]:
    """Return what our own stored message signed, to compare a receipt with; nothing is verified here."""
    package = mime.read(content_type, body, envelope=len(body), parts=max(p.parts for p in PMODES), size=len(body))
    envelope = soap.read(package.root)
    signature = xml.one(envelope.security, "ds:Signature")
    if signature is None:
        raise UnsignedMessageError
    return tuple(Reference.read(element) for element in xml.children(signature[0], "ds:Reference"))
