"""What is not let in: acts that are forged, altered, unsigned, of others, or without their files."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest

from comity.exchange import claims, message
from comity.exchange.errors import MessageRefusedError, OutOfOrderError
from comity.exchange.message import Payload
from comity.flow import admit, dispatch
from comity.flow.dispatch import ENVELOPE
from comity.flow.errors import ActRefusedError, AttachmentMissingError, ForgedActError, SealNotTrustedError
from comity.law.form import forms
from comity.record import Act, Actor
from comity.signing.trust import Trust
from comity.values import DossierId, StateCode
from support.journey import Journey, Site

FULL = {"persons": [], "assistance": "Obtain the records."}


@pytest.fixture(scope="module")
def journey() -> Journey:
    made = Journey(("UA", "DE"), "coe-030")
    made.ask(**FULL)
    return made


def sent(journey: Journey) -> Act:
    return next(act for act in journey.here.acts if act.kind == "request.send")


def receive(journey: Journey, *payloads: Payload, conversation: str = "", sender: Site | None = None):
    sender = sender or journey.here
    built = message.build(
        keys=sender.keys, partner=journey.there.partner, payloads=payloads, conversation=conversation or str(journey.id),
        original_sender="ua-x", final_recipient="de-x", at=journey.at,
    )  # fmt: skip
    return message.read(
        built.content_type, built.body, keys=journey.there.keys, federation=journey.federation, at=journey.at
    )


def payloads(journey: Journey, act: Act, *, site: Site | None = None, without: str = "", files: bool = True):
    site = site or journey.here
    found = [Payload("", ENVELOPE, dispatch.seal(act, site.signer))]
    for attached in act.attachments if files else ():
        if attached.name != without:
            with journey.here.blobs.open(attached.digest) as stream:
                found.append(Payload("", attached.media_type, stream.read()))
    return found


def let_in(journey: Journey, received, trust: Trust | None = None) -> admit.Admitted:
    return admit.admit(received, own=journey.there.state, trust=trust or journey.trust, at=journey.at)


def test_a_whole_act_is_let_in_with_its_files(journey):
    act = sent(journey)
    admitted = let_in(journey, receive(journey, *payloads(journey, act)))
    assert admitted.act == act
    assert set(admitted.contents) == {attached.digest for attached in act.attachments}
    assert admitted.verdict.passed


def test_a_message_carries_exactly_one_act(journey):
    act = sent(journey)
    for count in (0, 2):
        carried = [Payload("", ENVELOPE, dispatch.seal(act, journey.here.signer))] * count
        if not carried:
            carried = [Payload("", "text/plain", b"no act")]
        with pytest.raises(ActRefusedError, match=f"carries {count} sealed acts"):
            let_in(journey, receive(journey, *carried))


def test_an_act_of_another_state_is_forged(journey):
    act = sent(journey)
    forged = replace(act, actor=replace(act.actor, state=StateCode("DE")))
    with pytest.raises(ForgedActError, match="The message came from UA, the act is of DE"):
        let_in(journey, receive(journey, *payloads(journey, forged)))


def test_an_act_sealed_by_another_state_is_forged(journey):
    with pytest.raises(ForgedActError, match="its seal of DE"):
        let_in(journey, receive(journey, *payloads(journey, sent(journey), site=journey.there)))


def test_an_act_in_a_cooperation_of_others_is_forged(journey):
    strange = replace(sent(journey), dossier=DossierId.read("MLA-UA-PL-2026-11-24-0001-1"))
    with pytest.raises(ForgedActError, match="not one between"):
        let_in(journey, receive(journey, *payloads(journey, strange), conversation=str(strange.dossier)))


def test_an_act_must_belong_to_the_conversation_it_comes_in(journey):
    with pytest.raises(ForgedActError, match="another cooperation"):
        let_in(journey, receive(journey, *payloads(journey, sent(journey)), conversation="MLA-UA-DE-2026-11-24-0009-1"))


def test_an_act_that_was_altered_or_is_not_sealed_is_refused(journey):
    act = sent(journey)
    envelope = json.loads(dispatch.seal(act, journey.here.signer))
    other = json.loads(dispatch.seal(replace(act, language="uk"), journey.here.signer))
    for broken in (
        {**envelope, "payload": other["payload"]},
        {**envelope, "signatures": []},
        {**envelope, "payloadType": "text/plain"},
    ):
        data = json.dumps(broken, separators=(",", ":")).encode()
        with pytest.raises(ActRefusedError):
            let_in(journey, receive(journey, Payload("", ENVELOPE, data)))


def test_a_seal_under_no_known_anchor_is_not_trusted(journey):
    received = receive(journey, *payloads(journey, sent(journey)))
    nobody = Trust({journey.there.state: journey.there.partner.seal_anchors}, ())
    with pytest.raises(SealNotTrustedError, match="does not verify"):
        let_in(journey, received, trust=nobody)


@pytest.mark.parametrize("name", ["request.json", "letter.pdf"])
def test_a_missing_file_is_named(journey, name):
    with pytest.raises(AttachmentMissingError, match=f"missing or altered: {name}"):
        let_in(journey, receive(journey, *payloads(journey, sent(journey), without=name)))


def test_an_altered_file_is_named(journey):
    carried = payloads(journey, sent(journey))
    carried[1] = Payload("", carried[1].media_type, carried[1].data + b" ")
    with pytest.raises(AttachmentMissingError, match=r"missing or altered: request\.json"):
        let_in(journey, receive(journey, *carried))


def test_a_file_the_act_does_not_name_is_refused(journey):
    carried = [*payloads(journey, sent(journey)), Payload("", "text/plain", b"surprise")]
    with pytest.raises(AttachmentMissingError, match="does not name"):
        let_in(journey, receive(journey, *carried))


def test_large_files_are_announced_and_small_ones_travel_along(journey, monkeypatch):
    monkeypatch.setattr(dispatch, "INLINE", 8_000)
    act = sent(journey)
    made = dispatch.dispatch(
        act, blobs=journey.here.blobs, signer=journey.here.signer, keys=journey.here.keys,
        partner=journey.there.partner, recipient="de-x", at=journey.at,
    )  # fmt: skip
    large = {attached.digest for attached in act.attachments if attached.size > 8_000}
    assert {claim.sha256 for claim in made.claimed} == large != set()
    received = message.read(
        made.message.content_type,
        made.message.body,
        keys=journey.there.keys,
        federation=journey.federation,
        at=journey.at,
    )
    admitted = let_in(journey, received)
    assert {claim.sha256 for claim in admitted.claimed} == large
    assert set(admitted.contents) == {attached.digest for attached in act.attachments} - large


def test_a_claim_of_another_content_is_an_altered_file(journey):
    act = sent(journey)
    with journey.here.blobs.open(act.attachments[1].digest) as stream:
        claim = claims.measure(io.BytesIO(stream.read() + b" "))
    carried = [*payloads(journey, act, without="letter.pdf"), Payload("", claims.MEDIA_TYPE, claims.build([claim]))]
    with pytest.raises(AttachmentMissingError, match=r"letter\.pdf"):
        let_in(journey, receive(journey, *carried))


def test_a_message_for_another_node_or_cut_short_never_gets_this_far(journey):
    act = sent(journey)
    made = dispatch.dispatch(
        act, blobs=journey.here.blobs, signer=journey.here.signer, keys=journey.here.keys,
        partner=journey.there.partner, recipient="de-x", at=journey.at,
    )  # fmt: skip
    body = made.message.body
    for data, keys in ((body[:-100], journey.there.keys), (body, journey.here.keys)):
        with pytest.raises(MessageRefusedError):
            message.read(made.message.content_type, data, keys=keys, federation=journey.federation, at=journey.at)


def test_an_act_that_follows_one_not_known_here_waits_for_it(journey):
    act = sent(journey)
    later = replace(act, kind="request.withdraw", body={"text": "No more."}, attachments=(), follows=(act.digest,))
    admitted = let_in(journey, receive(journey, *payloads(journey, later)))
    with pytest.raises(OutOfOrderError):
        admit.join(admitted, [], journey.form)
    admit.join(admitted, [act], journey.form)


def test_a_kind_of_act_nobody_knows_is_refused(journey):
    actor = Actor(journey.here.state, "ua-authority", "central", "Officer (fictional)")
    strange = Act(journey.id, "request.dance", actor, journey.at, "", {})
    admitted = let_in(journey, receive(journey, *payloads(journey, strange)))
    with pytest.raises(ActRefusedError, match="are not sent to the other state"):
        admit.join(admitted, [], forms()["mla-letter"])
