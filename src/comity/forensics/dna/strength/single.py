"""One contributor: random match probability, and the likelihood ratio that a person is the source of a trace.

Formulas of the National Research Council (1996): 4.10a and 4.10b with theta (at theta 0 these are p^2 and 2pq, 4.1),
or 4.4a for homozygotes beside 2pq. A trace of which one allele was lost is summed over all genotypes that hold the
seen one; a person's genotype that cannot have left the trace gives the ratio 0, an exclusion. For a relative the match
probability is that of NRC II 4.8 and 4.9 with theta: k0 of a stranger, k1 with one allele shared by descent, k2 of both.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from comity.forensics.dna.allele import Typing
from comity.forensics.dna.locus import locus
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.strength.pedigree import KAPPA, named
from comity.forensics.dna.strength.sampling import genotype, next_allele
from comity.forensics.dna.strength.weighed import Formula, NotUsed, Scale, Weighed, WeighedLocus, names, show

_OPEN = ("*", "OL", "<", ">", "o", "F", "R", "NA", "NR", "UN")

__all__ = ["match_probability", "random_match", "relative_match_probability", "source"]


def match_probability(seen: Typing, p: Mapping[str, float], theta: float, formula: Formula = Formula.NRC_4_10) -> float:
    """Return the chance that an unrelated person of the population shows ``seen``.

    ``seen`` has one or two values; a value that is not designated stands for any allele.
    """
    designated = [each.text for each in seen if each.number]
    if len(designated) == 2:
        a, b = designated
        if formula is Formula.NRC_4_4:
            return p[a] ** 2 + p[a] * (1 - p[a]) * theta if a == b else 2 * p[a] * p[b]
        return genotype(a, b, p, Counter(designated), theta)
    if formula is Formula.NRC_4_4:
        theta = 0.0
    return _holds(designated[0], p, Counter(designated), theta)


def _holds(a: str, p: Mapping[str, float], seen: Mapping[str, int], theta: float) -> float:
    """Return the chance that a genotype holds ``a``, after ``seen``: one less that neither allele is a."""
    count, total = seen.get(a, 0), sum(seen.values())
    first = 1 - next_allele(p[a], count, total, theta)
    second = 1 - next_allele(p[a], count, total + 1, theta)
    return 1 - first * second


def relative_match_probability(
    pair: tuple[str, str], p: Mapping[str, float], theta: float, shares: tuple[float, float, float]
) -> float:
    """Return the chance that a relative has a person's genotype; ``shares`` are k0, k1 and k2."""
    (a, b), (none, one, both), seen = pair, shares, Counter(pair)
    other = sum(next_allele(p[each], seen[each], 2, theta) for each in (a, b)) / 2
    return none * genotype(a, b, p, seen, theta) + one * other + both


def random_match(profile: Profile, by: Scale, relative: str | None = None) -> Weighed:
    """Return the random match probability of a profile, and one over it as the ratio for a full match.

    ``relative`` asks for the chance that such a relative of the person has the same profile.
    """
    kin = named(relative) if relative else ""
    loci, left_out, log = [], [], 0.0
    for name, seen in profile.loci.items():
        why = by.unusable(locus(name), seen) or ("three alleles" if len(seen) > 2 else None)
        if not why and kin and sum(each.number for each in seen) != 2:
            why = "a relative's match needs two designated alleles"
        if why:
            left_out.append(NotUsed(name, why))
            continue
        p = by.frequencies(name, seen)
        if kin:
            value = relative_match_probability((seen[0].text, seen[1].text), p, by.theta, KAPPA[kin])
        else:
            value = match_probability(seen, p, by.theta, by.formula)
        log += math.log10(value)
        loci.append(WeighedLocus(name, show(seen), value, tuple(p.items())))
    why_not = _none(profile, loci)
    not_excluded = _not_excluded(profile, by) if profile.mixed else None
    return Weighed(
        method=f"match probability of a relative ({kin}), NRC II 4.8 and 4.9 with theta"
        if kin
        else f"random match probability, {by.formula}",
        scale=by,
        loci=tuple(loci) if not profile.mixed else (),
        not_used=tuple(left_out),
        log10_lr=None if why_not else -log,
        rmp=None if why_not else 10**log,
        why_not=why_not,
        propositions=(
            "the profile and a trace equal to it are of one person",
            f"the trace is of a relative ({kin})" if kin else "they are of unrelated persons",
        ),
        notes=() if why_not else _open(loci),
        rmne=not_excluded,
    )


def _not_excluded(profile: Profile, by: Scale) -> float | None:
    """Return the chance that a random man is not excluded from a mixture (RMNE, the combined probability of inclusion).

    A locus gives S^2 + theta S (1 - S), S being the frequencies of all alleles seen (Budowle et al. 2009; Butler 2015). It
    holds only where every contributor's alleles were seen; loci with anything undesignated are left out.
    """
    found, used = 1.0, False
    for name, seen in profile.loci.items():
        if by.unusable(locus(name), seen) or not all(each.number for each in seen):
            continue
        whole = min(1.0, sum(by.frequencies(name, seen).values()))
        found *= whole**2 + by.theta * whole * (1 - whole)
        used = True
    return found if used else None


