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

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from comity.law.articles import inside
from comity.law.binding import Bound
from comity.law.errors import ConflictError
from comity.law.index import UNION, Index, Provides
from comity.law.model import DateOf, Relation, RelationKind, Status, Type
from comity.law.question import Question
from comity.law.reason import Reason
from comity.law.regime import Principle
from comity.law.when import TRUE, Outcome, Reach, evaluate

__all__ = ["Group", "Out", "Placing", "Standing", "place"]


class Standing(StrEnum):
    """How an instrument stands in the answer."""

    APPLICABLE = "applicable"
    CONTESTED = "contested"
    RESIDUAL = "residual"


@dataclass(frozen=True, slots=True)
class Group:
    """Instruments read together; ``members`` begins with the lead. ``missing`` are facts that would close its scope."""

    members: tuple[str, ...]
    standing: Standing
    why: tuple[Reason, ...]
    missing: tuple[str, ...] = ()
    set_back: Relation | None = field(default=None, compare=False)

    @property
    def lead(self) -> str:
        """The instrument the group is named after."""
        return self.members[0]


@dataclass(frozen=True, slots=True)
class Out:
    """An instrument that does not apply, and why; ``missing`` are facts that would bring it in."""

    instrument: str
    why: Reason
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placing:
    """The answer for one measure; ``asked`` are the facts that would change it."""

    measure: str
    groups: tuple[Group, ...]
    out: tuple[Out, ...]
    asked: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Field:
    """The working state of one placing."""

    index: Index
    question: Question
    measure: str
    reach: Reach
    bound: Mapping[str, Bound]
    provides: Mapping[str, Provides]
    scope: dict[str, Outcome] = field(default_factory=dict)
    out: dict[str, Out] = field(default_factory=dict)
    assumed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    set_back: dict[str, tuple[Relation, str]] = field(default_factory=dict)
    contested: dict[str, tuple[Relation, str]] = field(default_factory=dict)
    disconnected: dict[str, list[tuple[Relation, str]]] = field(default_factory=dict)
    before: dict[tuple[str, str], Relation] = field(default_factory=dict)

    def live(self) -> list[str]:
        """Candidates not yet out, in the order of the law base."""
        return [name for name in self.provides if name in self.scope and name not in self.out]


def place(index: Index, question: Question, measure: str, reach: Reach, bound: Mapping[str, Bound]) -> Placing:
    """Place the instruments for one measure of a question."""
    f = _Field(index, question, measure, reach, bound, index.providers[measure])
    _admit(f)
    _relate(f)
    groups = _groups(f)
    firm = [g for g in groups if not g.missing or g.standing is Standing.RESIDUAL]
    ordered = _order(f, firm)
    asked = _ask(f, [g for g in groups if g not in firm], ordered)
    return Placing(measure, tuple(ordered), tuple(f.out.values()), asked)


def _admit(f: _Field) -> None:
    for name in f.provides:
        bound = f.bound.get(name)
        if bound is None:
            continue
        shut = None if bound.holds else bound.why[0]
        shut = shut or _article_excluded(f, name)
        if shut:
            f.out[name] = Out(name, shut)
            continue
        outcome = _scope(f, name)
        if outcome.holds is None and _names_offence(f, name):
            f.assumed[name], outcome = outcome.missing, TRUE
        if outcome.holds is False:
            f.out[name] = Out(name, _scope_reason(f, name, "out_of_scope"))
        else:
            f.scope[name] = outcome


def _scope(f: _Field, name: str) -> Outcome:
    scope = f.index.base.instruments[name].scope
    return TRUE if scope.any_offence else evaluate(scope.when, f.reach)


def _names_offence(f: _Field, name: str) -> bool:
    """Tell whether an instrument names the offence in its scope: a request then says that the rest of its scope is met."""
    return not f.index.names(name).isdisjoint(f.reach.get("treaty_offence", ()))


def _scope_reason(f: _Field, name: str, code: str, missing: Iterable[str] = ()) -> Reason:
    instrument = f.index.base.instruments[name]
    facts = f.index.regime.facts
    named = "; ".join(facts[m].en if m in facts else m for m in missing)
    where = f"{instrument.reference}, scope"
    return Reason(code, {"scope": instrument.scope.text, "article": where, "missing": named}, instrument.id)


