"""What tests plant into a copy of the law base."""

from __future__ import annotations

from typing import Any


def edge(kind: str, target: str, **more: Any) -> dict[str, Any]:
    """Return a relation as its file would say it."""
    return {
        **more,
        "kind": kind,
        "target": target,
        "article": "99",
        "text": "planted",
        "source": "planted",
        "basis": "recalled",
    }
