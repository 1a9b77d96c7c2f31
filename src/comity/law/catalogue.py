"""The law base's texts in another language: a catalogue keyed by the exact English text, as gettext keeps one.

``lawbase/wording/<language>/*.yaml`` maps English texts to their translation. It is read strictly, at the first question for that
language and never by `comity.law.resolve`. A translation is Comity's own wording, not law: it is no part of the digest of the law
base, so that mending one never changes an answer that was given. What ties it to the law is the key: a text that changes loses its
translation, and `stale` names the translation, `missing` the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

from comity.law import strict_yaml
from comity.law.base import LawBase
from comity.law.errors import SchemaError
from comity.law.index import index_of

__all__ = ["LANGUAGES", "LISTS", "Catalogue", "Gap", "catalogue_of", "load", "missing", "said", "stale"]

LANGUAGES = ("uk",)
"""Languages besides English in which the law is said."""

LISTS = ("values", "grounds", "request_contents", "eu32", "steps", "roles", "declaration_kinds", "effects")
"""Closed lists whose words a rule or a declaration uses as values; they carry their own translation."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A text without a translation, or a translation without its text: the file it stands in, and what it is."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Translations by their English text; ``files`` says in which file each stands."""

    language: str
    texts: Mapping[str, str]
    files: Mapping[str, str]

    def get(self, text: str) -> str:
        """Return the translation of a text, or ""."""
        return self.texts.get(text, "")


def load(root: Path, language: str) -> Catalogue:
    """Read the catalogue of a language below the root of a law base; raise `SchemaError` for a text that stands twice or empty."""
    texts: dict[str, str] = {}
    files: dict[str, str] = {}
    for path in sorted((root / "wording" / language).glob("*.yaml")):
        name = f"wording/{language}/{path.name}"
        found = strict_yaml.parse(path.read_bytes(), name)
        if not isinstance(found, dict):
            raise SchemaError(f"{name} must map English texts to their translation.", file=name)
        for text, translation in found.items():
            if not isinstance(translation, str) or not translation.strip():
                raise SchemaError(f"{name}: {text[:60]!r} has no translation.", file=name)
            if text in texts:
                raise SchemaError(f"{name}: {text[:60]!r} stands in {files[text]} already.", file=name)
            texts[text], files[text] = translation, name
    return Catalogue(language, texts, files)


_KEPT: WeakKeyDictionary[LawBase, dict[str, Catalogue]] = WeakKeyDictionary()


def catalogue_of(base: LawBase, language: str) -> Catalogue:
    """Return the catalogue of a law base in a language, read at its first use; English has an empty one."""
    kept = _KEPT.setdefault(base, {})
    if language not in kept:
        kept[language] = load(base.root, language) if language in LANGUAGES else Catalogue(language, {}, {})
    return kept[language]


def stale(base: LawBase, catalogue: Catalogue) -> tuple[Gap, ...]:
    """Return the translations whose English text the law base no longer says."""
    known = said(base)
    return tuple(
        Gap(catalogue.files[text], f"translates {text[:80]!r}, which the law base does not say")
        for text in catalogue.texts
        if text not in known
    )


def missing(base: LawBase, catalogue: Catalogue) -> tuple[Gap, ...]:
    """Return the English texts that have no translation, with the file they stand in."""
    return tuple(
        Gap(where, f"{text[:80]!r} has no wording in {catalogue.language!r}")
        for text, where in said(base).items()
        if text not in catalogue.texts
    )


def said(base: LawBase) -> Mapping[str, str]:
    """Return every English text of a law base that an answer or a page may say, with the file it stands in first."""
    found: dict[str, str] = {}
    for where, text in _said(base):
        if text and text != "-" and not _NUMBER.fullmatch(text):
            found.setdefault(text, where)
    return found


_PART = r"(?:[0-9]+(?:[a-z]|bis)?|\([0-9a-z]+\))"
_NUMBER = re.compile(rf"{_PART}(?:[-, ]{{0,2}}{_PART})*")
"""Articles, which are said as they are: ``26(3)``, ``11-13``, ``5(1)(a), 8``."""


def _said(base: LawBase) -> Iterator[tuple[str, str]]:
    yield from _of_instruments(base)
    words = {word for name in LISTS for word in base.vocabulary[name]}
    for rule in base.rules.values():
        yield f"instruments/{rule.id}.yaml", rule.text
        values = (rule.value,) if isinstance(rule.value, str) else rule.value or ()
        for value in values:
            if value not in words and not (rule.kind == "language" and len(value) == 2):
                yield f"instruments/{rule.id}.yaml", value
    for declaration in base.declarations.values():
        yield f"{declaration.id}.yaml", declaration.text
        if not declaration.article[:1].isdigit():
            yield f"{declaration.id}.yaml", declaration.article
        for effect, said_of_it in declaration.effect.items():
            texts = (said_of_it,) if isinstance(said_of_it, str) else said_of_it
            if effect not in _CODES:
                yield from ((f"{declaration.id}.yaml", one) for one in texts if one not in words | _PLAIN)
    for relation in base.relations:
        yield f"instruments/{relation.id}.yaml", relation.text
    for absent in base.not_bound.values():
        yield f"instruments/{base.instruments[absent.instrument].path}/participation.yaml", absent.reason
    for authority in base.authorities.values():
        yield f"{authority.id}.yaml", authority.name
    for term in base.outside.values():
        yield "vocabulary/outside.yaml", term.title
    yield from _of_documents(base)


_CODES = frozenset(
    "accepted_languages excluded_states excluded_territories suspended_towards search_seizure_conditions "
    "excluded_articles excluded_chapters appendix_I min_days_before_hearing reciprocity".split()
)
"""Effects whose values are codes of states and languages, letters or articles."""

_PLAIN = frozenset({"yes", "no"})


def _of_instruments(base: LawBase) -> Iterator[tuple[str, str]]:
    for one in base.instruments.values():
        where = f"instruments/{one.path}/instrument.yaml"
        for text in (
            one.reference,
            one.short,
            one.depositary,
            "" if one.scope.text == "any_offence" else one.scope.text,
        ):
            yield where, text
        if not one.uk:
            yield where, one.title
    for name, told in base.completeness.items():
        yield f"instruments/{base.instruments[name].path}/participation.yaml", told["completeness"]


def _of_documents(base: LawBase) -> Iterator[tuple[str, str]]:
    regime = index_of(base).regime
    for line in (*regime.reciprocity, *regime.alternatives):
        yield "reciprocity", line.article.partition(" Art. ")[0]
    for mutual in regime.mutual:
        yield "reciprocity/between-parties.yaml", mutual.text
        yield "reciprocity/between-parties.yaml", mutual.article.partition(" Art. ")[0]
    for older in regime.older:
        yield "transitions/transitions.yaml", older.article
    for transition in regime.transitions:
        yield "transitions/transitions.yaml", transition.article.partition(" Art. ")[0]
    for path, row in base.documents.items():
        if path.startswith("methods/") and isinstance(row, Mapping):
            yield f"{path}.yaml", str(row["source"])
