"""Forms of cooperation as tables of the law base (design section 6), and the closed list of act kinds.

One table per form says which act may come next: from which states, to which, by which side and roles, what must stand
before it, which clocks it starts, stops, pauses, resumes, extends or restates, and on which provision it rests. The
engine over the tables is `comity.request.lifecycle`; adding a form adds a file here and no code.

Unknown keys, unknown states, acts, roles and clocks are refused with the file's name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

import comity_lawbase

from comity.errors import LawError
from comity.law import strict_yaml

__all__ = [
    "ActKind",
    "Clock",
    "Form",
    "FormTableError",
    "Label",
    "Ordered",
    "Role",
    "Sharing",
    "Side",
    "Step",
    "acts",
    "form_of",
    "form_with",
    "forms",
]


class FormTableError(LawError):
    """A table of a form of cooperation is not in order."""

    code = "law.form"
    cause = "A key or a name in it is misspelt, missing, or not in the closed list it belongs to."
    remedy = "Correct the file named above, then run 'comity law check'."


class Side(StrEnum):
    """The two sides of a cooperation."""

    ISSUING = "issuing"
    EXECUTING = "executing"


class Role(StrEnum):
    """Who acts: a prosecutor or judge who drafts, a second person who approves, a central authority's officer."""

    ISSUING = "issuing"
    APPROVING = "approving"
    CENTRAL = "central"
    EXECUTING = "executing"
    EXPERT = "expert"


class Sharing(StrEnum):
    """Whether an act goes to the other state at once, never, or with the evidence."""

    SHARED = "shared"
    INTERNAL = "internal"
    PACKAGE = "package"


@dataclass(frozen=True, slots=True)
class Label:
    """A title in English and Ukrainian."""

    en: str
    uk: str

    def in_(self, language: str) -> str:
        """Return the Ukrainian title for ``uk``, the English one otherwise."""
        return self.uk if language == "uk" else self.en


@dataclass(frozen=True, slots=True)
class ActKind:
    """A kind of act; ``body`` names the package that checks its body."""

    id: str
    title: Label
    sharing: Sharing
    body: str


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock: bound to the article whose rule says how long it runs, or to a ``day`` named in the starting act's body.

    ``extension`` is the article that allows a longer time; ``side`` has to act before the clock ends.
    """

    id: str
    title: Label
    side: Side
    instrument: str = ""
    article: str = ""
    unit: str = "days"
    extension: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """When an act may come and what it does; ``to`` is empty where the state stays. ``restates`` is (clocks, member)."""

    act: str
    by: Side
    who: tuple[Role, ...]
    from_: tuple[str, ...]
    to: str
    needs: tuple[str, ...] = ()
    second_person: str = ""
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    extends: tuple[str, ...] = ()
    restates: tuple[tuple[str, ...], str] = ((), "")
    law_article: str = ""
    law_kind: str = ""


class _Rule(Protocol):
    @property
    def article(self) -> str: ...


class Ordered(Protocol):
    """What is needed of a legal basis to name the provision an act rests on."""

    def of(self, kind: str) -> tuple[_Rule, ...]:
        """Return the basis's rules of a kind."""
        ...


