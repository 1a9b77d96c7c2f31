"""This node and its partners by the API."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router

from comity.node.accounts.door import who
from comity.node.accounts.policy import Do, require
from comity.node.audit import queries as audit
from comity.node.lawbook import queries as law
from comity.node.post import queries as post
from comity.node.registry import queries
from comity.node.shown import shown

router = Router(tags=["node"])


@router.get("status", response=dict[str, Any], summary="How this node stands")
def status(request: HttpRequest) -> dict[str, Any]:
    """Return who this node is, its law base, and whether anything is under way; ``idle``: nothing waits to go or come."""
    require(who(request), Do.SEE_LAW)
    base = law.base()
    return {
        "state": settings.COMITY.state,
        "name": settings.COMITY.name,
        "test": settings.COMITY.test,
        "lawbase": {"release": base.release, "digest": str(base.digest)},
        "idle": post.idle(),
        "alarms": post.alarms(),
        "partners": [str(card.state) for card in queries.partners()],
        "log": {"size": audit.size()},
    }


@router.get("partners", response=list[dict[str, Any]], summary="Partners")
def partners(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the other states' nodes."""
    require(who(request), Do.SEE_LAW)
    return [shown(card) for card in queries.partners(who(request).language)]
