"""Delete rows for good: marked first, so that no reader shows them any more, then overwritten where they lie.

What a deletion overwrites are the alleles, the planes, the id and what only this profile said beyond its alleles. Hashes
of its id and genotype, eight bytes each, stay in the sorted tables, where they stand for nothing.
"""

from __future__ import annotations

import json
import os

import numpy as np

from comity.forensics.dna.index.build import NOTHING
from comity.forensics.dna.index.layout import MISSING, replace_file, sync_folder
from comity.forensics.dna.index.planes import blank
from comity.forensics.dna.index.segment import Segment

__all__ = ["erase", "unfinished"]


def erase(segment: Segment, rows: list[int]) -> None:
    """Mark rows as deleted, then overwrite their alleles and ids; each step is durable before the next begins.

    The id goes last: a row that is marked and still has one was not overwritten to its end.
    """
    segment.deleted[rows] = 1
    _flush(segment, "deleted")
    segment.extra[rows] = NOTHING
    segment.codes[:, rows] = MISSING
    if segment.planes is not None:
        blank(segment.planes, rows)
        _flush(segment, "planes")
    _flush(segment, "codes")
    _forget(segment)
    _flush(segment, "extra")
    for row in rows:
        segment.ids[int(segment.offsets[row]) : int(segment.offsets[row + 1])] = 0
    _flush(segment, "ids")
    sync_folder(segment.folder)


def unfinished(segment: Segment) -> list[int]:
    """Return the rows whose deletion was cut off before they were overwritten."""
    rows = np.flatnonzero(segment.deleted)
    return [int(row) for row in rows if segment.ids[int(segment.offsets[row])] != 0]


def _forget(segment: Segment) -> None:
    """Blank what no row says any more beyond its alleles, replicates above all; the file keeps its size."""
    path = segment.folder / "segment.json"
    size = path.stat().st_size
    said = json.loads(path.read_bytes())
    kept = {int(each) for each in np.unique(segment.extra)}
    left = [text if number in kept else "" for number, text in enumerate(said["extras"])]
    if left != said["extras"]:
        text = json.dumps({**said, "extras": left}, ensure_ascii=False)
        replace_file(path, text.encode().ljust(size))


def _flush(segment: Segment, name: str) -> None:
    with (segment.folder / name).open("rb") as stream:
        os.fsync(stream.fileno())
