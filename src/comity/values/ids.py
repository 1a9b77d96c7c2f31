"""Identifiers two states share.

A dossier id follows the grammar of the e-Evidence and EIO exchanges:
``INSTRUMENT-ISSUING-EXECUTING-YYYY-MM-DD-NNNN-N``, for example ``EIO-AT-PL-2019-09-10-0012-1``. It carries
neither a name nor a national case number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from comity.errors import ValueRefusedError
from comity.values.period import day
from comity.values.state import StateCode, state

__all__ = ["DossierId"]

_FORM = re.compile(r"([A-Z]{2,8})-([A-Z]{2})-([A-Z]{2})-(\d{4}-\d{2}-\d{2})-(\d{4})-(\d{1,2})")


@dataclass(frozen=True, slots=True)
class DossierId:
    """The id of one cooperation; ``number`` counts within the issuing state and day, ``version`` its renewals."""

    form: str
    issuing: StateCode
    executing: StateCode
    on: date
    number: int
    version: int = 1

    @classmethod
    def read(cls, text: str) -> DossierId:
        """Read an id; raise `ValueRefusedError` for anything outside the grammar."""
        found = _FORM.fullmatch(text)
        if not found:
            raise ValueRefusedError(
                f"{text[:80]!r} is not a dossier id.",
                cause="A dossier id is INSTRUMENT-ISSUING-EXECUTING-YYYY-MM-DD-NNNN-N.",
                remedy="Copy it from the letter or the package, for example EIO-AT-PL-2019-09-10-0012-1.",
            )
        form, issuing, executing, on, number, version = found.groups()
        return cls(form, state(issuing), state(executing), day(on), int(number), int(version))

    def __str__(self) -> str:
        return f"{self.form}-{self.issuing}-{self.executing}-{self.on}-{self.number:04d}-{self.version}"
