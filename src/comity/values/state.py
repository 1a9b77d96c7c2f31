"""States: ISO 3166-1 alpha-2 codes, and the two codes the law base needs beside them.

``XK`` (Kosovo, user-assigned in ISO 3166-1) and ``EU`` (the European Union, exceptionally reserved) stand in
depositaries' lists. A code says nothing about recognition.
"""

from __future__ import annotations

import difflib
from typing import NewType

from comity.errors import ValueRefusedError

__all__ = ["CODES", "ENTITIES", "StateCode", "state"]

StateCode = NewType("StateCode", str)

CODES: frozenset[str] = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT
    BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH
    ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT
    HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS
    LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI
    NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG
    SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
    UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW XK
    """.split()
)
"""Codes that may stand as a requesting or requested state."""

ENTITIES: frozenset[str] = frozenset({"EU"})
"""Codes that stand in participation lists but are no state."""


def state(text: str) -> StateCode:
    """Read a state's code; lower case is taken, everything else unknown is refused with the nearest codes."""
    code = text.strip().upper()
    if code in CODES:
        return StateCode(code)
    if code in ENTITIES:
        raise ValueRefusedError(
            f"{code} is a party to instruments but not a state.",
            cause="Assistance is asked of a state's authorities.",
            remedy="Name the member state whose authorities are to act.",
            value=text,
        )
    near = difflib.get_close_matches(code, sorted(CODES), n=4, cutoff=0.4)
    hint = {"UK": ["GB"], "EL": ["GR"]}.get(code, near)
    raise ValueRefusedError(
        f"{text!r} is not the code of a state.",
        cause="States are named by their ISO 3166-1 alpha-2 code.",
        remedy=f"Did you mean {', '.join(hint)}?" if hint else "Write two letters, for example UA or DE.",
        value=text,
        nearest=hint,
    )
