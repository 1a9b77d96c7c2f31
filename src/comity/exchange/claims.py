"""Claim check: large files are announced in the message and pulled by range (design section 7).

``claims.json`` lists each file by SHA-256, SHA-512, size, and the SHA-256 of each 64 MiB chunk. The receiver pulls
what is missing, verifies each chunk before it counts, and the whole before it says so. Who may pull is `pull`'s
matter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, Final

from comity.errors import ValueRefusedError
from comity.exchange.errors import ClaimError
from comity.values import Digest, Fingerprint, canonical, fingerprint, parse

__all__ = [
    "CHUNK",
    "MEDIA_TYPE",
    "Claim",
    "Progress",
    "Span",
    "build",
    "measure",
    "read",
]

CHUNK: Final = 64 * 1024 * 1024
MEDIA_TYPE: Final = "application/vnd.comity.claims+json"
_BLOCK: Final = 1024 * 1024
_MEMBERS: Final = frozenset({"sha256", "sha512", "size", "chunk", "chunks"})


@dataclass(frozen=True, slots=True)
class Claim:
    """A file to be pulled: its fingerprint, the chunk size in bytes, and the digest of each chunk in order."""

    fingerprint: Fingerprint
    chunk: int
    chunks: tuple[Digest, ...]

    @property
    def sha256(self) -> Digest:
        """The digest that names the file."""
        return self.fingerprint.sha256

    @property
    def size(self) -> int:
        """The file's size in bytes."""
        return self.fingerprint.size

    def span(self, index: int) -> Span:
        """Return the bytes of one chunk."""
        start = index * self.chunk
        return Span(start, min(start + self.chunk, self.size))


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes ``start`` up to but without ``end``."""

    start: int
    end: int

    @property
    def header(self) -> str:
        """The value of an HTTP Range header."""
        return f"bytes={self.start}-{self.end - 1}"


def measure(source: BinaryIO, *, chunk: int = CHUNK) -> Claim:
    """Read a file once and return its claim."""
    chunks: list[Digest] = []

    def blocks() -> Iterator[bytes]:
        hasher, filled = hashlib.sha256(), 0
        while block := source.read(min(_BLOCK, chunk - filled)):
            hasher.update(block)
            filled += len(block)
            yield block
            if filled == chunk:
                chunks.append(Digest(hasher.hexdigest()))
                hasher, filled = hashlib.sha256(), 0
        if filled:
            chunks.append(Digest(hasher.hexdigest()))

    whole = fingerprint(blocks())
    return Claim(whole, chunk, tuple(chunks))


def build(claims: Iterable[Claim]) -> bytes:
    """Return the canonical bytes of ``claims.json``."""
    return canonical([_write(claim) for claim in claims])


def _write(claim: Claim) -> dict[str, Any]:
    return {
        "sha256": claim.sha256.hex,
        "sha512": claim.fingerprint.sha512,
        "size": claim.size,
        "chunk": claim.chunk,
        "chunks": [digest.hex for digest in claim.chunks],
    }


def read(document: bytes) -> tuple[Claim, ...]:
    """Read ``claims.json``; raise `ClaimError` where it is not such a list."""
    try:
        claims = tuple(_claim(entry) for entry in _list(parse(document, what="list of claimed files")))
    except (ValueRefusedError, TypeError, ValueError) as error:
        raise ClaimError(f"The list of claimed files cannot be read: {error}.") from error
    if len({claim.sha256 for claim in claims}) != len(claims):
        raise ClaimError("A file stands twice in the list of claimed files.")
    return claims


def _list(found: Any) -> list[Any]:
    if not isinstance(found, list) or not found:
        raise ValueError("it is no list, or an empty one")
    return found


def _claim(entry: Any) -> Claim:
    if not isinstance(entry, dict) or set(entry) != _MEMBERS:
        raise ValueError(f"an entry does not have the members {sorted(_MEMBERS)}")
    size, chunk = entry["size"], entry["chunk"]
    if type(size) is not int or type(chunk) is not int or size < 0 or not 0 < chunk <= CHUNK:
        raise ValueError("size and chunk are whole numbers of bytes, and a chunk has at most 64 MiB")
    sha512 = entry["sha512"]
    if not isinstance(sha512, str) or len(sha512) != 128 or not set(sha512) <= set("0123456789abcdef"):
        raise ValueError("sha512 is 128 characters 0-9 and a-f")
    chunks = tuple(Digest(digest) for digest in entry["chunks"])
    if len(chunks) != -(-size // chunk):
        raise ValueError(f"{len(chunks)} chunks of {chunk} bytes do not make {size} bytes")
    return Claim(Fingerprint(Digest(entry["sha256"]), sha512, size), chunk, chunks)


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a claimed file is here. ``have`` are the chunks that were verified, by index."""

    claim: Claim
    have: frozenset[int] = field(default=frozenset())

    @property
    def complete(self) -> bool:
        """Every chunk was verified; the whole still has to be."""
        return len(self.have) == len(self.claim.chunks)

    @property
    def missing(self) -> tuple[int, ...]:
        """The chunks still to be pulled, in order."""
        return tuple(index for index in range(len(self.claim.chunks)) if index not in self.have)

    @property
    def remaining(self) -> tuple[Span, ...]:
        """The byte ranges still to be pulled, adjoining chunks joined."""
        spans: list[Span] = []
        for index in self.missing:
            span = self.claim.span(index)
            if spans and spans[-1].end == span.start:
                spans[-1] = Span(spans[-1].start, span.end)
            else:
                spans.append(span)
        return tuple(spans)

    def accept(self, index: int, data: bytes) -> Progress:
        """Verify one whole chunk; raise `ClaimError` naming its range where it differs."""
        return self.confirm(index, Digest.of(data), len(data))

    def confirm(self, index: int, digest: Digest, size: int) -> Progress:
        """Count a chunk whose bytes were hashed on their way to the disk; raise `ClaimError` where it differs."""
        if not 0 <= index < len(self.claim.chunks):
            raise ClaimError(f"The file {self.claim.sha256} has no chunk {index}.")
        span = self.claim.span(index)
        if size != span.end - span.start or digest != self.claim.chunks[index]:
            raise ClaimError(
                f"Bytes {span.start:,} to {span.end - 1:,} of {self.claim.sha256} are not what was announced.",
                start=span.start,
                end=span.end,
            )
        return replace(self, have=self.have | {index})

    def survey(self, source: BinaryIO) -> Progress:
        """Verify what a partly written file holds, for a pull that goes on after a stop."""
        kept = set()
        for index, digest in enumerate(self.claim.chunks):
            span = self.claim.span(index)
            source.seek(span.start)
            if _digest(source, span.end - span.start) == digest:
                kept.add(index)
        return replace(self, have=frozenset(kept))

    def whole(self, source: BinaryIO | Iterable[bytes]) -> Fingerprint:
        """Verify the whole file by both digests and its size; return its fingerprint."""
        found = fingerprint(source)
        if found != self.claim.fingerprint:
            raise ClaimError(f"The file {self.claim.sha256} is not what was announced.", found=found.sha256.hex)
        return found


def _digest(source: BinaryIO, size: int) -> Digest:
    hasher = hashlib.sha256()
    while size and (block := source.read(min(_BLOCK, size))):
        hasher.update(block)
        size -= len(block)
    return Digest(hasher.hexdigest())
