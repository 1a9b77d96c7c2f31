"""An old answer asked again: from the law base it names by its digest, or from today's, and held beside what it said."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from comity.law.base import LawBase
from comity.law.compare import Comparison, compare
from comity.law.errors import OldLawError
from comity.law.question import Question
from comity.law.resolution import Resolution
from comity.law.resolve import resolve

__all__ = ["again", "law_of", "question_of"]


def law_of(answer: Mapping[str, Any], current: LawBase, archive: Path | None = None) -> LawBase:
    """Return the law base an answer was made from: the current one, or one kept in ``archive`` under its digest.

    Raise `OldLawError` where neither is it.
    """
    named = answer["lawbase"]
    if named["digest"] == current.digest:
        return current
    kept = LawBase.kept(named["digest"], archive, release=named["release"]) if archive is not None else None
    if kept is None:
        raise OldLawError(
            f"The answer was made from law base {named['release']} ({named['digest'][:16]}), which is not here.",
            digest=named["digest"],
        )
    return kept


def question_of(answer: Mapping[str, Any], base: LawBase) -> Question:
    """Read the question of an answer again."""
    asked = answer["question"]
    return Question.read(
        requesting=asked["requesting"],
        requested=asked["requested"],
        measures=asked["measures"],
        offences=asked["offences"],
        on=asked["on"],
        facts=asked["facts"],
        base=base,
    )


def again(answer: Mapping[str, Any], base: LawBase) -> tuple[Resolution, Comparison]:
    """Ask the question of an answer again, and compare; with the same law the two are the same to the byte."""
    fresh = resolve(question_of(answer, base), base)
    return fresh, compare(answer, fresh)
