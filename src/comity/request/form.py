"""The form: what the legal basis requires is what the form asks.

Each rule of the kind ``request_content`` names contents; the table of contents says which fields of the draft hold them.
A content the table does not know becomes a required free statement under the provision's own text, so that nothing the
law asks for is ever dropped. Fields no provision asks for may still be filled in, and the few without which nobody
could act are required whatever the basis.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from comity.law.form import form_of
from comity.request.basis import Answer, Rule, chosen
from comity.request.contents import OWN, Content, Contents, FieldKind, Row, contents
from comity.request.titles import titles

__all__ = ["Demand", "Field", "Part", "fields", "gather"]

ASKED = "Comity asks this of every request: without it the authority addressed cannot act."


@dataclass(frozen=True, slots=True)
class Demand:
    """A provision that asks for a content; ``provision`` and ``article`` are empty where only Comity asks."""

    content: str
    provision: str
    article: str
    text: str
    possible: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A part of each entry of a repeated field."""

    id: str
    label_en: str
    label_uk: str
    kind: FieldKind
    required: bool
    demands: tuple[Demand, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form. ``id`` is its path in the draft, ``demands`` are the provisions that ask for it."""

    id: str
    label_en: str
    label_uk: str
    help_en: str
    help_uk: str
    required: bool
    demands: tuple[Demand, ...]
    kind: FieldKind
    group: str
    group_en: str
    group_uk: str
    parts: tuple[Part, ...] = ()

    @property
    def provisions(self) -> tuple[str, ...]:
        """The ids of the provisions that ask for the field."""
        return tuple(dict.fromkeys(demand.provision for demand in self.demands if demand.provision))

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles that ask for the field, as people write them."""
        return tuple(dict.fromkeys(demand.article for demand in self.demands if demand.article))


def fields(resolution: Answer, instrument: str | None = None, *, table: Contents | None = None) -> tuple[Field, ...]:
    """Return the fields of the form for a legal basis, in the order in which they are filled in.

    ``instrument`` is one of the resolution's bases; by default the first, or reciprocity where there is none.
    """
    known = table or contents()
    demands: dict[str, list[Demand]] = {}
    unknown: dict[str, Rule] = {}
    for rule, name in _named(chosen(resolution, instrument).of("request_content")):
        content = known.contents.get(name)
        if content is None:
            unknown[name] = rule
        elif not content.measures or content.measures & set(resolution.question.measures):
            _demand(content, rule, demands)
    listed = [_field(row, demands, known) for row in known.fields.values()]
    listed += [_own(known.contents[name], demands, known) for name in known.contents if f"{OWN}.{name}" in demands]
    listed += [_unmapped(name, rule, known) for name, rule in unknown.items()]
    here = {one.id for one in listed}
    listed += [one for one in _offered(chosen(resolution, instrument).instrument, known) if one.id not in here]
    order = list(known.groups)
    return tuple(sorted(listed, key=lambda one: order.index(one.group)))


def gather(values: Mapping[str, Any]) -> dict[str, Any]:
    """Nest what a form sent under the ids of its fields into the shape of a draft; leave out what was left empty.

    ``{"facts.when": "in May", "object": ""}`` becomes ``{"facts": {"when": "in May"}}``.
    """
    draft: dict[str, Any] = {}
    for path, value in values.items():
        name, _, part = path.partition(".")
        if value in ("", None, [], {}):
            continue
        if part:
            draft.setdefault(name, {})[part] = value
        else:
            draft[name] = value
    return draft


def _named(rules: tuple[Rule, ...]) -> Iterator[tuple[Rule, str]]:
    for rule in rules:
        names = (rule.value,) if isinstance(rule.value, str) else rule.value
        for name in names or (rule.provision,):
            yield rule, name


def _demand(content: Content, rule: Rule, demands: dict[str, list[Demand]]) -> None:
    demand = Demand(content.id, rule.provision, rule.article, rule.text, content.possible)
    for path in content.paths:
        demands.setdefault(f"{OWN}.{content.id}" if path == OWN else path, []).append(demand)


def _field(row: Row, demands: Mapping[str, list[Demand]], known: Contents) -> Field:
    parts = tuple(
        Part(
            part.id,
            part.label.en,
            part.label.uk,
            part.kind,
            required=part.core or _required(demands.get(f"{row.id}.{part.id}", [])),
            demands=tuple(demands.get(f"{row.id}.{part.id}", ())),
        )
        for part in row.parts
    )
    asked = [*demands.get(row.id, []), *(demand for part in parts for demand in part.demands)]
    if row.core and not asked:
        asked = [Demand("", "", "", ASKED)]
    group = known.groups[row.group]
    return Field(
        id=row.id,
        label_en=row.label.en,
        label_uk=row.label.uk,
        help_en=row.help.en,
        help_uk=row.help.uk,
        required=row.core or _required(asked),
        demands=tuple(dict.fromkeys(asked)),
        kind=row.kind,
        group=row.group,
        group_en=group.en,
        group_uk=group.uk,
        parts=parts,
    )


def _required(demands: list[Demand]) -> bool:
    return any(not demand.possible for demand in demands)


def _own(content: Content, demands: Mapping[str, list[Demand]], known: Contents) -> Field:
    asked = demands[f"{OWN}.{content.id}"]
    return _statement(content.id, content.label.en, content.label.uk, tuple(asked), known)


def _unmapped(name: str, rule: Rule, known: Contents) -> Field:
    demand = Demand(name, rule.provision, rule.article, rule.text)
    return _statement(name, rule.text, rule.text, (demand,), known)


def _offered(instrument: str, known: Contents) -> Iterator[Field]:
    """Yield the statements a form offers for its own sections, though no provision names them one by one."""
    words, form = titles(), form_of(instrument or None).id
    for path in (path for section in words.sections.get(form, ()) for path in section.fields):
        offered = words.statements.get(path.removeprefix("particulars."))
        if offered is not None:
            label, help_ = offered.label, offered.help
            yield replace(
                _statement(offered.id, label.en, label.uk, (), known),
                help_en=help_.en,
                help_uk=help_.uk,
                required=False,
            )


def _statement(name: str, en: str, uk: str, demands: tuple[Demand, ...], known: Contents) -> Field:
    group = known.groups["particulars"]
    return Field(
        id=f"particulars.{name}",
        label_en=en,
        label_uk=uk,
        help_en=demands[0].text if demands else "",
        help_uk=demands[0].text if demands else "",
        required=_required(list(demands)),
        demands=demands,
        kind=FieldKind.PROSE,
        group="particulars",
        group_en=group.en,
        group_uk=group.uk,
    )
