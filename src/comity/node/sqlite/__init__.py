"""Django's SQLite backend with a newer library and one queue of writers.

Two faults of the stock arrangement are met here. Libraries from 3.7.0 to 3.51.2 can corrupt a database when a
checkpoint meets a commit (fixed in 3.51.3), so the wheel ``pysqlite3`` takes the place of the interpreter's module
where there is one. And SQLite lets writers wait by polling, so that one may wait long: see `base`.
"""

from __future__ import annotations

import importlib.util
import sys

__all__ = ["use_wheel"]


def use_wheel() -> None:
    """Put ``pysqlite3`` in the place of ``sqlite3``; must run before Django's backend is imported."""
    if "sqlite3" in sys.modules or importlib.util.find_spec("pysqlite3") is None:
        return
    import pysqlite3
    import pysqlite3.dbapi2

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


use_wheel()
