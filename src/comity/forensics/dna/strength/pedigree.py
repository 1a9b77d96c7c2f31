"""Pedigrees: who descends from whom, and which founder alleles the typed persons can share.

Every way in which alleles are passed down (an inheritance vector: one choice a meiosis) gives each typed person two
founder alleles. Ways that give the same pattern of sharing are counted together, once for all loci (Lange 1997, ch. 9;
Thompson 1986). The number of ways doubles with each meiosis, so that the method stops at `MEIOSES`.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from comity.forensics.errors import PedigreeError

__all__ = ["ALIASES", "KAPPA", "MEIOSES", "RELATIONS", "Member", "Pedigree", "named", "relation", "unrelated"]

MEIOSES = 18

Pattern = tuple[tuple[int, int], ...]
"""For each typed person the numbers of the two founder alleles, in order of first appearance."""


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a pedigree; a founder has neither father nor mother."""

    id: str
    father: str | None = None
    mother: str | None = None


@dataclass(frozen=True)
class Pedigree:
    """Members, and the ids of those who are typed."""

    members: tuple[Member, ...]
    typed: tuple[str, ...]

    def __post_init__(self) -> None:
        ids = [each.id for each in self.members]
        twice = next((each for each in ids if ids.count(each) > 1), None)
        if twice is not None:
            raise PedigreeError(f"{twice} stands twice in the pedigree.")
        for each in self.members:
            if (each.father is None) != (each.mother is None):
                raise PedigreeError(f"{each.id} has one parent in the pedigree.", cause="The other was left out.")
            for parent in (each.father, each.mother):
                if parent is not None and parent not in ids:
                    raise PedigreeError(f"{parent}, a parent of {each.id}, is not in the pedigree.")
        for name in self.typed:
            if self.typed.count(name) > 1:
                raise PedigreeError(f"{name} is named as typed twice.")
            if name not in ids:
                raise PedigreeError(f"{name} is typed but not in the pedigree.")
        self._ordered()

    def _ordered(self) -> list[Member]:
        """Return the members, parents first; raise where somebody is their own ancestor."""
        left, done, order = list(self.members), set[str | None]({None}), []
        while left:
            ready = [each for each in left if each.father in done and each.mother in done]
            if not ready:
                raise PedigreeError(f"{left[0].id} is among their own ancestors.")
            order += ready
            done |= {each.id for each in ready}
            left = [each for each in left if each.id not in done]
        return order

    @property
    def needed(self) -> list[Member]:
        """The typed members and their ancestors, parents first."""
        by_id = {each.id: each for each in self.members}
        wanted, found = list(self.typed), set[str]()
        while wanted:
            each = by_id[wanted.pop()]
            if each.id not in found:
                found.add(each.id)
                wanted += [parent for parent in (each.father, each.mother) if parent is not None]
        return [each for each in self._ordered() if each.id in found]

    @cached_property
    def meioses(self) -> int:
        """How many passings-down matter."""
        return 2 * sum(each.father is not None for each in self.needed)

    @cached_property
    def patterns(self) -> Mapping[Pattern, float]:
        """The chance of each pattern of sharing among the typed persons."""
        if self.meioses > MEIOSES:
            raise PedigreeError(
                f"The pedigree has {self.meioses} meioses between the typed persons; at most {MEIOSES} are weighed.",
                cause="The number of ways alleles can be passed down doubles with each.",
                remedy="Type a nearer relative, or leave out branches that hold nobody typed.",
            )
        needed = self.needed
        counted: Counter[Pattern] = Counter(
            self._pattern(needed, choices) for choices in product((0, 1), repeat=self.meioses)
        )
        return {pattern: count / 2**self.meioses for pattern, count in counted.items()}

    def _pattern(self, needed: Sequence[Member], choices: Sequence[int]) -> Pattern:
        slots: dict[str, tuple[int, int]] = {}
        taken = 0
        for number, each in enumerate(needed):
            if each.father is None or each.mother is None:
                slots[each.id] = (2 * number, 2 * number + 1)
            else:
                slots[each.id] = (slots[each.father][choices[taken]], slots[each.mother][choices[taken + 1]])
                taken += 2
        names: dict[int, int] = {}
        return tuple(
            (names.setdefault(slots[one][0], len(names)), names.setdefault(slots[one][1], len(names)))
            for one in self.typed
        )


def unrelated(*typed: str) -> Pedigree:
    """Return the pedigree in which nobody is related."""
    return Pedigree(tuple(Member(each) for each in typed), typed)


def _pair(*members: tuple[str, str | None, str | None]) -> Pedigree:
    return Pedigree(tuple(Member(*each) for each in members), ("A", "B"))


