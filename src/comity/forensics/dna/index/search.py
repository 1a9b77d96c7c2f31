"""Search: the plan or the filters of a query under a rule set, the rows that pass, and the comparison that decides.

A query of single alleles and pairs goes through the bit planes; what these hardly tell apart (a mixture, a segment
without planes, a rule that lets much pass) through a filter by code at each locus. Exact: a row the rule set calls a hit
passes either, since each counts no more differences than the comparison does and no fewer agreements. The property tests
hold this against a comparison with every profile.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any

import numpy as np

from comity.forensics.dna.allele import AlleleKind, Typing
from comity.forensics.dna.compare import Agreement, Comparison, compare, compare_locus
from comity.forensics.dna.index.layout import MISSING, OVERFLOW, PLAIN
from comity.forensics.dna.index.planes import LEAST_LOCI, Plan, survivors
from comity.forensics.dna.index.scan import I64, U8, Filter, scan
from comity.forensics.dna.index.segment import Segment
from comity.forensics.dna.locus import locus
from comity.forensics.dna.profile import Category, Profile
from comity.forensics.dna.rules import AllelePairs, RuleSet, Sharing, Stringency
from comity.forensics.errors import RuleError

__all__ = ["Asked", "Match", "asked", "candidates", "filters", "limits", "matches", "plan", "rows_of"]

THREADS = 2
"""Threads a search takes."""
MANY = 1 << 21
"""Rows from which on a second thread is worth its start."""
PASSING = 1 / 64
"""Where a larger share of rows would pass the planes, codes tell them apart better."""
FEW = 24
"""So many rows are compared at once; more are first filtered by their codes."""


@dataclass(frozen=True, slots=True)
class Match:
    """One profile a rule set calls a hit."""

    id: str
    category: Category
    comparison: Comparison

    def to_json(self) -> dict[str, Any]:
        """Return the contract of ``comity dna search --json``."""
        found = self.comparison
        return {
            "id": self.id,
            "category": self.category.value,
            "quality": found.grade,
            "loci_compared": found.compared,
            "loci_matched": found.matched,
            "differences": [each.to_json() for each in found.differences],
            "why": found.why,
            "rule": found.rules,
            "rule_version": found.version,
            "loci": [each.to_json() for each in found.loci],
        }


def limits(match: AllelePairs | Sharing) -> tuple[int, int]:
    """Return the least loci that count and the most differences of a match rule."""
    if isinstance(match, AllelePairs):
        return match.minimum_full, match.deviations
    return match.minimum_loci, match.mismatches


class Asked:
    """A query under a match rule; what was found of a typing once is not found again in the next segment."""

    def __init__(self, query: Profile, match: AllelePairs | Sharing) -> None:
        self.query, self.match = query, match
        self._known: dict[tuple[str, Typing], tuple[int, int]] = {}

    @cached_property
    def alleles(self) -> tuple[tuple[str, tuple[str, str, bool, bool] | None], ...]:
        """The loci that are compared, each with what planes are asked for: two alleles, and `Step`'s either and free."""
        return tuple(
            (name, _alleles(seen, self.match)) for name, seen in self.query.loci.items() if seen and locus(name).counted
        )

    def said(self, name: str, other: Typing) -> tuple[int, int]:
        """Return whether a typing can count and how many alleles differ at least, whichever profile holds the other."""
        found = self._known.get((name, other))
        if found is None:
            found = self._known[name, other] = _said(name, self.query.loci[name], other, self.match)
        return found


def filters(asked: Asked, segment: Segment) -> list[Filter]:
    """Return a filter for every locus of the query that is compared and has a column in the segment."""
    return [
        _filter(asked, segment, number)
        for number, name in enumerate(segment.loci)
        if asked.query.loci.get(name) and locus(name).counted
    ]


def _filter(asked: Asked, segment: Segment, number: int) -> Filter:
    name, match = segment.loci[number], asked.match
    seen = asked.query.loci[name]
    counts, away = np.zeros(MISSING + 1, dtype=np.uint8), np.zeros(MISSING + 1, dtype=np.uint8)
    plain, special = segment.plain[number], segment.special[number]
    if isinstance(match, AllelePairs) and len(seen) == 2 and all(each.kind is AlleleKind.NUMBER for each in seen):
        _pairs(seen, segment.pairs[number], counts, away)
    else:
        for code, each in enumerate(plain):
            counts[code], away[code] = asked.said(name, each)
    for code, each in enumerate(special, PLAIN):
        counts[code], away[code] = asked.said(name, each)
    counts[OVERFLOW] = 1
    share = float((away[: len(plain)] == 0).mean()) if plain else 1.0
    return Filter(number, counts, away, share)


def _pairs(seen: Typing, pairs: tuple[Any, Any], counts: U8, away: U8) -> None:
    """Fill the tables for two designated alleles against every such typing at once."""
    a, b = ((each.repeats << 3) + each.bases for each in seen)
    first, second = pairs
    straight = (first != a).astype(np.uint8) + (second != b)
    crossed = (first != b).astype(np.uint8) + (second != a)
    best = np.minimum(straight, crossed)
    away[: len(best)] = best
    counts[: len(best)] = best == 0


