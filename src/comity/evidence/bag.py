"""The bag in a package (RFC 8493): tag files, and manifests that `sha256sum -c` reads.

Names are ASCII and free of white space, so that no line needs escaping; the names files were received under stand in
``meta/package.json``. Between digest and name stand two spaces, as coreutils writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

__all__ = ["BAGIT", "ROOT", "info", "manifest", "read_manifest", "safe"]

ROOT: Final = "bag/"
BAGIT: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LINE: Final = re.compile(r"([0-9a-f]+)  ([A-Za-z0-9._/-]+)")


def info(dossier: str, sender: str, at: datetime, *, octets: int, files: int) -> bytes:
    """Return ``bag-info.txt``; ``octets`` and ``files`` count the payload (Payload-Oxum)."""
    lines = (
        ("Source-Organization", sender),
        ("External-Identifier", dossier),
        ("Bagging-Date", at.date().isoformat()),
        ("Payload-Oxum", f"{octets}.{files}"),
        ("Bag-Software-Agent", "Comity"),
    )
    return "".join(f"{name}: {' '.join(value.split())}\n" for name, value in lines).encode()


def manifest(digests: Mapping[str, str]) -> bytes:
    """Return a manifest of hexadecimal digests by path within the bag, in the order of the paths."""
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode()


def read_manifest(data: bytes, digits: int) -> dict[str, str] | None:
    """Read a manifest with digests of ``digits`` characters; None where it is not in its one form."""
    found: dict[str, str] = {}
    for line in data.decode("ascii", "replace").splitlines():
        parts = _LINE.fullmatch(line)
        if not parts or len(parts[1]) != digits or parts[2] in found:
            return None
        found[parts[2]] = parts[1]
    return found if manifest(found) == data else None


def safe(name: str, taken: Iterable[str]) -> str:
    """Return the name a file is packed under: ASCII, at most 100 characters, and not (in any case) among ``taken``."""
    used = {other.lower() for other in taken}
    stem, dot, suffix = name.rpartition(".")
    if not dot or not 0 < len(suffix) <= 12 or _UNSAFE.search(suffix):
        stem, dot, suffix = name, "", ""
    stem = _UNSAFE.sub("_", stem).strip("._-")[:80] or "file"
    chosen, number = f"{stem}{dot}{suffix}", 1
    while chosen.lower() in used:
        number += 1
        chosen = f"{stem}-{number}{dot}{suffix}"
    return chosen
