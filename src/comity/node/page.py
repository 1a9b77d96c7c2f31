"""What every page does the same way: who is asking, showing a template, acting and saying so.

A view reads a query and shows it, or calls one action and redirects with a message. What an action refuses is shown on
the page it was asked from: what failed, the likely cause, what to do.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from comity.errors import ComityError
from comity.node.accounts import queries
from comity.node.accounts.models import User
from comity.node.accounts.role import Officer

__all__ = ["REFUSED", "act", "page", "partial", "show"]

P = ParamSpec("P")
REFUSED = "refused"
"""The tag of a message that carries an error: its three sentences stand on three lines."""


def page(
    view: Callable[Concatenate[HttpRequest, Officer, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Give the view the person who asks; lead to the sign-in who is not signed in; let no copy be kept."""

    @wraps(view)
    def known(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User):
            return redirect_to_login(request.get_full_path())
        return view(request, queries.officer(user), *args, **kwargs)

    return never_cache(known)


def show(request: HttpRequest, template: str, /, *, status: int = 200, **context: Any) -> HttpResponse:
    """Show a template."""
    return render(request, template, context, status=status)


def partial(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def act(request: HttpRequest, action: Callable[[], object], *, done: str, to: str) -> HttpResponse:
    """Do something and go to ``to``, saying ``done`` there, or what refused it, why, and what to do."""
    try:
        action()
    except ComityError as error:
        messages.error(request, error.diagnostics(), extra_tags=REFUSED)
    else:
        messages.success(request, done)
    return HttpResponseRedirect(to)
