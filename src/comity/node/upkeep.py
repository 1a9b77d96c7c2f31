"""Looking after a node: the database's form, whether all is in order, copies of the whole."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from comity.errors import ComityError
from comity.node.errors import NotANodeError, NotPossibleError, RunningError
from comity.node.place import here

__all__ = ["Point", "backup", "check", "migrate", "restore"]

FIXED = (3, 51, 3)  # the first SQLite without the fault of checkpoints against commits
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that was looked at."""

    name: str
    ok: bool
    said: str


def migrate() -> None:
    """Bring the database to the form this release knows."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    if settings.DIRECTORY is not None:
        for name in ("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm"):
            path = settings.DIRECTORY / name
            if path.exists():
                path.chmod(0o600)


def check(at: datetime) -> tuple[Point, ...]:
    """Look at everything that can keep a node from working."""
    looks: tuple[tuple[str, Callable[[datetime], str]], ...] = (
        ("database", _database),
        ("keys", _keys),
        ("federation", _federation),
        ("audit", _audit),
        ("disk", _disk),
        ("law base", _law),
    )
    found = []
    for name, look in looks:
        try:
            found.append(Point(name, True, look(at)))
        except (ComityError, OSError) as error:
            found.append(Point(name, False, error.diagnostics() if isinstance(error, ComityError) else str(error)))
    return tuple(found)


def _database(_: datetime) -> str:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise NotPossibleError(f"{len(missing)} migrations are missing.", remedy="Restart the node; it brings them.")
    if connection.vendor != "sqlite":
        return connection.vendor
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check")
        said = str(cursor.fetchone()[0])
    if said != "ok":
        raise NotPossibleError(f"The database is damaged: {said}", remedy="Restore the last backup.")
    if sqlite3.sqlite_version_info < FIXED:
        return f"SQLite {sqlite3.sqlite_version}, older than 3.51.3: writes stand under one lock"
    return f"SQLite {sqlite3.sqlite_version}"


def _keys(at: datetime) -> str:
    from cryptography import x509

    ends: dict[str, datetime] = {}
    for path in sorted(here().keys.glob("*.pem")):
        for certificate in x509.load_pem_x509_certificates(path.read_bytes()):
            ends[path.name] = min(ends.get(path.name, certificate.not_valid_after_utc), certificate.not_valid_after_utc)
    for path in here().keys.glob("*.key"):
        if path.stat().st_mode & 0o077:
            raise NotPossibleError(f"{path} can be read by others.", remedy=f"chmod 600 {path}")
    name, end = min(ends.items(), key=lambda item: item[1])
    if end < at + SOON:
        raise NotPossibleError(f"{name} ends on {end.date()}.", remedy="Renew it, and have your card renewed.")
    return f"the first ends on {end.date()} ({name})"


def _federation(_: datetime) -> str:
    from comity.node.registry import queries

    found = queries.federation()
    if settings.COMITY.state not in found.by_state:
        raise NotPossibleError(
            "The federation list does not name this node.",
            remedy="Send the card (comity node federation card), and import the list that names it.",
        )
    own, listed = queries.own_partner(), found.by_state[queries.identity().state]
    if own.endpoint != listed.endpoint or own.signing != listed.signing or own.encryption != listed.encryption:
        raise NotPossibleError(
            "The federation list names another address or other keys than this node has.",
            remedy="Send the new card to whoever keeps the list.",
        )
    return f"version {found.version}: {', '.join(sorted(found.by_state))}"


def _audit(_: datetime) -> str:
    from comity.node.audit import queries

    whole = queries.verify()
    if not whole.ok:
        raise NotPossibleError(
            f"The audit was changed at row {whole.broken[0].seq}: {whole.broken[0].why}.",
            remedy="Stop the node, keep its disk, and tell the data protection officer.",
        )
    return f"{whole.entries} entries, whole"


def _disk(_: datetime) -> str:
    free = shutil.disk_usage(here().root).free
    if free < 1024**3:
        raise NotPossibleError(f"Only {free // 1024**2} MiB are free.", remedy="Make room.")
    return f"{free // 1024**3} GiB free"


def _law(_: datetime) -> str:
    from comity.node.lawbook import queries

    base = queries.base()
    return f"release {base.release}"


def backup(target: Path, at: datetime) -> int:
    """Write the whole node into a tar file: the database as one moment, then all files it names; returns its size."""
    place = here()
    with tempfile.TemporaryDirectory(dir=place.work) as work, tarfile.open(_new(target), "w") as out:
        if not settings.COMITY.database_url:
            copy = Path(work) / "db.sqlite3"
            _copy(place.root / "db.sqlite3", copy)
            out.add(copy, "db.sqlite3")
        for path in _files(place.root):
            out.add(path, str(path.relative_to(place.root)))
    _note(target, at)
    return target.stat().st_size


def _new(target: Path) -> str:
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as error:
        raise NotPossibleError(f"{target} exists.", remedy="Name a new file.") from error
    return str(target)


def _copy(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as live, sqlite3.connect(target) as copy:
        live.backup(copy)
    copy.close()
    live.close()


def _files(root: Path) -> Iterator[Path]:
    for name in ("node.toml", "secret_key"):
        yield root / name
    for part in ("keys", "blobs", "dna"):
        yield from (path for path in sorted((root / part).rglob("*")) if path.is_file())


def _note(target: Path, at: datetime) -> None:
    from comity.node.audit import actions
    from comity.node.audit.vocabulary import Event

    actions.note(Event.BACKED_UP, actor="command line", detail={"file": target.name}, at=at)


def restore(source: Path, root: Path) -> None:
    """Unpack a backup into an empty directory."""
    if root.exists() and any(root.iterdir()):
        raise RunningError(f"{root} is not empty.", remedy="Name a new directory.")
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with tarfile.open(source) as archive:
            archive.extractall(root, filter="data")
    except (tarfile.TarError, OSError) as error:
        raise NotANodeError(f"{source} is no backup of a node: {error}") from error
    if not (root / "node.toml").is_file():
        raise NotANodeError(f"{source} holds no node.")
