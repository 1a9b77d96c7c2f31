"""Who held an exhibit, from when until when, folded from the acts; what does not fit together is named, never repaired.

A fold over the acts of a dossier in the order of their chain. An item is held from `custody.collect` on, by the state
whose authority acted; it is on its way from `custody.hand-over`, `custody.return` or `evidence.return` until
`custody.receive`; `custody.destroy` ends it. A thing does not travel in a package: only its hand-over moves it. Times of two states may differ by `SKEW`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from comity.evidence import custody as bodies
from comity.evidence.custody import Collect, Destroy, Examine, HandOver, Offer, Receive, Return, Terms, Undertake
from comity.evidence.item import Exhibit, Nature
from comity.record import Act
from comity.values import Digest, StateCode

__all__ = ["Custody", "Gap", "Holding", "custody", "exhibits"]

SKEW: Final = timedelta(minutes=5)
RETURN: Final = "evidence.return"


@dataclass(frozen=True, slots=True)
class Holding:
    """A span in which one authority held the item; ``until`` is None while it lasts. ``act`` began it."""

    state: StateCode
    authority: str
    officer: str
    since: datetime
    until: datetime | None
    act: Digest


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing or contradictory: a stable ``code``, a sentence, and the act that shows it."""

    code: str
    text: str
    act: Digest | None = None


@dataclass(frozen=True, slots=True)
class Custody:
    """The custody of one exhibit. ``exhibit`` is its description as last offered, or as collected.

    ``offered`` and ``undertaken`` name the acts that did it; ``ended`` is the act of destruction.
    """

    number: str
    exhibit: Exhibit | None
    holdings: tuple[Holding, ...]
    gaps: tuple[Gap, ...]
    offered: Digest | None
    undertaken: Digest | None
    ended: Digest | None

    @property
    def complete(self) -> bool:
        """Whether nothing is missing and nothing contradicts."""
        return not self.gaps

    @property
    def holder(self) -> Holding | None:
        """Who holds it now; None where nobody does, or it is on its way."""
        return self.holdings[-1] if self.holdings and self.holdings[-1].until is None else None


def exhibits(acts: Sequence[Act]) -> tuple[str, ...]:
    """Return the numbers of all exhibits the custody acts name, in the order in which they come up."""
    found: dict[str, None] = {}
    for act in acts:
        if act.kind in bodies.KINDS:
            found.update(dict.fromkeys(_named(bodies.read(act))))
    return tuple(found)


def custody(acts: Sequence[Act], number: str) -> Custody:
    """Fold the custody of one exhibit; raise `CustodyError` for a body outside its form."""
    fold = _Fold(number)
    for act in acts:
        if act.kind == RETURN:
            fold.sent(act)
        elif act.kind in bodies.KINDS:
            body = bodies.read(act)
            if number in _named(body):
                fold.take(act, body)
    return fold.result()


def _named(body: bodies.Body) -> tuple[str, ...]:
    match body:
        case Collect():
            return (body.exhibit.number,)
        case Examine():
            return (body.exhibit,)
        case Offer():
            return tuple(exhibit.number for exhibit in body.exhibits)
        case Undertake():
            return tuple(terms.number for terms in body.terms)
        case HandOver() | Receive() | Return() | Destroy():
            return body.exhibits
        case _:
            assert_never(body)


