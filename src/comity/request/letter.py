"""The letter of a request as data: sections of named texts, in one language, ready to be set.

What users wrote is passed on as it is and never read as markup; it stays in the language of the draft. Labels are those
of the form (`comity.request.contents`), so that letter and form say the same; beside each stands the article that asks
for it. A form with sections of its own (the EIO's Annex A) is laid out by them, every section present; others follow the
groups of the form and leave out what is empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from babel import Locale
from babel.dates import format_date

from comity.request.contents import Contents, FieldKind, Part, Row, contents
from comity.request.draft import Draft, Offence, Span
from comity.request.request import Office, Provision, Request
from comity.request.titles import Titles, titles
from comity.values import StateCode

__all__ = ["Language", "letter"]


class Language(StrEnum):
    """The languages letters are set in."""

    EN = "en"
    UK = "uk"


def letter(request: Request, language: Language, *, test: bool = False) -> dict[str, Any]:
    """Return what the template sets: only texts, lists and true or false.

    A section is ``{"mark", "title", "entries"}``; an entry is ``{"label", "article", "texts"}``, and one with parts has
    ``"parts"``, each ``{"title", "rows": [[label, text], ...]}``.
    """
    return _Writer(request, language, titles(), contents()).letter(test=test)


@dataclass(frozen=True, slots=True)
class _Writer:
    request: Request
    language: Language
    titles: Titles
    contents: Contents

    def letter(self, *, test: bool) -> dict[str, Any]:
        request, draft = self.request, self.request.draft
        opening = self.titles.openings.get(request.form)
        return {
            "language": str(self.language),
            "draft_language": draft.language,
            "words": {name: label.in_(self.language) for name, label in self.titles.words.items()},
            "title": self.titles.forms[request.form].in_(self.language),
            "test": test,
            "reference": str(request.dossier),
            "on": self.day(request.at.date()),
            "offices": [
                [self.word("from"), self.office(request.offices.issuing), self.state(request.requesting)],
                *(
                    [[self.word("via"), self.office(request.offices.validating), self.state(request.requesting)]]
                    if request.offices.validating
                    else []
                ),
                [self.word("to"), self.office(request.offices.executing), self.state(request.requested)],
            ],
            "basis": self.basis(),
            "urgent": draft.urgency.urgent,
            "until": self.day(draft.urgency.until) if draft.urgency.until else "",
            "confidential": draft.confidential,
            "opening": opening.in_(self.language) if opening else self.word("opening"),
            "sections": list(self.sections()),
            "provisions": [self.provision(one) for one in request.provisions],
            "undertakings": [self.provision(one) for one in request.undertakings],
            "signer": self.office(request.offices.issuing),
            "record": [
                [self.word("digest"), request.digest.hex],
                [self.word("release"), request.law.release],
                [self.word("lawbase"), request.law.lawbase],
                [self.word("resolution"), request.law.resolution],
                [self.word("on"), self.day(request.law.on)],
            ],
        }

    def word(self, name: str) -> str:
        return self.titles.words[name].in_(self.language)

    def office(self, office: Office) -> str:
        return office.name or office.id

    def state(self, code: StateCode | str) -> str:
        return str(Locale(str(self.language)).territories.get(str(code), str(code)))

    def day(self, on: date) -> str:
        return format_date(on, format="long", locale=_DATES[self.language])

    def basis(self) -> dict[str, Any]:
        basis = self.request.basis
        title, _ = self.titles.instrument(basis.instrument)
        own = title.in_(self.language) if title.en == basis.title else basis.title
        return {
            "title": own or self.word("reciprocity"),
            "reference": basis.reference,
            "joined": [self.titles.instrument(instrument)[1] for instrument in basis.joined],
        }

    def sections(self) -> Iterator[dict[str, Any]]:
        own = self.titles.sections.get(self.request.form)
        if own is None:
            groups: dict[str, list[str]] = {name: [] for name in self.contents.groups}
            for row in self.contents.fields.values():
                groups[row.group].append(row.id)
            groups["particulars"] += [f"particulars.{name}" for name in self.request.draft.particulars]
            listed = [(str(n), self.contents.groups[g].in_(self.language), groups[g]) for n, g in enumerate(groups, 1)]
            filled = [(title, entries) for _, title, ids in listed if (entries := list(self.entries(ids)))]
            for number, (title, entries) in enumerate(filled, 1):
                yield {"mark": str(number), "title": title, "entries": entries}
            return
        placed = {id_ for section in own for id_ in section.fields}
        rest = [id_ for id_ in self.contents.fields if id_ not in placed and id_ != "attachments"]
        rest += [path for n in self.request.draft.particulars if (path := f"particulars.{n}") not in placed]
        for section in own:
            ids = [*section.fields, *(rest if section.id == "H" else ())]
            title = section.title.in_(self.language)
            yield {"mark": section.id, "title": title, "entries": list(self.entries(ids))}
        if enclosed := list(self.entries(["attachments"])):
            yield {"mark": "", "title": self.contents.groups["enclosures"].in_(self.language), "entries": enclosed}

    def entries(self, ids: Sequence[str]) -> Iterator[dict[str, Any]]:
        for id_ in ids:
            if id_ == "states":
                states = (self.request.requesting, self.request.requested)
                yield self.entry(self.word("issuing_state"), "", [self.state(states[0])])
                yield self.entry(self.word("executing_state"), "", [self.state(states[1])])
            elif id_.startswith("particulars."):
                if text := self.request.draft.particulars.get(id_.removeprefix("particulars."), ""):
                    yield self.entry(self.particular(id_), self.articles(id_), [text])
            else:
                yield from self.field(self.contents.fields[id_])

    def particular(self, id_: str) -> str:
        name = id_.removeprefix("particulars.")
        if name in self.titles.statements:
            return self.titles.statements[name].label.in_(self.language)
        if name in self.contents.contents:
            return self.contents.contents[name].label.in_(self.language)
        stated = next((one.text for one in self.request.contents if id_ in one.fields), name)
        return stated or name

    def field(self, row: Row) -> Iterator[dict[str, Any]]:
        value = _at(self.request.draft, row.id)
        said = row.id == "urgency.urgent" and self.request.form in self.titles.sections  # Annex A, section B: yes or no
        if (value in ("", None, (), False) and not said) or value == Span():
            return
        label, article = row.label.in_(self.language), self.articles(row.id)
        if row.kind is FieldKind.SPAN:
            shown = [self.day(one) for one in (value.first, value.last) if one]
            yield self.entry(label, article, [" – ".join(shown)])
        elif row.parts:
            parts = [self.part(row, number, entry) for number, entry in enumerate(value, 1)]
            yield {"label": label, "article": article, "texts": [], "parts": parts, "own": False}
        else:
            many = value if isinstance(value, tuple) else (value,)
            yield self.entry(label, article, [self.text(row.kind, one) for one in many], own=_own(row.kind))

    def part(self, row: Row, number: int, entry: Any) -> dict[str, Any]:
        name = self.word(_NAMES[row.kind])
        rows = []
        for part in row.parts:
            value = getattr(entry, part.id)
            if value in ("", None, False):
                continue
            said = _grouped(value) if part.id == "iban" else self.text(part.kind, value)
            rows.append([self.label(part), said, _own(part.kind)])
        if row.kind is FieldKind.OFFENCES and self.request.form == "eio":
            rows += self.listed(entry)
        return {"title": f"{name} {number}", "rows": rows}

    def listed(self, offence: Offence) -> Iterator[list[Any]]:
        """Annex A, section G.3: the category of Annex D, and whether three years can be imposed."""
        names = [self.titles.of("eu32", name).in_(self.language) for name in self.titles.listed.get(offence.id, ())]
        yield [self.word("listed"), "; ".join(names) or self.word("no"), False]
        months = offence.maximum_penalty_months
        known = self.word("not_stated") if months is None else self.word("yes" if months >= 36 else "no")
        yield [self.word("three_years"), known, False]

    def label(self, part: Part) -> str:
        return part.label.in_(self.language)

    def text(self, kind: FieldKind, value: Any) -> str:
        match kind:
            case FieldKind.DATE:
                return self.day(value)
            case FieldKind.FLAG:
                return self.word("yes" if value else "no")
            case FieldKind.STATE:
                return self.state(value)
            case FieldKind.LANGUAGE:
                return str(Locale(str(self.language)).languages.get(value, value))
            case FieldKind.MEASURES:
                return self.titles.of("measures", value).in_(self.language)
            case FieldKind.OFFENCE:
                return self.titles.of("offences", value).in_(self.language)
            case FieldKind.PERSON_ROLE:
                return self.titles.roles[value].in_(self.language)
            case FieldKind.AUTHORITY:
                offices = self.request.offices
                every = (offices.issuing, offices.executing, offices.validating)
                return next((one.name for one in every if one and one.id == value and one.name), str(value))
            case _:
                return str(value)

    @staticmethod
    def entry(label: str, article: str, texts: Sequence[str], *, own: bool = False) -> dict[str, Any]:
        return {"label": label, "article": article, "texts": list(texts), "parts": [], "own": own}

    def articles(self, id_: str) -> str:
        asked = [one.article for one in self.request.contents if any(_under(path, id_) for path in one.fields)]
        return _kept(", ".join(dict.fromkeys(article for article in asked if article)))

    def provision(self, one: Provision) -> dict[str, Any]:
        doubt = f", {self.word('unsure')}" if one.unsure else ""
        own = bool(one.uk) and self.language is Language.UK
        return {
            "article": _kept(self.cited(one)),
            "kind": self.titles.of("kinds", one.kind).in_(self.language),
            "values": "; ".join(self.values(one)),
            "text": one.uk if own else one.text,
            "text_language": "uk" if own else "en",
            "known": self.word(one.basis if one.basis in ("looked-up", "recalled") else "recalled") + doubt,
        }

    def cited(self, one: Provision) -> str:
        """Return the article; what follows it for a state's own declaration or law is said in the letter's language."""
        if not one.of_state or self.language is Language.EN:
            return one.article
        article, _, what = one.article.rpartition(", ")
        by = self.word("law_of" if what.startswith("law of") else "declared")
        return f"{article or one.article} ({by} {self.state(one.of_state)})"

    def values(self, one: Provision) -> list[str]:
        """Return what the rule's values are called: those that say more than its text does in this language."""
        if one.kind == "language":
            return [self.text(FieldKind.LANGUAGE, value) for value in one.value if len(value) == 2]
        labels = [label for value in one.value if (label := self.titles.word(value))]
        return [label.in_(self.language) for label in labels] if self.language is not Language.EN else []


_DATES = {Language.EN: "en_GB", Language.UK: "uk"}
_NAMES = {
    FieldKind.OFFENCES: "offence",
    FieldKind.PERSONS: "person",
    FieldKind.ACCOUNTS: "account",
    FieldKind.PHONES: "phone",
    FieldKind.ITEMS: "item",
    FieldKind.FORMALITIES: "formality",
    FieldKind.CONTACTS: "contact",
    FieldKind.FILES: "enclosure",
}


def _grouped(iban: str) -> str:
    """Write an IBAN for people: in groups of four (ISO 13616-1, annex A), on one line."""
    return "\u00a0".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def _kept(article: str) -> str:
    """Keep ``Art.`` and its number on one line."""
    return article.replace("Art. ", "Art.\u00a0")


def _own(kind: FieldKind) -> bool:
    """Tell whether a text is the user's, in the language of the draft."""
    return kind in (FieldKind.LINE, FieldKind.PROSE)


def _under(path: str, id_: str) -> bool:
    return path == id_ or path.startswith(f"{id_}.")


def _at(draft: Draft, path: str) -> Any:
    name, _, part = path.partition(".")
    value = getattr(draft, name)
    return getattr(value, part) if part else value
