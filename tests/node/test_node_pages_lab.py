"""The laboratory's pages: the walk of an expert, in both languages; refusals are pages; nothing unblinds."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from comity.forensics.dna.formats.prum import message
from comity.node.accounts.role import Role
from comity.node.lab import actions, queries
from support.client import signed_in
from support.dna import LOCI, Shelf, made, written
from support.lab import answered, with_hit

METHOD = {"method": "STR, kit A", "limits": "Low peaks"}


def text(client, path, status=200):
    answer = client.get(path, secure=True)
    assert answer.status_code == status, (path, answer.status_code)
    page = answer.content.decode()
    assert not re.search(r"\son\w+=|style=|<script>|javascript:", page)
    assert len(re.findall("<h1", page)) == 1
    return page


@pytest.fixture
def bench(ua):
    ua.olena, ua.petro, ua.ivan = (ua.who(n, Role.EXPERT, authority="ua:lab") for n in ("olena", "petro", "ivan"))
    trace = made("UA-T-1", "trace", details={"TH01": {"threshold": 50, "heights": [412, 190]}})
    return with_hit(ua, trace)


def test_an_expert_walks_from_the_queue_to_a_signed_opinion(bench):
    client = signed_in(bench.petro)
    queue = text(client, "/lab/")
    assert f"/lab/pairs/{bench.hit}/" in queue
    pair = text(client, f"/lab/pairs/{bench.hit}/")
    for value in ("412 RFU", "190 RFU", "threshold 50 RFU", "<strong>9.3</strong>"):
        assert value in pair
    for secret in (bench.dossier, "UA-T-1", "DE-P-1", "Olena"):
        assert secret not in pair
    given = client.post(f"/lab/pairs/{bench.hit}/", {"outcome": "confirmed", **METHOD}, secure=True, follow=True)
    assert "Your opinion is signed and kept." in given.content.decode()
    assert f"/lab/pairs/{bench.hit}/" not in text(client, "/lab/")
    assert "gave an opinion on this pair already" in text(client, f"/lab/pairs/{bench.hit}/", 403)


@pytest.mark.parametrize("language", ["en", "uk"])
def test_a_hit_shows_strength_limits_and_opinions_when_there_are_enough(bench, language):
    actions.verify(bench.petro, bench.hit, outcome="confirmed", **METHOD, at=bench.at())
    client = signed_in(bench.central, language)
    page = text(client, f"/lab/hits/{bench.hit}/")
    assert page.count("NIST1036rev2017/") >= 4
    assert "STR, kit A" not in page
    actions.verify(bench.ivan, bench.hit, outcome="confirmed", **METHOD, at=bench.at())
    page = text(client, f"/lab/hits/{bench.hit}/")
    assert "STR, kit A" in page
    assert ("Tell both states" if language == "en" else "Повідомити обидві держави") in page
    client.post(f"/lab/hits/{bench.hit}/do/confirm/", secure=True)
    sent = {"offence": "Burglary", "facts": "A window was broken."}
    client.post(f"/lab/hits/{bench.hit}/do/ask-core-data/", sent, secure=True)
    assert queries.hit(bench.central, bench.hit).line.station == "asked"
    for path in ("/lab/", f"/lab/comparisons/{bench.dossier}/", "/lab/losses/", "/lab/offers/", "/lab/ask/"):
        text(client, path)
    report = client.get(f"/lab/hits/{bench.hit}/report.pdf?language={language}", secure=True)
    assert report.content.startswith(b"%PDF-")
    drafted = signed_in(bench.drafter, language).post(f"/lab/hits/{bench.hit}/do/draft/", secure=True)
    assert drafted["Location"].startswith("/requests/")


def test_intake_says_line_and_field(bench):
    client = signed_in(bench.olena)
    lines = [written("UA-P-1", "person"), written("UA-P-2", "person", {"TH01": ["6", "axe"]})]
    file = SimpleUploadedFile("held.jsonl", "\n".join(map(json.dumps, lines)).encode())
    answer = client.post("/lab/intake/", {"file": file}, secure=True)
    assert answer.status_code == 422
    assert "held.jsonl, line 2, loci TH01" in answer.content.decode()
    file = SimpleUploadedFile("held.jsonl", json.dumps(lines[0]).encode())
    assert "1 profiles were taken in" in client.post("/lab/intake/", {"file": file}, secure=True).content.decode()
    found = client.post("/lab/search/", {"written": json.dumps(written("UA-Q-1", "trace"))}, secure=True)
    assert "1 of 1 profiles match UA-Q-1" in found.content.decode()
    few = json.dumps(written("UA-Q-2", "trace", dict(list(LOCI.items())[:3])))
    assert client.post("/lab/search/", {"written": few}, secure=True).status_code == 422


def test_a_query_and_an_offer_are_made_on_the_pages(bench):
    client = signed_in(bench.olena)
    assert "it rests on what both states agreed" in text(client, "/lab/ask/")
    sent = {
        "partner": "DE",
        "purpose": "missing-person",
        "rules": "prum",
        "written": json.dumps(written("UA-T-5", "trace")),
    }
    answer = client.post("/lab/ask/", sent, secure=True)
    assert answer["Location"].startswith("/lab/comparisons/DNA-UA-DE-")
    refused = client.post("/lab/ask/", {**sent, "partner": "FR"}, secure=True)
    assert refused.status_code == 422
    central = signed_in(bench.central)
    offered = {"partner": "DE", "takes": "trace", "searches": "person", "purposes": "missing-person", "rules": "prum"}
    central.post("/lab/offers/", {**offered, "quota": "5"}, secure=True)
    assert "5 / 5" in text(central, "/lab/offers/")
    central.post("/lab/offers/", {"partner": "DE", "end": "1"}, secure=True)
    assert "5 / 5" not in text(central, "/lab/offers/")


@pytest.mark.parametrize("role", list(Role))
def test_pages_are_shown_to_the_roles_of_the_policy(ua, role):
    client = signed_in(ua.who("someone", role))
    bench = role in (Role.EXPERT, Role.CENTRAL, Role.ISSUING, Role.AUDITOR)
    for path, allowed in (
        ("/lab/", bench),
        ("/lab/offers/", bench),
        ("/lab/losses/", bench),
        ("/lab/intake/", role is Role.EXPERT),
        ("/lab/search/", role is Role.EXPERT),
        ("/lab/ask/", role in (Role.EXPERT, Role.CENTRAL)),
    ):
        assert client.get(path, secure=True).status_code == (200 if allowed else 403), path
    assert ("/lab/" in client.get("/", secure=True).content.decode()) is bench


def test_query_and_answer_are_handed_out_as_the_content_of_a_prum_message(bench, tmp_path):
    client = signed_in(bench.olena)
    assert "not the schema of its annex" in text(client, f"/lab/comparisons/{bench.dossier}/")
    for part, results in (("query", 0), ("answer", 1)):
        answer = client.get(f"/lab/comparisons/{bench.dossier}/prum-{part}.xml", secure=True)
        assert answer["Content-Type"].startswith("application/xml")
        (tmp_path / "m.xml").write_bytes(answer.content)
        found = message(tmp_path / "m.xml")
        assert (found.requesting, found.requested, found.request[0], found.test) == ("UA", "DE", bench.dossier, True)
        assert len(found.results) == results
    assert found.results[0].matches[0].profile.id == "DE-P-1"
    sent = {"partner": "DE", "purpose": "criminal-investigation", "rules": "prum"}
    query = client.get(f"/lab/comparisons/{bench.dossier}/prum-query.xml", secure=True).content
    again = client.post("/lab/ask/", {**sent, "file": SimpleUploadedFile("query.xml", query)}, secure=True)
    assert again.status_code == 302  # what another system wrote can be asked with
    far = signed_in(bench.who("far", Role.EXPERT, authority="ua:elsewhere"))
    assert far.get(f"/lab/comparisons/{bench.dossier}/prum-query.xml", secure=True).status_code == 403


def test_no_english_is_left_on_the_laboratory_s_pages(bench):
    for who in (bench.petro, bench.ivan):
        actions.verify(who, bench.hit, outcome="confirmed", method="два читання", limits="низькі піки", at=bench.at())
    actions.confirm(bench.olena, bench.hit, at=bench.at())
    again = actions.ask(
        bench.olena,
        partner="DE",
        profiles=[made("UA-T-2", "trace", {**LOCI, "TH01": ["6", "*"], "D16S539": ["9", "12"]}, kit="NGM")],
        purpose="criminal-investigation",
        at=bench.at(),
    ).dossier
    answered(bench, again, Shelf(made("DE-P-1", "person", {**LOCI, "D16S539": ["9", "12"]}, kit="GlobalFiler")))
    stepan = bench.who("stepan", Role.EXPERT, authority="ua:lab")
    (line,) = queries.pairs(stepan)
    pages = [text(signed_in(stepan, "uk"), f"/lab/pairs/{line.id}/"), text(signed_in(stepan, "uk"), "/")]
    client = signed_in(bench.olena, "uk")
    paths = ["/lab/", f"/lab/hits/{bench.hit}/", f"/lab/comparisons/{bench.dossier}/", f"/lab/comparisons/{again}/"]
    paths += ["/lab/losses/", "/lab/laboratory/", "/lab/intake/", "/lab/offers/"]
    pages += [text(client, path) for path in paths]
    allowed = (
        r"AmpFLSTR|GlobalFiler|NIST\w*|Cauc|Asian|Hisp|Steffen|FSI|Genetics|comity|kinship|ENFSI|Amelogenin|CODIS|INTERPOL|prum"
        r"|Gateway|JSON|GeneMapper|GeneMarker|EuroForMix|LRmix|Comity|Olena|Petro|Ivan|Officer|Umovnyi|Test|node|English|Deutsch"
    )
    for page in pages:
        main = "<main" + page.split("<main", 1)[1].split("</main>", maxsplit=1)[0]
        plain = html.unescape(re.sub(r"<(code|option)\b.*?</\1>|<[^>]+>", " ", main, flags=re.DOTALL))
        words = re.findall(r"[A-Za-z]{4,}", re.sub(rf"\b\w*\d\w*\b|\S*-\S*|{allowed}", " ", plain))
        assert not words, words
