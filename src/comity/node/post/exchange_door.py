"""What other nodes reach: one address for messages, one for each file they were told of.

The server hands over a cut body without an error, so length is compared before anything else, and a body of no
announced length is refused with 411. Who asks is known from signatures alone: the message's, or the pull token's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comity.errors import ComityError, ValueRefusedError
from comity.exchange import pull, signal
from comity.exchange.errors import MessageRefusedError, OversizedMessageError, TokenError, TruncatedMessageError
from comity.node.audit import actions as audit
from comity.node.audit.vocabulary import Event
from comity.node.errors import NoLengthError, UnknownError
from comity.node.post import actions, queries
from comity.node.registry import queries as registry
from comity.node.requests import intake
from comity.node.vault import queries as vault
from comity.values import Digest

__all__ = ["as4", "blob"]

BLOCK = 1024 * 1024
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")


@csrf_exempt
@require_http_methods(["POST"])
def as4(request: HttpRequest) -> HttpResponseBase:
    """Take in one AS4 message and answer with its receipt, or with a signed error."""
    at = datetime.now(UTC)
    try:
        body = whole(request)
    except NoLengthError as error:
        actions.note_refused(error, door="as4", size=0)
        return HttpResponse(error.diagnostics(), status=411, content_type="text/plain; charset=utf-8")
    except MessageRefusedError as error:
        actions.note_refused(error, door="as4", size=0)
        built = signal.error(error, registry.identity().keys, at)
        return HttpResponse(built.body, status=400, content_type=built.content_type)
    answer = actions.receive(request.headers.get("Content-Type", ""), body, at=at, effect=intake.take_in)
    return HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)


def whole(request: HttpRequest) -> bytes:
    """Return the body, or refuse one of another length than announced."""
    announced = request.META.get("CONTENT_LENGTH") or ""
    if not announced.isdecimal() or "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        raise NoLengthError
    length, limit = int(announced), settings.COMITY.largest_message
    if length > limit:
        raise OversizedMessageError(f"{length:,} bytes are announced; at most {limit:,} are taken.")
    parts, left = [], length
    try:
        while left and (part := request.read(left)):
            parts.append(part)
            left -= len(part)
    except UnreadablePostError as error:
        raise TruncatedMessageError(f"The line broke {left:,} bytes before the announced length.") from error
    if left:
        raise TruncatedMessageError(f"The body ended {left:,} bytes before its announced length of {length:,}.")
    return b"".join(parts)


@require_http_methods(["GET"])
def blob(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """Give a partner the bytes it was told of, in ranges."""
    at = datetime.now(UTC)
    try:
        partner = allowed(request.headers.get("Authorization", ""), Digest(sha256), at)
        source = vault.open_blob(sha256)
    except ComityError as error:
        actions.note_refused(error, door="blob", size=0)
        status = 404 if isinstance(error, UnknownError) else 400 if isinstance(error, ValueRefusedError) else 403
        return HttpResponse(error.diagnostics(), status=status, content_type="text/plain; charset=utf-8")
    size = source.seek(0, 2)
    found = _RANGE.fullmatch(request.headers.get("Range", "bytes=0-"))
    first = int(found[1]) if found else size
    last = min(int(found[2]) if found and found[2] else size - 1, size - 1)
    if first > last:
        source.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    audit.note(Event.BLOB_SERVED, actor=partner, detail={"sha256": sha256, "first": first, "last": last})
    source.seek(first)
    response = StreamingHttpResponse(
        _blocks(source, last + 1 - first), status=206, content_type="application/octet-stream"
    )
    response["Content-Length"] = str(last + 1 - first)
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Cache-Control"] = "no-store"
    return response


def allowed(header: str, sha256: Digest, at: datetime) -> str:
    """Return the state whose sealed token gives it this file now."""
    token, partner = pull.check(
        pull.unbear(header),
        blob=sha256,
        holder=registry.identity().party,
        federation=registry.federation(),
        at=at,
    )
    if not queries.claimed(partner.state, token.message, sha256.hex):
        raise TokenError("This file was not announced to this partner in that message.")
    return partner.state


def _blocks(source: BinaryIO, left: int) -> Iterator[bytes]:
    with source:
        while left and (block := source.read(min(BLOCK, left))):
            left -= len(block)
            yield block
