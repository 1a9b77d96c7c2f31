"""The DNA database: exact against the oracle, whole or not at all, deleted at once, safe to read while written."""

import errno
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from dna_material import EURO16, FULL, changed, drawn, of, single
from dna_oracle import judge
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.forensics.dna.compare import compare
from comity.forensics.dna.index import database as module
from comity.forensics.dna.index import pairs
from comity.forensics.dna.index.database import Database
from comity.forensics.dna.index.join import join
from comity.forensics.dna.index.layout import MISSING, VERSION
from comity.forensics.dna.index.planes import CLASSES
from comity.forensics.dna.place import Place
from comity.forensics.dna.reader import profile
from comity.forensics.dna.rules import rule_set
from comity.forensics.errors import (
    DuplicateSampleError,
    InclusionError,
    IndexBusyError,
    IndexDamagedError,
    IndexFullError,
    IndexMissingError,
    IndexNewerError,
    ProfileError,
    SameProfileError,
)

PRUM, STORE = rule_set("prum"), rule_set("store")


def given_as(objects, start=1):
    return [(Place("made", number), profile(each, Place("made", number))) for number, each in enumerate(objects, start)]


def made(folder, *batches, inclusion=None):
    database = Database.create(folder)
    for batch in batches:
        database.take(given_as(batch), inclusion=inclusion)
    return database


def listed(found):
    return sorted((each.id, each.comparison.grade) for each in found)


@given(st.lists(single(), min_size=1, max_size=12), st.lists(single(), min_size=1, max_size=6), single())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_search_finds_what_the_oracle_finds(tmp_path_factory, first, second, query):
    folder = tmp_path_factory.mktemp("db")
    batches = [[{"id": f"{tag}-{n}", "category": "trace", "loci": each} for n, each in enumerate(batch)]
               for tag, batch in (("A", first), ("B", second))]  # fmt: skip
    database = made(folder, *batches)
    asked = of("Q-1", loci=query)
    if sum(asked.full(name) for name in asked.loci if name != "Amelogenin") < 6:
        return
    expected = sorted(
        (each["id"], judge(query, each["loci"])) for batch in batches for each in batch if judge(query, each["loci"])
    )
    assert listed(database.search(asked, PRUM)) == expected


@pytest.mark.parametrize("rule", ["prum", "interpol", "codis-high", "codis-moderate", "codis-low", "mixture"])
def test_every_rule_set_finds_what_comparing_with_all_finds(tmp_path, rule):
    rules = rule_set(rule)
    stock = [*drawn(300, 11, partial=0.4, wild=0.02, off=0.01, category="trace"),
             *drawn(60, 12, prefix="T", category="trace", loci=EURO16[:10])]  # fmt: skip
    mixtures = []
    for number in range(0, 40, 2):
        a, b = stock[number]["loci"], stock[number + 1]["loci"]
        both = {name: sorted({*a.get(name, []), *b.get(name, [])} - {"*"}) for name in {**a, **b}}
        mixtures.append({"id": f"M-{number}", "category": "trace", "loci": both})
    database = made(tmp_path / "db", stock, mixtures)
    every = [each for _, each in given_as([*stock, *mixtures])]
    hits = 0
    for query in [*every[:60:3], *every[-20::4]]:
        from comity.forensics.dna.inclusion import reason

        if reason(query, rules):
            continue
        expected = sorted(
            (each.id, said.grade) for each in every if (said := compare(query, each, rules)).hit and each.id != query.id
        )
        hits += len(expected)
        assert listed(database.search(query, rules, itself=False)) == expected
    assert hits or rule in ("prum", "interpol", "codis-high")


