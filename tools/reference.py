"""Write the generated pages of ``docs/reference``; ``--check`` says which are out of date and writes nothing."""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import os
import pkgutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from dna_pages import growth, reckoning

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
PACKAGES = (
    *("law", "signing", "record", "request", "evidence", "forensics", "exchange", "flow", "adapters", "cli", "node"),
)
COUNTED = (
    "*States* counts those whose participation is recorded, *rules* and *declarations* what is modelled, *looked up* how "
    "many of the rules were read in their source; the others are recalled and are to be checked before they are relied on."
)
NOTE = "<!-- Written by tools/reference.py; do not edit. -->\n\n"


def errors() -> str:
    """One line for each error: its code, its sentence, cause and remedy."""
    from comity.errors import ComityError

    for package in PACKAGES:
        _load(f"comity.{package}")

    def leaves(kind: type[ComityError]) -> Iterator[type[ComityError]]:
        yield kind
        for below in sorted(kind.__subclasses__(), key=lambda k: k.code):
            yield from leaves(below)

    lines = ["# Errors\n", "Codes are stable: other programs may rely on them.\n"]
    lines += ["| code | what failed | likely cause | what to do | exit |", "|---|---|---|---|---|"]
    for kind in sorted(set(leaves(ComityError)), key=lambda k: (k.code, k.__name__)):
        sentence = (inspect.getdoc(kind) or "").splitlines()[0]
        cells = (f"`{kind.code}`", sentence, kind.cause, kind.remedy, str(kind.exit_code))
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def _load(package: str) -> None:
    try:
        found = importlib.import_module(package)
    except ModuleNotFoundError:
        return
    for module in pkgutil.walk_packages(found.__path__, package + "."):
        if module.name.endswith(".errors"):
            importlib.import_module(module.name)


def commands() -> str:
    """Print the help of every command."""
    from comity.cli.main import parser

    os.environ["COLUMNS"] = "100"
    lines = ["# Commands\n"]

    def walk(found: argparse.ArgumentParser) -> None:
        lines.extend([f"## `{found.prog}`\n", "```text", found.format_help().rstrip(), "```\n"])
        for action in vars(found)["_actions"]:  # argparse keeps no public list
            if isinstance(choices := action.choices, dict):
                for below in dict.fromkeys(choices.values()):
                    walk(below)

    walk(parser())
    return "\n".join(lines)


def api() -> str:
    """List the operations of the node's REST API."""
    schema: dict[str, Any] = _node("comity.node.api").api.get_openapi_schema()
    lines = ["# REST API\n", "Every refusal is `application/problem+json` with a code of [errors](errors.md).\n"]
    lines += ["| operation | what it does |", "|---|---|"]
    for path, operations in sorted(schema["paths"].items()):
        for verb, operation in operations.items():
            text = (operation.get("description") or operation.get("summary") or "").strip().split("\n")[0]
            lines.append(f"| `{verb.upper()} {path}` | {text} |")
    return "\n".join(lines) + "\n"


def _node(module: str) -> Any:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.node.settings")
    import django

    django.setup()
    return importlib.import_module(module)


