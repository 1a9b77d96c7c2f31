"""How the API knows who asks: a bearer token of a machine, or the session of the pages with its CSRF token."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from comity.node.accounts import queries
from comity.node.accounts.models import User
from comity.node.accounts.role import Officer

__all__ = ["BearerDoor", "SessionDoor", "who"]


class BearerDoor(HttpBearer):
    """``Authorization: Bearer comity_...``."""

    def authenticate(self, request: HttpRequest, token: str) -> Officer | None:
        """Return whose token this is."""
        del request
        return queries.by_token(token)


class SessionDoor(APIKeyCookie):
    """The session cookie; a changing request must carry ``X-CSRFToken``."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Officer | None:
        """Return whose session this is, when its second factor is enrolled."""
        del key  # the session middleware has read it
        user = request.user
        if isinstance(user, User) and queries.has_second_factor(user):
            return queries.officer(user)
        return None


def who(request: HttpRequest) -> Officer:
    """Return the person the API let in."""
    found: Any = getattr(request, "auth", None)
    assert isinstance(found, Officer)  # noqa: S101 - every route but the sign-in has a door before it
    return found
