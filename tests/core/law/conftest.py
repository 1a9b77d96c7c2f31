from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import comity_lawbase
import pytest

from comity.law import files
from comity.law.base import LawBase


@pytest.fixture(scope="session")
def lawbase() -> LawBase:
    return LawBase.load()


@pytest.fixture(scope="session")
def content() -> Mapping[str, Any]:
    """The parsed files by path; copied before anything is changed in it."""
    return files.parsed(files.gather(comity_lawbase.root()))


KEPT = ("coe/024", "coe/030", "coe/098", "coe/099", "coe/182", "coe/212", "eu/eio", "eu/fd-2006-960")


@pytest.fixture(scope="session")
def small(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parsed files with every instrument, but with the rules, declarations and parties of a few only: quick to build."""

    def needed(path: str) -> bool:
        parts = path.split("/")
        return parts[0] != "instruments" or parts[3] in {"instrument", "relations"} or "/".join(parts[1:3]) in KEPT

    return {path: file for path, file in content.items() if needed(path)}


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A law base of its own, for tests that load it more than once."""
    root = tmp_path_factory.mktemp("law") / "base"
    for part in files.PARTS:
        if (comity_lawbase.root() / part).is_dir():
            shutil.copytree(comity_lawbase.root() / part, root / part)
    return root
