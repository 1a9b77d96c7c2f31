"""Two nodes, each in a process of its own, joined by a network as bad as a test asks for."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comity.adapters.memory_transport import Faults, MemoryTransport
from comity.errors import ServiceError
from support import child

PEOPLE = {
    "UA": {"drafter": ("issuing", "ua:court"), "head": ("approving", "ua:court"), "central": ("central", "ua:central")},
    "DE": {"central": ("central", "de:central"), "executing": ("executing", "de:court")},
}


class RefusedError(AssertionError):
    """A node refused what it was asked to do."""


@dataclass
class Child:
    """A node's process, and how it reaches the network."""

    state: str
    root: Path
    network: MemoryTransport
    others: dict[str, Child] = field(default_factory=dict)

    def __post_init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, end = context.Pipe()
        self.process = context.Process(target=child.serve, args=(end, str(self.root)), daemon=True)
        self.process.start()

    def ask(self, name: str, *args: Any, **more: Any) -> Any:
        """Have the node do something; carry its messages meanwhile."""
        self.pipe.send((name, args, more))
        while True:
            kind, found = self.pipe.recv()
            if kind == "done":
                return found
            if kind == "refused":
                raise RefusedError(found)
            self.pipe.send(self._send(*found) if kind == "send" else self._fetch(*found))

    def do(self, action: str, username: str, *args: Any, **more: Any) -> Any:
        """Have a person of the node do an action."""
        return self.ask("do", action, username, *args, **more)

    def _send(self, url: str, content_type: str, body: bytes) -> Any:
        try:
            return self.network.send(url, content_type, body)
        except ServiceError as error:
            return type(error).__name__

    def _fetch(self, url: str, start: int, headers: dict[str, str], end: int | None) -> Any:
        holder = next(other for base, other in self.others.items() if url.startswith(base))
        files = {url: holder.ask("blob", url.rsplit("/", 1)[1], headers)}
        self.network.files = files
        blocks: list[bytes] = []
        try:
            blocks.extend(self.network.fetch(url, start, headers, end=end))
        except ServiceError as error:
            return blocks, type(error).__name__
        return blocks, None

    def stop(self) -> None:
        """End the process."""
        self.pipe.send(None)
        self.process.join(20)


@dataclass
class Pair:
    """Ukraine's node and Germany's, and the network between them."""

    ua: Child
    de: Child
    network: MemoryTransport

    def settle(self, rounds: int = 400) -> None:
        """Let both work until nothing is under way."""
        for _ in range(rounds):
            idle = [self.ua.ask("work"), self.de.ask("work")]
            self.network.release()
            if all(idle) and all([self.ua.ask("work"), self.de.ask("work")]):
                return
        raise AssertionError(f"never idle: {self.ua.ask('facts')} {self.de.ask('facts')}")

    def worsen(self, faults: Faults, seed: int) -> None:
        """Make the network as bad as this."""
        self.network.faults = faults
        self.network._random.seed(seed)


@contextmanager
def joined(root: Path, cache: Path) -> Iterator[Pair]:
    """Make two nodes that know each other."""
    network = MemoryTransport(handlers={})
    nodes = {}
    for state in ("UA", "DE"):
        child.make(root / state, state, cache)
        nodes[state] = Child(state, root / state, network)
    try:
        cards = [node.ask("card") for node in nodes.values()]
        made = nodes["UA"].ask("federate", cards)
        anchor = (root / "UA" / "keys" / "ca.pem").read_bytes()
        nodes["DE"].ask("federate", None, made, anchor)
        handlers = {}
        for state, port in (("UA", 3), ("DE", 2)):
            base = f"https://127.0.0.1:{port}/exchange"
            handlers[f"{base}/as4"] = lambda content_type, body, to=nodes[state]: to.ask("receive", content_type, body)
            for node in nodes.values():
                node.others[f"{base}/blob"] = nodes[state]
        network.handlers = handlers
        for state, node in nodes.items():
            node.ask("add_people", PEOPLE[state])
        yield Pair(nodes["UA"], nodes["DE"], network)
    finally:
        for node in nodes.values():
            node.stop()
