"""Rows that are only ever added: triggers refuse UPDATE and DELETE, on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.db.migrations import RunPython

__all__ = ["only_added"]

_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table}: rows are only ever added'); END
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION comity_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%: rows are only ever added', TG_TABLE_NAME; END $$
"""
_POSTGRES = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION comity_only_added()
"""


def only_added(*tables: str) -> RunPython:
    """Return the migration step that closes ``tables`` against change."""

    def close(_: Any, editor: Any) -> None:
        postgres = editor.connection.vendor == "postgresql"
        if postgres:
            editor.execute(_FUNCTION, None)  # None: the driver then leaves the function's % alone
        for table in tables:
            for verb in ("UPDATE", "DELETE"):
                editor.execute((_POSTGRES if postgres else _SQLITE).format(table=table, verb=verb), None)

    def open_again(_: Any, editor: Any) -> None:
        on = " ON {table}" if editor.connection.vendor == "postgresql" else ""
        for table in tables:
            for verb in ("UPDATE", "DELETE"):
                editor.execute(f"DROP TRIGGER {table}_no_{verb}{on.format(table=table)}", None)

    return RunPython(close, open_again)
