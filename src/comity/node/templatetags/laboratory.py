"""Filters of the laboratory's pages: codes as words, alleles, numbers of strength."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.translation import gettext

from comity.forensics.dna.allele import Typing
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


@register.simple_tag
def heights(profile: Any, locus: str) -> str:
    """Return the peak heights of a locus, empty where none were told."""
    detail = getattr(profile, "details", {}).get(locus)
    return ", ".join(f"{height:g}" for height in detail.heights) if detail else ""


@register.filter
def figure(value: float | None) -> str:
    """Return a number with three digits, however small or great."""
    if value is None:
        return "–"
    return f"{value:.3g}"


@register.filter
def ratio(log10: float | None) -> str:
    """Return a likelihood ratio by its logarithm."""
    if log10 is None:
        return gettext("no number")
    if math.isinf(log10):
        return "0"
    return f"{10**log10:.3g}" if log10 < 300 else "> 1e300"
