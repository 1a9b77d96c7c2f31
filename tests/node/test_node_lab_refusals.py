"""Bad input at the laboratory's doors: the page says what, why and what to do in the reader's language, in an alert that has the focus; the API says the same with a code; nothing is kept."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comity.forensics.errors import ForensicsError
from comity.forensics.said import known
from comity.node.accounts import actions as accounts
from comity.node.accounts.role import Role
from comity.node.lab import actions, queries
from support.client import signed_in
from support.dna import LOCI, OTHER, written

FULL = written("UA-P-1", "person")


def lines(*profiles) -> bytes:
    return "\n".join(json.dumps(one) for one in profiles).encode()


def alert(answer) -> str:
    """Return the text of the one alert of a page, which has the focus."""
    page = answer.content.decode()
    (found,) = re.findall(r'<div class="ds-alert"[^>]*role="alert"[^>]*>.*?</div>', page, re.DOTALL)
    assert 'tabindex="-1" autofocus' in found
    assert "<title>Не виконано" in page or "<title>Not done" in page
    return html.unescape(re.sub(r"<[^>]+>", " ", found))


def no_english(text: str) -> None:
    plain = re.sub(r"'[^']*'|\"[^\"]*\"|[\w.-]+\.(?:jsonl|csv|xml|txt)|\S*\d\S*", " ", text)
    allowed = {
        "written", "upload", "loci", "category", "id", "kit", "triallelic", "details", "contributors", "heights", "threshold", "FGA",
        "Amelogenin", "JSON", "OL", "import", "twins", "comity", "dna", "marker", "allele", "and", "no", "column", "Sample", "Name",
        "Marker", "Allele", "trace", "person", "victim", "elimination", "missing", "unidentified", "remains", "json", "cmf", "table",
        "prum", "or", "zzzzzz", "AmpFLSTR", "NGM", "name", "height", "at", "CMF", "codis", "high", "low", "moderate", "interpol", "mixture", "ess", "INTERPOL", "CODIS", "SPECIMEN", "CODISImportFile", "TOML",
    }  # fmt: skip
    assert not [word for word in re.findall(r"[A-Za-z]{2,}", plain) if word not in allowed], text


BAD = {
    # what is given, and what is wrong with it
    "allele": (lines(written("UA-P-1", "person", {**LOCI, "TH01": ["6", "axe"]})), "allele.none"),
    "range": (lines(written("UA-P-1", "person", {**LOCI, "TH01": ["6", "99.1"]})), "range"),
    "repeat": (lines(written("UA-P-1", "person", {**LOCI, "TH01": ["6", "9.5"]})), "repeat"),
    "three": (lines(written("UA-P-1", "person", {**LOCI, "TH01": ["6", "7", "8"]})), "three alleles in a person"),
    "one": (lines(written("UA-P-1", "person", {**LOCI, "TH01": ["6"]})), "one allele"),
    "locus": (lines(written("UA-P-1", "person", {**LOCI, "TH0I": ["6", "7"]})), "unknown locus"),
    "locus-far": (lines(written("UA-P-1", "person", {**LOCI, "zzzzzz": ["6", "7"]})), "unknown locus"),
    "kit": (lines({**FULL, "kit": "NGN"}), "unknown kit"),
    "duplicate": (lines(FULL, FULL), "duplicate sample"),
    "same": (lines(FULL, written("UA-P-2", "person")), "one profile under two ids"),
    "few": (lines(written("UA-T-1", "trace", {"TH01": ["6", "7"]})), "below the inclusion rule"),
    "member": (lines({**FULL, "name": "Ivan"}), "a name"),
    "id": (lines({**FULL, "id": "Іван"}), "no id"),
    "category": (lines({**FULL, "category": "suspect"}), "no category"),
    "lacks": (lines({"id": "X-1", "category": "trace"}), "no loci"),
    "loci": (lines({**FULL, "loci": []}), "loci"),
    "alleles": (lines({**FULL, "loci": {"TH01": "6"}}), "no list"),
    "heights": (lines({**FULL, "details": {"TH01": {"heights": "high"}}}), "heights"),
    "contributors": (lines({**written("X-1", "trace"), "contributors": 9}), "contributors"),
    "empty": (b"\n", "empty"),
    "table": (b"Sample Name,Thing\nA,B\n", "no columns"),
    "rows": (b"Sample Name,Marker,Allele 1,Allele 2\n", "no rows"),
    "height": (b"Sample Name,Marker,Allele 1,Allele 2,Height 1,Height 2\nA-1,TH01,6,7,tall,4\n", "no height"),
    "root": (b"<x/>", "no CMF"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_file_is_refused_whole_and_said_in_the_reader_s_language(ua, case, tmp_path):
    content, wrong = BAD[case]
    olena = ua.who("olena", Role.EXPERT, authority="ua:lab")
    name = "held.csv" if case in ("table", "rows", "height") else "held.xml" if case == "root" else "held.jsonl"
    answer = signed_in(olena, "uk").post("/lab/intake/", {"file": SimpleUploadedFile(name, content)}, secure=True)
    assert answer.status_code == 422, wrong
    told = alert(answer)
    no_english(told)
    assert "Що робити:" in told
    assert queries.stored(olena)["profiles"] == 0
    with pytest.raises(ForensicsError) as refused:
        path = tmp_path / name
        path.write_bytes(content)
        actions.import_profiles(olena, path, at=ua.at())
    assert refused.value.code.startswith("dna")
    assert known(refused.value.detail), refused.value.detail


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/lab/ask/", {"partner": "DE", "purpose": "criminal-investigation"}),
        ("/lab/ask/", {"partner": "DE", "purpose": "curiosity", "written": json.dumps(written("UA-T-1", "trace"))}),
        (
            "/lab/ask/",
            {
                "partner": "DE",
                "purpose": "criminal-investigation",
                "rules": "mine",
                "written": json.dumps(written("UA-T-1", "trace")),
            },
        ),
        (
            "/lab/ask/",
            {
                "partner": "DE",
                "purpose": "criminal-investigation",
                "written": json.dumps(written("UA-T-1", "trace", dict(list(OTHER.items())[:3]))),
            },
        ),
        ("/lab/search/", {"written": "not json"}),
        ("/lab/search/", {"written": json.dumps(FULL), "rules": "mine"}),
    ],
)
def test_a_form_is_refused_with_the_reason_and_keeps_what_was_written(ua, path, sent):
    olena = ua.who("olena", Role.EXPERT, authority="ua:lab")
    answer = signed_in(olena, "uk").post(path, sent, secure=True)
    assert answer.status_code == 422
    no_english(alert(answer))
    if sent.get("written"):
        assert html.escape(sent["written"]) in answer.content.decode()


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"),
    [
        ("post", "search", {"profile": {**FULL, "kit": "NGN"}}, 422, "dna.kit"),
        ("post", "search", {"profile": {**FULL, "name": "Ivan"}}, 422, "dna.profile"),
        ("post", "search", {"profile": FULL, "rules": "mine"}, 422, "dna.rules"),
        (
            "post",
            "comparisons",
            {"partner": "FR", "purpose": "criminal-investigation", "profiles": [FULL]},
            422,
            "node.partner-unknown",
        ),
        (
            "post",
            "comparisons",
            {"partner": "DE", "purpose": "curiosity", "profiles": [FULL]},
            409,
            "node.not-possible",
        ),
        ("get", "pairs/none", None, 404, "node.unknown"),
        ("post", "pairs/none/opinion", {"outcome": "confirmed", "method": "", "limits": ""}, 404, "node.unknown"),
        ("post", "laboratories", {"name": "Lab", "number": "1"}, 403, "node.not-allowed"),
        (
            "post",
            "offers",
            {"partner": "DE", "takes": [], "searches": [], "purposes": [], "quota": 1},
            403,
            "node.not-allowed",
        ),
    ],
)
def test_the_api_says_the_same_with_a_code(ua, method, path, sent, status, code):
    olena = ua.who("olena", Role.EXPERT, authority="ua:lab")
    door = {"HTTP_AUTHORIZATION": f"Bearer {accounts.make_token(olena.username, label='test')}"}
    call = getattr(Client(), method)
    body = {"data": json.dumps(sent), "content_type": "application/json"} if sent is not None else {}
    answer = call(f"/api/v1/lab/{path}", **body, **door)
    said = answer.json()
    assert (answer.status_code, said["code"]) == (status, code), said
    assert said["detail"]
    assert said["remedy"]
