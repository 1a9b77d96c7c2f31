"""Read one segment where it lies on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from comity.forensics.dna.allele import Typing, allele
from comity.forensics.dna.index.build import CATEGORIES, NOTHING, Codes
from comity.forensics.dna.index.hashing import U64
from comity.forensics.dna.index.layout import MISSING, OVERFLOW, PLAIN
from comity.forensics.dna.index.planes import PLANES, Planes, words
from comity.forensics.dna.locus import locus
from comity.forensics.dna.place import Place
from comity.forensics.dna.profile import Category, Profile
from comity.forensics.dna.reader import profile as read_profile
from comity.forensics.errors import ForensicsError, IndexDamagedError

__all__ = ["Segment"]


@dataclass(frozen=True, eq=False)
class Segment:
    """One segment. Arrays are maps of the files; a deletion shows in them at once."""

    folder: Path
    rows: int
    generation: int
    writable: bool = False

    @classmethod
    def open(cls, folder: Path, said: Mapping[str, Any], *, writable: bool = False) -> Segment:
        """Open a segment; raise `IndexDamagedError` where a file is missing or has another size than was written."""
        for name, size in said["files"].items():
            path = folder / name
            found = path.stat().st_size if path.is_file() else None
            if found != size:
                what = "is missing" if found is None else f"has {found:,} bytes and was written with {size:,}"
                raise IndexDamagedError(f"{path}: the file {what}.")
        return cls(folder, int(said["rows"]), int(said["generation"]), writable)

    def _map(self, name: str, kind: type[np.generic]) -> npt.NDArray[Any]:
        path = self.folder / name
        if path.stat().st_size == 0:
            return np.zeros(0, dtype=kind)
        found = np.memmap(path, dtype=kind, mode="r+" if self.writable else "r")
        return found.view(np.ndarray)

    @cached_property
    def said(self) -> dict[str, Any]:
        """What ``segment.json`` says: loci, typings, which loci how many rows have."""
        try:
            found = json.loads((self.folder / "segment.json").read_bytes())
            if found["rows"] != self.rows:
                raise IndexDamagedError(f"{self.folder}: segment.json counts other rows than the manifest.")
        except (ValueError, KeyError, TypeError) as error:
            raise IndexDamagedError(f"{self.folder}/segment.json cannot be read: {error}.") from error
        return dict(found)

    @cached_property
    def loci(self) -> tuple[str, ...]:
        """The loci that have a column."""
        return tuple(self.said["loci"])

    @cached_property
    def codes(self) -> Codes:
        """The codes, a row a locus."""
        return self._map("codes", np.uint16).reshape(len(self.loci), self.rows)

    @cached_property
    def deleted(self) -> npt.NDArray[np.uint8]:
        """One where the row was deleted."""
        return self._map("deleted", np.uint8)

    @cached_property
    def born(self) -> npt.NDArray[np.uint32]:
        """The generation each row came in with."""
        return self._map("born", np.uint32)

    @cached_property
    def category(self) -> npt.NDArray[np.uint8]:
        """Each row's category, by its place in `CATEGORIES`."""
        return self._map("category", np.uint8)

    @cached_property
    def offsets(self) -> U64:
        """Where each id begins."""
        return self._map("offsets", np.uint64)

    @cached_property
    def ids(self) -> npt.NDArray[np.uint8]:
        """The bytes of all ids."""
        return self._map("ids", np.uint8)

    @cached_property
    def planes(self) -> U64 | None:
        """The bit planes, a row a plane and a bit a profile; None where the segment was written before there were any."""
        if "planes" not in self.said:
            return None
        return self._map("planes", np.uint64).reshape(-1, words(self.rows))

    @cached_property
    def layout(self) -> dict[str, Planes]:
        """Where each locus has its planes."""
        try:
            found = {name: Planes.of_locus(self.said["planes"][name], at) for at, name in enumerate(self.loci)}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise IndexDamagedError(f"{self.folder}/segment.json: the planes cannot be read: {error}.") from error
        if self.planes is None or len(self.planes) != PLANES * len(found):
            raise IndexDamagedError(f"{self.folder}: the planes are those of other loci.")
        return found

    @cached_property
    def extra(self) -> npt.NDArray[np.uint32]:
        """What each row says beyond its alleles, by its place in ``extras``."""
        return self._map("extra", np.uint32)

    @cached_property
    def by_id(self) -> tuple[U64, npt.NDArray[np.uint32]]:
        """Hashes of ids in order, and their rows."""
        return self._map("id-hash", np.uint64), self._map("id-row", np.uint32)

    @cached_property
    def by_print(self) -> tuple[U64, npt.NDArray[np.uint32]]:
        """Hashes of genotypes in order, and their rows."""
        return self._map("print-hash", np.uint64), self._map("print-row", np.uint32)

    @cached_property
    def masks(self) -> dict[frozenset[str], int]:
        """How many rows were written with which loci."""
        return {
            frozenset(name for number, name in enumerate(self.loci) if int(mask, 16) >> number & 1): count
            for mask, count in self.said["masks"].items()
        }

    @cached_property
    def plain(self) -> tuple[tuple[Typing, ...], ...]:
        """For each locus the typings of two designated alleles, by code."""
        return tuple(self._typings("plain", name) for name in self.loci)

    @cached_property
    def pairs(self) -> tuple[tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint16]], ...]:
        """For each locus the two alleles of every plain typing as numbers: eight times the repeats, and the bases."""
        return tuple(
            (
                np.array([(each[0].repeats << 3) + each[0].bases for each in found], dtype=np.uint16),
                np.array([(each[1].repeats << 3) + each[1].bases for each in found], dtype=np.uint16),
            )
            for found in self.plain
        )

    @cached_property
    def special(self) -> tuple[tuple[Typing, ...], ...]:
        """For each locus all other typings, by code less `PLAIN`."""
        return tuple(self._typings("special", name) for name in self.loci)

    def _typings(self, kind: str, name: str) -> tuple[Typing, ...]:
        where = locus(name)
        return tuple(tuple(allele(text, where) for text in each.split(" ")) for each in self.said[kind][name])

    def lives(self, row: int) -> bool:
        """Return whether the row is not deleted."""
        return not self.deleted[row]

    def id(self, row: int) -> str:
        """Return a row's id."""
        return bytes(self.ids[int(self.offsets[row]) : int(self.offsets[row + 1])]).decode("ascii", "replace")

    def typing(self, number: int, code: int) -> Typing:
        """Return the typing a code stands for at the locus ``number``."""
        if code == MISSING:
            return ()
        try:
            return self.plain[number][code] if code < PLAIN else self.special[number][code - PLAIN]
        except IndexError as error:
            raise IndexDamagedError(
                f"{self.folder}: the code {code} of {self.loci[number]} stands for nothing."
            ) from error

    def profile(self, row: int) -> Profile:
        """Return a row as the profile it was."""
        codes = self.codes[:, row].tolist()
        extra = int(self.extra[row])
        text = self.said["extras"][extra] if extra != NOTHING else ""
        kind, name = CATEGORIES[int(self.category[row])], self.id(row)
        if text or OVERFLOW in codes:
            return self._with_extra(name, kind, codes, json.loads(text))
        loci = {
            at: self.typing(number, codes[number]) for number, at in enumerate(self.loci) if codes[number] != MISSING
        }
        return Profile(name, kind, loci)

    def living(self, row: int) -> Profile | None:
        """Return a row as the profile it was, or None where it is deleted, be it while it is read."""
        if not self.lives(row):
            return None
        try:
            found = self.profile(row)
        except (ForensicsError, IndexError, ValueError):
            if self.lives(row):
                raise
            return None
        return found if self.lives(row) else None

    def _with_extra(self, name: str, kind: Category, codes: list[int], extra: dict[str, Any]) -> Profile:
        loci = {
            at: [each.text for each in self.typing(number, codes[number])]
            for number, at in enumerate(self.loci)
            if codes[number] not in (MISSING, OVERFLOW)
        }
        said = {"id": name, "category": kind.value, "loci": loci, **extra}
        return read_profile(said, Place(self.folder.name))
