"""The provisions of a basis as they apply between two states: merged, changed by declarations, undone where replaced.

Order: the rules of every instrument of the group that are rules for the measure; what a protocol puts in another's place,
what a state has excluded, and the procedure of an instrument that stands back, are undone and say by what; then the
declarations of the requested state, which make general rules concrete; then those of the requesting state, which bind it
and may be held against it where the treaty allows reciprocity, never automatically.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from comity.law.articles import inside
from comity.law.deciding import FACTS, decided
from comity.law.declarations import SHUT, declarations, declared, excludes, kind_of, name_of, own_rules
from comity.law.field import Group
from comity.law.index import Index
from comity.law.model import DateOf, Declaration, RelationKind
from comity.law.model import Rule as Provision
from comity.law.question import Question
from comity.law.reason import Reason
from comity.law.resolution import Rule

__all__ = ["KINDS", "apply", "ruled"]

KINDS = (
    "scope legal_basis channel authority issuing_authority language request_content form_authentication issuing_conditions "
    "request_ground condition consent measure_rule obligation dual_criminality penalty_threshold proportionality "
    "refusal_mandatory refusal_optional nationals fiscal_offence no_refusal_on_ground guarantee postponement time_limit "
    "urgent_procedure"
).split()
"""The order in which an officer reads; other kinds follow in the order of their names."""

_PLACE = {kind: number for number, kind in enumerate(KINDS)}

_DEFAULTS = {
    "none_by_default",
    "by_declaration",
    "notified_language",
    "only_if_declared",
    "by_reservation",
    "by_notification",
}
"""Values that say no more than that a state's declaration decides."""


@dataclass(slots=True)
class _Case:
    index: Index
    question: Question
    measure: str
    group: Group
    here: tuple[Declaration, ...]
    there: tuple[Declaration, ...]
    shutting: tuple[Declaration, ...]


def apply(index: Index, question: Question, measure: str, group: Group) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Return the live and the undone rules of a group for a measure, each in reading order."""
    facts = (question.offences, *((k, str(v)) for k, v in sorted(question.facts.items()) if k in _FACTS))
    key = (group.members, group.standing, measure, question.requesting, question.requested, question.on, facts)
    found = index.rules.get(key)
    if found is None:
        if len(index.rules) >= _KEPT:
            index.rules.clear()
        found = index.rules[key] = _apply(index, question, measure, group)
    return found


_KEPT = 4096
_FACTS = frozenset({"purpose", "consent", "offence_on", "measure_on", *FACTS})
"""Facts on which the provisions of a basis turn."""


def _apply(index: Index, question: Question, measure: str, group: Group) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    here = tuple(declarations(index, question, measure, group.members, of_requested=False))
    there = tuple(declarations(index, question, measure, group.members, of_requested=True))
    shutting = tuple(one for one in (*there, *here) if not SHUT.isdisjoint(one.effect))
    case = _Case(index, question, measure, group, here, there, shutting)
    live: list[Rule] = []
    undone: list[Rule] = []
    for provision in _provisions(case):
        by = _undone(case, provision)
        if by:
            undone.append(_gone(index, provision, by))
        else:
            live.append(ruled(index, provision))
    live = [decided(_limited(rule, live), question, index.base) for rule in live]
    live += [declared(index, declaration) for declaration in there]
    live += [rule for declaration in here for rule in own_rules(index, declaration)]
    return tuple(sorted(live, key=_reading)), tuple(sorted(undone, key=_reading))


def _reading(rule: Rule) -> tuple[int, str]:
    return (_PLACE.get(rule.kind, len(KINDS)), rule.kind)


def _provisions(case: _Case) -> Iterator[Provision]:
    for name in case.group.members:
        for rule in case.index.rules_for(name, case.measure):
            if _in_time(case, rule) and _fits(case, rule):
                yield rule


def _in_time(case: _Case, rule: Provision) -> bool:
    if rule.from_ is None and rule.until is None:
        return True
    day = case.question.on
    if rule.looks_at is not DateOf.REQUEST:
        day = case.question.facts.get(f"{rule.looks_at}_on", day)  # type: ignore[assignment]  # facts *_on are days
    return (rule.from_ is None or rule.from_ <= day) and (rule.until is None or day <= rule.until)


def _fits(case: _Case, rule: Provision) -> bool:
    """Leave out the branch of a rule that the facts given rule out."""
    facts = case.question.facts
    if rule.purpose and facts.get("purpose", rule.purpose) != rule.purpose:
        return False
    if rule.condition in {"consent", "no_consent"} and "consent" in facts:
        return (rule.condition == "consent") == facts["consent"]
    return True


def _undone(case: _Case, rule: Provision) -> Reason | None:
    base = case.index.base
    for by in rule.superseded_by:
        if by.instrument in case.group.members and not _shut(case, by.instrument, by.articles):
            return _by(case.index, by.instrument, ", ".join(by.articles))
    if part := _replaced_in_part(case, rule):
        return part
    back = case.group.set_back
    if (
        back is not None
        and rule.instrument == back.of
        and any(inside(rule.article, span) for span in back.own_articles)
    ):
        return _by(case.index, back.of, back.article)
    for declaration in case.shutting:
        if declaration.instrument == rule.instrument and excludes(case.index, declaration, rule.article):
            return name_of(base.instruments[rule.instrument], declaration)
    if _said(rule.value) & _DEFAULTS:
        for declaration in case.there:
            if declaration.instrument == rule.instrument and _concretes(declaration, rule):
                return name_of(base.instruments[rule.instrument], declaration)
    return None


def _by(index: Index, instrument: str, article: str) -> Reason:
    return Reason("by_article", {"article": f"{index.base.instruments[instrument].reference} Art. {article}"})


def _replaced_in_part(case: _Case, rule: Provision) -> Reason | None:
    """Return the article of a protocol of the group that stands in the place of a rule's article: ``4 (art. 15(1))``."""
    found = case.index.replacers.get(rule.id)
    if found is None:
        found = case.index.replacers[rule.id] = tuple(_replacers(case.index, rule))
    for name, article in found:
        if name in case.group.members and not _shut(case, name, (article,)):
            return _by(case.index, name, article)
    return None


