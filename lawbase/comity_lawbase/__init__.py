"""Where the law base lies: beside this package in a checkout, inside it in an installed wheel."""

from pathlib import Path

__all__ = ["root"]


def root() -> Path:
    """Return the folder that holds ``instruments``, ``states``, ``vocabulary``, ``forms`` and ``cases``."""
    here = Path(__file__).resolve().parent
    return here if (here / "instruments").is_dir() else here.parent
