"""The API: every route has a door, errors are problem documents, files come in by length and digest."""

from __future__ import annotations

import hashlib
import json
import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from comity.node.accounts import actions as accounts
from comity.node.accounts.role import Role
from comity.node.api import api
from comity.node.audit import queries as audit
from comity.node.vault.models import Blob

PASSWORD = "correct horse battery staple"
CONTENT = b"date,amount\n"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def client(ua):
    """A client of Ukraine's node that knows nobody."""
    return Client()


def token(here, username, *roles, authority=""):
    officer = here.who(username, *roles, authority=authority)
    return {"HTTP_AUTHORIZATION": f"Bearer {accounts.make_token(officer.username, label='test')}"}


def routes():
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    yield method, f"/api/v1/{prefix.strip('/')}/{path.strip('/')}".replace("//", "/")


def test_nobody_comes_in_without_signing_in(client):
    every = sorted(routes())
    assert len(every) > 45
    for method, route in every:
        if (method, route) == ("POST", "/api/v1/session"):
            continue
        path = re.sub(r"\{\w+\}", "1", route)
        answer = client.generic(method, path, b"{}", content_type="application/json")
        assert answer.status_code == 401, (method, route, answer.content)
        assert answer["Content-Type"] == "application/problem+json"
        assert json.loads(answer.content)["code"] == "node.sign-in"


def test_signs_in_by_password_and_code_and_out(client, ua):
    added = accounts.add("olena", name="Olena", authority="ua:court", roles=["issuing"], password=PASSWORD)
    code = format_hotp_value(hotp_value(added.secret, int(time.time()) // 30))
    given = {"username": "olena", "password": PASSWORD, "code": code}
    answer = client.post("/api/v1/session", given, content_type="application/json", secure=True)
    assert answer.status_code == 200, answer.content
    assert answer.json()["person"]["roles"] == ["issuing"]
    assert client.get("/api/v1/me", secure=True).json()["person"]["username"] == "olena"
    assert client.delete("/api/v1/session", secure=True).status_code == 204
    assert client.get("/api/v1/me", secure=True).status_code == 401
    again = client.post("/api/v1/session", given, content_type="application/json", secure=True)
    assert again.status_code == 401


def test_an_unknown_or_spent_token_opens_nothing(client, ua):
    assert client.get("/api/v1/me", HTTP_AUTHORIZATION="Bearer comity_wrong").status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 422),
        (b'{"question": {"requested": "DE"}}', 422),
        (b'{"question": {"requested": "XX", "measures": ["bank_records"]}}', 400),
        (b'{"question": {"requested": "DE", "measures": ["walking_on_water"]}}', 422),
        (b"\xff\xfe", 400),
    ],
)
def test_a_bad_draft_is_a_problem_document(client, ua, body, status):
    who = token(ua, "drafter", Role.ISSUING)
    answer = client.post("/api/v1/drafts", body, content_type="application/json", **who)
    assert answer.status_code == status, answer.content
    found = json.loads(answer.content)
    assert found["code"]
    assert found["detail"]


def test_a_draft_by_the_api_and_a_stale_change(client, ua):
    who = token(ua, "drafter", Role.ISSUING)
    body = {"question": ua.question, "values": {}}
    made = client.post("/api/v1/drafts", body, content_type="application/json", **who)
    assert made.status_code == 201, made.content
    found = made.json()
    assert found["missing"]
    assert found["resolution"]["bases"]
    path = f"/api/v1/drafts/{found['id']}"
    assert client.post(f"{path}/check", **who).json()["complete"] is False
    changed = client.put(path, {**body, "version": 1}, content_type="application/json", **who)
    assert changed.json()["version"] == 2
    stale = client.put(path, {**body, "version": 1}, content_type="application/json", **who)
    assert (stale.status_code, stale.json()["code"]) == (409, "node.draft-stale")
    submitted = client.post(f"{path}/submit", {"version": 2}, content_type="application/json", **who)
    assert (submitted.status_code, submitted.json()["code"]) == (409, "request.incomplete")
    assert [one["id"] for one in client.get("/api/v1/drafts", **who).json()] == [found["id"]]
    assert client.delete(path, **who).status_code == 204
    assert client.get(path, **who).status_code == 404


