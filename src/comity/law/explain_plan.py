"""A plan in prose, in English or Ukrainian: the maxim of the method, the steps under their phases, what is still to be stated.

Every step says the measure, the basis with what is read with it, and the channel and the time limits of that basis; the questions stand
once, at the end, with the steps they bear on.
"""

from __future__ import annotations

from collections.abc import Iterator

from comity.law.base import LawBase
from comity.law.plan import Plan, Step, elements, told
from comity.law.wording import Wording

__all__ = ["explain_plan"]

_SAID = {
    "head": (
        "{title}. Investigating state: {home}. Date: {on}.",
        "{title}. Держава, що розслідує: {home}. Дата: {on}.",
    ),
    "basis": ("{measure}{form}. Basis: {basis}.", "{measure}{form}. Підстава: {basis}."),
    "form": (" (form: {form})", " (форма: {form})"),
    "with": ("{first} with {joined}", "{first} разом із: {joined}"),
    "contested": ("{first} (contested, a person has to decide)", "{first} (спірно, вирішує людина)"),
    "none": (
        "no treaty; reciprocity and the law of the requested state",
        "договору немає; взаємність і право запитуваної держави",
    ),
    "channel": ("Channel: {channel}.", "Канал: {channel}."),
    "limit": ("Time limit: {limit} – {article}.", "Строк: {limit} – {article}."),
    "open": ("Not stated, and would change a basis:", "Не зазначено, а змінило б підставу:"),
    "steps": (" (steps {steps})", " (кроки {steps})"),
    "step": (" (step {steps})", " (крок {steps})"),
    "missing": (
        "The method has no step for this: {element} ({state}).",
        "У методиці немає кроку для цього: {element} ({state}).",
    ),
    "source": ("The method rests on: {source}.", "Методика спирається на: {source}."),
    "recalled": (
        "The method rests on the following, recalled and to be checked: {source}.",
        "Методика спирається на таке, наведене з пам'яті; слід звірити: {source}.",
    ),
    "base": (
        "Every basis is that of the law base {release}, digest {digest}, on that day; comity law explain tells it in full.",
        "Кожну підставу взято з бази права {release}, відбиток {digest}, на цей день; повністю її викладає команда comity law explain.",
    ),
}


def explain_plan(plan: Plan, base: LawBase, language: str = "en") -> str:
    """Return the plan as paragraphs separated by empty lines; ``language`` is ``en`` or ``uk``."""
    return "\n\n".join(_paragraphs(plan, base, Wording(base, language)))


def _say(words: Wording, key: str, **fields: str) -> str:
    return words.pick(*_SAID[key]).format(**fields)


def _paragraphs(plan: Plan, base: LawBase, words: Wording) -> Iterator[str]:
    title, on = plan.method.title.say(words.language), words.day(plan.on)
    head = _say(words, "head", title=title, home=words.state(plan.home), on=on)
    yield f"{head}\n{plan.method.rule.say(words.language)}"
    lines: list[str] = []
    for phase, step in told(plan.steps, words.language):
        if phase and lines:
            yield "\n".join(lines)
            lines = []
        lines += [phase] if phase else []
        lines += _step(step, words)
    if lines:
        yield "\n".join(lines)
    yield from _open(plan, words)
    titles = elements(base)
    for one in plan.missing:
        yield _say(words, "missing", element=titles[one.kind].say(words.language), state=words.state(one.state))
    key = "recalled" if plan.method.basis == "recalled" else "source"
    source = _say(words, key, source=words.text(plan.method.source))
    yield f"{source}\n{_say(words, 'base', release=base.release, digest=base.digest[:16])}"


def _step(step: Step, words: Wording) -> Iterator[str]:
    text = step.text.say(words.language)
    yield f"{step.number}. {words.state(step.state)}: {text[0].lower()}{text[1:]}"
    form = _say(words, "form", form=words.form(step.form)) if step.form else ""
    yield f"   {_say(words, 'basis', measure=words.measure(step.measure), form=form, basis=_basis(step, words))}"
    if step.first is not None:
        channels = dict.fromkeys(words.value(rule) for rule in step.first.of("channel") if not rule.of_state)
        if any(channels):
            yield f"   {_say(words, 'channel', channel='; '.join(filter(None, channels)))}"
        for rule in step.first.of("time_limit"):
            yield f"   {_say(words, 'limit', limit=words.rule_text(rule), article=words.article(rule))}"


def _basis(step: Step, words: Wording) -> str:
    first = step.first
    if first is None:
        return _say(words, "none")
    named = words.reference(first.instrument)
    if first.status == "contested":
        named = _say(words, "contested", first=named)
    joined = ", ".join(words.reference(name) for name in first.with_)
    return _say(words, "with", first=named, joined=joined) if joined else named


def _open(plan: Plan, words: Wording) -> Iterator[str]:
    asked: dict[str, tuple[str, list[int]]] = {}
    for step in plan.steps:
        for ask in step.answer.questions:
            text = words.pick(ask.en, ask.uk)
            asked.setdefault(ask.fact, (text, []))[1].append(step.number)
    if asked:
        lines = (
            f"  - {text.removesuffix('?')}{_say(words, 'steps' if len(on) > 1 else 'step', steps=', '.join(map(str, on)))}"
            for text, on in asked.values()
        )
        yield "\n".join([_say(words, "open"), *lines])
