"""The chain after a hit: the state that answered judges too, core data wait in My work, false pairs are told, accreditation is frozen, and nothing a blind expert can reach tells of the first opinion."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from comity.flow import comparison as flow
from comity.flow.errors import NotYetError
from comity.flow.execute import Case
from comity.forensics import body
from comity.forensics.body import Opinion as Said
from comity.law.form import Side, form_with
from comity.node.accounts.role import Role
from comity.node.audit import queries as audit
from comity.node.errors import (
    AccreditationError,
    LaboratoryDayError,
    LaboratoryNameError,
    NotAllowedError,
    NotBlindError,
    OpinionBareError,
    TextTooLongError,
)
from comity.node.lab import actions, laboratories, queries, stating, tasks
from comity.node.lab.steps import steps
from comity.node.lab.waiting import waiting
from comity.node.requests import record
from comity.record import Act
from comity.values import DossierId
from support.client import signed_in
from support.dna import OTHER, Shelf, made, saved, written
from support.lab import answered, asked, other, received, with_hit

METHOD = {"method": "STR, kit A", "limits": "Low peaks"}
LAB = {
    "name": "Вигадана лабораторія",
    "standard": "ISO/IEC 17025:2017",
    "number": "20T-000",
    "body": "НААУ",
    "scope": "STR",
    "methods": ["M-1 v3: STR, NGM"],
}


def page(client, path, status=200):
    answer = client.get(path, secure=True)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def sent_by_partner(here, dossier, leg, role, **more) -> Act:
    """Have the other state's node send an act of a comparison."""
    case = Case(
        DossierId.read(dossier),
        form_with("DNA"),
        tuple(one for one in record.acts(dossier) if one.kind not in queries.OPINIONS),
    )
    act = leg(case, other(here, role), here.at(), **more)
    assert received(here, act) == 200
    return act


@pytest.fixture
def asking(ua):
    """Ukraine asked Germany; one hit waits for Petro and Ivan."""
    ua.olena, ua.petro, ua.ivan = (ua.who(n, Role.EXPERT, authority="ua:lab") for n in ("olena", "petro", "ivan"))
    ua.chief = ua.who("chief", Role.EXPERT, Role.APPROVING, authority="ua:lab")
    return with_hit(ua, made("UA-T-1", "trace"))


@pytest.fixture
def answering(de, tmp_path):
    """Ukraine asked Germany, whose worker answered; Lena and Jan may judge its own hit."""
    de.lena, de.jan = (de.who(n, Role.EXPERT, authority="de:lab") for n in ("lena", "jan"))
    held = [written("DE-P-1", "person"), written("DE-P-2", "person", OTHER)]
    actions.import_profiles(de.lena, saved(tmp_path / "held.jsonl", held), at=de.at())
    actions.offer(de.central, partner="UA", takes=["trace"], searches=["person"], purposes=["criminal-investigation"],
                  rules=["prum"], quota=10, at=de.at())  # fmt: skip
    de.dossier = asked(de, [made("UA-T-1", "trace")], queries.basis("UA", "DE", de.at().date()))
    for _, job in tasks.due():
        job()
    return de


def confirmed_by_partner(de):
    """Have Ukraine's experts confirm the hit, and Ukraine tell it and ask for core data."""
    acts = tuple(record.acts(de.dossier))
    opinions = []
    for name in ("olena", "petro"):
        case = Case(DossierId.read(de.dossier), form_with("DNA"), (*acts, *opinions))
        said = Said(outcome=body.Outcome.CONFIRMED, **METHOD)
        opinions.append(flow.verify(case, other(de, "expert"), de.at(), query="UA-T-1", hit="DE-P-1", blind=True,
                                    opinion=said, side=Side.ISSUING))  # fmt: skip
        del name
    case = Case(DossierId.read(de.dossier), form_with("DNA"), (*acts, *opinions))
    told = flow.confirm(case, other(de, "expert"), de.at(), query="UA-T-1", hit="DE-P-1", side=Side.ISSUING)
    assert received(de, told) == 200
    case = Case(DossierId.read(de.dossier), form_with("DNA"), (*record.acts(de.dossier), *opinions))
    wanted = flow.ask_core_data(
        case, other(de, "expert"), de.at(), query="UA-T-1", hit="DE-P-1", offence="Burglary", facts="A window."
    )
    assert received(de, wanted) == 200


