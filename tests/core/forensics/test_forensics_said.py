"""Every sentence a finding can hold has an id and is told in each language; what is told has its figures and no English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.forensics.body import Basis, Confirm, Outcome, Reviewed, Standing
from comity.forensics.dna.compare import compare
from comity.forensics.dna.data_quality import check
from comity.forensics.dna.inclusion import reason
from comity.forensics.dna.population import population, populations
from comity.forensics.dna.profile import Category
from comity.forensics.dna.rules import rule_sets
from comity.forensics.dna.strength.scale import words
from comity.forensics.dna.strength.single import random_match
from comity.forensics.finding import Chance, of_hit, scales
from comity.forensics.laboratory import Laboratory
from comity.forensics.report import About, data
from comity.forensics.said import LANGUAGES, _texts, figure, known, say
from support.dna import LOCI, OTHER, made

CHANCE = Chance(2.5e-7, 1234567, "NIST1036rev2017/Cauc", 0.01)
MATCHING = [one for one in rule_sets().values() if one.match is not None and not one.empty]
ALLELES = {"TH01": ["6", "7", "9.3", "10", "*", "OL"], "D21S11": ["29", "29.2", "30", "*"], "VWA": ["16", "17", "18"]}


def _variants() -> Iterator[dict[str, list[str]]]:
    for th01, vwa in product(
        (["6", "9.3"], ["6", "10"], ["6", "*"], ["*", "*"], ["7", "8"], ["6"]), (["16", "17"], ["OL", "17"])
    ):
        yield {**LOCI, "TH01": th01, "VWA": vwa}
    yield OTHER
    yield {**LOCI, "TH01": ["6", "9.3", "10"], "FGA": ["21", "22", "24", "25"]}
    yield dict(list(LOCI.items())[:4])
    yield {**LOCI, "DYS391": ["10"], "Amelogenin": ["X", "X"]}


def _sentences(found) -> Iterator[str]:
    said = found.comparison
    yield from (said.why, found.quality.why_not, found.method, found.rules.title, *found.limits)
    yield from (one.why for one in said.loci)
    yield from (one.text for one in found.quality.remarks)
    yield found.chance.to_json()["assumes"]
    for one in found.strengths:
        yield from (
            one.method,
            one.why_not,
            *one.propositions,
            *one.notes,
            one.scale.population.name,
            one.scale.population.source,
        )
        yield from (left.why for left in one.not_used)
    if found.words:
        yield from (found.words.text, found.words.label)


def test_the_languages_have_the_same_sentences_and_fields():
    english = _texts("en")
    for language in LANGUAGES:
        told = _texts(language)
        assert set(told) == set(english)
        for name, text in told.items():
            assert set(re.findall(r"\{[^}]+\}", text)) == set(re.findall(r"\{[^}]+\}", english[name])), name
            assert language == "en" or text != english[name] or name.startswith("place."), name


@pytest.mark.parametrize("rules", MATCHING, ids=lambda one: one.id)
@pytest.mark.parametrize("category", ["trace", "person"])
def test_every_sentence_of_a_finding_has_an_id(rules, category):
    by = scales()[:1]
    for ours in _variants():
        heights = {"TH01": {"threshold": 50, "heights": [45, 190]}, "D8S1179": {"threshold": 50, "heights": [80]}}
        query = made("UA-T-1", "trace", ours, kit="NGM", details=heights)
        theirs = made("DE-P-1", category, kit="GlobalFiler")
        found = of_hit(query, theirs, rules, Chance(5, 10, "NIST1036rev2017/Cauc", 0.01), by=by, quality="2")
        strange = [one for one in _sentences(found) if one and not known(one)]
        assert not strange


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    ours=st.fixed_dictionaries(
        {name: st.lists(st.sampled_from(some), min_size=1, max_size=4) for name, some in ALLELES.items()}
    ),
    theirs=st.fixed_dictionaries(
        {name: st.lists(st.sampled_from(some), min_size=1, max_size=4) for name, some in ALLELES.items()}
    ),
    rules=st.sampled_from(MATCHING),
)
def test_whatever_is_compared_is_told(ours, theirs, rules):
    a, b = made("A-1", "trace", {**LOCI, **ours}), made("B-1", "unidentified-remains", {**OTHER, **theirs})
    found = check(a, b, rules, quality="1", expected=3)
    every = [
        found.why_not,
        found.comparison.why,
        *(one.why for one in found.comparison.loci),
        *(one.text for one in found.remarks),
    ]
    assert not [one for one in every if one and not known(one)]
    assert compare(a, b, rules).why == found.comparison.why


def test_why_a_profile_is_not_taken_is_told():
    few = dict(list(LOCI.items())[:2])
    for rules, category in product(rule_sets().values(), Category):
        for loci in (few, {**LOCI, "TH01": ["6", "7", "9.3"]}):
            if category.known and len(loci.get("TH01", ())) > 2:
                continue
            why = reason(made("X-1", category, loci), rules)
            assert why is None or known(f"Not searched: {why}."), why


def test_the_verbal_scale_the_populations_and_the_rule_sets_are_told():
    for log in (-7, -1.5, 0, 0.5, 1.5, 2.5, 3.5, 5, 9):
        assert known(words(log).text)
        assert known(words(log).label)
    for name in populations():
        assert known(population(name).source), name
    for one in rule_sets().values():
        assert known(one.title), one.id
    mixed = made("X-1", "trace", {**LOCI, "TH01": ["6", "7", "9.3"]})
    assert known(random_match(mixed, scales()[0]).why_not)


def test_a_german_report_has_every_sentence_a_report_holds():
    of_reports = ("remark", "compare", "locus", "kind", "stringency", "rules", "method", "proposition", "note", "no-number",
                  "not-used", "limit", "assumes", "scale", "population", "article")  # fmt: skip
    english, german = _texts("en"), _texts("de")
    assert {name for name in english if name.split(".")[0] in of_reports} == set(german)
    for name, told in german.items():
        assert set(re.findall(r"\{[^}]+\}", told)) == set(re.findall(r"\{[^}]+\}", english[name])), name
    found = of_hit(
        made("UA-T-1", "trace", {**LOCI, "D16S539": ["9", "12"]}), made("DE-P-1", "person"), rule_sets()["prum"], CHANCE
    )
    set_ = data(
        found,
        About(
            "DNA-1", "x", datetime(2026, 11, 24, tzinfo=UTC), Basis(standing=Standing.AGREED, known="agreed", text="x")
        ),
        "de",
    )
    assert "Beinahe-Treffer: D16S539: ein Allel weicht ab." in repr(set_["quality"])
    assert set(set_["words"]) == set(
        data(
            found,
            About(
                "DNA-1",
                "x",
                datetime(2026, 11, 24, tzinfo=UTC),
                Basis(standing=Standing.AGREED, known="agreed", text="x"),
            ),
            "en",
        )["words"]
    )
    assert say("Core data without a name say nothing.", "de") == "Core data without a name say nothing."


def test_figures_are_written_as_the_language_writes_them():
    assert figure(0.01, "uk") == "0,01"
    assert figure(2.5e-7, "uk") == "2,5 × 10⁻⁷"
    assert figure(2.5e-7, "en") == "2.5 × 10⁻⁷"
    assert figure(1234567, "uk", ",") == "1\u202f234\u202f567"
    assert figure(1234567, "en", ",") == "1,234,567"
    assert say("X-1, TH01: one low allele, 80.5; a second may be lost", "uk").startswith(
        "X-1, TH01: один низький алель, 80,5;"
    )


def test_what_no_id_has_stays_as_it_is():
    assert say("An expert's own words.", "uk") == "An expert's own words."
    assert say("both alleles equal", "fr") == "both alleles equal"
    assert not known("near match: TH01 something new")


LABORATORY = Laboratory(
    name="Вигадана лабораторія",
    on=date(2026, 11, 24),
    standard="ISO/IEC 17025",
    number="20T-000",
    valid_until=date(2026, 10, 1),
)


def test_a_report_in_ukrainian_has_no_english_but_names_and_citations():
    heights = {"TH01": {"threshold": 50, "heights": [412, 190], "kit": "NGM"}}
    query = made("UA-T-1", "trace", {**LOCI, "D16S539": ["9", "12"]}, kit="NGM", details=heights)
    found = of_hit(query, made("DE-P-1", "person", kit="GlobalFiler"), rule_sets()["prum"], CHANCE, quality="2")
    said = {
        "query": "UA-T-1",
        "hit": "DE-P-1",
        "outcome": Outcome.CONFIRMED,
        "opinions": 2,
        "blind": 2,
        "agreed": "all",
    }
    words_ = {"method": "два читання", "limits": "немає", "laboratories": (LABORATORY,)}
    basis = Basis(standing=Standing.INSTRUMENT, article="Decision 2008/615/JHA Art. 3-4", known="recalled", text="x")
    about = About(
        "DNA-UA-DE-1",
        "ua:lab",
        datetime(2026, 11, 24, tzinfo=UTC),
        basis,
        Confirm(**said, **words_),
        Reviewed(**said, **words_),
    )
    set_ = data(found, about, "uk")
    told = "\n".join(_texts_of({k: v for k, v in set_.items() if k not in ("words", "language", "authority")}))
    allowed = r"UA-T-1|DE-P-1|DNA-UA-DE-1|NGM|AmpFLSTR|GlobalFiler|NIST\w*|Cauc|Asian|Hisp|\bAA\b|Steffen et al|FSI Genetics|nrc|STR|comity dna kinship|ISO/IEC|20T-000|ENFSI|JHA-2024|JHA|RFU|[A-Z]\w*\d\w*|vWA|FGA|TPOX|Amelogenin|\bX\b|\bY\b|e36"
    assert not re.findall(r"[A-Za-z]{2,}", re.sub(allowed, "", told))
    assert "СТРОК ДІЇ СПЛИВ" in told
    assert "EXPIRED" in repr(data(found, about, "en")["laboratories"])


def _texts_of(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts_of(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts_of(one)
