"""The store of files on a disk: ``ROOT/ab/abcd...`` named by SHA-256, written so that a file is whole or absent.

The order of a write: a new file in ``ROOT/quarantine`` under an exclusive lock; every byte hashed on its way in; fsync of
the file; a rename to its name; fsync of the folder. A crash leaves at most a quarantine file that no one holds, which
`DiskStore.sweep` removes. Files are 0600, folders 0700.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from comity.evidence.errors import BlobMissingError, StoreFullError, StoreUnusableError
from comity.evidence.side_by_side import feed
from comity.values import CHUNK, Digest, Fingerprint

__all__ = ["DiskStore"]

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_PLACE: Final = "quarantine"


class DiskStore:
    """A `BlobStore` under one folder; several processes may use it at once."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, source: BinaryIO | Iterable[bytes]) -> Fingerprint:
        """Store content and return its fingerprint; nothing stays where it fails."""
        with _ours("written"):
            descriptor, path = self._quarantine()
        try:
            with os.fdopen(descriptor, "wb", buffering=0) as out:
                found = _take(source, descriptor)
                with _ours("written"):
                    self._settle(out.fileno(), path, found)
        finally:
            path.unlink(missing_ok=True)
        return found

    def open(self, digest: Digest) -> BinaryIO:
        """Open stored content for reading."""
        try:
            return self._path(digest).open("rb")
        except FileNotFoundError as error:
            raise BlobMissingError(f"The file {digest} is not in the store.") from error
        except OSError as error:
            raise StoreUnusableError(f"The file {digest} cannot be read: {error.strerror}.") from error

    def has(self, digest: Digest) -> bool:
        """Say whether content is stored."""
        return self._path(digest).is_file()

    def remove(self, digest: Digest) -> None:
        """Remove content, for good once this returns."""
        path = self._path(digest)
        with _ours("removed"):
            if path.exists():
                path.unlink()
                _sync_folder(path.parent)

    def path(self, digest: Digest) -> Path:
        """Return where stored content lies, for programs that read by path; nobody writes there."""
        if not self.has(digest):
            raise BlobMissingError(f"The file {digest} is not in the store.")
        return self._path(digest)

    def digests(self) -> Iterator[Digest]:
        """Yield what is stored, in the order of the digests."""
        with _ours("read"):
            for folder in sorted(self._root.glob("[0-9a-f][0-9a-f]")):
                for path in sorted(folder.iterdir()):
                    yield Digest(path.name)

    def sweep(self) -> int:
        """Remove what writers that are gone have left behind, and return how many files that were."""
        removed = 0
        for path in (self._root / _PLACE).glob("*.part"):
            try:
                with path.open("rb") as held:
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    path.unlink()
            except (BlockingIOError, FileNotFoundError):
                continue
            removed += 1
        return removed

    def _path(self, digest: Digest) -> Path:
        return self._root / digest.hex[:2] / digest.hex

    def _quarantine(self) -> tuple[int, Path]:
        """Open a new locked file; one that a sweep caught before its lock is left and another one made."""
        folder = self._root / _PLACE
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            path = folder / f"{secrets.token_hex(16)}.part"
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_nlink:
                return descriptor, path
            os.close(descriptor)

    def _settle(self, descriptor: int, path: Path, found: Fingerprint) -> None:
        """Give the file its name; where the same content is there already, whole, that one stays."""
        target = self._path(found.sha256)
        if target.is_file() and target.stat().st_size == found.size:
            return
        os.fsync(descriptor)
        if not target.parent.is_dir():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            _sync_folder(self._root)
        path.replace(target)
        _sync_folder(target.parent)


def _blocks(source: BinaryIO | Iterable[bytes]) -> Iterator[bytes]:
    read = getattr(source, "read", None)
    yield from iter(lambda: read(CHUNK), b"") if read else source


def _take(source: BinaryIO | Iterable[bytes], descriptor: int) -> Fingerprint:
    """Hash and write a source in one pass."""
    one, two, size = hashlib.sha256(), hashlib.sha512(), 0

    def write(block: bytes) -> None:
        nonlocal size
        size += len(block)
        with _ours("written"):
            _write(descriptor, block)

    with ThreadPoolExecutor(3) as pool:
        feed(pool, _blocks(source), two.update, one.update, write)
    return Fingerprint(Digest(one.hexdigest()), two.hexdigest(), size)


def _write(descriptor: int, block: bytes) -> None:
    left = memoryview(block)
    while left:
        left = left[os.write(descriptor, left) :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _ours(verb: str) -> Iterator[None]:
    """Turn what the operating system says into our errors."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StoreFullError from error
        raise StoreUnusableError(f"The store cannot be {verb}: {error.strerror}.") from error
