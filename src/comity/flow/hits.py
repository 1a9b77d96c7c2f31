"""The hits of a comparison, folded from its acts: what each is, where it stands, what was lost on the way.

Both states fold the same shared acts; the opinions are acts of the state that judges and stay there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from comity.forensics import body
from comity.forensics.body import Answer, Confirm, CoreData, Hit, Outcome, Review, Reviewed, Sent, Verify
from comity.forensics.dna.data_quality import DataQuality, check
from comity.forensics.dna.rules import rule_set
from comity.forensics.finding import Chance, Finding, of_hit
from comity.law.form import Side
from comity.record import Act
from comity.record.chain import order
from comity.values import Digest, canonical

__all__ = ["HitCourse", "Judged", "Losses", "courses", "finding", "judge", "losses", "pair", "quality"]


def pair(sent: Sent) -> str:
    """Return the digest by which a profile is known again under another reference: its loci, alleles in order."""
    loci = {name: sorted(alleles) for name, alleles in sent.loci.items()}
    return Digest.of(canonical(loci)).hex


@dataclass(frozen=True, slots=True)
class Judged:
    """What opinions come to: ``outcome`` is None while another expert is needed. ``agreed`` is all, majority or none."""

    outcome: Outcome | None
    agreed: str
    needed: int


def judge(opinions: Sequence[Outcome]) -> Judged:
    """Judge the opinions of two experts, or of three where two disagree; three that all differ are inconclusive."""
    if len(opinions) < 2:
        return Judged(None, "", 2 - len(opinions))
    first, second = opinions[:2]
    if first is second:
        return Judged(first, "all", 0)
    if len(opinions) == 2:
        return Judged(None, "", 1)
    third = opinions[2]
    if third in (first, second):
        return Judged(third, "majority", 0)
    return Judged(Outcome.INCONCLUSIVE, "none", 0)


@dataclass(frozen=True, slots=True)
class HitCourse:
    """One hit and what followed, folded from the acts."""

    sent: Sent
    hit: Hit
    answer: Answer
    expected: float
    purpose: body.Purpose
    opinions: tuple[tuple[Act, Verify], ...] = ()
    outcome: Confirm | None = None
    reviews: tuple[tuple[Act, Verify], ...] = ()
    reviewed: Reviewed | None = None
    asked: body.CoreDataRequest | None = None
    asked_at: datetime | None = None
    given: CoreData | None = None
    reported: body.ReportFalse | None = None

    @property
    def query(self) -> str:
        """The reference of the profile that was sent."""
        return self.sent.reference

    @property
    def reference(self) -> str:
        """The reference of the profile that was found."""
        return self.hit.found.reference

    @property
    def judged(self) -> Judged:
        """What the opinions of the state that asked come to."""
        return self.judged_by(Side.ISSUING)

    def opinions_of(self, side: Side) -> tuple[tuple[Act, Verify], ...]:
        """The opinions of one side's experts; the other's are not known here."""
        return self.opinions if side is Side.ISSUING else self.reviews

    def outcome_of(self, side: Side) -> Confirm | None:
        """The outcome one side told."""
        return self.outcome if side is Side.ISSUING else self.reviewed

    def judged_by(self, side: Side) -> Judged:
        """What the opinions of one side's experts come to."""
        return judge([said.opinion.outcome for _, said in self.opinions_of(side)])

    @property
    def at_odds(self) -> bool:
        """Whether both states told an outcome and they differ."""
        return bool(self.outcome and self.reviewed and self.outcome.outcome is not self.reviewed.outcome)

    @property
    def chance(self) -> Chance:
        """The chance matches the answer reckoned."""
        said = self.answer
        return Chance(self.expected, said.searched, said.population, said.theta)

    @property
    def station(self) -> str:
        """Where the hit stands: one word of a closed list."""
        if self.reported:
            return "reported-false"
        if self.given:
            return "declined" if self.given.declined else "core-data"
        if self.asked:
            return "asked"
        if self.outcome:
            return self.outcome.outcome.value
        return "judged" if self.judged.outcome else f"opinions-{len(self.opinions)}"


