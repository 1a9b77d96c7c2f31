"""Stations 1 to 3: from what a form holds to a draft, the law's answer, and what is still missing.

The order: the question is read from the values (who asks whom for which measures and offences, on which day); the law
answers; the answer says which fields there are; then the values are read into a draft, so that a refused value is
refused with the provision that asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from comity.law import LawBase, Question, Resolution, resolve
from comity.law.form import Form, form_of
from comity.request import compose, door
from comity.request.basis import chosen
from comity.request.compose import Missing
from comity.request.draft import Draft
from comity.request.errors import FieldRefusedError, MissingFieldError
from comity.request.form import Field, fields, gather

__all__ = ["Prepared", "prepare"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft with the law beside it. ``instrument`` is empty for reciprocity; ``missing`` is what it still lacks.

    ``refused`` are values that were left out because the door refuses them; it is empty unless reading was lenient.
    """

    draft: Draft
    resolution: Resolution
    instrument: str
    form: Form
    fields: tuple[Field, ...]
    missing: tuple[Missing, ...]
    refused: tuple[FieldRefusedError, ...] = ()


def prepare(
    values: Mapping[str, Any] | Draft,
    base: LawBase,
    *,
    requesting: str,
    requested: str,
    on: date,
    facts: Mapping[str, str] | None = None,
    instrument: str | None = None,
    lenient: bool = False,
) -> Prepared:
    """Prepare a draft: ``values`` are keyed by the ids of the form's fields, or are a draft already read.

    ``instrument`` chooses one of the legal bases, by default the first. With ``lenient`` a value the door refuses is
    left out and listed in ``refused``; otherwise the refusal is raised, naming the field and the provision behind it.
    """
    given = values.to_json() if isinstance(values, Draft) else gather(values)
    question = Question.read(
        requesting=requesting,
        requested=requested,
        measures=_named(given.get("measures")),
        offences=[name for one in _listed(given.get("offences")) if (name := _id(one))],
        on=on,
        facts=dict(facts or {}),
        base=base,
    )
    resolution = resolve(question, base)
    form = fields(resolution, instrument)
    refused: tuple[FieldRefusedError, ...] = ()
    if isinstance(values, Draft):
        draft = values
    elif lenient:
        draft, refused = _read_leniently(given, form)
    else:
        draft = door.read(given, fields=form)
    basis = chosen(resolution, instrument)
    return Prepared(
        draft=draft,
        resolution=resolution,
        instrument=basis.instrument,
        form=form_of(basis.instrument or None),
        fields=form,
        missing=compose.missing(draft, resolution, instrument),
        refused=refused,
    )


def _read_leniently(given: Mapping[str, Any], form: Sequence[Field]) -> tuple[Draft, tuple[FieldRefusedError, ...]]:
    rest = dict(given)
    refused: list[FieldRefusedError] = []
    while True:
        try:
            return door.read(rest, fields=form), tuple(refused)
        except FieldRefusedError as error:
            if not _leave_out(rest, str(error.fields.get("field", ""))):
                raise
            refused.append(error)


_PATH = re.compile(r"(?P<name>[^.\[]+)(?:\.(?P<part>[^.\[]+)|\[(?P<number>\d+)\])?.*", re.DOTALL)


def _leave_out(rest: dict[str, Any], path: str) -> bool:
    """Take the field at ``path`` out; whole entries of lists go as one. Tell whether there was anything to take."""
    found = _PATH.fullmatch(path)
    name, part, number = found.group("name", "part", "number") if found else ("", None, None)
    if name not in rest or name == "measures":
        return False
    held = rest[name]
    if isinstance(held, dict) and part in held:
        rest[name] = {key: value for key, value in held.items() if key != part}
    elif isinstance(held, list) and number is not None and int(number) < len(held):
        rest[name] = [entry for at, entry in enumerate(held) if at != int(number)]
    else:
        del rest[name]
    return True


def _named(given: object) -> list[str]:
    names = [name for name in _listed(given) if isinstance(name, str)]
    if not names:
        raise MissingFieldError("A request names at least one measure.", field="measures")
    return names


def _listed(given: object) -> list[Any]:
    return list(given) if isinstance(given, list | tuple) else []


def _id(offence: object) -> str:
    found = offence.get("id") if isinstance(offence, Mapping) else offence
    return found if isinstance(found, str) else ""
