"""Files of profiles from and for other programs. Each reader yields profiles with their places, or refuses the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from comity.forensics.dna.place import Place
from comity.forensics.dna.profile import Category, Profile
from comity.forensics.dna.reader import category as read_category
from comity.forensics.dna.reader import profiles as read_json
from comity.forensics.errors import FormatError

__all__ = ["guess", "read", "write"]


def read(path: Path, form: str = "auto", category: str | None = None) -> Iterator[tuple[Place, Profile]]:
    """Yield the profiles of a file. ``category`` is for formats that have none; traces are taken where it is None."""
    from comity.forensics.dna.formats import cmf, prum, table

    kind = read_category(category) if category else Category.TRACE
    match guess(path) if form == "auto" else form:
        case "json":
            yield from read_json(path)
        case "cmf":
            yield from cmf.read(path)
        case "prum":
            yield from prum.read(path, kind if category else None)
        case "table":
            yield from table.read(path, kind)
        case other:
            raise FormatError(f"{other!r} is not a format.", remedy="Choose json, cmf, table or prum.")


def write(profiles: Iterable[Profile], form: str, *, laboratory: str = "") -> Iterator[str]:
    """Yield a file's text in parts."""
    import json

    from comity.forensics.dna.formats import cmf, table

    match form:
        case "json":
            for each in profiles:
                yield json.dumps(each.to_json(), ensure_ascii=False) + "\n"
        case "cmf":
            yield from cmf.write(profiles, laboratory)
        case "table":
            yield from table.write(profiles)
        case other:
            raise FormatError(f"{other!r} is not a format.", remedy="Choose json, cmf or table.")


def guess(path: Path) -> str:
    """Return the format a file's first bytes speak for."""
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
    except OSError as error:
        raise FormatError(
            f"{path} cannot be read: {error.strerror or error}.",
            cause="The path is wrong, or the file may not be read by you.",
            remedy="Check the path.",
        ) from error
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if plain[:1] in (b"{", b"["):
        return "json"
    if plain[:1] == b"<":
        return "prum" if b"<PruemContent" in plain else "cmf"
    if not plain:
        raise FormatError(f"{path.name} holds no profile.", cause="The file is empty.")
    if path.suffix.lower() in (".json", ".jsonl", ".ndjson"):
        return "json"
    return "table"
