"""Filters of the law's pages: sources with the address of the text, provisions with their place in the law browser."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from comity.law.model import Instrument
from comity.node.lawbook import choices, queries, refusals, sources

register = template.Library()


@register.filter
def source(text: str) -> SafeString | str:
    """Return a source with a link to the text where its address is known; what is said in English only is marked so."""
    address, named, rest = sources.cited(str(text))
    if not named:
        say = choices.wording()
        told = say.text(rest)
        return format_html('<span lang="en">{}</span>', rest) if say.language != "en" and rest in told else told
    if not address:
        return f"{named} {rest}".strip()
    return format_html('<a href="{}" rel="external noreferrer">{}</a> {}', address, named, rest)


@register.filter
def lawtext(text: str) -> SafeString | str:
    """Return a text of the law base in the reader's language; one that is there in English only is marked as English."""
    if str(text) == "any_offence":
        return choices.wording().term(text)
    told = choices.wording().text(str(text))
    english = choices.wording().language != "en" and told.startswith("«") and str(text) in told
    return format_html('<span lang="en">{}</span>', told) if english else told


@register.filter
def placed(rule: Mapping[str, Any]) -> str:
    """Return where a rule of a stored answer stands, in the reader's language."""
    return choices.wording().placed(str(rule.get("provision", "")), str(rule.get("article", "")))


@register.filter
def citation(text: str) -> str:
    """Return how an instrument or a provision is cited, in the reader's language."""
    return choices.wording().cite(str(text))


@register.filter
def relation(kind: str) -> str:
    """Return what a relation says between two instruments."""
    return choices.wording().relation(str(kind))


@register.filter
def official(one: Instrument) -> str:
    """Return the address of an instrument's own page; "" where it is not known."""
    return sources.official(one)


@register.filter
def provision(name: str) -> str:
    """Return where the law browser has a provision or a state's declaration; "" where it is neither."""
    base = queries.base()
    rule = base.rules.get(str(name))
    if rule is not None:
        return f"{reverse('instrument', args=[rule.instrument])}#{sources.anchor(rule.article)}"
    declared = base.declarations.get(str(name))
    if declared is not None and declared.instrument in base.instruments:
        return f"{reverse('instrument', args=[declared.instrument])}?state={declared.state}#declarations"
    return ""


@register.filter
def iso(on: date | str) -> str:
    """Return a day as it was asked: of a date its ISO form, a text as it stands."""
    return on.isoformat() if isinstance(on, date) else str(on)


@register.filter
def spoken(sentence: str) -> SafeString | str:
    """Return a sentence of an error in the reader's language; one that is there in English only is marked as English."""
    told, english = refusals.say(str(sentence or ""))
    return format_html('<span lang="en">{}</span>', told) if english else told
