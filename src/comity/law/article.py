"""One fact of the law base by its id, or all below a path: what it says, where it comes from, how it is known."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from comity.law.base import LawBase
from comity.law.errors import UnknownReferenceError
from comity.law.model import Cited

__all__ = ["facts_at", "told"]


def facts_at(base: LawBase, name: str) -> tuple[tuple[str, Cited], ...]:
    """Return (kind, fact) for an id, or for all ids below a path such as ``coe/030/article-14-1`` or ``coe-030``.

    Raise `UnknownReferenceError` with the nearest ids where there is nothing.
    """
    path = name.strip().strip("/").removeprefix("instruments/").removesuffix(".yaml")
    if path in base.instruments:
        path = base.instruments[path].path
    every = dict(_every(base))
    found = tuple(every[key] for key in every if key == path or key.startswith(f"{path}/"))
    if found:
        return found
    folders = {key.rsplit("/", 1)[0] for key in every}
    near = difflib.get_close_matches(path, [*every, *sorted(folders), *base.instruments], n=4, cutoff=0.5)
    raise UnknownReferenceError(
        f"The law base has nothing at {name!r}.",
        cause="An id is the path of its file below 'instruments', for example coe/030/article-14-1/request_content.",
        remedy=f"Did you mean {', '.join(near)}?" if near else "Begin with an instrument, for example coe-030.",
        nearest=near,
    )


def _every(base: LawBase) -> Iterator[tuple[str, tuple[str, Cited]]]:
    for instrument in base.instruments.values():
        yield instrument.path, ("instrument", instrument)
    for rule in base.rules.values():
        yield rule.id, ("rule", rule)
    for relation in base.relations:
        yield relation.id, ("relation", relation)
    for declaration in base.declarations.values():
        yield declaration.id, ("declaration", declaration)
    for authority in base.authorities.values():
        yield authority.id, ("authority", authority)


_EMPTY: tuple[object, ...] = (None, "", [], {}, False)


def told(value: Any) -> Any:
    """Return a fact as JSON values, without its empty members."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((f.name.rstrip("_"), told(getattr(value, f.name))) for f in fields(value))
        return {name: each for name, each in pairs if each not in _EMPTY}
    if isinstance(value, Mapping):
        return {key: told(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [told(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
