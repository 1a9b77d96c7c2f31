"""The cases of the law base, written from the articles of the instruments, run through the resolver."""

from __future__ import annotations

import pytest
from law_cases import FOLDER, KEYS, cases, wrong

from comity.law.base import LawBase

EVERY = list(cases())


@pytest.mark.parametrize("case", [case for _, case in EVERY], ids=[name for name, _ in EVERY])
def test_case(case, lawbase: LawBase) -> None:
    said = wrong(case, lawbase)
    assert not said, f"{'; '.join(said)}. {case['provision']}: {case['because']}"


def test_there_are_enough() -> None:
    tags = [tag for _, case in EVERY for tag in case.get("tags", ())]
    assert len(EVERY) >= 300
    assert tags.count("temporal") >= 40
    assert tags.count("exclusion") >= 30


def test_every_case_says_why_and_where() -> None:
    for name, case in EVERY:
        assert set(case) <= {"id", "question", "expect", "because", "provision", "tags"}, name
        assert case["expect"], name
        assert set(case["expect"]) <= KEYS, name
        assert case["because"].endswith("."), name
        assert case["provision"], name
    names = [name for name, _ in EVERY]
    assert len(set(names)) == len(names)


def test_cases_lie_where_what_they_test_lies(lawbase: LawBase) -> None:
    known = {one.path for one in lawbase.instruments.values()} | {name.replace("-", "/", 1) for name in lawbase.outside}
    for path in FOLDER.rglob("*.yaml"):
        depositary, number, article = path.relative_to(FOLDER).parts
        assert f"{depositary}/{number}" in known, path
        assert article == "participation.yaml" or article.startswith("article-"), path


def test_cases_name_what_exists(lawbase: LawBase) -> None:
    ids = {*lawbase.rules, *lawbase.declarations}
    for name, case in EVERY:
        expect = case["expect"]
        for key in ("first", "with", "without", "includes", "absent", "excluded"):
            found = expect.get(key, ())
            for each in [found] if isinstance(found, str) else found:
                assert each in lawbase.instruments, f"{name}: {each}"
        provisions = [*expect.get("rules_present", ()), *expect.get("rules_absent", ())]
        provisions += [each["provision"] for each in expect.get("rules", ())]
        for each in provisions:
            assert each in ids, f"{name}: {each}"
