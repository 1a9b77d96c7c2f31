"""What the law refuses, in the language of the page: sentences with a value in them are known by their form.

The core says them in English. A sentence whose form is not here is shown as it is, marked as English.
"""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

__all__ = ["say"]

FIXED: tuple[str | Promise, ...] = (
    _("The same state was given twice."),
    _("The same state was given twice, or a part of it."),
    _("Name the state whose authorities are to act as the requested one."),
    _("Between parts of a state no treaty applies."),
    _("Assistance between them follows that state's own law."),
    _("Name two states."),
    _("Correct the year."),
    _("Dates are written in ISO 8601, year first, and must exist in the calendar."),
    _("Write it as YYYY-MM-DD, for example 2026-11-24."),
    _("States are named by their ISO 3166-1 alpha-2 code."),
    _("Write two letters, for example UA or DE."),
    _("Assistance is asked of a state's authorities."),
    _("Name the member state whose authorities are to act."),
    _("It is misspelt, or called by another name here."),
    _("Only what lies abroad needs the help of another state."),
    _("Leave it out of the plan."),
    _("Facts have closed values."),
)
"""Sentences without a value, gathered here so that they are translated."""

FORMS: tuple[tuple[str, str | Promise], ...] = (
    (r"(?P<a>\w+) asks itself\.", _("%(a)s asks itself.")),
    (r"(?P<a>\w+) and (?P<b>\w+) (?:belong to|are) one state\.", _("%(a)s and %(b)s are one state.")),
    (r"'(?P<a>.*)' is not a date: .*", _("“%(a)s” is not a date.")),
    (r"The law base does not reach (?P<a>.*)\.", _("The law base does not reach %(a)s.")),
    (r"'(?P<a>.*)' is not the code of a state\.", _("“%(a)s” is not the code of a state.")),
    (r"(?P<a>\w+) is a party to instruments but not a state\.", _("%(a)s is a party to instruments but not a state.")),
    (
        r"'(?P<a>.*)' is not an? (?:\w+ )*(?:the law base knows|there is a method for|of a case|of cooperation)\.",
        _("“%(a)s” is not known to the law base."),
    ),
    (
        r"The (?P<a>\w+) lies in (?P<b>\w+), the state that investigates\.",
        _("An element of the case lies in %(b)s, the state that investigates."),
    ),
    (r"Did you mean (?P<a>.*)\?", _("Did you mean %(a)s?")),
    (r"Choose one of (?P<a>.*)\.", _("Choose one of %(a)s.")),
    (r"It holds the law from (?P<a>\d+) on, .*", _("It holds the law from %(a)s on.")),
)


def say(sentence: str) -> tuple[str, bool]:
    """Return a sentence in the language of the page, and whether it is still English on a page that is not."""
    told = gettext(sentence) if sentence else ""
    if get_language() != "uk" or told != sentence or not told:
        return told, False
    for form, said in FORMS:
        if found := re.fullmatch(form, sentence, re.DOTALL):
            return str(said) % found.groupdict(), False
    return told, re.search(r"[а-яіїєґ]", told.casefold()) is None
