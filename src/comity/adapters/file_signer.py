"""A signer whose key lies in a file, readable by the node's account only."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from comity.signing.certificate import load_pem
from comity.signing.errors import KeyUnusableError, MalformedSignatureError

__all__ = ["FileSigner"]


@dataclass(frozen=True, slots=True)
class FileSigner:
    """`Signer` over an ECDSA P-256 key; ``chain`` are the issuers of ``certificate``, the anchor last."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.key.curve, ec.SECP256R1):
            raise KeyUnusableError(f"A seal's key is on P-256, not on {self.key.curve.name}.")
        if self.certificate.public_key() != self.key.public_key():
            raise KeyUnusableError("The certificate belongs to another key.")

    @classmethod
    def load(cls, key: Path, certificates: Path, *, password: bytes | None = None) -> Self:
        """Load a PEM key, and a PEM file with its certificate first and the issuers after it."""
        try:
            found = serialization.load_pem_private_key(key.read_bytes(), password)
            certificate, *chain = load_pem(certificates.read_bytes())
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm, MalformedSignatureError) as error:
            raise KeyUnusableError(
                f"The key {key} or its certificates {certificates} cannot be read: {error}"
            ) from error
        if not isinstance(found, ec.EllipticCurvePrivateKey):
            raise KeyUnusableError(f"{key} holds no ECDSA key.")
        return cls(found, certificate, tuple(chain))

    def sign(self, data: bytes) -> bytes:
        """Return the DER-encoded ECDSA signature over SHA-256 of ``data``."""
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))
