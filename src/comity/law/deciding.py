"""What the facts of a question decide on a single provision: dual criminality by list, thresholds of penalty, grounds.

The four kinds of dual criminality stand apart: not required; required by declaration; dispensed with for listed offences above
a threshold of the issuing state, which the issuing authority certifies; judged by conduct. Only the third can be computed, and
only from facts that were given.
"""

from __future__ import annotations

from dataclasses import replace

from comity.law.base import LawBase
from comity.law.index import index_of
from comity.law.question import Question
from comity.law.reason import Reason
from comity.law.resolution import Rule

__all__ = ["FACTS", "decided"]

PENALTIES = ("penalty_requesting", "penalty_requested")

GROUNDS = {
    "political": frozenset({"political_offence", "political", "political_or_fiscal_offence"}),
    "fiscal": frozenset({"fiscal_offence", "fiscal", "political_or_fiscal_offence"}),
    "military": frozenset({"military_offence"}),
}
"""By fact: the grounds for refusal that turn on it."""

FACTS = (*PENALTIES, "sentence", *GROUNDS)
"""The facts looked at here."""

_REFUSALS = frozenset({"refusal_mandatory", "refusal_optional"})

_MONTHS = {"months_max_penalty": 1, "years_max_penalty": 12, "months_sentence": 1}


def decided(rule: Rule, question: Question, base: LawBase) -> Rule:
    """Return the rule with what the facts decide on it in ``because``, or unchanged."""
    if rule.kind == "dual_criminality" and rule.value == "list32":
        return replace(rule, because=_listed(rule, question, base))
    if rule.kind == "penalty_threshold" and rule.amount is not None and rule.unit in _MONTHS:
        return replace(rule, because=_threshold(rule, question, base))
    if rule.kind in _REFUSALS and rule.because is None and not question.facts.keys().isdisjoint(GROUNDS):
        return replace(rule, because=_ground(rule, question))
    return rule


def _ground(rule: Rule, question: Question) -> Reason | None:
    """Return that a ground of the rule is met, or that its only ground is not, on the facts that were given."""
    grounds = {rule.value} if isinstance(rule.value, str) else set(rule.value or ())
    told = {fact: question.facts[fact] for fact, named in GROUNDS.items() if fact in question.facts and grounds & named}
    if True in told.values():
        return Reason("ground_met")
    turning = {fact for fact, named in GROUNDS.items() if grounds & named}
    if told and len(grounds) == 1 and turning == told.keys():
        return Reason("ground_not_met")
    return None


def _listed(rule: Rule, question: Question, base: LawBase) -> Reason | None:
    entries = [e for name in question.offences for e in base.offences[name].eu32]
    if not question.offences:
        return None
    if not entries:
        return Reason("not_listed")
    terms = base.vocabulary["eu32"]
    fields = {
        "least": str((rule.amount or base.threshold_years) * 12),
        "listed": "; ".join(terms[entry].title if entry in terms else entry for entry in entries),
    }
    penalty = question.facts.get("penalty_requesting")
    if penalty is None:
        return Reason("listed", fields)
    fields["penalty"] = str(penalty)
    return Reason("listed_met" if int(str(penalty)) >= int(fields["least"]) else "listed_below", fields)


def _threshold(rule: Rule, question: Question, base: LawBase) -> Reason | None:
    least = (rule.amount or 0) * _MONTHS[rule.unit]
    names = ("sentence",) if rule.unit == "months_sentence" else PENALTIES
    known = {name: int(str(question.facts[name])) for name in names if name in question.facts}
    terms = index_of(base).regime.facts
    fields = {"least": str(least), "known": "; ".join(f"{terms[name].en}: {value}" for name, value in known.items())}
    if any(value < least for value in known.values()):
        return Reason("threshold_not_met", fields)
    if len(known) == len(names):
        return Reason("threshold_met", fields)
    return rule.because
