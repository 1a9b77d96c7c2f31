"""SOAP with Attachments: the multipart that carries the envelope and its payloads (RFC 2046, 2387; ebMS 3.0 Core 5.1).

Written and read over bytes, strictly: every delimiter, one header of a name, one part of a Content-ID, nothing before
the first and nothing after the last delimiter. Attachments travel as they are, without transfer encoding.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from comity.exchange.errors import MimeError, OversizedMessageError, TruncatedMessageError
from comity.exchange.names import SOAP_TYPE

__all__ = ["Package", "read", "write"]

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PARAMETER: Final = re.compile(r';\s*([!#$%&\'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(?:"([^"\\\r\n]*)"|([^\s;"]+))\s*')
_BOUNDARY: Final = re.compile(r"[0-9A-Za-z'()+_,./:=?-]{1,70}")
_PLAIN: Final = frozenset({"binary", "8bit", "7bit"})
HEADERS: Final = 2048


@dataclass(frozen=True, slots=True)
class Package:
    """The envelope's bytes and the attachments by Content-ID (without angle brackets)."""

    root: bytes
    attachments: Mapping[str, bytes]


def write(root: bytes, attachments: Mapping[str, bytes], boundary: str) -> tuple[str, bytes]:
    """Return content type and body; a message without attachments is the plain envelope."""
    if not attachments:
        return f"{SOAP_TYPE}; charset=UTF-8", root
    start = f"envelope.{boundary}@comity"
    lines = [_part(boundary, f"{SOAP_TYPE}; charset=UTF-8", start), root]
    for cid, data in attachments.items():
        lines += [b"\r\n", _part(boundary, "application/octet-stream", cid), data]
    lines.append(f"\r\n--{boundary}--\r\n".encode())
    kind = f'multipart/related; boundary="{boundary}"; type="{SOAP_TYPE}"; start="<{start}>"'
    return kind, b"".join(lines)


def _part(boundary: str, media_type: str, cid: str) -> bytes:
    return (
        f"--{boundary}\r\nContent-Type: {media_type}\r\nContent-ID: <{cid}>\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    ).encode()


def read(content_type: str, body: bytes, *, envelope: int, parts: int, size: int) -> Package:
    """Read a message's body; ``envelope`` and ``size`` are caps in bytes, ``parts`` the most attachments taken."""
    if len(body) > size:
        raise OversizedMessageError(f"The message has {len(body):,} bytes; at most {size:,} are taken.")
    media_type, parameters = _content_type(content_type)
    if media_type == SOAP_TYPE:
        _check_charset(parameters)
        package = Package(body, {})
    elif media_type == "multipart/related":
        package = _related(parameters, body, parts)
    else:
        raise MimeError(f"{content_type[:80]!r} is not the content type of an AS4 message.")
    if len(package.root) > envelope:
        raise OversizedMessageError(f"The envelope has {len(package.root):,} bytes; at most {envelope:,} are taken.")
    return package


def _related(parameters: Mapping[str, str], body: bytes, limit: int) -> Package:
    boundary = parameters.get("boundary", "")
    if not _BOUNDARY.fullmatch(boundary) or parameters.get("type", SOAP_TYPE).lower() != SOAP_TYPE:
        raise MimeError("The multipart names no usable boundary, or another type than SOAP 1.2.")
    parts: dict[str, bytes] = {}
    first = ""
    for headers, content in (_split(part) for part in _parts(boundary, body, limit + 1)):
        cid = _content_id(headers)
        if cid in parts:
            raise MimeError(f"The Content-ID {cid[:80]!r} stands twice.")
        if not parts:
            first = cid
            _check_root(headers, cid, parameters)
        parts[cid] = content
    return Package(parts.pop(first), parts)


def _parts(boundary: str, body: bytes, limit: int) -> list[bytes]:
    delimiter = b"\r\n--" + boundary.encode()
    whole = body if body.startswith(b"\r\n--") else b"\r\n" + body
    pieces = whole.split(delimiter, limit + 2)
    if pieces[0]:
        raise MimeError("Bytes stand before the first delimiter.")
    if len(pieces) > limit + 2:
        raise OversizedMessageError(f"The message has more than {limit - 1} attachments.")
    if len(pieces) < 3 or pieces[-1] not in {b"--", b"--\r\n"}:
        raise TruncatedMessageError("The message ends before its closing delimiter.")
    if any(not piece.startswith(b"\r\n") for piece in pieces[1:-1]):
        raise MimeError("A delimiter is followed by other bytes.")
    return [piece[2:] for piece in pieces[1:-1]]


def _split(part: bytes) -> tuple[dict[str, str], bytes]:
    end = part.find(b"\r\n\r\n", 0, HEADERS)
    if end < 0:
        raise MimeError(f"A part has no end of its headers within {HEADERS} bytes.")
    headers: dict[str, str] = {}
    try:
        lines = part[:end].decode("ascii").split("\r\n")
    except UnicodeDecodeError as error:
        raise MimeError("A part's headers are not ASCII.") from error
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not _TOKEN.fullmatch(name) or name.lower() in headers or not value.isprintable():
            raise MimeError(f"{line[:80]!r} is not a header, or stands twice.")
        headers[name.lower()] = value.strip()
    return headers, part[end + 4 :]


def _content_id(headers: Mapping[str, str]) -> str:
    value = headers.get("content-id", "")
    if len(value) < 3 or value[0] != "<" or value[-1] != ">" or not set("<>\"' \t").isdisjoint(value[1:-1]):
        raise MimeError(f"{value[:80]!r} is not a Content-ID.")
    if headers.get("content-transfer-encoding", "binary").lower() not in _PLAIN:
        raise MimeError("A part has a transfer encoding; attachments travel as they are.")
    return value[1:-1]


def _check_root(headers: Mapping[str, str], cid: str, parameters: Mapping[str, str]) -> None:
    if parameters.get("start", f"<{cid}>") not in {f"<{cid}>", cid}:
        raise MimeError("The envelope is not the first part.")
    media_type, own = _content_type(headers.get("content-type", ""))
    if media_type != SOAP_TYPE:
        raise MimeError(f"The first part is {media_type[:80]!r}, not a SOAP 1.2 envelope.")
    _check_charset(own)


def _check_charset(parameters: Mapping[str, str]) -> None:
    if parameters.get("charset", "utf-8").lower() != "utf-8":
        raise MimeError(f"The envelope says it is in {parameters['charset'][:40]!r}; AS4 here is UTF-8.")


def _content_type(value: str) -> tuple[str, dict[str, str]]:
    media_type, semicolon, _ = value.partition(";")
    rest = value[len(media_type) :] if semicolon else ""
    parameters: dict[str, str] = {}
    at = 0
    while at < len(rest):
        found = _PARAMETER.match(rest, at)
        if not found or found[1].lower() in parameters:
            raise MimeError(f"{value[:120]!r} is not a content type, or names a parameter twice.")
        parameters[found[1].lower()] = found[2] if found[2] is not None else found[3]
        at = found.end()
    return media_type.strip().lower(), parameters
