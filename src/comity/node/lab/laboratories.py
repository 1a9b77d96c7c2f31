"""Laboratories as their heads stated them: which stands, what stood before, and what is frozen into an opinion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from comity.forensics.laboratory import Accreditation, Laboratory
from comity.node.accounts.policy import Do, require
from comity.node.accounts.role import Officer
from comity.node.lab.models import LaboratoryRow

__all__ = ["LaboratoryLine", "frozen", "lines", "methods", "standing"]


@dataclass(frozen=True, slots=True)
class LaboratoryLine:
    """A statement of a laboratory's head; ``accreditation`` is what can be said of it today."""

    id: str
    authority: str
    laboratory: Laboratory
    accreditation: Accreditation
    methods: tuple[str, ...]
    stated_by: str
    stated_at: datetime
    ended_at: datetime | None


def standing(authority: str) -> LaboratoryRow | None:
    """Return the statement that stands for the laboratory of an authority."""
    if not authority:
        return None
    return LaboratoryRow.objects.filter(authority=authority, ended_at=None).order_by("-stated_at").first()


def frozen(authority: str, on: date) -> Laboratory | None:
    """Return the laboratory of an authority as it stands on a day, for an opinion; None where nothing was stated."""
    row = standing(authority)
    return _value(row, on) if row else None


def methods(authority: str) -> tuple[str, ...]:
    """Return the methods the laboratory's head listed, with their versions."""
    row = standing(authority)
    return tuple(row.methods) if row else ()


def lines(officer: Officer, on: date) -> tuple[LaboratoryLine, ...]:
    """Return every statement, those that stand first."""
    require(officer, Do.SEE_LAB)
    rows = list(LaboratoryRow.objects.order_by("authority", "-stated_at")[:200])
    return tuple(line(row, on) for row in sorted(rows, key=lambda row: row.ended_at is not None))


def line(row: LaboratoryRow, on: date) -> LaboratoryLine:
    """Return a statement as a line of the list."""
    found = _value(row, on)
    return LaboratoryLine(
        id=str(row.pk),
        authority=row.authority,
        laboratory=found,
        accreditation=found.accreditation,
        methods=tuple(row.methods),
        stated_by=row.stated_by,
        stated_at=row.stated_at,
        ended_at=row.ended_at,
    )


def _value(row: LaboratoryRow, on: date) -> Laboratory:
    return Laboratory(
        name=row.name,
        on=on,
        standard=row.standard,
        number=row.number,
        body=row.body,
        scope=row.scope,
        valid_until=row.valid_until,
    )
