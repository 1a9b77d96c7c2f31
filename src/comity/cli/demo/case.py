"""The fictional case of the demo: plainly invented people in real authorities of real states.

Every name ends in a word no one bears as a name; the accounts carry valid check digits in number ranges that name no
bank; the telephone number lies in a range kept for fiction where the state has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["CASE", "Person", "draft", "iban", "people"]


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who works with a node; ``roles`` are of the node's closed list."""

    username: str
    name: str
    roles: tuple[str, ...]
    language: str


CASE: Mapping[str, str] = {
    "measure": "bank_records",
    "offence": "fraud",
    "object": "Obtain the records of one bank account and an image of the storage medium the account holder handed to "
    "the bank, so that the payments can be attributed to the persons who ordered them.",
    "reason": "The injured party's money went to this account. Who could dispose of it, and from where, can be found "
    "only in the records of the bank that keeps it.",
    "facts": "Between 3 February and 28 April 2026, in the city of the requesting authority, the suspect Ivan "
    "Vyhadanyi, posing as the agent of a supplier that does not exist, induced the trading company of the witness Olena "
    "Umovna to order heating pumps and to pay 184 200 euros in advance in three transfers from its account to the "
    "account named in this request. No pump was delivered. On the day of each transfer the money was passed on in "
    "smaller sums. The account was opened in the name of Max Beispielmann, who answers to the telephone number named "
    "in this request.",
    "offence_text": "Fraud on a particularly large scale: taking possession of another's property by deception.",
}


def people(state: str, side: str) -> tuple[Person, ...]:
    """Return who works at a node; ``side`` is ``issuing`` or ``executing``."""
    language = "uk" if state == "UA" else "en"
    low = state.lower()
    if side == "issuing":
        return (
            Person(f"{low}-prosecutor", "Prosecutor Primerenko (fictional)", ("issuing",), language),
            Person(f"{low}-head", "Head of Division Zrazkova (fictional)", ("approving",), language),
            Person(f"{low}-central", "Officer Vzirets (fictional)", ("central",), language),
        )
    return (
        Person(f"{low}-central", "Officer Mustermann (fictional)", ("central",), language),
        Person(f"{low}-executing", "Prosecutor Beispiel (fictional)", ("executing",), language),
    )


def iban(country: str, bank: str) -> str:
    """Return an IBAN with valid check digits (ISO 13616, mod 97-10) for a basic bank account number ``bank``."""
    digits = "".join(str(int(c, 36)) for c in bank + country + "00")
    return f"{country}{98 - int(digits) % 97:02d}{bank}"


def accounts(issuing: str, executing: str) -> tuple[str, str]:
    """Return the paying and the receiving account, each in the form of its state as far as it is an IBAN state."""
    lengths = {"UA": 25, "DE": 18, "FR": 23, "ES": 20, "PL": 24, "AT": 16, "IT": 23, "NL": 14}
    made = []
    for country, tail in ((issuing, "1"), (executing, "7")):
        length = lengths.get(country, 20)
        bank = "0" * (length - 10) + "0000012345"[: -len(tail)] + tail
        if country in ("IT",):
            bank = "X" + bank[1:]
        if country == "NL":
            bank = "XXXX" + bank[4:]
        made.append(iban(country, bank))
    return made[0], made[1]


def draft(issuing: str, executing: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    """Fill a form: ``fields`` is what the node asks for this legal basis."""
    raise NotImplementedError
