"""The store of files in memory: the twin of `DiskStore`. ``room`` is how many bytes fit, None for no bound."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from comity.evidence.errors import BlobMissingError, StoreFullError
from comity.values import CHUNK, Digest, Fingerprint, fingerprint

__all__ = ["MemoryStore"]


@dataclass(slots=True)
class MemoryStore:
    """A `BlobStore` whose files last as long as the program."""

    room: int | None = None
    _files: dict[Digest, bytes] = field(default_factory=dict, init=False, repr=False)

    def put(self, source: BinaryIO | Iterable[bytes]) -> Fingerprint:
        """Store content and return its fingerprint."""
        left = None if self.room is None else self.room - sum(map(len, self._files.values()))
        data = bytearray()
        for block in _blocks(source):
            data += block
            if left is not None and len(data) > left:
                raise StoreFullError
        found = fingerprint([bytes(data)])
        self._files[found.sha256] = bytes(data)
        return found

    def open(self, digest: Digest) -> BinaryIO:
        """Open stored content."""
        if digest not in self._files:
            raise BlobMissingError(f"The file {digest} is not in the store.")
        return io.BytesIO(self._files[digest])

    def has(self, digest: Digest) -> bool:
        """Say whether content is stored."""
        return digest in self._files

    def remove(self, digest: Digest) -> None:
        """Remove content."""
        self._files.pop(digest, None)

    def digests(self) -> Iterator[Digest]:
        """Yield what is stored, in the order of the digests."""
        yield from sorted(self._files)


def _blocks(source: BinaryIO | Iterable[bytes]) -> Iterator[bytes]:
    read = getattr(source, "read", None)
    yield from iter(lambda: read(CHUNK), b"") if read else source
