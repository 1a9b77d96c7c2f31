"""Every write of the laboratory: profiles, offers, queries and their answers, opinions, outcomes, core data, drafts.

Each act of a comparison is made by the leg in `comity.flow.comparison` and performed as every act of a cooperation is.
Answers are given by the worker, under the offer a person decided; nothing else is automatic.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from comity.flow import comparison as flow
from comity.flow import prum as content
from comity.flow.following import draft_values
from comity.forensics import body
from comity.forensics.body import CoreData, Purpose
from comity.forensics.body import Opinion as Said
from comity.forensics.dna.formats import guess
from comity.forensics.dna.formats import read as read_file
from comity.forensics.dna.formats.prum import message
from comity.forensics.dna.formats.prum import write as write_message
from comity.forensics.dna.index.database import Database, Imported
from comity.forensics.dna.profile import Category, Profile
from comity.forensics.dna.rules import rule_set, rule_sets
from comity.forensics.report import About, render
from comity.law.form import Side
from comity.node.accounts.policy import Do, require
from comity.node.accounts.role import Officer, Role
from comity.node.audit import actions as audit
from comity.node.audit.vocabulary import Event
from comity.node.errors import (
    NotPossibleError,
    OpinionBareError,
    OutcomeMissingError,
    SameExpertError,
    TestDataError,
    TextTooLongError,
)
from comity.node.lab import known, laboratories, queries
from comity.node.lab.languages import report_languages
from comity.node.lab.models import Asked, HitRow, Offer, Opinion, Sight
from comity.node.lab.queries import Comparison, HereHeld, HitWhole, OfferLine, Pair, Searched
from comity.node.place import here
from comity.node.registry import queries as registry
from comity.node.requests import actions as requests
from comity.node.requests import opening, record
from comity.node.requests.composer import Composer
from comity.node.requests.perform import Done, Station, Work, perform, refusing
from comity.node.vault import actions as vault
from comity.record import Act, Attachment
from comity.values import state

LONGEST = 4000
"""Signs a text of an act may have."""

__all__ = [
    "answer",
    "ask",
    "ask_core_data",
    "close",
    "confirm",
    "draft_request",
    "give_core_data",
    "import_profiles",
    "look",
    "look_at_hit",
    "look_at_pair",
    "offer",
    "prum",
    "remove_profiles",
    "report",
    "report_false",
    "search",
    "verify",
    "withdraw_offer",
]


def import_profiles(
    officer: Officer, path: Path, *, form: str = "auto", category: str = "", at: datetime, name: str = ""
) -> Imported:
    """Take a file of profiles into this state's database, whole or not at all."""
    require(officer, Do.KEEP_PROFILES)
    with refusing(officer, "dna"):
        if guess(path) == "prum" and message(path).test and not settings.COMITY.test:
            raise TestDataError
        done = Database.create(here().dna).take(
            read_file(path, form, category or None), inclusion=rule_set("store"), twins=False
        )
    detail = {"profiles": done.profiles, "total": done.total, "import": done.generation, "file": name or path.name}
    audit.note(Event.PROFILES_IMPORTED, actor=officer.username, about="dna", detail=detail, at=at)
    return done


def remove_profiles(officer: Officer, ids: Sequence[str], *, reason: str, at: datetime) -> int:
    """Delete profiles for good, with the reason."""
    require(officer, Do.KEEP_PROFILES)
    with refusing(officer, "dna"):
        if not reason.strip():
            raise NotPossibleError("A deletion needs its reason.", remedy="Say why, for example the retention date.")
        count = Database.open(here().dna).delete(ids)
    detail = {"count": count, "ids": ", ".join(ids)[:400], "reason": reason[:400]}
    audit.note(Event.PROFILES_REMOVED, actor=officer.username, about="dna", detail=detail, at=at)
    return count


def search(officer: Officer, query: Profile, *, rules: str = "prum", at: datetime) -> Searched:
    """Search the own database; that it was searched is noted."""
    found = queries.search(officer, query, rule_set(rules))
    detail = {"profile": query.id, "rules": rules, "matches": len(found.matches), "searched": found.total}
    audit.note(Event.PROFILES_SEARCHED, actor=officer.username, about="dna", detail=detail, at=at)
    return found


