"""The log as files (C2SP tlog-tiles): hashes in tiles of 256, entries in bundles, under paths that never change.

A full tile has 256 hashes of 32 bytes; the tile at level l holds the roots of full tiles of level l - 1. An entry
bundle is a sequence of entries, each after its length in two bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from comity.record.errors import LogError
from comity.record.log import Log

__all__ = ["WIDTH", "Tile", "bundle", "hashes", "read_bundle", "tiles"]

WIDTH: Final = 256
_HEIGHT: Final = 8
_PATH: Final = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
_LEVELS: Final = 63


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: ``level`` 0 to 63, None for the bundle of entries; ``index`` within the level; ``width`` 1 to 256."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """The path below the log's prefix, for example ``tile/0/x001/x234/067.p/5``."""
        number = f"{self.index:03d}"
        number = "0" * (-len(number) % 3) + number
        groups = [number[at : at + 3] for at in range(0, len(number), 3)]
        name = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        part = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{'entries' if self.level is None else self.level}/{name}{part}"

    @classmethod
    def read(cls, path: str) -> Tile:
        """Read a path; raise `LogError` for any that is not in its one form."""
        found = _PATH.fullmatch(path)
        if found:
            level, name, width = found.groups()
            tile = cls(
                None if level == "entries" else int(level),
                int(name.replace("/", "").replace("x", "")),
                int(width) if width else WIDTH,
            )
            if tile.path == path and tile.width <= WIDTH and (tile.level or 0) <= _LEVELS:
                return tile
        raise LogError(f"{path[:80]!r} is not the path of a tile.")


def tiles(size: int, *, since: int = 0) -> Iterator[Tile]:
    """Yield the tiles and bundles a tree of ``size`` has and one of ``since`` had not, whole ones and the partial."""
    level, before, now = 0, since, size
    while now:
        first = before // WIDTH
        for index in range(first, -(-now // WIDTH)):
            width = min(WIDTH, now - index * WIDTH)
            if width > before - index * WIDTH:
                yield Tile(level, index, width)
                if level == 0:
                    yield Tile(None, index, width)
        level, before, now = level + 1, before // WIDTH, now // WIDTH


def hashes(log: Log, tile: Tile) -> bytes:
    """Return a tile's bytes; raise `LogError` where the log is too short for it, or it is a bundle."""
    if tile.level is None:
        raise LogError("An entry bundle has entries, not hashes.")
    first = tile.index * WIDTH
    return b"".join(log.full(tile.level * _HEIGHT, first + number) for number in range(tile.width))


def bundle(entries: Sequence[bytes]) -> bytes:
    """Return the bytes of an entry bundle; an entry has at most 65,535 bytes."""
    if any(len(entry) > 0xFFFF for entry in entries):
        raise LogError("An entry of a bundle has at most 65,535 bytes.")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def read_bundle(data: bytes) -> tuple[bytes, ...]:
    """Read an entry bundle; raise `LogError` where it ends within an entry, or has more than 256."""
    found: list[bytes] = []
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 2], "big")
        entry = data[at + 2 : at + 2 + size]
        if at + 2 > len(data) or len(entry) != size or len(found) == WIDTH:
            raise LogError("These bytes are not an entry bundle.")
        found.append(entry)
        at += 2 + size
    return tuple(found)
