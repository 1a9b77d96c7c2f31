"""Reading closed forms: an object with exactly these members, each of its type and within its bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar

from comity.errors import ComityError, ValueRefusedError
from comity.values import Digest, StateCode, day, state

__all__ = ["Closed"]

TEXT: Final = 4000
LIST: Final = 10_000
Choice = TypeVar("Choice", bound=StrEnum)


class Closed:
    """One object under reading; what is wrong is raised as ``error`` and names the member by its path."""

    def __init__(self, value: Any, names: Sequence[str], where: str, error: type[ComityError]) -> None:
        self._where, self._error = where, error
        if not isinstance(value, Mapping):
            raise self.refused("", f"is not an object but {type(value).__name__}")
        for name in names:
            if name not in value:
                raise self.refused(name, "is missing")
        for name in value:
            if name not in names:
                raise self.refused(str(name)[:60], "is not known here")
        self._value = value

    def refused(self, name: str, why: str) -> ComityError:
        """Make the error for a member."""
        path = f"{self._where}.{name}" if name else self._where
        return self._error(f"{path} {why}.", member=path)

    def path(self, name: str) -> str:
        """Return where a member stands."""
        return f"{self._where}.{name}"

    def text(self, name: str, *, empty: bool = False, limit: int = TEXT) -> str:
        """Return a text of at most ``limit`` characters, without control characters except line breaks and tabs."""
        found = self._value[name]
        if not isinstance(found, str):
            raise self.refused(name, "is not a text")
        if not found.strip() and not empty:
            raise self.refused(name, "is empty")
        if len(found) > limit:
            raise self.refused(name, f"has {len(found):,} characters; at most {limit:,} are read")
        if any((ord(c) < 32 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0 for c in found):
            raise self.refused(name, "holds control characters")
        return found

    def number(self, name: str) -> int:
        """Return a whole number of zero or more."""
        found = self._value[name]
        if not isinstance(found, int) or isinstance(found, bool) or found < 0:
            raise self.refused(name, "is not a whole number of zero or more")
        return found

    def choice(self, name: str, kind: type[Choice]) -> Choice:
        """Return a member of a closed list."""
        try:
            return kind(self._value[name])
        except ValueError as error:
            raise self.refused(name, f"is none of: {', '.join(kind)}") from error

    def digest(self, name: str) -> Digest:
        """Return a SHA-256 digest."""
        found = self._value[name]
        try:
            return Digest(found)
        except (ValueRefusedError, TypeError) as error:
            raise self.refused(name, "is not a SHA-256 digest") from error

    def state(self, name: str) -> StateCode:
        """Return the code of a state."""
        try:
            return state(self.text(name, limit=2))
        except ValueRefusedError as error:
            raise self.refused(name, error.detail) from error

    def day(self, name: str) -> date | None:
        """Return a day, None where the member is null."""
        if self._value[name] is None:
            return None
        try:
            return day(self.text(name, limit=10))
        except ValueRefusedError as error:
            raise self.refused(name, error.detail) from error

    def list(self, name: str, *, empty: bool = True) -> Sequence[Any]:
        """Return a list."""
        found = self._value[name]
        if not isinstance(found, list | tuple) or len(found) > LIST:
            raise self.refused(name, "is not a list")
        if not found and not empty:
            raise self.refused(name, "is empty")
        return found

    def texts(self, name: str, *, empty: bool = True) -> tuple[str, ...]:
        """Return a list of texts, each once."""
        found = self.list(name, empty=empty)
        if not all(isinstance(item, str) and 0 < len(item) <= TEXT for item in found):
            raise self.refused(name, "is not a list of texts")
        if len(set(found)) != len(found):
            raise self.refused(name, "names something twice")
        return tuple(found)

    def choices(self, name: str, kind: type[Choice]) -> tuple[Choice, ...]:
        """Return members of a closed list, each once."""
        try:
            return tuple(kind(item) for item in self.texts(name))
        except ValueError as error:
            raise self.refused(name, f"holds something that is none of: {', '.join(kind)}") from error

    def digests(self, name: str) -> tuple[Digest, ...]:
        """Return a list of digests, each once."""
        try:
            return tuple(Digest(item) for item in self.texts(name))
        except ValueRefusedError as error:
            raise self.refused(name, "holds something that is not a SHA-256 digest") from error

    def optional(self, name: str) -> Digest | None:
        """Return a digest, None where the member is null."""
        return None if self._value[name] is None else self.digest(name)
