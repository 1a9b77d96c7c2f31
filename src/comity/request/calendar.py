"""Calendars: counting the days of a time limit in the state that has to act.

Periods of Union law are counted by Regulation (EEC, Euratom) No 1182/71: the day of the event is not counted
(Art. 3(1)); holidays, Saturdays and Sundays count unless the period is in working days (Art. 3(3)); a period that would
end on one of them ends with the next working day (Art. 3(4)); a period of two days or more holds at least two working
days (Art. 3(5)); public holidays are those of the member state in which the action is to be taken (Art. 2(1)). Other
instruments leave counting to domestic law: there the day of the event is not counted and nothing is moved.

Days are days in the time zone of the state's capital, from the law base's ``forms/zones.yaml``; public holidays are
those that the library holidays knows for the whole state.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import comity_lawbase
import holidays

from comity.law import strict_yaml
from comity.law.form import FormTableError
from comity.values import StateCode

__all__ = ["REGULATION", "Calendar", "Counted", "calendar"]

REGULATION = "Regulation (EEC, Euratom) No 1182/71"
SATURDAY, SUNDAY = 5, 6
DAY = timedelta(days=1)


class _Holidays(Protocol):
    def __contains__(self, on: object) -> bool: ...


@dataclass(frozen=True, slots=True)
class Counted:
    """When a period ends: its last day, the instant it expires, and the articles that were applied to count it."""

    last: date
    expires: datetime
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The calendar of a state.

    ``weekend`` holds days of the week, Monday is 0; ``known`` tells whether its public holidays are known.
    """

    state: StateCode
    zone: ZoneInfo
    weekend: frozenset[int]
    known: bool
    _holidays: _Holidays = field(repr=False)

    def local(self, at: datetime) -> date:
        """Return the day an instant falls on in this state."""
        return at.astimezone(self.zone).date()

    def end_of(self, on: date) -> datetime:
        """Return the instant at which a day is over in this state."""
        return datetime.combine(on + DAY, time(), self.zone)

    def holiday(self, on: date) -> bool:
        """Tell whether a day is a public holiday."""
        return on in self._holidays

    def working(self, on: date, *, union: bool = False) -> bool:
        """Tell whether a day is a working day; under Union law Saturday and Sunday never are (Art. 2(2))."""
        weekend = {SATURDAY, SUNDAY} if union else self.weekend
        return on.weekday() not in weekend and not self.holiday(on)

    def count(self, since: datetime, amount: int, unit: str, *, union: bool) -> Counted:
        """Count ``amount`` of ``unit`` (hours, days, working_days, weeks, months, years) after the event at ``since``.

        ``union`` applies Regulation 1182/71. Raise `ValueError` for another unit.
        """
        rules = ["Art. 3(1)"] if union else []
        if unit == "hours":
            began = since if since.minute == since.second == since.microsecond == 0 else _next_hour(since)
            expires = (began if union else since) + timedelta(hours=amount)
            return Counted(self.local(expires), expires.astimezone(self.zone), self._named(rules))
        first = self.local(since)
        if unit == "working_days":
            last = first
            for _ in range(amount):
                last = self._next_working(last + DAY, union=union)
            return Counted(last, self.end_of(last), self._named([*rules, "Art. 3(3)"] if union else []))
        last = _after(first, amount, unit)
        if union:
            last = self._moved(first, last, rules)
        return Counted(last, self.end_of(last), self._named(rules))

    def _moved(self, first: date, last: date, rules: list[str]) -> date:
        if not self.working(last, union=True):
            last = self._next_working(last, union=True)
            rules.append("Art. 3(4)")
        if last - first >= 2 * DAY:
            while sum(self.working(first + n * DAY, union=True) for n in range(1, (last - first).days + 1)) < 2:
                last = self._next_working(last + DAY, union=True)
                if "Art. 3(5)" not in rules:
                    rules.append("Art. 3(5)")
        return last

    def _next_working(self, on: date, *, union: bool) -> date:
        while not self.working(on, union=union):
            on += DAY
        return on

    @staticmethod
    def _named(rules: list[str]) -> tuple[str, ...]:
        return tuple(f"{REGULATION} {rule}" for rule in rules)


def calendar(state: StateCode, root: Path | None = None) -> Calendar:
    """Return the calendar of a state; ``root`` is the law base, by default the installed one."""
    return _calendar(state, root or comity_lawbase.root())


@lru_cache(maxsize=64)
def _calendar(state: StateCode, root: Path) -> Calendar:
    zones = strict_yaml.read(root / "forms" / "zones.yaml")
    if state not in zones:
        raise FormTableError(f"{root / 'forms' / 'zones.yaml'} has no time zone of {state}.")
    zone = ZoneInfo(zones[state])
    try:
        found = holidays.country_holidays(state)
    except NotImplementedError:
        return Calendar(state, zone, frozenset({SATURDAY, SUNDAY}), known=False, _holidays=frozenset())
    return Calendar(state, zone, frozenset(found.weekend), known=True, _holidays=found)


def _next_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def _after(first: date, amount: int, unit: str) -> date:
    if unit in ("days", "day"):
        return first + amount * DAY
    if unit in ("weeks", "week"):
        return first + 7 * amount * DAY
    if unit in ("months", "month", "years", "year"):
        months = first.month - 1 + amount * (12 if unit.startswith("year") else 1)
        year, month = first.year + months // 12, months % 12 + 1
        following = date(year + month // 12, month % 12 + 1, 1)
        return min(date(year, month, 1) + (first.day - 1) * DAY, following - DAY)
    raise ValueError(f"{unit!r} is no unit of a time limit")
