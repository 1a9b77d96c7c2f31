"""Stating a laboratory and its accreditation: its head does, who is one of its experts and its approving officer."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from comity.node.accounts.policy import Do, can, require
from comity.node.accounts.role import Officer
from comity.node.audit import actions as audit
from comity.node.audit.vocabulary import Event
from comity.node.errors import AccreditationError, LaboratoryDayError, LaboratoryNameError, TextTooLongError
from comity.node.lab import laboratories
from comity.node.lab.laboratories import LaboratoryLine
from comity.node.lab.models import LaboratoryRow
from comity.node.requests.perform import refusing

__all__ = ["may_state", "state_laboratory"]

LONGEST = 300
MOST_METHODS = 50


def may_state(officer: Officer) -> bool:
    """Tell whether a person may state the laboratory of the own authority."""
    return can(officer, Do.VERIFY_HIT).allowed and can(officer, Do.KEEP_LABORATORY, officer).allowed


def state_laboratory(
    officer: Officer,
    *,
    name: str,
    standard: str = "",
    number: str = "",
    body: str = "",
    scope: str = "",
    valid_until: str = "",
    methods: Sequence[str] = (),
    at: datetime,
) -> LaboratoryLine:
    """State the laboratory of the own authority; it replaces the statement that stood. Opinions given keep theirs."""
    require(officer, Do.VERIFY_HIT)
    require(officer, Do.KEEP_LABORATORY, officer)
    with refusing(officer, "laboratory"):
        said = {"name": name, "standard": standard, "number": number, "body": body, "scope": scope}
        said = {key: " ".join(text.split()) for key, text in said.items()}
        ends = _day(valid_until)
        listed = [" ".join(one.split()) for one in methods if one.strip()]
        _check(said, ends, listed)
    with transaction.atomic():
        LaboratoryRow.objects.filter(authority=officer.authority, ended_at=None).update(ended_at=at)
        row = LaboratoryRow.objects.create(
            id=uuid.uuid4(),
            authority=officer.authority,
            **said,
            valid_until=ends,
            methods=listed,
            stated_by=officer.name,
            stated_at=at,
        )
        detail = {**said, "valid_until": valid_until.strip(), "methods": "; ".join(listed)[:400]}
        audit.note(Event.LABORATORY_STATED, actor=officer.username, about=officer.authority, detail=detail, at=at)
    return laboratories.line(row, at.date())


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise LaboratoryDayError(member="valid_until") from error


def _check(said: dict[str, str], ends: date | None, methods: Sequence[str]) -> None:
    if not 0 < len(said["name"]) <= 200:
        raise LaboratoryNameError(member="name")
    if len(methods) > MOST_METHODS or any(len(text) > LONGEST for text in [*said.values(), *methods]):
        raise TextTooLongError(member="methods")
    whole = all(said[key] for key in ("standard", "number", "body"))
    if not whole and (said["number"] or said["body"] or ends is not None):
        raise AccreditationError(member="number")
