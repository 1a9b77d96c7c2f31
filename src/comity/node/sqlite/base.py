"""The backend: one writer at a time, in the order of asking, and checkpoints only while no one writes.

The order: take the lock file, BEGIN IMMEDIATE, write, COMMIT, copy the write-ahead log back when it has grown,
release the lock file. Readers never wait. ``synchronous=FULL``: what is committed survives a power cut.
"""

from __future__ import annotations

import fcntl
import os
import re
from pathlib import Path
from typing import Any

import comity.node.sqlite  # noqa: F401 - the newer library must be in place before Django's backend asks for it

from django.db.backends.sqlite3 import base  # isort: skip

__all__ = ["DatabaseWrapper"]

GROWN = 4 * 1024 * 1024  # bytes of write-ahead log after which it is copied back
PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY;"
_READS = re.compile(r"\s*(SELECT|PRAGMA|EXPLAIN|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b", re.IGNORECASE)


class _Cursor(base.SQLiteCursorWrapper):
    """A cursor that takes the lock for a write outside any transaction."""

    owner: DatabaseWrapper

    def execute(self, query: str, params: Any = None) -> Any:
        if not self.owner.alone(query):
            return super().execute(query, params)
        with self.owner.writing():
            return super().execute(query, params)


class _Writing:
    """The lock as a context, for one statement."""

    def __init__(self, owner: DatabaseWrapper) -> None:
        self.owner = owner

    def __enter__(self) -> None:
        self.owner.take()

    def __exit__(self, *_: object) -> None:
        self.owner.release()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper with the lock file around every write transaction."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lock: int | None = None
        self._held = False

    def get_connection_params(self) -> dict[str, Any]:
        """Add this backend's own options."""
        options = self.settings_dict["OPTIONS"]
        options.setdefault("transaction_mode", "IMMEDIATE")
        options.setdefault("timeout", 30)
        options.setdefault("init_command", PRAGMAS)
        return super().get_connection_params()

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor that knows the lock."""
        del name
        cursor = self.connection.cursor(factory=_Cursor)
        cursor.owner = self
        return cursor

    def alone(self, query: str) -> bool:
        """Tell whether ``query`` writes and stands outside any transaction."""
        return (
            not self._held
            and self.connection is not None
            and not self.connection.in_transaction
            and (not _READS.match(query))
        )

    def writing(self) -> _Writing:
        """Return the lock as a context."""
        return _Writing(self)

    def take(self) -> None:
        """Wait for the lock; nothing to wait for where the database is in memory."""
        path = self._path()
        if self._held or path is None:
            return
        if self._lock is None:
            self._lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self._held = True

    def release(self) -> None:
        """Let the next writer in."""
        if self._held and self._lock is not None:
            fcntl.flock(self._lock, fcntl.LOCK_UN)
        self._held = False

    def checkpoint(self) -> None:
        """Copy the write-ahead log back into the database when it has grown; the caller holds the lock."""
        path = self._path()
        try:
            size = 0 if path is None else Path(f"{path}-wal").stat().st_size
        except FileNotFoundError:
            return
        if size > GROWN:
            self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def _path(self) -> str | None:
        name = str(self.settings_dict["NAME"])
        return None if name.startswith("file:") or ":memory:" in name or self.is_in_memory_db() else name

    def _start_transaction_under_autocommit(self) -> None:
        self.take()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self.release()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        except BaseException:
            if self.connection is None or not self.connection.in_transaction:
                self.release()
            raise
        if self._held and self.connection is not None:
            self.checkpoint()
        self.release()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self.release()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self.release()
            if self._lock is not None:
                os.close(self._lock)
                self._lock = None
