"""WS-Security signatures: RSA-SHA256 over Messaging, Body and every attachment (WSS 1.1, SwA profile, XML-DSig).

Reading goes in this order: the shape of the signature is exactly the profile's; each reference resolves to Messaging,
Body, a child of the same Security header, or an attachment; the key is found and, where the sender is known, must be
the pinned one; the signature value verifies; each digest fits. Only what a reference resolved to counts as signed, so
an element moved elsewhere (signature wrapping) is signed nowhere.

`check` stops before the attachments' digests, since these are taken over what decryption yields;
`Signed.check_attachments` is the rest. `verify` does both.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from comity.exchange import names, xml
from comity.exchange.errors import (
    AlgorithmRefusedError,
    AlteredMessageError,
    ForgedSenderError,
    HeaderError,
    PayloadError,
    PolicyError,
    UnsignedMessageError,
    WrappedSignatureError,
)
from comity.exchange.names import q
from comity.exchange.party import rsa_key
from comity.exchange.soap import Envelope

__all__ = ["Reference", "Signed", "check", "sign", "verify"]

REFERENCES: Final = 128
SIGNED_INFO: Final = (q("ds:CanonicalizationMethod"), q("ds:SignatureMethod"))


@dataclass(frozen=True, slots=True)
class Reference:
    """A ``ds:Reference``: what was signed, how it was read, and its SHA-256 digest (32 bytes)."""

    uri: str
    digest: bytes
    transform: str = names.C14N
    prefixes: tuple[str, ...] = ()

    def write(self, parent: etree._Element) -> None:
        """Append this reference to a SignedInfo, or to a receipt's MessagePartNRInformation."""
        element = xml.add(parent, "ds:Reference", URI=self.uri)
        transform = xml.add(xml.add(element, "ds:Transforms"), "ds:Transform", Algorithm=self.transform)
        if self.prefixes:
            xml.add(transform, "ec:InclusiveNamespaces", PrefixList=" ".join(self.prefixes))
        xml.add(element, "ds:DigestMethod", Algorithm=names.SHA256)
        xml.add(element, "ds:DigestValue", base64.b64encode(self.digest).decode())

    @classmethod
    def read(cls, element: etree._Element) -> Reference:
        """Read a reference of the profile; refuse other transforms and digests."""
        shape(element, q("ds:Transforms"), q("ds:DigestMethod"), q("ds:DigestValue"))
        transforms, method, value = element
        if [child.tag for child in transforms] != [q("ds:Transform")]:
            raise AlgorithmRefusedError("A reference has no transform, or more than one.")
        algorithm(method, names.SHA256)
        uri = element.get("URI") or ""
        kind = names.ATTACHMENT_CONTENT if uri.startswith("cid:") else names.C14N
        prefixes = _prefixes(transforms[0], kind)
        return cls(uri, unbase64(value, 32), kind, prefixes)

    def to_json(self) -> dict[str, Any]:
        """Return the plain members a caller may store."""
        return {
            "uri": self.uri,
            "sha256": self.digest.hex(),
            "transform": self.transform,
            "prefixes": list(self.prefixes),
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Reference:
        """Read back what `to_json` gave."""
        return cls(found["uri"], bytes.fromhex(found["sha256"]), found["transform"], tuple(found["prefixes"]))


@dataclass(frozen=True, slots=True)
class Signed:
    """What a verified signature covers. ``certificate`` is the signer's."""

    certificate: x509.Certificate
    references: tuple[Reference, ...]
    elements: tuple[etree._Element, ...]

    @property
    def attachments(self) -> frozenset[str]:
        """The Content-IDs of the attachments it covers."""
        return frozenset(r.uri[4:] for r in self.references if r.uri.startswith("cid:"))

    def check_attachments(self, attachments: Mapping[str, bytes]) -> None:
        """Compare every attachment with the digest that was signed; none may be missing or unsigned."""
        if unsigned := sorted(set(attachments) - self.attachments):
            raise UnsignedMessageError(f"The attachment {unsigned[0][:80]!r} is not signed.")
        for reference in self.references:
            if not reference.uri.startswith("cid:"):
                continue
            data = attachments.get(reference.uri[4:])
            if data is None:
                raise PayloadError(f"The signed attachment {reference.uri[:80]!r} is missing.")
            if not hmac.compare_digest(hashlib.sha256(data).digest(), reference.digest):
                raise AlteredMessageError(f"The attachment {reference.uri[:80]!r} is not what was signed.")


def sign(
    envelope: Envelope, attachments: Mapping[str, bytes], key: rsa.RSAPrivateKey, certificate: x509.Certificate
) -> tuple[Reference, ...]:
    """Append token and signature to the Security header; return what was signed."""
    security = envelope.security
    der = certificate.public_bytes(serialization.Encoding.DER)
    xml.add(
        security,
        "wsse:BinarySecurityToken",
        base64.b64encode(der).decode(),
        EncodingType=names.BASE64,
        ValueType=names.X509V3,
        wsu_Id="token",
    )
    signature = xml.add(security, "ds:Signature", Id="signature")
    info = xml.add(signature, "ds:SignedInfo")
    xml.add(info, "ds:CanonicalizationMethod", Algorithm=names.C14N)
    xml.add(info, "ds:SignatureMethod", Algorithm=names.RSA_SHA256)
    references = tuple(_references(envelope, attachments))
    for reference in references:
        reference.write(info)
    value = key.sign(xml.canonical(info), padding.PKCS1v15(), hashes.SHA256())
    xml.add(signature, "ds:SignatureValue", base64.b64encode(value).decode())
    token = xml.add(xml.add(signature, "ds:KeyInfo"), "wsse:SecurityTokenReference")
    xml.add(token, "wsse:Reference", URI="#token", ValueType=names.X509V3)
    return references


def _references(envelope: Envelope, attachments: Mapping[str, bytes]) -> Iterable[Reference]:
    for element in (envelope.messaging, envelope.body):
        digest = hashlib.sha256(xml.canonical(element)).digest()
        yield Reference(f"#{element.get(q('wsu:Id'))}", digest)
    for cid, data in attachments.items():
        yield Reference(f"cid:{cid}", hashlib.sha256(data).digest(), names.ATTACHMENT_CONTENT)


def verify(envelope: Envelope, attachments: Mapping[str, bytes], *, pinned: x509.Certificate | None = None) -> Signed:
    """Verify a whole signature. Without ``pinned`` the embedded token is used: that says nothing about who signed."""
    signed = check(envelope, pinned=pinned)
    signed.check_attachments(attachments)
    return signed


def check(envelope: Envelope, *, pinned: x509.Certificate | None = None) -> Signed:
    """Verify the signature and the digests of Messaging and Body, which it must cover."""
    signature = xml.one(envelope.security, "ds:Signature")
    if signature is None:
        raise UnsignedMessageError
    shape(signature, q("ds:SignedInfo"), q("ds:SignatureValue"), q("ds:KeyInfo"))
    info, value, key_info = signature
    references = _signed_info(info)
    resolved = _resolve(envelope, references)
    certificate = _certificate(envelope, key_info, pinned)
    key = rsa_key(certificate)
    if key is None:
        raise AlgorithmRefusedError("The signer's key is no RSA key of at least 2048 bits.")
    try:
        key.verify(
            unbase64(value, (key.key_size + 7) // 8),
            xml.canonical(info, _prefixes(info[0], names.C14N)),
            padding.PKCS1v15(),
            hashes.SHA256(),
        )
    except InvalidSignature as error:
        raise AlteredMessageError("The signature value does not verify.") from error
    _compare(references, resolved)
    return Signed(certificate, references, tuple(resolved.values()))


def _signed_info(info: etree._Element) -> tuple[Reference, ...]:
    shape(info, *SIGNED_INFO, *([q("ds:Reference")] * max(len(info) - 2, 1)))
    if len(info) > REFERENCES:
        raise PolicyError(f"The signature has more than {REFERENCES} references.")
    _prefixes(info[0], names.C14N)
    algorithm(info[1], names.RSA_SHA256)
    references = tuple(Reference.read(element) for element in xml.children(info, "ds:Reference"))
    if len({reference.uri for reference in references}) != len(references):
        raise WrappedSignatureError("The signature points twice at the same thing.")
    return references


def _resolve(envelope: Envelope, references: tuple[Reference, ...]) -> dict[str, etree._Element]:
    """Return the elements referred to, by URI; refuse a reference to anything but the places that may be signed."""
    places = (envelope.messaging, envelope.body, *envelope.security)
    resolved = {}
    for reference in references:
        if reference.uri.startswith("cid:"):
            continue
        element = envelope.ids.get(reference.uri[1:]) if reference.uri.startswith("#") else None
        if element is None or not any(element is place for place in places):
            raise WrappedSignatureError(f"The reference {reference.uri[:80]!r} points at no place that may be signed.")
        resolved[reference.uri] = element
    for place in (envelope.messaging, envelope.body):
        if not any(place is element for element in resolved.values()):
            raise UnsignedMessageError(f"{etree.QName(place).localname} is not covered by the signature.")
    return resolved


def _compare(references: tuple[Reference, ...], resolved: Mapping[str, etree._Element]) -> None:
    for reference in references:
        element = resolved.get(reference.uri)
        if element is None:
            continue
        digest = hashlib.sha256(xml.canonical(element, reference.prefixes)).digest()
        if not hmac.compare_digest(digest, reference.digest):
            raise AlteredMessageError(f"{etree.QName(element).localname} is not what was signed.")


def _certificate(envelope: Envelope, key_info: etree._Element, pinned: x509.Certificate | None) -> x509.Certificate:
    """Return the signer's certificate: the pinned one, which the message's token must name, or the embedded one."""
    shape(key_info, q("wsse:SecurityTokenReference"))
    if len(key_info[0]) != 1:
        raise PolicyError("The signature does not name one token.")
    named = key_info[0][0]
    if named.tag == q("wsse:Reference"):
        der = _token(envelope, named)
        if pinned is not None and der == pinned.public_bytes(serialization.Encoding.DER):
            return pinned
        if pinned is not None:
            raise ForgedSenderError
        return _load(der)
    if pinned is None:
        raise PolicyError("The signature embeds no token, and no certificate is known for it.")
    if not _names(named, pinned):
        raise ForgedSenderError
    return pinned


def _token(envelope: Envelope, named: etree._Element) -> bytes:
    uri = named.get("URI") or ""
    token = envelope.ids.get(uri[1:]) if uri.startswith("#") else None
    if token is None or token.getparent() is not envelope.security or token.tag != q("wsse:BinarySecurityToken"):
        raise WrappedSignatureError("The signature's token is not in the Security header.")
    if token.get("ValueType") != names.X509V3 or token.get("EncodingType", names.BASE64) != names.BASE64:
        raise PolicyError("The signature's token is no X.509 certificate.")
    return unbase64(token)


def _load(der: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError as error:
        raise PolicyError(f"The signature's token is no X.509 certificate: {error}.") from error


def _names(named: etree._Element, pinned: x509.Certificate) -> bool:
    """Tell whether a KeyIdentifier (Domibus) or an IssuerSerial names the pinned certificate."""
    if named.tag == q("wsse:KeyIdentifier") and named.get("ValueType") == names.SUBJECT_KEY:
        return unbase64(named) == key_identifier(pinned)
    if named.tag == q("ds:X509Data") and len(named) == 1 and named[0].tag == q("ds:X509IssuerSerial"):
        serial = named[0].findtext(q("ds:X509SerialNumber")) or ""
        return serial.strip() == str(pinned.serial_number)
    raise PolicyError(f"The signature names its key by {etree.QName(named).localname}, which the profile does not use.")


def key_identifier(certificate: x509.Certificate) -> bytes:
    """Return the subject key identifier: the extension's, or RFC 5280 4.2.1.2 method 1."""
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest


def shape(element: etree._Element, *tags: str) -> None:
    """Refuse an element whose children are not exactly these, in this order."""
    if tuple(child.tag for child in element) != tags:
        raise HeaderError(f"{etree.QName(element).localname} does not have the children the profile gives it.")


def algorithm(element: etree._Element, only: str) -> None:
    """Refuse any algorithm but the one of the profile, and parameters to it."""
    if element.get("Algorithm") != only or len(element):
        raise AlgorithmRefusedError(f"The algorithm {str(element.get('Algorithm'))[:120]!r} is not in the profile.")


def unbase64(element: etree._Element, length: int | None = None) -> bytes:
    """Return the bytes an element holds in base64; ``length`` is how many there must be."""
    try:
        data = base64.b64decode("".join(xml.text(element).split()).encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise HeaderError(f"{etree.QName(element).localname} is not base64.") from error
    if length is not None and len(data) != length:
        raise HeaderError(f"{etree.QName(element).localname} holds {len(data)} bytes where {length} belong.")
    return data


def _prefixes(element: etree._Element, only: str) -> tuple[str, ...]:
    """Return the PrefixList of an exclusive C14N; it changes the bytes, so the readers of others depend on it."""
    if element.get("Algorithm") != only:
        raise AlgorithmRefusedError(f"The algorithm {str(element.get('Algorithm'))[:120]!r} is not in the profile.")
    if not len(element):
        return ()
    if only != names.C14N or [child.tag for child in element] != [q("ec:InclusiveNamespaces")]:
        raise AlgorithmRefusedError("A transform has parameters the profile does not give it.")
    return tuple((element[0].get("PrefixList") or "").split())
