"""Find the rows that can be matches: those whose typings agree at enough loci and fail at few enough.

For the query each locus has a table from code to (1 where it counts as full, else 0) and (alleles that differ). A row
can match where the first sum reaches the rule's minimum and the second stays within its limit. Blocks of rows are gone
through locus by locus, the most telling first, and only rows that have not failed are followed to the next: nearly all
that is read is the first column. What passes is decided by `comity.forensics.dna.compare` itself, so that this only has
to miss nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from numba import njit

from comity.forensics.dna.index.build import Codes

__all__ = ["BLOCK", "PART", "Filter", "scan"]

BLOCK = 1 << 12
"""Rows followed together: their working set stays in the first cache."""
PART = 1 << 18
"""Rows one thread takes at a time."""

I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Filter:
    """One locus of the query: its column, its tables over all 65,536 codes, and how telling it is (low is telling)."""

    column: int
    counts: U8
    away: U8
    weight: float


def scan(codes: Codes, filters: Sequence[Filter], least: int, most: int) -> list[Callable[[], I64]]:
    """Return the work, in parts that may run side by side; each gives the rows that can match.

    These are the rows where the filters count ``least`` or more and differ in ``most`` alleles or fewer.
    """
    rows = codes.shape[1]
    if not rows or len(filters) < least or not filters:
        return []
    ordered = sorted(filters, key=lambda each: each.weight)
    columns = np.array([each.column for each in ordered], dtype=np.int64)
    tables = np.stack([each.away for each in ordered]), np.stack([each.counts for each in ordered])

    def part(begin: int, end: int) -> I64:
        out = np.empty(end - begin, dtype=np.int64)
        return out[: _scan(codes, columns, tables, (least, most), (begin, end), out)].copy()

    return [partial(part, begin, min(begin + PART, rows)) for begin in range(0, rows, PART)]


@njit(nogil=True, cache=True)
def _scan(  # noqa: PLR0917 - numba takes arguments by place
    codes: Codes, columns: I64, tables: tuple[U8, U8], limits: tuple[int, int], span: tuple[int, int], out: I64
) -> int:
    """Write the rows of a span that pass into ``out`` and return how many."""
    (away, counts), (least, most), (begin, end) = tables, limits, span
    found = 0
    rows, sums = np.empty(BLOCK, dtype=np.uint16), np.empty(BLOCK, dtype=np.uint8)
    for start in range(begin, end, BLOCK):
        alive = 0
        block = codes[columns[0], start : min(start + BLOCK, end)]
        table = away[0]
        for place in range(len(block)):
            said = table[block[place]]
            rows[alive] = place
            sums[alive] = said
            alive += said <= most
        for number in range(1, len(columns)):
            if alive == 0:
                break
            block, table = codes[columns[number], start : min(start + BLOCK, end)], away[number]
            left = 0
            for place in range(alive):
                row = rows[place]
                total = sums[place] + table[block[row]]
                rows[left] = row
                sums[left] = total
                left += total <= most
            alive = left
        for place in range(alive):
            row, agreed = start + rows[place], 0
            for number in range(len(columns)):
                agreed += counts[number, codes[columns[number], row]]
            if agreed >= least:
                out[found] = row
                found += 1
    return found
