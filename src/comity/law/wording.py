"""The words of an answer: states, languages, measures and closed values in English or Ukrainian.

Names of states and languages are those of CLDR (through Babel); everything else is the law base's own vocabulary. A text that
the law base holds in English only stays English, between quotation marks where the rest is Ukrainian.
"""

from __future__ import annotations

from functools import lru_cache

from babel import Locale

from comity.law.base import LawBase
from comity.law.resolution import Rule
from comity.values import StateCode

__all__ = ["Wording"]

_LISTS = ("values", "grounds", "request_contents", "eu32", "steps", "roles")


@lru_cache(maxsize=2)
def _locale(language: str) -> Locale:
    return Locale(language)


class Wording:
    """The words of one law base in one language, ``en`` or ``uk``."""

    def __init__(self, base: LawBase, language: str = "en") -> None:
        self.base = base
        self.language = "uk" if language == "uk" else "en"

    def pick(self, en: str, uk: str) -> str:
        """Return the text in the language; where there is no Ukrainian one, the English one in quotation marks."""
        if self.language == "en":
            return en
        return uk or f"«{en}»"

    def state(self, code: StateCode) -> str:
        """Return the name of a state."""
        return str(_locale(self.language).territories.get(code, code))

    def tongue(self, code: str) -> str:
        """Return the name of a language."""
        return str(_locale(self.language).languages.get(code, code))

    def measure(self, name: str) -> str:
        """Return the title of a measure."""
        found = self.base.measures[name]
        return self.pick(found.title, found.uk)

    def offence(self, name: str) -> str:
        """Return the title of an offence."""
        found = self.base.offences[name]
        return self.pick(found.title, found.uk)

    def instrument(self, name: str) -> str:
        """Return the title of an instrument."""
        found = self.base.instruments[name]
        return self.pick(found.title, found.uk)

    def kind(self, name: str) -> str:
        """Return the heading of a kind of rule."""
        for words in ("kinds", "declaration_kinds"):
            if (term := self.base.vocabulary[words].get(name)) is not None:
                return self.pick(term.title, term.uk)
        return _KINDS.get(name, (name.replace("_", " "), name.replace("_", " ")))[self.language == "uk"]

    def term(self, word: str) -> str:
        """Return a closed value in words; what is in no list is text of the law base and stays as it is."""
        for words in _LISTS:
            if (term := self.base.vocabulary[words].get(word)) is not None:
                return self.pick(term.title, term.uk)
        return _TERMS.get(word, (word.replace("_", " "),) * 2)[self.language == "uk"]

    def value(self, rule: Rule) -> str:
        """Return the value of a rule in words: terms, languages, numbers with their units; "" where it has none."""
        values = () if rule.value is None else (rule.value,) if isinstance(rule.value, str) else rule.value
        if rule.kind == "language":
            return ", ".join(self.tongue(v) if len(v) == 2 else self.term(v) for v in values)
        said = [self.term(v) for v in values]
        if rule.amount is not None:
            said.append(self._amount(rule.amount, rule.unit, rule.step))
        said += [self._amount(amount, unit, step) for step, amount, unit in rule.further]
        return "; ".join(said) if rule.kind != "request_content" else ", ".join(said)

    def _amount(self, amount: int, unit: str, step: str) -> str:
        term = self.base.vocabulary["units"].get(unit)
        named = self.pick(term.title, term.uk) if term else unit.replace("_", " ")
        return f"{amount} {named}" + (f" ({self.term(step)})" if step else "")


_KINDS = {
    "authority": ("authorities", "органи"),
    "exclusion": ("exclusions", "виключення"),
    "alternative": ("another way", "інший шлях"),
}

_TERMS = {
    "may": ("possible, not automatic", "можливо, не автоматично"),
    "not_extradited": ("own nationals are not extradited", "власних громадян не видають"),
    "extradited": ("own nationals may be extradited", "власних громадян можуть видати"),
    "search_and_seizure_a": ("search and seizure: dual criminality", "обшук і вилучення: подвійна криміналізація"),
    "search_and_seizure_b": ("search and seizure: extraditable offence", "обшук і вилучення: злочин, за який видають"),
    "search_and_seizure_c": (
        "search and seizure: consistent with own law",
        "обшук і вилучення: згідно з власним правом",
    ),
    "reciprocity": ("reciprocity", "взаємність"),
    "assurance_offered": ("an assurance is offered", "запевнення у взаємності"),
    "voluntary_disclosure": ("voluntary disclosure", "добровільне розкриття"),
    "diplomatic": ("diplomatic channel", "дипломатичний канал"),
    "requested_state_language": ("a language of the requested state", "мова запитуваної держави"),
    "law_of_requested_state": ("law of the requested state", "право запитуваної держави"),
    "law_of_requesting_state": ("law of the requesting state", "право держави, що запитує"),
    "discretion": ("discretion", "розсуд"),
    "lex_loci": ("law of the requested state", "право запитуваної держави"),
    "as_undertaken": ("as undertaken in the request", "як обіцяно в запиті"),
    "none": ("none", "немає"),
    "by_agreement": ("by agreement", "за домовленістю"),
}
