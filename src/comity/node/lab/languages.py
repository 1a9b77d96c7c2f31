"""The languages a report is set in for two states: English, and each official language of theirs that reports have."""

from __future__ import annotations

from babel.languages import get_official_languages

from comity.forensics.said import REPORTS

__all__ = ["report_languages"]


def report_languages(*states: str) -> tuple[str, ...]:
    """Return the languages, English first; a state whose language reports do not have reads the English one."""
    spoken = {language for state in states for language in get_official_languages(state, regional=True)}
    return tuple(one for one in REPORTS if one == "en" or one in spoken)