def _replacers(index: Index, rule: Provision) -> Iterator[tuple[str, str]]:
    for relation in index.base.relations_to.get(rule.instrument, ()):
        if relation.kind is RelationKind.REPLACES and any(
            inside(rule.article, one) for one in relation.target.articles
        ):
            for own in index.base.rules_of.get(relation.of, ()):
                if own.kind == rule.kind and _puts(own.article, rule.article):
                    yield relation.of, own.article


def _puts(own: str, article: str) -> bool:
    """Tell whether a protocol's article such as ``4 (art. 15(1))`` puts an article of that number into the mother."""
    _, art, put = own.partition("art.")
    return bool(art) and inside(article, put.strip().partition("(")[0].strip(" )"))


def _said(value: str | tuple[str, ...] | None) -> set[str]:
    return set() if value is None else {value} if isinstance(value, str) else set(value)


def _shut(case: _Case, instrument: str, articles: Sequence[str]) -> bool:
    shutting = [d for d in case.shutting if d.instrument == instrument]
    return any(excludes(case.index, d, article) for d in shutting for article in articles)


def _concretes(declaration: Declaration, rule: Provision) -> bool:
    if rule.kind == "language":
        return "accepted_languages" in declaration.effect
    if rule.kind == "nationals":
        return "extradites_nationals" in declaration.effect
    return rule.kind == "dual_criminality" and kind_of(declaration) == "dual_criminality"


def _limited(rule: Rule, live: Iterable[Rule]) -> Rule:
    """Note on a ground of refusal what takes a part of it away."""
    if rule.kind not in {"refusal_optional", "refusal_mandatory", "fiscal_offence"}:
        return rule
    for other in live:
        if other.kind != "no_refusal_on_ground":
            continue
        for word in _said(other.value):
            stem = word.split("_", maxsplit=1)[0]
            if any(stem in ground.split("_") for ground in (*_said(rule.value), rule.kind)):
                because = Reason("limited", {"article": other.article, "text": other.text}, other.provision)
                return replace(rule, because=because)
    return rule


def _gone(index: Index, provision: Provision, by: Reason) -> Rule:
    key = f"{provision.id} {by}"
    found = index.views.get(key)
    if found is None:
        found = index.views[key] = replace(ruled(index, provision), undone=by)
    return found


def ruled(index: Index, provision: Provision) -> Rule:
    """Return a provision as a rule of an answer, before anything is done to it."""
    found = index.views.get(provision.id)
    if found is None:
        found = index.views[provision.id] = Rule(
            provision=provision.id,
            article=f"{index.base.instruments[provision.instrument].reference} Art. {provision.article}",
            kind=provision.kind,
            value=provision.value,
            text=provision.text,
            source=provision.source,
            basis=str(provision.basis),
            unsure=provision.unsure,
            amount=provision.amount if provision.amount is not None else provision.threshold,
            unit=provision.unit,
            step=provision.step,
            further=tuple((limit.step, limit.amount, limit.unit) for limit in provision.further),
            measures=provision.measures,
            instrument=provision.instrument,
        )
    return found
