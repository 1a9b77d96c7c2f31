"""The sentences of findings in the reader's language, known again by their wording.

What is reckoned, and what an act holds, is one English sentence with figures in it. ``wording/en.toml`` gives each
sentence an id and names its fields; every other language has the same ids. `say` finds the id of a sentence, reads its
fields and sets the sentence of the language asked for, so that a sentence a partner's node wrote years ago is told too.
A sentence no id has comes back as it is: `known` tells that, and the tests hold every sentence of this release to it.

Digits of a field of kind ``number`` follow the language: 0.01 is 0,01 in Ukrainian and German.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

__all__ = ["LANGUAGES", "REPORTS", "figure", "known", "say"]

LANGUAGES = ("en", "uk")
"""The languages of the pages: every sentence is told in them."""

REPORTS = (*LANGUAGES, "de")
"""The languages of reports: every sentence a report holds is told in them, the rest stays English."""

_COMMA = frozenset({"uk", "de"})
"""Languages that write a comma before decimals."""

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_FIELD = re.compile(r"\{(\w+)(?::(\w+))?\}")
_KINDS = {
    "": r".+?",
    "word": r"\S+?",
    "quoted": r"(?:'[^']*'|\"[^\"]*\")",
    "number": r"[0-9][0-9.,]*(?:e[+-]?[0-9]+)?",
    "say": r".+?",
    "any": r".+?",
    "list": r".+?",
    "codes": r".+?",
    "words": r".+?",
}


@dataclass(frozen=True, slots=True)
class _Sentence:
    id: str
    pattern: re.Pattern[str]
    fields: Mapping[str, str]


def say(text: str, language: str) -> str:
    """Return a sentence of a finding in a language; as it is where the sentence or the language is not known."""
    if language == "en" or language not in REPORTS:
        return text
    return _told(text, language) or text


def known(text: str) -> bool:
    """Tell whether every part of a sentence has an id."""
    return all(_told(text, language) is not None for language in LANGUAGES if language != "en")


def figure(value: float | str, language: str, form: str = ".3g") -> str:
    """Return a number as the language writes it; thousands are grouped by a narrow space where it has a comma.

    A number with an exponent is written as people read it: 2.5e-07 is 2.5 × 10⁻⁷.
    """
    plain = value if isinstance(value, str) else format(value, form)
    if language in _COMMA:
        plain = plain.replace(",", "\u202f").replace(".", ",")
    digits, sign, power = plain.partition("e")
    return f"{digits} × 10{str(int(power)).translate(_RAISED)}" if sign else plain


@cache
def _texts(language: str) -> Mapping[str, str]:
    found = tomllib.loads((files("comity.forensics") / "wording" / f"{language}.toml").read_text(encoding="utf-8"))
    return {f"{head}.{name}": text for head, rows in found.items() for name, text in rows.items()}


@cache
def _sentences() -> tuple[Mapping[str, str], tuple[_Sentence, ...]]:
    """Return plain sentences by their text, and those with fields, those with most words of their own first."""
    plain, formed = {}, []
    for name, text in _texts("en").items():
        fields = {found.group(1): found.group(2) or "" for found in _FIELD.finditer(text)}
        if not fields:
            plain[text] = name
            continue
        parts = _FIELD.split(text)
        pattern = "".join(
            re.escape(part) if number % 3 == 0 else f"(?P<{part}>{_KINDS[fields[part]]})"
            for number, part in enumerate(parts)
            if number % 3 != 2
        )
        formed.append((len(_FIELD.sub("", text)), _Sentence(name, re.compile(pattern), fields)))
    # where something stands comes before what is said of it; the rest by the length of its own words
    formed.sort(key=lambda each: (not each[1].id.startswith("place.line"), -each[0]))
    return plain, tuple(one for _, one in formed)


@lru_cache(maxsize=4096)
def _told(text: str, language: str) -> str | None:
    plain, formed = _sentences()
    words = _texts(language)
    if text in plain:
        return words.get(plain[text])
    for sentence in formed:
        found = sentence.pattern.fullmatch(text)
        if found is None or sentence.id not in words:
            continue
        parts = dict(_parts(sentence, found.groupdict(), language))
        if None not in parts.values():
            return _filled(words[sentence.id], parts)
    return None


def _filled(words: str, parts: Mapping[str, str | None]) -> str:
    return _FIELD.sub(lambda field: str(parts[field.group(1)]), words)


def _parts(sentence: _Sentence, found: Mapping[str, str], language: str) -> Iterator[tuple[str, str | None]]:
    for name, value in found.items():
        match sentence.fields[name]:
            case "say":
                yield name, _told(value, language)
            case "any":
                yield name, _told(value, language) or value
            case "list":
                each = [_told(one, language) for one in value.split("; ")]
                yield name, None if None in each else "; ".join(one or "" for one in each)
            case "codes":
                each = [_told(one, language) for one in value.split(", ")]
                yield name, None if None in each else ", ".join(one or "" for one in each)
            case "words":
                yield name, ", ".join(_told(one, language) or one for one in value.split(", "))
            case "number":
                yield name, figure(value, language)
            case _:
                yield name, value
