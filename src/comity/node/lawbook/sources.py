"""Where the text of an instrument can be read: its page at the depositary or publisher, from its official number."""

from __future__ import annotations

import re
from urllib.parse import quote

from comity.law.model import Instrument
from comity.node.lawbook import choices, queries

__all__ = ["anchor", "cited", "official"]

_CHAPTERS = {"VI": 6, "XVIII": 18, "XXVIII": 28}


def official(one: Instrument) -> str:
    """Return the address of an instrument's page at its depositary or publisher; "" where its number tells none."""
    number = one.official_id.partition(";")[0]
    if found := re.fullmatch(r"C?ETS (\d{3})", number):
        return f"https://www.coe.int/en/web/conventions/full-list?module=treaty-detail&treatynum={found[1]}"
    if found := re.fullmatch(r"CELEX (\S+)", number):
        return f"https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:{quote(found[1])}"
    if (found := re.fullmatch(r"UNTC (([IVX]+)-\d+(?:-[a-z])?)", number)) and found[2] in _CHAPTERS:
        place = f"mtdsg_no={found[1]}&chapter={_CHAPTERS[found[2]]}"
        return f"https://treaties.un.org/pages/ViewDetails.aspx?src=TREATY&{place}"
    return ""


def cited(source: str) -> tuple[str, str, str]:
    """Return a source as (address, what is linked, the rest): an instrument it names by id, or an address it holds."""
    first, _, rest = source.partition(" ")
    one = queries.base().instruments.get(first)
    if one is not None:
        return official(one), choices.wording().reference(one.id), rest
    if found := re.match(r"https://\S+", source):
        return found[0], found[0], source[found.end() :].strip()
    return "", "", source


def anchor(article: str) -> str:
    """Return where the page of an instrument has an article."""
    return "a-" + re.sub(r"[^a-z0-9]+", "-", article.lower()).strip("-")
