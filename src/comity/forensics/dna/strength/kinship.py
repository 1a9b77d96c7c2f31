"""Kinship: the ratio of the chances of persons' genotypes in one pedigree and in another.

For each pattern of shared founder alleles the typings allow some assignments of alleles to founders; each has the
chance the sampling formula gives, so that theta holds among all persons alike (Balding and Nichols 1995). Mutation is
modelled where asked for; without it a locus that the relation cannot give has the ratio 0 and is named. Linkage is not
modelled. With mutation each way of descent is a forest (`comity.forensics.dna.strength.descent`); with a mixture that members
left, or in large pedigrees, the variables are summed out one by one (`comity.forensics.dna.strength.network`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from comity.forensics.dna.allele import allele
from comity.forensics.dna.locus import locus
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.strength import descent
from comity.forensics.dna.strength.mixture import Evidence, evidence, given
from comity.forensics.dna.strength.mutation import Matrix, Mutation, MutationModel, matrix
from comity.forensics.dna.strength.network import Shown, Table, chance
from comity.forensics.dna.strength.pedigree import MEIOSES, Member, Pattern, Pedigree, named, relation, unrelated
from comity.forensics.dna.strength.sampling import sequence
from comity.forensics.dna.strength.weighed import NotUsed, Scale, Weighed, WeighedLocus, names, show
from comity.forensics.errors import ParameterError, PedigreeError

__all__ = ["Left", "kinship", "likelihood", "pair", "trio"]

_Genotype = tuple[str, str]
_OTHER = "other"
_UNTYPED = 2
"""The most contributors to a mixture who are members of the pedigrees and not typed."""


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


@dataclass(frozen=True, slots=True)
class Left:
    """A mixture that members of the pedigrees left: who contributed, with the drop-out of each, and the drop-in."""

    trace: Profile
    contributors: Mapping[str, float]
    drop_in: float = 0.0

    def __post_init__(self) -> None:
        for name, value in (*self.contributors.items(), ("drop-in", self.drop_in)):
            if not 0 <= value < 1:
                raise ParameterError(f"{name}: {value} is out of range.", remedy="Give a chance from 0 up to below 1.")
        if not self.contributors:
            raise ParameterError("Nobody left the mixture.", remedy="Name its contributors: --contributor ID=0.1.")

    def __str__(self) -> str:
        told = ", ".join(f"{name} with drop-out {rate:g}" for name, rate in self.contributors.items())
        return f"mixture {self.trace.id} of {told}, drop-in {self.drop_in:g}"


@dataclass(frozen=True, slots=True)
class _Case:
    profiles: Mapping[str, Profile]
    pedigrees: tuple[Pedigree, Pedigree]
    by: Scale
    mutation: Mutation | None
    left: Left | None


def kinship(
    profiles: Mapping[str, Profile],
    first: Pedigree,
    second: Pedigree,
    by: Scale,
    *,
    mutation: Mutation | None = None,
    left: Left | None = None,
) -> Weighed:
    """Return the ratio of ``first`` to ``second``; ``profiles`` by the ids both pedigrees name as typed.

    With ``mutation`` a child's allele may differ from the parent's. With ``left`` the members named have left a mixture,
    whose chance is weighed along with the typed persons'.
    """
    if set(first.typed) != set(second.typed):
        raise PedigreeError("The two pedigrees name different persons as typed.")
    missing = set(first.typed) - set(profiles)
    if missing:
        raise PedigreeError(f"No profile was given for {', '.join(sorted(missing))}.")
    case = _Case({name: profiles[name] for name in first.typed}, (first, second), by, mutation, left)
    loci: list[WeighedLocus] = []
    left_out: list[NotUsed] = []
    log, why_not = 0.0, _holds_not(case)
    traces = (left.trace,) if left else ()
    for name in [] if why_not else names(*case.profiles.values(), *traces):
        why = _left_out(name, case)
        if why:
            left_out.append(NotUsed(name, why))
            continue
        found = _locus(name, case)
        if found is None:
            why_not = f"At {name} the second pedigree cannot give what was read, so that no ratio to it exists."
            break
        log += math.log10(found.value) if found.value else -math.inf
        loci.append(found)
    if not why_not and not loci:
        why_not = "No locus can be weighed."
    said = f"kinship over all ways of descent; {mutation or 'no mutation'}, no linkage" + (f"; {left}" if left else "")
    return Weighed(
        method=said,
        scale=by,
        loci=() if why_not else tuple(loci),
        not_used=tuple(left_out),
        log10_lr=None if why_not else log,
        why_not=why_not,
        propositions=("the persons are related as the first pedigree says", "as the second says"),
        notes=(*_notes(loci, mutation), *(by.gaps(each.locus for each in loci) if mutation or left else ())),
    )


def _holds_not(case: _Case) -> str:
    for each in case.profiles.values():
        if each.mixed:
            return f"{each.id} is mixed; kinship is weighed between single persons."
    if case.left is None:
        return ""
    untyped = [name for name in case.left.contributors if name not in case.profiles]
    if len(untyped) > _UNTYPED:
        return f"{len(untyped)} contributors are not typed; the model is weighed with at most {_UNTYPED}."
    for pedigree in case.pedigrees:
        lacking = set(case.left.contributors) - {each.id for each in pedigree.members}
        if lacking:
            raise PedigreeError(f"{', '.join(sorted(lacking))} left the mixture, but is not in both pedigrees.")
    return ""


def _locus(name: str, case: _Case) -> WeighedLocus | None:
    seen = [each.loci[name] for each in case.profiles.values()]
    shown = evidence(case.left.trace, name, case.by, *seen) if case.left else None
    p = dict(shown.p) if shown else case.by.frequencies(name, *seen)
    chances = []
    for pedigree in case.pedigrees:
        genotypes = {each: _genotype(case.profiles[each], name) for each in pedigree.typed}
        if case.mutation is None and shown is None and pedigree.meioses <= MEIOSES:
            pairs = [genotypes[each] for each in pedigree.typed]
            chances.append(likelihood(pedigree.patterns, pairs, p, case.by.theta))
        elif shown is None and pedigree.meioses <= MEIOSES:
            chances.append(descent.chance(pedigree, genotypes, _table(name, p, case), case.by.theta))
        else:
            table, mixture = _table(name, p, case), _mixture(case.left, shown) if case.left and shown else None
            chances.append(chance(pedigree, genotypes, table, case.by.theta, mixture))
    if not chances[1]:
        return None
    typed = " / ".join(show(case.profiles[each].loci[name]) for each in case.pedigrees[0].typed)
    if case.left:
        typed = " + ".join(show(each.get(name, ())) for each in case.left.trace.seen) + " / " + typed
    return WeighedLocus(name, typed, chances[0] / chances[1], tuple(p.items()))


def _mixture(left: Left, shown: Evidence) -> tuple[tuple[str, ...], Shown]:
    def of(genotypes: Mapping[str, tuple[str, str]]) -> float:
        persons = [(genotypes[name], rate) for name, rate in left.contributors.items()]
        return given(shown, persons, left.drop_in)

    return tuple(left.contributors), of


def _table(name: str, p: Mapping[str, float], case: _Case) -> Table:
    """Return the alleles that matter at a locus: those met, and all others as one unless mutation goes step by step."""
    rest = max(0.0, case.by.whole(name) - sum(p.values()))
    if case.mutation is None:
        return Table.unchanged({**p, **({_OTHER: rest} if rest > 0 else {})})
    every = case.by.population.frequencies[name]
    others = {text: value for text, value in every.items() if text not in p and value > 0 and text[0] not in "<>"}
    whole = sum(others.values())
    full = {**p, **{text: value * rest / whole for text, value in others.items() if rest > 0}}
    alleles = [allele(text, locus(name)) for text in full]
    male, female = (
        matrix(alleles, full, rate, case.mutation) for rate in (case.mutation.paternal, case.mutation.maternal)
    )
    if case.mutation.model is MutationModel.STEPWISE or len(full) <= len(p) + 1:
        return Table(full, male, female)
    return Table({**p, _OTHER: rest}, *(_lumped(each, len(p)) for each in (male, female)))


def _lumped(found: Matrix, kept: int) -> Matrix:
    """Put all alleles after the first ``kept`` into one class; exact, because their rows are alike towards the others."""
    columns = np.column_stack([found[:, :kept], found[:, kept:].sum(axis=1)])
    return np.vstack([columns[:kept], columns[kept]])


def _genotype(profile: Profile, name: str) -> _Genotype:
    a, b = profile.loci[name]
    return a.text, b.text


def _left_out(name: str, case: _Case) -> str | None:
    for each in case.profiles.values():
        seen = each.loci.get(name, ())
        if len(seen) != 2 or not all(one.number for one in seen):
            return f"{each.id} does not have two designated alleles there"
        why = case.by.unusable(locus(name), seen)
        if why:
            return why
    if case.left is None:
        return None
    replicates = [each[name] for each in case.left.trace.seen if name in each]
    if not replicates:
        return "not typed in the mixture"
    if any(not one.number for each in replicates for one in each):
        return "a value that is not designated was read in the mixture"
    return next((why for each in replicates if (why := case.by.unusable(locus(name), each))), None)


def _notes(loci: Sequence[WeighedLocus], mutation: Mutation | None) -> tuple[str, ...]:
    zero = [each.locus for each in loci if not each.value]
    if not zero:
        return ()
    told = f"At {', '.join(zero)} the first pedigree cannot give what was read. "
    if mutation is None:
        told += "One or two such loci may be mutations, which are not modelled here: weigh them with --mutation."
    return (told.strip(),)


def pair(a: Profile, b: Profile, name: str, by: Scale, *, mutation: Mutation | None = None) -> Weighed:
    """Return the ratio that two persons are related as ``name`` says, against unrelated."""
    found = kinship({"A": a, "B": b}, relation(name), unrelated("A", "B"), by, mutation=mutation)
    return replace(found, propositions=(f"{a.id} and {b.id} are related: {named(name)}", "they are unrelated"))


def trio(child: Profile, mother: Profile, alleged: Profile, by: Scale, *, mutation: Mutation | None = None) -> Weighed:
    """Return the paternity index: the alleged father against an unrelated man, the mother being certain."""
    typed = ("C", "M", "F")
    father = Pedigree((Member("M"), Member("F"), Member("C", "F", "M")), typed)
    other = Pedigree((Member("M"), Member("F"), Member("x"), Member("C", "x", "M")), typed)
    found = kinship({"C": child, "M": mother, "F": alleged}, father, other, by, mutation=mutation)
    said = f"{alleged.id} and {mother.id} are the parents of {child.id}"
    return replace(found, propositions=(said, f"{mother.id} and a man unrelated to {alleged.id} are the parents"))
