"""Kits by name. The list is recalled from the makers' catalogues; it only serves to refuse a misspelt name."""

from __future__ import annotations

import difflib
import re

from comity.forensics.errors import UnknownKitError

__all__ = ["KITS", "kit"]

KITS = (
    "AmpFLSTR COfiler", "AmpFLSTR Identifiler", "AmpFLSTR Identifiler Plus", "AmpFLSTR Identifiler Direct",
    "AmpFLSTR MiniFiler", "AmpFLSTR NGM", "AmpFLSTR NGM SElect", "AmpFLSTR NGM SElect Express",
    "AmpFLSTR Profiler", "AmpFLSTR Profiler Plus", "AmpFLSTR SEfiler", "AmpFLSTR SEfiler Plus",
    "AmpFLSTR Sinofiler", "AmpFLSTR SGM", "AmpFLSTR SGM Plus", "NGM Detect", "GlobalFiler", "GlobalFiler Express",
    "GlobalFiler IQC", "VeriFiler", "VeriFiler Direct", "VeriFiler Express", "VeriFiler Plus", "Huaxia Platinum",
    "Investigator 24plex", "Investigator 24plex QS", "Investigator 24plex GO!", "Investigator 26plex QS",
    "Investigator ESSplex", "Investigator ESSplex Plus", "Investigator ESSplex SE", "Investigator ESSplex SE Plus",
    "Investigator ESSplex SE QS", "Investigator HDplex", "Investigator IDplex", "Investigator IDplex Plus",
    "Investigator Nonaplex ESS", "PowerPlex 1.1", "PowerPlex 1.2", "PowerPlex 2.1", "PowerPlex 16",
    "PowerPlex 16 HS", "PowerPlex 18D", "PowerPlex 21", "PowerPlex 35GY", "PowerPlex CS7", "PowerPlex ES",
    "PowerPlex ESI 16", "PowerPlex ESI 17", "PowerPlex ESI 17 Fast", "PowerPlex ESI 17 Pro", "PowerPlex ESX 16",
    "PowerPlex ESX 17", "PowerPlex ESX 17 Fast", "PowerPlex Fusion", "PowerPlex Fusion 5C", "PowerPlex Fusion 6C",
    "PowerPlex S5", "FlexPlex", "ForenSeq", "Precision ID GlobalFiler NGS", "PowerSeq 46GY",
)  # fmt: skip

_NOISE = re.compile(r"[\W_]+|ampflstr|system$|kit$|pcramplification", re.IGNORECASE)


def _plain(name: str) -> str:
    return _NOISE.sub("", _NOISE.sub("", name)).lower()


_BY_NAME = {_plain(each): each for each in KITS}


def kit(name: str) -> str:
    """Return the kit's name as it stands in the list; raise `UnknownKitError` with the nearest names."""
    found = _BY_NAME.get(_plain(name))
    if found is not None:
        return found
    near = [_BY_NAME[each] for each in difflib.get_close_matches(_plain(name), list(_BY_NAME), n=3, cutoff=0.5)]
    raise UnknownKitError(
        f"{name[:40]!r} is not the name of a kit.",
        cause="The name is misspelt, or the kit came out after this release.",
        remedy=f"Did you mean {', '.join(near)}?" if near else "Leave the kit out, or write its name as on the box.",
        kit=name,
        nearest=near,
    )
