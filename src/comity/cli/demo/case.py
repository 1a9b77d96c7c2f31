"""The fictional case of the demo: plainly invented people in real authorities of real states.

Every invented name says so in the language of its state; the accounts carry valid check digits in number ranges that
name no bank; the telephone number lies in a range kept for fiction where the state has one, otherwise in Ofcom's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["MEASURE", "OBJECT", "OFFENCE", "Case", "accounts", "draft", "iban"]

MEASURE, OFFENCE = "bank_records", "fraud"
OBJECT = (
    "Obtain the records of one bank account, and an image of the storage medium the account holder handed to the bank, "
    "so that the payments can be attributed to the persons who ordered them."
)
_FACTS = (
    "Between 3 February and 28 April 2026 the suspect {suspect}, posing as the agent of a supplier that does not exist, "
    "induced the trading company of the witness {injured} to order heating pumps and to pay 184 200 euros in advance, in "
    "three transfers from its account {paying} to the account {receiving}. No pump was delivered. On the day of each "
    "transfer the money was withdrawn in smaller sums. The receiving account was opened in the name of {holder}, who "
    "answers to the telephone number {phone}. It is kept in the state addressed."
)
_NAMES: Mapping[str, tuple[str, str]] = {
    "DE": ("Max Beispielmann", "Erika Musterfrau"),
    "ES": ("Juan Ejemplo Ficticio", "Ana Inventada"),
    "FR": ("Jean Exemple", "Marie Fictive"),
    "PL": ("Jan Przykładowy", "Anna Zmyślona"),
    "UA": ("Іван Вигаданий", "Олена Умовна"),
}
_LATIN: Mapping[str, str] = {"Іван Вигаданий": "Ivan Vyhadanyi", "Олена Умовна": "Olena Umovna"}
_LAW: Mapping[str, tuple[str, int]] = {
    "DE": ("Criminal Code (StGB), section 263 (fraud)", 60),
    "FR": ("Code pénal, article 313-1 (escroquerie)", 60),
    "PL": ("Criminal Code (kodeks karny), article 286 § 1 (fraud)", 96),
    "UA": ("Criminal Code of Ukraine, Article 190 (fraud)", 144),
}
_PHONES: Mapping[str, str] = {"DE": "+49 30 23125 014", "FR": "+33 1 99 00 12 34"}
_FICTION = "+44 20 7946 0123"
_LENGTHS: Mapping[str, int] = {
    "AT": 16, "BE": 12, "BG": 18, "CH": 17, "CZ": 20, "DE": 18, "DK": 14, "EE": 16, "ES": 20, "FI": 14, "FR": 23,
    "GB": 18, "GE": 18, "GR": 23, "HU": 24, "IE": 18, "IT": 23, "LT": 16, "LV": 17, "MD": 20, "NL": 14, "NO": 11,
    "PL": 24, "PT": 21, "RO": 20, "SE": 20, "SK": 20, "TR": 22, "UA": 25,
}  # fmt: skip
"""Lengths of the national part (BBAN) of the IBAN registry (ISO 13616) for states of the demo."""


@dataclass(frozen=True, slots=True)
class Case:
    """Who asks whom, through which authorities; the texts of the case follow from it."""

    requesting: str
    requested: str
    asking: str
    addressed: str
    passing: str = ""

    @property
    def suspect(self) -> str:
        """Who is suspected."""
        return _NAMES.get(self.requesting, ("Alex Invented", ""))[0]

    @property
    def injured(self) -> str:
        """Who lost the money and testifies."""
        return _NAMES.get(self.requesting, ("", "Sam Fictitious"))[1]

    @property
    def holder(self) -> str:
        """In whose name the account stands."""
        return _NAMES.get(self.requested, ("Person Example", ""))[0]

    @property
    def phone(self) -> str:
        """The number the holder answers to."""
        return _PHONES.get(self.requested, _FICTION)

    @property
    def accounts(self) -> tuple[str, str]:
        """The paying and the receiving account."""
        return accounts(self.requesting, self.requested)

    @property
    def facts(self) -> str:
        """What happened."""
        paying, receiving = self.accounts
        return _FACTS.format(
            suspect=latin(self.suspect),
            injured=latin(self.injured),
            holder=latin(self.holder),
            phone=self.phone,
            paying=paying,
            receiving=receiving,
        )


def latin(name: str) -> str:
    """Return a name in Latin letters."""
    return _LATIN.get(name, name)


def iban(country: str, bank: str) -> str:
    """Return an IBAN with valid check digits (ISO 13616, mod 97-10) for a basic bank account number ``bank``."""
    digits = "".join(str(int(c, 36)) for c in bank + country + "00")
    return f"{country}{98 - int(digits) % 97:02d}{bank}"


def accounts(requesting: str, requested: str) -> tuple[str, str]:
    """Return the paying and the receiving account: an IBAN where the state has them, else a plain number."""
    return _account(requesting, "1"), _account(requested, "7")


def _account(country: str, tail: str) -> str:
    length = _LENGTHS.get(country)
    if length is None:
        return f"00001234{tail}"
    letters = {"IT": "X", "GB": "XXXX", "IE": "XXXX", "NL": "XXXX", "RO": "XXXX", "LV": "XXXX", "BG": "XXXX"}
    start = letters.get(country, "")
    return iban(country, (start + "1234".zfill(length - len(start) - 1)) + tail)


def draft(case: Case, fields: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Fill the node's own form: ``fields`` is what it asks for this legal basis, each with its ``id``.

    Returns values by field id. What the case knows is given where the form has a place for it; a statement only this
    legal basis asks for (``particulars.*``) is answered in its own words.
    """
    known = _known(case)
    filled: dict[str, Any] = {}
    for field in fields:
        path = str(field["id"])
        value = known.get(path)
        if value is None and path.startswith("particulars."):
            value = _statement(case, field)
        if value is not None:
            filled[path] = value
    return filled


