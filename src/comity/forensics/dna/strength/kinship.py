"""Kinship: the ratio of the chances of persons' genotypes in one pedigree and in another.

For each pattern of shared founder alleles the typings allow some assignments of alleles to founders; each has the
chance the sampling formula gives, so that theta holds among all persons alike (Balding and Nichols 1995). Mutation is
not modelled: a locus that the relation cannot give has the ratio 0 and is named. Linkage is not modelled either.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from comity.forensics.dna.locus import locus
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.strength.pedigree import Member, Pattern, Pedigree, relation, unrelated
from comity.forensics.dna.strength.sampling import sequence
from comity.forensics.dna.strength.weighed import NotUsed, Scale, Weighed, WeighedLocus, names, show
from comity.forensics.errors import PedigreeError

__all__ = ["kinship", "likelihood", "pair", "trio"]

_Genotype = tuple[str, str]


def likelihood(
    patterns: Mapping[Pattern, float], genotypes: Sequence[_Genotype], p: Mapping[str, float], theta: float
) -> float:
    """Return the chance of the typed persons' genotypes at one locus, ordered as the pedigree's typed persons."""
    return sum(
        weight * sum(sequence(each, p, {}, theta) for each in _assignments(pattern, genotypes))
        for pattern, weight in patterns.items()
    )


def _assignments(pattern: Pattern, genotypes: Sequence[_Genotype]) -> set[tuple[str, ...]]:
    """Return every way to give the pattern's founder alleles so that each person has their genotype."""
    ways: list[dict[int, str]] = [{}]
    for (one, two), (a, b) in zip(pattern, genotypes, strict=True):
        longer = []
        for way in ways:
            for first, second in {(a, b), (b, a)}:
                given = {**way, one: first}
                if way.get(one, first) == first and given.get(two, second) == second:
                    longer.append({**given, two: second})
        ways = longer
    return {tuple(way[slot] for slot in sorted(way)) for way in ways}


def kinship(profiles: Mapping[str, Profile], first: Pedigree, second: Pedigree, by: Scale) -> Weighed:
    """Return the ratio of ``first`` to ``second``; ``profiles`` by the ids both pedigrees name as typed."""
    if set(first.typed) != set(second.typed):
        raise PedigreeError("The two pedigrees name different persons as typed.")
    missing = set(first.typed) - set(profiles)
    if missing:
        raise PedigreeError(f"No profile was given for {', '.join(sorted(missing))}.")
    loci: list[WeighedLocus] = []
    left_out: list[NotUsed] = []
    log = 0.0
    for name in names(*profiles.values()):
        why = _left_out(name, profiles, by)
        if why:
            left_out.append(NotUsed(name, why))
            continue
        found = _locus(name, profiles, (first, second), by)
        log += math.log10(found.value) if found.value else -math.inf
        loci.append(found)
    return Weighed(
        method="kinship over all ways of descent; no mutation, no linkage",
        scale=by,
        loci=tuple(loci),
        not_used=tuple(left_out),
        log10_lr=log if loci else None,
        why_not="" if loci else "No locus can be weighed.",
        propositions=("the persons are related as the first pedigree says", "as the second says"),
        notes=_notes(loci),
    )


def _locus(name: str, profiles: Mapping[str, Profile], pedigrees: tuple[Pedigree, Pedigree], by: Scale) -> WeighedLocus:
    p = by.frequencies(name, *(each.loci[name] for each in profiles.values()))
    chances = []
    for pedigree in pedigrees:
        genotypes = [_genotype(profiles[each], name) for each in pedigree.typed]
        chances.append(likelihood(pedigree.patterns, genotypes, p, by.theta))
    typed = " / ".join(show(profiles[each].loci[name]) for each in pedigrees[0].typed)
    return WeighedLocus(name, typed, chances[0] / chances[1] if chances[1] else math.inf, tuple(p.items()))


def _genotype(profile: Profile, name: str) -> _Genotype:
    a, b = profile.loci[name]
    return a.text, b.text


def _left_out(name: str, profiles: Mapping[str, Profile], by: Scale) -> str | None:
    for each in profiles.values():
        seen = each.loci.get(name, ())
        if len(seen) != 2 or not all(one.number for one in seen):
            return f"{each.id} does not have two designated alleles there"
        why = by.unusable(locus(name), seen)
        if why:
            return why
    return None


def _notes(loci: Sequence[WeighedLocus]) -> tuple[str, ...]:
    zero = [each.locus for each in loci if not each.value]
    if not zero:
        return ()
    told = (
        f"At {', '.join(zero)} the first pedigree cannot give what was read. One or two such loci may be mutations, "
        "which are not modelled; a number that allows for them is not given."
    )
    return (told,)


def pair(a: Profile, b: Profile, name: str, by: Scale) -> Weighed:
    """Return the ratio that two persons are related as ``name`` says, against unrelated."""
    return kinship({"A": a, "B": b}, relation(name), unrelated("A", "B"), by)


def trio(child: Profile, mother: Profile, alleged: Profile, by: Scale) -> Weighed:
    """Return the paternity index: the alleged father against an unrelated man, the mother being certain."""
    typed = ("C", "M", "F")
    father = Pedigree((Member("M"), Member("F"), Member("C", "F", "M")), typed)
    other = Pedigree((Member("M"), Member("F"), Member("x"), Member("C", "x", "M")), typed)
    return kinship({"C": child, "M": mother, "F": alleged}, father, other, by)
