"""The parameters of the semi-continuous model: who drops out how often, how often something drops in."""

from __future__ import annotations

from dataclasses import dataclass

from comity.forensics.dna.strength.pedigree import named
from comity.forensics.errors import ParameterError

__all__ = ["Model", "Rates"]


@dataclass(frozen=True, slots=True)
class Model:
    """The parameters: ``contributors`` in all, drop-out a copy, drop-in a replicate.

    ``relative`` makes the unknown in the person's place such a relative of the person. ``dropout`` holds for everybody
    unless ``of_person``, ``of_known`` (in the order of the known) or ``of_unknown`` (under the first and the second
    proposition) say otherwise. ``homozygote`` is a in a d^2, the chance that a homozygote's allele drops out.
    """

    contributors: int
    dropout: float = 0.0
    drop_in: float = 0.0
    relative: str | None = None
    of_person: float | None = None
    of_known: tuple[float, ...] = ()
    of_unknown: tuple[float, float] | None = None
    homozygote: float = 1.0

    def __post_init__(self) -> None:
        if self.relative is not None:
            object.__setattr__(self, "relative", named(self.relative))
        own = [*self.of_known, *(self.of_unknown or ()), *([] if self.of_person is None else [self.of_person])]
        for name, value in (("drop-in", self.drop_in), *(("drop-out", each) for each in (self.dropout, *own))):
            if not 0 <= value < 1:
                raise ParameterError(f"{name} = {value} is out of range.", remedy="Give a chance from 0 up to below 1.")
        most = max(self.dropout, *own, 0.0) ** 2
        if not (self.homozygote >= 0 and self.homozygote * most <= 1):
            raise ParameterError(
                f"homozygote = {self.homozygote} is out of range.",
                cause="A homozygote's drop-out is this times the square of a copy's, and a chance.",
                remedy="Give 1 for the square itself, or 0.5 as Balding and Buckleton (2009) found it.",
            )
        if self.contributors < 1:
            raise ParameterError(f"{self.contributors} contributors cannot leave a trace.")

    def rates(self, known: int) -> tuple[Rates, Rates]:
        """Return the drop-out of each contributor under the first and the second proposition."""
        if self.of_known and len(self.of_known) != known:
            raise ParameterError(
                f"{len(self.of_known)} drop-outs were given for {known} known contributors.",
                cause="They are matched in order.",
                remedy="Give one for each, or one for all with --dropout.",
            )
        of_known = self.of_known or (self.dropout,) * known
        first, second = self.of_unknown or (self.dropout, self.dropout)
        person = self.dropout if self.of_person is None else self.of_person
        return Rates((person, *of_known), first), Rates(of_known, second)

    def __str__(self) -> str:
        own = [f"drop-out {self.dropout:g}"]
        if self.of_person is not None:
            own.append(f"of the person {self.of_person:g}")
        if self.of_known:
            own.append(f"of the known {', '.join(f'{each:g}' for each in self.of_known)}")
        if self.of_unknown:
            first, second = self.of_unknown
            own.append(f"of unknown {first:g}" + (f" and {second:g}" if first != second else ""))
        if self.homozygote != 1:
            own.append(f"of a homozygote {self.homozygote:g} times its square")
        return f"{' '.join(own)}, drop-in {self.drop_in:g}"


@dataclass(frozen=True, slots=True)
class Rates:
    """The drop-out of a copy of each known contributor, in order, and of every unknown."""

    known: tuple[float, ...]
    unknown: float
