"""Every name a file of the law base uses is in the law base or in its closed lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from comity.law.errors import SchemaError
from comity.law.model import Declaration, Instrument, Relation, Rule
from comity.law.row import STATES, known

if TYPE_CHECKING:
    from comity.law.base import LawBase

__all__ = ["hold"]

EXCLUDED = frozenset({"arrest", "enforcement_of_sentences", "purely_military_offences"})
"""Fields of law an instrument may leave out beside measures (ETS No. 030 Art. 1(2))."""

LEVELS = frozenset({"domestic"})
"""Levels a rule may speak at other than between states."""


def hold(base: LawBase) -> None:
    """Refuse the first name that is not known, saying in which file it stands and what it may have been meant to be."""
    for measure in base.measures.values():
        file = "vocabulary/measures.yaml"
        known([measure.group], base.vocabulary["measure_groups"], "group of measures", file)
        known([measure.coerciveness], base.vocabulary["coerciveness"], "degree of coercion", file)
        known([name for name, _ in measure.articles], base.instruments, "instrument", file)
    for offence in base.offences.values():
        file = "vocabulary/offences.yaml"
        known(offence.eu32, base.vocabulary["eu32"], "entry in the list of 32", file)
        known([each.split(" ")[0] for each in offence.treaty_offences], base.instruments, "instrument", file)
    for treaties in base.treaty_classes.values():
        known(treaties.forms, base.vocabulary["forms"], "form", "vocabulary/treaty_classes.yaml")
    for instrument in base.instruments.values():
        _instrument(base, instrument)
    for rule in base.rules.values():
        _rule(base, rule)
    for relation in base.relations:
        _relation(base, relation)
    for declaration in base.declarations.values():
        _declaration(base, declaration)
    for authority in base.authorities.values():
        known(authority.roles, base.vocabulary["roles"], "role", f"{authority.id}.yaml")
        known(authority.instruments, base.instruments, "instrument", f"{authority.id}.yaml")


def _instrument(base: LawBase, one: Instrument) -> None:
    file = f"instruments/{one.path}/instrument.yaml"
    known(one.forms, base.vocabulary["forms"], "form", file)
    known(one.mothers, base.instruments, "instrument", file)
    for test in (*one.scope.when.tests(), *one.scope.unless.tests()):
        if test.fact == "treaty_offence":
            known([value.split(" ")[0] for value in test.values], base.instruments, "instrument", file)


def _rule(base: LawBase, one: Rule) -> None:
    file, words = f"instruments/{one.id}.yaml", base.vocabulary
    known([one.instrument], base.instruments, "instrument", file)
    known([one.kind], words["kinds"], "kind of rule", file)
    known(one.measures, base.measures, "measure", file)
    values = (one.value,) if isinstance(one.value, str) else one.value or ()
    if one.kind == "request_content":
        known(values, words["request_contents"], "content of a request", file)
    else:
        known(values, {**words["values"], **words["grounds"]}, "value", file)
    known(one.refusal, words["grounds"], "ground", file)
    known(one.excluded, {*base.measures, *EXCLUDED}, "measure or field of law", file)
    known(filter(None, [one.condition]), words["conditions"], "condition", file)
    known(filter(None, [one.level]), LEVELS, "level", file)
    known(filter(None, [one.unit, *(each.unit for each in one.further)]), words["units"], "unit", file)
    known(filter(None, [one.step, *(each.step for each in one.further)]), words["steps"], "step", file)
    named = [each.instrument for each in one.superseded_by]
    known([*named, *([one.declarations.instrument] if one.declarations else ())], base.instruments, "instrument", file)


def _relation(base: LawBase, one: Relation) -> None:
    file = f"instruments/{one.id}.yaml"
    known([one.of], base.instruments, "instrument", file)
    known(filter(None, [one.target.instrument]), {**base.instruments, **base.outside}, "instrument", file)
    known(filter(None, [one.target.treaties]), base.treaty_classes, "class of treaties", file)
    known(one.forms, base.vocabulary["forms"], "form", file)
    known((*one.measures, *one.except_measures), base.measures, "measure", file)
    known(filter(None, [one.territory]), STATES, "state or territory", file)


def _declaration(base: LawBase, one: Declaration) -> None:
    file = f"{one.id}.yaml" if one.id.startswith("states/") else f"instruments/{one.id}.yaml"
    known([one.instrument], {**base.instruments, **base.outside, "*": None}, "instrument", file)
    known([one.kind], base.vocabulary["declaration_kinds"], "kind of declaration", file)
    known(one.effect, base.vocabulary["effects"], "effect", file)
    languages = one.effect.get("accepted_languages", ())
    for language in (languages,) if isinstance(languages, str) else languages:
        if not re.fullmatch("[a-z]{2}", language):
            raise SchemaError(
                f"{file}: {language!r} is not the code of a language (two letters, ISO 639-1).", file=file
            )
    grounds = one.effect.get("refusal_optional", ())
    known((grounds,) if isinstance(grounds, str) else grounds, base.vocabulary["grounds"], "ground", file)
