"""The port to the network: post a message and take the answer, pull the bytes of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

__all__ = ["Reply", "Transport"]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back over HTTP: a receipt or an error signal, if anything."""

    status: int
    content_type: str
    body: bytes = field(repr=False)


class Transport(Protocol):
    """How bytes reach a partner's exchange port. Failures are leaves of `TransportError`."""

    def send(self, url: str, content_type: str, body: bytes) -> Reply:
        """Post a message and return the whole answer."""
        ...

    def fetch(self, url: str, start: int, headers: Mapping[str, str], *, end: int | None = None) -> Iterator[bytes]:
        """Yield a file's bytes from ``start`` up to but without ``end``; the answer must be exactly these."""
        ...
