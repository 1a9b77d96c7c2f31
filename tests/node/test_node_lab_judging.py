"""Opinions on hits: blind to the case and to each other, by two people or three; what follows; and what is remembered."""

from __future__ import annotations

import pytest

from comity.flow.errors import NotYetError
from comity.node.accounts.policy import Do, can
from comity.node.accounts.role import Role
from comity.node.audit import queries as audit
from comity.node.errors import NotAllowedError, NotBlindError, NotPossibleError, SameExpertError, UnknownError
from comity.node.lab import actions, queries
from comity.node.lab.models import FalsePair
from comity.node.requests import queries as requests
from comity.node.shown import shown
from support.dna import LOCI, OTHER, Shelf, made
from support.lab import answered

METHOD = {"method": "STR, kit A", "limits": "Low peaks"}
SHELF = Shelf(made("DE-P-1", "person"), made("DE-P-2", "person", OTHER))


class Bench:
    """Ukraine's laboratory: Olena asked, Petro and Ivan know nothing of it."""

    def __init__(self, ua, profile=None):
        self.ua = ua
        self.olena, self.petro, self.ivan = (
            ua.who(name, Role.EXPERT, authority="ua:lab") for name in ("olena", "petro", "ivan")
        )
        profile = profile or made("UA-T-1", "trace", laboratory="KNDISE", accreditation="ISO/IEC 17025")
        done = actions.ask(
            self.olena,
            partner="DE",
            profiles=[profile],
            purpose="criminal-investigation",
            for_authority="ua:court",
            at=ua.at(),
        )
        self.dossier = done.dossier
        answered(ua, self.dossier, SHELF)
        rows = [one for one in queries.comparison(self.olena, self.dossier).hits if one.id]
        self.hit = rows[0].id

    def opine(self, who, outcome="confirmed"):
        actions.verify(who, self.hit, outcome=outcome, **METHOD, at=self.ua.at())


@pytest.fixture
def bench(ua):
    return Bench(ua)


def waits(who):
    return [one.id for one in queries.pairs(who)]


def test_an_expert_sees_two_profiles_and_nothing_of_the_case(bench):
    assert waits(bench.petro) == [bench.hit]
    seen = repr(shown(queries.pair(bench.petro, bench.hit))) + repr(shown(queries.pairs(bench.petro)))
    for secret in (bench.dossier, "UA-T-1", "DE-P-1", "KNDISE", "17025", "Olena", "ua:court", "investigation"):
        assert secret not in seen
    pair = queries.pair(bench.petro, bench.hit)
    assert (pair.first.id, pair.second.id, pair.quality.comparison.quality) == ("A", "B", "1")
    assert pair.first.loci == made("UA-T-1", "trace").loci


def test_the_second_opinion_is_of_another_person(bench):
    bench.opine(bench.petro)
    assert waits(bench.petro) == []
    for attempt in (lambda: bench.opine(bench.petro), lambda: queries.pair(bench.petro, bench.hit)):
        with pytest.raises(SameExpertError):
            attempt()
    bench.opine(bench.ivan)
    assert [one.username for one in _opinions(bench)] == ["petro", "ivan"]


def _opinions(bench):
    from comity.node.lab.models import Opinion

    return list(Opinion.objects.filter(hit_id=bench.hit).order_by("turn"))


def test_who_knows_the_case_gives_the_first_opinion_at_most(bench):
    bench.opine(bench.petro)
    assert waits(bench.olena) == []  # she asked the question
    with pytest.raises(NotBlindError):
        bench.opine(bench.olena)
    actions.look(bench.ivan, bench.dossier, at=bench.ua.at())
    with pytest.raises(NotBlindError):
        bench.opine(bench.ivan)
    assert [one.detail["code"] for one in audit.entries(event="act.refused")][:2] == ["node.not-blind"] * 2


def test_the_first_opinion_is_told_to_nobody_before_the_second(bench):
    actions.verify(bench.petro, bench.hit, outcome="excluded", method="SECRET METHOD", limits="x", at=bench.ua.at())
    assert "SECRET" not in repr(shown(queries.pair(bench.ivan, bench.hit)))
    for who in (bench.ua.central, bench.olena):
        found = actions.look_at_hit(who, bench.hit, at=bench.ua.at())
        assert (found.opinions, found.hidden) == ((), 1)
        assert "SECRET" not in repr(shown(found.line.station)) + repr(
            shown(actions.look(who, bench.dossier, at=bench.ua.at()).acts)
        )
    bench.opine(bench.ivan, "excluded")
    found = actions.look_at_hit(bench.ua.central, bench.hit, at=bench.ua.at())
    assert [said.opinion.method for _, said in found.opinions] == ["SECRET METHOD", "STR, kit A"]
    assert [said.blind for _, said in found.opinions] == [True, True]


