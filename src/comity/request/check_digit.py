"""Numbers that carry their own check: IBAN (ISO 13616, ISO/IEC 7064 mod 97-10) and telephone numbers (ITU-T E.164)."""

from __future__ import annotations

import re

__all__ = ["e164", "iban"]

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_SPACES = re.compile(r"[\s\u00a0().-]+")


def iban(text: str) -> str:
    """Return an IBAN without spaces, in capitals; raise `ValueError` where form or check digits are wrong."""
    number = _SPACES.sub("", text).upper()
    if not _IBAN.fullmatch(number):
        raise ValueError("an IBAN is two letters, two digits and 11 to 30 letters or digits")
    if int("".join(str(int(sign, 36)) for sign in number[4:] + number[:4])) % 97 != 1:
        raise ValueError("the check digits of the IBAN do not fit; one of its signs is wrong")
    return number


def e164(text: str) -> str:
    """Return a telephone number as E.164 writes it, ``+`` and at most 15 digits; raise `ValueError` otherwise."""
    number = _SPACES.sub("", text)
    if not _E164.fullmatch(number):
        raise ValueError("a telephone number is written internationally: + and 7 to 15 digits")
    return number
