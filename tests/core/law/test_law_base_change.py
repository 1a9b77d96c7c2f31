"""Changing one date in one file changes exactly the answers that rest on it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest

from comity.law.base import LawBase
from comity.law.question import Question
from comity.law.resolve import resolve

PATH = "instruments/coe/030/participation"
OLD, NEW = date(1998, 6, 9), date(2001, 1, 1)


@pytest.fixture(scope="module")
def later(content: Mapping[str, Any]) -> LawBase:
    """The law base in which ETS 030 enters into force for Ukraine on a later day."""
    file = deepcopy(content[PATH])
    (event,) = (each for each in file["states"]["UA"] if each["kind"] == "in_force")
    assert event["date"] == OLD.isoformat()
    event["date"] = NEW.isoformat()
    return LawBase({**content, PATH: file}, release="test", digest="1" * 64)


def answer(base: LawBase, requesting: str, requested: str, measure: str, on: date) -> Any:
    question = Question.read(
        requesting=requesting, requested=requested, measures=[measure], offences=["theft"], on=on, base=base
    )
    found = resolve(question, base)
    return [(each.instrument, each.with_, [rule.provision for rule in each.rules]) for each in found.bases]


@pytest.mark.parametrize(
    ("on", "same"),
    [
        (OLD - timedelta(days=1), True),
        (OLD, False),
        (NEW - timedelta(days=1), False),
        (NEW, True),
        (date(2026, 11, 24), True),
    ],
)
def test_the_days_between_change(lawbase: LawBase, later: LawBase, on: date, same: bool) -> None:
    for pair in (("UA", "DE"), ("DE", "UA"), ("UA", "PL"), ("TR", "UA")):
        before, after = (answer(base, *pair, "witness_hearing", on) for base in (lawbase, later))
        assert (before == after) is same, pair


@pytest.mark.parametrize(
    ("requesting", "requested", "measure"),
    [
        ("DE", "FR", "witness_hearing"),
        ("PL", "TR", "witness_hearing"),
        ("UA", "US", "witness_hearing"),
        ("UA", "DE", "extradition"),
        ("UA", "DE", "transfer_of_sentenced_person"),
        ("UA", "KZ", "witness_hearing"),
    ],
)
def test_answers_that_do_not_rest_on_it_stay(
    lawbase: LawBase, later: LawBase, requesting: str, requested: str, measure: str
) -> None:
    for on in (date(1998, 7, 1), date(2000, 7, 1), date(2026, 11, 24)):
        before, after = (answer(base, requesting, requested, measure, on) for base in (lawbase, later))
        assert before == after