def test_the_state_that_answered_judges_its_hit_blind_and_tells_the_outcome(answering):
    (line,) = queries.pairs(answering.lena)
    seen = repr(actions.look_at_pair(answering.lena, line.id, at=answering.at()))
    for secret in (answering.dossier, "UA-T-1", "DE-P-1", "Ukraine"):
        assert secret not in seen
    assert audit.entries(event="pair.seen")[0].about == f"pair {line.id}"
    for who in (answering.lena, answering.jan):
        actions.verify(who, line.id, outcome="excluded", **METHOD, at=answering.at())
    assert queries.pairs(answering.lena) == ()
    (waits,) = waiting(answering.central)
    assert (waits.station, waits.dossier) == ("confirm", answering.dossier)
    done = actions.confirm(answering.central, line.id, at=answering.at())
    assert done.kind == "dna.reviewed"
    found = queries.hit(answering.central, line.id)
    assert (found.outcome.outcome, found.line.course.outcome) == ("excluded", None)
    confirmed_by_partner(answering)
    given = {"query": "UA-T-1", "hit": "DE-P-1", "name": "Max Erfunden"}
    with pytest.raises(NotYetError, match="experts of this state excluded"):
        actions.give_core_data(answering.central, answering.dossier, given, at=answering.at())
    assert queries.hit(answering.central, line.id).line.course.at_odds
    text = page(signed_in(answering.central, "uk"), f"/lab/comparisons/{answering.dossier}/")
    assert "Експерти двох держав розходяться" in text


def test_a_request_for_core_data_waits_in_my_work_of_whoever_may_answer(answering):
    confirmed_by_partner(answering)
    stations = [(one.station, one.dossier, one.due) for one in waiting(answering.central)]
    assert stations == [("give-core-data", answering.dossier, None)]  # nothing binds the two: no time limit runs
    assert [one.station for one in waiting(answering.lena)] == ["judge"]  # her authority is not the offer's
    assert waiting(answering.executing) == ()
    central = signed_in(answering.central)
    assert "Answer the request for core data" in page(central, "/")
    shown_ = page(central, f"/lab/comparisons/{answering.dossier}/")
    assert "No instrument of the law base sets a time limit" in shown_
    bad = central.post(f"/lab/comparisons/{answering.dossier}/do/core-data/",
                       {"query": "UA-T-1", "hit": "DE-P-1", "birthplace": "Vyhadane"}, secure=True)  # fmt: skip
    assert bad.status_code == 422
    assert "Core data without a name say nothing." in bad.content.decode()
    assert 'value="Vyhadane"' in bad.content.decode()  # what was written is not lost
    given = {"query": "UA-T-1", "hit": "DE-P-1", "name": "Max Erfunden"}
    actions.give_core_data(answering.central, answering.dossier, given, at=answering.at())
    assert waiting(answering.central) == ()


def test_a_time_limit_that_runs_is_the_due_of_the_task(answering, monkeypatch):
    from comity.flow.limit import Limit

    def runs(_requesting, _requested, asked_at):
        return (Limit("Regulation (EU) 2024/982 Art. 47(1)", 48, "x", "", "OJ", "looked-up", runs=True, unsure=True,
                      begins_at=asked_at, ends_at=asked_at + timedelta(hours=48)),)  # fmt: skip

    monkeypatch.setattr(queries, "limits", runs)
    confirmed_by_partner(answering)
    (one,) = [found for found in waiting(answering.central) if found.station == "give-core-data"]
    assert one.due - one.since == timedelta(hours=48)
    text = page(signed_in(answering.central, "uk"), f"/lab/comparisons/{answering.dossier}/")
    assert "Регламент (ЄС) 2024/982, ст. 47(1)" in text
    assert "спірно" in text


