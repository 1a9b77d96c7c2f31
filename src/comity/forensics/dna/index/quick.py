"""Take in lines of JSON quickly: those that are like one that was read in full.

A line is split at its quotation marks. If every piece but the id and the alleles is what it was in a line that
`comity.forensics.dna.reader` read, the line has the same members, loci and category; its alleles are looked up among
those already read at that locus. Whatever is not exactly so is read in full.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from comity.forensics.dna.allele import allele, typing
from comity.forensics.dna.inclusion import reason
from comity.forensics.dna.index.build import CATEGORIES, Builder
from comity.forensics.dna.index.layout import OVERFLOW
from comity.forensics.dna.locus import locus
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.rules import RuleSet
from comity.forensics.errors import AlleleError

__all__ = ["Quick"]

_ID = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._:/#+-]{0,63}")
_MOST = 512
"""So many shapes of lines are kept; beyond them lines are read in full."""

Pieces = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class _Shape:
    """What lines of one kind have in common, and where they differ."""

    fixed: Callable[[list[bytes]], Any]
    same: Any
    alleles: Callable[[list[bytes]], Pieces]
    names: tuple[str, ...]
    tables: tuple[dict[Pieces, int], ...]
    category: int
    id_at: int


class Quick:
    """Remember shapes of lines, and put lines of a known shape into a builder."""

    def __init__(self, inclusion: RuleSet | None) -> None:
        self._inclusion = inclusion
        self._shapes: dict[tuple[int, bytes, bytes], list[_Shape]] = {}
        self._count = 0

    def clear(self) -> None:
        """Forget all shapes: their codes belong to a builder that is done."""
        self._shapes.clear()
        self._count = 0

    def take(self, line: bytes, builder: Builder) -> bool:
        """Put the line into the builder if its shape is known; return whether it was."""
        pieces = line.split(b'"')
        if len(pieces) < 12:
            return False
        for shape in self._shapes.get((len(pieces), pieces[7], pieces[11]), ()):
            if shape.fixed(pieces) == shape.same:
                return self._put(shape, pieces, builder)
        return False

    def _put(self, shape: _Shape, pieces: list[bytes], builder: Builder) -> bool:
        seen = shape.alleles(pieces)
        pairs = list(zip(seen[::2], seen[1::2], strict=True))
        try:
            codes = [table[pair] for table, pair in zip(shape.tables, pairs, strict=True)]
        except KeyError:
            if not _read(shape.names, pairs, builder):
                return False
            codes = [table[pair] for table, pair in zip(shape.tables, pairs, strict=True)]
        name = pieces[shape.id_at]
        if not _ID.fullmatch(name):
            return False
        builder.put(shape.names, codes, name.decode("ascii"), shape.category)
        return True

    def learn(self, line: bytes, profile: Profile, builder: Builder) -> None:
        """Remember the shape of a line that was read in full and taken: two designated alleles at every locus."""
        pieces = line.split(b'"')
        written = [piece.decode("utf-8", "replace") for piece in pieces]
        plain = all(profile.full(name) for name in profile.loci)
        expected = 11 + 6 * len(profile.loci)
        if not plain or profile.to_json().keys() != {"id", "category", "loci"} or len(pieces) != expected:
            return
        if self._inclusion is not None and reason(profile, self._inclusion) is not None:
            return
        if written[1:12:2] != ["id", profile.id, "category", profile.category.value, "loci", written[11]]:
            return
        if self._count < _MOST:
            self._remember(pieces, written, profile, builder)

    def _remember(self, pieces: list[bytes], written: list[str], profile: Profile, builder: Builder) -> None:
        at = range(11, len(pieces) - 2, 6)
        names = tuple(locus(written[each]).name for each in at)
        alleles = [place for each in at for place in (each + 2, each + 4)]
        fixed = itemgetter(*(place for place in range(len(pieces)) if place != 3 and place not in set(alleles)))
        key = (len(pieces), pieces[7], pieces[11])
        if any(fixed(pieces) == shape.same for shape in self._shapes.get(key, ())):
            return
        shape = _Shape(
            fixed, fixed(pieces), itemgetter(*alleles), names,
            tuple(builder.column(name).quick for name in names), CATEGORIES.index(profile.category), 3,
        )  # fmt: skip
        self._shapes.setdefault(key, []).append(shape)
        self._count += 1


def _read(names: Sequence[str], pairs: Sequence[Pieces], builder: Builder) -> bool:
    """Read the pairs that were not read before; return whether all are two designated alleles of their locus."""
    for name, pair in zip(names, pairs, strict=True):
        column, where = builder.column(name), locus(name)
        if pair in column.quick:
            continue
        try:
            seen = typing(tuple(allele(each.decode("ascii"), where) for each in pair))
        except (AlleleError, UnicodeDecodeError):
            return False
        if not all(each.number for each in seen):
            return False
        code = column.code(seen)
        if code == OVERFLOW:
            return False
        column.quick[pair] = code
    return True
