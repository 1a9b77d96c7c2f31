"""Who may sign in, and who may do what."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from comity.node.accounts import actions, queries
from comity.node.accounts.models import User
from comity.node.accounts.policy import TABLE, Bond, Do, can, filtered, require
from comity.node.accounts.role import Officer, Role
from comity.node.audit import queries as audit
from comity.node.errors import AttemptsError, NotAllowedError, SettingError, SignInError
from comity.node.requests.models import Dossier

PASSWORD = "correct horse battery staple"


def code(secret: str, shift: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + shift))


@pytest.fixture
def added(db):
    return actions.add("olena", name="Olena", authority="ua-pgo", roles=["issuing"], password=PASSWORD)


def test_signs_in_with_password_and_code_once(added):
    now = code(added.secret)
    assert actions.sign_in("olena", PASSWORD, now, "10.0.0.1").username == "olena"
    with pytest.raises(SignInError):
        actions.sign_in("olena", PASSWORD, now, "10.0.0.1")


@pytest.mark.parametrize(
    ("name", "password", "wrong"), [("olena", "no", False), ("nobody", PASSWORD, False), ("olena", PASSWORD, True)]
)
def test_refuses_the_same_way_whatever_is_wrong(added, name, password, wrong):
    with pytest.raises(SignInError) as refused:
        actions.sign_in(name, password, "000000" if wrong else code(added.secret), "10.0.0.1")
    assert refused.value.detail == SignInError().detail
    assert audit.entries(event="session.refused")


def test_refuses_after_too_many_attempts_even_with_the_right_words(added):
    for _ in range(queries.ALLOWED):
        with pytest.raises(SignInError):
            actions.sign_in("olena", "no", "000000", "10.0.0.1")
    with pytest.raises(AttemptsError):
        actions.sign_in("olena", PASSWORD, code(added.secret), "10.0.0.2")


def test_a_weak_password_and_an_unknown_role_are_refused(db):
    with pytest.raises(SettingError, match="too weak"):
        actions.add("a", name="A", authority="x", roles=["issuing"], password="short")
    with pytest.raises(SettingError, match="not a role"):
        actions.add("a", name="A", authority="x", roles=["king"], password=PASSWORD)


def test_the_secret_of_the_device_is_sealed(added):
    from allauth.mfa.models import Authenticator

    assert added.secret not in str(Authenticator.objects.get().data)


def test_tokens_hold_until_their_end(added):
    token = actions.make_token("olena", label="demo", days=1)
    found = queries.by_token(token)
    assert found is not None
    assert found.username == "olena"
    assert queries.by_token(token + "x") is None
    User.objects.update(is_active=False)
    assert queries.by_token(token) is None


def test_every_word_has_a_rule():
    assert set(TABLE) == set(Do)


def test_a_refused_decision_is_an_act_of_the_audit(db):
    auditor = Officer(1, "a", "A", "ua-x", frozenset({Role.AUDITOR}))
    with pytest.raises(NotAllowedError):
        require(auditor, Do.SEND)
    assert [e.event for e in audit.entries()] == ["policy.refused"]


def test_a_list_shows_exactly_what_the_rule_allows(db):
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    places = ("", "one", "two")
    for number, (authority, assigned) in enumerate((a, b) for a in places for b in places):
        Dossier.objects.create(
            id=f"D{number}", side="issuing", partner="DE", authority=authority, assigned=assigned, subject="s",
            opened_at=now, changed_at=now,
        )  # fmt: skip
    for action in Do:
        if Bond.ASSIGNED not in TABLE[action].values() and action is not Do.SEE_DOSSIER:
            continue
        for role in Role:
            for authority in places:
                officer = Officer(1, "o", "O", authority, frozenset({role}))
                shown = set(Dossier.objects.filter(filtered(officer, action)).values_list("id", flat=True))
                allowed = {d.id for d in Dossier.objects.all() if can(officer, action, d).allowed}
                assert shown == allowed, (action, role, authority)
