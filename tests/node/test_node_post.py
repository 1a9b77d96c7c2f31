"""The outbox: each message ends acknowledged, rejected or failed with an alarm, and every try sends the same bytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from comity.exchange import signal
from comity.exchange.errors import HeaderError, OutOfOrderError
from comity.exchange.retry import DAMAGED, HORIZON
from comity.flow.errors import ActRefusedError
from comity.node.audit import queries as audit
from comity.node.errors import NotPossibleError
from comity.node.post import actions, queries
from comity.node.post.models import Outgoing
from comity.node.post.queries import State
from comity.node.requests import actions as requests


def deliver(at=None):
    (key,) = queries.due_messages(at or datetime.now(UTC) + timedelta(days=1))
    return actions.deliver(key, at=at)


def refusal(ua, error):
    return lambda received: signal.error(error, ua.other.keys, ua.wire.at, refers_to=received.message_id)


def test_a_message_with_its_receipt_is_acknowledged(ua):
    ua.sent()
    assert deliver() is State.ACKNOWLEDGED
    (found,) = queries.deliveries()
    assert (found.state, found.attempts, found.reason) == ("acknowledged", 1, "")
    assert Outgoing.objects.get().receipt
    assert queries.idle()
    assert audit.entries(event="message.acknowledged")


def test_a_cut_line_is_tried_again_with_the_same_bytes(ua):
    ua.sent()
    ua.wire.cut = 2
    assert deliver() is State.PENDING
    (waiting,) = queries.deliveries()
    assert waiting.next_at > datetime.now(UTC)
    assert "could not be reached" in waiting.reason
    assert list(queries.due_messages(datetime.now(UTC) - timedelta(hours=1))) == []
    assert deliver() is State.PENDING
    assert deliver() is State.ACKNOWLEDGED
    assert len(set(ua.wire.sent)) == 1
    assert queries.deliveries()[0].attempts == 3


def test_a_signed_refusal_ends_it_with_an_alarm(ua):
    ua.sent()
    ua.wire.answer = refusal(ua, ActRefusedError("this act is not for us"))
    assert deliver() is State.REJECTED
    (found,) = queries.deliveries()
    assert "EBMS:0004" in found.reason
    assert queries.alarms() == 1
    assert audit.entries(event="message.rejected")
    with pytest.raises(NotPossibleError):
        actions.retry_now(found.id, by="central", at=ua.at())


def test_what_may_be_damage_is_tried_again_and_then_it_ends(ua):
    ua.sent()
    ua.wire.answer = refusal(ua, HeaderError("something is missing"))
    assert [deliver() for _ in range(DAMAGED)] == [State.PENDING] * (DAMAGED - 1) + [State.REJECTED]


def test_a_message_before_its_time_is_tried_again(ua):
    ua.sent()
    ua.wire.answer = refusal(ua, OutOfOrderError())
    assert deliver() is State.PENDING
    ua.wire.answer = None
    assert deliver() is State.ACKNOWLEDGED


def test_it_fails_after_the_horizon_and_a_person_sends_it_again(ua):
    ua.sent()
    ua.wire.cut = 1
    Outgoing.objects.update(made_at=datetime.now(UTC) - HORIZON)
    assert deliver() is State.FAILED
    assert queries.alarms() == 1
    assert audit.entries(event="message.failed")
    (failed,) = queries.deliveries()
    actions.retry_now(failed.id, by="central", at=ua.at())
    assert deliver() is State.ACKNOWLEDGED
    assert queries.alarms() == 0
    assert len(set(ua.wire.sent)) == 1


def test_a_forged_receipt_does_not_count(ua):
    ua.sent()

    def forged(received):
        from comity.exchange import receipt
        from comity.node.registry import queries as registry

        return receipt.build(received, registry.identity().keys, ua.wire.at)

    ua.wire.answer = forged
    assert deliver() is State.PENDING
    ua.wire.answer = None
    assert deliver() is State.ACKNOWLEDGED


def test_one_worker_at_a_time_holds_a_message(ua):
    ua.sent()
    row = Outgoing.objects.get()
    Outgoing.objects.update(leased_until=datetime.now(UTC) + timedelta(minutes=1), lease="another")
    assert actions.deliver(row.pk) is None
    assert list(queries.due_messages(datetime.now(UTC))) == []
    assert actions.recover(ua.at()) == 1
    assert deliver() is State.ACKNOWLEDGED


def test_messages_of_one_dossier_go_out_one_after_another(ua):
    done = ua.sent()
    requests.withdraw(ua.central, done.dossier, reason="No more needed.", at=ua.at())
    assert Outgoing.objects.count() == 2
    later = datetime.now(UTC) + timedelta(days=1)
    assert list(queries.due_messages(later)) == [Outgoing.objects.order_by("id").first().pk]
    assert deliver() is State.ACKNOWLEDGED
    assert deliver() is State.ACKNOWLEDGED
    assert list(queries.due_messages(later)) == []
