"""The planner: from an offence and what of the case lies abroad to the steps in the order to act.

All of the case stands in the address, so that a plan can be sent to others and asked again; nothing of it is kept. A plan holds no
law of its own: every step links the legal answer it rests on, and where a letter of request is the way, the draft it begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import zip_longest
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from comity.errors import ComityError
from comity.law import LawBase
from comity.law.errors import QuestionError
from comity.law.explain_plan import explain_plan
from comity.law.plan import Plan, Step, elements, methods
from comity.law.plan import plan as planned
from comity.law.question import asked_on
from comity.law.resolution import Ask
from comity.law.wording import Wording
from comity.node import words
from comity.node.accounts.policy import Do, can, require
from comity.node.accounts.role import Officer
from comity.node.lawbook import choices, queries
from comity.node.page import page, partial, show
from comity.node.registry.queries import identity

__all__ = ["plan"]

ROWS = 3
"""Elements a form offers at first."""
MOST = 24
"""Elements of one case."""
COMPARISON = "automated_data"
OTHER_WAYS = frozenset(
    {"police_information", "fiu_cooperation", "network_24_7", "direct_provider", "spontaneous_information", COMPARISON}
)
"""Forms that are no request from authority to authority: no draft is begun for them."""


@dataclass(frozen=True, slots=True)
class Case:
    """What was told of a case; ``elements`` are pairs of kind and state, one of which may still be open."""

    home: str
    offence: str
    elements: tuple[tuple[str, str], ...]
    on: date
    day: str

    @property
    def told(self) -> bool:
        """Whether enough is told to make a plan."""
        return bool(self.offence and self.elements)


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step as the page shows it."""

    number: int
    state: str
    element: str
    text: str
    measure: str
    form: str
    basis: str
    reference: str
    title: str
    joined: tuple[str, ...]
    status: str
    unsure: bool
    why: tuple[str, ...]
    channel: tuple[str, ...]
    questions: tuple[Ask, ...]
    answer: str
    draft: str
    other_way: bool
    laboratory: bool


@dataclass(frozen=True, slots=True)
class Phase:
    """Steps that belong together in time."""

    title: str
    steps: tuple[StepShown, ...]


@dataclass(frozen=True, slots=True)
class PlanShown:
    """The whole plan."""

    title: str
    rule: str
    source: str
    basis: str
    phases: tuple[Phase, ...]
    missing: tuple[tuple[str, str], ...]
    states: tuple[tuple[str, int], ...]
    prose: tuple[str, ...]


@require_GET
@page
def plan(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Make the plan of a case from its offence and the elements that lie abroad."""
    require(officer, Do.SEE_LAW)
    base, own = queries.base(), str(identity().state)
    case = _case(request.GET, own)
    found, error = None, None
    if case.told:
        try:
            found = _shown(_plan(base, case), drafts=case.home == own and can(officer, Do.DRAFT).allowed)
        except ComityError as refused:
            error = refused
    more = min(MOST, len(case.elements) + (3 if "more" in request.GET else 1))
    return show(
        request,
        "lawbook/plan_steps.html" if partial(request) else "lawbook/plan.html",
        case=case,
        plan=found,
        error=error,
        rows=[*case.elements, *[("", "")] * (max(ROWS, more) - len(case.elements))],
        states=choices.states(),
        kinds=[(kind, word.say(choices.wording().language)) for kind, word in elements(base).items()],
        offences=_offences(base),
    )


def _case(given: QueryDict, own: str) -> Case:
    pairs = zip_longest(given.getlist("element"), given.getlist("state"), fillvalue="")
    told = tuple((kind[:40], where[:40]) for kind, where in pairs if kind or where)[:MOST]
    text = given.get("on", "")[:20]
    today = datetime.now(UTC).date()
    try:
        on = date.fromisoformat(text) if text else today
    except ValueError:
        on = today
    return Case(given.get("home", own)[:40], given.get("offence", "")[:80], told, on, text)


def _plan(base: LawBase, case: Case) -> Plan:
    for kind, where in case.elements:
        if not (kind and where):
            named = choices.element(kind) if kind else words.state(where)
            raise QuestionError(
                _("“%(what)s” stands alone.") % {"what": named},
                cause=_("An element of a case needs the state in which it is, and a state what is there."),
                remedy=_("Choose both, or neither."),
            )
    return planned(
        base,
        home=case.home,
        offence=case.offence,
        elements=case.elements,
        on=asked_on(case.day) if case.day else case.on,
    )


def _offences(base: LawBase) -> list[choices.Group]:
    language = choices.wording().language
    return [
        choices.Group(method.title.say(language), tuple((name, choices.offence(name)) for name in method.offences))
        for method in methods(base).values()
    ]


def _shown(found: Plan, *, drafts: bool) -> PlanShown:
    say = choices.wording()
    language = say.language
    phases: dict[str, list[StepShown]] = {}
    for step in found.steps:
        phases.setdefault(step.phase_title.say(language), []).append(_step(step, found, say, drafts=drafts))
    count: dict[str, int] = {}
    for step in found.steps:
        count[step.state] = count.get(step.state, 0) + 1
    return PlanShown(
        title=found.method.title.say(language),
        rule=found.method.rule.say(language),
        source=found.method.source,
        basis=found.method.basis,
        phases=tuple(Phase(title, tuple(steps)) for title, steps in phases.items()),
        missing=tuple((choices.element(one.kind), words.state(one.state)) for one in found.missing),
        states=tuple((words.state(code), number) for code, number in count.items()),
        prose=tuple(explain_plan(found, queries.base(), language).split("\n\n")),
    )


def _step(step: Step, found: Plan, say: Wording, *, drafts: bool) -> StepShown:
    first = step.first
    asked = {"from": found.home, "to": step.state, "measure": step.measure, "offence": found.offence}
    begun = {"requested": step.state, "measures": step.measure, "offences": found.offence}
    laboratory = step.measure == "dna_comparison" and step.form == COMPARISON
    other = step.form in OTHER_WAYS and not laboratory
    return StepShown(
        number=step.number,
        state=words.state(step.state),
        element=choices.element(step.element),
        text=step.text.say(say.language),
        measure=choices.measure(step.measure),
        form=choices.word(step.form) if step.form else "",
        basis=step.basis,
        reference=_short(say.reference(step.basis)) if first else "",
        title=say.instrument(step.basis) if first else "",
        joined=first.with_ if first else (),
        status=first.status if first else "",
        unsure=bool(first and first.unsure),
        why=tuple(_why(step, say)),
        channel=tuple(say.value(rule) for rule in first.of("channel") if say.value(rule)) if first else (),
        questions=step.answer.questions,
        answer=f"{reverse('law')}?{urlencode({**asked, 'on': found.on.isoformat()})}",
        draft=f"{reverse('draft-new')}?{urlencode(begun)}" if drafts and not other and not laboratory else "",
        other_way=other,
        laboratory=laboratory,
    )


def _why(step: Step, say: Wording) -> Iterator[str]:
    reasons = step.first.reasons if step.first else ()
    for reason in reasons:
        yield say.reason(reason)


def _short(reference: str) -> str:
    """Return a citation where it is one, not the title again."""
    return reference if len(reference) < 24 else ""
