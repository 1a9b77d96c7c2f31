"""Station 3: from a draft and a resolution to a request, or to the list of what is missing and who asks for it.

The order: the draft must answer the question the law was asked; then everything the basis demands must be there; then
the request is put together with the basis, the digests of law base and resolution, and the undertakings on use that
follow from the basis.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from comity.law.form import form_of
from comity.request.basis import Answer, Rule, chosen
from comity.request.draft import Draft
from comity.request.errors import IncompleteError, OtherQuestionError
from comity.request.form import ASKED, Demand, Field, fields
from comity.request.request import Basis, Law, Office, Offices, Provision, Request, Stated
from comity.request.titles import titles
from comity.values import DossierId

__all__ = ["Missing", "compose", "missing"]

UNDERTAKINGS = ("speciality", "data_protection", "safe_conduct", "guarantee", "reciprocity")
"""Kinds of rules that bind the requesting state in what it does with what it receives."""

PRINTED = (
    *("channel", "language", "form_authentication", "confidentiality", "urgent_procedure", "time_limit"),
    *("dual_criminality", "costs", "measure_rule", "issuing_conditions", "condition", "postponement", "reasons"),
    *("follow_up", "reciprocity"),
)
"""Kinds of rules a request carries beside its contents, so that its reader sees what it relies on."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not there: the field's path, and the provision that asks for it (empty where only Comity does)."""

    field: str
    provision: str
    article: str
    text: str
    label_en: str = ""
    label_uk: str = ""


def missing(draft: Draft, resolution: Answer, instrument: str | None = None) -> tuple[Missing, ...]:
    """Return what the legal basis asks for and the draft lacks, in the order of the form."""
    found: list[Missing] = list(_unserved(draft, resolution, instrument))
    for one in fields(resolution, instrument):
        found.extend(_lacking(one, draft))
    found.extend(_unreasoned(draft))
    return tuple(found)


def compose(
    draft: Draft,
    resolution: Answer,
    *,
    dossier: DossierId,
    at: datetime,
    instrument: str | None = None,
    offices: Mapping[str, str] | None = None,
) -> Request:
    """Compose the request of a complete draft on the basis ``instrument``, by default the first of the resolution.

    ``offices`` gives the names of authorities by their id in the law base; an id without a name stands for itself.
    Raise `IncompleteError` naming each provision that asks for what is missing, `OtherQuestionError` where draft,
    resolution and dossier do not belong together.
    """
    _check_question(draft, resolution, dossier)
    if lacking := missing(draft, resolution, instrument):
        raise incomplete(lacking)
    basis = chosen(resolution, instrument)
    names = offices or {}
    return Request(
        dossier=dossier,
        at=at,
        form=form_of(basis.instrument or None).id,
        requesting=resolution.question.requesting,
        requested=resolution.question.requested,
        basis=Basis(basis.instrument, basis.title, basis.reference, basis.joined),
        law=Law(
            release=resolution.release,
            lawbase=str(resolution.lawbase_digest),
            resolution=resolution.digest.hex,
            on=resolution.question.on,
            facts={name: _fact(value) for name, value in resolution.question.facts.items()},
        ),
        offices=Offices(
            _office(draft.issuing_authority, names),
            _office(draft.executing_authority, names),
            _office(draft.validating_authority, names) if draft.validating_authority else None,
        ),
        contents=tuple(_stated(fields(resolution, instrument))),
        provisions=tuple(_provision(rule) for rule in basis.rules if rule.kind in PRINTED and not _undertaken(rule)),
        undertakings=tuple(_provision(rule) for rule in basis.rules if _undertaken(rule)),
        draft=draft,
    )


def incomplete(lacking: Sequence[Missing]) -> IncompleteError:
    """Return the error for what is missing: each field with the provision that asks for it."""
    lines = [f"- {one.label_en or one.field} ({one.field}): {one.article or one.text}" for one in lacking]
    return IncompleteError(
        "The request is not complete:\n" + "\n".join(lines),
        missing=[{"field": one.field, "provision": one.provision, "article": one.article} for one in lacking],
    )


