"""Which signs the fonts have, read from their character maps (OpenType 1.9, table ``cmap``, formats 4 and 12)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

__all__ = ["covered", "shown"]

IGNORABLE = frozenset({0x0A, 0x09, 0x00AD, 0x200C, 0x200D, 0x200E, 0x200F})
"""Signs that print nothing of their own."""


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """Return the code points that at least one of the fonts has."""
    files = sorted(Path(__file__).resolve().parent.glob("*.ttf"))
    return frozenset(code for file in files for code in _codes(file.read_bytes())) | IGNORABLE


def shown(text: str) -> str:
    """Return the text with every sign no font has written as its code point: ``[U+6F22 U+5B57]``."""
    if all(ord(sign) in covered() for sign in text):
        return text
    parts: list[str] = []
    missing: list[str] = []
    for sign in text:
        if ord(sign) not in covered():
            missing.append(f"U+{ord(sign):04X}")
            continue
        if missing:
            parts.append(f"[{' '.join(missing)}]")
            missing = []
        parts.append(sign)
    return "".join(parts) + (f"[{' '.join(missing)}]" if missing else "")


def _codes(font: bytes) -> Iterator[int]:
    count = struct.unpack_from(">H", font, 4)[0]
    tables = {font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
    start = tables[b"cmap"]
    for at in range(start + 4, start + 4 + 8 * struct.unpack_from(">H", font, start + 2)[0], 8):
        table = start + struct.unpack_from(">I", font, at + 4)[0]
        form = struct.unpack_from(">H", font, table)[0]
        if form == 4:
            yield from _segments(font, table)
        elif form == 12:
            for group in range(struct.unpack_from(">I", font, table + 12)[0]):
                first, last, _ = struct.unpack_from(">III", font, table + 16 + 12 * group)
                yield from range(first, last + 1)


def _segments(font: bytes, table: int) -> Iterator[int]:
    double = struct.unpack_from(">H", font, table + 6)[0]
    for at in range(0, double, 2):
        last = struct.unpack_from(">H", font, table + 14 + at)[0]
        first = struct.unpack_from(">H", font, table + 16 + double + at)[0]
        delta = struct.unpack_from(">h", font, table + 16 + 2 * double + at)[0]
        place = table + 16 + 3 * double + at
        offset = struct.unpack_from(">H", font, place)[0]
        for code in range(first, last + 1):
            glyph = code if offset == 0 else struct.unpack_from(">H", font, place + offset + 2 * (code - first))[0]
            if code != 0xFFFF and glyph and (glyph + delta) % 65536:
                yield code
