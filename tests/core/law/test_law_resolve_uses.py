"""What is made of answers: prose, comparison, an old answer again, the matrix, the plan."""

from __future__ import annotations

import json
from datetime import date

import pytest

from comity.law.base import LawBase
from comity.law.compare import compare
from comity.law.errors import OldLawError, QuestionError
from comity.law.explain import explain
from comity.law.matrix import matrix, states_of
from comity.law.plan import methods, plan
from comity.law.question import Question
from comity.law.rerun import again, law_of
from comity.law.resolution import Resolution
from comity.law.resolve import resolve

TODAY = date(2026, 11, 24)


def ask(base: LawBase, here: str, there: str, measure: str = "bank_records", on: date = TODAY) -> Resolution:
    question = Question.read(requesting=here, requested=there, measures=[measure], offences=["fraud"], on=on, base=base)
    return resolve(question, base)


def test_prose_in_both_languages_says_the_same_things(lawbase):
    answer = ask(lawbase, "UA", "DE")
    english, ukrainian = (explain(answer, lawbase, language) for language in ("en", "uk"))
    for text in (english, ukrainian):
        assert "ETS No. 030" in text
        assert lawbase.digest[:16] in text
    assert "Ukraine asks Germany" in english
    assert "Запитувана держава: Німеччина" in ukrainian
    assert "стислий виклад обставин" in ukrainian
    assert "ETS No. 182 Art. 4 (art. 15(1))" in english
    assert "ETS No. 182, ст. 4 (ст. 15(1))" in ukrainian
    assert "лише тому, що злочин фіскальний" in ukrainian
    assert english.count("\n") == ukrainian.count("\n")


def test_prose_of_reciprocity(lawbase):
    answer = ask(lawbase, "UA", "BT")
    assert "No treaty applies" in explain(answer, lawbase)
    assert "не діє жоден договір" in explain(answer, lawbase, "uk")
    assert "взаємності" in explain(answer, lawbase, "uk")


def test_an_answer_is_the_same_as_itself(lawbase):
    answer = ask(lawbase, "UA", "DE")
    found = compare(answer, json.loads(answer.canonical()))
    assert found.same
    assert found.same_law
    assert found.same_question


def test_two_partners_differ_in_their_declarations_only(lawbase):
    found = compare(ask(lawbase, "UA", "DE"), ask(lawbase, "UA", "TR"))
    assert not found.same_question
    places = [line.where for line in found.lines if line.where.startswith("bases/coe-030/rules")]
    assert places
    assert all("/declarations/" in place or place.endswith(("language", "dual_criminality")) for place in places)


def test_two_days_differ_in_the_basis(lawbase):
    before, after = (ask(lawbase, "GB", "FR", on=on) for on in (date(2020, 12, 31), date(2021, 1, 1)))
    lines = {line.where: (line.first, line.second) for line in compare(before, after).lines}
    assert lines["bases"][0][0] == "eu-eio"
    assert lines["bases"][1][0] == "coe-030"


def test_an_old_answer_is_given_again(lawbase):
    answer = json.loads(ask(lawbase, "UA", "DE").canonical())
    fresh, comparison = again(answer, law_of(answer, lawbase))
    assert comparison.same
    assert fresh.canonical() == ask(lawbase, "UA", "DE").canonical()


def test_from_the_law_base_it_names(lawbase, copy, tmp_path):
    path = copy / "instruments/coe/030/participation.yaml"
    whole = path.read_text()
    old = LawBase.load(copy, cache=tmp_path)
    answer = json.loads(ask(old, "UA", "DE", on=date(1999, 1, 1)).canonical())
    path.write_text(whole.replace("1998-06-09", "2001-06-09"))
    new = LawBase.load(copy, cache=tmp_path)
    path.write_text(whole)
    assert not again(answer, new)[1].same
    assert again(answer, law_of(answer, new, tmp_path))[1].same
    with pytest.raises(OldLawError):
        law_of(answer, new, tmp_path / "elsewhere")


def test_the_matrix_says_what_the_resolution_says(lawbase):
    states = ("UA", "DE", "FR", "BT", "GB")
    for one, other, cells in matrix(lawbase, ("bank_records", "extradition"), TODAY, states):
        for name, cell in cells.items():
            question = Question.read(requesting=one, requested=other, measures=[name], on=TODAY, base=lawbase)
            first = next((b for b in resolve(question, lawbase).bases if b.status != "residual"), None)
            assert (cell.instrument if cell.status in {"applicable", "contested"} else None) == (
                first and first.instrument
            )


def test_the_matrix_holds_every_pair_once(lawbase):
    states = states_of(lawbase)
    assert len(states) > 190
    rows = [(one, other) for one, other, _ in matrix(lawbase, ("transit",), TODAY, states[:40])]
    assert len(rows) == len(set(rows)) == 40 * 39


def test_there_are_methods_for_eight_kinds_of_offence_with_their_sources(lawbase):
    found = methods(lawbase)
    assert len(found) >= 8
    for method in found.values():
        assert method.source
        assert method.title.uk != method.title.en
        assert method.steps
        assert set(method.offences) <= set(lawbase.offences)


def test_a_plan_preserves_before_it_requests_and_checks_before_it_coerces(lawbase):
    elements = [("account", "DE"), ("provider", "US"), ("suspect", "PL"), ("premises", "PL")]
    found = plan(lawbase, home="UA", offence="fraud", elements=elements, on=TODAY)
    order = [(step.state, step.measure) for step in found.steps]
    assert order.index(("US", "preservation_stored_data")) < order.index(("US", "subscriber_data"))
    assert order.index(("DE", "freezing_of_property")) < order.index(("DE", "bank_records"))
    assert order.index(("PL", "police_information_request")) < order.index(("PL", "search_and_seizure"))
    assert order[-1][1] in {"extradition", "joint_investigation_team"}
    basis = {(step.state, step.measure): step.basis for step in found.steps}
    assert basis["DE", "bank_records"] == "coe-030"
    assert basis["US", "preservation_stored_data"] == "coe-185"
    assert basis["PL", "extradition"] == "coe-024"


def test_a_plan_says_what_it_has_no_step_for(lawbase):
    found = plan(lawbase, home="UA", offence="vehicle-crime", elements=[("vehicle", "PL"), ("server", "US")], on=TODAY)
    assert [(one.kind, one.state) for one in found.missing] == [("server", "US")]
    assert found.steps


@pytest.mark.parametrize(
    ("changed", "nearest"),
    [
        ({"offence": "frod"}, "fraud"),
        ({"elements": [("acount", "DE")]}, "account"),
        ({"elements": [("account", "UA")]}, ""),
    ],
)
def test_a_plan_refuses_what_it_does_not_know(lawbase, changed, nearest):
    asked = {"home": "UA", "offence": "fraud", "elements": [("account", "DE")], "on": TODAY, **changed}
    with pytest.raises(QuestionError) as caught:
        plan(lawbase, **asked)
    assert nearest in caught.value.diagnostics()
