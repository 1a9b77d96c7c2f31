"""What the worker does for the post: deliver what is due, pull what was announced."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from comity.node.post import actions, pull, queries

__all__ = ["due", "recover"]


def recover(at: datetime) -> None:
    """Take up what was under way when the node stopped."""
    actions.recover(at)


def due(at: datetime) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield what is to be done now, each under the name that keeps it from running twice at once."""
    for key in queries.due_messages(at):
        yield f"message {key}", partial(_deliver, key)
    for key in queries.due_pulls(at):
        yield f"pull {key}", partial(pull.pull, key)


def _deliver(key: int) -> None:
    actions.deliver(key)
