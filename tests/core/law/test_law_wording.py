"""Words of an answer: whole Ukrainian, names for codes, citations, amounts, nothing said twice."""

from __future__ import annotations

import random
import re
from datetime import date

import pytest

from comity.law.explain import explain
from comity.law.measuring import measured
from comity.law.question import Question
from comity.law.reason import Reason
from comity.law.resolve import resolve
from comity.law.wording import Wording
from comity.values import CODES

PAIRS = [
    ("UA", "DE", "bank_records", "fraud", "2026-11-24"),
    ("FR", "ES", "search_and_seizure", "fraud", "2026-11-24"),
    ("UA", "BT", "witness_hearing", "corruption", "2026-11-24"),
    ("US", "UA", "witness_hearing", "fraud", "2026-11-24"),
    ("GB", "DE", "surrender", "fraud", "2022-05-01"),
    ("DK", "DE", "dna_comparison", "homicide_intentional", "2026-11-24"),
    ("UA", "TR", "extradition", "homicide_intentional", "2026-11-24"),
    ("FR", "DE", "dna_comparison", "homicide_intentional", "2015-05-01"),
    ("PL", "DE", "surrender", "fraud", "2026-11-24"),
    ("KZ", "AM", "extradition", "fraud", "2026-11-24"),
    ("MD", "UA", "witness_hearing", "fraud", "2010-05-01"),
    ("US", "JP", "witness_hearing", "", "2026-11-24"),
    ("DK", "SE", "surrender", "fraud", "2026-11-24"),
    ("BR", "PT", "extradition", "corruption", "2026-11-24"),
]

LATIN = re.compile(r"[A-Za-z][A-Za-z']+")
PROPER = frozenset(
    "ne non ETS CETS No UNTOC UNCAC SIENA Comity mutatis mutandis FATF StAR ENFSI IOCTA ENISA RFC SMV ICSE IAP "
    "UNCTED IP IRG IMAC Eucaris EPRIS fedpol BKA Bundesamt für Justiz DRCI AGRASC IRC AIRS Kripos DIICOT OCLCTIC LI II III "
    "IV VI VII VIII IX XI OAS".split()
)
"""Words written in Latin letters in Ukrainian too: marks of series of treaties, systems and offices known by them."""


def asked(lawbase, requesting, requested, measure, offence="", on="2026-11-24", **facts):
    question = Question.read(
        requesting=requesting,
        requested=requested,
        measures=[measure],
        offences=[offence] if offence else [],
        on=date.fromisoformat(on),
        facts=facts,
        base=lawbase,
    )
    return resolve(question, lawbase)


def english_in(text):
    body = text.rpartition("\n\n")[0].replace("bis in idem", "")
    return sorted({word for word in LATIN.findall(body) if len(word) > 1 and word not in PROPER})


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: "-".join(pair[:3]))
def test_an_answer_in_ukrainian_holds_no_english(lawbase, pair):
    assert english_in(explain(asked(lawbase, *pair), lawbase, "uk")) == []


def test_no_answer_of_a_hundred_holds_english_or_machine_words(lawbase):
    chosen = random.Random(20261124)
    states = [code for code in lawbase.parties["un-untoc"] if code != "EU"]
    for _ in range(100):
        one, other = chosen.sample(states, 2)
        measure, offence = chosen.choice(list(lawbase.measures)), chosen.choice([*lawbase.offences, ""])
        on = f"{chosen.randint(1995, 2027)}-0{chosen.randint(1, 9)}-15"
        answer = asked(lawbase, one, other, measure, offence, on)
        assert english_in(explain(answer, lawbase, "uk")) == [], (one, other, measure, offence, on)
        english = explain(answer, lawbase, "en")
        assert re.findall(r"\b[a-z]+_[a-z_]+\b|\bNone\b|\b[a-z]{2,}(?:-[a-z]+)?-[0-9]{3,4}\b", english) == []


@pytest.mark.parametrize("language", ["en", "uk"])
def test_both_languages_say_every_rule(lawbase, language):
    answer = asked(lawbase, "UA", "DE", "bank_records", "fraud")
    words = Wording(lawbase, language)
    text = explain(answer, lawbase, language)
    for rule in (*answer.bases[0].rules, *answer.bases[0].undone):
        assert words.article(rule) in text
        assert words.rule_text(rule) in text


