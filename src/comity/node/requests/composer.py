"""Reading drafts: the form its legal basis asks for, what is missing, what this person may do with it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from comity.errors import RequestError
from comity.flow.prepare import Prepared, prepare
from comity.node.accounts.policy import Do, can, filtered, require
from comity.node.accounts.role import Officer
from comity.node.errors import UnknownError
from comity.node.lawbook import queries as law
from comity.node.registry import queries as registry
from comity.node.requests.models import Draft
from comity.request.compose import Missing
from comity.request.form import Field

__all__ = ["Composer", "DraftLine", "Question", "State", "blank", "composer", "draft", "drafts", "offices", "prepared"]


class State(StrEnum):
    """Where a draft stands."""

    OPEN = "open"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the law: the other state, measures, offences, facts, the day, and the basis that was chosen."""

    requested: str
    measures: tuple[str, ...]
    offences: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    on: date | None = None
    instrument: str = ""

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Question:
        """Read what a draft's row keeps."""
        on = document.get("on")
        return cls(
            requested=str(document.get("requested", "")),
            measures=tuple(document.get("measures", ())),
            offences=tuple(document.get("offences", ())),
            facts=dict(document.get("facts", {})),
            on=date.fromisoformat(on) if isinstance(on, str) and on else on or None,
            instrument=str(document.get("instrument") or ""),
        )

    def to_json(self) -> dict[str, Any]:
        """Return what a draft's row keeps."""
        return {
            "requested": self.requested,
            "measures": list(self.measures),
            "offences": list(self.offences),
            "facts": dict(self.facts),
            "on": self.on.isoformat() if self.on else None,
            "instrument": self.instrument,
        }


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in a list."""

    id: str
    version: int
    state: State
    requested: str
    drafter: str
    authority: str
    dossier: str
    subject: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """A value the door does not take: the field, what is wrong, what to do."""

    field: str
    detail: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Composer:
    """A draft being written, with the legal basis beside it. ``may`` are the actions open to this person now."""

    id: str
    version: int
    state: State
    drafter: str
    authority: str
    dossier: str
    question: Question
    values: Mapping[str, Any]
    form: str
    instrument: str
    resolution: Mapping[str, Any]
    fields: tuple[Field, ...]
    missing: tuple[Missing, ...]
    refused: Refused | None
    may: tuple[str, ...]


def drafts(officer: Officer) -> tuple[DraftLine, ...]:
    """Return the drafts this person may see, the last changed first."""
    rows = Draft.objects.filter(filtered(officer, Do.SEE_DRAFT)).order_by("-changed_at")[:200]
    return tuple(_line(row) for row in rows)


def draft(officer: Officer, draft_id: str, do: Do) -> Draft:
    """Return a draft's row to an action, or refuse it."""
    row = Draft.objects.filter(pk=_key(draft_id)).first()
    if row is None:
        raise UnknownError(f"There is no draft {draft_id[:60]!r} here.")
    require(officer, do, row)
    return row


def composer(officer: Officer, draft_id: str, *, at: datetime | None = None) -> Composer:
    """Return a draft with the form its legal basis asks for."""
    return compose(officer, draft(officer, draft_id, Do.SEE_DRAFT), at or datetime.now(UTC))


def blank(officer: Officer, question: Question, *, at: datetime) -> Composer:
    """Return the form for a question before anything is stored."""
    require(officer, Do.DRAFT, None)
    row = Draft(
        id=uuid.UUID(int=0),
        drafter=officer.username,
        authority=officer.authority,
        requested=question.requested,
        question=question.to_json(),
        values={},
        version=0,
        made_at=at,
        changed_at=at,
    )
    return compose(officer, row, at)


def compose(officer: Officer, row: Draft, at: datetime) -> Composer:
    """Return a row with its form, for this person."""
    question = Question.of(row.question)
    found = prepared(row, at, lenient=True)
    refused: Refused | None = None
    try:
        prepared(row, at)
    except RequestError as error:
        refused = Refused(str(error.fields.get("field", "")), error.detail, error.remedy)
    return Composer(
        id=str(row.pk),
        version=row.version,
        state=State(row.state),
        drafter=row.drafter,
        authority=row.authority,
        dossier=row.dossier,
        question=question,
        values=dict(row.values),
        form=found.form.id,
        instrument=found.instrument,
        resolution=found.resolution.to_json(),
        fields=found.fields,
        missing=found.missing,
        refused=refused,
        may=_may(officer, row),
    )


def prepared(row: Draft, at: datetime, *, lenient: bool = False) -> Prepared:
    """Prepare a row's draft on this node's law; ``lenient`` leaves out what the door of a draft does not take."""
    question = Question.of(row.question)
    values: dict[str, Any] = dict(row.values)
    values.setdefault("measures", list(question.measures))
    if question.offences:
        values.setdefault("offences", [{"id": name} for name in question.offences])
    values.setdefault("issuing_authority", row.authority)
    return prepare(
        values,
        law.base(),
        requesting=registry.identity().state,
        requested=question.requested,
        on=question.on or at.date(),
        facts=question.facts,
        instrument=question.instrument or None,
        lenient=lenient,
    )


def _may(officer: Officer, row: Draft) -> tuple[str, ...]:
    state = State(row.state)
    may = []
    if state is not State.SENT and can(officer, Do.DRAFT, row).allowed:
        may += ["edit", "discard"] + (["submit"] if state is State.OPEN else [])
    second = row.drafter != officer.username
    if state is State.SUBMITTED and second and can(officer, Do.APPROVE, row).allowed:
        may += ["approve", "return"]
    if state is State.APPROVED and can(officer, Do.SEND, row).allowed:
        may.append("send")
    return tuple(may)


def _line(row: Draft) -> DraftLine:
    return DraftLine(
        id=str(row.pk),
        version=row.version,
        state=State(row.state),
        requested=row.requested,
        drafter=row.drafter,
        authority=row.authority,
        dossier=row.dossier,
        subject=str(row.values.get("object", ""))[:300],
        changed_at=row.changed_at,
    )


def _key(draft_id: str) -> uuid.UUID:
    try:
        return uuid.UUID(draft_id)
    except ValueError as error:
        raise UnknownError(f"{draft_id[:60]!r} is not the id of a draft.") from error


def title(row: Draft) -> str:
    """Return what a dossier is called in lists: the object of the request."""
    return str(row.values.get("object", ""))[:300] or ", ".join(row.question.get("measures", ()))


def offices(row: Draft) -> dict[str, str]:
    """Return the names of both states' authorities by their ids in the law base."""
    own = str(registry.identity().state)
    return {found.id: found.name for code in (own, row.requested) for found in law.authorities(code)}
