"""Mixtures by a semi-continuous model: who may have contributed, with drop-out and drop-in, replicates and theta.

Curran, Gill and Bill (2005) and Haned, Slooten and Gill (2012), as LRmix has it. For one replicate and the genotypes of
all contributors: an allele the contributors have but the replicate does not show has dropped out, with chance d for
each copy (so d for a heterozygote's, d^2 for a homozygote's), else 1 - that; an allele the replicate shows but no
contributor has has dropped in, with chance c p; no drop-in at all has 1 - c. Replicates multiply. Unknown genotypes are
summed out by the sampling formula, given every typed person whether contributor or not. Alleles never shown are lumped
into one class, which is exact in this model. Peak heights are not used. Up to three contributors are weighed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement

from comity.forensics.dna.allele import Typing
from comity.forensics.dna.locus import locus
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.strength.sampling import genotype, sequence
from comity.forensics.dna.strength.weighed import NotUsed, Scale, Weighed, WeighedLocus, names, show
from comity.forensics.errors import ParameterError

__all__ = ["KAPPA", "MOST", "Evidence", "Model", "contributor", "likelihood", "ratio"]

MOST = 3
_OTHER = "other"
_Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Model:
    """The parameters: ``contributors`` in all, drop-out a copy, drop-in a replicate.

    ``relative`` makes the unknown in the person's place such a relative of the person.
    """

    contributors: int
    dropout: float = 0.0
    drop_in: float = 0.0
    relative: str | None = None

    def __post_init__(self) -> None:
        if self.relative is not None and self.relative not in KAPPA:
            raise ParameterError(f"{self.relative!r} is not a relation.", remedy=f"Choose one of {', '.join(KAPPA)}.")
        for name, value in (("drop-out", self.dropout), ("drop-in", self.drop_in)):
            if not 0 <= value < 1:
                raise ParameterError(f"{name} = {value} is out of range.", remedy="Give a chance from 0 up to below 1.")
        if self.contributors < 1:
            raise ParameterError(f"{self.contributors} contributors cannot leave a trace.")


KAPPA: Mapping[str, tuple[float, float, float]] = {
    "parent-child": (0.0, 1.0, 0.0),
    "full-siblings": (0.25, 0.5, 0.25),
    "half-siblings": (0.5, 0.5, 0.0),
    "grandparent": (0.5, 0.5, 0.0),
    "avuncular": (0.5, 0.5, 0.0),
    "first-cousins": (0.75, 0.25, 0.0),
}
"""The chances that two relatives share none, one or both alleles of a locus by descent."""


@dataclass(frozen=True)
class Evidence:
    """What one locus shows: a set of alleles a replicate, and the frequency of every allele that matters.

    ``whole`` is what the population's frequencies of the locus sum to: alleles that are not listed have no chance.
    """

    replicates: tuple[frozenset[str], ...]
    p: Mapping[str, float]
    whole: float = 1.0

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The alleles any replicate shows, in order."""
        return tuple(sorted(set().union(*self.replicates)))

    @cached_property
    def classes(self) -> dict[str, float]:
        """The frequencies of the shown alleles and of all others together."""
        found = {each: self.p[each] for each in self.shown}
        found[_OTHER] = max(0.0, self.whole - sum(found.values()))
        return found

    def lump(self, pair: Sequence[str]) -> _Pair:
        """Put a genotype into the classes."""
        a, b = sorted(each if each in self.shown else _OTHER for each in pair)
        return a, b


def likelihood(
    evidence: Evidence, known: Sequence[_Pair], others: Sequence[_Pair], unknown: int, by: tuple[Model, float]
) -> float:
    """Return the chance of one locus from the ``known`` and ``unknown`` contributors.

    ``others`` are typed persons who did not contribute; with the known ones they inform the sampling formula. ``by`` is
    the model and theta. Where the model names a relation, one unknown is such a relative of the first of the others.
    """
    model, theta = by
    fixed = [evidence.lump(each) for each in known]
    absent = [evidence.lump(each) for each in others]
    seen = Counter(each for pair in (*fixed, *absent) for each in pair)
    classes = [name for name, p in evidence.classes.items() if p > 0]
    pairs = list(combinations_with_replacement(classes, 2))
    if not (model.relative and absent and unknown):
        return _over(evidence, fixed, pairs, seen, (unknown, model, theta))
    total = 0.0
    for each in pairs:
        chance = _of_relative(each, absent[0], KAPPA[model.relative], evidence.classes, (seen, theta))
        if chance:
            rest = _over(evidence, [*fixed, each], pairs, seen + Counter(each), (unknown - 1, model, theta))
            total += chance * rest
    return total


def _over(
    evidence: Evidence,
    fixed: Sequence[_Pair],
    pairs: Sequence[_Pair],
    seen: Mapping[str, int],
    by: tuple[int, Model, float],
) -> float:
    """Sum over the genotypes of the unknown contributors."""
    unknown, model, theta = by
    total = 0.0
    for drawn in combinations_with_replacement(pairs, unknown):
        shown = _shown(evidence, [*fixed, *drawn], model)
        if shown:
            total += shown * _prior(drawn, evidence.classes, seen, theta)
    return total


def _of_relative(
    pair: _Pair,
    person: _Pair,
    kappa: tuple[float, float, float],
    p: Mapping[str, float],
    by: tuple[Mapping[str, int], float],
) -> float:
    """Return the chance of a genotype in a relative of a typed person."""
    (none, one, both), (seen, theta) = kappa, by
    chance = none * genotype(*pair, p, seen, theta) + both * (pair == person)
    for shared in person if one else ():
        other = pair[1] if pair[0] == shared else pair[0] if pair[1] == shared else None
        if other is not None:
            chance += one / 2 * sequence([other], p, seen, theta)
    return chance


