"""The law by the API: what binds two states in a question."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from comity.node.accounts.door import who
from comity.node.accounts.policy import Do, require
from comity.node.lawbook import queries
from comity.values.state import CODES

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


@router.get("law/vocabulary", response=dict[str, Any], summary="What can be asked")
def vocabulary(request: HttpRequest) -> dict[str, Any]:
    """Return the measures, offences and states the law base knows."""
    require(who(request), Do.SEE_LAW)
    base = queries.base()
    return {
        "measures": [{"id": one.id, "title": one.title, "title_uk": one.uk} for one in base.measures.values()],
        "offences": [{"id": one.id, "title": one.title, "title_uk": one.uk} for one in base.offences.values()],
        "states": sorted(CODES),
    }


@router.get("law/authorities", response=list[dict[str, Any]], summary="Authorities of a state")
def authorities(request: HttpRequest, state: str, instrument: str = "") -> list[dict[str, Any]]:
    """Return the authorities the law base knows of a state, those of one instrument where it is named."""
    require(who(request), Do.SEE_LAW)
    found = queries.authorities(state)
    return [
        {"id": one.id, "name": one.name, "roles": list(one.roles), "instruments": list(one.instruments)}
        for one in found
        if not instrument or instrument in one.instruments
    ]