def _check_question(draft: Draft, resolution: Answer, dossier: DossierId) -> None:
    question = resolution.question
    if set(draft.measures) != set(question.measures):
        raise OtherQuestionError(
            f"The draft asks for {', '.join(draft.measures)}, the resolution is about {', '.join(question.measures)}."
        )
    strange = {offence.id for offence in draft.offences} ^ set(question.offences)
    if strange and question.offences:
        raise OtherQuestionError(
            f"Draft and resolution are not about the same offences; they differ in {', '.join(sorted(strange))}."
        )
    if (dossier.issuing, dossier.executing) != (question.requesting, question.requested):
        raise OtherQuestionError(
            f"The cooperation {dossier} is not one between {question.requesting} and {question.requested}."
        )


def _lacking(one: Field, draft: Draft) -> Iterator[Missing]:
    value = _at(draft, one.id)
    empty = value in ("", None, (), False) or (one.parts and not isinstance(value, tuple) and _blank(value))
    if empty:
        if one.required:
            yield _missing(one.id, one.demands, one.label_en, one.label_uk)
        return
    for number, entry in enumerate(value if one.parts and isinstance(value, tuple) else ()):
        for part in one.parts:
            if part.required and getattr(entry, part.id) in ("", None):
                path = f"{one.id}[{number}].{part.id}"
                yield _missing(
                    path, part.demands, f"{one.label_en}: {part.label_en}", f"{one.label_uk}: {part.label_uk}"
                )


def _blank(value: Any) -> bool:
    return all(getattr(value, name) in ("", None) for name in value.__slots__)


def _unserved(draft: Draft, resolution: Answer, instrument: str | None) -> Iterator[Missing]:
    """Yield each measure the basis does not provide for, with the basis that does: it needs a request of its own."""
    basis, words = chosen(resolution, instrument), titles()
    for measure in draft.measures:
        if measure in basis.measures or measure not in resolution.question.measures:
            continue
        other = [one.reference for one in resolution.bases if measure in one.measures and one.status != "residual"]
        cited = basis.reference or basis.title
        where = f" on {', '.join(other)}" if other else ", on reciprocity"
        text = f"{cited} does not provide for this; it needs a request of its own{where}."
        label = words.of("measures", measure)
        yield Missing(
            "measures", "", "", text, f"Measures requested: {label.en}", f"Запитувані процесуальні дії: {label.uk}"
        )


def _unreasoned(draft: Draft) -> Iterator[Missing]:
    if draft.urgency.urgent and not draft.urgency.reason:
        yield Missing("urgency.reason", "", "", ASKED, "Reason for urgency", "Причина терміновості")
    if draft.confidential and not draft.confidentiality_reason:
        yield Missing("confidentiality_reason", "", "", ASKED, "Reason for confidentiality", "Причина конфіденційності")


def _missing(path: str, demands: Sequence[Demand], en: str, uk: str) -> Missing:
    strict = [demand for demand in demands if not demand.possible]
    demand = (strict or list(demands) or [Demand("", "", "", ASKED)])[0]
    return Missing(path, demand.provision, demand.article, demand.text, en, uk)


def _at(draft: Draft, path: str) -> Any:
    name, _, part = path.partition(".")
    value = getattr(draft, name)
    if not part:
        return value
    return value.get(part, "") if isinstance(value, Mapping) else getattr(value, part)


def _stated(form: Sequence[Field]) -> Iterator[Stated]:
    places: dict[Demand, list[str]] = {}
    for one in form:
        for demand in one.demands:
            if demand.provision:
                places.setdefault(demand, []).append(one.id)
    for demand, paths in places.items():
        yield Stated(demand.content, demand.provision, demand.article, demand.text, tuple(paths))


def _undertaken(rule: Rule) -> bool:
    """Tell whether a rule binds the requesting state; reciprocity that *may* be held against it is none of its promises."""
    return rule.kind in UNDERTAKINGS and not (rule.kind == "reciprocity" and rule.value == "may")


def _provision(rule: Rule) -> Provision:
    value = (rule.value,) if isinstance(rule.value, str) else tuple(rule.value or ())
    return Provision(
        provision=rule.provision,
        article=rule.article,
        kind=rule.kind,
        value=value,
        text=rule.text,
        source=rule.source,
        basis=rule.basis,
        unsure=rule.unsure,
        of_state=str(rule.of_state or ""),
        amount=rule.amount,
        unit=rule.unit,
        uk=rule.uk,
    )


def _fact(value: str | int | bool | date) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def _office(id_: str, names: Mapping[str, str]) -> Office:
    return Office(id_, names.get(id_, id_))
