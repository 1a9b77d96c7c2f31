"""The log of acts as others see it: its signed head, and the proof that an act stands in it (RFC 6962, C2SP).

The leaves are rows (`models.Leaf`), written in the transaction of the act; the tree is made from them once a process
and then grows with them. A head is kept for each size that was ever signed, so that it can be shown again as it was.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import IntegrityError, connection, transaction

from comity.node.audit import queries
from comity.node.audit.models import Checkpoint, Leaf
from comity.node.errors import UnknownError
from comity.node.place import here
from comity.record import proof as proofs
from comity.record.log import Log
from comity.record.note import NoteKey

__all__ = ["Head", "checkpoint", "key", "proof", "proof_of"]


@dataclass(frozen=True, slots=True)
class Head:
    """The signed head of the log at a size."""

    size: int
    note: str
    at: datetime


@lru_cache(maxsize=1)
def key() -> NoteKey:
    """Return the key this node signs its log with."""
    return NoteKey.read((here().keys / "log.key").read_text(encoding="ascii").strip())


def checkpoint(at: datetime) -> Head:
    """Sign the log as it is now; the same size is signed once."""
    log = _tree()
    kept = Checkpoint.objects.filter(size=log.size).first()
    if kept is None:
        note = proofs.checkpoint(log, key())
        try:
            with transaction.atomic():
                kept = Checkpoint.objects.create(size=log.size, note=note, at=at)
        except IntegrityError:
            kept = Checkpoint.objects.get(size=log.size)
    return Head(kept.size, kept.note, kept.at)


def proof_of(act: str, at: datetime) -> proofs.Proof:
    """Return the inclusion proof of an act (hex digest) under the head of now."""
    number = queries.leaf_number(act)
    if number is None:
        raise UnknownError(f"The act {act[:64]!r} is not in the log of this node.")
    return proofs.prove(_tree(), number, checkpoint(at).note)


def proof(act: str, at: datetime) -> str:
    """Return the same as text (C2SP tlog-proof)."""
    return proof_of(act, at).text


_lock = threading.Lock()
_kept: list[Log] = [Log()]


def _tree() -> Log:
    """Return the tree over all leaves there are; rows are only ever added, so what was read once stays right."""
    with _lock:
        log = _kept[0] if _kept[0].size <= Leaf.objects.count() else Log()
        rows = Leaf.objects.filter(number__gte=log.size).order_by("number").values_list("sha256", flat=True)
        news = [bytes.fromhex(leaf) for leaf in rows]
        if news:
            log = log.extended(news)
        if not connection.in_atomic_block:  # what stands in a running transaction may yet be undone
            _kept[0] = log
        return log
