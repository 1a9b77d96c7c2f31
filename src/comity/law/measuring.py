"""Amounts with their units as people read them: ``1 day``, ``15 днів``, ``maximum penalty: 12 months``."""

from __future__ import annotations

from typing import Literal

__all__ = ["measured"]

_PLURALS = {
    "days": (("day", "days"), ("день", "дні", "днів")),
    "hours": (("hour", "hours"), ("година", "години", "годин")),
    "months": (("month", "months"), ("місяць", "місяці", "місяців")),
    "years": (("year", "years"), ("рік", "роки", "років")),
    "times": (("time", "times"), ("раз", "рази", "разів")),
}

_FRAMES: dict[str, tuple[str, str, str]] = {
    "days": ("days", "{}", "{}"),
    "days_max": ("days", "at most {}", "щонайбільше {}"),
    "days_max_declared": ("days", "at most {}, as declared", "щонайбільше {}, за заявою"),
    "days_min": ("days", "at least {}", "щонайменше {}"),
    "days_before_hearing": ("days", "at least {} before the hearing", "щонайменше за {} до засідання"),
    "hours": ("hours", "{}", "{}"),
    "months": ("months", "{}", "{}"),
    "months_max_penalty": ("months", "maximum penalty: {}", "найвища межа покарання: {}"),
    "months_remaining": ("months", "left to serve: {}", "залишилося відбути: {}"),
    "months_sentence": ("months", "sentence imposed: {}", "призначене покарання: {}"),
    "years_max_penalty": ("years", "maximum penalty: {}", "найвища межа покарання: {}"),
    "per_year": ("times", "{} a year", "{} на рік"),
}
"""Units by id: what is counted, and the frame in English and Ukrainian."""


def measured(amount: int, unit: str, language: str) -> str:
    """Return an amount in words in ``en`` or ``uk``; "" for a unit that is not known here."""
    if unit not in _FRAMES:
        return ""
    counted, english, ukrainian = _FRAMES[unit]
    if language == "uk":
        return ukrainian.format(f"{amount} {_PLURALS[counted][1][_place(amount)]}")
    return english.format(f"{amount} {_PLURALS[counted][0][amount != 1]}")


def _place(amount: int) -> Literal[0, 1, 2]:
    """Return which of the three Ukrainian forms a number takes: 1 день, 2 дні, 5 днів, 11 днів, 21 день."""
    if amount % 10 == 1 and amount % 100 != 11:
        return 0
    return 1 if amount % 10 in {2, 3, 4} and amount % 100 not in {12, 13, 14} else 2
