"""Two nodes as they run: ``comity node run`` for each, killed and started again as a test asks for."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from comity.adapters.memory_transport import MemoryTransport
from support import child
from support.pair import Child
from support.walk import Node

PEOPLE = {
    "UA": {
        "ua-prosecutor": ("issuing", "ua:court"),
        "ua-head": ("approving", "ua:court"),
        "ua-central": ("central", "ua:central"),
    },
    "DE": {"de-central": ("central", "de:central"), "de-executing": ("executing", "de:court")},
}
KILLED = 137


@dataclass
class Running:
    """A node's processes. One that ends at a crash point is started again, without it."""

    state: str
    root: Path
    node: Node
    process: subprocess.Popen[str] | None = None
    watcher: threading.Thread | None = None
    ends: list[int] = field(default_factory=list)

    def start(self, crash_at: str = "") -> None:
        """Start, and wait until it answers."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
        if crash_at:
            environment["COMITY_CRASH_AT"] = crash_at
        command = [sys.executable, "-m", "comity.cli.main", "node", "run", "--dir", str(self.root), "--json"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        assert self.process.stdout is not None
        told = self.process.stdout.readline()
        assert told, self._said()
        assert json.loads(told)["ready"]
        if crash_at:
            self.watcher = threading.Thread(target=self._watch, daemon=True)
            self.watcher.start()

    def _watch(self) -> None:
        assert self.process is not None
        self.ends.append(self.process.wait())
        self._close()
        if self.ends[-1] == KILLED:
            self.start()

    def _said(self) -> str:
        assert self.process is not None
        return self.process.communicate()[1]

    def _close(self) -> None:
        for stream in (self.process.stdout, self.process.stderr) if self.process else ():
            if stream:
                stream.close()

    def kill(self) -> None:
        """Kill the supervisor alone, as SIGKILL does; its children are left to end by themselves."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(20)
        self._close()

    def stop(self) -> None:
        """Stop, and see that nothing is left."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
        if self.watcher:
            self.watcher.join(20)
        self._close()
        self.process, self.watcher = None, None


@contextmanager
def running(root: Path, cache: Path) -> Iterator[dict[str, Running]]:
    """Make two nodes that know each other, and start both."""
    ports = _ports()
    makers = {}
    for state in ("UA", "DE"):
        child.make(root / state, state, cache, ports[state])
        makers[state] = Child(state, root / state, MemoryTransport())
    made = makers["UA"].ask("federate", [maker.ask("card") for maker in makers.values()])
    makers["DE"].ask("federate", None, made, (root / "UA" / "keys" / "ca.pem").read_bytes())
    nodes = {}
    for state, maker in makers.items():
        maker.ask("add_people", PEOPLE[state])
        node = Node(f"https://127.0.0.1:{ports[state][0]}", root / state / "keys" / "ca.pem", maker.ask("tokens"))
        nodes[state] = Running(state, root / state, node)
        maker.stop()
    try:
        for one in nodes.values():
            one.start()
        yield nodes
    finally:
        for one in nodes.values():
            one.stop()
            one.node.client.close()


def _ports() -> dict[str, tuple[int, int]]:
    sockets = [socket.socket() for _ in range(4)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    numbers = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return {"UA": (numbers[0], numbers[1]), "DE": (numbers[2], numbers[3])}
