"""Invented DNA profiles: a trace, the person it fits, others it does not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from comity.forensics.dna.compare import compare
from comity.forensics.dna.index.search import Match
from comity.forensics.dna.place import Place
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.reader import profile
from comity.forensics.dna.rules import RuleSet

LOCI = {
    "D3S1358": ["15", "16"],
    "TH01": ["6", "9.3"],
    "D21S11": ["29", "30"],
    "D18S51": ["14", "16"],
    "D8S1179": ["13", "13"],
    "VWA": ["16", "17"],
    "FGA": ["21", "24"],
    "D2S1338": ["17", "20"],
    "D19S433": ["13", "14"],
    "D16S539": ["11", "12"],
    "Amelogenin": ["X", "Y"],
}
OTHER = {
    "D3S1358": ["14", "18"],
    "TH01": ["7", "8"],
    "D21S11": ["28", "31"],
    "D18S51": ["12", "17"],
    "D8S1179": ["10", "14"],
    "VWA": ["14", "18"],
    "FGA": ["20", "23"],
    "D2S1338": ["19", "25"],
    "D19S433": ["15", "16"],
    "D16S539": ["9", "13"],
    "Amelogenin": ["X", "X"],
}


def written(number: str, category: str, loci: dict[str, list[str]] | None = None, **more: Any) -> dict[str, Any]:
    """Return a profile as JSON."""
    return {"id": number, "category": category, "loci": loci or LOCI, **more}


def made(number: str, category: str, loci: dict[str, list[str]] | None = None, **more: Any) -> Profile:
    """Return a profile."""
    return profile(written(number, category, loci, **more), Place("test"))


def saved(path: Path, profiles: Iterable[dict[str, Any]]) -> Path:
    """Write profiles to a file, one a line."""
    path.write_text("".join(json.dumps(one) + "\n" for one in profiles))
    return path


class Shelf:
    """A database in memory, searched by brute force."""

    generation = 1

    def __init__(self, *profiles: Profile) -> None:
        self.profiles = {one.id: one for one in profiles}

    def __len__(self) -> int:
        return len(self.profiles)

    def search(self, query: Profile, rules: RuleSet) -> list[Match]:
        """Return every hit."""
        found = [(one, compare(query, one, rules)) for one in self.profiles.values()]
        return [Match(one.id, one.category, said) for one, said in found if said.hit]

    def profile(self, name: str) -> Profile:
        """Return a profile."""
        return self.profiles[name]

    def masks(self) -> dict[frozenset[str], int]:
        """Return the profiles by their loci."""
        return dict(Counter(frozenset(one.loci) for one in self.profiles.values()))
