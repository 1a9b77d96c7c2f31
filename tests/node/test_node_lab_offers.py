"""What a partner asks is answered within the offer a person decided, or with the reason; both ends write it down."""

from __future__ import annotations

import pytest

from comity.errors import ComityError
from comity.flow.errors import NotYetError
from comity.forensics import body
from comity.node import upkeep
from comity.node.accounts.role import Role
from comity.node.audit import queries as audit
from comity.node.errors import NotPossibleError, PartnerUnknownError
from comity.node.lab import actions, queries, tasks
from comity.node.lab.models import Asked
from comity.node.place import here
from comity.node.post import queries as post
from comity.node.requests import record
from support.dna import LOCI, OTHER, made, saved, written
from support.lab import asked

TRACES = {
    "takes": ["trace"],
    "searches": ["person"],
    "purposes": ["criminal-investigation"],
    "rules": ["prum"],
    "quota": 2,
}


@pytest.fixture
def lab(de, tmp_path):
    """Germany's laboratory with two persons and a trace, and the basis of what Ukraine asks."""
    de.lena = de.who("lena", Role.EXPERT, authority="de:lab")
    held = [written("DE-P-1", "person"), written("DE-P-2", "person", OTHER), written("DE-T-3", "trace")]
    actions.import_profiles(de.lena, saved(tmp_path / "held.jsonl", held), at=de.at())
    de.basis = queries.basis("UA", "DE", de.at().date())
    return de


def answer(de, dossier):
    """Let the worker answer; return what it said."""
    for _, job in tasks.due():
        job()
    assert not dict(tasks.due())
    return body.read("dna.answer", record.acts(dossier)[-1].body)


def offer(de, **changes):
    return actions.offer(de.central, partner="UA", **{**TRACES, **changes}, at=de.at())


def test_a_hit_is_answered_with_its_quality_and_what_was_searched(lab):
    offer(lab)
    dossier = asked(
        lab, [made("UA-T-1", "trace"), made("UA-T-2", "trace", {**LOCI, **dict(list(OTHER.items())[:4])})], lab.basis
    )
    found = answer(lab, dossier)
    first, second = found.results
    assert [(hit.found.reference, hit.quality) for hit in first.hits] == [("DE-P-1", "1")]
    assert (second.hits, second.declined) == ((), None)
    assert (found.searched, found.generation, found.rules) == (3, 1, "prum")
    assert 0 < first.expected < 1e-3
    act = record.acts(dossier)[-1]
    assert "decided by Central" in act.actor.officer
    assert act.law.startswith("Agreed by the two states")
    (line,) = queries.offers(lab.central, lab.now.date())
    assert (line.left, line.quota) == (0, 2)
    assert post.deliveries(dossier=dossier)[0].kind == "dna.answer"
    assert audit.entries(event="comparison.came")[0].detail["references"] == "UA-T-1, UA-T-2"
    assert audit.entries(event="comparison.answered")[0].detail["hits"] == "1"


@pytest.mark.parametrize(
    ("decided", "sent", "ground"),
    [
        (None, {}, "no-offer"),
        ({"purposes": ["missing-person"]}, {}, "purpose"),
        ({"rules": ["interpol"]}, {}, "rules"),
        ({"quota": 1}, {}, "quota"),
    ],
)
def test_what_is_outside_the_offer_is_answered_with_the_reason(lab, decided, sent, ground):
    if decided is not None:
        offer(lab, **decided)
    dossier = asked(lab, [made("UA-T-1", "trace"), made("UA-T-2", "trace", OTHER)], lab.basis, **sent)
    found = answer(lab, dossier)
    assert (found.declined.ground, found.results) == (ground, ())
    assert Asked.objects.get(dossier=dossier).counted == 0
    assert post.deliveries(dossier=dossier)[0].kind == "dna.answer"