def courses(acts: Iterable[Act]) -> tuple[HitCourse, ...]:
    """Fold the acts of one comparison to its hits, in the order of the answer."""
    query: body.Query | None = None
    found: dict[tuple[str, str], HitCourse] = {}
    for act in order(acts):
        if act.kind not in body.KINDS:
            continue
        said = body.read(act.kind, act.body)
        if isinstance(said, body.Query):
            query = said
        elif isinstance(said, Answer) and query is not None:
            found = _opened(query, said)
        elif isinstance(said, Verify | Confirm | body.CoreDataRequest | CoreData | body.ReportFalse):
            key = (said.query, said.hit)
            if key in found:
                found[key] = _gone_on(found[key], act, said)
    return tuple(found.values())


def _opened(query: body.Query, said: Answer) -> dict[tuple[str, str], HitCourse]:
    sent = {one.reference: one for one in query.profiles}
    return {
        (result.query, hit.found.reference): HitCourse(sent[result.query], hit, said, result.expected, query.purpose)
        for result in said.results
        if result.query in sent
        for hit in result.hits
    }


def _gone_on(
    course: HitCourse, act: Act, said: Verify | Confirm | body.CoreDataRequest | CoreData | body.ReportFalse
) -> HitCourse:
    match said:
        case Review():
            return replace(course, reviews=(*course.reviews, (act, said)))
        case Verify():
            return replace(course, opinions=(*course.opinions, (act, said)))
        case Reviewed():
            return replace(course, reviewed=said)
        case Confirm():
            return replace(course, outcome=said)
        case body.CoreDataRequest():
            return replace(course, asked=said, asked_at=act.at)
        case CoreData():
            return replace(course, given=said)
        case body.ReportFalse():
            return replace(course, reported=said)


def quality(course: HitCourse) -> DataQuality:
    """Check the data of a hit by our own comparison."""
    rules = rule_set(course.answer.rules)
    return check(
        course.sent.profile, course.hit.found.profile, rules, quality=course.hit.quality, expected=course.expected
    )


def finding(course: HitCourse) -> Finding:
    """Return the finding on a hit, with its strength."""
    rules = rule_set(course.answer.rules)
    return of_hit(course.sent.profile, course.hit.found.profile, rules, course.chance, quality=course.hit.quality)


@dataclass(frozen=True, slots=True)
class Losses:
    """How many are left at each step, over any number of comparisons.

    ``requests`` are those that were drafted; ``reviewed`` the hits the state that answered judged as well, ``at_odds``
    those of them on which the two states differ.
    """

    profiles: int = 0
    answered: int = 0
    candidates: int = 0
    fit: int = 0
    verified: int = 0
    confirmed: int = 0
    excluded: int = 0
    inconclusive: int = 0
    asked: int = 0
    core_data: int = 0
    declined: int = 0
    requests: int = 0
    reported_false: int = 0
    left_out: int = 0
    reviewed: int = 0
    at_odds: int = 0


def losses(dossiers: Iterable[Sequence[Act]], *, requests: int = 0) -> Losses:
    """Count over acts what each step left."""
    count = dict.fromkeys(Losses.__dataclass_fields__, 0) | {"requests": requests}
    for acts in dossiers:
        for act in acts:
            if act.kind == "dna.query":
                count["profiles"] += len(act.body.get("profiles", ()))
            elif act.kind == "dna.answer":
                results = act.body.get("results", ())
                count["answered"] += sum("declined" not in one for one in results)
                count["left_out"] += sum(one.get("reported_false", 0) for one in results)
        for course in courses(acts):
            count["candidates"] += 1
            count["fit"] += quality(course).fit
            count["verified"] += course.judged.outcome is not None
            if course.outcome:
                count[course.outcome.outcome.value] += 1
            count["asked"] += course.asked is not None
            count["core_data"] += course.given is not None and course.given.declined is None
            count["declined"] += course.given is not None and course.given.declined is not None
            count["reviewed"] += course.reviewed is not None
            count["at_odds"] += course.at_odds
            count["reported_false"] += course.reported is not None
    return Losses(**count)
