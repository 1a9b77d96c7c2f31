"""Relations that cannot all hold: each of two puts the other's instrument first, or several do so in a ring.

A relation counts as putting one instrument before another where it replaces, prevails, is yielded or disconnected to, or has its
gaps filled. Two or more go round only where all of them can act at once: on a common day, for a common measure, between common
states. Relations that look at facts of the question (``when``) or point at a class of treaties are left to the resolver, which
refuses at the question. To be read together and to replace as a whole are opposites too.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from comity.law.model import Instrument, Relation, RelationKind

__all__ = ["JOINS", "joined_in_a_ring", "read_and_replaced", "rings"]

FIRST = frozenset({RelationKind.REPLACES, RelationKind.PREVAILS_OVER})
"""Kinds of relations that put the instrument they start at first."""

SECOND = frozenset({RelationKind.YIELDS_TO, RelationKind.FILLS_GAP, RelationKind.DISCONNECTS})
"""Kinds of relations that put the instrument they start at second."""

JOINS = frozenset({RelationKind.SUPPLEMENTS, RelationKind.AMENDS, RelationKind.EXTENDS, RelationKind.IMPLEMENTS})
"""Kinds of relations by which two instruments are read together."""


@dataclass(frozen=True, slots=True)
class _Reach:
    """On which days, for which measures and between which states a relation acts; None is every."""

    since: date
    until: date
    measures: frozenset[str]
    between: frozenset[str] | None

    def both(self, other: _Reach) -> _Reach | None:
        """Return what two have in common, or None."""
        since, until = max(self.since, other.since), min(self.until, other.until)
        measures = self.measures & other.measures
        between = other.between if self.between is None else self.between
        if self.between is not None and other.between is not None:
            between = self.between & other.between
        if since > until or not measures or (between is not None and len(between) < 2):
            return None
        return _Reach(since, until, measures, between)


def rings(
    relations: Iterable[Relation], measures: Iterable[str], forms: Mapping[str, Iterable[str]]
) -> Iterator[tuple[str, tuple[Relation, ...]]]:
    """Yield (names, relations) for the shortest ring from each instrument on; ``forms`` are forms by measure."""
    every = frozenset(measures)
    edges: dict[str, list[tuple[str, Relation, _Reach]]] = defaultdict(list)
    for relation in relations:
        if not relation.target.instrument or relation.when:
            continue
        reach = _reach(relation, every, forms)
        if relation.kind in FIRST:
            edges[relation.of].append((relation.target.instrument, relation, reach))
        elif relation.kind in SECOND:
            edges[relation.target.instrument].append((relation.of, relation, reach))
    for start in sorted(edges):
        yield from islice(_round(start, edges), 1)


def _reach(relation: Relation, every: frozenset[str], forms: Mapping[str, Iterable[str]]) -> _Reach:
    measures = frozenset(relation.measures) or every
    if relation.forms:
        measures = frozenset(one for one in measures if set(relation.forms).intersection(forms.get(one, ())))
    return _Reach(
        relation.from_ or date.min,
        relation.until or date.max,
        measures - frozenset(relation.except_measures),
        frozenset(relation.between) or None,
    )


def _round(
    start: str, edges: Mapping[str, list[tuple[str, Relation, _Reach]]]
) -> Iterator[tuple[str, tuple[Relation, ...]]]:
    """Walk from an instrument along what it goes before; yield the ways back, the shortest first.

    Only names behind ``start`` in the alphabet are gone through, so that a ring is met at its first name.
    """
    open_: deque[tuple[str, tuple[str, ...], tuple[Relation, ...], _Reach | None]] = deque(
        [(start, (start,), (), None)]
    )
    while open_:
        name, names, way, reach = open_.popleft()
        for lower, relation, own in edges.get(name, ()):
            common = own if reach is None else reach.both(own)
            if common is None or not common.measures:
                continue
            if lower == start:
                yield " before ".join((*names, start)), (*way, relation)
            elif lower > start and lower not in names:
                open_.append((lower, (*names, lower), (*way, relation), common))


def joined_in_a_ring(instruments: Mapping[str, Instrument], relations: Iterable[Relation]) -> tuple[str, ...]:
    """Return instruments each of which is read together with the next one as what stands above it, round to the first."""
    above: dict[str, list[str]] = defaultdict(list)
    for one in instruments.values():
        above[one.id] += one.mothers
    for relation in relations:
        if relation.kind in JOINS and relation.target.instrument:
            above[relation.of].append(relation.target.instrument)
    done: set[str] = set()
    for start in above:
        open_: list[tuple[str, tuple[str, ...]]] = [(start, (start,))]
        while open_:
            name, way = open_.pop()
            for each in above.get(name, ()):
                if each == start:
                    return (*way, start)
                if each not in way and each not in done:
                    open_.append((each, (*way, each)))
        done.add(start)
    return ()


def read_and_replaced(relations: Iterable[Relation]) -> tuple[Relation, Relation] | None:
    """Return two relations of one instrument to another of which one joins the two and the other replaces it as a whole."""
    held = tuple(relations)
    joins = {(one.of, one.target.instrument): one for one in held if one.kind in JOINS and _whole(one)}
    for other in held:
        one = joins.get((other.of, other.target.instrument))
        if one is not None and other.kind is RelationKind.REPLACES and _whole(other):
            return one, other
    return None


def _whole(relation: Relation) -> bool:
    narrow = (relation.measures, relation.forms, relation.except_measures, relation.target.articles, relation.between)
    return bool(relation.target.instrument) and not any((*narrow, relation.when, relation.from_, relation.until))
