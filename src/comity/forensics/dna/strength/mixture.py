"""Mixtures by a semi-continuous model: who may have contributed, with drop-out and drop-in, replicates and theta.

Curran, Gill and Bill (2005) and Haned, Slooten and Gill (2012), as LRmix has it. For one replicate and the genotypes of
all contributors: an allele the contributors have but the replicate does not show has dropped out, with chance d for
each copy (so d for a heterozygote's, d^2 for a homozygote's), else 1 - that; an allele the replicate shows but no
contributor has has dropped in, with chance c p; no drop-in at all has 1 - c. Replicates multiply. Unknown genotypes are
summed out by the sampling formula, given every typed person whether contributor or not. Alleles never shown are lumped
into one class (the Q allele), which is exact in this model. Each contributor may have a drop-out of their own. Peak
heights are not used. Up to four contributors are weighed, as far as the model was checked against LRmix Studio's cases.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations_with_replacement

import numpy as np
import numpy.typing as npt

from comity.forensics.dna.allele import Typing
from comity.forensics.dna.locus import locus
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.strength.pedigree import KAPPA, named
from comity.forensics.dna.strength.sampling import genotype, sequence
from comity.forensics.dna.strength.weighed import NotUsed, Scale, Weighed, WeighedLocus, names, show
from comity.forensics.errors import ParameterError

__all__ = ["KAPPA", "MOST", "Evidence", "Model", "Rates", "contributor", "evidence", "given", "likelihood", "ratio"]

MOST = 4
_OTHER = "other"
_Pair = tuple[str, str]
_Floats = npt.NDArray[np.float64]
_Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Model:
    """The parameters: ``contributors`` in all, drop-out a copy, drop-in a replicate.

    ``relative`` makes the unknown in the person's place such a relative of the person. ``dropout`` holds for everybody
    unless ``of_person``, ``of_known`` (in the order of the known) or ``of_unknown`` (under the first and the second
    proposition) say otherwise.
    """

    contributors: int
    dropout: float = 0.0
    drop_in: float = 0.0
    relative: str | None = None
    of_person: float | None = None
    of_known: tuple[float, ...] = ()
    of_unknown: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if self.relative is not None:
            object.__setattr__(self, "relative", named(self.relative))
        own = [*self.of_known, *(self.of_unknown or ()), *([] if self.of_person is None else [self.of_person])]
        for name, value in (("drop-in", self.drop_in), *(("drop-out", each) for each in (self.dropout, *own))):
            if not 0 <= value < 1:
                raise ParameterError(f"{name} = {value} is out of range.", remedy="Give a chance from 0 up to below 1.")
        if self.contributors < 1:
            raise ParameterError(f"{self.contributors} contributors cannot leave a trace.")

    def rates(self, known: int) -> tuple[Rates, Rates]:
        """Return the drop-out of each contributor under the first and the second proposition."""
        if self.of_known and len(self.of_known) != known:
            raise ParameterError(
                f"{len(self.of_known)} drop-outs were given for {known} known contributors.",
                cause="They are matched in order.",
                remedy="Give one for each, or one for all with --dropout.",
            )
        of_known = self.of_known or (self.dropout,) * known
        first, second = self.of_unknown or (self.dropout, self.dropout)
        person = self.dropout if self.of_person is None else self.of_person
        return Rates((person, *of_known), first), Rates(of_known, second)

    def __str__(self) -> str:
        own = [f"drop-out {self.dropout:g}"]
        if self.of_person is not None:
            own.append(f"of the person {self.of_person:g}")
        if self.of_known:
            own.append(f"of the known {', '.join(f'{each:g}' for each in self.of_known)}")
        if self.of_unknown:
            first, second = self.of_unknown
            own.append(f"of unknown {first:g}" + (f" and {second:g}" if first != second else ""))
        return f"{' '.join(own)}, drop-in {self.drop_in:g}"


@dataclass(frozen=True, slots=True)
class Rates:
    """The drop-out of a copy of each known contributor, in order, and of every unknown."""

    known: tuple[float, ...]
    unknown: float


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
    evidence: Evidence,
    known: Sequence[_Pair],
    others: Sequence[_Pair],
    unknown: int,
    by: tuple[Model, float],
    *,
    rates: Rates | None = None,
) -> float:
    """Return the chance of one locus from the ``known`` and ``unknown`` contributors.

    ``others`` are typed persons who did not contribute; with the known ones they inform the sampling formula. ``by`` is
    the model and theta. Where the model names a relation, one unknown is such a relative of the first of the others.
    ``rates`` are the drop-outs, where they are not the model's one for all.
    """
    model, theta = by
    rates = rates or Rates((model.dropout,) * len(known), model.dropout)
    fixed = [evidence.lump(each) for each in known]
    absent = [evidence.lump(each) for each in others]
    seen = Counter(each for pair in (*fixed, *absent) for each in pair)
    over = _Unknown(evidence, model.drop_in, theta)
    if not (model.relative and absent and unknown):
        return over.sum(list(zip(fixed, rates.known, strict=True)), seen, unknown, rates.unknown)
    total = 0.0
    for each in over.pairs:
        chance = _of_relative(each, absent[0], KAPPA[model.relative], evidence.classes, (seen, theta))
        if chance:
            persons = [*zip(fixed, rates.known, strict=True), (each, rates.unknown)]
            total += chance * over.sum(persons, seen + Counter(each), unknown - 1, rates.unknown)
    return total


def given(evidence: Evidence, persons: Sequence[tuple[_Pair, float]], drop_in: float) -> float:
    """Return the chance of one locus when everybody's genotype is known; each person has a drop-out.

    Drop-in is that of relMix (Haned, Slooten and Gill 2012, appendix): every allele drops in by itself with chance c p, so
    that a shown allele has the chance 1 - (1 - c p) lost. Alleles never shown give the same factor to every hypothesis,
    which is left out.
    """
    over = _Unknown(evidence, drop_in, 0.0, each_apart=True)
    return over.sum([(evidence.lump(pair), rate) for pair, rate in persons], {}, 0, 0.0)


@lru_cache(maxsize=64)
def _draws(pairs: int, unknown: int) -> _Indices:
    """Return every choice of ``unknown`` genotypes out of ``pairs``, order aside, one a row."""
    rows = list(combinations_with_replacement(range(pairs), unknown))
    return np.array(rows, dtype=np.intp).reshape(len(rows), unknown)


class _Unknown:
    """The sum over the genotypes of the unknown contributors at one locus, as arrays: a row a choice of genotypes."""

    def __init__(self, evidence: Evidence, drop_in: float, theta: float, *, each_apart: bool = False) -> None:
        self.evidence, self.drop_in, self.theta, self.each_apart = evidence, drop_in, theta, each_apart
        self.classes = list(evidence.classes)
        drawn = [name for name in self.classes if evidence.classes[name] > 0]
        self.pairs: list[_Pair] = list(combinations_with_replacement(drawn, 2))
        self.copies: _Indices = np.array(
            [[pair.count(name) for name in self.classes] for pair in self.pairs], dtype=np.intp
        ).reshape(len(self.pairs), len(self.classes))
        self.twice = np.array([1.0 if a == b else 2.0 for a, b in self.pairs])

    def sum(
        self, persons: Sequence[tuple[_Pair, float]], seen: Mapping[str, int], unknown: int, dropout: float
    ) -> float:
        """Return the chance of the locus from these persons, each with a drop-out, and ``unknown`` others."""
        draws = _draws(len(self.pairs), unknown)
        copies = np.zeros((len(draws), len(self.classes)), dtype=np.intp)
        ways = np.full(len(draws), float(math.factorial(unknown)))
        run = np.ones(len(draws))
        for number in range(unknown):
            copies += self.copies[draws[:, number]]
            ways *= self.twice[draws[:, number]]
            if number:
                run = np.where(draws[:, number] == draws[:, number - 1], run + 1, 1)
                ways /= run
        return float(np.sum(self._shown(persons, copies, dropout) * ways * self._prior(copies, seen, 2 * unknown)))

    def _prior(self, copies: _Indices, seen: Mapping[str, int], drawn: int) -> _Floats:
        """Return the sampling formula's chance of the alleles in one order; it depends on their counts alone."""
        theta, before = self.theta, sum(seen.values())
        chance = np.ones(len(copies))
        for column, name in enumerate(self.classes):
            p, had = self.evidence.classes[name], seen.get(name, 0)
            steps = [(had + each) * theta + (1 - theta) * p for each in range(drawn)]
            chance *= np.cumprod([1.0, *steps])[copies[:, column]]
        for number in range(before, before + drawn):
            chance /= 1 + (number - 1) * theta
        return chance

    def _shown(self, persons: Sequence[tuple[_Pair, float]], copies: _Indices, dropout: float) -> _Floats:
        """Return the chance of all replicates given everybody's genotypes."""
        lost, there = np.power(dropout, copies), copies > 0
        for column, name in enumerate(self.classes):
            for pair, rate in persons:
                if name in pair:
                    lost[:, column] *= rate ** pair.count(name)
                    there[:, column] = True
        if self.each_apart:
            return self._apart(lost)
        chance = np.ones(len(copies))
        for replicate in self.evidence.replicates:
            dropped_in = np.zeros(len(copies), dtype=bool)
            for column, name in enumerate(self.classes):
                if name not in replicate:
                    chance *= lost[:, column]
                    continue
                chance *= np.where(there[:, column], 1 - lost[:, column], self.drop_in * self.evidence.classes[name])
                dropped_in |= ~there[:, column]
            chance *= np.where(dropped_in, 1.0, 1 - self.drop_in)
        return chance

    def _apart(self, lost: _Floats) -> _Floats:
        chance = np.ones(len(lost))
        for replicate in self.evidence.replicates:
            for column, name in enumerate(self.classes):
                absent = lost[:, column]
                if name != _OTHER:
                    absent = absent * (1 - self.drop_in * self.evidence.classes[name])
                chance *= 1 - absent if name in replicate else absent
        return chance


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
        method=f"semi-continuous mixture model, {model.contributors} contributor{'s' * (model.contributors > 1)}, "
        f"{model}, peak heights not used",
        scale=by,
        loci=() if why_not else tuple(loci),
        not_used=tuple(left_out),
        log10_lr=None if why_not else log,
        why_not=why_not,
        propositions=_propositions(trace, person, known, model),
        notes=by.gaps(each.locus for each in loci),
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
    if not any(name in each for each in trace.seen):
        return "not typed in the trace"
    opened = [one.text for each in trace.seen for one in each.get(name, ()) if not one.number]
    if opened:
        return f"{opened[0]} was read there: the model needs every allele seen to be designated"
    for each in persons:
        if sum(one.number for one in each.loci.get(name, ())) != 2:
            return f"{each.id} does not have two designated alleles there"
    for seen in (*(each.get(name, ()) for each in trace.seen), *(each.loci[name] for each in persons)):
        why = by.unusable(locus(name), seen) if seen else None
        if why:
            return why
    return None


