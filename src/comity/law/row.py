"""One mapping of a file, read key by key against its schema: every key must be asked for, every value must fit.

A `Row` remembers which keys were asked for; `end` refuses the others, with the nearest key that would have been known. All
errors name the file by its path below the law base.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from comity.errors import ValueRefusedError
from comity.law.errors import SchemaError, UnknownReferenceError
from comity.law.model import Knowledge
from comity.values import CODES, ENTITIES, StateCode, day

__all__ = ["Row", "known"]

_E = TypeVar("_E", bound=StrEnum)

STATES = CODES | ENTITIES
"""Codes that may stand in participation; ``*`` stands beside them in declarations made for no one state."""


class Row:
    """A mapping read from ``file``, at ``place`` in it."""

    def __init__(self, content: Any, file: str, place: str = "") -> None:
        self.file, self.place = file, place
        if not isinstance(content, Mapping):
            raise self.wrong("is not a table of keys")
        self.content: Mapping[str, Any] = content
        self.asked: set[str] = set()

    def wrong(self, what: str) -> SchemaError:
        """Return the error that says what is wrong here."""
        where = f", {self.place}" if self.place else ""
        return SchemaError(f"{self.file}{where}: {what}.", file=self.file)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without ``default`` it must be there and not be empty."""
        found = self._get(key, default)
        if not isinstance(found, str):
            raise self.wrong(f"{key} is not a text")
        return found

    def on(self, key: str) -> date | None:
        """Return a day or None."""
        text = self.text(key, "")
        if not text:
            return None
        try:
            return day(text)
        except ValueRefusedError as error:
            raise self.wrong(f"{key} {error.detail[:1].lower()}{error.detail[1:].rstrip('.')}") from error

    def due(self, key: str) -> date:
        """Return a day that must be there."""
        found = self.on(key)
        if found is None:
            raise self.wrong(f"{key} is missing")
        return found

    def whole(self, key: str) -> int | None:
        """Return a whole number or None."""
        text = self.text(key, "")
        if not text:
            return None
        if not (text.isascii() and text.isdigit()):
            raise self.wrong(f"{key} {text!r} is not a whole number")
        return int(text)

    def flag(self, key: str, default: str = "no") -> bool:
        """Return a yes or no."""
        text = self.text(key, default)
        if text not in {"yes", "no"}:
            raise self.wrong(f"{key} {text!r} is neither yes nor no")
        return text == "yes"

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; one text stands for a list of one."""
        found = self._get(key, ())
        if isinstance(found, str):
            return (found,)
        if not isinstance(found, (list, tuple)) or not all(isinstance(word, str) and word for word in found):
            raise self.wrong(f"{key} is not a list of words")
        if len(set(found)) != len(found):
            raise self.wrong(f"{key} names something twice")
        return tuple(found)

    def one_of(self, kind: type[_E], key: str, default: str | None = None) -> _E:
        """Return a member of a closed list of the program."""
        text = self.text(key, default)
        try:
            return kind(text)
        except ValueError as error:
            raise self.wrong(f"{key} {text!r} is none of {', '.join(kind)}") from error

    def state(self, key: str) -> StateCode:
        """Return a state's code."""
        return self.code(self.text(key))

    def states(self, key: str) -> tuple[StateCode, ...]:
        """Return codes of states."""
        return tuple(self.code(text) for text in self.words(key))

    def code(self, text: str) -> StateCode:
        """Return a text as a state's code, in upper case; ``*`` is none."""
        if text not in STATES:
            raise self.wrong(f"{text!r} is not the code of a state")
        return StateCode(text)

    def rows(self, key: str) -> tuple[Row, ...]:
        """Return a list of mappings."""
        found = self._get(key, ())
        if not isinstance(found, (list, tuple)):
            raise self.wrong(f"{key} is not a list")
        return tuple(Row(each, self.file, f"{self.place} {key} {n + 1}".strip()) for n, each in enumerate(found))

    def table(self, key: str) -> Mapping[str, Any]:
        """Return a mapping whose keys are names."""
        found = self._get(key, {})
        if not isinstance(found, Mapping):
            raise self.wrong(f"{key} is not a table of keys")
        return found

    def has(self, key: str) -> bool:
        """Tell whether a key stands here."""
        return key in self.content

    def cited(self, source: str | None = None, basis: str | None = None, checked: date | None = None) -> dict[str, Any]:
        """Return what every fact carries, with what the whole file says as default."""
        return {
            "source": self.text("source", source),
            "basis": self.one_of(Knowledge, "basis", basis),
            "unsure": self.flag("unsure"),
            "checked": self.on("checked") or checked,
            "note": self.text("note", ""),
        }

    def end(self) -> None:
        """Refuse keys nobody asked for."""
        for key in self.content:
            if key in self.asked:
                continue
            near = difflib.get_close_matches(str(key), sorted(self.asked), n=1)
            raise SchemaError(
                f"{self.file}{', ' + self.place if self.place else ''}: unknown key {key!r}.",
                cause=f"It is a slip for {near[0]!r}."
                if near
                else "The key was made up, or belongs into another file.",
                remedy=f"Use one of {', '.join(sorted(self.asked))}.",
                file=self.file,
                key=key,
            )

    def _get(self, key: str, default: Any) -> Any:
        self.asked.add(key)
        found = self.content.get(key, default)
        if found is None:
            raise self.wrong(f"{key} is missing")
        if found == "" and default is None:
            raise self.wrong(f"{key} is empty")
        return found


def known(names: Iterable[str], among: Collection[str], what: str, file: str) -> None:
    """Refuse names that are not in the law base, with the nearest that are."""
    for name in names:
        if name not in among:
            near = difflib.get_close_matches(name, list(among), n=3)
            raise UnknownReferenceError(
                f"{file}: there is no {what} {name!r}.",
                cause=f"It is a slip for {' or '.join(near)}." if near else "",
                file=file,
                name=name,
            )
