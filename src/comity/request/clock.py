"""Clocks: time limits folded from the acts of a cooperation and the rules of its legal basis.

A clock starts, stops, pauses, resumes and is extended by acts, as the table of the form says; how long it runs is read
from the rule of its article, never from here. A later act may restate when it really began (an acknowledgement names
the time of receipt). Time for which a clock was paused is added, in whole days of the executing state, to its end.
"""

# ruff: noqa: D102  the members of a rule are explained in comity.law
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from comity.law.form import Clock, Form, Label, Side, Step
from comity.record import Act
from comity.request.calendar import Calendar
from comity.request.course import course
from comity.values import Digest

__all__ = ["ClockState", "Event", "Running", "TimeLimit", "Turn", "clocks"]


class TimeLimit(Protocol):
    """A rule as far as clocks read it; ``amount`` is None where it names no number."""

    @property
    def kind(self) -> str: ...
    @property
    def article(self) -> str: ...
    @property
    def amount(self) -> int | None: ...
    @property
    def unit(self) -> str: ...


class ClockState(StrEnum):
    """What a clock does: runs, stands still, has run out, or was stopped in time or late."""

    RUNNING = "running"
    PAUSED = "paused"
    OVERDUE = "overdue"
    MET = "met"
    LATE = "late"
    UNLIMITED = "unlimited"


class Turn(StrEnum):
    """What an act did to a clock."""

    STARTED = "started"
    RESTATED = "restated"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Event:
    """An act that moved a clock, when it did, and the reason the act gives (in its own language), or empty."""

    turn: Turn
    at: datetime
    act: Digest
    reason: str


@dataclass(frozen=True, slots=True)
class Running:
    """A clock; ``side`` has to act before it ends.

    ``due`` is its last day and ``ends_at`` the instant it expires, both None while it is paused or has no limit.
    ``article`` provides for it, ``counting`` says by which articles the days were counted, ``reason`` why it ends then;
    ``events`` are the acts that moved it.
    """

    id: str
    title: Label
    side: Side
    from_: datetime
    due: date | None
    ends_at: datetime | None
    state: ClockState
    reason: Label
    article: str
    counting: tuple[str, ...] = ()
    paused_days: int = 0
    extended: int = 0
    stopped_at: datetime | None = None
    events: tuple[Event, ...] = ()

    @property
    def open(self) -> bool:
        """Whether something is still to be done before it ends, or should have been."""
        return self.state in (ClockState.RUNNING, ClockState.OVERDUE)


@dataclass(slots=True)
class _Hand:
    """One clock while the acts are gone through."""

    began: datetime
    day: date | None = None
    stopped: datetime | None = None
    paused_at: datetime | None = None
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)
    extended: int = 0
    events: list[Event] = field(default_factory=list)

    def note(self, turn: Turn, act: Act, at: datetime | None = None) -> None:
        """Remember what an act did."""
        self.events.append(Event(turn, at or act.at, act.digest, str(act.body.get("text", ""))))


def clocks(
    acts: Iterable[Act],
    form: Form,
    rules: Sequence[TimeLimit],
    calendar: Calendar,
    *,
    at: datetime | None = None,
) -> tuple[Running, ...]:
    """Return the clocks that were started, in the order of the form's table.

    ``rules`` are those of the legal basis, ``calendar`` is that of the executing state; ``at`` is now, and without it
    no clock is said to be overdue.
    """
    hands: dict[str, _Hand] = {}
    for act, step in course(acts, form).moved:
        _turn(act, step, form, hands)
    law = _Law(form, rules, calendar)
    return tuple(_read(form.clocks[name], hands[name], law, at) for name in form.clocks if name in hands)


def _turn(act: Act, step: Step, form: Form, hands: dict[str, _Hand]) -> None:
    running = {name: hand for name, hand in hands.items() if hand.stopped is None}
    for name in step.restates[0]:
        if name in hands and (text := act.body.get(step.restates[1])):
            hands[name].began = datetime.fromisoformat(text)
            hands[name].note(Turn.RESTATED, act, hands[name].began)
    for name in step.stops:
        if hand := running.get(name):
            _resume(hand, act)
            hand.stopped = act.at
            hand.note(Turn.STOPPED, act)
    for name in step.pauses:
        hand = running.get(name)
        if hand is not None and hand.paused_at is None:
            hand.paused_at = act.at
            hand.note(Turn.PAUSED, act)
    for name in step.resumes:
        if name in hands:
            _resume(hands[name], act)
    for name in step.extends:
        if name in hands and act.body.get("clock") == name:
            hands[name].extended += int(act.body["by"])
            hands[name].note(Turn.EXTENDED, act)
    for name in step.starts:
        _start(form.clocks[name], act, hands)


