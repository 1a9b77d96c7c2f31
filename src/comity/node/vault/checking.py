"""Verification of a package that lies in a file, under this node's trust."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from comity.evidence.verify import verify
from comity.node.registry import queries as registry

__all__ = ["report"]


def report(path: Path, *, at: datetime) -> dict[str, Any]:
    """Return what verification says of a package: ``status`` and ``parts``; raise where it is no package."""
    return dict(verify(path, registry.trust(), at, logs=registry.logs()).to_json())