def _said(name: str, seen: Typing, other: Typing, match: AllelePairs | Sharing) -> tuple[int, int]:
    ways = (0,) if isinstance(match, AllelePairs) else (-1, 0, 1)
    said = [compare_locus(name, seen, other, match, within) for within in ways]
    agree = (Agreement.FULL, Agreement.WILDCARD)
    return int(any(each.agreement in agree for each in said)), min(each.deviations for each in said)


def _alleles(seen: Typing, match: AllelePairs | Sharing) -> tuple[str, str, bool, bool] | None:
    """Return the designated alleles of a typing and how rows that have them agree; None where planes do not tell."""
    texts = [each.text for each in seen if each.number]
    if not texts or len(seen) > 2:
        return None
    first, last = texts[0], texts[-1]
    if isinstance(match, AllelePairs):
        return (first, last, False, len(texts) < 2) if len(seen) == 2 else None
    if len(texts) < len(seen):
        return None
    return first, last, match.stringency is not Stringency.HIGH, True


def plan(asked: Asked, segment: Segment) -> Plan | None:
    """Return how the segment's planes are asked, or None where its codes serve better."""
    least, most = limits(asked.match)
    if most > 1 or least > LEAST_LOCI or segment.planes is None:
        return None
    steps = []
    for name, said in asked.alleles:
        where = segment.layout.get(name)
        if where is None:
            continue
        if said is None:
            least -= 1
            continue
        first, second, either, free = said
        steps.append(where.step(first, second, either=either, free=free))
    found = Plan.of(steps, least, most)
    return found if found.share < PASSING else None


def _parts(asked: Asked, segment: Segment, threads: int) -> list[Callable[[], I64]]:
    """Return the work in one segment, in parts that may run side by side; each gives the rows that can be hits."""
    found, planes = plan(asked, segment), segment.planes
    if found is None or planes is None:
        least, most = limits(asked.match)
        return scan(segment.codes, filters(asked, segment), least, most)
    return [partial(survivors, planes, found, segment.rows, (number, threads)) for number in range(threads)]


def candidates(asked: Asked, segments: Sequence[Segment], threads: int = 1) -> Iterator[tuple[Segment, list[int]]]:
    """Yield the segments with the rows that can be hits, in parts."""
    work = [(segment, part) for segment in segments for part in _parts(asked, segment, threads)]
    shares = [work[number::threads] for number in range(threads)]
    others = [_pool(os.getpid()).submit(_done, share) for share in shares[1:]]
    found = _done(shares[0])
    for each in others:
        found += each.result()
    for segment, rows in found:
        if len(rows):
            yield segment, (rows if len(rows) <= FEW else _filtered(asked, segment, rows)).tolist()


def _done(work: Sequence[tuple[Segment, Callable[[], I64]]]) -> list[tuple[Segment, I64]]:
    return [(segment, part()) for segment, part in work]


@cache
def _pool(_process: int) -> ThreadPoolExecutor:
    """Return the threads of this process; a child that was forked off makes its own."""
    return ThreadPoolExecutor(THREADS, thread_name_prefix="dna-search")


def _filtered(asked: Asked, segment: Segment, rows: I64) -> I64:
    """Return those of some rows that pass the filters by code too."""
    least, most = limits(asked.match)
    away, agreed = np.zeros(len(rows), dtype=np.uint8), np.zeros(len(rows), dtype=np.uint8)
    for each in filters(asked, segment):
        codes = segment.codes[each.column, rows]
        away += each.away[codes]
        agreed += each.counts[codes]
    found: I64 = rows[(away <= most) & (agreed >= least)]
    return found


def asked(query: Profile, rules: RuleSet) -> Asked:
    """Return a query under the match rule of a rule set; raise `RuleError` where it has none."""
    return Asked(query, _match(rules))


def _match(rules: RuleSet) -> AllelePairs | Sharing:
    if rules.match is None:
        raise RuleError(f"{rules.title}: nothing can be searched under it.", cause="It has no match rule.")
    return rules.match


def matches(
    query: Profile, segments: Sequence[Segment], rules: RuleSet, *, since: int = 0, itself: bool = True
) -> Iterator[Match]:
    """Yield the hits among the profiles that came in after generation ``since``; ``itself`` is whether one id counts."""
    searched = [segment for segment in segments if since < segment.generation]
    many = sum(segment.rows for segment in searched) >= MANY
    found = rows_of(asked(query, rules), searched, rules, since=since, itself=itself, threads=THREADS if many else 1)
    for _, _, match in found:
        yield match


def rows_of(
    asked: Asked, segments: Sequence[Segment], rules: RuleSet, *, since: int = 0, itself: bool = True, threads: int = 1
) -> Iterator[tuple[Segment, int, Match]]:
    """Yield the segments and rows that are hits, and the hits."""
    for segment, rows in candidates(asked, segments, threads):
        for row in rows:
            other = segment.living(row) if segment.born[row] > since else None
            if other is None or (not itself and other.id == asked.query.id):
                continue
            said = compare(asked.query, other, rules)
            if said.hit:
                yield segment, row, Match(other.id, other.category, said)