def test_planted_profiles_of_every_quality_are_found(tmp_path):
    planted = {
        "full-1": (changed("full-1"), 1),
        "wild-1": (changed("wild-1", TH01=["6", "*"]), 2),
        "base-1": (changed("base-1", TH01=["6", "10"]), 3),
        "other-1": (changed("other-1", TH01=["6", "8"]), 4),
        "two-1": (changed("two-1", TH01=["7", "8"]), None),
        "both-1": (changed("both-1", TH01=["6", "*"], vWA=["14", "15"]), None),
        "part-1": (changed("part-1", "trace", drop=["vWA", "Amelogenin", "D2S441"]), 1),
    }
    database = made(tmp_path / "db", list(drawn(2000, 5)))
    database.take([(Place("plant", n), each) for n, (each, _) in enumerate(planted.values(), 1)], inclusion=STORE)
    found = {each.id: each.comparison.grade for each in database.search(of(), PRUM)}
    assert found == {name: grade for name, (_, grade) in planted.items() if grade}


def test_a_profile_comes_back_as_it_was_taken_in(tmp_path):
    given_profiles = [
        of("A-1", "person", retain_until="2030-05-01", legal_basis="law", details={"TH01": {"heights": [100, 90]}}),
        of("A-2", "trace", {**FULL, "FGA": ["19", "20", "21", "24"], "TH01": ["6"]}, contributors=2),
        of("A-3", "unidentified-remains", {**FULL, "SE33": ["OL", "<5"]}),
    ]
    database = Database.create(tmp_path / "db")
    database.take([(Place("x", n), each) for n, each in enumerate(given_profiles, 1)], inclusion=None)
    assert sorted(Database.open(tmp_path / "db").profiles(), key=lambda each: each.id) == given_profiles


def test_typings_beyond_the_code_space_are_still_found(tmp_path, monkeypatch):
    from comity.forensics.dna.index import build

    monkeypatch.setattr(build, "PLAIN", 2)
    monkeypatch.setattr(build, "OVERFLOW", 2)
    database = Database.create(tmp_path / "db")
    monkeypatch.setattr(build, "OVERFLOW", 65534)
    monkeypatch.setattr(build.Column, "code", lambda _self, _seen: 65534)
    stock = list(drawn(30, 3, category="trace"))
    database.take(given_as(stock), inclusion=None)
    monkeypatch.undo()
    query = given_as(stock)[7][1]
    assert listed(Database.open(tmp_path / "db").search(query, PRUM)) == [(query.id, 1)]


def test_appending_is_seen_by_an_open_reader_and_new_profiles_can_be_searched_alone(tmp_path):
    database = made(tmp_path / "db", [changed("old-1").to_json()])
    reader = Database.open(tmp_path / "db")
    assert listed(reader.search(of(), PRUM)) == [("old-1", 1)]
    database.take(given_as([changed("new-1", "trace").to_json()]), inclusion=STORE)
    assert listed(reader.search(of(), PRUM)) == [("new-1", 1), ("old-1", 1)]
    assert listed(reader.search(of(), PRUM, since=1)) == [("new-1", 1)]
    assert reader.generation == 2


def test_a_deletion_takes_effect_at_once_and_overwrites_the_alleles(tmp_path):
    database = made(tmp_path / "db", [changed("P-1").to_json(), changed("P-2", TH01=["6", "8"]).to_json()])
    reader = Database.open(tmp_path / "db")
    assert len(reader.search(of(), PRUM)) == 2
    assert Database.open(tmp_path / "db").delete(["P-1"]) == 1
    assert listed(reader.search(of(), PRUM)) == [("P-2", 4)]
    assert len(reader) == 1
    assert database.find("P-1") is None
    segment = next(iter((tmp_path / "db" / "segments").iterdir()))
    assert b"P-1" not in (segment / "ids").read_bytes()
    assert (database.segments[0].codes == MISSING).sum() == len(FULL)
    planes = database.segments[0].planes
    row = int(database.segments[0].deleted.argmax())
    assert [bool(each >> row & 1) for each in planes[:, 0].tolist()] == [*[True] * CLASSES, False] * len(FULL)
    with pytest.raises(ProfileError, match="P-1"):
        database.delete(["P-2", "P-1"])
    assert len(reader) == 1
    database.take(given_as([changed("P-1").to_json()]), inclusion=STORE)
    assert listed(reader.search(of(), PRUM)) == [("P-1", 1), ("P-2", 4)]


