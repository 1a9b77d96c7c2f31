"""Certificates from outside: read whole at the door, named, and their algorithms judged.

The algorithms follow the SOG-IS agreed mechanisms (ETSI TS 119 312): SHA-2 only, RSA of 2048 bits or more, ECDSA on
P-256, P-384 and P-521. Ed25519 is refused: courts' openssl 3.0 cannot check it in CMS.
"""

from __future__ import annotations

from typing import Final

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning

from comity.errors import ValueRefusedError
from comity.signing.errors import MalformedSignatureError
from comity.values import Digest, StateCode, state

__all__ = ["der", "digest", "issued", "load", "load_pem", "name_of", "state_of", "weakness"]

HASHES: Final = frozenset({"sha256", "sha384", "sha512"})
CURVES: Final = frozenset({"secp256r1", "secp384r1", "secp521r1"})
RSA_BITS: Final = 2048
_REFUSED: Final = (
    ValueError, TypeError, KeyError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension,
    CryptographyDeprecationWarning,  # where warnings are errors: what a next version of cryptography will refuse
)  # fmt: skip


def load(data: bytes) -> x509.Certificate:
    """Read a DER certificate with everything in it; raise `MalformedSignatureError`."""
    try:
        found = asn1.Certificate.load(data, strict=True)
        if found.serial_number <= 0:
            raise MalformedSignatureError("The certificate's serial number is not positive (RFC 5280, 4.1.2.2).")
        if found["signature_value"].contents[0] != 0:
            raise MalformedSignatureError("The certificate's signature does not end at a byte.")  # not itself signed
        return _whole(x509.load_der_x509_certificate(data))
    except _REFUSED as error:
        raise MalformedSignatureError(f"These bytes are not a certificate: {error}") from error


def load_pem(data: bytes) -> tuple[x509.Certificate, ...]:
    """Read the PEM certificates of a file, in their order; raise `MalformedSignatureError`."""
    try:
        return tuple(_whole(found) for found in x509.load_pem_x509_certificates(data))
    except _REFUSED as error:
        raise MalformedSignatureError(f"These bytes are not PEM certificates: {error}") from error


def _whole(certificate: x509.Certificate) -> x509.Certificate:
    """Touch the parts that are decoded late, so that what is wrong shows here and not in a check."""
    certificate.public_key()
    certificate.subject.rfc4514_string()
    certificate.issuer.rfc4514_string()
    list(certificate.extensions)
    _ = certificate.not_valid_before_utc, certificate.not_valid_after_utc, certificate.signature_algorithm_oid
    return certificate


def der(certificate: x509.Certificate) -> bytes:
    """Return the certificate's DER bytes."""
    return certificate.public_bytes(Encoding.DER)


def digest(certificate: x509.Certificate) -> Digest:
    """Return the SHA-256 of the DER bytes: the fingerprint a state publishes, and the ``keyid`` of its seals."""
    return Digest.of(der(certificate))


def name_of(certificate: x509.Certificate) -> str:
    """Return the subject's name as RFC 4514 writes it."""
    return certificate.subject.rfc4514_string()


def state_of(certificate: x509.Certificate) -> StateCode | None:
    """Return the state of the one ``C=`` in the subject; None where there is none, several, or an unknown one."""
    found = certificate.subject.get_attributes_for_oid(x509.NameOID.COUNTRY_NAME)
    if len(found) != 1:
        return None
    try:
        return state(str(found[0].value))
    except ValueRefusedError:
        return None


def issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Say whether ``issuer`` signed ``certificate``."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def weakness(certificate: x509.Certificate) -> str | None:
    """Say what is too weak in the key or in the issuer's signature, None where nothing is."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < RSA_BITS:
            return f"its RSA key has {key.key_size} bits, fewer than {RSA_BITS}"
    elif isinstance(key, ec.EllipticCurvePublicKey):
        if key.curve.name not in CURVES:
            return f"its key is on the curve {key.curve.name}"
    else:
        return f"its key is neither RSA nor ECDSA but {type(key).__name__.removesuffix('PublicKey')}"
    return _weak_hash(certificate)


def _weak_hash(certificate: x509.Certificate) -> str | None:
    try:
        found = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return "it is signed with an unknown algorithm"
    if found is None or found.name not in HASHES:
        return f"it is signed with {found.name if found else 'an algorithm without SHA-2'}"
    return None
