"""The worker: sends what the outbox holds, pulls what partners announced, and looks after the rest.

The tables are the queue: what was under way when a process was killed is found there again at the next start.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from types import FrameType

from django.db import Error, close_old_connections

from comity.errors import ComityError
from comity.node.lab import tasks as lab
from comity.node.post import tasks as post
from comity.node.vault import tasks as vault
from comity.node.wake import Bell, ring

__all__ = ["work"]

LOOK = 1.0  # seconds between two looks at the tables when nothing rings
GRACE = 3.0  # seconds a running job has to end after SIGTERM
THREADS = 4
log = logging.getLogger("comity.worker")


class _StopSignal(Exception):  # noqa: N818 - a signal, no error
    """SIGTERM came."""


def work() -> None:
    """Work until SIGTERM or SIGINT."""

    def stop(_: int, __: FrameType | None) -> None:
        raise _StopSignal

    bell = Bell()
    post.recover(datetime.now(UTC))
    vault.recover(datetime.now(UTC))
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="worker")
    running: dict[str, Future[None]] = {}
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        while True:
            running = {name: future for name, future in running.items() if not future.done()}
            for name, job in _due():
                if name not in running:
                    running[name] = pool.submit(_run, name, job)
            bell.wait(LOOK)
    except _StopSignal:
        pool.shutdown(wait=False, cancel_futures=True)
        until = time.monotonic() + GRACE
        while time.monotonic() < until and any(not future.done() for future in running.values()):
            time.sleep(0.02)
        os._exit(0)  # what is still under way is found in the tables at the next start


def _due() -> list[tuple[str, Callable[[], None]]]:
    try:
        return [*post.due(datetime.now(UTC)), *vault.due(), *lab.due()]
    except Error as error:
        log.warning("the queue could not be read: %s", error)
        close_old_connections()
        time.sleep(LOOK)
        return []


def _run(name: str, job: Callable[[], None]) -> None:
    try:
        job()
    except ComityError as error:
        log.warning("%s: %s", name, error.diagnostics().replace("\n", " "))
    except Exception:
        log.exception("%s", name)
    finally:
        close_old_connections()
        ring()
