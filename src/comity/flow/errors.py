"""What can be wrong where the packages meet."""

from __future__ import annotations

from comity.errors import EvidenceError, RequestError
from comity.exchange.errors import MessageRefusedError

__all__ = [
    "ActRefusedError",
    "AttachmentMissingError",
    "ForgedActError",
    "NotAcceptedError",
    "NotUndertakenError",
    "NotYetError",
    "SealNotTrustedError",
]


class ActRefusedError(MessageRefusedError):
    """The message is sound, but the act in it cannot be taken in."""

    code = "flow.act-refused"
    cause = "The sender's program does not keep to the form of an act, or the act was put together by hand."
    remedy = "The sender corrects the act and sends it in a new message; nothing of this one was kept."


class SealNotTrustedError(ActRefusedError):
    """The seal of the act does not verify."""

    code = "flow.seal"
    cause = "The act was altered after it was sealed, or its certificate does not stand under the state's anchor."
    remedy = "Compare the state's anchor in the federation list with the one it publishes."


class ForgedActError(ActRefusedError):
    """The act claims another state than the one that sent it."""

    code = "flow.forged"
    cause = "A node may send only the acts of its own state's authorities, in cooperations it takes part in."
    remedy = "Report it to the partner's administrator: this is either a fault of its node or an attempt to deceive."


class AttachmentMissingError(ActRefusedError):
    """An attachment the act names is not there, or is another file."""

    code = "flow.attachment"
    cause = "The message was put together wrongly, or a file was changed after the act was sealed."
    remedy = "The sender sends the act again with the files it was sealed with."


class NotUndertakenError(EvidenceError):
    """The conditions of use were not accepted."""

    code = "flow.not-undertaken"
    cause = "Evidence leaves only under the conditions it was offered with, and the issuing state has to accept them."
    remedy = "Offer the exhibits, wait for the act that undertakes exactly that offer, then make the package."


class NotAcceptedError(EvidenceError):
    """A returned package cannot be taken over."""

    code = "flow.not-accepted"
    exit_code = 1
    cause = "It is broken, or is not what was agreed in this cooperation."
    remedy = "Ask the executing state to return the evidence again; custody stays with it until then."


class NotYetError(RequestError):
    """This step of a comparison cannot come now."""

    code = "flow.comparison"
