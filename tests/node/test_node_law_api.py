"""The law by the API: the same as the command line says, typed, bounded, and refused with a way on."""

from __future__ import annotations

import json
import time

import pytest
from django.test import Client
from test_node_api import token

from comity.cli.main import main
from comity.node.accounts.role import Role
from comity.node.lawbook import queries

ASKED = {"requesting": "UA", "requested": "DE", "measures": ["bank_records"], "offences": ["fraud"], "on": "2026-11-24"}
WORDS = ["--from", "UA", "--to", "DE", "--measure", "bank_records", "--offence", "fraud", "--on", "2026-11-24"]


@pytest.fixture
def law(ua):
    """Ask the law as a drafter of Ukraine's node."""
    client, door = Client(), token(ua, "drafter", Role.ISSUING)

    def ask(path, body=None):
        path = f"/api/v1/law/{path}"
        answer = (
            client.get(path, **door)
            if body is None
            else client.post(path, body, content_type="application/json", **door)
        )
        return answer.status_code, json.loads(answer.content)

    return ask


@pytest.fixture
def said(capsys, lawbase, monkeypatch):
    """Return what a command prints with ``--json``."""
    monkeypatch.setenv("COMITY_CACHE", str(lawbase))

    def say(*words):
        main(["law", *words, "--json"])
        lines = capsys.readouterr().out.splitlines()
        return [json.loads(line) for line in lines] if len(lines) != 1 else json.loads(lines[0])

    return say


def test_resolve_and_explain_say_what_the_commands_say(law, said):
    assert law("resolve", ASKED) == (200, said("resolve", *WORDS))
    for language in ("en", "uk"):
        told = said("explain", *WORDS, "--language", language)
        assert law("explain", {**ASKED, "language": language}) == (200, told)
        assert told["text"].count("\n\n") > 2


def test_a_line_is_answered_as_the_command_answers_it(law, said):
    line = "Ukraine Germany bank records fraud 2026-11-24"
    status, found = law("ask", {"line": line})
    assert (status, found) == (200, said("ask", line))
    assert found["answer"] == law("resolve", ASKED)[1]
    assert law("ask", {"line": "Germany: bank records, fraud, 2026-11-24"})[1]["answer"] == found["answer"]


def test_facts_may_be_text_numbers_or_booleans(law, said):
    facts = {"fiscal": True, "penalty_requesting": 60, "urgency": "urgent"}
    status, found = law("resolve", {**ASKED, "facts": facts})
    assert status == 200, found
    assert found["question"]["facts"] == facts


def test_article_coverage_and_instruments_say_what_the_commands_say(law, said):
    assert law("article?id=coe-030") == (200, said("article", "coe-030"))
    status, found = law("article?id=coe/030/article-14-1/request_content")
    assert (status, [one["fact"] for one in found["facts"]]) == (200, ["rule"])
    assert found["facts"][0]["source"]
    assert law("coverage") == (200, said("coverage"))
    status, found = law("instruments?form=extradition&state=US")
    assert status == 200
    assert found["instruments"]
    status, found = law("instruments/coe-182")
    assert found["mothers"] == ["coe-030"]
    assert found["provisions"]


def test_bound_says_what_the_command_says(law, said):
    assert law("bound?instrument=coe-030&on=1990-01-01") == (200, said("bound", "coe-030", "--on", "1990-01-01"))
    pair = said("bound", "--from", "UA", "--to", "DE", "--on", "2026-11-24")
    assert law("bound?from=UA&to=DE&on=2026-11-24") == (200, pair)


def test_the_matrix_says_what_the_command_says(law, said):
    asked = {"requesting": ["UA"], "requested": ["DE", "US"], "measures": ["any_evidence"], "on": "2026-11-24"}
    lines = said("matrix", "--states", "UA,DE,US", "--measure", "any_evidence", "--on", "2026-11-24")
    status, found = law("matrix", asked)
    assert status == 200
    assert found["rows"] == [line for line in lines if line["from"] == "UA"]
    begun = time.perf_counter()
    status, whole = law("matrix", {"measures": ["any_evidence"], "forms": ["extradition", "jit"]})
    assert status == 200
    assert len(whole["rows"]) > 180
    assert {row["from"] for row in whole["rows"]} == {"UA"}
    assert time.perf_counter() - begun < 10  # a row of the world, on a busy machine


def test_two_days_and_two_partners_are_compared(law, said):
    then = {**ASKED, "requesting": "FR", "requested": "GB", "on": "2020-12-31"}
    now = {**then, "on": "2021-01-01"}
    status, found = law("compare", {"first": then, "second": now})
    assert status == 200
    assert not found["same"]
    assert found["lines"][0]["where"] == "bases"
    words = [*WORDS]
    words[1], words[3], words[9] = "FR", "GB", "2020-12-31"
    assert found == said("compare", *words, "--and", "on=2021-01-01")
    status, found = law("compare", {"first": ASKED, "second": {**ASKED, "requested": "PL"}})
    assert found["same_question"] is False
    assert law("compare", {"first": ASKED, "second": ASKED})[1]["same"] is True


