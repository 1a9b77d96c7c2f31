"""A finding: what a comparison says, with everything without which it must not travel.

A score never stands alone. With it go the method and the rule set with its version, the data it was reckoned from, the
chance matches expected in the database that was searched, likelihood ratios with population, theta and the two
propositions they compare, what the check of the data remarked, and the limits. `Finding` cannot be made without them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from comity.forensics.dna.compare import Comparison
from comity.forensics.dna.data_quality import DataQuality, check
from comity.forensics.dna.population import DEFAULT, population
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.rules import RuleSet
from comity.forensics.dna.strength.scale import Words, words
from comity.forensics.dna.strength.single import source
from comity.forensics.dna.strength.weighed import LIMITS, Scale, Weighed
from comity.forensics.errors import ParameterError

__all__ = ["POPULATIONS", "Chance", "Finding", "of_hit", "scales"]

POPULATIONS = (DEFAULT, "NIST1036rev2017/AA", "NIST1036rev2017/Asian", "NIST1036rev2017/Hisp")
"""The populations shown side by side where nobody chooses others."""

_MORE_LIMITS = (
    "The model has no drop-out and no drop-in: a differing allele gives the ratio zero, which is no exclusion by itself.",
    "A hit is a reason to compare further, not evidence of who left a trace, when or how.",
)


@dataclass(frozen=True, slots=True)
class Chance:
    """Chance matches expected in the database searched: how many, among how many profiles, reckoned with what."""

    expected: float
    searched: int
    population: str
    theta: float

    def to_json(self) -> dict[str, Any]:
        """Return its members."""
        return {
            "expected_chance_matches": self.expected,
            "searched": self.searched,
            "population": self.population,
            "theta": self.theta,
            "assumes": "unrelated persons of one population; relatives and wildcards bring more",
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison, whole. ``strengths`` has one weighing a population; each may say that it gives no number."""

    query: Profile
    found: Profile
    rules: RuleSet
    quality: DataQuality
    chance: Chance
    strengths: tuple[Weighed, ...]
    method: str
    limits: tuple[str, ...] = field(default=(*LIMITS, *_MORE_LIMITS))

    def __post_init__(self) -> None:
        for name in ("strengths", "method", "limits"):
            if not getattr(self, name):
                raise ParameterError(
                    f"A finding without {name} is none.",
                    cause="A score was to be shown without what it was reckoned with.",
                    remedy="Give it; where no number can be given, the weighing says why.",
                )
        if self.quality.comparison.rules != self.rules.id or self.quality.comparison.version != self.rules.version:
            raise ParameterError("The comparison of a finding was made under another rule set than it names.")

    @property
    def comparison(self) -> Comparison:
        """The comparison, locus by locus."""
        return self.quality.comparison

    @property
    def leading(self) -> Weighed:
        """The weighing that says least for the first proposition, or the first where none gives a number."""
        given = [one for one in self.strengths if one.log10_lr is not None]
        return min(given, key=lambda one: one.log10_lr or 0.0) if given else self.strengths[0]

    @property
    def words(self) -> Words | None:
        """The verbal scale for the leading ratio, a labelled help; None where there is no number.

        A ratio of zero comes of a model without drop-out and is no exclusion by itself: it gets no words either.
        """
        log = self.leading.log10_lr
        return None if log is None or math.isinf(log) else words(log)

    def to_json(self) -> dict[str, Any]:
        """Return the finding as the API gives it."""
        said = self.comparison
        return {
            "method": self.method,
            "rules": {"id": self.rules.id, "version": self.rules.version, "title": self.rules.title},
            "quality": said.grade,
            "loci_compared": said.compared,
            "loci_matched": said.matched,
            "why": said.why,
            "loci": [one.to_json() for one in said.loci],
            "chance": self.chance.to_json(),
            "strengths": [one.to_json() for one in self.strengths],
            "remarks": [{"code": r.code, "locus": r.locus, "text": r.text} for r in self.quality.remarks],
            "fit": self.quality.fit,
            "why_not": self.quality.why_not,
            "limits": list(self.limits),
        }


def scales(names: Sequence[str] = POPULATIONS, theta: float = 0.01) -> tuple[Scale, ...]:
    """Return what to weigh with: each population by name, with one theta."""
    return tuple(Scale(population(name), theta) for name in names)


def of_hit(
    query: Profile,
    found: Profile,
    rules: RuleSet,
    chance: Chance,
    *,
    by: Sequence[Scale] | None = None,
    quality: str = "",
) -> Finding:
    """Return the finding on a hit, compared and weighed here; ``quality`` is what the other side called it."""
    checked = check(query, found, rules, quality=quality, expected=chance.expected)
    trace, person = (found, query) if query.category.known and not found.category.known else (query, found)
    strengths = tuple(_weighed(trace, person, scale) for scale in by or scales())
    return Finding(
        query=query,
        found=found,
        rules=rules,
        quality=checked,
        chance=chance,
        strengths=strengths,
        method=f"comparison of STR profiles under {rules.title}, version {rules.version}",
    )


def _weighed(trace: Profile, person: Profile, scale: Scale) -> Weighed:
    found = source(trace, person, scale)
    if person.category.known and not trace.category.known:
        return found
    of = "persons" if trace.category.known else "traces"
    said = (
        f"both {of}, {trace.id} and {person.id}, are of one person",
        "they are of two unrelated persons",
    )
    return replace(found, propositions=said)
