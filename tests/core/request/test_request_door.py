from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.request import door
from comity.request.errors import (
    FieldRefusedError,
    MissingFieldError,
    OversizedFieldError,
    UnknownFieldError,
    WrongTypeError,
)
from comity.request.form import fields, gather
from support.cooperation import LETTER, answer, draft, values


def test_a_draft_is_read_and_written_back():
    found = draft()
    assert found.accounts[0].iban == "DE89370400440532013000"
    assert door.read(found.to_json()) == found
    assert door.read_bytes(json.dumps(found.to_json()).encode()) == found


@pytest.mark.parametrize(
    ("change", "kind", "field"),
    [
        ({"measures": []}, MissingFieldError, "measures"),
        ({"objekt": "x"}, UnknownFieldError, "objekt"),
        ({"object": "x" * 20_001}, OversizedFieldError, "object"),
        ({"object": 7}, WrongTypeError, "object"),
        ({"facts": {"when": 5}}, WrongTypeError, "facts.when"),
        ({"accounts": [{"iban": "DE88 3704 0044 0532 0130 00"}]}, FieldRefusedError, "accounts[0].iban"),
        ({"accounts": [{"bank": "x"}]}, FieldRefusedError, "accounts[0]"),
        ({"phones": [{"number": "0151 123"}]}, FieldRefusedError, "phones[0].number"),
        ({"persons": [{"role": "suspect"}]}, MissingFieldError, "persons[0].name"),
        ({"persons": [{"role": "hero", "name": "x"}]}, FieldRefusedError, "persons[0].role"),
        ({"persons": [{"role": "victim", "name": "x", "born": "1980-13-01"}]}, FieldRefusedError, "persons[0].born"),
        (
            {"persons": [{"role": "victim", "name": "x", "nationality": "UK"}]},
            FieldRefusedError,
            "persons[0].nationality",
        ),
        ({"urgency": {"until": "soon"}}, FieldRefusedError, "urgency.until"),
        ({"reason": "a\u202eb"}, FieldRefusedError, "reason"),
        ({"attachments": [{"name": "x", "sha256": "0", "size": 1}]}, FieldRefusedError, "attachments[0].sha256"),
    ],
)
def test_a_refused_value_names_its_field_cause_and_remedy(change, kind, field):
    with pytest.raises(kind) as refused:
        door.read(values(**change))
    error = refused.value
    assert error.fields["field"] == field
    assert error.detail
    assert error.cause
    assert error.remedy


def test_a_refused_value_names_the_provision_that_asks_for_it():
    with pytest.raises(FieldRefusedError, match=r"ETS No\. 030 Art\. 14\(1\) asks for it") as refused:
        door.read(values(object=7), fields=fields(answer(LETTER)))
    assert refused.value.fields["provisions"] == ["ETS No. 030 Art. 14(1)"]


def test_a_misspelt_field_is_met_with_the_nearest_names():
    with pytest.raises(UnknownFieldError) as refused:
        door.read(values(objcet="x"))
    assert "object" in refused.value.remedy


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'"x"', b'{"measures":["a"],"measures":["b"]}', b"\xff", b"null"])
def test_bytes_that_hold_no_draft_are_refused(data):
    with pytest.raises(FieldRefusedError):
        door.read_bytes(data)


def test_a_draft_beyond_the_limit_is_refused_before_it_is_read():
    with pytest.raises(OversizedFieldError):
        door.read_bytes(b" " * (door.LIMIT + 1))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*values(), "particulars", "span", "urgency", "?"]), json_values, max_size=6))
def test_whatever_json_comes_is_a_draft_or_a_typed_refusal(document):
    try:
        found = door.read(document)
    except FieldRefusedError as error:
        refused = error
    else:
        assert door.read(found.to_json()) == found
        return
    assert refused.code.startswith("request.field")


def test_what_a_form_sent_is_nested_and_empty_values_are_left_out():
    sent = {"facts.when": "in May", "facts.where": "", "object": "", "measures": ["x"], "particulars.own": "y"}
    assert gather(sent) == {"facts": {"when": "in May"}, "measures": ["x"], "particulars": {"own": "y"}}


def test_a_penalty_of_no_months_is_kept():
    """An offence that is punished by a fine alone has a maximum of 0 months: that is said, not left out."""
    found = door.read({"measures": ["bank_records"], "offences": [{"id": "fraud", "maximum_penalty_months": 0}]})
    assert door.read(found.to_json()).offences[0].maximum_penalty_months == 0
