"""Certificates for a node that has none yet: an authority of its own and the leaves it needs.

Meant for tests, demonstrations and pilots; with ``test`` the subjects say so. A node in service brings certificates of
its state's own authority.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from comity.signing.errors import KeyUnusableError
from comity.values import StateCode

__all__ = ["Key", "Purpose", "authority", "issue", "key_pem", "pem", "read_certificates"]

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
RSA_BITS = 3072


class Purpose(StrEnum):
    """What a certificate is for; AS4 keys are RSA (eDelivery AS4 1.15), all others ECDSA on P-256."""

    SEAL = "seal"
    TLS = "tls"
    AS4_SIGN = "as4-sign"
    AS4_ENCRYPT = "as4-encrypt"
    TSA = "tsa"


def authority(
    code: StateCode, name: str, at: datetime, *, years: int = 10, test: bool = True
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """Make the anchor of a state: a self-signed CA certificate, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _subject(code, name, test=test)
    usage = _usage(key_cert_sign=True, crl_sign=True)
    builder = _builder(subject, subject, key.public_key(), at, at + timedelta(days=365 * years))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(usage, critical=True)
    return key, builder.sign(key, hashes.SHA256())


def issue(
    issuer_key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate,
    purpose: Purpose,
    name: str,
    at: datetime,
    *,
    days: int = 825,
    hosts: tuple[str, ...] = (),
    test: bool = True,
) -> tuple[Key, x509.Certificate]:
    """Make a leaf for ``purpose`` under ``issuer``, in the issuer's state; ``hosts`` are names or addresses for TLS."""
    rsa_key = purpose in (Purpose.AS4_SIGN, Purpose.AS4_ENCRYPT)
    key: Key = rsa.generate_private_key(65537, RSA_BITS) if rsa_key else ec.generate_private_key(ec.SECP256R1())
    code = StateCode(str(issuer.subject.get_attributes_for_oid(NameOID.COUNTRY_NAME)[0].value))
    until = min(at + timedelta(days=days), issuer.not_valid_after_utc)
    builder = _builder(_subject(code, name, test=test), issuer.subject, key.public_key(), at, until)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage_of(purpose), critical=True)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
    )
    if purpose is Purpose.TSA:  # RFC 3161 clause 2.3: the only extended usage, and critical
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if purpose is Purpose.TLS:
        both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        builder = builder.add_extension(x509.ExtendedKeyUsage(both), critical=False)
        builder = builder.add_extension(x509.SubjectAlternativeName([_host(h) for h in hosts]), critical=False)
    return key, builder.sign(issuer_key, hashes.SHA256())


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    since: datetime,
    until: datetime,
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(since - timedelta(minutes=5)).not_valid_after(until)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _subject(code: StateCode, name: str, *, test: bool) -> x509.Name:
    attributes = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, code),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Comity"),
    ]
    if test:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "TEST - no legal value"))
    return x509.Name([*attributes, x509.NameAttribute(NameOID.COMMON_NAME, f"{'TEST ' if test else ''}{name}"[:64])])


def _usage_of(purpose: Purpose) -> x509.KeyUsage:
    if purpose is Purpose.AS4_ENCRYPT:
        return _usage(key_encipherment=True)
    if purpose is Purpose.SEAL:
        return _usage(digital_signature=True, content_commitment=True)
    return _usage(digital_signature=True)


def _usage(**set_: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: set_.get(name, False) for name in names})


def _host(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def pem(*certificates: x509.Certificate) -> bytes:
    """Return certificates as PEM, one after the other."""
    return b"".join(c.public_bytes(serialization.Encoding.PEM) for c in certificates)


def key_pem(key: Key) -> bytes:
    """Return a private key as unencrypted PKCS#8 PEM."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def read_certificates(data: bytes) -> tuple[x509.Certificate, ...]:
    """Read one or more PEM certificates."""
    try:
        return tuple(x509.load_pem_x509_certificates(data))
    except ValueError as error:
        raise KeyUnusableError(f"These are not PEM certificates: {error}") from error
