"""Candidate pairs between two sets of rows: every pair a rule of allele pairs can call a hit, and few others.

A hit has at least ``least`` fully designated loci equal and at most ``most`` loci that differ among those fully
designated in both. Let P be the loci designated in both rows. Any `most` + 1 disjoint groups of P hold one group that is
equal throughout (the pigeonhole principle), so that looking up equal groups misses nothing. Loci are put into two fixed
halves, and the groups of a row are subsets of its loci in each half, which many rows share: each subset is gone through
once for all its rows. Rows are taken together by the loci they have; a set of loci that few rows have is scanned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from comity.forensics.dna.index.build import Codes
from comity.forensics.dna.index.layout import MISSING

__all__ = ["Rows", "candidate_pairs"]

I64 = npt.NDArray[np.int64]
U64 = npt.NDArray[np.uint64]
Pairs = tuple[I64, I64]

STRATUM = 400
"""A set of loci that fewer rows have is no stratum of its own."""
CORE = 16
"""So many of the most telling loci make up the groups; the others are only compared."""
CHUNK = 1 << 22
"""Pairs that are compared at a time."""
_BITS = 22


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows to be joined: ``codes`` with a row a locus, in codes both sides share; `MISSING` where not designated."""

    codes: Codes
    masks: U64

    @classmethod
    def of(cls, codes: Codes) -> Rows:
        """Return rows with the mask of the loci each has."""
        masks = np.zeros(codes.shape[1], dtype=np.uint64)
        for number in range(codes.shape[0]):
            masks |= (codes[number] != MISSING).astype(np.uint64) << np.uint64(number)
        return cls(codes, masks)

    def strata(self) -> tuple[list[tuple[int, I64]], I64]:
        """Return the sets of loci that many rows have, with their rows, and the rows that have others."""
        values, which, counts = np.unique(self.masks, return_inverse=True, return_counts=True)
        order = np.argsort(which, kind="stable")
        ends = np.cumsum(counts)
        large = np.flatnonzero(counts >= STRATUM)
        found = [(int(values[each]), order[ends[each] - counts[each] : ends[each]]) for each in large.tolist()]
        return found, np.flatnonzero(~np.isin(which, large))


def candidate_pairs(one: Rows, two: Rows, least: int, most: int) -> Iterator[Pairs]:
    """Yield pairs of rows in parts; a pair may come in several."""
    strata, rest = one.strata()
    others, other_rest = two.strata()
    every = np.arange(two.codes.shape[1], dtype=np.int64)
    for mask, rows in strata:
        yield from _stratum(one, (mask, rows), two, every, (least, most))
    for mask, rows in others:
        for found, with_found in _stratum(two, (mask, rows), one, rest, (least, most)):
            yield with_found, found
    yield from _all(one, rest, two, other_rest, (least, most))


def _stratum(one: Rows, stratum: tuple[int, I64], two: Rows, rows: I64, limits: tuple[int, int]) -> Iterator[Pairs]:
    """Yield the pairs of a stratum with the given rows of the other side."""
    mask, ours = stratum
    if mask.bit_count() < limits[0] or not len(rows):
        return
    halves = _halves(one.codes[:, ours], mask)
    common = two.masks[rows] & np.uint64(mask)
    values, which = np.unique(common, return_inverse=True)
    plans = [_plan(value, halves, limits) for value in values.tolist()]
    by_key: dict[int, list[int]] = {}
    scanned = []
    for number, plan in enumerate(plans):
        if plan is None:
            scanned.append(number)
        for key in plan or ():
            by_key.setdefault(key, []).append(number)
    order = np.argsort(which, kind="stable")
    ends = np.cumsum(np.bincount(which, minlength=len(values)))
    starts = ends - np.bincount(which, minlength=len(values))
    for key, numbers in by_key.items():
        theirs = rows[np.concatenate([order[starts[each] : ends[each]] for each in numbers])]
        yield from _equal(one, ours, two, theirs, (key, limits))
    if scanned:
        theirs = rows[np.concatenate([order[starts[each] : ends[each]] for each in scanned])]
        yield from _all(one, ours, two, theirs, limits)


