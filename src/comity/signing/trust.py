"""Whom to trust: each state by its own anchors, timestamp authorities by theirs (RFC 5280, clause 6).

The state a certificate speaks for is the ``C=`` of its subject, and it must chain to an anchor of that state: a
certificate that says DE under Ukraine's anchor is refused. Nothing is fetched; what is not here is not trusted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from comity.signing.certificate import issued, name_of, state_of, weakness
from comity.signing.verdict import Indication, SubIndication, Verdict
from comity.values import StateCode

__all__ = ["Trust", "coherent", "name_of", "state_of"]

Certificates = tuple[x509.Certificate, ...]
_DEPTH: Final = 4
_HARMLESS: Final = frozenset(
    {
        x509.ReasonFlags.unspecified,
        x509.ReasonFlags.affiliation_changed,
        x509.ReasonFlags.superseded,
        x509.ReasonFlags.cessation_of_operation,
    }
)


@dataclass(frozen=True, slots=True)
class Trust:
    """The anchors a check may rest on; ``crls`` are revocation lists already at hand."""

    anchors: Mapping[StateCode, Certificates]
    tsa: Certificates = ()
    crls: tuple[x509.CertificateRevocationList, ...] = ()

    @classmethod
    def none(cls) -> Trust:
        """Trust nobody: every signature that holds is indeterminate."""
        return cls({}, ())

    def judge(self, certificate: x509.Certificate, others: Iterable[x509.Certificate], at: datetime) -> Verdict:
        """Say whether a seal's certificate speaks for its state at ``at``; ``others`` came with it."""
        name, code = name_of(certificate), state_of(certificate)
        if code is None:
            reason = "The certificate names no state (C=) it could speak for."
            return Verdict.of(SubIndication.CHAIN_CONSTRAINTS_FAILURE, reason, name)
        if not _may_sign(certificate):
            reason = "The certificate may not be used to sign (its key usage says so)."
            return Verdict.of(SubIndication.CHAIN_CONSTRAINTS_FAILURE, reason, name)
        anchors = self.anchors.get(code, ())
        wrong = _stands(certificate, tuple(others), anchors, at, crls=self.crls, whose=f"an anchor of {code}")
        return wrong or Verdict(Indication.PASSED, None, f"The signature of {code} holds.", name, code)

    def judge_tsa(self, certificate: x509.Certificate, others: Iterable[x509.Certificate], at: datetime) -> Verdict:
        """Say whether a timestamp authority's certificate held at the time it states.

        RFC 3161 clause 2.3: timeStamping is its only extended key usage, and critical. Clause 4: once its certificate
        is revoked, earlier timestamps stand only where the list gives a reason that leaves the key uncompromised.
        """
        name = name_of(certificate)
        if not _stamps(certificate):
            reason = "The certificate is not one of a timestamp authority (critical key purpose timeStamping alone)."
            return Verdict.of(SubIndication.CHAIN_CONSTRAINTS_FAILURE, reason, name)
        whose = "a trusted timestamp authority"
        wrong = _stands(certificate, tuple(others), self.tsa, at, crls=self.crls, whose=whose, harmless=_HARMLESS)
        return wrong or Verdict(Indication.PASSED, None, "The timestamp holds.", name, state_of(certificate), at)


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _stamps(certificate: x509.Certificate) -> bool:
    try:
        found = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        return False
    return found.critical and list(found.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


def _stands(
    certificate: x509.Certificate,
    others: Certificates,
    anchors: Certificates,
    at: datetime,
    *,
    crls: tuple[x509.CertificateRevocationList, ...],
    whose: str,
    harmless: frozenset[x509.ReasonFlags] | None = None,
) -> Verdict | None:
    """Return what is wrong with the certificate at the time, None where nothing is."""
    name = name_of(certificate)
    if weak := weakness(certificate):
        return Verdict.of(SubIndication.CRYPTO_CONSTRAINTS_FAILURE, f"The certificate is refused: {weak}.", name)
    path = _path(certificate, others, anchors, at)
    if path is None:
        return _timely(certificate, others, anchors, at) or Verdict.of(
            SubIndication.NO_CERTIFICATE_CHAIN_FOUND, f"No chain leads from the certificate to {whose}.", name
        )
    if revoked := _revoked(path, crls, at, harmless):
        return Verdict.of(SubIndication.REVOKED_NO_POE, revoked, name)
    return None


def _path(
    certificate: x509.Certificate, others: Certificates, anchors: Certificates, at: datetime
) -> Certificates | None:
    """Return the chain from the certificate to an anchor at a time, None without one."""
    if not anchors:
        return None
    if certificate in anchors:
        within = certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
        return (certificate,) if within else None
    builder = PolicyBuilder().store(Store(list(anchors))).time(at).max_chain_depth(_DEPTH)
    verifier = builder.extension_policies(ca_policy=_ISSUER, ee_policy=_SIGNER).build_client_verifier()
    try:
        return tuple(verifier.verify(certificate, [other for other in others if other not in anchors]).chain)
    except (VerificationError, ValueError):
        return None


def _timely(certificate: x509.Certificate, others: Certificates, anchors: Certificates, at: datetime) -> Verdict | None:
    """Say that only the time is wrong: the chain holds at another time within its certificates' validity."""
    every = (certificate, *others, *anchors)
    moments = {c.not_valid_before_utc for c in every} | {c.not_valid_after_utc for c in every}
    for moment in sorted(moments):
        if path := _path(certificate, others, anchors, moment):
            return Verdict.of(SubIndication.OUT_OF_BOUNDS_NO_POE, _outside(path, at), name_of(certificate))
    return None


def _outside(path: Certificates, at: datetime) -> str:
    for found in path:
        if at > found.not_valid_after_utc:
            return (
                f"The certificate {name_of(found)} expired on {found.not_valid_after_utc:%Y-%m-%d}, and no trusted "
                "timestamp proves that the signature is older."
            )
        if at < found.not_valid_before_utc:
            return f"The certificate {name_of(found)} is valid only from {found.not_valid_before_utc:%Y-%m-%d}."
    return f"The certificates were not all valid on {at:%Y-%m-%d}."


def _revoked(
    path: Certificates,
    crls: Iterable[x509.CertificateRevocationList],
    at: datetime,
    harmless: frozenset[x509.ReasonFlags] | None,
) -> str | None:
    """Say which certificate was revoked by the time; at any time where the reason is not among ``harmless``."""
    for found, issuer in pairwise(path):
        for crl in crls:
            if not _of(crl, issuer):
                continue
            entry = crl.get_revoked_certificate_by_serial_number(found.serial_number)
            if entry is None:
                continue
            if entry.revocation_date_utc <= at or (harmless is not None and _reason(entry) not in harmless):
                return f"The certificate {name_of(found)} was revoked on {entry.revocation_date_utc:%Y-%m-%d}."
    return None


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return None


def _of(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    key = issuer.public_key()
    if crl.issuer != issuer.subject or not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        return False
    return crl.is_signature_valid(key)


def coherent(chain: Certificates) -> bool:
    """Say whether each certificate was signed by the next and the last by itself, so that none was altered."""
    return all(issued(one, other) for one, other in zip(chain, (*chain[1:], chain[-1]), strict=True))


def _issues(_policy: Policy, _certificate: x509.Certificate, found: x509.BasicConstraints) -> None:
    if not found.ca:
        raise ValueError("it is not an authority's certificate")


def _signs_certificates(_policy: Policy, _certificate: x509.Certificate, found: x509.KeyUsage) -> None:
    if not found.key_cert_sign:
        raise ValueError("it may not sign certificates")


_ISSUER: Final = (
    ExtensionPolicy.permit_all()
    .require_present(x509.BasicConstraints, Criticality.CRITICAL, _issues)
    .require_present(x509.KeyUsage, Criticality.AGNOSTIC, _signs_certificates)
)
_SIGNER: Final = ExtensionPolicy.permit_all()
