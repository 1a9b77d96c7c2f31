"""Part of the matrix, and who is bound when: the same as the questions they stand for, bounded, refused with a way on."""

from __future__ import annotations

import json
from datetime import date

import pytest

from comity.cli.main import main
from comity.law import Question, resolve
from comity.law.across import across, form_measures
from comity.law.binding import bindings
from comity.law.errors import QuestionError, SizeError
from comity.law.index import index_of
from comity.law.kinds import states_of
from comity.law.telling import bound, instrument, instruments, listed
from comity.law.timeline import between, members
from comity.values import state

ON = date(2026, 11, 24)


def codes(text: str):
    return tuple(state(code) for code in text.split())


def test_a_cell_is_the_first_basis_of_its_question(lawbase):
    for row in across(lawbase, codes("UA FR"), codes("DE PL US BT"), on=ON, measures=["any_evidence", "extradition"]):
        for name, cell in row.cells.items():
            asked = Question.read(
                requesting=row.requesting, requested=row.requested, measures=[name], on=ON, base=lawbase
            )
            found = [one.instrument for one in resolve(asked, lawbase).bases if one.status != "residual"]
            if cell.status in {"applicable", "contested"}:
                assert cell.instrument == found[0], (row.requesting, row.requested, name)
            else:
                assert not found, (row.requesting, row.requested, name)


def test_a_state_has_no_row_with_itself_and_the_order_is_that_of_the_states(lawbase):
    rows = list(across(lawbase, codes("UA DE"), codes("DE UA PL"), on=ON, forms=["extradition"]))
    assert [(r.requesting, r.requested) for r in rows] == [("UA", "DE"), ("UA", "PL"), ("DE", "UA"), ("DE", "PL")]


def test_only_an_instrument_of_the_form_fills_the_cell_of_a_form(lawbase):
    forms = tuple(form_measures(lawbase))
    for row in across(lawbase, codes("FR"), states_of(lawbase)[:60], on=ON, forms=forms, most=10_000):
        for form, cell in row.forms.items():
            if cell.instrument:
                assert form in lawbase.instruments[cell.instrument].forms, (row.requested, form)
    (row,) = across(lawbase, codes("UA"), codes("PE"), on=ON, measures=["dna_comparison"], forms=["automated_data"])
    assert row.forms["automated_data"].status == "none"  # what covers evidence in general is no automated comparison


def test_every_form_that_stands_for_measures_has_one(lawbase):
    served = {form for forms in index_of(lawbase).regime.measure_forms.values() for form in forms}
    assert served == set(form_measures(lawbase))


def test_a_form_and_a_measure_of_one_name_stand_apart(capsys, lawbase, monkeypatch, tmp_path_factory):
    (row,) = across(lawbase, codes("FR"), codes("US"), on=ON, measures=["surrender"], forms=["surrender"])
    assert set(row.cells) == set(row.forms) == {"surrender"}
    monkeypatch.setenv("COMITY_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    words = [
        "law",
        "matrix",
        "--states",
        "FR,US",
        "--measure",
        "surrender",
        "--form",
        "surrender",
        "--on",
        "2026-11-24",
    ]
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0]) == row.to_json(ON)
    assert main(words) == 0
    assert "FR -> US" in capsys.readouterr().out


def test_too_much_at_once_is_refused_with_numbers(lawbase):
    every = states_of(lawbase)
    with pytest.raises(SizeError, match=f"{len(every)} by {len(every)} states") as refused:
        across(lawbase, every, every, on=ON, measures=["any_evidence"])
    assert refused.value.fields["most"] < refused.value.fields["cells"]
    assert "fewer" in refused.value.remedy


def test_an_unknown_form_is_refused_with_the_nearest(lawbase):
    with pytest.raises(QuestionError) as refused:
        across(lawbase, codes("UA"), codes("DE"), on=ON, forms=["extraditon"])
    assert refused.value.fields["nearest"][0] == "extradition"


