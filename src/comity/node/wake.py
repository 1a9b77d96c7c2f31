"""How the web processes tell the worker that there is something to do: one byte in a named pipe.

Nothing is lost if the byte is: the tables are the queue, and the worker looks there on its own every second.
"""

from __future__ import annotations

import contextlib
import os
import select
from pathlib import Path

from django.conf import settings
from django.db import transaction

__all__ = ["Bell", "ring", "ring_on_commit"]


def _pipe() -> Path | None:
    return settings.DIRECTORY / "run" / "wake" if settings.DIRECTORY else None


def ring() -> None:
    """Wake the worker; no worker is no error."""
    path = _pipe()
    if path is None:
        return
    with contextlib.suppress(OSError):
        out = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            os.write(out, b"!")
        finally:
            os.close(out)


def ring_on_commit() -> None:
    """Wake the worker once the running transaction is committed."""
    transaction.on_commit(ring)


class Bell:
    """The worker's end of the pipe."""

    def __init__(self) -> None:
        path = _pipe()
        if path is None:
            self._end = -1
            return
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.mkfifo(path, 0o600)
        self._end = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)

    def wait(self, seconds: float) -> bool:
        """Wait until it rings, at most ``seconds``; tell whether it rang."""
        ready, _, _ = select.select([self._end], [], [], seconds)
        if ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._end, 4096)
        return bool(ready)