def offer(
    officer: Officer,
    *,
    partner: str,
    takes: Sequence[str],
    searches: Sequence[str],
    purposes: Sequence[str],
    rules: Sequence[str],
    quota: int,
    at: datetime,
) -> OfferLine:
    """Decide what a partner may have compared; it replaces the offer that stood."""
    require(officer, Do.OFFER_COMPARISON)
    with refusing(officer, f"offer {partner[:2]}"):
        registry.partner(state(partner))
        named = _closed(takes, Category, "categories"), _closed(searches, Category, "categories")
        wanted, by = _closed(purposes, Purpose, "purposes"), _matching(rules)
        if not 0 < quota <= 100_000:
            raise NotPossibleError(
                f"A quota of {quota} profiles a day cannot be offered.", remedy="Give a number from 1 to 100,000."
            )
    with transaction.atomic():
        Offer.objects.filter(partner=partner, ended_at=None).update(ended_at=at)
        row = Offer.objects.create(
            id=uuid.uuid4(),
            partner=partner,
            takes=named[0],
            searches=named[1],
            purposes=wanted,
            rules=by,
            quota=quota,
            authority=officer.authority,
            decided_by=officer.name,
            decided_at=at,
        )
        detail = {"takes": named[0], "searches": named[1], "purposes": wanted, "rules": by, "quota": quota}
        audit.note(Event.OFFER_DECIDED, actor=officer.username, about=partner, detail=detail, at=at)
    return next(one for one in queries.offers(officer, at.date()) if one.id == str(row.pk))


def withdraw_offer(officer: Officer, partner: str, *, at: datetime) -> None:
    """End the offer that stands towards a partner; queries that come after are declined."""
    require(officer, Do.OFFER_COMPARISON)
    with transaction.atomic():
        if not Offer.objects.filter(partner=partner, ended_at=None).update(ended_at=at):
            raise NotPossibleError(f"No offer stands towards {partner[:2]!r}.", remedy="Look at the list of offers.")
        audit.note(Event.OFFER_DECIDED, actor=officer.username, about=partner, detail={"ended": "yes"}, at=at)


def _closed(given: Sequence[str], kind: type[Category | Purpose], what: str) -> list[str]:
    known = [one.value for one in kind]
    strange = [one for one in given if one not in known]
    if strange or not given:
        raise NotPossibleError(
            f"{strange[0][:60]!r} is none of the {what}." if strange else f"An offer without {what} offers nothing.",
            remedy=f"Choose from {', '.join(known)}.",
        )
    return [one for one in known if one in given]


def _matching(given: Sequence[str]) -> list[str]:
    known = [name for name, found in rule_sets().items() if found.match is not None and not found.empty]
    strange = [one for one in given if one not in known]
    if strange or not given:
        raise NotPossibleError(
            f"{strange[0][:60]!r} is no rule set that compares." if strange else "An offer needs a rule set.",
            remedy=f"Choose from {', '.join(known)}.",
        )
    return [one for one in known if one in given]


def ask(
    officer: Officer,
    *,
    partner: str,
    profiles: Sequence[Profile],
    purpose: str,
    rules: str = "prum",
    for_authority: str = "",
    at: datetime,
) -> Done:
    """Send profiles to a partner for comparison; ``for_authority`` is the one whose case it is, and may follow it."""
    require(officer, Do.ASK_COMPARISON)
    other, own = state(partner), registry.identity().state
    with refusing(officer, f"comparison {other}"):
        registry.partner(other)
        _closed([purpose], Purpose, "purposes")
        _matching([rules])
        basis = queries.basis(str(own), str(other), at.date())

        def making(station: Station) -> Work:
            act = flow.ask(
                station.case,
                station.actor,
                station.at,
                profiles=profiles,
                purpose=Purpose(purpose),
                basis=basis,
                rules=rule_set(rules),
            )
            return Work(act, also)

        def also() -> None:
            detail = {"partner": other, "purpose": purpose, "basis": basis.article or "agreed", "rules": rules}
            detail["references"] = ", ".join(one.id for one in profiles)[:400]
            audit.note(Event.COMPARISON_ASKED, actor=officer.username, detail=detail, at=at)

        with transaction.atomic():
            dossier = opening.own(
                "DNA",
                other,
                authority=officer.authority,
                assigned=for_authority,
                subject=f"{len(profiles)} × DNA",
                basis=basis.instrument,
                at=at,
            )
            Sight.objects.create(dossier=dossier, username=officer.username, at=at)
            return perform(officer, dossier, "dna.query", Do.ASK_COMPARISON, making, at=at)