@dataclass(frozen=True, slots=True)
class Form:
    """A form of cooperation. ``serves_any`` where it serves every basis no other form claims in ``instruments``.

    A form with neither is opened as such: no legal basis leads to it by itself.

    ``turns`` names for each state the side that has to act next; it is silent where both may.
    """

    id: str
    prefix: str
    title: Label
    instruments: frozenset[str]
    reference: str
    start: str
    end: frozenset[str]
    states: Mapping[str, Label]
    turns: Mapping[str, Side]
    clocks: Mapping[str, Clock]
    steps: Mapping[str, Step]
    kinds: Mapping[str, ActKind] = field(repr=False)
    no_time_limit: Label | None = None
    serves_any: bool = False

    def step(self, kind: str) -> Step | None:
        """Return the step of an act kind, or None where the form does not know it."""
        return self.steps.get(kind)

    def shared(self, kind: str) -> bool:
        """Tell whether acts of this kind go to the other state at once."""
        return kind in self.kinds and self.kinds[kind].sharing is Sharing.SHARED

    def law(self, kind: str, basis: Ordered | None = None) -> str:
        """Return the provision an act rests on, for example ``Directive 2014/41/EU Art. 7(1)``.

        Forms that serve many instruments name the kind of rule; its article is looked up in ``basis``. Where the basis
        has no such rule, or none is given, the result is empty.
        """
        step = self.steps.get(kind)
        if step is None:
            return ""
        if step.law_article:
            return f"{self.reference} Art. {step.law_article}"
        rules = basis.of(step.law_kind) if basis is not None and step.law_kind else ()
        return rules[0].article if rules else ""


def acts(root: Path | None = None) -> Mapping[str, ActKind]:
    """Return the closed list of act kinds by id; ``root`` is the law base, by default the installed one."""
    return _acts(root or comity_lawbase.root())


def forms(root: Path | None = None) -> Mapping[str, Form]:
    """Return the forms of cooperation by id."""
    return _forms(root or comity_lawbase.root())


def form_of(instrument: str | None, root: Path | None = None) -> Form:
    """Return the form that serves a legal basis; None stands for reciprocity."""
    every = forms(root)
    own = next((form for form in every.values() if instrument in form.instruments), None)
    return own or next(form for form in every.values() if form.serves_any)


def form_with(prefix: str, root: Path | None = None) -> Form:
    """Return the form whose dossiers' ids begin with ``prefix``."""
    found = next((form for form in forms(root).values() if form.prefix == prefix), None)
    if found is None:
        raise FormTableError(f"No form of cooperation has dossiers that begin with {prefix[:20]!r}.")
    return found


@lru_cache(maxsize=4)
def _acts(root: Path) -> Mapping[str, ActKind]:
    path = root / "vocabulary" / "acts.yaml"
    found = {}
    for name, row in _mapping(strict_yaml.read(path), path).items():
        _keys(row, {"en", "uk", "sharing", "body"}, set(), path, name)
        found[name] = ActKind(name, Label(row["en"], row["uk"]), _of(Sharing, row["sharing"], path), row["body"])
    return found


@lru_cache(maxsize=4)
def _forms(root: Path) -> Mapping[str, Form]:
    paths = [path for path in sorted((root / "forms").glob("*.yaml")) if path.stem not in _TABLES]
    found = [_form(path, _acts(root)) for path in paths]
    if sum(form.serves_any for form in found) != 1:
        raise FormTableError(f"{root / 'forms'}: exactly one form must serve 'any' instrument.")
    return {form.id: form for form in found}


_TABLES = frozenset({"contents", "titles", "zones"})
"""Files beside the forms that are read elsewhere."""

_FORM = {"id", "prefix", "title", "instruments", "start", "end", "states", "clocks", "acts"}
_STEP = {"needs", "second_person", "starts", "stops", "pauses", "resumes", "extends", "restates", "law"}
_CLOCK = {"instrument", "article", "unit", "extension", "day"}


