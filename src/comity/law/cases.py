"""The cases of the law base: questions with the answer the instruments' articles give, held against the resolver.

A case asserts ``first`` (one instrument, or any of several), ``with`` and ``without`` (joined to the first basis or not),
``includes`` (among the bases or joined to one), ``absent`` (not so), ``excluded`` (absent, and named among the excluded with
a reason), ``fallback``, ``asks`` (facts asked for), ``rules`` (a rule of some basis with its amount or value),
``rules_present`` and ``rules_absent``. Cases are no law: they do not count in its digest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from comity.errors import ComityError
from comity.law import strict_yaml
from comity.law.base import LawBase
from comity.law.errors import SchemaError
from comity.law.question import Question
from comity.law.resolution import Resolution
from comity.law.resolve import resolve

__all__ = ["ASSERTS", "cases", "failing", "wrong"]

ASSERTS = frozenset(
    {
        "absent",
        "asks",
        "excluded",
        "fallback",
        "first",
        "includes",
        "rules",
        "rules_absent",
        "rules_present",
        "with",
        "without",
    }
)
"""What a case may assert."""

_KEYS = frozenset({"id", "question", "expect", "because", "provision", "tags"})
_ASKED = frozenset({"requesting", "requested", "measures", "offences", "date", "facts"})


def cases(folder: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield (path below the folder and id, case) for every case; raise `SchemaError` for one that has not the shape."""
    for path in sorted(folder.rglob("*.yaml")):
        file = f"cases/{path.relative_to(folder)}"
        seen: set[str] = set()
        listed = strict_yaml.read(path)
        for case in listed if isinstance(listed, list) else [listed]:
            if what := _misshapen(case):
                raise SchemaError(f"{file}: {what}.", file=file)
            if case["id"] in seen:
                raise SchemaError(f"{file}: the case {case['id']!r} stands twice.", file=file)
            seen.add(case["id"])
            yield f"{path.relative_to(folder).with_suffix('')}/{case['id']}", case


def _misshapen(case: object) -> str:
    if not isinstance(case, Mapping) or not _KEYS - {"tags"} <= set(case) <= _KEYS:
        return f"a case must hold {', '.join(sorted(_KEYS - {'tags'}))}, and may hold tags"
    name, asked, expect = case["id"], case["question"], case["expect"]
    if not isinstance(asked, Mapping) or not {"requesting", "requested", "measures", "date"} <= set(asked) <= _ASKED:
        return (
            f"the question of {name!r} must hold requesting, requested, measures and date, and may hold offences, facts"
        )
    if not isinstance(expect, Mapping) or not expect or not set(expect) <= ASSERTS:
        return f"{name!r} may expect {', '.join(sorted(ASSERTS))}, and must expect something"
    return ""


def failing(base: LawBase, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (where, what is wrong) for every case; what is wrong is "" where it holds."""
    for name, case in cases(folder):
        try:
            said = wrong(case, base)
        except ComityError as error:
            said = [f"the question cannot be asked: {error.detail}"]
        because = f"{'; '.join(said)}. {case['provision']}: {case['because']}" if said else ""
        yield f"cases/{name}", because


def wrong(case: Mapping[str, Any], base: LawBase) -> list[str]:
    """Return what the resolution of a case's question has otherwise than the case says."""
    asked, expect = case["question"], case["expect"]
    question = Question.read(
        requesting=asked["requesting"],
        requested=asked["requested"],
        measures=asked["measures"],
        offences=asked.get("offences", "").split(),
        on=asked["date"],
        facts=asked.get("facts", {}),
        base=base,
    )
    found = resolve(question, base)
    return [*_bases(found, expect), *_facts(found, expect), *_rules(found, expect)]


def _bases(found: Resolution, expect: Mapping[str, Any]) -> Iterator[str]:
    leads = [basis.instrument for basis in found.bases]
    there = {name for basis in found.bases for name in (basis.instrument, *basis.with_)}
    joined = set(found.bases[0].with_) if found.bases else set()
    if "first" in expect and (not leads or leads[0] not in _list(expect["first"])):
        yield f"first is {leads[0] if leads else 'nothing'}, not {' or '.join(_list(expect['first']))} (bases {leads})"
    if "fallback" in expect and found.fallback != (expect["fallback"] == "yes"):
        yield f"fallback is {'yes' if found.fallback else 'no'} (bases {leads})"
    yield from (f"{name} is not joined" for name in _list(expect.get("with")) if name not in joined)
    yield from (f"{name} is joined" for name in _list(expect.get("without")) if name in there)
    yield from (f"{name} is not there" for name in _list(expect.get("includes")) if name not in there)
    hidden = (*_list(expect.get("absent")), *_list(expect.get("excluded")))
    yield from (f"{name} is there" for name in hidden if name in there)
    named = {each.instrument: each.why for each in found.excluded}
    yield from (f"{name} is not named as excluded" for name in _list(expect.get("excluded")) if not named.get(name))


def _facts(found: Resolution, expect: Mapping[str, Any]) -> Iterator[str]:
    facts = {each.fact for each in found.questions}
    yield from (f"{name} is not asked" for name in _list(expect.get("asks")) if name not in facts)


def _rules(found: Resolution, expect: Mapping[str, Any]) -> Iterator[str]:
    rules = {rule.provision: rule for basis in found.bases for rule in basis.rules}
    yield from (f"no rule {name}" for name in _list(expect.get("rules_present")) if name not in rules)
    yield from (f"rule {name} stands" for name in _list(expect.get("rules_absent")) if name in rules)
    for each in expect.get("rules", ()):
        rule = rules.get(each["provision"])
        if rule is None:
            yield f"no rule {each['provision']}"
        elif "amount" in each and (str(rule.amount), rule.unit) != (each["amount"], each.get("unit", rule.unit)):
            yield f"{each['provision']} says {rule.amount} {rule.unit}"
        elif "value" in each and _list(rule.value) != _list(each["value"]):
            yield f"{each['provision']} says {rule.value}"


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())
