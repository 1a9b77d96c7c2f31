"""Filters of the laboratory's pages: codes as words, alleles, numbers of strength."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import get_language, gettext

from comity.forensics.dna.allele import Typing
from comity.forensics.said import figure as write
from comity.forensics.said import say
from comity.node.lab import words

register = template.Library()


@register.filter
def labword(code: Any) -> str:
    """Return a code of the laboratory as a word of the reader's language."""
    return str(words.WORDS.get(str(code), str(code)))


@register.filter
def labtone(code: Any) -> str:
    """Return the colour a code is shown in; the word always stands beside it."""
    return words.TONES.get(str(code), "neutral")


@register.filter
def labwords(codes: Iterable[Any]) -> str:
    """Return codes as words with commas."""
    return ", ".join(labword(code) for code in codes)


@register.filter
def alleles(seen: Typing) -> str:
    """Return what was read at a locus."""
    return ", ".join(each.text for each in seen) or "–"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read at a locus: each allele with its peak height (empty where none was told), kit and threshold."""

    peaks: tuple[tuple[str, str], ...]
    kit: str
    threshold: str


@register.simple_tag
def reading(profile: Any, locus: str, seen: Typing) -> Reading:
    """Return the electropherogram's values at a locus as a table shows them."""
    language, detail = get_language() or "en", getattr(profile, "details", {}).get(locus)
    texts = [each.text for each in seen]
    tall = [write(height, language, "g") for height in detail.heights] if detail else []
    if len(set(texts)) == 1 and len(tall) == 1:
        texts = texts[:1]
    if len(tall) != len(texts):
        tall = [""] * len(texts)
    kit = (detail.kit if detail else None) or ""
    if kit == getattr(profile, "kit", None):
        kit = ""  # it stands at the head of the column
    least = write(detail.threshold, language, "g") if detail and detail.threshold is not None else ""
    return Reading(tuple(zip(texts, tall, strict=True)), kit, least)


@register.filter
def said(text: Any) -> str:
    """Return a sentence of a finding in the reader's language."""
    return say(str(text), get_language() or "en") if text else ""


@register.filter
def figure(value: float | None) -> str:
    """Return a number with three digits, however small or great, as the reader's language writes it."""
    return "–" if value is None else write(value, get_language() or "en")


@register.filter
def ratio(log10: float | None) -> str:
    """Return a likelihood ratio by its logarithm."""
    if log10 is None:
        return gettext("no number")
    if math.isinf(log10):
        return "0"
    return figure(10**log10) if log10 < 300 else "> 10³⁰⁰"
