"""The fixtures of the signing tests; what they are made of stands in `signing_world`."""

from __future__ import annotations

import pytest
from signing_world import World, make


@pytest.fixture
def world() -> World:
    return make()
