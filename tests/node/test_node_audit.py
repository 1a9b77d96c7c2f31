"""The audit is whole, says so, and cannot be changed."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from comity.node.audit import actions, queries
from comity.node.audit.models import Entry
from comity.node.audit.vocabulary import Event


@pytest.fixture
def three(db):
    for number in range(3):
        actions.note(Event.SEEN, actor="olena", about=f"D{number}", detail={"n": number})


def test_a_fresh_chain_is_whole(three):
    whole = queries.verify()
    assert whole.ok
    assert whole.entries == 3


@pytest.mark.parametrize("change", ["update", "delete"])
def test_rows_refuse_change(three, change):
    rows = Entry.objects.filter(seq=2)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(actor="x") if change == "update" else rows.delete()


def _past_the_triggers(sql):
    with connection.cursor() as cursor:
        on = " ON audit_entry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER audit_entry_no_UPDATE{on}")
        cursor.execute(f"DROP TRIGGER audit_entry_no_DELETE{on}")
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("sql", "seq"),
    [
        ("UPDATE audit_entry SET actor = 'x' WHERE seq = 2", 2),
        ("DELETE FROM audit_entry WHERE seq = 2", 3),
        ("UPDATE audit_entry SET sha256 = previous WHERE seq = 1", 1),
    ],
)
def test_a_changed_chain_is_named(three, sql, seq):
    _past_the_triggers(sql)
    assert seq in {found.seq for found in queries.verify().broken}
