"""Custody: the bodies of the custody acts, in the words of ISO/IEC 27037, each a closed form.

    custody.collect     an item comes into custody: collection of a thing, or acquisition of a copy
    custody.examine     it is looked into, by whom, with what, on the original or a working copy
    custody.offer       the executing state offers exhibits, their files by digest, and conditions of use
    custody.undertake   the issuing state takes over under exactly those (docs/decisions/0003)
    custody.hand-over   a thing leaves by courier or in person
    custody.receive     it has arrived: what was found, which package, what verification said
    custody.return      it goes back
    custody.destroy     it is no more: how, before whom

`check` is what validates a body before an act is made; `comity.evidence.holding` folds the acts into who held what when.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from comity.evidence.closed import Closed
from comity.evidence.errors import CustodyError, ExhibitError
from comity.evidence.item import Exhibit
from comity.record import Act
from comity.values import Digest, StateCode

__all__ = [
    "KINDS",
    "Body",
    "Collect",
    "Destroy",
    "Examine",
    "HandOver",
    "Handling",
    "Offer",
    "Receive",
    "Return",
    "Terms",
    "Undertake",
    "check",
    "read",
]


class Handling(StrEnum):
    """How an item came into custody (ISO/IEC 27037 clauses 5.4.3 and 5.4.4)."""

    COLLECTION = "collection"
    ACQUISITION = "acquisition"


@dataclass(frozen=True, slots=True)
class Collect:
    """An item comes into custody. ``source`` is from whom; ``seal`` the number of a physical seal, or empty."""

    exhibit: Exhibit
    handling: Handling
    place: str
    source: str
    method: str
    tools: tuple[str, ...] = ()
    seal: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the body of the act."""
        return {
            "exhibit": self.exhibit.to_json(),
            "handling": str(self.handling),
            "place": self.place,
            "source": self.source,
            "method": self.method,
            "tools": list(self.tools),
            "seal": self.seal,
        }

    @classmethod
    def read(cls, value: Any) -> Self:
        """Read a body; raise `CustodyError`."""
        form = Closed(
            value, ("exhibit", "handling", "place", "source", "method", "tools", "seal"), "body", CustodyError
        )
        return cls(
            exhibit=_exhibit(value["exhibit"], form.path("exhibit")),
            handling=form.choice("handling", Handling),
            place=form.text("place", limit=300),
            source=form.text("source", limit=300),
            method=form.text("method"),
            tools=form.texts("tools"),
            seal=form.text("seal", empty=True, limit=80),
        )


@dataclass(frozen=True, slots=True)
class Examine:
    """An item was examined; ``files`` are those looked into, ``on_copy`` whether it was done on a working copy."""

    exhibit: str
    files: tuple[Digest, ...]
    method: str
    finding: str
    tools: tuple[str, ...] = ()
    on_copy: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the body of the act."""
        return {
            "exhibit": self.exhibit,
            "files": [digest.hex for digest in self.files],
            "method": self.method,
            "finding": self.finding,
            "tools": list(self.tools),
            "on_copy": self.on_copy,
        }

    @classmethod
    def read(cls, value: Any) -> Self:
        """Read a body; raise `CustodyError`."""
        form = Closed(value, ("exhibit", "files", "method", "finding", "tools", "on_copy"), "body", CustodyError)
        if not isinstance(value["on_copy"], bool):
            raise form.refused("on_copy", "is neither true nor false")
        return cls(
            form.text("exhibit", limit=40),
            form.digests("files"),
            form.text("method"),
            form.text("finding"),
            form.texts("tools"),
            value["on_copy"],
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """Exhibits are offered, each whole: files by digest and conditions of use."""

    exhibits: tuple[Exhibit, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the body of the act."""
        return {"exhibits": [exhibit.to_json() for exhibit in self.exhibits]}

    @classmethod
    def read(cls, value: Any) -> Self:
        """Read a body; raise `CustodyError`."""
        form = Closed(value, ("exhibits",), "body", CustodyError)
        listed = enumerate(form.list("exhibits", empty=False))
        found = tuple(_exhibit(item, f"{form.path('exhibits')}[{at}]") for at, item in listed)
        if len({exhibit.number for exhibit in found}) != len(found):
            raise form.refused("exhibits", "names an exhibit twice")
        return cls(found)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is taken over of one exhibit: its files by digest, and the conditions by their ids."""

    number: str
    files: tuple[Digest, ...]
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undertake:
    """The offer with this digest is accepted, under exactly the terms it names."""

    offer: Digest
    terms: tuple[Terms, ...]

    @classmethod
    def of(cls, offer: Act) -> Self:
        """Accept an offer as it stands."""
        if offer.kind != "custody.offer":
            raise CustodyError(f"The act {offer.digest} is {offer.kind}, not an offer.")
        return cls(offer.digest, tuple(map(_terms, Offer.read(offer.body).exhibits)))

    def to_json(self) -> dict[str, Any]:
        """Return the body of the act."""
        terms = [
            {"number": t.number, "files": [d.hex for d in t.files], "conditions": list(t.conditions)}
            for t in self.terms
        ]
        return {"offer": self.offer.hex, "terms": terms}

    @classmethod
    def read(cls, value: Any) -> Self:
        """Read a body; raise `CustodyError`."""
        form = Closed(value, ("offer", "terms"), "body", CustodyError)
        terms = []
        for at, item in enumerate(form.list("terms", empty=False)):
            part = Closed(item, ("number", "files", "conditions"), f"body.terms[{at}]", CustodyError)
            terms.append(Terms(part.text("number", limit=40), part.digests("files"), part.texts("conditions")))
        return cls(form.digest("offer"), tuple(terms))


@dataclass(frozen=True, slots=True)
class HandOver:
    """Things leave for an authority; ``means`` says how, ``seal`` names the physical seal they left under."""

    exhibits: tuple[str, ...]
    to_state: StateCode
    to_authority: str
    means: str
    seal: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the body of the act."""
        return {
            "exhibits": list(self.exhibits),
            "to_state": self.to_state,
            "to_authority": self.to_authority,
            "means": self.means,
            "seal": self.seal,
        }

    @classmethod
    def read(cls, value: Any) -> Self:
        """Read a body; raise `CustodyError`."""
        form = Closed(value, ("exhibits", "to_state", "to_authority", "means", "seal"), "body", CustodyError)
        return cls(
            form.texts("exhibits", empty=False),
            form.state("to_state"),
            form.text("to_authority", limit=200),
            form.text("means", limit=300),
            form.text("seal", empty=True, limit=80),
        )


