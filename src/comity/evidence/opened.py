"""Reading a container from outside, strictly: what is not in the one form of `container` is a fault, and named.

The order: the comment at the end; the end record before it; the central directory; each local header against it; the
bytes of all members in one pass over the file, hashed. Nothing is unpacked; sizes are those of stored bytes inside the
file, so nothing can swell.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from comity.evidence import seal
from comity.evidence.container import END, MEMBERS, MIMETYPE, NAME, Entry, central, ending, local
from comity.evidence.errors import NotAPackageError
from comity.evidence.seal import Seal
from comity.evidence.side_by_side import feed
from comity.values import CHUNK, Digest

__all__ = ["Container", "Fault", "Hashed", "read"]

DIRECTORY: Final = 32 * 1024 * 1024
_TAIL: Final = 65_535 + END
_COMMENT: Final = 512  # more than the longest comment in the form of a seal
_NAME: Final = re.compile(NAME)
_LIMIT: Final = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it must be: where (a member, or a part of the container), and what."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Hashed:
    """What the bytes of a member are."""

    sha256: Digest
    sha512: str
    crc: int


@dataclass(slots=True)
class Container:
    """A container under reading. ``digest`` is that of the bytes before the comment, ``file`` that of all."""

    stream: BinaryIO
    size: int
    seal: Seal | None = None
    covered: int = 0
    entries: tuple[Entry, ...] = ()
    faults: list[Fault] = field(default_factory=list)
    hashed: dict[str, Hashed] = field(default_factory=dict)
    digest: Digest = field(default_factory=lambda: Digest.of(b""))
    file: Digest = field(default_factory=lambda: Digest.of(b""))
    index: dict[str, Entry] = field(default_factory=dict)

    def fault(self, where: str, text: str) -> None:
        """Name a fault."""
        self.faults.append(Fault(where, text))

    def content(self, name: str, limit: int = 16 * 1024 * 1024) -> bytes | None:
        """Return the bytes of a small member, None where there is none or it is larger than ``limit``."""
        entry = self.index.get(name)
        if entry is None or entry.size > limit:
            return None
        return _at(self.stream, entry.data, entry.size)

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a member."""
        entry = self.index[name]
        self.stream.seek(entry.data)
        yield from _blocks(self.stream, entry.size)


def read(stream: BinaryIO) -> Container:
    """Read a container; raise `NotAPackageError` where the file has nothing of the form."""
    size = stream.seek(0, 2)
    found = Container(stream, size)
    tail = _at(stream, max(0, size - _TAIL), min(size, _TAIL))
    begins, ends = _at(stream, 0, min(size, 128)), seal.HEAD in tail[-_COMMENT:]
    if not ends and not (begins.startswith(b"PK\3\4") and MIMETYPE in begins):
        raise NotAPackageError(_what(begins, size))
    _read_ending(found, tail)
    _read_locals(found)
    _hash(found)
    return found


def _what(begins: bytes, size: int) -> str:
    if not size:
        return "The file is empty."
    if begins.startswith(b"PK\3\4"):
        return "The file is a ZIP archive, but not a package of evidence: it is not marked as one."
    return "The file is not a package of evidence: neither its beginning nor its end is that of one."


def _read_ending(found: Container, tail: bytes) -> None:
    """Find the end record and what it points at; the seal says where it must be even when it is damaged."""
    at = tail.rfind(seal.HEAD, max(0, len(tail) - _COMMENT))
    found.seal = seal.read(tail[at:]) if at >= 0 else None
    if found.seal is None:
        found.fault("seal", "The comment at the end of the file, which holds the seal of the whole, is altered or cut.")
    record = at - END if at >= END else tail.rfind(b"PK\5\6")
    if record < 0 or record + END > len(tail):
        found.fault("container", "The end of the file is missing: it was cut.")
        found.covered = found.size
        return
    found.covered = found.size - len(tail) + record + END
    if found.seal is not None and found.seal.covers != found.covered:
        found.fault("seal", f"The seal covers {found.seal.covers:,} bytes; {found.covered:,} stand before it.")
    count, size, start = _numbers(found, tail, record)
    length = len(tail) - record - END
    expected = ending(count, start, size, length)
    begin = found.covered - len(expected)
    if begin < 0 or start + size != begin or _at(found.stream, begin, len(expected)) != expected:
        found.fault("end record", "The record at the end of the container is altered.")
    _read_directory(found, count, start, size)


def _numbers(found: Container, tail: bytes, record: int) -> tuple[int, int, int]:
    """Return count, size and start of the central directory, from the ZIP64 record where there is one."""
    count, size, start = struct.unpack_from("<HII", tail, record + 10)
    if count == 0xFFFF or _LIMIT in (size, start):
        wide = _at(found.stream, max(0, found.covered - END - 76), 56)
        if len(wide) == 56 and wide.startswith(b"PK\6\6"):
            count, size, start = struct.unpack_from("<QQQ", wide, 32)
    return count, size, start


