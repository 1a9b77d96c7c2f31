"""`resolve`: from a question to an answer a central authority would sign.

For each measure the instruments are placed (`comity.law.precedence`) and their provisions applied
(`comity.law.provisions`); where no treaty applies of its own force, reciprocity is the answer (`comity.law.reserve`). The
answer depends on the question and the law base alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from comity.law.asking import questions
from comity.law.base import LawBase
from comity.law.binding import Bound, bindings
from comity.law.field import Group, Out, Placing, Standing
from comity.law.index import Index, index_of
from comity.law.model import Authority
from comity.law.precedence import place
from comity.law.provisions import apply
from comity.law.question import Question
from comity.law.reason import Reason
from comity.law.reserve import alternatives, reciprocity
from comity.law.resolution import Basis, Excluded, Resolution, Rule
from comity.law.scope import facts_of

__all__ = ["resolve"]


def resolve(question: Question, base: LawBase) -> Resolution:
    """Answer a question; raise `ConflictError` where the law base contradicts itself on it."""
    index = index_of(base)
    bound = bindings(index, question.requesting, question.requested, question.on, question.facts)
    placings = [
        place(index, question, measure, facts_of(index, measure, question.offences, question.facts), bound)
        for measure in question.measures
    ]
    bases = _bases(index, question, placings)
    fallback = any(not _answered(placing) for placing in placings)
    return Resolution(
        question=question,
        release=base.release,
        lawbase_digest=base.digest,
        bases=bases,
        excluded=(*_excluded(placings), *_silent(index, placings, bases, bound)),
        fallback=fallback,
        reciprocity=reciprocity(index, question) if fallback else (),
        questions=questions(index, question, placings, bases, bound),
        alternatives=alternatives(index, placings),
        titles={
            i: (index.base.instruments[i].title, index.base.instruments[i].reference) for b in bases for i in b.with_
        },
    )


def _answered(placing: Placing) -> bool:
    return any(group.standing is not Standing.RESIDUAL for group in placing.groups)


def _bases(index: Index, question: Question, placings: Iterable[Placing]) -> tuple[Basis, ...]:
    """Merge the groups of all measures: a basis stands where it stood for the first measure it serves, the residual ones last."""
    merged: dict[str, list[tuple[str, Group]]] = {}
    for placing in placings:
        for group in placing.groups:
            merged.setdefault(group.lead, []).append((placing.measure, group))
    ordered = sorted(merged.values(), key=lambda served: all(g.standing is Standing.RESIDUAL for _, g in served))
    return tuple(_basis(index, question, rank, served) for rank, served in enumerate(ordered, start=1))


def _basis(index: Index, question: Question, rank: int, served: list[tuple[str, Group]]) -> Basis:
    group = served[0][1]
    instrument = index.base.instruments[group.lead]
    live: dict[tuple[str, str], Rule] = {}
    undone: dict[tuple[str, str], Rule] = {}
    for measure, each in served:
        found, gone = apply(index, question, measure, each)
        live |= {(rule.provision, rule.kind): rule for rule in found}
        undone |= {(rule.provision, rule.kind): rule for rule in gone}
    with_ = tuple(dict.fromkeys(name for _, each in served for name in each.members[1:]))
    articles = {measure: index.providers[measure][group.lead].article for measure, _ in served}
    reasons = _reasons(index, group, with_)
    return Basis(
        instrument=group.lead,
        title=instrument.title,
        reference=instrument.reference,
        rank=rank,
        status=str(group.standing),
        why=" ".join(reason.say() for reason in reasons),
        reasons=reasons,
        with_=with_,
        measures=tuple(measure for measure, _ in served),
        articles={measure: article for measure, article in articles.items() if article},
        rules=tuple(live.values()),
        undone=tuple(undone.values()),
        authorities=_authorities(index, question, (group.lead, *with_)),
        unsure=any(reason.code in {"unsure", "assumed"} for reason in reasons),
    )


def _reasons(index: Index, group: Group, with_: tuple[str, ...]) -> tuple[Reason, ...]:
    why = group.why if index.base.rules_of.get(group.lead) else (*group.why, Reason("no_rules", {}, group.lead))
    if not with_:
        return why
    names = "; ".join(index.base.instruments[name].reference for name in with_)
    return (*why, Reason("joined", {"names": names}))


def _authorities(index: Index, question: Question, instruments: tuple[str, ...]) -> tuple[Authority, ...]:
    """Return the requested state's authorities named for the instruments, or else its central authorities."""
    every = index.base.authorities_of(index.home(question.requested))
    named = tuple(a for a in every if set(a.instruments).intersection(instruments))
    return named or tuple(a for a in every if "mla_central" in a.roles)


def _silent(
    index: Index, placings: Iterable[Placing], bases: Iterable[Basis], bound: Mapping[str, Bound]
) -> Iterator[Excluded]:
    """Yield the protocols of a basis that do not bind, and what binds both states and says nothing on any of the measures."""
    told = {out.instrument for placing in placings for out in placing.out}
    there = tuple(dict.fromkeys(name for basis in bases for name in (basis.instrument, *basis.with_)))
    told |= {*there}
    measures = tuple(placing.measure for placing in placings)
    for name in index.daughters(*there):
        if name not in told and name in bound and not bound[name].holds:
            told.add(name)
            why = bound[name].why[0]
            yield Excluded(name, why.say(), why.provision, why, measures)
    for name, each in bound.items():
        if each.holds and name not in told:
            why = index.silence(name, measures)
            yield Excluded(name, why.say(), why.provision, why, measures)


def _excluded(placings: Iterable[Placing]) -> tuple[Excluded, ...]:
    merged: dict[tuple[str, str], tuple[Out, list[str]]] = {}
    for placing in placings:
        for out in placing.out:
            merged.setdefault((out.instrument, out.why.say()), (out, []))[1].append(placing.measure)
    return tuple(
        Excluded(out.instrument, why, out.why.provision, out.why, tuple(measures), out.missing)
        for (_, why), (out, measures) in merged.items()
    )
