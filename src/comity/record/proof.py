"""What travels with evidence: a log's signed head (C2SP tlog-checkpoint), and the proof that an act stands under it.

The proof is a text of its own (C2SP tlog-proof): the index, the hashes from the leaf's sibling up, the checkpoint with
its signatures. It is checked offline with the act, and with the key of the log from the federation list.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from comity.record import note
from comity.record.errors import NoteRefusedError, ProofRefusedError
from comity.record.log import Log, leaf_hash, verify_consistency, verify_inclusion
from comity.record.note import NoteKey, Opened, Verifier

__all__ = ["Checkpoint", "Proof", "checkpoint", "continues", "open_checkpoint", "prove"]

_FIRST: Final = "c2sp.org/tlog-proof@v1"
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,17}")
_DEPTH: Final = 63


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's head: who keeps it, how many entries it has, the root hash (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text of the note."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def read(cls, text: str) -> Self:
        """Read the text of a checkpoint; extension lines are refused, because nobody can audit them."""
        lines = text.split("\n")
        if len(lines) == 4 and lines[0] and _NUMBER.fullmatch(lines[1]) and not lines[3]:
            found = cls(lines[0], int(lines[1]), _hash(lines[2]))
            if found.text == text:
                return found
        raise NoteRefusedError("The note is not a checkpoint: origin, size and root hash, one a line.")


@dataclass(frozen=True, slots=True)
class Proof:
    """That the entry at ``index`` is in the tree of the checkpoint in ``head``, the signed note."""

    index: int
    hashes: tuple[bytes, ...]
    head: str

    @property
    def text(self) -> str:
        """The proof as the text of a ``.tlog-proof`` file."""
        lines = [_FIRST, f"index {self.index}", *(base64.b64encode(one).decode() for one in self.hashes)]
        return "\n".join(lines) + "\n\n" + self.head

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a proof; raise `ProofRefusedError` for any text that is not in the one form written here."""
        top, blank, head = text.partition("\n\n")
        first, *rest = top.split("\n")
        index = rest[0].removeprefix("index ") if rest else ""
        if blank and first == _FIRST and _NUMBER.fullmatch(index) and len(rest) <= _DEPTH + 1:
            found = cls(int(index), tuple(_hash(line) for line in rest[1:]), head)
            if found.text == text:
                return found
        raise ProofRefusedError("This is not a proof of a log (C2SP tlog-proof).")

    def check(self, entry: bytes, log: Verifier, witnesses: Iterable[Verifier] = ()) -> tuple[Checkpoint, Opened]:
        """Check that ``entry`` stands in the log of the key ``log``; raise `ProofRefusedError` or `NoteRefusedError`.

        Returned is the head it stands under, and who signed that: the log, and those of ``witnesses`` that did.
        """
        head, opened = open_checkpoint(self.head, log, witnesses)
        if not verify_inclusion(leaf_hash(entry), self.index, head.size, self.hashes, head.root):
            raise ProofRefusedError(f"The entry does not stand at {self.index:,} in the log {head.origin}.")
        return head, opened


def checkpoint(log: Log, key: NoteKey) -> str:
    """Return the signed head of a log, of the name of its key."""
    return note.sign(Checkpoint(key.name, log.size, log.root()).text, key)


def open_checkpoint(head: str, log: Verifier, witnesses: Iterable[Verifier] = ()) -> tuple[Checkpoint, Opened]:
    """Open a log's signed head; raise `NoteRefusedError` unless the log itself signed it."""
    opened = note.open_note(head, (log, *witnesses))
    found = Checkpoint.read(opened.text)
    if log not in opened.by or found.origin != log.name:
        raise NoteRefusedError(f"The checkpoint is of {found.origin[:80]}, or not signed by the log {log.name}.")
    return found, opened


def prove(log: Log, index: int, head: str) -> Proof:
    """Return the proof for an entry under a head of the log that has been signed."""
    size = Checkpoint.read(head.rpartition("\n\n")[0] + "\n").size
    return Proof(index, log.inclusion(index, size), head)


def continues(old: Checkpoint, new: Checkpoint, proof: Iterable[bytes]) -> None:
    """Check that a log's head continues an older one; raise `ProofRefusedError` where its history was changed."""
    if old.origin != new.origin or not verify_consistency(old.size, new.size, old.root, new.root, tuple(proof)):
        raise ProofRefusedError(
            f"The log {new.origin} at {new.size:,} entries does not continue {old.origin} at {old.size:,}.",
            cause="The proof was altered, or entries of the log were changed or taken out after they were signed.",
        )


def _hash(line: str) -> bytes:
    try:
        found = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ProofRefusedError("A hash is not written in base64.") from error
    if len(found) != 32:
        raise ProofRefusedError(f"A hash has 32 bytes, not {len(found)}.")
    return found