@pytest.mark.parametrize("on", ["1949-12-31", "2100-01-01"])
def test_a_day_out_of_reach_is_refused(lawbase, on):
    for ask in (
        lambda: across(lawbase, codes("UA"), codes("DE"), on=date.fromisoformat(on), measures=["extradition"]),
        lambda: between(lawbase, "UA", "DE", on),
        lambda: members(lawbase, "coe-030", on),
    ):
        with pytest.raises(QuestionError, match="does not reach"):
            ask()


@pytest.mark.parametrize(("one", "other"), [("UA", "DE"), ("GB", "FR"), ("DK", "SE"), ("RU", "UA"), ("GL", "UA")])
def test_the_line_of_two_states_says_what_a_question_on_any_day_says(lawbase, one, other):
    index = index_of(lawbase)
    ties = {tie.instrument: tie for tie in between(lawbase, one, other, ON)}
    for year in range(1952, 2030, 3):
        for day in (date(year, 1, 1), date(year, 7, 2)):
            holds = {name for name, each in bindings(index, state(one), state(other), day, {}).items() if each.holds}
            told = {
                name
                for name, tie in ties.items()
                if any((s.since or day) <= day <= (s.until or day) for s in tie.spans)
            }
            assert told == holds, day


def test_the_line_of_two_states_knows_their_past(lawbase):
    ties = between(lawbase, "FR", "GB", "2019-01-01")
    eio = next(tie for tie in ties if tie.instrument == "eu-eio")
    assert eio.bound
    assert eio.spans[-1].until == date(2020, 12, 31)
    assert not next(tie for tie in between(lawbase, "FR", "GB", ON) if tie.instrument == "eu-eio").bound


def test_a_state_with_itself_has_no_line(lawbase):
    with pytest.raises(QuestionError, match="one state"):
        between(lawbase, "UA", "ua", ON)


def test_the_line_of_an_instrument_agrees_with_its_members(lawbase):
    parties = members(lawbase, "coe-030", "1990-01-01")
    assert {one.state for one in parties if one.bound} == {
        code for code, member in lawbase.parties["coe-030"].items() if member.on(date(1990, 1, 1))
    }
    assert all(span.source and span.basis for one in parties for span in one.spans)
    with pytest.raises(QuestionError) as refused:
        members(lawbase, "coe-30", ON)
    assert "coe-030" in refused.value.fields["nearest"]


def test_instruments_are_found_by_form_words_and_state(lawbase):
    assert {one.id for one in listed(lawbase, words="mutual assistance 182")} == {"coe-182"}
    found = listed(lawbase, form="extradition", with_state="us")
    assert found
    assert all("extradition" in one.forms and "US" in lawbase.parties[one.id] for one in found)
    told = instruments(lawbase, words="ETS No. 030")["instruments"][0]
    assert told["id"] == "coe-030"
    assert told["source"]
    with pytest.raises(QuestionError):
        listed(lawbase, form="mapmaking")


def test_an_instrument_is_told_with_all_that_hangs_on_it(lawbase):
    told = instrument(lawbase, "coe-030")
    assert {"coe-099", "coe-182"} <= set(told["protocols"])
    assert all(rule["source"] and rule["basis"] for rule in told["provisions"])
    assert told["declarations"]
    assert told["relations"]


def test_the_command_and_the_function_say_the_same(capsys, lawbase, monkeypatch, tmp_path_factory):
    monkeypatch.setenv("COMITY_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    assert main(["law", "bound", "--from", "UA", "--to", "DE", "--on", "2026-11-24", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said == bound(lawbase, requesting="UA", requested="DE", on="2026-11-24")
    assert main(["law", "bound", "coe-030", "--on", "2026-11-24"]) == 0
    assert "* UA: 1998-06-09 to now" in capsys.readouterr().out
    assert main(["law", "bound"]) == 4
    assert "Name an instrument" in capsys.readouterr().err
