"""All against all on PySpark with more and more workers, each in a process of its own, beside the embedded engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

__all__ = ["workers"]

_RUN = """
import json, resource, sys
from pathlib import Path
from time import perf_counter
from comity.forensics.dna.index.database import Database
from comity.forensics.dna.index.join import join as embedded
from comity.forensics.dna.index.spark import join as spread, session
from comity.forensics.dna.rules import rule_set
one, two = (Database.open(Path(each)) for each in sys.argv[1:3])
count, rules, begun = int(sys.argv[3]), rule_set("prum"), perf_counter()
if count:
    session(count)
started = perf_counter()
found = spread(one, two, rules, workers=count) if count else embedded(one, two, rules)
told = sorted((of, each.id, str(each.comparison.quality)) for of, each in found)
ended = perf_counter()
import hashlib
said = {"start_s": round(started - begun, 1), "join_s": round(ended - started, 1), "matches": len(told)}
said["digest"] = hashlib.sha256(repr(told).encode()).hexdigest()[:16]
print(json.dumps(said))
"""


def workers(folder: Path, counts: tuple[int, ...] = (0, 1, 2, 4)) -> dict[str, Any]:
    """Join traces and persons with each number of workers (0 is the embedded engine); all must find the same."""
    rows = []
    for count in counts:
        words = [sys.executable, "-c", _RUN, str(folder / "traces"), str(folder / "persons"), str(count)]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        rows.append({"workers": count, **json.loads(done.stdout.splitlines()[-1])})
        print(json.dumps(rows[-1]), flush=True)
    same = len({(each["matches"], each["digest"]) for each in rows}) == 1
    return {"processors": os.cpu_count(), "all_engines_found_the_same": same, "by_workers": rows}
