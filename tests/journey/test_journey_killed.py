"""Whatever is killed, whenever: the journey goes on, and each act has one effect in both states."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from journey_world import SIZE, TOGETHER

from comity.cli.demo.client import Client
from comity.cli.demo.site import Site
from comity.cli.demo.stage import Stage

SEED = int(os.environ.get("COMITY_TEST_SEED", "20261124"))
KILLS = 5
SHARED = {
    "request.send", "request.receive", "request.accept", "custody.offer", "custody.undertake", "evidence.return",
    "custody.receive", "request.close",
}  # fmt: skip


def children(pid: int) -> list[int]:
    """Return a process and those below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in task.read_text().split():
                found += children(int(child))
    return found


@contextlib.contextmanager
def killer(sites: tuple[Site, Site], dice: random.Random, killed: list[str]) -> Iterator[None]:
    over = threading.Event()

    def kill() -> None:
        while not over.wait(dice.uniform(0.3, 2.0)) and len(killed) < KILLS:
            site = dice.choice(sites)
            if not site.pid or not site.answering:
                continue
            victim = dice.choice(children(site.pid))
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
                killed.append(f"{site.state} {victim} at {time.monotonic():.2f}")

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def acts(stage: Stage, site: Site) -> list[dict[str, str]]:
    central = next(officer for officer in site.officers if "central" in officer.roles)
    client = Client(site, central)
    try:
        (line,) = client.get("dossiers")
        found: list[dict[str, str]] = client.get(f"dossiers/{line['id']}/acts")
    finally:
        client.close()
    return found


def test_nodes_killed_at_random_moments_end_with_verified_evidence(tmp_path: Path) -> None:
    dice = random.Random(SEED)
    killed: list[str] = []
    stage = Stage(tmp_path / "demo", "UA", "DE", size=SIZE * 1_000_000)
    try:
        with killer(stage.sites, dice, killed):
            stage.play()
        assert stage.verified, f"seed {SEED}, killed {killed}"
        assert killed
        assert [(s["name"], s["act"]) for s in stage.to_json()["stations"]] == TOGETHER
        here, there = (acts(stage, site) for site in stage.sites)
    finally:
        stage.close()
    assert {kind for kind, count in Counter(act["kind"] for act in here).items() if count != 1} <= {"custody.collect"}
    mine = {act["digest"] for act in here if act["kind"] in SHARED}
    theirs = {act["digest"] for act in there if act["kind"] in SHARED}
    assert mine == theirs
    assert len(mine) == len(SHARED)
