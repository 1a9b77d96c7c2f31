"""The command line beside running nodes: send, inbox, status, check, audit, backup and restore."""

from __future__ import annotations

import json

import pytest

from comity.cli.main import main
from support.walk import QUESTION, Walk, values

pytestmark = pytest.mark.xdist_group("running nodes")


@pytest.fixture
def comity(nodes, tmp_path, capsys, monkeypatch):
    """Run a command as a person of Ukraine's node; return exit code and what was printed as JSON."""
    ua = nodes["UA"].node

    def run(*words, who="ua-central"):
        token = tmp_path / f"{who}.token"
        token.write_text(ua.tokens[who])
        monkeypatch.setenv("COMITY_NODE", ua.url)
        capsys.readouterr()
        code = main([*words, "--token-file", str(token), "--anchor", str(ua.anchor), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run


def test_a_draft_is_stored_sent_and_seen(nodes, comity, tmp_path):
    ua = nodes["UA"].node
    code, made = comity("send", str(_draft(tmp_path, {})), who="ua-prosecutor")
    assert (code, bool(made["missing"])) == (0, True)
    walk = Walk(ua, nodes["DE"].node)
    made = ua.post("ua-prosecutor", "drafts", {"question": QUESTION, "values": values(made)})
    ua.post("ua-prosecutor", f"drafts/{made['id']}/submit")
    ua.post("ua-head", f"drafts/{made['id']}/approve")
    code, sent = comity("send", made["id"])
    assert (code, sent["kind"]) == (0, "request.send")
    walk.dossier = sent["dossier"]
    walk.reached(nodes["DE"].node, "de-central", "sent")
    code, whole = comity("status", sent["dossier"])
    assert (code, whole["status"]["id"]) == (0, "sent")
    code, found = comity("inbox", "--all")
    assert (code, found["dossiers"][0]["id"]) == (0, sent["dossier"])
    code, found = comity("inbox")
    assert code == 0
    assert sent["dossier"] not in [one["id"] for one in found["dossiers"]]
    ua.wait("ua-central", "status", lambda status: status["idle"])
    code, status = comity("status")
    assert (code, status["state"], status["partners"]) == (0, "UA", ["DE"])


def _draft(tmp_path, filled):
    path = tmp_path / "draft.json"
    path.write_text(json.dumps({"question": QUESTION, "values": filled}))
    return path


@pytest.mark.parametrize("words", [("send", "nothing"), ("status", "MLA-UA-DE-2026-11-24-9999-1"), ("send", "no.json")])
def test_what_the_node_refuses_is_said_with_its_remedy(comity, words):
    code, said = comity(*words)
    assert code == 4
    assert said["error"]["detail"]
    assert said["error"]["remedy"]


def test_a_node_that_does_not_answer_is_a_service_that_failed(comity):
    code, said = comity("status", "--node", "https://127.0.0.1:1")
    assert (code, said["error"]["code"]) == (5, "post.unreachable")


def test_a_running_node_is_looked_after(nodes, tmp_path):
    root = str(nodes["UA"].root)
    assert _node("check", "--dir", root) == (0, "checks")
    assert _node("audit", "verify", "--dir", root) == (0, "ok")
    target = tmp_path / "backup.tar"
    assert _node("backup", str(target), "--dir", root) == (0, "backup")
    assert _node("restore", str(target), "--dir", str(tmp_path / "again")) == (0, "dir")
    assert _node("check", "--dir", str(tmp_path / "again")) == (0, "checks")
    assert _node("run", "--dir", root)[0] == 4  # it runs already
    assert _node("check", "--dir", str(tmp_path / "nowhere"))[0] == 4


def _node(*words):
    """Run a command of the group in a process of its own, for it reads the settings of its node once."""
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "comity.cli.main", "node", *words, "--json"], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    said = json.loads(done.stdout.strip().splitlines()[-1])
    return done.returncode, next(iter(said))
