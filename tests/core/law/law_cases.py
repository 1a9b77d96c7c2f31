"""The cases of the installed law base (`comity.law.cases`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import comity_lawbase

from comity.law.cases import ASSERTS as KEYS
from comity.law.cases import cases as cases_in
from comity.law.cases import wrong

__all__ = ["FOLDER", "KEYS", "cases", "wrong"]

FOLDER = comity_lawbase.root() / "cases"


def cases(folder: Path = FOLDER) -> Iterator[tuple[str, Mapping[str, Any]]]:
    return cases_in(folder)