def instruments() -> str:
    """List the instruments of the law base and how much of each is modelled."""
    from comity.law.base import LawBase

    base = LawBase.load()
    declared = Counter(found.instrument for found in base.declarations.values())
    lines = [
        "# Instruments\n",
        f"Law base {base.release}. {COUNTED}\n",
        "| id | title | reference | status | states | rules | looked up | declarations |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for key, found in sorted(base.instruments.items()):
        rules = base.rules_of.get(key, ())
        read = sum(rule.basis == "looked-up" for rule in rules)
        states = len(base.parties.get(key, ()))
        lines.append(
            f"| `{key}` | {found.title} | {found.reference} | {found.status.replace('_', ' ')} | {states} | {len(rules)} "
            f"| {read} | {declared[key]} |"
        )
    return "\n".join(lines) + "\n"


MEASURED = {
    "law": "Law base and resolver. Seconds are of processor time unless they say wall. `python bench/law/run.py`, and "
    "`bench/law/peers.py` for the peers.",
    "evidence": "Store, pack and verify a package, against `sha256sum` over the same bytes in the same run. "
    "`python bench/evidence/run.py`.",
    "dna": "Import, search, ranking and all against all, against the memory a search must read and against peers in the "
    "same run. `python bench/dna/run.py --dir FOLDER --peers --spark --smartrank CLASSPATH`.",
}
DNA_NOTES = """![One search by the size of the database](dna-growth.svg)

- A search reads bit planes ([why](../explanation/dna-at-scale.md)): *planes touched* are the lines of memory it goes
  through, *reading them* is reading exactly these and nothing else with the same threads in the same run, and *times
  reading the planes touched* is the search over that. It touches about one byte a profile. Up to a million profiles that
  is less than the processor's caches hold and done in a tenth of a millisecond: what is left then is planning the
  search and handing it to a thread, so that the ratio says little there. It is the figure for ten million and more.
- *Codes a scan touches* is the least that a search without planes reads, all of the most telling locus and then the
  lines that hold rows not yet failed; *times reading the codes touched* is the search over reading these.
- SmartRank ranks by the same model (LRmix). Compared are the ratios of the first thousand, with its *Q designation shutdown*
  off; that is on by default, leaves alleles out of the first proposition, and gives other ratios. *In memory* is its
  model alone over profiles it has read, which is the fairest to it: its search also reads its file each time, writes a
  log and a report, and estimates drop-out, none of which is counted. Not comparable are our import, which is paid once,
  and memory. The largest database among its own test files has 300,000 profiles by its name; no larger size and no rate
  was found published for it.
- polars and duckdb answer a smaller question than *all against all*: equal at all loci, complete profiles only.
"""


def performance() -> str:
    """Show the latest results of the benchmarks, figure by figure."""
    lines = [
        "# Performance\n",
        "The latest results in `bench/results/`. Machines are noisy: quote ratios and medians, not single times.\n",
    ]
    for name, said in MEASURED.items():
        results = ROOT / "bench" / "results" / f"{name}.json"
        found = json.loads(results.read_text())
        lines += [
            f"## {name}\n",
            f"{said}\n",
            *([DNA_NOTES] if name == "dna" else []),
            "| figure | value |",
            "|---|---|",
        ]
        lines += [f"| {label} | {value} |" for label, value in _figures(found, "")]
        if name == "dna":
            lines += ["\n### 100 million profiles, reckoned from these figures\n", *reckoning(found)]
        lines.append("")
    return "\n".join(lines)


def dna_growth() -> str:
    """Draw the growth of the DNA search."""
    return growth(json.loads((ROOT / "bench" / "results" / "dna.json").read_text())["growth"])


def _figures(found: Any, label: str) -> Iterator[tuple[str, str]]:
    """Yield the figures of a result with where they stand."""
    if isinstance(found, dict):
        for name, each in found.items():
            yield from _figures(each, f"{label}, {name}".removeprefix(", ").replace("_", " "))
    elif isinstance(found, list) and any(isinstance(each, dict) for each in found):
        for each in found:
            first = next(iter(each))
            yield from _figures({k: v for k, v in each.items() if k != first}, f"{label}, {each[first]} {first}")
    else:
        yield label, ", ".join(map(str, found)) if isinstance(found, list) else str(found)


PAGES: dict[str, Callable[[], str]] = {
    "errors.md": errors,
    "commands.md": commands,
    "api.md": api,
    "instruments.md": instruments,
    "performance.md": performance,
    "dna-growth.svg": dna_growth,
}


def main() -> int:
    """Write or check every page; return 1 where a check finds one that is out of date."""
    check = "--check" in sys.argv[1:]
    old = []
    for name, page in PAGES.items():
        target, text = REFERENCE / name, NOTE + page()
        if target.exists() and target.read_text() == text:
            continue
        old.append(name)
        if not check:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
    print(f"{len(PAGES)} pages, {len(old)} {'out of date: run make docs' if check else 'written'} {' '.join(old)}")
    return 1 if check and old else 0


if __name__ == "__main__":
    sys.exit(main())