def test_the_quota_is_of_the_day_and_counts_what_was_searched(lab):
    offer(lab)
    for number, ground in ((1, None), (2, None), (3, "quota")):
        dossier = asked(lab, [made(f"UA-T-{number}", "trace")], lab.basis, number=number)
        found = answer(lab, dossier)
        assert (found.declined.ground if found.declined else None) == ground
    person = asked(lab, [made("UA-P-1", "person")], lab.basis, number=4)
    assert answer(lab, person).declined.ground == "quota"
    offer(lab, quota=9)
    other = asked(lab, [made("UA-P-1", "person")], lab.basis, number=5)
    assert answer(lab, other).results[0].declined == "category"
    assert queries.offers(lab.central, lab.now.date())[0].left == 7


def test_an_ended_offer_declines(lab):
    offer(lab)
    actions.withdraw_offer(lab.central, "UA", at=lab.at())
    assert answer(lab, asked(lab, [made("UA-T-1", "trace")], lab.basis)).declined.ground == "no-offer"
    with pytest.raises(NotPossibleError, match="No offer stands"):
        actions.withdraw_offer(lab.central, "UA", at=lab.at())


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"takes": ["suspect"]}, NotPossibleError, "none of the categories"),
        ({"searches": []}, NotPossibleError, "offers nothing"),
        ({"rules": ["prum2"]}, NotPossibleError, "no rule set that compares"),
        ({"quota": 0}, NotPossibleError, "quota of 0"),
        ({"partner": "FR"}, PartnerUnknownError, "FR"),
    ],
)
def test_an_offer_that_says_nothing_is_refused(lab, change, error, said):
    with pytest.raises(error, match=said):
        actions.offer(lab.central, **{"partner": "UA", **TRACES, **change}, at=lab.at())


def test_core_data_are_given_for_a_confirmed_hit_that_was_asked_for_only(lab):
    offer(lab)
    dossier = asked(lab, [made("UA-T-1", "trace")], lab.basis)
    answer(lab, dossier)
    data = {"query": "UA-T-1", "hit": "DE-P-1", "name": "Max Erfunden"}
    with pytest.raises(ComityError):
        actions.give_core_data(lab.central, dossier, data, at=lab.at())
    assert len(record.acts(dossier)) == 2


def test_a_file_with_one_refused_profile_is_not_taken_in_at_all(lab, tmp_path):
    bad = [
        written("DE-P-8", "person", OTHER | {"TH01": ["7", "9"]}),
        written("DE-P-9", "person", {"TH01": ["6", "axe"]}),
    ]
    with pytest.raises(ComityError) as refused:
        actions.import_profiles(lab.lena, saved(tmp_path / "bad.jsonl", bad), at=lab.at())
    assert (refused.value.fields["line"], refused.value.fields["field"]) == (2, "loci TH01")
    assert queries.stored(lab.lena) == {"profiles": 3, "import": 1}
    with pytest.raises(NotPossibleError, match="needs its reason"):
        actions.remove_profiles(lab.lena, ["DE-P-1"], reason=" ", at=lab.at())
    assert actions.remove_profiles(lab.lena, ["DE-P-1"], reason="Retention has ended", at=lab.at()) == 1
    offer(lab)
    assert answer(lab, asked(lab, [made("UA-T-1", "trace")], lab.basis)).results[0].hits == ()


def test_the_own_database_is_searched_and_the_search_is_noted(lab):
    found = actions.search(lab.lena, made("DE-Q-1", "trace"), at=lab.at())
    assert {one.id for one in found.matches} == {"DE-P-1", "DE-T-3"}
    assert 0 < found.expected.total < 1e-3
    assert audit.entries(event="profiles.searched")[0].detail == {
        "profile": "DE-Q-1",
        "rules": "prum",
        "matches": "2",
        "searched": "3",
    }


def test_a_profile_below_the_rule_leaves_no_dossier_behind(ua):
    olena = ua.who("olena", Role.EXPERT, authority="ua:lab")
    few = made("UA-T-1", "trace", dict(list(LOCI.items())[:3]))
    with pytest.raises(NotYetError, match="may not be sent"):
        actions.ask(olena, partner="DE", profiles=[few], purpose="criminal-investigation", at=ua.at())
    assert queries.comparisons(olena) == ()


def test_a_backup_holds_the_database(lab):
    kept = {path.relative_to(here().root).as_posix() for path in upkeep._files(here().root)}
    assert "dna/manifest.json" in kept
    assert any(name.startswith("dna/segments/") for name in kept)
