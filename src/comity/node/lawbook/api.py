"""The law by the API: what `comity law ... --json` says, from this node's law base.

Who asks is a program, so a question says everything: an unknown state, measure, offence or day is refused with the nearest
known values, and what would keep the node busy (`law/matrix`) is bounded.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from comity.law import Question, Resolution, telling
from comity.law.across import MOST, across
from comity.law.compare import compare as compared
from comity.law.errors import QuestionError
from comity.law.kinds import states_of
from comity.law.plan import plan as planned
from comity.law.rerun import again, law_of, read
from comity.law.resolve import resolve as resolved
from comity.node.accounts.door import who
from comity.node.accounts.policy import Do, require
from comity.node.lawbook import queries
from comity.node.place import here
from comity.node.registry.queries import identity
from comity.values import CODES, state

router = Router(tags=["law"])
Answer = dict[str, Any]


class Asked(Schema):
    """A question to the law: two states, measures, offences, facts, a day (today where none is given)."""

    requesting: str
    requested: str
    measures: list[str]
    offences: list[str] = Field(default_factory=list)
    facts: dict[str, str | int | bool] = Field(default_factory=dict)
    on: date | None = None


class Explaining(Asked):
    """A question whose answer is wanted in prose."""

    language: Literal["en", "uk"] = "en"


class Line(Schema):
    """A question in one line, in English or Ukrainian: Ukraine Germany bank records fraud 2026-11-24."""

    line: str = Field(max_length=300)


class Told(Schema):
    """The answer to a line; ``left`` are the words that were not understood."""

    line: str
    left: list[str]
    answer: Answer


class Explained(Schema):
    """An answer in prose; ``digest`` is that of the whole answer."""

    language: str
    text: str
    digest: str


class Facts(Schema):
    """What the law base says at an id or below a path."""

    release: str
    digest: str
    facts: list[Answer]


class Instruments(Schema):
    """Instruments without their provisions."""

    release: str
    digest: str
    instruments: list[Answer]


class Instrument(Schema):
    """An instrument with all that hangs on it."""

    release: str
    digest: str
    instrument: Answer
    parties: int
    provisions: list[Answer]
    declarations: list[Answer]
    relations: list[Answer]
    protocols: list[str]
    mothers: list[str]


class Bonds(Schema):
    """Whose bonds are asked for: of an instrument, or of two states; ``on`` is today where none is given."""

    instrument: str = ""
    requesting: str = Field("", alias="from")
    requested: str = Field("", alias="to")
    on: date | None = None


class Laid(Schema):
    """What of the matrix is asked; no ``requesting`` is this state, no ``requested`` all states."""

    requesting: list[str] = Field(default_factory=list)
    requested: list[str] = Field(default_factory=list)
    measures: list[str] = Field(default_factory=list)
    forms: list[str] = Field(default_factory=list)
    on: date | None = None


class Cell(Schema):
    """The first basis; none where no treaty applies."""

    instrument: str | None
    status: str


class Row(Schema):
    """The cells of one state asking another, by measure and by form; forms only where they were asked for."""

    requesting: str = Field(alias="from")
    requested: str = Field(alias="to")
    on: date
    cells: dict[str, Cell]
    forms: dict[str, Cell] = Field(default_factory=dict)


class Matrix(Schema):
    """Part of the matrix."""

    release: str
    digest: str
    rows: list[Row]


class Two(Schema):
    """Two questions: with two days, two partners, two measures, ..."""

    first: Asked
    second: Asked


class Difference(Schema):
    """A line in which two answers differ; one that says nothing there has null."""

    where: str
    first: Any = None
    second: Any = None


class Comparison(Schema):
    """How two answers differ."""

    same: bool
    same_law: bool
    same_question: bool
    lines: list[Difference]


class Rerun(Schema):
    """An old answer, to be asked again: on the law base whose digest it names, or on today's."""

    answer: Answer
    today: bool = False


class Element(Schema):
    """A foreign element of a case, and the state it is in."""

    kind: str
    state: str


