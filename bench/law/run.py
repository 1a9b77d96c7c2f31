"""How fast the law answers: loading, one resolution, the matrix of the world.

    .venv/bin/python bench/law/run.py [--questions N] [--matrix] [--states N] [--world] [--openfisca PYTHON] [--facilex DIR]

Prints the ratio of each figure to its target (below 1 is better than the target) and writes ``bench/results/law.json``. Times are
of this process alone (CPU), so that a busy machine does not count as slow code; ``wall`` stands beside. Questions are drawn
with a fixed seed: half between states with many treaties, half between any states; days since 1990; measures and offences at
random. The index of the law base is built by the first question and counted as ``first``. ``--world`` orders the bases for every
pair of states, every quarter since 1990 and every measure, on one core and, as ``comity law check`` does, on all. With a peer
named (``bench/law/peers.py`` says what they are) it is measured in the same run.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from peers import facilex, openfisca

from comity.cli.law_world import over_the_world
from comity.law import LawBase, Question, resolve
from comity.law.matrix import matrix, states_of
from comity.law.world import quarters, world

RESULTS = Path(__file__).parents[1] / "results" / "law.json"
BUSY = "UA DE FR PL ES IT GB US CH RO MD TR KZ RU NL DK IE NO".split()
TARGETS = {"load_cold": 10.0, "load_compiled": 1.0, "median": 0.001, "p99": 0.005, "matrix": 300.0, "world": 600.0}


def main() -> None:
    """Measure, print, write."""
    wanted = argparse.ArgumentParser(description="Benchmark of the law.")
    wanted.add_argument("--questions", type=int, default=6000)
    wanted.add_argument("--matrix", action="store_true", help="all states by all states by all measures")
    wanted.add_argument("--states", type=int, default=0, help="only so many states in the matrix")
    wanted.add_argument("--world", action="store_true", help="every pair, every quarter since 1990, every measure")
    wanted.add_argument("--openfisca", type=Path, help="a Python in which openfisca-core is installed")
    wanted.add_argument("--facilex", type=Path, help="a checkout of LegalMachineLab/FACILEX")
    wanted.add_argument("--swipl", default="swipl")
    args = wanted.parse_args()
    found: dict[str, Any] = {"loading": loading()}
    base = LawBase.load()
    found["counts"] = {
        "instruments": len(base.instruments),
        "memberships": sum(len(each) for each in base.parties.values()),
        "provisions": len(base.rules),
        "declarations": len(base.declarations),
        "relations": len(base.relations),
    }
    found["resolution"] = resolution(base, args.questions)
    if args.matrix:
        found["matrix"] = whole(base, args.states)
    if args.world:
        found["world"] = since_1990(base)
    show(found)
    peers = {}
    if args.openfisca:
        peers["openfisca"] = openfisca(args.openfisca, base)
    if args.facilex:
        peers["facilex"] = facilex(args.swipl, args.facilex, base)
    for name, row in peers.items():
        print(name, *(f"  {key:<44}{value}" for key, value in row.items()), sep="\n")
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.parent.mkdir(exist_ok=True)
    found["peers"] = {**kept.get("peers", {}), **peers}
    RESULTS.write_text(json.dumps({**kept, **found}, indent=2) + "\n")


def loading() -> dict[str, float]:
    """Return the seconds of a load without and with the compiled form."""
    with tempfile.TemporaryDirectory() as folder:
        cold, wall = timed(lambda: LawBase.load(cache=Path(folder)))
        compiled, wall_compiled = timed(lambda: LawBase.load(cache=Path(folder)))
    return {"cold": cold, "cold_wall": wall, "compiled": compiled, "compiled_wall": wall_compiled}


def timed(work: Any) -> tuple[float, float]:
    """Return the CPU and wall seconds of some work."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return round(time.process_time() - cpu, 4), round(time.perf_counter() - wall, 4)


