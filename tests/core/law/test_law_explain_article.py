"""A provision, an instrument, a declaration, a relation, an authority in prose, in both languages; every closed word has words."""

from __future__ import annotations

import re

import pytest

from comity.cli.main import main
from comity.law.errors import UnknownReferenceError
from comity.law.explain_article import explain_article
from comity.law.model import EventKind, Knowledge, RelationKind, Status, Type
from comity.law.participation import Certainty
from comity.law.terms import RELATIONS, TERMS


@pytest.mark.parametrize(
    ("name", "english", "ukrainian"),
    [
        (
            "coe/030/article-14-2/request_content",
            "ETS No. 030 Art. 14(2): content of the request",
            "ETS No. 030, ст. 14(2): зміст запиту",
        ),
        (
            "coe/030/relations/replaces-bilateral-mla",
            "takes the place of: bilateral treaties on mutual legal assistance between the parties",
            "заступає: двосторонні договори про правову допомогу між сторонами",
        ),
        ("coe/030/declarations/de/article-16-2/language", "declaration of Germany", "заява: Німеччина"),
        ("coe-030", "Offences: any offence", "Злочини: будь-який злочин"),
        ("states/de/authorities", "Germany: Federal Office of Justice", "Німеччина: Федеральне відомство юстиції"),
    ],
)
def test_what_stands_at_an_id_is_told_in_both_languages(lawbase, name, english, ukrainian):
    assert english in explain_article(lawbase, name)
    told = explain_article(lawbase, name, "uk")
    assert ukrainian in told
    assert not re.search(r"«[^»]*[a-z]{4}|\b[a-z]+_[a-z_]+\b", told)
    assert told.count("джерело:") == explain_article(lawbase, name).count("source:")


def test_every_instrument_and_state_can_be_told_in_ukrainian(lawbase):
    for name in lawbase.instruments:
        assert not re.search(r"«[^»]*[a-z]{4}", explain_article(lawbase, name, "uk")), name
    for state in {one.state.lower() for one in lawbase.authorities.values()}:
        assert not re.search(r"«[^»]*[a-z]{4}", explain_article(lawbase, f"states/{state}", "uk")), state


def test_an_id_that_is_not_there_is_refused_with_the_nearest(lawbase):
    with pytest.raises(UnknownReferenceError, match="nothing at"):
        explain_article(lawbase, "coe/030/artcle-14-1", "uk")


def test_every_kind_of_the_model_has_words():
    assert {str(kind) for kind in RelationKind} == set(RELATIONS)
    for kinds in (Status, Type, EventKind, Knowledge, Certainty):
        assert {str(kind) for kind in kinds} <= set(TERMS)


def test_the_command_tells_it_in_ukrainian(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("COMITY_CACHE", str(tmp_path))
    assert main(["law", "article", "coe/030/article-19", "--language", "uk"]) == 0
    said = capsys.readouterr().out
    assert "відмову слід мотивувати" in said
    assert "не офіційний текст" in said
