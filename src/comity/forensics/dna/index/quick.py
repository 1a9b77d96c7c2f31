"""Take in lines of JSON quickly: those whose loci were all read before, word for word.

A line that `comity.forensics.dna.reader` has read in full leaves behind what it wrote at each locus, as bytes such as
``"TH01": ["6", "9.3"]``, with the code this stands for. A later line of the plain form ``{"id": .., "category": ..,
"loci": {..}}`` is taken by looking each of its loci up among those bytes, compared to the last one. Whatever is not
exactly so (another member, a mixture, a typing not seen yet, too few loci) is read in full, and says what is wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from comity.forensics.dna.index.build import CATEGORIES, Batch, Builder
from comity.forensics.dna.index.layout import OVERFLOW
from comity.forensics.dna.locus import locus, locus_set
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.rules import RuleSet

__all__ = ["Quick", "Taken"]

SLOTS = 1 << 16
ARENA = 1 << 22
PAUSE = 32
"""After so many lines that are to be read in full, what they taught is used."""
_MOST_LOCI = 48
_LEAST = 12
"""No locus is written in fewer bytes."""
_WRITTEN = re.compile(rb'"[^"\\\]]+"\s*:\s*\[[^\]\\]*\]')
_SLOT = np.dtype(
    [("hash", "u8"), ("at", "i8"), ("length", "i4"), ("code", "u2"), ("column", "u1"), ("full", "u1")], align=True
)
_WORDS = tuple(f'"{word}"'.encode() for word in ("id", "category", "loci", *(each.value for each in CATEGORIES)))

U8 = npt.NDArray[np.uint8]
I64 = npt.NDArray[np.int64]
Table = npt.NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Taken:
    """How far a piece of a file was gone through: lines to be read in full (begin, end, number), and where it stopped."""

    in_full: tuple[tuple[int, int, int], ...]
    stopped: int
    line: int
    filled: bool


class Quick:
    """Remember what was written at each locus, and put lines made of that into a builder."""

    def __init__(self, inclusion: RuleSet | None) -> None:
        self._least = np.zeros(len(CATEGORIES), dtype=np.int64)
        self._wanted = np.zeros((len(CATEGORIES), 256), dtype=np.uint8)
        self._of: list[frozenset[str]] = [frozenset()] * len(CATEGORIES)
        for number, each in enumerate(CATEGORIES):
            asked = inclusion.minimum(each, mixed=False) if inclusion else None
            if asked is not None:
                self._least[number] = asked.minimum if asked.allowed else _MOST_LOCI + 1
                self._of[number] = locus_set(asked.of)
        self._words = np.frombuffer(b"".join(_WORDS), dtype=np.uint8)
        self._ends = np.cumsum([0, *map(len, _WORDS)]).astype(np.int64)
        self.clear()

    def clear(self) -> None:
        """Forget everything: its codes belong to a builder that is done."""
        self._table = np.zeros(SLOTS, dtype=_SLOT)
        self._arena = np.zeros(ARENA, dtype=np.uint8)
        self._used, self._count = 0, 0
        self._columns: list[str] = []
        self._wanted[:] = 0

    def take(self, data: bytes, begin: int, line: int, builder: Builder) -> Taken:
        """Put the lines of ``data`` from ``begin`` on into the builder, up to `PAUSE` lines that are to be read in full.

        ``line`` is the number of the first of them. The data end with the end of a line.
        """
        most = min((len(data) - begin) // _LEAST, 1 << 22) + 2
        rows = np.empty((most, 5), dtype=np.int64)
        columns, codes = np.empty(most, dtype=np.uint8), np.empty(most, dtype=np.uint16)
        slow = np.empty((PAUSE, 3), dtype=np.int64)
        counts = np.zeros(5, dtype=np.int64)
        _take(
            np.frombuffer(data, dtype=np.uint8), (begin, line), (self._table, self._arena),
            (self._words, self._ends, self._least, self._wanted), (rows, columns, codes, slow, counts),
        )  # fmt: skip
        taken, loci, left, stopped, number = counts.tolist()
        if taken:
            found = rows[:taken]
            ids = [data[a:b].decode("ascii") for a, b in found[:, :2].tolist()]
            builder.put_many(
                Batch(tuple(self._columns), found[:, 3].copy(), columns[:loci].copy(), codes[:loci].copy()),
                ids,
                bytes(found[:, 2].astype(np.uint8)),
                found[:, 4],
            )
        whole = tuple((a, b, c) for a, b, c in slow[:left].tolist())
        return Taken(whole, stopped, number, bool(taken or left))

    def learn(self, line: bytes, profile: Profile, builder: Builder) -> None:
        """Remember what stood at each locus with two values in a line that was read in full and taken."""
        if profile.mixed or profile.to_json().keys() != {"id", "category", "loci"}:
            return
        for found in _written(line):
            if self._count * 2 >= SLOTS or self._used + len(found) > ARENA:
                return
            self._remember(found, profile, builder)

    def _remember(self, found: bytes, profile: Profile, builder: Builder) -> None:
        ((name, _),) = json.loads(b"{" + found + b"}").items()
        known = locus(name).name
        seen = profile.loci.get(known, ())
        code = builder.column(known).code(seen) if len(seen) == 2 else OVERFLOW
        if code == OVERFLOW:
            return
        if known not in self._columns:
            if len(self._columns) == _MOST_LOCI:
                return
            self._columns.append(known)
            for number, wanted in enumerate(self._of):
                self._wanted[number, len(self._columns) - 1] = known in wanted
        column = self._columns.index(known)
        written = np.frombuffer(found, dtype=np.uint8)
        if _insert(self._table, self._arena, self._used, written, column, code, int(profile.full(known))):
            self._used += len(found)
            self._count += 1


def _written(line: bytes) -> Iterator[bytes]:
    """Yield what a line says at each locus: its ``"name": [..]``, as bytes."""
    at = line.find(b'"loci"')
    yield from (each.group() for each in _WRITTEN.finditer(line, at + 6))


@njit(cache=True)
def _hash(data: U8, begin: int, end: int) -> np.uint64:
    """FNV-1a, 64 bits."""
    found = np.uint64(0xCBF29CE484222325)
    for place in range(begin, end):
        found = (found ^ np.uint64(data[place])) * np.uint64(0x100000001B3)
    return found


@njit(cache=True)
def _insert(table: Table, arena: U8, used: int, written: U8, column: int, code: int, full: int) -> bool:  # noqa: PLR0917
    """Put what was written into the table; return False where it is there already."""
    value = _hash(written, 0, len(written))
    place = _slot(table, arena, value, written, 0, len(written))
    if table[place]["length"]:
        return False
    arena[used : used + len(written)] = written
    slot = table[place]
    slot["hash"], slot["at"], slot["length"] = value, used, len(written)
    slot["code"], slot["column"], slot["full"] = code, column, full
    return True


@njit(cache=True)
def _slot(table: Table, arena: U8, value: np.uint64, data: U8, begin: int, end: int) -> np.int64:  # noqa: PLR0917
    """Return the slot that holds these bytes, or the empty one where they would be put."""
    place = np.int64(value & np.uint64(SLOTS - 1))
    while table[place]["length"]:
        if table[place]["hash"] == value and table[place]["length"] == end - begin:
            at, same = table[place]["at"], True
            for number in range(end - begin):
                if arena[at + number] != data[begin + number]:
                    same = False
                    break
            if same:
                return place
        place = (place + 1) & (SLOTS - 1)
    return place


@njit(cache=True)
def _word(data: U8, at: int, end: int, words: tuple[U8, I64], number: int) -> int:
    """Return where the word ends that stands at a place, -1 where it does not."""
    letters, ends = words
    first, size = int(ends[number]), int(ends[number + 1] - ends[number])
    if at + size > end:
        return -1
    for place in range(size):
        if data[at + place] != letters[first + place]:
            return -1
    return at + size


@njit(cache=True)
def _blank(data: U8, at: int, end: int) -> int:
    """Return the next place that is no space."""
    while at < end and (data[at] == 32 or data[at] == 9 or data[at] == 13):
        at += 1
    return at


@njit(cache=True)
def _sign(data: U8, at: int, end: int, sign: int) -> int:
    """Return the place after a sign and the spaces around it, -1 where another stands."""
    at = _blank(data, at, end)
    if at >= end or data[at] != sign:
        return -1
    return _blank(data, at + 1, end)


@njit(cache=True)
def _identity(data: U8, at: int, end: int) -> int:
    """Return where an id ends that begins at a place, -1 where none does (the reader's form of an id)."""
    first = at
    while at < end and data[at] != 34:
        sign = data[at]
        letter = 48 <= sign <= 57 or 65 <= sign <= 90 or 97 <= sign <= 122
        mark = sign in (46, 95, 58, 47, 35, 43, 45)
        if not (letter or (mark and at > first)):
            return -1
        at += 1
    return at if at < end and 0 < at - first <= 64 else -1


@njit(cache=True)
def _head(data: U8, at: int, end: int, words: tuple[U8, I64]) -> tuple[int, int, int, int]:
    """Read ``{"id": "..", "category": "..", "loci": {``: where the id begins and ends, the category, where loci begin."""
    none = (-1, 0, 0, 0)
    at = _sign(data, at, end, 123)
    at = _word(data, at, end, words, 0) if at >= 0 else -1
    at = _sign(data, at, end, 58) if at >= 0 else -1
    if at < 0 or at >= end or data[at] != 34:
        return none
    begin = at + 1
    stop = _identity(data, begin, end)
    at = _sign(data, stop + 1, end, 44) if stop >= 0 else -1
    at = _word(data, at, end, words, 1) if at >= 0 else -1
    at = _sign(data, at, end, 58) if at >= 0 else -1
    if at < 0:
        return none
    kind, after = 0, -1
    for number in range(3, len(words[1]) - 1):
        after = _word(data, at, end, words, number)
        if after >= 0:
            kind = number - 3
            break
    at = _sign(data, after, end, 44) if after >= 0 else -1
    at = _word(data, at, end, words, 2) if at >= 0 else -1
    at = _sign(data, at, end, 58) if at >= 0 else -1
    at = _sign(data, at, end, 123) if at >= 0 else -1
    return (begin, stop, kind, at) if at >= 0 else none


@njit(cache=True)
def _tail(data: U8, at: int, end: int) -> bool:
    """Return whether nothing but the end of the loci and of the profile follows."""
    at = _sign(data, at, end, 125)
    at = _sign(data, at, end, 125) if at >= 0 else -1
    return at == end


@njit(nogil=True, cache=True)
def _take(
    data: U8,
    where: tuple[int, int],
    known: tuple[Table, U8],
    asked: tuple[U8, I64, I64, U8],
    out: tuple[I64, U8, npt.NDArray[np.uint16], I64, I64],
) -> None:
    """Go through lines; ``out`` gets the rows, their loci, the lines to be read in full, and how many of each."""
    (at, line), (table, arena), (letters, ends, least, wanted) = where, known, asked
    rows, columns, codes, slow, counts = out
    words = (letters, ends)
    taken, loci, left = 0, 0, 0
    while at < len(data) and left < PAUSE:
        end = at
        while end < len(data) and data[end] != 10:
            end += 1
        begin, stop, kind, place = _head(data, at, end, words)
        first, mask, full = loci, np.uint64(0), 0
        good = begin >= 0
        while good:
            close = place
            value = np.uint64(0xCBF29CE484222325)
            while close < end and data[close] != 93:
                value = (value ^ np.uint64(data[close])) * np.uint64(0x100000001B3)
                close += 1
            if close == end:
                good = False
                break
            value = (value ^ np.uint64(93)) * np.uint64(0x100000001B3)
            slot = table[_slot(table, arena, value, data, place, close + 1)]
            bit = np.uint64(1) << np.uint64(slot["column"])
            if slot["length"] == 0 or mask & bit:
                good = False
                break
            mask |= bit
            columns[loci], codes[loci] = slot["column"], slot["code"]
            full += slot["full"] & wanted[kind, slot["column"]]
            loci += 1
            place = _sign(data, close + 1, end, 44)
            if place < 0:
                good = _tail(data, close + 1, end)
                break
        if good and full >= least[kind]:
            rows[taken, 0], rows[taken, 1], rows[taken, 2] = begin, stop, kind
            rows[taken, 3], rows[taken, 4] = loci - first, line
            taken += 1
        else:
            loci = first
            if _blank(data, at, end) < end:
                slow[left, 0], slow[left, 1], slow[left, 2] = at, end, line
                left += 1
        at, line = end + 1, line + 1
    counts[0], counts[1], counts[2], counts[3], counts[4] = taken, loci, left, at, line
