"""Rule sets as data: what a profile needs, when two match, and where each rule stands written.

A rule set is a TOML file. Its inclusion minimums, match rule and options are values, never code; its version and the
basis of every rule (looked-up, recalled, or this project's own) travel with each hit. ``status = "empty"`` marks a slot
whose law is not entered: nothing is searched under it.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from comity.forensics.dna.locus import SETS
from comity.forensics.dna.profile import Category
from comity.forensics.errors import RuleError

__all__ = ["AllelePairs", "Minimum", "Rule", "RuleSet", "Sharing", "Stringency", "read", "rule_set", "rule_sets"]


class Stringency(StrEnum):
    """How the alleles of two profiles must agree at a locus."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    INCLUSION = "inclusion"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a set: its id, its sense and whether its text was read."""

    id: str
    text: str
    basis: str


@dataclass(frozen=True, slots=True)
class Minimum:
    """How many loci of which set a kind of profile needs, and the rule that asks it."""

    minimum: int
    of: str
    rule: str
    allowed: bool = True


@dataclass(frozen=True, slots=True)
class AllelePairs:
    """Comparison pair by pair: full and near matches with quality classes. ``wildcards`` is -1 where any number may."""

    minimum_full: int
    deviations: int
    wildcard_quality: int
    microvariant_quality: int
    deviation_quality: int
    wildcard_locus_counts: bool
    causes_combine: bool
    wildcards: int
    three_alleles: str


@dataclass(frozen=True, slots=True)
class Sharing:
    """Comparison of the alleles as sets."""

    stringency: Stringency
    minimum_loci: int
    mismatches: int


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A rule set. ``match`` is None where the set only says what is taken in, or is empty."""

    id: str
    version: str
    title: str
    status: str
    source: str
    inclusion: Mapping[str, Minimum]
    match: AllelePairs | Sharing | None
    quality: Mapping[str, str]
    rules: tuple[Rule, ...]
    aliases: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether this is a slot whose law is not entered."""
        return self.status == "empty"

    def minimum(self, category: Category, *, mixed: bool) -> Minimum | None:
        """Return what the set asks of a profile of this kind, or None."""
        if mixed:
            return self.inclusion.get("mixed")
        return self.inclusion.get("person" if category.known else "trace")

    def to_json(self) -> dict[str, Any]:
        """Return the rule set as ``comity dna rules --json`` prints it."""
        match: dict[str, Any] | None = None
        if self.match is not None:
            kind = "allele-pairs" if isinstance(self.match, AllelePairs) else "stringency"
            match = {
                "kind": kind,
                **{name: getattr(self.match, name) for name in type(self.match).__dataclass_fields__},
            }
        return {
            "id": self.id,
            "version": self.version,
            "title": self.title,
            "status": self.status,
            "source": self.source,
            "inclusion": {
                name: {"minimum": each.minimum, "of": each.of, "allowed": each.allowed, "rule": each.rule}
                for name, each in self.inclusion.items()
            },
            "match": match,
            "quality": dict(self.quality),
            "rules": [{"id": each.id, "text": each.text, "basis": each.basis} for each in self.rules],
        }


@cache
def rule_sets() -> Mapping[str, RuleSet]:
    """Return the rule sets of this release by id."""
    folder = files("comity.forensics.dna") / "data" / "rules"
    found = {}
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if each.name.endswith(".toml"):
            one = _parse(each.read_text(encoding="utf-8"), each.name)
            found[one.id] = one
    return found


def rule_set(name: str, options: Mapping[str, str] | None = None) -> RuleSet:
    """Return the rule set called ``name``, an id, an alias or the path of a rule file, with options set."""
    found = _named(name)
    return _with_options(found, options) if options else found


def _named(name: str) -> RuleSet:
    plain = name.lower()
    for each in rule_sets().values():
        if plain == each.id or plain in each.aliases:
            return each
    if plain.endswith(".toml") or "/" in name:
        return read(Path(name))
    near = difflib.get_close_matches(plain, list(rule_sets()), n=3, cutoff=0.4)
    raise RuleError(
        f"{name[:60]!r} is not a rule set.",
        cause="Rule sets are named by id, or given as the path of a TOML file.",
        remedy=f"Did you mean {', '.join(near)}?" if near else f"Choose one of {', '.join(rule_sets())}.",
        nearest=near,
    )


