"""The chance of typed persons in a pedigree with mutation, and of a mixture some members left (Elston and Stewart 1971).

Every member has two alleles as variables; founders' alleles follow the sampling formula, a child's alleles the parents'
through a mutation matrix. The variables are summed out one after the other. With theta the sampling formula is a mixture
over who of the untyped founders' alleles are copies of one another (the urn of Hoppe 1984): each partition is summed as
if unrelated, with its chance. A mixture enters as one more factor over its contributors' alleles (relMix: Dørum, Kaur and
Gysi 2017).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from string import ascii_letters

import numpy as np
import numpy.typing as npt

from comity.forensics.dna.strength.mutation import Matrix
from comity.forensics.dna.strength.pedigree import Member, Pedigree
from comity.forensics.dna.strength.sampling import sequence
from comity.forensics.errors import PedigreeError

__all__ = ["COPIES", "MEMBERS", "Shown", "Table", "chance"]

MEMBERS = 25
"""The most members that matter at once."""

COPIES = 7
"""The most alleles of untyped founders where theta is not 0: their partitions are counted one by one (877 of seven)."""

Shown = Callable[[Mapping[str, tuple[str, str]]], float]
"""The chance of a mixture given the genotypes of its contributors, by their ids."""

_Floats = npt.NDArray[np.float64]
_Factor = tuple[_Floats, list[int]]


@dataclass(frozen=True)
class Table:
    """The alleles of a locus with their frequencies, and what they become through a father and through a mother."""

    p: Mapping[str, float]
    paternal: Matrix
    maternal: Matrix

    @classmethod
    def unchanged(cls, p: Mapping[str, float]) -> Table:
        """Return a table without mutation."""
        return cls(p, np.eye(len(p)), np.eye(len(p)))


def chance(
    pedigree: Pedigree,
    genotypes: Mapping[str, tuple[str, str]],
    table: Table,
    theta: float,
    mixture: tuple[Sequence[str], Shown] | None = None,
) -> float:
    """Return the chance of the genotypes (by id) and, where one is given, of the mixture its contributors left."""
    contributors = mixture[0] if mixture else ()
    wanted = dict.fromkeys((*pedigree.typed, *contributors))
    needed = Pedigree(pedigree.members, tuple(wanted)).needed
    if len(needed) > MEMBERS:
        raise PedigreeError(
            f"The pedigree has {len(needed)} members that matter; at most {MEMBERS} are weighed.",
            remedy="Leave out branches that hold nobody typed.",
        )
    net = _Network(needed, genotypes, table, contributors)
    factors = net.factors()
    if mixture:
        factors.append(net.mixed(*mixture))
    return net.founders(theta) * sum(
        weight * net.summed(factors, blocks, theta) for blocks, weight in net.partitions(theta)
    )


class _Network:
    """Which variable is which, and the factors over them."""

    def __init__(
        self,
        members: Sequence[Member],
        genotypes: Mapping[str, tuple[str, str]],
        table: Table,
        contributors: Sequence[str],
    ) -> None:
        self.members, self.genotypes, self.table = members, genotypes, table
        self.number = {text: place for place, text in enumerate(table.p)}
        self.p = np.array(list(table.p.values()))
        children = Counter(parent for each in members for parent in (each.father, each.mother) if parent is not None)
        self.genes: dict[str, tuple[int, ...]] = {}
        self.open: list[int] = []
        taken = 0
        for each in members:
            founder = each.father is None
            lone = founder and each.id not in genotypes and each.id not in contributors and children[each.id] == 1
            self.genes[each.id] = (taken,) if lone else (taken, taken + 1)
            if founder and each.id not in genotypes:
                self.open += self.genes[each.id]
            taken += len(self.genes[each.id])
        typed = [genotypes[each.id] for each in members if each.father is None and each.id in genotypes]
        self.drawn = [one for pair in typed for one in pair]
        self.ways = math.prod(1 if a == b else 2 for a, b in typed)

    def founders(self, theta: float) -> float:
        """Return the chance of the typed founders' genotypes."""
        return self.ways * sequence(self.drawn, self.table.p, {}, theta)

    def partitions(self, theta: float) -> Iterator[tuple[tuple[int, ...], float]]:
        """Yield which block each allele of an untyped founder is in, and the chance without the blocks' own alleles."""
        if theta and len(self.open) > COPIES:
            raise PedigreeError(
                f"{len(self.open)} alleles of untyped founders are too many with theta; at most {COPIES} are weighed.",
                remedy="Give --theta 0, or leave out branches that hold nobody typed.",
            )
        before = len(self.drawn)
        under = math.prod(1 + (before + number - 1) * theta for number in range(len(self.open)))
        for blocks in _blocks(len(self.open)) if theta else [tuple(range(len(self.open)))]:
            sizes = Counter(blocks)
            yield blocks, math.prod(theta ** (size - 1) * math.factorial(size - 1) for size in sizes.values()) / under

    def factors(self) -> list[_Factor]:
        """Return what is known of the members' alleles and how they are passed down."""
        found: list[_Factor] = []
        for each in self.members:
            genes = self.genes[each.id]
            if each.id in self.genotypes:
                a, b = (self.number[one] for one in self.genotypes[each.id])
                seen = np.zeros((len(self.p), len(self.p)))
                seen[a, b] = 1.0
                if each.father is not None:
                    seen[b, a] = 1.0
                found.append((seen, list(genes)))
            for parent, gene, passed in (
                (each.father, genes[0], self.table.paternal),
                (each.mother, genes[-1], self.table.maternal),
            ):
                if parent is None:
                    continue
                of = self.genes[parent]
                both = passed if len(of) == 1 else (passed[:, None, :] + passed[None, :, :]) / 2
                found.append((both, [*of, gene]))
        return found

    def mixed(self, contributors: Sequence[str], shown: Shown) -> _Factor:
        """Return the chance of the mixture over the alleles of those contributors who are not typed."""
        untyped = [each for each in contributors if each not in self.genotypes]
        texts = list(self.table.p)
        known = {each: self.genotypes[each] for each in contributors if each in self.genotypes}
        found = np.zeros((len(texts),) * (2 * len(untyped)))
        for places in product(range(len(texts)), repeat=2 * len(untyped)):
            pairs = {each: (places[2 * n], places[2 * n + 1]) for n, each in enumerate(untyped)}
            if all(a <= b for a, b in pairs.values()):
                found[places] = shown(known | {each: (texts[a], texts[b]) for each, (a, b) in pairs.items()})
        for number in range(len(untyped)):
            turned = np.swapaxes(found, 2 * number, 2 * number + 1)
            found = np.maximum(found, turned)
        return found, [gene for each in untyped for gene in self.genes[each]]

    def summed(self, factors: Sequence[_Factor], blocks: Sequence[int], theta: float) -> float:
        """Sum out all variables, with the open founders' alleles of one block being one variable."""
        counts = Counter(self.drawn)
        base = np.array([counts[text] * theta for text in self.table.p]) + (1 - theta) * self.p
        first = {block: self.open[place] for place, block in reversed(list(enumerate(blocks)))}
        same = {gene: first[block] for gene, block in zip(self.open, blocks, strict=True)}
        every = [(base, [gene]) for gene in first.values()]
        every += [(array, [same.get(gene, gene) for gene in genes]) for array, genes in factors]
        over = ",".join("".join(ascii_letters[gene] for gene in genes) for _, genes in every)
        return float(np.einsum(over + "->", *(array for array, _ in every), optimize="greedy"))


def _blocks(size: int) -> Iterator[tuple[int, ...]]:
    """Yield every partition of ``size`` things, as the block of each, blocks numbered as they first appear."""
    if size == 0:
        yield ()
        return
    for rest in _blocks(size - 1):
        for block in range(max(rest, default=-1) + 2):
            yield (*rest, block)
