"""The ZIP container of a package, in one form only: every header follows from name, size, CRC and time.

APPNOTE 6.3.10, members stored, one after the other without gaps, no data descriptors; ZIP64 only where a size, an offset
or the count does not fit. `asic` wants ``mimetype`` first and bare (ETSI EN 319 162-1 A.1). Because the form is the only
one, a reader renders each header again and compares: nothing between the files can differ unseen.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from comity.evidence import seal
from comity.evidence.errors import PackError
from comity.values import Digest

__all__ = ["END", "MEMBERS", "MIMETYPE", "NAME", "Entry", "Writer", "central", "ending", "local", "moment"]

MIMETYPE: Final = b"application/vnd.etsi.asic-e+zip"
NAME: Final = r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,119}){0,7}"
MEMBERS: Final = 70_000
"""How many members a package may have; a reader refuses more before it reads them."""
END: Final = 22  # bytes of the end record without its comment
_LIMIT, _COUNT = 0xFFFFFFFF, 0xFFFF
_REGULAR: Final = 0o100644 << 16
_UNIX: Final = 3 << 8


@dataclass(frozen=True, slots=True)
class Entry:
    """A member as its headers describe it. ``at`` is its MS-DOS date and time; sizes and offsets are in bytes."""

    name: str
    size: int
    crc: int
    at: int
    offset: int

    @property
    def data(self) -> int:
        """Where its bytes begin."""
        return self.offset + 30 + len(self.name.encode()) + (20 if self.size >= _LIMIT else 0)

    @property
    def end(self) -> int:
        """Where the next member begins."""
        return self.data + self.size


def moment(at: datetime) -> int:
    """Return an instant as MS-DOS date and time, to two seconds, in UTC as given."""
    day = (max(at.year, 1980) - 1980) << 9 | at.month << 5 | at.day
    return day << 16 | at.hour << 11 | at.minute << 5 | at.second // 2


def local(entry: Entry) -> bytes:
    """Return the local file header."""
    large = entry.size >= _LIMIT
    size = _LIMIT if large else entry.size
    extra = struct.pack("<HHQQ", 1, 16, entry.size, entry.size) if large else b""
    name = entry.name.encode()
    head = struct.pack(
        "<4sHHHIIIIHH", b"PK\3\4", _version(large), 0, 0, entry.at, entry.crc, size, size, len(name), len(extra)
    )
    return head + name + extra


def central(entry: Entry) -> bytes:
    """Return the central directory header."""
    wide = [value for value in (entry.size, entry.size, entry.offset) if value >= _LIMIT]
    extra = struct.pack(f"<HH{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
    size, offset, name = min(entry.size, _LIMIT), min(entry.offset, _LIMIT), entry.name.encode()
    needed = _version(bool(wide))
    head = struct.pack(
        "<4sHHHHIIIIHHHHHII", b"PK\1\2", _UNIX | needed, needed, 0, 0, entry.at, entry.crc, size, size, len(name), len(extra),
        0, 0, 0, _REGULAR, offset,
    )  # fmt: skip
    return head + name + extra


def ending(count: int, start: int, size: int, comment: int) -> bytes:
    """Return the records after the central directory, without the comment, whose length is ``comment``."""
    wide = count >= _COUNT or start >= _LIMIT or size >= _LIMIT
    extra = b""
    if wide:
        extra = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, _UNIX | 45, 45, 0, 0, count, count, size, start)
        extra += struct.pack("<4sIQI", b"PK\6\7", 0, start + size, 1)
    few, short, near = min(count, _COUNT), min(size, _LIMIT), min(start, _LIMIT)
    return extra + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, few, few, short, near, comment)


def _version(wide: bool) -> int:
    return 45 if wide else 20


@dataclass(slots=True)
class Writer:
    """Yields the container's bytes in order and hashes them on the way; ``at`` dates every member."""

    at: int
    offset: int = 0
    entries: list[Entry] = field(default_factory=list)
    whole: hashlib._Hash = field(default_factory=hashlib.sha256)

    def member(self, name: str, size: int, crc: int, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield one member; ``blocks`` are its bytes."""
        entry = Entry(name, size, crc, self.at, self.offset)
        self.entries.append(entry)
        yield self._pass(local(entry))
        for block in blocks:
            yield self._pass(block)
        if self.offset != entry.end:
            raise PackError(f"The file for {name} changed while it was packed.")

    def content(self, name: str, data: bytes) -> Iterator[bytes]:
        """Yield one small member."""
        return self.member(name, len(data), zlib.crc32(data), [data])

    def close(self, sign: Callable[[bytes], bytes]) -> Iterator[bytes]:
        """Yield the central directory, the end record, and the seal over all before it in the comment."""
        start = self.offset
        for entry in self.entries:
            yield self._pass(central(entry))
        size = self.offset - start
        covers = self.offset + len(ending(len(self.entries), start, size, 0))
        yield self._pass(ending(len(self.entries), start, size, seal.length(covers)))
        yield seal.make(covers, Digest(self.whole.hexdigest()), sign)

    def _pass(self, block: bytes) -> bytes:
        self.whole.update(block)
        self.offset += len(block)
        return block
