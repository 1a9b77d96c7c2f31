"""The log against published vectors and against the definitions of RFC 6962 written down naively."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.record.errors import LogError
from comity.record.log import EMPTY, Log, leaf_hash, node_hash, verify_consistency, verify_inclusion
from comity.record.tile import WIDTH, Tile, bundle, hashes, read_bundle, tiles

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "log" / "roots.json").read_text())
ENTRIES = [bytes.fromhex(entry) for entry in VECTORS["entries"]]
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
SIZES = st.integers(0, 70)


def filled(size: int) -> Log:
    log = Log()
    for number in range(size):
        assert log.append(_entry(number)) == number
    return log


def _entry(number: int) -> bytes:
    return hashlib.sha256(b"entry %d" % number).digest()


def mth(entries: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, as it is written there."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = _k(len(entries))
    return hashlib.sha256(b"\x01" + mth(entries[:k]) + mth(entries[k:])).digest()


def path(m: int, entries: list[bytes]) -> list[bytes]:
    """RFC 6962 section 2.1.1."""
    if len(entries) == 1:
        return []
    k = _k(len(entries))
    return [*path(m, entries[:k]), mth(entries[k:])] if m < k else [*path(m - k, entries[k:]), mth(entries[:k])]


def subproof(m: int, entries: list[bytes], *, b: bool) -> list[bytes]:
    """RFC 6962 section 2.1.2."""
    if m == len(entries):
        return [] if b else [mth(entries)]
    k = _k(len(entries))
    if m <= k:
        return [*subproof(m, entries[:k], b=b), mth(entries[k:])]
    return [*subproof(m - k, entries[k:], b=False), mth(entries[:k])]


def _k(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def test_the_published_roots():
    log = Log()
    assert log.root().hex() == VECTORS["empty"] == EMPTY.hex()
    for entry, root in zip(ENTRIES, VECTORS["roots"], strict=True):
        log.append(entry)
        assert log.root().hex() == root
    assert [log.root(size).hex() for size in range(1, 9)] == VECTORS["roots"]


@SLOW
@given(size=SIZES, data=st.data())
def test_roots_and_proofs_are_those_of_the_definition(size, data):
    entries = [_entry(number) for number in range(size)]
    log = filled(size)
    assert log.size == size
    part = data.draw(st.integers(0, size))
    assert log.root(part) == mth(entries[:part])
    if part:
        index = data.draw(st.integers(0, part - 1))
        assert list(log.inclusion(index, part)) == path(index, entries[:part])
        old = data.draw(st.integers(1, part))
        assert list(log.consistency(old, part)) == subproof(old, entries[:part], b=True)


def test_every_proof_of_every_small_log_verifies():
    log = filled(20)
    for size in range(1, 21):
        root = log.root(size)
        for index in range(size):
            assert verify_inclusion(leaf_hash(_entry(index)), index, size, log.inclusion(index, size), root)
        for old in range(size + 1):
            assert verify_consistency(old, size, log.root(old), root, log.consistency(old, size))


@SLOW
@given(size=st.integers(1, 70), data=st.data())
def test_a_proof_shows_nothing_else(size, data):
    log = filled(size)
    index = data.draw(st.integers(0, size - 1))
    leaf, root = leaf_hash(_entry(index)), log.root()
    proof = log.inclusion(index)
    assert verify_inclusion(leaf, index, size, proof, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda found: size == 1 or found != index))
    if other != index:
        assert not verify_inclusion(leaf, other, size, proof, root)
        assert not verify_inclusion(leaf_hash(_entry(other)), index, size, proof, root)
    assert not verify_inclusion(leaf, index, size, (*proof, root), root)
    assert not verify_inclusion(leaf, size, size, proof, root)
    assert not verify_inclusion(leaf, -1, size, proof, root)
    if proof:
        assert not verify_inclusion(leaf, index, size, proof[:-1], root)
        assert not verify_inclusion(leaf, index, size, proof[1:], root)
        at = data.draw(st.integers(0, len(proof) - 1))
        assert not verify_inclusion(leaf, index, size, (*proof[:at], bytes(32), *proof[at + 1 :]), root)


@SLOW
@given(size=st.integers(2, 70), data=st.data())
def test_a_rewritten_history_is_found(size, data):
    """A log that changed one old entry cannot prove that it continues what it signed."""
    old = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, old - 1))
    honest = filled(size)
    forged = Log(leaf_hash(b"forged" if number == changed else _entry(number)) for number in range(size))
    signed = honest.root(old)
    assert verify_consistency(old, size, signed, honest.root(), honest.consistency(old))
    assert not verify_consistency(old, size, signed, forged.root(), forged.consistency(old))
    assert not verify_consistency(old, size, signed, forged.root(), honest.consistency(old))
    assert not verify_consistency(old, size, signed, honest.root(), (*honest.consistency(old), EMPTY))
    assert not verify_consistency(old, size, signed, honest.root(), honest.consistency(old)[:-1])


def test_the_ends_of_consistency():
    log = filled(5)
    assert verify_consistency(0, 5, EMPTY, log.root(), ())
    assert not verify_consistency(0, 5, log.root(3), log.root(), ())
    assert not verify_consistency(5, 5, log.root(), log.root(), (EMPTY,))
    assert not verify_consistency(5, 5, log.root(4), log.root(), ())
    assert not verify_consistency(6, 5, log.root(), log.root(), ())
    assert not verify_consistency(3, 5, log.root(3), log.root(), ())


def test_a_log_is_made_again_from_its_leaf_hashes():
    log = filled(33)
    again = Log(leaf_hash(_entry(number)) for number in range(33))
    assert again.root() == log.root()
    assert again.append(b"next") == 33


@SLOW
@given(size=SIZES, more=SIZES)
def test_an_extended_log_leaves_the_first_as_it_was(size, more):
    log = filled(size)
    before = log.root()
    longer = log.extended(leaf_hash(_entry(number)) for number in range(size, size + more))
    assert longer.root() == filled(size + more).root()
    assert (log.size, log.root()) == (size, before)


@pytest.mark.parametrize(
    "ask",
    [
        lambda log: log.root(4),
        lambda log: log.root(-1),
        lambda log: log.inclusion(3),
        lambda log: log.inclusion(-1),
        lambda log: log.inclusion(2, 2),
        lambda log: log.inclusion(0, 4),
        lambda log: log.consistency(3, 2),
        lambda log: log.consistency(-1),
        lambda log: log.consistency(1, 9),
        lambda log: log.full(1, 1),
        lambda log: log.full(-1, 0),
        lambda log: hashes(log, Tile(0, 0, 4)),
        lambda log: hashes(log, Tile(None, 0, 1)),
        lambda log: Log([b"short"]),
        lambda log: bundle([bytes(65_536)]),
    ],
)
def test_what_the_log_does_not_have_is_refused(ask):
    with pytest.raises(LogError) as refused:
        ask(filled(3))
    assert refused.value.detail


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 999), "tile/0/999"),
        (Tile(1, 1000, 5), "tile/1/x001/000.p/5"),
        (Tile(None, 273, 112), "tile/entries/273.p/112"),
        (Tile(63, 0, 1), "tile/63/000.p/1"),
    ],
)
def test_paths_are_those_of_the_specification(tile, path):
    assert tile.path == path
    assert Tile.read(path) == tile


@SLOW
@given(st.builds(Tile, st.none() | st.integers(0, 63), st.integers(0, 10**12), st.integers(1, 256)))
def test_any_tiles_path_reads_back(tile):
    assert Tile.read(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "", "tile", "tile/0", "tile/00/000", "tile/64/000", "tile/0/0", "tile/0/x000/001", "tile/0/x001/x000",
        "tile/0/001.p/0", "tile/0/001.p/256", "tile/0/001.p/01", "tile/0/001.p/", "tile/-1/000", "tile/0/../000",
        "tile/0/000\n", "/tile/0/000", "tile/entries/x1/000", "tile/entry/000", "checkpoint",
    ],
)  # fmt: skip
def test_other_paths_are_refused(path):
    with pytest.raises(LogError):
        Tile.read(path)


def test_a_tree_of_70_000_has_the_tiles_of_the_specification():
    """C2SP tlog-tiles, Partial Tiles."""
    found = [tile for tile in tiles(70_000) if tile.level is not None]
    full = [tile for tile in found if tile.width == WIDTH]
    assert [sum(tile.level == level for tile in full) for level in (0, 1, 2)] == [273, 1, 0]
    partial = {tile.level: tile.width for tile in found if tile.width < WIDTH}
    assert partial == {0: 112, 1: 17, 2: 1}
    assert [tile.path for tile in tiles(256)] == ["tile/0/000", "tile/entries/000", "tile/1/000.p/1"]


@SLOW
@given(since=st.integers(0, 200_000), more=st.integers(0, 3000))
def test_only_what_is_new_is_written_again(since, more):
    before, now, new = set(tiles(since)), set(tiles(since + more)), set(tiles(since + more, since=since))
    assert now - before == new


def test_tiles_hold_the_hashes_of_the_definition():
    size = 2 * WIDTH + 3
    log, entries = filled(size), [_entry(number) for number in range(size)]
    found = {tile.path: hashes(log, tile) for tile in tiles(size) if tile.level is not None}
    assert found["tile/0/001"] == b"".join(leaf_hash(entry) for entry in entries[WIDTH : 2 * WIDTH])
    assert found["tile/0/002.p/3"] == b"".join(leaf_hash(entry) for entry in entries[2 * WIDTH :])
    assert found["tile/1/000.p/2"] == mth(entries[:WIDTH]) + mth(entries[WIDTH : 2 * WIDTH])
    assert {len(data) for path, data in found.items() if ".p/" not in path} == {8192}
    top = node_hash(found["tile/1/000.p/2"][:32], found["tile/1/000.p/2"][32:])
    assert node_hash(top, mth(entries[2 * WIDTH :])) == log.root()


@SLOW
@given(st.lists(st.binary(max_size=40), max_size=20))
def test_bundles_read_back(entries):
    assert read_bundle(bundle(entries)) == tuple(entries)


@pytest.mark.parametrize("data", [b"\0", b"\0\5abcd", b"\0\1ab", bundle([b""] * 257)])
def test_what_is_no_bundle_is_refused(data):
    with pytest.raises(LogError):
        read_bundle(data)
