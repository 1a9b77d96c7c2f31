"""The peers of the DNA database, asked in the same run: join engines, and SmartRank for ranking by likelihood ratio.

SmartRank is a Java program of the Netherlands Forensic Institute under the GNU GPL. It is no part of this project: build
it elsewhere and name its classes with ``--smartrank CLASSPATH``. `SmartRankDriver.java` runs its reader and its model.
"""

from __future__ import annotations

import math
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import synthetic
from reading import timed

from comity.forensics.dna.allele import allele
from comity.forensics.dna.index.database import Database
from comity.forensics.dna.index.rank import Ranking, rank
from comity.forensics.dna.locus import Locus, locus
from comity.forensics.dna.place import Place
from comity.forensics.dna.population import Minimum, population
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.reader import profile
from comity.forensics.dna.strength.mixture import Model
from comity.forensics.dna.strength.weighed import Formula, Scale

__all__ = ["engines", "ranking"]

LOCI = synthetic.EURO16
MODEL = Model(3, 0.1, 0.05)
"""Three contributors, drop-out a copy, drop-in a replicate."""
TIMES = 3
LISTED = 1000
"""Persons whose ratio is compared with SmartRank's."""


def engines(folder: Path) -> dict[str, Any]:
    """Join the complete profiles on all loci in polars and duckdb."""
    import duckdb
    import polars as pl

    tables = []
    for database in (Database.open(folder / "traces"), Database.open(folder / "persons")):
        (segment,) = database.segments
        columns: dict[str, list[str]] = {}
        for number, name in enumerate(segment.loci):
            texts = np.array([" ".join(a.text for a in each) for each in segment.plain[number]] + [""])
            codes = segment.codes[number].astype(np.int64)
            columns[name] = texts[np.where(codes < len(texts) - 1, codes, len(texts) - 1)].tolist()
        table = pl.DataFrame({"row": range(segment.rows), **columns})
        tables.append(table.filter(pl.all_horizontal(pl.col(name) != "" for name in columns)))
    one, two = tables
    keys = [name for name in one.columns if name != "row"]
    by_polars = min(timed(lambda: one.join(two, on=keys)) for _ in range(TIMES))
    quoted = ", ".join('"' + key + '"' for key in keys)
    sql = f"select count(*) from one join two using ({quoted})"
    with duckdb.connect() as connection:
        connection.register("one", one.to_arrow())
        connection.register("two", two.to_arrow())
        by_duckdb = min(timed(lambda: connection.sql(sql).fetchall()) for _ in range(TIMES))
    return {
        "question": "whole matches of complete profiles only; all_against_all is ours, with partial ones and deviations",
        "polars_s": round(by_polars, 2),
        "duckdb_s": round(by_duckdb, 2),
    }


def ranking(folder: Path, size: int, smartrank: str | None) -> dict[str, Any]:
    """Rank persons against a mixture of three: ours over a million, and both over the same ``size`` persons."""
    scale = Scale(population("Cauc"), 0.0, Minimum(None, None), Formula.NRC_4_10, closed=True)
    persons = list(synthetic.lines(size, 77, prefix="R"))
    trace = _mixture([profile(_said(persons[number]), Place("bench")) for number in (10, 20, 30)])
    many = Database.open(folder / "persons")
    all_of_them = _timed(trace, many, scale)
    found: dict[str, Any] = {
        "trace": "mixture of three at 16 loci, drop-out 0.1, drop-in 0.05, theta 0",
        "persons": len(many),
        "seconds": round(all_of_them, 3),
        "persons_per_s": round(len(many) / all_of_them),
    }
    if smartrank:
        found["same_persons"] = _beside(folder / "ranked", persons, trace, scale, smartrank)
    return found


def _said(line: str) -> dict[str, Any]:
    import json

    return dict(json.loads(line))


def _ordered(texts: set[str], known: Locus) -> list[str]:
    return sorted(texts, key=lambda text: allele(text, known).place)


def _mixture(givers: list[Profile]) -> Profile:
    loci = {}
    for name in LOCI:
        texts = {one.text for each in givers for one in each.loci[name]}
        loci[name] = _ordered(texts, locus(name))
    return profile({"id": "M-1", "category": "trace", "loci": loci}, Place("bench"))


def _timed(trace: Profile, database: Database, scale: Scale) -> float:
    rank(trace, database.segments, scale, MODEL)
    return median(timed(lambda: rank(trace, database.segments, scale, MODEL)) for _ in range(TIMES))


