"""Find the rows that can be matches: those whose typings agree at enough loci and fail at few enough.

For the query each locus has a table from code to (1 where it counts as full, else 0) and (alleles that differ). A row
can match where the first sum reaches the rule's minimum and the second stays within its limit. Blocks of rows are gone
through locus by locus, the most telling first; rows that have failed are left at once. What passes is decided by
`comity.forensics.dna.compare` itself, so that this only has to miss nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from comity.forensics.dna.index.build import Codes

__all__ = ["BLOCK", "Filter", "scan"]

BLOCK = 1 << 16
_SPARSE = 16
"""Where fewer than one row in so many is left, rows are followed one by one."""

U8 = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Filter:
    """One locus of the query: its column, its tables over all 65,536 codes, and how telling it is (low is telling)."""

    column: int
    counts: U8
    away: U8
    weight: float


def scan(codes: Codes, filters: Sequence[Filter], least: int, most: int, threads: int = 2) -> npt.NDArray[np.int64]:
    """Return the rows where the filters count ``least`` or more and differ in ``most`` alleles or fewer."""
    rows = codes.shape[1]
    if not rows or len(filters) < least:
        return np.zeros(0, dtype=np.int64)
    starts = range(0, rows, BLOCK)
    ordered = sorted(filters, key=lambda each: each.weight)

    def block(begin: int) -> npt.NDArray[np.int64]:
        return _block(codes[:, begin : begin + BLOCK], ordered, least, most) + begin

    if len(starts) < 4 or threads < 2:
        return np.concatenate([block(begin) for begin in starts])
    with ThreadPoolExecutor(threads) as pool:
        return np.concatenate(list(pool.map(block, starts)))


def _block(codes: Codes, filters: Sequence[Filter], least: int, most: int) -> npt.NDArray[np.int64]:
    away = np.zeros(codes.shape[1], dtype=np.uint8)
    for number, each in enumerate(filters):
        away += each.away[codes[each.column]]
        alive = np.flatnonzero(away <= most)
        if len(alive) * _SPARSE < codes.shape[1]:
            return _follow(codes, filters, number + 1, (alive, away[alive]), (least, most))
    alive = np.flatnonzero(away <= most)
    return _follow(codes, filters, len(filters), (alive, away[alive]), (least, most))


def _follow(
    codes: Codes,
    filters: Sequence[Filter],
    done: int,
    left: tuple[npt.NDArray[np.int64], U8],
    limits: tuple[int, int],
) -> npt.NDArray[np.int64]:
    (alive, away), (least, most) = left, limits
    for each in filters[done:]:
        away = away + each.away[codes[each.column, alive]]
        keep = away <= most
        alive, away = alive[keep], away[keep]
    counted = np.zeros(len(alive), dtype=np.uint8)
    for each in filters:
        counted += each.counts[codes[each.column, alive]]
    return alive[counted >= least]
