"""What a check of a signature says, in the words of ETSI EN 319 102-1 (clause 5.1.3, tables 5 and 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from comity.values import StateCode

__all__ = ["FAILING", "Indication", "SubIndication", "Verdict"]


class Indication(StrEnum):
    """The main status indication."""

    PASSED = "passed"
    INDETERMINATE = "indeterminate"
    FAILED = "failed"


class SubIndication(StrEnum):
    """Why a signature did not pass."""

    FORMAT_FAILURE = "FORMAT_FAILURE"
    HASH_FAILURE = "HASH_FAILURE"
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    NOT_YET_VALID = "NOT_YET_VALID"
    SIG_CONSTRAINTS_FAILURE = "SIG_CONSTRAINTS_FAILURE"
    CHAIN_CONSTRAINTS_FAILURE = "CHAIN_CONSTRAINTS_FAILURE"
    CERTIFICATE_CHAIN_GENERAL_FAILURE = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    NO_SIGNING_CERTIFICATE_FOUND = "NO_SIGNING_CERTIFICATE_FOUND"
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    OUT_OF_BOUNDS_NO_POE = "OUT_OF_BOUNDS_NO_POE"
    REVOKED_NO_POE = "REVOKED_NO_POE"
    SIGNED_DATA_NOT_FOUND = "SIGNED_DATA_NOT_FOUND"
    GENERIC = "GENERIC"


FAILING = frozenset(
    {
        SubIndication.FORMAT_FAILURE,
        SubIndication.HASH_FAILURE,
        SubIndication.SIG_CRYPTO_FAILURE,
        SubIndication.REVOKED,
        SubIndication.EXPIRED,
        SubIndication.NOT_YET_VALID,
    }
)
"""The sub-indications that prove a signature bad (table 5); every other one leaves it open (table 6)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check's outcome; ``reason`` is a sentence, ``subject`` the signer's name (RFC 4514).

    ``state`` is the state the certificate speaks for, set only when the chain to that state's anchor holds.
    ``at`` is the time a trusted timestamp proves, None without one.
    """

    indication: Indication
    sub: SubIndication | None
    reason: str
    subject: str = ""
    state: StateCode | None = None
    at: datetime | None = None

    @classmethod
    def of(cls, sub: SubIndication, reason: str, subject: str = "") -> Verdict:
        """Return the verdict a sub-indication implies: failed or indeterminate."""
        return cls(Indication.FAILED if sub in FAILING else Indication.INDETERMINATE, sub, reason, subject)

    @property
    def passed(self) -> bool:
        """Whether the signature holds."""
        return self.indication is Indication.PASSED
