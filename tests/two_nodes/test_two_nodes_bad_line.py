"""A whole cooperation over a line that loses, doubles, delays and alters: each act has its effect once, in both states."""

from __future__ import annotations

import hashlib

import pytest

from comity.adapters.memory_transport import Faults
from support.pair import joined
from support.walk import QUESTION, values

CONTENT = hashlib.shake_256(b"a file").digest(150_000)
SHARED = [
    "request.send", "request.receive", "request.accept", "custody.offer", "custody.undertake", "evidence.return",
    "custody.receive", "request.close",
]  # fmt: skip


@pytest.fixture(scope="module")
def pair(tmp_path_factory, lawbase):
    with joined(tmp_path_factory.mktemp("pair"), lawbase) as found:
        found.de.ask("inline", 100_000)
        yield found


@pytest.mark.parametrize(
    ("faults", "seed"),
    [
        (Faults(), 0),
        (Faults(lost=0.3, unanswered=0.3), 1),
        (Faults(doubled=0.5, held=0.3), 2),
        (Faults(altered=0.3, answer_altered=0.02), 3),
        (Faults(lost=0.2, unanswered=0.2, doubled=0.3, held=0.2, altered=0.1, answer_altered=0.01), 4),
    ],
    ids=["calm", "lossy", "doubling", "tampering", "all"],
)
def test_a_cooperation_ends_with_each_act_once_in_effect(pair, faults, seed):
    pair.worsen(faults, seed)
    before = {node.state: node.ask("facts") for node in (pair.ua, pair.de)}
    dossier = cooperate(pair)
    at_home, abroad = pair.ua.ask("acts", dossier), pair.de.ask("acts", dossier)
    assert [kind for kind, _, _ in at_home] == SHARED
    assert sorted(at_home) == sorted(abroad)  # the same bytes in both states
    for node in (pair.ua, pair.de):
        found = node.ask("facts")
        assert found["deliveries"] == {"acknowledged"}
        assert found["arrivals"] == found["distinct"]
        assert found["audit"]
        case = node.do("requests.queries.case", "central", dossier)
        assert case["line"]["status"]["id"] == "closed"
    if faults.doubled:
        assert pair.ua.ask("facts")["duplicates"] > before["UA"]["duplicates"]
    if faults.altered:
        assert sum(node.ask("facts")["refused"] for node in (pair.ua, pair.de)) > sum(
            found["refused"] for found in before.values()
        )


def cooperate(pair):
    """Walk from draft to closed, letting the line settle after each act; return the dossier's id."""
    made = pair.ua.do("requests.actions.save_draft", "drafter", None, QUESTION, {}, None)
    pair.ua.do("requests.actions.save_draft", "drafter", made["id"], QUESTION, values(made), made["version"])
    pair.ua.do("requests.actions.submit", "drafter", made["id"], None)
    pair.ua.do("requests.actions.approve", "head", made["id"])
    dossier = pair.ua.do("requests.actions.send", "central", made["id"])["dossier"]
    pair.settle()
    for name in ("acknowledge", "consider", "accept"):
        pair.de.do(f"requests.actions.{name}", "central", dossier)
    pair.settle()
    pair.de.do("requests.actions.assign", "central", dossier, authority="de:court")
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    pair.de.ask("upload", CONTENT, sha256)
    exhibit = pair.de.do(
        "vault.stations.add_exhibit",
        "executing",
        dossier,
        title="A file",
        nature="digital",
        files=[{"sha256": sha256, "name": "a.bin"}],
    )["number"]
    found = {"place": "Bonn", "source": "Invented Bank", "method": "Copy"}
    pair.de.do("vault.stations.collect", "executing", dossier, exhibit, **found)
    pair.de.do("vault.stations.offer", "executing", dossier, exhibits=[exhibit])
    pair.settle()
    pair.ua.do("vault.stations.undertake", "central", dossier)
    pair.settle()
    pair.de.do("vault.stations.give_back", "central", dossier)
    pair.settle()
    (package,) = pair.ua.do("requests.queries.case", "central", dossier)["packages"]
    assert package["present"]
    assert package["checked"]["status"] == "passed"
    pair.ua.do("vault.stations.receive", "central", dossier)
    pair.ua.do("requests.actions.close", "central", dossier)
    pair.settle()
    return dossier
