"""A browser's place in a test of pages: an officer signed in, both factors passed."""

from __future__ import annotations

from typing import Any

from django.test import Client

from comity.node.accounts.models import User
from comity.node.accounts.second_factor import PASSED


def signed_in(who: Any, language: str = "en") -> Client:
    """Return a client in which the officer is signed in and reads in ``language``."""
    User.objects.filter(pk=who.id).update(language=language)
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(pk=who.id), backend="comity.node.accounts.backend.LimitedBackend")
    session = client.session
    session[PASSED] = True
    session.save()
    return client
