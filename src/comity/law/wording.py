"""The words of an answer in English or Ukrainian: states, languages, closed values, citations, and the texts of the law base.

Names of states and languages are those of CLDR (through Babel). Closed lists and titles carry their Ukrainian wording in the law
base; every other text has it in the catalogue (`comity.law.catalogue`). A text without wording stays English, between quotation
marks, so that it is seen. Names of states stand in the nominative in every sentence, because nothing declines them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from babel import Locale
from babel.dates import format_date

from comity.law.base import LawBase
from comity.law.catalogue import LISTS, catalogue_of
from comity.law.index import index_of
from comity.law.measuring import measured
from comity.law.model import Authority, Declaration
from comity.law.reason import CITED, DAYS, LISTED, STATES, TEXTS, Reason
from comity.law.resolution import Rule
from comity.law.terms import KINDS, RELATIONS, TERMS
from comity.values import StateCode

__all__ = ["Wording"]


@lru_cache(maxsize=2)
def _locale(language: str) -> Locale:
    return Locale(language)


class Wording:
    """The words of one law base in one language, ``en`` or ``uk``."""

    def __init__(self, base: LawBase, language: str = "en") -> None:
        self.base = base
        self.language = "uk" if language == "uk" else "en"
        self.catalogue = catalogue_of(base, self.language)
        self._facts: Mapping[str, str] = {one.en: one.uk for one in index_of(base).regime.facts.values()} | _OWN

    def pick(self, en: str, uk: str) -> str:
        """Return the text in the language; where there is no Ukrainian one, the English one in quotation marks."""
        if self.language == "en":
            return en
        return uk or f"«{en}»"

    def text(self, text: str) -> str:
        """Return a text of the law base in the language."""
        if self.language == "en" or not text:
            return text
        return self.catalogue.get(text) or self._facts.get(text) or self._known(text) or f"«{text}»"

    def _known(self, text: str) -> str:
        """Return the text where it is the same in both languages: articles, numbers."""
        return "" if re.search(r"[a-z]{2}", text) else text

    def state(self, code: StateCode | str) -> str:
        """Return the name of a state."""
        return str(_locale(self.language).territories.get(code, code))

    def called(self, code: StateCode | str) -> str:
        """Return the name of a state as it stands in a sentence: with its article, where English gives it one."""
        return f"the {self.state(code)}" if self.language == "en" and code in _WITH_ARTICLE else self.state(code)

    def tongue(self, code: str) -> str:
        """Return the name of a language."""
        return str(_locale(self.language).languages.get(code, code))

    def day(self, on: date | str) -> str:
        """Return a day in words: ``9 June 1998``, ``9 червня 1998 року``; one that is not known is said so."""
        if on == "?":
            return self.pick("an unknown day", "невідомого дня")
        found = date.fromisoformat(on) if isinstance(on, str) else on
        return format_date(found, self.pick("d MMMM y", "d MMMM y 'року'"), locale=self.language)

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
        return self.pick(found.title, found.uk or self.catalogue.get(found.title))

    def named(self, name: str) -> str:
        """Return the title of an instrument with how it is cited, once where the one holds the other."""
        title, reference = self.instrument(name), self.reference(name)
        return title if reference.casefold() in title.casefold() else f"{title} ({reference})"

    def reference(self, name: str) -> str:
        """Return how an instrument is cited."""
        return self.text(self.base.instruments[name].reference)

    def short(self, name: str) -> str:
        """Return what an instrument is called in a sentence, with how it is cited."""
        return self._called(self.base.instruments[name].short)

    def kind(self, name: str) -> str:
        """Return the heading of a kind of rule."""
        for words in ("kinds", "declaration_kinds"):
            if (term := self.base.vocabulary[words].get(name)) is not None:
                return self.pick(term.title, term.uk)
        return self.pick(*KINDS.get(name, (name.replace("_", " "), "")))

    def term(self, word: str) -> str:
        """Return a closed value in words; what is in no list is a text of the law base."""
        for words in LISTS:
            if (term := self.base.vocabulary[words].get(word)) is not None:
                return self.pick(term.title, term.uk)
        if word in TERMS:
            return self.pick(*TERMS[word])
        return self.text(word) if self.language == "uk" else word.replace("_", " ")

    def relation(self, kind: str) -> str:
        """Return how one instrument stands to another, as said between the two: ``takes the place of``."""
        return self.pick(*RELATIONS[kind])

    def form(self, name: str) -> str:
        """Return the title of a form of cooperation, given as it stands in a reason."""
        term = self.base.vocabulary["forms"].get(name.replace(" ", "_"))
        return self.pick(term.title, term.uk) if term else self.pick("cooperation", "співпраця")

    def value(self, rule: Rule) -> str:
        """Return the value of a rule in words: terms, languages, numbers with their units; "" where it has none."""
        declaration = self.base.declarations.get(rule.provision)
        values = () if rule.value is None else (rule.value,) if isinstance(rule.value, str) else rule.value
        if rule.kind == "language":
            return ", ".join(self.tongue(v) if len(v) == 2 else self.term(v) for v in values)
        if declaration is not None and rule.kind != "reciprocity" and _PLAIN.isdisjoint(declaration.effect):
            return "; ".join(filter(None, (self._effect(declaration, name) for name in declaration.effect)))
        said = [self.term(v) for v in values]
        if rule.amount is not None:
            said.append(self.amount(rule.amount, rule.unit, rule.step))
        said += [self.amount(amount, unit, step) for step, amount, unit in rule.further]
        return "; ".join(said) if rule.kind != "request_content" else ", ".join(said)

    def _effect(self, declaration: Declaration, name: str) -> str:
        value = declaration.effect[name]
        texts = (value,) if isinstance(value, str) else value
        term = self.base.vocabulary["effects"].get(name)
        title = self.pick(term.title, term.uk) if term else name.replace("_", " ")
        if texts == ("yes",):
            return title
        if name in {"excluded_states", "excluded_territories", "suspended_towards"}:
            return f"{title}: {', '.join(self.state(code) for code in texts)}"
        return f"{title}: {', '.join(self.pick('no', 'ні') if text == 'no' else self.term(text) for text in texts)}"

    def amount(self, amount: int, unit: str, step: str = "") -> str:
        """Return a number with its unit and, in brackets, what it is the limit of."""
        term = self.base.vocabulary["units"].get(unit)
        told = measured(amount, unit, self.language) or f"{amount} {self.pick(term.title, term.uk) if term else unit}"
        return told + (f" ({self.term(step)})" if step else "")

    def rule_text(self, rule: Rule) -> str:
        """Return the text of a rule."""
        return rule.uk if self.language == "uk" and rule.uk else self.text(rule.text)

    def content(self, rule: Rule) -> str:
        """Return what a rule says: its value and its text; the text alone where it is a sentence or says the value already."""
        value, text = self.value(rule), self.rule_text(rule)
        if text.endswith("."):
            return text.removesuffix(".")
        if not value or _says(text, value):
            return text
        return f"{value} ({text})" if ": " in value else f"{value}: {text}"

    def article(self, rule: Rule) -> str:
        """Return where a rule stands: the article, or a state's declaration to it, or its own law."""
        return self.placed(rule.provision, rule.article)

    def placed(self, provision: str, article: str) -> str:
        """Return where a rule stands by its id and its article as the JSON of an answer has them."""
        declaration = self.base.declarations.get(provision)
        if declaration is None:
            return self.cite(article)
        state = self.pick("every state that made one", "кожна держава, що її зробила")
        state = state if declaration.state == "*" else self.called(declaration.state)
        instrument = self.base.instruments.get(declaration.instrument)
        outside = self.base.outside.get(declaration.instrument)
        article = "" if declaration.article == "-" else declaration.article
        if instrument is None and outside is None:
            own = self.pick(f"law of {state}", f"національне право: {state}")
            return f"{self.cite(article)}, {own}" if article and not article[:1].isdigit() else own
        name = instrument.reference if instrument else outside.title if outside else ""
        where = self.cite(f"{name} Art. {article}" if article else name)
        term = self.base.vocabulary["declaration_kinds"].get(declaration.kind)
        named = term is not None and declaration.kind in _ACTS
        what = self.pick(term.title, term.uk) if named and term else self.pick("declaration", "заява")
        return f"{where}, {what}{self.pick(' of ', ': ')}{state}"

    def cite(self, citation: str) -> str:
        """Return a citation such as ``ETS No. 030 Art. 14(1)`` or ``ETS No. 141, scope`` in the language."""
        citation = re.sub(r",(?=[^ ])", ", ", citation)
        if self.language == "en" or not citation:
            return citation
        if found := self.catalogue.get(citation):
            return found
        named, art, article = citation.partition(" Art. ")
        if art:
            return f"{self.text(named)}, ст. {_words_of(article)}"
        if citation.endswith(", scope"):
            return f"{self.text(citation.removesuffix(', scope'))}, сфера дії"
        named, chapter, number = citation.partition(" ch. ")
        return f"{self.text(named)}, розд. {number}" if chapter else self.text(_words_of(citation))

    def reason(self, reason: Reason) -> str:
        """Return a reason as a sentence, states by their names, days in words, texts in the language."""
        fields = reason.fields
        if reason.code == "bound" and fields["a_since"] == fields["b_since"]:
            reason, fields = Reason("bound_both", {"day": fields["a_since"]}), {}
        cited = fields.get("article", "")

        def put(name: str, value: str) -> str:
            reference = _references(self.base).get(value)
            known = reference is not None and cited.startswith(reference)
            return self.text(value) if known else self._field(name, value)

        said = reason.say(self.language, put)
        return said[0].upper() + said[1:] if said.endswith(".") else said

    def why(self, rule: Rule) -> str:
        """Return what limited or decided a rule, or ""."""
        return self.reason(rule.because) if rule.because else ""

    def undone_by(self, rule: Rule) -> str:
        """Return what took a rule's place, or ""."""
        return self.reason(rule.undone) if rule.undone else ""

    def because(self, entry: str) -> str:
        """Return, as a clause, what a question back decides: whether an instrument applies, what a provision says here, ..."""
        if entry in self.base.instruments:
            return self.pick("whether {} applies", "чи застосовується {}").format(self.reference(entry))
        if entry.startswith("states/") and entry.endswith("/authorities"):
            return self.pick("which authority is competent", "який орган компетентний")
        under = self.pick("what holds under {}", "яке правило діє: {}")
        if (rule := self.base.rules.get(entry)) is not None:
            return under.format(self.cite(f"{self.base.instruments[rule.instrument].reference} Art. {rule.article}"))
        if (declaration := self.base.declarations.get(entry)) is not None:
            return self.pick("what {} declared", "що заявила держава ({})").format(self.state(declaration.state))
        return under.format(self.cite(entry))

    def authority(self, authority: Authority) -> str:
        """Return the name of an authority."""
        return self.text(authority.name)

    def _field(self, name: str, value: str) -> str:
        if name in STATES:
            return self.called(value)
        if name in DAYS:
            return self.day(value)
        if name in LISTED:
            each, joint = (self.cite, ", ") if name in CITED else (self._listed, "; ")
            return joint.join(each(one) for one in value.split("; "))
        if name in CITED:
            return self.cite(value)
        if name == "form":
            return self.form(value)
        return self._called(value) if name in TEXTS else value

    def _listed(self, text: str) -> str:
        if self.language == "en":
            return text
        words, colon, number = text.rpartition(": ")
        if colon and number.isdigit():
            return f"{self.text(words)}: {number}"
        titles = {term.title: term.uk for term in self.base.vocabulary["eu32"].values()}
        return titles.get(text) or self.text(text)

    def _called(self, text: str) -> str:
        """Return a text; the short name of an instrument with how the instrument is cited."""
        reference = _references(self.base).get(text)
        said = self.text(text)
        return said if reference is None or reference == text else f"{said} ({self.text(reference)})"


