from __future__ import annotations

import pytest

from comity.law.form import acts
from comity.request import body
from comity.request.errors import ActBodyError
from support.cooperation import BODIES, DIGEST


def test_every_kind_whose_body_belongs_here_has_a_form():
    assert {kind for kind, row in acts().items() if row.body == "request"} == set(body.KINDS)


@pytest.mark.parametrize("kind", [kind for kind in BODIES if kind in body.KINDS])
def test_a_body_is_read_and_written_back(kind):
    read = body.read(kind, BODIES[kind])
    assert isinstance(read, body.KINDS[kind])
    assert body.read(kind, body.write(read)) == read


@pytest.mark.parametrize("kind", [kind for kind in BODIES if kind in body.KINDS])
def test_an_unknown_member_is_refused_by_name(kind):
    with pytest.raises(ActBodyError, match="there is no such member") as refused:
        body.read(kind, {**BODIES[kind], "surprise": "x"})
    assert refused.value.fields["member"] == "surprise"


@pytest.mark.parametrize(
    ("kind", "change", "member"),
    [
        ("request.refuse", {"text": ""}, "text"),
        ("request.refuse", {"text": "   "}, "text"),
        ("request.send", {"letter": "short"}, "letter"),
        ("request.send", {"needed_by": "tomorrow"}, "needed_by"),
        ("request.send", {"urgent": "yes"}, "urgent"),
        ("request.receive", {"received_at": "2026-11-25T09:00:00"}, "received_at"),
        ("request.ask", {"questions": []}, "questions"),
        ("request.extend", {"by": 0}, "by"),
        ("request.extend", {"by": "30"}, "by"),
        ("request.close", {"outcome": "nice"}, "outcome"),
        ("evidence.return", {"size": 0}, "size"),
        ("evidence.return", {"sha512": DIGEST}, "sha512"),
        ("evidence.return", {"exhibits": ["../x"]}, "exhibits.0"),
        ("request.withdraw", {"text": "a\u202eb"}, "text"),
    ],
)
def test_a_wrong_member_is_named(kind, change, member):
    with pytest.raises(ActBodyError) as refused:
        body.read(kind, {**BODIES[kind], **change})
    assert refused.value.fields["member"] == member


def test_a_missing_member_and_a_kind_of_another_package():
    with pytest.raises(ActBodyError, match="it is missing"):
        body.read("request.approve", {})
    with pytest.raises(ActBodyError, match="no body of its own"):
        body.read("custody.collect", {})


def test_times_are_written_in_utc():
    read = body.read("request.receive", {"received_at": "2026-11-25T11:00:00+02:00"})
    assert body.write(read) == {"received_at": "2026-11-25T09:00:00.000Z"}
