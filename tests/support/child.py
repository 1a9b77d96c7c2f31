"""A node in a process of its own, driven over a pipe; its network is the parent's."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from comity.errors import ComityError
from comity.exchange import errors
from comity.exchange.transport import Reply


class Pipe:
    """A transport whose other end is the parent."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def send(self, url: str, content_type: str, body: bytes) -> Reply:
        """Hand a message to the parent's network."""
        self.connection.send(("send", (url, content_type, body)))
        return self._answered()

    def fetch(self, url: str, start: int, headers: Mapping[str, str], *, end: int | None = None) -> Iterator[bytes]:
        """Fetch over the parent's network; what came before a cut counts."""
        self.connection.send(("fetch", (url, start, dict(headers), end)))
        blocks, error = self.connection.recv()
        yield from blocks
        if error:
            raise getattr(errors, error)

    def _answered(self) -> Reply:
        found = self.connection.recv()
        if isinstance(found, Reply):
            return found
        raise getattr(errors, found)


def serve(connection: Connection, directory: str) -> None:
    """Be the node in ``directory`` until told to stop."""
    os.environ["COMITY_DIR"] = directory
    os.environ["DJANGO_SETTINGS_MODULE"] = "comity.node.settings"
    os.environ.pop("COMITY_TEST_DATABASE_URL", None)
    import django

    django.setup()
    from comity.node.registry import queries as registry
    from comity.node.upkeep import migrate

    migrate()
    pipe = Pipe(connection)
    registry.transport = lambda: pipe
    while (asked := connection.recv()) is not None:
        name, args, more = asked
        try:
            connection.send(("done", COMMANDS[name](*args, **more)))
        except ComityError as error:
            connection.send(("refused", f"{type(error).__name__}: {error.detail}"))


def receive(content_type: str, body: bytes) -> Reply:
    """Take in a message."""
    from comity.node.post import actions
    from comity.node.requests import intake

    answer = actions.receive(content_type, body, at=datetime.now(UTC), effect=intake.take_in)
    return Reply(answer.status, answer.content_type, answer.body)


def blob(sha256: str, headers: Mapping[str, str]) -> bytes:
    """Give the whole of a file to whoever may have it; nothing to others."""
    from django.test import RequestFactory

    from comity.node.post import exchange_door

    answer = exchange_door.blob(RequestFactory().get("/", headers=dict(headers)), sha256)
    return b"".join(answer.streaming_content) if answer.streaming else b""


def work() -> bool:
    """Do what the worker would, as if every wait were over; tell whether nothing is left."""
    from comity.node.lab import tasks as lab
    from comity.node.post import actions, pull, queries
    from comity.node.vault import tasks

    later = datetime.now(UTC) + timedelta(days=1)
    for key in list(queries.due_messages(later)):
        actions.deliver(key)
    for key in list(queries.due_pulls(later)):
        pull.pull(key)
    for _, job in [*tasks.due(), *lab.due()]:
        job()
    return queries.idle()


def do(name: str, username: str, *args: Any, **more: Any) -> Any:
    """Do an action as a person; what it returns comes back as JSON shows it."""
    from comity.node.accounts import queries
    from comity.node.shown import shown

    module, _, function = name.rpartition(".")
    officer = queries.by_username(username)
    found = getattr(importlib.import_module(f"comity.node.{module}"), function)(
        officer, *args, **more, at=datetime.now(UTC)
    )
    return shown(found)


def add_people(people: Mapping[str, tuple[str, str]]) -> None:
    """Add people: role and authority by user name."""
    from comity.node.accounts.models import User

    for username, (role, authority) in people.items():
        User.objects.create(username=username, name=username.title(), authority=authority, roles=[role])


def tokens() -> dict[str, str]:
    """Make a bearer token for each person; return them by user name."""
    from comity.node.accounts import actions, queries

    return {person.username: actions.make_token(person.username, label="test") for person in queries.officers()}


def card() -> bytes:
    """Return this node's card."""
    from comity.node.registry import actions

    return actions.card(datetime.now(UTC))


def federate(cards: list[bytes] | None, envelope: bytes = b"", anchor: bytes | None = None) -> bytes:
    """Make a list of cards, or take one into use."""
    from comity.node.registry import actions

    now = datetime.now(UTC)
    made = actions.build(cards, version=1, at=now) if cards else envelope
    actions.import_list(made, at=now, by="test", anchor=anchor)
    return made


def upload(content: bytes, sha256: str) -> None:
    """Store a file."""
    import io

    from comity.node.vault import actions

    actions.upload(io.BytesIO(content), length=len(content), sha256=sha256, at=datetime.now(UTC), by="x")


def inline(size: int) -> None:
    """Let only files up to this size travel in messages."""
    from comity.flow import dispatch

    dispatch.INLINE = size


def acts(dossier: str) -> list[tuple[str, str, bytes]]:
    """Return the shared acts of a dossier: kind, digest, envelope."""
    from comity.node.requests import record

    form = record.file(dossier).form
    return [(one.act.kind, one.sha256, one.envelope) for one in record.kept(dossier) if form.shared(one.act.kind)]


def facts() -> dict[str, Any]:
    """Return what must agree in the end."""
    from comity.node.audit import queries as audit
    from comity.node.post import queries as post

    return {
        "deliveries": {str(one.state) for one in post.deliveries()},
        "tries": sum(one.attempts for one in post.deliveries()),
        "arrivals": len(post.arrivals()),
        "distinct": len({one.message_id for one in post.arrivals()}),
        "audit": audit.verify().ok,
        "leaves": audit.size(),
        "refused": len(audit.entries(limit=10000, event="input.refused")),
        "duplicates": len(audit.entries(limit=10000, event="message.duplicate")),
    }


def pair(username: str, hit: str) -> Any:
    """Return what an expert sees of a pair, if it waits for that expert."""
    from comity.node.accounts import queries as people
    from comity.node.lab import queries as lab
    from comity.node.shown import shown

    officer = people.by_username(username)
    assert hit in {one.id for one in lab.pairs(officer)}
    return shown(lab.pair(officer, hit))


def losses(username: str) -> Any:
    """Return what is left at each step of the comparisons."""
    from comity.node.accounts import queries as people
    from comity.node.lab import queries as lab
    from comity.node.shown import shown

    return shown(lab.losses(people.by_username(username)))


def stored(sha256: str) -> bytes:
    """Return a stored file."""
    from comity.node.vault import queries as vault

    with vault.open_blob(sha256) as stream:
        return stream.read()


COMMANDS = {
    "pair": pair,
    "losses": losses,
    "stored": stored,
    "receive": receive,
    "blob": blob,
    "work": work,
    "do": do,
    "add_people": add_people,
    "tokens": tokens,
    "card": card,
    "federate": federate,
    "upload": upload,
    "inline": inline,
    "acts": acts,
    "facts": facts,
}


def make(root: Path, state: str, cache: Path, ports: tuple[int, int] | None = None) -> None:
    """Make a node's directory."""
    from comity.node.configuration import Configuration
    from comity.node.found import make as found

    web, exchange = ports or (1, 3 if state == "UA" else 2)
    settings = Configuration(state=state, name=f"Test node {state}", test=True, web_port=web, exchange_port=exchange)
    found(root, settings, datetime.now(UTC))
    (root / "cache").rmdir()
    (root / "cache").symlink_to(cache)
