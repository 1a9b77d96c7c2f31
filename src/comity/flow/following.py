"""What follows a confirmed hit: the values a drafted request for legal assistance begins with, report enclosed.

The sentences are in English or Ukrainian, the language of who drafts; whoever drafts fills in what only the case file knows.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from comity.flow.comparison import require_confirmed
from comity.flow.hits import HitCourse
from comity.forensics.said import LANGUAGES, figure, say
from comity.record import Attachment

__all__ = ["draft_values"]


def draft_values(
    course: HitCourse, report: Sequence[Attachment], *, dossier: str, language: str = "en"
) -> dict[str, Any]:
    """Return values for a drafted request, keyed by the fields of its form."""
    require_confirmed(course)
    language = language if language in LANGUAGES else "en"
    words, outcome = _words()[language], course.outcome
    reason = [words["met"].format(**_figures(course, dossier))]
    if outcome and outcome.log10_lr:
        ratio = figure(outcome.log10_lr, language, ".2f")
        reason.append(words["ratio"].format(ratio=ratio, population=say(outcome.population, language)))
    if outcome:
        reason.append(words["confirmed"].format(opinions=outcome.opinions, blind=outcome.blind))
    if course.reviewed:
        reason.append(words["reviewed"].format(outcome=words[f"is-{course.reviewed.outcome}"]))
    values: dict[str, Any] = {
        "object": words["object"].format(**_figures(course, dossier)),
        "reason": " ".join([*reason, words["enclosed"]]),
        "previous_contacts": words["contacts"].format(dossier=dossier),
        "attachments": [
            {"name": one.name, "sha256": one.digest.hex, "size": one.size, "media_type": one.media_type}
            for one in report
        ],
    }
    if course.given and course.given.declined is None:
        person = {
            "role": "third-party",  # whether the person is a suspect is for the prosecutor, not for a match
            "name": course.given.name,
            "latin": course.given.latin,
            "born": course.given.born.isoformat() if course.given.born else "",
            "birthplace": course.given.birthplace,
            "nationality": course.given.nationality,
            "identifier": course.given.reference,
        }
        values["persons"] = [{name: value for name, value in person.items() if value}]
    return values


def _figures(course: HitCourse, dossier: str) -> dict[str, str]:
    return {
        "dossier": dossier,
        "query": course.query,
        "reference": course.reference,
        "quality": course.hit.quality,
        "matched": str(course.hit.matched),
        "compared": str(course.hit.compared),
    }


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    found = tomllib.loads((files("comity.flow") / "following.toml").read_text(encoding="utf-8"))
    return {language: dict(found[language]) for language in LANGUAGES}
