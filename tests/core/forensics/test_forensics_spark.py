"""The join on PySpark in local mode with two workers: the matches of the embedded engine, and no others."""

import importlib.util
import json
import shutil
import subprocess
import sys

import pytest
from dna_material import drawn, lines

from comity.cli.main import main

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("pyspark") is None or shutil.which("java") is None,
    reason="PySpark or Java is not here: the engine spark was not tested",
)


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    """Two databases with planted matches: whole, near, partial and with a wildcard."""
    folder = tmp_path_factory.mktemp("spark")
    persons = list(drawn(400, 3, partial=0.3))
    traces = list(drawn(300, 4, prefix="T", category="trace", partial=0.3, wild=0.05))
    for number in range(0, 60, 2):
        found = {name: list(seen) for name, seen in persons[number]["loci"].items()}
        if number % 4 == 0:
            found[min(found)][0] = "*"
        traces.append({"id": f"T-planted-{number}", "category": "trace", "loci": found})
    lines(folder / "persons.jsonl", persons)
    lines(folder / "traces.jsonl", traces)
    for name in ("persons", "traces"):
        assert (
            main(["dna", "import", str(folder / f"{name}.jsonl"), "--db", str(folder / name), "--inclusion", "none"])
            == 0
        )
    return folder


def told(stock, *words):
    command = [sys.executable, "-m", "comity.cli.main", "dna", "match", "--db", str(stock / words[0])]
    command += ["--against", str(stock / words[1]), "--json", *words[2:]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("sides", [("traces", "persons"), ("persons", "persons")])
def test_both_engines_tell_the_same(stock, sides):
    embedded, spread = told(stock, *sides), told(stock, *sides, "--engine", "spark", "--workers", "2")
    assert spread["engine"] == "spark"
    assert spread["matches"] == embedded["matches"]
    if sides[0] == "traces":
        assert len({each["of"] for each in embedded["matches"] if "planted" in each["of"]}) >= 20