@pytest.mark.parametrize(
    ("batch", "error"),
    [
        ([changed("P-9").to_json(), changed("P-1", vWA=["14", "14"]).to_json()], DuplicateSampleError),
        (
            [changed("N-1", vWA=["14", "14"]).to_json(), changed("N-1", vWA=["14", "15"]).to_json()],
            DuplicateSampleError,
        ),
        ([changed("N-1").to_json()], SameProfileError),
        ([changed("N-1", vWA=["14", "14"]).to_json(), changed("N-2", vWA=["14", "14"]).to_json()], SameProfileError),
        ([of("T-1", loci={"TH01": ["6", "7"]}).to_json()], InclusionError),
    ],
)
def test_a_refused_import_leaves_the_database_as_it_was(tmp_path, batch, error):
    database = made(tmp_path / "db", [changed("P-1").to_json()])
    before = {path: path.read_bytes() for path in (tmp_path / "db").rglob("*") if path.is_file()}
    with pytest.raises(error) as refused:
        database.take(given_as(batch), inclusion=STORE)
    assert "made, line" in refused.value.detail
    after = {path: path.read_bytes() for path in (tmp_path / "db").rglob("*") if path.is_file()}
    assert after == before


def test_twins_and_traces_may_share_a_profile(tmp_path):
    database = made(tmp_path / "db", [changed("P-1").to_json()])
    database.take(given_as([changed("P-2").to_json()]), inclusion=STORE, twins=True)
    database.take(given_as([changed("T-1", "trace").to_json(), changed("T-2", "trace").to_json()]), inclusion=STORE)
    assert len(database) == 4


def test_a_refused_first_import_leaves_no_database(tmp_path):
    with pytest.raises(InclusionError):
        Database.create(tmp_path / "db").take(
            given_as([of("T-1", loci={"TH01": ["6", "7"]}).to_json()]), inclusion=STORE
        )
    with pytest.raises(IndexMissingError):
        Database.open(tmp_path / "db")


def manifest(folder, **members):
    path = folder / "manifest.json"
    said = json.loads(path.read_bytes())
    path.write_text(json.dumps({**said, **members}), encoding="utf-8")


def test_a_newer_index_is_refused_and_left_alone(tmp_path):
    database = made(tmp_path / "db", [changed("P-1").to_json()])
    manifest(tmp_path / "db", version=VERSION + 1)
    before = (tmp_path / "db" / "manifest.json").read_bytes()
    with pytest.raises(IndexNewerError, match=f"version {VERSION + 1}; this release reads up to {VERSION}"):
        Database.open(tmp_path / "db")
    with pytest.raises(IndexNewerError):
        Database.create(tmp_path / "db")
    with pytest.raises(IndexNewerError):
        database.take(given_as([changed("P-2").to_json()]), inclusion=None, twins=True)
    assert (tmp_path / "db" / "manifest.json").read_bytes() == before
    assert len(list((tmp_path / "db" / "segments").iterdir())) == 1


@pytest.mark.parametrize("version", [0, -1, "two", None, [2]])
def test_a_version_that_never_was_is_refused(tmp_path, version):
    made(tmp_path / "db", [changed("P-1").to_json()])
    manifest(tmp_path / "db", version=version)
    with pytest.raises(IndexDamagedError, match=r"manifest\.json"):
        Database.open(tmp_path / "db")


def as_version_1(folder):
    """Make of a database what the first version of the format wrote: segments without planes."""
    said = json.loads((folder / "manifest.json").read_bytes())
    for each in said["segments"]:
        segment = folder / "segments" / each["name"]
        (segment / "planes").unlink()
        told = json.loads((segment / "segment.json").read_bytes())
        del told["planes"], each["files"]["planes"]
        (segment / "segment.json").write_text(json.dumps(told), encoding="utf-8")
        each["files"]["segment.json"] = (segment / "segment.json").stat().st_size
    manifest(folder, version=1, segments=said["segments"])


