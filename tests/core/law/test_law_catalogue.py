"""The catalogue of translations: read strictly, tied to the law by the exact English text, no part of the law."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import comity_lawbase
import pytest

from comity.cli.main import main
from comity.law import LawBase
from comity.law.catalogue import catalogue_of, load, missing, said, stale
from comity.law.errors import LawFileError, SchemaError


def wording(root: Path, text: str, name: str = "one") -> Path:
    folder = root / "wording" / "uk"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return root


def test_everything_that_can_be_said_is_said_in_ukrainian(lawbase):
    catalogue = catalogue_of(lawbase, "uk")
    assert [f"{one.where}: {one.what}" for one in missing(lawbase, catalogue)] == []


def test_no_translation_outlives_its_text(lawbase):
    catalogue = catalogue_of(lawbase, "uk")
    assert [f"{one.where}: {one.what}" for one in stale(lawbase, catalogue)] == []


def test_a_text_that_lost_its_translation_is_named_with_its_file(lawbase, tmp_path):
    text = lawbase.rules["coe/030/article-19/reasons"].text
    catalogue = load(wording(tmp_path, '"a text that nobody says": "текст, якого ніхто не каже"\n'), "uk")
    found = {one.where: one.what for one in missing(lawbase, catalogue)}
    assert text in found["instruments/coe/030/article-19/reasons.yaml"]
    (old,) = stale(lawbase, catalogue)
    assert old.where == "wording/uk/one.yaml"
    assert "a text that nobody says" in old.what


@pytest.mark.parametrize(
    ("text", "error", "said_of_it"),
    [
        ('"one": ""\n', SchemaError, "has no translation"),
        ('"one": [two]\n', SchemaError, "has no translation"),
        ("- one\n", SchemaError, "must map"),
        ('"one": "раз"\n"one": "два"\n', LawFileError, "stands twice"),
    ],
)
def test_a_catalogue_is_read_strictly(tmp_path, text, error, said_of_it):
    with pytest.raises(error, match=said_of_it):
        load(wording(tmp_path, text), "uk")


def test_a_text_stands_in_one_file_only(tmp_path):
    wording(tmp_path, '"one": "раз"\n')
    with pytest.raises(SchemaError, match=r"stands in wording/uk/one\.yaml already"):
        load(wording(tmp_path, '"one": "один"\n', "two"), "uk")


def test_a_translation_is_no_part_of_the_law(tmp_path, lawbase):
    root = tmp_path / "base"
    shutil.copytree(
        comity_lawbase.root(), root, ignore=shutil.ignore_patterns("cases", "comity_lawbase", "__pycache__")
    )
    copy = LawBase.load(root)
    assert copy.digest == lawbase.digest
    file = root / "wording" / "uk" / "rules-coe.yaml"
    file.write_text(file.read_text("utf-8").replace("відмову слід мотивувати", "відмову мотивують"), encoding="utf-8")
    changed = LawBase.load(root)
    assert changed.digest == copy.digest
    assert catalogue_of(changed, "uk").get("refusal must be reasoned") == "відмову мотивують"
    assert catalogue_of(copy, "uk").get("refusal must be reasoned") == "відмову мотивують"  # read at its first use


def test_english_needs_no_catalogue(lawbase):
    assert not catalogue_of(lawbase, "en").texts


def test_articles_and_codes_are_no_texts(lawbase):
    found = said(lawbase)
    assert "26(3)" not in found
    assert "yes" not in found
    assert all(any(letter.isalpha() for letter in text) for text in found)


def test_the_check_refuses_a_stale_translation_and_counts_what_has_none(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COMITY_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "base"
    shutil.copytree(
        comity_lawbase.root(), root, ignore=shutil.ignore_patterns("cases", "comity_lawbase", "__pycache__")
    )
    file = root / "wording" / "uk" / "rules-coe.yaml"
    file.write_text(
        file.read_text("utf-8").replace('"refusal must be reasoned":', '"refusal should be reasoned":'),
        encoding="utf-8",
    )
    arguments = ["law", "check", "--quick", "--sample", "1", "--until", "2026-11-24", "--lawbase", str(root), "--json"]
    assert main(arguments) == 1
    told = json.loads(capsys.readouterr().out)
    found = [one["what"] for one in told["findings"] if one["where"] == "wording/uk/rules-coe.yaml"]
    assert found == ["translates 'refusal should be reasoned', which the law base does not say"]
    assert told["untranslated"]["uk"] >= 1


def test_numbers_of_a_provision_survive_its_translation(lawbase):
    texts = catalogue_of(lawbase, "uk").texts
    numbers = re.compile(r"[0-9]+")
    lost = [
        (text, texts[text])
        for text in {rule.text for rule in lawbase.rules.values()} & set(texts)
        if set(numbers.findall(text)) - set(numbers.findall(texts[text]))
    ]
    assert lost == []


def test_no_word_of_a_translation_mixes_two_alphabets(lawbase):
    mixed = re.compile(r"\b(?=\w*[A-Za-z])(?=\w*[А-Яа-яІіЇїЄєҐґ])\w+\b")
    texts = catalogue_of(lawbase, "uk").texts
    assert [one for one in texts.values() if mixed.search(one) or re.search("[ыэъё]", one)] == []
