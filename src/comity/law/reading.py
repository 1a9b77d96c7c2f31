"""Parsed files into the model: the schema of every kind of file, by where it lies in the tree.

``instruments/<depositary>/<number>/`` holds ``instrument``, ``participation``, ``article-…/<kind>…`` (one rule),
``relations/…`` (one edge) and ``declarations/<state>/article-…/<kind>…`` (one declaration); ``states/<state>/`` holds
``authorities/…`` and ``conditions/…`` (declarations of domestic law); ``vocabulary`` the closed lists. The id of what a
file holds is its path, so an article or kind that does not fit the path is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from comity.law.errors import SchemaError
from comity.law.model import (
    Authority,
    DateOf,
    Declaration,
    Event,
    EventKind,
    Instrument,
    Knowledge,
    Limit,
    NotBound,
    Provision,
    Relation,
    RelationKind,
    Rule,
    Scope,
    Status,
    Target,
    Test,
    Type,
    When,
)
from comity.law.participation import STANDS_IN
from comity.law.row import Row
from comity.values import StateCode

__all__ = ["Files", "authority", "declaration", "instrument", "participation", "relation", "rule", "slug"]

Files = Mapping[str, Any]
"""Parsed files by path below the root, without ``.yaml``."""


def slug(article: str) -> str:
    """Return an article as part of a path: ``14(1)`` is ``article-14-1``, ``9(1)-(2)`` is ``article-9-1-to-2``."""
    plain = re.sub(r"(?<=[\w)])\s*-\s*(?=[\w(])", " to ", article.lower().replace(",", " and "))
    return "article-" + (re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "none")


def instrument(path: str, content: Any) -> Instrument:
    """Read ``instruments/<depositary>/<number>/instrument``."""
    row = Row(content, f"{path}.yaml")
    name = path.split("/")[1] + "-" + path.split("/")[2]
    if row.text("id") != name:
        raise row.wrong(f"the id {row.text('id')!r} does not fit the folder, which stands for {name!r}")
    reach = Row(row.table("scope"), row.file, "scope")
    scope = Scope(reach.text("text"), when(reach, "when"), when(reach, "unless"))
    reach.end()
    found = Instrument(
        id=name,
        title=row.text("title"),
        uk=row.text("uk", ""),
        short=row.text("short"),
        depositary=row.text("depositary"),
        reference=row.text("reference"),
        published=row.text("published", ""),
        official_id=row.text("official_id"),
        adopted=row.due("adopted"),
        entry_into_force=row.on("entry_into_force"),
        ended=row.on("ended"),
        status=row.one_of(Status, "status"),
        type=row.one_of(Type, "type"),
        scope=scope,
        forms=row.words("forms"),
        mothers=row.words("mothers"),
        **row.cited(),
    )
    row.end()
    return found


def when(row: Row, key: str) -> When:
    """Read conditions: ``all`` and ``any`` lists of facts and of further conditions."""
    return _when(Row(row.table(key), row.file, f"{row.place} {key}".strip()))


def _when(row: Row) -> When:
    found = When(*(tuple(map(_condition, row.rows(key))) for key in ("all", "any")))
    row.end()
    return found


def _condition(row: Row) -> Test | When:
    if not row.has("fact"):
        return _when(row)
    found = Test(row.text("fact"), row.words("is"), row.whole("at_least"))
    row.end()
    return found


def participation(path: str, content: Any) -> tuple[Mapping[StateCode, tuple[Event, ...]], tuple[NotBound, ...], Row]:
    """Read ``participation``: events by state in order, the states not bound with reasons, and the row itself."""
    row = Row(content, f"{path}.yaml")
    name = path.split("/")[1] + "-" + path.split("/")[2]
    whole = row.cited()
    for key in ("completeness", "as_of", "party_count", "signatories_note"):
        row.text(key, "")
    for told in row.rows("notes"):
        for key in ("topic", "state", "date", "text", "source", "basis", "unsure"):
            told.text(key, "")
        told.end()
    own = (whole["source"], whole["basis"], whole["checked"])
    events = {}
    for state, listed in row.table("states").items():
        held = Row({"events": listed}, row.file, state)
        events[held.code(state)] = tuple(_event(name, StateCode(state), each, own) for each in held.rows("events"))
    absent = []
    for state, each in row.table("not_bound").items():
        told = Row(each, row.file, f"not_bound {state}")
        fact = told.cited(*own)
        absent.append(
            NotBound(
                instrument=name,
                state=told.code(state),
                reason=told.text("reason"),
                kind=told.text("kind", "not_bound"),
                **fact,
            )
        )
        told.end()
    row.end()
    return events, tuple(absent), row


RECKONED = frozenset({"", "computed", "recalled", *STANDS_IN})
ACTS = frozenset({"", "accession", "ratification_or_equivalent", "succession"})
UNDATED = frozenset({EventKind.SIGNED, EventKind.DEPOSITED, EventKind.WITHDRAWAL_NOTIFIED})
"""Kinds of events whose day may be unknown: they bind nobody."""


def _event(name: str, state: StateCode, row: Row, own: tuple[str, Knowledge, Any]) -> Event:
    found = Event(
        instrument=name,
        state=state,
        kind=row.one_of(EventKind, "kind"),
        on=row.on("date"),
        act=row.text("act", ""),
        reckoned=row.text("reckoned", ""),
        towards=row.states("towards"),
        **row.cited(*own),
    )
    row.end()
    if found.on is None and found.kind not in UNDATED:
        raise row.wrong(f"the event {found.kind} needs a date")
    for key, value, among in (("reckoned", found.reckoned, RECKONED), ("act", found.act, ACTS)):
        if value not in among:
            raise row.wrong(f"{key} {value!r} is none of {', '.join(sorted(among - {''}))}")
    if found.kind is EventKind.SUSPENDED and not found.towards:
        raise row.wrong("a suspension names the states it is towards")
    return found


def rule(path: str, content: Any) -> Rule:
    """Read one provision, ``instruments/<depositary>/<number>/article-…/<kind>…``."""
    row = Row(content, f"{path}.yaml")
    _, depositary, number, folder, name = path.split("/")
    article, kind = row.text("article"), row.text("kind")
    _fits(row, article, folder, kind, name)
    found = Rule(
        id=path.removeprefix("instruments/"),
        instrument=f"{depositary}-{number}",
        article=article,
        kind=kind,
        text=row.text("text"),
        measures=row.words("measures"),
        value=_value(row),
        amount=row.whole("amount"),
        unit=row.text("unit", ""),
        step=row.text("step", ""),
        level=row.text("level", ""),
        threshold=row.whole("threshold"),
        further=tuple(map(_limit, row.rows("further"))),
        refusal=row.words("refusal"),
        excluded=row.words("excluded"),
        consent=row.flag("consent"),
        condition=row.text("condition", ""),
        purpose=row.text("purpose", ""),
        when=when(row, "when"),
        declarations=_provision(Row(row.table("declarations"), row.file, "declarations"))
        if row.has("declarations")
        else None,
        superseded_by=tuple(map(_provision, row.rows("superseded_by"))),
        looks_at=row.one_of(DateOf, "looks_at", "request"),
        from_=row.on("from"),
        until=row.on("until"),
        **row.cited(),
    )
    row.end()
    if found.from_ and found.until and found.until < found.from_:
        raise row.wrong(f"it ends on {found.until}, before it begins on {found.from_}")
    return found


def _fits(row: Row, article: str, folder: str, kind: str, name: str) -> None:
    if slug(article) != folder:
        raise row.wrong(f"article {article} belongs into the folder {slug(article)}, not {folder}")
    if name != kind and not name.startswith(f"{kind}-"):
        raise row.wrong(f"the kind {kind!r} does not fit the file's name {name!r}")


def _value(row: Row) -> str | tuple[str, ...] | None:
    if not row.has("value"):
        return None
    found = row.content["value"]
    return row.words("value") if not isinstance(found, str) else row.text("value")


def _limit(row: Row) -> Limit:
    amount = row.whole("amount")
    if amount is None:
        raise row.wrong("amount is missing")
    found = Limit(row.text("step"), amount, row.text("unit"))
    row.end()
    return found


def _provision(row: Row) -> Provision:
    found = Provision(row.text("instrument"), row.words("articles"))
    row.end()
    return found


def relation(path: str, content: Any) -> Relation:
    """Read one edge, ``instruments/<depositary>/<number>/relations/…``."""
    row = Row(content, f"{path}.yaml")
    target, treaties = row.text("target", ""), row.text("treaties", "")
    if target and treaties:
        raise row.wrong("it has both a target and a class of treaties")
    parts = path.split("/")
    found = Relation(
        id=path.removeprefix("instruments/"),
        of=f"{parts[1]}-{parts[2]}",
        kind=row.one_of(RelationKind, "kind"),
        target=Target(target, treaties, row.words("target_articles")),
        article=row.text("article"),
        text=row.text("text"),
        own_articles=row.words("own_articles"),
        forms=row.words("forms"),
        measures=row.words("measures"),
        except_measures=row.words("except_measures"),
        between=row.states("between"),
        territory=row.text("territory", ""),
        when=when(row, "when"),
        looks_at=row.one_of(DateOf, "looks_at", "request"),
        from_=row.on("from"),
        until=row.on("until"),
        **row.cited(),
    )
    row.end()
    return found


def declaration(path: str, content: Any) -> Declaration:
    """Read one declaration: below an instrument, or a condition of domestic law below a state."""
    row = Row(content, f"{path}.yaml")
    parts = path.split("/")
    article, kind, named = row.text("article"), row.text("kind"), row.text("state")
    _fits(row, article, parts[-2], kind, parts[-1])
    folder = parts[4] if parts[0] == "instruments" else parts[1]
    if folder != ("any" if named == "*" else named.lower()):
        raise row.wrong(f"the state {named!r} does not fit the folder {folder!r}")
    instrument_ = row.text("instrument")
    if parts[0] == "instruments" and instrument_ != f"{parts[1]}-{parts[2]}":
        raise row.wrong(f"the instrument {instrument_!r} does not fit the folder")
    found = Declaration(
        id=path.removeprefix("instruments/"),
        state=StateCode("*") if named == "*" else row.code(named),
        instrument=instrument_,
        article=article,
        articles=tuple(part.strip() for part in article.split(",")),
        kind=kind,
        effect=_effect(row),
        text=row.text("text"),
        valid_from=row.on("valid_from"),
        valid_to=row.on("valid_to"),
        towards=row.states("towards"),
        **row.cited(),
    )
    row.end()
    if found.valid_from and found.valid_to and found.valid_to < found.valid_from:
        raise row.wrong(f"it ends on {found.valid_to}, before it begins on {found.valid_from}")
    return found


def _effect(row: Row) -> Mapping[str, str | tuple[str, ...]]:
    found = Row(row.table("effect"), row.file, "effect")
    return {
        key: found.text(key) if isinstance(value, str) else found.words(key) for key, value in found.content.items()
    }


def authority(path: str, content: Any) -> Authority:
    """Read one authority, ``states/<state>/authorities/…``."""
    row = Row(content, f"{path}.yaml")
    found = Authority(
        id=path,
        state=row.state("state"),
        name=row.text("name"),
        roles=row.words("roles"),
        instruments=row.words("instruments"),
        **row.cited(),
    )
    row.end()
    if path.split("/")[1] != found.state.lower():
        raise row.wrong(f"the state {found.state} does not fit the folder")
    return found


def each(files: Files, pattern: str, read: Callable[[str, Any], Any]) -> Iterator[Any]:
    """Read the files whose path fits, in the order of their paths."""
    fits = re.compile(pattern)
    for path in sorted(files):
        if fits.fullmatch(path):
            yield read(path, files[path])


def placed(files: Files, patterns: Mapping[str, str]) -> None:
    """Refuse a file that lies where no kind of file belongs."""
    joined = re.compile("|".join(f"(?:{pattern})" for pattern in patterns.values()))
    for path in files:
        if not joined.fullmatch(path):
            raise SchemaError(
                f"{path}.yaml lies where no file of the law base belongs.",
                cause="A folder is misspelt, or the file was put one level too high or too low.",
                remedy="Move it to where files of its kind lie; docs/explanation/law-base.md shows the tree.",
                file=f"{path}.yaml",
            )
