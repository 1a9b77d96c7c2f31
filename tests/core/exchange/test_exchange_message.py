"""User messages: what goes in comes out, and what must not be taken is refused by name."""

from __future__ import annotations

import gzip
import os
from dataclasses import replace
from datetime import timedelta

import pytest
from exchange_world import AT, DOSSIER, certify, keys, partner

from comity.errors import ExchangeError
from comity.exchange import errors, message, pmode
from comity.exchange.federation import Federation
from comity.exchange.message import Payload
from comity.exchange.names import q

PDF = Payload("letter@comity", "application/pdf", os.urandom(3000), {"name": " Ёжик & <Brüder>.pdf "})
LONG = Payload("", "application/vnd.dsse+json", b'{"a": "b"}' * 2000)


def test_what_was_sent_is_what_is_read(world):
    built = world.build(PDF, LONG, refers_to="0@comity.DE", properties={"act": "request.send"})
    received = world.read(built.content_type, built.body)
    assert [(p.media_type, p.data, dict(p.properties)) for p in received.payloads] == [
        (PDF.media_type, PDF.data, PDF.properties),
        (LONG.media_type, LONG.data, {}),
    ]
    head = received.header
    assert (received.message_id, head.conversation, head.refers_to) == (built.message_id, DOSSIER, "0@comity.DE")
    assert (head.original_sender, head.final_recipient, head.properties) == (
        "ua-pgo",
        "de-bfj",
        {"act": "request.send"},
    )
    assert received.partner is world.to_ua
    assert received.references == built.references
    assert received.digest == built.digest


def test_a_payload_is_compressed_where_it_pays(world):
    built = world.build(PDF, LONG)
    head = world.read(built.content_type, built.body).header
    assert ["CompressionType" in part.properties for part in head.parts] == [False, True]
    assert len(built.body) < len(PDF.data) + len(LONG.data)


def test_no_plain_byte_of_a_payload_travels(world):
    built = world.build(Payload("", "text/plain", b"Olena Example, account 4711"))
    assert b"Olena" not in built.body
    assert b"4711" not in built.body


def test_a_message_without_payload(world):
    built = world.build(pmode=pmode.FETCHED, payloads=())
    received = world.read(built.content_type, built.body)
    assert received.payloads == ()
    assert received.header.action == "fetched"


def test_an_empty_payload(world):
    built = world.build(Payload("", "text/plain", b""))
    assert world.read(built.content_type, built.body).payloads[0].data == b""


def test_our_own_stored_message_says_what_it_signed(world):
    built = world.build(PDF)
    assert message.references(built.content_type, built.body) == built.references
    stored = [reference.to_json() for reference in built.references]
    assert tuple(map(type(built.references[0]).from_json, stored)) == built.references


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"conversation": "a\x00b"}, "cannot hold"),
        ({"properties": {"name": "\ud800"}}, "cannot hold"),
        ({"payloads": (Payload("", "text/plain", bytes(pmode.ACT.part + 1)),)}, "exceeds"),
        ({"payloads": (Payload("", "text/plain", b"", {"sha256": "0"}),)}, "sets"),
        ({"payloads": (PDF, PDF)}, "two of one id"),
        ({"payloads": (Payload("", "text/plain", b""),) * 65}, "more than 64"),
    ],
)
def test_what_cannot_be_written(world, given, text):
    with pytest.raises(errors.UnwritableMessageError, match=text):
        world.build(**given)


def test_wrong_recipient(world):
    content_type, body = world.craft(recipient="comity:FR")
    with pytest.raises(errors.WrongRecipientError, match="comity:FR") as caught:
        world.read(content_type, body)
    assert caught.value.ebms == "EBMS:0003"
    assert caught.value.fields == {"message_id": "1@comity.UA", "party": "comity:UA"}


def test_a_message_for_another_node_passed_on_to_us(world):
    built = world.build()
    other = replace(world.de, party="comity:FR")
    with pytest.raises(errors.WrongRecipientError):
        world.read(built.content_type, built.body, keys=other)


def test_unknown_partner(world):
    built = world.build(keys=world.stranger)
    with pytest.raises(errors.UnknownPartnerError, match="comity:XX"):
        world.read(built.content_type, built.body)


def test_forged_sender_under_its_own_key(world):
    content_type, body = world.craft(keys=world.stranger)
    with pytest.raises(errors.ForgedSenderError) as caught:
        world.read(content_type, body)
    assert caught.value.ebms == "EBMS:0101"


def test_a_partner_cannot_speak_as_another(world):
    content_type, body = world.craft(keys=world.de)
    with pytest.raises(errors.ForgedSenderError):
        world.read(content_type, body)


def test_forged_sender_showing_the_real_certificate(world):
    liar = replace(world.ua, signing_key=world.ua.signing_key)
    object.__setattr__(liar, "signing_key", world.stranger.signing_key)
    content_type, body = world.craft(keys=liar)
    with pytest.raises(errors.AlteredMessageError):
        world.read(content_type, body)


@pytest.mark.parametrize("shift", [timedelta(days=-6), timedelta(minutes=6)])
def test_out_of_time(world, shift):
    content_type, body = world.craft(at=AT + shift)
    with pytest.raises(errors.OutOfTimeError):
        world.read(content_type, body)


@pytest.mark.parametrize("shift", [timedelta(days=-4), timedelta(minutes=4)])
def test_late_and_early_within_the_window(world, shift):
    content_type, body = world.craft(at=AT + shift)
    assert world.read(content_type, body).message_id == "1@comity.UA"


