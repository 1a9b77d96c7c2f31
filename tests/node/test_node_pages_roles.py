"""Every page as each role: what the policy allows is shown, the rest refused as a page; headers; no inline code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

import comity.node
from comity.node.accounts.models import User
from comity.node.accounts.policy import TABLE, Do
from comity.node.accounts.role import Role
from comity.node.accounts.second_factor import PASSED

PAGES = {
    "/": None,
    "/inbox/": Do.SEE_DOSSIER,
    "/cases/": Do.SEE_DOSSIER,
    "/requests/": None,
    "/requests/new/": Do.DRAFT,
    "/evidence/": Do.SEE_DOSSIER,
    "/verify/": Do.VERIFY,
    "/law/": Do.SEE_LAW,
    "/law/?from=UA&to=DE&measure=bank_records&offence=fraud&on=2026-11-24": Do.SEE_LAW,
    "/law/?from=UA&to=BT&measure=bank_records&offence=fraud&on=2026-11-24&fact.transnational=yes": Do.SEE_LAW,
    "/law/?from=UA&to=UA&measure=bank_records": Do.SEE_LAW,
    "/law/matrix/?from=UA&measure=bank_records&measure=any_evidence": Do.SEE_LAW,
    "/law/matrix/?column=form.jit&column=bank_records&way=in&only=open&words=a&on=1999-01-01": Do.SEE_LAW,
    "/law/?q=Germany+bank+records+fraud+2026-11-24": Do.SEE_LAW,
    "/law/plan/": Do.SEE_LAW,
    "/law/plan/?offence=fraud&element=account&state=DE&element=suspect&state=BT&element=dna&state=FR": Do.SEE_LAW,
    "/law/compare/?from=FR&to=GB&measure=bank_records&on=2020-12-31&then=2021-01-01": Do.SEE_LAW,
    "/law/bound/?from=UA&to=RU&form=extradition": Do.SEE_LAW,
    "/law/coverage/?only=unsure": Do.SEE_LAW,
    "/law/coverage/": Do.SEE_LAW,
    "/law/instruments/": Do.SEE_LAW,
    "/law/instruments/?form=extradition&words=convention": Do.SEE_LAW,
    "/law/instruments/coe-030/?state=DE": Do.SEE_LAW,
    "/law/instruments/coe-030/bound/?on=1980-01-01": Do.SEE_LAW,
    "/deliveries/": Do.SEE_DELIVERIES,
    "/partners/": None,
    "/audit/": Do.SEE_AUDIT,
    "/profile/": None,
}
PASSWORD = "a long pass phrase for tests"


def signed_in(username: str, *, language: str = "en", enforce_csrf_checks: bool = False) -> Client:
    user = User.objects.get(username=username)
    User.objects.filter(pk=user.pk).update(language=language)
    client = Client(enforce_csrf_checks=enforce_csrf_checks, headers={"host": "localhost"})
    client.force_login(user, backend="comity.node.accounts.backend.LimitedBackend")
    session = client.session
    session[PASSED] = True
    session.save()
    return client


@pytest.mark.parametrize("role", list(Role))
def test_a_page_is_shown_to_the_roles_of_the_policy_and_refused_to_the_others(ua, role):
    client = signed_in(ua.who("someone", role).username)
    for path, do in PAGES.items():
        answer = client.get(path, secure=True)
        allowed = do is None or role in TABLE[do]
        assert answer.status_code == (200 if allowed else 403), f"{role} {path}: {answer.status_code}"
        page = answer.content.decode()
        assert page.count("<h1") == 1, path
        assert "Traceback" not in page


def test_who_is_not_signed_in_is_led_to_the_sign_in(ua):
    client = Client(headers={"host": "localhost"})
    for path in PAGES:
        answer = client.get(path, secure=True)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/accounts/login/"), path
    assert client.get("/accounts/login/", secure=True).status_code == 200


def test_every_url_of_the_pages_asks_who_is_there(ua):
    client = Client(headers={"host": "localhost"})
    named = {"draft": "00000000-0000-0000-0000-000000000000", "key": 1, "name": "coe-030", "dossier": "MLA-UA-DE-1"}
    named |= {
        "sha256": "0" * 64,
        "digest": "0" * 64,
        "station": "accept",
        "step": "send",
        "hit": named["draft"],
        "part": "query",
    }
    seen = 0
    for name, (forms, *_) in get_resolver().reverse_dict.items():
        if not isinstance(name, str) or ":" in name or name.startswith(("account_", "mfa_")) or name == "set_language":
            continue
        path = reverse(name, kwargs={key: named[key] for key in forms[0][1]})
        for method in ("get", "post"):
            answer = getattr(client, method)(path, secure=True)
            assert answer.status_code in (302, 405), f"{method} {path}: {answer.status_code}"
        seen += 1
    assert seen >= 20


@pytest.mark.parametrize("path", ["/", "/law/", "/nothing/", "/requests/new/"])
def test_pages_carry_a_strict_policy_and_no_copy_is_kept(ua, path):
    answer = signed_in(ua.drafter.username).get(path, secure=True)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "data:" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    if answer.status_code == 200:
        assert "no-store" in answer["Cache-Control"]


def test_no_template_holds_inline_script_or_style():
    folder = Path(comity.node.__file__).parent / "templates"
    for path in folder.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|hx-on|javascript:|<script(?![^>]* src=)", text), path


def test_no_style_sheet_names_a_data_url_or_another_host():
    folder = Path(comity.node.__file__).parent / "static"
    for path in folder.rglob("*.css"):
        assert not re.search(r"url\(\s*[\"']?(data:|https?:|//)", path.read_text(encoding="utf-8")), path


def test_own_style_sheet_has_no_left_and_right():
    text = (Path(comity.node.__file__).parent / "static" / "pages.css").read_text(encoding="utf-8")
    assert not re.search(r"(margin|padding|border|inset)?-?(left|right)\s*:", text)


def test_an_unknown_case_draft_and_act_are_pages_that_say_what_to_do(ua):
    client = signed_in(ua.central.username)
    for path in ("/cases/MLA-UA-DE-2026-11-24-0001-1/", "/requests/00000000-0000-0000-0000-000000000000/"):
        answer = client.get(path, secure=True)
        assert answer.status_code == 404
        assert "What to do" in answer.content.decode()
    answer = client.post("/cases/MLA-UA-DE-2026-11-24-0001-1/do/accept/", secure=True, follow=True)
    assert answer.status_code == 404


def test_a_form_without_its_token_is_refused_as_a_page(ua):
    client = signed_in(ua.drafter.username, enforce_csrf_checks=True)
    answer = client.post("/profile/", {"language": "uk"}, secure=True)
    assert answer.status_code == 403
    assert "Load the page again" in answer.content.decode()


def test_a_language_that_is_none_is_refused(ua):
    client = signed_in(ua.drafter.username)
    assert client.post("/profile/", {"language": "xx"}, secure=True).status_code == 422
    assert client.post("/profile/", {"language": "uk"}, secure=True).status_code == 302
    assert 'lang="uk"' in client.get("/profile/", secure=True).content.decode()
