"""Every write of the vault: stored files, documents of a dossier, exhibits, checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import IO, Any, BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import UnreadablePostError

from comity.errors import ComityError
from comity.node.audit import actions as audit
from comity.node.audit.vocabulary import Event
from comity.node.errors import NoLengthError, NotPossibleError, UnknownError, UploadError
from comity.node.vault import queries
from comity.node.vault.models import Blob, Check, Document, ExhibitRow
from comity.values import CHUNK, Digest, Fingerprint

__all__ = ["add_document", "add_exhibit", "keep", "known", "record_blob", "record_check", "sweep", "upload"]

ORPHANED = timedelta(days=1)


def keep(data: bytes | BinaryIO | Iterable[bytes], at: datetime) -> Fingerprint:
    """Store content and write down its fingerprint. Bytes without a row are found and removed by the sweep."""
    found = queries.store().put([data] if isinstance(data, bytes) else data)
    record_blob(found, at)
    return found


def known(sha256: str) -> Fingerprint:
    """Return the fingerprint of a file that is stored here, or refuse one that is not."""
    found = queries.fingerprint(Digest(sha256).hex)
    if found is None:
        raise UnknownError(f"The file {sha256} is not here.", cause="It was not uploaded, or is still being pulled.")
    return found


def record_blob(found: Fingerprint, at: datetime) -> None:
    """Write down that a file is stored."""
    Blob.objects.get_or_create(
        sha256=found.sha256.hex, defaults={"sha512": found.sha512, "size": found.size, "stored_at": at}
    )


def upload(source: BinaryIO, *, length: int | None, sha256: str, at: datetime, by: str, about: str = "") -> Fingerprint:
    """Store an upload of exactly ``length`` bytes with this digest; nothing stays of one that differs."""
    try:
        found = _taken(source, length, Digest(sha256))
    except ComityError as error:
        detail = {"door": "upload", "code": error.code, "detail": error.detail[:500]}
        audit.note(Event.INPUT_REFUSED, actor=by, about=about, detail=detail)
        raise
    with transaction.atomic():
        record_blob(found, at)
        said = {"sha256": found.sha256.hex, "size": found.size}
        audit.note(Event.UPLOADED, actor=by, about=about, detail=said)
    return found


def _taken(source: BinaryIO, length: int | None, expected: Digest) -> Fingerprint:
    if length is None:
        raise NoLengthError
    if length > settings.COMITY.largest_upload:
        raise UploadError(f"{length:,} bytes are announced; at most {settings.COMITY.largest_upload:,} are taken.")
    found = queries.store().put(_exactly(source, length))
    if found.sha256 != expected:
        if not queries.present(found.sha256.hex):
            queries.store().remove(found.sha256)
        raise UploadError(f"The upload has the digest {found.sha256}, announced was {expected}.")
    return found


def _exactly(source: IO[bytes], length: int) -> Iterator[bytes]:
    left = length
    while left:
        try:
            block = source.read(min(CHUNK, left))
        except UnreadablePostError:  # the line broke
            block = b""
        if not block:
            raise UploadError(f"The upload ended {left:,} bytes before its announced length of {length:,}.")
        left -= len(block)
        yield block


def sweep(at: datetime) -> int:
    """Remove files half written and, a day after they were stored, files no row names; returns how many those were."""
    kept, removed = queries.store(), 0
    kept.sweep()
    for digest in list(kept.digests()):
        stored_at = datetime.fromtimestamp(kept.path(digest).stat().st_mtime, UTC)
        if stored_at < at - ORPHANED and not queries.present(digest.hex):
            kept.remove(digest)
            removed += 1
    return removed


def add_document(
    dossier: str, found: Fingerprint, *, name: str, media_type: str, role: str, at: datetime, act: str = ""
) -> None:
    """Put a stored file, or one on its way, into a dossier; what stood there without an act gets the one it is sent by."""
    waiting = Document.objects.filter(dossier=dossier, sha256=found.sha256.hex, role=role, name=name[:200], act="")
    if act and waiting.update(act=act):
        return
    Document.objects.get_or_create(
        dossier=dossier,
        sha256=found.sha256.hex,
        role=role,
        act=act,
        name=name[:200],
        defaults={"media_type": media_type[:120], "size": found.size, "added_at": at},
    )


def add_exhibit(
    dossier: str,
    *,
    number: str,
    title: str,
    nature: str,
    description: str,
    files: Sequence[Mapping[str, Any]],
    conditions: Sequence[Mapping[str, Any]],
    by: str,
    at: datetime,
) -> queries.Item:
    """Describe an exhibit and its files."""
    try:
        with transaction.atomic():
            ExhibitRow.objects.create(
                dossier=dossier,
                number=number,
                title=title,
                nature=nature,
                description=description,
                files=list(files),
                conditions=list(conditions),
                added_by=by,
                added_at=at,
            )
    except IntegrityError as error:
        raise NotPossibleError(f"There is an exhibit {number} already.", remedy="Take the next number.") from error
    return next(item for item in queries.exhibits(dossier) if item.number == number)


def record_check(dossier: str, sha256: str, status: str, report: Mapping[str, Any], *, by: str, at: datetime) -> None:
    """Keep what verification said of a package."""
    Check.objects.create(dossier=dossier, sha256=sha256, status=status, report=dict(report), by=by, at=at)
    audit.note(Event.PACKAGE_VERIFIED, actor=by, about=dossier, detail={"package": sha256, "status": status})