def test_expired_signing_certificate(world):
    old = certify(world.ua.signing_key, "TEST old", since=AT - timedelta(days=400), days=30)
    own = replace(world.ua, signing=old)
    listed = Federation.of(1, AT, [partner("UA", own), world.to_de])
    built = world.build(keys=own)
    with pytest.raises(errors.CertificateOutOfDateError):
        world.read(built.content_type, built.body, federation=listed)


def test_encrypted_for_another_key(world):
    other = keys("comity:DE")
    built = world.build(partner=partner("DE", other))
    with pytest.raises(errors.UndecipherableError) as caught:
        world.read(built.content_type, built.body)
    assert caught.value.ebms == "EBMS:0102"


@pytest.mark.parametrize("changes", [{"action": "delete"}, {"service": "urn:other"}])
def test_unknown_service_or_action(world, changes):
    content_type, body = world.craft(**changes)
    with pytest.raises(errors.UnexpectedActionError):
        world.read(content_type, body)


def test_gzip_bomb(world):
    bomb = gzip.compress(bytes(200 * 1024 * 1024), 9)
    part = {"a": {"MimeType": "text/plain", "CompressionType": "application/gzip"}}
    content_type, body = world.craft(plain={"a": bomb}, parts=part)
    with pytest.raises(errors.CompressionError) as caught:
        world.read(content_type, body)
    assert caught.value.ebms == "EBMS:0303"


@pytest.mark.parametrize(
    "data",
    [
        b"no gzip",
        gzip.compress(b"cut")[:-3],
        gzip.compress(b"one") + gzip.compress(b"two"),
        gzip.compress(b"x") + b"y",
        b"",
    ],
    ids=["no-gzip", "cut", "two-members", "trailing", "empty"],
)
def test_not_one_whole_gzip_stream(world, data):
    part = {"a": {"MimeType": "text/plain", "CompressionType": "application/gzip"}}
    content_type, body = world.craft(plain={"a": data}, parts=part)
    with pytest.raises(errors.CompressionError):
        world.read(content_type, body)


@pytest.mark.parametrize(
    ("properties", "error"),
    [
        ({"MimeType": "text/plain", "CompressionType": "application/brotli"}, errors.CompressionError),
        ({"MimeType": "text/plain", "sha256": "0" * 64}, errors.PayloadError),
        ({}, errors.HeaderError),
        ({"MimeType": ""}, errors.HeaderError),
    ],
    ids=["brotli", "other-digest", "no-media-type", "empty-media-type"],
)
def test_part_properties_that_do_not_hold(world, properties, error):
    content_type, body = world.craft(plain={"a": b"act"}, parts={"a": properties})
    with pytest.raises(error):
        world.read(content_type, body)


def test_a_payload_beyond_the_cap(world):
    small = replace(pmode.ACT, part=10)
    built = world.build(Payload("", "text/plain", b"eleven byte"))
    with pytest.raises(errors.OversizedMessageError):
        world.read(built.content_type, built.body, pmodes=(small,))


def test_a_body_beyond_the_cap(world):
    built = world.build()
    with pytest.raises(errors.OversizedMessageError):
        world.read(built.content_type, built.body, pmodes=(replace(pmode.ACT, size=1000),))


@pytest.mark.parametrize("name", ["eb:MessageInfo", "eb:PartyInfo", "eb:CollaborationInfo", "eb:MessageProperties"])
def test_missing_header(world, name):
    def remove(envelope):
        user = envelope.messaging[0]
        user.remove(user.find(q(name)))

    content_type, body = world.craft(before=remove)
    with pytest.raises(errors.HeaderError):
        world.read(content_type, body)


@pytest.mark.parametrize(
    "path",
    [
        "eb:MessageInfo",
        "eb:PartyInfo",
        "eb:PartyInfo/eb:From",
        "eb:PartyInfo/eb:To",
        "eb:PartyInfo/eb:From/eb:PartyId",
        "eb:MessageInfo/eb:MessageId",
        "eb:MessageInfo/eb:Timestamp",
        "eb:CollaborationInfo/eb:Action",
        "eb:CollaborationInfo/eb:ConversationId",
        "eb:MessageProperties/eb:Property",
        "eb:PayloadInfo/eb:PartInfo",
        "eb:PayloadInfo",
    ],
)
def test_doubled_header(world, path):
    from copy import deepcopy

    def double(envelope):
        element = envelope.messaging[0].find("/".join(q(step) for step in path.split("/")))
        element.addnext(deepcopy(element))

    content_type, body = world.craft(before=double)
    with pytest.raises(errors.HeaderError):
        world.read(content_type, body)


@pytest.mark.parametrize(
    "at", ["2026-11-24T12:00:00", "24.11.2026", "2026-13-24T12:00:00Z", "9999-12-31T23:59:59-14:00", ""]
)
def test_a_time_that_is_none(world, at):
    def change(envelope):
        envelope.messaging[0].find(f".//{q('eb:Timestamp')}").text = at

    content_type, body = world.craft(before=change)
    with pytest.raises(errors.HeaderError):
        world.read(content_type, body)


def test_every_refusal_says_what_why_and_what_to_do():
    leaves = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, ExchangeError)]
    for leaf in leaves:
        error = leaf()
        assert error.detail
        if leaf not in (ExchangeError, errors.MessageRefusedError):
            assert error.cause, leaf
            assert error.remedy, leaf
    codes = [leaf.code for leaf in leaves]
    assert len(set(codes)) == len(codes)
