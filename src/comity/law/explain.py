"""The answer in prose, in English or Ukrainian, from the same structure the JSON is made of.

Order: what is asked; the legal basis, why, and what it demands, in the order in which an officer writes a request; what holds where
no treaty does; what was not stated and would change the answer; what may be relied on beside it; other ways; what does not apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from comity.law.base import LawBase
from comity.law.model import Authority
from comity.law.resolution import Ask, Basis, Excluded, Resolution, Rule
from comity.law.wording import Wording

__all__ = ["explain"]

_QUIET = {
    "not_provided": "silent",
    "out_of_scope": "outside",
    "not_party": "no_party",
    "signed": "no_party",
    "one_side": "partner",
}
"""Reasons of exclusion that are told together, not one by one, by the heading under which they stand."""

_TOGETHER = ("silent", "outside", "no_party", "partner")

_SAID = {
    "asks": (
        "{here} asks {there} for: {measures}{offences}. Date of the request: {on}.",
        "Запитуюча держава: {here}. Запитувана держава: {there}. Просять про: {measures}{offences}. Дата запиту: {on}.",
    ),
    "offences": (", in a case of {names}", ", у справі про: {names}"),
    "answer": ("Legal basis: {named}.", "Правова підстава: {named}."),
    "for": ("Legal basis for {measures}: {named}.", "Правова підстава ({measures}): {named}."),
    "next": ("Next in order: {named}.", "Наступна за порядком: {named}."),
    "contested": ("Contested, so that a person has to decide: {named}.", "Спірна підстава, вирішує людина: {named}."),
    "none": (
        "No treaty applies between the two states for this.",
        "Між двома державами щодо цього не діє жоден договір.",
    ),
    "partly": ("For {measures} no treaty applies.", "Жоден договір не діє щодо такого: {measures}."),
    "why": ("Why: {why}", "Чому: {why}"),
    "also": (
        "For its other duties one may rely beside it on: {named}.",
        "Поряд із цим, щодо його інших обов'язків, можна посилатися на: {named}.",
    ),
    "also_if": (
        "If its conditions are met, one may rely beside it, for its other duties, on: {named}.",
        "Якщо дотримано його умов, поряд із цим, щодо його інших обов'язків, можна посилатися на: {named}.",
    ),
    "authorities": ("Authorities of {state}: {named}.", "Органи ({state}): {named}."),
    "demands": ("What holds for this request:", "Що діє для цього запиту:"),
    "undone": ("What does not apply, and what took its place:", "Що не застосовується і що його заступило:"),
    "excluded": ("Not applicable:", "Не застосовуються:"),
    "quiet": ("Also not applicable:", "Також не застосовуються:"),
    "silent": (
        "they bind both states but are silent on the measure",
        "зв'язують обидві держави, але про захід у них не йдеться",
    ),
    "outside": ("the offence is outside their scope", "злочин поза їхньою сферою дії"),
    "no_party": ("one of the two states is no party", "одна з держав не є стороною"),
    "partner": ("made with partners other than these two", "укладені з іншими партнерами"),
    "asked": ("Not stated, and would change the answer:", "Не зазначено, а змінило б відповідь:"),
    "decides": (" (this decides {on})", " (від цього залежить, {on})"),
    "ways": ("Other ways that may serve:", "Інші можливі шляхи:"),
    "instead": ("What holds instead:", "Що діє натомість:"),
    "base": (
        (
            "Answered from law base {release}, digest {digest}. The texts are Comity's own summaries, not official text. "
            "An asterisk (*) marks what is recalled from knowledge and has to be checked against the text before it is relied on; "
            "the rest was looked up."
        ),
        (
            "Відповідь за базою права {release}, відбиток {digest}. Тексти й переклад – власний виклад Comity, не офіційний текст. "
            "Зірочка (*) позначає наведене з пам'яті: перш ніж на нього покладатися, звірте його з текстом; решту звірено за джерелом."
        ),
    ),
    "recalled": ("*", "*"),
    "unsure": (" (unsure)", " (непевно)"),
}

_ORDER = (
    *("legal_basis", "channel", "authority", "issuing_authority", "language", "request_content", "form_authentication"),
    *(
        "scope",
        "legal_basis",
        "issuing_conditions",
        "request_ground",
        "condition",
        "consent",
        "measure_rule",
        "obligation",
    ),
    *("dual_criminality", "penalty_threshold", "fiscal_offence", "proportionality"),
    *("refusal_mandatory", "refusal_optional", "nationals", "no_refusal_on_ground", "guarantee", "ne_bis_in_idem"),
    *("time_limit", "urgent_procedure", "postponement", "reasons", "exclusion"),
    *("speciality", "confidentiality", "data_protection", "follow_up", "costs", "reciprocity"),
)
"""Kinds of rules in the order in which a request is written; the others follow as they stand."""

_PLACE = {kind: number for number, kind in enumerate(_ORDER)}

_ADDS = frozenset(
    "no_refusal_on_ground obligation measure_rule spontaneous_information time_limit urgent_procedure".split()
)
"""Kinds of rules for which an instrument is also relied on beside the basis that goes first."""


def explain(resolution: Resolution, base: LawBase, language: str = "en") -> str:
    """Return the answer as paragraphs separated by empty lines; ``language`` is ``en`` or ``uk``."""
    return "\n\n".join(_paragraphs(resolution, Wording(base, language)))


def _say(words: Wording, key: str, **fields: str) -> str:
    return words.pick(*_SAID[key]).format(**fields)


def _paragraphs(r: Resolution, words: Wording) -> Iterator[str]:
    q = r.question
    names = ", ".join(_low(words.offence(name)) for name in q.offences)
    asked = _say(
        words,
        "asks",
        here=words.called(q.requesting),
        there=words.called(q.requested),
        measures=_measures(q.measures, words),
        offences=_say(words, "offences", names=names) if names else "",
        on=words.day(q.on),
    )
    yield asked[0].upper() + asked[1:]
    firm = [basis for basis in r.bases if basis.status != "residual"]
    if not firm:
        yield _say(words, "none")
    for basis in firm:
        yield _basis(basis, words, first=basis is firm[0], alone=basis.measures == q.measures)
    if r.fallback:
        covered = {measure for basis in firm for measure in basis.measures}
        open_ = _measures((name for name in q.measures if name not in covered), words)
        lead = [_say(words, "partly", measures=open_)] if firm else []
        yield "\n".join([*lead, _say(words, "instead"), *_rules(r.reciprocity, words)])
    if r.questions:
        yield "\n".join([_say(words, "asked"), *(f"  - {_ask(ask, words)}" for ask in r.questions)])
    for basis in r.bases:
        if basis.status == "residual":
            yield _beside(basis, words)
    if r.alternatives:
        yield "\n".join([_say(words, "ways"), *(f"  - {words.rule_text(rule)}" for rule in r.alternatives)])
    yield from _excluded(r.excluded, words)
    yield _say(words, "base", release=r.release, digest=r.lawbase_digest[:16])


def _low(title: str) -> str:
    """Return a title as it stands within a sentence: ``DNA profile`` keeps its capital, ``Fraud`` does not."""
    return title[0].lower() + title[1:] if title[1:2].islower() else title


def _measures(names: Iterable[str], words: Wording) -> str:
    return ", ".join(_low(words.measure(name)) for name in names)


def _basis(basis: Basis, words: Wording, *, first: bool, alone: bool) -> str:
    key = "contested" if basis.status == "contested" else "for" if not alone else "answer" if first else "next"
    measures = _measures(basis.measures, words)
    lines = [_say(words, key, named=words.named(basis.instrument), measures=measures), _why(basis, words)]
    if basis.authorities:
        ordered = sorted(basis.authorities, key=lambda one: one.roles == ("policy",))
        named = "; ".join(_authority(one, words) for one in ordered)
        lines.append(_say(words, "authorities", state=words.called(basis.authorities[0].state), named=named))
    if basis.rules:
        lines += [_say(words, "demands"), *_rules(basis.rules, words, basis.instrument)]
    if basis.undone:
        lines.append(_say(words, "undone"))
        lines += [
            f"  - {_article(rule, words, basis.instrument)}: {words.content(rule)} → {words.undone_by(rule)}"
            for rule in basis.undone
        ]
    return "\n".join(lines)


def _authority(one: Authority, words: Wording) -> str:
    roles = ", ".join(words.term(role) for role in one.roles)
    mark = _say(words, "recalled") if one.basis == "recalled" else ""
    return f"{words.authority(one)} ({roles}){mark}"


def _rules(rules: Iterable[Rule], words: Wording, lead: str = "") -> Iterator[str]:
    ordered = sorted(rules, key=lambda rule: _PLACE.get(rule.kind, len(_PLACE)))
    for kind, each in groupby(ordered, lambda rule: rule.kind):
        title = words.kind(kind)
        yield f"  {title[0].upper()}{title[1:]}"
        yield from (f"  {_line(rule, words, lead)}" for rule in each)


def _beside(basis: Basis, words: Wording) -> str:
    key = "also_if" if any(reason.code == "open_scope" for reason in basis.reasons) else "also"
    adds = [_line(rule, words) for rule in basis.rules if rule.kind in _ADDS]
    return "\n".join([_say(words, key, named=words.named(basis.instrument)), _why(basis, words), *adds])


_PLACING = frozenset({"behind", "behind_by", "beside", "first"})
"""Reasons of the order, which say nothing new of an instrument that only stands beside."""


def _why(basis: Basis, words: Wording) -> str:
    told = [r for r in basis.reasons if basis.status != "residual" or r.code not in _PLACING]
    return _say(words, "why", why=" ".join(words.reason(reason) for reason in told))


def _line(rule: Rule, words: Wording, lead: str = "") -> str:
    marks = _say(words, "recalled") if rule.basis == "recalled" else ""
    marks += _say(words, "unsure") if rule.unsure else ""
    why = words.why(rule)
    whose = f"{words.state(rule.of_state)}: " if rule.of_state and rule.kind in _ORGANS else ""
    return f"  - {whose}{words.content(rule)} – {_article(rule, words, lead)}{marks}" + (f" [{why}]" if why else "")


def _article(rule: Rule, words: Wording, lead: str) -> str:
    """Return where a rule stands; without the name of the basis it is told under, where that is a long one."""
    article, named = words.article(rule), words.reference(lead) if lead else ""
    if len(named) > _LONG and article.startswith(named):
        return article[len(named) :].lstrip(", ") or named
    return article


_ORGANS = frozenset({"authority", "channel"})
"""Kinds of rules of which one has to see at once which of the two states they are of."""

_LONG = 24
"""Letters up to which a reference is repeated in every line, as ``Directive 2014/41/EU`` is."""


def _ask(ask: Ask, words: Wording) -> str:
    text = words.pick(ask.en, ask.uk)
    if not text.startswith(_ASKING):
        text = text.removesuffix("?")
    because = ", ".join(dict.fromkeys(words.because(entry) for entry in ask.because))
    return text + _say(words, "decides", on=because)


_ASKING = ("Чи ", "Як", "За як", "Коли ", "Who ", "Where ", "When ")
"""How a question begins; what begins otherwise names what is missing."""


def _excluded(excluded: Iterable[Excluded], words: Wording) -> Iterator[str]:
    loud = [one for one in excluded if one.reason.code not in _QUIET]
    if loud:
        lines = (
            f"  - {words.named(one.instrument)}: {words.reason(one.reason)}"
            for one in sorted(loud, key=lambda one: not one.missing)
        )
        yield "\n".join([_say(words, "excluded"), *lines])
    quiet: dict[str, dict[str, None]] = {}
    for one in excluded:
        if one.reason.code in _QUIET:
            quiet.setdefault(_QUIET[one.reason.code], {})[words.reference(one.instrument)] = None
    if quiet:
        lines = (f"  - {_say(words, key)}: {'; '.join(quiet[key])}" for key in _TOGETHER if key in quiet)
        yield "\n".join([_say(words, "quiet"), *lines])
