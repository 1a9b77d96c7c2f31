"""Two live provisions that disagree with nothing to order them: such a law base does not load.

Looked for are: two rules of one instrument that answer the same question with different numbers or words; a ground that one
rule makes a ground for refusal and another forbids as one; two relations that each put the other's instrument first, or several that do so in a ring; a state
that is bound by an instrument and named as not bound by it; two declarations of a state under one article that say different
things on the same day. Rules are ordered, and then no conflict, when their days do not meet or one names the other in
``superseded_by``. Every error names both files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from comity.law.errors import ConflictError
from comity.law.model import Declaration, Relation, RelationKind, Rule

if TYPE_CHECKING:
    from comity.law.base import LawBase

__all__ = ["agree"]

ADDITIVE = frozenset(
    {
        "condition",
        "measure_rule",
        "no_refusal_on_ground",
        "obligation",
        "postponement",
        "refusal_mandatory",
        "refusal_optional",
        "request_content",
        "request_ground",
        "scope",
    }
)
"""Kinds of rules of which several may stand under one article: they add up."""

SINGLE = frozenset(
    {
        "accepted_languages",
        "dual_criminality",
        "extradites_nationals",
        "min_days_before_hearing",
        "search_seizure_conditions",
        "urgent_direct",
    }
)
"""Effects of declarations of which only one can hold on a day."""

EVERY = "any_evidence"
"""The measure that stands for all that gather evidence."""

FIRST = frozenset({RelationKind.REPLACES, RelationKind.PREVAILS_OVER})
"""Kinds of relations that put the instrument they start at first; ``yields_to`` puts it second."""


def agree(base: LawBase) -> None:
    """Raise `ConflictError` for the first two files that disagree."""
    for rules in base.rules_of.values():
        _rules(rules)
    _relations(base.relations)
    for each in base.declarations_of.values():
        _declarations(each)
    for (name, state), absent in base.not_bound.items():
        if absent.kind == "not_bound" and base.membership(name, state).spans:
            file = f"instruments/{base.instruments[name].path}/participation.yaml"
            raise ConflictError(
                f"{file} says both that {state} is bound by {name} and that it is not: {absent.reason}.",
                remedy="Keep the one that is right.",
                files=[file],
            )


def _rules(rules: tuple[Rule, ...]) -> None:
    same: dict[object, list[Rule]] = defaultdict(list)
    for rule in rules:
        who = (rule.kind, rule.condition, rule.purpose, rule.level)
        if rule.step:
            same[(*who, rule.step, rule.measures)].append(rule)
        same[(*who, rule.article)].append(rule)
    for each in same.values():
        for one, other in combinations(each, 2):
            if _differ(one, other) and _meet(one, other) and not _ordered(one, other):
                raise _conflict(one.id, other.id, f"{_said(one)} and {_said(other)}")
    forbidden = [rule for rule in rules if rule.kind == "no_refusal_on_ground"]
    grounds = [rule for rule in rules if rule.kind in {"refusal_mandatory", "refusal_optional"}]
    for one in forbidden:
        for other in grounds:
            words = set(_words(one)).intersection(_words(other))
            if words and _meet(one, other) and not _ordered(one, other):
                ground = min(words)
                raise _conflict(one.id, other.id, f"{ground} as no ground for refusal and as one")


def _differ(one: Rule, other: Rule) -> bool:
    if one.amount is not None and other.amount is not None:
        return (one.amount, one.unit) != (other.amount, other.unit)
    return one.kind not in ADDITIVE and one.article == other.article and _words(one) != _words(other)


def _meet(one: Rule, other: Rule) -> bool:
    if one.step and other.step and one.step != other.step:
        return False
    both = set(one.measures).intersection(other.measures)
    shared = not one.measures or not other.measures or both or EVERY in (*one.measures, *other.measures)
    return bool(shared) and _overlap(one.from_, one.until, other.from_, other.until)


def _ordered(one: Rule, other: Rule) -> bool:
    return any(
        p.instrument == b.instrument and (not p.articles or b.article in p.articles)
        for a, b in ((one, other), (other, one))
        for p in a.superseded_by
    )


def _words(rule: Rule) -> tuple[str, ...]:
    return (rule.value,) if isinstance(rule.value, str) else tuple(rule.value or ())


def _said(rule: Rule) -> str:
    return f"{rule.amount} {rule.unit}" if rule.amount is not None else " or ".join(_words(rule)) or "nothing"


def _overlap(since: date | None, until: date | None, since2: date | None, until2: date | None) -> bool:
    return (since or date.min) <= (until2 or date.max) and (since2 or date.min) <= (until or date.max)


def _relations(relations: Iterable[Relation]) -> None:
    first: dict[tuple[str, str], list[Relation]] = defaultdict(list)
    for relation in relations:
        if relation.target.instrument and relation.kind in FIRST:
            first[relation.of, relation.target.instrument].append(relation)
        elif relation.target.instrument and relation.kind is RelationKind.YIELDS_TO:
            first[relation.target.instrument, relation.of].append(relation)
    for (higher, lower), each in first.items():
        for one in each:
            for other in first.get((lower, higher), ()):
                if _same_ground(one, other) and _overlap(one.from_, one.until, other.from_, other.until):
                    raise _conflict(one.id, other.id, f"{higher} before {lower} and {lower} before {higher}")
    edges: dict[str, dict[str, Relation]] = defaultdict(dict)
    for (higher, lower), each in first.items():
        if always := [
            one for one in each if not any((one.forms, one.measures, one.between, one.when, one.from_, one.until))
        ]:
            edges[higher][lower] = always[0]
    if ring := _cycle(edges):
        firsts = [one.target.instrument if one.kind is RelationKind.YIELDS_TO else one.of for one in ring]
        names = " before ".join((*firsts, firsts[0]))
        raise _conflict(
            ring[0].id, ring[-1].id, f"round a ring of {len(ring)} relations, {names}", *(r.id for r in ring[1:-1])
        )


def _cycle(edges: Mapping[str, Mapping[str, Relation]]) -> tuple[Relation, ...]:
    """Return relations that lead from an instrument back to it, each putting the first before the second; () if none."""
    done: set[str] = set()

    def walk(name: str, path: tuple[str, ...]) -> tuple[Relation, ...]:
        if name in path:
            ring = (*path[path.index(name) :], name)
            return tuple(edges[one][other] for one, other in pairwise(ring))
        if name not in done:
            for lower in edges.get(name, {}):
                if found := walk(lower, (*path, name)):
                    return found
            done.add(name)
        return ()

    return next((found for name in edges if (found := walk(name, ()))), ())


def _same_ground(one: Relation, other: Relation) -> bool:
    pairs = ((one.forms, other.forms), (one.measures, other.measures), (one.between, other.between))
    return all(not a or not b or set(a).intersection(b) for a, b in pairs)


def _declarations(declarations: tuple[Declaration, ...]) -> None:
    for one, other in combinations(declarations, 2):
        if one.article != other.article or set(one.towards) != set(other.towards):
            continue
        if not _overlap(one.valid_from, one.valid_to, other.valid_from, other.valid_to):
            continue
        for effect in SINGLE.intersection(one.effect, other.effect):
            if one.effect[effect] != other.effect[effect]:
                raise _conflict(
                    one.id, other.id, f"{effect.replace('_', ' ')} {one.effect[effect]} and {other.effect[effect]}"
                )


def _conflict(one: str, other: str, what: str, *more: str) -> ConflictError:
    files = [
        f"{each}.yaml" if each.startswith("states/") else f"instruments/{each}.yaml" for each in (one, other, *more)
    ]
    return ConflictError(f"{files[0]} and {files[1]} disagree: {what}. Nothing orders them.", files=files)
