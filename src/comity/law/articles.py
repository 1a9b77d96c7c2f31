"""Articles as treaties write them: whether one lies in another, and whether one lies in a span.

``16`` contains ``16(2)``; ``8(1)(a)`` lies in ``8``; ``18(15)`` lies in ``18(9)-(29)``; ``4 (art. 15(8))`` is article 4 of a
protocol that puts article 15(8) into its mother, and a declaration to ``4(8)`` means that paragraph.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["inside", "meets"]

_TOKEN = re.compile(r"[0-9]+[a-z]*|[a-z]+")


@lru_cache(maxsize=8192)
def _tokens(article: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(article.casefold().replace("art.", " ")))


@lru_cache(maxsize=65536)
def meets(one: str, other: str) -> bool:
    """Tell whether two references speak of the same provision, or one of a part of the other."""
    return any(_meets(a, b) for a in one.split(",") for b in other.split(","))


def _meets(one: str, other: str) -> bool:
    a, b = _tokens(one), _tokens(other)
    if not a or not b:
        return False
    shorter = min(len(a), len(b))
    if a[:shorter] == b[:shorter] or inside(one, other) or inside(other, one):
        return True
    return a[0] == b[0] and len(a) != len(b) and a[-1] == b[-1]


@lru_cache(maxsize=65536)
def inside(article: str, span: str) -> bool:
    """Tell whether an article lies in a span such as ``18(9)-(29)``, ``17-22`` or ``27``."""
    start, dash, end = span.partition("-")
    a, s = _tokens(article), _tokens(start)
    if not a or not s:
        return False
    if not dash:
        return a[: len(s)] == s
    e = _tokens(end)
    depth = len(s) - 1
    if len(a) <= depth or a[:depth] != s[:depth] or not e:
        return False
    number, low, high = _number(a[depth]), _number(s[depth]), _number(e[-1])
    return None not in (number, low, high) and low <= number <= high  # type: ignore[operator]  # None was just excluded


def _number(token: str) -> int | None:
    found = re.match(r"[0-9]+", token)
    return int(found[0]) if found else None
