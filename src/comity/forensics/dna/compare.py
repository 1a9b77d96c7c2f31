"""Compare two profiles under a rule set and say locus by locus why.

Allele pairs (Prüm): the two values of each profile are set against each other in the order that agrees best, so that
neither the order of alleles nor that of profiles matters. Sharing (CODIS, inclusion): the alleles are sets. A pair's
agreement is equal, wildcard, one base apart (the microvariant tables V1 to V3 say exactly this), or different.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any, assert_never

from comity.forensics.dna.allele import WILDCARD, Allele, Typing
from comity.forensics.dna.locus import locus
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.rules import AllelePairs, RuleSet, Sharing, Stringency
from comity.forensics.errors import RuleError

__all__ = ["Agreement", "Comparison", "LocusComparison", "compare", "compare_locus"]


class Agreement(StrEnum):
    """What a locus says about two profiles."""

    FULL = "full"
    WILDCARD = "wildcard"
    ONE_BASE = "one-base"
    ONE_ALLELE = "one-allele"
    DIFFERENT = "different"
    NOT_COMPARED = "not-compared"
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class LocusComparison:
    """One locus of a comparison; ``deviations`` counts differing alleles, ``why`` says it in words."""

    locus: str
    ours: Typing
    theirs: Typing
    agreement: Agreement
    deviations: int
    wildcard: bool
    why: str

    def to_json(self) -> dict[str, Any]:
        """Return the locus as the commands print it."""
        return {
            "locus": self.locus,
            "query": [each.text for each in self.ours],
            "found": [each.text for each in self.theirs],
            "agreement": self.agreement.value,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome: ``quality`` is None where the rule gives no hit, and ``why`` says which of its parts failed."""

    rules: str
    version: str
    quality: str | None
    compared: int
    matched: int
    loci: tuple[LocusComparison, ...]
    why: str

    @property
    def hit(self) -> bool:
        """Whether the rule gives a hit."""
        return self.quality is not None

    @property
    def grade(self) -> int | str | None:
        """The quality as a number where it is one."""
        return int(self.quality) if self.quality is not None and self.quality.isdigit() else self.quality

    @property
    def differences(self) -> tuple[LocusComparison, ...]:
        """The compared loci that are not fully equal."""
        plain = (Agreement.FULL, Agreement.NOT_COMPARED, Agreement.SHOWN)
        return tuple(each for each in self.loci if each.agreement not in plain)


def compare(ours: Profile, theirs: Profile, rules: RuleSet) -> Comparison:
    """Compare two profiles; raise `RuleError` only for a rule set that has no match rule."""
    match = rules.match
    if match is None:
        raise RuleError(f"{rules.title}: it has no match rule.", cause="It is empty, or only says what is taken in.")
    names = [*ours.loci, *(name for name in theirs.loci if name not in ours.loci)]
    names.sort(key=lambda name: locus(name).order)
    within = _within(ours, theirs)
    loci = tuple(
        compare_locus(name, ours.loci.get(name, ()), theirs.loci.get(name, ()), match, within) for name in names
    )
    match match:
        case AllelePairs():
            found = _graded(rules, match, loci)
            both = False
        case Sharing():
            found = _shared(rules, match, loci)
            both = match.stringency is not Stringency.INCLUSION or not (ours.mixed and theirs.mixed)
        case _:
            assert_never(match)
    if (ours.mixed or theirs.mixed) and not both:
        why = "a mixed profile is not compared under this rule (I5)"
        if isinstance(match, Sharing):
            why = "two mixtures are not compared by inclusion"
        return replace(found, quality=None, why=why)
    return found


def _within(ours: Profile, theirs: Profile) -> int:
    """Return which profile must stand in the other: the one with fewer contributors."""
    return (ours.fewest_contributors < theirs.fewest_contributors) - (
        ours.fewest_contributors > theirs.fewest_contributors
    )


