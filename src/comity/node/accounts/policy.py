"""Who may do what: one table, read as an answer for one object and as a filter for a list.

A rule names the roles and the bond between the person and the object. The bond is written once and used twice:
`Bond.holds` asks it of a value, `Bond.filter` of the database, so that a list never shows what the page refuses.
Every refused decision becomes an act of the audit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Q

from comity.node.accounts.role import Officer, Role
from comity.node.audit import actions as audit
from comity.node.audit.vocabulary import Event
from comity.node.errors import NotAllowedError

__all__ = ["TABLE", "Bond", "Decision", "Do", "can", "filtered", "require"]


class Do(StrEnum):
    """What is asked for. Closed: a new door needs a new word here and a line in `TABLE`."""

    SEE_DOSSIER = "dossier.see"
    DRAFT = "draft.write"
    SEE_DRAFT = "draft.see"
    APPROVE = "draft.approve"
    SEND = "request.send"
    CONSIDER = "request.consider"
    ASSIGN = "execution.assign"
    ANSWER = "request.answer"
    COLLECT = "custody.collect"
    OFFER = "custody.offer"
    UNDERTAKE = "custody.undertake"
    RETURN = "evidence.return"
    ACCEPT = "evidence.accept"
    CLOSE = "request.close"
    SEE_DELIVERIES = "post.see"
    RETRY = "post.retry"
    SEE_AUDIT = "audit.see"
    SEE_LAW = "law.see"
    VERIFY = "package.verify"
    ADMINISTER = "node.administer"
    SEE_LAB = "lab.see"
    SEE_COMPARISON = "comparison.see"
    KEEP_PROFILES = "profiles.keep"
    OFFER_COMPARISON = "comparison.offer"
    ASK_COMPARISON = "comparison.ask"
    ANSWER_COMPARISON = "comparison.answer"
    VERIFY_HIT = "hit.verify"
    CONFIRM_HIT = "hit.confirm"
    ASK_CORE_DATA = "core-data.ask"
    GIVE_CORE_DATA = "core-data.give"
    KEEP_LABORATORY = "laboratory.keep"


class Bond(StrEnum):
    """What ties a person to an object."""

    NODE = "anyone of this node with the role"
    AUTHORITY = "the object belongs to the person's authority"
    ASSIGNED = "the object was assigned to the person's authority"

    def holds(self, officer: Officer, subject: Any) -> bool:
        """Ask the bond of a value."""
        match self:
            case Bond.NODE:
                return True
            case Bond.AUTHORITY:
                return bool(officer.authority) and getattr(subject, "authority", "") == officer.authority
            case Bond.ASSIGNED:
                return bool(officer.authority) and getattr(subject, "assigned", "") == officer.authority

    def filter(self, officer: Officer) -> Q:
        """Ask the same of the database."""
        match self:
            case Bond.NODE:
                return Q()
            case Bond.AUTHORITY:
                return Q(authority=officer.authority) & ~Q(authority="")
            case Bond.ASSIGNED:
                return Q(assigned=officer.authority) & ~Q(assigned="")


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer and, in one sentence, why."""

    allowed: bool
    reason: str


ISSUER, APPROVER, CENTRAL = Role.ISSUING, Role.APPROVING, Role.CENTRAL
EXECUTOR, EXPERT, AUDITOR, ADMIN = Role.EXECUTING, Role.EXPERT, Role.AUDITOR, Role.ADMINISTRATOR
_NODE, _OWN, _GIVEN = Bond.NODE, Bond.AUTHORITY, Bond.ASSIGNED

