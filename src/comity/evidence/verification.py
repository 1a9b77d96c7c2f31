"""What verification says: per part, and for the whole, in the words of ETSI EN 319 102-1 (clause 5.1.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography import x509

from comity.evidence.description import Description
from comity.evidence.holding import Custody
from comity.evidence.item import Exhibit
from comity.record import Act
from comity.signing.certificate import digest as fingerprint_of
from comity.signing.trust import name_of, state_of
from comity.signing.verdict import Indication, SubIndication, Verdict
from comity.values import Digest, DossierId

__all__ = ["Part", "Verification", "worst"]


@dataclass(frozen=True, slots=True)
class Part:
    """One check: what was checked (``about`` names the member, act or exhibit), how it came out, and why."""

    name: str
    status: Indication
    sub: SubIndication | None
    reason: str
    about: str = ""

    @classmethod
    def passed(cls, name: str, reason: str, about: str = "") -> Part:
        """Return a check that holds."""
        return cls(name, Indication.PASSED, None, reason, about)

    @classmethod
    def of(cls, name: str, sub: SubIndication, reason: str, about: str = "") -> Part:
        """Return a check with the status its sub-indication implies."""
        return cls(name, Verdict.of(sub, reason).indication, sub, reason, about)

    @classmethod
    def judged(cls, name: str, verdict: Verdict, about: str = "") -> Part:
        """Return what a check of a signature said."""
        return cls(name, verdict.indication, verdict.sub, verdict.reason, about)

    def to_json(self) -> dict[str, Any]:
        """Return the members of the report."""
        return {
            "name": self.name,
            "about": self.about,
            "status": str(self.status),
            "sub": str(self.sub) if self.sub else None,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked of a package at ``at``.

    ``proved`` is the time a trusted timestamp proves; ``own_anchors`` says that the anchors came from the package itself,
    so that who sealed it still has to be compared. ``description``, ``acts``, ``exhibits`` and ``custody`` hold only what
    was read from members whose digests hold.
    """

    status: Indication
    parts: tuple[Part, ...]
    sha256: Digest
    size: int
    at: datetime
    proved: datetime | None
    anchors: tuple[x509.Certificate, ...]
    own_anchors: bool
    description: Description | None
    acts: tuple[Act, ...] = field(default=(), repr=False)
    custody: tuple[Custody, ...] = field(default=(), repr=False)

    @property
    def passed(self) -> bool:
        """Whether everything holds."""
        return self.status is Indication.PASSED

    @property
    def dossier(self) -> DossierId | None:
        """The cooperation, where the package says it."""
        return self.description.dossier if self.description else None

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """The exhibits the package says it holds."""
        return tuple(packed.exhibit for packed in self.description.exhibits) if self.description else ()

    @property
    def broken(self) -> tuple[Part, ...]:
        """The parts that did not pass."""
        return tuple(part for part in self.parts if part.status is not Indication.PASSED)

    def to_json(self) -> dict[str, Any]:
        """Return the report for a program."""
        said = self.description
        return {
            "status": str(self.status),
            "sha256": self.sha256.hex,
            "size": self.size,
            "checked_at": self.at.isoformat(),
            "proved_at": self.proved.isoformat() if self.proved else None,
            "dossier": str(said.dossier) if said else None,
            "sender": said.sender if said else None,
            "anchors": {
                "from": "package" if self.own_anchors else "given",
                "certificates": [_certificate(found) for found in self.anchors],
            },
            "parts": [part.to_json() for part in self.parts],
            "exhibits": [exhibit.to_json() for exhibit in self.exhibits],
            "acts": [_act(act) for act in self.acts],
            "custody": [_custody(found) for found in self.custody],
        }


def worst(parts: Iterable[Part]) -> Indication:
    """Return the status of the whole: failed if a part failed, else indeterminate if one is, else passed."""
    found = {part.status for part in parts}
    for status in (Indication.FAILED, Indication.INDETERMINATE):
        if status in found:
            return status
    return Indication.PASSED


def _certificate(found: x509.Certificate) -> Mapping[str, Any]:
    return {"state": state_of(found), "subject": name_of(found), "sha256": fingerprint_of(found).hex}


def _act(act: Act) -> Mapping[str, Any]:
    return {
        "sha256": act.digest.hex,
        "kind": act.kind,
        "state": act.actor.state,
        "authority": act.actor.authority,
        "officer": act.actor.officer,
        "at": act.at.isoformat(),
        "law": act.law,
    }


def _custody(found: Custody) -> Mapping[str, Any]:
    return {
        "exhibit": found.number,
        "complete": found.complete,
        "holdings": [
            {
                "state": held.state,
                "authority": held.authority,
                "officer": held.officer,
                "since": held.since.isoformat(),
                "until": held.until.isoformat() if held.until else None,
            }
            for held in found.holdings
        ],
        "gaps": [{"code": gap.code, "text": gap.text} for gap in found.gaps],
    }