def _article_excluded(f: _Field, name: str) -> Reason | None:
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


def _relate(f: _Field) -> None:
    live = f.live()
    edges = f.index.edges(f.measure)
    displaced: dict[str, tuple[Relation, str]] = {}
    for name in live:
        for relation, targets in edges.get(name, ()):
            if relation.kind is RelationKind.CONTESTS:
                met = [one for one in targets if one in f.bound and f.bound[one].holds]
            else:
                met = [one for one in targets if one in f.scope]
            if not met or not _acts(f, relation):
                continue
            for target in met:
                if not _only_in_part(f, relation, target) and not _read_together(f, relation, name, target):
                    _edge(f, displaced, name, relation, target)
    for name, pairs in f.disconnected.items():
        displaced.setdefault(name, next((pair for pair in pairs if pair[1] not in displaced), pairs[0]))
    _no_circle(displaced, f)
    for name, (relation, by) in displaced.items():
        f.out[name] = Out(name, _moved(f, "replaced", relation, by))
    _fall_with(f, displaced)


def _only_in_part(f: _Field, relation: Relation, target: str) -> bool:
    """Tell whether a relation reaches only articles of the target that do not provide for the measure."""
    if not relation.target.articles:
        return False
    article = f.provides[target].article if target in f.provides else ""
    return not any(inside(article, one) for one in relation.target.articles)


def _read_together(f: _Field, relation: Relation, name: str, target: str) -> bool:
    """Tell whether two instruments are read together, so that of their relations only what goes first within counts."""
    if relation.kind is RelationKind.PREVAILS_OVER:
        return False
    return target in _above(f, name) or name in _above(f, target)


def _edge(f: _Field, displaced: dict[str, tuple[Relation, str]], name: str, relation: Relation, target: str) -> None:
    kind = relation.kind
    if kind is RelationKind.REPLACES and f.scope[name].holds:
        _displace(displaced, target, relation, name)
    elif kind is RelationKind.YIELDS_TO and f.scope[target].holds:
        _displace(displaced, name, relation, target)
    elif kind is RelationKind.DISCONNECTS and f.scope[target].holds and _both_in_union(f, target):
        f.disconnected.setdefault(name, []).append((relation, target))
    elif kind is RelationKind.FILLS_GAP and f.scope[target].holds:
        f.set_back.setdefault(name, (relation, target))
    elif kind is RelationKind.CONTESTS:
        f.contested.setdefault(name, (relation, target))
    elif kind is RelationKind.PREVAILS_OVER:
        f.before.setdefault((name, target), relation)


def _displace(displaced: dict[str, tuple[Relation, str]], name: str, relation: Relation, by: str) -> None:
    """Note what takes an instrument's place; a relation between two named instruments says it better than one of a class."""
    if name not in displaced or (relation.target.instrument and not displaced[name][0].target.instrument):
        displaced[name] = (relation, by)


def _both_in_union(f: _Field, target: str) -> bool:
    members = f.index.members_of_union
    union = f.index.base.instruments[target].type in UNION
    return union and {f.index.home(f.question.requesting), f.index.home(f.question.requested)} <= members


def _acts(f: _Field, relation: Relation) -> bool:
    if relation.between and not {f.question.requesting, f.question.requested} <= set(relation.between):
        return False
    day = f.question.on
    if relation.looks_at is not DateOf.REQUEST:
        day = f.question.facts.get(f"{relation.looks_at}_on", day)  # type: ignore[assignment]  # facts *_on are days
    if (relation.from_ and day < relation.from_) or (relation.until and relation.until < day):
        return False
    return not relation.when or evaluate(relation.when, f.reach).holds is True


def _no_circle(displaced: Mapping[str, tuple[Relation, str]], f: _Field) -> None:
    for name in displaced:
        seen = [name]
        while (step := displaced.get(seen[-1])) is not None:
            if step[1] in seen:
                _conflict([displaced[one][0] for one in seen[seen.index(step[1]) :]])
            seen.append(step[1])
    for (first, second), relation in f.before.items():
        if (back := f.before.get((second, first))) is not None:
            _conflict([relation, back])
        if first in displaced and displaced[first][1] == second:
            _conflict([relation, displaced[first][0]])


