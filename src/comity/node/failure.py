"""Errors as pages: what failed, the likely cause, what to do; never a traceback."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from comity.errors import ComityError, ServiceError, ValueRefusedError
from comity.node import errors
from comity.node.page import show

__all__ = ["Failures", "bad_request", "broken", "denied", "forged", "missing"]

STATUS: tuple[tuple[type[ComityError], int], ...] = (
    (errors.NotAllowedError, 403),
    (errors.UnknownError, 404),
    (errors.DraftStaleError, 409),
    (errors.NotPossibleError, 409),
    (errors.AttemptsError, 429),
    (ServiceError, 502),
    (ValueRefusedError, 400),
    (ComityError, 422),
)


class Failures:
    """Shows what a page refuses. The API has its own form of error and is left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Show one of our errors; leave every other to Django."""
        if not isinstance(error, ComityError) or request.path.startswith("/api/"):
            return None
        status = next(status for kind, status in STATUS if isinstance(error, kind))
        return _failure(request, status, error.detail, error.cause, error.remedy, code=error.code)


def _failure(
    request: HttpRequest, status: int, detail: str, cause: str, remedy: str, *, code: str = ""
) -> HttpResponse:
    return show(request, "failure.html", status=status, detail=detail, cause=cause, remedy=remedy, code=code)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what is no request of these pages."""
    del exception
    return _failure(
        request,
        400,
        _("This request cannot be read."),
        _("A form was sent twice or cut short on the way, or a link is damaged."),
        _("Go back, load the page again and repeat what you did."),
    )


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what is refused."""
    del exception
    return _failure(
        request,
        403,
        _("You may not see or do this."),
        _("It needs another role, or it belongs to another authority."),
        _("Ask the administrator of this node which role is needed."),
    )


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that does not carry the session's token."""
    del reason
    return _failure(
        request,
        403,
        _("The form was not taken."),
        _("It was open for too long, you signed in again meanwhile, or it came from another site."),
        _("Load the page again and send the form once more."),
    )


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address there is nothing at."""
    del exception
    return _failure(
        request,
        404,
        _("There is nothing at this address."),
        _("The address is mistyped, or what it names is not for you to see."),
        _("Choose from the navigation."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Answer when the program itself failed; the log of the node holds the details."""
    return _failure(
        request,
        500,
        _("The node failed to answer. Nothing of what you did was stored by halves."),
        _("This is a fault of the program; its details are in the node's log."),
        _("Try again; if it fails again, tell the administrator when it happened."),
    )
