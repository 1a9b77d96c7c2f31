"""All against all: every hit between the profiles of two databases, or within one.

Rules of allele pairs go through `comity.forensics.dna.index.pairs`; the others search row by row. Either way the
comparison itself decides, so that the engine only has to miss nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from comity.forensics.dna.allele import Typing
from comity.forensics.dna.compare import compare
from comity.forensics.dna.inclusion import reason
from comity.forensics.dna.index.build import Codes
from comity.forensics.dna.index.database import Database
from comity.forensics.dna.index.layout import MISSING, PLAIN
from comity.forensics.dna.index.pairs import Rows, candidate_pairs
from comity.forensics.dna.index.search import Match, asked, rows_of
from comity.forensics.dna.index.segment import Segment
from comity.forensics.dna.locus import locus
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.rules import AllelePairs, RuleSet
from comity.forensics.errors import RuleError

__all__ = ["Hit", "Part", "Shared", "hits", "join"]

Spot = tuple[int, int]
"""A profile by the number of its segment and its row."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A hit: the profile of the one side, where both lie, and what the comparison said."""

    of: str
    ours: Spot
    theirs: Spot
    match: Match


@dataclass(frozen=True, slots=True)
class Part:
    """Every ``of``-th profile of the one side from the ``number``-th on: a share of the work for one worker."""

    number: int = 0
    of: int = 1


_WHOLE = Part()


def join(one: Database, two: Database, rules: RuleSet, *, since: int = 0) -> Iterator[tuple[str, Match]]:
    """Yield the id of a profile of ``one`` and the hit in ``two``.

    ``since`` takes only the profiles of ``one`` that came in later. Within one database each pair comes once, the
    smaller id first, or the newer where only new ones are asked. Profiles the rules do not let be searched are left out.
    """
    for hit in hits(one, two, rules, since=since):
        yield hit.of, hit.match


def hits(one: Database, two: Database, rules: RuleSet, *, since: int = 0, part: Part = _WHOLE) -> Iterator[Hit]:
    """Yield what `join` yields for a part of ``one``, with where both profiles lie."""
    match = rules.match
    if rules.empty or match is None:
        raise RuleError(f"{rules.title}: nothing can be matched under it.", cause="It has no match rule.")
    within = one.folder.samefile(two.folder)
    segments, others = one.segments, two.segments
    pairwise = isinstance(match, AllelePairs) and not match.wildcard_locus_counts and match.deviations <= 1
    if not pairwise or _too_many([*segments, *others]):
        yield from _by_search(segments, others, rules, since, part, within=within)
        return
    yield from _by_pairs(segments, others, rules, since, part, within=within)


def _too_many(segments: Sequence[Segment]) -> bool:
    """Return whether a locus may have more pairs of alleles than there are shared codes."""
    seen: dict[str, int] = {}
    for segment in segments:
        for number, name in enumerate(segment.loci):
            seen[name] = seen.get(name, 0) + len(segment.plain[number])
    return any(each >= PLAIN for each in seen.values())


def _once(ours: str, theirs: str, *, within: bool, since: int, theirs_born: int) -> bool:
    """Return whether a pair is told in this order: within one database a pair is told once."""
    if not within:
        return True
    return ours < theirs or (theirs_born <= since and ours != theirs)


def _by_search(
    segments: Sequence[Segment], others: Sequence[Segment], rules: RuleSet, since: int, part: Part, *, within: bool
) -> Iterator[Hit]:
    for number, segment in enumerate(segments):
        for row in np.flatnonzero(segment.born > since)[part.number :: part.of].tolist():
            query = segment.living(row)
            if query is None or reason(query, rules) is not None:
                continue
            for other, at, found in rows_of(asked(query, rules), others, rules, itself=not within):
                if _once(query.id, found.id, within=within, since=since, theirs_born=int(other.born[at])):
                    yield Hit(query.id, (number, row), (others.index(other), at), found)


