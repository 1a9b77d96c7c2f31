"""What every template may name: the node, the person, the way through the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext_lazy as _

from comity.node.accounts import queries
from comity.node.accounts.models import User
from comity.node.accounts.policy import Do, can
from comity.node.accounts.role import Officer
from comity.node.post import queries as post

__all__ = ["node"]

WAY: tuple[tuple[str, Any, Do | None], ...] = (
    ("work", _("My work"), None),
    ("inbox", _("Inbox"), Do.SEE_DOSSIER),
    ("drafts", _("Requests"), Do.SEE_DRAFT),
    ("cases", _("Cases"), Do.SEE_DOSSIER),
    ("evidence", _("Evidence"), Do.SEE_DOSSIER),
    ("verify", _("Verify"), Do.VERIFY),
    ("lab", _("Laboratory"), Do.SEE_LAB),
    ("law", _("Law"), Do.SEE_LAW),
    ("deliveries", _("Deliveries"), Do.SEE_DELIVERIES),
    ("partners", _("Partners"), None),
    ("audit", _("Audit"), Do.SEE_AUDIT),
)


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation. ``count`` is shown beside it where it is not 0."""

    name: str
    title: Any
    url: str
    here: bool
    count: int = 0


def node(request: HttpRequest) -> dict[str, Any]:
    """Return what every template may name."""
    known: dict[str, Any] = {"node": settings.COMITY, "direction": "rtl" if get_language_bidi() else "ltr"}
    user = getattr(request, "user", None)
    if isinstance(user, User):
        officer = queries.officer(user)
        known |= {"officer": officer, "way": _way(request, officer)}
    return known


def _way(request: HttpRequest, officer: Officer) -> list[Link]:
    found: list[Link] = []
    for name, title, action in WAY:
        if action is not None and not can(officer, action).allowed:
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        here = request.path == url if url == "/" else request.path.startswith(url)
        found.append(Link(name, title, url, here, post.alarms() if name == "deliveries" else 0))
    return found
