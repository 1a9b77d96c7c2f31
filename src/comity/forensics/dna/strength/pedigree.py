"""Pedigrees: who descends from whom, and which founder alleles the typed persons can share.

Every way in which alleles are passed down (an inheritance vector: one choice a meiosis) gives each typed person two
founder alleles. Ways that give the same pattern of sharing are counted together, once for all loci (Lange 1997, ch. 9;
Thompson 1986). The number of ways doubles with each meiosis, so that the method stops at `MEIOSES`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from comity.forensics.errors import PedigreeError

__all__ = ["MEIOSES", "RELATIONS", "Member", "Pedigree", "relation", "unrelated"]

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

    def _needed(self) -> list[Member]:
        """Return the typed members and their ancestors, parents first."""
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
        return 2 * sum(each.father is not None for each in self._needed())

    @cached_property
    def patterns(self) -> Mapping[Pattern, float]:
        """The chance of each pattern of sharing among the typed persons."""
        if self.meioses > MEIOSES:
            raise PedigreeError(
                f"The pedigree has {self.meioses} meioses between the typed persons; at most {MEIOSES} are weighed.",
                cause="The number of ways alleles can be passed down doubles with each.",
                remedy="Type a nearer relative, or leave out branches that hold nobody typed.",
            )
        needed = self._needed()
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
}  # fmt: skip
"""Pairwise relations between A and B; grandparent and avuncular have A as the elder."""


def relation(name: str) -> Pedigree:
    """Return a pairwise relation by name."""
    if name not in RELATIONS:
        raise PedigreeError(
            f"{name!r} is not a relation known by name.",
            remedy=f"Choose one of {', '.join(RELATIONS)}, trio, or give a pedigree.",
        )
    return RELATIONS[name]
