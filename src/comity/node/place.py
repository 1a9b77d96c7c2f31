"""Where a node keeps what: the files of its directory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from comity.node.errors import NotANodeError

__all__ = ["Place", "here"]


@dataclass(frozen=True, slots=True)
class Place:
    """The files of a node under ``root``."""

    root: Path

    @property
    def keys(self) -> Path:
        """Keys and certificates."""
        return self.root / "keys"

    @property
    def blobs(self) -> Path:
        """The content-addressed store."""
        return self.root / "blobs"

    @property
    def work(self) -> Path:
        """Files being made or pulled; may be emptied while the node stands still."""
        return self.root / "work"

    @property
    def run(self) -> Path:
        """Lock and pipe of the running node."""
        return self.root / "run"

    @property
    def cache(self) -> Path:
        """What can be made again: the law base as read."""
        return self.root / "cache"

    @property
    def dna(self) -> Path:
        """This state's DNA database."""
        return self.root / "dna"

    @property
    def partners(self) -> Path:
        """The anchors of the partners' TLS certificates, which the exchange port asks of every client."""
        return self.keys / "partners.pem"

    def make(self) -> None:
        """Create the directories, closed to everyone else."""
        for path in (self.root, self.keys, self.blobs, self.work, self.run, self.cache):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)


def here() -> Place:
    """Return this node's place."""
    if settings.DIRECTORY is None:
        raise NotANodeError("No directory is named for this node.", remedy="Set COMITY_DIR.")
    return Place(settings.DIRECTORY)
