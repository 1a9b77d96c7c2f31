"""What can be wrong with a message, each with the code its sender is told (ebMS 3.0 Core 6.7, AS4 1.0 section 3.1.5).

`MessageRefusedError` and its leaves say why a message, receipt or signal was not accepted: nothing of it may be kept
as content. ``fields["message_id"]`` stands where the message's id could be read. `TransportError` and its leaves say
that nothing usable came back; ``retryable`` tells whether the same bytes may be sent again.
"""

from __future__ import annotations

from typing import ClassVar, Final

from comity.errors import ExchangeError, ServiceError

__all__ = [
    "OUT_OF_ORDER",
    "AlgorithmRefusedError",
    "AlteredMessageError",
    "CertificateOutOfDateError",
    "ClaimError",
    "CompressionError",
    "FederationError",
    "ForgedSenderError",
    "HeaderError",
    "InvalidReceiptError",
    "KeysError",
    "MessageRefusedError",
    "MimeError",
    "NoAnswerError",
    "OutOfOrderError",
    "OutOfTimeError",
    "OversizedMessageError",
    "PayloadError",
    "PolicyError",
    "ReplayedMessageError",
    "StaleFederationError",
    "TokenError",
    "TransportError",
    "TruncatedMessageError",
    "UndecipherableError",
    "UnexpectedActionError",
    "UnknownPartnerError",
    "UnreachableError",
    "UnsignedMessageError",
    "UntrustedServerError",
    "UnusableAnswerError",
    "UnwritableMessageError",
    "WrappedSignatureError",
    "WrongRecipientError",
    "XmlRefusedError",
]


OUT_OF_ORDER: Final = "OutOfOrder"
"""The short description of the one refusal that passes by itself; the sender tries again."""


class MessageRefusedError(ExchangeError):
    """The message was not accepted."""

    code = "exchange.refused"
    ebms: ClassVar[str] = "EBMS:0004"
    short: ClassVar[str] = "Other"


class TruncatedMessageError(MessageRefusedError):
    """The message ends before it is complete."""

    code = "exchange.truncated"
    ebms = "EBMS:0007"
    short = "MimeInconsistency"
    cause = "The connection was cut, or a proxy on the way shortened the body."
    remedy = "Send the same bytes again; nothing of this copy was kept."


class OutOfOrderError(MessageRefusedError):
    """The message follows one that has not arrived yet."""

    code = "exchange.out-of-order"
    ebms = "EBMS:0202"
    short = OUT_OF_ORDER
    cause = "A message before it was delayed, or was refused."
    remedy = "The sender's node sends the same bytes again once the one before it is acknowledged."


class MimeError(MessageRefusedError):
    """The message is not the multipart it says it is."""

    code = "exchange.mime"
    ebms = "EBMS:0007"
    short = "MimeInconsistency"
    cause = "It was altered on the way, or written by a program that does not keep to SOAP with Attachments."
    remedy = "Send the message as it was built; if it comes again like this, compare both gateways' settings."


class OversizedMessageError(MessageRefusedError):
    """The message is larger than this node takes."""

    code = "exchange.oversized"
    ebms = "EBMS:0004"
    short = "Other"
    cause = "A large file was sent inside the message instead of by claim check."
    remedy = "Announce large files in claims.json, so that they are pulled in ranges."


class XmlRefusedError(MessageRefusedError):
    """The envelope is not plain XML."""

    code = "exchange.xml"
    ebms = "EBMS:0009"
    short = "InvalidHeader"
    cause = "It was altered, or carries a DOCTYPE, an entity, a comment or a processing instruction."
    remedy = "Send UTF-8 XML without any of them; AS4 needs none."


class HeaderError(MessageRefusedError):
    """A header of the message is missing, stands twice or is malformed."""

    code = "exchange.header"
    ebms = "EBMS:0009"
    short = "InvalidHeader"
    cause = "The message was altered, or its gateway follows another profile than eDelivery AS4."
    remedy = "Compare the header with ebMS 3.0 Core section 5.2 and send a corrected message under a new id."


class PayloadError(MessageRefusedError):
    """The payloads are not those the header lists."""

    code = "exchange.payload"
    ebms = "EBMS:0011"
    short = "ExternalPayloadError"
    cause = "A part was added, removed or exchanged on the way."
    remedy = "Send the message as it was built; if it comes again like this, look for what alters it."


