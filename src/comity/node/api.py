"""The API under ``/api/v1``: one router for each part of the node, one form of error (RFC 9457 problem documents)."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Swagger
from ninja.errors import AuthenticationError, HttpError, ValidationError

from comity.errors import ComityError, ServiceError, ValueRefusedError
from comity.node import errors
from comity.node.accounts.api import router as accounts
from comity.node.accounts.door import BearerDoor, SessionDoor
from comity.node.audit.api import router as audit
from comity.node.lab.api import router as lab
from comity.node.lawbook.api import router as law
from comity.node.post.api import router as post
from comity.node.registry.api import router as registry
from comity.node.requests.api import router as requests
from comity.node.vault.api import router as vault
from comity.request.errors import IncompleteError, LifecycleError

__all__ = ["api"]

log = logging.getLogger("comity.api")
STATUS: tuple[tuple[type[ComityError], int], ...] = (
    (errors.SignInError, 401),
    (errors.NotAllowedError, 403),
    (errors.UnknownError, 404),
    (errors.DraftStaleError, 409),
    (errors.NotPossibleError, 409),
    (LifecycleError, 409),
    (IncompleteError, 409),
    (errors.NoLengthError, 411),
    (errors.AttemptsError, 429),
    (ServiceError, 502),
    (ValueRefusedError, 400),
    (ComityError, 422),
)

api = NinjaAPI(
    title="Comity node",
    version="1",
    description="What the pages do, for programs: the same actions under the same rules.",
    urls_namespace="api",
    docs=Swagger(),
    auth=[BearerDoor(), SessionDoor()],
)
for router in (accounts, registry, law, requests, vault, post, audit, lab):
    api.add_router("", router)


def problem(status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    """Return a problem document."""
    body = {"type": f"urn:comity:error:{code}", "title": code, "status": status, "code": code, "detail": detail, **more}
    return HttpResponse(
        json.dumps(body, ensure_ascii=False, default=str), status=status, content_type="application/problem+json"
    )


@api.exception_handler(ComityError)
def _comity(_: HttpRequest, error: ComityError) -> HttpResponse:
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    said = error.problem()
    return problem(status, error.code, error.detail, cause=said["cause"], remedy=said["remedy"], fields=said["fields"])


@api.exception_handler(AuthenticationError)
def _unknown(_: HttpRequest, __: AuthenticationError) -> HttpResponse:
    return problem(401, "node.sign-in", "Sign in first.", remedy="POST /api/v1/session, or send a bearer token.")


@api.exception_handler(PermissionDenied)
def _denied(_: HttpRequest, __: PermissionDenied) -> HttpResponse:
    return problem(403, "node.not-allowed", "This is refused.")


@api.exception_handler(Http404)
def _missing(_: HttpRequest, __: Http404) -> HttpResponse:
    return problem(404, "node.unknown", "There is no such thing here.")


@api.exception_handler(HttpError)
def _http(_: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "node.input", str(error), remedy="See /api/v1/openapi.json for the form.")


@api.exception_handler(ValidationError)
def _input(_: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = [{"where": ".".join(str(p) for p in e["loc"]), "what": e["msg"]} for e in error.errors]
    return problem(422, "node.input", "The input has another form.", remedy="Correct the named fields.", fields=fields)


@api.exception_handler(Exception)
def _failure(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer a fault of our own as a problem document too; the log has what it was, the answer does not."""
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    remedy = "Try again; if it fails again, tell the administrator the time and what you did."
    return problem(500, "node.failure", "The node failed at this.", cause="A fault of the program.", remedy=remedy)
