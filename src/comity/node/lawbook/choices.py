"""What the law base's closed lists offer to choose from, in the language of the reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, gettext

from comity.law.model import Term
from comity.law.plan import elements
from comity.law.terms import TERMS
from comity.law.wording import Wording
from comity.node import words
from comity.node.lawbook import queries
from comity.values import CODES, StateCode

__all__ = [
    "Group",
    "authorities",
    "authority",
    "element",
    "instrument",
    "measure",
    "measures",
    "offence",
    "offences",
    "states",
    "word",
    "wording",
]


UNKNOWN = ":not-known"
"""How the id of an office ends that the law base does not name: ``FR:public-prosecutor:not-known``."""


@dataclass(frozen=True, slots=True)
class Group:
    """Measures that belong together: pairs of id and title."""

    title: str
    choices: tuple[tuple[str, str], ...]


def _title(found: Any) -> str:
    return str((found.uk if get_language() == "uk" else "") or found.title)


def wording() -> Wording:
    """Return the words of the law base in the reader's language."""
    return _wording("uk" if get_language() == "uk" else "en")


@lru_cache(maxsize=2)
def _wording(language: str) -> Wording:
    return Wording(queries.base(), language)


def states() -> list[tuple[str, str]]:
    """Return the states with their names, by name."""
    return words.states(tuple(CODES))


def instrument(name: str) -> str:
    """Return an instrument's title."""
    found = queries.base().instruments.get(name)
    return _title(found) if found else name


def measures() -> tuple[Group, ...]:
    """Return the measures in their groups, in the order of the law base."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in queries.base().measures.values():
        groups.setdefault(one.group, []).append((one.id, _title(one)))
    return tuple(Group(words.say(name), tuple(found)) for name, found in groups.items())


def measure(name: str) -> str:
    """Return a measure's title."""
    found = queries.base().measures.get(name)
    return _title(found) if found else name


def offences() -> list[tuple[str, str]]:
    """Return the offences by title."""
    return [(one.id, _title(one)) for one in queries.base().offences.values()]


def offence(name: str) -> str:
    """Return an offence's title."""
    found = queries.base().offences.get(name)
    return _title(found) if found else name


def element(kind: str) -> str:
    """Return what an element of a case is; an unknown one as it stands."""
    found = elements(queries.base()).get(kind)
    return found.say(wording().language) if found else kind


def authorities(state: str) -> list[tuple[str, str]]:
    """Return a state's authorities by name."""
    found = queries.base().authorities_of(StateCode(state))
    return sorted(((one.id, one.name) for one in found), key=lambda pair: pair[1])


def authority(name: str) -> str:
    """Return an authority's name; an unknown id as it stands."""
    found = queries.base().authorities.get(name)
    if found is None and name.endswith(UNKNOWN) and name.count(":") == 2:
        state, office, _ = name.split(":")
        return gettext("%(office)s of %(state)s (not named in the law base)") % {
            "office": office.replace("-", " ").capitalize(),
            "state": words.state(state),
        }
    return str(found.name) if found else name


def word(code: str) -> str:
    """Return a word of one of the law base's closed lists; an unknown one with spaces for its signs."""
    found = _words().get(code)
    if found is None and code in TERMS:
        return wording().term(code)
    return _title(found) if found else words.say(code)


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Term]:
    lists = queries.base().vocabulary
    return {code: term for name in lists if name != "measures" for code, term in lists[name].items()}