def answer(dossier: str, *, at: datetime) -> Done | None:
    """Answer a comparison that came, within the offer that stands; None where it was answered meanwhile."""
    asked = Asked.objects.get(dossier=dossier)
    if asked.answer:
        return None
    row = queries.standing_offer(asked.partner)
    officer = _automatic(row)
    own = str(registry.identity().state)
    basis, held = queries.basis(asked.partner, own, at.date()), queries.held()

    def making(station: Station) -> Work:
        act = flow.answer(
            station.case,
            station.actor,
            station.at,
            terms=queries.terms(row, at.date()),
            held=held,
            basis=basis,
            known_false=lambda profile, reference: _reported(asked.partner, profile, reference, held),
        )
        said = body.read(act.kind, act.body)
        return Work(act, lambda: _counted(asked, act, said, (*station.acts, act), at))

    return perform(officer, dossier, "dna.answer", Do.ANSWER_COMPARISON, making, at=at)


def _reported(partner: str, profile: str, reference: str, held: HereHeld | None) -> bool:
    if not known.concerns(partner, profile):
        return False
    found = flow.pair(body.Sent.of(held.profile(reference))) if held else ""
    return known.is_false(partner, profile, reference, found)


def _automatic(row: Offer | None) -> Officer:
    authority = row.authority if row else settings.COMITY.authority or f"{settings.COMITY.state.lower()}:laboratory"
    name = (
        f"Automatic comparison; offer {str(row.pk)[:8]} decided by {row.decided_by}" if row else "Automatic comparison"
    )
    return Officer(0, "node", name[:160], authority, frozenset({Role.CENTRAL}))


def _counted(asked: Asked, act: Act, said: body.Body, acts: Sequence[Act], at: datetime) -> None:
    searched = 0
    hits = 0
    if isinstance(said, body.Answer):
        searched = sum(one.declined is None for one in said.results)
        hits = sum(len(one.hits) for one in said.results)
    Asked.objects.filter(pk=asked.pk).update(answer=act.digest.hex, counted=searched, answered_on=at.date())
    for course in flow.courses(acts):
        HitRow.objects.create(
            id=uuid.uuid4(),
            side=Side.EXECUTING,
            dossier=asked.dossier,
            query=course.query,
            reference=course.reference,
            fit=flow.quality(course).fit,
            came_at=at,
        )
    ground = said.declined.ground if isinstance(said, body.Answer) and said.declined else ""
    detail = {"partner": asked.partner, "searched": searched, "hits": hits, "declined": ground}
    audit.note(Event.COMPARISON_ANSWERED, actor="node", about=asked.dossier, detail=detail, at=at)


def look(officer: Officer, dossier: str, *, at: datetime) -> Comparison:
    """Return a comparison with its case; who saw it is blind to its hits no longer."""
    found = queries.comparison(officer, dossier)
    _see(officer, dossier, at)
    return found


def look_at_hit(officer: Officer, hit_id: str, *, at: datetime) -> HitWhole:
    """Return a hit with its case; who saw it is blind no longer."""
    found = queries.hit(officer, hit_id)
    _see(officer, found.comparison.id, at)
    return found


def look_at_pair(officer: Officer, hit_id: str, *, at: datetime) -> Pair:
    """Return a pair to be judged, without its case; that it was seen is noted under its random id only."""
    found = queries.pair(officer, hit_id)
    audit.note(Event.PAIR_SEEN, actor=officer.username, about=f"pair {found.id}", at=at)
    return found


def _see(officer: Officer, dossier: str, at: datetime) -> None:
    Sight.objects.get_or_create(dossier=dossier, username=officer.username, defaults={"at": at})
    audit.note(Event.SEEN, actor=officer.username, about=dossier, at=at)