def evidence(trace: Profile, name: str, by: Scale, *persons: Typing) -> Evidence:
    """Return what a trace shows at one locus."""
    replicates = [each.get(name, ()) for each in trace.seen]
    p = by.frequencies(name, *replicates, *persons)
    return Evidence(tuple(frozenset(one.text for one in each if one.number) for each in replicates), p, by.whole(name))


def contributor(trace: Profile, name: str, persons: Sequence[Typing], by: Scale, model: Model) -> WeighedLocus | None:
    """Return the ratio at one locus, or None where neither proposition can explain it.

    ``persons`` is the person in question, then the known contributors.
    """
    found = evidence(trace, name, by, *persons)
    ours, *theirs = [_pair(each) for each in persons]
    unknown = model.contributors - len(theirs)
    first, second = model.rates(len(theirs))
    under_hp = likelihood(found, [ours, *theirs], [], unknown - 1, (model, by.theta), rates=first)
    under_hd = likelihood(found, theirs, [ours], unknown, (model, by.theta), rates=second)
    if under_hd <= 0:
        return None
    seen = " + ".join(show(each.get(name, ())) for each in trace.seen)
    return WeighedLocus(name, f"{seen} / {show(persons[0])}", under_hp / under_hd, tuple(found.p.items()))


def _pair(seen: Typing) -> _Pair:
    a, b = (each.text for each in seen)
    return a, b
