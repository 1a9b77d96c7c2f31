"""An act is its bytes: written in one form, read back only from that form."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_world import ACTS, AT, FILE, act

from comity.errors import ComityError, RecordError, ValueRefusedError
from comity.record import PREDICATE, Act
from comity.values import Digest, canonical

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
STATEMENT = act(attachments=(FILE,), body={"measures": ["bank_records"]}, conditions=("only-this-case",)).statement


@SLOW
@given(ACTS)
def test_any_act_reads_back_as_itself(made):
    again = Act.read(made.statement)
    assert again == made
    assert again.statement == made.statement
    assert again.digest == made.digest == Digest.of(made.statement)


def test_the_statement_is_an_in_toto_statement():
    document = json.loads(STATEMENT)
    assert document["_type"] == "https://in-toto.io/Statement/v1"
    assert document["predicateType"] == PREDICATE
    subjects = {subject["name"]: subject["digest"]["sha256"] for subject in document["subject"]}
    assert subjects["letter.pdf"] == FILE.digest.hex
    assert subjects["predicate"] == Digest.of(canonical(document["predicate"])).hex


def test_what_an_act_follows_is_among_its_subjects():
    first = act()
    second = act("request.answer", first)
    assert json.loads(second.statement)["subject"][0] == {"name": "follows", "digest": {"sha256": first.digest.hex}}


def test_the_time_is_written_in_utc_to_the_millisecond():
    kyiv = timezone(timedelta(hours=2))
    one, two = act(at=datetime(2026, 11, 24, 14, 0, tzinfo=kyiv)), act(at=datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
    assert one.statement == two.statement
    assert json.loads(one.statement)["predicate"]["at"] == "2026-11-24T12:00:00.000Z"
    assert one == two
    assert act(at=AT.replace(microsecond=123_999)) == act(at=AT.replace(microsecond=123_000))


def test_every_part_counts():
    base = act()
    changed = [
        act("request.withdraw"),
        act(minutes=1),
        act(law=""),
        act(body={"a": 1}),
        act(language="uk"),
        act(conditions=("x",)),
        act(attachments=(FILE,)),
        act("request.send", base),
    ]
    assert len({base.digest, *(one.digest for one in changed)}) == len(changed) + 1


@pytest.mark.parametrize(
    "kind", ["", "request", "Request.send", "request.", "request send", "x" * 99, "request.send\n"]
)
def test_a_kind_has_its_form(kind):
    with pytest.raises(RecordError, match="not the form of an act kind"):
        act(kind)


def test_a_time_needs_its_zone():
    with pytest.raises(RecordError, match="time with its zone"):
        act(at=AT.replace(tzinfo=None))


def _changed(change):
    document = json.loads(STATEMENT)
    change(document, document["predicate"])
    return canonical(document)


def _signed(change):
    """A predicate changed before its digest was taken, as a state's own faulty program would send it."""

    def whole(document, predicate):
        change(predicate)
        document["subject"][-1]["digest"]["sha256"] = Digest.of(canonical(predicate)).hex

    return _changed(whole)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="a-list"),
        pytest.param(STATEMENT + b" ", id="a-space-more"),
        pytest.param(STATEMENT.replace(b":", b": ", 1), id="not-canonical"),
        pytest.param(json.dumps(json.loads(STATEMENT), indent=1).encode(), id="indented"),
        pytest.param(_changed(lambda d, p: d.update(more=1)), id="a-member-more"),
        pytest.param(_changed(lambda d, p: p.update(more=1)), id="a-predicate-member-more"),
        pytest.param(_changed(lambda d, p: p["actor"].update(more=1)), id="an-actor-member-more"),
        pytest.param(_changed(lambda d, p: p["attachments"][0].update(more=1)), id="an-attachment-member-more"),
        pytest.param(_changed(lambda d, p: p.pop("law")), id="a-member-less"),
        pytest.param(_changed(lambda d, p: d.update(predicateType="urn:other")), id="other-predicate"),
        pytest.param(_changed(lambda d, p: d.update(_type="other")), id="other-type"),
        pytest.param(_changed(lambda d, p: d["subject"].pop()), id="a-subject-less"),
        pytest.param(_changed(lambda d, p: d["subject"].reverse()), id="subjects-turned-round"),
        pytest.param(_changed(lambda d, p: p.update(law="other")), id="another-law"),
        pytest.param(_changed(lambda d, p: p.update(at="2026-11-24T12:00:00Z")), id="time-without-milliseconds"),
        pytest.param(_changed(lambda d, p: p.update(at="2026-11-24T14:00:00.000+02:00")), id="time-of-a-zone"),
        pytest.param(_changed(lambda d, p: p.update(at="yesterday")), id="no-time"),
        pytest.param(_changed(lambda d, p: p.update(at=7)), id="time-is-a-number"),
        pytest.param(_changed(lambda d, p: p.update(kind=None)), id="no-kind"),
        pytest.param(_changed(lambda d, p: p.update(follows="ab")), id="follows-is-a-text"),
        pytest.param(_changed(lambda d, p: p.update(body=[1])), id="body-is-a-list"),
        pytest.param(_changed(lambda d, p: p["attachments"][0].update(size="6")), id="size-is-a-text"),
        pytest.param(_changed(lambda d, p: p["actor"].update(state="ua")), id="lower-case-state"),
        pytest.param(_signed(lambda p: p.update(law=7)), id="law-is-a-number"),
        pytest.param(_signed(lambda p: p.update(language=None)), id="no-language"),
        pytest.param(_signed(lambda p: p.update(conditions="only")), id="conditions-are-a-text"),
        pytest.param(_signed(lambda p: p.update(conditions=[1])), id="a-condition-is-a-number"),
        pytest.param(_signed(lambda p: p.update(body=[])), id="body-is-an-empty-list"),
        pytest.param(_signed(lambda p: p["actor"].update(officer=["x"])), id="officer-is-a-list"),
        pytest.param(_signed(lambda p: p["attachments"][0].update(size="6")), id="signed-size-is-a-text"),
        pytest.param(_signed(lambda p: p["attachments"][0].update(size=True)), id="signed-size-is-true"),
        pytest.param(_signed(lambda p: p["attachments"][0].update(size=-1)), id="signed-size-below-zero"),
        pytest.param(_signed(lambda p: p["attachments"][0].update(size=6.5)), id="signed-size-is-no-integer"),
        pytest.param(_signed(lambda p: p["attachments"][0].update(mediaType=None)), id="no-media-type"),
    ],
)
def test_what_is_not_an_act_in_its_form_is_refused(statement):
    with pytest.raises(ComityError) as refused:
        Act.read(statement)
    assert isinstance(refused.value, RecordError | ValueRefusedError)
    assert refused.value.diagnostics()


@settings(SLOW, max_examples=400)
@given(at=st.integers(0, len(STATEMENT) - 1), mask=st.integers(1, 255))
def test_an_altered_byte_is_another_act_or_none(at, mask):
    altered = STATEMENT[:at] + bytes((STATEMENT[at] ^ mask,)) + STATEMENT[at + 1 :]
    try:
        found = Act.read(altered)
    except ComityError:
        return
    assert found.statement == altered
    assert found.digest != Digest.of(STATEMENT)
