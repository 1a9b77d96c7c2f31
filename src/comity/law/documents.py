"""The documents beside the instruments name only what exists: facts, scope, precedence, transitions, reciprocity.

`comity.law.regime` reads them into typed values; before that each is held to its shape and to the closed lists here, so that a
slip is told with its file and the nearest known word instead of changing answers in silence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from comity.law.regime import FactKind
from comity.law.row import Row, known

if TYPE_CHECKING:
    from comity.law.base import LawBase

__all__ = ["hold_documents", "last_article"]

DERIVED = frozenset({"eu32", "group", "measure", "offence", "treaty_offence"})
"""Facts that follow from the question itself."""

PRINCIPLES = frozenset(
    {"standing", "stated", "union", "form", "bilateral", "offence", "subject", "article", "treaty", "later"}
)
"""The tests a principle of precedence may name (`comity.law.precedence`)."""


def hold_documents(base: LawBase) -> None:
    """Refuse the first document that has not its shape or names what is not there."""
    facts = _facts(base)
    _conditions(base, facts)
    _scope(base)
    _sides(base)
    _articles(base)
    _principles(base)
    _transitions(base, facts)
    for path, key in (("reciprocity/no-treaty", "rules"), ("reciprocity/alternatives", "alternatives")):
        _reserves(base, path, key)
    mutual = _document(base, "reciprocity/between-parties")
    for row in mutual.rows("reciprocal"):
        kinds = {**base.vocabulary["kinds"], **base.vocabulary["declaration_kinds"]}
        known([row.text("kind")], kinds, "kind of declaration", row.file)
        known(row.words("instruments"), base.instruments, "instrument", row.file)


def last_article(base: LawBase, instrument: str) -> int | None:
    """Return the number of an instrument's last article, or None where the law base does not say."""
    found = _document(base, "scope/articles").table("last").get(instrument)
    return int(found) if isinstance(found, str) else None


def _document(base: LawBase, path: str) -> Row:
    row = Row(base.documents.get(path), f"{path}.yaml")
    row.cited()
    return row


def _tables(row: Row, key: str) -> Iterator[tuple[str, Row]]:
    for name, content in row.table(key).items():
        yield name, Row(content, row.file, f"{key} {name}")


