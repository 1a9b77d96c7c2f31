"""The way from a profile to a request as steps: how many came to each, and how many were lost before it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comity.flow.comparison import Losses

__all__ = ["Step", "steps"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``lost`` and the shares are None where the step before counts other things."""

    name: str | Promise
    count: int
    lost: int | None
    share: float | None
    of_candidates: float | None


_NAMES = (
    ("profiles", _("Profiles sent")),
    ("answered", _("Profiles searched")),
    ("candidates", _("Candidates")),
    ("fit", _("Passed the check of the data")),
    ("verified", _("Judged by experts")),
    ("confirmed", _("Confirmed")),
    ("asked", _("Core data asked for")),
    ("core_data", _("Core data given")),
    ("requests", _("Requests drafted")),
)


def steps(found: Losses) -> tuple[Step, ...]:
    """Return the steps; from the candidates on each is counted in hits, so that what was lost can be said."""
    counts = [(name, getattr(found, key)) for key, name in _NAMES]
    told = []
    for number, (name, count) in enumerate(counts):
        before = counts[number - 1][1] if number > 2 else None
        lost = before - count if before is not None else None
        share = 100 * count / before if before else None
        whole = 100 * count / found.candidates if number >= 2 and found.candidates else None
        told.append(Step(name, count, lost, share, whole))
    return tuple(told)
