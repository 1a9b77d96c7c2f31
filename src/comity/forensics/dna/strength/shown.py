"""The chance of what a trace shows at one locus, given who left it: `comity.forensics.dna.strength.mixture` has the model.

The genotypes of unknown contributors are drawn in all ways and summed as arrays, a row a choice; alleles nobody saw are
one class, which is exact unless a homozygote's drop-out is not the square of a copy's.
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

from comity.forensics.dna.strength.dropout import Model, Rates
from comity.forensics.dna.strength.pedigree import KAPPA
from comity.forensics.dna.strength.sampling import genotype, sequence

__all__ = ["Evidence", "given", "likelihood"]

_OTHER = "other"
_Pair = tuple[str, str]
_Floats = npt.NDArray[np.float64]
_Indices = npt.NDArray[np.intp]
_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Evidence:
    """What one locus shows: a set of alleles a replicate, and the frequency of every allele that matters.

    ``whole`` is what the population's frequencies of the locus sum to: alleles that are not listed have no chance.
    ``apart`` are alleles nobody saw that are not put together with the others.
    """

    replicates: tuple[frozenset[str], ...]
    p: Mapping[str, float]
    whole: float = 1.0
    apart: frozenset[str] = frozenset()

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The alleles any replicate shows, in order."""
        return tuple(sorted(set().union(*self.replicates)))

    @cached_property
    def classes(self) -> dict[str, float]:
        """The frequencies of the shown alleles and of all others together."""
        found = {each: self.p[each] for each in (*self.shown, *sorted(self.apart - set(self.shown)))}
        found[_OTHER] = max(0.0, self.whole - sum(found.values()))
        return found

    def lump(self, pair: Sequence[str]) -> _Pair:
        """Put a genotype into the classes."""
        a, b = sorted(each if each in self.shown or each in self.apart else _OTHER for each in pair)
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
    over = _Unknown(evidence, model.drop_in, theta, homozygote=model.homozygote)
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

    def __init__(
        self, evidence: Evidence, drop_in: float, theta: float, *, homozygote: float = 1.0, each_apart: bool = False
    ) -> None:
        self.evidence, self.drop_in, self.theta = evidence, drop_in, theta
        self.homozygote, self.each_apart = homozygote, each_apart
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
        run, lost = np.ones(len(draws)), np.ones((len(draws), len(self.classes)))
        loss = np.array([self._loss(pair, dropout) for pair in self.pairs]).reshape(self.copies.shape)
        for number in range(unknown):
            lost *= loss[draws[:, number]]
            copies += self.copies[draws[:, number]]
            ways *= self.twice[draws[:, number]]
            if number:
                run = np.where(draws[:, number] == draws[:, number - 1], run + 1, 1)
                ways /= run
        return float(np.sum(self._shown(persons, copies > 0, lost) * ways * self._prior(copies, seen, 2 * unknown)))

    def _loss(self, pair: _Pair, dropout: float) -> list[float]:
        """Return the chance that a contributor's copies of each class's allele drop out, all of them."""
        by_copies = (1.0, dropout, self.homozygote * dropout**2)
        return [by_copies[pair.count(name)] for name in self.classes]

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

    def _shown(self, persons: Sequence[tuple[_Pair, float]], there: _Flags, lost: _Floats) -> _Floats:
        """Return the chance of all replicates given everybody's genotypes; the unknown are in ``there`` and ``lost``."""
        for pair, rate in persons:
            lost = lost * np.array(self._loss(pair, rate))
            there = there | np.array([name in pair for name in self.classes])
        if self.each_apart:
            return self._apart(lost)
        chance = np.ones(len(lost))
        for replicate in self.evidence.replicates:
            dropped_in = np.zeros(len(lost), dtype=bool)
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
