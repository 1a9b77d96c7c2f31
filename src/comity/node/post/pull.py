"""Pulling one announced file: resumable, chunk by chunk, and counted as here only when the whole verifies.

The order: lease, survey of what an earlier try left, the missing ranges over mutual TLS under a sealed token, each
chunk by its digest, the whole by both digests into the store, and in one transaction the file, the pull's end and
the second receipt.
"""

from __future__ import annotations

import hashlib
import os
import random
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.db import transaction
from django.db.models import Q

from comity.exchange import claims, retry
from comity.exchange import pull as right
from comity.exchange.claims import Claim, Progress, Span
from comity.exchange.errors import ClaimError, MessageRefusedError, TransportError
from comity.node.audit import actions as audit
from comity.node.audit.vocabulary import Event
from comity.node.crash import CrashPoint, reach
from comity.node.place import here
from comity.node.post import actions
from comity.node.post.models import Pull
from comity.node.post.queries import State
from comity.node.registry import queries as registry
from comity.node.vault import actions as vault
from comity.node.vault import queries as stored
from comity.values import Digest, canonical

__all__ = ["pull"]

LEASE = timedelta(minutes=10)
BLOCK = 1024 * 1024


def pull(key: int) -> None:
    """Pull one file as far as the line carries."""
    row = _lease(key, datetime.now(UTC))
    if row is None:
        return
    claim = claims.read(canonical([row.claim]))[0]
    try:
        part = _fetch(row, claim)
    except (TransportError, MessageRefusedError) as error:
        _again(row, error.diagnostics(), datetime.now(UTC))
        return
    _keep(row, claim, part, datetime.now(UTC))


def _lease(key: int, at: datetime) -> Pull | None:
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    due = Pull.objects.filter(free, pk=key, state=State.PENDING)
    taken = due.update(lease=uuid.uuid4().hex, leased_until=at + LEASE)
    return Pull.objects.get(pk=key) if taken else None


def _fetch(row: Pull, claim: Claim) -> Path:
    part = here().work / f"{row.message_id.split('@', maxsplit=1)[0]}-{claim.sha256}.part"
    with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as target:
        progress = Progress(claim).survey(target)
        while not progress.complete:
            progress = _span(row, progress, target)
    return part


def _span(row: Pull, progress: Progress, target: BinaryIO) -> Progress:
    """Pull the first missing range: bytes go to the disk as they come, a chunk counts once its digest holds.

    What is left of a chunk the line broke in is gone on from; a chunk that is not what was announced is thrown away.
    """
    claim, index, end = progress.claim, progress.missing[0], progress.remaining[0].end
    at, hasher = _left(claim.span(index), target)
    partner = registry.partner(row.partner)
    url = f"{partner.blobs.rstrip('/')}/{row.sha256}"
    target.seek(at)
    for block in registry.transport().fetch(url, at, {"Authorization": _token(row)}, end=end):
        rest = memoryview(block)
        while rest:
            span = claim.span(index)
            part, rest = rest[: span.end - at], rest[span.end - at :]
            target.write(part)
            hasher.update(part)
            at += len(part)
            if at == span.end:
                progress = _confirmed(row, progress, index, hasher, target)
                index, hasher = index + 1, hashlib.sha256()
    return progress


def _confirmed(row: Pull, progress: Progress, index: int, hasher: hashlib._Hash, target: BinaryIO) -> Progress:
    span = progress.claim.span(index)
    target.flush()
    try:
        progress = progress.confirm(index, Digest(hasher.hexdigest()), span.end - span.start)
    except ClaimError:
        target.truncate(span.start)
        raise
    Pull.objects.filter(pk=row.pk).update(have=min(len(progress.have) * progress.claim.chunk, row.size))
    reach(CrashPoint.PULL_MIDDLE)
    return progress


def _left(span: Span, target: BinaryIO) -> tuple[int, hashlib._Hash]:
    """Return where to go on in a chunk, and the hash of what an earlier try left of it."""
    size, hasher = target.seek(0, os.SEEK_END), hashlib.sha256()
    if not span.start < size < span.end:
        return span.start, hasher
    target.seek(span.start)
    while block := target.read(BLOCK):
        hasher.update(block)
    return size, hasher


def _token(row: Pull) -> str:
    own, other = registry.identity(), registry.partner(row.partner)
    token = right.token(
        Digest(row.sha256),
        message=row.message_id,
        puller=own.party,
        holder=other.party,
        signer=own.signer,
        at=datetime.now(UTC),
    )
    return right.bearer(token)


def _keep(row: Pull, claim: Claim, part: Path, at: datetime) -> None:
    with part.open("rb") as source:
        found = stored.store().put(source)
    if found != claim.fingerprint:
        stored.store().remove(found.sha256)
        part.unlink()
        _again(row, f"The file {claim.sha256} is not what was announced.", at)
        return
    reach(CrashPoint.PULL_BEFORE_COMMIT)
    with transaction.atomic():
        vault.record_blob(found, at)
        now = Pull.objects.select_for_update().get(pk=row.pk)
        now.state, now.have, now.done_at, now.leased_until, now.reason = State.DONE, claim.size, at, None, ""
        now.attempts += 1
        now.save()
        audit.note(Event.BLOB_PULLED, actor="node", about=row.dossier, detail={"sha256": row.sha256, "size": row.size})
        actions.complete(row.message_id, row.partner, row.dossier, at)
    part.unlink(missing_ok=True)


def _again(row: Pull, reason: str, at: datetime) -> None:
    with transaction.atomic():
        now = Pull.objects.select_for_update().get(pk=row.pk)
        now.attempts += 1
        now.leased_until, now.lease, now.reason = None, "", reason[:2000]
        tries = 1 if now.have > row.have else now.attempts  # a line that carries something is tried again soon
        now.next_at = at + timedelta(seconds=retry.schedule(tries, random.random()))  # noqa: S311 - jitter
        if at - now.made_at > retry.HORIZON:
            now.state = State.FAILED
            audit.note(
                Event.MESSAGE_FAILED, actor="node", about=row.dossier, detail={"file": row.sha256, "why": reason}
            )
        now.save()
