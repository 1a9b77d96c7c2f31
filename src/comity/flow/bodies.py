"""Which package checks the body of an act: the vocabulary of acts names it for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from comity.evidence import custody
from comity.forensics import body as comparison
from comity.law.form import Form
from comity.request import body
from comity.request.errors import ActBodyError

__all__ = ["CHECKS", "check"]

CHECKS: Mapping[str, Callable[[str, Mapping[str, Any]], object]] = {
    "evidence": custody.check,
    "forensics": comparison.check,
    "request": body.read,
}
"""What checks the bodies of each package named in the vocabulary of acts."""


def check(kind: str, content: Mapping[str, Any], form: Form) -> None:
    """Check the body of an act, or raise the error of the package it belongs to."""
    if kind not in form.kinds:
        raise ActBodyError(f"There is no act {kind!r}.", remedy=f"Use one of {', '.join(form.kinds)}.")
    found = CHECKS.get(form.kinds[kind].body)
    if found is None:
        raise ActBodyError(f"Nothing here reads the body of {kind}.", remedy="Bring the program up to the law base.")
    found(kind, content)
