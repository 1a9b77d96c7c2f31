"""Exhibits, physical and digital, as both states describe them: number, title, files by digest, conditions of use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from comity.evidence.closed import Closed
from comity.evidence.condition import Condition
from comity.evidence.errors import ExhibitError
from comity.values import Digest, Fingerprint

__all__ = ["Exhibit", "ExhibitFile", "Nature"]

_NUMBER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_SHA512: Final = re.compile(r"[0-9a-f]{128}")
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[A-Za-z0-9][A-Za-z0-9.+-]{0,80}")


class Nature(StrEnum):
    """Whether an exhibit can be touched."""

    PHYSICAL = "physical"
    DIGITAL = "digital"


@dataclass(frozen=True, slots=True)
class ExhibitFile:
    """One file of an exhibit, under the name it was received with; the bytes lie in the store by its fingerprint."""

    name: str
    media_type: str
    fingerprint: Fingerprint

    def __post_init__(self) -> None:
        if not self.name or len(self.name) > 200 or any(ord(c) < 32 or c in "/\\" for c in self.name):
            raise ExhibitError(f"{self.name[:60]!r} is not the name of a file.")
        if not _MEDIA_TYPE.fullmatch(self.media_type):
            raise ExhibitError(f"{self.media_type[:60]!r} is not a media type.")

    def to_json(self) -> dict[str, Any]:
        """Return the members as acts and packages carry them."""
        return {
            "name": self.name,
            "media_type": self.media_type,
            "sha256": self.fingerprint.sha256.hex,
            "sha512": self.fingerprint.sha512,
            "size": self.fingerprint.size,
        }

    @classmethod
    def read(cls, value: Any, where: str = "file") -> Self:
        """Read the members back; raise `ExhibitError`."""
        form = Closed(value, ("name", "media_type", "sha256", "sha512", "size"), where, ExhibitError)
        sha512 = form.text("sha512", limit=128)
        if not _SHA512.fullmatch(sha512):
            raise form.refused("sha512", "is not a SHA-512 digest")
        found = Fingerprint(form.digest("sha256"), sha512, form.number("size"))
        return cls(form.text("name", limit=200), form.text("media_type", limit=150), found)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One exhibit. ``number`` is unique in the dossier and names its folder in a package."""

    number: str
    title: str
    nature: Nature
    description: str
    files: tuple[ExhibitFile, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        if not _NUMBER.fullmatch(self.number):
            raise ExhibitError(
                f"{self.number[:60]!r} is not the number of an exhibit.",
                cause="A number has letters, digits, dot, hyphen and underscore, at most 40, and begins with the first.",
                remedy="Write it like E-001.",
            )
        if self.nature is Nature.DIGITAL and not self.files:
            raise ExhibitError(f"The digital exhibit {self.number} has no file.")
        if len({c.id for c in self.conditions}) != len(self.conditions):
            raise ExhibitError(f"The exhibit {self.number} has two conditions under one id.")

    @property
    def digests(self) -> frozenset[Digest]:
        """The digests of its files."""
        return frozenset(file.fingerprint.sha256 for file in self.files)

    def to_json(self) -> dict[str, Any]:
        """Return the members as acts and packages carry them."""
        return {
            "number": self.number,
            "title": self.title,
            "nature": str(self.nature),
            "description": self.description,
            "files": [file.to_json() for file in self.files],
            "conditions": [condition.to_json() for condition in self.conditions],
        }

    @classmethod
    def read(cls, value: Any, where: str = "exhibit") -> Self:
        """Read the members back; raise `ExhibitError`."""
        form = Closed(value, ("number", "title", "nature", "description", "files", "conditions"), where, ExhibitError)
        files = enumerate(form.list("files"))
        conditions = enumerate(form.list("conditions"))
        return cls(
            number=form.text("number", limit=40),
            title=form.text("title", limit=200),
            nature=form.choice("nature", Nature),
            description=form.text("description", empty=True),
            files=tuple(ExhibitFile.read(item, f"{form.path('files')}[{at}]") for at, item in files),
            conditions=tuple(Condition.read(item, f"{form.path('conditions')}[{at}]") for at, item in conditions),
        )
