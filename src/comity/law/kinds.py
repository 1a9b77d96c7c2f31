"""What decides, between two states on a day, which instrument comes first: pairs and days that share it have one answer.

The order for a measure turns on the instruments that bind the two, the articles a side has shut, whether both are of the Union,
and the relations that act between them on the day (`comity.law.precedence`). A `Kind` holds just these, as bits; 39,006 ordered
pairs of states on 148 quarters are some tens of thousands of kinds. Of a kind, `Kinds.key` keeps what one measure looks at: kinds
that differ in an extradition treaty only are one for a hearing of a witness.

Between two of its ``days`` a pair keeps its kind unless a day of a membership, declaration or relation that touches it falls
between: a membership is a row of bits, one a day, and the rows of two states are laid over one another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from comity.law.base import LawBase
from comity.law.binding import bindings
from comity.law.index import Index, index_of
from comity.law.model import Relation, RelationKind
from comity.law.participation import Membership
from comity.values import ENTITIES, StateCode

__all__ = ["Kind", "Kinds", "Period", "states_of"]


def states_of(base: LawBase) -> tuple[StateCode, ...]:
    """Return every state that takes part in any instrument, in the order of codes."""
    return tuple(sorted(one for one in index_of(base).takes_part if one not in ENTITIES))


@dataclass(frozen=True, slots=True)
class Kind:
    """What two states have in common on a day.

    ``held`` has a bit for each instrument that binds both, in the order of the law base; ``shut`` are (instrument, article) that
    one side has excluded; ``acting`` has a bit for each relation limited to states or dates that may act, in `Kinds.limited`.
    """

    held: int
    shut: frozenset[tuple[str, str]]
    union: bool
    acting: int


@dataclass(frozen=True, slots=True)
class Period:
    """Two states from the day number ``first`` up to and including the day number ``last``, of one kind."""

    one: StateCode
    other: StateCode
    first: int
    last: int
    kind: Kind


class Kinds:
    """The kinds of pairs of states on some days in ascending order."""

    def __init__(self, base: LawBase, days: Sequence[date]) -> None:
        self.base = base
        self.index: Index = index_of(base)
        self.days = tuple(days)
        self.names = tuple(base.instruments)
        self._bit = {name: number for number, name in enumerate(self.names)}
        self.limited = tuple(r for r in base.relations if r.between or r.from_ or r.until)
        self._in_time = tuple(self._bits(r.from_, r.until) for r in self.limited)
        self._mothers = {self._bit[name]: self._mask(above) for name, above in self.index.mothers.items()}
        self._complete: dict[int, int] = {}
        self._looks: dict[str, _Looks] = {}
        self._rows: dict[StateCode, dict[str, int]] = {}
        self._intricate = {
            *((d.instrument, d.state) for d in base.declarations.values() if "excluded_states" in d.effect),
            *((name, state) for name, held in base.parties.items() for state, one in held.items() if _intricate(one)),
        }
        self._shutting = {
            state: tuple(base.declarations[name] for name in names) for state, names in self.index.excluding.items()
        }

    def periods(self, states: Sequence[StateCode] | None = None) -> Iterator[Period]:
        """Yield for every unordered pair of ``states`` (by default of all) the periods that make up the days."""
        for one, other in combinations(states_of(self.base) if states is None else states, 2):
            yield from self.between(one, other)

    def between(self, one: StateCode, other: StateCode) -> Iterator[Period]:
        """Yield the periods of one pair, which together are all the days."""
        whole = (1 << len(self.days)) - 1
        rows = self._common(one, other)
        shut = [
            (self._bits(d.valid_from, d.valid_to), d.instrument, article)
            for state in (self.index.home(one), self.index.home(other))
            for d in self._shutting.get(state, ())
            for article in _words(d.effect["excluded_articles"])
        ]
        acting = [
            (days, number)
            for number, (days, relation) in enumerate(zip(self._in_time, self.limited, strict=True))
            if not relation.between or {one, other} <= set(relation.between)
        ]
        union = {self.index.home(one), self.index.home(other)} <= self.index.members_of_union
        turns = 1
        for row in (*(days for days, _ in rows), *(days for days, _, _ in shut), *(days for days, _ in acting)):
            turns |= (row ^ (row << 1)) & whole
        firsts = [number for number in range(len(self.days)) if turns >> number & 1]
        for first, following in zip(firsts, (*firsts[1:], len(self.days)), strict=True):
            held = 0
            for days, number in rows:
                if days >> first & 1:
                    held |= 1 << number
            kind = Kind(
                self._with_mothers(held),
                frozenset((name, article) for days, name, article in shut if days >> first & 1),
                union,
                sum(1 << number for days, number in acting if days >> first & 1),
            )
            yield Period(one, other, first, following - 1, kind)

    def key(self, kind: Kind, measure: str) -> object:
        """Return what of a kind the order for one measure looks at."""
        looks = self._looks.get(measure)
        if looks is None:
            looks = self._looks[measure] = self._what_looks(measure)
        shut = kind.shut & looks.articles if kind.shut else kind.shut
        union = kind.union and bool(kind.held & looks.disconnecting)
        return (kind.held & looks.held, shut, union, kind.acting & looks.limited)

    def holding(self, kind: Kind) -> frozenset[str]:
        """Return the instruments that bind the two states."""
        return frozenset(name for number, name in enumerate(self.names) if kind.held >> number & 1)

    def _common(self, one: StateCode, other: StateCode) -> list[tuple[int, int]]:
        """Return (days, number) of each instrument that binds both on some day, before mothers are looked for."""
        if not {one, other}.isdisjoint(self.index.regime.territories):
            return self._of_territory(one, other)
        one, other = self.index.home(one), self.index.home(other)
        here, there = self._row(one), self._row(other)
        found = []
        for name, days in here.items():
            both = days & there.get(name, 0)
            if both and not self._intricate.isdisjoint({(name, one), (name, other)}):
                both = self._asked(name, one, other, both)
            partners = self.index.regime.partners.get(name)
            if both and (partners is None or (one in partners) != (other in partners)):
                found.append((both, self._bit[name]))
        return found

    def _of_territory(self, one: StateCode, other: StateCode) -> list[tuple[int, int]]:
        """Return the same where one of the two is a territory: what is known to reach it, asked for day by day."""
        found: dict[str, int] = {}
        for number, on in enumerate(self.days):
            for name, bound in bindings(self.index, one, other, on, {}).items():
                if bound.holds:
                    found[name] = found.get(name, 0) | 1 << number
        return [(days, self._bit[name]) for name, days in found.items()]

    def _row(self, state: StateCode) -> dict[str, int]:
        """Return by instrument the days on which a state is bound towards anyone."""
        found = self._rows.get(state)
        if found is None:
            found = self._rows[state] = {}
            for name in self.index.takes_part.get(state, ()):
                row = 0
                for span in self.base.membership(name, state).spans:
                    row |= self._bits(span.since, span.until)
                if row:
                    found[name] = row
        return found

    def _asked(self, name: str, one: StateCode, other: StateCode, days: int) -> int:
        """Return the days of ``days`` on which an instrument that does not bind towards everyone binds the two."""
        found = 0
        for number, on in enumerate(self.days):
            if days >> number & 1:
                bound = bindings(self.index, one, other, on, {}).get(name)
                if bound is not None and (bound.holds or bound.why[0].code == "mother"):
                    found |= 1 << number
        return found

    def _bits(self, since: date | None, until: date | None) -> int:
        """Return a bit for each day in a span, both ends included."""
        row = 0
        for number, on in enumerate(self.days):
            if (since is None or since <= on) and (until is None or on <= until):
                row |= 1 << number
        return row

    def _mask(self, names: Sequence[str] | frozenset[str]) -> int:
        return sum(1 << self._bit[name] for name in set(names) if name in self._bit)

    def _with_mothers(self, held: int) -> int:
        """Return what is left where a protocol never binds without its mother."""
        found = self._complete.get(held)
        if found is None:
            found, before = held, -1
            while found != before:
                before = found
                for number, mothers in self._mothers.items():
                    if found >> number & 1 and mothers & ~found:
                        found &= ~(1 << number)
            self._complete[held] = found
        return found

    def _what_looks(self, measure: str) -> _Looks:
        index, provides = self.index, self.index.providers[measure]
        edges = index.edges(measure)
        names = {*provides, *(end for pairs in edges.values() for _, ends in pairs for end in ends)}
        size = 0
        while len(names) != size:
            size = len(names)
            names |= {above for name in names for above in index.above(name, measure)}
            names |= set(index.daughters(*names))
        acting = {relation.id for pairs in edges.values() for relation, _ in pairs}
        return _Looks(
            held=self._mask(frozenset(names)),
            articles=frozenset((name, each.article) for name, each in provides.items() if each.article),
            disconnecting=self._mask(frozenset(name for name, pairs in edges.items() if any(map(_disconnects, pairs)))),
            limited=sum(1 << number for number, relation in enumerate(self.limited) if relation.id in acting),
        )


@dataclass(frozen=True, slots=True)
class _Looks:
    """What the order for one measure looks at, in the bits of a `Kind`."""

    held: int
    articles: frozenset[tuple[str, str]]
    disconnecting: int
    limited: int


def _disconnects(pair: tuple[Relation, tuple[str, ...]]) -> bool:
    return pair[0].kind is RelationKind.DISCONNECTS


def _intricate(membership: Membership) -> bool:
    return bool(membership.suspensions) or any(span.towards for span in membership.spans)


def _words(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
