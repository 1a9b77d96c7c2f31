"""Drafts, the second person, and sending: what is asked, who may, and what stands in the tables afterwards."""

from __future__ import annotations

import pytest

from comity.errors import LawError, ValueRefusedError
from comity.node.accounts.role import Role
from comity.node.audit import queries as audit
from comity.node.errors import (
    DraftStaleError,
    NotAllowedError,
    NotPossibleError,
    SecondPersonError,
    UnknownError,
)
from comity.node.post import queries as post
from comity.node.registry import queries as registry
from comity.node.requests import actions, queries, record
from comity.node.requests.models import ActRow, Dossier, Draft
from comity.node.shown import shown
from comity.node.vault import queries as vault
from comity.request import read
from comity.request.errors import FieldRefusedError, IncompleteError
from comity.signing import pades


def content(sha256):
    with vault.open_blob(sha256) as source:
        return source.read()


def refusals(code):
    return [one for one in audit.entries(limit=500) if one.detail.get("code") == code]


def test_a_draft_shows_the_form_its_law_asks_for(ua):
    made = actions.save_draft(ua.drafter, None, ua.question, {}, None, at=ua.at())
    assert made.instrument == "coe-030"
    assert made.resolution["bases"][0]["instrument"] == "coe-030"
    assert {"object", "reason"} <= {field.id for field in made.fields}
    assert any(one.article for one in made.missing)
    assert made.may == ("edit", "discard", "submit")


@pytest.mark.parametrize(
    "change", [{"requested": "XX"}, {"measures": ["walking_on_water"]}, {"measures": []}, {"offences": ["heresy"]}]
)
def test_a_question_the_law_does_not_take_stores_nothing(ua, change):
    with pytest.raises((LawError, ValueRefusedError, FieldRefusedError)):
        actions.save_draft(ua.drafter, None, {**ua.question, **change}, {}, None, at=ua.at())
    assert not Draft.objects.exists()


def test_a_stale_version_is_refused_and_changes_nothing(ua):
    draft = ua.draft()
    before = queries.composer(ua.drafter, draft)
    with pytest.raises(DraftStaleError):
        actions.save_draft(ua.drafter, draft, ua.question, {"object": "other"}, before.version - 1, at=ua.at())
    assert queries.composer(ua.drafter, draft).values == before.values


def test_a_value_the_door_refuses_is_shown_and_cannot_be_submitted(ua):
    draft = ua.draft()
    kept = dict(queries.composer(ua.drafter, draft).values)
    bad = {**kept, "accounts": [{"iban": "DE00"}]}
    shown_ = actions.save_draft(ua.drafter, draft, ua.question, bad, None, at=ua.at())
    assert shown_.refused
    with pytest.raises(FieldRefusedError):
        actions.submit(ua.drafter, draft, None, at=ua.at())
    assert not Dossier.objects.exists()


def test_an_incomplete_draft_cannot_be_submitted_and_names_the_provision(ua):
    made = actions.save_draft(ua.drafter, None, ua.question, {}, None, at=ua.at())
    with pytest.raises(IncompleteError, match=r"ETS No\. 030 Art\. 14"):
        actions.submit(ua.drafter, made.id, None, at=ua.at())
    assert not ActRow.objects.exists()
    assert refusals("request.incomplete")


def test_others_neither_see_nor_change_a_draft(ua):
    draft = ua.draft()
    stranger = ua.who("stranger", Role.ISSUING, Role.APPROVING, authority="ua:elsewhere")
    for attempt in (
        lambda: queries.composer(stranger, draft),
        lambda: actions.save_draft(stranger, draft, ua.question, {}, None, at=ua.at()),
        lambda: actions.submit(stranger, draft, None, at=ua.at()),
        lambda: actions.approve(stranger, draft, at=ua.at()),
        lambda: actions.discard(stranger, draft, at=ua.at()),
        lambda: actions.save_draft(ua.central, None, ua.question, {}, None, at=ua.at()),
    ):
        with pytest.raises(NotAllowedError):
            attempt()
    assert queries.drafts(stranger) == ()
    assert len(audit.entries(event="policy.refused")) == 6


def test_nobody_approves_the_own_draft(ua):
    both = ua.who("drafter", Role.ISSUING, Role.APPROVING)
    draft = ua.draft()
    actions.submit(ua.drafter, draft, None, at=ua.at())
    with pytest.raises(SecondPersonError):
        actions.approve(both, draft, at=ua.at())
    with pytest.raises(SecondPersonError):
        actions.return_draft(both, draft, "no", at=ua.at())
    assert not Dossier.objects.get().request