def resolution(base: LawBase, count: int) -> dict[str, Any]:
    """Return the seconds of single resolutions: the first, and of all others median, p99 and greatest."""
    draw = random.Random(1959)  # the same questions every time
    every, measures, offences = states_of(base), list(base.measures), list(base.offences)
    questions = [
        Question.read(
            requesting=pair[0],
            requested=pair[1],
            measures=[draw.choice(measures)],
            offences=[draw.choice(offences)],
            on=date(1990, 1, 1) + timedelta(days=draw.randrange(13500)),
            base=base,
        )
        for number in range(count)
        for pair in [draw.sample(BUSY if number % 2 else every, 2)]
    ]
    first, _ = timed(lambda: resolve(questions[0], base))
    for question in questions[: count // 20]:
        resolve(question, base)
    cpu, wall = zip(*(timed_small(question, base) for question in questions), strict=True)
    return {
        "count": count,
        "first": first,
        "median": round(statistics.median(cpu), 6),
        "p99": round(sorted(cpu)[int(count * 0.99)], 6),
        "greatest": round(max(cpu), 6),
        "median_wall": round(statistics.median(wall), 6),
        "p99_wall": round(sorted(wall)[int(count * 0.99)], 6),
    }


def timed_small(question: Question, base: LawBase) -> tuple[float, float]:
    """Return the CPU and wall seconds of one resolution."""
    cpu, wall = time.process_time(), time.perf_counter()
    resolve(question, base)
    return time.process_time() - cpu, time.perf_counter() - wall


def whole(base: LawBase, count: int) -> dict[str, Any]:
    """Return the seconds of the matrix, and how far its work is shared: distinct answers among pairs."""
    states = states_of(base)[:count] if count else states_of(base)
    pairs, kinds = 0, set()

    def walk() -> None:
        nonlocal pairs
        for _, _, cells in matrix(base, list(base.measures), date(2026, 11, 24), states):
            pairs += 1
            kinds.add(id(cells))

    cpu, wall = timed(walk)
    return {
        "states": len(states),
        "measures": len(base.measures),
        "pairs": pairs,
        "kinds_of_pairs": len(kinds),
        "seconds": cpu,
        "wall": wall,
        "bound_by": "one placing per kind of pair and measure; kinds are pairs bound by the same instruments",
    }


def since_1990(base: LawBase) -> dict[str, Any]:
    """Return the seconds of the whole world since 1990 on one core and on all, and how far its work is shared."""
    until = date(2026, 11, 24)
    days = quarters(1990, until)
    seen: list[Any] = []
    cpu, wall = timed(lambda: seen.append(world(base, days)))
    args = argparse.Namespace(since=1990, processes=0, lawbase=None)
    _, wall_all = timed(lambda: seen.append(over_the_world(args, base, until)))
    one, every = seen
    if (one.questions, one.first) != (every.questions, every.first):
        raise SystemExit("one core and all cores do not find the same")
    return {
        "quarters": len(days),
        "questions": one.questions,
        "kinds_of_pairs": one.kinds,
        "distinct_orders": one.placings,
        "first": dict(sorted(one.first.items())),
        "findings": len(one.findings),
        "seconds": cpu,
        "wall": wall,
        "wall_on_all_cores": wall_all,
    }


def show(found: dict[str, Any]) -> None:
    """Print every figure with its target and the ratio of the two."""
    rows = [
        ("load, cold (s)", found["loading"]["cold"], TARGETS["load_cold"]),
        ("load, compiled (s)", found["loading"]["compiled"], TARGETS["load_compiled"]),
        ("one resolution, median (ms)", found["resolution"]["median"] * 1000, TARGETS["median"] * 1000),
        ("one resolution, p99 (ms)", found["resolution"]["p99"] * 1000, TARGETS["p99"] * 1000),
    ]
    if "matrix" in found:
        rows.append(("matrix of the world (s)", found["matrix"]["seconds"], TARGETS["matrix"]))
    if "world" in found:
        rows.append(("whole world since 1990 (s)", found["world"]["seconds"], TARGETS["world"]))
    print(f"{'':<32}{'measured':>12}{'target':>12}{'ratio':>9}")
    for name, value, target in rows:
        print(f"{name:<32}{value:>12.3f}{target:>12.3f}{value / target:>9.2f}")


if __name__ == "__main__":
    main()
