"""The composer's form as the pages show it, and back: inputs out of fields and values, values out of what was sent.

A repeated field (persons, accounts) is sent as ``persons-0-name``, ``persons-1-name`` with ``persons-count``. An entry
that was left empty is left out. Nothing is judged here: that is the door's of `comity.request`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext

from comity.node import words
from comity.node.lawbook import choices as law
from comity.request.contents import FieldKind
from comity.request.draft import PersonRole
from comity.request.form import Demand, Field, Part
from comity.values import CODES

__all__ = ["Choice", "Group", "Input", "Row", "Sheet", "filled", "sheet"]

ONE_LINE = frozenset({FieldKind.LINE, FieldKind.STATE, FieldKind.AUTHORITY, FieldKind.LANGUAGE, FieldKind.DATE})
LANGUAGES = ("en", "uk", "fr", "de", "es", "pl", "it", "nl", "pt", "ro", "ar")
MOST = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several; ``chosen`` where it is the value."""

    value: str
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Input:
    """One input of the page."""

    name: str
    kind: FieldKind
    label: str
    value: str
    required: bool
    choices: tuple[Choice, ...] = ()
    help: str = ""
    error: str = ""
    wide: bool = False

    @property
    def id(self) -> str:
        """The id of the element."""
        return "f-" + self.name.replace(".", "-").replace(":", "-")


@dataclass(frozen=True, slots=True)
class Row:
    """A field: one input, or entries of several, with the provisions that ask for it."""

    id: str
    label: str
    help: str
    required: bool
    demands: tuple[Demand, ...]
    kind: FieldKind
    single: Input | None = None
    entries: tuple[tuple[Input, ...], ...] = ()
    files: tuple[Mapping[str, Any], ...] = ()
    measures: tuple[str, ...] = ()
    error: str = ""

    @property
    def anchor(self) -> str:
        """Where the page has it."""
        return "f-" + self.id.replace(".", "-").replace(":", "-")


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the form."""

    id: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole form."""

    groups: tuple[Group, ...]


def sheet(
    fields: Sequence[Field],
    values: Mapping[str, Any],
    *,
    own: str,
    requested: str,
    measures: Sequence[str],
    more: str = "",
    refused: tuple[str, str] = ("", ""),
) -> Sheet:
    """Return the form; ``more`` is the repeated field that is to have one more empty entry, ``refused`` field and why."""
    groups: dict[str, list[Row]] = {}
    titles: dict[str, str] = {}
    states = {"issuing_authority": own, "validating_authority": own, "executing_authority": requested}
    for one in fields:
        titles[one.group] = _in(one.group_en, one.group_uk)
        error = refused[1] if refused[0].split("[")[0].split(".")[0] == one.id.split(".")[0] and refused[1] else ""
        if error and "." in one.id and refused[0] != one.id:
            error = ""
        groups.setdefault(one.group, []).append(
            _row(one, values, states.get(one.id, ""), measures, more=more, error=error)
        )
    return Sheet(tuple(Group(name, titles[name], tuple(rows)) for name, rows in groups.items()))