@dataclass(frozen=True, slots=True)
class _Locus:
    """What two profiles have at one locus; ``within`` is 1 where ours must stand in theirs, -1 the other way."""

    name: str
    ours: Typing
    theirs: Typing
    within: int = 0

    def says(self, agreement: Agreement, why: str, deviations: int = 0, *, wildcard: bool = False) -> LocusComparison:
        return LocusComparison(self.name, self.ours, self.theirs, agreement, deviations, wildcard, why)


@lru_cache(maxsize=65536)
def compare_locus(
    name: str, ours: Typing, theirs: Typing, match: AllelePairs | Sharing, within: int = 0
) -> LocusComparison:
    """Compare what two profiles have at one locus; ``within`` orders inclusion: 1 ours in theirs, -1 theirs in ours."""
    at, seen = locus(name), _Locus(name, ours, theirs, within)
    if not ours or not theirs:
        return seen.says(Agreement.NOT_COMPARED, "typed in one profile only")
    if not at.counted:
        same = "equal" if ours == theirs else "not equal"
        return seen.says(Agreement.SHOWN, f"{same}; {at.kind} loci are not judged")
    if isinstance(match, Sharing):
        return _sets(seen, match.stringency)
    return _pairs(seen, _pair(ours, match), _pair(theirs, match), at.repeat or 4)


def _pair(seen: Typing, match: AllelePairs) -> Typing | None:
    plain = tuple(each if each.number else WILDCARD for each in seen)
    if len(plain) == 3 and match.three_alleles == "first-and-wildcard":
        plain = (plain[0], WILDCARD)
    return plain if len(plain) == 2 else None


def _pairs(seen: _Locus, a: Typing | None, b: Typing | None, repeat: int) -> LocusComparison:
    if a is None or b is None:
        return seen.says(Agreement.NOT_COMPARED, "no pair of values in one of them (M1)")
    if WILDCARD == a[0] == a[1] or WILDCARD == b[0] == b[1]:
        return seen.says(Agreement.NOT_COMPARED, "two wildcards say nothing (W5)")
    straight = (_step(a[0], b[0], repeat), _step(a[1], b[1], repeat))
    crossed = (_step(a[0], b[1], repeat), _step(a[1], b[0], repeat))
    best = min(straight, crossed, key=_cost)
    away = sum(each > 1 for each in best)
    wild = 1 in best
    if away == 0:
        if wild:
            return seen.says(Agreement.WILDCARD, "equal but for a wildcard (W4)", wildcard=True)
        return seen.says(Agreement.FULL, "both alleles equal")
    if away == 2:
        return seen.says(Agreement.DIFFERENT, "both alleles differ", 2)
    words = "one allele deviates by one base (V1, V2)" if 2 in best else "one allele differs"
    agreement = Agreement.ONE_BASE if 2 in best else Agreement.ONE_ALLELE
    return seen.says(agreement, words + (", the other meets a wildcard" if wild else ""), 1, wildcard=wild)


def _step(a: Allele, b: Allele, repeat: int) -> int:
    """0 equal, 1 wildcard, 2 one base apart, 3 further apart."""
    if WILDCARD in (a, b):
        return 1
    if a == b:
        return 0
    return 2 if abs(a.length(repeat) - b.length(repeat)) == 1 else 3


def _cost(steps: tuple[int, int]) -> tuple[int, int, int]:
    return (sum(each > 1 for each in steps), sum(each == 3 for each in steps), sum(each == 1 for each in steps))


def _graded(rules: RuleSet, match: AllelePairs, loci: tuple[LocusComparison, ...]) -> Comparison:
    judged = [each for each in loci if each.agreement not in (Agreement.NOT_COMPARED, Agreement.SHOWN)]
    full = sum(each.agreement is Agreement.FULL for each in judged)
    wild = sum(each.wildcard for each in judged)
    away = sum(each.deviations for each in judged)
    counted = full + (
        sum(each.agreement is Agreement.WILDCARD for each in judged) if match.wildcard_locus_counts else 0
    )
    matched = sum(each.agreement in (Agreement.FULL, Agreement.WILDCARD) for each in judged)
    quality, why = _quality(match, counted, wild, away, judged)
    return Comparison(rules.id, rules.version, quality, len(judged), matched, loci, why)


