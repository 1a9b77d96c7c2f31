"""Values as JSON shows them: dataclasses by their members, times in ISO 8601, digests and ids as text, no raw bytes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from comity.values import Digest, DossierId

__all__ = ["shown"]


def shown(value: Any) -> Any:
    """Return a value as the API gives it."""
    if isinstance(value, Digest | DossierId):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((f.name, getattr(value, f.name)) for f in dataclasses.fields(value))
        return {name.rstrip("_"): shown(item) for name, item in pairs if not isinstance(item, bytes)}
    if isinstance(value, Mapping):
        return {str(name): shown(item) for name, item in value.items()}
    if isinstance(value, tuple | list | frozenset | set):
        return [shown(item) for item in value]
    return value