def _form(path: Path, kinds: Mapping[str, ActKind]) -> Form:
    table = _mapping(strict_yaml.read(path), path)
    _keys(table, _FORM, {"reference", "no_time_limit"}, path, "the form")
    states = {name: _state(name, row, path) for name, row in table["states"].items()}
    turns = {name: _of(Side, row["turn"], path) for name, row in table["states"].items() if "turn" in row}
    clocks = {name: _clock(name, row, path) for name, row in table["clocks"].items()}
    steps = {name: _step(name, row, path) for name, row in table["acts"].items()}
    _known(steps, kinds, "act", path)
    for step in steps.values():
        _known([*step.from_, *filter(None, [step.to])], states, "state", path)
        _known([*step.needs, *filter(None, [step.second_person])], steps, "act", path)
        touched = (*step.starts, *step.stops, *step.pauses, *step.resumes, *step.extends, *step.restates[0])
        _known(touched, clocks, "clock", path)
    _known([table["start"], *table["end"]], states, "state", path)
    claimed = table["instruments"]
    return Form(
        id=table["id"],
        prefix=table["prefix"],
        title=_label(table["title"], path, "title"),
        instruments=frozenset() if claimed in ("any", "own") else frozenset(claimed),
        reference=table.get("reference", ""),
        start=table["start"],
        end=frozenset(table["end"]),
        states=states,
        turns=turns,
        clocks=clocks,
        steps=steps,
        kinds=kinds,
        no_time_limit=_label(table["no_time_limit"], path, "no_time_limit") if "no_time_limit" in table else None,
        serves_any=claimed == "any",
    )


def _step(name: str, row: Any, path: Path) -> Step:
    _keys(row, {"by", "who", "from", "to"}, _STEP, path, name)
    law, restates = row.get("law", {}), row.get("restates", {"clocks": [], "member": ""})
    _keys(law, set(), {"article", "kind"}, path, f"{name}.law")
    _keys(restates, {"clocks", "member"}, set(), path, f"{name}.restates")
    return Step(
        act=name,
        by=_of(Side, row["by"], path),
        who=tuple(_of(Role, role, path) for role in row["who"]),
        from_=tuple(row["from"]),
        to="" if row["to"] == "same" else row["to"],
        needs=tuple(row.get("needs", ())),
        second_person=row.get("second_person", ""),
        starts=tuple(row.get("starts", ())),
        stops=tuple(row.get("stops", ())),
        pauses=tuple(row.get("pauses", ())),
        resumes=tuple(row.get("resumes", ())),
        extends=tuple(row.get("extends", ())),
        restates=(tuple(restates["clocks"]), restates["member"]),
        law_article=law.get("article", ""),
        law_kind=law.get("kind", ""),
    )


def _clock(name: str, row: Any, path: Path) -> Clock:
    _keys(row, {"en", "uk", "side"}, _CLOCK, path, name)
    rest = {key: row[key] for key in _CLOCK if key in row}
    return Clock(id=name, title=Label(row["en"], row["uk"]), side=_of(Side, row["side"], path), **rest)


def _state(name: str, row: Any, path: Path) -> Label:
    _keys(row, {"en", "uk"}, {"turn"}, path, name)
    return Label(row["en"], row["uk"])


def _label(row: Any, path: Path, what: str) -> Label:
    _keys(row, {"en", "uk"}, set(), path, what)
    return Label(row["en"], row["uk"])


def _mapping(found: Any, path: Path) -> Mapping[str, Any]:
    if not isinstance(found, Mapping):
        raise FormTableError(f"{path} is not a table of names.", file=str(path))
    return found


def _keys(row: Any, required: set[str], optional: set[str], path: Path, what: str) -> None:
    names = set(_mapping(row, path))
    if missing := required - names:
        raise FormTableError(f"{path}: {what} lacks {', '.join(sorted(missing))}.", file=str(path))
    if unknown := names - required - optional:
        raise FormTableError(f"{path}: {what} has unknown keys {', '.join(sorted(unknown))}.", file=str(path))


def _known(names: Collection[str], among: Collection[str], what: str, path: Path) -> None:
    for name in names:
        if name not in among:
            raise FormTableError(f"{path}: there is no {what} {name!r}.", file=str(path))


_E = TypeVar("_E", bound=StrEnum)


def _of(kind: type[_E], text: str, path: Path) -> _E:
    try:
        return kind(text)
    except ValueError as error:
        raise FormTableError(f"{path}: {text!r} is none of {', '.join(kind)}.", file=str(path)) from error
