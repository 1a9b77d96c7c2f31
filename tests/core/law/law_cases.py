"""Reading the law base's cases, and what a case asserts of a resolution.

A case asserts ``first`` (one instrument, or any of several), ``with`` and ``without`` (joined to the first basis or not),
``includes`` (among the bases or joined to one), ``absent`` (not so), ``excluded`` (absent, and named among the excluded with
a reason), ``fallback``, ``asks`` (facts asked for), ``rules`` (a rule of some basis with its amount or value),
``rules_present`` and ``rules_absent``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import comity_lawbase

from comity.law import strict_yaml
from comity.law.base import LawBase
from comity.law.question import Question
from comity.law.resolve import resolve

FOLDER = comity_lawbase.root() / "cases"
KEYS = {
    "first",
    "with",
    "without",
    "includes",
    "absent",
    "excluded",
    "fallback",
    "asks",
    "rules",
    "rules_present",
    "rules_absent",
}


def cases(folder: Path = FOLDER) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in sorted(folder.rglob("*.yaml")):
        for case in strict_yaml.read(path):
            yield f"{path.relative_to(folder).with_suffix('')}/{case['id']}", case


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
    leads = [basis.instrument for basis in found.bases]
    there = {name for basis in found.bases for name in (basis.instrument, *basis.with_)}
    joined = set(found.bases[0].with_) if found.bases else set()
    rules = {rule.provision: rule for basis in found.bases for rule in basis.rules}
    said = []
    if "first" in expect and (not leads or leads[0] not in _list(expect["first"])):
        said.append(f"first is {leads[0] if leads else 'nothing'}, not {expect['first']} (bases {leads})")
    if "fallback" in expect and found.fallback != (expect["fallback"] == "yes"):
        said.append(f"fallback is {found.fallback} (bases {leads})")
    said += [f"{name} is not joined" for name in _list(expect.get("with")) if name not in joined]
    said += [f"{name} is joined" for name in _list(expect.get("without")) if name in there]
    said += [f"{name} is not there" for name in _list(expect.get("includes")) if name not in there]
    hidden = (*_list(expect.get("absent")), *_list(expect.get("excluded")))
    said += [f"{name} is there" for name in hidden if name in there]
    named = {each.instrument: each.why for each in found.excluded}
    said += [f"{name} is not named as excluded" for name in _list(expect.get("excluded")) if not named.get(name)]
    facts = {each.fact for each in found.questions}
    said += [f"{name} is not asked" for name in _list(expect.get("asks")) if name not in facts]
    said += [f"no rule {name}" for name in _list(expect.get("rules_present")) if name not in rules]
    said += [f"rule {name} stands" for name in _list(expect.get("rules_absent")) if name in rules]
    for each in expect.get("rules", ()):
        rule = rules.get(each["provision"])
        if rule is None:
            said.append(f"no rule {each['provision']}")
        elif "amount" in each and (str(rule.amount), rule.unit) != (each["amount"], each.get("unit", rule.unit)):
            said.append(f"{each['provision']} says {rule.amount} {rule.unit}")
        elif "value" in each and _list(rule.value) != _list(each["value"]):
            said.append(f"{each['provision']} says {rule.value}")
    return said


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())
