"""Reading the laboratory: its database, offers, comparisons, pairs to be judged blind, hits, and what is lost on the way.

What an expert who has yet to judge may see is `pair`: two profiles without their numbers, how they agree, and what the
check of the data remarked. Everything else about a hit is in `comparison` and `hit`, which tell opinions only when
there are enough of them; who looked there is blind no longer (`sighted`).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from django.db.models import Count, Q, Sum

from comity.flow import comparison as flow
from comity.flow.comparison import HitCourse, Judged, Losses, Terms
from comity.flow.limit import Limit, core_data_limit
from comity.forensics import body
from comity.forensics.body import Answer, Outcome, Purpose, Query
from comity.forensics.dna.data_quality import DataQuality, check
from comity.forensics.dna.index.database import Database
from comity.forensics.dna.index.search import Match
from comity.forensics.dna.population import DEFAULT, population
from comity.forensics.dna.profile import Category, Profile
from comity.forensics.dna.rules import RuleSet, rule_set
from comity.forensics.dna.strength.chance import Expected, of_query
from comity.forensics.dna.strength.weighed import Scale
from comity.forensics.errors import IndexMissingError, ProfileError
from comity.forensics.finding import Finding
from comity.law.form import Label, Side
from comity.node.accounts.policy import Do, can, filtered, require
from comity.node.accounts.role import Officer
from comity.node.errors import NotBlindError, SameExpertError, UnknownError
from comity.node.lab import known
from comity.node.lab.known import KnownFalse
from comity.node.lab.models import Asked, HitRow, Offer, Opinion, Sight
from comity.node.lawbook import queries as law
from comity.node.place import here
from comity.node.registry import queries as registry
from comity.node.requests import record
from comity.node.requests.record import File
from comity.record import Act
from comity.request import lifecycle

__all__ = [
    "PREFIX",
    "Comparison",
    "ComparisonLine",
    "HitLine",
    "HitWhole",
    "OfferLine",
    "Pair",
    "PairLine",
    "Searched",
    "answered",
    "asked_of",
    "basis",
    "comparison",
    "comparisons",
    "course_of",
    "database",
    "held",
    "hit",
    "hit_row",
    "hits",
    "limits",
    "losses",
    "offers",
    "pair",
    "pairs",
    "search",
    "seen_file",
    "sighted",
    "standing_offer",
    "stored",
    "terms",
    "unanswered",
    "verifiable",
]

PREFIX = "DNA-"
OPINIONS = ("dna.verify", "dna.review")
"""Acts that are shown to nobody in a timeline."""


@dataclass(frozen=True, slots=True)
class HereHeld:
    """This state's database as an answer reads it."""

    database: Database

    def __len__(self) -> int:
        """Return how many profiles it holds."""
        return len(self.database)

    @property
    def generation(self) -> int:
        """The number of its last import."""
        return self.database.generation

    def search(self, query: Profile, rules: RuleSet) -> Sequence[Match]:
        """Return every hit."""
        return self.database.search(query, rules)

    def profile(self, name: str) -> Profile:
        """Return a profile by its id."""
        found = self.database.find(name)
        if found is None:
            raise ProfileError(f"{name} is not in the database.")
        return found[0].profile(found[1])

    def masks(self) -> Mapping[frozenset[str], int]:
        """Return how many profiles have which loci."""
        return self.database.masks()


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An offer to a partner, and what is left of today's quota."""

    id: str
    partner: str
    takes: tuple[str, ...]
    searches: tuple[str, ...]
    purposes: tuple[str, ...]
    rules: tuple[str, ...]
    quota: int
    left: int
    authority: str
    decided_by: str
    decided_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ComparisonLine:
    """A comparison in a list."""

    id: str
    side: Side
    partner: str
    profiles: int
    hits: int
    declined: str
    status_id: str
    status: Label
    turn: Side | None
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class HitLine:
    """A hit in its comparison.

    ``known`` is the earlier report by which the pair is known to be false; ``limits`` are set where core data were
    asked for.
    """

    id: str
    course: HitCourse
    quality: DataQuality
    station: str
    opinions: int
    fit: bool
    draft: str
    may: tuple[str, ...]
    known: KnownFalse | None
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison whole, as this side sees it."""

    line: ComparisonLine
    query: Query | None
    answer: Answer | None
    hits: tuple[HitLine, ...]
    acts: tuple[tuple[Act, Label], ...]
    may: tuple[str, ...]
    left_out: tuple[KnownFalse, ...]


@dataclass(frozen=True, slots=True)
class PairLine:
    """A pair that waits for this expert: nothing of the case, and not whose turn it was before.

    ``since`` is a day: a minute would tell which comparison it came with.
    """

    id: str
    quality: str
    compared: int
    matched: int
    since: date


@dataclass(frozen=True, slots=True)
class Pair:
    """What an expert judges: profiles A and B without their numbers, locus by locus, and remarks on the data."""

    id: str
    first: Profile
    second: Profile
    quality: DataQuality
    rules: RuleSet


@dataclass(frozen=True, slots=True)
class HitWhole:
    """A hit with its case, its strength, and the opinions of this state's experts once there are enough of them."""

    line: HitLine
    comparison: ComparisonLine
    finding: Finding
    judged: Judged
    outcome: body.Confirm | None
    opinions: tuple[tuple[Act, body.Verify], ...]
    hidden: int
    basis: body.Basis


