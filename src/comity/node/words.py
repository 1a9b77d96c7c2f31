"""The codes of closed lists as words of the reader's language, and the colour each is shown in."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from babel import Locale
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

__all__ = ["DOING", "TONES", "WORDS", "language", "say", "state", "states"]

WORDS: Mapping[str, str | Promise] = {
    # deliveries and pulls
    "pending": _("under way"),
    "acknowledged": _("delivered, receipt verified"),
    "rejected": _("rejected"),
    "failed": _("failed"),
    "done": pgettext_lazy("a file", "complete"),
    "fetched": _("File fetched whole"),
    # verification, in the words of ETSI EN 319 102-1
    "passed": _("passed"),
    "indeterminate": _("indeterminate"),
    "total-passed": _("passed"),
    "total-failed": _("failed"),
    # drafts
    "open": _("being written"),
    "submitted": _("waits for approval"),
    "approved": _("approved"),
    "sent": _("sent"),
    # roles
    "issuing": _("issuing authority"),
    "approving": _("approving officer"),
    "central": _("central authority"),
    "executing": _("executing authority"),
    "expert": _("forensic expert"),
    "auditor": _("auditor"),
    "administrator": _("administrator"),
    # the law
    "looked-up": _("looked up"),
    "recalled": _("recalled, to be checked"),
    "applicable": _("applies"),
    "residual": _("fills gaps"),
    "contested": _("contested"),
    "channel": _("Channel"),
    "concurrent_requests": _("Several requests at once"),
    "condition": _("Conditions"),
    "confidentiality": _("Confidentiality"),
    "conflict_of_laws": _("Conflict of laws"),
    "consent": _("Consent"),
    "costs": _("Costs"),
    "data_protection": _("Data protection"),
    "dual_criminality": _("Dual criminality"),
    "effect": _("Effects"),
    "enforcement": _("Enforcement"),
    "fiscal_offence": _("Fiscal offences"),
    "follow_up": _("Further use and follow-up"),
    "form_authentication": _("Form and authentication"),
    "guarantee": _("Guarantees"),
    "issuing_authority": _("Who may issue"),
    "issuing_conditions": _("Conditions for issuing"),
    "jurisdiction": _("Jurisdiction"),
    "language": _("Languages"),
    "legal_basis": _("Legal basis"),
    "liability": _("Liability"),
    "measure_rule": _("Rules on the measure"),
    "nationals": _("Own nationals"),
    "ne_bis_in_idem": _("Ne bis in idem"),
    "no_refusal_on_ground": _("No ground for refusal"),
    "notification": _("Notification"),
    "obligation": _("Obligations"),
    "penalty_threshold": _("Penalty thresholds"),
    "postponement": _("Postponement"),
    "precedence": _("Precedence"),
    "proportionality": _("Proportionality"),
    "reasons": _("Duty to give reasons"),
    "reciprocity": _("Reciprocity"),
    "refusal_mandatory": _("Grounds on which assistance must be refused"),
    "refusal_optional": _("Grounds on which assistance may be refused"),
    "remedy": _("Legal remedies"),
    "request_content": _("What the request must contain"),
    "request_ground": _("Grounds for a request"),
    "reservations_allowed": _("Reservations allowed"),
    "rights": _("Rights of the person"),
    "safe_conduct": _("Safe conduct"),
    "safeguard": _("Safeguards"),
    "sanction": _("Sanctions"),
    "scope": _("Scope"),
    "speciality": _("Limits of use (speciality)"),
    "spontaneous_information": _("Information without request"),
    "supplementary_information": _("Supplementary information"),
    "time_limit": _("Time limits"),
    "urgent_procedure": _("Urgent procedure"),
    "declaration": _("Declarations and reservations"),
    "authority": _("Authorities named"),
    "in_force": _("in force"),
    # groups of measures
    "evidence_persons": _("Evidence from persons"),
    "evidence_documents": _("Documents and records"),
    "evidence_places_things": _("Places and objects"),
    "forensic": _("Forensic examination"),
    "financial": _("Financial measures"),
    "electronic": _("Electronic evidence"),
    "covert": _("Covert measures"),
    "service": _("Service of documents"),
    "records_information": _("Registers and information"),
    "police": _("Police cooperation"),
    "custody_transfer": _("Transfer of persons in custody"),
    "property": _("Freezing and confiscation"),
    "extradition": _("Extradition and surrender"),
    "sentences": _("Execution of sentences"),
    "proceedings": _("Transfer of proceedings"),
    "joint": _("Joint work"),
    "protection": _("Protection of persons"),
    # decisions
    "accept": _("accept"),
    "ask": _("ask for more"),
    "postpone": _("postpone"),
    "refuse": _("refuse"),
    "must": _("must"),
    "may": _("may"),
    "question": _("a person judges"),
    # people in a request
    "suspect": _("suspect"),
    "accused": _("accused"),
    "victim": _("victim"),
    "witness": _("witness"),
    "account-holder": _("account holder"),
    "third-party": _("third party"),
    # evidence
    "physical": _("physical"),
    "digital": _("digital"),
    "letter": _("letter"),
    "request": _("request"),
    "attachment": _("attachment"),
    "package": _("package"),
    "exhibit": _("exhibit"),
    # clocks
    "running": _("running"),
    "paused": _("paused"),
    "started": _("started"),
    "restated": _("restated"),
    "resumed": _("resumed"),
    "extended": _("extended"),
    "stopped": _("stopped"),
    "unlimited": _("no limit"),
    "conditional": _("depends on the offence"),
    "none": _("no treaty"),
    "met": _("met"),
    "missed": _("missed"),
    "overdue": _("overdue"),
    "late": _("met late"),
    "draft": _("draft"),
    "act": _("act"),
}
DOING: Mapping[str, str | Promise] = {
    "edit": _("Finish the request"),
    "approve": _("Approve the request, or give it back"),
    "send": _("Send the request"),
    "acknowledge": _("Acknowledge receipt"),
    "consider": _("Consider the request"),
    "accept": _("Decide on the request"),
    "ask": _("Decide on the request"),
    "answer": _("Answer the other state"),
    "assign": _("Assign the execution"),
    "collect": _("Record the evidence"),
    "examine": _("Examine the evidence"),
    "offer": _("Offer the evidence to the other state"),
    "undertake": _("Accept the conditions of use"),
    "give-back": _("Return the evidence"),
    "receive": _("Take over the evidence"),
    "close": _("Close the cooperation"),
    "withdraw": _("Follow the request"),
    "postpone": _("Decide on the request"),
    "refuse": _("Decide on the request"),
    "extend": _("Keep the time limit"),
}
TONES: Mapping[str, str] = {
    **dict.fromkeys(
        ("passed", "total-passed", "acknowledged", "done", "sent", "applicable", "stopped", "met"), "success"
    ),
    **dict.fromkeys(("failed", "total-failed", "rejected", "overdue", "missed"), "danger"),
    **dict.fromkeys(
        ("indeterminate", "contested", "recalled", "paused", "submitted", "late", "conditional"), "warning"
    ),
    **dict.fromkeys(("pending", "approved", "running", "residual"), "info"),
}


def say(code: str) -> str:
    """Return a code in words; an unknown one with spaces for its signs."""
    found = WORDS.get(code)
    return str(found) if found is not None else code.replace("_", " ").replace("-", " ")


@lru_cache(maxsize=4)
def _territories(language: str) -> Mapping[str, str]:
    return dict(Locale.parse(language).territories)


def state(code: str) -> str:
    """Return the name of a state (ISO 3166-1 alpha-2), from the CLDR."""
    return _territories(get_language() or "en").get(code.upper(), code)


def states(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return states with their names, by name."""
    return sorted(((code, state(code)) for code in codes), key=lambda pair: order(pair[1]))


_LETTERS = {letter: number for number, letter in enumerate("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")}


def order(name: str) -> list[tuple[bool, int]]:
    """Return a key that sorts names as their alphabet does: Ukrainian letters in their order, accents beside their letter."""
    return [_rank(letter) for letter in name.casefold()]


def _rank(letter: str) -> tuple[bool, int]:
    found = _LETTERS.get(letter)
    return (False, ord(unicodedata.normalize("NFD", letter)[0])) if found is None else (True, found)


def language(code: str) -> str:
    """Return the name of a language, from the CLDR."""
    return str(dict(Locale.parse(get_language() or "en").languages).get(code, code))