@dataclass(frozen=True, slots=True)
class Receive:
    """Exhibits have arrived. ``found`` is their condition, ``package`` the digest of the package they came in.

    ``status`` is what verification said (passed, indeterminate, failed), empty for things that came by hand.
    """

    exhibits: tuple[str, ...]
    found: str
    package: Digest | None = None
    status: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the body of the act."""
        return {
            "exhibits": list(self.exhibits),
            "found": self.found,
            "package": self.package.hex if self.package else None,
            "status": self.status,
        }

    @classmethod
    def read(cls, value: Any) -> Self:
        """Read a body; raise `CustodyError`."""
        form = Closed(value, ("exhibits", "found", "package", "status"), "body", CustodyError)
        status = form.text("status", empty=True, limit=20)
        if status not in ("", "passed", "indeterminate", "failed"):
            raise form.refused("status", "is none of: passed, indeterminate, failed")
        return cls(form.texts("exhibits", empty=False), form.text("found"), form.optional("package"), status)


@dataclass(frozen=True, slots=True)
class Return:
    """Exhibits go back to an authority, and why."""

    exhibits: tuple[str, ...]
    to_state: StateCode
    to_authority: str
    reason: str

    def to_json(self) -> dict[str, Any]:
        """Return the body of the act."""
        return {
            "exhibits": list(self.exhibits),
            "to_state": self.to_state,
            "to_authority": self.to_authority,
            "reason": self.reason,
        }

    @classmethod
    def read(cls, value: Any) -> Self:
        """Read a body; raise `CustodyError`."""
        form = Closed(value, ("exhibits", "to_state", "to_authority", "reason"), "body", CustodyError)
        return cls(
            form.texts("exhibits", empty=False),
            form.state("to_state"),
            form.text("to_authority", limit=200),
            form.text("reason"),
        )


@dataclass(frozen=True, slots=True)
class Destroy:
    """Exhibits are destroyed: how, before which witness, why."""

    exhibits: tuple[str, ...]
    method: str
    witness: str
    reason: str

    def to_json(self) -> dict[str, Any]:
        """Return the body of the act."""
        return {
            "exhibits": list(self.exhibits),
            "method": self.method,
            "witness": self.witness,
            "reason": self.reason,
        }

    @classmethod
    def read(cls, value: Any) -> Self:
        """Read a body; raise `CustodyError`."""
        form = Closed(value, ("exhibits", "method", "witness", "reason"), "body", CustodyError)
        return cls(
            form.texts("exhibits", empty=False),
            form.text("method"),
            form.text("witness", limit=200),
            form.text("reason"),
        )


Body = Collect | Examine | Offer | Undertake | HandOver | Receive | Return | Destroy

KINDS: Final[Mapping[str, type[Body]]] = {
    "custody.collect": Collect,
    "custody.examine": Examine,
    "custody.offer": Offer,
    "custody.undertake": Undertake,
    "custody.hand-over": HandOver,
    "custody.receive": Receive,
    "custody.return": Return,
    "custody.destroy": Destroy,
}


def read(act: Act) -> Body:
    """Read the body of a custody act; raise `CustodyError`."""
    return _read(act.kind, act.body)


def check(kind: str, body: Mapping[str, Any]) -> None:
    """Raise `CustodyError` where a body is outside the closed form of its kind."""
    _read(kind, body)


def _read(kind: str, body: Mapping[str, Any]) -> Body:
    if kind not in KINDS:
        raise CustodyError(f"{kind[:60]!r} is not an act of custody.")
    return KINDS[kind].read(body)


def _exhibit(value: Any, where: str) -> Exhibit:
    try:
        return Exhibit.read(value, where)
    except ExhibitError as error:
        raise CustodyError(error.detail, **error.fields) from error


def _terms(exhibit: Exhibit) -> Terms:
    return Terms(
        exhibit.number,
        tuple(sorted(exhibit.digests)),
        tuple(condition.id for condition in exhibit.conditions),
    )
