"""The DNA database when a process dies, the disk fills up, or others read: in real processes, with real signals."""

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from dna_material import FULL, changed, drawn, lines, of

from comity.forensics.dna.compare import compare
from comity.forensics.dna.index.database import Database
from comity.forensics.dna.index.layout import MISSING
from comity.forensics.dna.place import Place
from comity.forensics.dna.rules import rule_set
from comity.forensics.errors import ProfileError

PRUM = rule_set("prum")

RUN = """
import os, resource, signal, sys
from pathlib import Path
from comity.cli.main import main
step, limit, words = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
if step >= 0:
    real, done = os.fsync, [0]
    def fsync(handle):
        if done[0] == step:
            os.kill(os.getpid(), signal.SIGKILL)
        done[0] += 1
        real(handle)
    os.fsync = fsync
if limit >= 0:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
sys.exit(main(words))
"""


def run(*words, step=-1, limit=-1):
    command = [sys.executable, "-B", "-c", RUN, str(step), str(limit), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def take(folder, *profiles):
    database = Database.create(folder)
    database.take([(Place("made", n), each) for n, each in enumerate(profiles, 1)], inclusion=None)
    return database


def ids(folder, query=None):
    return sorted(each.id for each in Database.open(folder).search(query or of(), PRUM))


@pytest.fixture
def more(tmp_path):
    return lines(tmp_path / "more.jsonl", [changed(f"N-{n}", "trace").to_json() for n in range(40)])


@pytest.mark.parametrize("step", [0, 1, 7, 12, 13, 14, 15])
def test_a_writer_killed_at_any_step_leaves_all_or_nothing(tmp_path, more, step):
    take(tmp_path / "db", changed("P-1"))
    done = run("dna", "import", more, "--db", tmp_path / "db", "--inclusion", "none", step=step)
    assert done.returncode in (-9, 0), done.stderr
    found = ids(tmp_path / "db")
    assert found in (["P-1"], sorted(["P-1", *(f"N-{n}" for n in range(40))]))
    assert done.returncode == -9 or len(found) == 41
    if len(found) == 1:
        assert run("dna", "import", more, "--db", tmp_path / "db", "--inclusion", "none").returncode == 0
    assert len(ids(tmp_path / "db")) == 41
    assert len(list((tmp_path / "db" / "segments").iterdir())) == 2


@pytest.mark.parametrize("limit", [0, 60, 500, 2000, 4095])
def test_a_disk_that_takes_no_more_is_told_and_nothing_is_imported(tmp_path, more, limit):
    take(tmp_path / "db", changed("P-1"))
    before = {path: path.read_bytes() for path in (tmp_path / "db").rglob("*") if path.is_file()}
    done = run("dna", "import", more, "--db", tmp_path / "db", "--inclusion", "none", limit=limit)
    assert done.returncode == 5
    assert "could not be written" in done.stderr
    assert "The disk is full" in done.stderr
    assert "Traceback" not in done.stderr
    assert {path: path.read_bytes() for path in (tmp_path / "db").rglob("*") if path.is_file()} == before
    assert run("dna", "import", more, "--db", tmp_path / "db", "--inclusion", "none").returncode == 0
    assert len(ids(tmp_path / "db")) == 41


@pytest.mark.parametrize("step", [0, 1, 2, 4, 5, 6, 7, 8])
def test_a_deletion_killed_at_any_step_takes_effect_and_is_finished_by_the_next_writer(tmp_path, step):
    told = changed("P-1").to_json() | {"legal_basis": "only of P-1"}
    (tmp_path / "one.jsonl").write_text(json.dumps(told) + "\n", "utf-8")
    assert run("dna", "import", tmp_path / "one.jsonl", "--db", tmp_path / "db").returncode == 0
    take(tmp_path / "db", changed("P-2", TH01=["6", "8"]))
    done = run("dna", "delete", "--id", "P-1", "--db", tmp_path / "db", step=step)
    assert done.returncode == (-9 if step < 8 else 0), done.stderr
    assert ids(tmp_path / "db") == ["P-2"]
    database = Database.open(tmp_path / "db")
    with pytest.raises(ProfileError, match="P-1"):
        database.delete(["P-1"])
    first = database.segments[0]
    assert (first.codes[:, 0] == MISSING).all()
    held = b"".join(path.read_bytes() for path in first.folder.iterdir())
    assert b"P-1" not in held
    assert b"only of P-1" not in held
    assert ids(tmp_path / "db") == ["P-2"]
    assert len(Database.open(tmp_path / "db")) == 1


def test_what_a_deleted_profile_shares_with_others_stays(tmp_path):
    shared = [of(f"P-{n}", "person", FULL, legal_basis="shared law") for n in (1, 2)]
    own = of("P-3", "trace", FULL, legal_basis="own law")
    database = take(tmp_path / "db", *shared[:1], own)
    database.take([(Place("made", 1), shared[1])], inclusion=None, twins=True)
    database.delete(["P-3"])
    held = b"".join(path.read_bytes() for each in database.segments for path in each.folder.iterdir())
    assert b"own law" not in held
    assert [each.legal_basis for each in Database.open(tmp_path / "db").profiles()] == ["shared law"] * 2


def test_readers_see_whole_profiles_only_while_a_writer_appends_and_deletes(tmp_path):
    """Every hit is the profile it was, and one deleted before a search began is not in it."""
    folder = tmp_path / "db"
    stock = {f"P-{n}": changed(f"P-{n}", "trace", drop=["Amelogenin"][: n % 2]) for n in range(60)}
    take(folder, *stock.values())
    gone, done = set(), threading.Event()

    def reading():
        reader, count = Database.open(folder), 0
        while not done.is_set() or not count:
            before = frozenset(gone)
            found = reader.search(of(), PRUM)
            assert not before & {each.id for each in found}
            for each in found:
                kept = stock[each.id.split("+")[0]]
                assert each.comparison.matched == compare(of(), kept, PRUM).matched
                assert each.comparison.grade == 1
            count += 1
        return len(reader.search(of(), PRUM))

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(reading) for _ in range(2)]
        for number in range(0, 60, 3):
            Database.open(folder).delete([f"P-{number}", f"P-{number + 1}"])
            gone |= {f"P-{number}", f"P-{number + 1}"}
            new = changed(f"P-{number}+again", "trace", drop=["Amelogenin"][: number % 2])
            Database.open(folder).take([(Place("made", 1), new)], inclusion=None)
        done.set()
        assert [each.result() for each in readers] == [40, 40]


