"""DSSE: the seal on an act (Dead Simple Signing Envelope v1, ECDSA on P-256 with SHA-256).

The signature is over ``PAE(type, payload) = "DSSEv1" SP len(type) SP type SP len(payload) SP payload``. Beside ``sig``
and ``keyid`` (the SHA-256 of the certificate) each signature carries ``certs``, the certificate and its issuers in
base64 DER, so that an envelope can be checked years later with what it holds and one anchor.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from comity.errors import ValueRefusedError
from comity.signing.errors import MalformedSealError
from comity.signing.port import Signer
from comity.signing.trust import Trust, name_of, state_of
from comity.signing.verdict import Indication, SubIndication, Verdict
from comity.values import Digest, canonical, parse

__all__ = ["Unsealed", "pae", "seal", "unseal"]


@dataclass(frozen=True, slots=True)
class Unsealed:
    """What an envelope holds, and whether its seal holds."""

    payload: bytes
    payload_type: str
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    verdict: Verdict


def pae(payload_type: str, payload: bytes) -> bytes:
    """Return the pre-authentication encoding that is signed."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def seal(payload: bytes, payload_type: str, signer: Signer) -> bytes:
    """Return the canonical JSON of an envelope with one signature."""
    certificates = (signer.certificate, *signer.chain)
    signature = {
        "keyid": Digest.of(_der(signer.certificate)).hex,
        "sig": _b64(signer.sign(pae(payload_type, payload))),
        "certs": [_b64(_der(c)) for c in certificates],
    }
    return canonical({"payload": _b64(payload), "payloadType": payload_type, "signatures": [signature]})


def unseal(envelope: bytes, trust: Trust, at: datetime) -> Unsealed:
    """Open an envelope and judge its seal; raise `MalformedSealError` for bytes that are no envelope of ours."""
    try:
        document = parse(envelope, what="sealed envelope", limit=64 * 1024 * 1024)
        payload, payload_type = _bytes(document["payload"]), document["payloadType"]
        (signature,) = document["signatures"]
        certificates = [x509.load_der_x509_certificate(_bytes(c)) for c in signature["certs"]]
        first, sig = certificates[0], _bytes(signature["sig"])
        whole = canonical(document) == envelope and signature["keyid"] == Digest.of(_der(first)).hex
        known = set(document) == {"payload", "payloadType", "signatures"} and set(signature) == {
            "keyid",
            "sig",
            "certs",
        }
        if not (whole and known and isinstance(payload_type, str)):
            raise MalformedSealError("The envelope is not in canonical form, or its key id is not its certificate's.")
        state_of(first)
    except (ValueRefusedError, KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        detail = (
            error.detail if isinstance(error, ValueRefusedError) else f"The envelope is not of its form: {error!r}."
        )
        raise MalformedSealError(detail) from error
    chain = tuple(certificates[1:])
    return Unsealed(payload, payload_type, first, chain, _judge(payload, payload_type, sig, first, chain, trust, at))


def _judge(
    payload: bytes,
    payload_type: str,
    sig: bytes,
    certificate: x509.Certificate,
    chain: tuple[x509.Certificate, ...],
    trust: Trust,
    at: datetime,
) -> Verdict:
    key = certificate.public_key()
    failed = Verdict(Indication.FAILED, None, "", name_of(certificate), state_of(certificate), at)
    if not (isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)):
        reason = "An act's seal is made with ECDSA on P-256; this certificate has another key."
        return replace(failed, sub=SubIndication.CRYPTO_CONSTRAINTS_FAILURE, reason=reason)
    try:
        key.verify(sig, pae(payload_type, payload), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        reason = "The signature does not belong to this content: one of the two was altered."
        return replace(failed, sub=SubIndication.SIG_CRYPTO_FAILURE, reason=reason)
    return trust.judge(certificate, chain, at)


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: Any) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError) as error:
        raise ValueError(f"not base64: {error}") from error