class CompressionError(MessageRefusedError):
    """A payload could not be decompressed."""

    code = "exchange.compression"
    ebms = "EBMS:0303"
    short = "DecompressionFailure"
    cause = "It is not one whole gzip stream, or unpacks to more than this node takes."
    remedy = "Send it uncompressed, or by claim check if it is large."


class UnsignedMessageError(MessageRefusedError):
    """The message is not signed, or not all of it is."""

    code = "exchange.unsigned"
    ebms = "EBMS:0103"
    short = "PolicyNoncompliance"
    cause = "The sending gateway does not sign, or the signature was removed on the way."
    remedy = "Sign Messaging, Body and every attachment, as eDelivery AS4 1.15 asks."


class PolicyError(MessageRefusedError):
    """The message's protection is not what the profile asks."""

    code = "exchange.policy"
    ebms = "EBMS:0103"
    short = "PolicyNoncompliance"
    cause = "The sending gateway is set to another security policy, or an attachment came unencrypted."
    remedy = "Set it to the eDelivery AS4 1.15 policy: sign all, encrypt every attachment."


class AlgorithmRefusedError(MessageRefusedError):
    """An algorithm or transform outside the profile was used."""

    code = "exchange.algorithm"
    ebms = "EBMS:0103"
    short = "PolicyNoncompliance"
    cause = "The sending gateway uses an old or foreign algorithm, or someone tries to weaken the check."
    remedy = "Use RSA-SHA256, SHA-256, exclusive C14N, AES-128-GCM and RSA-OAEP with SHA-256 only."


class WrappedSignatureError(MessageRefusedError):
    """The signature does not point plainly at what it should cover."""

    code = "exchange.wrapped"
    ebms = "EBMS:0101"
    short = "FailedAuthentication"
    cause = "Elements were moved or doubled around a real signature (XML signature wrapping)."
    remedy = "Treat it as an attack until the partner explains it; nothing of it was kept."


class AlteredMessageError(MessageRefusedError):
    """The signature does not fit the content."""

    code = "exchange.altered"
    ebms = "EBMS:0101"
    short = "FailedAuthentication"
    cause = "The message was altered after signing, or signed with another key."
    remedy = "Send the same bytes again; if it fails again, ask the partner which key it signs with."


class ForgedSenderError(MessageRefusedError):
    """The message is signed by someone other than the party it names as its sender."""

    code = "exchange.forged-sender"
    ebms = "EBMS:0101"
    short = "FailedAuthentication"
    cause = "Another party uses this name, or the partner renewed its certificate and the federation list is old."
    remedy = "Fetch the newest federation list; if the certificate is not there, call the partner by telephone."


class CertificateOutOfDateError(MessageRefusedError):
    """The sender's certificate is not valid at this time."""

    code = "exchange.certificate-time"
    ebms = "EBMS:0101"
    short = "FailedAuthentication"
    cause = "The certificate expired or is not valid yet, or a clock is wrong."
    remedy = "Check both clocks, then have the partner renew its certificate in the federation list."


class UnknownPartnerError(MessageRefusedError):
    """The sender is not in the federation list."""

    code = "exchange.unknown-partner"
    ebms = "EBMS:0001"
    short = "ValueNotRecognized"
    cause = "The party id is wrong, or the state joined after this node's list was issued."
    remedy = "Fetch the newest federation list; a party outside it cannot send."


class WrongRecipientError(MessageRefusedError):
    """The message is addressed to another party."""

    code = "exchange.wrong-recipient"
    ebms = "EBMS:0003"
    short = "ValueInconsistent"
    cause = "The sender took the endpoint of another state, or someone passes on a message meant for another."
    remedy = "Check party id and endpoint of the recipient in the federation list."


class UndecipherableError(MessageRefusedError):
    """An attachment could not be decrypted."""

    code = "exchange.undecipherable"
    ebms = "EBMS:0102"
    short = "FailedDecryption"
    cause = "It was encrypted for another certificate, or altered on the way."
    remedy = "Encrypt for the certificate in the newest federation list and send a new message."