def test_a_comparison_is_not_among_the_cases(bench):
    assert requests.lines(bench.ua.central) == requests.inbox(bench.ua.central) == ()
    for look in (requests.visible, lambda who, dossier: requests.case(who, dossier, at=bench.ua.at())):
        with pytest.raises(UnknownError, match="comparison of DNA"):
            look(bench.ua.central, bench.dossier)


def test_two_who_disagree_need_a_third_and_the_outcome_is_not_chosen(bench):
    bench.opine(bench.petro, "confirmed")
    bench.opine(bench.ivan, "inconclusive")
    with pytest.raises(NotYetError, match="1 more is needed"):
        actions.confirm(bench.olena, bench.hit, at=bench.ua.at())
    stepan = bench.ua.who("stepan", Role.EXPERT, authority="ua:lab")
    assert waits(stepan) == [bench.hit]
    bench.opine(stepan, "inconclusive")
    actions.confirm(bench.olena, bench.hit, at=bench.ua.at())
    found = queries.hit(bench.olena, bench.hit)
    assert (found.line.course.outcome.outcome, found.line.course.outcome.agreed) == ("inconclusive", "majority")
    for attempt in (
        lambda: actions.ask_core_data(bench.olena, bench.hit, offence="x", facts="y", at=bench.ua.at()),
        lambda: actions.draft_request(bench.ua.drafter, bench.hit, at=bench.ua.at()),
    ):
        with pytest.raises(NotYetError, match="not confirmed: inconclusive"):
            attempt()


def test_a_pair_reported_false_never_reaches_the_experts_again(bench):
    for who in (bench.petro, bench.ivan):
        bench.opine(who, "excluded")
    actions.confirm(bench.olena, bench.hit, at=bench.ua.at())
    actions.report_false(bench.olena, bench.hit, text="Another person.", at=bench.ua.at())
    assert FalsePair.objects.filter(partner="DE", reference="DE-P-1").count() == 1
    again = Bench(bench.ua, made("UA-T-99", "trace"))  # the same profile under another number; DE forgot
    (line,) = queries.comparison(again.olena, again.dossier).hits
    assert not line.fit
    assert waits(again.petro) == []


@pytest.mark.parametrize("outcome", ["certain", "", "CONFIRMED"])
def test_an_outcome_outside_the_list_is_refused(bench, outcome):
    with pytest.raises(NotPossibleError, match="needs its outcome"):
        bench.opine(bench.petro, outcome)


@pytest.mark.parametrize(
    ("do", "allowed"),
    [
        (Do.VERIFY_HIT, {Role.EXPERT}),
        (Do.KEEP_PROFILES, {Role.EXPERT}),
        (Do.OFFER_COMPARISON, {Role.CENTRAL}),
        (Do.ASK_COMPARISON, {Role.EXPERT, Role.CENTRAL}),
        (Do.KEEP_LABORATORY, {Role.APPROVING}),
    ],
)
def test_the_policy_of_the_laboratory(ua, do, allowed):
    assert {role for role in Role if can(ua.who(f"a-{role}", role), do).allowed} == allowed


def test_the_door_asks_the_policy(bench):
    for who, attempt in (
        (bench.ua.executing, bench.opine),
        (bench.ua.drafter, lambda who: queries.search(who, made("UA-T-1", "trace"), None)),
        (bench.ua.who("far", Role.EXPERT, authority="ua:elsewhere"), lambda who: actions.look(who, bench.dossier, at=bench.ua.at())),
        (bench.olena, lambda who: actions.offer(who, partner="DE", takes=["trace"], searches=["person"],
                                                purposes=["criminal-investigation"], rules=["prum"], quota=1, at=bench.ua.at())),
    ):  # fmt: skip
        with pytest.raises(NotAllowedError):
            attempt(who)


def test_a_hit_that_is_none_here_is_not_judged(ua):
    shelf = Shelf(made("DE-P-7", "person", {**LOCI, "TH01": ["7", "8"]}))
    near = made("DE-P-7", "person")
    shelf.search = lambda query, rules: Shelf(near).search(query, rules)  # it calls a hit what is none
    bench = Bench.__new__(Bench)
    bench.ua = ua
    olena = ua.who("olena", Role.EXPERT, authority="ua:lab")
    done = actions.ask(
        olena, partner="DE", profiles=[made("UA-T-1", "trace")], purpose="criminal-investigation", at=ua.at()
    )
    answered(ua, done.dossier, shelf)
    (line,) = queries.comparison(olena, done.dossier).hits
    assert (line.fit, line.quality.why_not) == (False, "2 alleles differ; at most 1 may")
    assert waits(ua.who("petro", Role.EXPERT)) == []
    found = queries.losses(olena)
    assert (found.candidates, found.fit) == (1, 0)
