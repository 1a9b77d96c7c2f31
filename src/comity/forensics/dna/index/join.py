"""All against all: every hit between the profiles of two databases, or within one."""

from __future__ import annotations

from collections.abc import Iterator

from comity.forensics.dna.inclusion import reason
from comity.forensics.dna.index.database import Database
from comity.forensics.dna.index.search import Match, matches
from comity.forensics.dna.rules import RuleSet
from comity.forensics.errors import RuleError

__all__ = ["join"]


def join(one: Database, two: Database, rules: RuleSet, *, since: int = 0) -> Iterator[tuple[str, Match]]:
    """Yield the id of a profile of ``one`` and the hit in ``two``.

    ``since`` takes only the profiles of ``one`` that came in later. Within one database each pair comes once, the
    smaller id first. Profiles the rules do not let be searched are passed over.
    """
    if rules.empty or rules.match is None:
        raise RuleError(f"{rules.title}: nothing can be matched under it.", cause="It has no match rule.")
    within = one.folder.samefile(two.folder)
    segments = two.segments
    for segment in one.segments:
        for row in range(segment.rows):
            if not segment.lives(row) or segment.born[row] <= since:
                continue
            query = segment.profile(row)
            if reason(query, rules) is not None:
                continue
            for found in matches(query, segments, rules, itself=not within):
                if not within or query.id < found.id or since:
                    yield query.id, found
