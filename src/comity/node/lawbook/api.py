"""The law by the API: what binds two states in a question."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from comity.node.accounts.door import who
from comity.node.accounts.policy import Do, require
from comity.node.lawbook import queries

router = Router(tags=["law"])


class Asked(Schema):
    """A question to the law: two states, measures, offences, facts, a day."""

    requesting: str
    requested: str
    measures: list[str]
    offences: list[str] = Field(default_factory=list)
    facts: dict[str, str] = Field(default_factory=dict)
    on: date | None = None


@router.post("law/resolve", response=dict[str, Any], summary="What binds two states")
def resolve(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """Resolve a question on this node's law base."""
    require(who(request), Do.SEE_LAW)
    found = queries.answer(
        requesting=asked.requesting,
        requested=asked.requested,
        measures=asked.measures,
        offences=asked.offences,
        on=asked.on or datetime.now(UTC).date(),
        facts=asked.facts,
    )
    return dict(found.to_json())