class Planning(Schema):
    """An offence (or a method) investigated in ``home``, this state where none is given, with what lies abroad."""

    offence: str
    elements: list[Element] = Field(min_length=1, max_length=40)
    home: str = ""
    facts: dict[str, str | int | bool] = Field(default_factory=dict)
    on: date | None = None


class Step(Schema):
    """One step of a plan with the basis that comes first."""

    number: int
    phase: str
    element: str
    state: str
    measure: str
    what: str
    form: str | None
    basis: str | None
    reference: str | None
    status: str | None
    why: str | None
    unsure: bool
    with_: list[str] = Field(alias="with")
    fallback: bool
    channel: list[str]
    questions: list[str]


class Missing(Schema):
    """An element the method has no step for."""

    element: str
    state: str


class Plan(Schema):
    """The steps of a case in the order to act."""

    method: str
    title: str
    rule: str
    source: str
    basis: str
    home: str
    offence: str
    on: date
    steps: list[Step]
    missing: list[Missing]


class Methods(Schema):
    """The methods there are, and the elements of a case."""

    methods: dict[str, Answer]
    elements: dict[str, str]


def _today() -> date:
    return datetime.now(UTC).date()


def _answer(asked: Asked) -> Resolution:
    base = queries.base()
    question = Question.read(
        requesting=asked.requesting,
        requested=asked.requested,
        measures=asked.measures,
        offences=asked.offences,
        on=asked.on or _today(),
        facts=asked.facts,
        base=base,
    )
    return resolved(question, base)


@router.post("law/resolve", response=Answer, summary="What binds two states")
def resolve(request: HttpRequest, asked: Asked) -> Answer:
    """Resolve a question on this node's law base."""
    require(who(request), Do.SEE_LAW)
    return _answer(asked).to_json()


@router.post("law/ask", response=Told, summary="A question in one line")
def ask(request: HttpRequest, asked: Line) -> Answer:
    """Answer a question written in one line; this state asks where the line names one state only."""
    require(who(request), Do.SEE_LAW)
    return telling.asked(queries.base(), asked.line, own=str(identity().state), today=_today())


@router.post("law/explain", response=Explained, summary="The same in prose")
def explain(request: HttpRequest, asked: Explaining) -> Answer:
    """Explain the answer to a question in English or Ukrainian."""
    require(who(request), Do.SEE_LAW)
    return telling.explained(_answer(asked), queries.base(), asked.language)


@router.post("law/compare", response=Comparison, summary="Two answers line by line")
def compare(request: HttpRequest, two: Two) -> Answer:
    """Compare the answers to two questions line by line."""
    require(who(request), Do.SEE_LAW)
    return compared(_answer(two.first), _answer(two.second)).to_json()


@router.post("law/rerun", response=Comparison, summary="An old answer again")
def rerun(request: HttpRequest, old: Rerun) -> Answer:
    """Ask an old answer's question again on the law base it names by digest, or on today's, and compare."""
    require(who(request), Do.SEE_LAW)
    answer = read(old.answer)
    current = queries.base()
    base = current if old.today else law_of(answer, current, here().cache)
    return again(answer, base)[1].to_json()


@router.get("law/article", response=Facts, summary="One provision, or all below a path")
def article(request: HttpRequest, id: str) -> Answer:  # noqa: A002 - the name callers write
    """Return what the law base says at an id such as coe/030/article-14-1, with source and basis."""
    require(who(request), Do.SEE_LAW)
    return telling.article(queries.base(), id)


@router.get("law/instruments", response=Instruments, summary="The instruments")
def instruments(request: HttpRequest, form: str = "", words: str = "", state: str = "") -> Answer:
    """Return instruments: all, or those of a form, with words in the title, in which a state takes part."""
    require(who(request), Do.SEE_LAW)
    return telling.instruments(queries.base(), form=form, words=words[:80], with_state=state)


