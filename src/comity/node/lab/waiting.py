"""What of the laboratory waits for a person, for "My work": core data to be answered, outcomes to be told, pairs to judge.

Pairs are only counted: nothing of a case is told to who may have to judge it blind, and a comparison's tasks are shown
to those who may see it, whom its page then marks as knowing the case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.db.models import Q

from comity.law.form import Side
from comity.node.accounts.policy import Do, can, filtered
from comity.node.accounts.role import Officer
from comity.node.lab import queries
from comity.node.requests import record
from comity.node.requests.record import File
from comity.record import Act
from comity.request import lifecycle

__all__ = ["Waiting", "waiting"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits. ``station`` says what; ``dossier`` is empty for pairs; ``due`` where a time limit runs."""

    station: str
    dossier: str
    hit: str
    count: int
    since: datetime
    due: datetime | None = None


def waiting(officer: Officer) -> tuple[Waiting, ...]:
    """Return what waits for this person, the longest waiting first."""
    if not can(officer, Do.SEE_LAB).allowed:
        return ()
    found = [*_pairs(officer)]
    for file in record.files(filtered(officer, Do.SEE_COMPARISON) & Q(id__startswith=queries.PREFIX)):
        acts = record.acts(file.id)
        if not lifecycle.status(acts, file.form).final:
            found += _of(officer, file, acts)
    return tuple(sorted(found, key=lambda one: one.since))


def _pairs(officer: Officer) -> Iterator[Waiting]:
    pairs = queries.pairs(officer)
    if pairs:
        since = datetime.combine(min(one.since for one in pairs), time(), UTC)
        yield Waiting("judge", "", "", len(pairs), since)


def _of(officer: Officer, file: File, acts: tuple[Act, ...]) -> Iterator[Waiting]:
    for line in queries.hits(officer, file, acts):
        course = line.course
        if "give-core-data" in line.may and course.asked_at:
            due = next((one.ends_at for one in line.limits if one.ends_at), None)
            yield Waiting("give-core-data", file.id, line.id, 1, course.asked_at, due)
        if "confirm" in line.may:
            yield Waiting("confirm", file.id, line.id, 1, course.opinions_of(file.side)[-1][0].at)
        given = file.side is Side.ISSUING and course.given is not None and course.given.declined is None
        if given and "draft" in line.may and not line.draft:
            since = next(act.at for act in reversed(acts) if act.kind == "dna.core-data")
            yield Waiting("draft", file.id, line.id, 1, since)
