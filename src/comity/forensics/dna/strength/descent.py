"""The chance of typed persons in a pedigree with mutation and theta, way of descent by way of descent.

Every way in which alleles are passed down makes a forest: founders' alleles are roots, each child's allele hangs on the
parent's it comes from, and an edge is a mutation matrix. Messages run from the typed leaves to the roots (Felsenstein 1981).
The roots follow the sampling formula, which is a mixture over who of them are copies of one another (the urn of Hoppe
1984): a block of copies has one allele. Ways with the same forest are counted together, once for all loci.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product

import numpy as np
import numpy.typing as npt

from comity.forensics.dna.strength.network import Table
from comity.forensics.dna.strength.pedigree import MEIOSES, Member, Pedigree
from comity.forensics.dna.strength.sampling import sequence
from comity.forensics.errors import PedigreeError

__all__ = ["ROOTS", "chance", "forests"]

ROOTS = 10
"""The most alleles of untyped founders that typed persons can come from at once."""

_Gene = tuple[str, int]
"""A member's allele: 0 from the father, 1 from the mother. An untyped founder's is ("", number)."""

Forest = tuple[tuple[_Gene, _Gene], ...]
"""Each allele that matters with the one it comes from, parents first."""

_Floats = npt.NDArray[np.float64]


@lru_cache(maxsize=256)
def forests(members: tuple[Member, ...], typed: tuple[str, ...]) -> Mapping[Forest, float]:
    """Return the chance of each forest of a pedigree."""
    pedigree = Pedigree(members, typed)
    if pedigree.meioses > MEIOSES:
        raise PedigreeError(
            f"The pedigree has {pedigree.meioses} meioses; with mutation at most {MEIOSES} are weighed.",
            remedy="Leave out branches that hold nobody typed, or weigh it without mutation.",
        )
    needed = pedigree.needed
    counted: Counter[Forest] = Counter(
        _forest(needed, frozenset(typed), choices) for choices in product((0, 1), repeat=pedigree.meioses)
    )
    return {forest: count / 2**pedigree.meioses for forest, count in counted.items()}


def _forest(needed: Sequence[Member], typed: frozenset[str], choices: Sequence[int]) -> Forest:
    parent: dict[_Gene, _Gene] = {}
    taken = iter(choices)
    for each in needed:
        if each.father is not None and each.mother is not None:
            parent[each.id, 0] = (each.father, next(taken))
            parent[each.id, 1] = (each.mother, next(taken))
    wanted = set[_Gene]()
    for gene in ((each.id, slot) for each in needed if each.id in typed for slot in (0, 1)):
        here = gene
        while here in parent and here not in wanted:
            wanted.add(here)
            here = parent[here]
    founders = {each.id for each in needed if each.father is None} - typed
    names: dict[_Gene, _Gene] = {}
    edges = []
    for each in needed:
        for slot in (0, 1):
            if (each.id, slot) in wanted:
                above = parent[each.id, slot]
                if above[0] in founders:
                    above = names.setdefault(above, ("", len(names)))
                edges.append(((each.id, slot), above))
    return tuple(edges)


def chance(pedigree: Pedigree, genotypes: Mapping[str, tuple[str, str]], table: Table, theta: float) -> float:
    """Return the chance of the genotypes, by id, at one locus."""
    number = {text: place for place, text in enumerate(table.p)}
    founders = [each.id for each in pedigree.needed if each.father is None and each.id in genotypes]
    drawn = [one for each in founders for one in genotypes[each]]
    counts = Counter(drawn)
    base = np.array([counts[text] * theta + (1 - theta) * p for text, p in table.p.items()])
    open_ones = [each for each in genotypes if each not in founders and len(set(genotypes[each])) == 2]
    total = 0.0
    for forest, weight in forests(pedigree.members, pedigree.typed).items():
        for turned in product((False, True), repeat=len(open_ones)):
            phase = dict(zip(open_ones, turned, strict=True))
            seen = {
                (each, slot): number[pair[slot ^ phase.get(each, False)]]
                for each, pair in genotypes.items()
                for slot in (0, 1)
            }
            total += weight * _of_roots(_messages(forest, seen, table), seen, base, theta, len(drawn))
    ways = math.prod(2 for each in founders if len(set(genotypes[each])) == 2)
    return ways * sequence(drawn, table.p, {}, theta) * total


def _messages(forest: Forest, seen: Mapping[_Gene, int], table: Table) -> dict[_Gene, _Floats]:
    """Return for each root the chance of everything below it, by the root's allele."""
    size = len(table.p)
    below: dict[_Gene, _Floats] = defaultdict(lambda: np.ones(size))
    for gene, above in reversed(forest):
        message = below.pop(gene, np.ones(size))
        matrix = table.paternal if gene[1] == 0 else table.maternal
        place = seen.get(gene)
        passed = matrix @ message if place is None else matrix[:, place] * message[place]
        below[above] = below[above] * passed
    return below


def _of_roots(
    roots: Mapping[_Gene, _Floats], seen: Mapping[_Gene, int], base: _Floats, theta: float, before: int
) -> float:
    """Sum over the roots' alleles: those of typed founders are seen, all others are drawn after them."""
    fixed = math.prod(float(message[seen[gene]]) for gene, message in roots.items() if gene in seen)
    free = [message for gene, message in roots.items() if gene not in seen]
    if not fixed or not free:
        return fixed
    if not theta:
        return fixed * math.prod(float(base @ message) for message in free)
    if len(free) > ROOTS:
        raise PedigreeError(
            f"The typed persons come from {len(free)} founders' alleles; with theta at most {ROOTS} are weighed.",
            remedy="Give --theta 0.",
        )
    under = math.prod(1 + (before + each - 1) * theta for each in range(len(free)))
    return fixed * _partitioned(free, base, theta) / under


def _partitioned(free: Sequence[_Floats], base: _Floats, theta: float) -> float:
    """Sum over all partitions of the roots into blocks of copies, subset by subset."""
    whole = (1 << len(free)) - 1
    joint = {0: base}
    found = {0: 1.0}
    for subset in range(1, whole + 1):
        first = subset.bit_length() - 1
        joint[subset] = joint[subset ^ (1 << first)] * free[first]
        rest, total = subset ^ (1 << first), 0.0
        part = rest
        while True:
            size = part.bit_count()
            block = float(joint[part | (1 << first)].sum())
            total += theta**size * math.factorial(size) * block * found[rest ^ part]
            if not part:
                break
            part = (part - 1) & rest
        found[subset] = total
    return found[whole]
