"""Mutation between a parent's allele and the child's: the models the field uses, as matrices.

Equal: every other allele is as likely. Proportional: another allele is as likely as it is frequent. Stepwise: an allele
of the same kind (whole, or the same part behind the point) is ``span`` times less likely for each further repeat, and
one of another kind has a rate of its own. These are the models of Familias (Egeland, Mostad and Olaisen 1997; Simonsson
and Mostad 2016) and of pedmut (Vigeland and Egeland), with the same parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from comity.forensics.dna.allele import Allele
from comity.forensics.errors import ParameterError

__all__ = ["Matrix", "Mutation", "MutationModel", "matrix"]

Matrix = npt.NDArray[np.float64]
"""Square: the chance that the parent's allele (row) stands as that allele (column) in the child."""


class MutationModel(StrEnum):
    """How a mutated allele is chosen."""

    EQUAL = "equal"
    PROPORTIONAL = "proportional"
    STEPWISE = "stepwise"


@dataclass(frozen=True, slots=True)
class Mutation:
    """The rate a meiosis of fathers and of mothers, the model, and the parameters of the stepwise one."""

    paternal: float
    maternal: float
    model: MutationModel = MutationModel.STEPWISE
    span: float = 0.1
    micro: float = 1e-6

    def __post_init__(self) -> None:
        rates = (
            ("mutation rate", self.paternal),
            ("mutation rate", self.maternal),
            ("rate to microvariants", self.micro),
        )
        for name, value in rates:
            if not 0 <= value <= 0.5:
                raise ParameterError(f"{name} = {value} is out of range.", remedy="Give a chance from 0 to 0.5: 0.002.")
        if not 0 < self.span <= 1:
            raise ParameterError(f"mutation range = {self.span} is out of range.", remedy="Give 0.1, and at most 1.")

    def __str__(self) -> str:
        rate = f"{self.paternal:g}" if self.paternal == self.maternal else f"{self.paternal:g} and {self.maternal:g}"
        more = f", range {self.span:g}, to microvariants {self.micro:g}" if self.model is MutationModel.STEPWISE else ""
        return f"mutation {self.model}, rate {rate}{more}"


def matrix(alleles: Sequence[Allele], p: Mapping[str, float], rate: float, by: Mutation) -> Matrix:
    """Return the matrix over ``alleles``, whose frequencies ``p`` are taken to sum to one."""
    size = len(alleles)
    if size == 1:
        return np.ones((1, 1))
    if by.model is MutationModel.EQUAL:
        found = np.full((size, size), rate / (size - 1))
        np.fill_diagonal(found, 1 - rate)
        return found
    if by.model is MutationModel.PROPORTIONAL:
        share = np.array([p[each.text] for each in alleles]) / sum(p[each.text] for each in alleles)
        scale = rate / float(np.sum(share * (1 - share)))
        if scale * (1 - float(share.min())) > 1:
            raise ParameterError(f"A proportional mutation rate of {rate} is too great for this locus.")
        return (1 - scale) * np.eye(size) + scale * np.tile(share, (size, 1))
    return _stepwise(alleles, rate, by)


def _stepwise(alleles: Sequence[Allele], rate: float, by: Mutation) -> Matrix:
    repeats = np.array([each.repeats for each in alleles])
    kind = np.array([each.bases for each in alleles])
    found = np.zeros((len(alleles), len(alleles)))
    for row in range(len(alleles)):
        same = kind == kind[row]
        same[row] = False
        other = kind != kind[row]
        if same.any():
            steps = by.span ** np.abs(repeats[same] - repeats[row]).astype(float)
            found[row, same] = rate * steps / steps.sum()
        if other.any():
            found[row, other] = by.micro / other.sum()
        found[row, row] = 1 - found[row].sum()
    return found