def _read_directory(found: Container, count: int, start: int, size: int) -> None:
    if count > MEMBERS or size > DIRECTORY or start + size > found.size:
        found.fault("central directory", f"It announces {count:,} members and {size:,} bytes, which cannot be.")
        return
    directory, at = _at(found.stream, start, size), 0
    entries: list[Entry] = []
    while at < len(directory):
        last = entries[-1].name if entries else "the beginning"
        entry = _entry(directory, at)
        if entry is None:
            found.fault("central directory", f"It is altered after {last}.")
            break
        expected = central(entry)
        if directory[at : at + len(expected)] != expected:
            found.fault(entry.name, "Its entry in the central directory is altered, or not of the form of a package.")
        at += len(expected)
        entries.append(entry)
    if len(entries) != count and at >= len(directory):
        found.fault("central directory", f"It lists {len(entries)} members; the end record announces {count}.")
    found.entries = tuple(_usable(found, entries, start))
    found.index = {entry.name: entry for entry in found.entries}


def _entry(directory: bytes, at: int) -> Entry | None:
    """Read one header as far as its form allows; None where it is none."""
    if directory[at : at + 4] != b"PK\1\2" or at + 46 > len(directory):
        return None
    moment, crc, _, size, long = struct.unpack_from("<IIIIH", directory, at + 12)
    (offset,) = struct.unpack_from("<I", directory, at + 42)
    raw = directory[at + 46 : at + 46 + long]
    name = raw.decode("ascii", "replace")
    if len(raw) != long or not _NAME.fullmatch(name):
        return None
    (extra,) = struct.unpack_from("<H", directory, at + 30)
    wide = [v for v in (size, size, offset) if v == _LIMIT]
    if wide and extra == 4 + 8 * len(wide) and at + 46 + long + extra <= len(directory):
        values = list(struct.unpack_from(f"<{len(wide)}Q", directory, at + 46 + long + 4))
        offset = values.pop() if offset == _LIMIT else offset
        size = values[0] if size == _LIMIT else size
    return Entry(name, size, crc, moment, offset)


def _usable(found: Container, entries: list[Entry], start: int) -> Iterator[Entry]:
    """Yield the entries that lie where they must: in order, without gap or overlap, each name once."""
    seen: set[str] = set()
    expected = 0
    for entry in entries:
        if entry.name.lower() in seen:
            found.fault(entry.name, "The name stands in the container twice.")
            continue
        seen.add(entry.name.lower())
        if entry.offset != expected or entry.end > start:
            found.fault(
                entry.name, "It does not lie where it must: after the member before it, without gap or overlap."
            )
            if entry.end > start:
                continue
        if entries and entry.at != entries[0].at:
            found.fault(entry.name, "It carries another time than the package.")
        expected = entry.end
        yield entry
    if expected != start:
        found.fault("container", "There are bytes that belong to no member.")


def _read_locals(found: Container) -> None:
    for entry in found.entries:
        expected = local(entry)
        if _at(found.stream, entry.offset, len(expected)) != expected:
            found.fault(entry.name, "The header before its bytes is altered: it differs from the central directory.")
    if found.entries and found.entries[0].name != "mimetype":
        found.fault("mimetype", "It is not the first member.")


def _hash(found: Container) -> None:
    """Hash every member, and everything the seal covers, in one pass; each algorithm has its own thread."""
    whole, at = hashlib.sha256(), 0
    with ThreadPoolExecutor(4) as pool:
        for entry in sorted(found.entries, key=lambda e: e.offset):
            if entry.data < at:
                continue
            found.stream.seek(at)
            for block in _blocks(found.stream, entry.data - at):
                whole.update(block)
            sums = _Sums(whole)
            sums.run(pool, _blocks(found.stream, entry.size))
            found.hashed[entry.name] = sums.result()
            at = entry.end
        found.stream.seek(at)
        for block in _blocks(found.stream, found.covered - at):
            whole.update(block)
    found.digest = Digest(whole.hexdigest())
    whole.update(_at(found.stream, found.covered, found.size - found.covered))
    found.file = Digest(whole.hexdigest())


class _Sums:
    """The sums of one member, and the running one of the whole."""

    def __init__(self, whole: hashlib._Hash) -> None:
        self._whole, self._one, self._two, self._crc = whole, hashlib.sha256(), hashlib.sha512(), 0

    def run(self, pool: ThreadPoolExecutor, blocks: Iterator[bytes]) -> None:
        """Take the blocks."""
        feed(pool, blocks, self._whole.update, self._two.update, self._one.update, self._check)

    def result(self) -> Hashed:
        """Return the sums."""
        return Hashed(Digest(self._one.hexdigest()), self._two.hexdigest(), self._crc)

    def _check(self, block: bytes) -> None:
        self._crc = zlib.crc32(block, self._crc)


def _at(stream: BinaryIO, offset: int, size: int) -> bytes:
    stream.seek(offset)
    return stream.read(size)


def _blocks(stream: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0 and (block := stream.read(min(CHUNK, size))):
        size -= len(block)
        yield block
