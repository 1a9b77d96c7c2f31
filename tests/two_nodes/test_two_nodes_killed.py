"""Either node is stopped as by SIGKILL in the middle of the journey and started again: it ends, with one effect."""

from __future__ import annotations

from collections import Counter

import pytest

from support.running import KILLED
from support.walk import Walk

pytestmark = pytest.mark.xdist_group("running nodes")

POINTS = [
    ("UA", "send-before-commit"),
    ("UA", "send-after-commit"),
    ("UA", "deliver-after-lease"),
    ("UA", "deliver-after-answer"),
    ("UA", "deliver-after-commit"),
    ("DE", "receive-before-commit"),
    ("DE", "receive-after-commit"),
    ("UA", "pull-middle"),
    ("UA", "pull-before-commit"),
    ("DE", "return-before-commit"),
]


@pytest.mark.parametrize(("state", "point"), POINTS, ids=[point for _, point in POINTS])
def test_the_journey_ends_with_one_effect_wherever_a_node_is_killed(nodes, state, point):
    nodes[state].stop()
    nodes[state].ends.clear()
    nodes[state].start(point)
    ua, de = nodes["UA"].node, nodes["DE"].node
    walk = Walk(ua, de, size=9_000_000)
    assert walk.whole()["status"] == "passed"
    assert nodes[state].ends == [KILLED]
    for node, who in ((ua, "ua-central"), (de, "de-central")):
        node.wait(who, "status", lambda found: found["idle"])
    at_home, abroad = (
        {act["digest"]: act["kind"] for act in node.get(who, f"dossiers/{walk.dossier}/acts") if act["shared"]}
        for node, who in ((ua, "ua-central"), (de, "de-central"))
    )
    assert at_home == abroad
    assert set(Counter(at_home.values()).values()) == {1}
    assert "request.close" in at_home.values()
    for node, who in ((ua, "ua-central"), (de, "de-central")):
        found = node.get(who, f"deliveries?dossier={walk.dossier}")
        assert {one["state"] for one in found} == {"acknowledged"}
        assert len({one["message_id"] for one in found}) == len(found)
        arrived = [one["message_id"] for one in node.get(who, f"arrivals?dossier={walk.dossier}")]
        assert len(arrived) == len(set(arrived))


def test_a_node_whose_supervisor_was_killed_starts_again_at_once(nodes):
    for _ in range(3):
        nodes["UA"].kill()
        nodes["UA"].start()
        assert nodes["UA"].node.get("ua-central", "status")["state"] == "UA"
    assert Walk(nodes["UA"].node, nodes["DE"].node, size=1000).whole()["status"] == "passed"
