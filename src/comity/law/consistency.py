"""Whether the files of a law base fit one another beyond what loading refuses: articles, days, ends of relations, authorities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from comity.law.across import form_measures
from comity.law.documents import last_article
from comity.law.history import declared_in_time
from comity.law.model import Authority, Declaration, Instrument, Knowledge, Relation, RelationKind, Rule, Status, Type
from comity.law.plan import methods
from comity.law.reading import slug
from comity.values import CODES, ENTITIES

if TYPE_CHECKING:
    from comity.law.base import LawBase

__all__ = ["consistent"]


def consistent(base: LawBase) -> Iterator[tuple[str, str]]:
    """Yield (file, what is wrong) over instruments, rules, relations, declarations, authorities and aliases; refuse methods and tables that have not their shape."""
    for instrument in base.instruments.values():
        yield from ((f"instruments/{instrument.path}/instrument.yaml", what) for what in _instrument(base, instrument))
    for rule in base.rules.values():
        yield from ((f"instruments/{rule.id}.yaml", what) for what in _rule(base, rule))
    same: dict[object, Relation] = {}
    for relation in base.relations:
        file = f"instruments/{relation.id}.yaml"
        yield from ((file, what) for what in _relation(base, relation))
        first = same.setdefault(_said(relation), relation)
        if first is not relation:
            yield file, f"it says what instruments/{first.id}.yaml says already"
    for declaration in base.declarations.values():
        where = declaration.id if declaration.id.startswith("states/") else f"instruments/{declaration.id}"
        yield from ((f"{where}.yaml", what) for what in _declaration(base, declaration))
    for authority in base.authorities.values():
        yield from ((f"{authority.id}.yaml", what) for what in _authority(base, authority))
    yield from (("vocabulary/measures.yaml", what) for what in _aliases(base))
    for method in methods(base).values():
        if method.basis not in set(Knowledge):
            yield f"methods/{method.id}.yaml", f"basis {method.basis!r} is none of {', '.join(Knowledge)}"
    form_measures(base)


def _instrument(base: LawBase, one: Instrument) -> Iterator[str]:
    if one.status is Status.REPEALED and one.ended is None:
        yield "it is repealed, but the day it ended is missing"
    if one.entry_into_force and one.entry_into_force < one.adopted:
        yield f"in force on {one.entry_into_force}, before its adoption on {one.adopted}"
    if one.ended and one.ended < (one.entry_into_force or one.adopted):
        yield f"it ended on {one.ended}, before it began on {one.entry_into_force or one.adopted}"
    if one.id in _mothers(base, one.id):
        yield "it is its own mother"
    if one.type is Type.PROTOCOL and not one.mothers and re.search(r"protocol to ", one.title, re.IGNORECASE):
        yield "it is a protocol to another instrument, and names no mother"


def _mothers(base: LawBase, name: str) -> frozenset[str]:
    found: set[str] = set()
    open_ = list(base.instruments[name].mothers)
    while open_:
        each = open_.pop()
        if each not in found:
            found.add(each)
            open_ += base.instruments[each].mothers
    return frozenset(found)


def _rule(base: LawBase, rule: Rule) -> Iterator[str]:
    yield from _exists(base, rule.instrument, rule.article)
    yield from _cited(base, rule.source, rule.instrument)
    for place in rule.superseded_by:
        held = {other.article for other in base.rules_of.get(place.instrument, ())}
        for article in place.articles:
            if not any(each == article or slug(each).startswith(f"{slug(article)}-") for each in held):
                yield f"superseded by {place.instrument} {article}, which has no rule"
    if rule.declarations:
        for article in rule.declarations.articles:
            yield from _exists(base, rule.declarations.instrument, article)
    instrument = base.instruments[rule.instrument]
    if rule.until and rule.until < (instrument.entry_into_force or instrument.adopted):
        yield f"it ends on {rule.until}, before {rule.instrument} began on {instrument.entry_into_force}"
    if rule.from_ and instrument.ended and rule.from_ > instrument.ended:
        yield f"it begins on {rule.from_}, after {rule.instrument} ended on {instrument.ended}"


def _exists(base: LawBase, instrument: str, article: str) -> Iterator[str]:
    """Yield that an article lies after the last one of an instrument."""
    last = last_article(base, instrument)
    if last is None:
        return
    for part in article.split(","):
        number = re.match(r"[0-9]+", part.strip())
        if number and not 0 < int(number[0]) <= last:
            yield f"there is no article {part.strip()} in {instrument}, which ends with article {last} (scope/articles.yaml)"


def _cited(base: LawBase, source: str, instrument: str, target: str = "") -> Iterator[str]:
    """Yield that a source begins with the id of an instrument that is neither the file's own nor the one it points at."""
    named = source.split(" ", maxsplit=1)[0].rstrip(".,:;")
    if named in base.instruments and named not in {instrument, target}:
        yield f"it lies in the folder of {instrument}, and its source is {source}"


