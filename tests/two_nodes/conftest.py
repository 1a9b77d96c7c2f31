"""Two nodes for the tests; each runs in processes of its own, so that this one needs no Django."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def lawbase(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all nodes keep the law base as read."""
    return tmp_path_factory.mktemp("lawbase")