class Shared:
    """Codes that two databases share: for each locus, one number a pair of designated alleles."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._codes: dict[str, dict[Typing, int]] = {}

    def rows(self, segment: Segment, rows: npt.NDArray[np.int64]) -> Codes:
        """Return the rows of a segment in shared codes, for every locus known so far."""
        for name in segment.loci:
            if locus(name).counted and name not in self._codes:
                self.names.append(name)
                self._codes[name] = {}
        found = np.full((len(self.names), len(rows)), MISSING, dtype=np.uint16)
        for number, name in enumerate(self.names):
            if name in segment.loci:
                column = segment.loci.index(name)
                found[number] = self._table(segment, name, column)[segment.codes[column, rows]]
        return found

    def _table(self, segment: Segment, name: str, column: int) -> Codes:
        known = self._codes[name]
        table = np.full(MISSING + 1, MISSING, dtype=np.uint16)
        for code, seen in enumerate(segment.plain[column]):
            shared = known.setdefault(seen, len(known))
            if shared < PLAIN:
                table[code] = shared
        return table


@dataclass(frozen=True, slots=True)
class _Side:
    """Rows of several segments one after the other."""

    rows: tuple[npt.NDArray[np.int64], ...]
    starts: npt.NDArray[np.int64]

    def spot(self, number: int) -> Spot:
        which = int(np.searchsorted(self.starts, number, "right")) - 1
        return which, int(self.rows[which][number - self.starts[which]])


def _side(
    segments: Sequence[Segment], shared: Shared, since: int = 0, part: Part = _WHOLE
) -> tuple[_Side, list[Codes]]:
    kept, codes = [], []
    for segment in segments:
        living = np.flatnonzero((segment.deleted == 0) & (segment.born > since)).astype(np.int64)
        rows = living[part.number :: part.of]
        kept.append(rows)
        codes.append(shared.rows(segment, rows))
    starts = np.cumsum([0, *(len(each) for each in kept)])[:-1]
    return _Side(tuple(kept), starts.astype(np.int64)), codes


def _stacked(codes: Sequence[Codes], loci: int) -> Rows:
    """Put segments side by side, with blanks for loci that came up later."""
    whole = []
    for each in codes:
        found = np.full((loci, each.shape[1]), MISSING, dtype=np.uint16)
        found[: each.shape[0]] = each
        whole.append(found)
    return Rows.of(np.concatenate(whole, axis=1) if whole else np.zeros((loci, 0), dtype=np.uint16))


def _by_pairs(
    segments: Sequence[Segment], others: Sequence[Segment], rules: RuleSet, since: int, part: Part, *, within: bool
) -> Iterator[Hit]:
    match = rules.match
    if not isinstance(match, AllelePairs):
        return
    shared = Shared()
    ours, our_codes = _side(segments, shared, since, part)
    theirs, their_codes = _side(others, shared)
    one, two = _stacked(our_codes, len(shared.names)), _stacked(their_codes, len(shared.names))
    told: set[tuple[int, int]] = set()

    @lru_cache(maxsize=4096)
    def query(number: int) -> Profile | None:
        which, row = ours.spot(number)
        found = segments[which].living(row)
        return found if found is not None and reason(found, rules) is None else None

    for a, b in candidate_pairs(one, two, match.minimum_full, match.deviations):
        for pair in zip(a.tolist(), b.tolist(), strict=True):
            if pair in told:
                continue
            told.add(pair)
            asked = query(pair[0])
            which, row = theirs.spot(pair[1])
            segment = others[which]
            other = segment.living(row) if asked is not None else None
            if asked is None or other is None:
                continue
            if not _once(asked.id, other.id, within=within, since=since, theirs_born=int(segment.born[row])):
                continue
            said = compare(asked, other, rules)
            if said.hit:
                yield Hit(asked.id, ours.spot(pair[0]), (which, row), Match(other.id, other.category, said))