def _relation(base: LawBase, one: Relation) -> Iterator[str]:
    if one.kind is not RelationKind.STANDALONE and not (one.target.instrument or one.target.treaties):
        yield "it points at nothing"
    if one.target.instrument == one.of:
        yield "it points at its own instrument"
    if one.from_ and one.until and one.until < one.from_:
        yield f"it ends on {one.until}, before it begins on {one.from_}"
    if len(one.between) == 1:
        yield f"it is limited to relations between {one.between[0]} and no other state"
    yield from _cited(base, one.source, one.of, one.target.instrument)
    for instrument, articles in ((one.of, one.own_articles), (one.target.instrument, one.target.articles)):
        for article in articles:
            yield from _exists(base, instrument, article)


def _said(one: Relation) -> object:
    return (one.of, one.kind, one.target, one.article, one.own_articles, *_limits(one))


def _limits(one: Relation) -> tuple[object, ...]:
    return (one.forms, one.measures, one.except_measures, one.between, one.when, one.looks_at, one.from_, one.until)


def _declaration(base: LawBase, one: Declaration) -> Iterator[str]:
    yield from declared_in_time(base, one)
    if not one.effect:
        yield "it has no effect"
    for article in one.articles:
        yield from _exists(base, one.instrument, article)
    for article in _texts(one, "excluded_articles"):
        yield from _exists(base, one.instrument, article)
    chapters = base.documents["scope/chapters"]["chapters"].get(one.instrument, {})
    for chapter in _texts(one, "excluded_chapters"):
        if chapter not in chapters:
            known = ", ".join(chapters) or "none"
            yield f"there is no chapter {chapter} of {one.instrument} in scope/chapters.yaml; it has {known}"
    for state in _texts(one, "excluded_states"):
        if state not in CODES:
            yield f"it excludes {state!r}, which is not the code of a state"
    for days in _texts(one, "min_days_before_hearing"):
        if not (days.isascii() and days.isdigit()):
            yield f"min_days_before_hearing {days!r} is not a whole number"


def _texts(declaration: Declaration, effect: str) -> tuple[str, ...]:
    value = declaration.effect.get(effect, ())
    return (value,) if isinstance(value, str) else value


def _authority(base: LawBase, one: Authority) -> Iterator[str]:
    if not one.roles:
        yield "it has no role"
    for instrument in one.instruments:
        if one.state not in ENTITIES and not base.membership(instrument, one.state).events:
            path = base.instruments[instrument].path
            yield f"{one.state} takes no part in {instrument} (instruments/{path}/participation.yaml)"


def _aliases(base: LawBase) -> Iterator[str]:
    held: dict[str, str] = {}
    for measure in base.measures.values():
        for alias in {alias.casefold() for alias in (*measure.aliases, measure.title, measure.id)}:
            other = held.setdefault(alias, measure.id)
            if other != measure.id:
                yield f"{alias!r} is a name of {other} and of {measure.id}"