def _lists(row: Row, key: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the lists of words of a table."""
    inner = Row(row.table(key), row.file, key)
    for name in inner.content:
        yield name, inner.words(name)


def _facts(base: LawBase) -> Mapping[str, frozenset[str]]:
    """Return by fact the words it may be; a number or a day has none."""
    found: dict[str, frozenset[str]] = {}
    for name, row in _tables(_document(base, "facts/facts"), "facts"):
        kind = row.one_of(FactKind, "kind")
        row.text("en")
        row.text("uk")
        found[name] = frozenset({"yes", "no"} if kind is FactKind.YES_NO else row.words("values"))
        if kind is FactKind.WORD and not found[name]:
            raise row.wrong("a fact that is a word needs its values")
        row.end()
    return found


def _conditions(base: LawBase, facts: Mapping[str, frozenset[str]]) -> None:
    words: dict[str, Collection[str]] = {
        **facts,
        "measure": base.measures,
        "group": base.vocabulary["measure_groups"],
        "offence": base.offences,
        "eu32": base.vocabulary["eu32"],
    }
    conditions = [(f"instruments/{one.path}/instrument.yaml", one.scope.when) for one in base.instruments.values()]
    conditions += [(f"instruments/{one.path}/instrument.yaml", one.scope.unless) for one in base.instruments.values()]
    conditions += [(f"instruments/{one.id}.yaml", one.when) for one in base.rules.values()]
    conditions += [(f"instruments/{one.id}.yaml", one.when) for one in base.relations]
    for rule in base.rules.values():
        purposes = facts.get("purpose", frozenset())
        known(filter(None, [rule.purpose]), purposes, "purpose", f"instruments/{rule.id}.yaml")
    for file, when in conditions:
        for test in when.tests():
            known([test.fact], {*facts, *DERIVED}, "fact of a question", file)
            if test.at_least is None and test.fact in words:
                known(test.values, words[test.fact], f"value of {test.fact}", file)


def _scope(base: LawBase) -> None:
    forms, measures = base.vocabulary["forms"], base.measures
    served = _document(base, "scope/measure-forms")
    listed = dict(_lists(served, "forms"))
    known(listed, measures, "measure", served.file)
    if missing := sorted(set(measures) - set(listed)):
        raise served.wrong(f"no form stands for {', '.join(missing)}")
    known((form for each in listed.values() for form in each), forms, "form", served.file)
    known(served.words("named_only"), forms, "form", served.file)
    for instrument, left in _lists(served, "left_out"):
        known([instrument], base.instruments, "instrument", served.file)
        known(left, measures, "measure", served.file)
    kin = _document(base, "scope/measure-kin")
    known([kin.text("evidence")], measures, "measure", kin.file)
    known(kin.words("evidence_forms"), forms, "form", kin.file)
    for key in ("kin", "coercive", "limits"):
        for measure, near in _lists(kin, key):
            known([measure, *near], measures, "measure", kin.file)
    chapters = _document(base, "scope/chapters")
    known(chapters.table("chapters"), base.instruments, "instrument", chapters.file)
    for instrument, row in _tables(chapters, "chapters"):
        for chapter in row.content:
            if not row.words(chapter):
                raise chapters.wrong(f"chapter {chapter} of {instrument} has no articles")


def _sides(base: LawBase) -> None:
    sides = _document(base, "scope/sides")
    for instrument, states in _lists(sides, "partners"):
        known([instrument], base.instruments, "instrument", sides.file)
        for one in states:
            sides.code(one)
    lands = _document(base, "scope/territories")
    parts, territories = lands.table("parts"), lands.table("territories")
    for table in (parts, territories):
        for code, state in table.items():
            lands.code(code)
            lands.code(str(state))
    if both := sorted(set(parts).intersection(territories)):
        raise lands.wrong(f"{', '.join(both)} is both a part of a state and a territory")
    for row in lands.rows("extensions"):
        known([row.text("territory")], territories, "territory", row.file)
        known([row.text("instrument")], base.instruments, "instrument", row.file)


def _articles(base: LawBase) -> None:
    row = _document(base, "scope/articles")
    last = Row(row.table("last"), row.file, "last")
    known(last.content, base.instruments, "instrument", row.file)
    for name in last.content:
        if not last.whole(name):
            raise last.wrong(f"{name} needs the number of its last article")
    row.end()


def _principles(base: LawBase) -> None:
    row = _document(base, "precedence/principles")
    rows = row.rows("principles")
    _once(row, (each.text("id") for each in rows), "principle")
    known((each.text("test") for each in rows), PRINCIPLES, "test of a principle", row.file)


def _transitions(base: LawBase, facts: Mapping[str, frozenset[str]]) -> None:
    row = _document(base, "transitions/transitions")
    going, older = row.rows("transitions"), row.rows("older")
    _once(row, (each.text("id") for each in (*going, *older)), "transition")
    for each in (*going, *older):
        each.state("state")
        known([each.text("fact")], facts, "fact of a question", row.file)
    for each in older:
        known([each.text("instrument")], base.instruments, "instrument", row.file)
        each.due("before")
    for each in going:
        known(each.words("instruments"), base.instruments, "instrument", row.file)
        if each.due("asked_until") < each.due("until"):
            raise each.wrong("asked_until lies before until")


def _reserves(base: LawBase, path: str, key: str) -> None:
    row = _document(base, path)
    rows = row.rows(key)
    _once(row, (each.text("id") for each in rows), "entry")
    for each in rows:
        if each.has("state"):
            each.state("state")
        if each.text("side", "requested") not in {"requested", "requesting"}:
            raise each.wrong("side is neither requested nor requesting")
        if each.text("kind") != "alternative":
            known([each.text("kind")], base.vocabulary["kinds"], "kind of rule", row.file)
        measures = (*each.words("measures"), *filter(None, [each.text("measure", "")]))
        known(measures, base.measures, "measure", row.file)
        known(each.words("groups"), base.vocabulary["measure_groups"], "group of measures", row.file)
        known(each.words("forms"), base.vocabulary["forms"], "form", row.file)
        known(each.words("offences"), base.offences, "offence", row.file)


def _once(row: Row, names: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise row.wrong(f"the {what} {name!r} stands twice")
        seen.add(name)
