"""Receipts and error signals: what they prove, and what does not count as one."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta

import pytest
from exchange_world import AT, certify
from lxml import etree

from comity.errors import ExchangeError
from comity.exchange import errors, names, receipt, retry, signal, soap, wss, xml
from comity.exchange.message import Payload
from comity.exchange.names import q
from comity.exchange.retry import Outcome
from comity.exchange.signal import Receipt, Refusal
from comity.values import Digest


@pytest.fixture
def sent(world):
    built = world.build(Payload("a@comity", "text/plain", b"one"), Payload("b@comity", "text/plain", b"two"))
    return built, world.read(built.content_type, built.body)


def checked(world, built, answer, **changes):
    given = {
        "message_id": built.message_id,
        "references": built.references,
        "partner": world.to_de,
        "at": AT,
        **changes,
    }
    return receipt.check(answer.content_type, answer.body, **given)


def test_a_receipt_repeats_every_digest(world, sent):
    built, received = sent
    answer = receipt.build(received, world.de, AT)
    found = checked(world, built, answer)
    assert found.refers_to == built.message_id
    assert found.message_id == answer.message_id
    assert found.references == built.references
    assert found.partner is world.to_de
    assert len(found.references) == 4


def test_a_receipt_for_another_message(world, sent):
    other = world.build()
    with pytest.raises(errors.InvalidReceiptError, match="is for"):
        checked(world, other, receipt.build(sent[1], world.de, AT))


def test_a_receipt_for_other_content(world, sent):
    built, received = sent
    first, *rest = received.references
    lied = replace(received, references=(*rest, replace(first, digest=bytes(32))))
    with pytest.raises(errors.InvalidReceiptError, match="other content") as caught:
        checked(world, built, receipt.build(lied, world.de, AT))
    assert caught.value.ebms == "EBMS:0302"


@pytest.mark.parametrize("change", [lambda r: r[1:], lambda r: r[:-1], lambda r: (), lambda r: (*r, r[0])])
def test_a_receipt_that_leaves_out_or_repeats(world, sent, change):
    built, received = sent
    lied = replace(received, references=change(received.references))
    with pytest.raises(errors.InvalidReceiptError):
        checked(world, built, receipt.build(lied, world.de, AT))


def test_a_receipt_by_another(world, sent):
    built, received = sent
    with pytest.raises(errors.ForgedSenderError):
        checked(world, built, receipt.build(received, world.stranger, AT))


def test_an_unsigned_receipt(world, sent):
    built, received = sent
    answer = receipt.build(received, world.de, AT)
    root = etree.fromstring(answer.body)
    signature = next(root.iter(q("ds:Signature")))
    signature.getparent().remove(signature)
    with pytest.raises(errors.UnsignedMessageError):
        checked(world, built, replace(answer, body=etree.tostring(root)))


def test_a_receipt_under_an_expired_certificate(world, sent):
    built, received = sent
    old = certify(world.de.signing_key, "TEST old", since=AT - timedelta(days=400), days=30)
    answer = receipt.build(received, replace(world.de, signing=old), AT)
    with pytest.raises(errors.CertificateOutOfDateError):
        checked(world, built, answer, partner=replace(world.to_de, signing=old))


def test_a_receipt_that_names_its_key_by_identifier(world, sent):
    """Domibus sends a KeyIdentifier instead of the certificate."""
    built, received = sent
    answer = keyed(world, received, wss.key_identifier(world.de.signing))
    assert checked(world, built, answer).refers_to == built.message_id
    with pytest.raises(errors.ForgedSenderError):
        checked(world, built, keyed(world, received, wss.key_identifier(world.ua.signing)))


def keyed(world, received, identifier):
    made = signal.signal(world.de, AT, received.message_id)
    content = xml.add(xml.add(made.element, "eb:Receipt"), "ebbp:NonRepudiationInformation")
    for reference in received.references:
        reference.write(xml.add(content, "ebbp:MessagePartNRInformation"))
    signed = wss.sign(made.envelope, {}, world.de.signing_key, world.de.signing)
    token = next(made.envelope.root.iter(q("wsse:SecurityTokenReference")))
    token.remove(token[0])
    text = base64.b64encode(identifier).decode()
    xml.add(token, "wsse:KeyIdentifier", text, EncodingType=names.BASE64, ValueType=names.SUBJECT_KEY)
    made.envelope.security.remove(xml.one(made.envelope.security, "wsse:BinarySecurityToken"))
    from comity.exchange.message import Built

    return Built(made.message_id, "application/soap+xml", xml.write(made.envelope.root), signed)


def test_an_error_says_why_and_what_to_do(world):
    reason = errors.WrongRecipientError(message_id="1@comity.UA")
    answer = signal.error(reason, world.de, AT)
    found = signal.read(answer.content_type, answer.body, partner=world.to_de, at=AT)
    assert isinstance(found, Refusal)
    assert found.refers_to == "1@comity.UA"
    (problem,) = found.problems
    assert (problem.code, problem.short) == ("EBMS:0003", "ValueInconsistent")
    assert reason.detail in problem.detail
    assert "exchange.wrong-recipient" in problem.detail


def test_an_error_from_beyond_the_exchange(world):
    answer = signal.error(ExchangeError("The act\x00 does not\ud800 fit."), world.de, AT, refers_to="1@comity.UA")
    found = signal.read(answer.content_type, answer.body, partner=world.to_de, at=AT)
    assert found.problems[0].code == "EBMS:0202"
    assert "The act? does not? fit." in found.problems[0].detail


def test_an_error_for_a_message_whose_id_could_not_be_read(world):
    answer = signal.error(errors.TruncatedMessageError(), world.de, AT)
    assert signal.read(answer.content_type, answer.body, partner=world.to_de, at=AT).refers_to == ""


def test_every_refusal_can_be_told(world):
    leaves = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, errors.MessageRefusedError)]
    for leaf in leaves:
        answer = signal.error(leaf(), world.de, AT)
        found = signal.read(answer.content_type, answer.body, partner=world.to_de, at=AT)
        assert found.problems[0].code == leaf.ebms


def test_an_error_is_no_receipt(world, sent):
    with pytest.raises(errors.InvalidReceiptError, match="with an error"):
        checked(world, sent[0], signal.error(errors.OutOfTimeError(), world.de, AT))


def test_an_answer_that_is_neither(world, sent):
    made = signal.signal(world.de, AT, "1@comity.UA")
    answer = signal.seal(made, world.de)
    with pytest.raises(errors.HeaderError, match="neither"):
        checked(world, sent[0], answer)


@pytest.mark.parametrize("body", [b"", b"<html>502 Bad Gateway</html>", b"\xff\xfe", b"<a/>"])
@pytest.mark.parametrize("content_type", ["text/html", "application/soap+xml", "multipart/related", ""])
def test_an_answer_of_another_kind(world, sent, content_type, body):
    with pytest.raises(errors.MessageRefusedError):
        signal.read(content_type, body, partner=world.to_de, at=AT)


def test_our_own_message_sent_back_is_no_receipt(world, sent):
    built, _ = sent
    with pytest.raises(errors.MessageRefusedError):
        checked(world, built, built, partner=world.to_ua)


# -- retry -------------------------------------------------------------------------------------------------------------


def test_waits_double_from_a_second_to_six_hours():
    assert [retry.schedule(n, 1.0) for n in (1, 2, 3, 4)] == [1, 2, 4, 8]
    assert retry.schedule(40, 1.0) == retry.schedule(10**9, 1.0) == 6 * 3600
    assert retry.schedule(5, 0.0) == 8
    assert retry.schedule(1, 0.0) == retry.schedule(0, 0.0) == 1
    assert 20 < retry.attempts() < 40


def test_the_horizon_is_within_what_a_reader_takes():
    from comity.exchange.message import Limits

    assert retry.HORIZON + timedelta(hours=6) < Limits().past


def answers(world):
    return {
        "receipt": Receipt("2@comity.DE", AT, "1@comity.UA", world.to_de, ()),
        "refusal": Refusal("2@comity.DE", AT, "1@comity.UA", world.to_de, ()),
        "nothing": errors.NoAnswerError(),
        "garbled": errors.AlteredMessageError(),
        "unusable": errors.UnusableAnswerError(),
    }


@pytest.mark.parametrize(
    ("before", "event", "hours", "after"),
    [
        (Outcome.WAITING, "receipt", 0, Outcome.ACKNOWLEDGED),
        (Outcome.FAILED, "receipt", 99, Outcome.ACKNOWLEDGED),
        (Outcome.REJECTED, "receipt", 99, Outcome.ACKNOWLEDGED),
        (Outcome.WAITING, "refusal", 0, Outcome.REJECTED),
        (Outcome.ACKNOWLEDGED, "refusal", 0, Outcome.ACKNOWLEDGED),
        (Outcome.ACKNOWLEDGED, "nothing", 99, Outcome.ACKNOWLEDGED),
        (Outcome.WAITING, "nothing", 1, Outcome.WAITING),
        (Outcome.WAITING, "garbled", 1, Outcome.WAITING),
        (Outcome.WAITING, "nothing", 72, Outcome.FAILED),
        (Outcome.WAITING, "garbled", 72, Outcome.FAILED),
        (Outcome.WAITING, "unusable", 0, Outcome.FAILED),
    ],
)
def test_what_a_delivery_comes_to(world, before, event, hours, after):
    assert retry.outcome(before, answers(world)[event], waited=timedelta(hours=hours)) is after


def test_a_duplicate_is_the_same_bytes():
    one, two = Digest.of(b"1"), Digest.of(b"2")
    assert not retry.duplicate("1@x", one, None)
    assert retry.duplicate("1@x", one, one)
    with pytest.raises(errors.ReplayedMessageError):
        retry.duplicate("1@x", one, two)


def test_an_envelope_without_any_header_is_no_answer(world):
    bare = soap.new()
    bare.root[0].remove(bare.messaging)
    with pytest.raises(errors.HeaderError):
        soap.read(xml.write(bare.root))