def filled(fields: Sequence[Field], sent: Mapping[str, str], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values a form sent, by field id. Files stay as they are in ``before`` unless they are taken out."""
    values: dict[str, Any] = {}
    for one in fields:
        found: Any
        if one.kind is FieldKind.MEASURES:
            continue
        if one.kind is FieldKind.FILES:
            kept = before.get(one.id) or []
            found = [entry for n, entry in enumerate(kept) if not sent.get(f"{one.id}-{n}-out")]
        elif one.kind is FieldKind.SPAN:
            found = {p.id: v for p in one.parts if not _empty(v := _read(p.kind, sent.get(f"{one.id}-{p.id}", "")))}
        elif one.parts:
            found = _entries(one, sent)
        else:
            found = _read(one.kind, sent.get(one.id, ""))
        if not _empty(found):
            values[one.id] = found
    return values


def _entries(one: Field, sent: Mapping[str, str]) -> list[dict[str, Any]]:
    told = sent.get(f"{one.id}-count", "0")
    count = min(int(told), MOST) if told.isdecimal() else 0
    found = []
    for number in range(count):
        entry = {part.id: _read(part.kind, sent.get(f"{one.id}-{number}-{part.id}", "")) for part in one.parts}
        entry = {name: value for name, value in entry.items() if not _empty(value)}
        if entry and not sent.get(f"{one.id}-{number}-out"):
            found.append(entry)
    return found


def _empty(value: Any) -> bool:
    """Tell whether nothing was entered; a number is something, 0 too."""
    return value is None or value is False or value in ("", [], {})


def _read(kind: FieldKind, text: str) -> Any:
    text = text.replace("\r\n", "\n").strip()
    if kind is FieldKind.FLAG:
        return bool(text)
    if kind is FieldKind.NUMBER and text.isdecimal() and len(text) < 10:
        return int(text)
    return text


def _row(one: Field, values: Mapping[str, Any], state: str, measures: Sequence[str], *, more: str, error: str) -> Row:
    label, help_ = _in(one.label_en, one.label_uk), _in(one.help_en, one.help_uk)
    value = values.get(one.id)
    single: Input | None = None
    entries: tuple[tuple[Input, ...], ...] = ()
    files: tuple[Mapping[str, Any], ...] = ()
    if one.kind is FieldKind.FILES:
        files = tuple(value or ())
    elif one.kind is FieldKind.SPAN:
        span = value if isinstance(value, Mapping) else {}
        entries = (tuple(_part(f"{one.id}-{p.id}", p, span.get(p.id)) for p in one.parts),)
    elif one.parts:
        given = [entry for entry in (value or []) if isinstance(entry, Mapping)]
        given = [*given, {}] if not given or more == one.id else given
        entries = tuple(
            tuple(_part(f"{one.id}-{number}-{p.id}", p, entry.get(p.id)) for p in one.parts)
            for number, entry in enumerate(given)
        )
    elif one.kind is not FieldKind.MEASURES:
        single = Input(
            one.id,
            one.kind,
            label,
            _text(value),
            one.required,
            _choices(one.kind, _text(value), state),
            help_,
            error,
        )
    return Row(
        one.id, label, help_, one.required, one.demands, one.kind, single, entries, files,
        tuple(law.measure(name) for name in measures) if one.kind is FieldKind.MEASURES else (), error,
    )  # fmt: skip


def _part(name: str, part: Part, value: Any) -> Input:
    shown = _text(value)
    wide = part.kind is FieldKind.PROSE
    label = _in(part.label_en, part.label_uk)
    return Input(name, part.kind, label, shown, part.required, _choices(part.kind, shown, ""), wide=wide)


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    return "on" if value is True else str(value)


def _choices(kind: FieldKind, value: str, state: str) -> tuple[Choice, ...]:
    pairs: list[tuple[str, str]]
    if kind is FieldKind.STATE:
        pairs = words.states(tuple(CODES))
    elif kind is FieldKind.LANGUAGE:
        pairs = [(code, words.language(code)) for code in LANGUAGES]
    elif kind is FieldKind.PERSON_ROLE:
        pairs = [(role.value, words.say(role.value)) for role in PersonRole]
    elif kind is FieldKind.OFFENCE:
        pairs = law.offences()
    elif kind is FieldKind.AUTHORITY and state:
        pairs = law.authorities(state)
    else:
        return ()
    known = {pair[0] for pair in pairs}
    extra = [(value, value)] if value and value not in known else []
    blank = [("", gettext("choose"))]
    return tuple(Choice(code, title, code == value) for code, title in [*blank, *extra, *pairs])


def _in(en: str, uk: str) -> str:
    return (uk or en) if get_language() == "uk" else en
