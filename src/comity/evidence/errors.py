"""What can be wrong with stored files, exhibits, custody and packages.

    EvidenceError
    ├── StoreError            BlobMissingError, StoreFullError, StoreUnusableError
    ├── ExhibitError          an exhibit, its files or its conditions are not described as they must be
    ├── CustodyError          the body of a custody act is outside its closed form
    ├── UseRefusedError       a condition of use does not allow this use
    ├── PackError             a package cannot be made of this
    └── NotAPackageError      the file is no package of evidence

What is wrong *inside* a package is never an error but a part of its `Verification`.
"""

from __future__ import annotations

from comity.errors import EvidenceError

__all__ = [
    "BlobMissingError",
    "CustodyError",
    "ExhibitError",
    "NotAPackageError",
    "PackError",
    "StoreError",
    "StoreFullError",
    "StoreUnusableError",
    "UseRefusedError",
]


class StoreError(EvidenceError):
    """The store of files could not serve."""

    code = "evidence.store"


class BlobMissingError(StoreError):
    """This file is not in the store."""

    code = "evidence.store-missing"
    cause = "It was never received whole, or it was returned or destroyed."
    remedy = "Look in the custody of the exhibit for where it went; ask the partner for it again."


class StoreFullError(StoreError):
    """The store has no room for this file."""

    code = "evidence.store-full"
    cause = "The disk or the quota under the store is used up."
    remedy = "Make room and do it again; nothing of the file was kept."


class StoreUnusableError(StoreError):
    """The store's folder cannot be written or read."""

    code = "evidence.store-unusable"
    cause = "The folder is missing, read-only, or belongs to another account; or the disk reports errors."
    remedy = "Look at the folder's owner and at the disk; what was stored before is untouched."


class ExhibitError(EvidenceError):
    """An exhibit is not described as it must be."""

    code = "evidence.exhibit"
    cause = "A member is missing, has another type, or a value outside its closed list."
    remedy = "Correct the description; the message names the member."


class CustodyError(EvidenceError):
    """The body of a custody act is outside its closed form."""

    code = "evidence.custody"
    cause = "A member is missing or unknown, or names an exhibit or file in another form."
    remedy = "Make the act with the functions of this program; an act from a partner is sent again, corrected."


class UseRefusedError(EvidenceError):
    """A condition of use does not allow this."""

    code = "evidence.use"
    exit_code = 1
    cause = "The state that gave the evidence bound its use, and this use is outside the bounds."
    remedy = "Ask that state for its consent, and record the consent before the evidence is used."


class PackError(EvidenceError):
    """A package cannot be made of this."""

    code = "evidence.pack"
    cause = "A file, act or certificate that belongs into it is missing or is another than its digest says."
    remedy = "Complete what the message names and pack again; nothing was written."


class NotAPackageError(EvidenceError):
    """This file is not a package of evidence."""

    code = "evidence.no-package"
    cause = "It is another kind of file, or was cut so short that nothing of its form is left."
    remedy = "Give the file whose name ends in .asice, as it was received."
