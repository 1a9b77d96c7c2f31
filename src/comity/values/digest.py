"""Digests: SHA-256 names a thing, SHA-512 stands beside it where evidence is concerned (design section 8)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO

from comity.errors import ValueRefusedError

__all__ = ["CHUNK", "Digest", "Fingerprint", "fingerprint"]

CHUNK = 4 * 1024 * 1024
SMALL = 64 * 1024
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """A SHA-256 digest; ``hex`` is 64 lower-case characters."""

    hex: str

    def __post_init__(self) -> None:
        if not _HEX.fullmatch(self.hex):
            raise ValueRefusedError(
                f"{self.hex!r} is not a SHA-256 digest.",
                cause="A digest is written as 64 characters 0-9 and a-f.",
                remedy="Copy it whole, in lower case, without a prefix.",
            )

    @classmethod
    def of(cls, data: bytes) -> Digest:
        """Return the digest of ``data``."""
        return cls(hashlib.sha256(data).hexdigest())

    @property
    def raw(self) -> bytes:
        """The 32 bytes."""
        return bytes.fromhex(self.hex)

    def __str__(self) -> str:
        return self.hex


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What identifies stored content: SHA-256 (hex), SHA-512 (hex), size in bytes."""

    sha256: Digest
    sha512: str
    size: int


def fingerprint(source: BinaryIO | Iterable[bytes]) -> Fingerprint:
    """Hash a stream or an iterable of chunks once, with both algorithms; large chunks with both at the same time."""
    one, two, size = hashlib.sha256(), hashlib.sha512(), 0
    chunks = source if not hasattr(source, "read") else iter(lambda: source.read(CHUNK), b"")
    with ThreadPoolExecutor(1) as beside:
        for chunk in chunks:
            if len(chunk) < SMALL:
                one.update(chunk)
                two.update(chunk)
            else:
                other = beside.submit(one.update, chunk)
                two.update(chunk)
                other.result()
            size += len(chunk)
    return Fingerprint(Digest(one.hexdigest()), two.hexdigest(), size)