def _conflict(relations: Sequence[Relation]) -> None:
    files = sorted({f"instruments/{relation.id}.yaml" for relation in relations})
    raise ConflictError(
        f"{' and '.join(files)} put the same instruments before and behind one another.",
        files=files,
    )


def _moved(f: _Field, code: str, relation: Relation, by: str) -> Reason:
    of = f.index.base.instruments[relation.of]
    fields = {
        "by": f.index.base.instruments[by].short,
        "article": _article(of.reference, relation),
        "text": relation.text,
    }
    return Reason(code, fields, relation.id)


def _article(reference: str, relation: Relation) -> str:
    return f"{reference} Art. {relation.article}" if relation.article[:1].isdigit() else relation.article


def _fall_with(f: _Field, displaced: Mapping[str, tuple[Relation, str]]) -> None:
    """Put out what is read with a displaced instrument, unless another of those it is read with still stands."""
    for _ in range(3):
        for name in f.live():
            above = [one for one in _above(f, name) if one in f.scope]
            if above and all(one in f.out for one in above):
                relation, by = displaced.get(above[0], (None, ""))
                if relation is not None:
                    reason = _moved(f, "falls_with", relation, by)
                    mother = f.index.base.instruments[above[0]].short
                    f.out[name] = Out(name, Reason("falls_with", {**reason.fields, "mother": mother}, relation.id))


def _above(f: _Field, name: str) -> tuple[str, ...]:
    """Return the instruments one is read with, mothers first."""
    return f.index.above(name, f.measure)


def _groups(f: _Field) -> list[Group]:
    live = f.live()
    root = {name: name for name in live}
    for name in live:
        for above in _above(f, name):
            if above in root:
                _join(root, name, above)
    families: dict[str, list[str]] = {}
    for name in live:
        families.setdefault(_root(root, name), []).append(name)
    return [_group(f, members) for members in families.values()]


def _join(root: dict[str, str], name: str, above: str) -> None:
    one, other = _root(root, name), _root(root, above)
    if one != other:
        root[one] = other


def _root(root: Mapping[str, str], name: str) -> str:
    while root[name] != name:
        name = root[name]
    return name


def _group(f: _Field, members: list[str]) -> Group:
    names = set(members)
    beaten = {second for first, second in f.before if first in names and second in names}
    beaten |= {name for name in members if beaten.intersection(f.index.mothers.get(name, ()))} - _winners(f, names)

    def key(name: str) -> tuple[bool, int, bool, int]:
        return (name in beaten, f.provides[name].fit, not f.provides[name].article, _depth(f, name))

    ranked = sorted(members, key=key)
    lead = next((name for name in ranked if f.scope[name].holds), ranked[0])
    order = [lead, *_with(f, lead, members)]
    missing = f.scope[lead].missing if f.scope[lead].holds is None else ()
    standing, why, back = Standing.APPLICABLE, [*f.bound[lead].why, _provided(f, lead)], None
    for name in order:
        if name in f.contested:
            standing = Standing.CONTESTED
            why.append(_moved(f, "contested", *f.contested[name]))
            break
    if lead in f.set_back:
        standing, back = Standing.RESIDUAL, f.set_back[lead][0]
        why.append(_moved(f, "residual", *f.set_back[lead]))
    if f.index.base.instruments[lead].status is Status.SCHEME:
        standing = Standing.RESIDUAL
        why.append(Reason("scheme"))
    if missing:
        why.append(_scope_reason(f, lead, "open_scope", missing))
    if lead in f.assumed:
        why.append(_scope_reason(f, lead, "assumed_scope", f.assumed[lead]))
    return Group(tuple(order), standing, tuple(why), missing, back)


def _winners(f: _Field, names: set[str]) -> set[str]:
    return {first for first, second in f.before if first in names and second in names}


