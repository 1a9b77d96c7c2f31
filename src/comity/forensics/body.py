"""The bodies of the acts of a comparison of DNA profiles: one closed form for each kind of ``dna.*``.

A profile travels under a reference, a case-local number, with its loci and its category; nothing in these forms can
hold a name, but for ``dna.core-data``, which answers a request for it after a hit was confirmed. Every figure stands
with what it was reckoned with. Members that are not named here are refused.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from comity.errors import ComityError, ValueRefusedError
from comity.forensics.dna import reader
from comity.forensics.dna.place import Place
from comity.forensics.dna.profile import Category, Profile
from comity.forensics.dna.rules import rule_sets
from comity.forensics.errors import ComparisonBodyError
from comity.forensics.laboratory import Laboratory
from comity.forensics.member import (
    CLOSED,
    Count,
    Day,
    Details,
    Id,
    Line,
    Loci,
    Number,
    Prose,
    Reference,
    Rules,
    Said,
)
from comity.values import canonical

__all__ = [
    "KINDS",
    "Answer",
    "Answered",
    "Basis",
    "Body",
    "Close",
    "Confirm",
    "CoreData",
    "CoreDataRequest",
    "Declined",
    "Hit",
    "Laboratory",
    "Opinion",
    "Outcome",
    "Purpose",
    "Query",
    "ReportFalse",
    "Review",
    "Reviewed",
    "Sent",
    "Standing",
    "Verify",
    "Why",
    "check",
    "read",
    "write",
]

MOST_PROFILES = 1000
MOST_HITS = 200


class Purpose(StrEnum):
    """What a query is for. The words are this project's own; the legal basis says which of them it covers."""

    INVESTIGATION = "criminal-investigation"
    MISSING_PERSON = "missing-person"
    IDENTIFICATION = "identification-of-remains"


class Standing(StrEnum):
    """What a query rests on: an instrument that binds both states, or only what they agreed."""

    INSTRUMENT = "instrument"
    AGREED = "agreed"


class Why(StrEnum):
    """Why a query, a profile of one, or a request for core data is not answered as asked. Closed."""

    NO_OFFER = "no-offer"
    QUOTA = "quota"
    CATEGORY = "category"
    PURPOSE = "purpose"
    RULES = "rules"
    BASIS = "basis"
    INCLUSION = "inclusion"
    TOO_MANY = "too-many-hits"
    UNREADABLE = "unreadable"
    NOT_CONFIRMED = "not-confirmed"
    UNKNOWN_HIT = "unknown-hit"
    LAW = "law"
    NOT_HELD = "not-held"


