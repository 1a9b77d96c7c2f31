"""Search: the filters of a query under a rule set, the rows that pass, and the comparison that decides.

Exact: a row the rule set calls a hit passes the filters, since each counts no more differences than the comparison
does and no fewer agreements. The property tests hold this against a comparison with every profile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from comity.forensics.dna.allele import AlleleKind, Typing
from comity.forensics.dna.compare import Agreement, Comparison, compare, compare_locus
from comity.forensics.dna.index.layout import MISSING, OVERFLOW, PLAIN
from comity.forensics.dna.index.scan import U8, Filter, scan
from comity.forensics.dna.index.segment import Segment
from comity.forensics.dna.locus import locus
from comity.forensics.dna.profile import Category, Profile
from comity.forensics.dna.rules import AllelePairs, RuleSet, Sharing
from comity.forensics.errors import RuleError

__all__ = ["Match", "candidates", "filters", "limits", "matches", "rows_of"]


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


def filters(query: Profile, segment: Segment, match: AllelePairs | Sharing) -> list[Filter]:
    """Return a filter for every locus of the query that is compared and has a column in the segment."""
    found = []
    for number, name in enumerate(segment.loci):
        seen = query.loci.get(name, ())
        if seen and locus(name).counted:
            found.append(_filter(query, segment, number, match))
    return found


def _filter(query: Profile, segment: Segment, number: int, match: AllelePairs | Sharing) -> Filter:
    name = segment.loci[number]
    seen = query.loci[name]
    counts, away = np.zeros(MISSING + 1, dtype=np.uint8), np.zeros(MISSING + 1, dtype=np.uint8)
    plain, special = segment.plain[number], segment.special[number]
    if isinstance(match, AllelePairs) and len(seen) == 2 and all(each.kind is AlleleKind.NUMBER for each in seen):
        _pairs(seen, segment.pairs[number], counts, away)
    else:
        for code, each in enumerate(plain):
            counts[code], away[code] = _said(name, seen, each, match)
    for code, each in enumerate(special, PLAIN):
        counts[code], away[code] = _said(name, seen, each, match)
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
    """Return whether a typing can count and how many alleles differ at least, whichever profile holds the other."""
    ways = (0,) if isinstance(match, AllelePairs) else (-1, 0, 1)
    said = [compare_locus(name, seen, other, match, within) for within in ways]
    agree = (Agreement.FULL, Agreement.WILDCARD)
    return int(any(each.agreement in agree for each in said)), min(each.deviations for each in said)


def candidates(query: Profile, segment: Segment, rules: RuleSet, threads: int = 2) -> list[int]:
    """Return the rows of a segment that can be hits."""
    match = _match(rules)
    least, most = limits(match)
    return [int(row) for row in scan(segment.codes, filters(query, segment, match), least, most, threads)]


def _match(rules: RuleSet) -> AllelePairs | Sharing:
    if rules.match is None:
        raise RuleError(f"{rules.title}: nothing can be searched under it.", cause="It has no match rule.")
    return rules.match


def matches(
    query: Profile,
    segments: Sequence[Segment],
    rules: RuleSet,
    *,
    since: int = 0,
    itself: bool = True,
    threads: int = 2,
) -> Iterator[Match]:
    """Yield the hits among the profiles that came in after generation ``since``; ``itself`` is whether one id counts."""
    for segment in segments:
        if since < segment.generation:
            for _, found in rows_of(query, segment, rules, since=since, itself=itself, threads=threads):
                yield found


def rows_of(
    query: Profile, segment: Segment, rules: RuleSet, *, since: int = 0, itself: bool = True, threads: int = 2
) -> Iterator[tuple[int, Match]]:
    """Yield the rows of a segment that are hits, and the hits."""
    for row in candidates(query, segment, rules, threads):
        if not segment.lives(row) or segment.born[row] <= since:
            continue
        other = segment.profile(row)
        if not itself and other.id == query.id:
            continue
        said = compare(query, other, rules)
        if said.hit:
            yield row, Match(other.id, other.category, said)
