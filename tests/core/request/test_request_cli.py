"""``comity request``: files in, files out, and errors that name the field and the provision."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest

from comity.cli.main import main
from comity.request.read import read
from comity.signing import cades, pades
from comity.signing.pki import Purpose, authority, issue, key_pem, pem
from comity.signing.trust import Trust
from comity.values import StateCode
from support.cooperation import values

DOSSIER = "MLA-UA-DE-2026-11-24-0001-1"


@pytest.fixture
def files(tmp_path):
    def write(**changes):
        document = {
            "from": "UA", "to": "DE", "on": "2026-11-24", "facts": {}, "basis": "coe-030", "draft": values(**changes),
        }  # fmt: skip
        path = tmp_path / "draft.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    return write


def run(*words) -> int:
    return main(["request", *(str(word) for word in words)])


def test_an_empty_draft_lists_what_the_basis_asks_and_can_be_checked(tmp_path, capsys):
    out = tmp_path / "draft.json"
    assert run("draft", "--from", "UA", "--to", "DE", "--measure", "bank_records", "--offence", "fraud", "--on",
               "2026-11-24", "--basis", "coe-030", "--out", out) == 0  # fmt: skip
    said = capsys.readouterr().out
    assert "European Convention on Mutual Assistance" in said
    assert " * reason " in said
    assert "ETS No. 030 Art. 14(1)" in said
    assert run("check", out) == 1
    said = capsys.readouterr().out
    assert "Missing: Reason for the request (reason): ETS No. 030 Art. 14(1)" in said


def test_a_complete_draft_becomes_a_request_a_letter_and_signed_papers(files, tmp_path, capsys):
    draft, made, letter = files(), tmp_path / "request.json", tmp_path / "letter.pdf"
    assert run("check", draft) == 0
    assert run("compose", draft, "--dossier", DOSSIER, "--at", "2026-11-24T10:00:00Z", "--out", made, "--json") == 0
    request = read(made.read_bytes())
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert answer["request"] == request.digest.hex
    assert run("render", made, "--language", "uk", "--test", "--out", letter) == 0
    with pikepdf.open(letter) as found:
        assert str(found.Root.Lang) == "uk"
    now = datetime.now(UTC) - timedelta(hours=1)
    root, anchor = authority(StateCode("UA"), "anchor", now)
    key, certificate = issue(root, anchor, Purpose.SEAL, "seal", now)
    (tmp_path / "key.pem").write_bytes(key_pem(key))
    (tmp_path / "chain.pem").write_bytes(pem(certificate) + pem(anchor))
    by = ("--key", tmp_path / "key.pem", "--certificates", tmp_path / "chain.pem")
    trust, at = Trust({StateCode("UA"): (anchor,)}), datetime.now(UTC)
    assert run("sign", letter, *by, "--name", "Officer (fictional)", "--out", tmp_path / "signed.pdf") == 0
    signed = (tmp_path / "signed.pdf").read_bytes()
    assert [verdict.passed for verdict in pades.verify(signed, trust, at)] == [True]
    with pikepdf.open(io.BytesIO(signed)) as found:
        assert bool(found.Root.MarkInfo.Marked)
    assert run("sign", made, *by, "--out", tmp_path / "request.p7s") == 0
    assert cades.verify((tmp_path / "request.p7s").read_bytes(), made.read_bytes(), trust, at).passed


def test_composing_an_incomplete_draft_writes_nothing_and_names_the_provision(files, tmp_path, capsys):
    out = tmp_path / "request.json"
    assert run("compose", files(reason=""), "--dossier", DOSSIER, "--out", out) == 1
    assert "ETS No. 030 Art. 14(1)" in capsys.readouterr().err
    assert not out.exists()


def test_a_refused_value_names_field_and_provision_as_json(files, capsys):
    assert run("check", files(object=7), "--json") == 4
    error = json.loads(capsys.readouterr().out)["error"]
    assert (error["code"], error["fields"]["field"]) == ("request.field-type", "object")
    assert error["fields"]["provisions"] == ["ETS No. 030 Art. 14(1)"]


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"from":"UA"}', b'{"from":"UA","to":"DE","on":"x","draft":[]}']
)
def test_a_file_that_is_no_draft_is_refused(tmp_path, capsys, content):
    path = tmp_path / "draft.json"
    path.write_bytes(content)
    assert run("check", path) == 4
    assert "What to do" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("draft", "--from", "UA", "--to", "QQ", "--measure", "bank_records"), "not the code of a state"),
        (("draft", "--from", "UA", "--to", "DE", "--measure", "bank_recrods"), "bank_records"),
        (("draft", "--from", "UA", "--to", "DE", "--measure", "bank_records", "--on", "2026-13-01"), "is not a date"),
        (("draft", "--from", "UA", "--to", "DE", "--measure", "bank_records", "--fact", "x"), "is no fact"),
        (("render", "missing.json", "--out", "x.pdf"), "cannot be read"),
    ],
)
def test_bad_input_says_what_is_wrong_and_what_to_do(words, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(*words) == 4
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error


def test_rendering_what_is_no_request_is_refused(tmp_path, capsys):
    path = tmp_path / "request.json"
    path.write_bytes(b'{"type":"urn:comity:request:1"}')
    assert run("render", path, "--out", tmp_path / "x.pdf") == 4
    assert "not a request" in capsys.readouterr().err
    assert not (tmp_path / "x.pdf").exists()
