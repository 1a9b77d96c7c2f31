"""The DNA profile: what was typed at each locus, of which category of source, kept on which basis until when.

Decision 2008/616/JHA, Annex chapter 1, no 1.1: a profile is pairs of allele values at named loci. A mixed profile has
more than two values at a locus and is none that may be exchanged under that Decision; it is held here all the same,
for the laboratory's own work. A profile carries a case-local number and never a name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from comity.forensics.dna.allele import Typing, typing
from comity.forensics.errors import ProfileError

__all__ = ["MOST_CONTRIBUTORS", "Category", "LocusDetail", "Profile", "replicated"]

MOST_CONTRIBUTORS = 4


class Category(StrEnum):
    """Whose profile it is."""

    PERSON = "person"
    TRACE = "trace"
    ELIMINATION = "victim-elimination"
    MISSING = "missing-person"
    REMAINS = "unidentified-remains"

    @property
    def known(self) -> bool:
        """Whether the sample was taken from a known person, so that two alleles a locus must stand."""
        return self in (Category.PERSON, Category.ELIMINATION, Category.MISSING)


@dataclass(frozen=True, slots=True)
class LocusDetail:
    """How one locus was typed: kit, analytical threshold and peak heights in relative fluorescence units."""

    kit: str | None = None
    threshold: float | None = None
    heights: tuple[float, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the members that are set."""
        found: dict[str, Any] = {}
        if self.kit:
            found["kit"] = self.kit
        if self.threshold is not None:
            found["threshold"] = self.threshold
        if self.heights:
            found["heights"] = list(self.heights)
        return found


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile. ``loci`` maps canonical locus names to what was read there; blank loci are left out."""

    id: str
    category: Category
    loci: Mapping[str, Typing]
    contributors: int | None = None
    replicates: tuple[Mapping[str, Typing], ...] = ()
    triallelic: frozenset[str] = frozenset()
    kit: str | None = None
    laboratory: str | None = None
    accreditation: str | None = None
    legal_basis: str | None = None
    retain_until: date | None = None
    details: Mapping[str, LocusDetail] = field(default_factory=dict)

    @property
    def mixed(self) -> bool:
        """Whether more than one person contributed, by what was said or by what was read."""
        return self.fewest_contributors > 1

    @property
    def fewest_contributors(self) -> int:
        """The least number of persons that explains the alleles, or the number the laboratory states if greater."""
        many = [seen for name, seen in self.loci.items() if len(seen) > 2 and name not in self.triallelic]
        return max(self.contributors or 1, *(math.ceil(len(set(seen)) / 2) for seen in many), 1)

    @property
    def seen(self) -> tuple[Mapping[str, Typing], ...]:
        """The replicates, or the one typing where there are none."""
        return self.replicates or (self.loci,)

    def full(self, name: str) -> bool:
        """Return whether the locus is fully designated: two values, both designated."""
        seen = self.loci.get(name, ())
        return len(seen) == 2 and seen[0].number and seen[1].number

    def to_json(self) -> dict[str, Any]:
        """Return the profile as the JSON that `comity.forensics.dna.reader` reads."""
        found: dict[str, Any] = {
            "id": self.id,
            "category": self.category.value,
            "loci": {name: [each.text for each in seen] for name, seen in self.loci.items()},
        }
        for name in ("contributors", "kit", "laboratory", "accreditation", "legal_basis"):
            if getattr(self, name) is not None:
                found[name] = getattr(self, name)
        if self.triallelic:
            found["triallelic"] = sorted(self.triallelic)
        if self.retain_until:
            found["retain_until"] = self.retain_until.isoformat()
        if self.replicates:
            found["replicates"] = [
                {name: [each.text for each in seen] for name, seen in each.items()} for each in self.replicates
            ]
        if self.details:
            found["details"] = {name: detail.to_json() for name, detail in self.details.items()}
        return found


def replicated(samples: Sequence[Profile]) -> Profile:
    """Return the samples of one trace as one profile with replicates; its loci hold what any of them shows."""
    if not samples:
        raise ProfileError("There is no replicate.", cause="The file holds no sample.")
    names = dict.fromkeys(name for each in samples for name in each.loci)
    every = {name: typing(tuple({one for each in samples for one in each.loci.get(name, ())})) for name in names}
    return replace(samples[0], loci=every, replicates=tuple(each.loci for each in samples), details={})
