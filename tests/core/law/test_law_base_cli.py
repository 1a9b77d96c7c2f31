"""``comity law check | coverage | article`` as a person and as a program meet them."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from comity.cli.main import main
from comity.law.base import LawBase


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMITY_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def broken(copy: Path, tmp_path: Path) -> Path:
    """A law base in which a second rule gives another number."""
    root = tmp_path / "broken"
    shutil.copytree(copy, root)
    rule = root / "instruments" / "eu" / "eio" / "article-12-3" / "time_limit.yaml"
    text = rule.read_text(encoding="utf-8")
    assert "amount: '30'" in text
    rule.with_name("time_limit-planted.yaml").write_text(text.replace("amount: '30'", "amount: '60'"), encoding="utf-8")
    return root


def test_article(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "article", "coe/030/article-14-1"]) == 0
    said = capsys.readouterr().out
    assert "coe/030/article-14-1/request_content  [rule]" in said
    assert "recalled: coe-030 art. 14(1)" in said


def test_article_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "article", "eu-eio", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["digest"]) == 64
    kinds = {fact["fact"] for fact in told["facts"]}
    assert kinds == {"instrument", "rule", "declaration", "relation"}
    assert all(fact["source"] and fact["basis"] for fact in told["facts"])


def test_article_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "article", "coe/030/artcle-14-1"]) == 4
    said = capsys.readouterr().err
    assert "The law base has nothing at 'coe/030/artcle-14-1'." in said
    assert "coe/030/article-14-1" in said


def test_coverage(lawbase: LawBase, capsys: pytest.CaptureFixture[str]) -> None:
    rules = tuple(lawbase.rules.values())
    known = Counter(str(rule.basis) for rule in rules)
    unsure = sum(rule.unsure for rule in rules)
    assert main(["law", "coverage"]) == 0
    said = capsys.readouterr().out
    line = f"looked up {known['looked-up']}, recalled {known['recalled']}, unsure {unsure}"
    assert f"rules: {len(rules)}, of which {line}" in said
    assert "instruments: 100, of which modelled with their rules " in said
    assert main(["law", "coverage", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["instruments"]) == len(lawbase.instruments)
    assert told["total"]["rules"]["count"] == len(rules) >= 590


def test_check(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["law", "check", "--quick", "--sample", "100", "--until", "2026-11-24", "--lawbase", str(copy)]
    assert main([*arguments, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["questions"], told["findings"]) == (100, [])
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "100 questions answered in full." in said
    assert "No findings, after" in said


@pytest.mark.parametrize("processes", ["1", "2"])
def test_check_of_the_whole_world(copy: Path, capsys: pytest.CaptureFixture[str], processes: str) -> None:
    """One quarter of it; on two processes the same is found as on one."""
    arguments = ["--since", "2004", "--until", "2004-01-01", "--sample", "1", "--processes", processes]
    assert main(["law", "check", *arguments, "--lawbase", str(copy), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["findings"] == []
    assert told["world"]["questions"] == sum(told["world"]["first"].values()) == 198 * 197 * 96
    assert set(told["world"]["first"]) - {"contested"} == {"applicable", "conditional", "none", "residual"}


@pytest.mark.parametrize("option", [["--since", "1"], ["--sample", "-3"], ["--processes", "two"]])
def test_check_of_an_impossible_number(capsys: pytest.CaptureFixture[str], option: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(["law", "check", *option])
    assert "is not a whole number from" in capsys.readouterr().err


def test_check_of_two_states(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--states", "UA,BT", "--until", "1991-01-01", "--lawbase", str(copy), "--json"]
    assert main(["law", "check", *arguments]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["questions"] % (2 * 96) == 0
    assert told["questions"] > 0
    assert "world" not in told


@pytest.mark.parametrize("command", [["check"], ["coverage"], ["article", "eu-eio"]])
def test_a_contradiction_names_both_files(broken: Path, capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    assert main(["law", *command, "--lawbase", str(broken)]) == 4
    said = capsys.readouterr().err
    assert "instruments/eu/eio/article-12-3/time_limit.yaml" in said
    assert "instruments/eu/eio/article-12-3/time_limit-planted.yaml" in said
    assert "30 days and 60 days" in said
    assert "What to do:" in said


def test_a_case_that_does_not_hold(copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The cases of a law base are answered with it; one that expects something else is told, with its provision."""
    root = tmp_path / "base"
    shutil.copytree(copy, root)
    case = root / "cases" / "coe" / "030" / "article-15.yaml"
    case.parent.mkdir(parents=True)
    case.write_text(
        "- id: planted\n"
        "  question: {requesting: UA, requested: DE, measures: [witness_hearing], date: '2020-01-01', offences: theft}\n"
        "  expect: {first: un-uncac}\n"
        "  because: It was planted.\n"
        "  provision: ETS No. 030 Art. 15\n",
        encoding="utf-8",
    )
    arguments = ["law", "check", "--quick", "--sample", "1", "--lawbase", str(root)]
    assert main(arguments) == 1
    said = capsys.readouterr().out
    assert "cases/coe/030/article-15/planted: first is coe-030, not un-uncac" in said
    assert "What to do:" in said
    case.write_text("- id: planted\n  question: {}\n", encoding="utf-8")
    assert main(arguments) == 4
    assert "cases/coe/030/article-15.yaml: a case must hold" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "says"),
    [
        (["--states", "UA"], "Pairs are made of two states at least."),
        (["--states", "UA,UA"], "Pairs are made of two states at least."),
        (["--until", "1980-01-01"], "1980-01-01 lies before 1990"),
    ],
)
def test_check_of_nothing(capsys: pytest.CaptureFixture[str], option: list[str], says: str) -> None:
    assert main(["law", "check", *option]) == 4
    assert says in capsys.readouterr().err


def test_no_law_base_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "coverage", "--lawbase", str(tmp_path), "--json"]) == 4
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "law.file"


def test_a_state_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "check", "--states", "UK"]) == 4
    assert "GB" in capsys.readouterr().err