def _references(base: LawBase) -> Mapping[str, str]:
    kept = _SHORTS.get(base.digest)
    if kept is None:
        _SHORTS.clear()
        kept = _SHORTS[base.digest] = {one.short: one.reference for one in base.instruments.values()}
    return kept


_SHORTS: dict[str, Mapping[str, str]] = {}


def _words_of(article: str) -> str:
    found = article.replace("art. ", "ст. ").replace("rec. ", "мотиви ").replace("(as a model)", "(як зразок)")
    return re.sub(r"(?<=[0-9)])-(?=[0-9(])", "–", found)


_WORD = re.compile(r"\w+")


def _says(text: str, value: str) -> bool:
    """Tell whether a text says a value: its numbers, and most of its words by their first four letters."""
    held = {word[:4] for word in _WORD.findall(text.casefold())}
    words = _WORD.findall(value.casefold())
    stems = {word[:4] for word in words if len(word) > 3}
    return all(word in held for word in words if word.isdigit()) and len(stems & held) >= 0.6 * len(stems)


_PLAIN = frozenset(
    "accepted_languages authorities refusal_optional extra_contents search_seizure_conditions extradites_nationals "
    "min_days_before_hearing".split()
)
"""Effects of declarations that become the value of a rule by themselves."""

_WITH_ARTICLE = frozenset("AE BS CD CF CG DO FO GB GM KM MH MV NL PH SB SC US".split())
"""States whose English name takes an article."""

_ACTS = frozenset({"declaration", "reservation", "understanding", "withdrawal", "non_acceptance"})
"""Kinds of declarations that are named as what they are; the others are declarations on the matter their kind names."""

_OWN = {"for which offence assistance is sought": "за який злочин просять допомоги"}
