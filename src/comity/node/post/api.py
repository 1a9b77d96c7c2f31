"""Deliveries, arrivals and pulls by the API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router

from comity.node.accounts.door import who
from comity.node.accounts.policy import Do, require
from comity.node.post import actions, queries
from comity.node.shown import shown

router = Router(tags=["post"])


@router.get("deliveries", response=list[dict[str, Any]], summary="Messages to partners")
def deliveries(request: HttpRequest, dossier: str = "", state: str = "") -> list[dict[str, Any]]:
    """Return messages to partners, the newest first."""
    require(who(request), Do.SEE_DELIVERIES)
    return [shown(one) for one in queries.deliveries(dossier=dossier, state=state)]


@router.get("deliveries/{key}", response=dict[str, Any], summary="A message to a partner")
def delivery(request: HttpRequest, key: int) -> dict[str, Any]:
    """Return one message to a partner."""
    require(who(request), Do.SEE_DELIVERIES)
    return dict(shown(queries.delivery(key)))


@router.post("deliveries/{key}/retry", response=dict[str, Any], summary="Send again")
def retry(request: HttpRequest, key: int) -> dict[str, Any]:
    """Send a failed message again: the same bytes under the same id."""
    officer = who(request)
    require(officer, Do.RETRY)
    actions.retry_now(key, by=officer.username, at=datetime.now(UTC))
    return dict(shown(queries.delivery(key)))


@router.get("arrivals", response=list[dict[str, Any]], summary="Messages that came")
def arrivals(request: HttpRequest, dossier: str = "") -> list[dict[str, Any]]:
    """Return accepted messages, the newest first."""
    require(who(request), Do.SEE_DELIVERIES)
    return [shown(one) for one in queries.arrivals(dossier=dossier)]


@router.get("pulls", response=list[dict[str, Any]], summary="Large files on their way here")
def pulls(request: HttpRequest, dossier: str = "") -> list[dict[str, Any]]:
    """Return the pulls of large files."""
    require(who(request), Do.SEE_DELIVERIES)
    return [shown(one) for one in queries.fetches(dossier=dossier)]
