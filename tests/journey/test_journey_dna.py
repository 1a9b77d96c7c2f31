"""A trace in Ukraine, a person in Germany: query, hit, blind verification on both sides, core data, drafted request.

No instrument of automated comparison binds the two, which every act says; the comparison rests on Germany's offer.
"""

from __future__ import annotations

import hashlib

import pytest

from support.dna import LOCI, OTHER, made, saved, written
from support.pair import RefusedError, joined

METHOD = {"method": "STR, two readings, kit A", "limits": "Allele drop-out not excluded at low peaks"}


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    root = tmp_path_factory.mktemp("dna")
    with joined(root, tmp_path_factory.mktemp("lawbase")) as pair:
        lab = dict.fromkeys(("olena", "petro", "ivan"), ("expert", "ua:lab"))
        pair.ua.ask("add_people", lab)
        pair.de.ask("add_people", dict.fromkeys(("lena", "jan"), ("expert", "de:lab")))
        held = [written("DE-P-2041", "person"), written("DE-P-2042", "person", OTHER)]
        pair.de.do("lab.actions.import_profiles", "lena", saved(root / "people.jsonl", held))
        offer(pair, 100)
        yield pair


def offer(pair, quota):
    """Let Germany offer comparisons, so many a day."""
    pair.de.do(
        "lab.actions.offer",
        "central",
        partner="UA",
        takes=["trace"],
        searches=["person"],
        purposes=["criminal-investigation"],
        rules=["prum"],
        quota=quota,
    )


def ask(pair, number, loci=None, **more):
    sent = {"partner": "DE", "purpose": "criminal-investigation", "for_authority": "ua:court", **more}
    profile = made(number, "trace", loci, details={"TH01": {"threshold": 50, "heights": [410, 390]}})
    done = pair.ua.do("lab.actions.ask", "olena", profiles=[profile], **sent)
    pair.settle()
    return done["dossier"]


def test_from_a_trace_to_a_drafted_request(pair):
    dossier = ask(pair, "UA-T-77")
    acts = pair.ua.ask("acts", dossier)
    assert acts == pair.de.ask("acts", dossier)
    assert [kind for kind, _, _ in acts] == ["dna.query", "dna.answer"]
    found = pair.ua.do("lab.actions.look", "olena", dossier)
    assert found["answer"]["basis"]["standing"] == found["query"]["basis"]["standing"] == "agreed"
    assert "No instrument of the law base" in found["query"]["basis"]["text"]
    (hit,) = found["hits"]
    assert (hit["station"], hit["course"]["hit"]["quality"], hit["fit"]) == ("opinions-0", "1", True)

    # Olena asked the question: hers is the first opinion; Petro, who knows nothing of it, gives the second.
    blind = pair.ua.ask("pair", "petro", hit["id"])
    assert blind["first"]["id"] == "A"
    told = repr(blind)
    assert not [word for word in (dossier, "UA-T-77", "DE-P-2041", "olena", "Germany") if word in told]
    pair.ua.do("lab.actions.verify", "olena", hit["id"], outcome="confirmed", **METHOD)
    with pytest.raises(RefusedError, match="two people"):
        pair.ua.do("lab.actions.verify", "olena", hit["id"], outcome="confirmed", **METHOD)
    with pytest.raises(RefusedError, match="1 opinions; 1 more"):
        pair.ua.do("lab.actions.confirm", "olena", hit["id"])
    pair.ua.do("lab.actions.verify", "petro", hit["id"], outcome="confirmed", **METHOD)
    with pytest.raises(RefusedError, match="not confirmed"):
        pair.ua.do("lab.actions.ask_core_data", "olena", hit["id"], offence="Burglary", facts="A window was broken.")
    pair.ua.do("lab.actions.confirm", "olena", hit["id"])
    pair.settle()

    # Germany's experts judge its own hit, blind as well; both outcomes stand on both nodes.
    (own,) = pair.de.do("lab.actions.look", "central", dossier)["hits"]
    for name in ("lena", "jan"):
        told = repr(pair.de.ask("pair", name, own["id"]))
        assert not [word for word in (dossier, "UA-T-77", "DE-P-2041", "Ukraine") if word in told]
        pair.de.do("lab.actions.verify", name, own["id"], outcome="confirmed", **METHOD)
    pair.de.do("lab.actions.confirm", "central", own["id"])
    pair.settle()
    (both,) = pair.ua.do("lab.actions.look", "olena", dossier)["hits"]
    assert both["course"]["outcome"]["outcome"] == both["course"]["reviewed"]["outcome"] == "confirmed"

    pair.ua.do("lab.actions.ask_core_data", "drafter", hit["id"], offence="Burglary", facts="A window was broken.")
    pair.settle()

    pair.de.do(
        "lab.actions.give_core_data",
        "central",
        dossier,
        {"query": "UA-T-77", "hit": "DE-P-2041", "name": "Max Erfunden", "born": "1990-02-03", "nationality": "DE"},
    )
    pair.settle()
    draft = pair.ua.do("lab.actions.draft_request", "drafter", hit["id"])
    assert draft["values"]["persons"][0]["name"] == "Max Erfunden"
    papers = draft["values"]["attachments"]
    assert [one["name"] for one in papers] == ["dna-report-en.pdf", "dna-report-uk.pdf", "dna-report-de.pdf"]
    content = pair.ua.ask("stored", papers[0]["sha256"])
    assert hashlib.sha256(content).hexdigest() == papers[0]["sha256"]
    assert content.startswith(b"%PDF-")
    assert "enclosure" not in {one["field"] for one in draft["missing"]}
    pair.ua.do("lab.actions.close", "olena", dossier)
    pair.settle()
    assert pair.ua.ask("acts", dossier) == pair.de.ask("acts", dossier)
    lost = pair.ua.ask("losses", "olena")
    assert (
        lost["candidates"],
        lost["fit"],
        lost["verified"],
        lost["confirmed"],
        lost["core_data"],
        lost["requests"],
    ) == ((1,) * 6)


def test_a_false_match_is_reported_and_not_brought_up_again(pair):
    loci = {**LOCI, "D16S539": ["9", "12"]}  # one allele differs: quality 4
    dossier = ask(pair, "UA-T-78", loci)
    (hit,) = pair.ua.do("lab.actions.look", "olena", dossier)["hits"]
    assert hit["course"]["hit"]["quality"] == "4"
    for name in ("petro", "ivan"):
        pair.ua.do("lab.actions.verify", name, hit["id"], outcome="excluded", **METHOD)
    pair.ua.do("lab.actions.confirm", "olena", hit["id"])
    with pytest.raises(RefusedError, match="not confirmed"):
        pair.ua.do("lab.actions.ask_core_data", "olena", hit["id"], offence="Burglary", facts="A window was broken.")
    pair.ua.do("lab.actions.report_false", "olena", hit["id"], text="Another person was found.")
    pair.settle()
    again = pair.ua.do("lab.actions.look", "olena", ask(pair, "UA-T-78b", loci))
    (result,) = again["answer"]["results"]
    assert (result["hits"], result["reported_false"], again["hits"]) == ([], 1, [])

    # At least two profiles were compared today; the offer that stands now allows one.
    offer(pair, 1)
    refused = pair.ua.do("lab.actions.look", "olena", ask(pair, "UA-T-79"))
    offer(pair, 100)
    assert refused["answer"]["declined"]["ground"] == "quota"
    assert refused["line"]["status_id"] == "answered"
