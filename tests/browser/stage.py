"""Two nodes as real processes, with people of every role, for the tests that look at pages in a browser."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

PASSWORD = "a long pass phrase for tests"
CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), "")


@dataclass(frozen=True)
class Person:
    """Someone who signs in; ``language`` is of the profile."""

    username: str
    name: str
    authority: str
    roles: tuple[str, ...]
    language: str = "en"

    @property
    def secret(self) -> str:
        """The secret of the authenticator app, in base32."""
        return base64.b32encode(hashlib.sha256(self.username.encode()).digest()[:20]).decode()


@dataclass
class Site:
    """One node."""

    state: str
    root: Path
    web_port: int
    exchange_port: int
    people: tuple[Person, ...]
    process: subprocess.Popen[str] | None = field(default=None)

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"https://127.0.0.1:{self.web_port}"


AUTHORITIES = {
    "UA": ("office-of-the-prosecutor-general", "ministry-of-justice-of-ukraine"),
    "DE": ("federal-office-of-justice-bundesamt-fuer-justiz", "federal-criminal-police-office-bka"),
}


def authority(state: str, number: int) -> str:
    """Return the id of an authority in the law base; 0 is the central one, 1 one that executes."""
    return f"states/{state.lower()}/authorities/{AUTHORITIES[state][number]}"


def people(state: str) -> tuple[Person, ...]:
    """Return one person of each role, at two authorities of a state."""
    low, first, second = state.lower(), authority(state, 0), authority(state, 1)
    ours = "uk" if state == "UA" else "en"
    return (
        Person(f"{low}-issuing", f"Invented Prosecutor {state}", first, ("issuing",), ours),
        Person(f"{low}-approving", f"Invented Head {state}", first, ("approving",)),
        Person(f"{low}-central", f"Invented Officer {state}", first, ("central",)),
        Person(f"{low}-executing", f"Invented Executor {state}", second, ("executing",)),
        Person(f"{low}-expert", f"Invented Expert {state}", second, ("expert",)),
        Person(f"{low}-auditor", f"Invented Auditor {state}", first, ("auditor",)),
        Person(f"{low}-admin", f"Invented Administrator {state}", first, ("administrator",)),
    )


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Founder:
    """A process that runs ``comity`` commands for one node, so that Django is read once."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "comity.cli.demo.founding"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={k: v for k, v in os.environ.items() if not k.startswith("COMITY_")},
        )

    def run(self, *words: str) -> str:
        """Run one command; return what it said."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([str(word) for word in words]) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert answer["code"] == 0, answer["said"]
        return str(answer["said"])

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


def laboratory(state: str) -> tuple[Person, ...]:
    """Return the people of a laboratory: three experts, and its head, who is an expert and its approving officer."""
    low, office = state.lower(), authority(state, 1)
    ours = "uk" if state == "UA" else "en"
    experts = [Person(f"{low}-lab-{n}", f"Invented Expert {state} {n}", office, ("expert",), ours) for n in (1, 2, 3)]
    return (*experts, Person(f"{low}-chief", f"Invented Chief {state}", office, ("expert", "approving"), ours))


def found(
    root: Path,
    states: tuple[str, str] = ("UA", "DE"),
    ports: tuple[int, ...] = (),
    staff: Callable[[str], tuple[Person, ...]] = people,
) -> tuple[Site, Site]:
    """Make two nodes that know each other; ``staff`` tells who works at each."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "password").write_text(PASSWORD)
    sites, founders = [], []
    for number, state in enumerate(states):
        chosen = ports[2 * number : 2 * number + 2] or (free_port(), free_port())
        site = Site(state, root / state.lower(), chosen[0], chosen[1], staff(state))
        founder = Founder()
        founder.run(
            "node", "init", "--dir", site.root, "--state", state, "--name", f"Test node {state}", "--test",
            "--web-port", site.web_port, "--exchange-port", site.exchange_port,
            "--authority", authority(state, 0),
        )  # fmt: skip
        for person in site.people:
            (root / "secret").write_text(person.secret)
            roles = [word for role in person.roles for word in ("--role", role)]
            founder.run(
                "node", "user", "add", "--dir", site.root, "--username", person.username, "--name", person.name,
                "--authority", person.authority, "--language", person.language, *roles,
                "--password-file", root / "password", "--totp-secret-file", root / "secret",
            )  # fmt: skip
        founder.run("node", "federation", "card", "--dir", site.root, "--out", root / f"{state}.card")
        sites.append(site)
        founders.append(founder)
    cards = [root / f"{state}.card" for state in states]
    made = root / "federation.json"
    founders[0].run("node", "federation", "build", "--dir", sites[0].root, *cards, "--version", "1", "--out", made)
    for site, founder in zip(sites, founders, strict=True):
        anchor = sites[0].root / "keys" / "ca.pem"
        own = ["--anchor", anchor] if site is not sites[0] else []
        founder.run("node", "federation", "import", "--dir", site.root, made, *own)
        founder.close()
    return sites[0], sites[1]


def start(site: Site) -> None:
    """Run a node until it answers."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COMITY_")}
    site.process = subprocess.Popen(
        [sys.executable, "-m", "comity.cli.main", "node", "run", "--json", "--dir", str(site.root)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert site.process.stdout is not None
    said = site.process.stdout.readline()
    assert json.loads(said)["ready"] is True, said


def stop(site: Site) -> None:
    """Stop a node."""
    if site.process is not None and site.process.poll() is None:
        site.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            site.process.wait(timeout=30)
    if site.process is not None and site.process.stdout is not None:
        site.process.stdout.close()


@contextlib.contextmanager
def running(*sites: Site) -> Iterator[None]:
    """Keep nodes running."""
    try:
        for site in sites:
            start(site)
        yield
    finally:
        for site in sites:
            stop(site)
