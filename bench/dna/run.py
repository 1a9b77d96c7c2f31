"""Measure the DNA database against limits and peers in the same run; write ``bench/results/dna.json``.

    python bench/dna/run.py --dir FOLDER [--size 10000000] [--pairs 1000000] [--peers]

Limits: the time to read the bytes a search touches at least (all of the first column, then only the lines of memory
that hold rows not yet failed). Peers: a brute-force scan in numpy; with ``--peers`` joins on keys in polars and duckdb
(``pip install polars duckdb``), which find only whole matches of complete profiles. Times are medians; figures to quote
are ratios, because machines are noisy.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import synthetic

from comity.forensics.dna.index.database import Database
from comity.forensics.dna.index.join import join
from comity.forensics.dna.index.search import asked, filters
from comity.forensics.dna.place import Place
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.reader import profile
from comity.forensics.dna.rules import rule_set

LINE = 64
"""Bytes of a line of memory."""
QUERIES = 40
PRUM = rule_set("prum")


def timed(work: Callable[[], object]) -> float:
    """Return the seconds a piece of work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def queries(count: int, seed: int, **how: float) -> list[Profile]:
    """Return queries nobody is."""
    made = synthetic.lines(count, seed, prefix="Q", category="trace", **how)  # type: ignore[arg-type]
    return [profile(json.loads(line), Place("bench")) for line in made]


def fill(folder: Path, size: int, seed: int = 1, **how: Any) -> tuple[Database, list[float]]:
    """Return a database of ``size`` profiles and the rates of its imports, in profiles a second."""
    shutil.rmtree(folder, ignore_errors=True)
    database, rates = Database.create(folder), []
    part = folder.with_suffix(".jsonl")
    for begin in range(0, size, 4_000_000):
        count = min(4_000_000, size - begin)
        synthetic.write(
            part,
            count,
            seed + begin,
            prefix=f"{how.get('mark', 'P')}{begin}",
            **{k: v for k, v in how.items() if k != "mark"},
        )
        rates.append(count / timed(lambda: database.take_lines(part, inclusion=None)))
    part.unlink(missing_ok=True)
    return database, rates