@dataclass(slots=True)
class _Fold:
    number: str
    exhibit: Exhibit | None = None
    holdings: list[Holding] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    offer: Act | None = None
    undertaken: Digest | None = None
    ended: Digest | None = None
    way_to: StateCode | None = None
    last: datetime | None = None

    def take(self, act: Act, body: bodies.Body) -> None:
        """Apply one custody act that names the exhibit."""
        if self.ended is not None:
            self.gap("after-destruction", f"{act.kind} comes after the item was destroyed.", act)
        if self.last is not None and act.at < self.last - SKEW:
            self.gap("time-runs-back", f"{act.kind} is dated before the act it comes after.", act)
        self.last = max(self.last or act.at, act.at)
        match body:
            case Collect():
                self.collect(act, body)
            case Examine():
                self.holds(act)
                if self.exhibit is not None and not set(body.files) <= self.exhibit.digests:
                    self.gap("other-files", "An examination names files that are not those of the item.", act)
            case Offer():
                self.offered(act, next(e for e in body.exhibits if e.number == self.number))
            case Undertake():
                self.undertake(act, body)
            case HandOver() | Return():
                self.holds(act)
                self.leaves(act, body.to_state)
            case Receive():
                if not self.stays or body.package is None:
                    self.receive(act)
            case Destroy():
                self.holds(act)
                self.leaves(act, None)
                self.ended = act.digest
            case _:
                assert_never(body)

    @property
    def stays(self) -> bool:
        """Whether the item is a thing: a package brings its files (a photograph, a report), never the thing itself."""
        return self.exhibit is not None and self.exhibit.nature is Nature.PHYSICAL

    def collect(self, act: Act, body: Collect) -> None:
        """The item comes into custody."""
        if self.exhibit is not None:
            self.gap("collected-twice", "The item is taken into custody a second time.", act)
        self.exhibit = body.exhibit
        self.begins(act)

    def offered(self, act: Act, exhibit: Exhibit) -> None:
        """The item is offered: it must be the one that was collected."""
        self.holds(act)
        if self.exhibit is not None and exhibit.digests != self.exhibit.digests:
            self.gap("other-files", "The files offered are not those that were taken into custody.", act)
        self.exhibit, self.offer, self.undertaken = exhibit, act, None

    def undertake(self, act: Act, body: Undertake) -> None:
        """The offer is accepted: by the other state, and on its own terms."""
        if self.offer is None or body.offer != self.offer.digest:
            self.gap("no-offer", "Custody is accepted without the offer it names.", act)
            return
        if act.actor.state == self.offer.actor.state:
            self.gap("own-offer", "The state that offered cannot accept its own offer.", act)
        terms = next(t for t in body.terms if t.number == self.number)
        if self.exhibit is not None and not _same(terms, self.exhibit):
            self.gap("other-terms", "What was accepted is not what was offered: files or conditions differ.", act)
        self.undertaken = act.digest

    def sent(self, act: Act) -> None:
        """A package leaves with everything that was undertaken."""
        if self.undertaken is not None and self.way_to is None and self.holdings and not self.stays:
            other = {act.dossier.issuing, act.dossier.executing} - {act.actor.state}
            self.leaves(act, next(iter(other), None))

    def receive(self, act: Act) -> None:
        """The item has arrived."""
        if self.way_to is None:
            self.gap("no-hand-over", "The item is received though no act says that it was sent.", act)
        elif self.way_to != act.actor.state:
            self.gap("other-receiver", f"It was sent to {self.way_to}; {act.actor.state} says it received it.", act)
        self.begins(act)

    def holds(self, act: Act) -> None:
        """Only who holds an item can act on it."""
        if self.exhibit is None:
            self.gap("not-collected", f"{act.kind} names an item no act says was taken into custody.", act)
        elif not self.holdings or self.holdings[-1].until is not None:
            self.gap("not-held", f"{act.kind} comes while nobody holds the item.", act)
        elif self.holdings[-1].state != act.actor.state:
            held = self.holdings[-1].state
            self.gap("not-holder", f"{act.kind} is an act of {act.actor.state}, but {held} holds the item.", act)

    def begins(self, act: Act) -> None:
        """A holding begins, and the one before it ends."""
        self.leaves(act, None)
        who = act.actor
        self.holdings.append(Holding(who.state, who.authority, who.officer, act.at, None, act.digest))
        self.way_to = None

    def leaves(self, act: Act, to: StateCode | None) -> None:
        """A holding ends."""
        if self.holdings and self.holdings[-1].until is None:
            self.holdings[-1] = replace(self.holdings[-1], until=act.at)
        self.way_to = to

    def gap(self, code: str, text: str, act: Act) -> None:
        """Name what does not fit."""
        self.gaps.append(Gap(code, f"Exhibit {self.number}: {text}", act.digest))

    def result(self) -> Custody:
        """Return what was folded."""
        if self.exhibit is None and not any(gap.code == "not-collected" for gap in self.gaps):
            self.gaps.append(
                Gap("not-collected", f"Exhibit {self.number}: no act says that it was taken into custody.")
            )
        offered = self.offer.digest if self.offer else None
        return Custody(
            self.number, self.exhibit, tuple(self.holdings), tuple(self.gaps), offered, self.undertaken, self.ended
        )


def _same(terms: Terms, exhibit: Exhibit) -> bool:
    return set(terms.files) == exhibit.digests and set(terms.conditions) == {c.id for c in exhibit.conditions}
