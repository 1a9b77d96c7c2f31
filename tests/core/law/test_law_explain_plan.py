"""The plan in prose: whole in both languages, no machine words, questions once, the limits of each basis."""

from __future__ import annotations

import re
from datetime import date

import pytest

from comity.law.explain_plan import explain_plan
from comity.law.plan import elements, methods, plan

DAY = date(2026, 11, 24)
ABROAD = [("suspect", "TR"), ("account", "DE"), ("server", "US"), ("victim", "PL"), ("dna", "BT")]


@pytest.fixture
def fraud(lawbase):
    return plan(lawbase, home="UA", offence="fraud", elements=ABROAD, on=DAY)


def test_a_plan_says_state_measure_basis_and_limit(lawbase, fraud):
    text = explain_plan(fraud, lawbase)
    assert "Investigating state: Ukraine. Date: 24 November 2026." in text
    assert "Basis: ETS No. 030 with ETS No. 099, ETS No. 182." in text
    assert "Time limit: preserved at least 60 days to allow a request" in text
    assert "no treaty; reciprocity and the law of the requested state" in text
    assert "The method has no step for this: a DNA trace may have its match there (Bhutan)." in text
    assert lawbase.digest[:16] in text


def test_what_is_not_stated_is_asked_once_with_its_steps(lawbase, fraud):
    text = explain_plan(fraud, lawbase)
    facts = {ask.fact for step in fraud.steps for ask in step.answer.questions}
    open_ = text.split("Not stated, and would change a basis:\n")[1].split("\n\n")[0].splitlines()
    assert len(open_) == len(facts)
    assert all(re.search(r"\(steps? [0-9, ]+\)$", line) for line in open_)


def test_steps_stand_in_their_order_under_their_phases(lawbase, fraud):
    text = explain_plan(fraud, lawbase, "uk")
    numbers = [int(found) for found in re.findall(r"(?m)^([0-9]+)\. ", text)]
    assert numbers == list(range(1, len(fraud.steps) + 1))
    assert text.index("Зберегти те, що зникає") < text.index("Зібрати докази") < text.index("Особа\n")


@pytest.mark.parametrize("language", ["en", "uk"])
def test_every_method_can_be_told(lawbase, language):
    for name in methods(lawbase):
        found = plan(lawbase, home="UA", offence=name, elements=[(kind, "FR") for kind in elements(lawbase)], on=DAY)
        text = explain_plan(found, lawbase, language)
        assert not re.search(r"\b[a-z]+_[a-z_]+\b|\bNone\b|«[^»]*[a-z]{4}", text), name
        assert all(step.text.say(language)[1:] in text for step in found.steps)
