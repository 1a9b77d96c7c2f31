"""``comity node run``: the web server, the exchange server and the worker, kept running as one.

The order: lock the directory, check both ports, read Django once, fork the three. A child that stops is started
again; SIGINT and SIGTERM stop all three; if the supervisor itself is killed, the kernel ends its children. The
exchange server is started again when the partners' anchors change, for granian reads them at its start.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings

from comity.node import crash, process
from comity.node.errors import RunningError, SettingError
from comity.node.place import Place, here

__all__ = ["run"]

PATIENCE = 10.0  # seconds the children have to stop by themselves
LINGER = 5.0  # seconds in which the children of a killed supervisor are gone
QUICK = 2.0  # a child that lived shorter than this is started again only after this pause


@dataclass(slots=True)
class _Child:
    name: str
    work: Callable[[], None]
    pid: int = 0
    since: float = 0.0
    again_at: float = 0.0


@dataclass(slots=True)
class _Flags:
    stop: bool = False


def run(*, as_json: bool = False, ready: Callable[[], None] | None = None) -> int:
    """Run this node until it is told to stop. Returns the exit code."""
    place = here()
    place.make()
    with _locked(place):
        for port, what in ((settings.COMITY.web_port, "web"), (settings.COMITY.exchange_port, "exchange")):
            process.check_port(settings.COMITY.host, port, what)
        _check(place)
        _preload()
        children = [
            _Child("web", lambda: _serve("web", place)),
            _Child("exchange", lambda: _serve("exchange", place)),
            _Child("worker", _work),
        ]
        return _keep(children, place, as_json=as_json, ready=ready)


def _keep(children: list[_Child], place: Place, *, as_json: bool, ready: Callable[[], None] | None) -> int:
    flags = _Flags()

    def stop(_: int, __: FrameType | None) -> None:
        flags.stop = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    anchors, marks = _changed(place.partners), crash.marks()
    try:
        for child in children:
            _start(child)
        told = False
        while not flags.stop:
            if not told and _answering():
                told = True
                _tell(as_json=as_json)
                if ready:
                    ready()
            if (now := _changed(place.partners)) != anchors:
                anchors = now
                _signal([child for child in children if child.name == "exchange"], signal.SIGTERM)
            if crash.marks() != marks:  # a test asked for the end of all at once
                _signal(children, signal.SIGKILL)
                return crash.EXIT
            _reap(children)
            time.sleep(0.05)
    finally:
        _stop(children)
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


def _reap(children: list[_Child]) -> None:
    for child in children:
        if child.pid:
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if not pid:
                continue
            code = os.waitstatus_to_exitcode(status)
            child.pid = 0
            quick = time.monotonic() - child.since < QUICK
            child.again_at = time.monotonic() + (QUICK if quick else 0.0)
            if code not in {0, -signal.SIGTERM}:
                print(f"comity: {child.name} stopped with {code}; it is started again.", file=sys.stderr, flush=True)
        elif time.monotonic() >= child.again_at:
            _start(child)


def _start(child: _Child) -> None:
    parent = os.getpid()
    child.since = time.monotonic()
    sys.stdout.flush()
    sys.stderr.flush()
    child.pid = os.fork()
    if child.pid:
        return
    code = 1
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        os.setpgid(0, 0)  # Ctrl-C reaches the supervisor alone, which stops the children in order
        process.die_with_parent(parent)
        child.work()
        code = 0
    except SystemExit as stopped:
        code = stopped.code if isinstance(stopped.code, int) else 1
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()
        os._exit(code)


def _serve(door: str, place: Place) -> None:
    from granian import Granian
    from granian.constants import Interfaces, SSLProtocols
    from granian.log import LogLevels

    exchange = door == "exchange"
    options: dict[str, Any] = {}
    if exchange:
        options = {"ssl_ca": place.partners, "ssl_client_verify": True}
    server = Granian(
        f"comity.node.wsgi:{door}",
        address=settings.COMITY.host,
        port=settings.COMITY.exchange_port if exchange else settings.COMITY.web_port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.COMITY.threads,
        websockets=False,
        ssl_cert=place.keys / f"{door}.pem",
        ssl_key=place.keys / f"{door}.key",
        ssl_protocol_min=SSLProtocols.tls12 if not exchange else SSLProtocols.tls13,
        log_level=LogLevels.error,
        workers_kill_timeout=5,
        **options,
    )
    parent = os.getpid()

    def load(*_: Any) -> Any:
        process.die_with_parent(parent)
        from comity.node import wsgi

        return getattr(wsgi, door)

    server.serve(target_loader=load)


def _work() -> None:
    from comity.node import worker

    worker.work()


def _preload() -> None:
    import django

    django.setup()
    from django.db import connections
    from django.urls import get_resolver

    from comity.node import wsgi
    from comity.node.lawbook import queries as law
    from comity.node.post import exchange_urls

    assert callable(wsgi.web)  # noqa: S101 - imported here so that the children share it
    assert exchange_urls.urlpatterns  # noqa: S101
    get_resolver().url_patterns  # noqa: B018 - reads every module the pages stand in
    law.base()
    connections.close_all()
    gc.collect()
    gc.freeze()  # what the children share stays shared


def _check(place: Place) -> None:
    for name in ("web.pem", "web.key", "exchange.pem", "exchange.key", "partners.pem"):
        if not (place.keys / name).is_file():
            raise SettingError(
                f"{place.keys / name} is missing.",
                cause="The node was not made by comity node init, or a file was lost.",
                remedy="Restore it from the backup, or make the node again.",
            )


@contextlib.contextmanager
def _locked(place: Place) -> Iterator[None]:
    """Hold the directory. What a killed supervisor leaves behind ends within moments, and is waited for."""
    held = _lock(place, time.monotonic() + LINGER)
    os.ftruncate(held, 0)
    os.write(held, f"{os.getpid()}\n".encode())
    try:
        yield
    finally:
        os.close(held)


def _lock(place: Place, until: float) -> int:
    while True:
        held = os.open(place.run / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            pid = os.read(held, 32).decode(errors="replace").strip()
            os.close(held)
            if process.alive(pid) or time.monotonic() > until:
                raise RunningError(f"The node in {place.root} runs already as process {pid}.", pid=pid) from error
            time.sleep(0.05)
        else:
            return held


def _answering() -> bool:
    for port in (settings.COMITY.web_port, settings.COMITY.exchange_port):
        try:
            socket.create_connection((settings.COMITY.host, port), timeout=1).close()
        except OSError:
            return False
    return True


def _tell(*, as_json: bool) -> None:
    web = f"https://{settings.COMITY.reached_by}:{settings.COMITY.web_port}"
    exchange = f"https://{settings.COMITY.reached_by}:{settings.COMITY.exchange_port}"
    if as_json:
        print(json.dumps({"ready": True, "web": web, "exchange": exchange, "pid": os.getpid()}), flush=True)
    else:
        print(f"{settings.COMITY.name}: {web} (exchange {exchange}). Stop with Ctrl-C.", flush=True)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _signal(children: list[_Child], number: signal.Signals) -> None:
    for child in children:
        if child.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child.pid, number)


def _stop(children: list[_Child]) -> None:
    _signal(children, signal.SIGTERM)
    until = time.monotonic() + PATIENCE
    while any(child.pid for child in children):
        for child in children:
            if child.pid and os.waitpid(child.pid, os.WNOHANG)[0]:
                child.pid = 0
        if time.monotonic() > until:
            _signal(children, signal.SIGKILL)
        time.sleep(0.02)
