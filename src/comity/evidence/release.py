"""Taking the files out of a package: only what verification did not fail, and only whole (design section 8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from comity.evidence import opened
from comity.evidence.errors import PackError
from comity.evidence.item import ExhibitFile
from comity.evidence.store import BlobStore
from comity.evidence.verification import Verification
from comity.signing.verdict import Indication
from comity.values import Digest

__all__ = ["release"]


def release(package: BinaryIO, verification: Verification, blobs: BlobStore) -> tuple[ExhibitFile, ...]:
    """Store the exhibits' files of a verified package and return them; raise `PackError` where it failed.

    ``package`` is the same file that was verified; it is hashed again on its way, so that one exchanged in between is
    found and leaves nothing.
    """
    said = verification.description
    if verification.status is Indication.FAILED or said is None:
        raise PackError(
            "The package failed verification, and nothing is taken out of it.",
            cause="It was altered, or something in it contradicts the rest.",
            remedy="Keep the package and its report, and ask the sender for it again.",
        )
    container = opened.read(package)
    if container.file != verification.sha256:
        raise PackError("This is not the package that was verified.", remedy="Verify this file, then take it out.")
    return tuple(_released(container, verification, blobs))


def _released(container: opened.Container, verification: Verification, blobs: BlobStore) -> Iterator[ExhibitFile]:
    said = verification.description
    for packed in said.exhibits if said else ():
        for file, member in zip(packed.exhibit.files, packed.members, strict=True):
            known = blobs.has(file.fingerprint.sha256)
            found = blobs.put(container.blocks(member))
            if found != file.fingerprint:
                _take_back(blobs, found.sha256, known=known)
                raise PackError(f"The file {file.name} changed while it was taken out.")
            yield file


def _take_back(blobs: BlobStore, digest: Digest, *, known: bool) -> None:
    if not known:
        blobs.remove(digest)
