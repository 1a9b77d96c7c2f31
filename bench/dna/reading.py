"""What a search must read, and how long reading it takes: the limit the search is held against, in the same run.

`touched` tells which lines of memory of the bit planes a search goes through, step by step as its kernel does, and
`reading` reads exactly these with as many threads and nothing else. `codes_touched` is what a search without planes
reads at least: all of the most telling column, then only the lines that hold rows not yet failed.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import numpy as np
import numpy.typing as npt
from numba import njit

from comity.forensics.dna.index.database import Database
from comity.forensics.dna.index.planes import BLOCK, LINE, SPARSE, Plan
from comity.forensics.dna.index.search import asked, filters, plan
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.rules import RuleSet

__all__ = ["BYTES", "bandwidth", "codes_touched", "reading", "timed", "touched"]

BYTES = 64
"""Bytes of a line of memory."""
POOL = ThreadPoolExecutor(1)
Lines = npt.NDArray[np.int32]
Words = npt.NDArray[np.uint64]


def timed(work: Callable[[], object]) -> float:
    """Return the seconds a piece of work takes."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


def touched(database: Database, query: Profile, rules: RuleSet) -> list[tuple[Words, Lines]]:
    """Return for each segment its planes, flat, and the lines of them a search reads; nothing where codes are read."""
    found = []
    for segment in database.segments:
        how = plan(asked(query, rules), segment)
        if how is not None and segment.planes is not None:
            found.append((segment.planes.reshape(-1), _lines(segment.planes, how)))
    return found


def _lines(planes: Words, how: Plan) -> Lines:
    size = planes.shape[1]
    blocks = -(-size // BLOCK)
    room = np.zeros(blocks * BLOCK, dtype=bool)
    room[:size] = True
    alive, dense = room.copy(), np.ones(blocks, dtype=bool)
    none, one = np.full(size, ~np.uint64(0)), np.full(size, ~np.uint64(0))
    found = []
    for first, second, _, either, near in how.steps.tolist():
        dense &= alive.reshape(blocks, BLOCK).sum(axis=1) * SPARSE > room.reshape(blocks, BLOCK).sum(axis=1)
        read = (room & np.repeat(dense, BLOCK)) | alive
        lines = np.flatnonzero(read[:size].reshape(-1, LINE).any(axis=1))
        found += [lines + plane * (size // LINE) for plane in {first, second}]
        some = planes[first] | planes[second]
        agree = some if either else planes[first] & planes[second]
        one = (one & agree) | (none & (~np.uint64(0) if near == 2 else some if near else np.uint64(0)))
        none &= agree
        alive[:size] = one != 0
    last = np.flatnonzero(alive[:size].reshape(-1, LINE).any(axis=1))
    found += [last + typed * (size // LINE) for typed in how.steps[:, 2].tolist()]
    return np.concatenate(found).astype(np.int32)


def reading(parts: list[tuple[Words, Lines]]) -> float:
    """Return the seconds two threads take to read these lines."""

    def half(which: int) -> None:
        for flat, lines in parts:
            middle = len(lines) // 2
            _read(flat, lines[:middle] if which else lines[middle:])

    begun = perf_counter()
    other = POOL.submit(half, 0)
    half(1)
    other.result()
    return perf_counter() - begun


@njit(nogil=True, cache=True)
def _read(flat: Words, lines: Lines) -> np.uint64:
    found = np.uint64(0)
    for line in lines:
        for word in flat[np.int64(line) * 8 : np.int64(line) * 8 + 8]:
            found |= word
    return found


def codes_touched(database: Database, query: Profile, rules: RuleSet, most: int) -> int:
    """Return the bytes of codes a search without planes touches at least."""
    total = 0
    for segment in database.segments:
        ordered = sorted(filters(asked(query, rules), segment), key=lambda each: each.weight)
        alive, away = np.ones(segment.rows, dtype=bool), np.zeros(segment.rows, dtype=np.uint8)
        for each in ordered:
            rows = np.flatnonzero(alive)
            total += len(np.unique(rows * 2 // BYTES)) * BYTES
            away[rows] += each.away[segment.codes[each.column, rows]]
            alive &= away <= most
    return total


def bandwidth(database: Database) -> float:
    """Return bytes read a second from the maps of the codes, by two threads that read all of them."""
    parts = []
    for segment in database.segments:
        flat = segment.codes.reshape(-1)
        words = flat[: len(flat) // 32 * 32].view(np.uint64)
        parts.append((words, np.arange(len(words) // 8, dtype=np.int32)))
    reading(parts)
    seconds = min(reading(parts) for _ in range(3))
    return sum(len(lines) for _, lines in parts) * BYTES / seconds
