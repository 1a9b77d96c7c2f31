"""Nobody works here on a password alone: who has no TOTP device is led to enrol one first."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse

from comity.node.accounts.queries import has_second_factor

__all__ = ["SecondFactor"]

OPEN = ("/accounts/", "/static/", "/api/", "/healthz", "/i18n/")
PASSED = "comity.second_factor"


class SecondFactor:
    """Redirects a session that has no second factor behind it; one look in the database a session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let through, or lead to the enrolment."""
        if request.path.startswith(OPEN) or not request.user.is_authenticated or PASSED in request.session:
            return self.get_response(request)
        if has_second_factor(request.user):
            request.session[PASSED] = True
            return self.get_response(request)
        try:
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        except NoReverseMatch:
            return HttpResponse("A second factor must be enrolled first.", status=403, content_type="text/plain")
