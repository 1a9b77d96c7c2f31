"""What the law says between two states: the answers an officer of a central authority would expect, from the articles."""

from __future__ import annotations

import pytest

from comity.law.base import LawBase
from comity.law.question import Question
from comity.law.resolution import Basis, Resolution
from comity.law.resolve import resolve


@pytest.fixture(scope="session")
def ask(lawbase: LawBase):
    def asked(
        here: str, there: str, measure: str, offence: str = "", on: str = "2026-11-24", **facts: str
    ) -> Resolution:
        question = Question.read(
            requesting=here,
            requested=there,
            measures=measure.split(","),
            offences=[offence] if offence else [],
            on=on,
            facts=facts,
            base=lawbase,
        )
        return resolve(question, lawbase)

    return asked


def leads(answer: Resolution) -> list[str]:
    return [basis.instrument for basis in answer.bases if basis.status != "residual"]


def why_not(answer: Resolution, instrument: str) -> str:
    return next(one.why for one in answer.excluded if one.instrument == instrument)


def provisions(basis: Basis, kind: str) -> set[str]:
    return {rule.provision for rule in basis.of(kind)}


def test_ukraine_asks_germany_for_bank_records(ask):
    answer = ask("UA", "DE", "bank_records", "fraud")
    first = answer.bases[0]
    assert (first.instrument, first.with_, first.status) == ("coe-030", ("coe-099", "coe-182"), "applicable")
    assert not answer.fallback
    assert first.of("language")[0].value == ("de",)
    assert first.of("language")[0].of_state == "DE"
    contents = {word for rule in first.of("request_content") for word in rule.value}
    assert {"requesting_authority", "object_and_reason", "offence", "summary_of_facts"} <= contents
    grounds = {
        word for r in first.of("refusal_optional") for word in ([r.value] if isinstance(r.value, str) else r.value)
    }
    assert {"political_or_fiscal_offence", "essential_interests", "data_protection"} <= grounds
    assert any("Federal Office of Justice" in authority.name for authority in first.authorities)
    assert all(rule.source and rule.basis in {"looked-up", "recalled"} and rule.article for rule in first.rules)


def test_what_the_second_protocol_replaces_is_undone_and_says_by_what(ask):
    undone = {rule.article: rule.undone_by for rule in ask("UA", "DE", "bank_records", "fraud").bases[0].undone}
    assert undone["ETS No. 030 Art. 15(1)"].startswith("ETS No. 182 Art. 4")
    assert undone["ETS No. 030 Art. 20"].startswith("ETS No. 182 Art. 5")
    assert undone["ETS No. 030 Art. 16(2)"] == "declaration of DE to ETS No. 030 Art. 16(2)"


def test_without_the_protocol_the_old_channel_stands(ask):
    first = ask("UA", "AZ", "bank_records", "fraud").bases[0]
    assert "coe-182" not in first.with_
    assert {"ministry_of_justice"} <= {rule.value for rule in first.of("channel")}


def test_the_requesting_states_declarations_may_be_held_against_it_but_never_apply_of_themselves(ask):
    first = ask("UA", "DE", "search_and_seizure", "fraud").bases[0]
    mutual = [rule for rule in first.of("reciprocity") if rule.of_state == "UA"]
    assert mutual
    assert {rule.value for rule in mutual} == {"may"}
    assert {rule.of_state for rule in first.of("dual_criminality") if rule.of_state} == {"DE"}


def test_fiscal_refusal_is_limited_by_the_first_protocol(ask):
    ground = next(
        r
        for r in ask("UA", "DE", "tax_records", "tax_evasion").bases[0].of("refusal_optional")
        if r.article.endswith("2(a)")
    )
    assert "ETS No. 099 Art. 1" in ground.why
    ground = next(
        r
        for r in ask("UA", "CH", "tax_records", "tax_evasion").bases[0].of("refusal_optional")
        if r.article.endswith("2(a)")
    )
    assert not ground.why


def test_between_member_states_the_investigation_order_takes_the_place(ask):
    answer = ask("FR", "ES", "bank_records", "fraud")
    assert leads(answer) == ["eu-eio"]
    assert "34(1)(a)" in why_not(answer, "coe-030")
    assert "34(1)(c)" in why_not(answer, "eu-mla-2000")
    limits = {(rule.step, rule.amount, rule.unit) for rule in answer.bases[0].of("time_limit")}
    assert {("recognition", 30, "days"), ("execution", 90, "days"), ("acknowledgement", 7, "days")} <= limits


