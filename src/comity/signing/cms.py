"""CMS SignedData with one signer (RFC 5652 clause 5), as CAdES signatures and RFC 3161 tokens use it.

The reader rebuilds the structure from the parts it took and compares: every byte is either covered by a signature,
or determined by what is, or one of the few encodings named here. So no byte can change unseen. Unsigned attributes
other than the signature timestamp are refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from comity.signing import certificate as certificates
from comity.signing.errors import MalformedSignatureError
from comity.signing.port import Signer
from comity.signing.verdict import SubIndication, Verdict

__all__ = ["DATA", "TST_INFO", "Signed", "broken", "build", "read", "sequence"]

DATA: Final = "1.2.840.113549.1.7.1"
TST_INFO: Final = "1.2.840.113549.1.9.16.1.4"
_SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
_TIMESTAMP: Final = "1.2.840.113549.1.9.16.2.14"
_SHA2: Final = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
_NULL: Final = b"\x05\x00"
_BAD: Final = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True)
class Signed:
    """One signer's signature; ``others`` are the certificates beside the signer's, in the order of the path.

    ``content`` is the encapsulated content, None where it is detached. ``attributes`` are the signed attributes' DER
    without their tag. ``claimed`` is the time the signer states, ``tokens`` the signature timestamps (ContentInfo).
    """

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]
    content_type: str
    content: bytes | None = field(repr=False)
    hash_name: str
    attributes: bytes = field(repr=False)
    algorithm: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    claimed: datetime | None = None
    tokens: tuple[bytes, ...] = ()
    digest: bytes = b""
    named: bool = True

    def stamped(self, token: bytes) -> Signed:
        """Return the same signature with a signature timestamp (ETSI EN 319 122-1 clause 5.3)."""
        return replace(self, tokens=(*self.tokens, token))

    def dump(self, *, held: Sequence[bytes] | None = None, hashing: bytes = b"") -> bytes:
        """Return the DER; the certificates are sorted (X.690 clause 11.6) unless ``held`` gives others, or none."""
        if held is None:
            held = sorted(certificates.der(c) for c in (self.certificate, *self.others))
        hashing = hashing or _algorithm(self.hash_name)
        encapsulated = b"" if self.content is None else _tlv(0xA0, _tlv(0x04, self.content))
        stamps = _tlv(0xA1, _tlv(0x30, _oid(_TIMESTAMP), _tlv(0x31, *self.tokens))) if self.tokens else b""
        signer = _tlv(
            0x30,
            b"\x02\x01\x01",
            _identifier(self.certificate),
            hashing,
            _tlv(0xA0, self.attributes),
            self.algorithm,
            _tlv(0x04, self.signature),
            stamps,
        )
        version = b"\x02\x01\x01" if self.content_type == DATA else b"\x02\x01\x03"
        whole = _tlv(
            0x30,
            version,
            _tlv(0x31, hashing),
            _tlv(0x30, _oid(self.content_type), encapsulated),
            _tlv(0xA0, *held) if held else b"",
            _tlv(0x31, signer),
        )
        return _tlv(0x30, _oid(_SIGNED_DATA), _tlv(0xA0, whole))


def build(
    digest: bytes,
    signer: Signer,
    others: tuple[x509.Certificate, ...],
    *,
    content_type: str = DATA,
    content: bytes | None = None,
    claimed: datetime | None = None,
) -> Signed:
    """Sign a SHA-256 ``digest`` (32 bytes) of the content with ECDSA; ``content`` encapsulates it."""
    found = [
        cms.CMSAttribute({"type": "content_type", "values": [content_type]}),
        cms.CMSAttribute({"type": "message_digest", "values": [digest]}),
        cms.CMSAttribute({"type": "signing_certificate_v2", "values": [_reference(signer.certificate)]}),
    ]
    if claimed is not None:
        time = cms.Time({"utc_time": claimed.astimezone(UTC).replace(microsecond=0)})
        found.append(cms.CMSAttribute({"type": "signing_time", "values": [time]}))
    attributes = cms.CMSAttributes(found)
    return Signed(
        certificate=signer.certificate,
        others=others,
        content_type=content_type,
        content=content,
        hash_name="sha256",
        attributes=bytes(attributes.untag().contents),
        algorithm=_tlv(0x30, _oid("1.2.840.10045.4.3.2")),
        signature=signer.sign(attributes.dump()),
        claimed=claimed,
        digest=digest,
    )


def read(data: bytes, *, what: str, content_type: str = DATA, detached: bool = True) -> Signed:
    """Read a signature; raise `MalformedSignatureError` for anything that is not exactly one, with its certificate."""
    try:
        signed, held, hashing = _take(data)
        whole = signed.dump(held=held, hashing=hashing) == data
    except _BAD as error:
        said = (str(error).splitlines() or [type(error).__name__])[0].strip(" .")
        raise MalformedSignatureError(f"These bytes are not a {what}: {said}.") from error
    if signed.content_type != content_type or (signed.content is None) is not detached:
        raise MalformedSignatureError(f"These bytes are not a {what}: they sign other content.")
    if not whole:
        raise MalformedSignatureError(f"The {what} is not written in the one form that is taken: it was altered.")
    return signed


def broken(signed: Signed, content: bytes, roots: Iterable[x509.Certificate] = ()) -> Verdict | None:
    """Say what is wrong with the signature over ``content`` by itself, None where nothing is.

    The last certificate beside it must be signed by itself or by one of ``roots``, so that none is altered.
    """
    name = certificates.name_of(signed.certificate)
    if hashlib.new(signed.hash_name, content).digest() != signed.digest:
        return Verdict.of(SubIndication.HASH_FAILURE, "The content was altered: its digest is another.", name)
    if weak := certificates.weakness(signed.certificate):
        return Verdict.of(SubIndication.CRYPTO_CONSTRAINTS_FAILURE, f"The certificate is refused: {weak}.", name)
    if not _holds(signed):
        reason = "The signature does not belong to this content: one of the two was altered."
        return Verdict.of(SubIndication.SIG_CRYPTO_FAILURE, reason, name)
    if not signed.named:
        reason = "The signature does not name the certificate it comes with (signing-certificate-v2)."
        return Verdict.of(SubIndication.NO_SIGNING_CERTIFICATE_FOUND, reason, name)
    path = (signed.certificate, *signed.others)
    ends = any(certificates.issued(path[-1], root) for root in (path[-1], *roots))
    if not ends or not all(certificates.issued(one, other) for one, other in pairwise(path)):
        reason = (
            "The certificates beside the signature do not lead to one of an authority that is known here or among "
            "them, or one was altered."
        )
        return Verdict.of(SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE, reason, name)
    return None


def _take(data: bytes) -> tuple[Signed, list[bytes], bytes]:
    info = cms.ContentInfo.load(data, strict=True)
    if info["content_type"].dotted != _SIGNED_DATA:
        raise ValueError("they hold other content than a signature")
    body = info["content"]
    if len(body["signer_infos"]) != 1:
        raise ValueError("they do not hold exactly one signature")
    signer = body["signer_infos"][0]
    held = [bytes(choice.chosen.dump()) for choice in body["certificates"]]
    found = [certificates.load(one) for one in held]
    certificate = next((one for one in found if _identifier(one) == signer["sid"].chosen.dump()), None)
    if certificate is None:
        raise ValueError("they do not hold the certificate of the signer")
    encapsulated = body["encap_content_info"]
    content = encapsulated["content"]
    attributes = _attributes(signer["signed_attrs"])
    content_type = encapsulated["content_type"].dotted
    if attributes["content_type"].dotted != content_type:
        raise ValueError("the signed attributes name another content type")
    hashing = signer["digest_algorithm"]
    if hashing["algorithm"].native not in _SHA2:
        raise ValueError(f"it is made with {hashing['algorithm'].native}, not with SHA-2")
    claimed = attributes.get("signing_time")
    signed = Signed(
        certificate=certificate,
        others=_path(certificate, [one for one in found if one != certificate]),
        content_type=content_type,
        content=None if isinstance(content, core.Void) else bytes(content.contents),
        hash_name=hashing["algorithm"].native,
        attributes=bytes(signer["signed_attrs"].contents),
        algorithm=bytes(signer["signature_algorithm"].dump()),
        signature=signer["signature"].native,
        claimed=None if claimed is None else claimed.native,
        tokens=_tokens(signer["unsigned_attrs"]),
        digest=attributes["message_digest"].native,
        named=_named(attributes, content_type, certificate),
    )
    allowed = (_algorithm(signed.hash_name), _algorithm(signed.hash_name, _NULL))
    if bytes(hashing.dump()) not in allowed:
        raise ValueError("its digest algorithm has unknown parameters")
    return signed, held, bytes(hashing.dump())


def _attributes(found: cms.CMSAttributes) -> dict[str, Any]:
    """Return the signed attributes by name; each once, with one value."""
    values: dict[str, Any] = {}
    for attribute in found:
        name = attribute["type"].native
        if name in values or len(attribute["values"]) != 1:
            raise ValueError(f"the signed attribute {name} stands more than once")
        values[name] = attribute["values"][0]
    return values


def _tokens(found: cms.CMSAttributes) -> tuple[bytes, ...]:
    if isinstance(found, core.Void):
        return ()
    if len(found) != 1 or found[0]["type"].dotted != _TIMESTAMP:
        raise ValueError("it carries an unsigned attribute other than a signature timestamp")
    return tuple(bytes(value.dump()) for value in found[0]["values"])


def _path(certificate: x509.Certificate, others: list[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """Return the other certificates in the order of the path; what belongs to none stands last."""
    path, left, last = [], list(others), certificate
    while issuers := [one for one in left if one.subject == last.issuer]:
        last = next((one for one in issuers if certificates.issued(last, one)), issuers[0])
        path.append(last)
        left.remove(last)
    return (*path, *left)


def _holds(signed: Signed) -> bool:
    key, chosen = signed.certificate.public_key(), _SHA2[signed.hash_name]
    message = _tlv(0x31, signed.attributes)
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            if signed.algorithm != _tlv(0x30, _oid(f"1.2.840.10045.4.3.{list(_SHA2).index(signed.hash_name) + 2}")):
                return False
            key.verify(signed.signature, message, ec.ECDSA(chosen))
        elif isinstance(key, rsa.RSAPublicKey):
            wide = f"1.2.840.113549.1.1.{list(_SHA2).index(signed.hash_name) + 11}"
            if signed.algorithm not in {_tlv(0x30, _oid(oid), _NULL) for oid in (wide, "1.2.840.113549.1.1.1")}:
                return False
            key.verify(signed.signature, message, padding.PKCS1v15(), chosen)
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _named(attributes: dict[str, Any], content_type: str, certificate: x509.Certificate) -> bool:
    """Say whether the signed reference is to this certificate: by its hash, and by issuer and serial if given.

    RFC 5035; authorities that keep to RFC 3161 as it was in 2001 name theirs by SHA-1 (RFC 2634), which a timestamp may.
    """
    if "signing_certificate_v2" in attributes:
        first = attributes["signing_certificate_v2"]["certs"][0]
        algorithm = first["hash_algorithm"]["algorithm"].native
        if algorithm not in _SHA2:
            return False
        digest = hashlib.new(algorithm, certificates.der(certificate)).digest()
    elif "signing_certificate" in attributes and content_type == TST_INFO:
        first = attributes["signing_certificate"]["certs"][0]
        digest = hashlib.sha1(certificates.der(certificate), usedforsecurity=False).digest()
    else:
        return False
    serial = first["issuer_serial"]
    same = isinstance(serial, core.Void) or serial.dump() == _issuer_serial(certificate).dump()
    return bool(same and digest == first["cert_hash"].native)


def _reference(certificate: x509.Certificate) -> tsp.SigningCertificateV2:
    digest = hashlib.sha256(certificates.der(certificate)).digest()
    identified = tsp.ESSCertIDv2({"cert_hash": digest, "issuer_serial": _issuer_serial(certificate)})
    return tsp.SigningCertificateV2({"certs": [identified]})


def _issuer_serial(certificate: x509.Certificate) -> tsp.IssuerSerial:
    issuer = asn1.GeneralName(name="directory_name", value=_issuer(certificate))
    return tsp.IssuerSerial({"issuer": [issuer], "serial_number": certificate.serial_number})


def _identifier(certificate: x509.Certificate) -> bytes:
    """Return the DER of IssuerAndSerialNumber."""
    serial = core.Integer(certificate.serial_number).dump()
    return _tlv(0x30, bytes(_issuer(certificate).dump()), bytes(serial))


def _issuer(certificate: x509.Certificate) -> asn1.Name:
    return asn1.Certificate.load(certificates.der(certificate)).issuer


def _algorithm(name: str, parameters: bytes = b"") -> bytes:
    number = list(_SHA2).index(name) + 1
    return _tlv(0x30, _oid(f"2.16.840.1.101.3.4.2.{number}"), parameters)


def _oid(dotted: str) -> bytes:
    return bytes(core.ObjectIdentifier(dotted).dump())


def sequence(*parts: bytes) -> bytes:
    """Return the DER of a SEQUENCE of elements."""
    return _tlv(0x30, *parts)


def _tlv(tag: int, *parts: bytes) -> bytes:
    """Return one DER element."""
    body = b"".join(parts)
    size = len(body)
    if size < 0x80:
        return bytes((tag, size)) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body
