"""The checks beyond loading, the coverage, and showing a provision."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from comity.law.article import facts_at, told
from comity.law.base import LawBase
from comity.law.check import answers, check, corpus, quarters, sample
from comity.law.coverage import coverage, total
from comity.law.errors import UnknownReferenceError
from comity.law.model import Knowledge


def changed(content: Mapping[str, Any], path: str, **keys: Any) -> LawBase:
    return LawBase({**content, path: {**deepcopy(content[path]), **keys}}, release="test", digest="0" * 64)


def test_the_law_base_is_in_order(lawbase: LawBase) -> None:
    assert check(lawbase) == ()


@pytest.mark.parametrize(
    ("events", "what"),
    [
        ([("in_force", "1998-06-09"), ("bound_to", "1997-01-01")], "comes before in_force"),
        ([("signed", "1999-01-01"), ("in_force", "1998-06-09")], "comes before signed"),
        ([("in_force", "1950-01-01")], "comes before the adoption"),
        ([("in_force", "1998-06-09"), ("bound_from", "2000-01-01")], "bound twice on 2000-01-01"),
    ],
)
def test_events_that_run_backwards(small: Mapping[str, Any], events: list[tuple[str, str]], what: str) -> None:
    path = "instruments/coe/030/participation"
    states = {**small[path]["states"], "UA": [{"kind": kind, "date": on} for kind, on in events]}
    found = check(changed(small, path, states=states))
    assert any(what in one.what and one.what.startswith("UA:") and one.where == f"{path}.yaml" for one in found)


def test_a_relation_without_an_end(small: Mapping[str, Any]) -> None:
    path = "instruments/coe/099/relations/loose"
    loose = {"kind": "supplements", "article": "1", "text": "planted", "source": "nowhere", "basis": "recalled"}
    base = LawBase({**small, path: loose}, release="test", digest="0" * 64)
    assert [one.what for one in check(base) if one.where == f"{path}.yaml"] == ["it points at nothing"]


def test_a_repeal_without_a_day(small: Mapping[str, Any]) -> None:
    path = "instruments/eu/fd-2006-960/instrument"
    row = {key: value for key, value in small[path].items() if key != "ended"}
    base = LawBase({**small, path: row}, release="test", digest="0" * 64)
    assert "it is repealed, but the day it ended is missing" in [one.what for one in check(base)]


def test_a_superseding_article_that_has_no_rule(small: Mapping[str, Any]) -> None:
    path = "instruments/coe/030/article-15-1/channel"
    found = check(changed(small, path, superseded_by=[{"instrument": "coe-182", "articles": ["99"]}]))
    said = [one.what for one in found if one.where == f"{path}.yaml"]
    assert said == ["superseded by coe-182 99, which has no rule"]


def test_quarters() -> None:
    assert quarters(1990, date(1990, 12, 31)) == (
        date(1990, 1, 1),
        date(1990, 4, 1),
        date(1990, 7, 1),
        date(1990, 10, 1),
    )
    assert len(quarters(1990, date(2026, 11, 24))) == 148


def test_a_sample_of_the_corpus_has_answers(lawbase: LawBase) -> None:
    asked = list(sample(lawbase, 960, date(2026, 11, 24)))
    assert {one.measure for one in asked} == set(lawbase.measures)
    assert {one.offence for one in asked} == {"", *lawbase.offences}
    assert asked == list(sample(lawbase, 960, date(2026, 11, 24)))
    assert [found for found in corpus(lawbase, iter(asked), answers(lawbase)) if found] == []


def test_before_the_first_quarter_nothing_is_asked(lawbase: LawBase) -> None:
    assert list(sample(lawbase, 10, date(1989, 12, 31))) == []


def test_an_answer_of_the_wrong_form_is_found(lawbase: LawBase) -> None:
    asked = sample(lawbase, 2, date(2026, 11, 24))
    found = [one.what for one in corpus(lawbase, asked, lambda _: object()) if one]
    assert found == ["a fallback without rules of reciprocity"] * 2


def test_coverage_counts_everything(lawbase: LawBase) -> None:
    found = coverage(lawbase)
    assert [one.instrument for one in found] == sorted(lawbase.instruments)
    whole = total(lawbase, found)
    assert whole["rules"].count == len(lawbase.rules)
    assert whole["rules"].looked_up == sum(rule.basis is Knowledge.LOOKED_UP for rule in lawbase.rules.values())
    assert whole["declarations"].count + whole["conditions"].count == len(lawbase.declarations)
    assert whole["authorities"].looked_up == 38
    assert whole["rules"].looked_up + whole["rules"].recalled == whole["rules"].count
    named = {one.instrument: one for one in found}
    assert named["coe-030"].parties.count == 50
    assert named["coe-030"].depth == "rules"
    assert named["bi-ua-pl-1993"].depth == "frame"
    assert named["coe-196"].undated > 0


def test_showing_a_provision(lawbase: LawBase) -> None:
    ((kind, fact),) = facts_at(lawbase, "coe/030/article-14-1/request_content")
    assert kind == "rule"
    shown = told(fact)
    assert shown["basis"] == "recalled"
    assert shown["source"] == "coe-030 art. 14(1)"
    assert "amount" not in shown
    below = facts_at(lawbase, "coe-030")
    assert {kind for kind, _ in below} == {"instrument", "rule", "relation", "declaration"}
    assert facts_at(lawbase, "instruments/coe/030/article-14-1/request_content.yaml")[0][1] == fact
    assert {kind for kind, _ in facts_at(lawbase, "states/ua")} == {"authority", "declaration"}


def test_showing_what_is_not_there(lawbase: LawBase) -> None:
    with pytest.raises(UnknownReferenceError) as failed:
        facts_at(lawbase, "coe/030/article-14-1/request_contents")
    assert "coe/030/article-14-1/request_content" in failed.value.remedy
