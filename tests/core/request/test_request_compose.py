from __future__ import annotations

from dataclasses import replace

import pytest

from comity.request import compose, read
from comity.request.contents import contents
from comity.request.errors import IncompleteError, MalformedRequestError, OtherQuestionError
from comity.request.form import fields
from comity.values import DossierId, StateCode
from support.cooperation import BEGIN, LETTER, ORDER, ABasis, AQuestion, ARule, answer, dossier, draft, request


def paths(lacking):
    return {one.field for one in lacking}


def test_what_the_basis_requires_is_what_the_form_asks():
    form = {one.id: one for one in fields(answer(LETTER))}
    assert form["reason"].required
    assert form["reason"].articles == ("ETS No. 030 Art. 14(1)",)
    assert not form["damage"].required
    assert not {one.id: one for one in fields(answer(None, reciprocity=()))}["reason"].required


def test_a_form_with_sections_of_its_own_offers_their_statements():
    form = {one.id: one for one in fields(answer(ORDER))}
    offered = form["particulars.legal_remedies"]
    assert (offered.required, offered.demands, offered.label_uk) == (False, (), "Оскарження цього ордера")
    assert "particulars.legal_remedies" not in {one.id for one in fields(answer(LETTER))}


def test_every_field_is_labelled_in_both_languages_and_grouped():
    for one in fields(answer(ORDER)):
        assert one.label_en
        assert one.label_uk
        assert one.group_en
        assert one.group_uk


@pytest.mark.parametrize(
    ("change", "field", "article"),
    [
        ({"object": ""}, "object", "ETS No. 030 Art. 14(1)"),
        ({"reason": ""}, "reason", "ETS No. 030 Art. 14(1)"),
        ({"facts": {"when": "x"}}, "facts.what", "ETS No. 030 Art. 14(2)"),
        ({"issuing_authority": ""}, "issuing_authority", "ETS No. 030 Art. 14(1)"),
        ({"executing_authority": ""}, "executing_authority", ""),
        ({"offences": [{"id": "fraud"}]}, "offences[0].classification", "ETS No. 030 Art. 14(2)"),
    ],
)
def test_an_incomplete_draft_says_which_provision_asks_for_what_is_missing(change, field, article):
    lacking = compose.missing(draft(**change), answer(LETTER))
    found = {one.field: one for one in lacking}
    assert found[field].article == article
    with pytest.raises(IncompleteError) as refused:
        compose.compose(draft(**change), answer(LETTER), dossier=dossier(), at=BEGIN)
    assert field in {one["field"] for one in refused.value.fields["missing"]}
    assert article in refused.value.detail


def test_what_is_asked_only_as_far_as_known_may_be_missing():
    assert compose.missing(draft(persons=[]), answer(LETTER)) == ()


def test_a_measure_the_basis_does_not_provide_for_needs_a_request_of_its_own():
    both = replace(LETTER, measures=("bank_records",)), replace(ORDER, measures=("witness_hearing",))
    law = answer(question=AQuestion(StateCode("UA"), StateCode("DE"), ("bank_records", "witness_hearing"), ("fraud",)))
    lacking = compose.missing(draft(measures=["bank_records", "witness_hearing"]), replace(law, bases=both))
    (found,) = [one for one in lacking if one.field == "measures"]
    assert found.text == "ETS No. 030 does not provide for this; it needs a request of its own on Directive 2014/41/EU."
    assert "witness" in found.label_en


def test_urgency_and_confidentiality_need_their_reasons():
    lacking = compose.missing(draft(urgency={"urgent": True}, confidential=True), answer(LETTER))
    assert {"urgency.reason", "confidentiality_reason"} <= paths(lacking)


def test_a_content_the_table_does_not_know_is_asked_under_the_provisions_own_words():
    strange = ABasis(
        "coe-030", "T", "R", (ARule("p", "Art. 99", "request_content", "moon_phase", "The phase of the moon"),)
    )
    form = {one.id: one for one in fields(answer(strange))}
    assert form["particulars.moon_phase"].label_en == "The phase of the moon"
    assert "particulars.moon_phase" in paths(compose.missing(draft(), answer(strange)))
    assert compose.missing(draft(particulars={"moon_phase": "full"}), answer(strange)) == ()


def test_a_content_asked_for_some_measures_is_asked_for_those_only():
    wanted = ABasis("coe-030", "T", "R", (ARule("p", "Art. 14", "request_content", "addressee"),))
    assert contents().contents["addressee"].measures
    assert compose.missing(draft(), answer(wanted)) == ()


def test_a_request_reads_back_from_its_canonical_bytes():
    for made in (
        request(LETTER),
        request(ORDER, "FR-ES"),
        request(None, "UA-BT", answer(None, "UA-BT", fallback=True)),
    ):
        assert read.read(made.canonical) == made
        assert made.digest.hex in str(made.digest)


def test_a_request_names_law_base_resolution_basis_and_undertakings():
    made = request(LETTER)
    assert (made.form, made.basis.instrument, made.basis.joined) == ("mla-letter", "coe-030", ("coe-182",))
    assert (made.law.release, made.law.resolution) == ("2026.11.24", "c" * 64)
    assert {one.kind for one in made.undertakings} == {"data_protection"}
    assert {one.basis for one in made.provisions} == {"looked-up", "recalled"}
    assert request(ORDER, "FR-ES").form == "eio"
    limits = {one.article: (one.amount, one.unit) for one in request(ORDER, "FR-ES").provisions if one.amount}
    assert limits["Directive 2014/41/EU Art. 12(4)"] == (90, "days")


@pytest.mark.parametrize("cut", [0, 1, 100, -1])
def test_bytes_that_are_no_request_are_refused(cut):
    with pytest.raises(MalformedRequestError):
        read.read(request().canonical[:cut])


def test_a_request_in_another_order_of_members_is_refused():
    data = request().canonical
    with pytest.raises(MalformedRequestError):
        read.read(data.replace(b'{"at":', b'{ "at":', 1))


def test_draft_resolution_and_dossier_must_belong_together():
    with pytest.raises(OtherQuestionError, match="resolution is about bank_records"):
        compose.compose(draft(measures=["witness_hearing"]), answer(), dossier=dossier(), at=BEGIN)
    with pytest.raises(OtherQuestionError, match="differ in"):
        compose.compose(draft(offences=[{"id": "theft", "classification": "x"}]), answer(), dossier=dossier(), at=BEGIN)
    with pytest.raises(OtherQuestionError, match="not one between"):
        compose.compose(draft(), answer(), dossier=DossierId.read("MLA-UA-PL-2026-11-24-0001-1"), at=BEGIN)
    with pytest.raises(OtherQuestionError, match="no legal basis"):
        compose.compose(draft(), answer(), dossier=dossier(), at=BEGIN, instrument="eu-eio")


def test_the_second_basis_can_be_chosen():
    both = replace(answer(LETTER), bases=(LETTER, ORDER))
    made = compose.compose(draft(), both, dossier=dossier(ORDER), at=BEGIN, instrument="eu-eio")
    assert (made.form, made.basis.instrument) == ("eio", "eu-eio")
