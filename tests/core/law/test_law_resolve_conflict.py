"""Relations that go round in a circle are refused, with the files named; never ordered by chance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from comity.law.base import LawBase
from comity.law.errors import ConflictError
from comity.law.question import Question
from comity.law.resolve import resolve


def edge(kind: str, target: str, **more: Any) -> dict[str, Any]:
    return {
        **more,
        "kind": kind,
        "target": target,
        "article": "99",
        "text": "planted",
        "source": "planted",
        "basis": "recalled",
    }


def planted(content: Mapping[str, Any], *edges: tuple[str, str, str], **limits: Any) -> LawBase:
    more = {
        f"instruments/{of.replace('-', '/', 1)}/relations/planted-{target}": edge(kind, target, **limits)
        for of, kind, target in edges
    }
    return LawBase({**content, **more}, release="test", digest="3" * 64)


def test_two_relations_that_contradict_do_not_load(content):
    with pytest.raises(ConflictError) as caught:
        planted(content, ("coe-030", "replaces", "eu-eio"))
    assert len(caught.value.fields["files"]) == 2
    assert any("coe/030/relations/planted-eu-eio" in file for file in caught.value.fields["files"])
    assert any("eu/eio/relations" in file for file in caught.value.fields["files"])


def test_a_circle_of_three_is_refused_where_it_is_asked_for(content):
    edges = ("coe-030", "replaces", "un-uncac"), ("un-uncac", "replaces", "eu-eio")
    with pytest.raises(ConflictError, match="round a ring of 3 relations"):
        planted(content, *edges)
    base = planted(content, *edges, between=["FR", "ES"])
    question = Question.read(
        requesting="FR",
        requested="ES",
        measures=["bank_records"],
        offences=["corruption"],
        on=date(2026, 1, 1),
        base=base,
    )
    with pytest.raises(ConflictError) as caught:
        resolve(question, base)
    assert len(caught.value.fields["files"]) == 3
    elsewhere = Question.read(
        requesting="UA", requested="BT", measures=["bank_records"], offences=["theft"], on=date(2026, 1, 1), base=base
    )
    assert resolve(elsewhere, base).fallback


def test_an_order_that_goes_round_is_refused(content):
    base = planted(content, ("eu-mla-2000", "prevails_over", "coe-182"), ("coe-182", "prevails_over", "eu-fd-2002-465"))
    question = Question.read(
        requesting="FR", requested="DE", measures=["joint_investigation_team"], on=date(2026, 1, 1), base=base
    )
    with pytest.raises(ConflictError, match="before and behind"):
        resolve(question, base)
