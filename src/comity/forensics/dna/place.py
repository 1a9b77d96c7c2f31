"""Where in a file something stands, and errors that say so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from comity.errors import ComityError

__all__ = ["Place", "at"]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file: ``line`` counts from one, ``field`` names the column, element or member."""

    file: str
    line: int = 0
    field: str = ""

    def at(self, field: str) -> Place:
        """Return the same line's member ``field``."""
        return replace(self, field=field)

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{where}, {self.field}" if self.field else where


@contextmanager
def at(place: Place) -> Iterator[None]:
    """Put the place before the detail of whatever is refused inside, once."""
    try:
        yield
    except ComityError as error:
        if "file" not in error.fields:
            if not error.detail.startswith(place.file):  # what is refused inside may have said its place itself
                error.detail = f"{place}: {error.detail}"
            error.fields |= {"file": place.file, "line": place.line, "field": place.field}
            error.args = (error.detail,)
        raise