def read(path: Path) -> RuleSet:
    """Read a rule file of one's own."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"The rule file {path} cannot be read: {error}.", cause="The path or its encoding.") from error
    return _parse(text, path.name)


def _with_options(found: RuleSet, options: Mapping[str, str]) -> RuleSet:
    if found.match is None:
        raise RuleError(f"The rule set {found.id} has no match rule, so that no option can be set.")
    values: dict[str, Any] = {}
    for name, text in options.items():
        if name not in type(found.match).__dataclass_fields__:
            known = ", ".join(type(found.match).__dataclass_fields__)
            raise RuleError(f"{name!r} is not an option of {found.id}.", remedy=f"Its options are {known}.")
        values[name] = _option(name, text, getattr(found.match, name))
    told = ",".join(f"{name}={text}" for name, text in sorted(options.items()))
    match = replace(found.match, **values)
    wrong = _wrong(match)
    if wrong:
        raise RuleError(wrong[0], remedy=wrong[1])
    return replace(found, version=f"{found.version}+{told}", match=match)


_RANGES = {
    "minimum_full": (1, 40), "minimum_loci": (1, 40), "deviations": (0, 8), "mismatches": (0, 40), "wildcards": (-1, 40),
    "wildcard_quality": (1, 9), "microvariant_quality": (1, 9), "deviation_quality": (1, 9),
}  # fmt: skip
_CHOICES = {"three_alleles": ("first-and-wildcard", "not-compared")}


def _wrong(match: AllelePairs | Sharing) -> tuple[str, str] | None:
    """Return what is out of range in a match rule and what it may be, or None."""
    for name, (least, most) in _RANGES.items():
        value = getattr(match, name, least)
        if not least <= value <= most:
            return f"{name} = {value} is out of range.", f"Give a whole number from {least} to {most}."
    for name, choices in _CHOICES.items():
        value = getattr(match, name, choices[0])
        if value not in choices:
            return f"{value!r} is not a value of the option {name}.", f"Write {' or '.join(choices)}."
    return None


def _option(name: str, text: str, now: Any) -> Any:
    try:
        if isinstance(now, bool):
            return {"true": True, "false": False}[text.lower()]
        return type(now)(text)
    except (KeyError, ValueError) as error:
        raise RuleError(f"{text!r} is not a value of the option {name}.", remedy=f"It is {now} now.") from error


def _parse(text: str, file: str) -> RuleSet:
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{file}: {error}.", cause="The rule file is not TOML.") from error
    try:
        return _rule_set(found)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RuleError(
            f"{file}: the rule set lacks or mistakes {error}.",
            cause="A member is missing, misspelt or of the wrong type.",
            remedy="Compare it with 'comity dna rules prum --json'.",
        ) from error


_TOP = {"id", "version", "title", "status", "source", "aliases", "inclusion", "match", "quality", "rule"}


def _rule_set(found: dict[str, Any]) -> RuleSet:
    unknown = found.keys() - _TOP
    if unknown:
        raise KeyError(*sorted(unknown))
    return RuleSet(
        id=str(found["id"]),
        version=str(found["version"]),
        title=str(found["title"]),
        status=str(found["status"]),
        source=str(found["source"]),
        inclusion={name: _minimum(name, each) for name, each in found.get("inclusion", {}).items()},
        match=_match(found["match"]) if "match" in found else None,
        quality={str(name): str(text) for name, text in found.get("quality", {}).items()},
        rules=tuple(Rule(str(each["id"]), str(each["text"]), str(each["basis"])) for each in found.get("rule", [])),
        aliases=tuple(str(each) for each in found.get("aliases", [])),
    )


def _minimum(name: str, found: dict[str, Any]) -> Minimum:
    if name not in ("person", "trace", "mixed"):
        raise KeyError(f"inclusion.{name}")
    of = str(found.get("of", "any"))
    if of not in (*SETS, "designated", "any"):
        raise ValueError(f"inclusion.{name}.of = {of}")
    return Minimum(_int(found, "minimum", 0), of, str(found["rule"]), allowed=bool(found.get("allowed", True)))


def _int(found: dict[str, Any], name: str, default: int | None = None) -> int:
    value = found.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(name)
    return value


def _match(found: dict[str, Any]) -> AllelePairs | Sharing:
    match = _matching(found)
    wrong = _wrong(match)
    if wrong:
        raise ValueError(f"{wrong[0]} {wrong[1]}")
    return match


def _matching(found: dict[str, Any]) -> AllelePairs | Sharing:
    kind = found["kind"]
    if kind == "allele-pairs":
        return AllelePairs(
            minimum_full=_int(found, "minimum_full"),
            deviations=_int(found, "deviations"),
            wildcard_quality=_int(found, "wildcard_quality"),
            microvariant_quality=_int(found, "microvariant_quality"),
            deviation_quality=_int(found, "deviation_quality"),
            wildcard_locus_counts=bool(found["wildcard_locus_counts"]),
            causes_combine=bool(found["causes_combine"]),
            wildcards=_int(found, "wildcards", -1),
            three_alleles=str(found.get("three_alleles", "first-and-wildcard")),
        )
    if kind in ("stringency", "inclusion"):
        stringency = Stringency(found.get("stringency", "inclusion"))
        return Sharing(stringency, _int(found, "minimum_loci"), _int(found, "mismatches", 0))
    raise ValueError(f"match.kind = {kind}")
