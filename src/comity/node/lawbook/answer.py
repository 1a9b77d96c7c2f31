"""An answer of the law as the pages show it: each basis with its rules by kind, in the order people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext

from comity.law import Resolution
from comity.law.explain import explain
from comity.law.index import index_of
from comity.law.regime import FactKind
from comity.law.resolution import Ask, Basis, Rule
from comity.law.wording import Wording
from comity.node import words
from comity.node.lawbook import choices, queries

__all__ = ["Asked", "BasisShown", "Kind", "Shown", "answered", "shown"]

ORDER = (
    *("channel", "issuing_authority", "language", "form_authentication", "request_content", "issuing_conditions"),
    *("measure_rule", "dual_criminality", "penalty_threshold", "fiscal_offence", "condition", "proportionality"),
    *("refusal_mandatory", "refusal_optional", "no_refusal_on_ground", "postponement", "reasons", "time_limit"),
    *("urgent_procedure", "confidentiality", "speciality", "data_protection", "follow_up", "costs", "reciprocity"),
)
FIRST = frozenset({"channel", "language", "request_content", "refusal_mandatory", "refusal_optional", "time_limit"})


@dataclass(frozen=True, slots=True)
class Kind:
    """The rules of one kind; ``open`` are those one reads first."""

    id: str
    title: str
    rules: tuple[Mapping[str, Any], ...]
    open: bool


@dataclass(frozen=True, slots=True)
class BasisShown:
    """A legal basis: what it is, why it applies, its rules by kind. ``id`` is empty for reciprocity."""

    id: str
    title: str
    uk: str
    reference: str
    status: str
    rank: int
    why: tuple[str, ...]
    joined: tuple[str, ...]
    kinds: tuple[Kind, ...]
    authorities: tuple[Mapping[str, Any], ...]
    chosen: bool
    unsure: int

    @property
    def rules(self) -> int:
        """How many rules there are."""
        return sum(len(kind.rules) for kind in self.kinds)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question back to the person: the fact, how its value is given, what it decides on."""

    fact: str
    text: str
    kind: str
    options: tuple[tuple[str, str], ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """The whole answer."""

    bases: tuple[BasisShown, ...]
    chosen: BasisShown | None
    fallback: bool
    excluded: tuple[Mapping[str, Any], ...]
    questions: tuple[Any, ...]
    alternatives: tuple[Any, ...]
    release: str
    digest: str
    asked: Mapping[str, Any]
    prose: tuple[str, ...] = ()


def shown(resolution: Mapping[str, Any], instrument: str = "") -> Shown:
    """Return a resolution's JSON for the pages; ``instrument`` is the basis that was chosen, by default the first."""
    lawbase = resolution.get("lawbase", {})
    every = [one for one in resolution.get("bases", ()) if isinstance(one, Mapping)]
    listed = [one for one in every if not one.get("joined_to")]  # what is read together stands with its basis
    first = instrument or (str(listed[0].get("instrument", "")) if listed else "")
    bases = tuple(_basis(one, str(one.get("instrument", "")) == first) for one in listed)
    if resolution.get("fallback") and not bases:
        bases = (_basis({"rules": resolution.get("reciprocity", ())}, chosen=True),)
    return Shown(
        bases=bases,
        chosen=next((one for one in bases if one.chosen), bases[0] if bases else None),
        fallback=bool(resolution.get("fallback")),
        excluded=tuple(resolution.get("excluded", ())),
        questions=tuple(resolution.get("questions", ())),
        alternatives=tuple(resolution.get("alternatives", ())),
        release=str(lawbase.get("release", "")),
        digest=str(lawbase.get("digest", "")),
        asked=resolution.get("question", {}),
    )


def answered(resolution: Resolution, instrument: str = "") -> Shown:
    """Return a resolution for the pages, all of it in the reader's language."""
    say = choices.wording()
    said = shown(resolution.to_json(), instrument)
    if resolution.bases:
        bases = tuple(_worded(one, basis, say) for one, basis in zip(said.bases, resolution.bases, strict=True))
    else:
        bases = tuple(
            replace(one, kinds=kinds([_told(rule, say) for rule in resolution.reciprocity])) for one in said.bases
        )
    return replace(
        said,
        bases=bases,
        chosen=next((one for one in bases if one.chosen), bases[0] if bases else None),
        excluded=tuple({**one.to_json(), "why": say.reason(one.reason)} for one in resolution.excluded),
        questions=tuple(_question(ask, say) for ask in resolution.questions),
        alternatives=tuple(_told(rule, say) for rule in resolution.alternatives),
        prose=tuple(explain(resolution, queries.base(), say.language).split("\n\n")),
    )


def _worded(one: BasisShown, basis: Basis, say: Wording) -> BasisShown:
    known = {each.id: each for each in basis.authorities}
    return replace(
        one,
        title=say.instrument(basis.instrument),
        uk="",
        reference=say.reference(basis.instrument),
        why=tuple(say.reason(reason) for reason in basis.reasons),
        kinds=kinds([_told(rule, say) for rule in basis.rules]),
        authorities=tuple({**each, "name": say.authority(known[each["id"]])} for each in one.authorities),
    )


def _told(rule: Rule, say: Wording) -> Mapping[str, Any]:
    text, value = say.rule_text(rule), say.value(rule)
    said = {
        "text": text,
        "value": "" if say.content(rule) == text else value,
        "article": say.article(rule),
        "why": say.why(rule),
        "undone_by": say.undone_by(rule),
        "english": say.language != "en" and text.startswith("«"),
    }
    return {**rule.to_json(), "said": said}


def _question(ask: Ask, say: Wording) -> Asked:
    term = index_of(queries.base()).regime.facts.get(ask.fact)
    kind = str(term.kind) if term else "word"
    options: tuple[tuple[str, str], ...] = ()
    if term and term.kind is FactKind.YES_NO:
        options = (("yes", gettext("yes")), ("no", gettext("no")))
    elif term and term.values:
        options = tuple((value, choices.word(value)) for value in term.values)
    return Asked(ask.fact, say.pick(ask.en, ask.uk), kind, options, tuple(say.because(name) for name in ask.because))


def _basis(one: Mapping[str, Any], chosen: bool) -> BasisShown:
    rules = tuple(one.get("rules", ()))
    why = one.get("why", ())
    return BasisShown(
        id=str(one.get("instrument", "")),
        title=str(one.get("title", "")),
        uk=known.uk if (known := queries.base().instruments.get(str(one.get("instrument", "")))) else "",
        reference=str(one.get("reference", "")),
        status=str(one.get("status", "")),
        rank=int(one.get("rank", 0) or 0),
        why=(why,) if isinstance(why, str) else tuple(_said(line) for line in why),
        joined=tuple(_said(name) for name in one.get("with", one.get("with_", ())) or ()),
        kinds=kinds(rules),
        authorities=tuple(one.get("authorities", ())),
        chosen=chosen,
        unsure=sum(bool(rule.get("unsure")) or rule.get("basis") == "recalled" for rule in rules),
    )


def kinds(rules: Sequence[Mapping[str, Any]]) -> tuple[Kind, ...]:
    """Return rules by kind, in the order people read them."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for rule in rules:
        found.setdefault(str(rule.get("kind", "")), []).append(rule)
    order = sorted(found, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))
    return tuple(Kind(name, _title(name), tuple(found[name]), name in FIRST) for name in order)


def _title(kind: str) -> str:
    title = words.say(kind) if kind in words.WORDS else choices.word(kind)
    return title[:1].upper() + title[1:]


def _said(line: Any) -> str:
    if isinstance(line, Mapping):
        return str(line.get("text") or line.get("why") or line.get("title") or line.get("instrument") or "")
    return str(line)
