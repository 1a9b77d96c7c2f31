"""When a message is sent again and how a delivery ends: never silent, never twice in effect."""

from __future__ import annotations

from datetime import timedelta

import pytest
from exchange_world import AT
from hypothesis import given
from hypothesis import strategies as st

from comity.exchange import retry, signal
from comity.exchange.errors import (
    HeaderError,
    InvalidReceiptError,
    NoAnswerError,
    OutOfOrderError,
    OversizedMessageError,
    ReplayedMessageError,
    UnreachableError,
    UnusableAnswerError,
)
from comity.exchange.retry import HORIZON, Outcome
from comity.exchange.signal import Receipt
from comity.values import Digest

SOON, LATE = timedelta(minutes=1), HORIZON


def refusal(world, error):
    built = signal.error(error, world.de, AT, refers_to="1@ua.example")
    return signal.read(built.content_type, built.body, partner=world.to_de, at=AT)


@given(st.integers(1, 200), st.floats(0, 1, exclude_max=True))
def test_waits_double_up_to_six_hours_and_never_fall_below_a_second(attempt, jitter):
    wait = retry.schedule(attempt, jitter)
    assert retry.FIRST <= wait <= retry.LAST
    assert wait <= max(1.0, 2.0 ** min(attempt - 1, 40))


def test_a_message_is_tried_many_times_within_the_horizon():
    assert 20 < retry.attempts() < 200


def test_a_receipt_wins_over_everything(world):
    found = Receipt("2@de.example", AT, "1@ua.example", world.to_de, ())
    for before in Outcome:
        assert retry.outcome(before, found, waited=LATE) is Outcome.ACKNOWLEDGED


@pytest.mark.parametrize("event", [UnreachableError(), NoAnswerError(), InvalidReceiptError()])
def test_no_usable_answer_is_waited_on_until_the_horizon(event):
    assert retry.outcome(Outcome.WAITING, event, waited=SOON) is Outcome.WAITING
    assert retry.outcome(Outcome.WAITING, event, waited=LATE) is Outcome.FAILED


def test_what_cannot_heal_fails_at_once():
    assert retry.outcome(Outcome.WAITING, UnusableAnswerError(), waited=SOON) is Outcome.FAILED


def test_a_signed_refusal_ends_it_unless_a_receipt_came_before(world):
    event = refusal(world, HeaderError("no"))
    assert retry.outcome(Outcome.WAITING, event, waited=SOON) is Outcome.REJECTED
    assert retry.outcome(Outcome.ACKNOWLEDGED, event, waited=SOON) is Outcome.ACKNOWLEDGED


def test_what_may_be_damage_on_the_way_is_tried_a_few_times(world):
    event = refusal(world, HeaderError("no"))
    for tries in range(1, retry.DAMAGED):
        assert retry.outcome(Outcome.WAITING, event, waited=SOON, tries=tries) is Outcome.WAITING
    assert retry.outcome(Outcome.WAITING, event, waited=SOON, tries=retry.DAMAGED) is Outcome.REJECTED


def test_what_is_said_about_a_whole_message_is_final(world):
    event = refusal(world, OversizedMessageError())
    assert not event.damage
    assert retry.outcome(Outcome.WAITING, event, waited=SOON, tries=1) is Outcome.REJECTED


def test_a_message_that_came_before_its_time_is_waited_on(world):
    event = refusal(world, OutOfOrderError())
    assert event.passing
    assert retry.outcome(Outcome.WAITING, event, waited=SOON) is Outcome.WAITING
    assert retry.outcome(Outcome.WAITING, event, waited=LATE) is Outcome.FAILED


def test_a_repetition_is_the_same_bytes_under_the_same_id():
    one, other = Digest.of(b"1"), Digest.of(b"2")
    assert not retry.duplicate("id", one, None)
    assert retry.duplicate("id", one, one)
    with pytest.raises(ReplayedMessageError):
        retry.duplicate("id", one, other)
