"""``VERIFY.txt``: the commands with which anyone checks a package, filled in for one package."""

from __future__ import annotations

from datetime import datetime
from importlib import resources
from typing import Final

from comity.values import DossierId, StateCode

__all__ = ["VERIFY", "instructions"]

VERIFY: Final = "bag/meta/VERIFY.txt"
LARGE: Final = 1_500_000_000
_SMALL_PIECE: Final = (
    'if [ "$1" = 0 ]; then openssl asn1parse -inform DER -in "$P" -length "$2" -noout -out /dev/stdout 2>/dev/null; '
    'else openssl asn1parse -inform DER -in "$P" -offset "$1" -noout -out /dev/stdout 2>/dev/null; fi'
)
_LARGE_PIECE: Final = 'if [ "$1" = 0 ]; then head -c "$2" "$P"; else tail -c "+$(($1 + 1))" "$P"; fi'
_TEST: Final = """\
#
# ATTENTION: the timestamp authority of this package is a TEST authority. It proves nothing about the time to anyone who
# does not trust the node that ran it.
#"""


def instructions(dossier: DossierId, sender: StateCode, at: datetime, *, size: int, test: bool) -> bytes:
    """Return the text. ``size`` is about that of the package in bytes: openssl 3.0 reads no more than 1.6 GB whole.

    ``test`` says that the timestamp comes from a test authority.
    """
    text = resources.files("comity.evidence").joinpath("VERIFY.txt").read_text(encoding="ascii")
    filled = {
        "@DOSSIER@": str(dossier),
        "@SENDER@": sender,
        "@AT@": f"{at:%Y-%m-%d %H:%M} UTC",
        "@PIECE@": _SMALL_PIECE if size < LARGE else _LARGE_PIECE,
        "#@TEST@": _TEST if test else "#",
    }
    for mark, value in filled.items():
        text = text.replace(mark, value)
    return text.encode()