def test_an_old_answer_is_asked_again_by_its_digest(law):
    _, answer = law("resolve", ASKED)
    assert law("rerun", {"answer": answer}) == (
        200,
        {"same": True, "same_law": True, "same_question": True, "lines": []},
    )
    old = {**answer, "lawbase": {"release": "2019.1", "digest": "0" * 64}}
    status, found = law("rerun", {"answer": old})
    assert (status, found["code"]) == (422, "law.old")
    status, found = law("rerun", {"answer": old, "today": True})
    assert (found["same"], found["same_law"]) == (True, False)


def test_an_answer_of_a_law_base_kept_under_its_digest_is_asked_there(law, lawbase, monkeypatch):
    _, answer = law("resolve", ASKED)
    current = queries.base()
    monkeypatch.setattr(current, "digest", "f" * 64)
    assert law("rerun", {"answer": answer})[1]["same"] is True


@pytest.mark.parametrize(
    "change",
    [
        {"bases": "none"},
        {"bases": [{"instrument": 7, "status": "applicable"}]},
        {"question": {"requesting": "UA"}},
        {"lawbase": {"release": "1", "digest": "../../secret"}},
        {"questions": [{"fact": "x"}]},
        {"fallback": None},
    ],
)
def test_what_is_no_answer_is_not_asked_again(law, change):
    _, answer = law("resolve", ASKED)
    status, found = law("rerun", {"answer": {**answer, **change}})
    assert (status, found["code"]) == (422, "law.question"), found
    assert "is not an answer of the law" in found["detail"]


def test_a_plan_says_what_the_command_says(law, said):
    asked = {"offence": "fraud", "elements": [{"kind": "account", "state": "DE"}], "on": "2026-11-24"}
    told = said("plan", "--home", "UA", "--offence", "fraud", "--element", "account=DE", "--on", "2026-11-24")
    assert law("plan", asked) == (200, told)
    assert told["steps"][0]["form"]
    assert law("methods") == (200, said("plan", "--list"))


@pytest.mark.parametrize(
    ("path", "body", "status", "nearest"),
    [
        ("resolve", {**ASKED, "requested": "UK"}, 400, "GB"),
        ("resolve", {**ASKED, "requested": "EU"}, 400, None),
        ("resolve", {**ASKED, "requested": "UA"}, 422, None),
        ("resolve", {**ASKED, "measures": ["bank_record"]}, 422, "bank_records"),
        ("resolve", {**ASKED, "offences": ["frauds"]}, 422, "fraud"),
        ("resolve", {**ASKED, "measures": []}, 422, None),
        ("resolve", {**ASKED, "on": "1859-02-01"}, 422, None),
        ("resolve", {**ASKED, "on": "2026-02-30"}, 422, None),
        ("ask", {"line": "Germany fraud"}, 422, None),
        ("ask", {"line": "x" * 301}, 422, None),
        ("explain", {**ASKED, "language": "fr"}, 422, None),
        ("explain", {**ASKED, "facts": {"fiscl": "yes"}}, 422, "fiscal"),
        ("compare", {"first": ASKED, "second": {**ASKED, "requested": "Germany"}}, 400, None),
        ("compare", {"first": ASKED}, 422, None),
        ("matrix", {"measures": ["bank_record"]}, 422, "bank_records"),
        ("matrix", {"forms": ["extraditon"]}, 422, "extradition"),
        ("matrix", {"requested": ["EU"], "forms": ["jit"]}, 400, None),
        ("matrix", {"requested": ["DE"]}, 422, None),
        ("matrix", {"forms": ["jit"], "on": "2101-01-01"}, 422, None),
        ("plan", {"offence": "frawd", "elements": [{"kind": "account", "state": "DE"}]}, 422, "fraud"),
        ("plan", {"offence": "fraud", "elements": [{"kind": "acount", "state": "DE"}]}, 422, "account"),
        ("plan", {"offence": "fraud", "elements": [{"kind": "account", "state": "UA"}]}, 422, None),
        ("plan", {"offence": "fraud", "elements": []}, 422, None),
        ("article?id=coe-03", None, 422, "coe-030"),
        ("instruments/coe-30", None, 422, "coe-030"),
        ("instruments?form=extraditon", None, 422, "extradition"),
        ("instruments?state=QQ", None, 400, None),
        ("bound", None, 422, None),
        ("bound?from=UA", None, 422, None),
        ("bound?from=UA&to=UA", None, 422, None),
        ("bound?from=UA&to=EU", None, 400, None),
        ("bound?instrument=coe-30", None, 422, "coe-030"),
        ("bound?instrument=coe-030&on=2026-13-01", None, 422, None),
    ],
)
def test_bad_input_is_a_problem_with_a_way_on(law, path, body, status, nearest):
    code, found = law(path, body)
    assert (code, found["status"]) == (status, status), found
    assert found["detail"]
    assert found.get("remedy")
    if nearest:
        assert nearest in found["fields"]["nearest"]
        assert nearest in found["remedy"]


def test_a_matrix_too_large_is_refused_with_numbers(law):
    codes = sorted(queries.base().parties["un-uncac"])[:60]
    everyone = [str(code) for code in codes if code != "EU"]
    status, found = law("matrix", {"requesting": everyone, "requested": everyone, "forms": ["extradition", "jit"]})
    assert (status, found["code"]) == (422, "law.size")
    assert found["fields"]["most"] < found["fields"]["cells"]
    assert "fewer" in found["remedy"]