def _none(profile: Profile, loci: list[WeighedLocus]) -> str:
    if profile.mixed:
        return "A mixture has no random match probability; weigh a person against it (--against) or the mixture model."
    return "" if loci else "No locus can be weighed."


def source(trace: Profile, person: Profile, by: Scale, relative: str | None = None) -> Weighed:
    """Return the likelihood ratio that ``person`` is the source of the single-source ``trace``.

    The other source is unrelated, or such a ``relative`` of the person.
    """
    kin = named(relative) if relative else ""
    loci, left_out, log, chance = [], [], 0.0, 0.0
    for name in names(trace, person):
        ours, theirs = trace.loci.get(name, ()), person.loci.get(name, ())
        why = _left_out(name, ours, theirs, by)
        if why:
            left_out.append(NotUsed(name, why))
            continue
        p = by.frequencies(name, ours, theirs)
        under = _related(ours, theirs, p, by.theta, KAPPA[kin]) if kin else _unrelated(ours, theirs, p, by)
        value = 1 / under if _fits(ours, theirs) else 0.0
        log += math.log10(value) if value else -math.inf
        chance += math.log10(under) if under else -math.inf
        loci.append(WeighedLocus(name, f"{show(ours)} / {show(theirs)}", value, tuple(p.items())))
    why_not = "" if loci else "No locus can be weighed."
    other = f"a relative ({kin}) of {person.id}" if kin else "an unrelated person"
    return Weighed(
        method=f"likelihood ratio of one contributor, {by.formula}" + (f", against {other}" if kin else ""),
        scale=by,
        loci=tuple(loci),
        not_used=tuple(left_out),
        log10_lr=None if why_not else log,
        rmp=None if why_not else 10**chance,
        why_not=why_not,
        propositions=(f"{person.id} is the source of {trace.id}", f"{other} is the source of {trace.id}"),
        notes=(*_excluded(log, loci), *_open(loci)),
    )


def _excluded(log: float, loci: Sequence[WeighedLocus]) -> tuple[str, ...]:
    if log != -math.inf:
        return ()
    where = ", ".join(each.locus for each in loci if not each.value)
    return (f"Excluded: at {where} the person cannot have left what was read.",)


def _open(loci: Sequence[WeighedLocus]) -> tuple[str, ...]:
    """Return a note on loci where something was not designated, which stands for any allele."""
    parts = [(each.locus, each.genotype.split(" / ")[0]) for each in loci]
    where = [name for name, seen in parts if "," not in seen or any(sign in seen for sign in _OPEN)]
    return (f"At {', '.join(where)} a value that is not designated stands for any allele.",) if where else ()


def _left_out(name: str, ours: Typing, theirs: Typing, by: Scale) -> str | None:
    if not ours or not theirs:
        return "typed in one of the two only"
    if sum(each.number for each in theirs) != 2:
        return "the person's two alleles are not both designated"
    if len(ours) > 2:
        return "three alleles in a trace of one contributor"
    return by.unusable(locus(name), ours) or by.unusable(locus(name), theirs)


def _fits(ours: Typing, theirs: Typing) -> bool:
    designated = Counter(each for each in ours if each.number)
    if sum(designated.values()) == 2:
        return designated == Counter(theirs)
    return all(each in theirs for each in designated)


def _related(
    ours: Typing, theirs: Typing, p: Mapping[str, float], theta: float, shares: tuple[float, float, float]
) -> float:
    """Return the chance of the trace from a relative of the typed person."""
    designated, seen = [each.text for each in ours if each.number], Counter(each.text for each in theirs)
    pair, (none, one, both) = [each.text for each in theirs], shares
    if len(designated) == 1:
        a = designated[0]
        shared = sum(1.0 if each == a else next_allele(p[a], seen[a], 2, theta) for each in pair) / 2
        return none * _holds(a, p, seen, theta) + one * shared + both * (a in pair)
    a, b = designated
    shared = 0.0
    for each in pair:
        other = b if each == a else a if each == b else None
        shared += next_allele(p[other], seen[other], 2, theta) / 2 if other is not None else 0.0
    return none * genotype(a, b, p, seen, theta) + one * shared + both * (sorted(pair) == sorted(designated))


def _unrelated(ours: Typing, theirs: Typing, p: Mapping[str, float], by: Scale) -> float:
    """Return the chance of the trace from another person, whom one shares ancestry with the typed person."""
    designated = [each.text for each in ours if each.number]
    if by.formula is Formula.NRC_4_4:
        return match_probability(ours, p, by.theta, by.formula)
    seen = Counter(each.text for each in theirs)
    if len(designated) == 2:
        return genotype(designated[0], designated[1], p, seen, by.theta)
    return _holds(designated[0], p, seen, by.theta)
