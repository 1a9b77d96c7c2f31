"""Named points where a test can make a process stop as SIGKILL would (design section 7: one effect, whatever stops).

``COMITY_CRASH_AT=<point>`` works on a node whose settings say ``test = true`` and nowhere else. A point is passed once
a node's life: the mark in the directory lets the restarted process go on.
"""

from __future__ import annotations

import os
from enum import StrEnum

from django.conf import settings

__all__ = ["EXIT", "CrashPoint", "marks", "reach"]

EXIT = 137


class CrashPoint(StrEnum):
    """Where a process can be stopped. The order is the journey's."""

    SEND_BEFORE_COMMIT = "send-before-commit"
    SEND_AFTER_COMMIT = "send-after-commit"
    DELIVER_AFTER_LEASE = "deliver-after-lease"
    DELIVER_AFTER_ANSWER = "deliver-after-answer"
    DELIVER_AFTER_COMMIT = "deliver-after-commit"
    RECEIVE_BEFORE_COMMIT = "receive-before-commit"
    RECEIVE_AFTER_COMMIT = "receive-after-commit"
    PULL_MIDDLE = "pull-middle"
    PULL_BEFORE_COMMIT = "pull-before-commit"
    RETURN_BEFORE_COMMIT = "return-before-commit"


def reach(point: CrashPoint) -> None:
    """Stop here if a test asked for it."""
    if settings.COMITY.crash_at != point or not settings.COMITY.test or settings.DIRECTORY is None:
        return
    mark = settings.DIRECTORY / "run" / f"crashed-{point}"
    if not mark.exists():
        mark.touch()
        os._exit(EXIT)


def marks() -> frozenset[str]:
    """Return the points that were passed in this node's life; none where no test asked for any."""
    if not settings.COMITY.crash_at or settings.DIRECTORY is None:
        return frozenset()
    return frozenset(path.name for path in (settings.DIRECTORY / "run").glob("crashed-*"))