def touched(database: Database, query: Profile) -> int:
    """Return the bytes a search must touch: lines of memory of each column that hold a row not yet failed."""
    total = 0
    for segment in database.segments:
        ordered = sorted(filters(asked(query, PRUM), segment), key=lambda each: each.weight)
        alive, away = np.ones(segment.rows, dtype=bool), np.zeros(segment.rows, dtype=np.uint8)
        for each in ordered:
            rows = np.flatnonzero(alive)
            total += len(np.unique(rows * 2 // LINE)) * LINE
            away[rows] += each.away[segment.codes[each.column, rows]]
            alive &= away <= 1
    return total


def bandwidth(database: Database) -> float:
    """Return bytes read a second from the maps of the codes, by two threads that sum them."""
    from concurrent.futures import ThreadPoolExecutor

    parts = [half for s in database.segments for half in np.array_split(s.codes.reshape(-1).view(np.uint8), 2)]
    parts = [part[: len(part) // 8 * 8].view(np.uint64) for part in parts]
    with ThreadPoolExecutor(2) as pool:
        seconds = min(timed(lambda: list(pool.map(np.bitwise_or.reduce, parts))) for _ in range(3))
    return sum(part.nbytes for part in parts) / seconds


def brute(database: Database, query: Profile) -> list[str]:
    """Search as one would in plain numpy: every locus of every row."""
    found = []
    for segment in database.segments:
        full = np.zeros(segment.rows, dtype=np.uint8)
        away = np.zeros(segment.rows, dtype=np.uint8)
        for each in filters(asked(query, PRUM), segment):
            codes = segment.codes[each.column]
            full += each.counts[codes]
            away += each.away[codes]
        found += [segment.id(int(row)) for row in np.flatnonzero((full >= 6) & (away <= 1))]
    return found


def searches(database: Database, asked_for: list[Profile]) -> dict[str, Any]:
    """Measure searches against reading and against brute force."""
    database.search(asked_for[0], PRUM)
    speed = bandwidth(database)
    rows = []
    for query in asked_for:
        seconds = timed(lambda query=query: database.search(query, PRUM))  # type: ignore[misc]
        rows.append((seconds, touched(database, query) / speed))
    slow = asked_for[:5]
    plain = median(timed(lambda query=query: brute(database, query)) for query in slow)  # type: ignore[misc]
    seconds = median(row[0] for row in rows)
    return {
        "median_ms": round(seconds * 1000, 2),
        "p95_ms": round(float(np.quantile([row[0] for row in rows], 0.95)) * 1000, 2),
        "limit_ms": round(median(row[1] for row in rows) * 1000, 2),
        "times_the_limit": round(median(a / b for a, b in rows), 2),
        "brute_force_numpy_ms": round(plain * 1000, 1),
        "times_faster_than_brute_force": round(plain / seconds, 1),
        "bandwidth_gb_s": round(speed / 1e9, 2),
        "queries": len(rows),
    }


def bulk(folder: Path, size: int) -> dict[str, Any]:
    """Match all against all, 30% of one side partial."""
    persons, _ = fill(folder / "persons", size)
    traces, _ = fill(folder / "traces", size, 500_000_000, mark="T", category="trace", partial=0.3)
    begun = time.perf_counter()
    found = sum(1 for _ in join(traces, persons, PRUM))
    return {"profiles": [size, size], "seconds": round(time.perf_counter() - begun, 1), "matches": found}


def peers(folder: Path) -> dict[str, Any]:
    """Join the complete profiles on all loci in polars and duckdb, and in our engine under the same question."""
    import duckdb
    import polars as pl

    persons, traces = Database.open(folder / "persons"), Database.open(folder / "traces")
    tables = []
    for database in (traces, persons):
        columns: dict[str, list[str]] = {}
        for number, name in enumerate(database.segments[0].loci):
            texts = np.array([" ".join(a.text for a in each) for each in database.segments[0].plain[number]] + [""])
            codes = database.segments[0].codes[number].astype(np.int64)
            columns[name] = texts[np.where(codes < len(texts) - 1, codes, len(texts) - 1)].tolist()
        table = pl.DataFrame({"row": range(len(database.segments[0].codes[0])), **columns})
        tables.append(table.filter(pl.all_horizontal(pl.col(name) != "" for name in columns)))
    one, two = tables
    keys = [name for name in one.columns if name != "row"]
    by_polars = min(timed(lambda: one.join(two, on=keys)) for _ in range(3))
    quoted = ", ".join('"' + key + '"' for key in keys)
    sql = f"select count(*) from one join two using ({quoted})"
    with duckdb.connect() as connection:
        connection.register("one", one.to_arrow())
        connection.register("two", two.to_arrow())
        by_duckdb = min(timed(lambda: connection.sql(sql).fetchall()) for _ in range(3))
    return {
        "question": "whole matches of complete profiles only; all_against_all is ours, with partial ones and deviations",
        "polars_s": round(by_polars, 2),
        "duckdb_s": round(by_duckdb, 2),
    }


def main() -> None:
    """Run and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--size", type=int, default=10_000_000)
    parser.add_argument("--pairs", type=int, default=1_000_000)
    parser.add_argument("--peers", action="store_true")
    args = parser.parse_args()
    args.dir.mkdir(parents=True, exist_ok=True)
    said: dict[str, Any] = {
        "on": f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}",
        "profiles": "16 loci of the European set, synthetic; 10% of the database partial, 0.5% of typings with a wildcard",
    }
    growth: list[dict[str, Any]] = []
    for size in [10**power for power in range(4, 8) if 10**power < args.size] + [args.size]:
        database, rates = fill(args.dir / "growing", size, partial=0.1, wild=0.005)
        whole = searches(database, queries(QUERIES, 7))
        growth.append({"profiles": size, **whole, "import_per_s": round(median(rates))})
        print(json.dumps(growth[-1]))
    some = [each for each in queries(2 * QUERIES, 8, partial=1.0) if len(each.loci) >= 7][:QUERIES]
    said["import"] = {
        "profiles_per_s": round(median(rates)),
        "bytes_of_codes_per_profile": 2 * len(database.segments[0].loci),
    }
    said["open_ms"] = round(timed(lambda: Database.open(args.dir / "growing")) * 1000, 2)
    said["search_full"], said["search_partial"] = growth[-1], searches(database, some)
    said["growth"] = growth
    said["all_against_all"] = bulk(args.dir, args.pairs)
    if args.peers:
        said["peers"] = peers(args.dir)
    said["peak_memory_gb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2)
    target = Path(__file__).parent.parent / "results" / "dna.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(said, indent=2))


if __name__ == "__main__":
    main()
