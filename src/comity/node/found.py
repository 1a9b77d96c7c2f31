"""Making a node: directories, settings, secrets, keys and certificates. Nothing here needs Django.

The order: directories (0700), keys (0600), secret key, and ``node.toml`` last, so that a half-made node is none. Keys
and certificates made here are marked TEST in their subjects, from a certification authority of the node's own; a state
puts its own files in their places.
"""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from pathlib import Path

from comity.node.configuration import Configuration
from comity.node.errors import RunningError
from comity.node.keys import make_keys
from comity.node.place import Place

__all__ = ["make"]


def make(root: Path, settings: Configuration, at: datetime) -> Place:
    """Make the node's directory; refuse one that holds a node already."""
    place = Place(root)
    if (root / "node.toml").exists():
        raise RunningError(
            f"{root} holds a node already.", remedy="Choose another directory, or remove this one if it is not needed."
        )
    place.make()
    make_keys(place.keys, settings.state, settings.name, settings.reached_by, at)
    write(root / "secret_key", secrets.token_urlsafe(48) + "\n")
    lines = [_line(name, value) for name, value in settings.model_dump(exclude={"secret_key"}).items()]
    write(
        root / "node.toml", "# The settings of this node; comity node check says whether they hold.\n" + "".join(lines)
    )
    return place


def write(path: Path, text: str) -> None:
    """Write a file only its owner can read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)


def _line(name: str, value: str | int | bool) -> str:
    if isinstance(value, bool):
        return f"{name} = {str(value).lower()}\n"
    if isinstance(value, int):
        return f"{name} = {value}\n"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name} = "{escaped}"\n'
