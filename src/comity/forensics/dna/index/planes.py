"""Bit planes: for each locus and class of alleles one bit a row, so that a search reads bits in place of codes.

The alleles of a locus are dealt into `CLASSES` classes that are about equally frequent in the segment. The plane of a
class holds a 1 for each row that has an allele of it, and for each row that is no pair of designated alleles there
(a wildcard, a mixture, a blank); one plane more says which rows are typed at all. Two alleles of a query stand in two
planes A and B: a row that has both is in A and B, a row that has one is in A or B. Sixty-four rows are judged with a
few operations on words, and a search over all rows reads a bit or two of each at each of the first few loci. Classes
only let too much pass, never too little; `comity.forensics.dna.compare` decides what has passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from comity.forensics.dna.index.layout import MISSING

__all__ = ["CLASSES", "PLANES", "Plan", "Planes", "Step", "blank", "build", "survivors", "words"]

CLASSES = 7
PLANES = CLASSES + 1
"""Planes of a locus: its classes, and which rows are typed."""
LINE = 8
"""Words of a line of memory: planes are padded to it."""
BLOCK = 128
"""Words gone through together: the working set stays in the first cache."""
SPARSE = 8
"""Where no more than one word in so many is left of a block, words are gone through one by one."""
RUN = 16
"""Blocks one after the other that one thread takes before the next thread's turn."""
LEAST_LOCI = 16
"""The counter has four bits: a rule that asks for more agreeing loci is not searched by planes."""

U8 = npt.NDArray[np.uint8]
U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint16]

_ROOM = 1 << 12
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Planes:
    """The planes of one locus: which plane an allele stands in, what share of rows is in each, which rows are typed."""

    of: dict[str, int]
    share: dict[int, float]
    typed: int
    rarest: int

    @classmethod
    def of_locus(cls, said: dict[str, Any], number: int) -> Planes:
        """Return what ``segment.json`` says of the locus ``number``."""
        first = number * PLANES
        share = {first + place: float(each) for place, each in enumerate(said["share"])}
        of = {str(text): first + int(place) for text, place in said["classes"].items()}
        if len(share) != CLASSES or not all(first <= each < first + CLASSES for each in of.values()):
            raise ValueError("classes")
        return cls(of, share, first + CLASSES, min(share, key=share.__getitem__))

    def plane(self, text: str) -> int:
        """Return the plane of an allele; one that no row has is looked for where the fewest are."""
        return self.of.get(text, self.rarest)

    def step(self, first: str, second: str, *, either: bool, free: bool) -> tuple[Step, float, float]:
        """Return the step of two alleles, with about which share of rows agrees and which differs by one at most."""
        a, b = self.of.get(first, self.rarest), self.of.get(second, self.rarest)
        p, q = self.share[a], self.share[b]
        both, some = (p, p) if a == b else (p * q, p + q - p * q)
        return Step(a, b, self.typed, either, free), some if either else both, 1.0 if free else some


class Step(NamedTuple):
    """One locus of a plan: the planes of its alleles (twice the same for one), and how they are read.

    ``either``: a row with one of the alleles agrees. ``free``: a row with neither still differs by one allele only.
    """

    first: int
    second: int
    typed: int
    either: bool
    free: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """How a query is searched in a segment: the steps in order, and the least loci and most differences."""

    steps: I64
    least: int
    most: int
    share: float

    @classmethod
    def of(cls, steps: Sequence[tuple[Step, float, float]], least: int, most: int) -> Plan:
        """Return the plan with the most telling loci first; ``share`` is about how many rows pass it."""
        none, one = 1.0, 1.0
        flat: list[int] = []
        for (first, second, typed, either, free), agree, some in sorted(steps, key=_telling):
            one = min(1.0, one * agree + none * (some - agree) if most else none * agree)
            none *= agree
            flat += (first, second, typed, either, (1 + free) * (most > 0))
        return cls(np.array(flat, dtype=np.int64).reshape(-1, 5), least, most, one)


def _telling(step: tuple[Step, float, float]) -> float:
    return step[1] * step[2]


