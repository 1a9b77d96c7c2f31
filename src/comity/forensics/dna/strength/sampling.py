"""The sampling formula: the chance of the next allele when some were seen already (Balding and Nichols 1994, 1995).

With theta the coancestry, n alleles seen of which m are a:  P(next = a) = (m theta + (1 - theta) p) / (1 + (n - 1) theta).
For two alleles after the same genotype was seen once it gives equations 4.10a and 4.10b of the National Research
Council (1996). Alleles may be lumped: their counts and frequencies add.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from comity.forensics.errors import ParameterError

__all__ = ["check_theta", "genotype", "next_allele", "sequence"]

Key = TypeVar("Key", bound=Hashable)


def check_theta(theta: float) -> float:
    """Return theta; raise `ParameterError` outside 0 to 0.5, beyond which no population's coancestry lies."""
    if not 0 <= theta <= 0.5:
        raise ParameterError(
            f"theta = {theta} is out of range.",
            cause="Theta is a coancestry: 0.01 for most populations, 0.03 for small isolated ones.",
            remedy="Give a value from 0 to 0.5.",
            theta=theta,
        )
    return theta


def next_allele(p: float, seen: int, total: int, theta: float) -> float:
    """Return the chance that the next allele is one of frequency ``p`` that stands ``seen`` times in ``total``."""
    if total == 0:
        return p
    return (seen * theta + (1 - theta) * p) / (1 + (total - 1) * theta)


def sequence(alleles: Sequence[Key], p: Mapping[Key, float], seen: Mapping[Key, int], theta: float) -> float:
    """Return the chance of drawing ``alleles`` in this order after ``seen``."""
    counts = dict(seen)
    total = sum(counts.values())
    chance = 1.0
    for each in alleles:
        chance *= next_allele(p[each], counts.get(each, 0), total, theta)
        counts[each] = counts.get(each, 0) + 1
        total += 1
    return chance


def genotype(a: Key, b: Key, p: Mapping[Key, float], seen: Mapping[Key, int], theta: float) -> float:
    """Return the chance of the unordered genotype a, b after ``seen``."""
    return (1 if a == b else 2) * sequence((a, b), p, seen, theta)
