"""Spans of days: ``from`` is the first day in, ``until`` the first day out; None is open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from comity.errors import ValueRefusedError

__all__ = ["Period", "day"]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open span of days, ``since`` included, ``until`` excluded."""

    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.until < self.since:
            raise ValueRefusedError(
                f"A period cannot end on {self.until} before it begins on {self.since}.",
                cause="The two dates were exchanged, or one has a wrong year.",
                remedy="Correct the dates at their source.",
            )

    def __contains__(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


def day(text: str) -> date:
    """Read an ISO 8601 calendar date (``2026-11-24``)."""
    try:
        if not _DAY.fullmatch(text):
            raise ValueError("the form is YYYY-MM-DD")  # noqa: TRY301 - the two refusals read as one
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueRefusedError(
            f"{text!r} is not a date: {error}.",
            cause="Dates are written in ISO 8601, year first, and must exist in the calendar.",
            remedy="Write it as YYYY-MM-DD, for example 2026-11-24.",
            value=text,
        ) from error
