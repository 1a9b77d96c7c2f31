"""The fixtures of the exchange's tests; what they are made of stands in `exchange_world`."""

from __future__ import annotations

import pytest
from exchange_world import World, make


@pytest.fixture(scope="session")
def world() -> World:
    return make()