def test_service_of_documents_stays_with_the_2000_convention(ask):
    answer = ask("FR", "ES", "service_of_documents", "fraud")
    assert answer.bases[0].instrument == "eu-mla-2000"
    assert "coe-030" in answer.bases[0].with_
    assert "does not provide" in why_not(answer, "eu-eio")


def test_a_joint_team_is_left_out_of_the_investigation_order(ask):
    answer = ask("FR", "DE", "joint_investigation_team", "drug_trafficking")
    assert leads(answer)[0] == "eu-fd-2002-465"
    assert "Art. 3" in why_not(answer, "eu-eio")


def test_one_answer_for_two_measures_names_the_basis_of_each(ask):
    answer = ask("FR", "ES", "bank_records,service_of_documents", "fraud")
    served = {basis.instrument: basis.measures for basis in answer.bases if basis.status == "applicable"}
    assert served == {"eu-eio": ("bank_records",), "eu-mla-2000": ("service_of_documents",)}


@pytest.mark.parametrize(("there", "first"), [("DK", "eu-mla-2000"), ("IE", "eu-mla-prot-2001")])
def test_denmark_and_ireland_stay_outside_the_investigation_order(ask, there, first):
    answer = ask("DE", there, "bank_records", "fraud")
    assert leads(answer)[0] in {first, "eu-mla-prot-2001"}
    assert "Protocol 2" in why_not(answer, "eu-eio")


def test_the_bilateral_agreement_of_1993_is_superseded(ask):
    answer = ask("UA", "PL", "bank_records", "fraud")
    assert leads(answer) == ["coe-030"]
    assert "26(1)" in why_not(answer, "bi-ua-pl-1993")


def test_where_no_treaty_of_general_scope_binds_the_answer_is_reciprocity(ask):
    answer = ask("UA", "BT", "bank_records", "fraud")
    assert answer.fallback
    assert answer.bases == ()
    said = {rule.kind: rule.value for rule in answer.reciprocity}
    assert said["time_limit"] == "none"
    assert said["channel"] == "diplomatic"
    assert {ask.fact for ask in answer.questions} == {"organised_group", "penalty_requesting", "transnational"}
    assert all(ask.because == ("un-untoc",) for ask in answer.questions)


def test_the_facts_asked_for_bring_the_convention_in(ask):
    facts = {"organised_group": "yes", "transnational": "yes", "penalty_requesting": "5y"}
    answer = ask("UA", "BT", "bank_records", "fraud", **facts)
    assert not answer.fallback
    assert leads(answer) == ["un-untoc"]
    assert any(rule.value == "bank_secrecy" for rule in answer.bases[0].of("no_refusal_on_ground"))
    assert answer.bases[0].of("channel")


@pytest.mark.parametrize("changed", [{"organised_group": "no"}, {"transnational": "no"}, {"penalty_requesting": "47"}])
def test_one_condition_missed_keeps_it_out(ask, changed):
    facts = {"organised_group": "yes", "transnational": "yes", "penalty_requesting": "48", **changed}
    answer = ask("UA", "BT", "bank_records", "fraud", **facts)
    assert answer.fallback
    assert not answer.questions


def test_beside_a_treaty_the_procedure_stands_back_and_the_duties_run_on(ask):
    answer = ask("UA", "DE", "bank_records", "criminal_group")
    beside = next(basis for basis in answer.bases if basis.instrument == "un-untoc")
    assert beside.status == "residual"
    assert "18(6)-(7)" in beside.why
    assert any(rule.value == "bank_secrecy" for rule in beside.of("no_refusal_on_ground"))
    assert "un/untoc/article-18-13/channel" in {rule.provision for rule in beside.undone}
    assert not beside.of("channel")


def test_suspension_and_withdrawal(ask):
    assert leads(ask("UA", "BY", "any_evidence", "theft", "2022-12-22")) == ["cis-minsk-1993"]
    after = ask("UA", "BY", "any_evidence", "theft", "2022-12-23")
    assert after.fallback
    assert "suspended" in why_not(after, "cis-minsk-1993")
    gone = ask("UA", "KZ", "any_evidence", "theft", "2024-05-20")
    assert "until 2024-05-19" in why_not(gone, "cis-minsk-1993")


