"""Who is bound when: events folded into spans of days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.law.base import LawBase
from comity.law.model import Event, EventKind, Knowledge
from comity.law.participation import Certainty, fold
from comity.values import StateCode

UA, BY, RU, KZ, GB, DK, NO = map(StateCode, ("UA", "BY", "RU", "KZ", "GB", "DK", "NO"))


def test_norway_is_a_state(lawbase: LawBase) -> None:
    assert lawbase.membership("coe-030", NO).on(date(1970, 1, 1)).bound


@pytest.mark.parametrize(
    ("instrument", "state", "on", "bound"),
    [
        ("coe-030", "UA", "1998-06-08", False),
        ("coe-030", "UA", "1998-06-09", True),
        ("eu-eio", "GB", "2017-07-30", False),
        ("eu-eio", "GB", "2017-07-31", True),
        ("eu-eio", "GB", "2020-12-31", True),
        ("eu-eio", "GB", "2021-01-01", False),
        ("eu-eio", "DK", "2026-11-24", False),
        ("eu-fd-2006-960", "DE", "2024-12-11", True),
        ("eu-fd-2006-960", "DE", "2024-12-12", False),
        ("cis-chisinau-2002", "RU", "2023-06-27", False),
        ("cis-chisinau-2002", "RU", "2023-06-28", True),
        ("cis-minsk-1993", "UA", "2024-05-19", True),
        ("cis-minsk-1993", "UA", "2024-05-20", False),
        ("coe-173", "RU", "2023-06-30", True),
        ("coe-173", "RU", "2023-07-01", False),
        ("coe-224", "RS", "2026-11-24", False),
        ("coe-mla-ap3", "UA", "2026-11-24", False),
        ("un-untoc", "BT", "2023-03-21", False),
        ("un-untoc", "BT", "2023-03-22", True),
        ("un-untoc", "ME", "2010-01-01", True),
    ],
)
def test_bound_on_a_day(lawbase: LawBase, instrument: str, state: str, on: str, bound: bool) -> None:
    assert lawbase.membership(instrument, StateCode(state)).on(date.fromisoformat(on)).bound is bound


def test_suspension_reaches_the_states_it_names_only(lawbase: LawBase) -> None:
    ukraine = lawbase.membership("cis-minsk-1993", UA)
    assert ukraine.on(date(2022, 12, 22), BY).bound
    stopped = ukraine.on(date(2022, 12, 23), BY)
    assert not stopped.bound
    assert stopped.suspended
    assert stopped.why == "UA suspended cis-minsk-1993 towards BY from 2022-12-23"
    assert not ukraine.on(date(2022, 12, 23), RU).bound
    assert ukraine.on(date(2022, 12, 23), KZ).bound
    assert ukraine.on(date(2022, 12, 23)).bound


@pytest.mark.parametrize(
    ("instrument", "state", "on", "why"),
    [
        ("eu-eio", "DK", "2026-11-24", "DK is not a party to eu-eio"),
        ("eu-eio", "GB", "2026-11-24", "GB was bound until 2020-12-31"),
        ("eu-reg-2024-3011", "DE", "2026-11-24", "DE is bound only from 2027-02-01"),
        ("coe-224", "JP", "2026-11-24", "JP deposited its instrument, but coe-224 is not in force for it"),
        ("coe-224", "UA", "2026-11-24", "UA has signed coe-224 only"),
        ("coe-030", "UA", "2026-11-24", "UA is bound since 1998-06-09"),
        ("eu-eio", "GB", "2019-01-01", "GB is bound since 2017-07-31, until 2020-12-31"),
    ],
)
def test_why(lawbase: LawBase, instrument: str, state: str, on: str, why: str) -> None:
    assert lawbase.membership(instrument, StateCode(state)).on(date.fromisoformat(on)).why == why


def test_how_sure_it_is(lawbase: LawBase) -> None:
    on = date(2026, 11, 24)
    assert lawbase.membership("coe-030", UA).on(on).certainty is Certainty.CERTAIN
    assert lawbase.membership("eu-eio", StateCode("DE")).on(on).certainty is Certainty.RECALLED
    assumed = lawbase.membership("coe-196", UA).on(on)
    assert assumed.certainty is Certainty.ASSUMED_DATE
    assert assumed.why.startswith("UA is bound since an unknown day, at the earliest 2007-06-01")
    assert lawbase.membership("coe-222", StateCode("IT")).on(on).provisional


def test_no_stand_in_day_lies_before_the_state(lawbase: LawBase) -> None:
    georgia = lawbase.membership("coe-090", StateCode("GE"))
    assert not georgia.on(date(1985, 1, 1)).bound
    assert georgia.on(date(1992, 1, 1)).certainty is Certainty.ASSUMED_DATE


def test_what_stands_in_for_a_day_says_so(lawbase: LawBase) -> None:
    for name, states in lawbase.parties.items():
        entry = lawbase.instruments[name].entry_into_force
        for membership in states.values():
            for event in membership.events:
                if event.reckoned == "instrument" and event.kind is EventKind.BOUND_FROM and entry:
                    assert event.on == entry


def event(kind: EventKind, on: date | None, towards: tuple[StateCode, ...] = ()) -> Event:
    return Event(
        instrument="coe-030", state=UA, kind=kind, on=on, towards=towards, source="a test", basis=Knowledge.LOOKED_UP
    )


days = st.dates(date(1970, 1, 1), date(2030, 1, 1))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(since=days, length=st.integers(0, 4000), on=days)
def test_bound_between_its_two_days(lawbase: LawBase, since: date, length: int, on: date) -> None:
    until = since + timedelta(days=length)
    held = fold(
        lawbase.instruments["coe-030"], UA, (event(EventKind.IN_FORCE, since), event(EventKind.BOUND_TO, until))
    )
    assert held.on(on).bound is (since <= on <= until)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(since=days, stop=days, again=days, on=days)
def test_a_suspension_ends_when_it_is_lifted(lawbase: LawBase, since: date, stop: date, again: date, on: date) -> None:
    events = (
        event(EventKind.IN_FORCE, since),
        event(EventKind.SUSPENDED, stop, (BY,)),
        event(EventKind.RESUMED, again),
    )
    held = fold(lawbase.instruments["coe-030"], UA, events)
    suspended = stop <= on and (again < stop or on < again)
    assert held.on(on, BY).bound is (since <= on and not suspended)
    assert held.on(on, KZ).bound is (since <= on)


def test_unrelated_events_change_nothing(lawbase: LawBase) -> None:
    instrument = lawbase.instruments["coe-030"]
    plain = fold(instrument, UA, (event(EventKind.IN_FORCE, date(1998, 6, 9)),))
    more = fold(
        instrument,
        UA,
        (event(EventKind.SIGNED, date(1997, 5, 29)), event(EventKind.IN_FORCE, date(1998, 6, 9))),
    )
    assert plain.spans == more.spans


def test_no_stand_in_day_of_a_protocol_lies_before_its_mother(lawbase: LawBase) -> None:
    for name, states in lawbase.parties.items():
        for mother in lawbase.instruments[name].mothers:
            for state, membership in states.items():
                first = next((span for span in lawbase.membership(mother, state).spans), None)
                for span in membership.spans:
                    if first and first.since and span.since and span.certainty is Certainty.ASSUMED_DATE:
                        assert span.since >= first.since, (name, state)
