"""The pages of a request and a case: composer, approval, sending; deciding, evidence; what they show of each."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from test_node_pages_roles import signed_in
from test_node_stations import assigned, take_in

from comity.node.accounts.role import Role
from comity.node.lawbook import queries as law
from comity.node.requests import actions, queries
from comity.node.requests.models import Draft
from support.asking import ask


@pytest.fixture
def asked(de):
    """Germany's node with a request taken in some minutes ago, for the pages act at the hour of the day."""
    de.now -= timedelta(minutes=5)
    sent = ask(de.other, "DE", law.base(), de.at())
    take_in(de, sent.act)
    return de, sent.dossier


def messages(answer) -> str:
    return " ".join(re.findall(r'<div class="ds-alert message".*?</div>', answer.content.decode(), re.DOTALL))


def test_the_composer_asks_what_the_basis_asks_and_saves_what_is_typed(ua):
    client = signed_in(ua.drafter.username)
    answer = client.post(
        "/requests/new/", {"requested": "DE", "measures": ["bank_records"], "offences": "fraud"}, secure=True
    )
    page = client.get(answer["Location"], secure=True).content.decode()
    assert "ETS No. 030 Art. 14(1)" in page
    assert "entries are missing" in page
    row = Draft.objects.get()
    sent = {"version": row.version, "object": "Records of an account", "persons-count": 1, "persons-0-role": "witness"}
    sent |= {"persons-0-name": "Олена Умовна", "persons-0-legal_person": "", "urgency.urgent": "on"}
    answer = client.post(answer["Location"], sent, secure=True, follow=True)
    assert "Saved." in messages(answer)
    row.refresh_from_db()
    assert row.values["object"] == "Records of an account"
    assert row.values["persons"] == [{"role": "witness", "name": "Олена Умовна"}]
    assert row.values["urgency.urgent"] is True
    stale = client.post(answer.request["PATH_INFO"], {**sent, "object": "Other"}, secure=True)
    assert "changed by someone else" in messages(stale)
    assert "Other" in stale.content.decode()  # nothing that was typed is lost


def test_htmx_saves_and_says_what_is_missing(ua):
    draft = ua.draft()
    client = signed_in(ua.drafter.username)
    page = client.get(f"/requests/{draft}/", secure=True).content.decode()
    version = re.search(r'name="version" value="(\d+)"', page).group(1)
    sent = {"version": version, "object": ""}
    answer = client.post(f"/requests/{draft}/check/", sent, secure=True, headers={"HX-Request": "true"})
    part = answer.content.decode()
    assert "<html" not in part
    assert "Art. 14(1)" in part
    assert f'value="{int(version) + 1}" hx-swap-oob="true"' in part


def test_a_question_the_law_does_not_take_is_said_on_the_page(ua):
    client = signed_in(ua.drafter.username)
    answer = client.post("/requests/new/", {"requested": "DE", "measures": ["nonsense"]}, secure=True)
    assert answer.status_code == 200
    assert "nonsense" in messages(answer)
    assert Draft.objects.count() == 0


def test_two_persons_and_the_central_authority_bring_a_request_into_the_outbox(ua):
    draft = ua.draft()
    drafter, head, central = (signed_in(one.username) for one in (ua.drafter, ua.head, ua.central))
    answer = drafter.post(f"/requests/{draft}/do/submit/", secure=True, follow=True)
    assert "waits for approval" in messages(answer)
    refused = drafter.post(f"/requests/{draft}/do/approve/", secure=True, follow=True)
    assert "needs one of the roles approving" in messages(refused)
    page = head.get(f"/requests/{draft}/", secure=True).content.decode()
    assert "Approve as the second person" in page
    pdf = head.get(f"/requests/{draft}/letter.pdf?language=uk", secure=True)
    assert pdf.content.startswith(b"%PDF")
    back = head.post(f"/requests/{draft}/do/return/", {"reason": "Name the bank"}, secure=True, follow=True)
    assert "went back" in messages(back)
    drafter.post(f"/requests/{draft}/do/submit/", secure=True)
    assert "Approved" in messages(head.post(f"/requests/{draft}/do/approve/", secure=True, follow=True))
    answer = central.post(f"/requests/{draft}/do/send/", secure=True)
    assert answer["Location"].startswith("/cases/MLA-UA-DE-")
    page = central.get(answer["Location"], secure=True).content.decode()
    assert "Request sent" in page
    assert "under way" in page
    listed = central.get("/deliveries/", secure=True).content.decode()
    assert "Request sent" in listed
    act = re.search(r"/acts/([0-9a-f]{64})\.json", page).group(0)
    envelope = central.get(answer["Location"] + act.removeprefix("/"), secure=True)
    assert b"payloadType" in envelope.content


