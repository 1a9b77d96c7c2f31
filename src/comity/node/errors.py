"""What a node refuses: its settings, its people, what they may do, and what its doors take in."""

from __future__ import annotations

from comity.errors import EvidenceError, ExchangeError, NodeError, ServiceError

__all__ = [
    "AccreditationError",
    "AttemptsError",
    "DraftStaleError",
    "LaboratoryDayError",
    "LaboratoryNameError",
    "NoLengthError",
    "NotANodeError",
    "NotAllowedError",
    "NotBlindError",
    "NotPossibleError",
    "OpinionBareError",
    "OutcomeMissingError",
    "PartnerUnknownError",
    "PartyError",
    "PortTakenError",
    "RunningError",
    "SameExpertError",
    "SecondPersonError",
    "SettingError",
    "SignInError",
    "TestDataError",
    "TextTooLongError",
    "UnknownError",
    "UploadError",
]


class SettingError(NodeError):
    """A setting of this node is not what it must be."""

    code = "node.setting"


class NotANodeError(NodeError):
    """This directory holds no node."""

    code = "node.not-a-node"
    remedy = "Make one with: comity node init --dir D --state UA --name NAME --web-port N --exchange-port N"


class RunningError(NodeError):
    """This node runs already."""

    code = "node.running"
    remedy = "Stop the other process first."


class PortTakenError(ServiceError):
    """A port this node needs is taken."""

    code = "node.port-taken"


class SignInError(NodeError):
    """The name, the password or the code is not right."""

    code = "node.sign-in"
    cause = "One of the three was mistyped, or the code was used before or is older than 30 seconds."
    remedy = "Type all three again with the code that is shown now."


class AttemptsError(NodeError):
    """There were too many attempts to sign in."""

    code = "node.attempts"
    cause = "Several attempts with this name, or from this address, failed in a short time."
    remedy = "Wait the time that is named, then try again; if it was not you, tell the administrator."


class NotAllowedError(NodeError):
    """This person may not do this."""

    code = "node.not-allowed"
    remedy = "Ask someone who holds the role that is named."


class SecondPersonError(NotAllowedError):
    """What one person drafted, another must approve."""

    code = "node.second-person"
    cause = "The drafter tried to approve the own draft."
    remedy = "Ask another person with the role to approve it."


class UnknownError(NodeError):
    """There is no such thing here."""

    code = "node.unknown"
    cause = "The reference is mistyped, or what it names is not for you to see."
    remedy = "Choose from the list."


class DraftStaleError(NodeError):
    """The draft was changed by someone else meanwhile."""

    code = "node.draft-stale"
    cause = "It was opened in two places, or two persons work on it."
    remedy = "Load it again and enter your change once more."


class NotPossibleError(NodeError):
    """This act cannot be done now."""

    code = "node.not-possible"


class PartyError(NodeError):
    """The federation list cannot be used."""

    code = "node.federation"


class PartnerUnknownError(NodeError):
    """The federation list knows no partner of this state."""

    code = "node.partner-unknown"
    cause = "The state has not joined, or the list on this node is old."
    remedy = "Import the current list: comity node federation import --dir D FILE"


class UploadError(EvidenceError):
    """The upload is not what was announced."""

    code = "node.upload"
    cause = "The line broke, or the file changed between its digest and its sending."
    remedy = "Send the file again; nothing of this upload was kept."


class NoLengthError(ExchangeError):
    """The length of the body is not announced."""

    code = "exchange.no-length"
    cause = "The sender used chunked transfer, which cannot be checked for completeness here."
    remedy = "Send it with Content-Length."


class SameExpertError(NotAllowedError):
    """Two opinions on one hit are given by two people."""

    code = "node.same-expert"
    cause = "This person gave an opinion on this pair already."
    remedy = "Another expert takes the pair from the queue."


class NotBlindError(NotAllowedError):
    """Who knows the case does not give the second opinion."""

    code = "node.not-blind"
    cause = "This person asked the question, or looked at the comparison with its case."
    remedy = "An expert who did neither takes the pair from the queue."


class OutcomeMissingError(NotPossibleError):
    """An opinion needs its outcome."""

    code = "node.outcome"
    cause = "None was chosen, or a word that is none of them was sent."
    remedy = "Choose confirmed, excluded or inconclusive."


class OpinionBareError(NotPossibleError):
    """An opinion needs its method and its limits."""

    code = "node.opinion"
    cause = "A field was left empty; an opinion without them says nothing to whoever reads it."
    remedy = "Say how you looked, with kit and standard, and what your opinion does not cover."


class TextTooLongError(NotPossibleError):
    """A text is longer than an act can hold."""

    code = "node.text"
    cause = "At most 4,000 signs fit, 300 where it is one line."
    remedy = "Shorten it; a long text goes into a document of its own."


class LaboratoryNameError(NotPossibleError):
    """A laboratory needs its name."""

    code = "node.laboratory"
    cause = "The field was left empty, or is longer than 200 signs."
    remedy = "Write the name as it stands on the laboratory's own paper."


class LaboratoryDayError(NotPossibleError):
    """The last day of validity is no day."""

    code = "node.laboratory.day"
    cause = "A day is written as year, month and day."
    remedy = "Write it as YYYY-MM-DD, or leave it empty where the accreditation names none."


class AccreditationError(NotPossibleError):
    """An accreditation is stated whole or not at all."""

    code = "node.accreditation"
    cause = "A number, a standard, a body or a last day of validity stands without the others."
    remedy = "Write number, standard and accrediting body; or leave all of them out: then no accreditation is stated."


class TestDataError(NotPossibleError):
    """The message says that it holds test data."""

    code = "node.test-data"
    cause = "Test profiles in a database of real ones give matches that are none."
    remedy = "Import it on a node for tests."
