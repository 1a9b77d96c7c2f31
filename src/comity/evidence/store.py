"""The port of stored files: content by its digest, whole or not at all (design section 8)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO, Protocol

from comity.values import Digest, Fingerprint

__all__ = ["BlobStore", "Readable"]


class Readable(Protocol):
    """Content by its digest, to read."""

    def open(self, digest: Digest) -> BinaryIO:
        """Open the stored bytes for reading, seekable; raise `BlobMissingError` where there are none."""
        ...


class BlobStore(Readable, Protocol):
    """A content-addressed store. What `put` returned stays readable, byte for byte, until it is removed."""

    def put(self, source: BinaryIO | Iterable[bytes]) -> Fingerprint:
        """Store a stream or an iterable of chunks and return its fingerprint; nothing stays where it fails.

        Storing the same content twice keeps one copy. Raises `StoreFullError` or `StoreUnusableError`; what the source
        raises passes through.
        """
        ...

    def has(self, digest: Digest) -> bool:
        """Say whether the bytes are stored."""
        ...

    def remove(self, digest: Digest) -> None:
        """Remove the bytes; without effect where there are none."""
        ...
