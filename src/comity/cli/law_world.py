"""The whole world on every core: measures are shared out among processes, each of which loads the law base once."""

from __future__ import annotations

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comity.law.base import LawBase
    from comity.law.world import World

__all__ = ["over_the_world"]


def over_the_world(args: argparse.Namespace, base: LawBase, until: date) -> World:
    """Order the bases of the whole world from ``args.since`` on; with one process, in this one."""
    from comity.law.world import quarters, together, world

    days = quarters(args.since, until)
    shares = args.processes or _cores()
    if shares == 1 or not days:
        return world(base, days)
    measures = tuple(base.measures)
    with ProcessPoolExecutor(shares) as pool:
        parts = [
            pool.submit(_part, args.lawbase, base.digest, days, measures[number::shares]) for number in range(shares)
        ]
        return together(part.result() for part in parts)


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _part(root: Path | None, digest: str, days: tuple[date, ...], measures: tuple[str, ...]) -> World:
    """Order the bases for some measures, in a process of its own."""
    from comity.cli.law_base import load
    from comity.law.errors import LawFileError
    from comity.law.world import world

    base = load(argparse.Namespace(lawbase=root))
    if base.digest != digest:
        raise LawFileError(
            "The law base was changed while it was checked.",
            cause="Somebody wrote one of its files during the last minute.",
            remedy="Run 'comity law check' again.",
        )
    return world(base, days, measures)
