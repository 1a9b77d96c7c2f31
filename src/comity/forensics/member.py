"""The kinds of members that bodies of acts have: lines, texts, references, days. All closed, all bounded."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints

from comity.forensics.dna import reader

__all__ = [
    "CLOSED",
    "Count",
    "Day",
    "Details",
    "Id",
    "Line",
    "Loci",
    "Name",
    "Number",
    "Prose",
    "Reference",
    "Rules",
    "Said",
]

CLOSED = ConfigDict(extra="forbid")
"""A member that is not named is refused."""


def _said(text: str) -> str:
    if not text:
        raise ValueError("it must say something")
    return text


def _numbered(text: str) -> str:
    if not any(sign.isdigit() for sign in text):
        raise ValueError("a reference is a case-local number and holds a digit; it is never a name")
    return reader.identity(text)


def _day(value: object) -> date:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise ValueError("a day is written YYYY-MM-DD") from error
    if isinstance(value, date):
        return value
    raise ValueError("a day is written YYYY-MM-DD")


Reference = Annotated[str, StringConstraints(max_length=64), AfterValidator(_numbered)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Said = Annotated[Prose, AfterValidator(_said)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Id = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9][A-Za-z0-9._:()/+=,#-]{0,119})?$")]
Rules = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$|^$")]
Loci = Annotated[dict[str, tuple[str, ...]], Field(min_length=1, max_length=60)]
Details = Annotated[dict[str, dict[str, Any]], Field(max_length=60)]
Count = Annotated[int, Field(ge=0, le=2**53)]
Number = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Day = Annotated[date, BeforeValidator(_day)]