RELATIONS: Mapping[str, Pedigree] = {
    "parent-child": _pair(("A", None, None), ("x", None, None), ("B", "A", "x")),
    "full-siblings": _pair(("f", None, None), ("m", None, None), ("A", "f", "m"), ("B", "f", "m")),
    "half-siblings": _pair(
        ("f", None, None), ("m", None, None), ("n", None, None), ("A", "f", "m"), ("B", "f", "n")
    ),
    "grandparent": _pair(
        ("A", None, None), ("x", None, None), ("c", "A", "x"), ("y", None, None), ("B", "c", "y")
    ),
    "avuncular": _pair(
        ("f", None, None), ("m", None, None), ("A", "f", "m"), ("c", "f", "m"), ("y", None, None), ("B", "c", "y")
    ),
    "first-cousins": _pair(
        ("f", None, None), ("m", None, None), ("c", "f", "m"), ("d", "f", "m"), ("y", None, None), ("z", None, None),
        ("A", "c", "y"), ("B", "d", "z"),
    ),
    "great-grandparent": _pair(
        ("A", None, None), ("x", None, None), ("c", "A", "x"), ("y", None, None), ("d", "c", "y"), ("z", None, None),
        ("B", "d", "z"),
    ),
    "half-avuncular": _pair(
        ("f", None, None), ("m", None, None), ("n", None, None), ("A", "f", "m"), ("c", "f", "n"), ("y", None, None),
        ("B", "c", "y"),
    ),
    "double-first-cousins": _pair(
        ("f", None, None), ("m", None, None), ("g", None, None), ("n", None, None), ("c", "f", "m"), ("d", "f", "m"),
        ("e", "g", "n"), ("h", "g", "n"), ("A", "c", "e"), ("B", "d", "h"),
    ),
    "second-cousins": _pair(
        ("f", None, None), ("m", None, None), ("c", "f", "m"), ("d", "f", "m"), ("w", None, None), ("x", None, None),
        ("e", "c", "w"), ("h", "d", "x"), ("y", None, None), ("z", None, None), ("A", "e", "y"), ("B", "h", "z"),
    ),
}  # fmt: skip
"""Pairwise relations between A and B; in unequal ones A is the elder."""

KAPPA: Mapping[str, tuple[float, float, float]] = {
    "parent-child": (0.0, 1.0, 0.0),
    "full-siblings": (0.25, 0.5, 0.25),
    "half-siblings": (0.5, 0.5, 0.0),
    "grandparent": (0.5, 0.5, 0.0),
    "avuncular": (0.5, 0.5, 0.0),
    "first-cousins": (0.75, 0.25, 0.0),
    "great-grandparent": (0.75, 0.25, 0.0),
    "half-avuncular": (0.75, 0.25, 0.0),
    "double-first-cousins": (0.5625, 0.375, 0.0625),
    "second-cousins": (0.9375, 0.0625, 0.0),
}
"""The chances that two relatives share none, one or both alleles of a locus by descent."""

ALIASES: Mapping[str, str] = {
    "parent": "parent-child", "child": "parent-child", "father": "parent-child", "mother": "parent-child",
    "paternity": "parent-child", "maternity": "parent-child", "son": "parent-child", "daughter": "parent-child",
    "sibling": "full-siblings", "siblings": "full-siblings", "full-sibling": "full-siblings", "sib": "full-siblings",
    "sibs": "full-siblings", "full-sibs": "full-siblings", "full-sib": "full-siblings", "brother": "full-siblings",
    "brothers": "full-siblings", "sister": "full-siblings", "sisters": "full-siblings",
    "half-sibling": "half-siblings", "half-sib": "half-siblings", "half-sibs": "half-siblings",
    "half-brother": "half-siblings", "half-brothers": "half-siblings", "half-sister": "half-siblings",
    "grandparents": "grandparent", "grandchild": "grandparent", "grandparent-grandchild": "grandparent",
    "grandfather": "grandparent", "grandmother": "grandparent",
    "uncle": "avuncular", "aunt": "avuncular", "nephew": "avuncular", "niece": "avuncular",
    "uncle-nephew": "avuncular", "cousin": "first-cousins", "cousins": "first-cousins",
    "first-cousin": "first-cousins", "second-cousin": "second-cousins", "double-cousins": "double-first-cousins",
}  # fmt: skip
"""Other words for the relations."""


def named(name: str) -> str:
    """Return the name a relation has here; raise `PedigreeError` with the nearest for one that has none."""
    plain = re.sub(r"[\s_]+", "-", name.strip().lower())
    plain = ALIASES.get(plain, plain)
    if plain in RELATIONS:
        return plain
    known = [*RELATIONS, *ALIASES]
    near = dict.fromkeys(ALIASES.get(each, each) for each in difflib.get_close_matches(plain, known, n=3, cutoff=0.6))
    raise PedigreeError(
        f"{name[:40]!r} is not a relation known by name.",
        cause="It is misspelt, or too remote to stand in the list.",
        remedy=(f"Did you mean {', '.join(near)}? " if near else "")
        + f"Choose one of {', '.join(RELATIONS)}, or trio in kinship, or give a pedigree.",
        nearest=list(near),
    )


_MOTHER = _pair(("x", None, None), ("A", None, None), ("B", "x", "A"))


def relation(name: str) -> Pedigree:
    """Return a pairwise relation by name; in parent and child the parent is the father unless a mother is named."""
    return _MOTHER if name.strip().lower() in ("mother", "maternity") else RELATIONS[named(name)]
