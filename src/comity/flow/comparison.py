"""A comparison of DNA profiles between two states: ask, answer, judge, confirm, core data, report a false match.

One dossier is one query. The asking state sends profiles under references; the other searches its own database within
what it offers and answers every profile, with hits, with none, or with the reason why it was not searched; then each
hit goes its own way, told by the acts that name it: two opinions or three, the outcome that follows from them, a
request for core data of a confirmed hit, its answer, or the report that the match is false. The state that answered may
have its own experts check the hit in the same way; what follows rests on the outcome of the one that asked. The form's table
(lawbase/forms/dna-comparison.yaml) holds the order of the dossier, `HitCourse` that of a hit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from comity.flow.enact import enact
from comity.flow.errors import NotYetError
from comity.flow.execute import Case
from comity.flow.hits import HitCourse, Judged, Losses, courses, finding, judge, losses, pair, quality
from comity.forensics import body
from comity.forensics.body import (
    Answer,
    Answered,
    Basis,
    Confirm,
    CoreData,
    Hit,
    Outcome,
    Review,
    Reviewed,
    Sent,
    Standing,
    Verify,
    Why,
)
from comity.forensics.dna.inclusion import reason
from comity.forensics.dna.index.search import Match
from comity.forensics.dna.population import DEFAULT, population
from comity.forensics.dna.profile import Category, Profile
from comity.forensics.dna.rules import RuleSet, rule_set
from comity.forensics.dna.strength.chance import of_query
from comity.forensics.dna.strength.weighed import Scale
from comity.law import LawBase, Resolution
from comity.law.form import Side
from comity.record import Act, Actor

__all__ = [
    "MEASURE",
    "Held",
    "HitCourse",
    "Judged",
    "Losses",
    "Terms",
    "answer",
    "ask",
    "ask_core_data",
    "close",
    "confirm",
    "courses",
    "finding",
    "give_core_data",
    "judge",
    "losses",
    "pair",
    "quality",
    "refuse",
    "report_false",
    "require_confirmed",
    "standing",
    "verify",
]

MEASURE = "dna_comparison"
FORM = "automated_data"
THETA = 0.01
AGREED = "Agreed by the two states; no instrument on automated comparison binds them"


class Held(Protocol):
    """The database that is searched, as the answer needs it."""

    def __len__(self) -> int:
        """Return how many profiles it holds."""

    @property
    def generation(self) -> int:
        """The number of its last import."""

    def search(self, query: Profile, rules: RuleSet) -> Sequence[Match]:
        """Return every hit."""

    def profile(self, name: str) -> Profile:
        """Return a profile by its id."""

    def masks(self) -> Mapping[frozenset[str], int]:
        """Return how many profiles have which loci."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the state that is asked offers the other: categories it takes and searches, purposes, rules, what is left today."""

    offer: str
    takes: frozenset[Category]
    searches: frozenset[Category]
    purposes: frozenset[body.Purpose]
    rules: frozenset[str]
    left: int


def standing(found: Resolution, base: LawBase) -> Basis:
    """Return what an automated comparison between the two states of a question rests on, by the law's answer.

    An instrument counts where it binds both and is for automated data. Where none does it is said plainly: what is
    left is what the two states agreed, by the police channel.
    """
    here, there = found.question.requesting, found.question.requested
    fitting = [
        b for b in found.bases if b.instrument in base.instruments and FORM in base.instruments[b.instrument].forms
    ]
    for basis in fitting:
        if basis.status != "applicable":
            continue
        rule = next((one for one in basis.of("measure_rule") if MEASURE in one.measures), None)
        known = str(rule.basis) if rule else str(base.measures[MEASURE].basis)
        article = rule.article if rule else f"{basis.reference} Art. {basis.articles.get(MEASURE, '')}".strip()
        others = [b.reference for b in fitting if b is not basis]
        also = f" {', '.join(others)} binds too; whether it already goes first is disputed." if others else ""
        return Basis(
            standing=Standing.INSTRUMENT,
            instrument=basis.instrument,
            provision=rule.provision if rule else "",
            article=article,
            known=known,
            text=f"It binds {here} and {there} for the automated comparison of DNA profiles.{also}",
            release=found.release,
        )
    return Basis(
        standing=Standing.AGREED,
        known="agreed",
        text=(
            f"No instrument of the law base on automated comparison binds {here} and {there} on {found.question.on}. "
            "The comparison rests on what the two states agreed, the offer of the state that is asked, and goes by the "
            "police channel; what its result may be used for is for the law of each state."
        ),
        release=found.release,
    )


