"""What the worker does for the laboratory: answer the comparisons that came, one partner's in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

from comity.node.lab import actions, queries

__all__ = ["due"]


def due() -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield each partner whose queries wait; one job a partner, so that its quota is counted in turn."""
    for partner, dossiers in queries.unanswered().items():
        yield f"comparisons of {partner}", partial(_answer, dossiers)


def _answer(dossiers: list[str]) -> None:
    for dossier in dossiers:
        actions.answer(dossier, at=datetime.now(UTC))
