"""What holds of every answer, whichever states, measures and days are asked."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.law.base import LawBase
from comity.law.index import index_of
from comity.law.question import Question
from comity.law.resolve import resolve

STATES = "UA DE FR ES PL IE DK GB NO IS CH LI RU BY KZ MD GE AM TR US CA BR AR ZA JP AU CN IN BT KR IL SE FI IT NL LV".split()
BASE = LawBase.load()
SLOW = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])

pairs = st.lists(st.sampled_from(STATES), min_size=2, max_size=2, unique=True)
measures = st.sampled_from(sorted(BASE.measures))
offences = st.sampled_from(sorted(BASE.offences))
days = st.dates(date(1960, 1, 1), date(2028, 12, 31))


def answer(base: LawBase, pair: list[str], measure: str, offence: str, on: date) -> Any:
    question = Question.read(
        requesting=pair[0], requested=pair[1], measures=[measure], offences=[offence], on=on, base=base
    )
    return resolve(question, base)


@SLOW
@given(pairs, measures, offences, days)
def test_a_protocol_never_stands_without_its_mother(pair, measure, offence, on):
    found = answer(BASE, pair, measure, offence, on)
    for basis in found.bases:
        together = {basis.instrument, *basis.with_}
        for name in together:
            assert set(BASE.instruments[name].mothers) <= together


@SLOW
@given(pairs, measures, offences, days)
def test_nothing_applies_before_both_are_bound_or_after(pair, measure, offence, on):
    for basis in answer(BASE, pair, measure, offence, on).bases:
        for name in (basis.instrument, *basis.with_):
            one, other = (BASE.membership(name, state) for state in pair)
            assert one.on(on, pair[1])
            assert other.on(on, pair[0])


@SLOW
@given(pairs, measures, offences, days)
def test_an_instrument_is_in_or_out_never_both(pair, measure, offence, on):
    found = answer(BASE, pair, measure, offence, on)
    inside = {name for basis in found.bases for name in (basis.instrument, *basis.with_)}
    assert inside.isdisjoint(one.instrument for one in found.excluded)
    assert [basis.rank for basis in found.bases] == list(range(1, len(found.bases) + 1))
    assert found.fallback == (not any(basis.status != "residual" for basis in found.bases))
    assert bool(found.reciprocity) == found.fallback


@SLOW
@given(pairs, measures, offences, days)
def test_the_order_is_the_same_both_ways(pair, measure, offence, on):
    there, back = (answer(BASE, each, measure, offence, on) for each in (pair, pair[::-1]))
    assert [(b.instrument, b.status, b.with_) for b in there.bases] == [
        (b.instrument, b.status, b.with_) for b in back.bases
    ]
    own = [
        [rule.provision for basis in found.bases for rule in (*basis.rules, *basis.undone) if rule.of_state is None]
        for found in (there, back)
    ]
    assert sorted(own[0]) == sorted(own[1])


@SLOW
@given(pairs, measures, offences, days)
def test_a_live_rule_is_not_undone_and_every_line_has_its_source(pair, measure, offence, on):
    for basis in answer(BASE, pair, measure, offence, on).bases:
        assert all(not rule.undone_by for rule in basis.rules)
        assert all(rule.undone_by for rule in basis.undone)
        assert all(rule.source and rule.basis in {"looked-up", "recalled"} for rule in basis.rules)


@SLOW
@given(pairs, measures, offences, days)
def test_the_answer_is_the_same_bytes_again(pair, measure, offence, on):
    first = answer(BASE, pair, measure, offence, on)
    index = index_of(BASE)
    index.bindings.clear()
    index.rules.clear()
    assert answer(BASE, pair, measure, offence, on).canonical() == first.canonical()


@pytest.fixture(scope="module")
def joined(content: Mapping[str, Any]) -> LawBase:
    """A law base in which one more state, Japan, is party to ETS 030 since 2000."""
    path = "instruments/coe/030/participation"
    file = deepcopy(content[path])
    file["states"]["JP"] = [
        {"kind": "in_force", "date": "2000-01-01", "basis": "recalled", "source": "invented for a test"}
    ]
    return LawBase({**content, path: file}, release="test", digest="2" * 64)


@SLOW
@given(pairs.filter(lambda pair: "JP" not in pair), measures, offences, days)
def test_an_unrelated_membership_changes_nothing(joined, pair, measure, offence, on):
    before, after = (answer(base, pair, measure, offence, on).to_json() for base in (BASE, joined))
    assert before["lawbase"] != after["lawbase"]
    assert {**before, "lawbase": 0} == {**after, "lawbase": 0}


def test_and_a_related_one_does(joined):
    on = date(2000, 1, 1)
    assert answer(joined, ["UA", "JP"], "witness_hearing", "theft", on).bases[0].instrument == "coe-030"
    assert answer(joined, ["UA", "JP"], "witness_hearing", "theft", on - timedelta(days=1)).fallback
    assert answer(BASE, ["UA", "JP"], "witness_hearing", "theft", on).fallback