def _halves(codes: Codes, mask: int) -> tuple[list[int], list[int]]:
    """Return the most telling loci of the stratum in two halves of like power."""
    loci = [number for number in range(codes.shape[0]) if mask >> number & 1]
    sample = codes[:, :: max(1, codes.shape[1] // 20000)]
    power = {number: _collisions(sample[number]) for number in loci}
    ranked = sorted(loci, key=power.__getitem__)[:CORE]
    return ranked[0::4] + ranked[3::4], ranked[1::4] + ranked[2::4]


def _collisions(column: Codes) -> float:
    """Return the chance that two rows have the same code."""
    share = np.bincount(column)[:MISSING] / max(1, len(column))
    return float((share**2).sum())


def _plan(common: int, halves: tuple[list[int], list[int]], limits: tuple[int, int]) -> list[int] | None:
    """Return groups of the common loci (as masks) of which one must be equal; None where they must be scanned.

    With one locus that may differ: a group of each half where both have three loci; else groups of the fuller half
    that have no locus in common, so that whichever differs, one group does not hold it.
    """
    least, most = limits
    if common.bit_count() < least:
        return []
    first, second = ([each for each in half if common >> each & 1] for half in halves)
    if most == 0:
        whole = [*first, *second]
        return [_mask(whole)] if len(whole) >= 3 else None
    if most != 1:
        return None
    if len(first) >= 3 and len(second) >= 3:
        return [_mask(_group(first)), _mask(_group(second))]
    full = max(first, second, key=len)
    if len(full) >= 6:
        return [_mask(full[0::2][:3]), _mask(full[1::2][:3])]
    if len(full) == 5:
        a, b, c, d, e = full
        return [_mask([a, b, c]), _mask([a, d, e]), _mask([b, c, d, e])]
    if len(full) == 4:
        return [_mask([each for each in full if each != left]) for left in full]
    return None


def _group(loci: list[int]) -> list[int]:
    """Return the loci to look up: all of a whole half, else at most four, so that many rows share the group."""
    return loci if len(loci) >= CORE // 2 else loci[:4]


def _mask(loci: Sequence[int]) -> int:
    return sum(1 << each for each in loci)


def _hash(codes: Codes, rows: I64, key: int) -> U64:
    """Hash the codes of the key's loci."""
    found = np.zeros(len(rows), dtype=np.uint64)
    for number in range(codes.shape[0]):
        if key >> number & 1:
            found *= np.uint64(0x100000001B3)
            found ^= codes[number, rows]
            found *= np.uint64(0x9E3779B97F4A7C15)
            found ^= found >> np.uint64(32)
    return found


def _equal(one: Rows, ours: I64, two: Rows, theirs: I64, by: tuple[int, tuple[int, int]]) -> Iterator[Pairs]:
    """Yield the pairs that are equal at all loci of a key, compared at all others."""
    key, limits = by
    mine, other = _hash(one.codes, ours, key), _hash(two.codes, theirs, key)
    mine, ours, other, theirs = _likely(mine, ours, other, theirs)
    order = np.argsort(mine, kind="stable")
    mine, ours = mine[order], ours[order]
    begin = np.searchsorted(mine, other, "left")
    count = np.searchsorted(mine, other, "right") - begin
    keep = count > 0
    begin, count, theirs = begin[keep], count[keep], theirs[keep]
    total = np.cumsum(count)
    at = 0
    while at < len(count):
        done = int(total[at - 1]) if at else 0
        end = max(at + 1, int(np.searchsorted(total, done + CHUNK, "right")))
        part = slice(at, end)
        sizes = count[part]
        inside = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        pairs = (ours[np.repeat(begin[part], sizes) + inside], np.repeat(theirs[part], sizes))
        yield _compared(one, two, pairs, limits)
        at = end


def _likely(mine: U64, ours: I64, other: U64, theirs: I64) -> tuple[U64, I64, U64, I64]:
    """Drop rows whose hash the other side cannot have, by a table of bits."""
    low = np.uint64((1 << _BITS) - 1)
    for_mine, for_other = (mine & low).astype(np.int64), (other & low).astype(np.int64)
    table = np.zeros(1 << _BITS, dtype=np.bool_)
    table[for_other] = True
    keep = table[for_mine]
    mine, ours, for_mine = mine[keep], ours[keep], for_mine[keep]
    table[:] = False
    table[for_mine] = True
    keep = table[for_other]
    return mine, ours, other[keep], theirs[keep]


def _compared(one: Rows, two: Rows, pairs: Pairs, limits: tuple[int, int]) -> Pairs:
    """Keep the pairs that differ at few enough loci and are equal at enough."""
    (ours, theirs), (least, most) = pairs, limits
    away = np.zeros(len(ours), dtype=np.uint8)
    equal = np.zeros(len(ours), dtype=np.uint8)
    for number in range(one.codes.shape[0]):
        a, b = one.codes[number, ours], two.codes[number, theirs]
        both = (a != MISSING) & (b != MISSING)
        same = (a == b) & both
        equal += same
        away += both & ~same
        keep = away <= most
        if int(keep.sum()) * 4 < len(keep) * 3:
            ours, theirs, away, equal = ours[keep], theirs[keep], away[keep], equal[keep]
    keep = (away <= most) & (equal >= least)
    return ours[keep], theirs[keep]


def _all(one: Rows, ours: I64, two: Rows, theirs: I64, limits: tuple[int, int]) -> Iterator[Pairs]:
    """Yield the pairs of all with all that pass, row by row of the smaller side."""
    if not len(ours) or not len(theirs):
        return
    if len(ours) > len(theirs):
        for found, with_found in _all(two, theirs, one, ours, limits):
            yield with_found, found
        return
    codes = np.ascontiguousarray(two.codes[:, theirs])
    for row in ours.tolist():
        found = _row(one.codes[:, row], codes, limits)
        if len(found):
            yield np.full(len(found), row, dtype=np.int64), theirs[found]


def _row(row: Codes, codes: Codes, limits: tuple[int, int]) -> I64:
    least, most = limits
    typed = np.flatnonzero(row != MISSING).tolist()
    if len(typed) < least:
        return np.zeros(0, dtype=np.int64)
    alive: I64 | None = None
    away = np.zeros(codes.shape[1], dtype=np.uint8)
    for number in typed:
        column = codes[number] if alive is None else codes[number, alive]
        away = away + ((column != row[number]) & (column != MISSING))
        keep = np.flatnonzero(away <= most)
        if len(keep) * 2 < len(away):
            alive = keep if alive is None else alive[keep]
            away = away[keep]
    found = np.flatnonzero(away <= most) if alive is None else alive[away <= most]
    equal = np.zeros(len(found), dtype=np.uint8)
    for number in typed:
        equal += codes[number, found] == row[number]
    kept: I64 = found[equal >= least]
    return kept
