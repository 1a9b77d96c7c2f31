"""Tables: GeneMapper and GeneMarker text, EuroForMix and LRmix CSV.

All have a row a sample and marker, with columns for the sample's name, the marker, and alleles numbered from one;
GeneMapper and EuroForMix add heights, numbered likewise. The separator is a tab, a comma or a semicolon. Rows of a kit's
quality sensors, which are no loci, are passed over. A person's marker with one allele is a homozygote, as these programs write it; a trace's is one allele seen and no more.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from comity.forensics.dna.allele import allele
from comity.forensics.dna.locus import LocusKind, locus
from comity.forensics.dna.place import Place, at
from comity.forensics.dna.profile import Category, Profile
from comity.forensics.dna.reader import profile
from comity.forensics.errors import FormatError

__all__ = ["read", "write"]

_SAMPLE = ("samplename", "sample", "sampleid", "samplefilename", "samplefile", "filename")
_MARKER = ("marker", "markername", "locus")
_ALLELE = re.compile(r"alleles?(\d+)")
_HEIGHT = re.compile(r"(?:peak)?heights?(\d+)")
_SENSORS = frozenset({"QS1", "QS2", "IQCS", "IQCL"})
_BLANK = frozenset({"", "NA", "N/A", "-", "NULL", "?"})


@dataclass(slots=True)
class _Sample:
    place: Place
    loci: dict[str, list[str]] = field(default_factory=dict)
    heights: dict[str, list[float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Head:
    sample: int
    marker: int
    alleles: tuple[int, ...]
    heights: tuple[int, ...]


def read(path: Path, category: Category) -> Iterator[tuple[Place, Profile]]:
    """Yield the samples of a table, in the order of their first rows, all as ``category``."""
    rows = _rows(path)
    head = _head(path, rows)
    samples: dict[str, _Sample] = {}
    for number, cells in rows[1:]:
        place = Place(path.name, number)
        with at(place):
            _row(cells, head, place, samples, category)
    if not samples:
        raise FormatError(f"{path.name} holds no sample.", cause="The table has a head and no rows.")
    for name, each in samples.items():
        yield each.place, profile(_json(name, each, category), each.place)


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    try:
        data = path.read_bytes()
        text = data.decode("utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data.decode("utf-8-sig")
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror or error}.", remedy="Check the path.") from error
    except UnicodeDecodeError as error:
        raise FormatError(
            f"{path.name}: byte {error.start} is not text.", cause="The file is no text table."
        ) from error
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max("\t;,", key=first.count)
    try:
        found = list(csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise FormatError(f"{path.name} is no table: {error}.") from error
    return [(number, row) for number, row in enumerate(found, 1) if any(cell.strip() for cell in row)]


def _plain(cell: str) -> str:
    return re.sub(r"[^a-z0-9]", "", cell.lower())


def _head(path: Path, rows: list[tuple[int, list[str]]]) -> _Head:
    names = [_plain(cell) for cell in rows[0][1]] if rows else []
    sample = next((names.index(each) for each in _SAMPLE if each in names), None)
    marker = next((names.index(each) for each in _MARKER if each in names), None)
    alleles = _numbered(names, _ALLELE)
    if sample is None or marker is None or not alleles:
        lacking = [
            text
            for text, there in (
                ("Sample Name", sample is not None),
                ("Marker", marker is not None),
                ("Allele 1", alleles),
            )
            if not there
        ]
        raise FormatError(
            f"{path.name}, line 1: the table has no column {' and no column '.join(lacking)}.",
            cause="It is not an export of genotypes by sample and marker.",
            remedy="Export with the columns Sample Name, Marker, Allele 1, Allele 2, ...",
        )
    return _Head(sample, marker, alleles, _numbered(names, _HEIGHT))


def _numbered(names: list[str], form: re.Pattern[str]) -> tuple[int, ...]:
    found = [(int(said.group(1)), place) for place, name in enumerate(names) if (said := form.fullmatch(name))]
    return tuple(place for _, place in sorted(found))


def _row(cells: list[str], head: _Head, place: Place, samples: dict[str, _Sample], category: Category) -> None:
    if len(cells) <= max(head.sample, head.marker):
        raise FormatError(f"{len(cells)} columns; sample and marker need more.", cause="The row was cut.")
    name = cells[head.sample].strip()
    if cells[head.marker].strip().upper() in _SENSORS:
        return
    where = locus(cells[head.marker].strip())
    sample = samples.setdefault(name, _Sample(place))
    if where.name in sample.loci:
        raise FormatError(f"{where.name} stands twice for the sample {name}.", cause="The table holds two injections.")
    read_at = [(_cell(cells, at), _cell(cells, height)) for at, height in _zip(head)]
    seen = [(text, height) for text, height in read_at if text.upper() not in _BLANK]
    for text, _ in seen:
        with at(place.at(f"marker {where.name}")):
            allele(text, where)
    if len(seen) == 1 and category.known and where.kind is not LocusKind.Y:
        seen *= 2
    sample.loci[where.name] = [text for text, _ in seen]
    heights = [_height(height, place, where.name) for _, height in seen if height.upper() not in _BLANK]
    if heights and len(heights) == len(seen):
        order = sorted(range(len(seen)), key=lambda number: allele(seen[number][0], where).place)
        sample.heights[where.name] = [heights[number] for number in order]


def _zip(head: _Head) -> Iterator[tuple[int, int | None]]:
    for number, at_column in enumerate(head.alleles):
        yield at_column, head.heights[number] if number < len(head.heights) else None


def _cell(cells: list[str], number: int | None) -> str:
    return cells[number].strip() if number is not None and number < len(cells) else ""


def _height(text: str, place: Place, name: str) -> float:
    try:
        found = float(text)
    except ValueError as error:
        raise FormatError(f"{place.at(f'height at {name}')}: {text[:20]!r} is not a number.") from error
    if not 0 <= found < 1e9:
        raise FormatError(f"{place.at(f'height at {name}')}: {text[:20]} is not a peak height.")
    return found


def _json(name: str, sample: _Sample, category: Category) -> dict[str, object]:
    return {
        "id": name,
        "category": category.value,
        "loci": sample.loci,
        "details": {at_locus: {"heights": heights} for at_locus, heights in sample.heights.items()},
    }


def write(profiles: Iterable[Profile]) -> Iterator[str]:
    """Yield a table in the columns EuroForMix and LRmix read: SampleName, Marker, Allele1, ..."""
    found = list(profiles)
    most = max((len(seen) for each in found for seen in each.loci.values()), default=2)
    yield "SampleName,Marker," + ",".join(f"Allele{number}" for number in range(1, most + 1)) + "\n"
    for each in found:
        for name, seen in each.loci.items():
            cells = [one.text for one in seen] + [""] * (most - len(seen))
            yield ",".join([each.id, name, *cells]) + "\n"
