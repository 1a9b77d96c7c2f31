"""The errors of the law base."""

from __future__ import annotations

from comity.errors import LawError
from comity.law.strict_yaml import LawFileError

__all__ = [
    "CacheError",
    "ConflictError",
    "LawError",
    "LawFileError",
    "OldLawError",
    "QuestionError",
    "SchemaError",
    "SizeError",
    "UnknownReferenceError",
]


class SchemaError(LawError):
    """A file of the law base does not have the shape it must have."""

    code = "law.schema"
    cause = "A key is misspelt or missing, or a value is outside the closed list it belongs to."
    remedy = "Correct the file named above, then run 'comity law check'."


class UnknownReferenceError(LawError):
    """A file of the law base names something that is not in it."""

    code = "law.reference"
    cause = "An id is misspelt, or the file it names was moved or never written."
    remedy = "Correct the id in the file named above, or add what it names; then run 'comity law check'."


class ConflictError(LawError):
    """Two live provisions say different things and nothing orders them."""

    code = "law.conflict"
    cause = "One of the two was replaced or limited, and the relation that says so is missing; or one has a wrong value or date."
    remedy = "Correct one of the two files, or add the relation that orders them, with its article."


class CacheError(LawError):
    """The compiled law base cannot be written."""

    code = "law.cache"
    cause = "The folder for the compiled law base is missing or not writable."
    remedy = "Name another folder, or load without a cache."


class QuestionError(LawError):
    """A question names something the law base does not know."""

    code = "law.question"
    cause = "It is misspelt, or called by another name here."
    remedy = "Use the ids of the law base: 'comity law words measures' lists them, likewise offences and facts."


class OldLawError(LawError):
    """The law base an old answer was made from is not here."""

    code = "law.old"
    cause = "The law base has been renewed since, and the old one was not kept under its digest."
    remedy = "Name the folder in which compiled law bases are kept, or check out the release the answer names."


class SizeError(LawError):
    """More is asked at once than is answered at once."""

    code = "law.size"
    cause = "States times states times measures is more than one answer holds."
    remedy = "Name fewer states or measures, or ask 'comity law matrix' on a machine of your own: it has no limit."
