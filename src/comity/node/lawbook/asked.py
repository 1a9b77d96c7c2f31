"""What the law's pages were asked in their address: days as written, so that an impossible one is refused and not replaced."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.http import QueryDict

from comity.law.question import asked_on

__all__ = ["day_of", "today"]


def today() -> date:
    """Return the day on which a page is asked."""
    return datetime.now(UTC).date()


def day_of(given: QueryDict, name: str = "on") -> date:
    """Return the day a page is asked about, today where none is; raise `ValueRefusedError` or `QuestionError` for a wrong one."""
    text = given.get(name, "")[:20]
    return asked_on(text) if text else today()
