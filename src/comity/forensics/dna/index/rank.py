"""Rank every person of a database by the likelihood ratio of having contributed to a trace.

At each locus the ratio depends on the person's genotype only, so that it is weighed once for each genotype of a segment
(and once for all genotypes whose alleles the trace shows alike: `comity.forensics.dna.strength.mixture` lumps the
others). A person's ratio is then a sum of logarithms looked up by code: exact for all, no filter before it. What is
listed is weighed again in full, so that a list says what ``comity dna lr`` says of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from comity.forensics.dna.allele import Typing
from comity.forensics.dna.index.build import CATEGORIES, Codes
from comity.forensics.dna.index.layout import MISSING, OVERFLOW
from comity.forensics.dna.index.segment import Segment
from comity.forensics.dna.locus import locus
from comity.forensics.dna.profile import Category, Profile
from comity.forensics.dna.strength.mixture import Model, ratio
from comity.forensics.dna.strength.weighed import Scale, Weighed
from comity.forensics.errors import ParameterError

__all__ = ["Ranked", "Ranking", "rank"]

PART = 1 << 18
"""Rows a thread takes at a time."""
BLOCK = 1 << 11
"""Rows whose sums are kept together in the first cache."""
THREADS = 2
_KNOWN = np.array([each.known for each in CATEGORIES])

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One person of the list, with the ratio weighed in full."""

    id: str
    category: Category
    log10_lr: float
    weighed: Weighed

    def to_json(self) -> dict[str, Any]:
        """Return the person as ``comity dna rank --json`` prints it."""
        return {
            "id": self.id,
            "category": self.category.value,
            "lr": 10**self.log10_lr if self.log10_lr < 300 else None,
            "log10_lr": self.log10_lr,
            "loci_weighed": len(self.weighed.loci),
        }


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best of a database: how many persons were weighed, and how many have a ratio above the least asked."""

    weighed: int
    above: int
    best: tuple[Ranked, ...]


def rank(
    trace: Profile,
    segments: Sequence[Segment],
    by: Scale,
    model: Model,
    known: Sequence[Profile] = (),
    *,
    most: int = 50,
    least: float = 0.0,
) -> Ranking:
    """Weigh every living reference profile against the trace; ``least`` is a log10 ratio that the list must exceed.

    Loci a person lacks, or that cannot be weighed, count as 1, as they do in ``comity dna lr``. Raise `ParameterError`
    where the model does not hold for the trace, with its reason.
    """
    if most < 1:
        raise ParameterError(f"A list of {most} has no place for anybody.", remedy="Ask for one person or more.")
    tables = _Tables(trace, by, model, tuple(known))
    weighed = above = 0
    found: list[tuple[float, int, int]] = []
    alone: list[Ranked] = []
    for number, segment in enumerate(segments):
        columns = tables.of(segment)
        for rows, sums in _parts(segment, columns) if columns else ():
            weighed += len(rows)
            alone += filter(None, (tables.ranked(segment.living(row)) for row in rows[np.isnan(sums)].tolist()))
            over = np.flatnonzero(sums > least)
            above += len(over)
            best = over[np.argpartition(-sums[over], most - 1)[:most]] if len(over) > most else over
            places = zip((-sums[best]).tolist(), repeat(number), rows[best].tolist(), strict=False)
            found = sorted([*found, *places])[:most]
    full = (tables.ranked(segments[number].living(row)) for _, number, row in found)
    alone = [each for each in alone if each.log10_lr > least]
    listed = sorted((*filter(None, full), *alone), key=lambda each: (-each.log10_lr, each.id))
    return Ranking(weighed, above + len(alone), tuple(listed[:most]))


class _Tables:
    """The log10 ratio of each genotype at each locus of the trace, weighed once."""

    def __init__(self, trace: Profile, by: Scale, model: Model, known: tuple[Profile, ...]) -> None:
        self.trace, self.by, self.model, self.known = trace, by, model, known
        self._names = {name for seen in trace.seen for name in seen}
        self._shown = {name: {one.text for seen in trace.seen for one in seen.get(name, ())} for name in self._names}
        self._logs: dict[tuple[str, str, str], float] = {}
        nobody = ratio(trace, Profile("nobody", Category.PERSON, {}), by, model, known)
        if nobody.why_not and not nobody.not_used:
            raise ParameterError(nobody.why_not, remedy="Give other contributors, drop-out or drop-in.")

    def of(self, segment: Segment) -> list[tuple[int, F64]]:
        """Return the columns of a segment that are weighed, each with the log10 ratio of every code.

        A code that stands for no single typing has no number: such rows are weighed one by one.
        """
        found = []
        for number, name in enumerate(segment.loci):
            if name in self._names:
                table = np.zeros(MISSING + 1, dtype=np.float64)
                table[OVERFLOW] = np.nan
                for code, seen in enumerate(segment.plain[number]):
                    table[code] = self._log(name, seen)
                found.append((number, table))
        return found

    def _log(self, name: str, seen: Typing) -> float:
        """Return the log10 ratio of a genotype, 0 where it cannot be weighed."""
        if self.by.unusable(locus(name), seen) is not None:
            return 0.0
        first, second = sorted(each.text if each.text in self._shown[name] else "" for each in seen)
        found = self._logs.get((name, first, second))
        if found is None:
            found = self._logs[name, first, second] = self._weigh(name, seen)
        return found

    def _weigh(self, name: str, seen: Typing) -> float:
        trace = replace(
            self.trace,
            loci=_only(self.trace.loci, name),
            replicates=tuple(_only(each, name) for each in self.trace.replicates),
        )
        known = [replace(each, loci=_only(each.loci, name)) for each in self.known]
        said = ratio(trace, Profile("person", Category.PERSON, {name: seen}), self.by, self.model, known)
        if said.log10_lr is not None:
            return said.log10_lr
        if said.not_used:
            return 0.0
        raise ParameterError(said.why_not, remedy="Give other contributors, drop-out or drop-in.")

    def ranked(self, person: Profile | None) -> Ranked | None:
        """Weigh one person in full; None where nothing can be weighed, or the person was deleted meanwhile."""
        if person is None:
            return None
        found = ratio(self.trace, person, self.by, self.model, self.known)
        return None if found.log10_lr is None else Ranked(person.id, person.category, found.log10_lr, found)


def _only(loci: Mapping[str, Typing], name: str) -> dict[str, Typing]:
    return {name: loci[name]} if name in loci else {}


def _parts(segment: Segment, tables: Sequence[tuple[int, F64]]) -> Iterator[tuple[I64, F64]]:
    """Yield the living reference profiles of a segment in parts, with the sum of each."""
    columns = np.array([number for number, _ in tables], dtype=np.int64)
    logs = np.stack([table for _, table in tables])

    def part(begin: int) -> tuple[I64, F64]:
        end = min(begin + PART, segment.rows)
        sums = np.empty(end - begin, dtype=np.float64)
        _sum(segment.codes, columns, logs, (begin, end), sums)
        kept = np.flatnonzero(_KNOWN[segment.category[begin:end]] & (segment.deleted[begin:end] == 0))
        return kept + begin, sums[kept]

    with ThreadPoolExecutor(THREADS) as pool:
        yield from pool.map(part, range(0, segment.rows, PART))


@njit(nogil=True, cache=True)
def _sum(codes: Codes, columns: I64, logs: F64, span: tuple[int, int], out: F64) -> None:
    """Add up the logarithms of the rows of a span, locus by locus in blocks that stay in the cache."""
    begin, end = span
    out[:] = 0.0
    for start in range(begin, end, BLOCK):
        stop = min(start + BLOCK, end)
        total = out[start - begin : stop - begin]
        for number in range(len(columns)):
            block, table = codes[columns[number], start:stop], logs[number]
            for place in range(len(block)):
                total[place] += table[block[place]]
