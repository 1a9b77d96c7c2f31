"""Loading: all of it, the same every time, and nothing that does not have the shape of its kind."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from copy import deepcopy
from importlib.metadata import version
from pathlib import Path
from typing import Any

import comity_lawbase
import pytest

from comity.law import files, strict_yaml
from comity.law.base import LawBase
from comity.law.errors import CacheError, ConflictError, LawFileError, SchemaError, UnknownReferenceError
from comity.law.model import EventKind, Knowledge
from comity.law.reading import slug

COUNTS = strict_yaml.read(comity_lawbase.root() / "vocabulary" / "counts.yaml")
WITHOUT_A_LIST = {
    "eu-fd-2009-948",
    "eu-prum-2008-616",
    "eu-cisa-1990",
    "eu-fd-2009-315",
    "eu-dir-2024-1260",
    "ecowas-ext-1994",
    "sadc-ext-2002",
}
"""Instruments whose parties the source tables do not list; what stands there was entered later."""


def with_files(content: Mapping[str, Any], changed: Mapping[str, Any]) -> LawBase:
    return LawBase({**content, **changed}, release="test", digest="0" * 64)


def edited(content: Mapping[str, Any], path: str, **keys: Any) -> dict[str, Any]:
    file = deepcopy(content[path])
    for key, value in keys.items():
        if value is None:
            del file[key]
        else:
            file[key] = value
    return {path: file}


@pytest.mark.parametrize(
    ("kind", "held"),
    [
        ("instruments", "instruments"),
        ("rules", "rules"),
        ("declarations", "declarations"),
        ("measures", "measures"),
        ("offences", "offences"),
        ("authorities", "authorities"),
    ],
)
def test_nothing_of_the_source_is_lost(lawbase: LawBase, kind: str, held: str) -> None:
    assert len(getattr(lawbase, held)) >= int(COUNTS[kind])


def test_no_membership_is_lost(lawbase: LawBase) -> None:
    binding = {EventKind.IN_FORCE, EventKind.BOUND_FROM}
    members = [
        (name, state)
        for name, states in lawbase.parties.items()
        if name not in WITHOUT_A_LIST
        for state, membership in states.items()
        if any(event.kind in binding for event in membership.events)
        or (name == "coe-224" and any(event.kind is EventKind.DEPOSITED for event in membership.events))
    ]
    told_in_a_note = {("eu-reg-2018-1805", "GB")}
    of_the_union = ("us-mla-2003", "us-extradition-2003", "jp-mla-2009", "no-is-mla-2003", "no-is-surrender-2006")
    entered_later = {(f"eu-{name}", "GB") for name in of_the_union}
    entered_later |= {(name, "CL") for name in ("coe-024", "coe-086", "coe-098")}
    assert told_in_a_note | entered_later <= set(members)
    found_not_bound = {("eu-reg-2023-2844", "IE")}
    assert found_not_bound.isdisjoint(members)
    kept = len(members) - len(told_in_a_note | entered_later) + len(found_not_bound)
    assert kept == int(COUNTS["memberships"]) == 3286


def test_small_things_of_the_source_are_there(lawbase: LawBase) -> None:
    found_later = 1  # Ireland and Regulation (EU) 2023/2844
    not_bound = [one for one in lawbase.not_bound.values() if one.kind == "not_bound"]
    assert len(not_bound) == int(COUNTS["not bound"]) + found_later
    assert len([one for one in lawbase.not_bound.values() if one.kind == "not_signed"]) == int(COUNTS["not signed"])
    assert len(lawbase.notes) == int(COUNTS["general notes"]) + int(COUNTS["table notes"])
    assert len(lawbase.vocabulary["forms"]) == int(COUNTS["forms"])
    assert len(lawbase.vocabulary["eu32"]) == int(COUNTS["list of 32"]) == 32
    assert lawbase.threshold_years == 3


def test_people_can_read_it_in_ukrainian(lawbase: LawBase) -> None:
    assert all(one.uk for one in lawbase.instruments.values())
    assert all(one.uk for one in lawbase.measures.values())
    assert all(one.uk for one in lawbase.offences.values())
    for name in ("forms", "grounds", "kinds", "effects", "roles", "measure_groups", "eu32", "units", "steps"):
        assert all(term.uk for term in lawbase.vocabulary[name].values()), name


def test_every_fact_has_source_and_basis(lawbase: LawBase) -> None:
    facts = [*lawbase.instruments.values(), *lawbase.rules.values(), *lawbase.declarations.values()]
    facts += [event for held in lawbase.parties.values() for membership in held.values() for event in membership.events]
    assert all(fact.source and isinstance(fact.basis, Knowledge) and fact.checked for fact in facts)


def test_ids_equal_paths(lawbase: LawBase) -> None:
    root = comity_lawbase.root()
    for rule in lawbase.rules.values():
        assert (root / "instruments" / f"{rule.id}.yaml").is_file()
        assert rule.id.split("/")[2] == slug(rule.article)
    for declaration in lawbase.declarations.values():
        below = root if declaration.id.startswith("states/") else root / "instruments"
        assert (below / f"{declaration.id}.yaml").is_file()
    assert "#" not in "".join(lawbase.rules)


@pytest.mark.parametrize(
    ("article", "path"),
    [
        ("14(1)", "article-14-1"),
        ("9(1)-(2)", "article-9-1-to-2"),
        ("21-22", "article-21-to-22"),
        ("26,43-44", "article-26-and-43-to-44"),
        ("4 (art. 15(1))", "article-4-art-15-1"),
        ("4a", "article-4a"),
        ("120(3)-(4)", "article-120-3-to-4"),
    ],
)
def test_articles_as_paths(article: str, path: str) -> None:
    assert slug(article) == path


def test_the_example_of_the_contract(lawbase: LawBase) -> None:
    rule = lawbase.rules["coe/030/article-14-1/request_content"]
    assert rule.value == ("requesting_authority", "object_and_reason", "person_identity_nationality", "addressee")
    assert (rule.instrument, rule.article, rule.basis) == ("coe-030", "14(1)", "recalled")
    recognition = lawbase.rules["eu/eio/article-12-3/time_limit"]
    assert (recognition.amount, recognition.unit, recognition.step) == (30, "days", "recognition")


# -- the digest and the compiled form


def test_the_digest_can_be_made_with_sha256sum(copy: Path) -> None:
    found = files.gather(copy)
    lines = "".join(f"{hashlib.sha256(found[path]).hexdigest()}  {path}\n" for path in sorted(found))
    assert LawBase.load(copy).digest == hashlib.sha256(lines.encode()).hexdigest()


def test_the_release(lawbase: LawBase, copy: Path) -> None:
    assert lawbase.release == version("comity-lawbase")
    assert LawBase.load(copy).release == "unreleased"


def test_one_byte_makes_another_law() -> None:
    found = dict(files.gather(comity_lawbase.root()))
    before = files.digest_of(found)
    path = "instruments/coe/030/participation.yaml"
    found[path] = found[path].replace(b"1998-06-09", b"1998-06-10", 1)
    assert files.digest_of(found) != before


def test_cases_and_counts_are_no_law() -> None:
    found = files.gather(comity_lawbase.root())
    assert not any(path.startswith("cases/") for path in found)
    assert "vocabulary/counts.yaml" not in found


def test_the_compiled_form_says_the_same(copy: Path, tmp_path: Path) -> None:
    plain = LawBase.load(copy)
    for one in (LawBase.load(copy, cache=tmp_path), LawBase.load(copy, cache=tmp_path)):
        assert one.digest == plain.digest
        assert one.rules == plain.rules
        assert one.parties == plain.parties
        assert one.documents == plain.documents
    assert len(list(tmp_path.iterdir())) == 1


@pytest.fixture
def few() -> Mapping[str, bytes]:
    return {"instruments/a.yaml": b"state: NO\ndate: 1998-06-09\n", "vocabulary/b.yaml": b"- one\n- two\n"}


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda _: b"{}",
        lambda _: b"0" * 64 + b"\n{}",
        lambda whole: whole.replace(b"1998", b"1988"),
        lambda whole: whole[:-1],
    ],
    ids=["empty", "no-head", "wrong-digest", "altered", "cut"],
)
def test_a_damaged_compiled_form_is_written_anew(
    few: Mapping[str, bytes], tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    digest = files.digest_of(few)
    plain = files.compiled(few, digest, tmp_path)
    assert plain == {"instruments/a": {"state": "NO", "date": "1998-06-09"}, "vocabulary/b": ["one", "two"]}
    kept = next(tmp_path.iterdir())
    whole = kept.read_bytes()
    kept.write_bytes(damage(whole))
    assert files.compiled(few, digest, tmp_path) == plain
    assert kept.read_bytes() == whole
    assert len(list(tmp_path.iterdir())) == 1


def test_a_cache_that_cannot_be_written(few: Mapping[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CacheError):
        files.compiled(few, files.digest_of(few), tmp_path / "file")


def test_no_law_base_there(tmp_path: Path) -> None:
    with pytest.raises(LawFileError) as failed:
        LawBase.load(tmp_path)
    assert str(tmp_path) not in failed.value.diagnostics()


def test_a_file_that_would_not_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "instruments" / "coe" / "030"
    folder.mkdir(parents=True)
    (folder / "instrument.yml").write_text("id: coe-030")
    with pytest.raises(LawFileError, match=r"instruments/coe/030/instrument\.yml would not be read"):
        LawBase.load(tmp_path)


@pytest.mark.parametrize("name", ["lists", "measures", "units"])
def test_a_list_that_is_missing(small: Mapping[str, Any], name: str) -> None:
    without = {path: file for path, file in small.items() if path != f"vocabulary/{name}"}
    with pytest.raises(SchemaError, match=f"vocabulary/{name}"):
        LawBase(without, release="test", digest="0" * 64)


# -- what is refused

RULE = "instruments/eu/eio/article-12-3/time_limit"
INSTRUMENT = "instruments/coe/030/instrument"
DECLARATION = "instruments/coe/030/declarations/ua/article-5-1/reservation"


@pytest.mark.parametrize(
    ("path", "keys", "says"),
    [
        (RULE, {"amuont": "30"}, "unknown key 'amuont'"),
        (RULE, {"amount": "thirty"}, "amount 'thirty' is not a whole number"),
        (RULE, {"article": "12(4)"}, "article 12(4) belongs into the folder article-12-4"),
        (RULE, {"kind": "refusal_optional"}, "does not fit the file's name"),
        (RULE, {"basis": "guessed"}, "basis 'guessed' is none of looked-up, recalled"),
        (RULE, {"source": None}, "source is missing"),
        (RULE, {"text": ""}, "text is empty"),
        (RULE, {"from": "2027-02-30"}, "'2027-02-30' is not a date"),
        (RULE, {"from": "2027-01-01", "until": "2026-01-01"}, "before it begins"),
        (RULE, {"unsure": "maybe"}, "neither yes nor no"),
        (INSTRUMENT, {"id": "coe-031"}, "does not fit the folder"),
        (INSTRUMENT, {"status": "asleep"}, "status 'asleep' is none of"),
        (INSTRUMENT, {"adopted": "20 April 1959"}, "is not a date"),
        (INSTRUMENT, {"forms": ["mla_evidence", "mla_evidence"]}, "names something twice"),
        (DECLARATION, {"state": "PL"}, "does not fit the folder"),
        (DECLARATION, {"instrument": "coe-099"}, "does not fit the folder"),
        (DECLARATION, {"valid_to": "1990-01-01"}, "before it begins"),
    ],
)
def test_a_file_that_is_misshapen(small: Mapping[str, Any], path: str, keys: dict[str, Any], says: str) -> None:
    with pytest.raises(SchemaError) as failed:
        with_files(small, edited(small, path, **keys))
    assert says in failed.value.detail
    assert f"{path}.yaml" in failed.value.detail
    assert failed.value.cause
    assert failed.value.remedy


@pytest.mark.parametrize(
    ("path", "keys", "says"),
    [
        (RULE, {"measures": ["any_evidense"]}, "there is no measure 'any_evidense'"),
        (RULE, {"unit": "day"}, "there is no unit 'day'"),
        (RULE, {"step": "recogniton"}, "there is no step 'recogniton'"),
        (INSTRUMENT, {"forms": ["mla_evidenze"]}, "there is no form 'mla_evidenze'"),
        (INSTRUMENT, {"mothers": ["coe-031"]}, "there is no instrument 'coe-031'"),
        (DECLARATION, {"effect": {"recip": "5(2)"}}, "there is no effect 'recip'"),
    ],
)
def test_a_name_that_is_not_known(small: Mapping[str, Any], path: str, keys: dict[str, Any], says: str) -> None:
    with pytest.raises(UnknownReferenceError) as failed:
        with_files(small, edited(small, path, **keys))
    assert says in failed.value.detail
    assert f"{path}.yaml" in failed.value.detail


def test_a_slip_is_told_from_what_was_meant(small: Mapping[str, Any]) -> None:
    with pytest.raises(UnknownReferenceError) as failed:
        with_files(small, edited(small, RULE, measures=["bank_record"]))
    assert "bank_records" in failed.value.cause


@pytest.mark.parametrize(
    "path",
    [
        "instruments/coe/030/article-1",
        "instruments/coe/article-1/scope",
        "vocabulary/more/words",
        "laws/coe",
        "states/ukraine/x",
    ],
)
def test_a_file_in_the_wrong_place(small: Mapping[str, Any], path: str) -> None:
    with pytest.raises(SchemaError, match="lies where no file"):
        with_files(small, {path: {}})


def test_participation_of_an_unknown_state(small: Mapping[str, Any]) -> None:
    path = "instruments/coe/030/participation"
    states = {**small[path]["states"], "UK": [{"kind": "in_force", "date": "1991-11-27"}]}
    with pytest.raises(SchemaError, match="'UK' is not the code of a state"):
        with_files(small, edited(small, path, states=states))


@pytest.mark.parametrize(
    ("event", "says"),
    [
        ({"kind": "in_force"}, "the event in_force needs a date"),
        ({"kind": "ratified", "date": "1998-06-09"}, "kind 'ratified' is none of signed"),
        ({"kind": "in_force", "date": "1998-06-31"}, "is not a date"),
        ({"kind": "in_force", "date": "1998-06-09", "reckoned": "guessed"}, "reckoned 'guessed' is none of"),
        ({"kind": "deposited", "date": "1998-03-11", "act": "signature"}, "act 'signature' is none of"),
        ({"kind": "suspended", "date": "2022-12-23"}, "a suspension names the states"),
        ({"kind": "in_force", "on": "1998-06-09"}, "the event in_force needs a date|unknown key 'on'"),
    ],
)
def test_an_event_that_is_misshapen(small: Mapping[str, Any], event: dict[str, str], says: str) -> None:
    path = "instruments/coe/030/participation"
    states = {**small[path]["states"], "UA": [event]}
    with pytest.raises(SchemaError, match=says) as failed:
        with_files(small, edited(small, path, states=states))
    assert f"{path}.yaml, UA events 1" in failed.value.detail


def test_a_language_that_is_none(small: Mapping[str, Any]) -> None:
    path = "instruments/coe/030/declarations/ua/article-16-2/language"
    with pytest.raises(SchemaError, match="'Ukrainian' is not the code of a language"):
        with_files(small, edited(small, path, effect={"accepted_languages": ["Ukrainian"]}))


# -- contradictions


def planted(content: Mapping[str, Any], path: str, to: str, **keys: Any) -> dict[str, Any]:
    return {to: {**deepcopy(content[path]), **keys}}


def test_two_rules_with_different_numbers(small: Mapping[str, Any]) -> None:
    with pytest.raises(ConflictError) as failed:
        with_files(small, planted(small, RULE, f"{RULE}-again", amount="45"))
    assert failed.value.fields["files"] == [f"{RULE}.yaml", f"{RULE}-again.yaml"]
    assert "30 days and 45 days" in failed.value.detail


@pytest.mark.parametrize("keys", [{"step": ""}, {"measures": ["bank_records"]}, {"measures": []}])
def test_a_contradiction_told_a_little_differently(small: Mapping[str, Any], keys: dict[str, Any]) -> None:
    with pytest.raises(ConflictError):
        with_files(small, planted(small, RULE, f"{RULE}-again", amount="45", **keys))


def test_a_contradiction_under_another_article(small: Mapping[str, Any]) -> None:
    to = "instruments/eu/eio/article-99/time_limit"
    with pytest.raises(ConflictError) as failed:
        with_files(small, planted(small, RULE, to, article="99", amount="45"))
    assert failed.value.fields["files"] == [f"{RULE}.yaml", f"{to}.yaml"]


def test_the_same_number_twice_is_no_contradiction(small: Mapping[str, Any]) -> None:
    assert with_files(small, planted(small, RULE, f"{RULE}-again"))


def test_days_that_do_not_meet_order_two_rules(small: Mapping[str, Any]) -> None:
    old = edited(small, RULE, until="2027-12-31")
    new = planted(small, RULE, f"{RULE}-2028", amount="45", **{"from": "2028-01-01"})
    assert with_files(small, {**old, **new})


def test_superseding_orders_two_rules(small: Mapping[str, Any]) -> None:
    later = planted(
        small,
        RULE,
        "instruments/eu/eio/article-12-3-a/time_limit",
        article="12(3)(a)",
        amount="45",
    )
    with pytest.raises(ConflictError):
        with_files(small, later)
    old = edited(small, RULE, superseded_by=[{"instrument": "eu-eio", "articles": ["12(3)(a)"]}])
    assert with_files(small, {**old, **later})


def test_two_rules_with_different_words(small: Mapping[str, Any]) -> None:
    path = "instruments/coe/030/article-16-1/language"
    with pytest.raises(ConflictError) as failed:
        with_files(small, planted(small, path, f"{path}-other", value="notified_language"))
    assert failed.value.fields["files"] == [f"{path}.yaml", f"{path}-other.yaml"]


def test_a_ground_and_its_opposite(small: Mapping[str, Any]) -> None:
    path = "instruments/coe/099/article-1/no_refusal_on_ground"
    against = planted(
        small, path, "instruments/coe/099/article-9/refusal_optional", article="9", kind="refusal_optional"
    )
    with pytest.raises(ConflictError, match="fiscal_offence as no ground for refusal and as one"):
        with_files(small, against)


def test_two_relations_that_each_go_first(small: Mapping[str, Any]) -> None:
    back = {
        "instruments/coe/024/relations/replaces-eu-eaw": {
            "kind": "replaces",
            "target": "eu-eaw",
            "article": "1",
            "text": "planted",
            "source": "nowhere",
            "basis": "recalled",
        }
    }
    with pytest.raises(ConflictError) as failed:
        with_files(small, back)
    assert "instruments/coe/024/relations/replaces-eu-eaw.yaml" in failed.value.fields["files"]
    assert len(failed.value.fields["files"]) == 2


def test_relations_that_go_round_in_a_ring(small: Mapping[str, Any]) -> None:
    row = {"kind": "prevails_over", "article": "1", "text": "planted", "source": "nowhere", "basis": "recalled"}
    pairs = (("bi/us-ca-mla-1985", "bi-us-br-mla-1997"), ("bi/us-br-mla-1997", "bi-us-jp-mla-2003"))
    ring = (*pairs, ("bi/us-jp-mla-2003", "bi-us-ca-mla-1985"))
    planted_ = {f"instruments/{of}/relations/prevails-over-{to}": {**row, "target": to} for of, to in ring}
    with pytest.raises(ConflictError, match="round a ring of 3 relations") as failed:
        with_files(small, planted_)
    assert sorted(failed.value.fields["files"]) == sorted(f"{path}.yaml" for path in planted_)


def test_two_declarations_on_the_same_day(small: Mapping[str, Any]) -> None:
    path = "instruments/coe/030/declarations/ua/article-16-2/language"
    other = planted(small, path, f"{path}-other", effect={"accepted_languages": ["ru"]})
    with pytest.raises(ConflictError) as failed:
        with_files(small, other)
    assert len(failed.value.fields["files"]) == 2


def test_bound_and_not_bound(small: Mapping[str, Any]) -> None:
    path = "instruments/eu/eio/participation"
    states = {**small[path]["states"], "DK": [{"kind": "bound_from", "date": "2017-05-22"}]}
    with pytest.raises(ConflictError, match="DK is bound by eu-eio and that it is not"):
        with_files(small, edited(small, path, states=states))
