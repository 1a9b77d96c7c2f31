"""Two live provisions that disagree with nothing to order them: such a law base does not load.

Looked for are: two rules of one instrument that answer the same question, under one article or at one step, with different
numbers or words; a ground that one rule makes a ground for refusal and another forbids as one, or that is mandatory and optional;
relations that cannot all hold (`comity.law.opposition`); a state that is bound by an instrument and named as not bound by it; two
declarations of a state to the same article that say different things on the same day. Rules are ordered, and then no conflict,
when their days do not meet or one names the other in ``superseded_by``. Every error names both files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from itertools import combinations, combinations_with_replacement
from typing import TYPE_CHECKING

from comity.law.articles import meets
from comity.law.errors import ConflictError
from comity.law.model import Declaration, Rule
from comity.law.opposition import joined_in_a_ring, read_and_replaced, rings

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

ADDING = frozenset(
    {
        "appendix_I",
        "applies_to",
        "authorities",
        "check_list",
        "condition",
        "copy_to",
        "exceptions",
        "excluded_articles",
        "excluded_case",
        "excluded_chapters",
        "excluded_measures",
        "excluded_states",
        "excluded_territories",
        "extra_contents",
        "limited",
        "offence_limit",
        "offence_list",
        "refusal",
        "refusal_optional",
        "spontaneous_conditions",
        "suspended_towards",
        "territory",
        "use_limitation",
    }
)
"""Effects of declarations of which several may hold on a day; of every other only one can."""

EVERY = "any_evidence"
"""The measure that stands for all that gather evidence."""


def agree(base: LawBase) -> None:
    """Raise `ConflictError` for the first two files that disagree."""
    evidence = _evidence(base)
    for rules in base.rules_of.values():
        _rules(rules, evidence)
    _relations(base)
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


def _evidence(base: LawBase) -> frozenset[str]:
    """Return the measures `EVERY` stands for; where the documents that say so are missing, all."""
    kin, forms = (base.documents.get(f"scope/{name}") for name in ("measure-kin", "measure-forms"))
    if not isinstance(kin, Mapping) or not isinstance(forms, Mapping) or not isinstance(forms.get("forms"), Mapping):
        return frozenset(base.measures)
    wanted = set(kin.get("evidence_forms", ()))
    return frozenset(name for name, served in forms["forms"].items() if wanted.intersection(served))


def _rules(rules: tuple[Rule, ...], evidence: frozenset[str]) -> None:
    same: dict[object, list[Rule]] = defaultdict(list)
    for rule in rules:
        who = (rule.kind, rule.condition, rule.purpose, rule.level)
        if rule.step or rule.kind == "penalty_threshold":
            same[(*who, "at the step", rule.step)].append(rule)
        same[(*who, rule.article)].append(rule)
    for each in same.values():
        for one, other in combinations(each, 2):
            if _differ(one, other) and _meet(one, other, evidence) and not _ordered(one, other):
                raise _conflict(one.id, other.id, f"{_said(one)} and {_said(other)}")
    for kinds, what in _OPPOSED:
        here, there = ([rule for rule in rules if rule.kind in kind] for kind in kinds)
        for one in here:
            for other in there:
                words = set(_words(one)).intersection(_words(other))
                if words and _meet(one, other, evidence) and not _ordered(one, other):
                    raise _conflict(one.id, other.id, f"{min(words)} {what}")
    for one, other in combinations_with_replacement(rules, 2):
        if _before(one, other) and _before(other, one):
            raise _conflict(
                one.id,
                other.id,
                "each says that the other takes its place"
                if one is not other
                else "it says that it takes its own place",
            )


_OPPOSED = (
    (({"no_refusal_on_ground"}, {"refusal_mandatory", "refusal_optional"}), "as no ground for refusal and as one"),
    (({"refusal_mandatory"}, {"refusal_optional"}), "as a mandatory and as an optional ground for refusal"),
)


def _differ(one: Rule, other: Rule) -> bool:
    if one.amount is not None and other.amount is not None:
        return (one.amount, one.unit) != (other.amount, other.unit)
    if one.threshold is not None and other.threshold is not None and one.threshold != other.threshold:
        return True
    same = one.article == other.article or bool(one.step and one.step == other.step)
    return one.kind not in ADDITIVE and same and _words(one) != _words(other)


def _meet(one: Rule, other: Rule, evidence: frozenset[str]) -> bool:
    if one.step and other.step and one.step != other.step:
        return False
    shared = not one.measures or not other.measures or bool(_spread(one, evidence) & _spread(other, evidence))
    return shared and _overlap(one.from_, one.until, other.from_, other.until)


def _spread(rule: Rule, evidence: frozenset[str]) -> frozenset[str]:
    return frozenset(rule.measures) | (evidence if EVERY in rule.measures else frozenset())


def _ordered(one: Rule, other: Rule) -> bool:
    return _before(one, other) or _before(other, one)


def _before(one: Rule, other: Rule) -> bool:
    """Tell whether a rule says that another takes its place."""
    return any(
        p.instrument == other.instrument and (not p.articles or other.article in p.articles) for p in one.superseded_by
    )


def _words(rule: Rule) -> tuple[str, ...]:
    return (rule.value,) if isinstance(rule.value, str) else tuple(rule.value or ())


def _said(rule: Rule) -> str:
    return f"{rule.amount} {rule.unit}" if rule.amount is not None else " or ".join(_words(rule)) or "nothing"


def _overlap(since: date | None, until: date | None, since2: date | None, until2: date | None) -> bool:
    return (since or date.min) <= (until2 or date.max) and (since2 or date.min) <= (until or date.max)


def _relations(base: LawBase) -> None:
    document = base.documents.get("scope/measure-forms")
    forms = document.get("forms") if isinstance(document, Mapping) else None
    found = rings(base.relations, base.measures, forms if isinstance(forms, Mapping) else {})
    if shortest := min(found, key=lambda each: len(each[1]), default=None):
        names, ring = shortest
        what = names if len(ring) == 2 else f"round a ring of {len(ring)} relations, {names}"
        raise _conflict(ring[0].id, ring[-1].id, what, *(relation.id for relation in ring[1:-1]))
    if pair := read_and_replaced(base.relations):
        what = f"{pair[0].of} is read together with {pair[0].target.instrument}, and replaces it as a whole"
        raise _conflict(pair[0].id, pair[1].id, what)
    if circle := joined_in_a_ring(base.instruments, base.relations):
        files = [f"instruments/{base.instruments[name].path}/instrument.yaml" for name in circle[:-1]]
        raise ConflictError(
            f"{' and '.join(files)} are read together in a ring, each as standing below the next: {', '.join(circle)}.",
            cause="A mother convention or a relation that supplements, amends, extends or implements points the wrong way.",
            remedy="Turn it round, or take it away; a protocol points at its convention, never the other way.",
            files=files,
        )


def _declarations(declarations: tuple[Declaration, ...]) -> None:
    for one, other in combinations(declarations, 2):
        if not any(meets(a, b) for a in one.articles for b in other.articles):
            continue
        if one.towards and other.towards and not set(one.towards).intersection(other.towards):
            continue
        if not _overlap(one.valid_from, one.valid_to, other.valid_from, other.valid_to):
            continue
        for effect in sorted({*one.effect}.intersection(other.effect) - ADDING):
            if one.effect[effect] != other.effect[effect]:
                here, there = (_listed(each.effect[effect]) for each in (one, other))
                raise _conflict(one.id, other.id, f"{effect.replace('_', ' ')} {here} and {there}")


def _listed(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def _conflict(one: str, other: str, what: str, *more: str) -> ConflictError:
    files = [
        f"{each}.yaml" if each.startswith("states/") else f"instruments/{each}.yaml" for each in (one, other, *more)
    ]
    return ConflictError(f"{files[0]} and {files[1]} disagree: {what}. Nothing orders them.", files=files)
