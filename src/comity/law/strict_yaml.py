"""String-only YAML: every scalar stays the text that was written, and a key that stands twice is refused.

Plain YAML 1.1 reads Norway's ``NO`` as false, ``1.10`` as a number and ``2026-11-24`` as a date; the law base can afford
none of that. Aliases are refused too: a file says what it says where it says it. An empty scalar is the
empty text. The C loader is used where PyYAML has it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from comity.errors import LawError

__all__ = ["LawFileError", "parse", "read"]

DEPTH = 40
"""Levels a file may be nested."""

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class LawFileError(LawError):
    """A file of the law base cannot be read."""

    code = "law.file"
    cause = "The file was cut or edited by hand, and its indentation, quoting or a key went wrong."
    remedy = "Correct the line named above, then run 'comity law check'."


def read(path: Path) -> Any:
    """Return the content of a file as dicts, lists and texts; raise `LawFileError` naming file and line."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LawFileError(
            f"{path} cannot be read: {error.strerror or error}.",
            cause="The file is missing, or the law base lies elsewhere.",
            remedy="Restore the file from the release of the law base.",
            file=str(path),
        ) from error
    return parse(data, str(path))


def parse(data: bytes, name: str) -> Any:
    """Return the content of ``data``; ``name`` is what errors call it."""
    loader = _LOADER(data)
    try:
        node = loader.get_single_node()
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise LawFileError(f"{name} is not YAML: {' '.join(str(error).split())}", file=name) from error
    finally:
        loader.dispose()
    return None if node is None else _value(node, name, set(), 0)


def _value(node: yaml.Node, name: str, seen: set[int], depth: int) -> Any:
    line = node.start_mark.line + 1
    if id(node) in seen or depth > DEPTH:
        what = "an alias is used" if id(node) in seen else f"it is nested deeper than {DEPTH}"
        raise LawFileError(
            f"{name}, line {line}: {what}; a file says what it says where it says it.", file=name, line=line
        )
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, name, seen, depth + 1) for item in node.value]
    found: dict[str, Any] = {}
    for key, item in node.value:
        at = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise LawFileError(f"{name}, line {at}: a key must be a plain text.", file=name, line=at)
        if key.value in found:
            raise LawFileError(
                f"{name}, line {at}: {key.value!r} stands twice.",
                cause="A line was copied and one of the two was meant to be changed.",
                remedy="Keep the one that is right, then run 'comity law check'.",
                file=name,
                line=at,
            )
        found[key.value] = _value(item, name, seen, depth + 1)
    return found
