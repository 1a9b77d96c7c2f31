"""Every write about people: adding, tokens, signing in with password and TOTP."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from django.conf import settings
from django.db import IntegrityError, transaction

from comity.node.accounts import queries
from comity.node.accounts.models import Attempt, Token, User
from comity.node.accounts.role import Officer, Role
from comity.node.audit import actions as audit
from comity.node.audit.vocabulary import Event
from comity.node.errors import AttemptsError, NotPossibleError, SettingError, SignInError

__all__ = ["Added", "add", "check_attempts", "failed", "make_token", "set_language", "sign_in", "use_code"]


@dataclass(frozen=True, slots=True)
class Added:
    """A person who was added; ``secret`` (base32) and ``uri`` are shown once, for the authenticator app."""

    officer: Officer
    secret: str
    uri: str


def add(
    username: str,
    *,
    name: str,
    authority: str,
    roles: Sequence[str],
    password: str,
    language: str = "en",
    secret: str | None = None,
    by: str = "command line",
) -> Added:
    """Add a person with password and TOTP device."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    held = [_role(role) for role in roles]
    try:
        validate_password(password, User(username=username, name=name))
    except ValidationError as error:
        raise SettingError(
            f"This password is too weak: {' '.join(error.messages)}", remedy="Use a longer one, of several words."
        ) from error
    key = secret or generate_totp_secret()
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                username, password, name=name, authority=authority, roles=held, language=language
            )
            TOTP.activate(user, key)
            audit.note(Event.USER_ADDED, actor=by, about=username, detail={"roles": ",".join(held)})
    except IntegrityError as error:
        raise NotPossibleError(f"There is a {username!r} already.", remedy="Choose another user name.") from error
    issuer = quote(settings.COMITY.name)
    uri = f"otpauth://totp/{issuer}:{quote(username)}?secret={key}&issuer={issuer}"
    return Added(queries.officer(user), key, uri)


def make_token(username: str, *, label: str, days: int = 90, by: str = "command line") -> str:
    """Make a bearer token for a machine; it is returned once and kept as a digest only."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise SettingError(f"There is no {username!r} here.", remedy="Add the person first.")
    token, now = f"comity_{secrets.token_urlsafe(32)}", datetime.now(UTC)
    digest = hashlib.sha256(token.encode()).hexdigest()
    with transaction.atomic():
        Token.objects.create(user=user, sha256=digest, label=label, made_at=now, until=now + timedelta(days=days))
        audit.note(Event.TOKEN_MADE, actor=by, about=username, detail={"label": label, "days": days})
    return token


def set_language(officer: Officer, language: str) -> None:
    """Have the pages speak another language to this person."""
    known = [code for code, _ in settings.LANGUAGES]
    if language not in known:
        raise SettingError(
            f"{language[:20]!r} is no language of this node.", remedy=f"Choose one of {', '.join(known)}."
        )
    User.objects.filter(pk=officer.id).update(language=language)


def check_attempts(username: str, address: str) -> None:
    """Refuse where this name or this address failed too often lately."""
    wait = queries.wait(_keys(username, address), datetime.now(UTC))
    if wait > timedelta(0):
        raise AttemptsError(
            f"There were too many attempts; the next one is taken in {int(wait.total_seconds() // 60) + 1} minutes.",
            seconds=int(wait.total_seconds()),
        )


def failed(username: str, address: str, why: str) -> None:
    """Count a failed attempt."""
    now = datetime.now(UTC)
    with transaction.atomic():
        Attempt.objects.filter(at__lt=now - queries.WINDOW).delete()
        Attempt.objects.bulk_create(Attempt(key=key, at=now) for key in _keys(username, address))
        audit.note(Event.SIGN_IN_FAILED, actor=username, detail={"address": address, "why": why})


def sign_in(username: str, password: str, code: str, address: str) -> User:
    """Check name, password and code; return the person. One error for all three, so that none is confirmed."""
    check_attempts(username, address)
    user = User.objects.filter(username=username, is_active=True).first()
    known = user or User(username=username, password=_UNUSABLE)
    if not known.check_password(password) or user is None or not use_code(user, code):
        failed(username, address, "name, password or code")
        raise SignInError
    audit.note(Event.SIGNED_IN, actor=username, detail={"address": address, "door": "api"})
    return user


def use_code(user: User, code: str) -> bool:
    """Check a TOTP code (RFC 6238) and use it up: a step is taken once (section 5.2)."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
    from allauth.mfa.utils import decrypt

    device = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if device is None:
        return False
    secret = decrypt(device.data["secret"])
    for step in yield_hotp_counters_from_time():
        if secrets.compare_digest(format_hotp_value(hotp_value(secret, step)).encode(), code.strip().encode()):
            return User.objects.filter(pk=user.pk, last_step__lt=step).update(last_step=step) == 1
    return False


def _keys(username: str, address: str) -> tuple[str, ...]:
    return (f"name:{username[:80]}", f"address:{address}")


def _role(text: str) -> str:
    try:
        return Role(text).value
    except ValueError as error:
        raise SettingError(f"{text!r} is not a role.", remedy=f"Roles are {', '.join(Role)}.", role=text) from error


_UNUSABLE = "!"
