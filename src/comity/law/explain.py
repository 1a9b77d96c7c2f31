"""The answer in prose, in English or Ukrainian, from the same structure the JSON is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from comity.law.base import LawBase
from comity.law.resolution import Basis, Excluded, Resolution, Rule
from comity.law.wording import Wording

__all__ = ["explain"]

_QUIET = {"out_of_scope", "not_party", "signed", "one_side", "not_provided"}
"""Reasons of exclusion that are told together, not one by one."""

_SAID = {
    "asks": (
        "{here} asks {there} for: {measures}{offences}. Date: {on}.",
        "Держава, що запитує: {here}. Запитувана держава: {there}. Просять: {measures}{offences}. Дата: {on}.",
    ),
    "offences": (", in a case of {names}", ", у справі про: {names}"),
    "answer": ("The legal basis is {title} ({reference}).", "Правова підстава: {title} ({reference})."),
    "none": (
        "No treaty applies between the two states for this.",
        "Між двома державами щодо цього не діє жоден договір.",
    ),
    "partly": ("For {measures} no treaty applies.", "Щодо: {measures} – жоден договір не діє."),
    "why": ("Why: {why}", "Чому: {why}"),
    "also": ("Beside it stands {title} ({reference}): {status}.", "Поряд із ним: {title} ({reference}): {status}."),
    "demands": ("What it says for this request:", "Що він передбачає для цього запиту:"),
    "undone": ("What does not apply, and what undid it:", "Що не застосовується і чим скасоване:"),
    "excluded": ("Not applicable:", "Не застосовуються:"),
    "quiet": (
        "Also not applicable, because one of the two states is no party, the offence is outside the scope, or they are silent on the measure: {names}.",
        "Також не застосовуються, бо одна з держав не є стороною, злочин поза сферою або про захід там не йдеться: {names}.",
    ),
    "asked": ("Not stated, and would change the answer:", "Не зазначено, а змінило б відповідь:"),
    "ways": ("Other ways that may serve:", "Інші можливі шляхи:"),
    "instead": ("What holds instead:", "Що діє натомість:"),
    "base": (
        "Answered from law base {release}, digest {digest}. Provisions marked as recalled are drafts to be checked.",
        "Відповідь за базою права {release}, відбиток {digest}. Положення з позначкою «з пам'яті» слід звірити.",
    ),
    "recalled": (" (recalled)", " (з пам'яті)"),
    "unsure": (" (unsure)", " (непевно)"),
    "of": (" of {state}", " ({state})"),
}

_ADDS = {
    "no_refusal_on_ground",
    "obligation",
    "measure_rule",
    "spontaneous_information",
    "time_limit",
    "urgent_procedure",
}
"""Kinds of rules for which an instrument is also relied on beside the basis that goes first."""

_STATUS = {
    "applicable": ("applicable", "застосовується"),
    "contested": ("contested", "спірно"),
    "residual": ("may also be relied on for its other duties", "можна також посилатися на його інші обов'язки"),
}


def explain(resolution: Resolution, base: LawBase, language: str = "en") -> str:
    """Return the answer as paragraphs separated by empty lines; ``language`` is ``en`` or ``uk``."""
    return "\n\n".join(_paragraphs(resolution, Wording(base, language)))


def _say(words: Wording, key: str, **fields: str) -> str:
    return _SAID[key][words.language == "uk"].format(**fields)


def _paragraphs(r: Resolution, words: Wording) -> Iterator[str]:
    q = r.question
    names = ", ".join(words.offence(name) for name in q.offences)
    yield _say(
        words,
        "asks",
        here=words.state(q.requesting),
        there=words.state(q.requested),
        measures=", ".join(words.measure(name) for name in q.measures),
        offences=_say(words, "offences", names=names) if names else "",
        on=q.on.isoformat(),
    )
    firm = [basis for basis in r.bases if basis.status != "residual"]
    if not firm:
        yield _say(words, "none")
    for basis in firm:
        yield _basis(basis, words)
    if r.fallback:
        covered = {measure for basis in firm for measure in basis.measures}
        open_ = [words.measure(name) for name in q.measures if name not in covered]
        lead = [_say(words, "partly", measures=", ".join(open_))] if firm else []
        yield "\n".join([*lead, _say(words, "instead"), *(_line(rule, words) for rule in r.reciprocity)])
    for basis in r.bases:
        if basis.status == "residual":
            yield _beside(basis, words)
    yield from _listed(r, words)
    yield _say(words, "base", release=r.release, digest=r.lawbase_digest[:16])


def _basis(basis: Basis, words: Wording) -> str:
    title = words.instrument(basis.instrument)
    lines = [_say(words, "answer", title=title, reference=basis.reference), _why(basis, words)]
    if basis.rules:
        lines.append(_say(words, "demands"))
        for kind, rules in groupby(basis.rules, lambda rule: rule.kind):
            lines.append(f"  {words.kind(kind)[0].upper()}{words.kind(kind)[1:]}")
            lines += [f"  {_line(rule, words)}" for rule in rules]
    if basis.undone:
        lines.append(_say(words, "undone"))
        lines += [f"  - {rule.article}: {_content(rule, words)} <- {rule.undone_by}" for rule in basis.undone]
    return "\n".join(lines)


def _beside(basis: Basis, words: Wording) -> str:
    title, status = words.instrument(basis.instrument), _STATUS[basis.status][words.language == "uk"]
    adds = [_line(rule, words) for rule in basis.rules if rule.kind in _ADDS]
    return "\n".join(
        [_say(words, "also", title=title, reference=basis.reference, status=status), _why(basis, words), *adds]
    )


def _why(basis: Basis, words: Wording) -> str:
    return _say(words, "why", why=" ".join(reason.say(words.language) for reason in basis.reasons))


def _line(rule: Rule, words: Wording) -> str:
    marks = _say(words, "recalled") if rule.basis == "recalled" else ""
    marks += _say(words, "unsure") if rule.unsure else ""
    why = f" [{rule.why}]" if rule.why else ""
    return f"  - {_content(rule, words)} – {rule.article}{marks}{why}"


def _content(rule: Rule, words: Wording) -> str:
    value = words.value(rule)
    text = rule.uk if words.language == "uk" and rule.uk else rule.text
    if words.language == "uk" and not rule.uk:
        return value or f"«{text}»"
    return f"{value}: {text}" if value and value != text else text


def _listed(r: Resolution, words: Wording) -> Iterator[str]:
    loud = [one for one in r.excluded if one.reason.code not in _QUIET]
    if loud:
        yield "\n".join([_say(words, "excluded"), *(_excluded(one, words) for one in loud)])
    quiet = dict.fromkeys(words.base.instruments[o.instrument].reference for o in r.excluded if o.reason.code in _QUIET)
    if quiet:
        yield _say(words, "quiet", names="; ".join(quiet))
    if r.questions:
        asked = [f"  - {words.pick(ask.en, ask.uk)} ({ask.fact}; {_because(ask.because)})" for ask in r.questions]
        yield "\n".join([_say(words, "asked"), *asked])
    if r.alternatives:
        yield "\n".join([_say(words, "ways"), *(f"  - {words.pick(a.text, a.uk)}" for a in r.alternatives)])


def _because(because: Iterable[str]) -> str:
    return ", ".join(because)


def _excluded(one: Excluded, words: Wording) -> str:
    instrument = words.base.instruments[one.instrument]
    return (
        f"  - {words.pick(instrument.title, instrument.uk)} ({instrument.reference}): {one.reason.say(words.language)}"
    )
