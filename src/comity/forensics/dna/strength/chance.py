"""Chance matches: how many unrelated profiles a rule set is expected to bring up.

Two questions. `of_query`: for one profile searched in a database whose profiles have known sets of loci, the chance of
each agreement at each locus is summed over all genotypes, given the query (sampling formula), and the rule set's own
counting of loci is carried through as a distribution. `of_pairs`: for two random profiles, the chances that they agree
at a locus in both alleles, in one with a step of one base, or in one otherwise (Weir 2004; Tvedebrink et al. 2012).
Relatives raise the true number; wildcards in the database raise it too and are not counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import numpy.typing as npt

from comity.forensics.dna.allele import Allele, AlleleKind, Typing, allele, typing
from comity.forensics.dna.compare import Agreement, compare_locus
from comity.forensics.dna.locus import locus
from comity.forensics.dna.population import Population
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.rules import AllelePairs, RuleSet, Sharing, Stringency
from comity.forensics.dna.strength.sampling import genotype
from comity.forensics.dna.strength.weighed import Scale

__all__ = ["Expected", "PairChances", "of_databases", "of_pairs", "of_query", "pair_chances"]

Chances = dict[tuple[Agreement, int, bool], float]
"""The chance of each agreement, with the alleles that differ and whether a wildcard was met."""

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
_ROWS = 2048


@dataclass(frozen=True, slots=True)
class Expected:
    """Expected chance matches among ``compared`` comparisons, in all and by quality; ``left_out`` have no frequencies."""

    compared: int
    total: float
    by_quality: Mapping[str, float]
    population: str
    theta: float
    left_out: tuple[str, ...]


def of_query(query: Profile, masks: Mapping[frozenset[str], int], rules: RuleSet, by: Scale) -> Expected:
    """Return the chance matches expected for one query; ``masks`` counts the database's profiles by their loci."""
    if rules.match is None or (query.mixed and isinstance(rules.match, AllelePairs)):
        return Expected(sum(masks.values()), 0.0, {}, by.population.name, by.theta, ())
    steps: dict[str, Chances] = {}
    left_out = []
    for name, seen in query.loci.items():
        if not locus(name).counted or len([each for each in seen if each.number]) == 0:
            continue
        if by.unusable(locus(name), seen):
            left_out.append(name)
        else:
            steps[name] = _agreements(name, seen, rules.match, by)
    order = sorted(steps)
    present = np.array([[name in mask for name in order] for mask in masks], dtype=bool).reshape(len(masks), len(order))
    patterns, which = np.unique(present, axis=0, return_inverse=True)
    counts = np.bincount(which.ravel(), weights=list(masks.values()), minlength=len(patterns)) if masks else np.zeros(0)
    total: dict[str, float] = {}
    for begin in range(0, len(patterns), _ROWS):
        part = slice(begin, begin + _ROWS)
        for quality, chances in _qualities([steps[name] for name in order], patterns[part], rules.match).items():
            total[quality] = total.get(quality, 0.0) + float(chances @ counts[part])
    found = dict(sorted(total.items()))
    compared = sum(masks.values())
    return Expected(compared, sum(found.values()), found, by.population.name, by.theta, tuple(left_out))


def _agreements(name: str, seen: Typing, match: AllelePairs | Sharing, by: Scale) -> Chances:
    """Return the chance of every agreement that a random person can have with ``seen`` at one locus."""
    table = _table(name, by.population) | {each.text: each for each in seen if each.number}
    p = _frequencies(name, table, seen, by)
    drawn = Counter(each.text for each in seen if each.number)
    found: Chances = {}
    for a, b in _genotypes(list(table), seen, match):
        said = compare_locus(name, seen, typing((table[a], table[b])), match, -1)
        key = (said.agreement, said.deviations, said.wildcard)
        found[key] = found.get(key, 0.0) + genotype(a, b, p, drawn, by.theta)
    return found


def _frequencies(name: str, table: Mapping[str, Allele], seen: Typing, by: Scale) -> dict[str, float]:
    """Return frequencies that sum to one: the query's as they are weighed elsewhere, all others in proportion."""
    ours = by.frequencies(name, seen)
    others = {text: by.population.frequencies[name].get(text, 0.0) for text in table if text not in ours}
    whole = sum(others.values())
    rest = max(0.0, 1 - sum(ours.values())) / whole if whole else 0.0
    return {**ours, **{text: value * rest for text, value in others.items()}}


