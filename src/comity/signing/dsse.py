"""The seal of an act: a DSSE v1 envelope, ECDSA P-256 over SHA-256, checkable with `openssl dgst` alone.

What is signed is PAE: ``DSSEv1 SP len(type) SP type SP len(payload) SP payload``. The envelope is canonical JSON;
``keyid`` is the SHA-256 of the certificate's DER, ``certs`` beside ``sig`` holds the chain in base64, the signer's
first. The reader takes exactly these bytes and no others, so that no byte of an envelope can change unseen.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from comity.errors import ValueRefusedError
from comity.signing import certificate as certificates
from comity.signing.errors import MalformedSignatureError
from comity.signing.port import Signer
from comity.signing.trust import Trust, coherent
from comity.signing.verdict import SubIndication, Verdict
from comity.values import canonical, parse

__all__ = ["Unsealed", "pae", "seal", "unseal"]

_LIMIT: Final = 64 * 1024 * 1024
_CERTIFICATES: Final = 8
Chain = tuple[x509.Certificate, ...]


@dataclass(frozen=True, slots=True)
class Unsealed:
    """What an envelope holds; use ``payload`` only where ``verdict`` allows it."""

    payload: bytes
    payload_type: str
    certificate: x509.Certificate
    chain: Chain
    verdict: Verdict


def pae(payload_type: str, payload: bytes) -> bytes:
    """Return the pre-authentication encoding: the bytes that are signed."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def seal(payload: bytes, payload_type: str, signer: Signer) -> bytes:
    """Return the canonical JSON of an envelope with one signature."""
    signature = {
        "keyid": certificates.digest(signer.certificate).hex,
        "sig": _encode(signer.sign(pae(payload_type, payload))),
        "certs": [_encode(certificates.der(found)) for found in (signer.certificate, *signer.chain)],
    }
    return canonical({"payload": _encode(payload), "payloadType": payload_type, "signatures": [signature]})


def unseal(envelope: bytes, trust: Trust, at: datetime) -> Unsealed:
    """Open and judge an envelope; raise `MalformedSignatureError` for bytes that are none."""
    payload, payload_type, signature, chain = _read(envelope)
    verdict = _broken(pae(payload_type, payload), signature, chain) or trust.judge(chain[0], chain[1:], at)
    return Unsealed(payload, payload_type, chain[0], chain[1:], verdict)


def _broken(signed: bytes, signature: bytes, chain: Chain) -> Verdict | None:
    """Say what is wrong with the signature itself, None where nothing is."""
    key, name = chain[0].public_key(), certificates.name_of(chain[0])
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        reason = "An act's seal is made with ECDSA on P-256; this certificate has another key."
        return Verdict.of(SubIndication.CRYPTO_CONSTRAINTS_FAILURE, reason, name)
    try:
        key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        reason = "The signature does not belong to this content: one of the two was altered."
        return Verdict.of(SubIndication.SIG_CRYPTO_FAILURE, reason, name)
    if not coherent(chain):
        reason = "The certificates in the envelope do not belong to each other, or one was altered."
        return Verdict.of(SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE, reason, name)
    return None


def _read(envelope: bytes) -> tuple[bytes, str, bytes, Chain]:
    try:
        document = parse(envelope, what="sealed envelope", limit=_LIMIT)
        if canonical(document) != envelope or set(document) != {"payload", "payloadType", "signatures"}:
            raise MalformedSignatureError("The envelope is not in its canonical form.")
        (signature,) = document["signatures"]
        if set(signature) != {"keyid", "sig", "certs"} or not 0 < len(signature["certs"]) <= _CERTIFICATES:
            raise MalformedSignatureError("The envelope's signature has other members than keyid, sig and certs.")
        chain = tuple(certificates.load(_decode(found)) for found in signature["certs"])
        if signature["keyid"] != certificates.digest(chain[0]).hex:
            raise MalformedSignatureError("The envelope's key id is not its certificate's.")
        if not isinstance(document["payloadType"], str):
            raise MalformedSignatureError("The envelope's payload type is not a text.")
        return _decode(document["payload"]), document["payloadType"], _decode(signature["sig"]), chain
    except ValueRefusedError as error:
        raise MalformedSignatureError(error.detail) from error
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise MalformedSignatureError(f"The envelope is not of its form: {error!r}.") from error


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decode(text: Any) -> bytes:
    """Read base64 written in its one form: no stray bits, no line breaks (RFC 4648 clause 3.5)."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise MalformedSignatureError(f"A member of the envelope is not base64: {error}.") from error
    if _encode(data) != text:
        raise MalformedSignatureError("A member of the envelope is not written in the one form of base64.")
    return data