def ask(
    case: Case,
    actor: Actor,
    at: datetime,
    *,
    profiles: Sequence[Profile],
    purpose: body.Purpose,
    basis: Basis,
    rules: RuleSet,
) -> Act:
    """Send profiles for comparison; one that may not be searched under the rules is refused here, with the reason."""
    for profile in profiles:
        why = reason(profile, rules)
        if why is not None:
            raise NotYetError(
                f"Profile {profile.id} may not be sent: {why}.",
                cause="The rule set asks more of a profile that is compared between states.",
                remedy="Leave it out, type more loci, or take a rule set both states agreed on.",
                reference=profile.id,
            )
    said = body.Query(profiles=tuple(Sent.of(one) for one in profiles), purpose=purpose, basis=basis, rules=rules.id)
    return _act("dna.query", case, actor, at, said, law=_law(basis))


def answer(
    case: Case,
    actor: Actor,
    at: datetime,
    *,
    terms: Terms | None,
    held: Held | None,
    basis: Basis,
    known_false: Callable[[str, str], bool],
) -> Act:
    """Answer a query within ``terms``; whatever stands against it is said in the answer.

    ``basis`` is this state's own reading of what the comparison rests on; ``known_false`` tells whether a profile, by
    the digest of its loci, and a reference here were reported to be no match.
    """
    query = _query(case.acts)
    declined = _against(query, terms, basis)
    if declined is not None or terms is None:
        ground = declined or body.Declined(ground=Why.NO_OFFER, text="No offer stands.")
        return refuse(case, actor, at, ground=ground.ground, text=ground.text, basis=basis, terms=terms)
    rules = rule_set(query.rules)
    scale = Scale(population(DEFAULT), THETA)
    search = _Search(terms, rules, held, scale, known_false)
    results = tuple(search.of(sent) for sent in query.profiles)
    said = Answer(
        offer=terms.offer,
        basis=basis,
        rules=rules.id,
        rules_version=rules.version,
        searched=len(held) if held is not None else 0,
        generation=held.generation if held is not None else 0,
        population=scale.population.name,
        theta=scale.theta,
        results=results,
    )
    return _act("dna.answer", case, actor, at, said, law=_law(basis))


def refuse(
    case: Case, actor: Actor, at: datetime, *, ground: Why, text: str, basis: Basis, terms: Terms | None = None
) -> Act:
    """Answer that the query is refused, with the ground."""
    said = Answer(offer=terms.offer if terms else "", basis=basis, declined=body.Declined(ground=ground, text=text))
    return _act("dna.answer", case, actor, at, said, law=_law(basis))


def _against(query: body.Query, terms: Terms | None, basis: Basis) -> body.Declined | None:
    if query.basis.standing is Standing.INSTRUMENT and query.basis.instrument != basis.instrument:
        ours = basis.instrument or "no instrument, only what was agreed"
        text = f"The query rests on {query.basis.instrument}; by the law base here it rests on {ours}."
        return body.Declined(ground=Why.BASIS, text=text)
    if terms is None:
        return body.Declined(ground=Why.NO_OFFER, text="This state offers the asking one no comparison.")
    if query.purpose not in terms.purposes:
        offered = ", ".join(sorted(terms.purposes))
        return body.Declined(ground=Why.PURPOSE, text=f"Compared is for {offered}; asked was {query.purpose}.")
    if query.rules not in terms.rules:
        offered = ", ".join(sorted(terms.rules))
        return body.Declined(ground=Why.RULES, text=f"Compared is by {offered}; asked was {query.rules or 'none'}.")
    if len(query.profiles) > terms.left:
        text = f"{len(query.profiles)} profiles are asked for and {terms.left} are left of today's quota."
        return body.Declined(ground=Why.QUOTA, text=text)
    return None


