"""Filters of the pages: sizes, digests, times, and titles in the language of the reader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from comity.forensics.said import say as forensic
from comity.law.form import acts
from comity.node import words
from comity.node.lawbook import choices
from comity.node.requests.sheet import Input, Row
from comity.request.contents import FieldKind

register = template.Library()


@register.filter
def size(count: int) -> str:
    """Return a size in bytes as people read it."""
    value, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if value < 1000 or unit == "TB":
            break
        value /= 1000
    return f"{number_format(value, 0 if unit == 'B' else 1)} {unit}"


@register.filter
def short(digest: Any) -> str:
    """Return the first twelve digits of a digest."""
    return str(digest)[:12]


@register.filter
def moment(at: datetime | date | str | None) -> SafeString | str:
    """Return a time as an ISO date with the minute, in UTC, for people and programs."""
    if not at:
        return ""
    if isinstance(at, str):
        at = datetime.fromisoformat(at) if len(at) > 10 else date.fromisoformat(at)
    if isinstance(at, datetime):
        here = localtime(at)
        return format_html('<time datetime="{}">{} UTC</time>', here.isoformat(), here.strftime("%Y-%m-%d %H:%M"))
    return format_html('<time datetime="{0}">{0}</time>', at.isoformat())


@register.filter
def say(label: Any) -> str:
    """Return a title of the law base in the language of the page: of a label, a mapping, or a value with ``title``."""
    if isinstance(label, str):
        return str(label)
    uk = get_language() == "uk"
    if isinstance(label, Mapping):
        chosen = (label.get("uk") or label.get("title_uk")) if uk else ""
        return str(chosen or label.get("en") or label.get("title") or "")
    if hasattr(label, "uk") and hasattr(label, "en"):
        return str((label.uk if uk else label.en) or label.en)
    if hasattr(label, "title"):
        return str((getattr(label, "title_uk", "") or getattr(label, "uk", "")) if uk else "") or str(label.title)
    return str(label)


@register.simple_tag
def told(subject: Any, name: str) -> str:
    """Return ``name_uk`` or ``name_en`` of a value or mapping, in the language of the page."""
    language = "uk" if get_language() == "uk" else "en"
    for code in (language, "en"):
        key = f"{name}_{code}"
        found = subject.get(key) if isinstance(subject, Mapping) else getattr(subject, key, "")
        if found:
            return str(found)
    return ""


@register.filter
def word(code: Any) -> str:
    """Return a code of a closed list as a word of the reader's language: the pages' own, else the law base's."""
    return words.say(str(code)) if str(code) in words.WORDS else choices.word(str(code))


@register.filter
def state(code: Any) -> str:
    """Return a state's name."""
    return words.state(str(code))


@register.filter
def at(mapping: Any, key: Any) -> Any:
    """Return an entry of a mapping, empty where there is none."""
    return mapping.get(key, "") if isinstance(mapping, Mapping) else ""


@register.filter
def lines(text: str) -> list[str]:
    """Return the lines of a text."""
    return str(text).splitlines()


@register.filter
def translated(text: str) -> str:
    """Return a sentence of an error in the language of the page: one of the fixed ones, or one of forensics' own."""
    if not text:
        return ""
    found = gettext(text)
    return found if found != text else forensic(text, get_language() or "en")


@register.filter
def tone(status: Any) -> str:
    """Return the colour a status is shown in. The word always stands beside it."""
    return words.TONES.get(str(status), "neutral")


@register.filter
def sentence(line: str) -> str:
    """Return a line of an error in the language of the page: its opening and its fixed sentence."""
    for opening in ("Likely cause: ", "What to do: "):
        if line.startswith(opening):
            return f"{gettext(opening.strip())} {translated(line.removeprefix(opening))}"
    return translated(line)


@register.filter
def kind(name: str) -> str:
    """Return the title of an act's kind; another kind of message as it is named."""
    found = acts().get(str(name))
    return say(found.title) if found else word(name)


@register.filter
def is_list(value: Any) -> bool:
    """Tell whether a value is several."""
    return isinstance(value, list | tuple)


@register.filter
def anchor(path: str) -> str:
    """Return where the composer has a field; for a part of an entry, where it has the field."""
    name, _, rest = str(path).partition("[")
    inside = rest.partition("].")
    shown = f"{name}-{inside[0]}-{inside[2]}" if inside[2] else name
    return "f-" + shown.replace(".", "-").replace(":", "-")


@register.filter
def shown_value(one: Input) -> str:
    """Return an input's value as people read it: the title of a choice, the text otherwise."""
    if one.kind is FieldKind.FLAG:
        return gettext("yes") if one.value else ""
    return next((choice.title for choice in one.choices if choice.chosen and choice.value), one.value)


@register.filter
def has_value(row: Row) -> bool:
    """Tell whether anything was entered in a field."""
    if row.single is not None:
        return bool(row.single.value)
    return bool(row.files or row.measures) or any(one.value for entry in row.entries for one in entry)


@register.filter
def has_values(rows: tuple[Row, ...]) -> bool:
    """Tell whether anything was entered in one of several fields."""
    return any(has_value(row) for row in rows)


@register.filter
def doing(station: str) -> str:
    """Return what a task asks to be done."""
    return str(words.DOING.get(station, station))


@register.filter
def authority(name: str) -> str:
    """Return an authority's name by its id in the law base."""
    return choices.authority(str(name))


@register.filter
def plainly(value: Any) -> str:
    """Return a value out of an act's body as people read it."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, Mapping):
        return "\n".join(
            f"{words.say(str(name))}: {plainly(one)}" for name, one in value.items() if one not in ("", None)
        )
    if isinstance(value, list | tuple):
        return "\n".join(plainly(one) for one in value)
    return "" if value is None else str(value)


@register.filter
def unlocalized(number: float) -> str:
    """Return a number as SVG reads it."""
    return f"{number:.2f}"


@register.filter
def instrument(name: str) -> str:
    """Return an instrument's title by its id."""
    return choices.instrument(str(name))