def _statement(case: Case, field: Mapping[str, Any]) -> str:
    asked = str(field.get("label") or field.get("label_en") or field["id"])
    return f"{asked}: as set out in the facts; for the fictional case of {latin(case.suspect)} nothing further applies."


def _known(case: Case) -> dict[str, Any]:
    provision, months = _LAW.get(case.requesting, ("The provision on fraud of the state's criminal law", 60))
    receiving = case.accounts[1]
    account = {"iban": receiving} if receiving[:2].isalpha() else {"number": receiving}
    return {
        "issuing_authority": case.asking,
        "executing_authority": case.addressed,
        "validating_authority": case.passing or None,
        "contact": "The division for international cooperation of the authority that asks, through its node",
        "proceedings.name": f"Case against {latin(case.suspect)} (fictional)",
        "proceedings.number": "DEMO-2026-0001",
        "proceedings.subject": "Criminal proceedings before judicial authorities, investigation stage: fraud by means of "
        "advance payments.",
        "proceedings.stage": "Investigation",
        "offences": [
            {
                "id": OFFENCE,
                "classification": "Fraud",
                "provision": provision,
                "text": "Taking possession of another's property by deception (the wording of this demonstration).",
                "maximum_penalty_months": months,
            }
        ],
        "facts.when": "3 February to 28 April 2026",
        "facts.where": f"At the seat of the injured company in {case.requesting}; the money was paid to "
        f"{case.requested}",
        "facts.what": case.facts,
        "damage": "184 200 euros, to the company of the injured party.",
        "persons": _persons(case),
        "object": OBJECT,
        "reason": "The injured party's money went to this account. Who could dispose of it, and from where, can be found "
        "only in the records of the bank that keeps it. The purpose is the criminal proceedings named above.",
        "necessity": "The same cannot be learnt by any less intrusive measure: the payer knows the account number only.",
        "measures": [MEASURE],
        "assistance": "1. Obtain from the bank the opening documents and every booking of the account in the period "
        "named. 2. Take over the storage medium handed to the bank and make a forensic image of it. 3. Return the "
        "records, the image and a photograph of the medium.",
        "accounts": [{**account, "bank": "A bank of the demonstration", "holder": latin(case.holder)}],
        "phones": [{"number": case.phone, "user": latin(case.holder)}],
        "items": [
            {
                "description": "Storage medium (memory stick) handed to the bank by the account holder",
                "where": "With the bank that keeps the account",
            }
        ],
        "span": {"first": "2026-02-01", "last": "2026-05-31"},
        "formalities": [
            {
                "text": "A copy of the record of each step, signed by who carried it out",
                "reason": "The court at home asks for the chain of custody",
            }
        ],
        "confidential": True,
        "confidentiality_reason": "The suspect must not learn of the request before the records are secured.",
        "language": "en",
    }


def _persons(case: Case) -> list[dict[str, Any]]:
    rows: Iterable[tuple[str, str, str, str]] = (
        ("suspect", case.suspect, case.requesting, "1984-06-30"),
        ("victim", case.injured, case.requesting, "1979-01-12"),
        ("account-holder", case.holder, case.requested, "1990-11-03"),
    )
    return [
        {
            "role": role,
            "name": name,
            "latin": latin(name),
            "born": born,
            "nationality": state,
            "address": f"1 Fictional Street, {state}",
            "description": "An invented person of the demonstration",
            "representative": "None known",
        }
        for role, name, state, born in rows
    ]
