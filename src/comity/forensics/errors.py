"""What can go wrong with forensic data: files, profiles, rules, populations, the index.

An exclusion, an inconclusive comparison, a model that does not hold are findings and never stand here.
"""

from __future__ import annotations

from comity.errors import ComityError

__all__ = [
    "AlleleError",
    "ComparisonBodyError",
    "DuplicateSampleError",
    "EngineError",
    "ForensicsError",
    "FormatError",
    "InclusionError",
    "IndexBusyError",
    "IndexDamagedError",
    "IndexFullError",
    "IndexMissingError",
    "IndexNewerError",
    "ParameterError",
    "PedigreeError",
    "PopulationError",
    "ProfileError",
    "ReportError",
    "RuleError",
    "SameProfileError",
    "UnknownKitError",
    "UnknownLocusError",
]


class ForensicsError(ComityError):
    """A forensic record, method or store could not be used."""

    code = "forensics"


class FormatError(ForensicsError):
    """The file is not what its format says."""

    code = "dna.format"
    cause = "The file was cut, edited by hand, or written by a program that does not keep to the format."
    remedy = "Correct it at its source and import it again; nothing of it was kept."


class ProfileError(ForensicsError):
    """The profile cannot be read."""

    code = "dna.profile"
    remedy = "Correct the profile at its source; nothing of the file was kept."


class UnknownLocusError(ProfileError):
    """The locus is not known here."""

    code = "dna.locus"
    cause = "The name is misspelt, or the kit holds a locus that stands in no table of this release."


class UnknownKitError(ProfileError):
    """The kit is not known here."""

    code = "dna.kit"


class AlleleError(ProfileError):
    """The allele is not a designation this locus can have."""

    code = "dna.allele"


class InclusionError(ProfileError):
    """The profile does not reach what the rule asks of a profile that is stored or searched."""

    code = "dna.inclusion"
    cause = "Too few loci are fully designated, so that chance matches would outnumber true ones."
    remedy = "Type more loci, or choose the rule set that governs this database."


class DuplicateSampleError(ProfileError):
    """Two profiles bear one id."""

    code = "dna.duplicate"
    cause = "The file was imported before, or a sample was written twice."
    remedy = "Import only what is new; delete the stored profile first where it is to be replaced."


class SameProfileError(ProfileError):
    """One profile stands under two ids."""

    code = "dna.same-profile"
    cause = "A person was sampled twice, a sample was exchanged, or the two persons are identical twins."
    remedy = "Find out which; import with --twins once it is known that both ids are right."


class RuleError(ForensicsError):
    """The rule set cannot be used."""

    code = "dna.rules"
    remedy = "Run 'comity dna rules' for the rule sets that stand, or correct the rule file."


class PopulationError(ForensicsError):
    """The population's allele frequencies cannot be used."""

    code = "dna.population"
    remedy = "Run 'comity dna populations' for those that stand, or give a file of frequencies."


class ParameterError(ForensicsError):
    """A parameter of the model is outside what it can be."""

    code = "dna.parameter"
    remedy = "Give a value inside the range named."


class PedigreeError(ForensicsError):
    """The pedigree cannot be used."""

    code = "dna.pedigree"
    remedy = "Correct the pedigree: every child has two parents in it or none."


class EngineError(ForensicsError):
    """The engine for matching on many machines is not installed."""

    code = "dna.engine"
    exit_code = 5
    cause = "PySpark and Java are needed for it and are not part of a plain installation."
    remedy = "Use --engine embedded, which gives the same matches, or install comity[spark] and Java 17."


class IndexMissingError(ForensicsError):
    """There is no DNA database here."""

    code = "dna.index.missing"
    remedy = "Make one with 'comity dna import FILE --db DIR'."


class IndexNewerError(ForensicsError):
    """The DNA database was written by a newer Comity."""

    code = "dna.index.newer"
    cause = "Another machine with a later release wrote to the same folder."
    remedy = "Use that release here too, or import the profiles into a new folder."


class IndexDamagedError(ForensicsError):
    """The DNA database is not whole."""

    code = "dna.index.damaged"
    cause = "A file of it was cut or altered after it was written."
    remedy = "Restore the folder from a backup, or import the profiles into a new folder."


class IndexBusyError(ForensicsError):
    """Another process is writing to the DNA database."""

    code = "dna.index.busy"
    remedy = "Wait until the other import or deletion has ended; searches go on meanwhile."


class IndexFullError(ForensicsError):
    """The DNA database could not be written to its end."""

    code = "dna.index.write"
    exit_code = 5
    cause = "The disk is full, or the folder may not be written to."
    remedy = "Make room or choose another folder; the database stands as it was before."


class ComparisonBodyError(ForensicsError):
    """The body of an act of a comparison cannot be read."""

    code = "dna.body"
    cause = "A member is missing, misspelt, or holds what it may not hold, such as a name for a reference."
    remedy = "Correct the member named; nothing was sent or kept."


class ReportError(ForensicsError):
    """The report of a comparison cannot be set."""

    code = "dna.report"
    cause = "A text holds a sign no font of this release has, or the language is not one reports are set in."
    remedy = "Set it in English or Ukrainian, and write names also in Latin letters."
