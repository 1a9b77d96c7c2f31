"""The fonts papers are set in: only these, so that the same data gives the same bytes on every machine.

Noto Serif and Noto Sans (Latin, Cyrillic, Greek, Devanagari), Noto Naskh Arabic, Noto Sans Georgian, Armenian and Hebrew,
under the SIL Open Font License (``OFL.txt``).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import typst

__all__ = ["fonts"]


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """Return the fonts, read once a process; no font of the machine is among them."""
    folder = str(Path(__file__).resolve().parent)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
