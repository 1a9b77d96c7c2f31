"""Which package checks the body of an act: the vocabulary of acts names it for each kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.evidence import custody
from comity.law.form import Form
from comity.request import body
from comity.request.errors import ActBodyError

__all__ = ["check"]


def check(kind: str, content: Mapping[str, Any], form: Form) -> None:
    """Check the body of an act, or raise the error of the package it belongs to."""
    if kind not in form.kinds:
        raise ActBodyError(f"There is no act {kind!r}.", remedy=f"Use one of {', '.join(form.kinds)}.")
    if form.kinds[kind].body == "evidence":
        custody.check(kind, content)
    else:
        body.read(kind, content)
