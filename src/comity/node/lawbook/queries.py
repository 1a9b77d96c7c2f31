"""The law base of this node: read once a process, kept as read in the node's cache."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from comity.law import LawBase, Question, Resolution, resolve
from comity.law.model import Authority
from comity.node.place import here
from comity.values import state

__all__ = ["answer", "authorities", "base"]


@lru_cache(maxsize=1)
def base() -> LawBase:
    """Return the law base."""
    return LawBase.load(cache=here().cache)


def answer(
    *, requesting: str, requested: str, measures: list[str], offences: list[str], on: date | str, facts: dict[str, str]
) -> Resolution:
    """Say what binds two states in a question; raise a `LawError` that names the nearest known values."""
    question = Question.read(
        requesting=requesting,
        requested=requested,
        measures=measures,
        offences=offences,
        on=on,
        facts=facts,
        base=base(),
    )
    return resolve(question, base())


def authorities(code: str) -> Sequence[Authority]:
    """Return the authorities the law base knows of a state."""
    return tuple(base().authorities_of(state(code)))
