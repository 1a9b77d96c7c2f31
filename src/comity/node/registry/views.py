"""Partners: which states have a node, by which keys they are known."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from comity.node.accounts.role import Officer
from comity.node.page import page, show
from comity.node.registry import queries

__all__ = ["partners"]


@require_GET
@page
def partners(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show the federation list in use."""
    return show(
        request,
        "registry/partners.html",
        partners=queries.partners(officer.language),
        version=queries.version(),
        own=queries.identity(),
    )
