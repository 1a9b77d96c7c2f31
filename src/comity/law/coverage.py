"""What the law base covers and how well it is known: for every instrument, what is modelled, looked up, recalled, unsure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from comity.law.base import LawBase
from comity.law.model import Cited, EventKind, Knowledge
from comity.law.participation import STANDS_IN

__all__ = ["Coverage", "Known", "coverage", "total"]


@dataclass(frozen=True, slots=True)
class Known:
    """How many facts of a kind there are, and how they are known; an unsure one counts in its basis too."""

    count: int
    looked_up: int
    recalled: int
    unsure: int

    @classmethod
    def of(cls, facts: Iterable[Cited]) -> Known:
        """Count facts."""
        every = tuple(facts)
        looked_up = sum(fact.basis is Knowledge.LOOKED_UP for fact in every)
        return cls(len(every), looked_up, len(every) - looked_up, sum(fact.unsure for fact in every))


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of one instrument.

    ``parties`` counts states bound at any time, by the event that binds them; ``undated`` are those whose own day is not
    known, so that another day stands in. ``depth`` is ``rules`` where provisions are modelled, else ``frame``.
    """

    instrument: str
    title: str
    reference: str
    status: str
    basis: Knowledge
    unsure: bool
    depth: str
    completeness: str
    parties: Known
    undated: int
    rules: Known
    declarations: Known
    relations: Known

    def to_json(self) -> Mapping[str, Any]:
        """Return the members as JSON values."""
        return asdict(self)


def coverage(base: LawBase) -> tuple[Coverage, ...]:
    """Return the coverage of every instrument, in the order of their ids."""
    found = []
    for one in sorted(base.instruments.values(), key=lambda each: each.id):
        binding = [
            event
            for membership in base.parties[one.id].values()
            for event in membership.events
            if event.kind in {EventKind.IN_FORCE, EventKind.BOUND_FROM}
        ]
        rules = base.rules_of.get(one.id, ())
        found.append(
            Coverage(
                instrument=one.id,
                title=one.title,
                reference=one.reference,
                status=one.status,
                basis=one.basis,
                unsure=one.unsure,
                depth="rules" if rules else "frame",
                completeness=base.completeness.get(one.id, {}).get("completeness", ""),
                parties=Known.of(binding),
                undated=sum(event.reckoned in STANDS_IN for event in binding),
                rules=Known.of(rules),
                declarations=Known.of(d for d in base.declarations.values() if d.instrument == one.id),
                relations=Known.of(base.relations_from.get(one.id, ())),
            )
        )
    return tuple(found)


def total(base: LawBase, found: Iterable[Coverage]) -> Mapping[str, Known]:
    """Add the counts of all instruments up; conditions of domestic law, which no instrument has, are counted beside."""
    every = tuple(found)
    whole = {
        name: _sum(getattr(one, name) for one in every) for name in ("parties", "rules", "declarations", "relations")
    }
    domestic = (one for one in base.declarations.values() if one.instrument not in base.instruments)
    return {**whole, "conditions": Known.of(domestic), "authorities": Known.of(base.authorities.values())}


def _sum(counts: Iterable[Known]) -> Known:
    every = tuple(counts)
    return Known(*(sum(getattr(one, name) for one in every) for name in ("count", "looked_up", "recalled", "unsure")))
