"""The folder ``comity evidence pack`` reads: ``package.json`` beside the files it names.

    {"dossier": "MLA-UA-DE-2026-11-20-0001-1",
     "exhibits": [{"number": "E-001", "title": "...", "nature": "digital", "description": "...",
                   "files": [{"path": "data/statement.csv", "media_type": "text/csv"}],
                   "conditions": [{"id", "text", "provision", "source", "allows": ["this-case"], "until": null}]}],
     "acts": ["acts/000001.dsse.json"], "anchors": ["certs/UA.pem", "certs/DE.pem"], "papers": ["request.json"]}

Paths are relative to the folder and may not lead out of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from cryptography import x509

from comity.evidence.closed import Closed
from comity.evidence.condition import Condition
from comity.evidence.errors import BlobMissingError, PackError
from comity.evidence.item import Exhibit, ExhibitFile, Nature
from comity.record import Act
from comity.signing import dsse
from comity.signing.certificate import load_pem
from comity.signing.trust import Trust
from comity.values import Digest, DossierId, fingerprint, parse

__all__ = ["Folder", "read"]


@dataclass(frozen=True, slots=True)
class Folder:
    """What a folder describes; `open` gives its files by digest."""

    dossier: DossierId
    exhibits: tuple[Exhibit, ...]
    acts: tuple[tuple[Act, bytes], ...]
    anchors: tuple[x509.Certificate, ...]
    papers: Mapping[str, bytes]
    paths: Mapping[Digest, Path]

    def open(self, digest: Digest) -> BinaryIO:
        """Open a file of an exhibit."""
        if digest not in self.paths:
            raise BlobMissingError(f"The file {digest} is not in the folder.")
        return self.paths[digest].open("rb")


def read(root: Path) -> Folder:
    """Read a folder; raise `PackError` naming the member or file that is wrong."""
    described = parse(_inside(root, "package.json").read_bytes(), what="package.json")
    form = Closed(described, ("dossier", "exhibits", "acts", "anchors", "papers"), "package.json", PackError)
    paths: dict[Digest, Path] = {}
    return Folder(
        dossier=DossierId.read(form.text("dossier", limit=80)),
        exhibits=tuple(_exhibit(root, item, form, at, paths) for at, item in enumerate(form.list("exhibits"))),
        acts=tuple(_act(_inside(root, name).read_bytes()) for name in form.texts("acts")),
        anchors=tuple(c for name in form.texts("anchors") for c in load_pem(_inside(root, name).read_bytes())),
        papers={Path(name).name: _inside(root, name).read_bytes() for name in form.texts("papers")},
        paths=paths,
    )


def _exhibit(root: Path, value: Any, form: Closed, at: int, paths: dict[Digest, Path]) -> Exhibit:
    where = f"{form.path('exhibits')}[{at}]"
    part = Closed(value, ("number", "title", "nature", "description", "files", "conditions"), where, PackError)
    files = []
    for index, item in enumerate(part.list("files")):
        named = Closed(item, ("path", "media_type"), f"{where}.files[{index}]", PackError)
        path = _inside(root, named.text("path", limit=500))
        with path.open("rb") as stream:
            found = fingerprint(stream)
        paths[found.sha256] = path
        files.append(ExhibitFile(path.name, named.text("media_type", limit=150), found))
    return Exhibit(
        number=part.text("number", limit=40),
        title=part.text("title", limit=200),
        nature=part.choice("nature", Nature),
        description=part.text("description", empty=True),
        files=tuple(files),
        conditions=tuple(Condition.read(c, f"{where}.conditions[{i}]") for i, c in enumerate(part.list("conditions"))),
    )


def _act(envelope: bytes) -> tuple[Act, bytes]:
    return Act.read(dsse.unseal(envelope, Trust.none(), datetime.now(UTC)).payload), envelope


def _inside(root: Path, name: str) -> Path:
    path = (root / name).resolve()
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        raise PackError(
            f"{name} is not a file in the folder.",
            cause="It is missing, or its path leads out of the folder.",
            remedy="Put it into the folder and write its path relative to it.",
        )
    return path
