"""The law beside its nearest public peers, each measured in its own program.

    .venv/bin/python bench/law/peers.py --openfisca PYTHON --facilex DIR [--swipl swipl]

OpenFisca-Core (a Python with ``openfisca-core`` installed): as many dated parameters as the law base has dated facts, one YAML
file each, loaded, and the whole tree taken at a day. Comparable: reading dated law from files and asking for its state on a day.
Not comparable: OpenFisca computes vectors over populations and knows no parties, relations or precedence; we compute no amounts.

FACILEX (LegalMachineLab/FACILEX, EUPL-1.2, in SWI-Prolog): the grounds for refusing a European Investigation Order in its own case
study. Comparable: the grounds of one instrument for one case. Not comparable: FACILEX knows three instruments and five states and
decides on about a hundred facts of domestic law, which we do not; we place a hundred instruments for any two states and day first.

``bench/law/run.py`` measures them in its own run when it is told where they are. Adds ``peers`` to ``bench/results/law.json``; a ratio above 1 says how many times longer the peer takes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from comity.law import LawBase, Question, resolve
from comity.law.binding import bindings
from comity.law.index import index_of

RESULTS = Path(__file__).parents[1] / "results" / "law.json"

OPENFISCA = """
import sys, time
from openfisca_core.parameters import ParameterNode
begun = time.process_time()
tree = ParameterNode("law", directory_path=sys.argv[1])
loaded = time.process_time() - begun
days = [f"{year}-{month:02d}-{day:02d}" for year in range(1990, 2027) for month in (1, 5, 9) for day in (3, 17)]
tree("1989-01-01")
begun = time.process_time()
for day in days:
    tree(day)
print(loaded, (time.process_time() - begun) / len(days))
"""

FACILEX = """
:- style_check(-discontiguous), style_check(-singleton).
:- set_prolog_flag(unknown, fail).
:- ['{folder}/sources/EIO/Directive_2014_41_v2.pl'].
:- dynamic issuing_member_state/1, executing_member_state/1, measure_type/2, offence_type/1.
issuing_member_state(italy).
executing_member_state(portugal).
measure_type(interception_of_telecommunications, eio).
offence_type(money_laundering).
art4_a_applies.
run(0) :- !.
run(N) :- findall(G, optional_refusal(G, portugal, europeanInvestigationOrder), _), M is N - 1, run(M).
:- statistics(cputime, A), run(20000), statistics(cputime, B), T is (B - A) / 20000, write(T), nl, halt.
"""


def main() -> None:
    """Measure what is there, print, write."""
    wanted = argparse.ArgumentParser(description="The law beside its peers.")
    wanted.add_argument("--openfisca", type=Path, help="a Python in which openfisca-core is installed")
    wanted.add_argument("--facilex", type=Path, help="a checkout of LegalMachineLab/FACILEX")
    wanted.add_argument("--swipl", default="swipl")
    args = wanted.parse_args()
    base = LawBase.load()
    found: dict[str, Any] = {}
    if args.openfisca:
        found["openfisca"] = openfisca(args.openfisca, base)
    if args.facilex:
        found["facilex"] = facilex(args.swipl, args.facilex, base)
    for name, row in found.items():
        print(name)
        for key, value in row.items():
            print(f"  {key:<42}{value}")
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    kept["peers"] = {**kept.get("peers", {}), **found}
    RESULTS.write_text(json.dumps(kept, indent=2) + "\n")


def openfisca(python: Path, base: LawBase) -> dict[str, Any]:
    """Return the seconds both take to load as many dated facts, and to say what holds on one more day."""
    count = sum(len(each) for each in base.parties.values()) + len(base.rules) + len(base.declarations)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for number in range(count):
            folder = root / f"part_{number // 60}"
            folder.mkdir(exist_ok=True)
            text = f"description: fact {number}\nvalues:\n  1990-01-01:\n    value: 0\n  {1991 + number % 35}-06-01:\n    value: 1\n"
            (folder / f"fact_{number}.yaml").write_text(text)
        told = subprocess.run(
            [python, "-c", OPENFISCA, name], capture_output=True, text=True, check=True
        ).stdout.split()
    load, instant = map(float, told)
    begun = time.process_time()
    LawBase.load()
    ours = time.process_time() - begun
    index = index_of(base)
    days = [date(1990, 1, 3) + timedelta(days=60 * step) for step in range(222)]
    bindings(index, *PAIR, date(1989, 1, 1), {})
    begun = time.process_time()
    for on in days:
        bindings(index, *PAIR, on, {})
    bound = (time.process_time() - begun) / len(days)
    return {
        "dated facts": count,
        "load, peer (s)": round(load, 3),
        "load, ours, without compiled form (s)": round(ours, 3),
        "load, ratio": round(load / ours, 1),
        "whole tree at a day, peer (ms)": round(instant * 1000, 3),
        "who is bound, two states at a day, ours (ms)": round(bound * 1000, 3),
        "at a day, ratio": round(instant / bound, 1),
    }


PAIR: Any = ("UA", "DE")


def facilex(swipl: str, folder: Path, base: LawBase) -> dict[str, Any]:
    """Return the seconds of one answer of the Prolog rules on one instrument, and of ours on all of them."""
    with tempfile.NamedTemporaryFile("w", suffix=".pl") as file:
        file.write(FACILEX.format(folder=folder.resolve()))
        file.flush()
        told = subprocess.run(
            [swipl, "-q", file.name], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
        )
    peer = float(told.stdout.split()[-1])
    questions = [
        Question.read(
            requesting="IT",
            requested="PT",
            measures=["interception_content"],
            offences=["money_laundering"],
            on=date(2018, 1, 1) + timedelta(days=step),
            base=base,
        )
        for step in range(600)
    ]
    resolve(questions[0], base)
    begun = time.process_time()
    for question in questions:
        resolve(question, base)
    ours = (time.process_time() - begun) / len(questions)
    return {
        "grounds of one instrument, peer (ms)": round(peer * 1000, 4),
        "whole answer, all instruments, ours (ms)": round(ours * 1000, 4),
        "ratio": round(peer / ours, 3),
    }


if __name__ == "__main__":
    main()
