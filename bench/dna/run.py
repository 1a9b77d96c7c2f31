"""Measure the DNA database against limits and peers in the same run; write ``bench/results/dna.json``.

    python bench/dna/run.py --dir FOLDER [--size 10000000] [--pairs 1000000] [--peers] [--spark] [--smartrank CLASSPATH]

Limits: reading exactly the lines of memory a search goes through, with as many threads, and reading what a search of the
codes alone would have to (`reading`). Peers: a brute-force scan in numpy; with ``--peers`` joins on keys in polars and
duckdb (``pip install polars duckdb``); with ``--smartrank`` SmartRank, built outside this repository (`peers`); with
``--spark`` the same join on PySpark (`spread`). Times are medians; figures to quote are ratios, because machines are
noisy. All against all is run in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numpy as np
import peers
import spread
import synthetic
from reading import BYTES, bandwidth, codes_touched, reading, timed, touched

from comity.forensics.dna.index.database import Database
from comity.forensics.dna.index.join import join
from comity.forensics.dna.index.search import MANY, THREADS, asked, candidates, filters, limits
from comity.forensics.dna.place import Place
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.reader import profile
from comity.forensics.dna.rules import rule_set

QUERIES = 40
PRUM = rule_set("prum")


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
    """Measure searches against reading what they touch and against brute force.

    All searches first, then all readings in the same order, so that each finds the caches as its forerunner left them.
    """
    database.search(asked_for[0], PRUM)
    segments, (_, most) = database.segments, limits(asked(asked_for[0], PRUM).match)
    threads = THREADS if sum(each.rows for each in segments) >= MANY else 1
    seconds = [timed(lambda query=query: database.search(query, PRUM)) for query in asked_for]
    scans = [timed(lambda query=query: list(candidates(asked(query, PRUM), segments, threads))) for query in asked_for]
    lines = [touched(database, query, PRUM) for query in asked_for]
    reading(lines[0])
    reads = [reading(each) for each in lines]
    sizes = [sum(len(found) for _, found in each) * BYTES for each in lines]
    speed = bandwidth(database)
    codes = [codes_touched(database, query, PRUM, most) for query in asked_for]
    plain = median(timed(lambda query=query: brute(database, query)) for query in asked_for[:5])
    return {
        "median_ms": _ms(median(seconds)),
        "p95_ms": _ms(float(np.quantile(seconds, 0.95))),
        "of_it_in_planes_ms": _ms(median(scans)),
        "planes_touched_mb": round(median(sizes) / 1e6, 2),
        "reading_them_ms": _ms(median(reads)),
        "times_reading_the_planes_touched": round(median(a / b for a, b in zip(seconds, reads, strict=True)), 2),
        "codes_a_scan_touches_mb": round(median(codes) / 1e6, 2),
        "reading_those_ms": _ms(median(codes) / speed),
        "times_reading_the_codes_touched": round(median(a / b * speed for a, b in zip(seconds, codes, strict=True)), 2),
        "reading_all_codes_ms": _ms(sum(each.codes.nbytes for each in segments) / speed),
        "brute_force_numpy_ms": round(plain * 1000, 1),
        "times_faster_than_brute_force": round(plain / median(seconds), 1),
        "bandwidth_gb_s": round(speed / 1e9, 2),
        "queries": len(seconds),
    }


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)


def size_of(database: Database) -> dict[str, float]:
    """Return the bytes a profile takes on disk, by what they are for."""
    files: Counter[str] = Counter()
    for each in json.loads((database.folder / "manifest.json").read_bytes())["segments"]:
        files.update(each["files"])
    rows = len(database)
    kept = {"codes": files["codes"] / rows, "planes": files["planes"] / rows}
    rest = sum(files.values()) / rows - sum(kept.values())
    loci = len(database.segments[0].loci)
    return {
        "loci": loci,
        **{name: round(each, 1) for name, each in kept.items()},
        "id_category_hashes_and_the_rest": round(rest, 1),
        "codes_for_24_loci": 48,
        "planes_for_24_loci": 24,
    }


def fresh(*words: str) -> dict[str, Any]:
    """Run a part of this program in a process of its own and return what it says."""
    done = subprocess.run([sys.executable, __file__, *words], capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def opened(folder: Path) -> dict[str, float]:
    """Measure opening a database and the first search in it, which reads its tables and loads the compiled code."""
    (query,) = queries(1, 9)
    begun = perf_counter()
    database = Database.open(folder)
    opened_at = perf_counter()
    database.search(query, PRUM)
    return {"open_ms": _ms(opened_at - begun), "first_search_ms": _ms(perf_counter() - opened_at)}


def peak() -> float:
    """Return the most memory this process had resident, in GB, mapped files included.

    Not of `resource`: what that says begins with what the process had that started this one.
    """
    said = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in said.splitlines() if line.startswith("VmHWM")) / 2**20


def joined(folder: Path) -> dict[str, Any]:
    """Match all against all and tell the seconds, the matches and the most memory this process had."""
    persons, traces = Database.open(folder / "persons"), Database.open(folder / "traces")
    begun, worked = perf_counter(), process_time()
    found = sum(1 for _ in join(traces, persons, PRUM))
    seconds, worked = perf_counter() - begun, process_time() - worked
    return {
        "profiles": [len(traces), len(persons)],
        "seconds": round(seconds, 1),
        "processor_seconds": round(worked, 1),
        "matches": found,
        "peak_memory_gb_of_a_fresh_process": round(peak(), 2),
    }


def _bulk(folder: Path, size: int) -> dict[str, Any]:
    """Match ``size`` traces, 30% of them partial, against as many persons in a process of its own."""
    fill(folder / "persons", size)
    fill(folder / "traces", size, 500_000_000, mark="T", category="trace", partial=0.3)
    return fresh("--dir", str(folder), "--only", "join")


def main() -> None:
    """Run and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--size", type=int, default=10_000_000)
    parser.add_argument("--pairs", type=int, default=1_000_000)
    parser.add_argument("--ranked", type=int, default=20_000)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--smartrank", metavar="CLASSPATH")
    parser.add_argument("--spark", action="store_true")
    parser.add_argument("--only", choices=["join", "open"], help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "results" / "dna.json")
    args = parser.parse_args()
    if args.only:
        print(json.dumps(joined(args.dir) if args.only == "join" else opened(args.dir)))
        return
    args.dir.mkdir(parents=True, exist_ok=True)
    said: dict[str, Any] = {
        "on": f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}",
        "load_when_begun": round(os.getloadavg()[0], 1),
        "profiles": "16 loci of the European set, synthetic; 10% of the database partial, 0.5% of typings with a wildcard",
    }
    growth: list[dict[str, Any]] = []
    for size in [10**power for power in range(4, 8) if 10**power < args.size] + [args.size]:
        database, rates = fill(args.dir / "growing", size, partial=0.1, wild=0.005)
        whole = searches(database, queries(QUERIES, 7))
        growth.append({"profiles": size, **whole, "import_per_s": round(median(rates))})
        print(json.dumps(growth[-1]), flush=True)
    some = [each for each in queries(2 * QUERIES, 8, partial=1.0) if len(each.loci) >= 7][:QUERIES]
    said["import"] = {"profiles_per_s": round(median(rates))}
    said["bytes_a_profile"] = size_of(database)
    said |= fresh("--dir", str(args.dir / "growing"), "--only", "open")
    said["search_full"], said["search_partial"] = growth[-1], searches(database, some)
    said["growth"] = growth
    said["all_against_all_growth"] = [_bulk(args.dir, args.pairs // part) for part in (8, 4, 2)]
    said["all_against_all"] = _bulk(args.dir, args.pairs)
    if args.peers:
        said["peers"] = peers.engines(args.dir)
    said["ranking"] = peers.ranking(args.dir, args.ranked, args.smartrank)
    if args.spark:
        said["spark"] = spread.workers(args.dir)
    args.out.parent.mkdir(exist_ok=True)
    args.out.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(said, indent=2))


if __name__ == "__main__":
    main()
