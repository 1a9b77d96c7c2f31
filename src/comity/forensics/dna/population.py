"""Allele frequencies of populations, with their size, source and the smallest frequency that is used.

The tables of this release stand in ``data/frequencies.csv`` (sources: ``data/SOURCES.md``). One's own are read from a
long table (locus, allele, freq and, where known, n_alleles) or from the wide table of EuroForMix and LRmix (Allele,
then a column a locus). The least frequency is 5/2N (National Research Council 1996, p. 148), 2N being the number of
alleles sampled at the locus.
"""

from __future__ import annotations

import csv
import difflib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

from comity.errors import ComityError
from comity.forensics.dna.allele import Allele, AlleleKind, allele
from comity.forensics.dna.locus import locus
from comity.forensics.dna.place import Place, at
from comity.forensics.errors import ForensicsError, ParameterError, PopulationError, ProfileError

__all__ = ["DEFAULT", "Minimum", "Population", "minimum", "population", "populations", "read"]

DEFAULT = "NIST1036rev2017/Cauc"
"""The population that stands where none is named; the answer names it."""

_SOURCES = {
    "NIST1036rev2017": "NIST 1036 revised 2017; Steffen et al. 2017, FSI Genetics 31:e36; US public domain",
    "FBI2015_Moretti2016": "FBI expanded CODIS STR loci 2015; Moretti et al. 2016, FSI Genetics 25:175; US public domain",
    "UK_DNA17": "UK DNA-17 allele frequencies; Open Government Licence v3",
    "norSTR_v2023": "norSTR 2023; MIT licence; frequencies below 0.001 were raised to it by its authors",
}
_SLACK = 0.02
_NOISE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Minimum:
    """The least frequency: ``alleles`` of 2N sampled, or a fixed ``value``; neither is no minimum."""

    alleles: float | None = 5.0
    value: float | None = None

    @property
    def none(self) -> bool:
        """Whether no minimum is set."""
        return self.value is None and self.alleles is None

    def of(self, sampled: int | None) -> float | None:
        """Return the least frequency where ``sampled`` alleles were typed, or None where it cannot be said."""
        if self.value is not None:
            return self.value
        if self.alleles is None:
            return None
        return self.alleles / sampled if sampled else None

    def __str__(self) -> str:
        return (
            f"{self.value:g}" if self.value is not None else "none" if self.alleles is None else f"{self.alleles:g}/2N"
        )


def minimum(text: str) -> Minimum:
    """Read a minimum: ``5/2N``, ``1/2N``, ``none`` or a number."""
    plain = text.strip().lower()
    if plain == "none":
        return Minimum(None, None)
    try:
        found = Minimum(float(plain[:-3])) if plain.endswith("/2n") else Minimum(None, float(plain))
    except ValueError:
        found = Minimum(-1)
    number = found.value if found.value is not None else found.alleles
    if number is None or not math.isfinite(number) or number < 0 or (found.value or 0) >= 1:
        raise ParameterError(
            f"{text[:20]!r} is not a minimum allele frequency.",
            cause="It is a count over 2N, a frequency below 1, or none.",
            remedy="Write 5/2N, 0.001 or none.",
        )
    return found


