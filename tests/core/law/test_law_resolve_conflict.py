"""Relations that go round in a circle are refused, with the files named; never ordered by chance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from law_planted import edge

from comity.law.base import LawBase
from comity.law.errors import ConflictError
from comity.law.question import Question
from comity.law.resolve import resolve


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


FISCAL = {"all": [{"fact": "fiscal", "is": ["yes"]}]}


def test_a_circle_of_three_is_refused_where_it_is_asked_for(content):
    """Always, or between some states on some days, it does not load; where facts decide, the question is refused."""
    edges = ("coe-030", "replaces", "un-uncac"), ("un-uncac", "replaces", "eu-eio")
    for limits in ({}, {"between": ["FR", "ES"]}, {"from": "2019-01-01", "until": "2020-01-01"}):
        with pytest.raises(ConflictError, match="round a ring of 3 relations"):
            planted(content, *edges, **limits)
    base = planted(content, *edges, when=FISCAL)

    def asked(requesting, requested, **facts):
        return Question.read(
            requesting=requesting,
            requested=requested,
            measures=["bank_records"],
            offences=["corruption"],
            on=date(2026, 1, 1),
            facts=facts,
            base=base,
        )

    with pytest.raises(ConflictError) as caught:
        resolve(asked("FR", "ES", fiscal="yes"), base)
    assert len(caught.value.fields["files"]) == 3
    assert resolve(asked("FR", "ES", fiscal="no"), base).bases[0].instrument == "eu-eio"
    assert resolve(asked("UA", "BT", fiscal="yes"), base).bases[0].instrument == "un-uncac"


def test_an_order_that_goes_round_is_refused(content):
    edges = ("eu-mla-2000", "prevails_over", "coe-182"), ("coe-182", "prevails_over", "eu-fd-2002-465")
    with pytest.raises(ConflictError, match="round a ring of 3 relations"):
        planted(content, *edges)
    base = planted(content, *edges, when=FISCAL)
    question = Question.read(
        requesting="FR",
        requested="DE",
        measures=["joint_investigation_team"],
        on=date(2026, 1, 1),
        facts={"fiscal": "yes"},
        base=base,
    )
    with pytest.raises(ConflictError, match="before and behind"):
        resolve(question, base)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("coe-030", "replaces", "arab-riyadh-1983"), ("arab-riyadh-1983", "replaces", "coe-030")),
        (("coe-030", "yields_to", "arab-riyadh-1983"), ("arab-riyadh-1983", "yields_to", "coe-030")),
        (("coe-030", "fills_gap", "arab-riyadh-1983"), ("arab-riyadh-1983", "fills_gap", "coe-030")),
        (("coe-030", "fills_gap", "arab-riyadh-1983"), ("arab-riyadh-1983", "yields_to", "coe-030")),
    ],
)
def test_two_that_say_the_opposite(content, one, other):
    with pytest.raises(ConflictError) as caught:
        planted(content, one, other)
    assert set(caught.value.fields["files"]) == {
        "instruments/coe/030/relations/planted-arab-riyadh-1983.yaml",
        "instruments/arab/riyadh-1983/relations/planted-coe-030.yaml",
    }


def test_days_measures_or_states_that_do_not_meet_keep_the_opposite_apart(content):
    there, back = "instruments/coe/030/relations/planted", "instruments/arab/riyadh-1983/relations/planted"
    apart = [
        ({"until": "2003-12-31"}, {"from": "2004-01-01"}),
        ({"measures": ["extradition"]}, {"except_measures": ["extradition"]}),
        ({"forms": ["jit"]}, {"forms": ["surrender"]}),
        ({"between": ["DE", "FR", "UA"]}, {"between": ["UA", "TR"]}),
    ]
    for here, other in apart:
        files = {there: edge("replaces", "arab-riyadh-1983", **here), back: edge("replaces", "coe-030", **other)}
        base = LawBase({**content, **files}, release="test", digest="4" * 64)
        assert len(base.relations) == len(LawBase(content, release="test", digest="4" * 64).relations) + 2
        with pytest.raises(ConflictError):
            LawBase({**content, **files, back: edge("replaces", "coe-030")}, release="test", digest="4" * 64)


def test_what_is_read_together_is_not_replaced_as_a_whole(content):
    with pytest.raises(ConflictError, match="read together with coe-030, and replaces it as a whole"):
        planted(content, ("coe-182", "replaces", "coe-030"))


def test_a_convention_does_not_supplement_its_protocol(content):
    with pytest.raises(ConflictError, match="read together in a ring") as caught:
        planted(content, ("coe-030", "supplements", "coe-182"))
    assert set(caught.value.fields["files"]) == {
        "instruments/coe/030/instrument.yaml",
        "instruments/coe/182/instrument.yaml",
    }