def _table(name: str, of: Population) -> dict[str, Allele]:
    every = (allele(text, locus(name)) for text in of.frequencies[name])
    return {each.text: each for each in every if each.kind is AlleleKind.NUMBER}


def _genotypes(texts: list[str], seen: Typing, match: AllelePairs | Sharing) -> Iterable[tuple[str, str]]:
    """Return the genotypes that can agree: those that share an allele, unless the rule lets two differ."""
    held = {each.text for each in seen if each.number}
    every = not all(each.number for each in seen)
    every |= match.deviations > 1 if isinstance(match, AllelePairs) else match.mismatches > 0 or len(held) > 2
    for number, a in enumerate(texts):
        for b in texts[number:]:
            if every or a in held or b in held:
                yield a, b


def _qualities(steps: Sequence[Chances], present: BoolArray, match: AllelePairs | Sharing) -> dict[str, FloatArray]:
    """Return for each row of ``present`` (which of the steps' loci it has) the chance of each quality.

    The states are carried as one array: row, loci that count, wildcard met, alleles that differ, all by one base.
    """
    most = match.deviations if isinstance(match, AllelePairs) else match.mismatches
    least = match.minimum_full if isinstance(match, AllelePairs) else match.minimum_loci
    states = np.zeros((len(present), least + 1, 2, most + 1, 2))
    states[:, 0, 0, 0, 1] = 1.0
    for number, step in enumerate(steps):
        following = np.where(present[:, number, None, None, None, None], 0.0, states)
        moving = np.where(present[:, number, None, None, None, None], states, 0.0)
        for (agreement, deviations, wildcard), chance in step.items():
            moved = moving[:, :, :, : most + 1 - deviations] * chance
            if deviations > most:
                continue
            if wildcard:
                moved = np.stack([np.zeros_like(moved[:, :, 0]), moved.sum(axis=2)], axis=2)
            if deviations and agreement is not Agreement.ONE_BASE:
                moved = np.stack([moved.sum(axis=4), np.zeros_like(moved[..., 0])], axis=4)
            to = following[:, :, :, deviations:]
            if _counts(agreement, match):
                to[:, 1:] += moved[:, :-1]
                to[:, least] += moved[:, least]
            else:
                to += moved
        states = following
    found: dict[str, FloatArray] = {}
    for wild, away, base in product((0, 1), range(most + 1), (0, 1)):
        quality = _quality(wild, away, base, match)
        if quality is not None:
            found[quality] = found.get(quality, 0.0) + states[:, least, wild, away, base]
    return found


def _counts(agreement: Agreement, match: AllelePairs | Sharing) -> bool:
    if agreement is Agreement.FULL:
        return True
    return agreement is Agreement.WILDCARD and (isinstance(match, Sharing) or match.wildcard_locus_counts)


def _quality(wild: int, away: int, base: int, match: AllelePairs | Sharing) -> str | None:
    if isinstance(match, Sharing):
        return "included" if match.stringency is Stringency.INCLUSION else match.stringency.value
    if wild and away and not match.causes_combine:
        return None
    if away:
        return str(match.microvariant_quality if base else match.deviation_quality)
    return str(match.wildcard_quality) if wild else "1"


@dataclass(frozen=True, slots=True)
class PairChances:
    """How two unrelated persons agree at a locus: equal; one allele apart, by one base or otherwise.

    ``contained`` is the part of the last two where one is homozygous, so that its alleles stand in the other's.
    """

    equal: float
    base: float
    apart: float
    contained: float


def pair_chances(name: str, of: Population, theta: float) -> PairChances:
    """Return the chances at one locus, by the sampling formula.

    With D = (1+t)(1+2t): equal homozygotes are p(t+(1-t)p)(2t+(1-t)p)(3t+(1-t)p)/D, and so on.
    """
    table = _table(name, of)
    whole = sum(of.frequencies[name][each] for each in table)
    p = {text: of.frequencies[name][text] / whole for text in table}
    unit = (1 + theta) * (1 + 2 * theta)
    repeat = locus(name).repeat or 4
    twice = {text: value * (theta + (1 - theta) * value) for text, value in p.items()}
    every = sum(twice.values())
    equal = sum(
        twice[a] * (2 * theta + (1 - theta) * of_a) * (3 * theta + (1 - theta) * of_a) / unit for a, of_a in p.items()
    )
    base = apart = contained = 0.0
    for x, y in combinations(p, 2):
        equal += 4 * twice[x] * (1 - theta) * p[y] * (theta + (1 - theta) * p[y]) / unit
        others = 8 * (every - twice[x] - twice[y]) * (1 - theta) ** 2 * p[x] * p[y] / unit
        same = 4 * twice[x] * (2 * theta + (1 - theta) * p[x]) * (1 - theta) * p[y] / unit
        same += 4 * twice[y] * (2 * theta + (1 - theta) * p[y]) * (1 - theta) * p[x] / unit
        contained += same
        if abs(table[x].length(repeat) - table[y].length(repeat)) == 1:
            base += others + same
        else:
            apart += others + same
    return PairChances(equal, base, apart, contained)