def _prior(drawn: Sequence[_Pair], p: Mapping[str, float], seen: Mapping[str, int], theta: float) -> float:
    """Return the chance of a set of unordered genotypes: of one order, times the number of orders."""
    flat = [each for pair in drawn for each in pair]
    ways = math.factorial(len(drawn)) * (1 << sum(a != b for a, b in drawn))
    for count in Counter(drawn).values():
        ways //= math.factorial(count)
    return float(ways) * sequence(flat, p, seen, theta)


def _shown(evidence: Evidence, pairs: Sequence[_Pair], model: Model) -> float:
    copies = Counter(each for pair in pairs for each in pair)
    chance = 1.0
    for replicate in evidence.replicates:
        dropped_in = False
        for each in evidence.shown:
            lost = float(model.dropout ** copies[each]) if each in copies else 1.0
            if each not in replicate:
                chance *= lost
            elif each in copies:
                chance *= 1 - lost
            else:
                chance *= model.drop_in * evidence.p[each]
                dropped_in = True
        chance *= 1.0 if dropped_in else 1 - model.drop_in
        chance *= float(model.dropout ** copies[_OTHER]) if _OTHER in copies else 1.0
        if not chance:
            return 0.0
    return chance


def ratio(trace: Profile, person: Profile, by: Scale, model: Model, known: Sequence[Profile] = ()) -> Weighed:
    """Return the ratio that ``person`` and the ``known`` contributed, against an unknown in the person's place."""
    loci: list[WeighedLocus] = []
    left_out: list[NotUsed] = []
    log, why_not = 0.0, _holds_not(trace, model, known)
    for name in [] if why_not else names(trace, person, *known):
        why = _left_out(name, trace, (person, *known), by)
        if why:
            left_out.append(NotUsed(name, why))
            continue
        found = contributor(trace, name, (person.loci[name], *(each.loci[name] for each in known)), by, model)
        if found is None:
            why_not = f"{name} cannot be explained by {model.contributors} contributors with this drop-out and drop-in."
            break
        log += math.log10(found.value) if found.value else -math.inf
        loci.append(found)
    if not why_not and not loci:
        why_not = "No locus can be weighed."
    return Weighed(
        method=f"semi-continuous mixture model, {model.contributors} contributors, "
        f"drop-out {model.dropout:g}, drop-in {model.drop_in:g}, peak heights not used",
        scale=by,
        loci=() if why_not else tuple(loci),
        not_used=tuple(left_out),
        log10_lr=None if why_not else log,
        why_not=why_not,
        propositions=_propositions(trace, person, known, model),
    )


def _propositions(trace: Profile, person: Profile, known: Sequence[Profile], model: Model) -> tuple[str, str]:
    names = [each.id for each in known]
    unknown = model.contributors - len(known)
    ours = " and ".join([person.id, *names, *([f"{unknown - 1} unknown"] if unknown > 1 else [])])
    theirs = " and ".join([*names, f"{unknown} unknown"])
    kin = f"one in the relation {model.relative} to" if model.relative else "unrelated to"
    return f"{ours} contributed to {trace.id}", f"{theirs}, {kin} {person.id}, contributed to {trace.id}"


def _holds_not(trace: Profile, model: Model, known: Sequence[Profile]) -> str:
    if model.contributors > MOST:
        return f"The model is checked up to {MOST} contributors; {model.contributors} were given."
    if model.contributors <= len(known):
        return f"{len(known)} known contributors leave no place for the person among {model.contributors}."
    if trace.fewest_contributors > model.contributors and not model.drop_in:
        return f"The alleles need {trace.fewest_contributors} contributors; {model.contributors} were given."
    return ""


def _left_out(name: str, trace: Profile, persons: Sequence[Profile], by: Scale) -> str | None:
    if not any(name in each for each in _replicates(trace)):
        return "not typed in the trace"
    for each in persons:
        if sum(one.number for one in each.loci.get(name, ())) != 2:
            return f"{each.id} does not have two designated alleles there"
    for seen in (*(each.get(name, ()) for each in _replicates(trace)), *(each.loci[name] for each in persons)):
        why = by.unusable(locus(name), seen) if seen else None
        if why:
            return why
    return None


def _replicates(trace: Profile) -> tuple[Mapping[str, Typing], ...]:
    return trace.replicates or (trace.loci,)


def evidence(trace: Profile, name: str, by: Scale, *persons: Typing) -> Evidence:
    """Return what a trace shows at one locus."""
    replicates = [each.get(name, ()) for each in _replicates(trace)]
    p = by.frequencies(name, *replicates, *persons)
    whole = sum(by.population.frequencies[name].values())
    return Evidence(tuple(frozenset(one.text for one in each if one.number) for each in replicates), p, whole)


def contributor(trace: Profile, name: str, persons: Sequence[Typing], by: Scale, model: Model) -> WeighedLocus | None:
    """Return the ratio at one locus, or None where neither proposition can explain it.

    ``persons`` is the person in question, then the known contributors.
    """
    found = evidence(trace, name, by, *persons)
    ours, *theirs = [_pair(each) for each in persons]
    unknown = model.contributors - len(theirs)
    under_hp = likelihood(found, [ours, *theirs], [], unknown - 1, (model, by.theta))
    under_hd = likelihood(found, theirs, [ours], unknown, (model, by.theta))
    if under_hd <= 0:
        return None
    seen = " + ".join(show(each.get(name, ())) for each in _replicates(trace))
    return WeighedLocus(name, f"{seen} / {show(persons[0])}", under_hp / under_hd, tuple(found.p.items()))


def _pair(seen: Typing) -> _Pair:
    a, b = (each.text for each in seen)
    return a, b
