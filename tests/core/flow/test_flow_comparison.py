"""A comparison between two states in memory: what is asked, answered, judged and lost, on real law."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from comity.errors import ComityError
from comity.flow import comparison
from comity.flow.comparison import Terms, courses, judge, losses, standing
from comity.flow.errors import NotYetError
from comity.flow.execute import Case
from comity.flow.following import draft_values
from comity.flow.limit import core_data_limit
from comity.forensics import body
from comity.forensics.body import Outcome, Purpose, Standing, Why
from comity.forensics.dna.profile import Category
from comity.forensics.dna.rules import rule_set
from comity.forensics.laboratory import Accreditation, Laboratory
from comity.law import LawBase, Question, resolve
from comity.law.form import Side, form_with
from comity.record import Actor, Attachment
from comity.request.errors import LifecycleError
from comity.values import Digest, DossierId, StateCode
from support.dna import LOCI, OTHER, Shelf, made

BEGIN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SAID = {"method": "STR", "limits": "Low peaks"}
EVERY = Terms(
    "offer-1",
    frozenset({Category.TRACE, Category.PERSON}),
    frozenset({Category.PERSON}),
    frozenset({Purpose.INVESTIGATION}),
    frozenset({"prum"}),
    10,
)


@pytest.fixture(scope="module")
def base():
    return LawBase.load()


def basis(base, requesting, requested):
    question = Question.read(
        requesting=requesting, requested=requested, measures=["dna_comparison"], on="2026-11-24", base=base
    )
    return standing(resolve(question, base), base)


SHELF = Shelf(made("DE-P-1", "person"), made("DE-P-2", "person", OTHER), made("DE-T-3", "trace"))


class Story:
    """One comparison; acts of both sides in one list, every one a minute after the last."""

    def __init__(
        self, rests_on, terms=EVERY, profiles=None, purpose=Purpose.INVESTIGATION, known_false=lambda *_: False
    ):
        self.acts, self.at, self.rests_on = [], BEGIN, rests_on
        self.id = DossierId("DNA", StateCode("UA"), StateCode("DE"), BEGIN.date(), 1)
        self.do(comparison.ask, "UA", "expert", profiles=profiles or [made("UA-T-1", "trace")], purpose=purpose,
                basis=rests_on, rules=rule_set("prum"))  # fmt: skip
        self.do(comparison.answer, "DE", "central", terms=terms, held=SHELF, basis=rests_on, known_false=known_false)

    def do(self, leg, state, role, officer="Olena", **more):
        self.at += timedelta(minutes=1)
        case = Case(self.id, form_with("DNA"), tuple(self.acts))
        actor = Actor(StateCode(state), f"{state.lower()}:lab", role, officer)
        self.acts.append(leg(case, actor, self.at, **more))
        return self.acts[-1]

    @property
    def answer(self):
        return body.read("dna.answer", self.acts[1].body)

    def opine(self, *outcomes):
        for officer, outcome in zip(("Olena", "Petro", "Ivan"), outcomes, strict=False):
            said = body.Opinion(outcome=outcome, **SAID)
            self.do(
                comparison.verify,
                "UA",
                "expert",
                officer,
                query="UA-T-1",
                hit="DE-P-1",
                blind=True,
                opinion=said,
                side=Side.ISSUING,
            )

    def on_hit(self, leg, state="UA", role="expert", **more):
        return self.do(leg, state, role, query="UA-T-1", hit="DE-P-1", **more)


@pytest.mark.parametrize(
    ("here", "there", "instrument", "article", "known"),
    [
        ("FR", "DE", "eu-prum-2008-615", "Decision 2008/615/JHA Art. 3-4", "recalled"),
        ("GB", "DE", "eu-uk-tca", "EU-UK Trade and Cooperation Agreement Art. 530-531", "recalled"),
        ("UA", "DE", "", "", "agreed"),
    ],
)
def test_the_law_says_what_a_comparison_rests_on(base, here, there, instrument, article, known):
    found = basis(base, here, there)
    assert (found.instrument, found.article, found.known) == (instrument, article, known)
    assert (found.standing is Standing.AGREED) == (not instrument)
    assert f"{here} and {there}" in found.text


def test_a_hit_goes_from_the_query_to_core_data_and_the_draft(base):
    story = Story(basis(base, "UA", "DE"))
    assert story.acts[0].law == story.acts[1].law == comparison.AGREED
    (result,) = story.answer.results
    assert [hit.found.reference for hit in result.hits] == ["DE-P-1"]  # the trace is not among what is offered
    assert 0 < result.expected < 1e-6
    assert (story.answer.searched, story.answer.rules, story.answer.theta) == (3, "prum", 0.01)
    story.opine(Outcome.CONFIRMED, Outcome.CONFIRMED)
    outcome = body.read("dna.confirm", story.on_hit(comparison.confirm, side=Side.ISSUING).body)
    assert (outcome.outcome, outcome.opinions, outcome.blind, outcome.agreed) == (Outcome.CONFIRMED, 2, 2, "all")
    assert outcome.log10_lr > 8
    story.on_hit(comparison.ask_core_data, offence="Burglary", facts="A window was broken.")
    data = body.CoreData(query="UA-T-1", hit="DE-P-1", name="Max Erfunden", nationality="DE")
    story.do(comparison.give_core_data, "DE", "central", data=data)
    (course,) = courses(story.acts)
    report = Attachment("dna-report-en.pdf", Digest("a" * 64), 7, "application/pdf")
    values = draft_values(course, [report], dossier=str(story.id))
    assert values["persons"] == [{"role": "third-party", "name": "Max Erfunden", "nationality": "DE"}]
    assert values["attachments"][0]["sha256"] == "a" * 64
    in_ukrainian = draft_values(course, [report], dossier=str(story.id), language="uk")
    assert in_ukrainian["object"].startswith("Подальші дії за підтвердженим збігом ДНК UA-T-1 / DE-P-1")
    assert "клас якості 1, збіглося локусів: 10 з 10" in in_ukrainian["reason"]
    found = losses([story.acts], requests=1)
    assert (found.profiles, found.answered, found.candidates, found.fit, found.verified) == (1, 1, 1, 1, 1)
    assert (found.confirmed, found.core_data, found.requests, found.excluded) == (1, 1, 1, 0)


C, X, I = Outcome.CONFIRMED, Outcome.EXCLUDED, Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("opinions", "outcome", "agreed", "needed"),
    [
        ([], None, "", 2),
        ([C], None, "", 1),
        ([C, C], C, "all", 0),
        ([I, I], I, "all", 0),
        ([C, X], None, "", 1),
        ([C, X, X], X, "majority", 0),
        ([C, X, C], C, "majority", 0),
        ([C, X, I], I, "none", 0),
    ],
)
def test_the_outcome_follows_from_the_opinions(opinions, outcome, agreed, needed):
    found = judge(opinions)
    assert (found.outcome, found.agreed, found.needed) == (outcome, agreed, needed)


def test_an_outcome_waits_for_opinions_and_core_data_for_a_confirmed_hit(base):
    story = Story(basis(base, "UA", "DE"))
    with pytest.raises(LifecycleError, match="needs dna"):
        story.do(lambda *case: comparison._act("dna.confirm", *case, CONFIRM), "UA", "expert")
    story.opine(C, X)
    with pytest.raises(NotYetError, match="1 more is needed"):
        story.on_hit(comparison.confirm, side=Side.ISSUING)
    said = body.Opinion(outcome=X, **SAID)
    story.do(
        comparison.verify,
        "UA",
        "expert",
        "Ivan",
        query="UA-T-1",
        hit="DE-P-1",
        blind=True,
        opinion=said,
        side=Side.ISSUING,
    )
    with pytest.raises(NotYetError, match="This pair has its opinions"):
        story.do(
            comparison.verify,
            "UA",
            "expert",
            "Stepan",
            query="UA-T-1",
            hit="DE-P-1",
            blind=True,
            opinion=said,
            side=Side.ISSUING,
        )
    story.on_hit(comparison.confirm, side=Side.ISSUING)
    with pytest.raises(NotYetError, match="not confirmed: excluded"):
        story.on_hit(comparison.ask_core_data, offence="Burglary", facts="A window was broken.")
    with pytest.raises(NotYetError, match="not confirmed"):
        data = body.CoreData(query="UA-T-1", hit="DE-P-1", name="Max Erfunden")
        story.do(comparison.give_core_data, "DE", "central", data=data)
    story.on_hit(comparison.report_false, text="Another person was found.")
    (course,) = courses(story.acts)
    assert course.station == "reported-false"
    assert losses([story.acts]).reported_false == losses([story.acts]).excluded == 1


CONFIRM = body.Confirm(query="UA-T-1", hit="DE-P-1", outcome=C, opinions=2, blind=2, agreed="all", **SAID)


@pytest.mark.parametrize(
    ("changed", "purpose", "ground"),
    [
        (None, Purpose.INVESTIGATION, Why.NO_OFFER),
        ({"left": 0}, Purpose.INVESTIGATION, Why.QUOTA),
        ({"rules": frozenset({"interpol"})}, Purpose.INVESTIGATION, Why.RULES),
        ({}, Purpose.MISSING_PERSON, Why.PURPOSE),
    ],
)
def test_what_stands_against_a_query_is_its_answer(base, changed, purpose, ground):
    terms = None if changed is None else replace(EVERY, **changed)
    story = Story(basis(base, "UA", "DE"), terms, purpose=purpose)
    assert story.answer.declined.ground is ground
    assert story.answer.declined.text
    assert courses(story.acts) == ()


def test_a_query_on_an_instrument_that_does_not_bind_is_declined(base):
    story = Story(basis(base, "FR", "DE"))
    assert story.answer.declined is None
    story.acts.pop()
    ours = basis(base, "UA", "DE")
    story.do(comparison.answer, "DE", "central", terms=EVERY, held=SHELF, basis=ours, known_false=lambda *_: False)
    assert story.answer.declined.ground is Why.BASIS


def test_a_category_that_is_not_taken_and_a_known_false_pair_are_said_profile_by_profile(base):
    rests_on = basis(base, "UA", "DE")
    remains = Story(rests_on, profiles=[made("UA-R-1", "unidentified-remains"), made("UA-T-1", "trace")])
    first, second = remains.answer.results
    assert (first.declined, first.hits) == (Why.CATEGORY, ())
    assert second.declined is None
    assert len(second.hits) == 1
    known = comparison.pair(body.Sent.of(made("ANY-1", "trace")))
    again = Story(rests_on, known_false=lambda profile, reference: (profile, reference) == (known, "DE-P-1"))
    assert (again.answer.results[0].hits, again.answer.results[0].reported_false) == ((), 1)


def test_a_profile_below_the_rule_is_not_sent(base):
    few = dict(list(LOCI.items())[:4])
    with pytest.raises(NotYetError, match="UA-T-1 may not be sent"):
        Story(basis(base, "UA", "DE"), profiles=[made("UA-T-1", "trace", few)])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reference": "Ivan"}, "never a name"),
        ({"name": "Ivan Vyhadanyi"}, "no such member"),
        ({"loci": {"TH01": ["6", "axe"]}}, "axe"),
        ({"category": "suspect"}, "category"),
    ],
)
def test_a_query_holds_references_and_never_a_name(change, said):
    sent = {"reference": "UA-T-1", "category": "trace", "loci": {"TH01": ["6", "7"]}, **change}
    rests_on = {"standing": "agreed", "known": "agreed", "text": "Agreed."}
    with pytest.raises(ComityError, match=said):
        body.read("dna.query", {"profiles": [sent], "purpose": "criminal-investigation", "basis": rests_on})


@pytest.mark.parametrize("rules", ["/etc/rules.toml", "not-there", "prum2/../x"])
def test_an_answer_by_unknown_rules_is_refused(rules):
    rests_on = {"standing": "agreed", "known": "agreed", "text": "Agreed."}
    with pytest.raises(ComityError):
        body.read("dna.answer", {"basis": rests_on, "rules": rules, "results": []})


def test_every_body_is_read_back_as_it_was_written(base):
    story = Story(basis(base, "UA", "DE"))
    story.opine(C, C)
    story.on_hit(comparison.confirm, side=Side.ISSUING)
    for act in story.acts:
        assert body.write(body.read(act.kind, act.body)) == act.body


def reviewed(story, *outcomes):
    """Have the experts of the state that answered judge its own hit, and tell what they came to."""
    for officer, outcome in zip(("Lena", "Jan", "Uta"), outcomes, strict=False):
        said = body.Opinion(outcome=outcome, **SAID)
        story.do(
            comparison.verify,
            "DE",
            "expert",
            officer,
            query="UA-T-1",
            hit="DE-P-1",
            blind=True,
            opinion=said,
            side=Side.EXECUTING,
        )
    return story.on_hit(comparison.confirm, "DE", "central", side=Side.EXECUTING)


def test_the_state_that_answered_judges_its_hit_too_and_both_outcomes_stand(base):
    story = Story(basis(base, "UA", "DE"))
    story.opine(C, C)
    story.on_hit(comparison.confirm, side=Side.ISSUING)
    told = reviewed(story, C, I, C)
    assert (told.kind, body.read(told.kind, told.body).agreed) == ("dna.reviewed", "majority")
    (course,) = courses(story.acts)
    assert (len(course.opinions), len(course.reviews), course.at_odds) == (2, 3, False)
    assert course.outcome_of(Side.EXECUTING).outcome is C
    assert "judged it themselves: confirmed" in draft_values(course, (), dossier=str(story.id))["reason"]
    found = losses([story.acts])
    assert (found.reviewed, found.at_odds, found.verified) == (1, 0, 1)
    with pytest.raises(NotYetError, match="told already"):
        story.on_hit(comparison.confirm, "DE", "central", side=Side.EXECUTING)


def test_no_core_data_are_given_for_a_hit_the_own_experts_exclude(base):
    story = Story(basis(base, "UA", "DE"))
    story.opine(C, C)
    story.on_hit(comparison.confirm, side=Side.ISSUING)
    story.on_hit(comparison.ask_core_data, offence="Burglary", facts="A window was broken.")
    reviewed(story, X, X)
    (course,) = courses(story.acts)
    assert course.at_odds
    given = body.CoreData(query="UA-T-1", hit="DE-P-1", name="Max Erfunden")
    with pytest.raises(NotYetError, match="experts of this state excluded"):
        story.do(comparison.give_core_data, "DE", "central", data=given)
    declined = body.CoreData(query="UA-T-1", hit="DE-P-1", declined=Why.NOT_CONFIRMED, text="Our experts exclude it.")
    story.do(comparison.give_core_data, "DE", "central", data=declined)
    assert losses([story.acts]).declined == 1


def test_each_side_gives_only_its_own_opinions(base):
    story = Story(basis(base, "UA", "DE"))
    said = body.Opinion(outcome=C, **SAID)
    for state, side in (("UA", Side.EXECUTING), ("DE", Side.ISSUING)):
        with pytest.raises(LifecycleError, match="is an act of the"):
            story.do(
                comparison.verify, state, "expert", query="UA-T-1", hit="DE-P-1", blind=True, opinion=said, side=side
            )


def test_a_refused_opinion_names_neither_the_hit_nor_the_case(base):
    story = Story(basis(base, "UA", "DE"))
    story.opine(C, C)
    with pytest.raises(NotYetError) as refused:
        story.opine(C)
    assert not [word for word in ("DE-P-1", "UA-T-1", str(story.id)) if word in str(refused.value.diagnostics())]


def test_the_laboratory_is_frozen_into_opinion_and_outcome(base):
    story = Story(basis(base, "UA", "DE"))
    stated = {"name": "Lab", "on": date(2026, 11, 24), "standard": "ISO/IEC 17025", "number": "20T-000", "body": "NAAU"}
    for officer, ends in (("Olena", date(2026, 11, 23)), ("Petro", date(2026, 11, 24))):
        said = body.Opinion(outcome=C, **SAID, laboratory=Laboratory(**stated, valid_until=ends))
        story.do(
            comparison.verify,
            "UA",
            "expert",
            officer,
            query="UA-T-1",
            hit="DE-P-1",
            blind=True,
            opinion=said,
            side=Side.ISSUING,
        )
    told = story.on_hit(comparison.confirm, side=Side.ISSUING)
    found = body.read(told.kind, told.body).laboratories
    assert [one.accreditation for one in found] == [Accreditation.EXPIRED, Accreditation.STANDS]
    assert Laboratory(name="Lab", on=date(2026, 1, 1)).accreditation is Accreditation.NONE
    assert Laboratory(**stated).accreditation is Accreditation.NO_END


def limits(base, requesting, requested, on="2026-11-24"):
    question = Question.read(requesting=requesting, requested=requested, measures=["dna_comparison"], on=on, base=base)
    return core_data_limit(
        resolve(question, base), base, measure="dna_comparison", form="automated_data", asked_at=BEGIN
    )


def test_a_time_limit_for_core_data_runs_only_where_its_instrument_applies(base):
    assert limits(base, "UA", "DE") == limits(base, "GB", "DE") == ()
    (found,) = limits(base, "FR", "DE")
    assert (found.article, found.hours, found.known) == ("Regulation (EU) 2024/982 Art. 47(1)", 48, "looked-up")
    assert (found.unsure, found.runs, found.ends_at) == (True, False, None)  # whether it applies is contested
    question = Question.read(requesting="FR", requested="DE", measures=["dna_comparison"], on="2026-11-24", base=base)
    resolved = resolve(question, base)
    applies = replace(resolved, bases=tuple(replace(one, status="applicable") for one in resolved.bases))
    (running,) = core_data_limit(applies, base, measure="dna_comparison", form="automated_data", asked_at=BEGIN)
    assert (running.runs, running.ends_at) == (True, BEGIN + timedelta(hours=48))
