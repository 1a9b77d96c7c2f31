"""The WSGI applications granian serves: ``web`` (pages and API) and ``exchange`` (other nodes).

granian copies the process's environment into every request's, so all but the keys of PEP 3333 and the request's own
headers is taken out here before anything can print it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from comity.node.doors import DOOR

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.node.settings")

from django.core.wsgi import get_wsgi_application

__all__ = ["exchange", "web"]

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
_KEPT = frozenset(
    [
        "REQUEST_METHOD",
        "SCRIPT_NAME",
        "PATH_INFO",
        "QUERY_STRING",
        "CONTENT_TYPE",
        "CONTENT_LENGTH",
        "SERVER_NAME",
        "SERVER_PORT",
        "SERVER_PROTOCOL",
        "REMOTE_ADDR",
        "REMOTE_PORT",
    ]
)


def clean(environ: dict[str, Any], door: str) -> dict[str, Any]:
    """Return the request's own part of ``environ``, and the door it came in by."""
    kept = {
        name: value
        for name, value in environ.items()
        if name in _KEPT or name.startswith("wsgi.") or (name.startswith("HTTP_") and name not in os.environ)
    }
    kept[DOOR] = door
    return kept


_django = get_wsgi_application()


def web(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer on the web port."""
    return _django(clean(environ, "web"), start_response)


def exchange(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer on the exchange port."""
    return _django(clean(environ, "exchange"), start_response)