def test_two_conventions_between_the_same_states_are_told_as_contested(ask):
    answer = ask("UA", "RU", "any_evidence", "theft", "2021-06-01")
    contested = next(basis for basis in answer.bases if basis.instrument == "cis-minsk-1993")
    assert answer.bases[0].instrument == "coe-030"
    assert contested.status == "contested"
    assert "26(4)" in contested.why


def test_the_united_kingdom_before_and_after(ask):
    assert leads(ask("GB", "FR", "bank_records", "fraud", "2020-12-31")) == ["eu-eio"]
    after = ask("GB", "FR", "bank_records", "fraud", "2021-01-15")
    assert leads(after) == ["coe-030"]
    assert "eu-uk-tca" in after.bases[0].with_
    assert "received_on" in {ask.fact for ask in after.questions}


def test_what_was_received_before_the_end_goes_on(ask):
    answer = ask("GB", "FR", "bank_records", "fraud", "2021-01-15", received_on="2020-12-20")
    assert leads(answer)[0] == "eu-eio"
    assert "Withdrawal" in answer.bases[0].reasons[0].provision
    assert leads(ask("GB", "FR", "bank_records", "fraud", "2021-01-15", received_on="2021-01-02")) == ["coe-030"]


def test_the_first_protocol_of_a_state_that_shut_a_chapter_loses_its_articles(ask):
    first = ask("UA", "IE", "service_of_documents", "theft").bases[0]
    assert "coe-099" in first.with_
    shut = {rule.article: rule.undone_by for rule in first.undone}
    assert "declaration of IE" in shut["ETS No. 099 Art. 3"]


def test_nationality_is_asked_where_the_requested_state_keeps_its_own(ask):
    answer = ask("UA", "DE", "extradition", "robbery")
    assert answer.bases[0].instrument == "coe-024"
    assert "nationality" in {ask.fact for ask in answer.questions}
    assert "nationality" not in {
        ask.fact for ask in ask("UA", "DE", "extradition", "robbery", nationality="third").questions
    }


def test_a_protocol_leads_where_it_alone_provides_for_the_measure(ask):
    first = ask("UA", "DE", "hearing_by_video_witness", "theft").bases[0]
    assert (first.instrument, "coe-030" in first.with_) == ("coe-182", True)


def test_an_agreement_of_the_union_does_not_bind_two_member_states(ask):
    assert "not two of them" in why_not(ask("FR", "DE", "bank_records", "fraud"), "eu-us-mla-2003")


def test_every_basis_and_every_exclusion_says_why(ask):
    answer = ask("UA", "DE", "bank_records", "fraud")
    assert all(basis.why for basis in answer.bases)
    assert all(one.why for one in answer.excluded)
    assert all(reason.say("uk") != reason.say("en") for basis in answer.bases for reason in basis.reasons)


def test_notifications_under_acts_of_the_union_know_no_reciprocity(ask):
    assert not ask("FR", "ES", "bank_records", "fraud").bases[0].of("reciprocity")


def test_the_day_of_the_offence_decides_where_a_state_said_so(ask):
    asked = ask("DE", "FR", "extradition", "robbery")
    assert leads(asked)[0] == "eu-eaw"
    assert "offence_on" in {ask.fact for ask in asked.questions}
    old = ask("DE", "FR", "extradition", "robbery", offence_on="1993-10-31")
    assert leads(old)[0] == "coe-024"
    assert "Art. 32" in why_not(old, "eu-eaw")
    assert leads(ask("DE", "FR", "extradition", "robbery", offence_on="1993-11-01"))[0] == "eu-eaw"
    assert leads(ask("FR", "DE", "extradition", "robbery", offence_on="1993-10-31"))[0] == "eu-eaw"


@pytest.mark.parametrize(
    ("offence", "facts", "said"),
    [
        ("fraud", {"penalty_requesting": "5y"}, "Not checked"),
        ("fraud", {"penalty_requesting": "35"}, "may be checked: the maximum"),
        ("fraud", {}, "where the issuing authority certifies"),
        ("theft", {"penalty_requesting": "5y"}, "not on the list"),
    ],
)
def test_dual_criminality_by_list_and_threshold(ask, offence, facts, said):
    rules = ask("FR", "ES", "search_and_seizure", offence, **facts).bases[0].of("dual_criminality")
    assert said in next(rule.why for rule in rules if rule.value == "list32")


