"""The composer's form and back: what a browser sends of a form filled with values are these values."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.law import LawBase, Question, resolve
from comity.node.requests import sheet as sheets
from comity.node.requests.sheet import Input, filled, sheet
from comity.request.contents import FieldKind
from comity.request.form import fields

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20).filter(
    lambda text: text == text.strip() and text
)


@pytest.fixture(scope="module")
def form():
    base = LawBase.load()
    question = Question.read(
        requesting="UA", requested="DE", measures=["bank_records"], offences=["fraud"], on="2026-11-24", base=base
    )
    return fields(resolve(question, base))


@pytest.fixture(autouse=True)
def named(monkeypatch):
    """Names from no node: this is about the form alone."""
    monkeypatch.setattr(sheets.law, "authorities", lambda state: [("a", "A")])
    monkeypatch.setattr(sheets.law, "offences", lambda: [("fraud", "Fraud")])
    monkeypatch.setattr(sheets.law, "measure", lambda name: name)


def sent(form, values: dict[str, Any], *, more: str = "") -> dict[str, str]:
    """Return what a browser sends: every input's value, as text; a box only where it is ticked."""
    posted: dict[str, str] = {}

    def take(one: Input) -> None:
        if one.kind is not FieldKind.FLAG or one.value:
            posted[one.name] = one.value
        chosen = [choice.value for choice in one.choices if choice.chosen]
        assert not one.choices or chosen == [one.value]

    shown = sheet(form, values, own="UA", requested="DE", measures=["bank_records"], more=more)
    for row in (row for group in shown.groups for row in group.rows):
        if row.single is not None:
            take(row.single)
        for entry in row.entries:
            for one in entry:
                take(one)
        if row.entries and row.kind is not FieldKind.SPAN:
            posted[f"{row.id}-count"] = str(len(row.entries))
    return posted


def value(kind: FieldKind):
    match kind:
        case FieldKind.FLAG:
            return st.just(True)
        case FieldKind.NUMBER:
            return st.integers(0, 1200)
        case FieldKind.DATE:
            return st.dates(date(1950, 1, 1), date(2050, 1, 1)).map(date.isoformat)
        case FieldKind.PERSON_ROLE:
            return st.sampled_from(["suspect", "witness", "account-holder"])
        case FieldKind.STATE:
            return st.sampled_from(["UA", "DE", "FR"])
        case _:
            return TEXT


def drafts(form):
    singles, parts = {}, {}
    for one in form:
        if one.kind in (FieldKind.FILES, FieldKind.MEASURES):
            continue
        if one.parts:
            entry = st.fixed_dictionaries({}, optional={part.id: value(part.kind) for part in one.parts})
            entry = entry.filter(bool)
            parts[one.id] = entry if one.kind is FieldKind.SPAN else st.lists(entry, min_size=1, max_size=3)
        else:
            singles[one.id] = value(one.kind)
    return st.fixed_dictionaries({}, optional=singles | parts)


def test_what_is_sent_back_is_what_was_shown(form):
    @given(drafts(form), st.sampled_from(["", "persons", "accounts"]))
    def holds(values, more):
        assert filled(form, sent(form, values, more=more), {}) == values

    holds()


def test_an_entry_that_is_ticked_is_taken_out_and_files_stay_until_then(form):
    values = {"persons": [{"role": "suspect", "name": "A"}, {"role": "witness", "name": "B"}]}
    posted = sent(form, values) | {"persons-0-out": "on"}
    kept = {"attachments": [{"name": "one"}, {"name": "two"}]}
    assert filled(form, posted, kept) == {"persons": values["persons"][1:], **kept}
    assert filled(form, posted | {"attachments-0-out": "on"}, kept)["attachments"] == [{"name": "two"}]


def test_a_count_nobody_could_have_sent_is_bounded(form):
    assert filled(form, {"persons-count": "9" * 400}, {}) == {}
    assert filled(form, {"persons-count": "-1", "persons-0-name": "A"}, {}) == {}
