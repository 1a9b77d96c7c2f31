"""Canonical JSON (RFC 8785): the bytes that are signed, and the only way they are read back.

Reading is strict: duplicate names, NaN and infinities, lone surrogates, numbers outside the safe range of
RFC 8785 and nesting deeper than 64 are refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import rfc8785

from comity.errors import ValueRefusedError

__all__ = ["JSON", "canonical", "parse"]

JSON = Mapping[str, Any] | Sequence[Any] | str | int | float | bool | None
DEPTH = 64


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 bytes of ``value``; raise `ValueRefusedError` for what JSON cannot say."""
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeEncodeError) as error:
        raise ValueRefusedError(
            f"This value has no canonical JSON form: {error}",
            cause="It holds something JSON cannot carry exactly, such as a number beyond 2^53 or a lone surrogate.",
            remedy="Write large numbers and binary content as strings.",
        ) from error


def parse(data: bytes, *, what: str = "document", limit: int = 8 * 1024 * 1024) -> Any:
    """Read JSON from outside; ``what`` names it in the error, ``limit`` is its greatest size in bytes."""
    if len(data) > limit:
        raise ValueRefusedError(
            f"The {what} has {len(data):,} bytes; at most {limit:,} are read.",
            cause="It is not what it should be, or carries content that belongs in an attachment.",
            remedy="Send the content as an attachment with its digest.",
            size=len(data),
            limit=limit,
        )
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
        _check(value, 0)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError, _RefusedJSONError, ValueError) as error:
        raise ValueRefusedError(
            f"The {what} is not well-formed JSON: {error}",
            cause="It was cut, altered on the way, or written by a program that does not keep to RFC 8259.",
            remedy="Ask the sender for the original bytes; nothing of this one was kept.",
        ) from error
    return value


class _RefusedJSONError(Exception):
    """Raised inside `parse` only."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _RefusedJSONError(f"the name {twice!r} stands twice in one object")
    return found


def _no_constant(name: str) -> Any:
    raise _RefusedJSONError(f"{name} is not JSON")


def _check(value: Any, depth: int) -> None:
    if depth > DEPTH:
        raise _RefusedJSONError(f"it is nested deeper than {DEPTH}")
    if isinstance(value, dict):
        for name, item in value.items():
            name.encode("utf-8")
            _check(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth + 1)
    elif isinstance(value, str):
        value.encode("utf-8")
