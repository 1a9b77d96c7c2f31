"""What the law base says at an id, in prose: instruments, provisions, declarations, relations and authorities with how they are known."""

from __future__ import annotations

from collections.abc import Iterator

from comity.law.article import facts_at
from comity.law.base import LawBase
from comity.law.declarations import declared
from comity.law.field import article_of
from comity.law.index import index_of
from comity.law.model import Authority, Cited, Declaration, Instrument, Relation, Rule
from comity.law.provisions import ruled
from comity.law.resolution import Rule as Told
from comity.law.wording import Wording

__all__ = ["explain_article"]

_SAID = {
    "adopted": ("Adopted {day}", "Прийнято {day}"),
    "force": ("in force from {day}", "чинність з {day}"),
    "ended": ("until {day}", "до {day} включно"),
    "scope": ("Offences: {text}.", "Злочини: {text}."),
    "forms": ("Forms of cooperation: {forms}.", "Форми співпраці: {forms}."),
    "depositary": ("Depositary: {text}.", "Депозитарій: {text}."),
    "from": ("from {day}", "з {day}"),
    "until": ("until {day}", "до {day} включно"),
    "named": ("Named for: {names}.", "Визначено для: {names}."),
    "known": ("{basis}{unsure}; source: {source}", "{basis}{unsure}; джерело: {source}"),
    "unsure": (", unsure", ", непевно"),
    "note": (
        "The texts are Comity's own summaries, not official text. Law base {release}, digest {digest}.",
        "Тексти й переклад – власний виклад Comity, не офіційний текст. База права {release}, відбиток {digest}.",
    ),
}


def explain_article(base: LawBase, name: str, language: str = "en") -> str:
    """Return what stands at an id, or at all ids below it, as paragraphs; raise `UnknownReferenceError` where nothing does."""
    words = Wording(base, language)
    told = ["\n".join((*_fact(fact, base, words), f"  {_known(fact, words)}")) for _, fact in facts_at(base, name)]
    return "\n\n".join((*told, _say(words, "note", release=base.release, digest=base.digest[:16])))


def _say(words: Wording, key: str, **fields: str) -> str:
    return words.pick(*_SAID[key]).format(**fields)


def _fact(fact: Cited, base: LawBase, words: Wording) -> Iterator[str]:
    if isinstance(fact, Instrument):
        yield from _instrument(fact, words)
    elif isinstance(fact, Rule):
        yield from _told(ruled(index_of(base), fact), words)
    elif isinstance(fact, Declaration):
        yield from _told(declared(index_of(base), fact), words)
        if days := [
            _say(words, key, day=words.day(day))
            for key, day in (("from", fact.valid_from), ("until", fact.valid_to))
            if day is not None
        ]:
            yield f"  {', '.join(days)}"
    elif isinstance(fact, Relation):
        yield from _relation(fact, words)
    elif isinstance(fact, Authority):
        roles = ", ".join(words.term(role) for role in fact.roles)
        yield f"{words.state(fact.state)}: {words.authority(fact)} ({roles})"
        if names := [words.reference(one) for one in fact.instruments if one in base.instruments]:
            yield f"  {_say(words, 'named', names='; '.join(names))}"


def _instrument(one: Instrument, words: Wording) -> Iterator[str]:
    yield words.named(one.id)
    days = [("adopted", one.adopted), ("force", one.entry_into_force), ("ended", one.ended)]
    dated = ", ".join(_say(words, key, day=words.day(day)) for key, day in days if day is not None)
    yield f"  {dated}; {words.term(one.status)}; {words.term(one.type)}."
    yield f"  {_say(words, 'scope', text=words.term(one.scope.text))}"
    yield f"  {_say(words, 'forms', forms='; '.join(words.form(form) for form in one.forms))}"
    yield f"  {_say(words, 'depositary', text=words.text(one.depositary))}"


def _told(rule: Told, words: Wording) -> Iterator[str]:
    yield f"{words.article(rule)}: {words.kind(rule.kind)}"
    yield f"  {words.content(rule)}"


def _relation(edge: Relation, words: Wording) -> Iterator[str]:
    treaties = words.base.treaty_classes.get(edge.target.treaties)
    if edge.target.instrument in words.base.instruments:
        target = words.named(edge.target.instrument)
    elif edge.target.instrument:
        target = words.text(words.base.outside[edge.target.instrument].title)
    else:
        target = words.pick(treaties.title, treaties.uk) if treaties else ""
    yield f"{words.reference(edge.of)} {words.relation(edge.kind)}: {target}".removesuffix(": ")
    yield f"  {words.text(edge.text)}" + (
        f" – {words.cite(article_of(words.base, edge))}" if edge.article != "-" else ""
    )


def _known(fact: Cited, words: Wording) -> str:
    unsure = _say(words, "unsure") if fact.unsure else ""
    return _say(words, "known", basis=words.term(fact.basis), unsure=unsure, source=fact.source)
