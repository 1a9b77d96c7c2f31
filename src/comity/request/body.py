"""The bodies of acts: one closed form for each kind of ``request.*``, ``execution.*`` and ``evidence.return``.

A body holds what the act itself says, in JSON: texts, days as YYYY-MM-DD, times with their zone, digests as 64
hexadecimal characters. What is large or secret goes into attachments. Members that are not named here are refused, so
that both states read the same into an act.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field, PlainValidator, StringConstraints, TypeAdapter, ValidationError

from comity.errors import ValueRefusedError
from comity.request.draft import CLOSED, Hex, Id, Line, OptionalId, Prose
from comity.request.errors import ActBodyError
from comity.values import canonical

__all__ = [
    "KINDS",
    "Accept",
    "Answer",
    "Approve",
    "Ask",
    "Assign",
    "Body",
    "Close",
    "Consider",
    "Declined",
    "Difference",
    "Drafted",
    "Extend",
    "Postpone",
    "Query",
    "Receive",
    "Refuse",
    "Reply",
    "Return",
    "Send",
    "Withdraw",
    "read",
    "write",
]


def _instant(value: object) -> datetime:
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise ValueError("a time is a text with its zone, for example 2026-11-24T10:00:00Z")
    return at


def _said(text: str) -> str:
    if not text:
        raise ValueError("it must say something")
    return text


Instant = Annotated[datetime, PlainValidator(_instant)]
Said = Annotated[Prose, AfterValidator(_said)]
Number = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
Numbers = Annotated[tuple[Number, ...], Field(max_length=1000)]
Ids = Annotated[tuple[Id, ...], Field(max_length=40)]
Sha512 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """``request.draft``: the digest of the draft, and which answer of the law it was written on."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    draft: Hex
    resolution: Hex
    basis: OptionalId = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    """``request.approve``: the digest of the canonical request a second person read."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    request: Hex
    note: Prose = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """``request.send``: digests of request and letter, the law they rest on, and the day by which an answer is needed.

    ``basis`` is the instrument, empty for reciprocity; ``release`` and ``lawbase`` name the law base.
    """

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    request: Hex
    letter: Hex
    resolution: Hex
    release: Line
    lawbase: Hex
    basis: OptionalId = ""
    urgent: bool = False
    needed_by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive:
    """``request.receive``: when the message was received, its id, who deals with it (Annex B of the EIO Directive)."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    received_at: Instant
    message: Line = ""
    authority: OptionalId = ""
    contact: Line = ""
    reference: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A line in which the two states' resolutions differ; an empty side has nothing there."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    line: Line
    theirs: Prose = ""
    ours: Prose = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consider:
    """``request.consider``: the executing state's own resolution, and where it differs from the sender's."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    resolution: Hex
    release: Line
    lawbase: Hex
    basis: OptionalId = ""
    differences: Annotated[tuple[Difference, ...], Field(max_length=2000)] = ()
    note: Prose = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """A measure that is not carried out, the ground, and the provision that allows it."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    measure: Id
    ground: Id
    provision: Line = ""
    article: Line = ""
    text: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    """``request.accept``: which measures are carried out; what is ``declined`` makes it partial."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    measures: Annotated[Ids, Field(min_length=1)]
    declined: Annotated[tuple[Declined, ...], Field(max_length=40)] = ()
    text: Prose = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question to the issuing state, and the provision it rests on."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    text: Said
    field: Line = ""
    provision: Line = ""
    article: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """``request.ask``: questions, and the day by which an answer is hoped for."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    questions: Annotated[tuple[Query, ...], Field(min_length=1, max_length=100)]
    answer_by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer to the question with this number, counted from 1."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    question: Annotated[int, Field(ge=1, le=100)]
    text: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``request.answer``: the answers; files go with the act."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    answers: Annotated[tuple[Reply, ...], Field(min_length=1, max_length=100)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Postpone:
    """``request.postpone``: the ground, its provision, why, and until when if that is known."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    ground: Id
    text: Said
    provision: Line = ""
    article: Line = ""
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend:
    """``request.extend``: which clock, by how much in the unit of the extending rule, and why."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    clock: Id
    by: Annotated[int, Field(ge=1, le=3660)]
    text: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """``request.refuse``: the ground, the provision that allows or demands it, and the reasons."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    ground: Id
    text: Said
    provision: Line = ""
    article: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """``request.withdraw``: why nothing more is asked."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    text: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """``request.close``: how it ended. ``measures`` are those for which evidence came."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    outcome: Annotated[str, StringConstraints(pattern=r"^(fulfilled|partly-fulfilled|refused|withdrawn)$")]
    text: Prose = ""
    measures: Ids = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """``execution.assign``: the authority that is to carry it out, and by when."""

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    authority: Id
    due: date | None = None
    note: Prose = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """``evidence.return``: the package by name, digests and size, which exhibits are in it and for which measures.

    ``request`` is the digest of the request it answers; ``complete`` tells whether everything accepted is in it.
    """

    __pydantic_config__: ClassVar[ConfigDict] = CLOSED
    request: Hex
    package: Line
    sha256: Hex
    sha512: Sha512
    size: Annotated[int, Field(ge=1, le=2**53)]
    exhibits: Annotated[Numbers, Field(min_length=1)]
    measures: Annotated[Ids, Field(min_length=1)]
    complete: bool = True
    text: Prose = ""


Body: TypeAlias = (
    Drafted
    | Approve
    | Send
    | Receive
    | Consider
    | Accept
    | Ask
    | Answer
    | Postpone
    | Extend
    | Refuse
    | Withdraw
    | Close
    | Assign
    | Return
)

KINDS: Mapping[str, type[Body]] = {
    "request.draft": Drafted,
    "request.approve": Approve,
    "request.send": Send,
    "request.receive": Receive,
    "request.consider": Consider,
    "request.accept": Accept,
    "request.ask": Ask,
    "request.answer": Answer,
    "request.postpone": Postpone,
    "request.extend": Extend,
    "request.refuse": Refuse,
    "request.withdraw": Withdraw,
    "request.close": Close,
    "execution.assign": Assign,
    "evidence.return": Return,
}
_SENTENCES = {
    "unexpected_keyword_argument": "there is no such member",
    "missing": "it is missing",
    "missing_keyword_only_argument": "it is missing",
}
_ADAPTERS: Mapping[str, TypeAdapter[Any]] = {kind: TypeAdapter(form) for kind, form in KINDS.items()}


def read(kind: str, body: Mapping[str, Any]) -> Body:
    """Read the body of an act of one of `KINDS`; raise `ActBodyError` naming the member that is wrong."""
    adapter = _ADAPTERS.get(kind)
    if adapter is None:
        raise ActBodyError(f"{kind} has no body of its own here.", remedy=f"Use one of {', '.join(KINDS)}.")
    try:
        found: Body = adapter.validate_json(canonical(dict(body)))
    except ValueRefusedError as error:
        raise ActBodyError(f"The body of {kind} cannot be read: {error.detail}", kind=kind) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        message = _SENTENCES.get(first["type"], first["msg"].removeprefix("Value error, "))
        raise ActBodyError(
            f"The body of {kind} is refused at {where!r}: {message}.", kind=kind, member=where
        ) from error
    return found


def write(body: Body) -> dict[str, Any]:
    """Return the body as an act holds it: days and times as text, members left out that hold nothing."""
    return dict(_written(body))


def _written(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        pairs = ((f, getattr(value, f.name)) for f in dataclasses.fields(value))
        return {f.name: _written(item) for f, item in pairs if item != f.default}
    if isinstance(value, tuple):
        return [_written(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
