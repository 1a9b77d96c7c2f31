"""The whole world, quarter by quarter: shared work gives what every question gives alone, and a conflict is seen."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from law_planted import edge

from comity.law.base import LawBase
from comity.law.binding import bindings
from comity.law.index import index_of
from comity.law.kinds import Kinds, Period, states_of
from comity.law.matrix import cell_of, matrix, placed
from comity.law.precedence import place
from comity.law.question import Question
from comity.law.scope import facts_of
from comity.law.world import World, quarters, together, world
from comity.values import StateCode, state

UNTIL = date(2026, 11, 24)
FEW = tuple(map(state, ("BT", "DE", "DK", "GB", "HK", "IE", "NO", "RU", "SE", "UA", "US")))
"""Opt-outs, the Union and who left it, the Nordic states that exclude one another, a suspension, a territory, no treaty."""
LIMITED = {"from": "1999-05-01", "until": "2011-08-31", "between": ["DE", "GB", "SE", "UA"]}


def planted(content: Mapping[str, Any], files: Mapping[str, Any]) -> LawBase:
    return LawBase({**content, **files}, release="test", digest="7" * 64)


@pytest.fixture(scope="module")
def limited(content: Mapping[str, Any]) -> LawBase:
    """The law base with a relation limited to states and dates, and an exclusion of an article limited to dates."""
    shut = {
        "state": "DE",
        "instrument": "coe-182",
        "article": "9",
        "kind": "reservation",
        "effect": {"excluded_articles": ["9"]},
        "text": "planted",
        "valid_from": "2015-05-01",
        "valid_to": "2018-02-01",
        "source": "x",
        "basis": "recalled",
    }
    return planted(
        content,
        {
            "instruments/coe/024/relations/planted": edge("fills_gap", "un-uncac", **LIMITED),
            "instruments/coe/182/declarations/de/article-9/reservation-planted": shut,
        },
    )


def alone(base: LawBase, one: StateCode, other: StateCode, measure: str, on: date) -> Any:
    """Place one question by itself, with nothing shared."""
    index = index_of(base)
    bound = bindings(index, one, other, on, {})
    question = Question(one, other, (measure,), (), on)
    return cell_of(place(index, question, measure, facts_of(index, measure, (), {}), bound))


@pytest.mark.parametrize("which", ["lawbase", "limited"])
def test_shared_work_gives_what_each_question_gives(which: str, request: pytest.FixtureRequest) -> None:
    base = request.getfixturevalue(which)
    draw = random.Random(11)
    days = quarters(1990, UNTIL)
    kinds = Kinds(base, days)
    every = [*kinds.periods(FEW), *kinds.periods(draw.sample(states_of(base), 6))]
    shared: dict[object, Any] = {}
    for period in every:
        for measure in draw.sample(list(base.measures), 6):
            key = (measure, kinds.key(period.kind, measure))
            if key not in shared:
                shared[key] = cell_of(placed(kinds.index, period, measure, days[period.first]))
            on = days[draw.randint(period.first, period.last)]
            pair = (period.one, period.other) if draw.random() < 0.5 else (period.other, period.one)
            assert shared[key] == alone(base, *pair, measure, on), (*pair, measure, on)


@pytest.mark.parametrize("which", ["lawbase", "limited"])
def test_periods_hold_what_binds_on_each_of_their_days(which: str, request: pytest.FixtureRequest) -> None:
    base = request.getfixturevalue(which)
    days = quarters(1990, UNTIL)
    kinds = Kinds(base, days)
    last: dict[tuple[StateCode, StateCode], Period] = {}
    for period in kinds.periods(FEW):
        before = last.get((period.one, period.other))
        assert period.first == (before.last + 1 if before else 0)
        last[period.one, period.other] = period
        for number in {period.first, period.last}:
            bound = bindings(kinds.index, period.one, period.other, days[number], {})
            assert kinds.holding(period.kind) == {name for name, each in bound.items() if each.holds}
    assert len(last) == len(FEW) * (len(FEW) - 1) // 2
    assert {period.last for period in last.values()} == {len(days) - 1}


def test_the_world_counts_every_question_once(lawbase: LawBase) -> None:
    days = (date(2003, 1, 1), date(2004, 7, 1), UNTIL)
    seen = world(lawbase, days, states=FEW)
    assert seen.questions == sum(seen.first.values()) == len(FEW) * (len(FEW) - 1) * len(days) * len(lawbase.measures)
    assert seen.findings == ()
    counted: Counter[str] = Counter()
    for on in days:
        for _, _, cells in matrix(lawbase, tuple(lawbase.measures), on, FEW):
            counted.update(cell.status for cell in cells.values())
    assert seen.first == counted
    halves = [world(lawbase, days, list(lawbase.measures)[number::2], FEW) for number in range(2)]
    assert together(halves) == World(seen.questions, seen.kinds, seen.placings, seen.first, ())


def test_a_conflict_between_two_states_for_some_years_is_seen(content: Mapping[str, Any]) -> None:
    """Relations that go round with others on a condition, between two states, for three years: it loads, and is found."""
    measure = {"all": [{"fact": "measure", "is": ["joint_investigation_team"]}]}
    span = {"between": ["DE", "FR"], "from": "2016-01-01", "until": "2018-12-31", "when": measure}
    files = {
        "instruments/eu/mla-2000/relations/planted": edge("prevails_over", "coe-182", **span),
        "instruments/coe/182/relations/planted": edge("prevails_over", "eu-fd-2002-465"),
    }
    base = planted(content, files)
    asked = ["extradition", "joint_investigation_team"]
    seen = world(base, quarters(2014, date(2019, 12, 31)), asked, tuple(map(state, ("DE", "ES", "FR", "UA"))))
    assert seen.first["conflict"] == 12 * 2
    (found,) = seen.findings
    assert "instruments/eu/mla-2000/relations/planted.yaml" in found.what
    assert "instruments/coe/182/relations/planted.yaml" in found.what
    assert found.where == "DE and FR, joint_investigation_team, 2016-01-01"


def test_two_that_apply_and_nothing_orders_them_are_seen(content: Mapping[str, Any]) -> None:
    """A second treaty between the same two states of the same day, for the same things: no principle tells them apart."""
    path = "instruments/bi/ua-pl-1993"
    twin = {
        name.replace("ua-pl-1993", "ua-pl-1994"): deepcopy(file)
        for name, file in content.items()
        if name.startswith(f"{path}/")
    }
    twin = {name: file for name, file in twin.items() if name.endswith(("/instrument", "/participation"))}
    twin["instruments/bi/ua-pl-1994/instrument"]["id"] = "bi-ua-pl-1994"
    base = planted(content, twin)
    found = world(
        base, quarters(1995, date(1995, 4, 1)), ["service_of_documents"], tuple(map(state, ("PL", "UA", "DE")))
    ).findings
    assert [one.where for one in found] == ["PL and UA, service_of_documents, 1995-01-01"]
    assert (
        "instruments/bi/ua-pl-1993/instrument.yaml and instruments/bi/ua-pl-1994/instrument.yaml both apply"
        in found[0].what
    )
