"""The layout of a segment on disk, its constants, and the two ways bytes get there safely."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from comity.forensics.errors import IndexFullError

__all__ = [
    "FORMAT", "MANIFEST", "MISSING", "OVERFLOW", "PLAIN", "VERSION", "Row", "replace_file", "sync_folder", "writing",
]  # fmt: skip

FORMAT = "comity-dna"
VERSION = 2
"""Version 2 added the bit planes. Segments of version 1 have none; they are searched by their codes."""
MANIFEST = "manifest.json"

PLAIN = 60000
"""Codes below are two designated alleles; from here on stand wildcards, single values, mixtures and blanks."""
MISSING = 65535
OVERFLOW = 65534
"""A typing for which no code was left: it passes every filter and is read from the row's own record."""

Row = int


@contextmanager
def writing(what: str) -> Iterator[None]:
    """Turn what the operating system refuses into `IndexFullError`."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        raise IndexFullError(
            f"{what} could not be written: {error.strerror or error}.",
            cause="The disk is full." if full else "The folder may not be written to, or the disk failed.",
        ) from error


def sync_folder(folder: Path) -> None:
    """Make the folder's entries durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(path: Path, data: bytes) -> None:
    """Write a file so that after a crash either the old or the new one is there, whole."""
    temporary = path.with_suffix(".new")
    with writing(path.name):
        try:
            with temporary.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.chmod(0o600)
            temporary.replace(path)
            sync_folder(path.parent)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
