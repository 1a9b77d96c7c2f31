"""The two ports of signing: who signs, and who says when."""

from __future__ import annotations

from typing import Protocol

from cryptography import x509

__all__ = ["Signer", "TimestampAuthority"]


class Signer(Protocol):
    """A key that signs and never leaves where it is kept (a file, a PKCS#11 token)."""

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of the key: ECDSA on P-256."""
        ...

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The issuers of `certificate`, its anchor last."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Return the DER-encoded ECDSA signature over SHA-256 of ``data``."""
        ...


class TimestampAuthority(Protocol):
    """A time-stamping authority (RFC 3161)."""

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The authority's certificate first, its anchor last."""
        ...

    def stamp(self, request: bytes) -> bytes:
        """Answer a DER ``TimeStampReq`` with a DER ``TimeStampResp``; raise `ServiceError` where it does not."""
        ...
