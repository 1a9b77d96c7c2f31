"""Contradictions and damage as an examiner would plant them: loading or the check refuses and names the file, or both."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest

from comity.errors import ComityError
from comity.law.base import LawBase
from comity.law.check import check
from comity.law.errors import ConflictError

CITED = {"source": "planted", "basis": "recalled"}
RULE = "instruments/eu/eio/article-12-3/time_limit"
BOUND = "instruments/coe/030/participation"
SAID = "instruments/coe/030/declarations/ua/article-16-2/language"


def base_of(content: Mapping[str, Any], files: Mapping[str, Any]) -> LawBase:
    return LawBase({**content, **files}, release="test", digest="6" * 64)


def found_in(content: Mapping[str, Any], files: Mapping[str, Any]) -> list[str]:
    """Return the findings at the files planted."""
    found = check(base_of(content, files))
    return [one.what for one in found if one.where.removesuffix(".yaml") in files]


def like(content: Mapping[str, Any], path: str, **keys: Any) -> dict[str, Any]:
    return {**deepcopy(content[path]), **keys}


def bound(content: Mapping[str, Any], state: str, *events: tuple[str, str], path: str = BOUND) -> dict[str, Any]:
    listed = [{"kind": kind, "date": on, **({"towards": ["RU"]} if "s" in kind[:3] else {})} for kind, on in events]
    return {path: like(content, path, states={**content[path]["states"], state: listed})}


def edge(kind: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "article": "9", "text": "planted", **CITED, **more}


@pytest.mark.parametrize(
    ("events", "what"),
    [
        ([("bound_to", "2005-01-01")], "bound_to on 2005-01-01 ends what had not begun"),
        ([("in_force", "1998-06-09"), ("bound_to", "2005-01-01"), ("bound_to", "2006-01-01")], "2006-01-01 ends what"),
        ([("withdrawal_notified", "1997-01-01"), ("in_force", "1998-06-09")], "before the state was bound"),
        ([("in_force", "1998-06-09"), ("suspended", "1990-01-01")], "when the state was not bound"),
        ([("in_force", "1998-06-09"), ("resumed", "2000-01-01")], "nothing was suspended before"),
        ([("in_force", "1998-06-09"), ("provisional_to", "2000-01-01")], "nothing was provisional before"),
        ([("in_force", "2098-06-09")], "lies more than 10 years ahead"),
    ],
)
def test_events_that_end_what_is_not_there(small: Mapping[str, Any], events: list[tuple[str, str]], what: str) -> None:
    assert any(one.startswith("UA: ") and what in one for one in found_in(small, bound(small, "UA", *events)))


def test_leaving_and_coming_back_is_in_order(small: Mapping[str, Any]) -> None:
    events = [
        ("in_force", "1998-06-09"),
        ("bound_to", "2005-01-01"),
        ("in_force", "2006-01-01"),
        ("bound_to", "2007-01-01"),
    ]
    assert [one for one in found_in(small, bound(small, "UA", *events)) if one.startswith("UA: b")] == []


@pytest.mark.parametrize(
    ("state", "day", "what"),
    [
        ("MX", "2010-01-01", "never by coe-030"),
        ("UA", "1990-01-01", "before its mother convention coe-030 on 1998-06-09"),
    ],
)
def test_a_protocol_without_its_mother(small: Mapping[str, Any], state: str, day: str, what: str) -> None:
    path = "instruments/coe/099/participation"
    (said,) = [
        one for one in found_in(small, bound(small, state, ("in_force", day), path=path)) if one.startswith(state)
    ]
    assert what in said
    assert "instruments/coe/030/participation.yaml" in said


def test_a_protocol_to_nothing(small: Mapping[str, Any]) -> None:
    path = "instruments/coe/182/instrument"
    files = {path: {key: value for key, value in small[path].items() if key != "mothers"}}
    assert "it is a protocol to another instrument, and names no mother" in found_in(small, files)


def test_a_treaty_between_two(content: Mapping[str, Any]) -> None:
    path = "instruments/bi/ua-pl-1993/participation"
    three = bound(content, "DE", ("in_force", "1999-01-01"), path=path)
    assert found_in(content, three) == ["a treaty between two has 3 parties: DE, PL, UA"]
    other = bound(content, "UA", ("in_force", "1999-01-01"), path=path)
    assert found_in(content, other) == ["UA and PL are bound by a treaty between the two on different days"]


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        ({"article": "16", "effect": {"accepted_languages": ["de"]}}, "uk, en, fr and de"),
        ({"towards": ["PL"], "effect": {"accepted_languages": ["de"]}}, "uk, en, fr and de"),
    ],
)
def test_declarations_that_contradict_in_part(small: Mapping[str, Any], keys: dict[str, Any], what: str) -> None:
    path = SAID.replace("16-2", "16") if "article" in keys else f"{SAID}-planted"
    with pytest.raises(ConflictError) as caught:
        base_of(small, {path: like(small, SAID, **keys)})
    assert set(caught.value.fields["files"]) == {f"{SAID}.yaml", f"{path}.yaml"}
    assert what in caught.value.detail


def test_a_later_declaration_in_the_place_of_an_earlier_one(small: Mapping[str, Any]) -> None:
    files = {
        SAID: like(small, SAID, valid_to="2010-12-31"),
        f"{SAID}-later": like(small, SAID, valid_from="2011-01-01", effect={"accepted_languages": ["de"]}),
    }
    assert found_in(small, files) == []


@pytest.mark.parametrize(
    ("path", "keys", "what"),
    [
        (
            SAID,
            {"valid_from": "1990-01-01"},
            "UA is bound only from 1998-06-09 (instruments/coe/030/participation.yaml)",
        ),
        (SAID, {"towards": ["UA"]}, "it is towards its own state"),
        (SAID, {"towards": ["MX"]}, "MX, which takes no part in coe-030"),
        (SAID, {"effect": {}}, "it has no effect"),
        (SAID, {"effect": {"excluded_chapters": ["XX"]}}, "there is no chapter XX of coe-030"),
        (
            SAID,
            {"effect": {"excluded_articles": ["77"]}},
            "there is no article 77 in coe-030, which ends with article 30",
        ),
        (SAID, {"effect": {"excluded_states": ["ZZ"]}}, "'ZZ', which is not the code of a state"),
        (SAID, {"effect": {"min_days_before_hearing": "soon"}}, "'soon' is not a whole number"),
        (SAID.replace("16-2", "116"), {"article": "116"}, "there is no article 116 in coe-030"),
        (SAID.replace("/ua/", "/mx/"), {"state": "MX"}, "MX takes no part in coe-030"),
    ],
)
def test_declarations_out_of_place(small: Mapping[str, Any], path: str, keys: dict[str, Any], what: str) -> None:
    assert any(what in one for one in found_in(small, {path: like(small, SAID, **keys)}))


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        ({"article": "12(9)", "amount": "60"}, "30 days and 60 days"),
        ({"article": "12(9)", "amount": "60", "measures": ["witness_hearing"]}, "30 days and 60 days"),
        ({"article": "12(9)", "amount": "60", "measures": []}, "30 days and 60 days"),
        ({"article": "12(9)", "unit": "hours"}, "30 days and 30 hours"),
    ],
)
def test_time_limits_of_one_step(small: Mapping[str, Any], keys: dict[str, Any], what: str) -> None:
    path = "instruments/eu/eio/article-12-9/time_limit"
    with pytest.raises(ConflictError, match=what) as caught:
        base_of(small, {path: like(small, RULE, **keys)})
    assert caught.value.fields["files"] == [f"{RULE}.yaml", f"{path}.yaml"]
    assert found_in(small, {path: like(small, RULE, article="12(9)", amount="60", measures=["extradition"])}) == []


def test_penalty_thresholds_under_two_articles(small: Mapping[str, Any]) -> None:
    old, new = (f"instruments/coe/024/article-{number}/penalty_threshold" for number in ("2-1", "2-9"))
    with pytest.raises(ConflictError, match="12 months_max_penalty and 24 months_max_penalty") as caught:
        base_of(small, {new: like(small, f"{old}-prosecution", article="2(9)", amount="24")})
    assert caught.value.fields["files"] == [f"{old}-prosecution.yaml", f"{new}.yaml"]


def test_a_ground_that_is_mandatory_and_optional(small: Mapping[str, Any]) -> None:
    rule = {"text": "planted", "value": "bank_secrecy", **CITED}
    files = {
        "instruments/coe/030/article-28/refusal_mandatory": {**rule, "article": "28", "kind": "refusal_mandatory"},
        "instruments/coe/030/article-29/refusal_optional": {**rule, "article": "29", "kind": "refusal_optional"},
    }
    with pytest.raises(ConflictError, match="bank_secrecy as a mandatory and as an optional ground") as caught:
        base_of(small, files)
    assert set(caught.value.fields["files"]) == {f"{path}.yaml" for path in files}


def test_rules_that_take_each_others_place(small: Mapping[str, Any]) -> None:
    path = "instruments/eu/eio/article-12-9/time_limit"

    def by(article: str) -> dict[str, Any]:
        return {"superseded_by": [{"instrument": "eu-eio", "articles": [article]}]}

    with pytest.raises(ConflictError, match="takes its place"):
        base_of(
            small, {RULE: like(small, RULE, **by("12(9)")), path: like(small, RULE, article="12(9)", **by("12(3)"))}
        )
    with pytest.raises(ConflictError, match="its own place"):
        base_of(small, {RULE: like(small, RULE, **by("12(3)"))})


@pytest.mark.parametrize(
    ("path", "keys", "what"),
    [
        (RULE.replace("12-3", "120"), {"article": "120"}, "there is no article 120 in eu-eio"),
        (RULE, {"declarations": {"instrument": "eu-eio", "articles": ["77"]}}, "there is no article 77 in eu-eio"),
        (RULE, {"until": "2001-01-01"}, "before eu-eio began on 2017-05-22"),
        (RULE.replace("eu/eio", "coe/182"), {}, "it lies in the folder of coe-182, and its source is eu-eio"),
    ],
)
def test_rules_out_of_place(small: Mapping[str, Any], path: str, keys: dict[str, Any], what: str) -> None:
    assert any(what in one for one in found_in(small, {path: like(small, RULE, **keys)}))


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"target": "un-uncac", "between": ["DE"]}, "between DE and no other state"),
        ({"target": "un-uncac", "target_articles": ["99"]}, "there is no article 99 in un-uncac"),
        ({"target": "un-uncac", "own_articles": ["99"]}, "there is no article 99 in coe-030"),
        (
            {"target": "un-uncac", "from": "2005-01-01", "until": "2001-01-01"},
            "it ends on 2001-01-01, before it begins",
        ),
        ({}, "it points at nothing"),
    ],
)
def test_relations_out_of_place(small: Mapping[str, Any], more: dict[str, Any], what: str) -> None:
    path = "instruments/coe/030/relations/planted"
    assert any(what in one for one in found_in(small, {path: edge("without_prejudice", **more)}))


def test_a_relation_said_twice(small: Mapping[str, Any]) -> None:
    old = "instruments/eu/eio/relations/replaces-coe-030"
    assert found_in(small, {f"{old}-again": small[old]}) == [f"it says what {old}.yaml says already"]


@pytest.mark.parametrize(
    ("path", "keys", "says"),
    [
        (RULE, {"condition": "urgnt"}, "no condition 'urgnt'"),
        (RULE, {"purpose": "prosecuting"}, "no purpose 'prosecuting'"),
        (RULE, {"level": "local"}, "no level 'local'"),
        (RULE, {"excluded": ["arrests"]}, "no measure or field of law 'arrests'"),
        (RULE, {"when": {"all": [{"fact": "phase_of_moon", "is": ["full"]}]}}, "no fact of a question 'phase_of_moon'"),
        (RULE, {"when": {"all": [{"fact": "urgency", "is": ["urgnt"]}]}}, "no value of urgency 'urgnt'"),
        ("precedence/principles", {"principles": [{"id": "one", "test": "older"}]}, "no test of a principle 'older'"),
        ("scope/articles", {"last": {"coe-031": "3"}}, "no instrument 'coe-031'"),
        ("scope/articles", {"last": {"coe-030": "many"}}, "'many' is not a whole number"),
        ("scope/sides", {"partners": {"eu-us-mla-2003": ["USA"]}}, "'USA' is not the code of a state"),
        ("scope/chapters", {"chapters": {"coe-099": {"I": []}}}, "chapter I of coe-099 has no articles"),
        ("scope/measure-forms", {"forms": {"witness_hearing": ["mla"]}}, "no form stands for"),
    ],
)
def test_words_outside_the_closed_lists(small: Mapping[str, Any], path: str, keys: dict[str, Any], says: str) -> None:
    with pytest.raises(ComityError) as caught:
        base_of(small, {path: like(small, path, **keys)})
    assert says in caught.value.detail
    assert f"{path}.yaml" in caught.value.detail
    assert caught.value.cause
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("path", "key", "keys", "says"),
    [
        ("transitions/transitions", "transitions", {"instruments": ["eu-eawx"]}, "no instrument 'eu-eawx'"),
        ("transitions/transitions", "transitions", {"state": "UK"}, "'UK' is not the code of a state"),
        ("transitions/transitions", "transitions", {"fact": "arested_on"}, "no fact of a question 'arested_on'"),
        ("transitions/transitions", "transitions", {"until": "2020-12-32"}, "until '2020-12-32' is not a date"),
        ("transitions/transitions", "transitions", {"asked_until": "2019-01-01"}, "asked_until lies before until"),
        ("transitions/transitions", "older", {"id": "gb-eaw"}, "the transition 'gb-eaw' stands twice"),
        ("reciprocity/no-treaty", "rules", {"measures": ["hearing"]}, "no measure 'hearing'"),
        ("reciprocity/no-treaty", "rules", {"side": "both"}, "side is neither requested nor requesting"),
        ("reciprocity/alternatives", "alternatives", {"measure": "hearing"}, "no measure 'hearing'"),
        ("reciprocity/between-parties", "reciprocal", {"kind": "words"}, "no kind of declaration 'words'"),
    ],
)
def test_documents_that_name_what_is_not_there(
    small: Mapping[str, Any], path: str, key: str, keys: dict[str, Any], says: str
) -> None:
    rows = deepcopy(small[path][key])
    rows[0] |= keys
    with pytest.raises(ComityError) as caught:
        base_of(small, {path: like(small, path, **{key: rows})})
    assert says in caught.value.detail
    assert f"{path}.yaml" in caught.value.detail


@pytest.mark.parametrize(
    "path", ["facts/facts", "precedence/principles", "scope/articles", "scope/sides", "transitions/transitions"]
)
@pytest.mark.parametrize("content_", [None, [], "text"])
def test_a_document_that_is_missing_or_misshapen(small: Mapping[str, Any], path: str, content_: Any) -> None:
    with pytest.raises(ComityError, match=f"{path}.yaml"):
        base_of(small, {path: content_})


def test_a_method_with_a_step_on_an_unknown_measure(small: Mapping[str, Any]) -> None:
    common = deepcopy(small["methods/common"])
    common["steps"]["suspect-check"]["measure"] = "police_request"
    with pytest.raises(ComityError, match="police_request"):
        check(base_of(small, {"methods/common": common}))
    fraud = like(small, "methods/fraud", basis="guess")
    assert found_in(small, {"methods/fraud": fraud}) == ["basis 'guess' is none of looked-up, recalled"]


@pytest.mark.parametrize(
    ("keys", "what"),
    [({"roles": []}, "it has no role"), ({"instruments": ["eu-eio"]}, "UA takes no part in eu-eio")],
)
def test_authorities_out_of_place(small: Mapping[str, Any], keys: dict[str, Any], what: str) -> None:
    path = next(path for path in small if path.startswith("states/ua/authorities/"))
    assert any(what in one for one in found_in(small, {path: like(small, path, **keys)}))


def test_a_name_of_two_measures(small: Mapping[str, Any]) -> None:
    path = "vocabulary/measures"
    measures = deepcopy(small[path])
    for name in ("witness_hearing", "expert_hearing"):
        measures[name]["aliases"] = ["talk"]
    assert found_in(small, {path: measures}) == ["'talk' is a name of witness_hearing and of expert_hearing"]
