"""The state of one placing: candidates, their scope, what displaces or orders them; and the values a placing is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from comity.law.base import LawBase
from comity.law.binding import Bound
from comity.law.index import Index, Provides
from comity.law.model import Relation
from comity.law.question import Question
from comity.law.reason import Reason
from comity.law.when import FALSE, TRUE, Outcome, Reach, evaluate

__all__ = [
    "Field",
    "Group",
    "Out",
    "Placing",
    "Standing",
    "article_of",
    "depth",
    "moved",
    "names_offence",
    "read_with",
    "scope_of",
    "scope_reason",
]


class Standing(StrEnum):
    """How an instrument stands in the answer."""

    APPLICABLE = "applicable"
    CONTESTED = "contested"
    RESIDUAL = "residual"


@dataclass(frozen=True, slots=True)
class Group:
    """Instruments read together; ``members`` begins with the lead. ``missing`` are facts that would close its scope."""

    members: tuple[str, ...]
    standing: Standing
    why: tuple[Reason, ...]
    missing: tuple[str, ...] = ()
    set_back: Relation | None = field(default=None, compare=False)

    @property
    def lead(self) -> str:
        """The instrument the group is named after."""
        return self.members[0]


@dataclass(frozen=True, slots=True)
class Out:
    """An instrument that does not apply, and why; ``missing`` are facts that would bring it in."""

    instrument: str
    why: Reason
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placing:
    """The answer for one measure; ``asked`` are the facts that would change it."""

    measure: str
    groups: tuple[Group, ...]
    out: tuple[Out, ...]
    asked: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Field:
    """The working state of one placing."""

    index: Index
    question: Question
    measure: str
    reach: Reach
    bound: Mapping[str, Bound]
    provides: Mapping[str, Provides]
    scope: dict[str, Outcome] = field(default_factory=dict)
    out: dict[str, Out] = field(default_factory=dict)
    assumed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    set_back: dict[str, tuple[Relation, str]] = field(default_factory=dict)
    contested: dict[str, tuple[Relation, str]] = field(default_factory=dict)
    disconnected: dict[str, list[tuple[Relation, str]]] = field(default_factory=dict)
    before: dict[tuple[str, str], Relation] = field(default_factory=dict)

    def live(self) -> list[str]:
        """Candidates not yet out, in the order of the law base."""
        return [name for name in self.provides if name in self.scope and name not in self.out]


def scope_of(f: Field, name: str) -> Outcome:
    """Return whether an instrument reaches the offence on the facts of the question."""
    scope = f.index.base.instruments[name].scope
    if scope.unless and evaluate(scope.unless, f.reach).holds:
        return FALSE
    return TRUE if scope.any_offence else evaluate(scope.when, f.reach)


def names_offence(f: Field, name: str) -> bool:
    """Tell whether an instrument names the offence in its scope: a request then says that the rest of its scope is met."""
    return not f.index.names(name).isdisjoint(f.reach.get("treaty_offence", ()))


def scope_reason(f: Field, name: str, code: str, missing: Iterable[str] = ()) -> Reason:
    """Return the reason that speaks of an instrument's scope and of the facts that are missing."""
    instrument = f.index.base.instruments[name]
    facts = f.index.regime.facts
    named = "; ".join(dict.fromkeys(facts[m].en if m in facts else OFFENCE for m in missing))
    where = f"{instrument.reference}, scope"
    fields = {"scope": instrument.scope.text, "article": where, "missing": named}
    return Reason(code, fields, instrument.id)


OFFENCE = "for which offence assistance is sought"
"""What a scope asks for that is no fact of a question but its offence."""


def moved(f: Field, code: str, relation: Relation, by: str) -> Reason:
    """Return the reason that speaks of a relation by which another instrument stands in the way."""
    fields = {
        "by": f.index.base.instruments[by].short,
        "article": article_of(f.index.base, relation),
        "text": relation.text,
    }
    return Reason(code, fields, relation.id)


def article_of(base: LawBase, relation: Relation) -> str:
    """Return the article of a relation with the instrument it is of: its own, or (``EIO 34(1)``) the one it points at."""
    instruments = base.instruments
    own = instruments[relation.of].reference
    head, _, tail = relation.article.partition(" ")
    if relation.article == "-":
        return own
    if head in instruments:
        return f"{instruments[head].reference} Art. {tail}"
    tail = tail.removeprefix("art. ")
    if relation.target.instrument in instruments and tail[:1].isdigit() and head[-1] not in ",.":
        return f"{instruments[relation.target.instrument].reference} Art. {tail}"
    return f"{own} Art. {relation.article}" if head[:1].isdigit() else f"{own} {relation.article}"


def read_with(f: Field, name: str) -> tuple[str, ...]:
    """Return the instruments one is read with, mothers first."""
    return f.index.above(name, f.measure)


def depth(f: Field, name: str) -> int:
    """Return how many instruments stand above one, the longest way."""
    return len(read_with(f, name)) and 1 + max((depth(f, one) for one in read_with(f, name)), default=0)