def words(rows: int) -> int:
    """Return the words of a plane."""
    return -(-rows // (64 * LINE)) * LINE


def build(plain: Sequence[Sequence[tuple[str, ...]]], codes: Codes) -> tuple[U64, list[dict[str, Any]]]:
    """Return the planes of a segment, eight a locus, and what ``segment.json`` says of each locus.

    ``plain`` has the pairs of alleles of each locus by code, ``codes`` a row a locus and a column a profile.
    """
    rows = codes.shape[1]
    planes = np.zeros((len(plain) * PLANES, words(rows)), dtype=np.uint64)
    said = []
    for number, typings in enumerate(plain):
        column = np.ascontiguousarray(codes[number])
        classes = _classes(typings, np.bincount(column, minlength=len(typings)))
        bits = np.full(MISSING + 1, 0xFF, dtype=np.uint8)
        bits[MISSING] = 0x7F
        for code, texts in enumerate(typings):
            bits[code] = 1 << CLASSES | 1 << classes[texts[0]] | 1 << classes[texts[1]]
        mine = planes[number * PLANES : (number + 1) * PLANES]
        _fill(column, bits, mine.view(np.uint8))
        share = [int(np.bitwise_count(each).sum()) / max(1, rows) for each in mine[:CLASSES]]
        said.append({"classes": classes, "share": [round(each, 6) for each in share]})
    return planes, said


def _classes(typings: Sequence[tuple[str, ...]], counts: npt.NDArray[np.int64]) -> dict[str, int]:
    """Deal the alleles into classes, the most frequent first and each into the emptiest class."""
    weight: dict[str, int] = {}
    for texts, count in zip(typings, counts.tolist(), strict=False):
        for text in texts:
            weight[text] = weight.get(text, 0) + count
    load, found = [0] * CLASSES, {}
    for text in sorted(weight, key=lambda each: (-weight[each], each)):
        place = load.index(min(load))
        found[text] = place
        load[place] += weight[text]
    return found


@njit(nogil=True, cache=True)
def _fill(column: Codes, bits: U8, planes: U8) -> None:
    """Write the bits of eight rows at a time, turning eight bytes of eight planes into eight planes of eight rows."""
    for begin in range(0, len(column), 8):
        found = np.uint64(0)
        for place in range(min(8, len(column) - begin)):
            found |= np.uint64(bits[column[begin + place]]) << np.uint64(8 * place)
        away = (found ^ (found >> np.uint64(7))) & np.uint64(0x00AA00AA00AA00AA)
        found = found ^ away ^ (away << np.uint64(7))
        away = (found ^ (found >> np.uint64(14))) & np.uint64(0x0000CCCC0000CCCC)
        found = found ^ away ^ (away << np.uint64(14))
        away = (found ^ (found >> np.uint64(28))) & np.uint64(0x00000000F0F0F0F0)
        found = found ^ away ^ (away << np.uint64(28))
        for plane in range(8):
            planes[plane, begin >> 3] = np.uint8((found >> np.uint64(8 * plane)) & np.uint64(0xFF))


def blank(planes: U64, rows: Sequence[int]) -> None:
    """Make rows such as have nothing typed, so that their alleles cannot be read from the planes."""
    for row in rows:
        word, bit = row >> 6, np.uint64(1) << np.uint64(row & 63)
        planes[:, word] |= bit
        planes[CLASSES::PLANES, word] &= ~bit


def survivors(planes: U64, plan: Plan, rows: int, part: tuple[int, int] = (0, 1)) -> I64:
    """Return the rows that pass a plan; ``part`` is which share of the blocks, and of how many."""
    flat, sizes = planes.reshape(-1), (plan.least, planes.shape[1], rows)
    out = np.empty(_ROOM, dtype=np.int64)
    found = _survivors(flat, plan.steps, sizes, part, out)
    if found > _ROOM:
        out = np.empty(found, dtype=np.int64)
        _survivors(flat, plan.steps, sizes, part, out)
    return out[:found]


@njit(nogil=True, cache=True)
def _survivors(planes: U64, steps: I64, sizes: tuple[int, int, int], part: tuple[int, int], out: I64) -> int:
    """Write the rows that pass into ``out``, as many as it takes, and return how many pass; ``planes`` is flat."""
    least, size, rows = sizes
    found = 0
    none, one = np.empty(BLOCK, dtype=np.uint64), np.empty(BLOCK, dtype=np.uint64)
    alive = np.empty(BLOCK, dtype=np.int64)
    for block in range(-(-size // BLOCK)):
        if (block // RUN) % part[1] != part[0]:
            continue
        start = block * BLOCK
        count = min(BLOCK, size - start)
        none[:] = _ALL
        one[:] = _ALL
        number, left = 0, count
        while number < len(steps) and left * SPARSE > count:
            _dense(planes, steps[number], start, (size, count), none, one)
            number += 1
            left = 0
            for place in range(count):
                left += one[place] != 0
        left = 0
        for place in range(count):
            alive[left] = place
            left += one[place] != 0
        for place in alive[:left]:
            passed = _word(planes, steps, (number, size, least), start + place, none[place], one[place])
            while passed:
                row = (start + place) * 64 + _lowest(passed)
                passed &= passed - np.uint64(1)
                if row < rows:
                    if found < len(out):
                        out[found] = row
                    found += 1
    return found


@njit(inline="always")
def _dense(planes: U64, step: I64, start: int, sizes: tuple[int, int], none: U64, one: U64) -> None:  # noqa: PLR0917
    """Take a block through one locus: ``none`` are the rows without a difference so far, ``one`` with one at most."""
    size, count = sizes
    first = planes[step[0] * size + start : step[0] * size + start + count]
    second = planes[step[1] * size + start : step[1] * size + start + count]
    either = _ALL if step[3] else np.uint64(0)
    near = _ALL if step[4] else np.uint64(0)
    free = _ALL if step[4] == 2 else np.uint64(0)
    for place in range(count):
        some = first[place] | second[place]
        agree = (first[place] & second[place]) | (some & either)
        one[place] = (one[place] & agree) | (none[place] & ((some & near) | free))
        none[place] &= agree


@njit(nogil=True, cache=True)
def _word(planes: U64, steps: I64, how: tuple[int, int, int], at: int, none: np.uint64, one: np.uint64) -> np.uint64:  # noqa: PLR0917
    """Take one word through the loci from a number on, and return its rows that agree at enough of all loci."""
    begin, size, least = how
    for number in range(begin, len(steps)):
        step = steps[number]
        first, second = planes[step[0] * size + at], planes[step[1] * size + at]
        some = first | second
        agree = (first & second) | (some if step[3] else np.uint64(0))
        near = some if step[4] else np.uint64(0)
        one = (one & agree) | (none & (_ALL if step[4] == 2 else near))
        none &= agree
        if one == 0:
            return one
    if least <= 0:
        return one
    reached, more = np.uint64(0), 16 - least
    ones = _ALL if more & 1 else np.uint64(0)
    twos = _ALL if more & 2 else np.uint64(0)
    fours = _ALL if more & 4 else np.uint64(0)
    eights = _ALL if more & 8 else np.uint64(0)
    for number in range(len(steps)):
        step = steps[number]
        first, second = planes[step[0] * size + at], planes[step[1] * size + at]
        carry = (first & second) | ((first | second) if step[3] else np.uint64(0))
        carry &= planes[step[2] * size + at]
        ones, carry = ones ^ carry, ones & carry
        twos, carry = twos ^ carry, twos & carry
        fours, carry = fours ^ carry, fours & carry
        eights, carry = eights ^ carry, eights & carry
        reached |= carry
    return one & reached


@njit(inline="always")
def _lowest(word: np.uint64) -> int:
    """Return the place of the lowest bit that is set."""
    place = 0
    for width in (32, 16, 8, 4, 2, 1):
        if (word & ((np.uint64(1) << np.uint64(width)) - np.uint64(1))) == 0:
            word >>= np.uint64(width)
            place += width
    return place
