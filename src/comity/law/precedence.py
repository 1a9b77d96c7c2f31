"""In which order the instruments that bind two states stand for one measure: derived for the question, never a ranking.

1. Candidates bind both states on the day and provide for the measure (`comity.law.binding`, `Index.providers`).
2. Their scope is asked on the facts; what is out of scope is excluded, what is open becomes a question.
3. Typed relations displace (replaces, yields to, disconnects), set back (fills a gap), contest or order (prevails over);
   a relation acts only for measures both its ends provide for, so replacement is partial by itself.
4. Instruments that are read together form one group; of its members the one made for the measure leads, otherwise the mother.
5. Between groups nothing orders, the principles of the law base decide, the first that tells two apart.
6. Relations that go round in a circle are a `ConflictError` naming the files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from comity.law.binding import Bound
from comity.law.field import (
    Field,
    Group,
    Out,
    Placing,
    Standing,
    article_of,
    names_offence,
    scope_of,
    scope_reason,
)
from comity.law.grouping import groups
from comity.law.index import UNION, Index
from comity.law.model import Instrument, RelationKind, Status, Type
from comity.law.question import Question
from comity.law.reason import Reason
from comity.law.regime import Principle
from comity.law.relating import conflict, relate
from comity.law.when import TRUE, Reach

__all__ = ["place"]


def place(index: Index, question: Question, measure: str, reach: Reach, bound: Mapping[str, Bound]) -> Placing:
    """Place the instruments for one measure of a question."""
    f = Field(index, question, measure, reach, bound, index.providers[measure])
    _admit(f)
    relate(f)
    found = groups(f)
    firm = [g for g in found if not g.missing]
    ordered = order(f, firm)
    asked = _ask(f, [g for g in found if g not in firm], ordered)
    return Placing(measure, tuple(ordered), tuple(f.out.values()), asked)


def _admit(f: Field) -> None:
    for name in f.provides:
        bound = f.bound.get(name)
        if bound is None:
            continue
        shut = None if bound.holds else bound.why[0]
        shut = shut or _article_excluded(f, name)
        if shut:
            f.out[name] = Out(name, shut)
            continue
        outcome = scope_of(f, name)
        if outcome.holds is None and names_offence(f, name):
            f.assumed[name], outcome = outcome.missing, TRUE
        if outcome.holds is False:
            f.out[name] = Out(name, scope_reason(f, name, "out_of_scope"))
        else:
            f.scope[name] = outcome


def _article_excluded(f: Field, name: str) -> Reason | None:
    article = f.provides[name].article
    if not article:
        return None
    for state in (f.index.home(f.question.requested), f.index.home(f.question.requesting)):
        for declaration in f.index.base.declarations_of.get((state, name), ()):
            gone = declaration.effect.get("excluded_articles", ())
            begun = declaration.valid_from is None or declaration.valid_from <= f.question.on
            over = declaration.valid_to is not None and declaration.valid_to < f.question.on
            if begun and not over and article in ((gone,) if isinstance(gone, str) else gone):
                full = f"{f.index.base.instruments[name].reference} Art. {article}"
                return Reason("article_excluded", {"state": state, "article": full}, declaration.id)
    return None


_LEVEL = {Standing.APPLICABLE: 0, Standing.CONTESTED: 1, Standing.RESIDUAL: 2}


def _tests(f: Field, group: Group) -> dict[str, int]:
    """Return what the principles look at, smaller first."""
    name = group.lead
    instrument = f.index.base.instruments[name]
    provides = f.provides[name]
    return {
        "standing": _LEVEL[group.standing],
        "stated": 1 if name in f.assumed or group.missing else 0,
        "union": 0 if instrument.type in UNION else 1,
        "form": provides.fit,
        "subject": 0 if _made_for(f, instrument) else 1,
        "bilateral": 0 if instrument.type is Type.BILATERAL else 1,
        "offence": 0 if names_offence(f, name) else 1,
        "article": 0 if provides.article else 1,
        "treaty": 1 if instrument.status is Status.SCHEME else 0,
        "later": -instrument.adopted.toordinal(),
    }


def _made_for(f: Field, instrument: Instrument) -> bool:
    """Tell whether an instrument serves the forms of the measure and no other."""
    return set(instrument.forms) <= set(f.index.regime.measure_forms[f.measure])


def order(f: Field, groups: list[Group]) -> list[Group]:
    principles = f.index.regime.principles
    keys = {g.lead: _tests(f, g) for g in groups}

    def key(group: Group) -> tuple[int, ...]:
        return tuple(keys[group.lead][p.test] for p in principles)

    left, ordered = sorted(groups, key=key), list[Group]()
    while left:
        free = left
        if f.before:
            free = [g for g in left if not any(_goes_before(f, other, g) for other in left if other is not g)]
        if not free:
            conflict([r for (a, b), r in f.before.items() if {a, b} & {g.lead for g in left}])
        best = free[0]
        ordered.append(_explained(f, best, ordered, principles, keys))
        left.remove(best)
    return ordered


def _goes_before(f: Field, one: Group, other: Group) -> bool:
    if _LEVEL[one.standing] > _LEVEL[other.standing]:
        return False
    return any(a in one.members and b in other.members for a, b in f.before)


def _explained(
    f: Field,
    group: Group,
    ordered: Sequence[Group],
    principles: Sequence[Principle],
    keys: Mapping[str, Mapping[str, int]],
) -> Group:
    if not ordered:
        return replace(group, why=(*group.why, Reason("first")))
    last = ordered[-1]
    short = f.index.base.instruments[last.lead].short
    for (a, b), relation in f.before.items():
        if a in last.members and b in group.members:
            article = article_of(f.index.base, relation)
            fields = {"before": short, "text": relation.text, "article": article}
            return replace(group, why=(*group.why, Reason("behind_by", fields, relation.id)))
    for principle in principles:
        if keys[last.lead][principle.test] != keys[group.lead][principle.test]:
            fields = {"before": short, "en": principle.en, "uk": principle.uk}
            return replace(group, why=(*group.why, Reason("behind", fields, f"precedence/principles#{principle.id}")))
    return replace(group, why=(*group.why, Reason("beside", {"before": short})))


def _ask(f: Field, open_: Sequence[Group], ordered: Sequence[Group]) -> tuple[tuple[str, str], ...]:
    """Return (fact, instrument) for open instruments that would come first, and note the open ones among those out."""
    asked: list[tuple[str, str]] = []
    firm = [g for g in ordered if g.standing is Standing.APPLICABLE]
    for group in open_:
        f.out[group.lead] = Out(group.lead, group.why[-1], group.missing)
        first = not firm or order(f, [firm[0], replace(group, why=(), missing=())])[0].lead == group.lead
        if first and not _would_yield(f, group, open_):
            asked += [(fact, group.lead) for fact in group.missing]
    if firm and firm[0].lead in f.assumed:
        asked += [(fact, firm[0].lead) for fact in f.assumed[firm[0].lead]]
    return tuple(dict.fromkeys(asked))


def _would_yield(f: Field, group: Group, open_: Sequence[Group]) -> bool:
    """Tell whether another open instrument would take a group's place if the same facts held."""
    return any(
        relation.kind is RelationKind.REPLACES and group.lead in targets
        for other in open_
        if set(other.missing) <= set(group.missing)
        for relation, targets in f.index.edges(f.measure).get(other.lead, ())
    )
