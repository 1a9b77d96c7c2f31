"""The door of a draft: from a form or a file to a `Draft`, or a typed error that names the field.

Strict: no unknown name, no text for a number, dates as YYYY-MM-DD. Where the fields of the form are given, the error
also names the provision that asks for the field.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from comity.errors import ValueRefusedError
from comity.request.draft import Draft
from comity.request.errors import (
    FieldRefusedError,
    MissingFieldError,
    OversizedFieldError,
    UnknownFieldError,
    WrongTypeError,
)
from comity.values import canonical, parse

__all__ = ["LIMIT", "Asked", "read", "read_bytes"]

LIMIT = 1024 * 1024
"""Greatest size of a draft in bytes of JSON."""

_DRAFT = TypeAdapter(Draft)
_UNKNOWN = frozenset({"unexpected_keyword_argument", "extra_forbidden"})
_OVERSIZED = frozenset({"string_too_long", "too_long", "less_than_equal"})


class Asked(Protocol):
    """What the door needs of a form's field to name the provision behind it."""

    @property
    def id(self) -> str:
        """The field's id."""
        ...

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles that ask for the field."""
        ...


def read(document: Any, *, fields: Iterable[Asked] = ()) -> Draft:
    """Read a draft from what JSON or a form gave; raise a `FieldRefusedError` or one of its kinds."""
    if not isinstance(document, Mapping):
        raise WrongTypeError(f"A draft is an object of fields, not a {type(document).__name__}.", field="")
    try:
        data = canonical(document)
    except ValueRefusedError as error:
        raise WrongTypeError(f"The draft cannot be read: {error.detail}", cause=error.cause, field="") from error
    if len(data) > LIMIT:
        raise OversizedFieldError(f"The draft has {len(data):,} bytes; at most {LIMIT:,} are read.", field="")
    try:
        return _DRAFT.validate_json(data)
    except ValidationError as error:
        raise _refusal(error, {asked.id: asked.articles for asked in fields}) from error


def read_bytes(data: bytes, *, fields: Iterable[Asked] = ()) -> Draft:
    """Read a draft from the bytes of a JSON file."""
    try:
        document = parse(data, what="draft", limit=LIMIT)
    except ValueRefusedError as error:
        kind = OversizedFieldError if "limit" in error.fields else FieldRefusedError
        raise kind(error.detail, cause=error.cause, remedy=error.remedy, field="") from error
    return read(document, fields=fields)


def _refusal(error: ValidationError, articles: Mapping[str, tuple[str, ...]]) -> FieldRefusedError:
    found = error.errors(include_url=False)
    first = found[0]
    name = _name(first)
    asked = articles.get(name) or articles.get(name.split("[")[0].split(".")[0], ())
    because = f" {', '.join(asked)} asks for it." if asked else ""
    kind, sentence = _kind(first, name)
    refusal = kind(
        sentence + because,
        field=name,
        provisions=list(asked),
        also=sorted({_name(other) for other in found[1:]} - {name}),
    )
    if kind is UnknownFieldError:
        near = difflib.get_close_matches(name.rsplit(".", 1)[-1], Draft.__dataclass_fields__, n=3, cutoff=0.6)
        refusal.remedy = f"Did you mean {', '.join(near)}?" if near else refusal.remedy
    return refusal


def _kind(first: ErrorDetails, name: str) -> tuple[type[FieldRefusedError], str]:
    kind, given = first["type"], first.get("ctx", {})
    if kind in ("missing", "missing_argument", "too_short"):
        return MissingFieldError, f"The field {name} is missing."
    if kind in _UNKNOWN:
        return UnknownFieldError, f"There is no field {name[:120]!r} in a draft."
    if kind in _OVERSIZED:
        limit = given.get("max_length", given.get("le"))
        return OversizedFieldError, f"The field {name} is longer or greater than {limit}."
    if kind == "value_error":
        return FieldRefusedError, f"The field {name} is refused: {given['error']}."
    message = first["msg"].removeprefix("Input should be ")
    if kind.endswith(("_type", "_parsing")) or kind in ("is_instance_of", "date_from_datetime_parsing"):
        return WrongTypeError, f"The field {name} is of the wrong type; it should be {message}."
    return FieldRefusedError, f"The field {name} is refused: {message}."


def _name(detail: ErrorDetails) -> str:
    name = ""
    for part in detail["loc"]:
        if isinstance(part, int):
            name += f"[{part}]"
        elif not str(part).startswith(("constrained-str", "function-", "str")):
            name += f".{part}" if name else str(part)
    return name
