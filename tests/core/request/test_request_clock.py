"""Worked dates: the EIO's limits between France and Spain, counted by hand from a calendar of 2026 and 2027."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.request.calendar import calendar
from comity.request.clock import ClockState, Turn, clocks
from comity.request.errors import LifecycleError
from comity.values import CODES, StateCode
from support.cooperation import LETTER, ORDER, Cooperation

ES, DE, UA = (calendar(StateCode(code)) for code in ("ES", "DE", "UA"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def order(**body: str) -> Cooperation:
    case = Cooperation.of(ORDER, "FR-ES")
    case.go("request.draft", "request.approve")
    case.act("request.send", body={**case.body("request.send", case.form.steps["request.send"].by), **body})
    return case


def read(case: Cooperation, now: str | None = None, calendar=ES):
    found = clocks(case.executing, case.form, ORDER.rules, calendar, at=at(now) if now else None)
    return {clock.id: clock for clock in found}


@pytest.mark.parametrize(
    ("since", "amount", "unit", "last", "articles"),
    [
        # Tuesday 24 November + 7 days = Tuesday 1 December.
        ("2026-11-24T10:00", 7, "days", "2026-12-01", ["3(1)"]),
        # 1 November 2026 is a Sunday: the period ends on Monday 2 November.
        ("2026-10-25T10:00", 7, "days", "2026-11-02", ["3(1)", "3(4)"]),
        # 30 days from 6 November end on Sunday 6 December; 7 is a working day in most of Spain, 8 is not reached.
        ("2026-11-06T10:00", 30, "days", "2026-12-07", ["3(1)", "3(4)"]),
        # 12 October, Fiesta Nacional, is a Monday.
        ("2026-10-05T10:00", 7, "days", "2026-10-13", ["3(1)", "3(4)"]),
        # Two days from Friday 20 November: Saturday and Sunday; ends Monday, and must hold two working days: Tuesday.
        ("2026-11-20T10:00", 2, "days", "2026-11-24", ["3(1)", "3(4)", "3(5)"]),
        # 23:30 UTC is already the next day in Madrid.
        ("2026-11-24T23:30", 7, "days", "2026-12-02", ["3(1)"]),
        ("2026-11-20T10:00", 5, "working_days", "2026-11-27", ["3(1)", "3(3)"]),
        ("2026-11-24T10:00", 1, "weeks", "2026-12-01", ["3(1)"]),
        # Month ends: one month from 31 August is 30 September, a Wednesday.
        ("2026-08-31T10:00", 1, "months", "2026-09-30", ["3(1)"]),
        ("2024-02-29T10:00", 1, "years", "2025-02-28", ["3(1)"]),
    ],
)
def test_periods_of_union_law_end_as_regulation_1182_71_says(since, amount, unit, last, articles):
    found = ES.count(at(since), amount, unit, union=True)
    assert found.last == date.fromisoformat(last)
    assert found.expires == datetime.combine(
        found.last + timedelta(days=1), datetime.min.time(), ZoneInfo("Europe/Madrid")
    )
    assert [article.rsplit("Art. ", 1)[1] for article in found.articles] == articles
    assert all(article.startswith("Regulation (EEC, Euratom) No 1182/71 Art. ") for article in found.articles)


def test_periods_of_other_law_are_not_moved():
    found = ES.count(at("2026-10-25T10:00"), 7, "days", union=False)
    assert (found.last, found.articles) == (date(2026, 11, 1), ())


def test_hours_run_from_the_next_whole_hour_under_union_law():
    assert ES.count(at("2026-11-28T10:20"), 24, "hours", union=True).expires == at("2026-11-29T11:00")
    assert ES.count(at("2026-11-28T10:20"), 24, "hours", union=False).expires == at("2026-11-29T10:20")


def test_an_unknown_unit_is_no_unit():
    with pytest.raises(ValueError, match="no unit"):
        ES.count(at("2026-11-28T10:20"), 24, "moons", union=True)


def test_a_period_over_the_change_of_the_clocks_ends_at_local_midnight():
    expires = DE.count(at("2026-10-20T10:00"), 7, "days", union=True).expires
    assert expires.astimezone(UTC) == at("2026-10-27T23:00")


@given(st.integers(0, 5500 * 24), st.integers(1, 120))
def test_a_union_period_ends_on_a_working_day_and_holds_two(since, days):
    begin = at("2020-01-01T00:30") + timedelta(hours=since)
    found = DE.count(begin, days, "days", union=True)
    first = DE.local(begin)
    inside = [first + timedelta(days=n) for n in range(1, (found.last - first).days + 1)]
    assert DE.working(found.last, union=True)
    assert days == 1 or sum(DE.working(one, union=True) for one in inside) >= 2
    assert found.last - first >= timedelta(days=days)
    assert found.last - first < timedelta(days=days + 10)


def test_every_state_has_a_calendar_and_says_whether_its_holidays_are_known():
    for code in sorted(CODES):
        assert calendar(StateCode(code)).local(at("2026-11-24T12:00")) in {date(2026, 11, 24), date(2026, 11, 25)}
    assert ES.known
    assert not calendar(StateCode("XK")).holiday(date(2026, 11, 24))


def test_the_limits_begin_on_sending_and_are_restated_on_receipt():
    case = order()
    before = read(case)
    assert before["acknowledgement"].from_ == case.at
    assert before["acknowledgement"].due == date(2026, 12, 1)
    assert before["acknowledgement"].article == "Directive 2014/41/EU Art. 16(1)"
    case.act("request.receive", body={"received_at": "2026-11-26T23:30:00Z"})
    after = read(case)
    assert after["acknowledgement"].state is ClockState.MET
    assert (after["acknowledgement"].open, after["decision"].open) == (False, True)
    # received on Friday 27 November in Madrid: 30 days end on Sunday 27 December, so on Monday 28.
    assert after["decision"].due == date(2026, 12, 28)
    assert "next working day" in after["decision"].reason.en
    assert "наступний робочий день" in after["decision"].reason.uk
    assert "execution" not in after


def test_an_extension_counts_up_to_what_its_article_allows():
    case = order()
    case.go("request.receive", "request.consider")
    case.act("request.extend", body={"clock": "decision", "by": 400, "text": "Long."})
    found = read(case)["decision"]
    # received 25 November: 60 days end on Sunday 24 January 2027, so on Monday 25.
    assert (found.due, found.extended) == (date(2027, 1, 25), 30)


def test_only_the_clocks_of_the_table_can_be_extended():
    case = order()
    case.go("request.receive", "request.consider")
    with pytest.raises(LifecycleError, match="extends decision and no other"):
        case.act("request.extend", body={"clock": "execution", "by": 30, "text": "Long."})


def test_execution_runs_ninety_days_from_the_decision_and_stops_with_the_evidence():
    case = order()
    case.go("request.receive", "request.consider", "request.accept")
    found = read(case, now="2027-06-01T00:00")
    # accepted 24 November: 90 days end on Monday 22 February 2027.
    assert found["decision"].state is ClockState.MET
    assert (found["execution"].due, found["execution"].state) == (date(2027, 2, 22), ClockState.OVERDUE)
    case.go("execution.assign", "custody.collect", "custody.offer", "custody.undertake", "evidence.return")
    assert read(case)["execution"].state is ClockState.MET


def test_a_postponement_pauses_and_its_days_are_added():
    case = order()
    case.go("request.receive", "request.consider")
    case.act("request.postpone", minutes=24 * 60)
    paused = read(case)["decision"]
    assert (paused.state, paused.due, paused.ends_at) == (ClockState.PAUSED, None, None)
    case.act("request.consider", minutes=10 * 24 * 60)
    found = read(case)["decision"]
    # received 25 November, 10 days paused: 30 days from 5 December end on Monday 4 January 2027.
    assert (found.paused_days, found.due) == (10, date(2027, 1, 4))
    assert "10 days paused" in found.reason.en
    assert [(event.turn, event.reason) for event in found.events] == [
        (Turn.STARTED, ""),
        (Turn.RESTATED, ""),
        (Turn.PAUSED, "It would warn a suspect here."),
        (Turn.RESUMED, ""),
    ]


def test_a_late_decision_is_late():
    case = order()
    case.go("request.receive", "request.consider")
    case.act("request.accept", minutes=60 * 24 * 60)
    assert read(case)["decision"].state is ClockState.LATE


def test_a_day_asked_for_is_a_clock_and_none_is_none():
    assert "asked-for" not in read(order())
    found = read(order(needed_by="2026-12-20"))["asked-for"]
    assert (found.due, found.article) == (date(2026, 12, 20), "Directive 2014/41/EU Art. 12(2)")


def test_a_letter_sets_no_limit_but_a_day_asked_for():
    case = Cooperation.of(LETTER)
    case.go("request.draft", "request.approve")
    body = case.body("request.send", case.form.steps["request.send"].by)
    case.act("request.send", body={**body, "needed_by": "2026-12-20"})
    (found,) = clocks(case.executing, case.form, LETTER.rules, DE)
    assert (found.id, found.due, found.article) == ("asked-for", date(2026, 12, 20), "")
    assert case.form.no_time_limit is not None
    case.go("request.receive", "request.consider")
    case.act("request.extend", body={"clock": "asked-for", "by": 14, "text": "The bank is slow."})
    (found,) = clocks(case.executing, case.form, LETTER.rules, DE)
    assert found.due == date(2027, 1, 3)


def test_without_a_rule_in_the_law_base_a_clock_says_so():
    case = order()
    found = clocks(case.executing, case.form, (), ES)
    assert {clock.state for clock in found} == {ClockState.UNLIMITED}
    assert "no number of days" in found[0].reason.en


def test_both_sides_see_the_same_clocks():
    case = order(needed_by="2026-12-20")
    case.go(
        "request.receive", "request.consider", "request.accept", "execution.assign", "custody.collect", "custody.offer"
    )
    assert clocks(case.issuing, case.form, ORDER.rules, ES) == clocks(case.executing, case.form, ORDER.rules, ES)
