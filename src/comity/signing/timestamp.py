"""Timestamps (RFC 3161): asked of an authority, kept as its answer, and checked.

What is kept is a ``TimeStampResp`` of the plain status *granted*, because `openssl ts -verify -in` reads one; the token
in it is what CAdES carries as the signature timestamp.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from asn1crypto import core, tsp
from cryptography import x509

from comity.signing import cms
from comity.signing.cms import Signed
from comity.signing.errors import MalformedSignatureError, TimestampRefusedError
from comity.signing.port import TimestampAuthority
from comity.signing.trust import Trust, name_of
from comity.signing.verdict import SubIndication, Verdict

__all__ = ["Timestamp", "check", "read", "stamp", "token"]

_GRANTED: Final = bytes.fromhex("3003020100")
_SHA2: Final = ("sha256", "sha384", "sha512")


@dataclass(frozen=True, slots=True)
class Timestamp:
    """What a timestamp states, before anyone trusts it; ``others`` are the certificates beside the authority's."""

    at: datetime
    policy: str
    serial: int
    hash_name: str
    imprint: bytes
    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]


def stamp(data: bytes, tsa: TimestampAuthority) -> bytes:
    """Have ``data`` timestamped: a DER ``TimeStampResp``; raise `TimestampRefusedError` where no fitting one comes."""
    nonce = secrets.randbits(63) | 1
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": hashlib.sha256(data).digest()}
    asked = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "nonce": nonce, "cert_req": True})
    answer = tsa.stamp(bytes(asked.dump()))
    try:
        given = _granted(answer)
        signed, stated = _open(given)
    except MalformedSignatureError as error:
        raise TimestampRefusedError(f"The answer of {name_of(tsa.chain[0])} is no timestamp: {error.detail}") from error
    if stated["nonce"].native != nonce or not _over(stated, data):
        raise TimestampRefusedError("The timestamp is over another content, or was made before it was asked for.")
    if cms.broken(signed, signed.content or b"", tsa.chain) is not None:
        raise TimestampRefusedError("The signature of the timestamp does not hold.")
    return cms.sequence(_GRANTED, given)


def token(response: bytes) -> bytes:
    """Return the token (DER ``ContentInfo``) of what `stamp` gave; raise `MalformedSignatureError`."""
    found = response[len(response) - _rest(response) :]
    if not found.startswith(_GRANTED) or cms.sequence(found) != response:
        raise MalformedSignatureError("These bytes are not a timestamp of the status granted.")
    return found[len(_GRANTED) :]


def read(stamped: bytes) -> Timestamp:
    """Read a timestamp, as `stamp` gave it or the token alone; raise `MalformedSignatureError`."""
    signed, stated = _open(_token_of(stamped))
    return Timestamp(
        at=stated["gen_time"].native,
        policy=stated["policy"].dotted,
        serial=stated["serial_number"].native,
        hash_name=stated["message_imprint"]["hash_algorithm"]["algorithm"].native,
        imprint=stated["message_imprint"]["hashed_message"].native,
        certificate=signed.certificate,
        others=signed.others,
    )


def check(stamped: bytes, data: bytes, trust: Trust) -> Verdict:
    """Judge a timestamp over ``data``, as `stamp` gave it or the token alone; the verdict's ``at`` is what it proves.

    Raise `MalformedSignatureError` for bytes that are no timestamp.
    """
    signed, stated = _open(_token_of(stamped))
    if wrong := cms.broken(signed, signed.content or b"", trust.tsa):
        return wrong
    name = name_of(signed.certificate)
    if not _over(stated, data):
        return Verdict.of(SubIndication.HASH_FAILURE, "The timestamp is over another content, or it was altered.", name)
    return trust.judge_tsa(signed.certificate, signed.others, stated["gen_time"].native)


def _token_of(stamped: bytes) -> bytes:
    found = stamped[len(stamped) - _rest(stamped) :]
    return token(stamped) if found.startswith(b"\x30") else stamped


def _rest(der: bytes) -> int:
    """Return how many bytes follow the header of a DER element, as many as there are."""
    header = 2 if len(der) < 2 or der[1] < 0x80 else 2 + (der[1] & 0x7F)
    return max(len(der) - header, 0)


def _granted(answer: bytes) -> bytes:
    """Return the token of an authority's answer; raise `TimestampRefusedError` with what the authority says."""
    try:
        found = core.SequenceOf.load(answer, spec=core.Any, strict=True)
        status = found[0].parse(tsp.PKIStatusInfo)
        granted = status["status"].native in ("granted", "granted_with_mods") and len(found) == 2
        said = "; ".join(status["status_string"].native or ()) or str(status["status"].native)
        given = bytes(found[1].dump()) if granted else b""
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise TimestampRefusedError("The answer is not of the form of RFC 3161.") from error
    if not granted:
        raise TimestampRefusedError(f"The authority refused: {said}.")
    return given


def _open(found: bytes) -> tuple[Signed, Any]:
    signed = cms.read(found, what="timestamp", content_type=cms.TST_INFO, detached=False)
    try:
        stated = tsp.TSTInfo.load(signed.content, strict=True)
        known = stated.native["version"] == "v1" and not signed.tokens
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise MalformedSignatureError(f"These bytes are not a timestamp: {error}.") from error
    if not known:
        raise MalformedSignatureError("The timestamp is of an unknown version, or is itself timestamped.")
    return signed, stated


def _over(stated: Any, data: bytes) -> bool:
    algorithm = stated["message_imprint"]["hash_algorithm"]["algorithm"].native
    imprint = stated["message_imprint"]["hashed_message"].native
    return algorithm in _SHA2 and hashlib.new(algorithm, data).digest() == imprint
