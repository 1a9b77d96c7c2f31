"""The time limit for core data: what the law base says of it, whether it runs, and from when to when.

An instrument's limit runs only where the law base says the instrument applies between the two states on that day; where
that is disputed, the limit is shown and does not run. Where the day it begins is disputed, the limit says so and is
counted from the later moment: the match was confirmed before, the facts and the offence are stated with the request.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from comity.law import LawBase, Resolution

__all__ = ["Limit", "core_data_limit"]

_HOURS = {"hours": 1, "days": 24}


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit in hours. ``runs`` where its instrument applies; ``unsure`` where the law base marks it so.

    ``known`` is looked-up or recalled; ``ends_at`` is None where it does not run.
    """

    article: str
    hours: int
    text: str
    uk: str
    source: str
    known: str
    runs: bool
    unsure: bool
    begins_at: datetime
    ends_at: datetime | None


def core_data_limit(
    found: Resolution, base: LawBase, *, measure: str, form: str, asked_at: datetime
) -> tuple[Limit, ...]:
    """Return the limits that instruments on automated data set for core data, those that run first."""
    limits = []
    for basis in found.bases:
        instrument = base.instruments.get(basis.instrument)
        if instrument is None or form not in instrument.forms:
            continue
        runs = basis.status == "applicable"
        for rule in basis.of("time_limit"):
            if rule.amount is None or rule.unit not in _HOURS or (rule.measures and measure not in rule.measures):
                continue
            hours = rule.amount * _HOURS[rule.unit]
            limits.append(
                Limit(
                    article=rule.article,
                    hours=hours,
                    text=rule.text,
                    uk=rule.uk,
                    source=rule.source,
                    known=str(rule.basis),
                    runs=runs,
                    unsure=rule.unsure,
                    begins_at=asked_at,
                    ends_at=asked_at + timedelta(hours=hours) if runs else None,
                )
            )
    return tuple(sorted(limits, key=lambda one: (not one.runs, one.hours)))