def test_readers_in_other_processes_go_on_while_a_writer_holds_the_lock(tmp_path):
    folder = tmp_path / "db"
    database = take(folder, changed("P-1"))
    (tmp_path / "q.json").write_text(json.dumps(of().to_json()), "utf-8")
    with database._writing():
        found = run("dna", "search", "--db", folder, "--profile", tmp_path / "q.json", "--json")
        assert [each["id"] for each in json.loads(found.stdout)["matches"]] == ["P-1"]
        refused = run("dna", "delete", "--id", "P-1", "--db", folder)
    assert refused.returncode != 0
    assert refused.stderr.startswith("Another process is writing to the DNA database.")


def test_a_segment_cut_while_the_database_was_closed_is_refused_by_every_command(tmp_path):
    folder = tmp_path / "db"
    take(folder, *(of(f"P-{n}", loci=each["loci"]) for n, each in enumerate(drawn(50, 3))))
    (tmp_path / "q.json").write_text(json.dumps(of().to_json()), "utf-8")
    path = next((folder / "segments").iterdir()) / "planes"
    with path.open("r+b") as stream:
        stream.truncate(100)
    for words in (
        ["search", "--profile", tmp_path / "q.json"],
        ["match", "--against", folder],
        ["delete", "--id", "P-1"],
    ):
        done = run("dna", *words, "--db", folder)
        assert done.returncode == 4, done.stderr
        assert "planes: the file has 100 bytes" in done.stderr
        assert "Restore the folder from a backup" in done.stderr
