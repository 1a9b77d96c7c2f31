"""Changing one date in one file changes exactly the answers that rest on it."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from comity.law.base import LawBase
from comity.law.binding import bindings
from comity.law.index import index_of
from comity.law.question import Question
from comity.law.resolution import Resolution
from comity.law.resolve import resolve

PATH = "instruments/coe/030/participation"
OLD, NEW = date(1998, 6, 9), date(2001, 1, 1)


@pytest.fixture(scope="module")
def later(content: Mapping[str, Any]) -> LawBase:
    """The law base in which ETS 030 enters into force for Ukraine on a later day."""
    file = deepcopy(content[PATH])
    (event,) = (each for each in file["states"]["UA"] if each["kind"] == "in_force")
    assert event["date"] == OLD.isoformat()
    event["date"] = NEW.isoformat()
    return LawBase({**content, PATH: file}, release="test", digest="1" * 64)


def answer(base: LawBase, requesting: str, requested: str, measure: str, on: date) -> Any:
    question = Question.read(
        requesting=requesting, requested=requested, measures=[measure], offences=["theft"], on=on, base=base
    )
    found = resolve(question, base)
    return [(each.instrument, each.with_, [rule.provision for rule in each.rules]) for each in found.bases]


@pytest.mark.parametrize(
    ("on", "same"),
    [
        (OLD - timedelta(days=1), True),
        (OLD, False),
        (NEW - timedelta(days=1), False),
        (NEW, True),
        (date(2026, 11, 24), True),
    ],
)
def test_the_days_between_change(lawbase: LawBase, later: LawBase, on: date, same: bool) -> None:
    for pair in (("UA", "DE"), ("DE", "UA"), ("UA", "PL"), ("TR", "UA")):
        before, after = (answer(base, *pair, "witness_hearing", on) for base in (lawbase, later))
        assert (before == after) is same, pair


@pytest.mark.parametrize(
    ("requesting", "requested", "measure"),
    [
        ("DE", "FR", "witness_hearing"),
        ("PL", "TR", "witness_hearing"),
        ("UA", "US", "witness_hearing"),
        ("UA", "DE", "extradition"),
        ("UA", "DE", "transfer_of_sentenced_person"),
        ("UA", "KZ", "witness_hearing"),
    ],
)
def test_answers_that_do_not_rest_on_it_stay(
    lawbase: LawBase, later: LawBase, requesting: str, requested: str, measure: str
) -> None:
    for on in (date(1998, 7, 1), date(2000, 7, 1), date(2026, 11, 24)):
        before, after = (answer(base, requesting, requested, measure, on) for base in (lawbase, later))
        assert before == after


STATES = ("UA", "DE", "PL", "FR", "GB", "US", "CH", "MD", "TR", "IE", "DK", "KZ")
DECLARED = "instruments/coe/030/declarations/ua/article-16-2/language"
DISPLACES = "instruments/eu/eio/relations/replaces-coe-030"
LIMITS = "instruments/eu/eio/article-12-3/time_limit"


def asked(days: Sequence[date], count: int) -> Iterator[dict[str, Any]]:
    draw = random.Random(1959)
    base = LawBase.load()
    for number in range(count):
        one, other = draw.sample(STATES, 2)
        offences = [draw.choice(list(base.offences))] if number % 3 else []
        yield {
            "requesting": one,
            "requested": other,
            "measures": [draw.choice(list(base.measures))],
            "offences": offences,
            "on": draw.choice(days),
        }


def law_in(found: Resolution) -> Any:
    """Everything an answer says of law, without the sentences that name days."""
    bases = [
        (each.instrument, each.status, each.with_, each.articles, each.rules, each.undone, each.authorities)
        for each in found.bases
    ]
    return bases, {each.instrument: each.reason.code for each in found.excluded}, found.fallback, found.questions


def whole_of(found: Resolution) -> str:
    told = found.to_json()
    return json.dumps({key: value for key, value in told.items() if key != "lawbase"}, sort_keys=True)


def both(
    one: LawBase, other: LawBase, days: Sequence[date], count: int
) -> Iterator[tuple[Question, Resolution, Resolution]]:
    for each in asked(days, count):
        yield (
            Question.read(base=one, **each),
            resolve(Question.read(base=one, **each), one),
            resolve(Question.read(base=other, **each), other),
        )


def test_a_membership_changes_the_answers_that_rest_on_it_and_no_other(lawbase: LawBase, later: LawBase) -> None:
    """Law changes for Ukraine, between the two days, where the convention bound; elsewhere at most the day that is named."""
    days = (OLD - timedelta(days=1), OLD, date(1999, 9, 1), NEW - timedelta(days=1), NEW, date(2026, 11, 24))
    index, seen = index_of(lawbase), 0
    for question, before, after in both(lawbase, later, days, 600):
        touched = "UA" in (question.requesting, question.requested) and OLD <= question.on < NEW
        held = bindings(index, question.requesting, question.requested, question.on, {}).get("coe-030")
        rests = touched and held is not None and held.holds and "coe-030" in index.providers[question.measures[0]]
        assert law_in(before) != law_in(after) if rests else touched or law_in(before) == law_in(after), question
        seen += rests
        if whole_of(before) != whole_of(after) and not touched:
            assert "UA" in (question.requesting, question.requested)
            named = [*before.bases, *before.excluded]
            assert any(each.instrument == "coe-030" or "coe-030" in getattr(each, "with_", ()) for each in named)
    assert seen >= 10


@pytest.mark.parametrize(
    ("path", "key", "value", "instrument"),
    [
        (DECLARED, "valid_from", "2010-01-01", "coe-030"),
        (DISPLACES, "from", "2020-01-01", "eu-eio"),
        (LIMITS, "from", "2020-01-01", "eu-eio"),
    ],
)
def test_the_first_day_of_a_declaration_a_relation_and_a_rule(
    lawbase: LawBase, content: Mapping[str, Any], path: str, key: str, value: str, instrument: str
) -> None:
    changed = LawBase({**content, path: {**content[path], key: value}}, release="test", digest="8" * 64)
    first = date.fromisoformat(value)
    days = (date(2018, 1, 1), date(2005, 1, 1), first - timedelta(days=1), first, date(2026, 11, 24))
    seen = 0
    for question, before, after in both(lawbase, changed, days, 900):
        if whole_of(before) == whole_of(after):
            continue
        seen += 1
        assert question.on < first, question
        assert any(instrument in (each.instrument, *each.with_) for each in (*before.bases, *after.bases)), question
        if path == DECLARED:
            assert "UA" in (question.requesting, question.requested)
        if path != DISPLACES:
            provision = path.removeprefix("instruments/")
            rules = {rule.provision for each in before.bases for rule in each.rules}
            assert provision in rules
            assert provision not in {rule.provision for each in after.bases for rule in each.rules}
    assert seen >= 5


def test_the_compiled_form_is_never_stale(copy: Path, tmp_path: Path) -> None:
    """One digit changed, length and time of the file as before: another digest, another answer."""
    root, cache = tmp_path / "base", tmp_path / "cache"
    shutil.copytree(copy, root)
    before = LawBase.load(root, cache=cache)
    file = root / f"{PATH}.yaml"
    stat, text = file.stat(), file.read_text(encoding="utf-8")
    changed = text.replace("'1998-06-09'", "'1999-06-09'")
    assert changed != text
    file.write_text(changed, encoding="utf-8")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    after = LawBase.load(root, cache=cache)
    assert after.digest != before.digest
    on = date(1999, 1, 1)
    assert answer(before, "UA", "DE", "witness_hearing", on) != answer(after, "UA", "DE", "witness_hearing", on)
    file.write_text(text, encoding="utf-8")
    assert LawBase.load(root, cache=cache).digest == before.digest
