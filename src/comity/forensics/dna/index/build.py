"""Build segments: code typings column by column, order rows by their loci, write and sync the files.

Rows are ordered by which loci they have, the fullest first, so that a block of rows is alike and the search can choose
the loci that tell most in it.
"""

from __future__ import annotations

import json
import os
import shutil
from array import array
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from comity.forensics.dna.allele import Typing
from comity.forensics.dna.index.hashing import U64, hash_ids, hash_typing
from comity.forensics.dna.index.layout import MISSING, OVERFLOW, PLAIN, sync_folder, writing
from comity.forensics.dna.index.planes import build
from comity.forensics.dna.locus import locus
from comity.forensics.dna.profile import Category, Profile

__all__ = ["CATEGORIES", "NOTHING", "Batch", "Builder", "Codes", "Column", "Layout"]

CATEGORIES = tuple(Category)
NOTHING = 0xFFFFFFFF
"""What stands for a row that says nothing beyond its alleles."""
_KNOWN = [number for number, each in enumerate(CATEGORIES) if each.known]
Codes = npt.NDArray[np.uint16]
Texts = tuple[str, ...]


class Column:
    """The codes of one locus: two designated alleles count up from 0, everything else from `PLAIN`."""

    def __init__(self) -> None:
        self.codes: dict[Texts, int] = {}
        self.plain: list[Texts] = []
        self.special: list[Texts] = []

    def code(self, seen: Typing) -> int:
        """Return the code of a typing, a new one where it was not seen before."""
        texts = tuple(each.text for each in seen)
        found = self.codes.get(texts)
        if found is not None:
            return found
        into, base, end = (
            (self.plain, 0, PLAIN)
            if len(seen) == 2 and seen[0].number and seen[1].number
            else (self.special, PLAIN, OVERFLOW)
        )
        found = base + len(into)
        if found >= end:
            return OVERFLOW
        into.append(texts)
        self.codes[texts] = found
        return found


