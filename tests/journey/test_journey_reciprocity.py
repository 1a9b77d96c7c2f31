"""No treaty: Ukraine asks Bhutan, where for an ordinary fraud no treaty of general scope binds the two."""

from __future__ import annotations

from pathlib import Path

from journey_world import TOGETHER, demo


def test_ukraine_asks_bhutan_on_reciprocity(tmp_path: Path) -> None:
    told = demo(tmp_path / "demo", "UA,BT")
    assert told.code == 0, told.said
    assert told.outcome["verified"] is True
    assert told.outcome["basis"] is None
    assert told.outcome["fallback"] is True
    assert told.stations == TOGETHER
    assert "No treaty of general scope binds the two states" in told.said
    assert "reciprocity" in told.said
    assert "BT: the law base names no authority for this" in told.said
    assert "would bring in un-untoc" in told.said  # what would bring a convention in is asked, not assumed
