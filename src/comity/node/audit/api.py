"""The audit, and the log of acts with its proofs, by the API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from comity.node.accounts.door import who
from comity.node.accounts.policy import Do, require
from comity.node.audit import log, queries
from comity.node.shown import shown

router = Router(tags=["audit"])
TEXT = "text/plain; charset=utf-8"


@router.get("audit", response=list[dict[str, Any]], summary="What was done here")
def entries(
    request: HttpRequest, limit: int = 100, before: int | None = None, event: str = "", actor: str = ""
) -> list[dict[str, Any]]:
    """Return events, the newest first, at most 1000."""
    require(who(request), Do.SEE_AUDIT)
    found = queries.entries(limit=max(1, min(limit, 1000)), before=before, event=event, actor=actor)
    return [shown(one) for one in found]


@router.get("audit/verify", response=dict[str, Any], summary="Whether the audit is whole")
def verify(request: HttpRequest) -> dict[str, Any]:
    """Walk the chain of the audit and name what was changed."""
    require(who(request), Do.SEE_AUDIT)
    whole = queries.verify()
    return {"ok": whole.ok, "entries": whole.entries, "head": whole.head, "broken": shown(whole.broken)}


@router.get("log/checkpoint", summary="The signed head of the log of acts")
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Return the log's head now as a signed note."""
    require(who(request), Do.SEE_LAW)
    return HttpResponse(log.checkpoint(datetime.now(UTC)).note, content_type=TEXT)


@router.get("log/proof/{act}", summary="The proof that an act stands in the log")
def proof(request: HttpRequest, act: str) -> HttpResponse:
    """Return the inclusion proof of an act."""
    require(who(request), Do.SEE_LAW)
    return HttpResponse(log.proof(act, datetime.now(UTC)), content_type=TEXT)
