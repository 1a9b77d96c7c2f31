"""Packing and verifying evidence, side by side with `sha256sum` over the same file, in the same run.

    python bench/evidence/run.py [--sizes 300 2000] [--json bench/results/evidence.json]

For each size a file of random bytes is stored, packed and verified, each in a process of its own, so that its memory can
be measured; `sha256sum` reads the same file before and after. A ratio of 1 is as fast as one `sha256sum`. VERIFY.txt is
run too, as a court runs it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORLD = HERE.parents[1] / "tests" / "core" / "evidence"
STEP = """
import json, resource, sys, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from evidence_world import LIMIT, NOW, world, course
from comity.adapters.disk_store import DiskStore
from comity.evidence.item import Exhibit, ExhibitFile, Nature
from comity.evidence.package import pack
from comity.evidence.verify import verify
root = Path(sys.argv[2])
w, store, took = world(), DiskStore(root / "blobs"), {}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
def timed(name, work):
    started = time.perf_counter()
    found = work()
    took[name] = time.perf_counter() - started
    return found
with (root / "image").open("rb") as stream:
    found = timed("store", lambda: store.put(stream))
exhibit = Exhibit("E-1", "Image", Nature.DIGITAL, "", (ExhibitFile("m.img", "application/x-raw", found),), (LIMIT,))
acts = course(w.ua, w.de, (exhibit,))
timed("pack", lambda: w.pack(root / "p.asice", exhibits=(exhibit,), blobs=store, acts=acts))
status = timed("verify", lambda: verify(root / "p.asice", w.trust, NOW)).status
memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
print(json.dumps({"seconds": took, "status": status, "memory_mb": round(memory, 1)}))
"""


def main() -> int:
    """Run, print the ratios, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[300, 2000], metavar="MB")
    parser.add_argument("--json", type=Path, default=HERE.parent / "results" / "evidence.json")
    args = parser.parse_args()
    runs = [measure(size) for size in args.sizes]
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load": round(os.getloadavg()[0], 1)}
    args.json.parent.mkdir(parents=True, exist_ok=True)
    args.json.write_text(json.dumps({"bench": "evidence", "machine": machine, "runs": runs}, indent=1) + "\n")
    return 0 if all(run["status"] == "passed" and run["commands"] == "PASSED" for run in runs) else 1


def measure(size: int) -> dict[str, object]:
    """Measure one size, in megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with (root / "image").open("wb") as out:
            for _ in range(size):
                out.write(os.urandom(1_000_000))
        reference = [summed(root / "image")]
        ran = subprocess.run(
            [sys.executable, "-c", STEP, str(WORLD), folder], capture_output=True, text=True, check=True
        )
        found = json.loads(ran.stdout)
        reference.append(summed(root / "image"))
        (root / "image").unlink()
        started = time.perf_counter()
        said = commands(root)
        found["seconds"]["commands"] = time.perf_counter() - started
    base = min(reference)
    ratios = {name: round(seconds / base, 2) for name, seconds in found["seconds"].items()}
    print(
        f"{size} MB: sha256sum {base:.2f} s ({size / base:.0f} MB/s), memory {found['memory_mb']} MB, {found['status']}, {said}"
    )
    for name, ratio in ratios.items():
        print(f"  {name:<9} {found['seconds'][name]:6.2f} s  {ratio:5.2f} x sha256sum")
    seconds = {name: round(value, 3) for name, value in found["seconds"].items()}
    return {
        "megabytes": size, "sha256sum_seconds": round(base, 3), "seconds": seconds, "ratios": ratios,
        "memory_mb": found["memory_mb"], "status": found["status"], "commands": said,
    }  # fmt: skip


def summed(path: Path) -> float:
    """Return how long `sha256sum` takes."""
    started = time.perf_counter()
    subprocess.run(["sha256sum", str(path)], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def commands(root: Path) -> str:
    """Run VERIFY.txt and return its last line."""
    work = root / "work"
    work.mkdir()
    with (work / "VERIFY.txt").open("wb") as out:
        subprocess.run(["unzip", "-p", "../p.asice", "bag/meta/VERIFY.txt"], cwd=work, check=True, stdout=out)
    ran = subprocess.run(["sh", "VERIFY.txt", "../p.asice"], cwd=work, check=False, capture_output=True, text=True)
    return ran.stdout.splitlines()[-1]


if __name__ == "__main__":
    sys.exit(main())
