"""The files of the law base: read once, digested, parsed, and kept compiled.

The digest of the base is SHA-256 over the sorted lines ``<sha256 of the file> <path>`` of every YAML file that is law (all
but ``cases`` and the counts of the migration), so that ``sha256sum`` can make it again. The compiled form is the parsed
content as JSON under the digest of the files, headed by its own SHA-256; a file that was cut or altered is not used and is
written anew. It holds texts, lists and tables only: reading it can run nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from comity.law import strict_yaml
from comity.law.errors import CacheError, LawFileError

__all__ = ["PARTS", "compiled", "digest_of", "gather", "kept", "parsed"]

PARTS = (
    "facts",
    "forms",
    "instruments",
    "methods",
    "precedence",
    "reciprocity",
    "scope",
    "states",
    "transitions",
    "vocabulary",
)
"""Folders of the law base that hold law."""

NOT_LAW = frozenset({"vocabulary/counts.yaml"})
_FORMAT = "comity-lawbase-1"


def gather(root: Path) -> Mapping[str, bytes]:
    """Return the bytes of every file of law by its path below the root."""
    found: dict[str, bytes] = {}
    try:
        for part in PARTS:
            _gather(root / part, part, found)
    except OSError as error:
        raise LawFileError(
            f"A file of the law base cannot be read: {error.strerror or error}.",
            cause="Its permissions do not let this user read it, or it was taken away while it was read.",
            remedy="Let the user who runs Comity read every file of the law base.",
        ) from error
    if not any(path.startswith("instruments/") for path in found):
        raise LawFileError(
            "There is no law base where one was looked for.",
            cause="The folder named is not the root of a law base, which holds 'instruments' and 'vocabulary'.",
            remedy="Name the folder that holds them, or install comity-lawbase.",
        )
    return found


def _gather(folder: Path, name: str, found: dict[str, bytes]) -> None:
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            path = f"{name}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                _gather(folder / entry.name, path, found)
            elif entry.name.endswith(".yml"):
                raise LawFileError(
                    f"{path} would not be read.",
                    cause="Files of the law base end in .yaml.",
                    remedy="Rename it to end in .yaml.",
                    file=path,
                )
            elif entry.name.endswith(".yaml") and path not in NOT_LAW:
                found[path] = Path(entry.path).read_bytes()


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return the digest of the whole law base, as hex."""
    lines = (f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def parsed(files: Mapping[str, bytes]) -> Mapping[str, Any]:
    """Parse every file; the result is keyed by path without ``.yaml``."""
    return {path.removesuffix(".yaml"): strict_yaml.parse(files[path], path) for path in sorted(files)}


def compiled(files: Mapping[str, bytes], digest: str, cache: Path) -> Mapping[str, Any]:
    """Return the parsed files from the folder ``cache``, parsing and writing them where they are not there yet."""
    path = cache / f"{_FORMAT}-{digest}.json"
    found = _kept(path)
    if found is not None:
        return found
    fresh = parsed(files)
    body = json.dumps(fresh, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}.tmp")
        draft.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        draft.replace(path)
    except OSError as error:
        raise CacheError(f"The compiled law base cannot be written: {error.strerror or error}.") from error
    return fresh


def kept(digest: str, folder: Path) -> Mapping[str, Any] | None:
    """Return the parsed files kept under a digest, or None where they are not there whole."""
    return _kept(folder / f"{_FORMAT}-{digest}.json")


def _kept(path: Path) -> Mapping[str, Any] | None:
    try:
        head, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if hashlib.sha256(body).hexdigest().encode() != head:
        return None
    found = json.loads(body)
    return found if isinstance(found, dict) else None