@dataclass(frozen=True, slots=True)
class Searched:
    """A search in the own database."""

    query: Profile
    rules: RuleSet
    matches: tuple[Match, ...]
    expected: Expected | None
    total: int


def database() -> Database | None:
    """Return this state's DNA database, None while nothing was imported."""
    try:
        return Database.open(here().dna)
    except IndexMissingError:
        return None


def held() -> HereHeld | None:
    """Return the database as an answer reads it."""
    found = database()
    return HereHeld(found) if found else None


def stored(officer: Officer) -> dict[str, int]:
    """Return how many profiles are held, and the number of the last import."""
    require(officer, Do.SEE_LAB)
    found = database()
    return {"profiles": len(found) if found else 0, "import": found.generation if found else 0}


def search(officer: Officer, query: Profile, rules: RuleSet) -> Searched:
    """Search the own database."""
    require(officer, Do.KEEP_PROFILES)
    found = database()
    if found is None:
        return Searched(query, rules, (), None, 0)
    matches = tuple(one for one in found.search(query, rules) if one.id != query.id)
    expected = of_query(query, found.masks(), rules, Scale(population(DEFAULT), flow.THETA))
    return Searched(query, rules, matches, expected, len(found))


def offers(officer: Officer, on: date) -> tuple[OfferLine, ...]:
    """Return the offers that stand, and those that were replaced after them."""
    require(officer, Do.SEE_LAB)
    return tuple(_offer(row, on) for row in Offer.objects.order_by("partner", "-decided_at")[:200])


def _offer(row: Offer, on: date) -> OfferLine:
    return OfferLine(
        id=str(row.pk),
        partner=row.partner,
        takes=tuple(row.takes),
        searches=tuple(row.searches),
        purposes=tuple(row.purposes),
        rules=tuple(row.rules),
        quota=row.quota,
        left=_left(row, on),
        authority=row.authority,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        ended_at=row.ended_at,
    )


def _left(row: Offer, on: date) -> int:
    used = Asked.objects.filter(partner=row.partner, answered_on=on).aggregate(sum=Sum("counted"))["sum"]
    return max(0, row.quota - (used or 0))


def standing_offer(partner: str) -> Offer | None:
    """Return the offer that stands towards a partner."""
    return Offer.objects.filter(partner=partner, ended_at=None).order_by("-decided_at").first()


def terms(row: Offer | None, on: date) -> Terms | None:
    """Return an offer as an answer reads it, with what is left of the day's quota."""
    if row is None:
        return None
    return Terms(
        offer=str(row.pk),
        takes=frozenset(Category(one) for one in row.takes),
        searches=frozenset(Category(one) for one in row.searches),
        purposes=frozenset(Purpose(one) for one in row.purposes),
        rules=frozenset(row.rules),
        left=_left(row, on),
    )


