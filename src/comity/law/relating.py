"""What relations do to the candidates of one placing: displace, set back, contest, order; and what falls with its mother.

A relation acts only for measures both its ends provide for, so replacement is partial by itself. Relations that go round in a
circle are a `ConflictError` naming the files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from comity.law.articles import inside
from comity.law.errors import ConflictError
from comity.law.field import Field, Out, moved, read_with
from comity.law.index import UNION
from comity.law.model import DateOf, Relation, RelationKind
from comity.law.reason import Reason
from comity.law.when import evaluate

__all__ = ["conflict", "relate"]


def relate(f: Field) -> None:
    """Let the relations between the candidates act."""
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
        f.out[name] = Out(name, moved(f, "replaced", relation, by))
    _fall_with(f, displaced)


def _only_in_part(f: Field, relation: Relation, target: str) -> bool:
    """Tell whether a relation reaches only articles of the target that do not provide for the measure."""
    if not relation.target.articles:
        return False
    article = f.provides[target].article if target in f.provides else ""
    return not any(inside(article, one) for one in relation.target.articles)


def _read_together(f: Field, relation: Relation, name: str, target: str) -> bool:
    """Tell whether two instruments are read together, so that of their relations only what goes first within counts."""
    if relation.kind is RelationKind.PREVAILS_OVER:
        return False
    return target in read_with(f, name) or name in read_with(f, target)


def _edge(f: Field, displaced: dict[str, tuple[Relation, str]], name: str, relation: Relation, target: str) -> None:
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


def _both_in_union(f: Field, target: str) -> bool:
    members = f.index.members_of_union
    union = f.index.base.instruments[target].type in UNION
    return union and {f.index.home(f.question.requesting), f.index.home(f.question.requested)} <= members


def _acts(f: Field, relation: Relation) -> bool:
    if relation.between and not {f.question.requesting, f.question.requested} <= set(relation.between):
        return False
    day = f.question.on
    if relation.looks_at is not DateOf.REQUEST:
        day = f.question.facts.get(f"{relation.looks_at}_on", day)  # type: ignore[assignment]  # facts *_on are days
    if (relation.from_ and day < relation.from_) or (relation.until and relation.until < day):
        return False
    return not relation.when or evaluate(relation.when, f.reach).holds is True


def _no_circle(displaced: Mapping[str, tuple[Relation, str]], f: Field) -> None:
    for name in displaced:
        seen = [name]
        while (step := displaced.get(seen[-1])) is not None:
            if step[1] in seen:
                conflict([displaced[one][0] for one in seen[seen.index(step[1]) :]])
            seen.append(step[1])
    for (first, second), relation in f.before.items():
        if (back := f.before.get((second, first))) is not None:
            conflict([relation, back])
        if first in displaced and displaced[first][1] == second:
            conflict([relation, displaced[first][0]])


def conflict(relations: Sequence[Relation]) -> None:
    """Raise the error that names the files of relations that cannot all hold."""
    files = sorted({f"instruments/{relation.id}.yaml" for relation in relations})
    raise ConflictError(
        f"{' and '.join(files)} put the same instruments before and behind one another.",
        files=files,
    )


def _fall_with(f: Field, displaced: Mapping[str, tuple[Relation, str]]) -> None:
    """Put out what is read with a displaced instrument, unless another of those it is read with still stands."""
    for _ in range(3):
        for name in f.live():
            above = [one for one in read_with(f, name) if one in f.scope]
            if above and all(one in f.out for one in above):
                relation, by = displaced.get(above[0], (None, ""))
                if relation is not None:
                    reason = moved(f, "falls_with", relation, by)
                    mother = f.index.base.instruments[above[0]].short
                    f.out[name] = Out(name, Reason("falls_with", {**reason.fields, "mother": mother}, relation.id))
