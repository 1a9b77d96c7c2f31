"""Tables of forms of cooperation: what is in order, and what is refused with the file's name."""

from __future__ import annotations

import shutil

import comity_lawbase
import pytest

from comity.law.form import FormTableError, Role, Side, acts, form_of, forms
from comity.law.strict_yaml import LawFileError


@pytest.fixture
def root(tmp_path):
    for name in ("forms", "vocabulary"):
        shutil.copytree(comity_lawbase.root() / name, tmp_path / name)
    return tmp_path


def change(root, old: str, new: str, file: str = "forms/eio.yaml") -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_installed_tables_are_in_order():
    found = forms()
    assert {"eio", "mla-letter"} <= set(found)
    assert form_of("eu-eio").id == "eio"
    assert form_of("coe-030").id == form_of(None).id == "mla-letter"
    assert found["eio"].law("request.send") == "Directive 2014/41/EU Art. 7(1)"
    assert found["eio"].shared("request.send")
    assert not found["eio"].shared("request.draft")
    assert found["eio"].step("nonsense") is None


def test_every_label_is_there_in_both_languages():
    for form in forms().values():
        labels = [form.title, *form.states.values(), *(clock.title for clock in form.clocks.values())]
        assert all(
            label.en and label.uk and label.in_("uk") == label.uk and label.in_("fr") == label.en for label in labels
        )
    assert all(kind.title.en and kind.title.uk for kind in acts().values())


def test_the_second_person_is_asked_for_before_anything_leaves():
    for form in (forms()["mla-letter"], forms()["eio"]):
        approve = form.steps["request.approve"]
        assert (approve.second_person, approve.who, approve.by) == ("request.draft", (Role.APPROVING,), Side.ISSUING)
        assert "request.approve" in form.steps["request.send"].needs


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    to: drafted\n", "    to: drafted\n    colour: red\n", "unknown keys colour"),
        ("    to: drafted\n", "    to: dratfed\n", "no state 'dratfed'"),
        ("    to: drafted\n", "", "lacks to"),
        ("    who: [approving]\n", "    who: [boss]\n", "'boss' is none of"),
        ("    by: issuing\n", "    by: nobody\n", "'nobody' is none of"),
        ("    second_person: request.draft\n", "    second_person: request.dream\n", "no act 'request.dream'"),
        ("    starts: [acknowledgement, decision, asked-for]\n", "    starts: [hourglass]\n", "no clock 'hourglass'"),
        ("start: none\n", "start: nowhere\n", "no state 'nowhere'"),
        ("  received: {turn: executing,", "  received: {turn: nobody,", "'nobody' is none of"),
        ("instruments: [eu-eio]\n", "instruments: any\n", "exactly one form must serve 'any'"),
        ("  request.close:\n", "  request.dream:\n", "no act 'request.dream'"),
    ],
)
def test_a_table_that_is_not_in_order_is_refused(root, old, new, said):
    change(root, old, new)
    with pytest.raises(FormTableError, match=said):
        forms(root)


def test_a_key_that_stands_twice_is_refused(root):
    change(root, "start: none\n", "start: none\nstart: none\n")
    with pytest.raises(LawFileError, match="start"):
        forms(root)


def test_an_act_kind_outside_the_closed_lists_is_refused(root):
    change(root, "sharing: internal, body: request}", "sharing: rumour, body: request}", "vocabulary/acts.yaml")
    with pytest.raises(FormTableError, match="'rumour' is none of"):
        acts(root)