def test_what_the_partner_came_to_is_shown_to_the_state_that_asked(asking):
    for who in (asking.petro, asking.ivan):
        actions.verify(who, asking.hit, outcome="confirmed", **METHOD, at=asking.at())
    actions.confirm(asking.olena, asking.hit, at=asking.at())
    acts = [one for one in record.acts(asking.dossier) if one.kind not in queries.OPINIONS]
    opinions = []
    for _ in range(2):
        case = Case(DossierId.read(asking.dossier), form_with("DNA"), (*acts, *opinions))
        said = Said(outcome=body.Outcome.EXCLUDED, **METHOD)
        opinions.append(flow.verify(case, other(asking, "expert"), asking.at(), query="UA-T-1", hit="DE-P-1", blind=True,
                                    opinion=said, side=Side.EXECUTING))  # fmt: skip
    case = Case(DossierId.read(asking.dossier), form_with("DNA"), (*acts, *opinions))
    told = flow.confirm(case, other(asking), asking.at(), query="UA-T-1", hit="DE-P-1", side=Side.EXECUTING)
    assert received(asking, told) == 200
    found = queries.hit(asking.olena, asking.hit).line.course
    assert (found.outcome.outcome, found.reviewed.outcome, found.at_odds) == ("confirmed", "excluded", True)
    assert "The two states' experts differ." in page(signed_in(asking.olena), f"/lab/hits/{asking.hit}/")
    told_ = steps(queries.losses(asking.olena))
    assert [(one.count, one.lost) for one in told_[2:]] == [(1, None), (1, 0), (1, 0), (1, 0), (0, 1), (0, 0), (0, 0)]
    assert queries.losses(asking.olena, "FR").candidates == 0
    assert queries.asked_of(asking.olena) == ("DE",)


def test_a_pair_reported_false_is_told_at_the_next_hit_also_under_another_reference(asking):
    for who in (asking.petro, asking.ivan):
        actions.verify(who, asking.hit, outcome="excluded", **METHOD, at=asking.at())
    actions.confirm(asking.olena, asking.hit, at=asking.at())
    actions.report_false(asking.olena, asking.hit, text="Another person.", at=asking.at())
    assert queries.comparison(asking.olena, asking.dossier).hits[0].known is None  # its own report is no earlier one
    again = actions.ask(asking.olena, partner="DE", profiles=[made("UA-T-9", "trace")], purpose="criminal-investigation",
                        for_authority="ua:court", at=asking.at()).dossier  # fmt: skip
    answered(asking, again, Shelf(made("DE-P-900", "person")))
    (line,) = queries.comparison(asking.olena, again).hits
    assert (line.fit, line.known.dossier, line.known.reference) == (False, asking.dossier, "DE-P-1")
    text = page(signed_in(asking.olena), f"/lab/comparisons/{again}/")
    assert "This pair was reported as false before." in text
    assert asking.dossier in text


def test_the_head_states_the_laboratory_and_it_stays_with_the_opinion(asking):
    day = asking.at().date()
    stating.state_laboratory(asking.chief, **LAB, valid_until=(day - timedelta(days=1)).isoformat(), at=asking.at())
    text = page(signed_in(asking.petro), f"/lab/pairs/{asking.hit}/")
    assert "EXPIRED; valid until" in text
    assert "M-1 v3: STR, NGM" in text
    actions.verify(asking.petro, asking.hit, outcome="confirmed", **METHOD, at=asking.at())
    later = {**LAB, "number": "20T-001"}
    stating.state_laboratory(asking.chief, **later, valid_until="2030-01-01", at=asking.at())
    actions.verify(asking.ivan, asking.hit, outcome="confirmed", **METHOD, at=asking.at())
    actions.confirm(asking.olena, asking.hit, at=asking.at())
    found = queries.hit(asking.olena, asking.hit)
    assert [said.opinion.laboratory.number for _, said in found.opinions] == ["20T-000", "20T-001"]
    assert [one.accreditation for one in found.outcome.laboratories] == [
        "accreditation-expired",
        "accreditation-stands",
    ]
    assert [one.laboratory.number for one in laboratories.lines(asking.petro, day)] == ["20T-001", "20T-000"]
    text = page(signed_in(asking.olena, "uk"), f"/lab/hits/{asking.hit}/")
    assert "СТРОК ДІЇ СПЛИВ" in text
    assert audit.entries(event="laboratory.stated")[0].detail["number"] == "20T-001"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": " "}, LaboratoryNameError),
        ({"name": "x" * 201}, LaboratoryNameError),
        ({"standard": ""}, AccreditationError),
        ({"body": ""}, AccreditationError),
        ({"number": ""}, AccreditationError),
        ({"number": "", "body": "", "valid_until": "2030-01-01"}, AccreditationError),
        ({"valid_until": "01.01.2030"}, LaboratoryDayError),
        ({"scope": "x" * 301}, TextTooLongError),
        ({"methods": ["m"] * 51}, TextTooLongError),
    ],
)
def test_a_statement_by_halves_is_refused_with_the_reason(asking, changes, refusal):
    with pytest.raises(refusal):
        stating.state_laboratory(asking.chief, **{**LAB, **changes}, at=asking.at())
    assert laboratories.standing("ua:lab") is None


