"""Two answers held beside each other, line by line: of two nodes, of two days, with two partners.

Works on the JSON of the answers, because that is what nodes exchange; a `Resolution` is turned into it. A line says where the
two differ and what each says; an answer that says nothing there has None.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from comity.law.resolution import Resolution

__all__ = ["Comparison", "Line", "compare"]

_OF_RULE = ("article", "value", "amount", "unit", "step", "further", "text", "of_state", "why", "undone_by")


@dataclass(frozen=True, slots=True)
class Line:
    """One difference: ``where`` is a path such as ``bases/coe-030/rules/coe/030/article-14-1/request_content``."""

    where: str
    first: Any
    second: Any

    def to_json(self) -> dict[str, Any]:
        """Return the line as JSON."""
        return {"where": self.where, "first": self.first, "second": self.second}


@dataclass(frozen=True, slots=True)
class Comparison:
    """``same_law``: the two come from the same law base. ``lines`` in the order of the answer; empty: they say the same."""

    same_law: bool
    same_question: bool
    lines: tuple[Line, ...]

    @property
    def same(self) -> bool:
        """Whether the two answers say the same, whatever question and law base they come from."""
        return not self.lines

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as JSON."""
        return {
            "same": self.same,
            "same_law": self.same_law,
            "same_question": self.same_question,
            "lines": [line.to_json() for line in self.lines],
        }


def compare(first: Resolution | Mapping[str, Any], second: Resolution | Mapping[str, Any]) -> Comparison:
    """Compare two answers. Question and law base are compared apart: different ones may give the same answer."""
    one, other = (r.to_json() if isinstance(r, Resolution) else r for r in (first, second))
    return Comparison(
        same_law=one["lawbase"]["digest"] == other["lawbase"]["digest"],
        same_question=one["question"] == other["question"],
        lines=tuple(_lines(one, other)),
    )


def _lines(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Line]:
    yield from _differ("fallback", one["fallback"], other["fallback"])
    orders = ([basis["instrument"] for basis in answer["bases"]] for answer in (one, other))
    yield from _differ("bases", *orders)
    yield from _bases(one["bases"], other["bases"])
    yield from _rows("reciprocity", one["reciprocity"], other["reciprocity"], ("provision",), _OF_RULE)
    yield from _rows("excluded", one["excluded"], other["excluded"], ("instrument",), ("why",))
    yield from _rows("questions", one["questions"], other["questions"], ("fact",), ("because",))
    yield from _rows("alternatives", one["alternatives"], other["alternatives"], ("provision",), ())


def _bases(one: list[Any], other: list[Any]) -> Iterator[Line]:
    here, there = (
        {basis["instrument"]: basis for basis in bases if "joined_to" not in basis} for bases in (one, other)
    )
    for name in dict.fromkeys((*here, *there)):
        if name not in here or name not in there:
            continue
        a, b = here[name], there[name]
        for key in ("status", "with", "measures"):
            yield from _differ(f"bases/{name}/{key}", a[key], b[key])
        for key in ("rules", "undone"):
            yield from _rows(f"bases/{name}/{key}", a[key], b[key], ("provision", "kind"), _OF_RULE)
        people = ([row["name"] for row in basis["authorities"]] for basis in (a, b))
        yield from _differ(f"bases/{name}/authorities", *people)


def _rows(where: str, one: list[Any], other: list[Any], key: tuple[str, ...], told: tuple[str, ...]) -> Iterator[Line]:
    here, there = ({tuple(row[k] for k in key): row for row in rows} for rows in (one, other))
    for name in dict.fromkeys((*here, *there)):
        a, b = here.get(name), there.get(name)
        path = f"{where}/{name[0]}"
        if a is None or b is None:
            yield Line(path, a and _short(a, told), b and _short(b, told))
        elif _short(a, told) != _short(b, told):
            yield Line(path, _short(a, told), _short(b, told))


def _short(row: Mapping[str, Any], told: tuple[str, ...]) -> dict[str, Any]:
    return {key: row[key] for key in told if row.get(key) not in (None, "", [])}


def _differ(where: str, one: Any, other: Any) -> Iterator[Line]:
    if one != other:
        yield Line(where, one, other)