def limits(requesting: str, requested: str, asked_at: datetime) -> tuple[Limit, ...]:
    """Return what the law base says of the time for core data that were asked for, by this node's law base."""
    return _limits(requesting, requested, asked_at)


@lru_cache(maxsize=512)
def _limits(requesting: str, requested: str, asked_at: datetime) -> tuple[Limit, ...]:
    found = law.answer(
        requesting=requesting, requested=requested, measures=[flow.MEASURE], offences=[], on=asked_at.date(), facts={}
    )
    return core_data_limit(found, law.base(), measure=flow.MEASURE, form=flow.FORM, asked_at=asked_at)


def unanswered() -> dict[str, list[str]]:
    """Return the comparisons that wait for an answer, by partner, the oldest first."""
    found: dict[str, list[str]] = {}
    for dossier, partner in Asked.objects.filter(answer="").order_by("came_at").values_list("dossier", "partner"):
        found.setdefault(partner, []).append(dossier)
    return found


def basis(requesting: str, requested: str, on: date) -> body.Basis:
    """Return what a comparison between two states rests on, by this node's law base."""
    found = law.answer(
        requesting=requesting, requested=requested, measures=[flow.MEASURE], offences=[], on=on, facts={}
    )
    return flow.standing(found, law.base())


def comparisons(officer: Officer) -> tuple[ComparisonLine, ...]:
    """Return the comparisons this person may see, the last opened first."""
    require(officer, Do.SEE_LAB)
    files = record.files(filtered(officer, Do.SEE_COMPARISON) & Q(id__startswith=PREFIX))
    # by the day of opening: an order by the last change would tell that an opinion was given
    return tuple(
        _line(file, record.acts(file.id)) for file in sorted(files, key=lambda one: one.opened_at, reverse=True)
    )


def _line(file: File, acts: Sequence[Act]) -> ComparisonLine:
    status = lifecycle.status(acts, file.form)
    query, answer = _said(acts)
    return ComparisonLine(
        id=file.id,
        side=file.side,
        partner=str(file.partner),
        profiles=len(query.profiles) if query else 0,
        hits=sum(len(one.hits) for one in answer.results) if answer else 0,
        declined=str(answer.declined.ground) if answer and answer.declined else "",
        status_id=status.id,
        status=status.label,
        turn=status.side,
        opened_at=file.opened_at,
    )


def _said(acts: Sequence[Act]) -> tuple[Query | None, Answer | None]:
    query: Query | None = None
    answer: Answer | None = None
    for act in acts:
        if act.kind in ("dna.query", "dna.answer"):
            said = body.read(act.kind, act.body)
            query = said if isinstance(said, Query) else query
            answer = said if isinstance(said, Answer) else answer
    return query, answer


def seen_file(officer: Officer, dossier: str) -> File:
    """Return a comparison's dossier this person may see, or refuse it."""
    file = record.file(dossier)
    if not file.id.startswith(PREFIX):
        raise UnknownError(f"{dossier[:80]!r} is no comparison.", remedy="Look at it among the cases.")
    require(officer, Do.SEE_COMPARISON, file)
    return file


def comparison(officer: Officer, dossier: str) -> Comparison:
    """Return a comparison whole; `actions.look` is the door, which writes down that it was seen."""
    file = seen_file(officer, dossier)
    acts = record.acts(dossier)
    query, answer = _said(acts)
    kinds = file.form.kinds
    return Comparison(
        line=_line(file, acts),
        query=query,
        answer=answer,
        hits=hits(officer, file, acts),
        acts=tuple((act, kinds[act.kind].title) for act in acts if act.kind not in OPINIONS),
        may=_may_close(officer, file, acts),
        left_out=_left_out(file, query, answer),
    )


