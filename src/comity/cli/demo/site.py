"""One state's node in the demonstration: its directory, its ports, its processes.

Each process is its own process group, so that Ctrl-C reaches the demonstration alone, which stops them in order; and
the kernel sends each SIGTERM if the demonstration itself is killed (prctl(2), PR_SET_PDEATHSIG). That signal is tied
to the thread that started the process: start and mend sites from the main thread.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from comity.cli.demo.errors import SetUpError
from comity.cli.demo.people import Officer

__all__ = ["Founder", "Site", "bound_to", "free_ports"]

_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)
_FIRST, _LAST = 20_000, 32_000  # below the ports Linux gives to outgoing connections
READY = 60.0  # seconds a node has to answer after its start
QUICK, TRIES = 5.0, 5  # a node that stops within so many seconds, so many times in a row, is not started again
PATIENCE = 15.0  # seconds a node has to stop


def free_ports(count: int) -> tuple[int, ...]:
    """Return ports of the loopback address nobody listens on; drawn at random, so that two demos do not meet."""
    found: set[int] = set()
    while len(found) < count:
        port = _FIRST + secrets.randbelow(_LAST - _FIRST)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.add(port)
    return tuple(found)


def bound_to(parent: int) -> Callable[[], None]:
    """Return what a new process does first: bind its life to ``parent``, which started it."""

    def bind() -> None:
        _LIBC.prctl(_PDEATHSIG, int(signal.SIGTERM))
        if os.getppid() != parent:
            os._exit(1)

    return bind


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_"))}
    return {**kept, "PYTHONUNBUFFERED": "1"}


def _start(words: Sequence[str], log: Path, **pipes: int) -> subprocess.Popen[str]:
    out: dict[str, int | IO[str]] = dict(pipes)
    with log.open("a", encoding="utf-8") as said:
        out.setdefault("stdin", subprocess.DEVNULL)
        out.setdefault("stdout", said)
        return subprocess.Popen(
            [sys.executable, "-m", *words],
            stdin=out["stdin"],
            stdout=out["stdout"],
            stderr=said,
            text=True,
            start_new_session=True,
            env=_environment(),
            preexec_fn=bound_to(os.getpid()),  # noqa: PLW1509 - prctl alone, and no thread holds a lock of ours
        )


@dataclass(slots=True)
class Site:
    """A node: where it lies, how it is reached, who works there."""

    state: str
    directory: Path
    web_port: int
    exchange_port: int
    officers: tuple[Officer, ...] = ()
    answering: bool = False
    _process: subprocess.Popen[str] | None = field(default=None, repr=False)
    _since: float = 0.0
    _quick: int = 0

    @property
    def url(self) -> str:
        """The address for browsers and programs."""
        return f"https://127.0.0.1:{self.web_port}"

    @property
    def log(self) -> Path:
        """What the node's processes say."""
        return self.directory.with_suffix(".log")

    @property
    def anchor(self) -> Path:
        """The certificate of the node's own authority."""
        return self.directory / "keys" / "ca.pem"

    def trust(self) -> ssl.SSLContext:
        """Return what a client of this node checks it by."""
        return ssl.create_default_context(cafile=str(self.anchor))

    def start(self) -> None:
        """Start the node; `wait` for it afterwards."""
        self.adopt(_start(("comity.cli.main", *_running(self.directory)), self.log))

    def adopt(self, process: subprocess.Popen[str]) -> None:
        """Take a process for this node's."""
        self._process, self._since = process, time.monotonic()

    def wait(self) -> None:
        """Wait until the node answers."""
        import httpx

        until = time.monotonic() + READY
        with httpx.Client(verify=self.trust(), timeout=5) as client:
            while time.monotonic() < until:
                with contextlib.suppress(httpx.TransportError):
                    if client.get(f"{self.url}/healthz").is_success:
                        self.answering = True
                        return
                self.mend()
                time.sleep(0.05)
        raise SetUpError(f"The node of {self.state} does not answer; its log is {self.log}:\n{self.tail()}")

    def mend(self) -> bool:
        """Start the node again where its process was killed; tell whether that was needed."""
        if self._process is None or self._process.poll() is None:
            return False
        self._quick = self._quick + 1 if time.monotonic() - self._since < QUICK else 0
        if self._quick >= TRIES:
            raise SetUpError(
                f"The node of {self.state} stops as soon as it starts; its log is {self.log}:\n{self.tail()}"
            )
        time.sleep(0.2 * self._quick)
        self.start()
        return True

    def stop(self) -> None:
        """Stop the node and see it gone."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def tail(self, lines: int = 12) -> str:
        """Return the last lines of the log."""
        try:
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
        except OSError:
            return ""

    @property
    def pid(self) -> int:
        """The process of the node, 0 where it does not run."""
        return self._process.pid if self._process else 0


class Founder:
    """The process that makes a site's node, by the same commands a person would type, and then becomes the node."""

    def __init__(self, site: Site) -> None:
        words = ("comity.cli.demo.founding", *_running(site.directory))
        self._process: subprocess.Popen[str] | None = _start(
            words, site.log, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._site = site
        self._asked: list[tuple[str, ...]] = []

    def ask(self, *words: str) -> None:
        """Have a command run; `told` reads what came of it, in the same order."""
        self._asked.append(words)
        self._write(words)

    def told(self) -> None:
        """Wait until every command that was asked for has run, and refuse the first that failed."""
        assert self._process and self._process.stdout  # noqa: S101, PT018 - opened above
        while self._asked:
            words, line = self._asked.pop(0), self._process.stdout.readline()
            answer = json.loads(line) if line else {"code": 1, "said": f"the process stopped; see {self._site.log}"}
            if answer["code"]:
                raise SetUpError(f"comity {' '.join(words[:4])} failed: {answer['said']}")

    def run(self) -> None:
        """Become the node."""
        self.told()
        self._write(())
        process, self._process = self._process, None
        if process is not None:
            _close_pipes(process)
            self._site.adopt(process)

    def close(self) -> None:
        """End the process, where it has not become the node."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            _close_pipes(process)
            process.wait()

    def _write(self, words: Sequence[str]) -> None:
        assert self._process and self._process.stdin  # noqa: S101, PT018 - opened above
        try:
            self._process.stdin.write(json.dumps(words) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise SetUpError(f"The process that makes a node stopped; its log is {self._site.log}.") from error


def _running(directory: Path) -> tuple[str, ...]:
    return ("node", "run", "--dir", str(directory), "--json")


def _close_pipes(process: subprocess.Popen[str]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
