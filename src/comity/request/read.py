"""Read a request back from its bytes, strictly: what is not the canonical form of a request is refused."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from comity.errors import ValueRefusedError
from comity.request.errors import MalformedRequestError
from comity.request.request import Request
from comity.values import parse

__all__ = ["LIMIT", "read"]

LIMIT = 4 * 1024 * 1024
"""Greatest size of a request in bytes."""

_REQUEST = TypeAdapter(Request)


def read(data: bytes) -> Request:
    """Read a request; raise `MalformedRequestError` for anything but the canonical bytes of one."""
    try:
        parse(data, what="request", limit=LIMIT)
        request = _REQUEST.validate_json(data)
    except ValueRefusedError as error:
        raise MalformedRequestError(error.detail, cause=error.cause, remedy=error.remedy) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise MalformedRequestError(f"These bytes are not a request: {where}: {first['msg']}.", field=where) from error
    if request.canonical != data:
        raise MalformedRequestError("This request is not in its canonical form.")
    return request
