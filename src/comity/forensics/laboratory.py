"""The laboratory an opinion is of, and its accreditation as it stood on the day the opinion was given.

Council Framework Decision 2009/905/JHA asks that laboratory work on DNA is accredited under EN ISO/IEC 17025 (recalled).
A laboratory without accreditation, or with one that ran out, may give an opinion here; what stands is said with it, in
the opinion, in the outcome both states hear, and in the report.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from pydantic import ConfigDict

from comity.forensics.member import CLOSED, Day, Line, Name

__all__ = ["Accreditation", "Laboratory"]


class Accreditation(StrEnum):
    """What can be said of an accreditation on a day."""

    NONE = "no-accreditation"
    STANDS = "accreditation-stands"
    NO_END = "accreditation-no-end"
    EXPIRED = "accreditation-expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Laboratory:
    """A laboratory on the day ``on``: standard, number, accrediting body and scope, as its head stated them."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    name: Name
    on: Day
    standard: Line = ""
    number: Line = ""
    body: Line = ""
    scope: Line = ""
    valid_until: Day | None = None

    @property
    def accreditation(self) -> Accreditation:
        """What stood that day; the last day of validity counts."""
        if not self.number:
            return Accreditation.NONE
        if self.valid_until is None:
            return Accreditation.NO_END
        return Accreditation.EXPIRED if self.valid_until < self.on else Accreditation.STANDS