def test_a_threshold_of_penalty_is_told_met_or_missed(ask):
    both = {"penalty_requesting": "5y", "penalty_requested": "6"}
    limit = ask("UA", "DE", "extradition", "robbery", purpose="prosecution", **both).bases[0].of("penalty_threshold")
    assert [rule.amount for rule in limit] == [12]
    assert limit[0].why.startswith("Not met")


def test_a_part_of_a_state_has_its_treaties_and_a_territory_only_those_extended_to_it(ask):
    assert leads(ask("UA", "RE", "bank_records", "fraud")) == ["coe-030"]
    assert ask("UA", "RE", "extradition", "theft").bases[0].of("nationals")
    faroes = ask("UA", "FO", "transfer_of_sentenced_person", "theft")
    assert faroes.fallback
    assert "not known" in why_not(faroes, "coe-112")
    assert "declared" in why_not(faroes, "coe-167")


def test_during_the_transition_germany_kept_its_own_nationals_from_surrender_to_the_united_kingdom(ask):
    first = ask("GB", "DE", "surrender", "robbery", "2020-06-01").bases[0]
    assert first.instrument == "eu-eaw"
    kept = next(rule for rule in first.of("nationals") if rule.of_state == "DE")
    assert kept.value == "not_extradited"
    assert "withdrawal" in kept.article
    assert not [r for r in ask("FR", "DE", "surrender", "robbery", "2020-06-01").bases[0].of("nationals") if r.of_state]


def test_the_protocol_on_trafficking_is_read_with_its_convention(ask):
    assert ask("UA", "ZA", "witness_hearing", "trafficking_persons").bases[0].with_ == ("un-untoc-tip",)
    assert not ask("UA", "ZA", "witness_hearing", "criminal_group").bases[0].with_


def test_without_an_offence_the_conventions_on_offences_are_not_near_and_it_is_asked_only_where_it_matters(ask):
    answer = ask("UA", "DE", "witness_hearing")
    assert [basis.instrument for basis in answer.bases] == ["coe-030"]
    assert "offence" not in {ask.fact for ask in answer.questions}
    assert "offence" in {ask.fact for ask in ask("UA", "BT", "witness_hearing").questions}


def test_a_fact_is_asked_for_the_instrument_that_would_come_first_by_it(ask):
    asked = next(one for one in ask("UA", "DE", "bank_records", "fraud").questions if one.fact == "confiscation")
    assert asked.because == ("coe-198",)


def test_a_convention_the_law_base_does_not_hold_is_named_where_nothing_binds(ask):
    lines = {line.provision for line in ask("UA", "BR", "extradition", "torture").reciprocity}
    assert {"reciprocity/not-held", "reciprocity/torture"} <= lines
    lines = {line.provision for line in ask("UA", "BR", "extradition", "theft").reciprocity}
    assert "reciprocity/not-held" in lines
    assert "reciprocity/torture" not in lines


def test_a_treaty_of_which_no_provision_is_held_says_so(ask):
    assert "none of its provisions" in ask("UA", "CA", "witness_hearing", "fraud").bases[0].why
    assert "none of its provisions" not in ask("UA", "US", "witness_hearing", "fraud").bases[0].why


def test_a_military_offence_leaves_the_convention_and_its_protocols(ask):
    answer = ask("UA", "DE", "witness_hearing", "theft", military="yes")
    assert answer.fallback
    assert leads(answer) == []
    assert "military law" in why_not(answer, "coe-030")
    assert leads(ask("UA", "DE", "witness_hearing", "theft")) == ["coe-030"]


def test_a_fact_says_whether_a_ground_for_refusal_is_met(ask):
    def said(answer: Resolution, provision: str) -> str:
        return next(rule.why for basis in answer.bases for rule in basis.rules if rule.provision == provision)

    ground = "coe/030/article-2-a/refusal_optional"
    assert "is met" in said(ask("UA", "CH", "bank_records", "tax_evasion", fiscal="yes"), ground)
    assert "Not met" in said(ask("UA", "CH", "bank_records", "fraud", fiscal="no", political="no"), ground)
    assert said(ask("UA", "CH", "bank_records", "fraud", fiscal="no"), ground) == ""
    assert "limited by" in said(ask("UA", "DE", "bank_records", "tax_evasion", fiscal="yes"), ground)
    political = "coe/024/article-3-1/refusal_mandatory"
    assert "is met" in said(ask("UA", "CH", "extradition", "terrorism", political="yes"), political)
