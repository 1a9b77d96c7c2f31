"""The pages in Ukrainian: every string translated, compiled, and no English left on the key pages."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from pathlib import Path

import pytest
from test_node_pages_journey import signed_in

ROOT = Path(__file__).parents[2]


def test_every_string_of_the_pages_is_translated_and_compiled():
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "translate.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def shown(page: str) -> str:
    """Return the text of a page that is not marked as being in English."""
    page = "<main" + page.split("<main", 1)[1].split("</main>", maxsplit=1)[0]
    page = re.sub(r"<(\w+)[^>]*\slang=\"en\"[^>]*>.*?</\1>", " ", page, flags=re.DOTALL)
    page = re.sub(r"<(code|option|select|textarea|dd)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    return html.unescape(page)


@pytest.mark.parametrize(
    "path",
    ["/", "/inbox/", "/cases/", "/requests/", "/requests/new/", "/evidence/", "/verify/", "/law/", "/partners/"],
)
def test_no_english_is_left_on_a_page(ua, path):
    who = ua.drafter
    page = signed_in(who.username, language="uk").get(path, secure=True).content.decode()
    assert 'lang="uk"' in page
    words = re.findall(r"[A-Za-z]{4,}", shown(page))
    allowed = {"comity", "evidence", "verify", "asice", "node", "federation", "import", "Test", "Comity"}
    assert not [word for word in words if word not in allowed and not re.match(r"^(urn|https|as4)", word)], path


def test_the_composer_speaks_ukrainian(ua):
    draft = ua.draft()
    page = signed_in(ua.drafter.username, language="uk").get(f"/requests/{draft}/", secure=True).content.decode()
    assert "Предмет запиту" in page
    assert "Європейська конвенція про взаємну допомогу" in page
    assert "Зберегти й подати на затвердження" in page
    assert "зв'язані" in html.unescape(page)


def test_errors_are_said_in_ukrainian(ua):
    page = signed_in(ua.drafter.username, language="uk").get("/audit/", secure=True).content.decode()
    assert "Що робити" in page
    assert "Зверніться до того, хто має названу роль." in page
