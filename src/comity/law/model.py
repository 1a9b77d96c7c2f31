"""The law base in memory: what an instrument, a provision, a declaration and a relation consist of.

Everything is frozen and comes from one file each. ``id`` is the path of that file (``coe/030/article-14-1/request_content``),
except for instruments, whose id is the first path segment, a hyphen, the second (``coe-030``). ``basis`` says how a fact is
known: ``looked-up`` was read in the source named, ``recalled`` comes from knowledge and is to be checked against the
depositary before anyone relies on it. ``unsure`` marks what is known to need a check. ``checked`` is the day of the data.
Spans: ``from_`` and ``valid_from`` are the first day in; ``until``, ``valid_to`` and an event ``bound_to`` the last day in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from comity.values import StateCode

__all__ = [
    "Authority",
    "Cited",
    "DateOf",
    "Declaration",
    "Event",
    "EventKind",
    "Instrument",
    "Knowledge",
    "Limit",
    "Measure",
    "NotBound",
    "Note",
    "Offence",
    "Provision",
    "Relation",
    "RelationKind",
    "Rule",
    "Scope",
    "Status",
    "Target",
    "Term",
    "Test",
    "TreatyClass",
    "Type",
    "When",
]


class Knowledge(StrEnum):
    """How a fact is known; the word a user sees is the value."""

    LOOKED_UP = "looked-up"
    RECALLED = "recalled"


class Status(StrEnum):
    """Where an instrument stands on the day of the data; dates decide, this explains."""

    IN_FORCE = "in_force"
    NOT_YET_APPLICABLE = "in_force_not_yet_applicable"
    NOT_IN_FORCE = "not_in_force"
    OPEN_FOR_SIGNATURE = "open_for_signature"
    PROVISIONAL = "provisional_application_between_declarants"
    UNCLEAR = "unclear"
    REPEALED = "repealed"
    SCHEME = "political_arrangement"


class Type(StrEnum):
    """What an instrument is."""

    CONVENTION = "multilateral_convention"
    PROTOCOL = "protocol"
    BILATERAL = "bilateral_treaty"
    SCHEME = "non_binding_scheme"
    EU_CONVENTION = "eu_convention"
    EU_DIRECTIVE = "eu_directive"
    EU_REGULATION = "eu_regulation"
    EU_DECISION = "eu_decision"
    EU_FRAMEWORK_DECISION = "eu_framework_decision"
    EU_AGREEMENT = "eu_external_agreement"


class EventKind(StrEnum):
    """What happened between a state and an instrument."""

    SIGNED = "signed"
    DEPOSITED = "deposited"
    IN_FORCE = "in_force"
    BOUND_FROM = "bound_from"
    BOUND_TO = "bound_to"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    PROVISIONAL_FROM = "provisional_from"
    PROVISIONAL_TO = "provisional_to"
    WITHDRAWAL_NOTIFIED = "withdrawal_notified"


class RelationKind(StrEnum):
    """How an instrument (``of``) stands to its target."""

    REPLACES = "replaces"
    SUPPLEMENTS = "supplements"
    COMPLEMENTS = "complements"
    YIELDS_TO = "yields_to"
    FILLS_GAP = "fills_gap"
    DISCONNECTS = "disconnects"
    WITHOUT_PREJUDICE = "without_prejudice"
    AMENDS = "amends"
    AMENDED_BY = "amended_by"
    MODIFIES = "modifies"
    ALLOWS = "allows"
    EXTENDS = "extends"
    IMPLEMENTS = "implements"
    PREVAILS_OVER = "prevails_over"
    CONTESTS = "contests"
    ANTICIPATES = "anticipates"
    SUPPORTS = "supports"
    INTERNAL_REGIME = "internal_regime"
    LEGAL_BASIS = "legal_basis"
    STANDALONE = "standalone"


class DateOf(StrEnum):
    """Which date of a question a provision looks at."""

    REQUEST = "request"
    OFFENCE = "offence"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """What every fact of the law base carries."""

    source: str
    basis: Knowledge
    unsure: bool = False
    checked: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Test:
    """One condition: a fact of the question is one of ``values``, or is ``at_least`` a number. Never an expression."""

    fact: str
    values: tuple[str, ...] = ()
    at_least: int | None = None


@dataclass(frozen=True, slots=True)
class When:
    """Conditions joined: every one of ``all_``, and at least one of ``any_`` where it is not empty."""

    all_: tuple[Test | When, ...] = ()
    any_: tuple[Test | When, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.all_ or self.any_)

    def tests(self) -> Iterator[Test]:
        """Yield every single condition, however deep it is joined."""
        for part in (*self.all_, *self.any_):
            if isinstance(part, Test):
                yield part
            else:
                yield from part.tests()


@dataclass(frozen=True, slots=True)
class Scope:
    """Which offences an instrument reaches: the text, and the same as conditions; no condition means any offence.

    ``unless`` is what the instrument leaves out (purely military offences): out only where it is known to hold.
    """

    text: str
    when: When = field(default_factory=When)
    unless: When = field(default_factory=When)

    @property
    def any_offence(self) -> bool:
        """Whether the instrument is of general scope."""
        return not self.when


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument(Cited):
    """A treaty, EU act, agreement or scheme.

    ``ended`` is its last day in force; ``entry_into_force`` the day it began to apply at all (for a directive the end of
    its transposition). ``reference`` is how it is cited before an article, ``published`` where it was published where that is
    not the same. ``mothers`` are the instruments without which it never stands (a protocol's convention).
    """

    id: str
    title: str
    short: str
    depositary: str
    reference: str
    published: str = ""
    official_id: str
    adopted: date
    entry_into_force: date | None
    ended: date | None = None
    status: Status
    type: Type
    scope: Scope
    forms: tuple[str, ...]
    mothers: tuple[str, ...] = ()
    uk: str = ""

    @property
    def path(self) -> str:
        """The folder below ``instruments``, for example ``coe/030``."""
        return self.id.replace("-", "/", 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Cited):
    """One event in a state's participation.

    ``on`` is None where the day is not known. ``reckoned`` says how a day that no source prints came about: ``computed``
    (from the deposit and the instrument's clause), ``recalled``, or, where the state's own day is not known, what stands in
    for it: ``instrument`` (its entry into force), ``statehood`` (the state's beginning), ``mother`` (the day of its mother
    convention), ``declaration`` (the effect of its first declaration), ``succession`` (the deposit by which it succeeded).
    ``towards`` limits an event to relations with
    these states (suspension, provisional application). ``act`` is ratification_or_equivalent, accession or succession.
    """

    instrument: str
    state: StateCode
    kind: EventKind
    on: date | None
    act: str = ""
    reckoned: str = ""
    towards: tuple[StateCode, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBound(Cited):
    """A state that one might expect to be bound by an instrument and is not, with the reason."""

    instrument: str
    state: StateCode
    reason: str
    kind: str = "not_bound"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration(Cited):
    """A state's reservation, declaration or notification; ``effect`` maps closed effect names to texts or tuples of them."""

    id: str
    state: StateCode
    instrument: str
    article: str
    articles: tuple[str, ...]
    kind: str
    effect: Mapping[str, str | tuple[str, ...]]
    text: str
    valid_from: date | None = None
    valid_to: date | None = None
    towards: tuple[StateCode, ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """A further number of a provision, for example a second time limit: ``step``, ``amount``, ``unit``."""

    step: str
    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class Provision:
    """A reference to articles of an instrument; ``articles`` empty means the whole of it."""

    instrument: str
    articles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Cited):
    """One provision, one meaning.

    ``measures`` empty: for every measure of the instrument. ``value`` is a closed word, several, or None; numbers stand in
    ``amount`` with ``unit`` (days, hours, months_max_penalty, ...) and ``step`` (recognition, execution, ...), further ones
    in ``further``. ``declarations`` names where declarations may change it. ``superseded_by`` are the provisions that
    take its place between parties to those. ``looks_at`` says which date of a question decides whether it applies.
    """

    id: str
    instrument: str
    article: str
    kind: str
    text: str
    measures: tuple[str, ...] = ()
    value: str | tuple[str, ...] | None = None
    amount: int | None = None
    unit: str = ""
    step: str = ""
    level: str = ""
    threshold: int | None = None
    further: tuple[Limit, ...] = ()
    refusal: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    consent: bool = False
    condition: str = ""
    purpose: str = ""
    when: When = field(default_factory=When)
    declarations: Provision | None = None
    superseded_by: tuple[Provision, ...] = ()
    looks_at: DateOf = DateOf.REQUEST
    from_: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatyClass:
    """A named class of treaties a relation may point at, told by type, form and partners.

    ``general`` leaves out those for certain offences only; ``present`` False stands for the lack of any; a class that is not
    ``computable`` is described and left to a person.
    """

    id: str
    title: str
    uk: str = ""
    types: tuple[Type, ...] = ()
    forms: tuple[str, ...] = ()
    with_state: StateCode | None = None
    general: bool = False
    present: bool = True
    computable: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    """What a relation points at: an instrument with (some of) its articles, or a named class of treaties."""

    instrument: str = ""
    treaties: str = ""
    articles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation(Cited):
    """A typed edge from an instrument to a target, with the article that makes it.

    ``forms``/``measures`` empty: for all; otherwise the edge reaches only these. ``between`` limits it to relations in
    which both states are of these; ``when`` to facts of the question; ``from_``/``until`` to dates, of which ``looks_at``
    says which. ``own_articles`` are the articles of ``of`` the edge starts at.
    """

    id: str
    of: str
    kind: RelationKind
    target: Target
    article: str
    text: str
    own_articles: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    except_measures: tuple[str, ...] = ()
    between: tuple[StateCode, ...] = ()
    territory: str = ""
    when: When = field(default_factory=When)
    looks_at: DateOf = DateOf.REQUEST
    from_: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a closed list (ground, effect, kind, unit, ...) with its titles."""

    id: str
    title: str
    uk: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Cited):
    """A measure one state may ask of another; ``articles`` are (instrument, article) where it is provided for."""

    id: str
    title: str
    uk: str
    group: str
    coerciveness: str
    provisional: bool
    articles: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offence(Cited):
    """An offence by its ICCS code; ``lists`` are its entries in the list of 32, ``treaty_offences`` its treaty articles."""

    id: str
    title: str
    uk: str
    iccs: str
    level: int
    iccs_unsure: bool
    eu32: tuple[str, ...]
    treaty_offences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority(Cited):
    """A competent authority of a state; ``roles`` from the closed list, ``instruments`` it is named for."""

    id: str
    state: StateCode
    name: str
    roles: tuple[str, ...]
    instruments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Cited):
    """A general note on participation, for example on the United Kingdom after the transition."""

    id: str
    topic: str
    text: str
