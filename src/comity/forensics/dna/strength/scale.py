"""A verbal scale, as a labelled help beside a number and never instead of it.

The steps are those of the ENFSI Guideline for Evaluative Reporting (2015) as recalled; they were not read for this
release, which the label says. A ratio below one is told for the other proposition.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LABEL", "Words", "words"]

LABEL = "ENFSI Guideline for Evaluative Reporting (2015), steps recalled; a help to reading, not a finding"

_STEPS = (
    (1e6, "extremely strong support"),
    (1e4, "very strong support"),
    (1e3, "strong support"),
    (1e2, "moderately strong support"),
    (1e1, "moderate support"),
    (2.0, "weak support"),
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words for a ratio, and the proposition they speak for: 0 the first, 1 the second, None neither."""

    text: str
    proposition: int | None
    label: str = LABEL


def words(log10_lr: float) -> Words:
    """Return the words for a likelihood ratio."""
    size = 10 ** min(300.0, abs(log10_lr))
    for least, text in _STEPS:
        if size >= least * (1 - 1e-12):
            return Words(text, 0 if log10_lr > 0 else 1)
    return Words("no support for either proposition over the other", None)
