"""Processing modes: what both sides agreed on beforehand (ebMS 3.0 Core appendix D, eDelivery AS4 1.15 section 3.3)."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import Final

__all__ = ["ACT", "FETCHED", "PMODES", "Pmode"]

SERVICE: Final = "urn:comity:cooperation:1"
_PACKED: Final = ("image/", "video/", "audio/", "application/zip", "application/gzip", "application/vnd.etsi.asic")


@dataclass(frozen=True, slots=True)
class Pmode:
    """One agreed exchange: service and action, caps in bytes, and when a payload is compressed.

    ``parts`` is the most payloads of a message, ``part`` the largest payload before compression, ``size`` the largest
    body on the wire. A payload of at least ``compress_from`` bytes is sent as gzip where that saves a tenth.
    """

    service: str
    action: str
    parts: int = 64
    part: int = 16 * 1024 * 1024
    size: int = 72 * 1024 * 1024
    compress_from: int = 1024

    def compress(self, media_type: str, data: bytes) -> bytes | None:
        """Return the payload's gzip bytes, None where it does not pay."""
        if len(data) < self.compress_from or media_type.startswith(_PACKED):
            return None
        sample = data[:65536]
        if len(gzip.compress(sample, 1, mtime=0)) > len(sample) * 0.9:
            return None
        packed = gzip.compress(data, 5, mtime=0)
        return packed if len(packed) < len(data) * 0.9 else None


ACT: Final = Pmode(SERVICE, "act")
"""A shared act: its DSSE envelope, then its attachments or the list of claimed files."""

FETCHED: Final = Pmode(SERVICE, "fetched", parts=4, part=1024 * 1024, size=2 * 1024 * 1024)
"""The second receipt: every claimed file is here, whole and verified."""

PMODES: Final = (ACT, FETCHED)
