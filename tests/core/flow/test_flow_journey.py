"""The journey in memory: every leg of the flow, both directions, real messages, a real package, the installed law."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity.evidence.custody import Offer
from comity.flow import accept, admit, consider, execute, giveback
from comity.flow.consider import Kind, Weight
from comity.flow.errors import ActRefusedError, AttachmentMissingError, NotAcceptedError, NotUndertakenError
from comity.flow.prepare import prepare
from comity.law.errors import QuestionError
from comity.law.form import Side
from comity.request import body, lifecycle
from comity.request.calendar import calendar
from comity.request.clock import ClockState
from comity.signing.trust import Trust
from comity.signing.verdict import Indication
from comity.values import DossierId
from support.journey import TODAY, Journey, law

ROUTES = [(("UA", "DE"), "coe-030"), (("FR", "ES"), "eu-eio"), (("UA", "BT"), "")]
FILES = {"statement.csv": b"date,amount\n2026-02-03,61400.00\n" * 20, "medium.img": bytes(range(256)) * 64}
FULL = {
    "persons": [{"role": "suspect", "name": "Ivan Vyhadanyi", "born": "1980-01-01", "nationality": "UA", "address": "Kyiv"}],
    "offences": [{"id": "fraud", "classification": "Fraud", "provision": "Art. 190", "text": "Whoever deceives ..."}],
    "assistance": "Obtain the records.", "necessity": "Nothing less would do.", "proceedings": {"subject": "Fraud"},
}  # fmt: skip


@pytest.mark.parametrize(("between", "instrument"), ROUTES)
def test_a_request_is_sent_considered_executed_answered_and_accepted(between, instrument):
    journey = Journey(between, instrument)
    request = journey.ask(**FULL)
    assert request.basis.instrument == instrument
    found = journey.consider(request)
    assert (found.agrees, found.differences, found.missing) == (True, (), ())
    exhibits = journey.execute(request, FILES)
    returned = journey.give_back(request)
    verification = journey.verified(returned)
    assert verification.status is Indication.PASSED, [part.reason for part in verification.broken]
    matched = journey.take_over(request, verification)
    assert matched.fits
    assert (matched.answered, matched.outstanding) == (("bank_records",), ())
    assert matched.exhibits == tuple(exhibit.number for exhibit in exhibits)
    for site in (journey.here, journey.there):
        assert lifecycle.status(site.acts, journey.form).id == "closed"
    closed = body.read("request.close", journey.here.acts[-1].body)
    assert isinstance(closed, body.Close)
    assert closed.outcome == "fulfilled"


def test_shared_acts_are_the_same_bytes_in_both_states_and_internal_ones_stay():
    journey = Journey(*ROUTES[0])
    request = journey.ask(**FULL)
    journey.consider(request)
    journey.execute(request, FILES)
    journey.give_back(request)
    here, there = journey.here.envelopes, journey.there.envelopes
    shared = {act.digest for act in journey.here.acts if journey.form.shared(act.kind)}
    assert shared == here.keys() & there.keys()
    assert {digest: here[digest] for digest in shared} == {digest: there[digest] for digest in shared}
    assert {act.kind for act in journey.here.acts if act.digest not in shared} == {"request.draft", "request.approve"}


def test_the_package_holds_what_the_partner_may_see_and_no_more():
    journey = Journey(*ROUTES[0])
    request = journey.ask(**FULL)
    journey.consider(request)
    journey.execute(request, FILES)
    verification = journey.verified(journey.give_back(request))
    kinds = {act.kind for act in verification.acts}
    assert {"request.send", "custody.collect", "custody.examine", "custody.undertake"} <= kinds
    assert not kinds & {"request.draft", "request.approve", "request.consider", "execution.assign"}
    assert {paper.name for paper in verification.description.papers} == {"request.json"}


def test_conditions_of_use_follow_from_the_legal_basis():
    journey = Journey(*ROUTES[0])
    request = journey.ask(**FULL)
    found = {condition.id: condition for condition in execute.conditions(request)}
    protocol = next(condition for condition in found.values() if "182" in condition.provision)
    assert [str(purpose) for purpose in protocol.allows] == ["this-case", "related-case", "threat"]
    journey.consider(request)
    journey.execute(request, FILES)
    offer = next(act for act in journey.there.acts if act.kind == "custody.offer")
    assert {c.id for exhibit in Offer.read(offer.body).exhibits for c in exhibit.conditions} == set(found)
    assert set(offer.conditions) == set(found)


def test_clocks_run_by_what_the_request_carries():
    journey = Journey(*ROUTES[1])
    request = journey.ask(**FULL)
    journey.consider(request)
    found = lifecycle.clocks(journey.here.acts, journey.form, request.provisions, calendar(request.requested))
    limits = {clock.id: clock for clock in found}
    assert set(limits) == {"acknowledgement", "decision", "asked-for"}
    assert limits["acknowledgement"].state is ClockState.MET
    assert limits["decision"].due.isoformat() == "2026-12-24"
    assert "16(1)" in limits["acknowledgement"].article


def test_nothing_is_packed_before_the_conditions_are_accepted():
    journey = Journey(*ROUTES[0])
    request = journey.ask(**FULL)
    journey.consider(request)
    with pytest.raises(NotUndertakenError, match="Nothing was offered"):
        journey.give_back(request)


def test_an_undertaking_of_another_offer_does_not_count():
    journey = Journey(*ROUTES[0])
    request = journey.ask(**FULL)
    journey.consider(request)
    journey.execute(request, FILES)
    offer = next(act for act in journey.there.acts if act.kind == "custody.offer")
    again = replace(offer, at=journey.tick(), follows=(journey.there.acts[-1].digest,))
    with pytest.raises(NotUndertakenError, match="not what was offered last"):
        giveback.undertaken([*journey.there.acts, again])


def test_a_broken_package_is_not_taken_over():
    journey = Journey(*ROUTES[0])
    request = journey.ask(**FULL)
    journey.consider(request)
    journey.execute(request, FILES)
    returned = journey.give_back(request)
    with journey.here.blobs.open(returned.attachments[0].digest) as stream:
        data = bytearray(stream.read())
    data[data.index(b"61400")] ^= 1
    verification = journey.verified(returned, alter=bytes(data))
    matched = accept.match(verification, journey.case(journey.here), request)
    assert verification.status is Indication.FAILED
    assert not matched.fits
    assert any("not the package" in fault for fault in matched.faults)
    with pytest.raises(NotAcceptedError) as refused:
        accept.receive(matched, journey.case(journey.here), journey.here.actor("central"), journey.at)
    assert refused.value.fields["faults"]


def test_an_indeterminate_package_needs_a_persons_reason_that_stands_in_the_act():
    journey = Journey(*ROUTES[0])
    request = journey.ask(**FULL)
    journey.consider(request)
    journey.execute(request, FILES)
    verification = journey.verified(journey.give_back(request), trust=Trust({journey.here.state: ()}, ()))
    assert verification.status is Indication.INDETERMINATE
    here = journey.here
    matched = accept.match(verification, journey.case(here), request)
    if matched.faults:
        pytest.fail(f"It fits but for its anchors: {matched.faults}")
    with pytest.raises(NotAcceptedError, match="cannot be fully checked"):
        accept.receive(matched, journey.case(here), here.actor("central"), journey.tick())
    why = "The anchor was compared by telephone."
    act = accept.receive(matched, journey.case(here), here.actor("central"), journey.tick(), despite=why)
    assert act.body["status"] == "indeterminate"
    assert why in act.body["found"]


def test_evidence_for_some_measures_closes_as_partly_fulfilled():
    journey = Journey(*ROUTES[0])
    request = journey.ask(measures=["bank_records", "witness_hearing"], **FULL)
    journey.consider(request)
    journey.execute(request, FILES)
    returned = journey.give_back(request, measures=["bank_records"], complete=False, text="The witness is ill.")
    matched = journey.take_over(request, journey.verified(returned))
    assert (matched.answered, matched.outstanding) == (("bank_records",), ("witness_hearing",))
    assert journey.here.acts[-1].body["outcome"] == "partly-fulfilled"


def test_a_refusal_closes_as_refused_and_names_its_provision():
    journey = Journey(*ROUTES[0])
    request = journey.ask(**FULL)
    found = journey.consider(request)
    ground = next(one for one in found.decisions if one.kind is Kind.REFUSE and one.ground == "essential_interests")
    assert (ground.weight, ground.article) == (Weight.MAY, "ETS No. 030 Art. 2(b)")
    assert ground.title.en != ground.ground
    assert ground.to_json()["uk"] == ground.title.uk
    said = body.Refuse(ground=ground.ground, text="It would harm the state.", provision=ground.provision)
    journey.post(journey.make(journey.there, "request.refuse", "central", said))
    here = journey.here
    act = accept.close(journey.case(here), request, here.actor("central"), journey.tick())
    assert act.body["outcome"] == "refused"


def test_an_act_that_comes_twice_or_out_of_order_is_refused():
    journey = Journey(*ROUTES[0])
    request = journey.ask(**FULL)
    journey.consider(request)
    with pytest.raises(ActRefusedError, match="known here already"):
        journey.post(journey.there.acts[1])
    refused = replace(journey.there.acts[1], kind="request.accept", body={"measures": []})
    with pytest.raises(ActRefusedError, match="refused at 'measures'"):
        journey.post(refused)
    drafted = next(act for act in journey.here.acts if act.kind == "request.draft")
    with pytest.raises(ActRefusedError, match="are not sent to the other state"):
        journey.post(replace(drafted, follows=()))


def test_the_requested_state_sees_where_its_law_differs():
    journey = Journey(*ROUTES[0])
    request = journey.ask(**FULL)
    one = request.undertakings[0]
    altered = replace(
        request,
        law=replace(request.law, release="2020.1", lawbase="0" * 64, resolution="1" * 64),
        undertakings=(replace(one, text="We may do as we like."), *request.undertakings[1:]),
        provisions=request.provisions[1:],
    )
    found = consider.consider(altered, law(), on=TODAY)
    lines = {difference.line: difference for difference in found.differences}
    assert {"law base release", "law base digest", one.provision, request.provisions[0].provision} == set(lines)
    assert "as we like" in lines[one.provision].theirs
    assert one.text in lines[one.provision].ours
    assert lines[request.provisions[0].provision].theirs == ""
    assert not found.agrees


def test_what_only_the_senders_law_base_knows_is_a_difference_and_no_failure():
    journey = Journey(*ROUTES[0])
    request = journey.ask(**FULL)
    newer = replace(
        request,
        draft=replace(request.draft, measures=("bank_records", "mind_reading")),
        law=replace(request.law, facts={"transnational": "yes", "phase_of_the_moon": "full"}, resolution="1" * 64),
    )
    found = consider.consider(newer, law(), on=TODAY)
    assert {"measure mind_reading", "fact phase_of_the_moon"} <= {one.line for one in found.differences}
    assert found.resolution.question.measures == ("bank_records",)
    assert found.resolution.question.facts == {"transnational": True}
    with pytest.raises(QuestionError, match="mind_reading"):
        consider.consider(replace(newer, draft=replace(newer.draft, measures=("mind_reading",))), law(), on=TODAY)


def test_a_basis_the_requested_state_does_not_see_is_a_difference():
    journey = Journey(*ROUTES[0])
    request = journey.ask(**FULL)
    strange = replace(
        request, basis=replace(request.basis, instrument="eu-eio"), law=replace(request.law, resolution="1" * 64)
    )
    (found,) = consider.consider(strange, law(), on=TODAY).differences
    assert (found.line, found.theirs) == ("legal basis", "eu-eio")


def test_values_a_form_sent_are_prepared_with_what_is_missing():
    given = {"measures": ["bank_records"], "offences": [{"id": "fraud"}], "object": "x", "facts.when": "in May"}
    found = prepare(given, law(), requesting="UA", requested="DE", on=TODAY, instrument="coe-030")
    lacking = {one.field: one.article for one in found.missing}
    assert lacking["reason"] == "ETS No. 030 Art. 14(1)"
    assert found.draft.facts.when == "in May"
    assert (found.form.id, found.instrument) == ("mla-letter", "coe-030")


def test_read_leniently_refused_values_are_left_out_and_listed():
    given = {
        "measures": ["bank_records"], "object": 7, "facts.when": "x" * 999, "facts.what": "It happened.", "nonsense": "x",
        "accounts": [{"iban": "no"}, {"number": "1"}],
    }  # fmt: skip
    found = prepare(given, law(), requesting="UA", requested="DE", on=TODAY, lenient=True)
    assert {str(error.fields["field"]) for error in found.refused} == {
        "object",
        "facts.when",
        "nonsense",
        "accounts[0].iban",
    }
    assert found.draft.facts.what == "It happened."
    assert [account.number for account in found.draft.accounts] == ["1"]


def test_what_may_come_next_is_different_for_each_side():
    journey = Journey(*ROUTES[0])
    journey.ask(**FULL)
    steps = {side: {s.act for s in lifecycle.possible(journey.there.acts, journey.form, side)} for side in Side}
    assert steps[Side.EXECUTING] == {"request.receive"}
    assert steps[Side.ISSUING] == {"request.withdraw"}


def altered(journey: Journey, **changes):
    """What would have been admitted, had the act of sending said something else of its request."""
    act = next(act for act in journey.there.acts if act.kind == "request.send")
    content = {a.digest: journey.there.blobs.open(a.digest).read() for a in act.attachments}
    body_ = {**act.body, **changes.pop("body", {})}
    return admit.Admitted(replace(act, body=body_, **changes), b"", None, content, ())


def test_the_request_an_act_carries_is_the_one_it_names():
    journey = Journey(*ROUTES[0])
    request = journey.ask(**FULL)
    assert admit.asked(altered(journey)) == request


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"body": {"request": "0" * 64}}, AttachmentMissingError, "does not carry"),
        ({"body": {"basis": "eu-eio"}}, ActRefusedError, "another cooperation, basis or law"),
        ({"body": {"release": "2020.1"}}, ActRefusedError, "another cooperation, basis or law"),
        ({"body": {"resolution": "0" * 64}}, ActRefusedError, "another cooperation, basis or law"),
        ({"dossier": DossierId.read("MLA-UA-DE-2026-11-24-0002-1")}, ActRefusedError, "another cooperation"),
    ],
)
def test_an_act_that_says_something_else_of_its_request_is_refused(changes, error, said):
    journey = Journey(*ROUTES[0])
    journey.ask(**FULL)
    with pytest.raises(error, match=said):
        admit.asked(altered(journey, **changes))


def test_a_letter_is_no_request():
    journey = Journey(*ROUTES[0])
    journey.ask(**FULL)
    letter = altered(journey).act.body["letter"]
    with pytest.raises(ActRefusedError, match="JSON"):
        admit.asked(altered(journey, body={"request": letter}))
