from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.errors import ComityError
from comity.law.form import Side, acts, forms
from comity.request import lifecycle
from comity.request.errors import LifecycleError
from comity.values import StateCode
from support.cooperation import LETTER, ORDER, UNTIL_COLLECTED, UNTIL_CONSIDERED, UNTIL_SENT, WHOLE, Cooperation

BOTH = [LETTER, ORDER]
SIDES = [Side.ISSUING, Side.EXECUTING]
LETTERS = [forms()["mla-letter"], forms()["eio"]]


@pytest.mark.parametrize("basis", BOTH)
def test_the_whole_course_ends_closed_on_both_sides(basis):
    case = Cooperation.of(basis)
    case.go(*WHOLE)
    for side in SIDES:
        found = lifecycle.status(case.known(side), case.form)
        assert (found.id, found.final, found.side, found.crossed) == ("closed", True, None, ())
        left = {"custody.return", "custody.destroy"} if side is Side.ISSUING else set()
        assert {step.act for step in lifecycle.possible(case.known(side), case.form, side)} == left


def test_things_go_back_after_the_cooperation_is_closed():
    case = Cooperation.of()
    case.go(*WHOLE, "custody.return")
    assert lifecycle.status(case.executing, case.form).id == "closed"


def test_things_travel_by_courier_beside_the_package():
    case = Cooperation.of()
    case.go(*UNTIL_COLLECTED, "custody.offer", "custody.undertake", "custody.hand-over", "evidence.return")
    assert case.issuing[-2].kind == "custody.hand-over"


def test_every_kind_of_act_has_its_place_in_every_form():
    own = {kind for kind, row in acts().items() if row.body in ("request", "evidence")}
    for form in LETTERS:
        assert set(form.steps) == own


def test_every_state_but_the_last_says_whose_turn_it_is():
    for form in LETTERS:
        assert set(form.turns) == set(form.states) - form.end
        for state, side in form.turns.items():
            assert any(step.by is side and state in step.from_ for step in form.steps.values()), (form.id, state)


def test_every_state_can_be_reached_and_left():
    for form in forms().values():
        reached, before = {form.start}, set()
        while reached != before:
            before = set(reached)
            reached |= {step.to for step in form.steps.values() if step.to and reached & set(step.from_)}
        assert reached == set(form.states)


def test_what_a_partner_does_not_see_never_makes_its_next_act_a_surprise():
    """Where an internal act may lead to a state a shared act starts from, the shared act may also start from before it."""
    for form in forms().values():
        shared = [step for step in form.steps.values() if form.shared(step.act)]
        seen = {form.start, *(step.to for step in shared if step.to)}
        for step in shared:
            hidden = [one for one in form.steps.values() if not form.shared(one.act) and one.by is step.by and one.to]
            for one in hidden:
                if one.to in step.from_:
                    assert set(one.from_) & seen <= set(step.from_), (form.id, step.act, one.act)


def test_the_drafter_cannot_approve():
    case = Cooperation.of()
    case.act("request.draft", officer="One (fictional)")
    with pytest.raises(LifecycleError, match="needs a second person") as refused:
        case.act("request.approve", officer="One (fictional)")
    assert refused.value.fields["second_person"] == "request.draft"
    case.act("request.approve", officer="Two (fictional)")


def test_whoever_changed_the_draft_later_cannot_approve_either():
    case = Cooperation.of()
    case.act("request.draft", officer="One (fictional)")
    case.act("request.draft", officer="Two (fictional)")
    with pytest.raises(LifecycleError, match="second person"):
        case.act("request.approve", officer="One (fictional)")


def test_a_changed_draft_must_be_approved_again():
    case = Cooperation.of()
    case.go("request.draft", "request.approve", "request.draft")
    with pytest.raises(LifecycleError, match="'Drafted'"):
        case.act("request.send")


def test_an_act_out_of_its_turn_names_what_may_come_instead():
    case = Cooperation.of()
    case.go(*UNTIL_CONSIDERED)
    with pytest.raises(LifecycleError, match="'Considered, not yet decided'") as refused:
        case.act("evidence.return")
    assert "request.accept" in refused.value.fields["possible"]
    assert "Request accepted for execution" in refused.value.remedy


def test_sending_needs_an_approval_at_home():
    case = Cooperation.of()
    with pytest.raises(LifecycleError) as refused:
        case.act("request.send")
    assert refused.value.fields["needs"] == ["request.approve"]


@pytest.mark.parametrize("role", ["expert", "issuing", "administrator", ""])
def test_only_the_roles_of_the_table_perform_an_act(role):
    case = Cooperation.of()
    case.go(*UNTIL_SENT)
    actor = replace(case.actor("request.receive"), role=role)
    made = replace(case.issuing[-1], kind="request.receive", actor=actor, follows=(case.issuing[-1].digest,))
    with pytest.raises(LifecycleError, match="performed by central, executing"):
        lifecycle.check(made, case.executing, case.form)


def test_the_other_side_and_third_states_are_refused():
    case = Cooperation.of()
    case.go(*UNTIL_SENT)
    made = replace(case.issuing[-1], kind="request.receive", follows=(case.issuing[-1].digest,))
    with pytest.raises(LifecycleError, match="act of the executing state"):
        lifecycle.check(made, case.executing, case.form)
    strange = replace(made, actor=replace(made.actor, state=StateCode("PL")))
    with pytest.raises(LifecycleError, match="takes no part"):
        lifecycle.check(strange, case.executing, case.form)


def test_a_dossier_of_another_form_is_refused():
    case = Cooperation.of()
    with pytest.raises(LifecycleError, match="not of the form eio"):
        lifecycle.check(replace(case.go("request.draft"), follows=()), [], forms()["eio"])


