"""The exchange door as HTTP reaches it: lengths first, then who asks; files only for whom they were announced."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import RequestFactory

from comity.exchange import pull, signal
from comity.node.audit import queries as audit
from comity.node.lawbook import queries as law
from comity.node.post import exchange_door
from comity.node.post.models import Incoming, Outgoing
from comity.node.registry import queries as registry
from comity.node.requests.models import Dossier
from comity.node.vault import actions as vault
from comity.values import Digest
from support.asking import ask

CONTENT = bytes(range(256)) * 20


def post(built, **changes):
    request = RequestFactory().post("/exchange/as4", built.body, content_type=built.content_type)
    for name, value in changes.items():
        request.META[name] = value
    return exchange_door.as4(request)


@pytest.fixture
def built(de):
    """Germany's node, and the message of a request of Ukraine's."""
    return de.message(ask(de.other, "DE", law.base(), de.at()).act)


def test_a_whole_message_is_taken(built):
    answer = post(built)
    assert answer.status_code == 200
    assert Dossier.objects.count() == Incoming.objects.count() == 1


def test_a_message_of_no_length_is_answered_with_411(built):
    for changes in ({"CONTENT_LENGTH": ""}, {"CONTENT_LENGTH": "x"}, {"HTTP_TRANSFER_ENCODING": "chunked"}):
        assert post(built, **changes).status_code == 411
    assert not Dossier.objects.exists()
    assert len(audit.entries(event="input.refused")) == 3


def test_a_body_shorter_than_its_length_is_refused_with_a_signed_error(de, built):
    request = RequestFactory().post("/exchange/as4", built.body, content_type=built.content_type)
    request._stream = BytesIO(built.body[:-1])
    answer = exchange_door.as4(request)
    assert answer.status_code == 400
    found = signal.read(answer["Content-Type"], answer.content, partner=registry.own_partner(), at=de.at())
    assert found.problems[0].code == "EBMS:0007"
    assert not Dossier.objects.exists()
    assert audit.entries(event="input.refused")


def test_a_message_larger_than_is_taken_is_not_read(built):
    assert post(built, CONTENT_LENGTH=str(10**12)).status_code == 400
    assert not Dossier.objects.exists()


def test_other_methods_are_not_answered(de):
    assert exchange_door.as4(RequestFactory().get("/exchange/as4")).status_code == 405
    assert exchange_door.blob(RequestFactory().post("/exchange/blob/x"), "x").status_code == 405


@pytest.fixture
def announced(ua):
    """Ukraine's node with a file announced to Germany's in a message."""
    ua.sent()
    found = vault.keep(CONTENT, ua.at())
    Outgoing.objects.update(claims=[found.sha256.hex])
    return ua, found.sha256, Outgoing.objects.get().message_id


def get(digest, header="", span=None):
    headers = {"Authorization": header, **({"Range": span} if span else {})}
    return exchange_door.blob(RequestFactory().get("/", headers=headers), digest.hex)


def token(ua, digest, message, **changes):
    given = {
        "message": message,
        "puller": ua.other.party,
        "holder": "urn:comity:node:UA",
        "signer": ua.other.signer,
        "at": ua.at(),
    }
    return pull.bearer(pull.token(digest, **{**given, **changes}))


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [(None, 0, 5119), ("bytes=0-", 0, 5119), ("bytes=100-199", 100, 199), ("bytes=5000-9999", 5000, 5119)],
)
def test_an_announced_file_is_given_in_ranges(announced, span, first, last):
    ua, digest, message = announced
    answer = get(digest, token(ua, digest, message), span)
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {first}-{last}/5120"
    assert b"".join(answer.streaming_content) == CONTENT[first : last + 1]
    assert audit.entries(event="blob.served")


@pytest.mark.parametrize("span", ["bytes=5120-", "bytes=9-8", "bytes=-5", "lines=1-2", "bytes=0-1,3-4"])
def test_a_range_that_is_none_is_not_given(announced, span):
    ua, digest, message = announced
    assert get(digest, token(ua, digest, message), span).status_code == 416


def test_a_file_is_not_given_to_others(announced):
    ua, digest, message = announced
    other = vault.keep(b"never announced", ua.at()).sha256
    refused = [
        get(digest),
        get(digest, "Bearer eHg="),
        get(digest, token(ua, digest, "another@message")),
        get(digest, token(ua, digest, message, at=ua.at() - timedelta(hours=1))),
        get(digest, token(ua, digest, message, holder="urn:comity:node:DE")),
        get(digest, token(ua, digest, message, signer=registry.identity().signer)),
        get(other, token(ua, other, message)),
        get(other, token(ua, digest, message)),
    ]
    assert {answer.status_code for answer in refused} <= {400, 403}
    assert len(audit.entries(event="input.refused")) == len(refused)


def test_a_file_that_is_not_here_is_not_found(announced):
    ua, _, message = announced
    missing = Digest.of(b"missing")
    Outgoing.objects.update(claims=[missing.hex])
    assert get(missing, token(ua, missing, message)).status_code == 404
