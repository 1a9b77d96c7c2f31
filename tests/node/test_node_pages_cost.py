"""How many questions a page asks the database, and how heavy the first page is."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from test_node_pages_roles import signed_in

import comity.node

MOST = 25


@pytest.mark.parametrize("path", ["/", "/inbox/", "/cases/", "/requests/", "/evidence/", "/deliveries/", "/law/"])
def test_a_page_asks_the_database_few_questions(ua, path):
    for _ in range(2):
        ua.sent()
    client = signed_in(ua.central.username)
    client.get(path, secure=True)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path, secure=True).status_code == 200
    assert len(asked) <= MOST, [one["sql"][:90] for one in asked]


def test_a_case_asks_the_database_few_questions(ua):
    done = ua.sent()
    client = signed_in(ua.central.username)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/cases/{done.dossier}/", secure=True).status_code == 200
    assert len(asked) <= MOST, [one["sql"][:90] for one in asked]


def test_the_first_page_weighs_less_than_150_kilobytes(ua):
    page = signed_in(ua.central.username).get("/", secure=True)
    static = Path(comity.node.__file__).parent / "static"
    texts = [static / name for name in ("pages.css", "pages.js", "mark.svg")]
    texts += [static / "vendor" / name for name in ("designsystemet.css", "theme.css", "htmx.js")]
    fonts = [path for path in (static / "vendor" / "fonts").iterdir() if "-ext-" not in path.name]
    weight = len(gzip.compress(page.content)) + sum(len(gzip.compress(path.read_bytes())) for path in texts)
    assert weight + sum(path.stat().st_size for path in fonts) < 150_000
