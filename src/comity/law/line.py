"""A question in one line, as a person types it: "Ukraine Germany bank records fraud 2026-11-24", in English or Ukrainian.

States are read by name or by code in capitals, a day in ISO 8601 or as 24.11.2026; measures and offences by id, title or the other
names the law base has for them. Endings do not matter ("Німеччини", "accounts"). The first state asks and the second is asked,
unless "from" or "to" says otherwise; a single one is asked. Nothing is guessed beyond that: what was not understood is returned, and
who reads the line shows what it was read as.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import eq
from weakref import WeakKeyDictionary

from babel import Locale

from comity.law.base import LawBase
from comity.values import CODES

__all__ = ["Line", "read_line"]

LONGEST = 300
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b|\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
_FROM = frozenset({"from", "з", "із", "від", "зі"})
_TO = frozenset({"to", "of", "in", "до", "у", "в"})
_SMALL = (
    _FROM
    | _TO
    | frozenset(
        "a an the and or for on by with at asks ask case about want wants need needs i we can which what is as "
        "і й та або для на про за щодо що як хоче просить треба потрібно можна у справі".split()
    )
)
_OTHER_NAMES: Mapping[str, str] = {
    "uk": "GB",
    "britain": "GB",
    "usa": "US",
    "сша": "US",
    "великобританія": "GB",
    "czech": "CZ",
}


@dataclass(frozen=True, slots=True)
class Line:
    """What a line was read as; what it does not say is "" or empty. ``left`` are words that were not understood."""

    requesting: str
    requested: str
    measures: tuple[str, ...]
    offences: tuple[str, ...]
    on: str
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]
    kind: str
    id: str


def read_line(text: str, base: LawBase, *, own: str = "") -> Line:
    """Read a line; ``own`` is the state that asks where only one is named. The day stays as written: who asks checks it."""
    text = text[:LONGEST]
    on = ""
    if found := _DAY.search(text):
        year, month, day = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
        on = f"{year}-{int(month):02}-{int(day):02}"
        text = text[: found.start()] + " " + text[found.end() :]
    typed = _WORD.findall(text)
    words = [word.casefold().replace("’", "'") for word in typed]
    free = [True] * len(words)
    states: list[tuple[int, str]] = [
        (at, word) for at, word in enumerate(typed) if len(word) == 2 and word.isupper() and word in CODES
    ]
    for at, _code in states:
        free[at] = False
    chosen: dict[str, list[str]] = {"measure": [], "offence": []}
    for phrase, like in _passes(base):
        place = _place(phrase.words, words, free, like)
        if place is None:
            continue
        for number in range(place, place + len(phrase.words)):
            free[number] = False
        if phrase.kind == "state":
            states.append((place, phrase.id))
        elif phrase.id not in chosen[phrase.kind]:
            chosen[phrase.kind].append(phrase.id)
    for at, word in enumerate(words):
        if free[at] and word not in _SMALL and (begun := _begun(word, base)) is not None:
            free[at] = False
            if begun.id not in chosen[begun.kind]:
                chosen[begun.kind].append(begun.id)
    requesting, requested = _sides(sorted(states), words, own)
    left = tuple(typed[at] for at, word in enumerate(words) if free[at] and word not in _SMALL)
    return Line(requesting, requested, tuple(chosen["measure"][:4]), tuple(chosen["offence"][:4]), on, left)


def _sides(states: Iterable[tuple[int, str]], words: list[str], own: str) -> tuple[str, str]:
    asking, asked, rest = "", "", []
    for at, code in states:
        before = words[at - 1] if at else ""
        if before in _FROM and not asking:
            asking = code
        elif before in {"to", "до"} and not asked:
            asked = code
        elif code not in rest:
            rest.append(code)
    if rest and not asking and (asked or len(rest) > 1):
        asking = rest.pop(0)
    if rest and not asked:
        asked = rest.pop(0)
    return asking or own, asked


def _passes(base: LawBase) -> Iterator[tuple[_Phrase, Callable[[str, str], bool]]]:
    """Yield the phrases, the longest first; of one length all as they stand, then all with other endings."""
    for _length, phrases in groupby(_phrases(base), lambda one: len(one.words)):
        same = tuple(phrases)
        yield from ((one, eq) for one in same)
        yield from ((one, _alike) for one in same)


def _place(phrase: tuple[str, ...], words: list[str], free: list[bool], like: Callable[[str, str], bool]) -> int | None:
    for at in range(len(words) - len(phrase) + 1):
        if all(free[at + n] and like(one, words[at + n]) for n, one in enumerate(phrase)):
            return at
    return None


def _begun(word: str, base: LawBase) -> _Phrase | None:
    """Return the measure or offence whose name begins with a word, where the shortest of such names is one's alone."""
    found = [one for one in _phrases(base) if one.kind != "state" and _alike(one.words[0], word)]
    least = min((len(one.words) for one in found), default=0)
    shortest = {(one.kind, one.id): one for one in found if len(one.words) == least}
    return next(iter(shortest.values())) if len(shortest) == 1 else None


@lru_cache(maxsize=65536)
def _alike(one: str, other: str) -> bool:
    """Tell whether two words differ in their ending only: at most three letters, never the first four."""
    if one == other:
        return True
    shorter = min(len(one), len(other))
    if shorter < 4 or abs(len(one) - len(other)) > 3:
        return False
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), shorter)
    return same >= max(4, shorter - 2)


_KEPT: WeakKeyDictionary[LawBase, tuple[_Phrase, ...]] = WeakKeyDictionary()


def _phrases(base: LawBase) -> tuple[_Phrase, ...]:
    """Return everything a line may name, the longest first; measures before offences of the same length."""
    found = _KEPT.get(base)
    if found is None:
        every = {(one.words, one.kind): one for one in _all(base) if one.words}
        found = tuple(
            sorted(every.values(), key=lambda one: (-len(one.words), -sum(map(len, one.words)), one.kind, one.id))
        )
        _KEPT[base] = found
    return found


def _all(base: LawBase) -> Iterator[_Phrase]:
    for language in ("en", "uk"):
        for code, name in Locale(language).territories.items():
            if code in CODES:
                yield _Phrase(_split(name), "state", code)
    for name, code in _OTHER_NAMES.items():
        yield _Phrase((name,), "state", code)
    for measure in base.measures.values():
        for name in (measure.id, measure.title, measure.uk, *measure.aliases):
            yield _Phrase(_split(name), "measure", measure.id)
    for offence in base.offences.values():
        for name in (offence.id, offence.title, offence.uk):
            yield _Phrase(_split(name), "offence", offence.id)


def _split(name: str) -> tuple[str, ...]:
    return tuple(word.casefold().replace("’", "'") for word in _WORD.findall(name.replace("_", " ")))