def test_an_older_index_is_searched_and_added_to(tmp_path):
    folder = tmp_path / "db"
    made(folder, [changed("P-1").to_json(), changed("P-2", TH01=["6", "8"]).to_json()])
    as_version_1(folder)
    database = Database.open(folder)
    assert database.segments[0].planes is None
    assert listed(database.search(of(), PRUM)) == [("P-1", 1), ("P-2", 4)]
    database.take(given_as([changed("T-1", "trace").to_json()]), inclusion=STORE)
    assert json.loads((folder / "manifest.json").read_bytes())["version"] == VERSION
    assert listed(Database.open(folder).search(of(), PRUM)) == [("P-1", 1), ("P-2", 4), ("T-1", 1)]
    database.delete(["P-1", "T-1"])
    assert listed(Database.open(folder).search(of(), PRUM)) == [("P-2", 4)]


@pytest.mark.parametrize(
    "planes", [{}, {"TH01": 7}, {"TH01": {"classes": {"6": 99}, "share": [0] * 7}}, {"TH01": {"classes": {}}}]
)
def test_planes_that_are_said_wrongly_are_refused(tmp_path, planes):
    folder = tmp_path / "db"
    database = made(folder, [changed("P-1").to_json()])
    path = next((folder / "segments").iterdir()) / "segment.json"
    told = json.loads(path.read_bytes())
    told["planes"] = {**told["planes"], **planes} if planes else {}
    path.write_text(json.dumps(told), encoding="utf-8")
    said = json.loads((folder / "manifest.json").read_bytes())
    said["segments"][0]["files"]["segment.json"] = path.stat().st_size
    manifest(folder, segments=said["segments"])
    with pytest.raises(IndexDamagedError, match="planes"):
        Database.open(folder).search(of(), PRUM)
    assert len(database) == 1


@pytest.mark.parametrize("name", ["codes", "planes", "ids", "segment.json", "deleted", "print-row"])
def test_a_truncated_or_missing_file_is_refused(tmp_path, name):
    made(tmp_path / "db", [changed("P-1").to_json()])
    path = next((tmp_path / "db" / "segments").iterdir()) / name
    with path.open("r+b") as stream:
        stream.truncate(path.stat().st_size - 1)
    with pytest.raises(IndexDamagedError, match=name):
        Database.open(tmp_path / "db")
    path.unlink()
    with pytest.raises(IndexDamagedError, match="missing"):
        Database.open(tmp_path / "db")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "other"}', '{"format": "comity-dna", "version": 1}'])
def test_a_broken_manifest_is_refused(tmp_path, text):
    made(tmp_path / "db", [changed("P-1").to_json()])
    (tmp_path / "db" / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(IndexDamagedError):
        Database.open(tmp_path / "db")


@pytest.mark.parametrize("place", range(15))
def test_a_disk_that_fills_up_leaves_the_database_as_it_was(tmp_path, monkeypatch, place):
    database = made(tmp_path / "db", [changed("P-1").to_json()])
    calls, real = [0], os.fsync

    def full(handle):
        calls[0] += 1
        if calls[0] > place:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(IndexFullError) as refused:
        database.take(given_as([changed("N-1", vWA=["14", "14"]).to_json()]), inclusion=STORE)
    assert "disk is full" in refused.value.cause
    monkeypatch.undo()
    again = Database.open(tmp_path / "db")
    assert listed(again.search(of(), PRUM)) == [("P-1", 1)]
    again.take(given_as([changed("N-1", vWA=["14", "14"]).to_json()]), inclusion=STORE)
    assert len(again) == 2


def test_a_writer_cut_off_leaves_nothing_that_counts(tmp_path, monkeypatch):
    database = made(tmp_path / "db", [changed("P-1").to_json()])

    class CutOff(BaseException):
        pass

    def cut(*_args):
        raise CutOff

    monkeypatch.setattr(module, "replace_file", cut)
    monkeypatch.setattr(module.shutil, "rmtree", lambda *_a, **_k: None)
    with pytest.raises(CutOff):
        database.take(given_as([changed("N-1", vWA=["14", "14"]).to_json()]), inclusion=STORE)
    monkeypatch.undo()
    assert len(list((tmp_path / "db" / "segments").iterdir())) == 2
    again = Database.open(tmp_path / "db")
    assert len(again) == 1
    again.take(given_as([changed("N-1", vWA=["14", "14"]).to_json()]), inclusion=STORE)
    assert len(again) == 2
    assert len(list((tmp_path / "db" / "segments").iterdir())) == 2


def test_one_writer_at_a_time(tmp_path):
    database = made(tmp_path / "db", [changed("P-1").to_json()])
    with database._writing(), pytest.raises(IndexBusyError):
        Database.open(tmp_path / "db").delete(["P-1"])


def test_readers_see_only_whole_imports_while_a_writer_appends(tmp_path):
    folder = tmp_path / "db"
    made(folder, [changed("P-0", "trace").to_json()])
    done = threading.Event()
    sizes = set()

    def reading():
        reader = Database.open(folder)
        while not done.is_set():
            sizes.add(len(reader.search(of(), PRUM)))
        return len(reader.search(of(), PRUM))

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(reading) for _ in range(2)]
        for number in range(1, 6):
            batch = [changed(f"P-{number}-{part}", "trace").to_json() for part in range(10)]
            Database.open(folder).take(given_as(batch), inclusion=STORE)
        done.set()
        assert [each.result() for each in readers] == [51, 51]
    assert sizes <= {1, 11, 21, 31, 41, 51}