def verify(
    officer: Officer, hit_id: str, *, outcome: str, method: str, limits: str, text: str = "", at: datetime
) -> None:
    """Give an opinion on a pair. Nothing is told back: not the case, not what others said, not whether others did."""
    require(officer, Do.VERIFY_HIT)
    row = queries.hit_row(hit_id)
    with refusing(officer, f"pair {row.pk}"):
        queries.verifiable(officer, row)
        _closed_outcome(outcome)
        blind, side = not queries.sighted(row.dossier, officer.username), Side(row.side)
        kind = "dna.verify" if side is Side.ISSUING else "dna.review"
        said = Said(
            outcome=body.Outcome(outcome),
            method=_required(method, "method"),
            limits=_required(limits, "limits"),
            text=text.strip(),
            laboratory=laboratories.frozen(officer.authority, at.date()),
        )

        def making(station: Station) -> Work:
            queries.verifiable(officer, row)
            act = flow.verify(
                station.case,
                station.actor,
                station.at,
                query=row.query,
                hit=row.reference,
                blind=blind,
                opinion=said,
                side=side,
            )
            return Work(act, lambda: _opined(row, act, officer, at))

        perform(officer, row.dossier, kind, Do.VERIFY_HIT, making, at=at)


def _closed_outcome(outcome: str) -> None:
    if outcome not in [one.value for one in body.Outcome]:
        raise OutcomeMissingError


def _required(text: str, what: str) -> str:
    """Return a text that an opinion cannot be without."""
    plain = text.strip()
    if not plain:
        raise OpinionBareError(member=what)
    if len(plain) > LONGEST:
        raise TextTooLongError(member=what)
    return plain


def _opined(row: HitRow, act: Act, officer: Officer, at: datetime) -> None:
    try:
        with transaction.atomic():
            Opinion.objects.create(hit=row, turn=act.body["turn"], username=officer.username, act=act.digest.hex, at=at)
    except IntegrityError as error:
        raise SameExpertError from error


_Leg = Callable[[Station, HitRow], Act]


def _on_hit(
    officer: Officer,
    hit_id: str,
    what: tuple[str, Do],
    leg: _Leg,
    *,
    at: datetime,
    also: Callable[[Act], None] | None = None,
) -> Done:
    row = queries.hit_row(hit_id)
    queries.seen_file(officer, row.dossier)
    _see(officer, row.dossier, at)  # what is refused here tells of the case and of how many opinions there are

    def making(station: Station) -> Work:
        act = leg(station, row)
        return Work(act, (lambda: also(act)) if also else None)

    return perform(officer, row.dossier, *what, making, at=at)


def confirm(officer: Officer, hit_id: str, *, at: datetime) -> Done:
    """Tell both states the outcome that follows from the opinions."""
    side = Side(queries.hit_row(hit_id).side)
    kind = "dna.confirm" if side is Side.ISSUING else "dna.reviewed"

    def leg(station: Station, row: HitRow) -> Act:
        return flow.confirm(station.case, station.actor, station.at, query=row.query, hit=row.reference, side=side)

    def also(act: Act) -> None:
        HitRow.objects.filter(pk=hit_id).update(outcome=act.body["outcome"])

    return _on_hit(officer, hit_id, (kind, Do.CONFIRM_HIT), leg, at=at, also=also)


def ask_core_data(officer: Officer, hit_id: str, *, offence: str, facts: str, at: datetime) -> Done:
    """Ask who stands behind a confirmed hit."""

    def leg(station: Station, row: HitRow) -> Act:
        return flow.ask_core_data(
            station.case, station.actor, station.at, query=row.query, hit=row.reference, offence=offence, facts=facts
        )

    return _on_hit(officer, hit_id, ("dna.core-data-request", Do.ASK_CORE_DATA), leg, at=at)


def report_false(officer: Officer, hit_id: str, *, text: str, at: datetime) -> Done:
    """Report an excluded hit as false; both sides remember it."""

    def leg(station: Station, row: HitRow) -> Act:
        return flow.report_false(station.case, station.actor, station.at, query=row.query, hit=row.reference, text=text)

    def also(act: Act) -> None:
        row = queries.hit_row(hit_id)
        file = record.file(row.dossier)
        course = queries.course_of(row, record.acts(row.dossier))
        known.remember(str(file.partner), course.sent, course.hit.found, dossier=row.dossier, act=act.digest.hex, at=at)

    return _on_hit(officer, hit_id, ("dna.report-false", Do.CONFIRM_HIT), leg, at=at, also=also)


