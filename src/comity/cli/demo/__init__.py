"""``comity demo``: two states' nodes on this machine exchange a request and its evidence.

The order: two nodes are made side by side, by the commands a person would type, while the files of the case are
written; the nodes get a federation list and start; the journey runs through their APIs; the returned package is
verified three times over. Then both nodes stay up for the browser, unless ``--headless`` is given.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from comity.errors import ComityError, ValueRefusedError
from comity.values import state

__all__ = ["register"]

SIZE = 300  # megabytes of the disk image
ROOM = 8  # times the disk image: what the files of a demonstration need on the disk, both nodes together


def register(groups: Any) -> None:
    """Add the command."""
    demo = groups.add_parser("demo", help="two states' nodes on this machine exchange a request and its evidence")
    demo.description = (
        "Makes two nodes with fictional people and a fictional case, runs the whole cooperation between them on real "
        "law and real files, prints every station, and stays up for the browser. Ctrl-C stops everything."
    )
    demo.add_argument("--headless", action="store_true", help="end after verification: exit code 0 when it verified")
    demo.add_argument(
        "--dir", type=Path, metavar="D", help="a new directory for everything; by default a temporary one"
    )
    demo.add_argument("--between", type=_pair, default=("UA", "DE"), metavar="UA,DE", help="who asks, who is asked")
    demo.add_argument("--size", type=_megabytes, default=SIZE, metavar="MB", help=f"of the disk image ({SIZE})")
    demo.add_argument("--json", action="store_true", help="the last line is one JSON object")
    demo.set_defaults(run=_run)


def _pair(text: str) -> tuple[str, str]:
    words = text.split(",")
    if len(words) != 2:
        raise argparse.ArgumentTypeError(f"{text!r} does not name two states; write for example UA,DE")
    try:
        asking, asked = (str(state(word)) for word in words)
    except ValueRefusedError as error:
        raise argparse.ArgumentTypeError(f"{error.detail} {error.remedy}") from error
    if asking == asked:
        raise argparse.ArgumentTypeError(f"a cooperation needs two different states, not {asking} twice")
    return asking, asked


def _megabytes(text: str) -> int:
    if not text.isdecimal() or not 4 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write a whole number of megabytes from 4 to 100000")
    return int(text)


def _run(args: argparse.Namespace) -> int:
    from comity.cli.demo.stage import Stage

    with _stoppable(), _place(args.dir, args.size) as directory:
        stage = Stage(directory, *args.between, size=args.size * 1_000_000)
        try:
            try:
                stage.play()
            except ComityError as error:
                if not args.json:
                    raise
                print(json.dumps({**stage.to_json(), "error": error.problem()}, ensure_ascii=False, default=str))
                return error.exit_code
            if args.json:
                print(json.dumps(stage.to_json(), ensure_ascii=False), flush=True)
            if not args.headless:
                _stay(stage, told=not args.json)
        finally:
            stage.close()
        return 0 if stage.verified else 1


def _stay(stage: Any, *, told: bool) -> None:
    if told:
        stage.tell.doors(stage.sites)
        stage.tell.say("Both nodes stay up. Ctrl-C stops everything.")
    listening = sys.stdin is not None and sys.stdin.isatty()
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            if not listening:
                time.sleep(0.5)
            elif select.select([sys.stdin], [], [], 0.5)[0]:
                listening = bool(sys.stdin.readline())
                stage.tell.codes(stage.sites, time.time())
            for site in stage.sites:
                site.mend()


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the demonstration as Ctrl-C does, so that nothing is left running."""

    def stop(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _place(named: Path | None, size: int) -> Iterator[Path]:
    """Give the directory of the demonstration; of a temporary one only the returned package is kept."""
    from comity.cli.demo.errors import PlaceError

    if named is not None:
        directory = named.resolve()
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise PlaceError(f"{named} cannot be made: {error.strerror}.") from error
        if any(directory.iterdir()):
            raise PlaceError(f"{named} is not empty.")
    else:
        directory = Path(tempfile.mkdtemp(prefix="comity-demo-"))
    if shutil.disk_usage(directory).free < size * 1_000_000 * ROOM:
        raise PlaceError(
            f"The demonstration needs {size * ROOM / 1000:.1f} GB of room in {directory}.",
            remedy="Make room, name a directory on another disk with --dir, or take a smaller image with --size.",
        )
    try:
        yield directory
    finally:
        if named is None:
            for path in directory.iterdir():
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                elif path.suffix != ".asice":
                    path.unlink()
            if not any(directory.iterdir()):
                directory.rmdir()
