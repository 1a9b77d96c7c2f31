"""Making a package: BagIt (RFC 8493) in ASiC-E with CAdES (ETSI EN 319 162-1), sealed as a whole (decision 0001).

    mimetype
    META-INF/ASiCManifest001.xml signature001.p7s timestamp001.tsr
    bag/bagit.txt bag-info.txt manifest-sha256.txt manifest-sha512.txt tagmanifest-sha256.txt
    bag/meta/VERIFY.txt package.json case.jsonld acts/ log/ papers/ certs/
    bag/data/EXHIBIT/FILE

The order: every file is read once against its fingerprint; manifests; signature over the ASiC manifest; timestamp over
the signature; then all is written in one pass, hashed on its way, and the seal comes last. Memory does not grow with the
files.
"""

from __future__ import annotations

import hashlib
import io
import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

from cryptography import x509

from comity.evidence import asic, bag
from comity.evidence.case import case
from comity.evidence.container import MEMBERS, MIMETYPE, Writer, moment
from comity.evidence.description import DESCRIPTION, LOG_KEY, Description, Packed, Paper, Sealed
from comity.evidence.errors import PackError, StoreFullError
from comity.evidence.instructions import VERIFY, instructions
from comity.evidence.item import Exhibit, ExhibitFile
from comity.evidence.side_by_side import feed
from comity.evidence.store import Readable
from comity.record import Act
from comity.record.chain import order
from comity.signing import cades, timestamp
from comity.signing.pki import pem
from comity.signing.port import Signer, TimestampAuthority
from comity.signing.trust import name_of, state_of
from comity.values import CHUNK, Digest, DossierId, Fingerprint

__all__ = ["Assembled", "Made", "assemble", "pack"]

META: Final = "bag/meta/"
DATA: Final = "bag/data/"


@dataclass(frozen=True, slots=True)
class Made:
    """A package that is written: what identifies it, and what it says of itself."""

    fingerprint: Fingerprint
    description: Description


@dataclass(frozen=True, slots=True)
class Assembled:
    """A package ready to be written: small members whole, files by where they lie in the store."""

    description: Description
    small: Mapping[str, bytes] = field(repr=False)
    files: tuple[tuple[str, ExhibitFile, int], ...] = field(repr=False)
    blobs: Readable = field(repr=False)
    signer: Signer = field(repr=False)

    def blocks(self) -> Iterator[bytes]:
        """Yield the bytes of the package, in blocks; `BlobStore.put` takes them as they are."""
        writer = Writer(moment(self.description.at))
        for name, data in self.small.items():
            yield from writer.content(name, data)
        for name, file, crc in self.files:
            with self.blobs.open(file.fingerprint.sha256) as stream:
                yield from writer.member(name, file.fingerprint.size, crc, _blocks(stream))
        yield from writer.close(self.signer.sign)


