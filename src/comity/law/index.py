"""What a resolution looks up, worked out once per law base: who provides what, who takes part where, what displaces whom.

An `Index` belongs to one `LawBase` and is kept as long as that lives. It holds no date: dates are asked at the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from comity.law.base import LawBase
from comity.law.model import Instrument, Relation, RelationKind, Rule, Status, TreatyClass, Type, When
from comity.law.reason import Reason
from comity.law.regime import Regime, read
from comity.values import StateCode

__all__ = ["UNION", "Index", "Provides", "index_of"]

UNION = frozenset(
    {
        Type.EU_CONVENTION,
        Type.EU_DIRECTIVE,
        Type.EU_REGULATION,
        Type.EU_DECISION,
        Type.EU_FRAMEWORK_DECISION,
    }
)
"""Types of instruments that bind Member States among themselves."""

JOINS = frozenset({RelationKind.SUPPLEMENTS, RelationKind.AMENDS, RelationKind.EXTENDS, RelationKind.IMPLEMENTS})


@dataclass(frozen=True, slots=True)
class Provides:
    """That an instrument provides for a measure: the article that names it ("" where only the form covers it).

    ``fit`` is the place, in the measure's forms, of the first form the instrument serves; 0 is the closest, and an
    instrument that names the measure but serves none of its forms stands last.
    """

    instrument: str
    article: str
    fit: int


class Index:
    """Tables over one law base; see the module."""

    def __init__(self, base: LawBase) -> None:
        self.base = base
        self.regime: Regime = read(base)
        self.bindings: dict[object, Any] = {}
        self.placings: dict[object, Any] = {}
        self.rules: dict[object, Any] = {}
        self.views: dict[str, Any] = {}
        self._above: dict[tuple[str, str], tuple[str, ...]] = {}
        self._edges: dict[str, Mapping[str, tuple[tuple[Relation, tuple[str, ...]], ...]]] = {}
        self._rules_for: dict[tuple[str, str], tuple[Rule, ...]] = {}
        self.replacers: dict[str, tuple[tuple[str, str], ...]] = {}
        self._names: dict[str, frozenset[str]] = {}
        self.bearing: dict[tuple[str, str], bool] = {}

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """Measures by the other names people give them, in lower case."""
        return {alias.casefold(): m.id for m in self.base.measures.values() for alias in (*m.aliases, m.title)}

    @cached_property
    def providers(self) -> Mapping[str, Mapping[str, Provides]]:
        """By measure: the instruments that provide for it."""
        return {measure: self._providers(measure) for measure in self.base.measures}

    def _providers(self, measure: str) -> dict[str, Provides]:
        forms = self.regime.measure_forms.get(measure, ())
        named = dict(reversed(self.base.measures[measure].articles))
        found = {}
        for i, instrument in self.base.instruments.items():
            fit = next((n for n, form in enumerate(forms) if form in instrument.forms), len(forms))
            if i not in named and not (self._covers(instrument, forms) and not self._left_out(i, measure)):
                continue
            found[i] = Provides(i, named.get(i, ""), fit)
        return found

    def _covers(self, instrument: Instrument, forms: tuple[str, ...]) -> bool:
        return any(form in instrument.forms and form not in self.regime.named_only for form in forms)

    def _left_out(self, instrument: str, measure: str) -> bool:
        rules = self.base.rules_of.get(instrument, ())
        return measure in self.regime.left_out.get(instrument, ()) or any(measure in r.excluded for r in rules)

    @cached_property
    def takes_part(self) -> Mapping[StateCode, frozenset[str]]:
        """By state: the instruments it has any event with, or is expressly not bound by."""
        found: dict[StateCode, set[str]] = defaultdict(set)
        for instrument, members in self.base.parties.items():
            for one in members:
                found[one].add(instrument)
        for instrument, one in self.base.not_bound:
            found[one].add(instrument)
        return {one: frozenset(names) for one, names in found.items()}

    @cached_property
    def members_of_union(self) -> frozenset[StateCode]:
        """States that take part in any act binding Member States among themselves."""
        acts = [i.id for i in self.base.instruments.values() if i.type in UNION]
        return frozenset(one for act in acts for one in self.base.parties.get(act, ()))

    def home(self, state: StateCode) -> StateCode:
        """Return the state a code is part of, or the code itself."""
        return self.regime.parts.get(state, state)

    @cached_property
    def days(self) -> tuple[str, ...]:
        """The facts on which it turns whether an instrument binds: days of transition rules."""
        regime = self.regime
        return tuple(sorted({each.fact for each in regime.transitions} | {each.fact for each in regime.older}))

    @cached_property
    def excluding(self) -> Mapping[StateCode, tuple[str, ...]]:
        """By state: its declarations that take articles of an instrument out."""
        found: dict[StateCode, list[str]] = defaultdict(list)
        for declaration in self.base.declarations.values():
            if "excluded_articles" in declaration.effect:
                found[declaration.state].append(declaration.id)
        return {one: tuple(ids) for one, ids in found.items()}

    @cached_property
    def circles(self) -> tuple[frozenset[StateCode], ...]:
        """The circles of states to which relations are limited."""
        return tuple({frozenset(relation.between): None for relation in self.base.relations if relation.between})

    @cached_property
    def mothers(self) -> Mapping[str, tuple[str, ...]]:
        """By instrument: the instruments it never stands without."""
        return {i.id: i.mothers for i in self.base.instruments.values() if i.mothers}

    @cached_property
    def joins(self) -> Mapping[str, tuple[tuple[Relation, str], ...]]:
        """By instrument: the relations by which it is read together with another where both bind."""
        found: dict[str, list[tuple[Relation, str]]] = defaultdict(list)
        for relation in self.base.relations:
            if relation.kind in JOINS:
                found[relation.of] += [(relation, target) for target in self._targets(relation)]
        return {name: tuple(pairs) for name, pairs in found.items()}

    def silence(self, instrument: str, measures: tuple[str, ...]) -> Reason:
        """Return why an instrument that binds does not serve measures: an article leaves one out, or none provides for it."""
        for rule in self.base.rules_of.get(instrument, ()):
            if set(measures).intersection(rule.excluded):
                article = f"{self.base.instruments[instrument].reference} Art. {rule.article}"
                return Reason("left_out", {"article": article}, rule.id)
        return Reason("not_provided", {}, instrument)

    def names(self, instrument: str) -> frozenset[str]:
        """Return the treaty offences an instrument names in its scope, as ``un-untoc 5``."""
        found = self._names.get(instrument)
        if found is None:
            when = self.base.instruments[instrument].scope.when
            found = self._names[instrument] = frozenset(_offences_in(when))
        return found

    def above(self, name: str, measure: str) -> tuple[str, ...]:
        """Return the instruments one is read with for a measure, mothers first."""
        found = self._above.get((name, measure))
        if found is None:
            joined = [target for relation, target in self.joins.get(name, ()) if self.reaches(relation, measure)]
            found = tuple(dict.fromkeys([*self.mothers.get(name, ()), *joined]))
            self._above[name, measure] = found
        return found

    def reaches(self, relation: Relation, measure: str) -> bool:
        """Tell whether a relation is one for a measure."""
        if relation.forms and not set(relation.forms).intersection(self.regime.measure_forms[measure]):
            return False
        return (not relation.measures or measure in relation.measures) and measure not in relation.except_measures

    @cached_property
    def _daughters(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for name, mothers in self.mothers.items():
            for mother in mothers:
                found[mother].append(name)
        return {mother: tuple(names) for mother, names in found.items()}

    def daughters(self, *names: str) -> tuple[str, ...]:
        """Return the protocols of instruments, and theirs."""
        found: list[str] = []
        for name in names:
            own = self._daughters.get(name, ())
            found += [*own, *self.daughters(*own)]
        return tuple(dict.fromkeys(found))

    def edges(self, measure: str) -> Mapping[str, tuple[tuple[Relation, tuple[str, ...]], ...]]:
        """Return by instrument its relations that order or displace for a measure, with the instruments they point at.

        Both ends provide for the measure; what is contested may be an instrument that only binds.
        """
        found = self._edges.get(measure)
        if found is None:
            provides = self.providers[measure]
            chosen: dict[str, list[tuple[Relation, tuple[str, ...]]]] = defaultdict(list)
            for relation, targets in self._ordering:
                if relation.of not in provides or not self.reaches(relation, measure):
                    continue
                free = relation.kind is RelationKind.CONTESTS
                ends = tuple(one for one in targets if one != relation.of and (free or one in provides))
                if ends:
                    chosen[relation.of].append((relation, ends))
            found = self._edges[measure] = {name: tuple(pairs) for name, pairs in chosen.items()}
        return found

    @cached_property
    def _ordering(self) -> tuple[tuple[Relation, tuple[str, ...]], ...]:
        wanted = {
            RelationKind.REPLACES,
            RelationKind.YIELDS_TO,
            RelationKind.FILLS_GAP,
            RelationKind.DISCONNECTS,
            RelationKind.PREVAILS_OVER,
            RelationKind.CONTESTS,
        }
        return tuple((relation, self._targets(relation)) for relation in self.base.relations if relation.kind in wanted)

    def _targets(self, relation: Relation) -> tuple[str, ...]:
        if relation.target.instrument:
            return (relation.target.instrument,) if relation.target.instrument in self.base.instruments else ()
        treaties = self.base.treaty_classes.get(relation.target.treaties)
        if treaties is None or not treaties.computable or not treaties.present:
            return ()
        return tuple(i for i in self.members_of(treaties) if i != relation.of)

    def members_of(self, treaties: TreatyClass) -> tuple[str, ...]:
        """Return the instruments of a class: by type, form, partner and general scope; schemes are no treaties."""
        return tuple(i.id for i in self.base.instruments.values() if _of_class(i, treaties, self))

    def rules_for(self, instrument: str, measure: str) -> tuple[Rule, ...]:
        """Return the rules of an instrument that are rules for a measure."""
        found = self._rules_for.get((instrument, measure))
        if found is None:
            rules = self.base.rules_of.get(instrument, ())
            found = self._rules_for[instrument, measure] = tuple(rule for rule in rules if self.related(rule, measure))
        return found

    def related(self, rule: Rule, measure: str) -> bool:
        """Tell whether a rule is one for a measure: written for all, for it, for its kin, or at an article that names it."""
        if not rule.measures or measure in rule.measures:
            return True
        kin = self.regime.kin
        near = (*kin.always.get(measure, ()), *kin.coercive.get(measure, ()))
        if any(m in near for m in rule.measures):
            return True
        if rule.kind == "time_limit" and set(rule.measures).intersection(kin.limits.get(measure, ())):
            return True
        if kin.evidence in rule.measures and kin.evidence_forms.intersection(self.regime.measure_forms[measure]):
            return True
        return any(
            instrument == rule.instrument and _named(rule.article, article)
            for instrument, article in self.base.measures[measure].articles
        )


def _offences_in(when: When) -> set[str]:
    found: set[str] = set()
    for part in (*when.all_, *when.any_):
        if isinstance(part, When):
            found |= _offences_in(part)
        elif part.fact == "treaty_offence":
            found.update(part.values)
    return found


def _of_class(instrument: Instrument, treaties: TreatyClass, index: Index) -> bool:
    if instrument.status is Status.SCHEME or (treaties.general and not instrument.scope.any_offence):
        return False
    if treaties.types and instrument.type not in treaties.types:
        return False
    if treaties.forms and not set(treaties.forms).intersection(instrument.forms):
        return False
    if instrument.type is Type.PROTOCOL and instrument.mothers:
        return False
    return treaties.with_state is None or treaties.with_state in index.base.parties.get(instrument.id, ())


def _named(article: str, listed: str) -> bool:
    """Tell whether a rule's article is one of those a measure lists, as written: ``27`` in ``26-27`` does not count."""
    return article in {part.strip() for part in listed.split(",")}


_KEPT: WeakKeyDictionary[LawBase, Index] = WeakKeyDictionary()


def index_of(base: LawBase) -> Index:
    """Return the index of a law base, built at its first use."""
    found = _KEPT.get(base)
    if found is None:
        found = _KEPT[base] = Index(base)
    return found