def hits(officer: Officer, file: File, acts: Sequence[Act]) -> tuple[HitLine, ...]:
    """Return the hits of a comparison, folded from its acts."""
    rows = {(row.query, row.reference): row for row in HitRow.objects.filter(dossier=file.id)}
    return tuple(
        _hit(officer, file, course, rows.get((course.query, course.reference))) for course in flow.courses(acts)
    )


def _left_out(file: File, query: Query | None, answer: Answer | None) -> tuple[KnownFalse, ...]:
    """Return the reports by which pairs were left out of the answer: those of the profiles it says it of."""
    counted = {one.query for one in answer.results if one.reported_false} if answer else set()
    sent = [one for one in query.profiles if one.reference in counted] if query else []
    return tuple(report for one in sent for report in known.of_profile(str(file.partner), one, file.id))


def _may_close(officer: Officer, file: File, acts: Sequence[Act]) -> tuple[str, ...]:
    steps = {step.act for step in lifecycle.possible(acts, file.form, file.side)}
    return ("close",) if "dna.close" in steps and can(officer, Do.ASK_CORE_DATA, file).allowed else ()


def _hit(officer: Officer, file: File, course: HitCourse, row: HitRow | None) -> HitLine:
    quality = flow.quality(course)
    states = str(file.dossier.issuing), str(file.dossier.executing)
    return HitLine(
        id=str(row.pk) if row else "",
        course=course,
        quality=quality,
        station=course.station,
        opinions=len(course.opinions_of(file.side)),
        fit=row.fit if row else quality.fit,
        draft=row.draft if row else "",
        may=_may(officer, file, course),
        known=known.of_pair(str(file.partner), course.sent, course.hit.found, file.id),
        limits=limits(*states, course.asked_at) if course.asked_at else (),
    )


def _may(officer: Officer, file: File, course: HitCourse) -> tuple[str, ...]:
    found = []
    side = file.side
    if (
        course.outcome_of(side) is None
        and course.judged_by(side).outcome is not None
        and can(officer, Do.CONFIRM_HIT, file).allowed
    ):
        found.append("confirm")
    confirmed = course.outcome is not None and course.outcome.outcome is Outcome.CONFIRMED
    if file.side is Side.ISSUING:
        if confirmed and course.asked is None and can(officer, Do.ASK_CORE_DATA, file).allowed:
            found.append("ask-core-data")
        excluded = course.outcome is not None and course.outcome.outcome is Outcome.EXCLUDED
        if excluded and course.reported is None and can(officer, Do.CONFIRM_HIT, file).allowed:
            found.append("report-false")
        if confirmed and can(officer, Do.DRAFT).allowed:
            found.append("draft")
    elif course.asked and course.given is None and can(officer, Do.GIVE_CORE_DATA, file).allowed:
        found.append("give-core-data")
    return tuple(found)


def hit_row(hit_id: str) -> HitRow:
    """Return a hit's row to an action, or refuse an id that is none."""
    try:
        key = uuid.UUID(hit_id)
    except ValueError as error:
        raise UnknownError(f"{hit_id[:60]!r} is not the id of a pair.") from error
    row = HitRow.objects.filter(pk=key).first()
    if row is None:
        raise UnknownError(f"There is no pair {hit_id[:60]!r} here.")
    return row


def course_of(row: HitRow, acts: Sequence[Act]) -> HitCourse:
    """Return what the acts say of a hit."""
    return next(one for one in flow.courses(acts) if (one.query, one.reference) == (row.query, row.reference))


def sighted(dossier: str, username: str) -> bool:
    """Tell whether a person saw a comparison with its case."""
    return Sight.objects.filter(dossier=dossier, username=username).exists()


def verifiable(officer: Officer, row: HitRow) -> None:
    """Refuse whoever gave an opinion on the hit, or knows its case when a blind opinion is due."""
    given = list(Opinion.objects.filter(hit=row).values_list("username", flat=True))
    if officer.username in given:
        raise SameExpertError
    if given and sighted(row.dossier, officer.username):
        raise NotBlindError


