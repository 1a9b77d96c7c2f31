"""What can be wrong with keys, seals and timestamps before there is anything to judge."""

from __future__ import annotations

from comity.errors import ServiceError, SigningError

__all__ = ["KeyUnusableError", "MalformedSignatureError", "TimestampRefusedError", "UnsealableError"]


class MalformedSignatureError(SigningError):
    """These bytes are not a signature, certificate, timestamp or envelope."""

    code = "signing.malformed"
    cause = "The file was cut or altered, or is something else than its name says."
    remedy = "Obtain it again from who made it; nothing of this one was used."


class KeyUnusableError(SigningError):
    """A key or certificate cannot be used."""

    code = "signing.key"
    cause = "The file is missing, protected, of another kind, or key and certificate do not belong together."
    remedy = "Give an unencrypted PEM key on P-256 and the PEM certificates that belong to it."


class UnsealableError(SigningError):
    """This content cannot be signed."""

    code = "signing.unsealable"
    cause = "The document is damaged or of a kind that cannot carry a signature."
    remedy = "Make the document again."


class TimestampRefusedError(ServiceError):
    """The timestamp authority did not give a timestamp."""

    code = "signing.timestamp-refused"
    cause = "It refused the request, or answered with something that is not a timestamp over this content."
    remedy = "Try again; if it stays, ask the operator of the timestamp authority."
