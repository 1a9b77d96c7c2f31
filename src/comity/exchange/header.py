"""The user message's header: who sends what to whom, in which conversation (ebMS 3.0 Core 5.2.2).

Four corners (eDelivery AS4 1.15 section 4.1): From and To are the nodes; ``originalSender`` and ``finalRecipient``
among the message properties are the authorities behind them. The conversation is the dossier.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from lxml import etree

from comity.exchange import xml
from comity.exchange.errors import HeaderError
from comity.exchange.names import EB, q

__all__ = ["Part", "UserMessage", "instant", "moment", "read", "write"]

PARTY_TYPE: Final = "urn:oasis:names:tc:ebcore:partyid-type:unregistered:comity"
FROM_ROLE: Final = EB + "initiator"
TO_ROLE: Final = EB + "responder"
SENDER: Final = "originalSender"
RECIPIENT: Final = "finalRecipient"
_ID: Final = re.compile(r"[!-;=?-~]{3,255}")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Part:
    """One payload as the header lists it: its Content-ID and its part properties."""

    cid: str
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UserMessage:
    """A user message's header. ``refers_to`` is the message it answers, empty where it begins a conversation."""

    message_id: str
    at: datetime
    sender: str
    recipient: str
    service: str
    action: str
    conversation: str
    original_sender: str
    final_recipient: str
    refers_to: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    parts: Sequence[Part] = ()


def write(messaging: etree._Element, message: UserMessage) -> None:
    """Append the UserMessage to eb:Messaging."""
    user = xml.add(messaging, "eb:UserMessage")
    info(user, message.message_id, message.at, message.refers_to)
    parties = xml.add(user, "eb:PartyInfo")
    for name, party, role in (("From", message.sender, FROM_ROLE), ("To", message.recipient, TO_ROLE)):
        side = xml.add(parties, f"eb:{name}")
        xml.add(side, "eb:PartyId", party, type=PARTY_TYPE)
        xml.add(side, "eb:Role", role)
    agreed = xml.add(user, "eb:CollaborationInfo")
    xml.add(agreed, "eb:Service", message.service)
    xml.add(agreed, "eb:Action", message.action)
    xml.add(agreed, "eb:ConversationId", message.conversation)
    corners = {SENDER: message.original_sender, RECIPIENT: message.final_recipient}
    _write_properties(xml.add(user, "eb:MessageProperties"), {**message.properties, **corners})
    if message.parts:
        payloads = xml.add(user, "eb:PayloadInfo")
        for part in message.parts:
            element = xml.add(payloads, "eb:PartInfo", href=f"cid:{part.cid}")
            _write_properties(xml.add(element, "eb:PartProperties"), part.properties)


def info(parent: etree._Element, message_id: str, at: datetime, refers_to: str) -> None:
    """Append a MessageInfo."""
    element = xml.add(parent, "eb:MessageInfo")
    xml.add(element, "eb:Timestamp", instant(at))
    xml.add(element, "eb:MessageId", message_id)
    if refers_to:
        xml.add(element, "eb:RefToMessageId", refers_to)


def _write_properties(parent: etree._Element, properties: Mapping[str, str]) -> None:
    for name, value in properties.items():
        xml.add(parent, "eb:Property", value, name=name)


def instant(at: datetime) -> str:
    """Return a time as the wire writes it: UTC, milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """Read an xsd:dateTime with zone (fractions past microseconds are cut); raise `HeaderError` for another."""
    if not _INSTANT.fullmatch(text):
        raise HeaderError(f"{text[:60]!r} is not a time with its zone.")
    try:
        return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise HeaderError(f"{text[:60]!r} is not a time: {error}.") from error


def read(messaging: etree._Element) -> UserMessage:
    """Read the one UserMessage; refuse signals, several messages, and fields that are missing, doubled or unknown."""
    if [child.tag for child in messaging] != [q("eb:UserMessage")]:
        raise HeaderError("eb:Messaging does not hold exactly one UserMessage.")
    user = _fields(messaging[0], "MessageInfo PartyInfo CollaborationInfo", "MessageProperties PayloadInfo")
    message_id, at, refers_to = read_info(user["MessageInfo"])
    parties = _fields(user["PartyInfo"], "From To")
    agreed = _fields(user["CollaborationInfo"], "Service Action ConversationId", "AgreementRef")
    properties = _properties(user.get("MessageProperties"))
    return UserMessage(
        message_id=message_id,
        at=at,
        sender=_party(parties["From"]),
        recipient=_party(parties["To"]),
        service=xml.text(agreed["Service"]),
        action=xml.text(agreed["Action"]),
        conversation=xml.text(agreed["ConversationId"]),
        original_sender=_taken(properties, SENDER),
        final_recipient=_taken(properties, RECIPIENT),
        refers_to=refers_to,
        properties=properties,
        parts=_parts(user.get("PayloadInfo")),
    )


def read_info(element: etree._Element) -> tuple[str, datetime, str]:
    """Read a MessageInfo: message id, time, and the id of the message referred to or an empty string."""
    found = _fields(element, "Timestamp MessageId", "RefToMessageId")
    message_id = xml.text(found["MessageId"])
    refers_to = xml.text(found["RefToMessageId"]) if "RefToMessageId" in found else ""
    if not _ID.fullmatch(message_id) or (refers_to and not _ID.fullmatch(refers_to)):
        raise HeaderError(f"{message_id[:80]!r} or {refers_to[:80]!r} is not a message id.")
    return message_id, moment(xml.text(found["Timestamp"])), refers_to


def _fields(element: etree._Element, required: str, optional: str = "") -> dict[str, etree._Element]:
    found: dict[str, etree._Element] = {}
    for child in element:
        name = etree.QName(child)
        if name.namespace != EB or name.localname not in (*required.split(), *optional.split()):
            raise HeaderError(f"{etree.QName(element).localname} holds {name.localname[:60]!r}, which it may not.")
        if name.localname in found:
            raise HeaderError(f"{etree.QName(element).localname} holds {name.localname} twice.")
        found[name.localname] = child
    if missing := [name for name in required.split() if name not in found]:
        raise HeaderError(f"{etree.QName(element).localname} has no {missing[0]}.")
    return found


def _party(element: etree._Element) -> str:
    party = xml.text(_fields(element, "PartyId", "Role")["PartyId"])
    if not party:
        raise HeaderError(f"The party id in {etree.QName(element).localname} is empty.")
    return party


def _properties(element: etree._Element | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in element if element is not None else ():
        name = child.get("name") or ""
        if child.tag != q("eb:Property") or not name or name in found:
            raise HeaderError(f"The property {name[:60]!r} stands twice or is no property.")
        found[name] = xml.verbatim(child)
    return found


def _taken(properties: dict[str, str], name: str) -> str:
    value = properties.pop(name, "")
    if not value:
        raise HeaderError(f"The message property {name} is missing.")
    return value


def _parts(element: etree._Element | None) -> tuple[Part, ...]:
    parts: list[Part] = []
    for child in element if element is not None else ():
        href = child.get("href") or ""
        if child.tag != q("eb:PartInfo") or not href.startswith("cid:") or href[4:] in {part.cid for part in parts}:
            raise HeaderError(f"The payload {href[:80]!r} is no attachment, or stands twice.")
        found = _fields(child, "", "PartProperties")
        parts.append(Part(href[4:], _properties(found.get("PartProperties"))))
    return tuple(parts)