def _start(clock: Clock, act: Act, hands: dict[str, _Hand]) -> None:
    if clock.id in hands and hands[clock.id].stopped is None:
        _resume(hands[clock.id], act)
        return
    day = date.fromisoformat(act.body[clock.day]) if clock.day and act.body.get(clock.day) else None
    if clock.day and day is None:
        return
    hands[clock.id] = _Hand(began=act.at, day=day)
    hands[clock.id].note(Turn.STARTED, act)


def _resume(hand: _Hand, act: Act) -> None:
    if hand.paused_at is not None:
        hand.pauses.append((hand.paused_at, act.at))
        hand.paused_at = None
        hand.note(Turn.RESUMED, act)


@dataclass(frozen=True, slots=True)
class _Law:
    """What clocks are read by."""

    form: Form
    rules: Sequence[TimeLimit]
    calendar: Calendar

    def rule(self, article: str) -> TimeLimit | None:
        """Return the time limit of an article of the form's instrument."""
        limits = [rule for rule in self.rules if rule.kind == "time_limit"] if article else []
        whole = f"{self.form.reference} Art. {article}"
        exact = [rule for rule in limits if rule.article == whole]
        return next(iter(exact or [rule for rule in limits if rule.article.split()[-1:] == [article]]), None)


def _read(clock: Clock, hand: _Hand, law: _Law, at: datetime | None) -> Running:
    rule = law.rule(clock.article)
    paused = sum((law.calendar.local(until) - law.calendar.local(since)).days for since, until in hand.pauses)
    plain = Running(
        id=clock.id,
        title=clock.title,
        side=clock.side,
        from_=hand.began,
        due=None,
        ends_at=None,
        state=ClockState.UNLIMITED,
        reason=_UNLIMITED,
        article=rule.article if rule else f"{law.form.reference} Art. {clock.article}" if clock.article else "",
        paused_days=paused,
        extended=hand.extended,
        stopped_at=hand.stopped,
        events=tuple(hand.events),
    )
    if hand.day is not None:
        last = hand.day + timedelta(days=paused + hand.extended)
        timed = replace(plain, due=last, ends_at=law.calendar.end_of(last), reason=_asked(paused + hand.extended))
    elif rule is not None and rule.amount is not None:
        timed = _counted(plain, clock, rule, rule.amount, law)
    else:
        return plain
    if hand.paused_at is not None:
        return replace(timed, due=None, ends_at=None, state=ClockState.PAUSED, reason=_PAUSED)
    return replace(timed, state=_state(timed, at))


def _counted(plain: Running, clock: Clock, rule: TimeLimit, amount: int, law: _Law) -> Running:
    extending = law.rule(clock.extension)
    most = extending.amount if extending is not None and extending.amount is not None else 0
    extra, unit = min(plain.extended, most), rule.unit or clock.unit
    since = plain.from_ + timedelta(days=plain.paused_days)
    counted = law.calendar.count(since, amount + extra, unit, union=clock.instrument.startswith("eu-"))
    moved = any(article.endswith(("3(4)", "3(5)")) for article in counted.articles)
    return replace(
        plain,
        due=counted.last,
        ends_at=counted.expires,
        counting=counted.articles,
        extended=extra,
        reason=_why(amount, unit, extra, plain.paused_days, moved=moved),
    )


def _state(timed: Running, at: datetime | None) -> ClockState:
    if timed.ends_at is None:
        return ClockState.UNLIMITED
    if timed.stopped_at is not None:
        return ClockState.MET if timed.stopped_at < timed.ends_at else ClockState.LATE
    return ClockState.OVERDUE if at is not None and at >= timed.ends_at else ClockState.RUNNING


_UNLIMITED = Label(
    "The law base has no number of days for this.", "У базі права для цього не визначено кількості днів."
)
_PAUSED = Label(
    "Stands still: execution is postponed; the days until it goes on are added.",
    "Строк зупинено: виконання відкладено; дні до відновлення буде додано.",
)
_UNITS = {
    "hours": ("hours", "год."),
    "days": ("days", "дн."),
    "working_days": ("working days", "роб. дн."),
    "weeks": ("weeks", "тиж."),
    "months": ("months", "міс."),
    "years": ("years", "р."),
}


def _why(amount: int, unit: str, extra: int, paused: int, *, moved: bool) -> Label:
    en_unit, uk_unit = _UNITS[unit]
    en, uk = f"{amount} {en_unit} from the day after the event", f"{amount} {uk_unit} від дня, наступного за подією"
    if extra:
        en, uk = f"{en}, extended by {extra}", f"{uk}, продовжено на {extra}"
    if paused:
        en, uk = f"{en}, {paused} days paused", f"{uk}, зупинено на {paused} дн."
    if moved:
        en, uk = f"{en}; moved to the next working day", f"{uk}; перенесено на наступний робочий день"
    return Label(f"{en}.", f"{uk}.")


def _asked(later: int) -> Label:
    en, uk = "The day named in the request", "День, зазначений у запиті"
    if later:
        en, uk = f"{en}, {later} days later as announced", f"{uk}, відкладено на {later} дн. за повідомленням"
    return Label(f"{en}.", f"{uk}.")