def test_only_the_head_of_the_laboratory_states_it(asking):
    for who in (asking.petro, asking.head, asking.central):
        assert not stating.may_state(who)
        with pytest.raises(NotAllowedError):
            stating.state_laboratory(who, **LAB, at=asking.at())
    client = signed_in(asking.chief)
    assert client.post("/lab/laboratory/", {**LAB, "methods": "M-1\nM-2"}, secure=True).status_code == 302
    assert laboratories.methods("ua:lab") == ("M-1", "M-2")
    refused = client.post("/lab/laboratory/", {**LAB, "number": ""}, secure=True)
    assert refused.status_code == 422
    assert "An accreditation is stated whole or not at all." in refused.content.decode()
    assert "Вигадана лабораторія" in page(signed_in(asking.petro), "/lab/laboratory/")


@pytest.mark.parametrize(("method", "limits"), [("", "x"), ("x", "  ")])
def test_an_opinion_without_method_or_limits_is_refused_and_what_was_written_stays(asking, method, limits):
    sent = {"outcome": "confirmed", "method": method, "limits": limits, "text": "Peaks at D3 are low"}
    answer = signed_in(asking.petro).post(f"/lab/pairs/{asking.hit}/", sent, secure=True)
    assert answer.status_code == 422
    assert "An opinion needs its method and its limits." in answer.content.decode()
    assert "Peaks at D3 are low" in answer.content.decode()
    with pytest.raises(OpinionBareError):
        actions.verify(asking.petro, asking.hit, outcome="confirmed", method=method, limits=limits, at=asking.at())
    with pytest.raises(TextTooLongError):
        actions.verify(asking.petro, asking.hit, outcome="confirmed", method="x" * 4001, limits="x", at=asking.at())


def _bare(text: str) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value="|nonce="|sentry)[^"]*', "", text)


def test_nothing_a_blind_expert_can_reach_tells_of_the_first_opinion(asking):
    ivan = signed_in(asking.ivan)
    paths = (f"/lab/pairs/{asking.hit}/", "/lab/", "/", "/lab/losses/", "/lab/laboratory/")

    def reach() -> list[str]:
        pages = [_bare(page(ivan, path)) for path in paths]
        told = [
            repr(queries.pairs(asking.ivan)),
            repr(waiting(asking.ivan)),
            repr(queries.pair(asking.ivan, asking.hit)),
        ]
        return pages + told + [json.dumps([one.id for one in queries.comparisons(asking.ivan)])]

    before = reach()
    actions.verify(asking.petro, asking.hit, outcome="excluded", **METHOD, at=asking.at())
    assert reach() == before
    assert asking.dossier not in before[0]


def test_who_tries_another_door_of_the_pair_is_blind_no_longer(asking):
    actions.verify(asking.petro, asking.hit, outcome="excluded", **METHOD, at=asking.at())
    with pytest.raises(NotYetError, match="1 opinions"):
        actions.confirm(asking.ivan, asking.hit, at=asking.at())  # told how many opinions there are
    with pytest.raises(NotBlindError):
        actions.verify(asking.ivan, asking.hit, outcome="confirmed", **METHOD, at=asking.at())
    far = asking.who("far", Role.EXPERT, authority="ua:elsewhere")
    with pytest.raises(NotAllowedError):
        actions.confirm(far, asking.hit, at=asking.at())
    assert [one.id for one in queries.pairs(far)] == [asking.hit]  # was told nothing, and may judge