def pack(
    target: Path | BinaryIO,
    *,
    dossier: DossierId,
    exhibits: Sequence[Exhibit],
    blobs: Readable,
    acts: Sequence[tuple[Act, bytes]],
    anchors: Sequence[x509.Certificate],
    signer: Signer,
    tsa: TimestampAuthority,
    at: datetime,
    papers: Mapping[str, bytes] | None = None,
    proofs: Mapping[Digest, bytes] | None = None,
    log_key: str = "",
) -> Made:
    """Write a package to a path or a stream; a path appears only when the package is whole.

    ``acts`` are acts with their DSSE envelopes, ``anchors`` the certificates of both states' authorities, ``papers`` the
    request, its letter and the like by file name, ``proofs`` the log proofs (C2SP tlog-proof) of acts by their digest in
    the own log, whose verifier key is ``log_key``. Raises `PackError` where something is missing or is not what its digest
    says, and then nothing is written.
    """
    made = assemble(
        dossier=dossier, exhibits=exhibits, blobs=blobs, acts=acts, anchors=anchors, signer=signer, tsa=tsa, at=at,
        papers=papers, proofs=proofs, log_key=log_key,
    )  # fmt: skip
    if not isinstance(target, Path):
        return Made(_write(made.blocks(), target), made.description)
    part = target.with_name(f"{target.name}.part")
    try:
        with part.open("wb", buffering=0) as out:
            found = _write(made.blocks(), out)
            os.fsync(out.fileno())
        part.replace(target)
    except OSError as error:
        raise StoreFullError(f"The package cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
    return Made(found, made.description)


def assemble(
    *,
    dossier: DossierId,
    exhibits: Sequence[Exhibit],
    blobs: Readable,
    acts: Sequence[tuple[Act, bytes]],
    anchors: Sequence[x509.Certificate],
    signer: Signer,
    tsa: TimestampAuthority,
    at: datetime,
    papers: Mapping[str, bytes] | None = None,
    proofs: Mapping[Digest, bytes] | None = None,
    log_key: str = "",
) -> Assembled:
    """Make everything of a package but its bytes in one row; the parameters are those of `pack`."""
    sender = state_of(signer.certificate)
    if sender is None:
        raise PackError("The key's certificate names no state that could seal a package.")
    at = at.astimezone(UTC).replace(microsecond=0)
    envelopes = _envelopes(dossier, acts)
    packed = _members(exhibits)
    files, size = _read(packed, blobs)
    meta: dict[str, bytes] = {}
    sealed = _add_acts(meta, envelopes, proofs or {})
    named = _add_papers(meta, papers or {})
    _add_certificates(meta, signer, anchors, tsa)
    if sealed and log_key:
        meta[LOG_KEY] = f"{log_key}\n".encode()
    description = Description(dossier, sender, at, packed, sealed, named)
    if len(files) + len(meta) > MEMBERS - 20:
        raise PackError(
            f"{len(files):,} files and {len(meta):,} papers are too many; a package has at most {MEMBERS:,} members.",
            cause="A folder tree was given file by file.",
            remedy="Pack a folder tree as one file (an image, or a tar archive), or make several packages.",
        )
    test = "TEST" in name_of(tsa.chain[0])
    meta[DESCRIPTION] = description.dump()
    meta[f"{META}case.jsonld"] = case(dossier, packed, [act for act, _ in envelopes])
    verify = instructions(dossier, sender, at, size=size + sum(map(len, meta.values())), test=test)
    tags = _tags(description, {VERIFY: verify, **meta}, files, sender=name_of(signer.certificate))
    return Assembled(description, _signed(tags, files, signer, tsa, at), files, blobs, signer)


def _envelopes(dossier: DossierId, acts: Sequence[tuple[Act, bytes]]) -> list[tuple[Act, bytes]]:
    by_digest = {act.digest: envelope for act, envelope in acts}
    for act, _ in acts:
        if act.dossier != dossier:
            raise PackError(f"The act {act.kind} belongs to the cooperation {act.dossier}, not to {dossier}.")
    return [(act, by_digest[act.digest]) for act in order(act for act, _ in acts)]


def _members(exhibits: Sequence[Exhibit]) -> tuple[Packed, ...]:
    if len({exhibit.number.lower() for exhibit in exhibits}) != len(exhibits):
        raise PackError("Two exhibits bear the same number.")
    found = []
    for exhibit in exhibits:
        names: list[str] = []
        for file in exhibit.files:
            names.append(bag.safe(file.name, names))
        found.append(Packed(exhibit, tuple(f"{DATA}{exhibit.number}/{name}" for name in names)))
    return tuple(found)


def _read(packed: Sequence[Packed], blobs: Readable) -> tuple[tuple[tuple[str, ExhibitFile, int], ...], int]:
    """Read every file once against its fingerprint; return member, file and CRC of each, and the size of all."""
    found, size = [], 0
    with ThreadPoolExecutor(2) as pool:
        for item in packed:
            for file, member in zip(item.exhibit.files, item.members, strict=True):
                found.append((member, file, _crc(item.exhibit, file, blobs, pool)))
                size += file.fingerprint.size
    return tuple(found), size


class _Read:
    """What one pass over a file finds: digest, CRC and size."""

    def __init__(self) -> None:
        self.digest, self.crc, self.size = hashlib.sha256(), 0, 0

    def check(self, block: bytes) -> None:
        """Take a block into the CRC and the size."""
        self.crc = zlib.crc32(block, self.crc)
        self.size += len(block)


def _crc(exhibit: Exhibit, file: ExhibitFile, blobs: Readable, pool: ThreadPoolExecutor) -> int:
    found = _Read()
    with blobs.open(file.fingerprint.sha256) as stream:
        feed(pool, _blocks(stream), found.digest.update, found.check)
    if found.digest.hexdigest() != file.fingerprint.sha256.hex or found.size != file.fingerprint.size:
        raise PackError(f"The file {file.name} of exhibit {exhibit.number} is not what its digest says.")
    return found.crc


def _add_acts(
    meta: dict[str, bytes], envelopes: Sequence[tuple[Act, bytes]], proofs: Mapping[Digest, bytes]
) -> tuple[Sealed, ...]:
    found = []
    for number, (act, envelope) in enumerate(envelopes, 1):
        member, proof = f"{META}acts/{number:06d}.dsse.json", ""
        meta[member] = envelope
        if act.digest in proofs:
            proof = f"{META}log/{number:06d}.tlog-proof"
            meta[proof] = proofs[act.digest]
        found.append(Sealed(act.digest, act.kind, member, proof))
    return tuple(found)


def _add_papers(meta: dict[str, bytes], papers: Mapping[str, bytes]) -> tuple[Paper, ...]:
    names: list[str] = []
    found = []
    for name, data in papers.items():
        names.append(bag.safe(name, names))
        found.append(Paper(name, f"{META}papers/{names[-1]}"))
        meta[found[-1].member] = data
    return tuple(found)


def _add_certificates(
    meta: dict[str, bytes], signer: Signer, anchors: Sequence[x509.Certificate], tsa: TimestampAuthority
) -> None:
    by_state: dict[str, list[x509.Certificate]] = {}
    for anchor in anchors:
        code = state_of(anchor)
        if code is None:
            raise PackError(f"The certificate {name_of(anchor)} names no state.")
        if anchor not in by_state.setdefault(code, []):
            by_state[code].append(anchor)
    if not by_state:
        raise PackError("No certificate of a state's authority is given.")
    folder = f"{META}certs/"
    meta[f"{folder}signer.pem"] = pem(signer.certificate, *signer.chain)
    meta[f"{folder}tsa.pem"] = pem(*tsa.chain)
    meta[f"{folder}anchors.pem"] = b"".join(pem(*by_state[code]) for code in sorted(by_state))
    for name, found in sorted(by_state.items()):
        meta[f"{folder}anchor-{name}.pem"] = pem(*found)


def _tags(
    description: Description, meta: Mapping[str, bytes], files: Sequence[tuple[str, ExhibitFile, int]], *, sender: str
) -> dict[str, bytes]:
    """Return everything in the bag but the payload, by member: tag files, manifests, and what lies under meta."""
    prints = {member.removeprefix(bag.ROOT): file.fingerprint for member, file, _ in files}
    info = bag.info(
        str(description.dossier),
        sender,
        description.at,
        octets=sum(found.size for found in prints.values()),
        files=len(prints),
    )
    tags = {
        "bag/bagit.txt": bag.BAGIT,
        "bag/bag-info.txt": info,
        "bag/manifest-sha256.txt": bag.manifest({path: found.sha256.hex for path, found in prints.items()}),
        "bag/manifest-sha512.txt": bag.manifest({path: found.sha512 for path, found in prints.items()}),
        **meta,
    }
    listed = bag.manifest({name.removeprefix(bag.ROOT): Digest.of(data).hex for name, data in tags.items()})
    return {"bag/tagmanifest-sha256.txt": listed, **tags}


def _signed(
    tags: Mapping[str, bytes],
    files: Sequence[tuple[str, ExhibitFile, int]],
    signer: Signer,
    tsa: TimestampAuthority,
    at: datetime,
) -> dict[str, bytes]:
    """Return all small members in their order: mimetype, the signature and what it is over, the bag's tags."""
    digests = {"mimetype": Digest.of(MIMETYPE), **{name: Digest.of(data) for name, data in tags.items()}}
    digests |= {member: file.fingerprint.sha256 for member, file, _ in files}
    listed = asic.manifest(digests)
    signature = cades.sign(listed, signer, at=at, tsa=tsa)
    head = {"mimetype": MIMETYPE, asic.MANIFEST: listed, asic.SIGNATURE: signature}
    return {**head, asic.TIMESTAMP: timestamp.stamp(signature, tsa), **tags}


def _write(blocks: Iterator[bytes], out: BinaryIO | io.FileIO) -> Fingerprint:
    one, two, size = hashlib.sha256(), hashlib.sha512(), 0

    def write(block: bytes) -> None:
        nonlocal size
        size += len(block)
        left = memoryview(block)
        while left:
            left = left[out.write(left) :]

    with ThreadPoolExecutor(3) as pool:
        feed(pool, blocks, two.update, one.update, write)
    return Fingerprint(Digest(one.hexdigest()), two.hexdigest(), size)


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    yield from iter(lambda: stream.read(CHUNK), b"")