def test_a_cooperation_by_the_api(client, ua):
    done = ua.sent()
    who = token(ua, "central", Role.CENTRAL, authority="ua:central")
    case = client.get(f"/api/v1/dossiers/{done.dossier}", **who).json()
    assert case["status"]["id"] == "sent"
    assert [act["kind"] for act in case["timeline"]] == ["request.draft", "request.approve", "request.send"]
    assert case["request"]["dossier"] == done.dossier
    act = case["timeline"][-1]["digest"]
    envelope = client.get(f"/api/v1/dossiers/{done.dossier}/acts/{act}", **who)
    assert envelope["Content-Type"] == "application/vnd.dsse+json"
    letter = next(paper for paper in case["documents"] if paper["name"] == "letter-en.pdf")
    answer = client.get(f"/api/v1/dossiers/{done.dossier}/documents/{letter['sha256']}", **who)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert answer["Content-Security-Policy"] == "sandbox"
    (delivery,) = client.get("/api/v1/deliveries", **who).json()
    assert delivery["state"] == "pending"
    assert client.get(f"/api/v1/deliveries/{delivery['id']}", **who).json() == delivery
    assert client.get("/api/v1/status", **who).json()["idle"] is False
    assert client.get("/api/v1/partners", **who).json()[0]["state"] == "DE"
    proof = client.get(f"/api/v1/log/proof/{act}", **who)
    assert proof.content.startswith(b"c2sp.org/tlog-proof@v1")
    assert client.get("/api/v1/log/proof/" + "0" * 64, **who).status_code == 404
    assert client.get("/api/v1/audit", **who).status_code == 403
    auditor = token(ua, "auditor", Role.AUDITOR)
    assert client.get("/api/v1/audit/verify", **auditor).json()["ok"] is True
    assert client.get("/api/v1/audit?limit=3", **auditor).json()[0]["event"]
    early = client.post(f"/api/v1/dossiers/{done.dossier}/close", {}, content_type="application/json", **who)
    assert (early.status_code, early.json()["code"]) == (409, "request.lifecycle")


def test_the_law_by_the_api(client, ua):
    who = token(ua, "drafter", Role.ISSUING)
    asked = {"requesting": "UA", "requested": "DE", "measures": ["bank_records"], "offences": ["fraud"]}
    found = client.post("/api/v1/law/resolve", asked, content_type="application/json", **who).json()
    assert found["bases"][0]["instrument"] == "coe-030"
    words = client.get("/api/v1/law/vocabulary", **who).json()
    assert "bank_records" in {one["id"] for one in words["measures"]}
    assert client.get("/api/v1/law/authorities?state=DE", **who).status_code == 200
    assert client.get("/api/v1/law/authorities?state=XX", **who).status_code == 400


@pytest.mark.parametrize("sha256", ["0" * 64, "short"])
def test_an_upload_of_another_digest_keeps_nothing(client, ua, sha256):
    who, path = uploading(client, ua)
    answer = client.generic("PUT", f"{path}/{sha256}", CONTENT, content_type="text/csv", **who)
    assert answer.status_code in {400, 422}, answer.content
    assert not Blob.objects.exists()


def test_an_upload_of_no_or_another_length_keeps_nothing(client, ua):
    who, path = uploading(client, ua)
    for length, status in (("", 411), ("-1", 411), ("x", 411)):
        answer = client.generic(
            "PUT", f"{path}/{SHA256}", CONTENT, content_type="text/csv", CONTENT_LENGTH=length, **who
        )
        assert answer.status_code == status, (length, answer.content)
    chunked = client.generic(
        "PUT", f"{path}/{SHA256}", CONTENT, content_type="text/csv", HTTP_TRANSFER_ENCODING="chunked", **who
    )
    assert chunked.status_code == 411
    assert not Blob.objects.exists()


def test_an_upload_is_kept_once(client, ua):
    who, path = uploading(client, ua)
    for _ in range(2):
        answer = client.generic("PUT", f"{path}/{SHA256}", CONTENT, content_type="text/csv", **who)
        assert answer.status_code == 201, answer.content
        assert answer.json()["size"] == len(CONTENT)
    assert Blob.objects.count() == 1
    assert audit.entries(event="exhibit.uploaded")


def uploading(client, ua):
    who = token(ua, "drafter", Role.ISSUING)
    body = {"question": ua.question, "values": {}}
    made = client.post("/api/v1/drafts", body, content_type="application/json", **who).json()
    return who, f"/api/v1/drafts/{made['id']}/files"


def test_a_fault_of_our_own_is_a_problem_document_that_tells_nothing(client, ua, monkeypatch, caplog):
    from comity.node.requests import queries

    def fail(*_):
        raise RuntimeError("a secret")

    who = token(ua, "drafter", Role.ISSUING)
    monkeypatch.setattr(queries, "drafts", fail)
    answer = client.get("/api/v1/drafts", **who)
    assert (answer.status_code, answer.json()["code"]) == (500, "node.failure")
    assert b"secret" not in answer.content
    assert "a secret" in caplog.text
