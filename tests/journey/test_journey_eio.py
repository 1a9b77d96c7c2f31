"""A European Investigation Order: France asks Spain under Directive 2014/41/EU."""

from __future__ import annotations

from pathlib import Path

from journey_world import TOGETHER, demo


def test_france_asks_spain_by_an_investigation_order(tmp_path: Path) -> None:
    told = demo(tmp_path / "demo", "FR,ES")
    assert told.code == 0, told.said
    assert told.outcome["verified"] is True
    assert told.outcome["basis"] == "eu-eio"
    assert told.outcome["fallback"] is False
    assert told.stations == TOGETHER
    assert "EIO-FR-ES-" in told.said
    assert "2014/41/EU Art. 16(1)" in told.said
