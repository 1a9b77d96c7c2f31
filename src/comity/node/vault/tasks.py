"""What the worker does for the vault: verify each package that has come, as soon as it is here whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

from comity.errors import EvidenceError
from comity.node.vault import actions, packing, queries

__all__ = ["due", "recover"]

WORKER = "node"


def due() -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield the packages that came and were not verified yet, each under a name of its own."""
    for dossier, sha256 in queries.unverified():
        yield f"package {sha256}", partial(_verify, dossier, sha256)


def recover(at: datetime) -> None:
    """Remove what a killed process left in the store: files half written, and files no row names after a day."""
    actions.sweep(at)


def _verify(dossier: str, sha256: str) -> None:
    at = datetime.now(UTC)
    try:
        packing.check(dossier, sha256, by=WORKER, at=at)
    except EvidenceError as error:  # it is no package at all; said once, not at every look
        report = {"status": "failed", "parts": [], "detail": error.detail, "remedy": error.remedy}
        actions.record_check(dossier, sha256, "failed", report, by=WORKER, at=at)
