"""The envelope's four places: Security, Messaging, Body, and nothing else (SOAP 1.2, ebMS 3.0 Core 5.1)."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from comity.exchange import xml
from comity.exchange.errors import HeaderError, UnsignedMessageError, WrappedSignatureError
from comity.exchange.names import q

__all__ = ["Envelope", "new", "read"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """A SOAP envelope taken apart; ``ids`` finds each element that carries an id."""

    root: etree._Element
    security: etree._Element
    messaging: etree._Element
    body: etree._Element
    ids: dict[str, etree._Element]


def read(data: bytes) -> Envelope:
    """Read an envelope; refuse any header beside Security and Messaging, and either of them twice."""
    root = xml.parse(data)
    if root.tag != q("S12:Envelope") or [child.tag for child in root] != [q("S12:Header"), q("S12:Body")]:
        raise HeaderError("This is not a SOAP 1.2 envelope of one Header and one Body.")
    header, body = root
    known = {q("wsse:Security"), q("eb:Messaging")}
    if strange := [child.tag for child in header if child.tag not in known]:
        raise WrappedSignatureError(f"The header {str(strange[0])[:120]!r} has no place in an AS4 message.")
    messaging = xml.one(header, "eb:Messaging")
    if messaging is None:
        raise HeaderError("The message has no eb:Messaging header.")
    if len(body) or (body.text or "").strip():
        raise HeaderError("The SOAP Body is not empty; AS4 payloads here travel as attachments.")
    security = xml.one(header, "wsse:Security")
    if security is None:
        raise UnsignedMessageError
    return Envelope(root, security, messaging, body, xml.ids(root))


def new() -> Envelope:
    """Return an empty envelope with fresh ids for Messaging and Body; Security comes first, as its reader needs it."""
    root = xml.envelope()
    header = xml.add(root, "S12:Header")
    security = xml.add(header, "wsse:Security", S12_mustUnderstand="true")
    messaging = xml.add(header, "eb:Messaging", S12_mustUnderstand="true", wsu_Id="messaging")
    body = xml.add(root, "S12:Body", wsu_Id="body")
    return Envelope(root, security, messaging, body, {"messaging": messaging, "body": body})
