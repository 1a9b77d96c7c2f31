"""Signals: the signed answer to a user message, a receipt or errors (ebMS 3.0 Core 5.2.3 and 6; AS4 1.0 section 5.1).

`read` tells `Receipt` from `Refusal`. An unsigned signal, whatever it says, is no answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lxml import etree

from comity.errors import ComityError
from comity.exchange import header, mime, soap, wss, xml
from comity.exchange.errors import OUT_OF_ORDER, CertificateOutOfDateError, HeaderError, MessageRefusedError
from comity.exchange.message import Built, new_id
from comity.exchange.names import q
from comity.exchange.party import Keys, Partner, valid
from comity.exchange.wss import Reference

__all__ = ["Problem", "Receipt", "Refusal", "Signal", "error", "read"]

OTHER: Final = "EBMS:0004"
UNDELIVERED: Final = ("EBMS:0202", "DeliveryFailure")
SIZE: Final = 512 * 1024
_CODE: Final = re.compile(r"EBMS:\d{4}")
_UNWRITABLE: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Receipt:
    """A verified receipt: what ``partner`` signed to have received. ``refers_to`` is the message's id."""

    message_id: str
    at: datetime
    refers_to: str
    partner: Partner
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One error of a refusal: its code (``EBMS:0101``), short name, and sentence."""

    code: str
    short: str
    detail: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A verified error signal; ``refers_to`` is empty where the partner could not read the message's id."""

    message_id: str
    at: datetime
    refers_to: str
    partner: Partner
    problems: tuple[Problem, ...]

    @property
    def passing(self) -> bool:
        """Tell whether it passes by itself: a message before this one is still on its way."""
        return bool(self.problems) and all(problem.short == OUT_OF_ORDER for problem in self.problems)

    @property
    def damage(self) -> bool:
        """Tell whether a sound message is refused like this when it is damaged on the way.

        EBMS:0004 alone is about what a whole message says; any other may come of a flipped bit in header or signature.
        """
        return all(problem.code != OTHER for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal being written."""

    message_id: str
    envelope: soap.Envelope
    element: etree._Element


def signal(keys: Keys, at: datetime, refers_to: str) -> Signal:
    """Begin a signal message of this node."""
    envelope, message_id = soap.new(), new_id(keys.party)
    element = xml.add(envelope.messaging, "eb:SignalMessage")
    header.info(element, message_id, at, refers_to)
    return Signal(message_id, envelope, element)


def seal(made: Signal, keys: Keys) -> Built:
    """Sign a signal and return its bytes."""
    signed = wss.sign(made.envelope, {}, keys.signing_key, keys.signing)
    content_type, body = mime.write(xml.write(made.envelope.root), {}, "")
    return Built(made.message_id, content_type, body, signed)


def error(reason: ComityError, keys: Keys, at: datetime, *, refers_to: str = "") -> Built:
    """Build the signed error that tells a sender why its message was refused, and what to do about it.

    A reason from beyond the exchange (the act in a sound message was not accepted) is told as EBMS:0202.
    """
    code, short = (reason.ebms, reason.short) if isinstance(reason, MessageRefusedError) else UNDELIVERED
    refused = refers_to or str(reason.fields.get("message_id", ""))
    made = signal(keys, at, refused)
    attributes = {"errorCode": code, "severity": "failure", "shortDescription": short, "origin": "ebMS"}
    if refused:
        attributes["refToMessageInError"] = refused
    element = xml.add(made.element, "eb:Error", **attributes)
    xml.add(element, "eb:Description", _plain(reason.detail)).set("{http://www.w3.org/XML/1998/namespace}lang", "en")
    xml.add(element, "eb:ErrorDetail", _plain(f"{reason.code}: {reason.remedy}"))
    return seal(made, keys)


def _plain(sentence: str) -> str:
    return _UNWRITABLE.sub("?", sentence)[:1000]


def read(content_type: str, body: bytes, *, partner: Partner, at: datetime) -> Receipt | Refusal:
    """Read a partner's answer, verified with its pinned key; raise a leaf of `MessageRefusedError` for another."""
    package = mime.read(content_type, body, envelope=SIZE, parts=0, size=SIZE)
    envelope = soap.read(package.root)
    if not valid(partner.signing, at):
        raise CertificateOutOfDateError
    wss.verify(envelope, package.attachments, pinned=partner.signing)
    if [child.tag for child in envelope.messaging] != [q("eb:SignalMessage")]:
        raise HeaderError("eb:Messaging does not hold exactly one SignalMessage.")
    info, *content = envelope.messaging[0]
    if info.tag != q("eb:MessageInfo"):
        raise HeaderError("The signal has no MessageInfo.")
    message_id, when, refers_to = header.read_info(info)
    if [child.tag for child in content] == [q("eb:Receipt")]:
        return Receipt(message_id, when, refers_to, partner, _acknowledged(content[0]))
    if content and all(child.tag == q("eb:Error") for child in content):
        refers_to = refers_to or content[0].get("refToMessageInError") or ""
        return Refusal(message_id, when, refers_to, partner, tuple(map(_problem, content)))
    raise HeaderError("The signal is neither a receipt nor an error.")


def _acknowledged(element: etree._Element) -> tuple[Reference, ...]:
    wss.shape(element, q("ebbp:NonRepudiationInformation"))
    references = []
    for part in element[0]:
        if part.tag != q("ebbp:MessagePartNRInformation"):
            raise HeaderError("The receipt holds something that is no digest.")
        wss.shape(part, q("ds:Reference"))
        references.append(Reference.read(part[0]))
    return tuple(references)


def _problem(element: etree._Element) -> Problem:
    code = element.get("errorCode") or ""
    if not _CODE.fullmatch(code):
        raise HeaderError(f"{code[:40]!r} is no ebMS error code.")
    sentences = [xml.text(child) for child in element if child.tag in {q("eb:Description"), q("eb:ErrorDetail")}]
    return Problem(code, element.get("shortDescription") or "", " ".join(sentences)[:2000])
