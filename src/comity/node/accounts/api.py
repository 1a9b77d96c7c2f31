"""Signing in and out by the API, and who I am."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router, Schema, Status

from comity.node.accounts import actions, queries
from comity.node.accounts.backend import address_of
from comity.node.accounts.door import who
from comity.node.accounts.role import Officer
from comity.node.audit import actions as audit
from comity.node.audit.vocabulary import Event

router = Router(tags=["session"])


class Credentials(Schema):
    """Name, password and the six digits the authenticator app shows."""

    username: str
    password: str
    code: str


class Person(Schema):
    """Who is signed in."""

    username: str
    name: str
    authority: str
    roles: list[str]
    language: str


class Opened(Schema):
    """A session; ``csrf`` goes into ``X-CSRFToken`` of every changing request."""

    person: Person
    csrf: str


def person(officer: Officer) -> Person:
    """Return the person as the API shows one."""
    return Person(
        username=officer.username,
        name=officer.name,
        authority=officer.authority,
        roles=sorted(officer.roles),
        language=officer.language,
    )


@router.post("session", response=Opened, auth=None, summary="Sign in")
def open_session(request: HttpRequest, credentials: Credentials) -> Opened:
    """Sign in with password and TOTP code; sets the session cookie the pages use."""
    user = actions.sign_in(credentials.username, credentials.password, credentials.code, address_of(request))
    login(request, user, backend="comity.node.accounts.backend.LimitedBackend")
    return Opened(person=person(queries.officer(user)), csrf=get_token(request))


@router.delete("session", response={204: None}, summary="Sign out")
def close_session(request: HttpRequest) -> Status[None]:
    """End the session."""
    audit.note(Event.SIGNED_OUT, actor=who(request).username)
    logout(request)
    return Status(204, None)


@router.get("me", response=Opened, summary="Who I am")
def me(request: HttpRequest) -> Opened:
    """Return the person signed in."""
    return Opened(person=person(who(request)), csrf=get_token(request))
