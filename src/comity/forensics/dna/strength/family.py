"""Read two pedigrees from JSON, the one that is asked about and the one it is set against.

{"typed": ["C", "F"],
 "first":  [{"id": "F"}, {"id": "M"}, {"id": "C", "father": "F", "mother": "M"}],
 "second": [{"id": "F"}, {"id": "C"}]}

A member may have a sex, male or female, which is held against the parents' roles.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from comity.errors import ValueRefusedError
from comity.forensics.dna.strength.pedigree import Member, Pedigree
from comity.forensics.errors import PedigreeError
from comity.values import parse

__all__ = ["read"]


def read(path: Path) -> tuple[Pedigree, Pedigree]:
    """Read a file of two pedigrees; raise `PedigreeError` for anything else."""
    try:
        found = parse(path.read_bytes(), what="pedigree")
    except (OSError, ValueRefusedError) as error:
        raise PedigreeError(
            f"{path} cannot be read: {error}.", cause="The path is wrong, or it is not JSON."
        ) from error
    if not isinstance(found, dict) or found.keys() != {"typed", "first", "second"}:
        raise PedigreeError(f"{path.name}: the members typed, first and second are needed, and nothing else.")
    typed = found["typed"]
    if not isinstance(typed, list) or not all(isinstance(each, str) for each in typed) or not typed:
        raise PedigreeError(f"{path.name}: typed is a list of ids.")
    return _pedigree(path, found["first"], tuple(typed)), _pedigree(path, found["second"], tuple(typed))


def _pedigree(path: Path, found: Any, typed: tuple[str, ...]) -> Pedigree:
    if not isinstance(found, list):
        raise PedigreeError(f"{path.name}: a pedigree is a list of members.")
    members = []
    for each in found:
        if not isinstance(each, dict) or not each.keys() <= {"id", "father", "mother", "sex"} or "id" not in each:
            raise PedigreeError(f"{path.name}: a member has an id and may have father, mother and sex.")
        if not all(isinstance(value, str) for value in each.values()):
            raise PedigreeError(f"{path.name}: ids are texts.")
        members.append(Member(each["id"], each.get("father"), each.get("mother")))
    _sexes(path, found, members)
    return Pedigree(tuple(members), typed)


def _sexes(path: Path, found: list[dict[str, str]], members: list[Member]) -> None:
    """Refuse a father who is said to be female, or a mother who is said to be male; the sex serves for nothing else."""
    sex = {each["id"]: each.get("sex", "").lower()[:1] for each in found}
    for each in members:
        for parent, wrong, role in ((each.father, "f", "father"), (each.mother, "m", "mother")):
            if parent is not None and sex.get(parent) == wrong:
                raise PedigreeError(
                    f"{path.name}: {parent}, the {role} of {each.id}, is said to be {'female' if wrong == 'f' else 'male'}.",
                    cause="Father and mother were exchanged, or the sex is wrong.",
                )
