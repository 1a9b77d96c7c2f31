"""Reading people; every result is a value."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from comity.node.accounts.models import Attempt, Token, User
from comity.node.accounts.role import Officer, Role

__all__ = ["by_id", "by_token", "by_username", "has_second_factor", "officer", "officers", "wait"]

WINDOW = timedelta(minutes=15)
ALLOWED = 8  # failed attempts with one name, or from one address, in `WINDOW`


def officer(user: User) -> Officer:
    """Return the person as a value."""
    roles = frozenset(Role(role) for role in user.roles)
    return Officer(user.pk, user.username, user.name, user.authority, roles, user.language)


def by_id(key: int) -> Officer | None:
    """Return an active person."""
    user = User.objects.filter(pk=key, is_active=True).first()
    return officer(user) if user else None


def by_username(username: str) -> Officer | None:
    """Return an active person by the name of the account."""
    user = User.objects.filter(username=username, is_active=True).first()
    return officer(user) if user else None


def by_token(token: str, at: datetime | None = None) -> Officer | None:
    """Return whose bearer token this is, if it still holds."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    found = Token.objects.filter(sha256=digest, until__gt=at or datetime.now(UTC), user__is_active=True)
    row = found.select_related("user").first()
    return officer(row.user) if row else None


def officers(role: Role | None = None) -> tuple[Officer, ...]:
    """Return the active people, by name; ``role`` keeps those who hold it."""
    people = tuple(officer(user) for user in User.objects.filter(is_active=True).order_by("name"))
    return tuple(person for person in people if role is None or role in person.roles)


def has_second_factor(user: User) -> bool:
    """Tell whether the person has enrolled a TOTP device."""
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def wait(keys: tuple[str, ...], at: datetime) -> timedelta:
    """Return how long these keys must wait before the next attempt; zero where none failed too often."""
    longest = timedelta(0)
    for key in keys:
        failed = Attempt.objects.filter(Q(key=key) & Q(at__gt=at - WINDOW)).order_by("-at")[:ALLOWED]
        times = [attempt.at for attempt in failed]
        if len(times) >= ALLOWED:
            longest = max(longest, times[-1] + WINDOW - at)
    return longest
