"""Loci as data: their kinds, repeat lengths, allele ranges and the sets they belong to.

The 24 loci are those of Decision 2008/616/JHA, Annex chapter 1, no 1.1; the European Standard Set of twelve is that
of Council Resolution 2009/C 296/01; CODIS 13 and 20 are the core loci of the FBI. Ranges are the alleles observed in
four published data sets (``data/SOURCES.md``), widened by three repeats below and six above: beyond them a reading is
taken for an error of the laboratory's export (a rule of this project, not of a treaty).
"""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from comity.forensics.errors import UnknownLocusError

__all__ = ["SETS", "Locus", "LocusKind", "loci", "locus", "locus_set", "table"]

SETS = ("prum24", "ess7", "ess12", "european16", "codis13", "codis20")
"""The named sets a rule may refer to; ``designated`` is the union of prum24 and ess12, ``any`` every locus."""

_NOISE = re.compile(r"[\s_\-]+")


class LocusKind(StrEnum):
    """What a locus is: only autosomal loci are counted and weighed."""

    AUTOSOMAL = "autosomal"
    LENGTH = "length"
    SEX = "sex"
    Y = "y"


@dataclass(frozen=True, slots=True)
class Locus:
    """One locus. ``repeat`` is the repeat's length in bases, ``lowest`` and ``highest`` bound the repeat number."""

    name: str
    kind: LocusKind
    repeat: int | None
    lowest: float | None
    highest: float | None
    observed: int
    sets: frozenset[str]
    order: int

    @property
    def counted(self) -> bool:
        """Whether the locus may count towards a match: Amelogenin and the Y loci do not."""
        return self.kind in (LocusKind.AUTOSOMAL, LocusKind.LENGTH)


def _number(text: str) -> float | None:
    return float(text) if text else None


def _rows() -> Iterator[dict[str, str]]:
    with (files("comity.forensics.dna") / "data" / "loci.csv").open(encoding="utf-8") as stream:
        yield from csv.DictReader(stream)


@cache
def loci() -> Mapping[str, Locus]:
    """Return every locus by its canonical name, in the order of the table."""
    found = {}
    for row in _rows():
        found[row["locus"]] = Locus(
            name=row["locus"],
            kind=LocusKind(row["kind"]),
            repeat=int(row["repeat"]) if row["repeat"] else None,
            lowest=_number(row["lowest"]),
            highest=_number(row["highest"]),
            observed=int(row["alleles"] or 0),
            sets=frozenset(name for name in SETS if row[name]),
            order=int(row["order"]),
        )
    return found


table = loci


@cache
def _names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for row in _rows():
        for name in (row["locus"], *row["aliases"].split()):
            names[_plain(name)] = row["locus"]
    return names


def _plain(name: str) -> str:
    return _NOISE.sub("", name).upper()


@cache
def locus(name: str) -> Locus:
    """Return the locus a laboratory calls ``name``; raise `UnknownLocusError` with the nearest names."""
    found = _names().get(_plain(name))
    if found is not None:
        return loci()[found]
    near = difflib.get_close_matches(_plain(name), list(_names()), n=3, cutoff=0.5)
    nearest = list(dict.fromkeys(_names()[each] for each in near))
    raise UnknownLocusError(
        f"{name[:40]!r} is not the name of a locus.",
        remedy=f"Did you mean {', '.join(nearest)}?" if nearest else "Write it as on the kit, for example D21S11.",
        locus=name,
        nearest=nearest,
    )


@cache
def locus_set(name: str) -> frozenset[str]:
    """Return the names of a set's loci; ``designated`` and ``any`` count only loci that may count."""
    if name == "any":
        return frozenset(each.name for each in loci().values() if each.counted)
    wanted = {"prum24", "ess12"} if name == "designated" else {name}
    return frozenset(each.name for each in loci().values() if each.counted and each.sets & wanted)
