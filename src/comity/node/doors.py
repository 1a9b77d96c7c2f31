"""The two doors of a node: the web port and the exchange port serve different URLs and share nothing else."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

__all__ = ["DOOR", "Doors"]

DOOR = "comity.door"


class Doors:
    """Chooses the URLs by the port a request came in by; the wrapper of `comity.node.wsgi` names it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer by the door's own URLs."""
        if request.META.get(DOOR) == "exchange":
            request.urlconf = "comity.node.post.exchange_urls"
        return self.get_response(request)