@pytest.mark.parametrize("stratum", [1, 400])
@given(st.lists(single(), min_size=1, max_size=7), st.lists(single(), min_size=1, max_size=7))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_all_against_all_finds_what_the_oracle_finds(tmp_path_factory, monkeypatch, stratum, ours, theirs):
    monkeypatch.setattr(pairs, "STRATUM", stratum)
    folder = tmp_path_factory.mktemp("two")
    one = [{"id": f"A-{n}", "category": "trace", "loci": each} for n, each in enumerate(ours)]
    two = [{"id": f"B-{n}", "category": "trace", "loci": each} for n, each in enumerate(theirs)]
    first, second = made(folder / "a", one), made(folder / "b", two)
    expected = sorted((a["id"], b["id"], q) for a in one for b in two if (q := judge(a["loci"], b["loci"])))
    assert sorted((of_id, each.id, each.comparison.grade) for of_id, each in join(first, second, PRUM)) == expected
    within = sorted(
        (a["id"], b["id"], q) for n, a in enumerate(one) for b in one[n + 1 :] if (q := judge(a["loci"], b["loci"]))
    )
    assert sorted((of_id, each.id, each.comparison.grade) for of_id, each in join(first, first, PRUM)) == within


def test_larger_databases_agree_with_the_oracle_too(tmp_path):
    """The permanent test the research asks for: many mixed queries, partial and with wildcards, against all."""
    stock = list(drawn(1500, 21, partial=0.3, wild=0.01, loci=EURO16[:9]))
    copies = []
    for number in range(0, 300, 2):
        loci = {name: list(pair) for name, pair in stock[number]["loci"].items()}
        name = sorted(loci)[number % len(loci)]
        other = stock[number + 1]["loci"].get(name, ["*", "*"])[0]
        loci[name][number % 4 // 2] = "*" if number % 3 == 0 else other
        copies.append({"id": f"T-{number}", "category": "trace", "loci": loci})
    database = made(tmp_path / "db", [{**each, "category": "trace"} for each in stock])
    hits = 0
    for each in copies:
        query = profile(each, Place("q"))
        if sum(query.full(name) for name in query.loci) < 6:
            continue
        expected = sorted((one["id"], q) for one in stock if (q := judge(each["loci"], one["loci"])))
        hits += len(expected)
        assert listed(database.search(query, PRUM)) == expected
    assert hits > 100
    assert json.loads((tmp_path / "db" / "manifest.json").read_text(encoding="utf-8"))["generation"] == 1
