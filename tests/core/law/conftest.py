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


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A law base of its own, for tests that load it more than once."""
    root = tmp_path_factory.mktemp("law") / "base"
    for part in files.PARTS:
        if (comity_lawbase.root() / part).is_dir():
            shutil.copytree(comity_lawbase.root() / part, root / part)
    return root
