"""What the facts of a question decide on a single provision: dual criminality by list, and thresholds of penalty.

The four kinds of dual criminality stand apart: not required; required by declaration; dispensed with for listed offences above
a threshold of the issuing state, which the issuing authority certifies; judged by conduct. Only the third can be computed, and
only from facts that were given.
"""

from __future__ import annotations

from dataclasses import replace

from comity.law.base import LawBase
from comity.law.question import Question
from comity.law.resolution import Rule

__all__ = ["FACTS", "decided"]

FACTS = ("penalty_requesting", "penalty_requested", "sentence")
"""The facts looked at here."""

_MONTHS = {"months_max_penalty": 1, "years_max_penalty": 12, "months_sentence": 1}


def decided(rule: Rule, question: Question, base: LawBase) -> Rule:
    """Return the rule with what the facts decide on it in ``why``, or unchanged."""
    if rule.kind == "dual_criminality" and rule.value == "list32":
        return replace(rule, why=_listed(rule, question, base))
    if rule.kind == "penalty_threshold" and rule.amount is not None and rule.unit in _MONTHS:
        return replace(rule, why=_threshold(rule, question))
    return rule


def _listed(rule: Rule, question: Question, base: LawBase) -> str:
    entries = [e for name in question.offences for e in base.offences[name].eu32]
    if not question.offences:
        return ""
    if not entries:
        return "Dual criminality may be checked: the offence is not on the list."
    least = (rule.amount or base.threshold_years) * 12
    penalty = question.facts.get("penalty_requesting")
    named = ", ".join(entry.replace("_", " ") for entry in entries)
    if penalty is None:
        return f"On the list ({named}): not checked where the issuing authority certifies a maximum of {least} months or more."
    if int(str(penalty)) >= least:
        return f"Not checked: on the list ({named}), maximum {penalty} months, certified by the issuing authority."
    return f"Dual criminality may be checked: the maximum of {penalty} months is below {least}."


def _threshold(rule: Rule, question: Question) -> str:
    least = (rule.amount or 0) * _MONTHS[rule.unit]
    names = ("sentence",) if rule.unit == "months_sentence" else FACTS[:2]
    known = {name: int(str(question.facts[name])) for name in names if name in question.facts}
    if any(value < least for value in known.values()):
        return (
            f"Not met: {', '.join(f'{name} is {value} months' for name, value in known.items())}, {least} are needed."
        )
    if len(known) == len(names):
        return f"Met: {', '.join(f'{name} is {value} months' for name, value in known.items())}."
    return rule.why