@dataclass(frozen=True, slots=True)
class Population:
    """One population: ``frequencies`` by locus and allele, ``sampled`` the alleles typed at each locus, where known."""

    name: str
    source: str
    frequencies: Mapping[str, Mapping[str, float]]
    sampled: Mapping[str, int | None]

    def frequency(self, name: str, of: Allele, least: Minimum) -> float | None:
        """Return an allele's frequency, never below the minimum; None where it was not seen and none can be said."""
        table = self.frequencies[name]
        found = table.get(of.text)
        if found is None and of.kind in (AlleleKind.ABOVE, AlleleKind.BELOW):
            found = self._beyond(name, of)
        floor = least.of(self.sampled.get(name))
        if found is None or found <= 0:
            return floor or None
        return max(found, floor) if floor else found

    def _beyond(self, name: str, of: Allele) -> float | None:
        above = of.kind is AlleleKind.ABOVE
        total = 0.0
        for text, value in self.frequencies[name].items():
            each = allele(text, locus(name))
            if each.kind is AlleleKind.NUMBER and ((each.repeats, each.bases) > (of.repeats, of.bases)) == above:
                total += value if (each.repeats, each.bases) != (of.repeats, of.bases) else 0.0
        return total or None

    def to_json(self) -> dict[str, Any]:
        """Return what is said of a population beside each number."""
        sizes = [each for each in self.sampled.values() if each]
        return {
            "name": self.name,
            "source": self.source,
            "loci": len(self.frequencies),
            "alleles_sampled": [min(sizes), max(sizes)] if sizes else None,
        }


