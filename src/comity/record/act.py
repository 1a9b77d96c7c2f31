"""The act: what an authority did in a cooperation, as the bytes both states keep (design section 4).

An act is written as an in-toto Statement v1 in canonical JSON. Its subjects are the attachments by digest and
the acts it follows; its predicate is the act itself. The digest of those bytes names the act.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from comity.errors import RecordError
from comity.values import Digest, DossierId, StateCode, canonical, parse, state

__all__ = ["PAYLOAD_TYPE", "PREDICATE", "Act", "Actor", "Attachment"]

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "urn:comity:act:1"
_KIND = re.compile(r"[a-z][a-z-]*(\.[a-z][a-z-]*)+")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted: the state, the authority's id in the law base, the role, and the officer as the state names them."""

    state: StateCode
    authority: str
    role: str
    officer: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file an act carries, by digest; the bytes travel and are stored apart. ``size`` is in bytes."""

    name: str
    digest: Digest
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Act:
    """One procedural act. ``kind`` stands in the law base's vocabulary of acts, ``law`` names the provision.

    ``at`` is kept in UTC to the millisecond, as it is written.
    """

    dossier: DossierId
    kind: str
    actor: Actor
    at: datetime
    law: str
    body: Mapping[str, Any]
    attachments: tuple[Attachment, ...] = ()
    follows: tuple[Digest, ...] = ()
    language: str = "en"
    conditions: tuple[str, ...] = field(default=())
    _digest: Digest | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not _KIND.fullmatch(self.kind):
            raise RecordError(f"{self.kind[:60]!r} is not the form of an act kind.", remedy="Write it as noun.act.")
        if self.at.tzinfo is None:
            raise RecordError("An act needs a time with its zone.", remedy="Give the time in UTC.")
        at = self.at.astimezone(UTC)
        object.__setattr__(self, "at", at.replace(microsecond=at.microsecond // 1000 * 1000))

    @property
    def statement(self) -> bytes:
        """The canonical bytes that are signed."""
        predicate = {
            "dossier": str(self.dossier),
            "kind": self.kind,
            "actor": {
                "state": self.actor.state,
                "authority": self.actor.authority,
                "role": self.actor.role,
                "officer": self.actor.officer,
            },
            "at": _instant(self.at),
            "law": self.law,
            "body": dict(self.body),
            "attachments": [
                {"name": a.name, "sha256": a.digest.hex, "size": a.size, "mediaType": a.media_type}
                for a in self.attachments
            ],
            "follows": [d.hex for d in self.follows],
            "language": self.language,
            "conditions": list(self.conditions),
        }
        subject = [{"name": a.name, "digest": {"sha256": a.digest.hex}} for a in self.attachments]
        subject += [{"name": "follows", "digest": {"sha256": d.hex}} for d in self.follows]
        subject.append({"name": "predicate", "digest": {"sha256": Digest.of(canonical(predicate)).hex}})
        return canonical({"_type": STATEMENT, "subject": subject, "predicateType": PREDICATE, "predicate": predicate})

    @property
    def digest(self) -> Digest:
        """The digest that names this act; reckoned once, for folds ask for it often."""
        found = self._digest
        if found is None:
            found = Digest.of(self.statement)
            object.__setattr__(self, "_digest", found)
        return found

    @classmethod
    def read(cls, statement: bytes) -> Act:
        """Read an act back; refuse bytes that are not the canonical form of what they say."""
        document = parse(statement, what="act")
        try:
            found = document["predicate"]
            act = cls(
                dossier=DossierId.read(found["dossier"]),
                kind=found["kind"],
                actor=Actor(
                    state(found["actor"]["state"]),
                    found["actor"]["authority"],
                    found["actor"]["role"],
                    found["actor"]["officer"],
                ),
                at=datetime.fromisoformat(found["at"]),
                law=found["law"],
                body=found["body"],
                attachments=tuple(
                    Attachment(a["name"], Digest(a["sha256"]), a["size"], a["mediaType"]) for a in found["attachments"]
                ),
                follows=tuple(Digest(d) for d in found["follows"]),
                language=found["language"],
                conditions=tuple(found["conditions"]),
            )
            _check_types(act)
            whole = act.statement == statement
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RecordError(
                f"These bytes are not an act: {error!r}.",
                cause="A member is missing or has another type than the statement's form gives it.",
                remedy="Ask the sender for the act again.",
            ) from error
        if not whole:
            raise RecordError(
                "This act is not in its canonical form.",
                cause="It carries members the form does not know, or was written in another order.",
                remedy="Ask the sender for the act as it was signed.",
            )
        return act


def _check_types(act: Act) -> None:
    """Refuse members of another type than the form gives them, which would be written back as they came."""
    texts = [act.kind, act.law, act.language, act.actor.authority, act.actor.role, act.actor.officer, *act.conditions]
    texts += [text for attached in act.attachments for text in (attached.name, attached.media_type)]
    if not all(isinstance(text, str) for text in texts) or not isinstance(act.body, dict):
        raise TypeError("a text or the body is of another type")
    if not all(type(attached.size) is int and attached.size >= 0 for attached in act.attachments):
        raise TypeError("a size is not a number of bytes")


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
