"""The request as both states keep it: what is asked, on which law, with which undertakings, in canonical bytes.

Its canonical form (RFC 8785) is what is signed and sent; the letter is set from it and carries its digest. It names the
release and digest of the law base and the digest of the resolution, so that the receiving state can compare them with
its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, PlainValidator

from comity.request.draft import CLOSED, Draft
from comity.values import Digest, DossierId, StateCode, canonical, day, state

__all__ = ["TYPE", "Basis", "Law", "Office", "Offices", "Provision", "Request", "Stated"]

TYPE = "urn:comity:request:1"

Text = Annotated[str, Field(max_length=20_000)]
Texts = Annotated[tuple[Text, ...], Field(max_length=500)]


def _dossier(value: object) -> DossierId:
    if not isinstance(value, str):
        raise ValueError("a dossier id is a text")  # noqa: TRY004  pydantic takes ValueError for a refusal
    return DossierId.read(value)


def _day(value: object) -> date:
    return day(value) if isinstance(value, str) else day("")


def _instant(value: object) -> datetime:
    at = datetime.fromisoformat(value) if isinstance(value, str) else None
    if at is None or at.tzinfo is None:
        raise ValueError("a time is a text with its zone")
    return at


def _state(value: object) -> StateCode:
    if not isinstance(value, str):
        raise ValueError("the code of a state is a text")  # noqa: TRY004
    return state(value)


@dataclass(frozen=True, slots=True)
class Basis:
    """The legal basis; ``instrument`` is empty where the request rests on reciprocity. ``joined`` are its protocols."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    instrument: Text
    title: Text
    reference: Text
    joined: Texts


@dataclass(frozen=True, slots=True)
class Law:
    """Which law was asked, and what: release and digest of the law base, digest of the resolution, day, facts named."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    release: Text
    lawbase: Text
    resolution: Text
    on: Annotated[date, PlainValidator(_day)]
    facts: Annotated[Mapping[Text, Text], Field(max_length=100)] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Office:
    """An authority by its id in the law base, and its name."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    id: Text
    name: Text


@dataclass(frozen=True, slots=True)
class Offices:
    """Who asks, who is asked, and who validates or transmits where another does."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    issuing: Office
    executing: Office
    validating: Office | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """A content a provision asks for, and the fields of the draft that hold it."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    content: Text
    provision: Text
    article: Text
    text: Text
    fields: Texts


@dataclass(frozen=True, slots=True)
class Provision:
    """A rule the request relies on, as the law base has it: ``basis`` is looked-up or recalled.

    Of a time limit ``amount`` and ``unit`` say how long it is, so that both states' clocks run by the same rules. ``uk``
    is the text in Ukrainian, where the law base has it.
    """

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    provision: Text
    article: Text
    kind: Text
    value: Texts
    text: Text
    source: Text
    basis: Text
    unsure: bool
    of_state: Text
    amount: int | None = None
    unit: Text = ""
    uk: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A complete request. ``form`` is the id of the form of cooperation."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    type: Literal["urn:comity:request:1"] = "urn:comity:request:1"
    dossier: Annotated[DossierId, PlainValidator(_dossier)]
    at: Annotated[datetime, PlainValidator(_instant)]
    form: Text
    requesting: Annotated[StateCode, PlainValidator(_state)]
    requested: Annotated[StateCode, PlainValidator(_state)]
    basis: Basis
    law: Law
    offices: Offices
    contents: Annotated[tuple[Stated, ...], Field(max_length=500)]
    provisions: Annotated[tuple[Provision, ...], Field(max_length=2000)]
    undertakings: Annotated[tuple[Provision, ...], Field(max_length=500)]
    draft: Draft

    def __post_init__(self) -> None:
        if (self.dossier.issuing, self.dossier.executing) != (self.requesting, self.requested):
            raise ValueError(
                f"the cooperation {self.dossier} is not one between {self.requesting} and {self.requested}"
            )

    @property
    def canonical(self) -> bytes:
        """The RFC 8785 bytes that are signed and sent."""
        return canonical(self.to_json())

    @property
    def digest(self) -> Digest:
        """The digest of `canonical`; it names the request."""
        return Digest.of(self.canonical)

    def to_json(self) -> dict[str, Any]:
        """Return the request as JSON holds it."""
        document = {f.name: _written(getattr(self, f.name)) for f in dataclasses.fields(self)}
        document["draft"] = self.draft.to_json()
        document["dossier"] = str(self.dossier)
        document["at"] = self.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return document


def _written(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {f.name: _written(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(name): str(item) for name, item in sorted(value.items())}
    if isinstance(value, date):
        return value.isoformat()
    return [_written(item) for item in value] if isinstance(value, tuple) else value
