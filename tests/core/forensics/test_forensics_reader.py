"""The reader of profiles: our JSON, line and field of what it refuses, nothing of a broken file."""

import contextlib
import json

import pytest
from dna_material import FULL, of
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import ComityError
from comity.forensics.dna.place import Place
from comity.forensics.dna.profile import Category
from comity.forensics.dna.reader import one, profile, profiles
from comity.forensics.errors import (
    AlleleError,
    ForensicsError,
    FormatError,
    ProfileError,
    UnknownKitError,
    UnknownLocusError,
)


def write(tmp_path, *objects):
    path = tmp_path / "given.jsonl"
    path.write_text(
        "\n".join(each if isinstance(each, str) else json.dumps(each) for each in objects), encoding="utf-8"
    )
    return path


def test_the_profile_of_the_issue_is_read(tmp_path):
    text = '{"id": "S-1", "category": "trace", "loci": {"TH01": ["6", "9.3"], "D21S11": ["29", "*"]}}'
    found = one(write(tmp_path, text))
    assert found.category is Category.TRACE
    assert [each.text for each in found.loci["TH01"]] == ["6", "9.3"]
    assert (found.full("TH01"), found.full("D21S11"), found.mixed) == (True, False, False)


def test_a_profile_comes_back_as_it_was_written():
    given = of(
        "A/1", "trace", contributors=3, kit="PowerPlex ESX 17", laboratory="LAB-7", accreditation="ISO/IEC 17025 D-1",
        legal_basis="Code of criminal procedure", retain_until="2031-01-01",
        replicates=[{"TH01": ["6"]}, {"TH01": ["6", "9.3"]}],
        details={"TH01": {"kit": "NGM Detect", "threshold": 50, "heights": [120, 300.5]}},
    )  # fmt: skip
    assert profile(given.to_json(), Place("again")) == given


def test_alleles_and_loci_stand_in_one_order_however_they_were_written():
    one_way = of(loci={"TH01": ["9.3", "6"], "vWA": ["17", "14"]})
    other = of(loci={"vWA": ["14", "17"], "TH01": ["6", "9.3"]})
    assert one_way == other
    assert list(one_way.loci) == list(other.loci)


def test_one_object_a_line_a_list_and_one_spread_over_lines_are_read(tmp_path):
    given = [{"id": f"S-{n}", "category": "trace", "loci": FULL} for n in (1, 2)]
    assert len(list(profiles(write(tmp_path, *given)))) == 2
    assert len(list(profiles(write(tmp_path, json.dumps(given, indent=1))))) == 2
    assert len(list(profiles(write(tmp_path, json.dumps(given[0], indent=1))))) == 1


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"loci": {"TH01": ["6", "45"]}}, AlleleError, "loci TH01"),
        ({"loci": {"D99S1": ["6", "7"]}}, UnknownLocusError, "loci D99S1"),
        ({"loci": {"TH01": ["6", "7", "8"]}, "category": "person"}, AlleleError, "loci TH01"),
        ({"loci": {"TH01": ["6"]}, "category": "person"}, AlleleError, "loci TH01"),
        ({"loci": {"TH01": ["6", "7"], "THO1": ["6", "7"]}}, ProfileError, "loci THO1"),
        ({"loci": {"TH01": "6,7"}}, AlleleError, "loci TH01"),
        ({"loci": {"TH01": ["6", None]}}, AlleleError, "loci TH01"),
        ({"loci": {"TH01": [str(n) for n in range(3, 12)]}}, AlleleError, "loci TH01"),
        ({"kit": "PowerPlex ESX 71"}, UnknownKitError, "kit"),
        ({"category": "suspect"}, ProfileError, "category"),
        ({"id": "Jane Doe"}, ProfileError, "id"),
        ({"id": ""}, ProfileError, "id"),
        ({"id": 7}, ProfileError, "id"),
        ({"name": "x"}, ProfileError, "name"),
        ({"contributors": 5}, ProfileError, None),
        ({"contributors": 1, "loci": {"TH01": ["6", "7", "8"]}}, ProfileError, None),
        ({"contributors": 2, "category": "person"}, ProfileError, None),
        ({"retain_until": "2031-02-30"}, ComityError, "retain_until"),
        ({"details": {"TH01": {"heights": ["high"]}}}, ProfileError, None),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_with_line_and_field(tmp_path, change, error, field):
    good = {"id": "S-1", "category": "trace", "loci": {"TH01": ["6", "7"]}}
    path = write(tmp_path, good, {**good, "id": "S-2", **change})
    with pytest.raises(error) as refused:
        list(profiles(path))
    assert "given.jsonl, line 2" in refused.value.detail
    assert refused.value.cause or refused.value.remedy
    if field:
        assert refused.value.fields["line"] == 2
        assert refused.value.fields["field"] == field


def test_three_alleles_of_one_person_stand_where_they_are_declared():
    found = of(category="person", loci={**FULL, "TPOX": ["8", "10", "11"]}, triallelic=["TPOX"])
    assert not found.mixed


@pytest.mark.parametrize(
    "text", ["", "   \n", "{", "[1, 2]", '{"id": 1}', "nonsense", "\x00\x01", '{"a": NaN}', "{}\n{}"]
)
def test_broken_files_are_refused(tmp_path, text):
    path = tmp_path / "broken.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ForensicsError):
        list(profiles(path))


def test_a_member_that_stands_twice_is_refused(tmp_path):
    text = '{"id": "S-1", "category": "trace", "loci": {"TH01": ["6", "7"], "TH01": ["8", "9"]}}'
    with pytest.raises(FormatError, match="twice"):
        one(write(tmp_path, text))


@given(st.binary(max_size=300))
def test_no_bytes_escape_as_anything_but_our_errors(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "fuzz.jsonl"
    path.write_bytes(data)
    with contextlib.suppress(ComityError):
        list(profiles(path))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("id", "category", "loci", "contributors", "replicates", "triallelic", "kit", "details", "retain_until"), _JSON)))  # fmt: skip
def test_no_object_escapes_as_anything_but_our_errors(found):
    with contextlib.suppress(ComityError):
        profile({"id": "S-1", "category": "trace", "loci": {"TH01": ["6", "7"]}, **found}, Place("fuzz"))