class OutOfTimeError(MessageRefusedError):
    """The message was written too long ago, or in the future."""

    code = "exchange.out-of-time"
    ebms = "EBMS:0003"
    short = "ValueInconsistent"
    cause = "An old message is being replayed, or a clock is wrong."
    remedy = "Check both clocks against a time server; send a new message if the old one was never received."


class UnexpectedActionError(MessageRefusedError):
    """No processing mode of this node takes this service and action."""

    code = "exchange.action"
    ebms = "EBMS:0010"
    short = "ProcessingModeMismatch"
    cause = "The sender uses a newer version of the exchange, or another service."
    remedy = "Agree on service and action; this node's are in its processing modes."


class ReplayedMessageError(MessageRefusedError):
    """This message id was used before for other content."""

    code = "exchange.replayed"
    ebms = "EBMS:0003"
    short = "ValueInconsistent"
    cause = "Someone reuses an id, or the sending gateway built the message anew instead of repeating its bytes."
    remedy = "Send new content under a new message id; repeat old content with the same bytes."


class InvalidReceiptError(MessageRefusedError):
    """The receipt does not acknowledge what was sent."""

    code = "exchange.receipt"
    ebms = "EBMS:0302"
    short = "InvalidReceipt"
    cause = "It belongs to another message, or the partner received other bytes than were sent."
    remedy = "Keep the message as unacknowledged, send the same bytes again and compare the digests with the partner."


class UnwritableMessageError(ExchangeError):
    """The message could not be built."""

    code = "exchange.unwritable"
    cause = "A value holds characters XML cannot carry, or exceeds the processing mode's caps."
    remedy = "Correct the value; send large content by claim check."


class KeysError(ExchangeError):
    """The keys of this node cannot be used for AS4."""

    code = "exchange.keys"
    cause = "A file is not a PEM key or certificate, the two do not belong together, or RSA has fewer than 2048 bits."
    remedy = "Create the keys again with `comity node init`, or correct the paths in the settings."


class FederationError(ExchangeError):
    """The federation list cannot be used."""

    code = "exchange.federation"
    cause = "It was altered, cut, or written by hand."
    remedy = "Fetch it again from the federation's secretariat; the list in use stays in use."


class StaleFederationError(FederationError):
    """The federation list is older than the one in use."""

    code = "exchange.federation-stale"
    cause = "An old list was fetched from a cache, or someone tries to bring a withdrawn key back."
    remedy = "Fetch the newest list; the one in use stays in use."


class ClaimError(MessageRefusedError):
    """The list of claimed files, or a file pulled for it, is not what was announced."""

    code = "exchange.claim"
    ebms = "EBMS:0011"
    short = "ExternalPayloadError"
    cause = "The list was written by another version, or bytes were altered or lost on the way."
    remedy = "Pull the named range again; if it fails again, ask the sender to verify its copy."


class TokenError(MessageRefusedError):
    """The pull token gives no right to this file."""

    code = "exchange.token"
    ebms = "EBMS:0101"
    short = "FailedAuthentication"
    cause = "It expired, names another file or another party, or is signed by someone outside the federation list."
    remedy = "Make a new token and ask again."


class TransportError(ServiceError):
    """The partner's exchange port did not serve."""

    code = "service.exchange"
    retryable: ClassVar[bool] = True


class UnreachableError(TransportError):
    """The partner's exchange port could not be reached."""

    code = "service.exchange.unreachable"
    cause = "The node is down, the network is cut, or the address in the federation list is old."
    remedy = "Nothing to do now: the same bytes are sent again. If it lasts, call the partner."


class NoAnswerError(TransportError):
    """The partner took the connection but no whole answer came."""

    code = "service.exchange.no-answer"
    cause = "The connection was cut or timed out; the message may or may not have arrived."
    remedy = "Nothing to do now: the same bytes are sent again, and a partner that has them answers with its receipt."


class UntrustedServerError(TransportError):
    """The partner's exchange port did not prove who it is, or did not accept who we are."""

    code = "service.exchange.untrusted"
    cause = "A TLS certificate expired, or is not under the anchor in the federation list."
    remedy = "Check both nodes' TLS certificates and the federation list."


class UnusableAnswerError(TransportError):
    """The partner answered with something that is no answer."""

    code = "service.exchange.unusable"
    retryable = False
    cause = "The address leads to another service, or the answer is larger than any answer is."
    remedy = "Check the endpoint in the federation list."
