"""The right to pull one claimed file: a token the puller seals, and the holder checks (design section 7).

It names file, message, both parties and its end, at most a quarter of an hour away. Its seal must stand under the
anchors the federation list gives the state of the party it names; the TLS client certificate is checked beside it.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from comity.errors import SigningError, ValueRefusedError
from comity.exchange.errors import HeaderError, TokenError
from comity.exchange.federation import Federation
from comity.exchange.header import instant, moment
from comity.exchange.party import Partner
from comity.signing import dsse
from comity.signing.port import Signer
from comity.signing.trust import Trust
from comity.signing.verdict import Indication
from comity.values import Digest, canonical, parse

__all__ = ["LIFE", "PAYLOAD_TYPE", "Pull", "bearer", "check", "token", "unbear"]

PAYLOAD_TYPE: Final = "application/vnd.comity.pull+json"
LIFE: Final = timedelta(minutes=15)
SKEW: Final = timedelta(minutes=5)
LIMIT: Final = 16 * 1024
_MEMBERS: Final = frozenset({"blob", "message", "from", "to", "issued", "expires"})


@dataclass(frozen=True, slots=True)
class Pull:
    """The right of ``puller`` to pull ``blob``, announced in ``message``, from ``holder`` (party ids)."""

    blob: Digest
    message: str
    puller: str
    holder: str
    issued: datetime
    expires: datetime


def token(
    blob: Digest, *, message: str, puller: str, holder: str, signer: Signer, at: datetime, life: timedelta = LIFE
) -> bytes:
    """Return a sealed token (a DSSE envelope)."""
    document = {
        "blob": blob.hex,
        "message": message,
        "from": puller,
        "to": holder,
        "issued": instant(at),
        "expires": instant(at + life),
    }
    return dsse.seal(canonical(document), PAYLOAD_TYPE, signer)


def bearer(envelope: bytes) -> str:
    """Return the token as the value of an Authorization header."""
    return f"Bearer {base64.urlsafe_b64encode(envelope).decode()}"


def unbear(value: str) -> bytes:
    """Return the token an Authorization header carries; raise `TokenError` where it carries none."""
    scheme, _, text = value.partition(" ")
    try:
        if scheme.lower() == "bearer" and text and text.isascii() and len(text) <= LIMIT * 2:
            return base64.b64decode(text.encode(), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise TokenError(f"The Authorization header is not base64: {error}.") from error
    raise TokenError("The request carries no pull token.")


def check(envelope: bytes, *, blob: Digest, holder: str, federation: Federation, at: datetime) -> tuple[Pull, Partner]:
    """Return the token and who sealed it, where it gives this file of ``holder`` now; raise `TokenError`."""
    if len(envelope) > LIMIT:
        raise TokenError("The pull token is larger than any token is.")
    try:
        claimed = _read(dsse.unseal(envelope, Trust.none(), at).payload)
        partner = federation.party(claimed.puller)
        unsealed = dsse.unseal(envelope, Trust({partner.state: partner.seal_anchors}), at)
    except SigningError as error:
        raise TokenError(f"The pull token cannot be read: {error.detail}") from error
    verdict = unsealed.verdict
    if verdict.indication is not Indication.PASSED or verdict.state != partner.state:
        raise TokenError(f"The seal of the pull token does not hold: {verdict.reason}")
    if unsealed.payload_type != PAYLOAD_TYPE or claimed.blob != blob or claimed.holder != holder:
        raise TokenError("The pull token names another file or another party.")
    if not claimed.issued - SKEW <= at <= claimed.expires or claimed.expires - claimed.issued > LIFE:
        raise TokenError(f"The pull token holds from {instant(claimed.issued)} until {instant(claimed.expires)}.")
    return claimed, partner


def _read(document: bytes) -> Pull:
    try:
        found: Any = parse(document, what="pull token", limit=LIMIT)
        if not isinstance(found, dict) or set(found) != _MEMBERS or not all(isinstance(v, str) for v in found.values()):
            raise TokenError("The pull token does not have the members of one.")
        return Pull(
            blob=Digest(found["blob"]),
            message=found["message"],
            puller=found["from"],
            holder=found["to"],
            issued=moment(found["issued"]),
            expires=moment(found["expires"]),
        )
    except (ValueRefusedError, HeaderError) as error:
        raise TokenError(f"The pull token cannot be read: {error.detail}") from error