def test_states_are_said_by_name_and_days_in_words(lawbase):
    bound = Reason("bound", {"a": "UA", "b": "DE", "a_since": "1998-06-09", "b_since": "?"})
    english, ukrainian = (Wording(lawbase, language).reason(bound) for language in ("en", "uk"))
    assert english == "It has bound Ukraine since 9 June 1998 and Germany since an unknown day."
    assert ukrainian == "Держави ним зв'язані: Україна – з 9 червня 1998 року, Німеччина – з невідомого дня."


@pytest.mark.parametrize(
    ("citation", "said"),
    [
        ("ETS No. 030 Art. 14(1)", "ETS No. 030, ст. 14(1)"),
        ("ETS No. 182 Art. 4 (art. 15(1))", "ETS No. 182, ст. 4 (ст. 15(1))"),
        ("UNTOC Art. 18(6)-(7)", "UNTOC, ст. 18(6)–(7)"),
        ("ETS No. 141, scope", "ETS No. 141, сфера дії"),
        ("Directive 2014/41/EU Art. 34", "Директива 2014/41/ЄС, ст. 34"),
        ("Criminal Procedure Code of Ukraine Art. 544", "Кримінальний процесуальний кодекс України, ст. 544"),
        ("practice of central authorities", "практика центральних органів"),
        ("", ""),
    ],
)
def test_a_citation_reads_as_its_language_cites(lawbase, citation, said):
    assert Wording(lawbase, "uk").cite(citation) == said
    assert Wording(lawbase, "en").cite(citation) == citation


@pytest.mark.parametrize(
    ("amount", "unit", "english", "ukrainian"),
    [
        (1, "days", "1 day", "1 день"),
        (3, "days", "3 days", "3 дні"),
        (12, "days", "12 days", "12 днів"),
        (21, "days", "21 days", "21 день"),
        (48, "hours", "48 hours", "48 годин"),
        (3, "years_max_penalty", "maximum penalty: 3 years", "найвища межа покарання: 3 роки"),
        (30, "days_before_hearing", "at least 30 days before the hearing", "щонайменше за 30 днів до засідання"),
        (2, "furlongs", "", ""),
    ],
)
def test_amounts_are_counted_as_the_language_counts(amount, unit, english, ukrainian):
    assert (measured(amount, unit, "en"), measured(amount, unit, "uk")) == (english, ukrainian)


def test_every_unit_of_the_law_base_can_be_said(lawbase):
    words = Wording(lawbase, "uk")
    assert all(not LATIN.search(words.amount(5, unit)) for unit in lawbase.vocabulary["units"])


def test_what_a_text_says_already_is_not_said_twice(lawbase):
    serious = {"organised_group": "yes", "transnational": "yes", "penalty_requesting": "60"}
    answer = asked(lawbase, "UA", "DE", "bank_records", "fraud", **serious)
    words = Wording(lawbase)
    secrecy = next(rule for rule in answer.bases[-1].rules if rule.value == "bank_secrecy")
    assert words.content(secrecy) == secrecy.text
    legalisation = next(rule for rule in answer.bases[0].rules if rule.value == "no_legalisation")
    assert words.content(legalisation) == "no legalisation: no authentication of documents"


def test_a_text_without_wording_is_seen(lawbase):
    assert Wording(lawbase, "uk").text("never written down") == "«never written down»"


def test_a_question_back_says_what_it_decides(lawbase):
    answer = asked(lawbase, "UA", "DE", "bank_records", "fraud")
    assert "(this decides whether CETS No. 198 applies)" in explain(answer, lawbase)
    assert "чи застосовується CETS No. 198" in explain(answer, lawbase, "uk")


def test_prose_says_which_instruments_are_contested(lawbase):
    answer = asked(lawbase, "UA", "BY", "witness_hearing", "fraud", "2021-05-01")
    contested = [basis for basis in answer.bases if basis.status == "contested"]
    said = explain(answer, lawbase)
    assert said.count("Contested, so that a person has to decide") == len(contested)


def test_a_scheme_is_never_said_to_be_not_in_force(lawbase):
    answer = asked(lawbase, "GB", "DE", "surrender", "fraud", "2022-05-01")
    assert {one.reason.code for one in answer.excluded if one.instrument == "cw-london"} == {"not_party"}


def test_no_text_of_the_law_names_a_state_by_its_code(lawbase):
    code = re.compile(r"(?<!EU-)\b(?:" + "|".join(sorted(CODES - {"HM", "IT", "LI"})) + r")\b")
    every = (*lawbase.rules.values(), *lawbase.relations, *lawbase.declarations.values())
    found = [(one.id, one.text) for one in every if code.search(one.text)]
    assert found == []
