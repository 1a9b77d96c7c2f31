"""Search: the filters of a query under a rule set, the rows that pass, and the comparison that decides.

Exact: a row the rule set calls a hit passes the filters, since each counts no more differences than the comparison
does and no fewer agreements. The property tests hold this against a comparison with every profile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from comity.forensics.dna.allele import AlleleKind, Typing
from comity.forensics.dna.compare import Agreement, Comparison, compare, compare_locus
from comity.forensics.dna.index.layout import MISSING, OVERFLOW, PLAIN
from comity.forensics.dna.index.scan import PART, U8, Filter, scan
from comity.forensics.dna.index.segment import Segment
from comity.forensics.dna.locus import locus
from comity.forensics.dna.profile import Category, Profile
from comity.forensics.dna.rules import AllelePairs, RuleSet, Sharing
from comity.forensics.errors import RuleError

__all__ = ["Asked", "Match", "asked", "candidates", "filters", "limits", "matches", "rows_of"]

THREADS = 2
"""Threads a search takes."""


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


def candidates(asked: Asked, segments: Sequence[Segment], threads: int = 1) -> Iterator[tuple[Segment, list[int]]]:
    """Yield the segments with the rows that can be hits, in parts."""
    least, most = limits(asked.match)
    if threads == 1:
        for segment in segments:
            for part in scan(segment.codes, filters(asked, segment), least, most):
                yield segment, part().tolist()
        return
    with ThreadPoolExecutor(threads) as pool:
        begun = [
            (segment, pool.submit(part))
            for segment in segments
            for part in scan(segment.codes, filters(asked, segment), least, most)
        ]
        for segment, rows in begun:
            yield segment, rows.result().tolist()


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
    many = sum(segment.rows for segment in searched) >= 2 * PART
    found = rows_of(asked(query, rules), searched, rules, since=since, itself=itself, threads=THREADS if many else 1)
    for _, _, match in found:
        yield match


def rows_of(
    asked: Asked, segments: Sequence[Segment], rules: RuleSet, *, since: int = 0, itself: bool = True, threads: int = 1
) -> Iterator[tuple[Segment, int, Match]]:
    """Yield the segments and rows that are hits, and the hits."""
    for segment, rows in candidates(asked, segments, threads):
        for row in rows:
            if not segment.lives(row) or segment.born[row] <= since:
                continue
            other = segment.profile(row)
            if not itself and other.id == asked.query.id:
                continue
            said = compare(asked.query, other, rules)
            if said.hit:
                yield segment, row, Match(other.id, other.category, said)
