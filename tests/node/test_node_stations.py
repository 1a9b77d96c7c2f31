"""The executing side's stations, from acknowledgement to the package, and what each refuses."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import timedelta

import pytest

from comity.errors import ComityError
from comity.evidence.condition import Condition
from comity.evidence.custody import Offer, Undertake
from comity.evidence.errors import UseRefusedError
from comity.evidence.verify import verify as verify_package
from comity.node.accounts.role import Role
from comity.node.audit import queries as audit
from comity.node.errors import NoLengthError, NotAllowedError, NotPossibleError, UnknownError, UploadError
from comity.node.lawbook import queries as law
from comity.node.post import actions as post
from comity.node.post import queries as posted
from comity.node.registry import queries as registry
from comity.node.requests import actions, intake, queries, record
from comity.node.requests.models import ActRow
from comity.node.vault import actions as vault
from comity.node.vault import queries as stored
from comity.node.vault import stations
from comity.node.vault.models import Blob
from comity.record import Act, Actor
from comity.request.errors import LifecycleError
from comity.values import Digest, DossierId, StateCode
from support.asking import ask

CONTENT = b"date,amount\n2026-02-03,61400.00\n"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
FOUND = {"place": "Bonn", "source": "Invented Bank", "method": "Export by the bank"}


@pytest.fixture
def asked(de):
    """Germany's node with a request of Ukraine's taken in."""
    sent = ask(de.other, "DE", law.base(), de.at())
    take_in(de, sent.act)
    return de, sent.dossier


def take_in(here, act):
    built = here.message(act)
    answer = post.receive(built.content_type, built.body, at=here.at(), effect=intake.take_in)
    assert answer.status == 200, answer.body


def considered(asked):
    de, dossier = asked
    actions.acknowledge(de.central, dossier, at=de.at())
    return actions.consider(de.central, dossier, at=de.at())


def assigned(asked):
    de, dossier = asked
    considered(asked)
    actions.accept(de.central, dossier, at=de.at())
    de.executing  # noqa: B018 - someone works at that authority
    return actions.assign(de.central, dossier, authority="de:court", at=de.at())


def offered(asked):
    de, dossier = asked
    assigned(asked)
    upload(de, dossier)
    made = describe(de, dossier)
    stations.collect(de.executing, dossier, made.number, **FOUND, at=de.at())
    return stations.offer(
        de.executing, dossier, exhibits=[made.number], conditions=[{"text": "Only here."}], at=de.at()
    )


def upload(here, about, content=CONTENT, *, length=None, sha256=SHA256):
    return vault.upload(
        io.BytesIO(content),
        length=len(content) if length is None else length,
        sha256=sha256,
        at=here.at(),
        by="executing",
        about=about,
    )


def describe(de, dossier, **changes):
    given = {
        "title": "Account statement",
        "nature": "digital",
        "files": [{"sha256": SHA256, "name": "statement.csv", "media_type": "text/csv"}],
    }
    return stations.add_exhibit(de.executing, dossier, **{**given, **changes}, at=de.at())


def undertaken(asked):
    de, dossier = asked
    offered(asked)
    known = record.acts(dossier)
    offer = known[-1]
    said = Undertake.of(offer).to_json()
    take_in(
        de,
        de.other.act(
            "custody.undertake",
            dossier,
            [act for act in known if record.file(dossier).form.shared(act.kind)],
            said,
            at=de.at(),
            basis=record.file(dossier).basis,
        ),
    )


def test_considering_compares_the_resolutions_and_says_what_may_be_decided(asked):
    de, dossier = asked
    done = considered(asked)
    kinds = {one["kind"] for one in done.extra["considered"]["decisions"]}
    assert {"accept", "ask", "refuse"} <= kinds
    case = queries.case(de.central, dossier, at=de.at())
    assert case.considered["decisions"]
    assert case.line.status.id == "considered"
    assert [d.kind for d in posted.deliveries()] == ["request.receive"]  # considering stays at home


def test_a_refusal_names_a_ground_of_the_law_and_nothing_else(asked):
    de, dossier = asked
    considered(asked)
    with pytest.raises(NotPossibleError, match="no ground"):
        actions.refuse(de.central, dossier, ground="we do not like it", reason="x", at=de.at())
    decisions = queries.case(de.central, dossier, at=de.at()).considered["decisions"]
    ground = next(one for one in decisions if one["kind"] == "refuse")
    done = actions.refuse(de.central, dossier, ground=ground["ground"], reason="It would harm.", at=de.at())
    assert done.status_id == "refused"
    assert done.law == ground["article"]


def test_a_question_and_a_postponement_go_to_the_partner(asked):
    de, dossier = asked
    considered(asked)
    assert actions.ask(de.central, dossier, text="Which account?", at=de.at()).status_id == "asked"
    assert posted.deliveries()[0].kind == "request.ask"
    with pytest.raises(LifecycleError):
        actions.accept(de.central, dossier, at=de.at())


def test_a_postponement_says_why(asked):
    de, dossier = asked
    considered(asked)
    done = actions.postpone(de.central, dossier, reason="Own proceedings are pending.", at=de.at())
    assert done.status_id == "postponed"


def test_nothing_comes_before_its_turn(asked):
    de, dossier = asked
    before = ActRow.objects.count()
    for attempt in (
        lambda: actions.accept(de.central, dossier, at=de.at()),
        lambda: actions.assign(de.central, dossier, authority="de:court", at=de.at()),
        lambda: actions.close(de.central, dossier, at=de.at()),
    ):
        de.executing  # noqa: B018
        with pytest.raises(ComityError):
            attempt()
    assert ActRow.objects.count() == before
    assert audit.entries(event="act.refused")


def test_the_policy_keeps_each_to_their_own(asked):
    de, dossier = asked
    stranger = de.who("stranger", Role.EXECUTING, authority="de:elsewhere")
    for attempt in (
        lambda: actions.acknowledge(de.drafter, dossier, at=de.at()),
        lambda: actions.consider(de.auditor, dossier, at=de.at()),
        lambda: actions.assign(stranger, dossier, authority="de:court", at=de.at()),
        lambda: stations.add_exhibit(stranger, dossier, title="x", nature="physical", at=de.at()),
        lambda: stations.give_back(stranger, dossier, at=de.at()),
        lambda: stations.receive(stranger, dossier, at=de.at()),
        lambda: queries.case(stranger, dossier, at=de.at()),
        lambda: queries.envelope(stranger, dossier, "0" * 64),
    ):
        with pytest.raises(NotAllowedError):
            attempt()
    assert queries.lines(stranger) == ()
    assert queries.lines(de.executing) == ()
    assigned(asked)
    assert [line.id for line in queries.lines(de.executing)] == [dossier]


def test_an_authority_nobody_knows_is_not_assigned(asked):
    de, dossier = asked
    considered(asked)
    actions.accept(de.central, dossier, at=de.at())
    with pytest.raises(UnknownError):
        actions.assign(de.central, dossier, authority="de:nowhere", at=de.at())


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"length": len(CONTENT) + 1}, UploadError),
        ({"sha256": "0" * 64}, UploadError),
        ({"content": b""}, UploadError),
        ({"sha256": "short"}, ComityError),
    ],
)
def test_an_upload_that_is_not_what_was_announced_keeps_nothing(asked, change, error):
    de, dossier = asked
    before = set(stored.store().digests())
    with pytest.raises(error):
        upload(de, dossier, **change)
    assert set(stored.store().digests()) == before
    assert not Blob.objects.filter(pk=SHA256).exists()


def test_files_no_row_names_are_removed_after_a_day(de):
    kept = vault.keep(CONTENT, de.at())
    orphan = stored.store().put([b"left behind by a killed process"]).sha256
    assert vault.sweep(de.at()) == 0
    assert vault.sweep(de.at() + timedelta(days=2)) == 1
    assert not stored.store().has(orphan)
    assert stored.store().has(kept.sha256)


def test_a_file_that_is_no_package_is_said_to_be_none_once(asked):
    from comity.node.vault import tasks

    de, dossier = asked
    found = vault.keep(b"no package", de.at())
    vault.add_document(dossier, found, name="x.asice", media_type="x/y", role="package", at=de.at(), act="0" * 64)
    for _, job in list(tasks.due()):
        job()
    assert list(tasks.due()) == []
    assert stored.packages(dossier)[0].checked.status == "failed"


def test_an_upload_without_its_length_is_refused(asked):
    de, dossier = asked
    with pytest.raises(NoLengthError):
        vault.upload(io.BytesIO(CONTENT), length=None, sha256=SHA256, at=de.at(), by="x", about=dossier)


def test_exhibits_are_numbered_and_refused_where_they_are_none(asked):
    de, dossier = asked
    assigned(asked)
    upload(de, dossier)
    assert describe(de, dossier).number == "E-001"
    assert describe(de, dossier, nature="physical", files=[]).number == "E-002"
    for change in (
        {"number": "E-001"},
        {"nature": "spiritual"},
        {"files": [{"sha256": "0" * 64, "name": "x"}]},
        {"files": []},
        {"files": [{"sha256": SHA256, "name": "../x"}]},
        {"conditions": [{"text": "x", "allows": ["anything"]}]},
        {"conditions": [{"text": ""}]},
    ):
        with pytest.raises(ComityError):
            describe(de, dossier, **change)
    assert len(stored.exhibits(dossier)) == 2


def test_only_what_is_in_custody_is_offered(asked):
    de, dossier = asked
    assigned(asked)
    upload(de, dossier)
    made = describe(de, dossier)
    with pytest.raises(NotPossibleError, match="Not in custody"):
        stations.offer(de.executing, dossier, exhibits=[made.number], at=de.at())
    stations.collect(de.executing, dossier, made.number, **FOUND, at=de.at())
    examined = stations.examine(de.executing, dossier, made.number, method="Read", finding="Three payments", at=de.at())
    assert examined.message == ""
    done = stations.offer(de.executing, dossier, exhibits=[made.number], at=de.at())
    assert done.message
    (held,) = stored.held(dossier, record.acts(dossier))
    assert held.custody.holder.authority == "de:court"


def test_what_another_state_gave_under_conditions_goes_on_only_with_its_consent(asked, monkeypatch):
    de, dossier = asked
    assigned(asked)
    upload(de, dossier)
    made = describe(de, dossier)
    stations.collect(de.executing, dossier, made.number, **FOUND, at=de.at())
    exhibit = replace(stored.exhibit(made), conditions=(Condition("pl-only", "Only in Poland.", "ETS No. 030 Art. 6"),))
    gave = Act(
        DossierId.read("MLA-DE-PL-2026-01-10-0001-1"),
        "custody.offer",
        Actor(StateCode("PL"), "pl:court", "executing", "Officer of PL (fictional)"),
        de.at(),
        "",
        Offer((exhibit,)).to_json(),
    )
    took = replace(gave, kind="custody.undertake", body=Undertake.of(gave).to_json())
    monkeypatch.setattr(record, "undertaken", lambda: (gave, took))
    with pytest.raises(UseRefusedError, match="pl-only"):
        stations.offer(de.executing, dossier, exhibits=[made.number], at=de.at())
    assert "custody.offer" not in {act.kind for act in record.acts(dossier)}
    done = stations.offer(de.executing, dossier, exhibits=[made.number], consents=["pl-only"], at=de.at())
    assert done.message


def test_nothing_is_given_back_before_it_was_undertaken(asked):
    de, dossier = asked
    offered(asked)
    before = Blob.objects.count()
    with pytest.raises(ComityError):
        stations.give_back(de.central, dossier, at=de.at())
    assert Blob.objects.count() == before


def test_the_package_that_goes_back_verifies_by_itself(asked):
    de, dossier = asked
    undertaken(asked)
    done = stations.give_back(de.executing, dossier, note="All there is.", at=de.at())
    sha256 = done.extra["package"]["sha256"]
    path = stored.store().path(Digest(sha256))
    found = verify_package(path, registry.trust(), de.at(), logs=registry.logs())
    assert found.passed, found.to_json()
    assert [exhibit.number for exhibit in found.exhibits] == ["E-001"]
    kinds = {act.kind for act in found.acts}
    assert {"request.send", "custody.collect", "custody.undertake"} <= kinds
    assert not {"request.consider", "execution.assign"} & kinds
    said = stations.verify(de.central, dossier, sha256, at=de.at())
    assert said.passed
    (package,) = stored.packages(dossier)
    assert package.checked.status == "passed"
    with pytest.raises(UnknownError):
        stations.verify(de.central, dossier, "0" * 64, at=de.at())


def test_a_large_package_is_announced_and_may_be_pulled_by_its_partner_alone(asked, monkeypatch):
    from comity.flow import dispatch

    de, dossier = asked
    undertaken(asked)
    monkeypatch.setattr(dispatch, "INLINE", 1000)
    done = stations.give_back(de.central, dossier, at=de.at())
    sha256 = done.extra["package"]["sha256"]
    (delivery,) = [one for one in posted.deliveries() if one.kind == "evidence.return"]
    assert delivery.claims == (sha256,)
    assert posted.claimed("UA", delivery.message_id, sha256)
    assert not posted.claimed("FR", delivery.message_id, sha256)
    assert not posted.claimed("UA", delivery.message_id, SHA256)
