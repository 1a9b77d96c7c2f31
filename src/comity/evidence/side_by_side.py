"""One pass over a file for several sums: each has its own thread, and the next block is read meanwhile.

The sums of CPython release the interpreter for large blocks, so that a pass costs as much as its slowest sum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

__all__ = ["feed"]

SMALL: Final = 64 * 1024
Take = Callable[[bytes], object]


def feed(pool: ThreadPoolExecutor, blocks: Iterable[bytes], *takers: Take) -> None:
    """Give every block to every taker, in order; what a taker raises is raised here."""
    waiting: list[Future[object]] = []
    for block in blocks:
        for future in waiting:
            future.result()
        if len(block) < SMALL:
            waiting = []
            for take in takers:
                take(block)
        else:
            waiting = [pool.submit(take, block) for take in takers]
    for future in waiting:
        future.result()
