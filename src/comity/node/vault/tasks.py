"""What the worker does for the vault: verify each package that has come, as soon as it is here whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

from comity.node.vault import packing, queries

__all__ = ["due"]

WORKER = "node"


def due() -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield the packages that came and were not verified yet, each under a name of its own."""
    for dossier, sha256 in queries.unverified():
        yield f"package {sha256}", partial(_verify, dossier, sha256)


def _verify(dossier: str, sha256: str) -> None:
    packing.check(dossier, sha256, by=WORKER, at=datetime.now(UTC))
