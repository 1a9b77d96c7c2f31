"""The demonstration as the stories see it: run to its end as its own process, and its last line read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST = 240  # seconds
SIZE = 8  # megabytes of the disk image; the whole 300 are for `make demo`

TOGETHER = [
    ("draft", ""),
    ("resolve", ""),
    ("compose", "request.draft"),
    ("sign", "request.approve"),
    ("send", "request.send"),
    ("receive", "request.receive"),
    ("consider", "request.consider"),
    ("accept", "request.accept"),
    ("assign", "execution.assign"),
    ("execute", "custody.collect"),
    ("execute", "custody.collect"),
    ("execute", "custody.collect"),
    ("offer", "custody.offer"),
    ("undertake", "custody.undertake"),
    ("return", "evidence.return"),
    ("receive", ""),
    ("verify", "custody.receive"),
    ("close", "request.close"),
]
"""The stations of a cooperation that goes well, in order, and the act each leaves."""


@dataclass(frozen=True)
class Told:
    """How a demonstration ended."""

    code: int
    said: str
    outcome: dict[str, Any]

    @property
    def stations(self) -> list[tuple[str, str]]:
        return [(station["name"], station["act"]) for station in self.outcome["stations"]]

    def states(self, *names: str) -> set[str]:
        return {station["state"] for station in self.outcome["stations"] if station["name"] in names}


def comity(*words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a command as a person would."""
    return subprocess.run(
        [sys.executable, "-m", "comity.cli.main", *words],
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
        env={name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_"))},
        **more,
    )


def demo(directory: Path, between: str) -> Told:
    """Run ``comity demo --headless --json`` in a new directory."""
    words = ["--headless", "--json", "--dir", str(directory), "--between", between, "--size", str(SIZE)]
    ran = comity("demo", *words)
    lines = ran.stdout.strip().splitlines()
    assert lines, ran.stderr
    return Told(ran.returncode, ran.stdout + ran.stderr, json.loads(lines[-1]))


def running_in(directory: Path) -> list[str]:
    """Return the processes that have to do with a directory."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if any(word.startswith(str(directory).encode()) for word in words):
            found.append(f"{process.name}: {b' '.join(words).decode(errors='replace')}")
    return found