def _quality(
    match: AllelePairs, counted: int, wild: int, away: int, judged: list[LocusComparison]
) -> tuple[str | None, str]:
    if away > match.deviations:
        return None, f"{away} alleles differ; at most {match.deviations} may"
    if counted < match.minimum_full:
        return None, f"{counted} fully designated loci match; at least {match.minimum_full} must"
    if wild and away and not match.causes_combine:
        return None, "a wildcard and a deviating allele do not combine"
    if 0 <= match.wildcards < wild:
        return None, f"{wild} loci match by a wildcard; at most {match.wildcards} may"
    if away:
        by_base = all(each.agreement is Agreement.ONE_BASE for each in judged if each.deviations)
        quality = match.microvariant_quality if by_base else match.deviation_quality
        return str(quality), "near match: " + "; ".join(
            f"{each.locus} {each.why}" for each in judged if each.deviations
        )
    if wild:
        return str(match.wildcard_quality), f"match with a wildcard at {wild} of {len(judged)} loci"
    return "1", f"full match at all {len(judged)} loci both have"


def _sets(seen: _Locus, stringency: Stringency) -> LocusComparison:
    a, b = {each for each in seen.ours if each.number}, {each for each in seen.theirs if each.number}
    if not a or not b:
        return seen.says(Agreement.NOT_COMPARED, "no designated allele in one of them")
    open_a, open_b = len(seen.ours) - _numbers(seen.ours), len(seen.theirs) - _numbers(seen.theirs)
    ours_in, theirs_in = len(a - b) <= open_b, len(b - a) <= open_a
    wild = bool(open_a or open_b)
    if _agrees(stringency, ours_in, theirs_in, bool(a & b) or wild, seen.within):
        agreement = Agreement.WILDCARD if wild else Agreement.FULL
        return seen.says(agreement, f"agrees at {stringency} stringency", wildcard=wild)
    return seen.says(Agreement.DIFFERENT, f"fails {stringency} stringency", 1, wildcard=wild)


def _numbers(seen: Typing) -> int:
    return sum(each.number for each in seen)


def _agrees(stringency: Stringency, ours_in: bool, theirs_in: bool, meet: bool, within: int) -> bool:
    match stringency:
        case Stringency.HIGH:
            return ours_in and theirs_in
        case Stringency.MODERATE:
            return ours_in or theirs_in
        case Stringency.INCLUSION:
            return ours_in if within > 0 else theirs_in if within < 0 else ours_in and theirs_in
        case Stringency.LOW:
            return meet
        case _:
            assert_never(stringency)


def _shared(rules: RuleSet, match: Sharing, loci: tuple[LocusComparison, ...]) -> Comparison:
    judged = [each for each in loci if each.agreement not in (Agreement.NOT_COMPARED, Agreement.SHOWN)]
    failed = sum(each.agreement is Agreement.DIFFERENT for each in judged)
    matched = len(judged) - failed
    if failed > match.mismatches:
        return Comparison(rules.id, rules.version, None, len(judged), matched, loci, f"{failed} loci fail")
    if matched < match.minimum_loci:
        why = f"{matched} loci agree; at least {match.minimum_loci} must"
        return Comparison(rules.id, rules.version, None, len(judged), matched, loci, why)
    name = _reached(match, judged)
    return Comparison(rules.id, rules.version, name, len(judged), matched, loci, f"{matched} loci agree")


def _reached(match: Sharing, judged: list[LocusComparison]) -> str:
    """Return the highest stringency that holds at every locus that agreed."""
    if match.stringency is Stringency.INCLUSION:
        return "included"
    held = [each for each in judged if each.agreement is not Agreement.DIFFERENT]
    for stringency in (Stringency.HIGH, Stringency.MODERATE):
        again = [_sets(_Locus(each.locus, each.ours, each.theirs), stringency) for each in held]
        if all(each.agreement is not Agreement.DIFFERENT for each in again):
            return stringency.value
    return Stringency.LOW.value