def pairs(officer: Officer) -> tuple[PairLine, ...]:
    """Return the pairs that wait for this expert, those of the oldest day first and in no order within it."""
    if not can(officer, Do.VERIFY_HIT).allowed:
        return ()
    rows = HitRow.objects.filter(fit=True, outcome="").exclude(opinions__username=officer.username)
    seen = set(Sight.objects.filter(username=officer.username).values_list("dossier", flat=True))
    found = []
    for row in rows.annotate(given=Count("opinions")).order_by("came_at")[:200]:
        if row.given and row.dossier in seen:
            continue
        acts = record.acts(row.dossier)
        if lifecycle.status(acts, record.file(row.dossier).form).final:
            continue
        course = course_of(row, acts)
        if course.judged_by(Side(row.side)).outcome is None:
            said = flow.quality(course).comparison
            found.append(PairLine(str(row.pk), str(said.quality), said.compared, said.matched, row.came_at.date()))
    return tuple(sorted(found, key=lambda one: (one.since, one.id)))


def pair(officer: Officer, hit_id: str) -> Pair:
    """Return a pair to be judged: profiles A and B, and nothing by which the case could be known.

    `actions.look_at_pair` is the door, which writes down that it was seen.
    """
    require(officer, Do.VERIFY_HIT)
    row = hit_row(hit_id)
    verifiable(officer, row)
    course = course_of(row, record.acts(row.dossier))
    rules = rule_set(course.answer.rules)
    first, second = _bare(course.sent.profile, "A"), _bare(course.hit.found.profile, "B")
    return Pair(str(row.pk), first, second, check(first, second, rules), rules)


def _bare(profile: Profile, label: str) -> Profile:
    return replace(profile, id=label, laboratory=None, accreditation=None, legal_basis=None, retain_until=None)


def hit(officer: Officer, hit_id: str) -> HitWhole:
    """Return a hit with its case; `actions.look_at_hit` is the door, which writes down that it was seen."""
    row = hit_row(hit_id)
    file = seen_file(officer, row.dossier)
    acts = record.acts(row.dossier)
    course = course_of(row, acts)
    own = set(Opinion.objects.filter(hit=row, username=officer.username).values_list("act", flat=True))
    opinions, judged = course.opinions_of(file.side), course.judged_by(file.side)
    told = tuple(one for one in opinions if judged.outcome is not None or one[0].digest.hex in own)
    return HitWhole(
        line=_hit(officer, file, course, row),
        comparison=_line(file, acts),
        finding=flow.finding(course),
        judged=judged,
        outcome=course.outcome_of(file.side),
        opinions=told,
        hidden=len(opinions) - len(told),
        basis=course.answer.basis,
    )


def losses(officer: Officer, partner: str = "") -> Losses:
    """Return what is left at each step of all comparisons this state asked for, or of those with one partner."""
    require(officer, Do.SEE_LAB)
    own = str(registry.identity().state)
    begin = f"{PREFIX}{own}-" + (f"{partner}-" if partner else "")
    files = record.files(Q(id__startswith=begin), limit=5000)
    drafted = HitRow.objects.filter(dossier__startswith=begin).exclude(draft="").count()
    return flow.losses([record.acts(file.id) for file in files], requests=drafted)


def answered(officer: Officer) -> Losses:
    """Return the same of the comparisons other states asked of this one, as far as their acts are known here."""
    require(officer, Do.SEE_LAB)
    own = str(registry.identity().state)
    files = record.files(Q(id__startswith=PREFIX) & ~Q(id__startswith=f"{PREFIX}{own}-"), limit=5000)
    return flow.losses([record.acts(file.id) for file in files])


def asked_of(officer: Officer) -> tuple[str, ...]:
    """Return the states that comparisons were asked of."""
    require(officer, Do.SEE_LAB)
    own = str(registry.identity().state)
    files = record.files(Q(id__startswith=f"{PREFIX}{own}-"), limit=5000)
    return tuple(sorted({str(file.partner) for file in files}))