def _beside(folder: Path, persons: list[str], trace: Profile, scale: Scale, classpath: str) -> dict[str, Any]:
    """Rank the same persons with both, and compare every ratio."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
    database, part = Database.create(folder), folder.with_suffix(".jsonl")
    part.write_text("".join(persons), encoding="ascii")
    took = timed(lambda: database.take_lines(part, inclusion=None))
    part.unlink()
    seconds = _timed(trace, database, scale)
    listed = rank(trace, database.segments, scale, MODEL, most=LISTED, least=-math.inf)
    with tempfile.TemporaryDirectory() as place:
        said = _smartrank(Path(place), persons, trace, scale, classpath)
        shut = _smartrank(Path(place), persons, trace, scale, classpath, shutdown=True)
    theirs = {each[0]: float(each[1]) for each in said if each[0] != "#"}
    times = {each[1]: float(each[2]) for each in said if each[0] == "#"}
    short = {each[1]: float(each[2]) for each in shut if each[0] == "#"}
    return {
        "persons": len(persons),
        "ours_import_s": round(took, 2),
        "ours_rank_s": round(seconds, 4),
        "smartrank_check_s": round(times["checked"], 2),
        "smartrank_rank_from_file_s": round(times["ranked"], 2),
        "smartrank_model_in_memory_s": round(times["model"], 2),
        "smartrank_q_shut_down_rank_from_file_s": round(short["ranked"], 2),
        "smartrank_q_shut_down_model_in_memory_s": round(short["model"], 2),
        "smartrank_persons_per_s_from_file": round(len(persons) / times["ranked"]),
        "smartrank_persons_per_s_in_memory": round(len(persons) / times["model"]),
        "times_faster_than_model_in_memory": round(times["model"] / seconds, 1),
        **_agreement(listed, theirs),
    }


def _agreement(ours: Ranking, theirs: dict[str, float]) -> dict[str, Any]:
    """Return how far the ratios of both are apart, and whether the first hundred are the same."""
    apart = [
        abs(each.log10_lr - theirs[each.id])
        for each in ours.best
        if math.isfinite(each.log10_lr) and math.isfinite(theirs[each.id])
    ]
    first = [each.id for each in ours.best[:100]]
    other = sorted(theirs, key=lambda name: -theirs[name])[:100]
    return {
        "ratios_compared": len(apart),
        "largest_difference_of_log10": float(f"{max(apart):.1e}"),
        "first_hundred_in_common": len({*first} & {*other}),
    }


def _smartrank(
    place: Path, persons: list[str], trace: Profile, scale: Scale, classpath: str, *, shutdown: bool = False
) -> list[list[str]]:
    """Run SmartRank on the same persons, trace and frequencies; return its lines.

    ``shutdown`` is its own default: under the first proposition alleles the trace does not show are left out, which is
    quicker and gives other ratios than the whole model, so that these are compared without it.
    """
    names = [each.replace(" ", "").upper() for each in LOCI]
    head = ",".join(["specimenId", *(f"{name}_{number}" for name in names for number in (1, 2))])
    rows = [_row(_said(each)) for each in persons]
    (place / "persons.csv").write_text("\n".join([head, *rows, ""]), encoding="ascii")
    mixed = [",".join([each, *(a.text for a in trace.loci[name])]) for each, name in zip(names, LOCI, strict=True)]
    (place / "trace.csv").write_text("\n".join(mixed), encoding="ascii")
    (place / "frequencies.csv").write_text("\n".join(_frequencies(names, scale)), encoding="ascii")
    driver = Path(__file__).with_name("SmartRankDriver.java")
    subprocess.run(["javac", "-d", str(place), "-cp", classpath, str(driver)], check=True, capture_output=True)
    files = [str(place / name) for name in ("persons.csv", "trace.csv", "frequencies.csv")]
    by = [str(MODEL.contributors), str(MODEL.dropout), str(MODEL.drop_in), str(scale.theta), str(shutdown).lower()]
    command = ["java", "-Xmx4g", "-cp", f"{place}:{classpath}", "SmartRankDriver", *files, *by]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=place)
    lines = (line.split() for line in done.stdout.splitlines())
    return [each for each in lines if len(each) in (2, 3) and (each[0] == "#" or each[0].startswith("R-"))]


def _row(said: dict[str, Any]) -> str:
    return ",".join([said["id"], *(text for name in LOCI for text in said["loci"][name])])


def _frequencies(names: list[str], scale: Scale) -> Iterator[str]:
    table = {name: scale.population.frequencies[name] for name in LOCI}
    yield ",".join(["Allele", *names])
    alleles = {text for each in table.values() for text in each if text[0] not in "<>"}
    for text in sorted(alleles, key=float):
        yield ",".join([text, *(_frequency(name, text, scale) for name in LOCI)])


def _frequency(name: str, text: str, scale: Scale) -> str:
    if text not in scale.population.frequencies[name]:
        return ""
    value = scale.population.frequency(name, allele(text, locus(name)), scale.minimum)
    return "" if value is None else repr(value)