@pytest.mark.usefixtures("db")
def test_the_other_state_decides_on_the_page_of_the_case(asked):
    de, dossier = asked
    client = signed_in(de.central.username)
    case = f"/cases/{dossier}/"
    page = client.get(case, secure=True).content.decode()
    assert "seal: passed" in page
    assert "Acknowledge receipt" in page
    for station in ("acknowledge", "consider"):
        answer = client.post(f"{case}do/{station}/", {"note": "DE-1"}, secure=True, follow=True)
        assert "written into the record" in messages(answer)
    assert "law bases say the same" in answer.content.decode()
    refused = client.post(f"{case}do/refuse/", {"ground": "invented", "reason": "x"}, secure=True, follow=True)
    assert "no ground for refusal" in messages(refused)
    assert "written into the record" in messages(client.post(f"{case}do/accept/", secure=True, follow=True))
    again = client.post(f"{case}do/accept/", secure=True, follow=True)
    assert "What to do:" in messages(again)


def test_evidence_is_described_collected_and_offered_on_its_page(asked):
    de, dossier = asked
    assigned(asked)
    client = signed_in(de.executing.username)
    place = f"/cases/{dossier}/evidence/"
    content = b"date,amount\n2026-02-03,61400.00\n"
    sent = {"title": "Statement", "nature": "digital", "conditions": "Only in this case"}
    sent["files"] = SimpleUploadedFile("statement.csv", content, "text/csv")
    answer = client.post(place + "add/", sent, secure=True, follow=True)
    assert hashlib.sha256(content).hexdigest() in answer.content.decode()
    taken = {"number": "E-001", "place": "Bonn", "source": "Invented Bank", "method": "Export"}
    answer = client.post(f"/cases/{dossier}/do/collect/", taken, secure=True, follow=True)
    assert "written into the record" in messages(answer)
    offered = {"exhibits": ["E-001"], "conditions": "No other use\n"}
    answer = client.post(f"/cases/{dossier}/do/offer/", offered, secure=True, follow=True)
    assert "written into the record" in messages(answer)
    page = client.get(place, secure=True).content.decode()
    assert "No other use" in page
    assert "holds it now" in page
    file = client.get(f"/cases/{dossier}/files/{hashlib.sha256(content).hexdigest()}/", secure=True)
    assert b"".join(file.streaming_content) == content
    assert file["Content-Disposition"].startswith("attachment")


def test_a_file_that_is_no_package_is_refused_on_the_page(ua):
    client = signed_in(ua.central.username)
    assert client.post("/verify/", secure=True).status_code == 400
    sent = {"package": SimpleUploadedFile("x.asice", b"this is no package")}
    answer = client.post("/verify/", sent, secure=True)
    assert answer.status_code == 422
    assert "What to do:" in answer.content.decode()


def test_a_case_is_hidden_from_an_authority_it_does_not_belong_to(asked):
    de, dossier = asked
    other = de.who("stranger", Role.EXECUTING, authority="de:other")
    client = signed_in(other.username)
    assert client.get(f"/cases/{dossier}/", secure=True).status_code == 403
    assert dossier not in client.get("/cases/", secure=True).content.decode()
    assert dossier not in client.get("/evidence/", secure=True).content.decode()


def test_work_names_what_waits_for_each(ua):
    draft = ua.draft()
    actions.submit(ua.drafter, draft, None, at=ua.at())
    page = signed_in(ua.head.username).get("/", secure=True).content.decode()
    assert "Approve the request" in page
    assert queries.worklist(ua.central, at=ua.at()) == ()
    assert "Nothing waits for you" in signed_in(ua.central.username).get("/", secure=True).content.decode()
