"""Django for the tests of the node: SQLite in memory, or the PostgreSQL of COMITY_TEST_DATABASE_URL."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.node.settings")
django.setup()