@dataclass(frozen=True, slots=True)
class _Search:
    """What every profile of a query is searched with."""

    terms: Terms
    rules: RuleSet
    held: Held | None
    scale: Scale
    known_false: Callable[[str, str], bool]

    def of(self, sent: Sent) -> Answered:
        """Return the answer for one profile."""
        profile = sent.profile
        if profile.category not in self.terms.takes:
            text = f"Taken are {', '.join(sorted(self.terms.takes))}; this is {profile.category}."
            return Answered(query=sent.reference, declined=Why.CATEGORY, text=text)
        why = reason(profile, self.rules)
        if why is not None:
            return Answered(query=sent.reference, declined=Why.INCLUSION, text=f"Not searched: {why}.")
        if self.held is None:
            return Answered(query=sent.reference)
        digest = pair(sent)
        every = [m for m in self.held.search(profile, self.rules) if m.category in self.terms.searches]
        shown = [match for match in every if not self.known_false(digest, match.id)]
        expected = of_query(profile, self.held.masks(), self.rules, self.scale).total
        if len(shown) > body.MOST_HITS:
            text = f"{len(shown)} profiles match; at most {body.MOST_HITS} are told. Ask with more loci."
            return Answered(query=sent.reference, expected=expected, declined=Why.TOO_MANY, text=text)
        hits = tuple(_hit(match, self.held) for match in shown)
        return Answered(query=sent.reference, hits=hits, expected=expected, reported_false=len(every) - len(shown))


def _hit(match: Match, held: Held) -> Hit:
    found = match.comparison
    return Hit(
        found=Sent.of(held.profile(match.id)),
        quality=str(found.quality),
        compared=found.compared,
        matched=found.matched,
        why=found.why[:300],
    )


def verify(
    case: Case, actor: Actor, at: datetime, *, query: str, hit: str, blind: bool, opinion: body.Opinion, side: Side
) -> Act:
    """Give an expert's opinion on a hit, for the side that asked or the one that answered.

    What is refused names neither the hit nor the case: who gives a blind opinion does not know them.
    """
    course = _course(case.acts, query, hit)
    if course.judged_by(side).outcome is not None:
        raise NotYetError(
            "This pair has its opinions.",
            cause="Others gave theirs meanwhile.",
            remedy="Take the next pair from the queue.",
        )
    if not quality(course).fit:
        raise NotYetError(
            "This pair did not pass the check of its data.",
            cause="By our own comparison the two profiles are no hit.",
            remedy="Nothing is to be judged; take the next pair from the queue.",
        )
    kind, form = ("dna.verify", Verify) if side is Side.ISSUING else ("dna.review", Review)
    turn = len(course.opinions_of(side)) + 1
    said = form(query=query, hit=hit, turn=turn, blind=blind, opinion=opinion)
    return _act(kind, case, actor, at, said, law=_law(course.answer.basis))


def confirm(case: Case, actor: Actor, at: datetime, *, query: str, hit: str, side: Side) -> Act:
    """Tell both states the outcome that follows from the opinions of one side's experts; it cannot be chosen."""
    course = _course(case.acts, query, hit)
    found, told = course.judged_by(side), course.outcome_of(side)
    if told is not None:
        raise NotYetError(f"The outcome of {hit} was told already: {told.outcome}.")
    if found.outcome is None:
        raise NotYetError(
            f"The hit {hit} has {len(course.opinions_of(side))} opinions; {found.needed} more is needed.",
            cause="The experts disagree, or a second has not looked yet.",
            remedy="Wait until another expert, blind to the others, has given an opinion.",
        )
    leading = finding(course).leading
    given = [said.opinion for _, said in course.opinions_of(side)]
    kind, form = ("dna.confirm", Confirm) if side is Side.ISSUING else ("dna.reviewed", Reviewed)
    said = form(
        query=query,
        hit=hit,
        outcome=found.outcome,
        opinions=len(given),
        blind=sum(said.blind for _, said in course.opinions_of(side)),
        agreed=found.agreed,
        method="; ".join(dict.fromkeys(one.method for one in given))[:4000],
        limits="; ".join(dict.fromkeys(one.limits for one in given))[:4000],
        log10_lr=leading.log10_lr if leading.lr else None,
        population=leading.scale.population.name,
        theta=leading.scale.theta,
        expected=course.expected,
        laboratories=tuple(dict.fromkeys(one.laboratory for one in given if one.laboratory)),
    )
    return _act(kind, case, actor, at, said, law=_law(course.answer.basis))


