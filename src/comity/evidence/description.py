"""``bag/meta/package.json``: what a package holds and where each part stands, in canonical JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from comity.errors import ValueRefusedError
from comity.evidence.closed import Closed
from comity.evidence.errors import ExhibitError
from comity.evidence.item import Exhibit
from comity.values import Digest, DossierId, StateCode, canonical, parse

__all__ = ["DESCRIPTION", "LOG_KEY", "Description", "Packed", "Paper", "Sealed"]

DESCRIPTION: Final = "bag/meta/package.json"
LOG_KEY: Final = "bag/meta/certs/log.vkey"
_FORM: Final = "urn:comity:package:1"


@dataclass(frozen=True, slots=True)
class Packed:
    """An exhibit and the members its files stand in, in the order of the files."""

    exhibit: Exhibit
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sealed:
    """An act's digest and kind, the member its envelope stands in, and that of its log proof, or empty."""

    digest: Digest
    kind: str
    member: str
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of the cooperation, such as the request and its letter."""

    name: str
    member: str


@dataclass(frozen=True, slots=True)
class Description:
    """What a package says of itself. ``sender`` is the state whose key sealed it."""

    dossier: DossierId
    sender: StateCode
    at: datetime
    exhibits: tuple[Packed, ...]
    acts: tuple[Sealed, ...]
    papers: tuple[Paper, ...]

    def dump(self) -> bytes:
        """Return the canonical bytes."""
        return canonical(
            {
                "form": _FORM,
                "dossier": str(self.dossier),
                "sender": self.sender,
                "at": self.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
                "exhibits": [{"exhibit": p.exhibit.to_json(), "members": list(p.members)} for p in self.exhibits],
                "acts": [
                    {"sha256": a.digest.hex, "kind": a.kind, "member": a.member, "proof": a.proof} for a in self.acts
                ],
                "papers": [{"name": p.name, "member": p.member} for p in self.papers],
            }
        )

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Read the bytes back; raise `ExhibitError`, also where they are not the canonical ones."""
        try:
            value = parse(data, what="description of the package")
            found = cls._read(value)
        except (ValueRefusedError, ValueError) as error:
            raise ExhibitError(f"The description of the package cannot be read: {error}") from error
        if found.dump() != data:
            raise ExhibitError("The description of the package is not in its canonical form.")
        return found

    @classmethod
    def _read(cls, value: Any) -> Self:
        names = ("form", "dossier", "sender", "at", "exhibits", "acts", "papers")
        form = Closed(value, names, "package", ExhibitError)
        if value["form"] != _FORM:
            raise form.refused("form", f"is not {_FORM}")
        exhibits, acts, papers = [], [], []
        for at, item in enumerate(form.list("exhibits")):
            part = Closed(item, ("exhibit", "members"), f"package.exhibits[{at}]", ExhibitError)
            exhibits.append(Packed(Exhibit.read(item["exhibit"], part.path("exhibit")), part.texts("members")))
        for at, item in enumerate(form.list("acts")):
            part = Closed(item, ("sha256", "kind", "member", "proof"), f"package.acts[{at}]", ExhibitError)
            proof = part.text("proof", empty=True)
            acts.append(Sealed(part.digest("sha256"), part.text("kind"), part.text("member"), proof))
        for at, item in enumerate(form.list("papers")):
            part = Closed(item, ("name", "member"), f"package.papers[{at}]", ExhibitError)
            papers.append(Paper(part.text("name"), part.text("member")))
        return cls(
            DossierId.read(form.text("dossier")),
            form.state("sender"),
            datetime.fromisoformat(form.text("at")),
            tuple(exhibits),
            tuple(acts),
            tuple(papers),
        )
