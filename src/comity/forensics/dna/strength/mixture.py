"""Mixtures by a semi-continuous model: who may have contributed, with drop-out and drop-in, replicates and theta.

Curran, Gill and Bill (2005) and Haned, Slooten and Gill (2012), as LRmix has it. For one replicate and the genotypes of
all contributors: an allele the contributors have but the replicate does not show has dropped out, with chance d for
each copy (so d for a heterozygote's, d^2 for a homozygote's), else 1 - that; an allele the replicate shows but no
contributor has has dropped in, with chance c p; no drop-in at all has 1 - c. Replicates multiply. Unknown genotypes are
summed out by the sampling formula, given every typed person whether contributor or not. Alleles never shown are lumped
into one class (the Q allele), which is exact in this model. Each contributor may have a drop-out of their own, and a
homozygote may drop out with a d^2 instead (Balding and Buckleton 2009: a = 0.5); then unseen alleles are kept apart,
because a homozygote of one of them counts otherwise. Peak heights are not used. Up to four contributors are weighed, as
far as the model was checked against LRmix Studio's cases.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from comity.forensics.dna.allele import Typing
from comity.forensics.dna.locus import locus
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.strength.dropout import Model, Rates
from comity.forensics.dna.strength.pedigree import KAPPA
from comity.forensics.dna.strength.shown import Evidence, given, likelihood
from comity.forensics.dna.strength.weighed import NotUsed, Scale, Weighed, WeighedLocus, names, show

__all__ = ["KAPPA", "MOST", "Evidence", "Model", "Rates", "contributor", "evidence", "given", "likelihood", "ratio"]

MOST = 4
_Pair = tuple[str, str]
_APART = 2
"""The most unknown contributors where a homozygote's drop-out is not the square: no allele can be lumped then."""


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
    if model.homozygote != 1 and model.contributors - len(known) > _APART:
        return f"A homozygote's own drop-out is weighed with at most {_APART} unknown contributors."
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


def evidence(trace: Profile, name: str, by: Scale, *persons: Typing, apart: bool = False) -> Evidence:
    """Return what a trace shows at one locus; ``apart`` keeps every allele of the table for itself."""
    replicates = [each.get(name, ()) for each in trace.seen]
    p = by.frequencies(name, *replicates, *persons)
    seen = tuple(frozenset(one.text for one in each if one.number) for each in replicates)
    if not apart:
        return Evidence(seen, p, by.whole(name))
    table = {
        text: value for text, value in by.population.frequencies[name].items() if text[0] not in "<>" and value > 0
    }
    return Evidence(seen, {**table, **p}, by.whole(name), frozenset({**table, **p}))


def contributor(trace: Profile, name: str, persons: Sequence[Typing], by: Scale, model: Model) -> WeighedLocus | None:
    """Return the ratio at one locus, or None where neither proposition can explain it.

    ``persons`` is the person in question, then the known contributors.
    """
    found = evidence(trace, name, by, *persons, apart=model.homozygote != 1)
    ours, *theirs = [_pair(each) for each in persons]
    unknown = model.contributors - len(theirs)
    first, second = model.rates(len(theirs))
    under_hp = likelihood(found, [ours, *theirs], [], unknown - 1, (model, by.theta), rates=first)
    under_hd = likelihood(found, theirs, [ours], unknown, (model, by.theta), rates=second)
    if under_hd <= 0:
        return None
    seen = " + ".join(show(each.get(name, ())) for each in trace.seen)
    met = {one.text for each in (*(each.get(name, ()) for each in trace.seen), *persons) for one in each}
    used = tuple((text, value) for text, value in found.p.items() if text in met)
    return WeighedLocus(name, f"{seen} / {show(persons[0])}", under_hp / under_hd, used)


def _pair(seen: Typing) -> _Pair:
    a, b = (each.text for each in seen)
    return a, b
