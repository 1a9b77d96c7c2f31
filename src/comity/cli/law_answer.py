"""How ``comity law resolve`` and ``comity law ask`` print an answer: with its ids, in English or Ukrainian."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comity.law.resolution import Basis, Resolution, Rule
    from comity.law.wording import Wording

__all__ = ["answer_lines", "say"]

_SAID = {
    "none": (
        "No treaty applies. Reciprocity and the law of the requested state:",
        "Жоден договір не діє. Взаємність і право запитуваної держави:",
    ),
    "base": ("Law base {0}, digest {1}; answer {2}", "База права {0}, відбиток {1}; відповідь {2}"),
    "with": ("with {0}", "разом із: {0}"),
    "for": ("for {0}", "щодо: {0}"),
    "why": ("why: {0}", "чому: {0}"),
    "authorities": ("authorities of the requested state", "органи запитуваної держави"),
    "undone": ("undone", "не застосовується"),
    "asked": ("Not stated, and would change the answer (--fact):", "Не зазначено, а змінило б відповідь (--fact):"),
    "out": ("Not applicable:", "Не застосовуються:"),
    "quiet": (
        "no party, offence outside the scope, or nothing on the measure: {0}",
        "держава не є стороною, злочин поза сферою дії або про захід не йдеться: {0}",
    ),
    "ways": ("Other ways:", "Інші шляхи:"),
    "left": ("Not understood: {0}", "Не зрозуміло: {0}"),
}


def say(words: Wording, key: str, *fields: str) -> str:
    """Return one of the headings of an answer."""
    return words.pick(*_SAID[key]).format(*fields)


def answer_lines(r: Resolution, words: Wording) -> Iterable[str]:
    """Return the lines of an answer."""
    q = r.question
    offences = f", {', '.join(words.offence(o) for o in q.offences)}" if q.offences else ""
    yield (
        f"{words.state(q.requesting)} -> {words.state(q.requested)}, {q.on}: "
        + ", ".join(words.measure(m) for m in q.measures)
        + offences
    )
    yield ""
    for basis in r.bases:
        yield from _basis(basis, words)
    if r.fallback:
        yield say(words, "none")
        yield from (_rule(rule, words) for rule in r.reciprocity)
        yield ""
    yield from _rest(r, words)
    yield say(words, "base", r.release, r.lawbase_digest[:16], str(r.digest)[:16])


def _basis(basis: Basis, words: Wording) -> Iterable[str]:
    named = f"{words.reference(basis.instrument)}, {words.instrument(basis.instrument)}"
    yield f"{basis.rank}. {named} ({basis.instrument}): {words.term(basis.status)}"
    if basis.with_:
        yield "   " + say(words, "with", "; ".join(f"{words.reference(n)} ({n})" for n in basis.with_))
    if len(basis.measures) > 1:
        yield "   " + say(words, "for", ", ".join(words.measure(name) for name in basis.measures))
    yield _wrapped(say(words, "why", " ".join(words.reason(reason) for reason in basis.reasons)), 3)
    if basis.status == "residual":
        for rule in basis.rules:
            if rule.kind in {"no_refusal_on_ground", "time_limit", "measure_rule"}:
                yield _rule(rule, words)
        yield ""
        return
    seen = ""
    for rule in basis.rules:
        if rule.kind != seen:
            seen = rule.kind
            yield f"   {words.kind(seen)}"
        yield _rule(rule, words)
    if basis.authorities:
        yield f"   {say(words, 'authorities')}"
        for one in basis.authorities:
            roles = ", ".join(words.term(role) for role in one.roles)
            yield _wrapped(f"- {words.authority(one)}: {roles} [{words.term(one.basis)}]", 6)
    if basis.undone:
        yield f"   {say(words, 'undone')}"
        for rule in basis.undone:
            yield _wrapped(f"- {words.article(rule)} ({words.kind(rule.kind)}) <- {words.undone_by(rule)}", 6)
    yield ""


def _rule(rule: Rule, words: Wording) -> str:
    marks = words.term(rule.basis) + (f", {words.term('unsure')}" if rule.unsure else "")
    why = f" ({words.why(rule)})" if rule.because else ""
    return _wrapped(f"- {words.content(rule)}{why} [{words.article(rule)}; {marks}]", 6)


def _rest(r: Resolution, words: Wording) -> Iterable[str]:
    if r.questions:
        yield say(words, "asked")
        for ask in r.questions:
            yield _wrapped(f"- {ask.fact}: {words.pick(ask.en, ask.uk)} [{', '.join(ask.because)}]", 2)
        yield ""
    quiet = {"out_of_scope", "not_party", "signed", "one_side", "not_provided"}
    loud = [one for one in r.excluded if one.reason.code not in quiet]
    if r.excluded:
        yield say(words, "out")
        for one in loud:
            yield _wrapped(f"- {words.reference(one.instrument)} ({one.instrument}): {words.reason(one.reason)}", 2)
        rest = dict.fromkeys(one.instrument for one in r.excluded if one.reason.code in quiet)
        if rest:
            yield _wrapped(f"- {say(words, 'quiet', ', '.join(rest))}", 2)
        yield ""
    if r.alternatives:
        yield say(words, "ways")
        for rule in r.alternatives:
            yield _wrapped(f"- {words.rule_text(rule)} ({rule.value})", 2)
        yield ""


def _wrapped(text: str, indent: int) -> str:
    space = " " * indent
    return textwrap.fill(text, 118, initial_indent=space, subsequent_indent=space + "  ", break_on_hyphens=False)
