"""Alleles as laboratories write them: 9.3, X, *, OL, <5, >27, and what stands for "not designated".

Decision 2008/616/JHA, Annex chapter 1, no 1.2 turns every value that is no number ('o', 'f', 'r', 'na', 'nr', 'un')
and the numbers 0, 1 and 99 into a wildcard for the export. They are read here as undesignated and keep their text:
turning them is the rule set's business, so that another rule can treat them otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from comity.forensics.dna.locus import Locus, LocusKind
from comity.forensics.errors import AlleleError

__all__ = ["WILDCARD", "Allele", "AlleleKind", "Typing", "allele", "typing"]

_NUMBER = re.compile(r"(0|[1-9]\d{0,2})(?:\.(\d))?")
_BOUND = re.compile(r"([<>])\s*((?:0|[1-9]\d{0,2})(?:\.\d)?)")
_UNDESIGNATED = frozenset({"O", "F", "R", "NA", "NR", "UN", "OL", "0", "1", "99"})


class AlleleKind(StrEnum):
    """What is known of an allele."""

    NUMBER = "number"
    SEX = "sex"
    WILDCARD = "wildcard"
    UNDESIGNATED = "undesignated"
    BELOW = "below"
    ABOVE = "above"


_ORDER = {kind: place for place, kind in enumerate(AlleleKind)}


@dataclass(frozen=True, slots=True)
class Allele:
    """One allele: ``text`` is its canonical form; ``repeats`` and ``bases`` are 9 and 3 for 9.3."""

    kind: AlleleKind
    text: str
    repeats: int = 0
    bases: int = 0

    @property
    def number(self) -> bool:
        """Whether the allele is designated: a number, or X or Y at Amelogenin."""
        return self.kind in (AlleleKind.NUMBER, AlleleKind.SEX)

    @property
    def place(self) -> tuple[int, int, int, str]:
        """The key alleles are ordered by."""
        return (_ORDER[self.kind], self.repeats, self.bases, self.text)

    def length(self, repeat: int) -> int:
        """Return the length in bases, for a repeat of ``repeat`` bases."""
        return self.repeats * repeat + self.bases

    def __str__(self) -> str:
        return self.text


Typing = tuple[Allele, ...]
"""What was read at one locus, in order; a homozygote has its allele twice."""

WILDCARD = Allele(AlleleKind.WILDCARD, "*")


@lru_cache(maxsize=65536)
def allele(text: str, at: Locus) -> Allele:
    """Read one allele of the locus ``at``; raise `AlleleError` for what it cannot be."""
    plain = text.strip().upper()
    if plain == "*":
        return WILDCARD
    if at.kind is LocusKind.SEX and plain in ("X", "Y"):
        return Allele(AlleleKind.SEX, plain)
    if plain in _UNDESIGNATED:
        return Allele(AlleleKind.UNDESIGNATED, plain if plain != "O" else "o")
    bound = _BOUND.fullmatch(plain)
    if bound:
        whole, _, part = bound.group(2).partition(".")
        kind = AlleleKind.BELOW if bound.group(1) == "<" else AlleleKind.ABOVE
        return Allele(kind, bound.group(1) + bound.group(2), int(whole), int(part or 0))
    return _numeric(text, plain, at)


def _numeric(text: str, plain: str, at: Locus) -> Allele:
    found = _NUMBER.fullmatch(plain)
    if not found or at.kind is LocusKind.SEX:
        raise AlleleError(
            f"{text[:20]!r} is not an allele of {at.name}.",
            cause="An allele is a number such as 14 or 9.3, or one of * OL <5 >27; Amelogenin has X and Y.",
            remedy="Correct the reading, or write * where the allele was not designated.",
            locus=at.name,
            allele=text,
        )
    repeats, bases = int(found.group(1)), int(found.group(2) or 0)
    if at.repeat and bases >= at.repeat:
        raise AlleleError(
            f"{text!r} cannot be an allele of {at.name}: its repeat has {at.repeat} bases.",
            cause="The part behind the point counts bases and is less than a whole repeat.",
            locus=at.name,
            allele=text,
        )
    if at.lowest is not None and at.highest is not None and not at.lowest <= repeats + bases / 10 <= at.highest:
        raise AlleleError(
            f"{text} is out of range at {at.name}: {at.lowest:g} to {at.highest:g} are read.",
            cause="The allele stands at the wrong locus, or the reading slipped; so far off the ladder it is none.",
            remedy="Correct it, or write < or > before the ladder's end, or * where it was not designated.",
            locus=at.name,
            allele=text,
        )
    return Allele(AlleleKind.NUMBER, f"{repeats}.{bases}" if bases else str(repeats), repeats, bases)


def typing(alleles: tuple[Allele, ...]) -> Typing:
    """Put alleles into their order."""
    return tuple(sorted(alleles, key=lambda each: each.place))
