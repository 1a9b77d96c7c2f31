"""What the audit learns of signing in by the pages: opened, refused at the code, closed. The API notes its own."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as accounts
from allauth.mfa import signals as second_factor
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from comity.node.accounts import actions
from comity.node.accounts.backend import address_of
from comity.node.accounts.models import User
from comity.node.audit import actions as audit
from comity.node.audit.vocabulary import Event

__all__ = ["closed", "opened", "wrong_code"]


@receiver(accounts.user_logged_in)
def opened(request: HttpRequest, user: User, **_: Any) -> None:
    """Note that a session was opened."""
    audit.note(Event.SIGNED_IN, actor=user.username, detail={"address": address_of(request), "door": "pages"})


@receiver(user_logged_out)
def closed(request: HttpRequest, user: User | None, **_: Any) -> None:
    """Note that a session was closed."""
    if user is not None and not request.path.startswith("/api/"):
        audit.note(Event.SIGNED_OUT, actor=user.username)


@receiver(second_factor.authentication_failed)
def wrong_code(request: HttpRequest, user: User, **_: Any) -> None:
    """Count a wrong code as a failed attempt."""
    actions.failed(user.username, address_of(request), "code")