@cache
def populations() -> Mapping[str, Population]:
    """Return the populations of this release by ``dataset/name``."""
    rows: dict[str, list[tuple[str, str, float, int | None]]] = {}
    sources: dict[str, str] = {}
    with (files("comity.forensics.dna") / "data" / "frequencies.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            name = f"{row['dataset']}/{row['population']}"
            sampled = int(row["n_alleles"]) if row["n_alleles"] else None
            rows.setdefault(name, []).append((row["locus"], row["allele"], float(row["freq"]), sampled))
            sources[name] = _SOURCES[row["dataset"]]
    return {name: _built(name, sources[name], found) for name, found in rows.items()}


def _built(name: str, source: str, rows: Iterable[tuple[str, str, float, int | None]]) -> Population:
    frequencies: dict[str, dict[str, float]] = {}
    sampled: dict[str, int | None] = {}
    for at_locus, of, value, count in rows:
        frequencies.setdefault(at_locus, {})[of] = value
        sampled[at_locus] = count
    return Population(name, source, frequencies, sampled)


def population(name: str) -> Population:
    """Return a population by its full name, its short name where only one bears it, or a file of one's own."""
    found = populations()
    plain = _plain(name)
    exact = [each for key, each in found.items() if plain in (_plain(key), _plain(key.split("/", 1)[1]))]
    if len(exact) == 1:
        return exact[0]
    if len(exact) > 1:
        names = ", ".join(each.name for each in exact)
        raise PopulationError(f"{name!r} names several populations.", remedy=f"Write one of {names}.")
    if Path(name).suffix.lower() in (".csv", ".tsv", ".txt") or Path(name).is_file():
        return read(Path(name))
    near = _near(plain, found)
    raise PopulationError(
        f"{name[:60]!r} is not a population.",
        cause="The name is misspelt, or its frequencies are not in this release.",
        remedy=(f"Did you mean {', '.join(near)}? " if near else "")
        + f"'comity dna populations' lists all {len(found)}; a file of frequencies does as well.",
        nearest=near,
    )


def _plain(name: str) -> str:
    return _NOISE.sub(" ", name.lower()).strip()


def _near(plain: str, found: Mapping[str, Population]) -> list[str]:
    """Return the populations that bear the words, most words first, or whose names look alike."""
    words = {key: sum(word in _plain(key) for word in plain.split() if len(word) > 1) for key in found}
    near = [key for key in sorted(found, key=lambda key: -words[key]) if words[key]]
    short = {_plain(key.split("/", 1)[1]): key for key in found} | {_plain(key): key for key in found}
    near += [short[each] for each in difflib.get_close_matches(plain, list(short), n=4, cutoff=0.5)]
    return list(dict.fromkeys(near))[:6]


def read(path: Path) -> Population:
    """Read a file of frequencies; raise `PopulationError` with line and field."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "it is not UTF-8 text"
        raise PopulationError(
            f"{path} cannot be read: {why}.",
            cause="The path is wrong, or the file is of another kind.",
            remedy="Give a table: locus, allele, freq; or Allele and a column a locus. 'comity dna populations' lists ours.",
        ) from error
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text.partition("\n")[0], delimiters=",;\t")
    except csv.Error:
        dialect = csv.excel
    lines = _lines(path, text, dialect)
    if not lines:
        raise PopulationError(f"{path.name} is empty.", cause="Nothing was written to it.")
    head = [cell.lower() for cell in lines[0][1]]
    rows = _long(path, head, lines[1:]) if {"locus", "allele", "freq"} <= set(head) else _wide(path, lines)
    found = _built(path.name, f"file {path.name}", rows)
    if not found.frequencies:
        raise PopulationError(f"{path.name} holds no frequency.", cause="The table has a head and no rows.")
    for at_locus, table in found.frequencies.items():
        if sum(table.values()) > 1 + _SLACK:
            raise PopulationError(
                f"{path.name}: the frequencies of {at_locus} sum to {sum(table.values()):.4f}.",
                cause="A frequency has slipped, or counts or percentages were written.",
                remedy="Frequencies of a locus sum to one.",
            )
    return found


def _lines(path: Path, text: str, dialect: type[csv.Dialect] | csv.Dialect) -> list[tuple[int, list[str]]]:
    rows = csv.reader(StringIO(text, newline=""), dialect, strict=True)
    try:
        return [(rows.line_num, [cell.strip() for cell in row]) for row in rows if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise PopulationError(f"{path.name}, line {rows.line_num}: {error}.", cause="The table is damaged.") from error


def _long(
    path: Path, head: list[str], lines: list[tuple[int, list[str]]]
) -> Iterable[tuple[str, str, float, int | None]]:
    for number, cells in lines:
        row = dict(zip(head, cells, strict=False))
        place = Place(path.name, number)
        yield (*_cell(place, row.get("locus", ""), row.get("allele", ""), row.get("freq", "")), _size(place, row))


def _size(place: Place, row: Mapping[str, str]) -> int | None:
    text = row.get("n_alleles") or ""
    if text and (not text.isdigit() or int(text) == 0):
        raise PopulationError(f"{place.at('n_alleles')}: {text!r} is not a number of alleles.")
    return int(text) if text else None


def _wide(path: Path, lines: list[tuple[int, list[str]]]) -> Iterable[tuple[str, str, float, int | None]]:
    first, *names = lines[0][1]
    if first.lower() not in ("allele", "alleles", "") or not names:
        raise PopulationError(
            f"{path.name}, line 1: the columns are {', '.join(lines[0][1])[:60]}.",
            cause="It is neither a table of locus, allele and freq, nor one of Allele and a column a locus.",
            remedy="Name the columns so; the number of alleles sampled goes in n_alleles, or in a row 2N.",
        )
    sizes: dict[str, int | None] = {}
    found = []
    for number, cells in lines[1:]:
        place = Place(path.name, number)
        if cells[0].upper() in ("N", "2N"):
            for name, cell in zip(names, cells[1:], strict=False):
                times = 2 if cells[0].upper() == "N" else 1
                sizes[name] = times * int(float(cell)) if cell and _numeric(cell) else None
            continue
        for name, cell in zip(names, cells[1:], strict=False):
            if cell and cell not in ("0", "NA"):
                found.append((name, *_cell(place.at(name), name, cells[0], cell)))
    return [(at_locus, of, value, sizes.get(name)) for name, at_locus, of, value in found]


def _numeric(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _cell(place: Place, name: str, of: str, value: str) -> tuple[str, str, float]:
    try:
        with at(place):
            where = locus(name)
            found = allele(of, where)
    except ProfileError as error:
        raise _as_population(error) from error
    if not _numeric(value) or not 0 <= float(value) <= 1:
        raise PopulationError(f"{place}: {value[:20]!r} is not a frequency between 0 and 1.")
    return where.name, found.text, float(value)


def _as_population(error: ComityError) -> ForensicsError:
    return PopulationError(error.detail, cause=error.cause, remedy=error.remedy, **error.fields)
