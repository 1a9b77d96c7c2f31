"""Two fictional states with an authority, seals and a test time-stamping authority each, and certificates with faults."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import NameOID

from comity.adapters.file_signer import FileSigner
from comity.adapters.local_tsa import LocalTimestampAuthority
from comity.signing import pki
from comity.signing.pki import Purpose
from comity.signing.trust import Trust
from comity.values import StateCode, state

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
YEAR = timedelta(days=365)

needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="openssl IS NOT INSTALLED: the seals were not checked by a second program"
)


@dataclass
class Clock:
    """What a test authority's clock shows; a test may set it."""

    now: datetime = AT

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Side:
    """One state: its anchor, a seal under it, and its time-stamping authority."""

    code: StateCode
    key: ec.EllipticCurvePrivateKey
    anchor: x509.Certificate
    signer: FileSigner
    tsa: LocalTimestampAuthority
    clock: Clock = field(default_factory=Clock)

    def leaf(self, purpose: Purpose = Purpose.SEAL, at: datetime = AT, days: int = 825) -> FileSigner:
        key, certificate = pki.issue(self.key, self.anchor, purpose, f"{self.code} {purpose}", at, days=days)
        return FileSigner(key, certificate, (self.anchor,))

    def revoke(
        self, certificate: x509.Certificate, at: datetime, reason: x509.ReasonFlags | None = None
    ) -> x509.CertificateRevocationList:
        entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(at)
        if reason is not None:
            entry = entry.add_extension(x509.CRLReason(reason), critical=False)
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.anchor.subject).last_update(at)
        builder = builder.next_update(at + YEAR).add_revoked_certificate(entry.build())
        return builder.sign(self.key, hashes.SHA256())


@dataclass
class World:
    """Ukraine and Germany."""

    ua: Side
    de: Side

    @property
    def trust(self) -> Trust:
        anchors = {side.code: (side.anchor,) for side in (self.ua, self.de)}
        return Trust(anchors, (self.ua.anchor, self.de.anchor))


def make() -> World:
    return World(_side("UA"), _side("DE"))


def _side(code: str) -> Side:
    key, anchor = pki.authority(state(code), f"{code} authority", AT)
    clock = Clock()
    pairs = {
        purpose: pki.issue(key, anchor, purpose, f"{code} {purpose}", AT) for purpose in (Purpose.SEAL, Purpose.TSA)
    }
    seal, stamper = (FileSigner(own, made, (anchor,)) for own, made in pairs.values())
    return Side(state(code), key, anchor, seal, LocalTimestampAuthority(stamper, clock), clock)


def certify(
    issuer: Side,
    key,
    *,
    country: str | None = None,
    usage: x509.KeyUsage | None = None,
    algorithm: hashes.HashAlgorithm | None = None,
) -> x509.Certificate:
    """A certificate with what `pki.issue` does not make: other keys, other usages, other states."""
    country = issuer.code if country is None else country
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, "TEST faulty")]
    if country:
        attributes.insert(0, x509.NameAttribute(NameOID.COUNTRY_NAME, country))
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name(attributes))
        .issuer_name(issuer.anchor.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(AT - timedelta(days=1))
        .not_valid_after(AT + YEAR)
    )
    if usage is not None:
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(issuer.key, algorithm or hashes.SHA256())


def usage(**set_: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: set_.get(name, False) for name in names})


@dataclass(frozen=True)
class AnySigner:
    """A `Signer` without the checks of the file signer, to make what ours refuses to make."""

    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return self.key.sign(data)
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))


def openssl(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False)


def flipped(data: bytes, at: int, mask: int) -> bytes:
    return data[:at] + bytes((data[at] ^ mask,)) + data[at + 1 :]