def ask_core_data(case: Case, actor: Actor, at: datetime, *, query: str, hit: str, offence: str, facts: str) -> Act:
    """Ask who stands behind the reference of a confirmed hit."""
    course = _course(case.acts, query, hit)
    require_confirmed(course)
    said = body.CoreDataRequest(query=query, hit=hit, offence=offence, facts=facts)
    return _act("dna.core-data-request", case, actor, at, said, law=_law(course.answer.basis))


def give_core_data(case: Case, actor: Actor, at: datetime, data: CoreData) -> Act:
    """Give core data, or decline; data of a hit that was not confirmed and asked for is never given."""
    course = _course(case.acts, data.query, data.hit)
    if data.declined is None:
        require_confirmed(course)
        if course.reviewed is not None and course.reviewed.outcome is Outcome.EXCLUDED:
            raise NotYetError(
                f"The experts of this state excluded the hit {data.hit}.",
                cause="Two states' experts differ, and a name would be given for a match one of them excludes.",
                remedy="Decline with the ground not-confirmed and say why; the other state has the outcome.",
            )
        if not data.name:
            raise NotYetError(
                "Core data without a name say nothing.",
                cause="No member of it was filled in.",
                remedy="Give what is held, or decline with the reason.",
            )
    if course.asked is None:
        raise NotYetError(f"Core data of {data.hit} were not asked for.", remedy="Wait for the request.")
    return _act("dna.core-data", case, actor, at, data, law=data.given_by or _law(course.answer.basis))


def report_false(case: Case, actor: Actor, at: datetime, *, query: str, hit: str, text: str) -> Act:
    """Report a match as false; only a hit that was excluded can be."""
    course = _course(case.acts, query, hit)
    if course.outcome is None or course.outcome.outcome is not Outcome.EXCLUDED:
        raise NotYetError(
            f"The hit {hit} was not excluded.",
            cause="A false match is reported after the experts excluded it and the outcome was told.",
            remedy="Have it verified first.",
        )
    said = body.ReportFalse(query=query, hit=hit, text=text)
    return _act("dna.report-false", case, actor, at, said, law=_law(course.answer.basis))


def close(case: Case, actor: Actor, at: datetime, *, text: str = "") -> Act:
    """Close a comparison."""
    return _act("dna.close", case, actor, at, body.Close(text=text))


def require_confirmed(course: HitCourse) -> None:
    """Refuse what may only follow a confirmed hit."""
    if course.outcome is None or course.outcome.outcome is not Outcome.CONFIRMED:
        stands = course.outcome.outcome if course.outcome else "not judged yet"
        raise NotYetError(
            f"The hit {course.reference} is not confirmed: {stands}.",
            cause="Core data and a request follow a confirmed hit only.",
            remedy="Have it verified by two experts and tell the outcome first.",
        )


def _course(acts: Iterable[Act], query: str, hit: str) -> HitCourse:
    for course in courses(acts):
        if (course.query, course.reference) == (query, hit):
            return course
    raise NotYetError(
        f"There is no hit {hit[:64]!r} for {query[:64]!r} in this comparison.",
        cause="The references are mistyped, or it belongs to another comparison.",
        remedy="Choose it from the answer.",
    )


def _query(acts: Iterable[Act]) -> body.Query:
    for act in acts:
        if act.kind == "dna.query":
            said = body.read(act.kind, act.body)
            if isinstance(said, body.Query):
                return said
    raise NotYetError("Nothing was asked in this comparison.", remedy="Wait for the query.")


def _law(basis: Basis) -> str:
    return basis.article or AGREED


def _act(kind: str, case: Case, actor: Actor, at: datetime, said: body.Body, *, law: str = "") -> Act:
    return enact(
        kind,
        form=case.form,
        dossier=case.dossier,
        acts=case.acts,
        actor=actor,
        at=at,
        body=body.write(said),
        law=law,
    )