@dataclass(slots=True)
class Layout:
    """Rows that have the same loci: which rows, and their codes one after the other."""

    names: Texts
    rows: array[int] = field(default_factory=lambda: array("I"))
    codes: array[int] = field(default_factory=lambda: array("H"))


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows taken together: how many loci each has, and column (by its place in ``names``) and code of one after the other."""

    names: Texts
    loci: npt.NDArray[np.int64]
    columns: npt.NDArray[np.uint8]
    codes: Codes


class Builder:
    """Collect profiles and write them as one segment. Rows with the same loci are kept together, as bare codes."""

    def __init__(self) -> None:
        self.columns: dict[str, Column] = {}
        self.layouts: dict[Texts, Layout] = {}
        self.batches: list[tuple[int, Batch]] = []
        self.ids: list[str] = []
        self.category = bytearray()
        self.extra = array("I")
        self.lines = array("I")
        self.extras: list[str] = []
        self._extra_codes: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def column(self, name: str) -> Column:
        """Return the column of a locus, a new one where there was none."""
        found = self.columns.get(name)
        if found is None:
            found = self.columns[name] = Column()
        return found

    def add(self, profile: Profile, line: int) -> None:
        """Take one profile; ``line`` is where it stood in its file."""
        codes = [self.column(name).code(seen) for name, seen in profile.loci.items()]
        extra = self._extra(profile, whole=OVERFLOW in codes)
        self.put(tuple(profile.loci), codes, profile.id, CATEGORIES.index(profile.category))
        self.extra[-1], self.lines[-1] = extra, line

    def put(self, names: Texts, codes: list[int], name: str, category: int) -> None:
        """Take one row by its codes, with nothing said beyond its alleles."""
        layout = self.layouts.get(names)
        if layout is None:
            layout = self.layouts[names] = Layout(names)
        layout.rows.append(len(self.ids))
        layout.codes.extend(codes)
        self.ids.append(name)
        self.category.append(category)
        self.extra.append(NOTHING)
        self.lines.append(0)

    def put_many(self, batch: Batch, ids: list[str], categories: bytes, lines: npt.NDArray[np.int64]) -> None:
        """Take a batch of rows, with nothing said beyond their alleles."""
        self.batches.append((len(self.ids), batch))
        self.ids.extend(ids)
        self.category.extend(categories)
        self.extra.frombytes(np.full(len(ids), NOTHING, dtype=np.uint32).tobytes())
        self.lines.frombytes(lines.astype(np.uint32).tobytes())

    def _extra(self, profile: Profile, *, whole: bool) -> int:
        """Return the code of what a profile says beyond its alleles; ``whole`` keeps those too, where no code was left."""
        found = profile.to_json()
        for name in ("id", "category") if whole else ("id", "category", "loci"):
            del found[name]
        if not found:
            return NOTHING
        text = json.dumps(found, sort_keys=True, ensure_ascii=False)
        code = self._extra_codes.get(text)
        if code is None:
            code = self._extra_codes[text] = len(self.extras)
            self.extras.append(text)
        return code

    def names(self) -> list[str]:
        """The loci of the segment, in the order of the table."""
        return sorted(self.columns, key=lambda name: locus(name).order)

    def codes(self) -> Codes:
        """The codes, a row a locus and a column a profile."""
        names = self.names()
        found = np.full((len(names), len(self.ids)), MISSING, dtype=np.uint16)
        for layout in self.layouts.values():
            rows = np.frombuffer(layout.rows, dtype=np.uint32)
            codes = np.frombuffer(layout.codes, dtype=np.uint16).reshape(len(rows), len(layout.names))
            for number, name in enumerate(layout.names):
                found[names.index(name), rows] = codes[:, number]
        for first, batch in self.batches:
            rank = np.array([names.index(name) for name in batch.names], dtype=np.int64)
            rows = np.repeat(np.arange(first, first + len(batch.loci)), batch.loci)
            found[rank[batch.columns], rows] = batch.codes
        return found

    def write(self, folder: Path, generation: int) -> dict[str, Any]:
        """Write the segment into ``folder`` and return what the manifest says of it; leave nothing on failure."""
        names, codes = self.names(), self.codes()
        temporary = folder.with_suffix(".new")
        with writing(f"Segment {folder.name}"):
            try:
                shutil.rmtree(temporary, ignore_errors=True)
                temporary.mkdir(parents=True)
                sizes = self._write(temporary, names, codes, generation)
                temporary.replace(folder)
                sync_folder(folder.parent)
            except OSError:
                shutil.rmtree(temporary, ignore_errors=True)
                raise
        return {"name": folder.name, "rows": len(self.ids), "generation": generation, "files": sizes}

    def _write(self, folder: Path, names: list[str], codes: Codes, generation: int) -> dict[str, int]:
        order, masks = _order(codes)
        codes = codes[:, order]
        ids = np.array(self.ids, dtype=np.bytes_)[order]
        lengths = np.char.str_len(ids) if len(ids) else np.zeros(0, dtype=np.int64)
        offsets = np.zeros(len(ids) + 1, dtype=np.uint64)
        offsets[1:] = np.cumsum(lengths)
        hashes = hash_ids(ids)
        by_hash = np.argsort(hashes, kind="stable")
        category = np.frombuffer(bytes(self.category), dtype=np.uint8)[order]
        persons = np.flatnonzero(np.isin(category, _KNOWN))
        prints = self._prints(names, codes[:, persons])
        by_print = np.argsort(prints, kind="stable")
        rows = len(ids)
        planes, said = build([self.columns[name].plain for name in names], codes)
        parts: dict[str, bytes | npt.NDArray[Any]] = {
            "codes": codes,
            "planes": planes,
            "ids": b"".join(ids.tolist()),
            "offsets": offsets,
            "category": category,
            "extra": np.frombuffer(self.extra, dtype=np.uint32)[order],
            "id-hash": hashes[by_hash],
            "id-row": by_hash.astype(np.uint32),
            "print-hash": prints[by_print],
            "print-row": persons[by_print].astype(np.uint32),
            "born": np.full(rows, generation, dtype=np.uint32),
            "deleted": np.zeros(rows, dtype=np.uint8),
            "segment.json": self._said(names, rows, masks, said),
        }
        return {name: _put(folder / name, part) for name, part in parts.items()}

    def _prints(self, names: list[str], codes: Codes) -> U64:
        """Return each row's genotype hash: the sum of its typings' hashes, the same in every segment."""
        found = np.zeros(codes.shape[1], dtype=np.uint64)
        for number, name in enumerate(names):
            column = self.columns[name]
            table = np.zeros(65536, dtype=np.uint64)
            for texts, code in column.codes.items():
                table[code] = hash_typing(name, texts)
            found += table[codes[number]]
        return found

    def _said(self, names: list[str], rows: int, masks: Counter[int], planes: list[dict[str, Any]]) -> bytes:
        said = {
            "rows": rows,
            "loci": names,
            "plain": {name: [" ".join(each) for each in self.columns[name].plain] for name in names},
            "special": {name: [" ".join(each) for each in self.columns[name].special] for name in names},
            "masks": {f"{mask:x}": count for mask, count in masks.items()},
            "planes": dict(zip(names, planes, strict=True)),
            "extras": self.extras,
        }
        return json.dumps(said, ensure_ascii=False).encode()


def _order(codes: Codes) -> tuple[npt.NDArray[np.int64], Counter[int]]:
    """Return the rows by falling number of loci and then by which, and how many rows have which loci."""
    if codes.shape[1] == 0:
        return np.zeros(0, dtype=np.int64), Counter()
    mask = np.zeros(codes.shape[1], dtype=np.uint64)
    for number in range(codes.shape[0]):
        mask |= (codes[number] != MISSING).astype(np.uint64) << np.uint64(number)
    typed = (codes != MISSING).sum(axis=0)
    values, counts = np.unique(mask, return_counts=True)
    return np.lexsort((mask, -typed)), Counter(dict(zip(values.tolist(), counts.tolist(), strict=True)))


def _put(path: Path, part: bytes | npt.NDArray[Any]) -> int:
    with path.open("wb") as stream:
        stream.write(part if isinstance(part, bytes) else np.ascontiguousarray(part).data)
        stream.flush()
        os.fsync(stream.fileno())
    path.chmod(0o600)
    return path.stat().st_size
