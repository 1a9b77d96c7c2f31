"""The URLs of the web port: the API, sign-in, and the pages."""

from __future__ import annotations

from importlib.util import find_spec

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from comity.node.api import api

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

handler400 = "comity.node.failure.bad_request"
handler403 = "comity.node.failure.denied"
handler404 = "comity.node.failure.missing"
handler500 = "comity.node.failure.broken"


def alive(_: HttpRequest) -> HttpResponse:
    """Say that the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", alive),
    path("api/v1/", api.urls),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
# The pages: each part of the node that has some names them in its own urls.py.
urlpatterns += [
    path("", include(f"comity.node.{part}.urls"))
    for part in ("requests", "post", "vault", "lawbook", "registry", "audit", "accounts", "lab")
    if find_spec(f"comity.node.{part}.urls")
]
