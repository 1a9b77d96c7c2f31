"""Who exchanges: a node's own AS4 keys, and a partner as the federation list names it.

A partner is known by the certificates pinned here. Its party id in a message is only a claim until the pinned key has
verified the signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from comity.exchange.errors import KeysError
from comity.values import StateCode

__all__ = ["RSA_BITS", "Keys", "Partner", "rsa_key", "valid"]

RSA_BITS = 2048


@dataclass(frozen=True, slots=True)
class Keys:
    """This node's party id, and its two RSA keys: one signs, the other decrypts."""

    party: str
    signing_key: rsa.RSAPrivateKey = field(repr=False)
    signing: x509.Certificate
    decryption_key: rsa.RSAPrivateKey = field(repr=False)
    encryption: x509.Certificate

    def __post_init__(self) -> None:
        for key, certificate in ((self.signing_key, self.signing), (self.decryption_key, self.encryption)):
            if key.public_key() != certificate.public_key() or key.key_size < RSA_BITS:
                raise KeysError(f"The key does not belong to {certificate.subject.rfc4514_string()}.")

    @classmethod
    def read(cls, party: str, *, signing_key: bytes, signing: bytes, decryption_key: bytes, encryption: bytes) -> Keys:
        """Read unencrypted PEM keys and certificates."""
        return cls(
            party=party,
            signing_key=_private(signing_key, "signing key"),
            signing=_certificate(signing, "signing certificate"),
            decryption_key=_private(decryption_key, "decryption key"),
            encryption=_certificate(encryption, "encryption certificate"),
        )


@dataclass(frozen=True, slots=True)
class Partner:
    """A state's node in the federation list.

    ``endpoint`` takes AS4 messages, ``blobs`` is the base URL claimed files are pulled from; both are HTTPS.
    ``signing`` and ``encryption`` are its AS4 certificates, ``seal_anchors`` what its acts' seals chain to,
    ``tls_anchor`` what its exchange port's certificate chains to, ``log_key`` the verifier key of its log's
    checkpoints (signed-note), ``names`` the display name by language.
    """

    state: StateCode
    party: str
    endpoint: str
    blobs: str
    signing: x509.Certificate
    encryption: x509.Certificate
    seal_anchors: tuple[x509.Certificate, ...]
    tls_anchor: x509.Certificate
    names: Mapping[str, str]
    tsa_anchors: tuple[x509.Certificate, ...] = ()
    log_key: str = ""

    def name(self, language: str = "en") -> str:
        """Return the display name, in English where the language has none, else the state's code."""
        return self.names.get(language) or self.names.get("en") or str(self.state)


def rsa_key(certificate: x509.Certificate) -> rsa.RSAPublicKey | None:
    """Return the certificate's RSA key; None where it has another key, or one too short for the profile."""
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, rsa.RSAPublicKey) and key.key_size >= RSA_BITS else None


def valid(certificate: x509.Certificate, at: datetime) -> bool:
    """Tell whether ``at`` lies within the certificate's validity."""
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _private(pem: bytes, what: str) -> rsa.RSAPrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeysError(f"The {what} cannot be read: {error}.") from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise KeysError(f"The {what} is no RSA key.")
    return key


def _certificate(pem: bytes, what: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        raise KeysError(f"The {what} cannot be read: {error}.") from error
