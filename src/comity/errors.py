"""The errors of Comity: what failed, the likely cause, what to do.

The docstring of a class is its default sentence; ``code`` is stable and is what other programs see.
Legal and scientific outcomes (a refusal, an indeterminate signature, an inconclusive comparison) are
values, never errors.

    ComityError
    ├── ValueRefusedError     a code, date, digest or document outside its closed form
    ├── LawError              the law base or a question to it
    ├── SigningError          keys, seals, timestamps
    ├── RecordError           acts, their chain, the log
    ├── RequestError          drafts, requests, letters, lifecycle
    ├── EvidenceError         exhibits, custody, packages, the store
    ├── ExchangeError         messages between nodes
    ├── NodeError             a node's settings, set-up, people and permissions
    └── ServiceError          a partner, a timestamp authority or another service did not serve
"""

from __future__ import annotations

from typing import Any, ClassVar

__all__ = [
    "ComityError",
    "EvidenceError",
    "ExchangeError",
    "LawError",
    "NodeError",
    "RecordError",
    "RequestError",
    "ServiceError",
    "SigningError",
    "ValueRefusedError",
]


class ComityError(Exception):
    """Something in Comity could not be done."""

    code: ClassVar[str] = "comity"
    exit_code: ClassVar[int] = 4
    cause: str = ""
    remedy: str = ""

    def __init__(self, detail: str = "", *, cause: str = "", remedy: str = "", **fields: Any) -> None:
        self.detail = detail or (type(self).__doc__ or "").strip().splitlines()[0]
        self.cause = cause or type(self).cause
        self.remedy = remedy or type(self).remedy
        self.fields = fields
        super().__init__(self.detail)

    def diagnostics(self) -> str:
        """Return the three sentences a person reads: what failed, why, what to do."""
        lines = [self.detail]
        if self.cause:
            lines.append(f"Likely cause: {self.cause}")
        if self.remedy:
            lines.append(f"What to do: {self.remedy}")
        return "\n".join(lines)

    def problem(self) -> dict[str, Any]:
        """Return the same for a program: the members of an RFC 9457 problem document."""
        return {
            "code": self.code,
            "detail": self.detail,
            "cause": self.cause,
            "remedy": self.remedy,
            "fields": self.fields,
        }


class ValueRefusedError(ComityError):
    """A value is outside its closed form."""

    code = "value.refused"


class LawError(ComityError):
    """The law base, or a question to it, could not be used."""

    code = "law"


class SigningError(ComityError):
    """A signature, key or timestamp could not be made or used."""

    code = "signing"


class RecordError(ComityError):
    """An act does not fit the record."""

    code = "record"


class RequestError(ComityError):
    """A request could not be drafted, composed or moved on."""

    code = "request"


class EvidenceError(ComityError):
    """Evidence could not be stored, packed or read."""

    code = "evidence"


class ExchangeError(ComityError):
    """A message between nodes could not be made, read or accepted."""

    code = "exchange"


class NodeError(ComityError):
    """The node, its settings or its people do not allow this."""

    code = "node"


class ServiceError(ComityError):
    """A partner or a service did not serve."""

    code = "service"
    exit_code = 5
