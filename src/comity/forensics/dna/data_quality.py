"""Check the data of a hit before anyone judges it: is it a hit by our own comparison, and what speaks against the reading.

What makes a hit unfit is that the two profiles as they lie here give none under the rule set, or that one of them is
mixed; a partner's word for it is not taken. Everything else is a remark, to be read by the expert. The marks for peak
heights are this project's own, not a standard's; laboratories have their own, kit by kit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from comity.forensics.dna.compare import Comparison, compare
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.rules import RuleSet

__all__ = ["BALANCE", "NEAR", "DataQuality", "Remark", "check"]

BALANCE = 0.6
"""The least ratio of the lower to the higher peak of two alleles that is passed over in silence."""

NEAR = 2.0
"""A lone peak below this many times the threshold may have lost its partner."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to be read before judging: a stable code, the locus it is about (or none), and the figures."""

    code: str
    locus: str
    text: str


@dataclass(frozen=True, slots=True)
class DataQuality:
    """Whether a hit goes on to the experts, why it does not, and the remarks they read."""

    fit: bool
    why_not: str
    comparison: Comparison
    remarks: tuple[Remark, ...]


def check(
    query: Profile, found: Profile, rules: RuleSet, *, quality: str = "", expected: float | None = None
) -> DataQuality:
    """Check a hit; ``quality`` is what the other side called it, ``expected`` the chance matches it reckoned."""
    comparison = compare(query, found, rules)
    remarks = [*_profiles(query, found), *_heights(query), *_heights(found)]
    if quality and comparison.hit and comparison.quality != quality:
        text = f"the other state says quality {quality}, the comparison here {comparison.quality}"
        remarks.append(Remark("quality-differs", "", text))
    if expected is not None and expected >= 1:
        remarks.append(Remark("chance", "", f"chance alone is expected to bring {expected:.3g} such matches"))
    why_not = "" if comparison.hit else comparison.why
    if query.mixed or found.mixed:
        why_not = why_not or "one of the profiles is mixed"
    return DataQuality(not why_not, why_not, comparison, tuple(remarks))


def _profiles(query: Profile, found: Profile) -> Iterator[Remark]:
    if query.kit and found.kit and query.kit != found.kit:
        yield Remark("kits-differ", "", f"typed with {query.kit} and {found.kit}: a primer's site can hide an allele")
    for one in (query, found):
        if open_ := [name for name, seen in one.loci.items() if not all(each.number for each in seen)]:
            yield Remark("not-designated", "", f"{one.id}: not fully designated at {', '.join(open_)}")
        if one.triallelic:
            yield Remark("three-alleles", "", f"{one.id}: three alleles at {', '.join(sorted(one.triallelic))}")


def _heights(one: Profile) -> Iterator[Remark]:
    for name, detail in one.details.items():
        seen = one.loci.get(name, ())
        if not detail.heights:
            continue
        low = min(detail.heights)
        if detail.threshold is not None and low < detail.threshold:
            yield Remark(
                "below-threshold", name, f"{one.id}, {name}: a peak of {low:g} below the threshold {detail.threshold:g}"
            )
        if len(detail.heights) == 2 and low < BALANCE * max(detail.heights):
            yield Remark(
                "imbalance",
                name,
                f"{one.id}, {name}: peaks {' and '.join(f'{h:g}' for h in detail.heights)} out of balance",
            )
        lone = len(set(seen)) == 1 and detail.threshold is not None
        if lone and detail.threshold is not None and low < NEAR * detail.threshold:
            yield Remark("lone-peak", name, f"{one.id}, {name}: one low allele, {low:g}; a second may be lost")