def give_core_data(officer: Officer, dossier: str, data: Mapping[str, Any], *, at: datetime) -> Done:
    """Answer a request for core data: with what is held, or with the reason why not."""
    filled = {name: value for name, value in data.items() if value not in ("", None)}

    def making(station: Station) -> Work:
        said = body.read("dna.core-data", filled)
        if not isinstance(said, CoreData):
            raise NotPossibleError("This is no answer about core data.")
        return Work(flow.give_core_data(station.case, station.actor, station.at, said))

    return perform(officer, dossier, "dna.core-data", Do.GIVE_CORE_DATA, making, at=at)


def close(officer: Officer, dossier: str, *, text: str = "", at: datetime) -> Done:
    """Close a comparison."""
    return perform(
        officer,
        dossier,
        "dna.close",
        Do.ASK_CORE_DATA,
        lambda station: Work(flow.close(station.case, station.actor, station.at, text=text)),
        at=at,
    )


def report(officer: Officer, hit_id: str, language: str = "en", *, at: datetime) -> bytes:
    """Return the report on a hit, signed by this node; it holds no name and no opinion that is not final."""
    row = queries.hit_row(hit_id)
    file = queries.seen_file(officer, row.dossier)
    _see(officer, row.dossier, at)
    return _report(row, file.authority, language, at, officer)


def _report(row: HitRow, authority: str, language: str, at: datetime, officer: Officer) -> bytes:
    from comity.signing import pades  # takes a second to read

    course = queries.course_of(row, record.acts(row.dossier))
    about = About(
        reference=row.dossier,
        authority=authority,
        at=at,
        basis=course.answer.basis,
        outcome=course.outcome,
        reviewed=course.reviewed,
        test=settings.COMITY.test,
    )
    made = render(flow.finding(course), about, language)
    own = registry.identity()
    signed = pades.sign(made, own.signer, at=at, reason=f"Comparison {row.dossier}", name=authority, tsa=own.tsa)
    audit.note(
        Event.REPORT_MADE,
        actor=officer.username,
        about=row.dossier,
        detail={"hit": row.pk, "language": language},
        at=at,
    )
    return signed


def prum(officer: Officer, dossier: str, part: str, *, at: datetime) -> str:
    """Return the query or the answer of a comparison as the content of a Prüm message."""
    queries.seen_file(officer, dossier)
    _see(officer, dossier, at)
    make = content.answer if part == "answer" else content.query
    text = "".join(write_message(make(record.acts(dossier), test=settings.COMITY.test)))
    audit.note(Event.EXPORTED, actor=officer.username, about=dossier, detail={"prum": part}, at=at)
    return text


def draft_request(
    officer: Officer, hit_id: str, *, measures: Sequence[str] = ("dna_sampling",), at: datetime
) -> Composer:
    """Draft a request for legal assistance from a confirmed hit, with the report on it enclosed in the states' languages."""
    require(officer, Do.DRAFT)
    row = queries.hit_row(hit_id)
    file = queries.seen_file(officer, row.dossier)
    with refusing(officer, row.dossier):
        course = queries.course_of(row, record.acts(row.dossier))
        flow.require_confirmed(course)  # refused before a report is set
        papers = []
        for language in report_languages(str(file.partner), settings.COMITY.state):
            content = _report(row, file.authority, language, at, officer)
            kept = vault.keep(content, at)
            papers.append(Attachment(f"dna-report-{language}.pdf", kept.sha256, kept.size, "application/pdf"))
        values = draft_values(course, papers, dossier=row.dossier, language=officer.language)
        question = {"requested": str(file.partner), "measures": list(measures), "offences": [], "on": None}
        made = requests.save_draft(officer, None, question, values, None, at=at)
        HitRow.objects.filter(pk=row.pk).update(draft=made.id, report=papers[0].digest.hex)
    return made
