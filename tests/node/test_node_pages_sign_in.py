"""Signing in by the pages: password, then code; what the audit learns; too many attempts; setting the device up."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client
from test_node_accounts import PASSWORD, code

from comity.node.accounts import actions, queries
from comity.node.accounts.models import User
from comity.node.audit import queries as audit


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()


@pytest.fixture
def window():
    return Client(headers={"host": "localhost"})


@pytest.fixture
def added(ua):
    return actions.add("olena", name="Olena", authority="ua:court", roles=["issuing"], password=PASSWORD)


def login(window, name="olena", password=PASSWORD):
    return window.post("/accounts/login/", {"login": name, "password": password}, secure=True)


def test_signs_in_with_password_then_code_and_the_audit_knows(window, added):
    answer = login(window)
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert window.get("/", secure=True).status_code == 302  # the password alone opens nothing
    page = window.get("/accounts/2fa/authenticate/", secure=True).content.decode()
    assert "six digits" in page
    answer = window.post("/accounts/2fa/authenticate/", {"code": code(added.secret)}, secure=True)
    assert answer["Location"] == "/"
    assert window.get("/", secure=True).status_code == 200
    opened = audit.entries(event="session.opened")
    assert [one.detail["door"] for one in opened] == ["pages"]
    window.post("/accounts/logout/", secure=True)
    assert audit.entries(event="session.closed")[0].actor == "olena"
    assert window.get("/", secure=True).status_code == 302


def test_a_wrong_code_is_refused_and_counted(window, added):
    login(window)
    answer = window.post("/accounts/2fa/authenticate/", {"code": "000000"}, secure=True)
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.content.decode()
    assert audit.entries(event="session.refused")[0].detail["why"] == "code"


@pytest.mark.parametrize("name", ["olena", "nobody"])
def test_a_wrong_password_is_refused_the_same_way_for_all(window, added, name):
    page = login(window, name, "no").content.decode()
    assert "not correct" in page
    assert name not in re.sub(r'value="[^"]*"', "", page)


def test_too_many_attempts_are_told_how_long_to_wait(window, added):
    for _ in range(queries.ALLOWED):
        actions.failed("olena", "10.0.0.9", "test")
    page = login(window).content.decode()
    assert re.search(r"the next one is taken in \d+ minutes", page)


def test_who_has_no_device_sets_one_up_first(window, ua):
    user = User.objects.create_user("maria", PASSWORD, name="Maria", authority="ua:court", roles=["issuing"])
    window.force_login(user, backend="comity.node.accounts.backend.LimitedBackend")
    answer = window.get("/", secure=True)
    assert answer["Location"] == "/accounts/2fa/totp/activate/"
    answer = window.get(answer["Location"], secure=True, follow=True)
    if "password" in answer.content.decode() and "reauthenticate" in answer.request["PATH_INFO"]:
        answer = window.post(answer.request["PATH_INFO"], {"password": PASSWORD}, secure=True)
        answer = window.get("/accounts/2fa/totp/activate/", secure=True)
    page = answer.content.decode()
    assert "<svg" in page
    assert "data:image" not in page
    assert " style=" not in page
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page).group(1)
    answer = window.post("/accounts/2fa/totp/activate/", {"code": code(secret)}, secure=True)
    assert answer.status_code == 302, answer.content.decode()
    assert window.get("/", secure=True).status_code == 200


@pytest.mark.parametrize("path", ["/accounts/2fa/", "/accounts/password/change/", "/accounts/logout/"])
def test_the_other_pages_of_the_account_wear_the_same_clothes(window, added, path):
    window.force_login(User.objects.get(username="olena"), backend="comity.node.accounts.backend.LimitedBackend")
    answer = window.get(path, secure=True, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'class="site-header"' in page
    assert page.count("<h1") == 1
    assert " style=" not in page
