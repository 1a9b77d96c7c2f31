"""What states declared, as it bears on a measure: reservations, declarations, notifications, and conditions of domestic law.

The declarations of the requested state come first and make general rules concrete. Those of the requesting state bind it, and may
be held against it where the treaty allows reciprocity: possible, never automatic. A chapter or article that a state has shut takes
its rules out and leaves the instrument.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from comity.law.articles import inside, meets
from comity.law.index import Index
from comity.law.model import Declaration, Instrument
from comity.law.question import Question
from comity.law.reason import Reason
from comity.law.resolution import Rule
from comity.values import StateCode

__all__ = ["SHUT", "declarations", "declared", "excludes", "kind_of", "name_of", "own_rules"]

SHUT = frozenset({"excluded_chapters", "excluded_articles"})
"""Effects that take articles of an instrument out."""


def declarations(
    index: Index, question: Question, measure: str, members: Iterable[str], *, of_requested: bool
) -> Iterator[Declaration]:
    """Yield the declarations of one of the two states that hold on the day and bear on the measure."""
    sides = (index.home(question.requested), index.home(question.requesting))
    state, other = sides if of_requested else sides[::-1]
    for name in (*members, "*", *index.base.outside):
        for one in (state, StateCode("*")):
            for declaration in index.base.declarations_of.get((one, name), ()):
                if _holds(declaration, question, other) and _bears(index, declaration, measure):
                    yield declaration


def _holds(declaration: Declaration, question: Question, other: StateCode) -> bool:
    begun = declaration.valid_from is None or declaration.valid_from <= question.on
    over = declaration.valid_to is not None and declaration.valid_to < question.on
    return begun and not over and (not declaration.towards or other in declaration.towards)


def _bears(index: Index, declaration: Declaration, measure: str) -> bool:
    """Tell whether a declaration bears on a measure: by the rules, or the measures, of the articles it is made to."""
    key = (declaration.id, measure)
    found = index.bearing.get(key)
    if found is None:
        found = index.bearing[key] = _bears_on(index, declaration, measure)
    return found


def _bears_on(index: Index, declaration: Declaration, measure: str) -> bool:
    if declaration.instrument not in index.base.instruments:
        extradites = {"extradition", "surrender"}.intersection(index.regime.measure_forms[measure])
        return bool(extradites) or declaration.kind not in {"nationals", "legal_basis"}
    rules = index.base.rules_of.get(declaration.instrument, ())
    at = [rule for rule in rules if any(meets(rule.article, article) for article in declaration.articles)]
    if at:
        return any(index.related(rule, measure) for rule in at)
    named = [
        m.id
        for m in index.base.measures.values()
        for instrument, article in m.articles
        if instrument == declaration.instrument and any(meets(article, one) for one in declaration.articles)
    ]
    return not named or measure in named


_KIND_OF_EFFECT = {
    "accepted_languages": "language",
    "authorities": "authority",
    "refusal_optional": "refusal_optional",
    "extradites_nationals": "nationals",
    "national_definition": "nationals",
    "use_limitation": "speciality",
    "speciality": "speciality",
    "speciality_waived_by": "speciality",
    "min_days_before_hearing": "time_limit",
    "extradition_basis": "legal_basis",
    "consent_required": "consent",
    "dual_criminality": "dual_criminality",
    "excluded_chapters": "exclusion",
    "excluded_articles": "exclusion",
    "excluded_case": "exclusion",
    "copy_to": "channel",
    "central_authority": "channel",
    "urgent_direct": "urgent_procedure",
    "paper_original": "form_authentication",
    "extra_contents": "request_content",
}


def kind_of(declaration: Declaration) -> str:
    """Return the kind of rule a declaration makes."""
    conditions = _texts(declaration, "search_seizure_conditions")
    if conditions:
        return "dual_criminality" if {"a", "b"} & set(conditions) else "condition"
    for effect, kind in _KIND_OF_EFFECT.items():
        if effect in declaration.effect:
            return kind
    return declaration.kind


def _value(declaration: Declaration) -> str | tuple[str, ...] | None:
    effect = declaration.effect
    for name in ("accepted_languages", "authorities", "refusal_optional", "extra_contents"):
        if name in effect:
            return tuple(_texts(declaration, name))
    if "search_seizure_conditions" in effect:
        return tuple(f"search_and_seizure_{one}" for one in _texts(declaration, "search_seizure_conditions"))
    if "extradites_nationals" in effect:
        word = _texts(declaration, "extradites_nationals")[0]
        return {"no": "not_extradited", "yes": "extradited"}.get(word, word)
    if "min_days_before_hearing" in effect:
        return None
    said = [f"{name}: {text}" for name in effect for text in _texts(declaration, name)]
    return tuple(said) or None


def declared(index: Index, declaration: Declaration) -> Rule:
    """Return a declaration as a rule of the answer."""
    found = index.views.get(declaration.id)
    if found is None:
        instrument = index.base.instruments.get(declaration.instrument)
        outside = index.base.outside.get(declaration.instrument)
        title = instrument.reference if instrument else outside.title if outside else ""
        where = f"{title} Art. {declaration.article}" if title else declaration.article
        what = declaration.kind.replace("_", " ") if title else "law"
        days = _texts(declaration, "min_days_before_hearing")
        found = index.views[declaration.id] = Rule(
            provision=declaration.id,
            article=f"{where}, {what} of {declaration.state}",
            kind=kind_of(declaration),
            value=_value(declaration),
            text=declaration.text,
            source=declaration.source,
            basis=str(declaration.basis),
            unsure=declaration.unsure,
            of_state=declaration.state,
            amount=int(days[0]) if days else None,
            unit="days_before_hearing" if days else "",
            instrument=declaration.instrument,
        )
    return found


def own_rules(index: Index, declaration: Declaration) -> Iterator[Rule]:
    """Yield what a declaration of the requesting state means here: its own organs and exclusions, and reciprocity."""
    rule = declared(index, declaration)
    if rule.kind in {"authority", "channel", "exclusion"}:
        yield rule
    for mutual in index.regime.mutual:
        if rule.kind == "exclusion" or mutual.kind not in {declaration.kind, rule.kind}:
            continue
        if mutual.instruments and declaration.instrument not in mutual.instruments:
            continue
        clause = _texts(declaration, "reciprocity") if declaration.instrument in index.base.instruments else []
        own = f"{index.base.instruments[declaration.instrument].reference} Art. {clause[0]}" if clause else ""
        yield replace(
            rule,
            kind="reciprocity",
            value="may",
            because=Reason(
                "mutual",
                {"state": declaration.state, "text": mutual.text, "article": own or mutual.article},
                declaration.id,
            ),
        )
        return


def excludes(index: Index, declaration: Declaration, article: str) -> bool:
    """Tell whether a declaration shuts an article, by itself or with its chapter."""
    chapters = index.regime.chapters.get(declaration.instrument, {})
    gone = [a for chapter in _texts(declaration, "excluded_chapters") for a in chapters.get(chapter, ())]
    gone += _texts(declaration, "excluded_articles")
    return any(inside(article, one) for one in gone)


def name_of(instrument: Instrument, declaration: Declaration) -> Reason:
    """Return what a declaration is called where it undoes something."""
    article = f"{instrument.reference} Art. {declaration.article}"
    return Reason("by_declaration", {"state": declaration.state, "article": article}, declaration.id)


def _texts(declaration: Declaration, effect: str) -> list[str]:
    value = declaration.effect.get(effect, ())
    return [value] if isinstance(value, str) else list(value)