def _pair_steps(names: Iterable[str], of: Population, theta: float, match: AllelePairs | Sharing) -> list[Chances]:
    steps: list[Chances] = []
    for name in names:
        found = pair_chances(name, of, theta)
        if isinstance(match, Sharing):
            agreeing = found.equal
            if match.stringency is Stringency.MODERATE:
                agreeing += found.contained
            elif match.stringency is Stringency.LOW:
                agreeing += found.base + found.apart
            steps.append({(Agreement.FULL, 0, False): agreeing, (Agreement.DIFFERENT, 1, False): 1 - agreeing})
        else:
            one_apart = {(Agreement.ONE_BASE, 1, False): found.base, (Agreement.ONE_ALLELE, 1, False): found.apart}
            steps.append({(Agreement.FULL, 0, False): found.equal, **one_apart})
    return steps


def of_pairs(names: Iterable[str], pairs: int, rules: RuleSet, of: Population, theta: float) -> Expected:
    """Return the chance matches expected among ``pairs`` comparisons of unrelated profiles that share these loci."""
    match = rules.match
    if match is None:
        return Expected(pairs, 0.0, {}, of.name, theta, tuple(names))
    wanted = list(names)
    left_out = [name for name in wanted if name not in of.frequencies]
    steps = _pair_steps([name for name in wanted if name in of.frequencies], of, theta, match)
    every = np.ones((1, len(steps)), dtype=bool)
    found = {quality: pairs * float(each[0]) for quality, each in _qualities(steps, every, match).items()}
    return Expected(pairs, sum(found.values()), found, of.name, theta, tuple(left_out))


def of_databases(
    ours: Mapping[frozenset[str], int],
    theirs: Mapping[frozenset[str], int],
    rules: RuleSet,
    by: Scale,
    *,
    within: bool,
) -> Expected:
    """Return the chance matches expected between two databases, or ``within`` one among its own pairs."""
    match, of, theta = rules.match, by.population, by.theta
    compared = sum(ours.values()) * sum(theirs.values())
    if within:
        compared = sum(ours.values()) * (sum(ours.values()) - 1) // 2
    if match is None:
        return Expected(compared, 0.0, {}, of.name, theta, ())
    every = sorted({name for mask in (*ours, *theirs) for name in mask if locus(name).counted})
    names = [name for name in every if name in of.frequencies]
    steps = _pair_steps(names, of, theta, match)
    common = _common(names, ours, theirs)
    present = np.array(list(common), dtype=bool).reshape(len(common), len(names))
    counts = np.array(list(common.values()), dtype=np.float64) * (0.5 if within else 1.0)
    total: dict[str, float] = {}
    for begin in range(0, len(present), _ROWS):
        part = slice(begin, begin + _ROWS)
        for quality, chances in _qualities(steps, present[part], match).items():
            total[quality] = total.get(quality, 0.0) + float(chances @ counts[part])
    left_out = tuple(name for name in every if name not in of.frequencies)
    return Expected(compared, sum(total.values()), dict(sorted(total.items())), of.name, theta, left_out)


_MASKS = 1500
"""Beyond so many different sets of loci the commonest stand for the rest, in proportion."""


def _common(
    names: Sequence[str], ours: Mapping[frozenset[str], int], theirs: Mapping[frozenset[str], int]
) -> dict[tuple[bool, ...], float]:
    """Return how many comparisons share which loci."""
    found: dict[tuple[bool, ...], float] = {}
    for one, count in _commonest(ours).items():
        for two, other in _commonest(theirs).items():
            both = tuple(name in one and name in two for name in names)
            found[both] = found.get(both, 0.0) + count * other
    return found


def _commonest(masks: Mapping[frozenset[str], int]) -> Mapping[frozenset[str], float]:
    if len(masks) <= _MASKS:
        return {mask: float(count) for mask, count in masks.items()}
    kept = sorted(masks.items(), key=lambda item: -item[1])[:_MASKS]
    scale = sum(masks.values()) / sum(count for _, count in kept)
    return {mask: count * scale for mask, count in kept}
