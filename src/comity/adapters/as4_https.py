"""The exchange port over HTTPS: mutual TLS, each partner under its own anchor, no redirects, bounded answers.

Nothing of the environment (proxies, certificate stores, .netrc) is used. An answer shorter than it announced is no
answer; one longer than any receipt is refused.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from comity.exchange.errors import (
    KeysError,
    NoAnswerError,
    TransportError,
    UnreachableError,
    UntrustedServerError,
    UnusableAnswerError,
)
from comity.exchange.federation import Federation
from comity.exchange.transport import Reply

__all__ = ["HttpsTransport"]

ANSWER: Final = 1024 * 1024
TIMEOUT: Final = httpx.Timeout(60.0, connect=10.0)
_RANGE: Final = re.compile(r"bytes (\d{1,19})-(\d{1,19})/(\d{1,19})")


class HttpsTransport:
    """A `Transport` for one node. ``anchors`` maps each partner's origin (``https://host:port``) to its TLS anchor."""

    def __init__(self, *, certificate: Path, key: Path, anchors: Mapping[str, x509.Certificate]) -> None:
        self._certificate, self._key = certificate, key
        self._anchors = dict(anchors)
        self._clients: dict[str, httpx.Client] = {}

    @classmethod
    def of(cls, federation: Federation, *, certificate: Path, key: Path) -> Self:
        """Make the transport that reaches everyone in the federation list, and no one else."""
        anchors = {
            origin(url): partner.tls_anchor
            for partner in federation.by_state.values()
            for url in (partner.endpoint, partner.blobs)
        }
        return cls(certificate=certificate, key=key, anchors=anchors)

    def send(self, url: str, content_type: str, body: bytes) -> Reply:
        """Post a message; raise a leaf of `TransportError` where no usable answer came."""
        headers = {"Content-Type": content_type}
        with _ours(url), self._client(url).stream("POST", url, content=body, headers=headers) as response:
            answer = _bounded(response, url)
        if response.is_redirect or (response.is_client_error and not _soap(response)):
            raise UnusableAnswerError(f"{url} answered {response.status_code}.", status=response.status_code)
        if response.is_server_error and not _soap(response):
            raise NoAnswerError(f"{url} answered {response.status_code}.", status=response.status_code)
        return Reply(response.status_code, response.headers.get("Content-Type", ""), answer)

    def fetch(self, url: str, start: int, headers: Mapping[str, str], *, end: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from ``start`` up to ``end``; raise where the answer is another range, or ends early."""
        asked = {**headers, "Range": f"bytes={start}-{'' if end is None else end - 1}"}
        with _ours(url), self._client(url).stream("GET", url, headers=asked) as response:
            left = _length(response, url, start, end)
            for block in response.iter_raw():
                left -= len(block)
                if left < 0:
                    break
                yield block
        if left:
            raise NoAnswerError(f"{url} gave other than the bytes it announced.")

    def close(self) -> None:
        """Close every connection."""
        while self._clients:
            self._clients.popitem()[1].close()

    def _client(self, url: str) -> httpx.Client:
        at = origin(url)
        if at not in self._anchors:
            raise UntrustedServerError(f"{at} is not in the federation list.")
        if at not in self._clients:
            self._clients[at] = httpx.Client(
                verify=self._context(self._anchors[at]),
                timeout=TIMEOUT,
                follow_redirects=False,
                trust_env=False,
                headers={"Accept-Encoding": "identity", "User-Agent": "comity"},
            )
        return self._clients[at]

    def _context(self, anchor: x509.Certificate) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        try:
            context.load_verify_locations(cadata=anchor.public_bytes(serialization.Encoding.PEM).decode())
            context.load_cert_chain(self._certificate, self._key)
        except OSError as error:
            raise KeysError(f"The TLS key or certificate of this node cannot be used: {error}.") from error
        return context


def origin(url: str) -> str:
    """Return scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port or 443}"


@contextmanager
def _ours(url: str) -> Iterator[None]:
    """Turn what the HTTP client raises into our errors."""
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        raise _failure(url, error) from error


def _failure(url: str, error: Exception) -> TransportError:
    found: BaseException | None = error
    while found is not None and not isinstance(found, ssl.SSLError):
        found = found.__cause__ or found.__context__
    if found is not None:
        return UntrustedServerError(f"{url}: {found}.")
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return UnreachableError(f"{url} could not be reached: {error}.")
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return UnusableAnswerError(f"{url} is not an address: {error}.")
    return NoAnswerError(f"{url} gave no whole answer: {str(error) or type(error).__name__}.")


def _soap(response: httpx.Response) -> bool:
    return "application/soap+xml" in response.headers.get("Content-Type", "").lower()


def _bounded(response: httpx.Response, url: str) -> bytes:
    answer = bytearray()
    for block in response.iter_raw():
        answer += block
        if len(answer) > ANSWER:
            raise UnusableAnswerError(f"{url} answered with more than {ANSWER:,} bytes.")
    return bytes(answer)


def _length(response: httpx.Response, url: str, start: int, end: int | None) -> int:
    """Return how many bytes follow; refuse an answer that begins elsewhere or goes on further than asked."""
    if response.is_server_error:
        raise NoAnswerError(f"{url} answered {response.status_code}.", status=response.status_code)
    found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if response.status_code != httpx.codes.PARTIAL_CONTENT or not found:
        raise UnusableAnswerError(f"{url} answered {response.status_code}.", status=response.status_code)
    first, last, size = map(int, found.groups())
    if first != start or last + 1 != (size if end is None else end):
        raise UnusableAnswerError(f"{url} answered with bytes {first}-{last} of {size}.")
    return last + 1 - first
