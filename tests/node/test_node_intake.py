"""What comes in by the exchange door: taken in once, or refused with nothing kept and an act of the audit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from comity.exchange import message, receipt, signal
from comity.exchange.message import Payload
from comity.exchange.pmode import FETCHED
from comity.flow.dispatch import ENVELOPE, seal
from comity.node.audit import queries as audit
from comity.node.lawbook import queries as law
from comity.node.post import actions as post
from comity.node.post import queries as posted
from comity.node.post.models import Incoming, Outgoing
from comity.node.registry import queries as registry
from comity.node.requests import actions, intake, queries, record
from comity.node.requests.models import ActRow, Dossier
from comity.node.vault import queries as vault
from comity.node.vault.models import Blob
from comity.request import body
from comity.values import StateCode, canonical
from support.asking import ask


@pytest.fixture
def asked(de):
    """Germany's node, and a request of Ukraine's."""
    return de, ask(de.other, "DE", law.base(), de.at())


def receive(built, at, *, content_type=None, body_=None):
    return post.receive(content_type or built.content_type, body_ or built.body, at=at, effect=intake.take_in)


def nothing_kept():
    return not (
        Dossier.objects.exists() or ActRow.objects.exists() or Incoming.objects.exists() or Blob.objects.exists()
    )


def refused(answer, at):
    """Read an answer as the signed error it must be; return its text."""
    own = registry.own_partner()
    found = signal.read(answer.content_type, answer.body, partner=own, at=at)
    assert isinstance(found, signal.Refusal)
    assert audit.entries(event="input.refused")
    return found.problems[0].detail


def test_a_request_opens_a_dossier_and_is_answered_with_a_receipt(asked):
    de, sent = asked
    built = de.message(sent.act)
    answer = receive(built, de.at())
    assert answer.status == 200
    receipt.check(
        answer.content_type,
        answer.body,
        message_id=built.message_id,
        references=built.references,
        partner=registry.own_partner(),
        at=de.at(),
    )
    case = queries.case(de.central, sent.dossier, at=de.at())
    assert (case.line.side, case.line.status.id) == ("executing", "sent")
    assert case.request == sent.request
    assert {paper.role for paper in case.documents} == {"request", "letter"}
    assert case.timeline[0].verdict["indication"] == "passed"
    assert [one.station for one in case.next] == ["acknowledge"]
    assert audit.size() == 1


def test_a_repetition_gets_the_same_receipt_and_has_no_second_effect(asked):
    de, sent = asked
    built = de.message(sent.act)
    first = receive(built, de.at())
    again = receive(built, de.at())
    assert (again.body, again.content_type) == (first.body, first.content_type)
    assert ActRow.objects.count() == Incoming.objects.count() == 1
    assert audit.entries(event="message.duplicate")


def test_the_same_id_with_other_bytes_is_refused(asked):
    de, sent = asked
    built = de.message(sent.act)
    receive(built, de.at())
    payload = Payload("", ENVELOPE, seal(replace(sent.act, law="other"), de.other.signer))
    other = message.build(
        keys=de.other.keys,
        partner=registry.own_partner(),
        payloads=[payload],
        conversation=sent.dossier,
        original_sender="x",
        final_recipient="y",
        at=de.at(),
        message_id=built.message_id,
    )
    answer = receive(other, de.at())
    assert answer.status == 400
    refused(answer, de.at())
    assert ActRow.objects.count() == 1


def test_the_same_act_in_a_new_message_has_no_second_effect(asked):
    de, sent = asked
    receive(de.message(sent.act), de.at())
    assert receive(de.message(sent.act), de.at()).status == 200
    assert ActRow.objects.count() == 1
    assert Incoming.objects.count() == 2


@pytest.mark.parametrize("cut", [0, 1, 100, 2000, -1])
def test_a_truncated_message_keeps_nothing(asked, cut):
    de, sent = asked
    built = de.message(sent.act)
    answer = receive(built, de.at(), body_=built.body[:cut] or b"-")
    assert answer.status == 400
    refused(answer, de.at())
    assert nothing_kept()


def test_an_altered_message_keeps_nothing_wherever_it_was_altered(asked):
    de, sent = asked
    built = de.message(sent.act)
    taken = 0
    for at in range(0, len(built.body), max(1, len(built.body) // 60)):
        changed = bytearray(built.body)
        changed[at] ^= 1
        answer = receive(built, de.at(), body_=bytes(changed))
        if answer.status == 200:  # a flip in a MIME header that means nothing left the signed content as it was
            taken += 1
            assert record.acts(sent.dossier) == (sent.act,)
        elif not taken:
            refused(answer, de.at())
            assert nothing_kept()
    assert taken <= 3


def test_an_unsigned_message_keeps_nothing(asked):
    de, sent = asked
    built = de.message(sent.act)
    plain = built.body.replace(b"Signature", b"Signatura")
    refused(receive(built, de.at(), body_=plain), de.at())
    assert nothing_kept()


def test_a_message_for_another_node_keeps_nothing(asked):
    de, sent = asked
    elsewhere = replace(registry.own_partner(), party="urn:comity:node:FR")
    built = de.other.message(sent.act, elsewhere, de.at())
    assert "not for" in refused(receive(built, de.at()), de.at())
    assert nothing_kept()


def test_an_old_message_keeps_nothing(asked):
    de, sent = asked
    built = de.other.message(sent.act, registry.own_partner(), de.at() - timedelta(days=30))
    refused(receive(built, de.at()), de.at())
    assert nothing_kept()


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "state"},
        {"dossier": "MLA-FR-DE-2026-11-24-0001-1"},
        {"kind": "request.receive"},
        {"kind": "request.draft"},
        {"body": {}},
        {"attachments": ()},
    ],
)
def test_an_act_that_claims_what_is_not_so_keeps_nothing(asked, change):
    de, sent = asked
    act = sent.act
    if change.get("actor"):
        change = {"actor": replace(act.actor, state=StateCode("FR"))}
    if "dossier" in change:
        change = {"dossier": type(act.dossier).read(change["dossier"])}
    forged = replace(act, **change)
    answer = receive(de.message(forged), de.at())
    assert answer.status == 400
    refused(answer, de.at())
    assert nothing_kept()


def test_a_seal_under_another_states_anchor_keeps_nothing(asked):
    de, sent = asked
    payloads = [Payload("", ENVELOPE, seal(sent.act, registry.identity().signer))]
    payloads += [
        Payload("", attached.media_type, de.other.blobs.open(attached.digest).read())
        for attached in sent.act.attachments
    ]
    built = message.build(
        keys=de.other.keys,
        partner=registry.own_partner(),
        payloads=payloads,
        conversation=sent.dossier,
        original_sender="x",
        final_recipient="y",
        at=de.at(),
    )
    refused(receive(built, de.at()), de.at())
    assert nothing_kept()


def test_an_act_before_its_time_is_asked_for_again_and_then_taken(asked):
    de, sent = asked
    opened = de.message(sent.act)
    withdrawn = de.other.act(
        "request.withdraw", sent.dossier, [sent.act], {"text": "No more needed."}, at=de.at(),
        basis=sent.request.basis.instrument,
    )  # fmt: skip
    early = de.message(withdrawn)
    answer = receive(early, de.at())
    assert refused(answer, de.at())
    found = signal.read(answer.content_type, answer.body, partner=registry.own_partner(), at=de.at())
    assert found.passing
    assert nothing_kept()
    assert receive(opened, de.at()).status == 200
    assert receive(early, de.at()).status == 200
    assert queries.case(de.central, sent.dossier, at=de.at()).line.status.id == "withdrawn"


def test_an_act_law_does_not_provide_for_now_is_refused(asked):
    de, sent = asked
    receive(de.message(sent.act), de.at())
    answer = replace(
        sent.act, kind="request.answer", body={"answers": [{"question": 1, "text": "x"}]}, attachments=(),
        follows=(sent.act.digest,),
    )  # fmt: skip
    said = refused(receive(de.message(answer), de.at()), de.at())
    assert "cannot come now" in said or "needs" in said
    assert ActRow.objects.count() == 1


def test_the_second_receipt_marks_the_files_as_fetched(ua):
    done = ua.sent()
    row = Outgoing.objects.get()
    Outgoing.objects.update(claims=["0" * 64])
    built = _fetched(ua, row.message_id, done.dossier)
    assert receive(built, ua.at()).status == 200
    (delivery,) = posted.deliveries()
    assert delivery.fetched_at


@pytest.mark.parametrize("content", [b"{}", b"[]", b"\xff", b'{"message": "another"}'])
def test_a_second_receipt_that_names_nothing_is_refused(ua, content):
    done = ua.sent()
    built = _fetched(ua, Outgoing.objects.get().message_id, done.dossier, content)
    refused(receive(built, ua.at()), ua.at())
    assert not Incoming.objects.exists()


def _fetched(here, message_id, dossier, content=None):
    document = content if content is not None else canonical({"message": message_id, "files": []})
    return message.build(
        keys=here.other.keys,
        partner=registry.own_partner(),
        payloads=[Payload("", "application/json", document)],
        conversation=dossier,
        original_sender="x",
        final_recipient="y",
        at=here.at(),
        pmode=FETCHED,
        refers_to=message_id,
    )


def test_what_the_other_state_decides_comes_in(ua):
    done = ua.sent()
    (sent,) = [act for act in record.acts(done.dossier) if act.kind == "request.send"]
    basis = record.file(done.dossier).basis
    said = body.write(body.Receive(received_at=ua.at()))
    back = ua.other.act("request.receive", done.dossier, [sent], said, at=ua.at(), basis=basis)
    assert receive(ua.message(back), ua.at()).status == 200
    case = queries.case(ua.drafter, done.dossier, at=ua.at())
    assert case.line.status.id == "received"
    assert not case.timeline[-1].own
    withdrawn = actions.withdraw(ua.central, done.dossier, reason="No more needed.", at=ua.at())
    assert withdrawn.status_id == "withdrawn"
    assert vault.documents(done.dossier, role="letter")
