"""An old answer asked again: from the law base it names by its digest, or from today's, and held beside what it said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from comity.law.base import LawBase
from comity.law.compare import Comparison, compare
from comity.law.errors import OldLawError, QuestionError
from comity.law.question import Question
from comity.law.resolution import Resolution
from comity.law.resolve import resolve

__all__ = ["again", "law_of", "question_of", "read"]

_ROWS: Mapping[str, tuple[str, ...]] = {
    "bases": ("instrument", "status"),
    "reciprocity": ("provision", "kind"),
    "excluded": ("instrument", "why"),
    "questions": ("fact", "because"),
    "alternatives": ("provision",),
}
_OF_BASIS: Mapping[str, tuple[str, ...]] = {
    "rules": ("provision", "kind"),
    "undone": ("provision", "kind"),
    "authorities": ("name",),
}
_OF_QUESTION: Mapping[str, type] = {
    "requesting": str,
    "requested": str,
    "measures": list,
    "offences": list,
    "on": str,
    "facts": dict,
}


def read(found: object, *, what: str = "This") -> Mapping[str, Any]:
    """Read an answer as ``resolve --json`` writes it; raise `QuestionError` that names the first member that is not so."""
    wrong = next(_wrong(found), None)
    if wrong is None and isinstance(found, dict):
        return found
    raise QuestionError(
        f"{what} is not an answer of the law: {wrong}.",
        cause="It was not written by 'comity law resolve --json' or the API, or it was changed since.",
        remedy="Give the answer whole, as it was written.",
    )


def _wrong(found: object) -> Iterator[str]:
    if not isinstance(found, dict):
        yield "it is no object"
        return
    law, question = found.get("lawbase"), found.get("question")
    if not isinstance(law, dict) or not re.fullmatch(r"[0-9a-f]{64}", str(law.get("digest"))) or "release" not in law:
        yield "lawbase must hold release and digest"
    if not isinstance(question, dict) or any(not isinstance(question.get(k), kind) for k, kind in _OF_QUESTION.items()):
        yield f"question must hold {', '.join(_OF_QUESTION)}"
    if not isinstance(found.get("fallback"), bool):
        yield "fallback must be true or false"
    for name, keys in _ROWS.items():
        yield from _wrong_rows(found, name, keys)
    for basis in found["bases"]:
        if "joined_to" not in basis:
            for key in ("with", "measures"):
                if not isinstance(basis.get(key), list):
                    yield f"bases/{key} must be a list"
            for name, keys in _OF_BASIS.items():
                yield from _wrong_rows(basis, name, keys)


def _wrong_rows(found: Mapping[str, Any], name: str, keys: tuple[str, ...]) -> Iterator[str]:
    rows = found.get(name)
    if not isinstance(rows, list) or any(not isinstance(row, dict) or not row.keys() >= set(keys) for row in rows):
        yield f"{name} must be a list of objects with {', '.join(keys)}"
    elif any(not isinstance(row[key], str) for row in rows for key in keys if key != "because"):
        yield f"{', '.join(key for key in keys if key != 'because')} in {name} must be text"


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
