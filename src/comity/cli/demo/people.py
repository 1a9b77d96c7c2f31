"""Who works at the two nodes of the demo: invented people with real roles at authorities the law base names.

Where the law base names no fitting authority of a state, another stands in that the user chooses: the diplomatic channel,
or, for an investigation order, a public prosecutor. Its id says ``not-known``, and every page shows it as it is. Passwords are made for each demo; one-time codes follow RFC 6238 (SHA-1, 30 seconds, 6 digits).
"""

from __future__ import annotations

import base64
import hmac
import secrets
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

__all__ = ["Office", "Officer", "code", "office", "officers", "step_of", "unknown"]

STEP = 30


class Office(Protocol):
    """What is needed of an authority of the law base."""

    @property
    def id(self) -> str:
        """The id in the law base."""
        ...

    @property
    def name(self) -> str:
        """The name as the law base has it."""
        ...

    @property
    def roles(self) -> Iterable[str]:
        """What it is competent for."""
        ...

    @property
    def instruments(self) -> Iterable[str]:
        """The instruments it is named for."""
        ...


@dataclass(frozen=True, slots=True)
class Officer:
    """Someone who works with a node; ``roles`` are of the node's closed list, ``secret`` is base32."""

    username: str
    name: str
    roles: tuple[str, ...]
    authority: str
    language: str
    password: str = field(default_factory=lambda: f"demo-{secrets.token_hex(6)}", repr=False)
    secret: str = field(default_factory=lambda: base64.b32encode(secrets.token_bytes(20)).decode(), repr=False)


_SURNAMES: Mapping[str, tuple[str, str, str, str]] = {
    "DE": ("Beispiel", "Muster", "Mustermann", "Probe"),
    "ES": ("Ejemplo", "Modelo", "Muestra", "Prueba"),
    "FR": ("Exemple", "Modèle", "Fictif", "Essai"),
    "PL": ("Przykład", "Wzór", "Zmyślony", "Próba"),
    "UA": ("Приклад", "Зразок", "Вигадка", "Проба"),
}
_TITLES: Mapping[str, tuple[str, str, str, str]] = {
    "UA": ("Прокурор", "Керівник відділу", "Фахівець центрального органу", "Прокурор-виконавець"),
}


def officers(state: str, side: str, authority: str) -> tuple[Officer, ...]:
    """Return who works at a state's node; ``side`` is ``issuing`` or ``executing``."""
    names = _SURNAMES.get(state, ("Example", "Model", "Specimen", "Sample"))
    titles = _TITLES.get(state, ("Prosecutor", "Head of Division", "Central Authority Officer", "Executing Prosecutor"))
    fictional = "вигадана особа" if state == "UA" else "fictional"
    called = [f"{title} {name} ({fictional})" for title, name in zip(titles, names, strict=True)]
    low, language = state.lower(), "uk" if state == "UA" else "en"
    rows: tuple[tuple[str, str, str], ...]
    if side == "issuing":
        rows = (
            ("prosecutor", called[0], "issuing"),
            ("head", called[1], "approving"),
            ("central", called[2], "central"),
        )
    else:
        rows = (("central", called[2], "central"), ("executing", called[3], "executing"))
    return tuple(
        Officer(f"{low}-{short}", name, (role,), authority, "en" if side == "executing" else language)
        for short, name, role in rows
    )


def office(found: Iterable[Office], wanted: Iterable[str], instrument: str = "") -> Office | None:
    """Return the authority that holds the first of the ``wanted`` roles that any holds, best for ``instrument``."""
    listed = tuple(found)
    for role in wanted:
        holders = [one for one in listed if role in one.roles]
        named = [one for one in holders if instrument in one.instruments]
        if named or holders:
            return (named or holders)[0]
    return None


def unknown(state: str, office: str) -> str:
    """Return the id that stands where the law base names no such authority of a state."""
    return f"{state}:{office}:not-known"


def step_of(seconds: float) -> int:
    """Return the time step a moment lies in; a node takes each step once."""
    return int(seconds // STEP)


def code(secret: str, step: int) -> str:
    """Return the one-time code of a time step (RFC 6238, RFC 4226 section 5.3)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
