"""The commands of ``comity law`` that answer questions, with their exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from comity.cli.main import main

UA_DE = ["--from", "UA", "--to", "DE", "--measure", "bank_records", "--offence", "fraud", "--on", "2026-11-24"]


@pytest.fixture(autouse=True)
def _cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("COMITY_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))


def said(capsys, *words: str) -> tuple[int, str, str]:
    code = main(["law", *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_resolve_json_keeps_its_contract(capsys):
    code, out, _ = said(capsys, "resolve", *UA_DE, "--json")
    found = json.loads(out)
    assert code == 0
    assert {"question", "lawbase", "bases", "rules", "excluded", "fallback", "questions"} - set(found) == {"rules"}
    assert set(found["lawbase"]) == {"release", "digest"}
    first = found["bases"][0]
    assert (first["instrument"], first["rank"], first["status"]) == ("coe-030", 1, "applicable")
    assert {"instrument", "rank", "status", "why", "rules"} <= set(first)
    for rule in first["rules"]:
        assert {"provision", "kind", "value", "text", "source", "basis"} <= set(rule)
    assert all({"instrument", "why"} <= set(one) for one in found["excluded"])
    assert found["fallback"] is False
    assert "coe-182" in {basis["instrument"] for basis in found["bases"]}


def test_a_number_is_the_value_of_a_time_limit(capsys):
    _, out, _ = said(capsys, "resolve", "--from", "FR", "--to", "ES", "--measure", "bank_records", "--json")
    limits = {
        r["step"]: r["value"] for r in json.loads(out)["bases"][0]["rules"] if r["kind"] == "time_limit" and r["step"]
    }
    assert limits["recognition"] == 30
    assert limits["execution"] == 90


def test_resolve_is_readable(capsys):
    code, out, _ = said(capsys, "resolve", *UA_DE)
    assert code == 0
    assert out.startswith("Ukraine -> Germany, 2026-11-24")
    assert "1. ETS No. 030" in out
    assert "translation into German" in out
    assert "[ETS No. 182 Art. 4 (art. 15(1)); recalled, to be checked]" in " ".join(out.split())


def test_resolve_in_ukrainian(capsys):
    code, out, _ = said(capsys, "resolve", *UA_DE, "--language", "uk")
    assert code == 0
    assert out.startswith("Україна -> Німеччина, 2026-11-24")
    assert "[ETS No. 182, ст. 4 (ст. 15(1)); з пам'яті, слід звірити]" in " ".join(out.split())
    assert "«" not in out.replace("«Конвенція про взаємну допомогу 1959 року", "")


def test_a_line_is_answered_in_the_language_it_is_asked_in(capsys):
    code, out, _ = said(capsys, "ask", "Україна Німеччина допит свідка шахрайство 2026-11-24 казка")
    assert code == 0
    assert out.startswith("Не зрозуміло: казка\nУкраїна -> Німеччина")
    code, out, _ = said(capsys, "ask", "Україна Німеччина допит свідка 2026-11-24", "--language", "en")
    assert code == 0
    assert out.startswith("Ukraine -> Germany")


def test_explain_in_ukrainian(capsys):
    code, out, _ = said(capsys, "explain", *UA_DE, "--language", "uk")
    assert code == 0
    assert "Правова підстава" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--from", "UA", "--to", "UK", "--measure", "bank_records"], "Did you mean GB?"),
        (["--from", "UA", "--to", "UA", "--measure", "bank_records"], "asks itself"),
        (["--from", "UA", "--to", "DE", "--measure", "bank_recods"], "bank_records"),
        (["--from", "UA", "--to", "DE", "--measure", "bank_records", "--on", "2026-13-01"], "not a date"),
        (["--from", "UA", "--to", "DE", "--measure", "bank_records", "--fact", "fiscal"], "name=value"),
    ],
)
def test_bad_input_is_refused(capsys, words, told):
    code, _, err = said(capsys, "resolve", *words)
    assert code == 4
    assert told in err


def test_an_error_is_an_object_with_json(capsys):
    code, out, _ = said(capsys, "resolve", "--from", "UA", "--to", "UK", "--measure", "bank_records", "--json")
    assert code == 4
    assert json.loads(out)["error"]["fields"]["nearest"] == ["GB"]


def test_usage(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["law", "resolve", "--from", "UA"])
    assert caught.value.code == 2


def test_compare_two_days_and_two_files(capsys, tmp_path):
    code, out, _ = said(
        capsys,
        "compare",
        "--from",
        "GB",
        "--to",
        "FR",
        "--measure",
        "any_evidence",
        "--on",
        "2020-12-31",
        "--and",
        "on=2021-01-01",
        "--json",
    )
    assert code == 1
    assert json.loads(out)["same_law"] is True
    _, answer, _ = said(capsys, "resolve", *UA_DE, "--json")
    (tmp_path / "a.json").write_text(answer)
    assert said(capsys, "compare", str(tmp_path / "a.json"), str(tmp_path / "a.json"))[0] == 0
    assert said(capsys, "rerun", str(tmp_path / "a.json"))[0] == 0
    (tmp_path / "b.json").write_text("[]")
    assert said(capsys, "rerun", str(tmp_path / "b.json"))[0] == 4
    assert said(capsys, "rerun", str(tmp_path / "none.json"))[0] == 4
    assert said(capsys, "compare", str(tmp_path / "a.json"))[0] == 4


def test_matrix(capsys):
    code, out, _ = said(
        capsys, "matrix", "--states", "UA,DE,FR", "--measure", "bank_records", "--on", "2026-11-24", "--json"
    )
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert len(rows) == 6
    cells = {(row["from"], row["to"]): row["cells"]["bank_records"]["instrument"] for row in rows}
    assert cells["UA", "DE"] == "coe-030"
    assert cells["FR", "DE"] == "eu-eio"
    code, out, wrong = said(capsys, "matrix", "--states", "UA")
    assert (code, out) == (4, "")
    assert "two states at least" in wrong


def test_plan(capsys):
    words = ["plan", "--home", "UA", "--offence", "fraud", "--element", "account=DE", "--on", "2026-11-24"]
    code, out, _ = said(capsys, *words, "--json")
    assert code == 0
    assert {step["measure"] for step in json.loads(out)["steps"]} >= {"bank_records", "freezing_of_property"}
    assert "Зібрати докази" in said(capsys, *words, "--language", "uk")[1]
    assert said(capsys, "plan", "--list")[0] == 0
    assert said(capsys, "plan", "--home", "UA", "--offence", "fraud", "--element", "account")[0] == 4
    assert said(capsys, "plan")[0] == 4


def test_two_processes_give_the_same_bytes():
    words = ["-m", "comity.cli.main", "law", "resolve", *UA_DE, "--json"]
    answers = {
        subprocess.run(
            [sys.executable, *words], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("which", "one"), [("measures", "bank_records"), ("offences", "fraud"), ("facts", "organised_group")]
)
def test_words(capsys, which, one):
    code, out, _ = said(capsys, "words", which, "--json")
    assert code == 0
    assert one in json.loads(out)
    assert one in said(capsys, "words", which)[1]
