"""Passwords, with a limit of attempts kept in the database, so that it counts over all processes."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from comity.errors import ComityError
from comity.node.accounts import actions
from comity.node.accounts.models import User

__all__ = ["LimitedBackend", "address_of"]


def address_of(request: HttpRequest | None) -> str:
    """Return where a request came from; no proxy header is believed."""
    return str(request.META.get("REMOTE_ADDR", "")) if request else ""


class LimitedBackend(BaseBackend):
    """What the pages' sign-in asks; the second factor follows as its own step."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        """Return the person whose password this is."""
        if not username or password is None:
            return None
        address = address_of(request)
        try:
            actions.check_attempts(username, address)
        except ComityError:
            return None
        user = User.objects.filter(username=username, is_active=True).first()
        known = user or User(username=username, password="!")  # noqa: S106 - Django's mark for no password
        if known.check_password(password) and user is not None:
            return user
        actions.failed(username, address, "name or password")
        return None

    def get_user(self, user_id: Any) -> User | None:
        """Return an active person by key; a disabled one loses the session at once."""
        return User.objects.filter(pk=user_id, is_active=True).first()