def _with(f: _Field, lead: str, members: list[str]) -> list[str]:
    """Return what is read with the lead: members in scope, and mothers that bind though they do not provide for the measure."""
    found = [name for name in sorted(members, key=lambda name: _depth(f, name)) if name != lead and f.scope[name].holds]
    for name in (lead, *found):
        for above in _above(f, name):
            bound = f.bound.get(above)
            if above not in found and above != lead and bound is not None and bound.holds and above not in f.out:
                found.append(above)
    for name in f.index.daughters(*(one for one in (lead, *found) if one in f.scope)):
        bound = f.bound.get(name)
        known = name in found or name == lead or name in f.out
        limited = not f.index.base.instruments[name].scope.any_offence
        reaches = _scope(f, name).holds is True or (_scope(f, name).holds is None and _names_offence(f, name))
        if not known and limited and bound is not None and bound.holds and reaches:
            found.append(name)
    return found


def _depth(f: _Field, name: str) -> int:
    return len(_above(f, name)) and 1 + max((_depth(f, one) for one in _above(f, name)), default=0)


def _provided(f: _Field, name: str) -> Reason:
    article = f.provides[name].article
    instrument = f.index.base.instruments[name]
    if article and article[:1].isdigit():
        return Reason("provides", {"article": article}, f"{instrument.reference} Art. {article}")
    forms = [form for form in f.index.regime.measure_forms[f.measure] if form in instrument.forms]
    return Reason("covers", {"form": forms[0].replace("_", " ") if forms else "cooperation"}, instrument.reference)


_LEVEL = {Standing.APPLICABLE: 0, Standing.CONTESTED: 1, Standing.RESIDUAL: 2}


def _tests(f: _Field, group: Group) -> dict[str, int]:
    """Return what the principles look at, smaller first."""
    name = group.lead
    instrument = f.index.base.instruments[name]
    provides = f.provides[name]
    return {
        "standing": _LEVEL[group.standing],
        "stated": 1 if name in f.assumed or group.missing else 0,
        "union": 0 if instrument.type in UNION else 1,
        "form": provides.fit,
        "bilateral": 0 if instrument.type is Type.BILATERAL else 1,
        "offence": 0 if _names_offence(f, name) else 1,
        "article": 0 if provides.article else 1,
        "treaty": 1 if instrument.status is Status.SCHEME else 0,
        "later": -instrument.adopted.toordinal(),
    }


def _order(f: _Field, groups: list[Group]) -> list[Group]:
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
            _conflict([r for (a, b), r in f.before.items() if {a, b} & {g.lead for g in left}])
        best = free[0]
        ordered.append(_explained(f, best, ordered, principles, keys))
        left.remove(best)
    return ordered


def _goes_before(f: _Field, one: Group, other: Group) -> bool:
    if _LEVEL[one.standing] > _LEVEL[other.standing]:
        return False
    return any(a in one.members and b in other.members for a, b in f.before)


def _explained(
    f: _Field,
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
            fields = {
                "before": short,
                "en": f"{relation.text} ({relation.article})",
                "uk": f"{relation.text} ({relation.article})",
            }
            return replace(group, why=(*group.why, Reason("behind", fields, relation.id)))
    for principle in principles:
        if keys[last.lead][principle.test] != keys[group.lead][principle.test]:
            fields = {"before": short, "en": principle.en, "uk": principle.uk}
            return replace(group, why=(*group.why, Reason("behind", fields, f"precedence/principles#{principle.id}")))
    return replace(group, why=(*group.why, Reason("beside", {"other": short})))


def _ask(f: _Field, open_: Sequence[Group], ordered: Sequence[Group]) -> tuple[tuple[str, str], ...]:
    """Return (fact, instrument) for open instruments that would come first, and note the open ones among those out."""
    asked: list[tuple[str, str]] = []
    firm = [g for g in ordered if g.standing is Standing.APPLICABLE]
    for group in open_:
        f.out[group.lead] = Out(group.lead, group.why[-1], group.missing)
        first = not firm or _order(f, [firm[0], replace(group, why=(), missing=())])[0].lead == group.lead
        if first:
            asked += [(fact, group.lead) for fact in group.missing]
    if firm and firm[0].lead in f.assumed:
        asked += [(fact, firm[0].lead) for fact in f.assumed[firm[0].lead]]
    return tuple(dict.fromkeys(asked))