TABLE: Mapping[Do, Mapping[Role, Bond]] = {
    Do.SEE_DOSSIER: {ISSUER: _OWN, APPROVER: _OWN, CENTRAL: _NODE, EXECUTOR: _GIVEN, EXPERT: _GIVEN, AUDITOR: _NODE},
    Do.DRAFT: {ISSUER: _OWN},
    Do.SEE_DRAFT: {ISSUER: _OWN, APPROVER: _OWN, CENTRAL: _NODE, AUDITOR: _NODE},
    Do.APPROVE: {APPROVER: _OWN},
    Do.SEND: {CENTRAL: _NODE, APPROVER: _OWN},
    Do.CONSIDER: {CENTRAL: _NODE, EXECUTOR: _GIVEN},
    Do.ASSIGN: {CENTRAL: _NODE},
    Do.ANSWER: {ISSUER: _OWN, CENTRAL: _NODE},
    Do.COLLECT: {EXECUTOR: _GIVEN, EXPERT: _GIVEN},
    Do.OFFER: {EXECUTOR: _GIVEN},
    Do.UNDERTAKE: {ISSUER: _OWN, CENTRAL: _NODE},
    Do.RETURN: {EXECUTOR: _GIVEN, CENTRAL: _NODE},
    Do.ACCEPT: {ISSUER: _OWN, CENTRAL: _NODE},
    Do.CLOSE: {ISSUER: _OWN, CENTRAL: _NODE},
    Do.SEE_DELIVERIES: {CENTRAL: _NODE, ADMIN: _NODE, AUDITOR: _NODE},
    Do.RETRY: {CENTRAL: _NODE, ADMIN: _NODE},
    Do.SEE_AUDIT: {AUDITOR: _NODE, ADMIN: _NODE},
    Do.SEE_LAW: dict.fromkeys(Role, _NODE),
    Do.VERIFY: dict.fromkeys(Role, _NODE),
    Do.ADMINISTER: {ADMIN: _NODE},
    Do.SEE_LAB: {EXPERT: _NODE, CENTRAL: _NODE, ISSUER: _NODE, AUDITOR: _NODE},
    Do.SEE_COMPARISON: {EXPERT: _OWN, ISSUER: _GIVEN, CENTRAL: _NODE, AUDITOR: _NODE},
    Do.KEEP_PROFILES: {EXPERT: _NODE},
    Do.OFFER_COMPARISON: {CENTRAL: _NODE},
    Do.ASK_COMPARISON: {EXPERT: _OWN, CENTRAL: _NODE},
    Do.ANSWER_COMPARISON: {CENTRAL: _NODE},
    Do.VERIFY_HIT: {EXPERT: _NODE},
    Do.CONFIRM_HIT: {EXPERT: _OWN, CENTRAL: _NODE},
    Do.ASK_CORE_DATA: {EXPERT: _OWN, ISSUER: _GIVEN, CENTRAL: _NODE},
    Do.GIVE_CORE_DATA: {EXPERT: _OWN, CENTRAL: _NODE},
    Do.KEEP_LABORATORY: {APPROVER: _OWN},
}


def can(officer: Officer, action: Do, subject: Any = None) -> Decision:
    """Decide whether ``officer`` may do ``action`` with ``subject``, a value with the fields the bonds name."""
    rule = TABLE[action]
    held = [role for role in rule if role in officer.roles]
    for role in held:
        if subject is None or rule[role].holds(officer, subject):
            return Decision(True, f"{role}: {rule[role]}")
    if not held:
        return Decision(False, f"{action} needs one of the roles {', '.join(rule)}.")
    return Decision(False, f"{action} as {held[0]} needs that {rule[held[0]]}.")


def filtered(officer: Officer, action: Do) -> Q:
    """Return the same rule as a filter for a list."""
    rule = TABLE[action]
    allowed = Q(pk__in=[])
    for role in rule:
        if role in officer.roles:
            allowed |= rule[role].filter(officer) if rule[role] is not Bond.NODE else ~Q(pk__in=[])
    return allowed


def require(officer: Officer, action: Do, subject: Any = None) -> Decision:
    """Decide, and refuse with an act of the audit. Call it before a transaction, so that the act stays."""
    decision = can(officer, action, subject)
    if not decision.allowed:
        name = str(getattr(subject, "id", "") or "")
        audit.note(Event.REFUSED, actor=officer.username, about=name, detail={"action": action, "why": decision.reason})
        raise NotAllowedError(
            f"{officer.name} may not do this: {decision.reason}", cause=decision.reason, action=action
        )
    return decision
