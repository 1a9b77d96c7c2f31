"""Two nodes for the tests; each runs in processes of its own, so that this one needs no Django."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.running import Running, running


@pytest.fixture(scope="session")
def lawbase(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all nodes keep the law base as read."""
    return tmp_path_factory.mktemp("lawbase")


@pytest.fixture(scope="session")
def nodes(tmp_path_factory: pytest.TempPathFactory, lawbase: Path) -> Iterator[dict[str, Running]]:
    """Two nodes as they run."""
    with running(tmp_path_factory.mktemp("running"), lawbase) as found:
        yield found
