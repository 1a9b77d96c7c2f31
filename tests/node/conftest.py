"""Django for the tests of the node: SQLite in memory, or the PostgreSQL of COMITY_TEST_DATABASE_URL."""

# ruff: noqa: E402 - Django is set up before anything reads its models
from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.node.settings")
django.setup()

from comity.exchange import federation as lists
from comity.exchange.federation import Federation
from comity.exchange.message import Built
from comity.node.accounts.models import User
from comity.node.accounts.role import Officer, Role
from comity.node.audit import log
from comity.node.configuration import Configuration
from comity.node.registry import actions as registering
from comity.node.registry import queries as registry
from comity.node.requests import actions
from comity.node.requests.perform import Done
from comity.node.shown import shown
from comity.node.vault import queries as vault
from comity.record import Act
from comity.values import Digest
from support.partner import Other, Wire
from support.walk import QUESTION, values

MADE = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Keys of two states' nodes, made once."""
    root = tmp_path_factory.mktemp("keys")
    return {state: Other.make(state, root / state, MADE).directory for state in ("UA", "DE")}


@pytest.fixture(scope="session")
def lawbase(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the law base is kept as read."""
    return tmp_path_factory.mktemp("lawbase")


@dataclass
class Here:
    """This node in a test: its state, its people, the other state's node, and a clock that only goes forward."""

    state: str
    other: Other
    federation: Federation
    wire: Wire
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def at(self) -> datetime:
        """Return the next moment."""
        self.now += timedelta(seconds=1)
        return self.now

    def who(self, username: str, *roles: Role, authority: str = "") -> Officer:
        """Return a person who works here."""
        office = authority or f"{self.state.lower()}:court"
        held = list(roles)
        row, _ = User.objects.get_or_create(
            username=username, defaults={"name": username.title(), "authority": office, "roles": held}
        )
        return Officer(row.pk, username, row.name, row.authority, frozenset(held))

    @property
    def drafter(self) -> Officer:
        """Who drafts."""
        return self.who("drafter", Role.ISSUING)

    @property
    def head(self) -> Officer:
        """Who approves."""
        return self.who("head", Role.APPROVING)

    @property
    def central(self) -> Officer:
        """The central authority's officer."""
        return self.who("central", Role.CENTRAL, authority=f"{self.state.lower()}:central")

    @property
    def executing(self) -> Officer:
        """Who carries out."""
        return self.who("executing", Role.EXECUTING)

    @property
    def auditor(self) -> Officer:
        """Who looks at everything and does nothing."""
        return self.who("auditor", Role.AUDITOR)

    def draft(self) -> str:
        """Store a complete draft."""
        made = actions.save_draft(self.drafter, None, self.question, {}, None, at=self.at())
        filled = values(shown(made))
        return actions.save_draft(self.drafter, made.id, self.question, filled, made.version, at=self.at()).id

    @property
    def question(self) -> dict[str, Any]:
        """The question every test asks."""
        return {**QUESTION, "requested": self.other.state}

    def approved(self) -> str:
        """Store a draft and have it approved."""
        draft = self.draft()
        actions.submit(self.drafter, draft, None, at=self.at())
        actions.approve(self.head, draft, at=self.at())
        return draft

    def sent(self) -> Done:
        """Send a request."""
        return actions.send(self.central, self.approved(), at=self.at())

    def message(self, act: Act) -> Built:
        """Return the other node's message with an act."""
        return self.other.message(act, registry.own_partner(), self.at())


@pytest.fixture
def here_as(
    db: None, keys: dict[str, Path], lawbase: Path, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Here]]:
    """Make this process a state's node."""

    def become(state: str) -> Here:
        root = tmp_path / state
        shutil.copytree(keys[state], root / "keys")
        (root / "cache").symlink_to(lawbase)
        settings.DIRECTORY = root
        settings.COMITY = Configuration(state=state, name=f"Test node {state}", test=True)
        for name in ("blobs", "work", "run"):
            (root / name).mkdir()
        forget()
        other = Other("DE" if state == "UA" else "UA", keys["DE" if state == "UA" else "UA"])
        at = datetime.now(UTC).replace(microsecond=0)
        card = lists.write(Federation.of(1, at, (other.card(),)))
        made = registering.build([registering.card(at), card], version=1, at=at)
        listed = registering.import_list(made, at=at, by="test")
        wire = Wire(other, listed, at)
        monkeypatch.setattr(registry, "transport", lambda: wire)
        return Here(state, other, listed, wire)

    yield become
    forget()


@pytest.fixture
def ua(here_as: Callable[[str], Here]) -> Here:
    """This process as Ukraine's node; Germany's is the other."""
    return here_as("UA")


@pytest.fixture
def de(here_as: Callable[[str], Here]) -> Here:
    """This process as Germany's node; Ukraine's is the other."""
    return here_as("DE")


def forget() -> None:
    """Forget what a process reads once."""
    for kept in (registry.identity, vault.store, log.key):  # the law base is the same for every node
        kept.cache_clear()
    registry._read.clear()
    log._kept[:] = [log.Log()]


def digest(data: bytes) -> str:
    """Return a digest in hex."""
    return Digest.of(data).hex