def test_a_draft_goes_back_is_changed_and_is_submitted_again(ua):
    draft = ua.draft()
    first = actions.submit(ua.drafter, draft, None, at=ua.at())
    assert actions.return_draft(ua.head, draft, "Say more.", at=ua.at()).state == "open"
    with pytest.raises(NotPossibleError):
        actions.approve(ua.head, draft, at=ua.at())
    changed = actions.save_draft(ua.drafter, draft, ua.question, first.values, None, at=ua.at())
    again = actions.submit(ua.drafter, draft, changed.version, at=ua.at())
    assert again.dossier == first.dossier
    assert [act.kind for act in record.acts(again.dossier)] == ["request.draft", "request.draft"]


def test_approval_makes_request_and_signed_letters(ua):
    draft = ua.approved()
    made = queries.composer(ua.head, draft)
    assert made.state == "approved"
    papers = {paper.name: paper for paper in vault.documents(made.dossier)}
    assert set(papers) == {"request.json", "letter-en.pdf", "letter-uk.pdf"}
    request = read.read(content(papers["request.json"].sha256))
    assert request.dossier == record.file(made.dossier).dossier
    letter = content(papers["letter-uk.pdf"].sha256)
    assert all(verdict.passed for verdict in pades.verify(letter, registry.trust(), ua.at()))
    assert queries.letter(ua.head, draft, "uk", at=ua.at()).startswith(b"%PDF")


def test_sending_puts_one_message_into_the_outbox_with_the_act(ua):
    done = ua.sent()
    (delivery,) = post.deliveries()
    assert (delivery.act, delivery.kind, delivery.state) == (done.act, "request.send", "pending")
    assert [act.kind for act in record.acts(done.dossier)] == ["request.draft", "request.approve", "request.send"]
    assert done.status_id == "sent"
    assert audit.size() == 3
    names = {paper.name for paper in vault.documents(done.dossier)}
    assert names == {"request.json", "letter-en.pdf", "letter-uk.pdf"}
    assert len(vault.documents(done.dossier)) == 3


def test_a_request_is_sent_once_and_by_the_role_the_form_names(ua):
    draft = ua.approved()
    with pytest.raises(NotAllowedError):
        actions.send(ua.drafter, draft, at=ua.at())
    actions.send(ua.central, draft, at=ua.at())
    with pytest.raises((NotPossibleError, DraftStaleError)):
        actions.send(ua.central, draft, at=ua.at())
    assert len(post.deliveries()) == 1
    for attempt in (
        lambda: actions.save_draft(ua.drafter, draft, ua.question, {}, None, at=ua.at()),
        lambda: actions.discard(ua.drafter, draft, at=ua.at()),
    ):
        with pytest.raises(NotPossibleError):
            attempt()


def test_an_unknown_draft_is_unknown(ua):
    for name in ("x", "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(UnknownError):
            queries.composer(ua.drafter, name)


def test_lists_show_what_waits_for_whom(ua):
    draft = ua.draft()
    assert [task.station for task in queries.worklist(ua.drafter, at=ua.at())] == ["edit"]
    actions.submit(ua.drafter, draft, None, at=ua.at())
    assert [task.station for task in queries.worklist(ua.head, at=ua.at())] == ["approve"]
    assert queries.worklist(ua.drafter, at=ua.at()) == ()
    actions.approve(ua.head, draft, at=ua.at())
    assert [task.station for task in queries.worklist(ua.central, at=ua.at())] == ["send"]
    done = actions.send(ua.central, draft, at=ua.at())
    (line,) = queries.lines(ua.central)
    assert (line.id, line.status.id, line.partner) == (done.dossier, "sent", "DE")
    case = queries.case(ua.central, done.dossier, at=ua.at())
    assert [entry.kind for entry in case.timeline] == ["request.draft", "request.approve", "request.send"]
    assert [one.station for one in case.next] == ["withdraw"]
    assert case.timeline[-1].delivery == "pending"
    assert shown(case)["line"]["id"] == done.dossier


def test_a_blank_form_stores_nothing(ua):
    question = queries.composer(ua.drafter, ua.draft()).question
    count = Draft.objects.count()
    assert queries.blank(ua.drafter, question, at=ua.at()).fields
    assert Draft.objects.count() == count
