"""What can be wrong with the chain of acts and with the log that proves it."""

from __future__ import annotations

from comity.errors import RecordError

__all__ = ["ChainError", "LogError", "NoteRefusedError", "ProofRefusedError"]


class ChainError(RecordError):
    """The acts do not form the chain of one cooperation."""

    code = "record.chain"
    cause = "An act was taken out, stands twice, or belongs to another cooperation."
    remedy = "Obtain the missing acts from the state that made them; until then use none that follows them."


class LogError(RecordError):
    """The log has no such entry, size or tile."""

    code = "record.log"
    cause = "The log is shorter than was asked for, or the request is not of the form of C2SP tlog-tiles."
    remedy = "Ask for a size the log has published in a checkpoint."


class NoteRefusedError(RecordError):
    """This is not a checkpoint of the log it should be of."""

    code = "record.note"
    cause = "It was altered, is of another log, or is signed with another key than the federation list names."
    remedy = "Fetch it again; if it stays, tell the operator of the log: a log must never sign two histories."


class ProofRefusedError(RecordError):
    """The proof does not show what it should show."""

    code = "record.proof"
    cause = "The proof was altered, belongs to another entry, or the log was rewritten."
    remedy = "Ask the log's operator for the proof again; keep this one, for it may show that a history was changed."
