"""The two stores keep one promise: content is whole under its digest, or absent."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import io
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.adapters import disk_store
from comity.adapters.disk_store import DiskStore
from comity.adapters.memory_store import MemoryStore
from comity.evidence.errors import BlobMissingError, StoreFullError, StoreUnusableError
from comity.values import Digest


@pytest.fixture(params=["disk", "memory"])
def store(request, tmp_path):
    return DiskStore(tmp_path / "blobs") if request.param == "disk" else MemoryStore()


def files(root):
    return [path for path in root.rglob("*") if path.is_file()]


def test_content_comes_back_under_its_digest(store):
    found = store.put(io.BytesIO(b"account statement"))
    assert found.sha256 == Digest.of(b"account statement")
    assert found.sha512 == hashlib.sha512(b"account statement").hexdigest()
    assert found.size == 17
    with store.open(found.sha256) as stream:
        assert stream.read() == b"account statement"
        stream.seek(8)
        assert stream.read(4) == b"stat"


def test_chunks_and_streams_are_the_same_content(store):
    assert store.put([b"account", b"", b" statement"]) == store.put(io.BytesIO(b"account statement"))
    assert list(store.digests()) == [Digest.of(b"account statement")]


def test_what_is_not_there_is_a_typed_error(store):
    digest = Digest.of(b"never stored")
    assert not store.has(digest)
    with pytest.raises(BlobMissingError, match=str(digest)):
        store.open(digest)
    store.remove(digest)


def test_removed_content_is_gone(store):
    found = store.put([b"x"])
    store.remove(found.sha256)
    assert not store.has(found.sha256)
    assert list(store.digests()) == []


def test_a_source_that_fails_leaves_nothing(store, tmp_path):
    def broken():
        yield b"half"
        raise ConnectionError("cut")

    with pytest.raises(ConnectionError):
        store.put(broken())
    assert list(store.digests()) == []
    assert files(tmp_path) == []


def test_a_full_memory_store_leaves_nothing():
    store = MemoryStore(room=10)
    store.put([b"123456"])
    with pytest.raises(StoreFullError):
        store.put([b"12345", b"6"])
    assert list(store.digests()) == [Digest.of(b"123456")]


@pytest.mark.parametrize("failing", ["write", "fsync"])
def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch, failing):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(disk_store.os, failing, full)
    with pytest.raises(StoreFullError) as caught:
        DiskStore(tmp_path).put([b"image"])
    assert "Make room" in caught.value.diagnostics()
    assert files(tmp_path) == []


def test_a_folder_that_cannot_be_used_is_a_typed_error(tmp_path):
    (tmp_path / "blobs").write_text("a file stands where the folder should be")
    with pytest.raises(StoreUnusableError):
        DiskStore(tmp_path / "blobs").put([b"x"])


def test_files_are_for_the_node_alone(tmp_path):
    found = DiskStore(tmp_path / "blobs").put([b"secret of the investigation"])
    (path,) = files(tmp_path)
    assert path.name == found.sha256.hex
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_order_of_a_write_is_file_name_folder(tmp_path, monkeypatch):
    store, seen = DiskStore(tmp_path), []
    store.put([b"first, so that the folders are there"])
    real_fsync, real_replace = os.fsync, type(tmp_path).replace

    def fsync(descriptor):
        seen.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        real_fsync(descriptor)

    def replace(self, target):
        seen.append("rename")
        return real_replace(self, target)

    monkeypatch.setattr(disk_store.os, "fsync", fsync)
    monkeypatch.setattr(type(tmp_path), "replace", replace)
    store.put([b"second"])
    assert [step for step in seen if step != "folder"] == ["file", "rename"]
    assert seen[-1] == "folder"


def test_the_sweep_takes_what_nobody_holds(tmp_path):
    store = DiskStore(tmp_path)
    left, held = tmp_path / "quarantine" / "left.part", tmp_path / "quarantine" / "held.part"
    store.put([b"x"])
    left.write_bytes(b"of a crash")
    held.write_bytes(b"of a writer at work")
    with held.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        assert store.sweep() == 1
        assert held.exists()
        assert not left.exists()
    assert store.has(Digest.of(b"x"))


WRITER = """
import sys
from pathlib import Path
from comity.adapters.disk_store import DiskStore

def blocks():
    yield bytes(1_000_000)
    print("half", flush=True)
    sys.stdin.read()
    yield bytes(1_000_000)

DiskStore(Path(sys.argv[1])).put(blocks())
"""


def test_a_killed_writer_leaves_nothing_under_a_name(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout.readline() == b"half\n"
        store = DiskStore(tmp_path)
        assert store.sweep() == 0
        writer.kill()
        writer.wait()
    assert list(store.digests()) == []
    assert store.sweep() == 1
    assert files(tmp_path) == []


def test_writers_at_once_keep_one_file(tmp_path):
    store = DiskStore(tmp_path)
    content = [bytes([number]) * 100_000 for number in range(20)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: store.put(iter(content)), range(16)))
    assert len(set(found)) == 1
    assert len(files(tmp_path)) == 1
    with store.open(found[0].sha256) as stream:
        assert stream.read() == b"".join(content)


def test_storing_twice_keeps_the_first_file(tmp_path):
    store = DiskStore(tmp_path)
    store.put([b"x"])
    (first,) = files(tmp_path)
    inode = first.stat().st_ino
    store.put([b"x"])
    (second,) = files(tmp_path)
    assert second.stat().st_ino == inode


def test_a_shortened_file_is_replaced_by_the_whole_one(tmp_path):
    store = DiskStore(tmp_path)
    found = store.put([b"whole"])
    (path,) = files(tmp_path)
    path.write_bytes(b"who")
    store.put([b"whole"])
    with store.open(found.sha256) as stream:
        assert stream.read() == b"whole"


@settings(deadline=None, max_examples=30)
@given(st.lists(st.binary(max_size=64), max_size=8))
def test_any_content_in_any_chunks(chunks):
    store = MemoryStore()
    found = store.put(iter(chunks))
    assert store.open(found.sha256).read() == b"".join(chunks)
