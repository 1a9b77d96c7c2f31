"""CAdES signatures (ETSI EN 319 122-1), detached: level B-B, or B-T with a timestamp over the signature.

Checked as clause 5 of ETSI EN 319 102-1 orders it: form, digest, signature, the named certificate, the time the
signature is proved to have existed, and then whether the certificate held at that time. Without a trusted timestamp the
time is that of the check.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509

from comity.signing import cms, timestamp
from comity.signing.cms import Signed
from comity.signing.port import Signer, TimestampAuthority
from comity.signing.trust import Trust, name_of
from comity.signing.verdict import Indication, SubIndication, Verdict
from comity.values import Digest

__all__ = ["chain", "sign", "verify"]

_OPEN: Final = frozenset(
    {
        SubIndication.NO_CERTIFICATE_CHAIN_FOUND,
        SubIndication.OUT_OF_BOUNDS_NO_POE,
        SubIndication.REVOKED_NO_POE,
        SubIndication.CHAIN_CONSTRAINTS_FAILURE,
    }
)
"""A timestamp that is whole but not trusted proves nothing; the signature is then judged without it."""
_SKEW: Final = timedelta(minutes=5)


def sign(content: bytes, signer: Signer, *, at: datetime | None, tsa: TimestampAuthority | None = None) -> bytes:
    """Return a DER CMS over ``content``: B-B, or B-T where ``tsa`` is given; the signer's chain is in it.

    ``at`` is the time the signer states (signing-time); None leaves it out, as PAdES wants it (EN 319 142-1, 6.3).
    """
    signed = cms.build(Digest.of(content).raw, signer, signer.chain, claimed=at)
    if tsa is not None:
        signed = signed.stamped(timestamp.token(timestamp.stamp(signed.signature, tsa)))
    return signed.dump()


def verify(signature: bytes, content: bytes, trust: Trust, at: datetime) -> Verdict:
    """Judge a detached signature over ``content`` at ``at``; raise `MalformedSignatureError` for bytes that are none.

    The verdict's ``at`` is the time a trusted timestamp proves.
    """
    signed = _read(signature)
    if wrong := cms.broken(signed, content, (root for roots in trust.anchors.values() for root in roots)):
        return wrong
    proved = _proved(signed, trust, at)
    if isinstance(proved, Verdict):
        return proved
    verdict = trust.judge(signed.certificate, signed.others, proved or at)
    if verdict.passed and proved:
        reason = f"{verdict.reason} A timestamp proves that it existed on {proved:%Y-%m-%d %H:%M:%S} UTC."
        return replace(verdict, reason=reason, at=proved)
    return verdict


def chain(signature: bytes) -> tuple[x509.Certificate, ...]:
    """Return the certificates a signature came with, the signer's first; nothing is judged."""
    signed = _read(signature)
    return (signed.certificate, *signed.others)


def _read(signature: bytes) -> Signed:
    return cms.read(signature, what="CAdES signature")


def _proved(signed: Signed, trust: Trust, at: datetime) -> datetime | Verdict | None:
    """Return the earliest time a trusted timestamp proves, None without one; a verdict where one is altered."""
    times = []
    for token in signed.tokens:
        found = timestamp.check(token, signed.signature, trust)
        if not found.passed and found.sub not in _OPEN:
            return Verdict(found.indication, found.sub, f"The signature's timestamp: {found.reason}", found.subject)
        if found.at and found.at > at + _SKEW:
            reason = f"The timestamp states {found.at:%Y-%m-%d %H:%M} UTC, later than this check; one clock is wrong."
            return Verdict(Indication.INDETERMINATE, SubIndication.GENERIC, reason, name_of(signed.certificate))
        if found.at:
            times.append(found.at)
    return min(times, default=None)
