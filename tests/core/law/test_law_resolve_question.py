"""Questions that cannot be asked: typed errors with the nearest known values."""

from __future__ import annotations

from datetime import date

import pytest

from comity.errors import ComityError, LawError, ValueRefusedError
from comity.law.base import LawBase
from comity.law.question import Question, measures_of

GOOD = {"requesting": "UA", "requested": "DE", "measures": ["bank_records"], "offences": ["fraud"], "on": "2026-11-24"}


@pytest.mark.parametrize(
    ("changed", "kind", "nearest"),
    [
        ({"requested": "UK"}, ValueRefusedError, "GB"),
        ({"requested": "EU"}, ValueRefusedError, None),
        ({"requested": "ZZ"}, ValueRefusedError, None),
        ({"measures": ["bank_record"]}, LawError, "bank_records"),
        ({"measures": []}, LawError, None),
        ({"offences": ["frod"]}, LawError, "fraud"),
        ({"on": "2026-02-30"}, ValueRefusedError, None),
        ({"on": "24.11.2026"}, ValueRefusedError, None),
        ({"on": "1426-01-01"}, LawError, None),
        ({"requested": "UA"}, LawError, None),
        ({"requesting": "DK", "requested": "FO"}, LawError, None),
        ({"facts": {"organized_group": "yes"}}, LawError, "organised_group"),
        ({"facts": {"fiscal": "perhaps"}}, LawError, None),
        ({"facts": {"penalty_requesting": "long"}}, LawError, None),
        ({"facts": {"stage": "pretrial"}}, LawError, "pre_trial"),
        ({"facts": {"received_on": "yesterday"}}, ValueRefusedError, None),
    ],
)
def test_what_is_not_known_is_refused_with_the_nearest(lawbase: LawBase, changed, kind, nearest):
    with pytest.raises(kind) as caught:
        Question.read(**{**GOOD, **changed}, base=lawbase)
    error = caught.value
    assert isinstance(error, ComityError)
    assert error.detail
    assert error.remedy
    if nearest:
        assert nearest in error.fields["nearest"]
        assert nearest in error.remedy


def test_a_question_is_read_as_people_write_it(lawbase: LawBase):
    question = Question.read(
        requesting="ua",
        requested=" de ",
        measures=["Bank-Records", "bank_records", "DNA check"],
        offences=["Fraud"],
        on=date(2026, 11, 24),
        facts={"penalty_requesting": "5y", "sentence": 7, "fiscal": "No", "offence_on": "2024-01-31"},
        base=lawbase,
    )
    assert (question.requesting, question.requested) == ("UA", "DE")
    assert question.measures == ("bank_records", "dna_comparison")
    assert question.facts == {"penalty_requesting": 60, "sentence": 7, "fiscal": False, "offence_on": date(2024, 1, 31)}
    assert question.to_json()["facts"]["offence_on"] == "2024-01-31"


def test_measures_are_found_by_title(lawbase: LawBase):
    assert measures_of(["Hearing of a witness"], lawbase) == ("witness_hearing",)


def test_norway_is_a_state(lawbase: LawBase):
    assert Question.read(**{**GOOD, "requested": "NO"}, base=lawbase).requested == "NO"
