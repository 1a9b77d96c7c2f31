"""What can be wrong with a draft, a request, an act out of its turn."""

from __future__ import annotations

from comity.errors import RequestError

__all__ = [
    "ActBodyError",
    "FieldRefusedError",
    "IncompleteError",
    "LetterError",
    "LifecycleError",
    "MalformedRequestError",
    "MissingFieldError",
    "OtherQuestionError",
    "OversizedFieldError",
    "UnknownFieldError",
    "WrongTypeError",
]


class FieldRefusedError(RequestError):
    """A field of the draft holds a value it cannot hold."""

    code = "request.field"
    cause = "The value is outside the form the field has."
    remedy = "Correct the field named above; nothing was stored."


class MissingFieldError(FieldRefusedError):
    """The draft lacks a field it cannot be read without."""

    code = "request.field-missing"
    cause = "The field, or the entry it belongs to, was left out."
    remedy = "Fill in the field named above, or leave out the whole entry."


class UnknownFieldError(FieldRefusedError):
    """The draft has a field that is not known here."""

    code = "request.field-unknown"
    cause = "The name is misspelt, or the draft was written for another version."
    remedy = "Rename or remove the field; 'comity request draft' prints the names there are."


class OversizedFieldError(FieldRefusedError):
    """A field of the draft is longer than it may be."""

    code = "request.field-oversized"
    cause = "A whole document was put where a statement belongs."
    remedy = "Shorten it, and add the document as an attachment."


class WrongTypeError(FieldRefusedError):
    """A field of the draft is of another type than the form gives it."""

    code = "request.field-type"
    cause = "A number, a text, a list or a date stands where another of them belongs."
    remedy = "Write the value in the type named above; dates are YYYY-MM-DD."


class IncompleteError(RequestError):
    """The request lacks what its legal basis asks for."""

    code = "request.incomplete"
    exit_code = 1
    cause = "The legal basis says what a request must contain, and not all of it is there."
    remedy = "Fill in the fields named above; each names the provision that asks for it."


class OtherQuestionError(RequestError):
    """The draft and the resolution do not belong together."""

    code = "request.other-question"
    cause = "Measures, offences or the basis were changed after the law was asked."
    remedy = "Ask the law again for what the draft says now."


class MalformedRequestError(RequestError):
    """These bytes are not a request."""

    code = "request.malformed"
    cause = "They were cut or altered, or are another document."
    remedy = "Ask the sender for the request as it was signed."


class LetterError(RequestError):
    """The letter could not be set."""

    code = "request.letter"
    cause = "The text holds something the typesetter cannot set, such as a character no font here has."
    remedy = "Look at the text named above; the machine-readable request is not affected."


class LifecycleError(RequestError):
    """This act cannot come next."""

    code = "request.lifecycle"
    exit_code = 1
    cause = "The cooperation is not where this act belongs, or another person or state performs it."
    remedy = "Perform one of the acts named above first."


class ActBodyError(RequestError):
    """The body of an act does not have the form its kind gives it."""

    code = "request.body"
    cause = "A member is missing, unknown, or of another type."
    remedy = "Write the body as the vocabulary of acts says."
