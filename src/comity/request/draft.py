"""The draft: what a prosecutor or judge writes down to ask another state for help.

A draft may be incomplete; whether it is enough is a question of the legal basis (`comity.request.compose`). What stands
in it is of the right type, within its size, and free of characters that do not show: `comity.request.door` reads it.

Every field has an id; fields of a part are written with a dot (``facts.when``), free statements that only one provision
asks for lie in ``particulars`` under the id of the content. The texts are in the language of the draft.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from comity.errors import ValueRefusedError
from comity.request.check_digit import e164, iban
from comity.values import state as known_state

__all__ = [
    "Account",
    "Contact",
    "Draft",
    "Enclosure",
    "Facts",
    "Formality",
    "Item",
    "Offence",
    "Person",
    "PersonRole",
    "Phone",
    "Proceedings",
    "Span",
    "Urgency",
]

CLOSED = ConfigDict(extra="forbid", strict=True)
_HIDDEN = frozenset(map(chr, [*range(9), 11, 12, *range(14, 32), 127, *range(0x80, 0xA0)])) | frozenset(
    "\u200b\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff"
)


def _shown(text: str) -> str:
    hidden = next((sign for sign in text if sign in _HIDDEN), None)
    if hidden is not None:
        raise ValueError(f"it holds a character that does not show (U+{ord(hidden):04X})")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _a_state(code: str) -> str:
    try:
        return str(known_state(code)) if code else ""
    except ValueRefusedError as error:
        raise ValueError(f"{error.detail} {error.remedy}".rstrip(".?")) from error


def _optional_iban(text: str) -> str:
    return iban(text) if text.strip() else ""


Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300), AfterValidator(_shown)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000), AfterValidator(_shown)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:()/#-]{0,119}$")]
OptionalId = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9][A-Za-z0-9._:()/#-]{0,119})?$")]
State = Annotated[str, StringConstraints(max_length=2), AfterValidator(_a_state)]
Iban = Annotated[str, StringConstraints(max_length=60), AfterValidator(_optional_iban)]
Telephone = Annotated[str, StringConstraints(max_length=40), AfterValidator(e164)]
Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Many = Field(max_length=200)


class PersonRole(StrEnum):
    """What a person is in the proceedings."""

    SUSPECT = "suspect"
    ACCUSED = "accused"
    VICTIM = "victim"
    WITNESS = "witness"
    EXPERT = "expert"
    ACCOUNT_HOLDER = "account-holder"
    THIRD_PARTY = "third-party"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offence:
    """``id`` is of the law base's taxonomy; ``provision`` and ``text`` are of national law; the penalty is in months."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    id: Id
    classification: Line = ""
    provision: Line = ""
    text: Prose = ""
    maximum_penalty_months: Annotated[int, Field(ge=0, le=1200)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What happened: when, where, what."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    when: Line = ""
    where: Line = ""
    what: Prose = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A natural or legal person. ``name`` is as its bearer writes it, ``latin`` its transliteration."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    role: PersonRole
    name: Line
    latin: Line = ""
    legal_person: bool = False
    born: date | None = None
    birthplace: Line = ""
    nationality: State = ""
    address: Line = ""
    identifier: Line = ""
    description: Prose = ""
    representative: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account by IBAN, or by ``number`` in states without."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    iban: Iban = ""
    number: Line = ""
    bank: Line = ""
    holder: Line = ""

    def __post_init__(self) -> None:
        if not self.iban and not self.number:
            raise ValueError("an account is named by its IBAN or its number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A telephone number in E.164 form and who is thought to use it."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    number: Telephone
    user: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something sought: an object, a document, data; ``where`` it is thought to be."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    description: Prose
    where: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days for which records are sought, both included."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proceedings:
    """The proceedings at home: what they are called, their number, what they are about, the stage they are at."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    name: Line = ""
    number: Line = ""
    subject: Prose = ""
    stage: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """Whether it is urgent, why, and the day by which it is needed."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    urgent: bool = False
    reason: Prose = ""
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Formality:
    """A formality the evidence needs to stand at home, and why."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    text: Prose
    reason: Prose = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """An earlier contact in the same matter: with whom, when, its reference."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    with_whom: Line
    on: date | None = None
    reference: Line = ""
    text: Prose = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that goes with the request, by its SHA-256 digest; ``size`` is in bytes."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    name: Line
    sha256: Hex
    size: Annotated[int, Field(ge=0, le=2**53)]
    media_type: Line = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is asked and why. Measures, offences and authorities are ids of the law base."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    measures: Annotated[tuple[Id, ...], Field(min_length=1, max_length=40)]
    issuing_authority: OptionalId = ""
    validating_authority: OptionalId = ""
    executing_authority: OptionalId = ""
    contact: Line = ""
    proceedings: Proceedings = Proceedings()
    offences: Annotated[tuple[Offence, ...], Many] = ()
    facts: Facts = Facts()
    damage: Prose = ""
    persons: Annotated[tuple[Person, ...], Many] = ()
    object: Prose = ""
    reason: Prose = ""
    assistance: Prose = ""
    necessity: Prose = ""
    accounts: Annotated[tuple[Account, ...], Many] = ()
    phones: Annotated[tuple[Phone, ...], Many] = ()
    items: Annotated[tuple[Item, ...], Many] = ()
    span: Span = Span()
    formalities: Annotated[tuple[Formality, ...], Many] = ()
    confidential: bool = False
    confidentiality_reason: Prose = ""
    urgency: Urgency = Urgency()
    addressee: Prose = ""
    previous_contacts: Annotated[tuple[Contact, ...], Many] = ()
    particulars: Annotated[Mapping[Id, Prose], Many] = field(default_factory=dict)
    attachments: Annotated[tuple[Enclosure, ...], Many] = ()
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] = "en"

    def to_json(self) -> dict[str, Any]:
        """Return the draft as JSON holds it: nothing empty, dates as text. `door.read` takes it back unchanged."""
        written = _written(self)
        return dict(written)


def _written(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        pairs = ((f.name, _written(getattr(value, f.name))) for f in dataclasses.fields(value))
        return {name: item for name, item in pairs if item is not False and item not in ("", None, [], {})}
    if isinstance(value, tuple):
        return [_written(item) for item in value]
    if isinstance(value, Mapping):
        return {name: text for name, text in sorted(value.items()) if text}
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value