class Outcome(StrEnum):
    """What an expert, and in the end the laboratory, says of a hit."""

    CONFIRMED = "confirmed"
    EXCLUDED = "excluded"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What the query rests on. ``known`` is looked-up or recalled as the law base says of the provision, or agreed."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    standing: Standing
    instrument: Id = ""
    provision: Line = ""
    article: Line = ""
    known: Annotated[str, StringConstraints(pattern=r"^(looked-up|recalled|agreed)$")]
    text: Said
    release: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A profile under its reference, as it is sent; ``details`` has thresholds and peak heights by locus."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    reference: Reference
    category: Category
    loci: Loci
    kit: Line = ""
    details: Details = dataclasses.field(default_factory=dict)

    @property
    def profile(self) -> Profile:
        """Return the profile; raise where it is none."""
        found: dict[str, Any] = {
            "id": self.reference,
            "category": self.category.value,
            "loci": {name: list(alleles) for name, alleles in self.loci.items()},
        }
        if self.kit:
            found["kit"] = self.kit
        if self.details:
            found["details"] = self.details
        return reader.profile(found, Place(self.reference))

    @classmethod
    def of(cls, profile: Profile) -> Sent:
        """Return what may leave of a profile: number, category, loci, kit, heights. Nothing else does."""
        return cls(
            reference=profile.id,
            category=profile.category,
            loci={name: tuple(each.text for each in seen) for name, seen in profile.loci.items()},
            kit=profile.kit or "",
            details={name: detail.to_json() for name, detail in profile.details.items()},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """``dna.query``: profiles under references, for a purpose, on a basis, to be compared by a rule set."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    profiles: Annotated[tuple[Sent, ...], Field(min_length=1, max_length=MOST_PROFILES)]
    purpose: Purpose
    basis: Basis
    rules: Rules = "prum"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One profile the rule set calls a hit, under the reference of the state that holds it."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    found: Sent
    quality: Id
    compared: Count
    matched: Count
    why: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The answer for one profile: its hits, or ``declined`` with the reason. ``expected`` are chance matches."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    query: Reference
    hits: Annotated[tuple[Hit, ...], Field(max_length=MOST_HITS)] = ()
    expected: Number = 0.0
    reported_false: Count = 0
    declined: Why | None = None
    text: Prose = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """The whole query is refused: the ground, and in words what would be needed."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    ground: Why
    text: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``dna.answer``: every profile with hits or none, and what it was searched in and by; or ``declined``.

    ``searched`` counts the profiles of the database, ``generation`` numbers its last import. Expected chance matches are reckoned
    with the population and theta named, for unrelated persons.
    """

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    offer: Id = ""
    basis: Basis
    rules: Rules = ""
    rules_version: Line = ""
    searched: Count = 0
    generation: Count = 0
    population: Line = ""
    theta: Number = 0.0
    results: Annotated[tuple[Answered, ...], Field(max_length=MOST_PROFILES)] = ()
    declined: Declined | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one expert says: outcome, method, limits, and what was seen, loci named where it matters.

    ``laboratory`` is the expert's, with its accreditation as it stood that day.
    """

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    outcome: Outcome
    method: Said
    limits: Said
    text: Prose = ""
    laboratory: Laboratory | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verify:
    """``dna.verify``: the opinion of the expert number ``turn`` on one hit; ``blind`` as this node kept it."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    query: Reference
    hit: Reference
    turn: Annotated[int, Field(ge=1, le=3)]
    blind: bool
    opinion: Opinion


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Verify):
    """``dna.review``: the same, of an expert of the state that answered, who checks its own hit."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """``dna.confirm``: the outcome, how the opinions came to it, method and limits.

    ``opinions`` counts them, ``blind`` those whose author knew nothing of the case; ``laboratories`` are those of the
    experts, each with its accreditation on the day of the opinion.
    """

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    query: Reference
    hit: Reference
    outcome: Outcome
    opinions: Annotated[int, Field(ge=2, le=3)]
    blind: Annotated[int, Field(ge=0, le=3)]
    agreed: Annotated[str, StringConstraints(pattern=r"^(all|majority|none)$")]
    method: Said
    limits: Said
    log10_lr: Annotated[float, Field(allow_inf_nan=False)] | None = None
    population: Line = ""
    theta: Number = 0.0
    expected: Number = 0.0
    laboratories: Annotated[tuple[Laboratory, ...], Field(max_length=3)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed(Confirm):
    """``dna.reviewed``: the same, of the state that answered; what follows a hit does not wait for it."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreDataRequest:
    """``dna.core-data-request``: for which confirmed hit, with the facts and the offence it is asked for."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    query: Reference
    hit: Reference
    offence: Said
    facts: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreData:
    """``dna.core-data``: who or what stands behind the reference, as far as it is held; or ``declined`` and why.

    ``given_by`` names the provision or the agreement it is given under.
    """

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    query: Reference
    hit: Reference
    name: Line = ""
    latin: Line = ""
    born: Day | None = None
    birthplace: Line = ""
    nationality: Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$")] = ""
    taken: Day | None = None
    authority: Line = ""
    reference: Line = ""
    given_by: Line = ""
    declined: Why | None = None
    text: Prose = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFalse:
    """``dna.report-false``: the pair is no match; neither state brings it up again."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    query: Reference
    hit: Reference
    text: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """``dna.close``: nothing more follows."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    text: Prose = ""


Body: TypeAlias = (
    Query | Answer | Verify | Review | Confirm | Reviewed | CoreDataRequest | CoreData | ReportFalse | Close
)

KINDS: Mapping[str, type[Body]] = {
    "dna.query": Query,
    "dna.answer": Answer,
    "dna.verify": Verify,
    "dna.confirm": Confirm,
    "dna.review": Review,
    "dna.reviewed": Reviewed,
    "dna.core-data-request": CoreDataRequest,
    "dna.core-data": CoreData,
    "dna.report-false": ReportFalse,
    "dna.close": Close,
}
_ADAPTERS: Mapping[str, TypeAdapter[Any]] = {kind: TypeAdapter(form) for kind, form in KINDS.items()}
_SENTENCES = {
    "unexpected_keyword_argument": "there is no such member",
    "missing": "it is missing",
    "missing_keyword_only_argument": "it is missing",
    "string_pattern_mismatch": "it is not written as this member must be",
    "string_too_long": "it is too long",
    "too_long": "it is too long",
    "string_too_short": "it is too short",
    "too_short": "it is too short",
    "enum": "it is none of the words of its list",
}


def read(kind: str, body: Mapping[str, Any]) -> Body:
    """Read the body of an act of one of `KINDS`; raise `ComparisonBodyError` naming the member that is wrong."""
    adapter = _ADAPTERS.get(kind)
    if adapter is None:
        raise ComparisonBodyError(f"{kind} has no body here.", remedy=f"Use one of {', '.join(KINDS)}.")
    try:
        found: Body = adapter.validate_json(canonical(dict(body)))
        _profiles(found)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        message = _SENTENCES.get(first["type"], first["msg"].removeprefix("Value error, "))
        raise ComparisonBodyError(
            f"The body of {kind} is refused at {where!r}: {message}.", kind=kind, member=where
        ) from error
    except ValueRefusedError as error:
        raise ComparisonBodyError(f"The body of {kind} cannot be read: {error.detail}", kind=kind) from error
    return found


def check(kind: str, body: Mapping[str, Any]) -> None:
    """Check the body of an act before it is made or let in."""
    read(kind, body)


def write(body: Body) -> dict[str, Any]:
    """Return the body as an act holds it, without members that hold nothing."""
    return dict(_written(body))


def _profiles(found: Body) -> None:
    """Read every profile in full, so that an allele no locus can have is refused at the door."""
    sent: tuple[Sent, ...] = ()
    if isinstance(found, Query):
        sent = found.profiles
        if len({one.reference for one in sent}) != len(sent):
            raise ComparisonBodyError("One reference stands twice in the query.", member="profiles")
    elif isinstance(found, Answer):
        sent = tuple(hit.found for result in found.results for hit in result.hits)
        if found.declined is None and found.rules not in rule_sets():
            raise ComparisonBodyError(
                f"The rule set {found.rules!r} is not known here.",
                cause="The other state compares by rules of its own, or by those of a later release.",
                remedy="Ask for a rule set both states have.",
                member="rules",
            )
    for one in sent:
        try:
            one.profile  # noqa: B018 - read for its refusals
        except ComparisonBodyError:
            raise
        except ComityError as error:
            raise ComparisonBodyError(error.detail, cause=error.cause, remedy=error.remedy) from error


def _written(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((field, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {field.name: _written(item) for field, item in pairs if item not in (field.default, {})}
    if isinstance(value, tuple):
        return [_written(item) for item in value]
    if isinstance(value, dict):
        return {name: _written(item) for name, item in value.items()}
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
