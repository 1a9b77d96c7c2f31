"""When to send again, and what a delivery has come to (design section 7).

Every retry sends the same bytes under the same id. A delivery ends acknowledged, rejected or failed, never silent; a
receipt that comes late wins over failed.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

from comity.exchange.errors import MessageRefusedError, ReplayedMessageError, TransportError
from comity.exchange.signal import Receipt, Refusal
from comity.values import Digest

__all__ = ["DAMAGED", "FIRST", "HORIZON", "LAST", "Outcome", "attempts", "duplicate", "outcome", "schedule"]

FIRST: Final = 1.0
LAST: Final = 6 * 3600.0
DAMAGED: Final = 5
"""How often a message is sent that its receiver finds damaged; then it was not the line."""

HORIZON: Final = timedelta(days=3)
"""How long a message is sent again; shorter than `message.Limits.past`."""


class Outcome(StrEnum):
    """What a delivery has come to. ``WAITING`` alone is not an end."""

    WAITING = "waiting"
    ACKNOWLEDGED = "acknowledged"
    REJECTED = "rejected"
    FAILED = "failed"


def schedule(attempt: int, jitter: float) -> float:
    """Return the seconds to wait after the ``attempt``-th try (from 1): doubling from 1 s to 6 h.

    ``jitter`` in [0, 1) is the caller's random number; it spreads the wait over its upper half, so that nodes that
    failed together do not come back together.
    """
    ceiling = min(LAST, FIRST * 2.0 ** min(max(attempt, 1) - 1, 32))
    return max(FIRST, ceiling * (0.5 + jitter / 2))


def attempts(horizon: timedelta = HORIZON) -> int:
    """Return how many tries fit into the horizon when every wait is the longest it may be."""
    left, count = horizon.total_seconds(), 1
    while (left := left - schedule(count, 1.0)) >= 0:
        count += 1
    return count


def outcome(
    before: Outcome,
    event: Receipt | Refusal | TransportError | MessageRefusedError,
    *,
    waited: timedelta,
    tries: int = DAMAGED,
) -> Outcome:
    """Return what the delivery is after an event.

    A checked `Receipt` acknowledges, even what was given up or refused before. A signed `Refusal` rejects, unless a
    receipt was here first, it only says that a message before this one is missing, or it may come of damage on the way
    and fewer than `DAMAGED` tries were made. No answer, or an answer that is not the partner's, changes nothing until ``waited``, the
    time since the first try, passes the horizon; an error that cannot heal fails at once.
    """
    if isinstance(event, Receipt):
        return Outcome.ACKNOWLEDGED
    if before is not Outcome.WAITING:
        return before
    if isinstance(event, Refusal) and not event.passing and not (event.damage and tries < DAMAGED):
        return Outcome.REJECTED
    lasting = isinstance(event, TransportError) and not event.retryable
    return Outcome.FAILED if lasting or waited >= HORIZON else Outcome.WAITING


def duplicate(message_id: str, body: Digest, kept: Digest | None) -> bool:
    """Tell whether a message is a repetition of one kept under its id, to be answered with the same stored bytes.

    Raise `ReplayedMessageError` where the id comes with other bytes.
    """
    if kept is None:
        return False
    if body != kept:
        raise ReplayedMessageError(message_id=message_id)
    return True
