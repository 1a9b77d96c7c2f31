"""A finding carries everything a score must not travel without; its report is a tagged PDF in two languages."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from comity.forensics.body import Basis, Confirm, Outcome, Standing
from comity.forensics.dna.data_quality import check
from comity.forensics.dna.rules import rule_set
from comity.forensics.errors import ParameterError, ReportError
from comity.forensics.finding import Chance, of_hit
from comity.forensics.report import About, data, render
from support.dna import LOCI, OTHER, made

PRUM = rule_set("prum")
CHANCE = Chance(2.5e-7, 1000, "NIST1036rev2017/Cauc", 0.01)
AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
AGREED = Basis(standing=Standing.AGREED, known="agreed", text="Agreed.")
LAW = Basis(
    standing=Standing.INSTRUMENT,
    instrument="eu-prum-2008-615",
    article="Decision 2008/615/JHA Art. 3-4",
    known="recalled",
    text="It binds.",
)
OUTCOME = Confirm(
    query="UA-T-1",
    hit="DE-P-1",
    outcome=Outcome.CONFIRMED,
    opinions=2,
    blind=1,
    agreed="all",
    method="STR",
    limits="Low peaks",
)


@pytest.fixture(scope="module")
def finding():
    trace = made("UA-T-1", "trace", details={"TH01": {"threshold": 50, "heights": [412, 190]}})
    return of_hit(trace, made("DE-P-1", "person"), PRUM, CHANCE, quality="1")


def test_several_populations_stand_side_by_side_and_the_most_cautious_leads(finding):
    ratios = [one.log10_lr for one in finding.strengths]
    assert len(ratios) == 4
    assert finding.leading.log10_lr == min(ratios)
    assert {one.scale.theta for one in finding.strengths} == {0.01}
    assert finding.words.label.startswith("ENFSI")
    told = finding.to_json()
    assert told["rules"]["version"] == PRUM.version
    assert told["chance"]["expected_chance_matches"] == 2.5e-7
    assert len(told["limits"]) == 6
    assert told["remarks"][0]["code"] == "imbalance"


@pytest.mark.parametrize("lacking", [{"strengths": ()}, {"method": ""}, {"limits": ()}])
def test_a_score_without_its_method_strength_or_limits_is_no_finding(finding, lacking):
    with pytest.raises(ParameterError, match="is none"):
        replace(finding, **lacking)
    with pytest.raises(ParameterError, match="another rule set"):
        replace(finding, rules=rule_set("interpol"))


@pytest.mark.parametrize(
    ("ours", "theirs", "first"),
    [
        (("X-1", "trace"), ("X-2", "person"), "X-2 is the source of X-1"),
        (("X-1", "person"), ("X-2", "trace"), "X-1 is the source of X-2"),
        (("X-1", "trace"), ("X-2", "trace"), "both traces, X-1 and X-2, are of one person"),
        (("X-1", "person"), ("X-2", "person"), "both persons, X-1 and X-2, are of one person"),
    ],
)
def test_the_propositions_name_who_is_compared(ours, theirs, first):
    found = of_hit(made(*ours), made(*theirs), PRUM, CHANCE)
    assert found.leading.propositions[0] == first


def test_a_near_match_gives_zero_without_being_called_an_exclusion():
    found = of_hit(made("X-1", "trace", LOCI | {"D16S539": ["9", "12"]}), made("X-2", "person"), PRUM, CHANCE)
    assert found.comparison.quality == "4"
    assert found.leading.log10_lr == -math.inf
    assert any("no exclusion by itself" in one for one in found.limits)


@pytest.mark.parametrize(
    ("ours", "theirs", "fit", "codes"),
    [
        ({}, {}, True, []),
        ({"loci": OTHER}, {}, False, []),
        ({"loci": LOCI | {"TH01": ["6", "7", "9.3"]}}, {}, False, ["not-one"]),
        ({"details": {"TH01": {"threshold": 50, "heights": [45, 44]}}}, {}, True, ["below-threshold"]),
        ({"details": {"D8S1179": {"threshold": 50, "heights": [70]}}}, {}, True, ["lone-peak"]),
        ({"kit": "NGM"}, {"kit": "GlobalFiler"}, True, ["kits-differ"]),
        ({"loci": LOCI | {"TH01": ["6", "*"]}}, {}, True, ["not-designated"]),
    ],
)
def test_the_check_of_the_data(ours, theirs, fit, codes):
    found = check(made("X-1", "trace", **ours), made("X-2", "person", **theirs), PRUM)
    assert found.fit is fit
    assert bool(found.why_not) is not fit
    assert [one.code for one in found.remarks] == [code for code in codes if code != "not-one"]


def test_the_other_side_s_word_is_remarked_where_it_differs():
    found = check(made("X-1", "trace"), made("X-2", "person"), PRUM, quality="2", expected=3)
    assert [one.code for one in found.remarks] == ["quality-differs", "chance"]


@pytest.mark.parametrize("language", ["en", "uk", "de"])
@pytest.mark.parametrize(("basis", "outcome"), [(AGREED, None), (LAW, OUTCOME)])
def test_the_report_is_a_tagged_pdf_and_the_same_bytes_every_time(finding, language, basis, outcome):
    about = About("DNA-UA-DE-2026-11-24-0001-1", "ua:lab", AT, basis, outcome, test=True)
    made_ = render(finding, about, language)
    assert made_.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in made_
    assert made_ == render(finding, about, language)
    set_ = data(finding, about, language)
    told = repr(set_)
    figures = ("2.5 × 10⁻⁷", "1,000", "0.01") if language == "en" else ("2,5 × 10⁻⁷", "1\\u202f000", "0,01")
    for needed in (*figures, PRUM.version, "NIST1036rev2017/Asian", "412, 190"):
        assert needed in told
    assert ("recalled, to be checked" in repr(set_["head"])) == (basis is LAW and language == "en")


def test_a_ratio_of_zero_gets_no_words_and_another_says_for_which_proposition(finding):
    near = of_hit(made("X-1", "trace", LOCI | {"D16S539": ["9", "12"]}), made("X-2", "person"), PRUM, CHANCE)
    assert near.words is None
    about = About("DNA-1", "ua:lab", AT, AGREED)
    assert "In words (a help" not in repr(data(near, about, "en")["weighing"])
    assert "extremely strong support, for proposition 1" in repr(data(finding, about, "en")["weighing"])


def test_a_report_in_another_language_is_refused(finding):
    with pytest.raises(ReportError, match="en and uk and de"):
        render(finding, About("DNA-1", "ua:lab", AT, AGREED), "fr")