@router.get("law/instruments/{name}", response=Instrument, summary="One instrument")
def instrument(request: HttpRequest, name: str) -> Answer:
    """Return an instrument with its provisions, declarations and relations."""
    require(who(request), Do.SEE_LAW)
    return telling.instrument(queries.base(), name)


@router.get("law/bound", response=Answer, summary="Who is bound when")
def bound(request: HttpRequest, asked: Query[Bonds]) -> Answer:
    """Return who is bound when: by one instrument, or two states towards each other."""
    require(who(request), Do.SEE_LAW)
    if bool(asked.instrument) == bool(asked.requesting and asked.requested):
        raise QuestionError(
            "It is not said whose bonds are asked for.",
            cause="Neither an instrument nor two states were named, or both were.",
            remedy="Name an instrument, or two states with from and to.",
        )
    return telling.bound(
        queries.base(),
        instrument=asked.instrument,
        requesting=asked.requesting,
        requested=asked.requested,
        on=asked.on or _today(),
    )


@router.post(
    "law/matrix", response=Matrix, by_alias=True, exclude_unset=True, summary="States by states by measures or forms"
)
def matrix(request: HttpRequest, asked: Laid) -> Answer:
    """Return the first basis for states by states by measures or forms on a day; at most 6,000 cells at once."""
    require(who(request), Do.SEE_LAW)
    if not asked.measures and not asked.forms:
        raise QuestionError(
            "The matrix has no column.",
            cause="Neither a measure nor a form of cooperation was named.",
            remedy="Name at least one, for example any_evidence or extradition.",
        )
    base, on = queries.base(), asked.on or _today()
    asking = tuple(state(code) for code in asked.requesting) or (identity().state,)
    others = tuple(state(code) for code in asked.requested) or states_of(base)
    rows = across(base, asking, others, on=on, measures=asked.measures, forms=asked.forms, most=MOST)
    return {"release": base.release, "digest": base.digest, "rows": [row.to_json(on) for row in rows]}


@router.get("law/coverage", response=Answer, summary="What is modelled, looked up, recalled, unsure")
def coverage(request: HttpRequest) -> Answer:
    """Return of every instrument what the law base covers and how it is known."""
    require(who(request), Do.SEE_LAW)
    return telling.covered(queries.base())


@router.get("law/methods", response=Methods, summary="What a plan can be made for")
def methods(request: HttpRequest) -> Answer:
    """Return the methods with their offences, and the elements of a case."""
    require(who(request), Do.SEE_LAW)
    return telling.method_list(queries.base())


@router.post("law/plan", response=Plan, by_alias=True, summary="The steps of a case")
def plan(request: HttpRequest, asked: Planning) -> Answer:
    """Return the measures a case with foreign elements calls for, in order, each with its basis."""
    require(who(request), Do.SEE_LAW)
    found = planned(
        queries.base(),
        home=asked.home or str(identity().state),
        offence=asked.offence,
        elements=[(one.kind, one.state) for one in asked.elements],
        on=asked.on or _today(),
        facts=asked.facts,
    )
    return found.to_json()


@router.get("law/vocabulary", response=Answer, summary="What can be asked")
def vocabulary(request: HttpRequest) -> Answer:
    """Return the measures, offences and states the law base knows."""
    require(who(request), Do.SEE_LAW)
    base = queries.base()
    return {
        "measures": [{"id": one.id, "title": one.title, "title_uk": one.uk} for one in base.measures.values()],
        "offences": [{"id": one.id, "title": one.title, "title_uk": one.uk} for one in base.offences.values()],
        "states": sorted(CODES),
    }


@router.get("law/authorities", response=list[dict[str, Any]], summary="Authorities of a state")
def authorities(request: HttpRequest, state: str, instrument: str = "") -> list[Answer]:
    """Return the authorities the law base knows of a state, those of one instrument where it is named."""
    require(who(request), Do.SEE_LAW)
    found = queries.authorities(state)
    return [
        {"id": one.id, "name": one.name, "roles": list(one.roles), "instruments": list(one.instruments)}
        for one in found
        if not instrument or instrument in one.instruments
    ]
