"""Whether an instrument reaches a question: the offences it covers, on the facts that were given or follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.law.index import Index
from comity.law.when import Reach

__all__ = ["facts_of"]


def facts_of(index: Index, measure: str, offences: tuple[str, ...], facts: Mapping[str, Any]) -> Reach:
    """Return the facts conditions look at: those given, and those that follow from the measure and the offences.

    ``treaty_offence`` holds the provisions that name an offence, as ``un-untoc 5``.
    """
    terms = [index.base.offences[name] for name in offences]
    found: dict[str, Any] = {
        "measure": (measure,),
        "group": (index.base.measures[measure].group,),
        "electronic_evidence": index.base.measures[measure].group == "electronic",
        **({"computer": False} if terms else {}),
        **facts,
    }
    if terms:
        found["offence"] = offences
        found["eu32"] = tuple(entry for term in terms for entry in term.eu32)
        found["treaty_offence"] = tuple(entry for term in terms for entry in term.treaty_offences)
    return found
