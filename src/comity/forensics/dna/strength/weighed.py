"""What is said of strength: a value a locus, the loci left out and why, the whole, and its limits."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from comity.forensics.dna.allele import Typing
from comity.forensics.dna.locus import Locus, locus
from comity.forensics.dna.population import Minimum, Population
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.strength.sampling import check_theta

__all__ = ["LIMITS", "Formula", "NotUsed", "Scale", "Weighed", "WeighedLocus", "names", "show"]

LIMITS = (
    "The number compares two propositions; it is no probability that the person is the source.",
    "Relatives of the person share alleles more often: weigh them with 'comity dna kinship'.",
    "Loci are taken as independent; vWA and D12S391 lie on one chromosome, as do CSF1PO and D5S818, SE33 and D6S1043.",
    "Frequencies are of the population named and carry its sampling error.",
)


_WHOLE = 0.98


class Formula(StrEnum):
    """Which equations of the National Research Council (1996) are used for one contributor."""

    NRC_4_10 = "nrc-4.10"
    NRC_4_4 = "nrc-4.4"


@dataclass(frozen=True, slots=True)
class Scale:
    """What a weighing is made with: population, theta, least frequency, formula.

    Where the frequencies of a locus sum to less than one, the rest counts as alleles that are not in the table; ``closed``
    takes the table as all there is, as LRmix does.
    """

    population: Population
    theta: float = 0.01
    minimum: Minimum = field(default_factory=Minimum)
    formula: Formula = Formula.NRC_4_10
    closed: bool = False

    def __post_init__(self) -> None:
        check_theta(self.theta)

    def unusable(self, at: Locus, seen: Typing) -> str | None:
        """Return why what was read at a locus cannot be weighed, or None where it can."""
        of = self.population
        if not at.counted:
            return f"{at.kind} loci are not weighed"
        if at.name not in of.frequencies:
            return f"{of.name} has no frequencies of {at.name}"
        if not any(each.number for each in seen):
            return "no designated allele"
        for each in seen:
            if each.number and of.frequency(at.name, each, self.minimum) is None:
                said = (
                    "no minimum frequency is set" if self.minimum.none else "its size is not known: set --minimum 0.001"
                )
                return f"allele {each.text} was not seen in {of.name}, and {said}"
        return None

    def whole(self, name: str) -> float:
        """Return what the frequencies of a locus and of alleles beyond its table sum to."""
        found = sum(self.population.frequencies[name].values())
        return found if self.closed else max(1.0, found)

    def gaps(self, used: Iterable[str]) -> tuple[str, ...]:
        """Return a note where the tables of these loci hold far less than the whole."""
        short = [name for name in used if sum(self.population.frequencies[name].values()) < _WHOLE]
        if not short:
            return ()
        rest = "nothing else is taken to exist" if self.closed else "the rest counts as alleles not in the table"
        return (f"The frequencies of {', '.join(short)} in {self.population.name} sum to less than one; {rest}.",)

    def frequencies(self, name: str, *typings: Typing) -> dict[str, float]:
        """Return the frequency of every designated allele in the typings, by its text."""
        found = {}
        for each in (one for seen in typings for one in seen if one.number):
            value = self.population.frequency(name, each, self.minimum)
            if value is not None:
                found[each.text] = value
        return found


@dataclass(frozen=True, slots=True)
class NotUsed:
    """A locus left out, and why."""

    locus: str
    why: str


@dataclass(frozen=True, slots=True)
class WeighedLocus:
    """One locus: what was read, and the value it gives."""

    locus: str
    genotype: str
    value: float
    frequencies: tuple[tuple[str, float], ...]

    def to_json(self) -> dict[str, Any]:
        """Return the locus as the commands print it."""
        return {
            "locus": self.locus,
            "genotype": self.genotype,
            "value": self.value,
            "frequencies": dict(self.frequencies),
        }


@dataclass(frozen=True, slots=True)
class Weighed:
    """The whole: ``rmp`` and ``lr`` are None where the model does not hold, and ``why_not`` says it.

    ``rmne`` is the chance that a random man is not excluded from a mixture, where one is weighed by itself.
    """

    method: str
    scale: Scale
    loci: tuple[WeighedLocus, ...]
    not_used: tuple[NotUsed, ...]
    log10_lr: float | None
    rmp: float | None = None
    why_not: str = ""
    propositions: tuple[str, str] = ("", "")
    notes: tuple[str, ...] = ()
    rmne: float | None = None

    @property
    def lr(self) -> float | None:
        """The likelihood ratio; infinite ratios do not arise, a zero is an exclusion."""
        if self.log10_lr is None:
            return None
        return 0.0 if self.log10_lr == -math.inf else 10**self.log10_lr if self.log10_lr < 300 else None

    def to_json(self) -> dict[str, Any]:
        """Return the contract of ``comity dna lr --json``."""
        finite = self.log10_lr is not None and math.isfinite(self.log10_lr)
        return {
            "method": self.method,
            "propositions": list(self.propositions),
            "rmp": self.rmp,
            "lr": self.lr,
            "log10_lr": self.log10_lr if finite else None,
            "theta": self.scale.theta,
            "population": self.scale.population.name,
            "population_data": self.scale.population.to_json(),
            "minimum_frequency": str(self.scale.minimum),
            "loci": [each.to_json() | self._raised(each) for each in self.loci],
            "not_used": [{"locus": each.locus, "why": each.why} for each in self.not_used],
            "no_number_because": self.why_not or None,
            "notes": list(self.notes),
            "limits": list(LIMITS),
            **({} if self.rmne is None else {"rmne": self.rmne}),
        }

    def _raised(self, found: WeighedLocus) -> dict[str, Any]:
        """Return which alleles stand at the least frequency because the table has less or nothing."""
        table = self.scale.population.frequencies.get(found.locus, {})
        raised = [text for text, value in found.frequencies if table.get(text, 0.0) < value]
        return {"at_minimum": raised} if raised else {}


def show(seen: Typing) -> str:
    """Write a typing as laboratories do: 6,9.3."""
    return ",".join(each.text for each in seen) or "-"


def names(*profiles: Profile) -> list[str]:
    """Return the names of all loci of the profiles, in the order of the table."""
    found = {name for each in profiles for name in each.loci}
    return sorted(found, key=lambda name: locus(name).order)