def test_a_partner_is_not_asked_for_acts_it_keeps_at_home():
    case = Cooperation.of()
    sent = case.go(*UNTIL_SENT)
    lifecycle.check(sent, [], case.form, own=Side.EXECUTING)
    with pytest.raises(LifecycleError, match=r"needs request\.approve"):
        lifecycle.check(sent, [], case.form)


def test_a_partner_must_follow_everything_it_sent_before():
    case = Cooperation.of()
    case.go(*UNTIL_CONSIDERED, "request.accept")
    accepted = case.issuing[-1]
    received = case.issuing[-2]
    refused_too = replace(accepted, kind="request.refuse", body={}, follows=(received.digest,))
    with pytest.raises(LifecycleError, match=r"does not follow request\.accept"):
        lifecycle.check(refused_too, case.issuing, case.form, own=Side.ISSUING)


@pytest.mark.parametrize("first", ["request.refuse", "request.withdraw"])
def test_acts_that_cross_lead_both_sides_to_the_same_state(first):
    case = Cooperation.of()
    case.go(*UNTIL_CONSIDERED)
    kinds = [first, ({"request.refuse", "request.withdraw"} - {first}).pop()]
    before = {side: list(case.known(side)) for side in SIDES}
    made = {}
    for kind in kinds:
        case.issuing, case.executing = (list(before[side]) for side in SIDES)
        made[kind] = case.act(kind)
    refused, withdrawn = made["request.refuse"], made["request.withdraw"]
    lifecycle.check(refused, [*before[Side.ISSUING], withdrawn], case.form, own=Side.ISSUING)
    lifecycle.check(withdrawn, [*before[Side.EXECUTING], refused], case.form, own=Side.EXECUTING)
    found = [lifecycle.status([*before[side], refused, withdrawn], case.form) for side in SIDES]
    assert {one.id for one in found} == {case.form.steps[kinds[0]].to}
    assert {one.crossed for one in found} == {(made[kinds[1]].digest,)}


def test_the_order_in_which_acts_are_given_does_not_matter():
    case = Cooperation.of()
    case.go(*UNTIL_COLLECTED)
    expected = lifecycle.status(case.executing, case.form)
    for some in itertools.islice(itertools.permutations(case.executing), 0, 40_320, 997):
        assert lifecycle.status(some, case.form) == expected


def test_internal_acts_are_not_followed_by_shared_ones():
    case = Cooperation.of()
    case.go(*UNTIL_COLLECTED, "custody.offer")
    by_digest = {act.digest: act for act in case.executing}
    for act in case.executing:
        if case.form.shared(act.kind):
            assert all(case.form.shared(by_digest[digest].kind) for digest in act.follows if digest in by_digest)
        if act.kind == "custody.collect":
            assert "execution.assign" not in {by_digest[digest].kind for digest in act.follows}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(BOTH), st.lists(st.integers(0, 30), min_size=1, max_size=25))
def test_no_sequence_of_acts_leaves_the_table(basis, choices):
    """Whatever is tried: what is possible succeeds and leads where the table says, all else is refused and changes nothing."""
    case = Cooperation.of(basis)
    kinds = list(case.form.steps)
    for choice in choices:
        kind = kinds[choice % len(kinds)]
        step = case.form.steps[kind]
        known = case.known(step.by)
        before = lifecycle.status(known, case.form)
        may = {one.act for one in lifecycle.possible(known, case.form, step.by)}
        try:
            case.act(kind)
        except ComityError:
            assert kind not in may
            assert lifecycle.status(known, case.form) == before
            continue
        assert kind in may
        assert before.id in step.from_
        assert not before.final or step.to == ""
        after = [lifecycle.status(case.known(side), case.form) for side in SIDES]
        own = after[SIDES.index(step.by)]
        assert own.id == (step.to or before.id)
        assert not any(one.crossed for one in after)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(BOTH), st.lists(st.integers(0, 40), min_size=5, max_size=45))
def test_however_acts_cross_on_the_way_both_sides_end_in_the_same_state(basis, choices):
    """Acts wait in a queue for each direction and are delivered late; nothing valid where it was made is refused there."""
    case = Cooperation.of(basis)
    case.go(*UNTIL_SENT)
    known = {Side.ISSUING: case.issuing, Side.EXECUTING: case.executing}
    queues = {side: [] for side in SIDES}  # acts on their way to this side

    def deliver(side):
        act = queues[side].pop(0)
        lifecycle.check(act, known[side], case.form, own=side)
        known[side].append(act)

    for choice in choices:
        if choice < 2:
            if queues[SIDES[choice]]:
                deliver(SIDES[choice])
            continue
        may = [step for side in SIDES for step in lifecycle.possible(known[side], case.form, side)]
        if not may:
            break
        kind, side = may[choice % len(may)].act, may[choice % len(may)].by
        across = lifecycle.other(side)
        before = len(known[across])
        case.act(kind)
        if len(known[across]) > before:
            queues[across].append(known[across].pop())
    for side in SIDES:
        while queues[side]:
            deliver(side)
    shared = [{act.digest for act in known[side] if case.form.shared(act.kind)} for side in SIDES]
    assert shared[0] == shared[1]
    found = [lifecycle.status([a for a in known[side] if case.form.shared(a.kind)], case.form) for side in SIDES]
    assert found[0] == found[1]
    inner = [lifecycle.status(known[side], case.form) for side in SIDES]
    assert inner[0].id == found[0].id
    assert inner[1].id in {found[0].id, "considered", "assigned", "collected"}
