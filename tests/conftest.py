"""What every test shares.

Hypothesis runs without a stopwatch, because the machines it runs on are shared and slow; tests that start real processes
run one after the other, whatever else runs beside them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("comity", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("comity")

ALONE = ("journey", "browser", "two_nodes")
"""Folders whose tests start nodes, browsers or servers; under ``pytest -n 2 --dist loadgroup`` one worker runs them all."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and item.path.relative_to(here).parts[0] in ALONE:
            item.add_marker(pytest.mark.xdist_group("processes"))
