"""Read profiles from JSON: one object, a list of objects, or one object a line.

    {"id": "S-1", "category": "trace", "loci": {"TH01": ["6", "9.3"], "D21S11": ["29", "*"]}}

What is refused is said with line and field; of a file with one refused profile nothing is read.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from comity.errors import ValueRefusedError
from comity.forensics.dna.allele import Typing, allele, typing
from comity.forensics.dna.kits import kit
from comity.forensics.dna.locus import Locus, LocusKind, locus
from comity.forensics.dna.place import Place, at
from comity.forensics.dna.profile import MOST_CONTRIBUTORS, Category, LocusDetail, Profile
from comity.forensics.errors import AlleleError, FormatError, ProfileError
from comity.values import day, parse

__all__ = [
    "by_lines",
    "category",
    "identity",
    "one",
    "only",
    "pieces",
    "profile",
    "profiles",
    "read_line",
    "read_typing",
]

PIECE = 1 << 23
"""Bytes of a file read at a time."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/#+-]{0,63}")
_MEMBERS = frozenset(
    {
        "id", "category", "loci", "contributors", "replicates", "triallelic", "kit", "laboratory", "accreditation",
        "legal_basis", "retain_until", "details",
    }
)  # fmt: skip
_MOST_ALLELES = 2 * MOST_CONTRIBUTORS


def profiles(path: Path) -> Iterator[tuple[Place, Profile]]:
    """Yield every profile of a file with its place; raise at the first that is refused."""
    data = _bytes(path)
    lines = data.splitlines()
    filled = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not filled:
        raise FormatError(f"{path.name} holds no profile.", cause="The file is empty.")
    if len(filled) > 1 and not _whole(filled[0][1]):
        yield from _document(path, data)
        return
    for number, line in filled:
        place = Place(path.name, number)
        with at(place):
            found = _json(line)
        if isinstance(found, list):
            yield from _listed(path, found)
            return
        with at(place):
            yield place, profile(found, place)


def pieces(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield a file in pieces of whole lines, with the number of each piece's first line; raise where it is empty."""
    found, line, rest = False, 1, b""
    try:
        with path.open("rb") as stream:
            while block := stream.read(PIECE):
                whole, sign, after = (rest + block).rpartition(b"\n")
                rest = after
                if not sign:
                    continue
                plain = (whole + sign).removeprefix(b"\xef\xbb\xbf") if line == 1 else whole + sign
                found = found or not plain.isspace()
                yield line, plain
                line += plain.count(b"\n")
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror or error}.", remedy="Check the path.") from error
    if rest and not rest.isspace():
        yield line, rest.removeprefix(b"\xef\xbb\xbf") if line == 1 else rest
    elif not found:
        raise FormatError(f"{path.name} holds no profile.", cause="The file is empty.")


def by_lines(path: Path) -> bool:
    """Return whether a file has one profile a line, by its first filled line."""
    for _, piece in pieces(path):
        for line in piece.splitlines():
            if line.strip():
                return _whole(line) and line.lstrip()[:1] == b"{"
    return False


def read_line(line: bytes, place: Place) -> Profile:
    """Read one profile from its line."""
    with at(place):
        return profile(_json(line), place)


def one(path: Path) -> Profile:
    """Read the one profile of a file; raise where there are more or none."""
    return only(path, list(profiles(path)))


def only(path: Path, found: list[tuple[Place, Profile]]) -> Profile:
    """Return the one profile that was read from a file; raise where there are more or none."""
    if len(found) != 1:
        raise ProfileError(
            f"{path.name} holds {len(found)} profiles; one is taken here.",
            cause="A database file was given where a single profile is searched or weighed.",
            remedy="Write the profile to a file of its own; replicates of one trace go with 'dna lr --replicates'.",
        )
    return found[0][1]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise FormatError(
            f"{path} cannot be read: {error.strerror or error}.",
            cause="The path is wrong, or the file may not be read by you.",
            remedy="Check the path.",
        ) from error


def _whole(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return line.lstrip().startswith(b"{") and len(line.strip()) > 1 and line.rstrip().endswith(b"}")
    return True


def _document(path: Path, data: bytes) -> Iterator[tuple[Place, Profile]]:
    with at(Place(path.name, 1)):
        found = _json(data)
    yield from _listed(path, found if isinstance(found, list) else [found])


def _listed(path: Path, found: list[Any]) -> Iterator[tuple[Place, Profile]]:
    for number, each in enumerate(found, 1):
        place = Place(path.name, 0, f"profile {number}")
        with at(place):
            yield place, profile(each, place)


def _json(data: bytes) -> Any:
    try:
        return parse(data, what="profile", limit=1 << 30)
    except ValueRefusedError as error:
        raise FormatError(error.detail, cause=error.cause) from error


def profile(found: Any, place: Place) -> Profile:
    """Read one profile from its JSON; ``place`` is where it stands."""
    if not isinstance(found, dict):
        raise FormatError(f"{place}: a profile is a JSON object with id, category and loci.")
    for name in found:
        if name not in _MEMBERS:
            with at(place.at(name)):
                _unknown(name)
    for name in ("id", "category", "loci"):
        if name not in found:
            raise ProfileError(f"{place}: the profile has no {name!r}.", cause="A member was left out.")
    with at(place.at("id")):
        identifier = identity(found["id"])
    with at(place.at("category")):
        kind = category(found["category"])
    triallelic = frozenset(locus(str(each)).name for each in _list(found, "triallelic", place))
    seen = _loci(found["loci"], place, known=kind.known, triallelic=triallelic)
    result = Profile(
        id=identifier,
        category=kind,
        loci=seen,
        contributors=_contributors(found, kind, place),
        replicates=tuple(
            _loci(each, place.at(f"replicates {number}"), known=False, triallelic=triallelic)
            for number, each in enumerate(_list(found, "replicates", place), 1)
        ),
        triallelic=triallelic,
        kit=_kit(found, place),
        laboratory=_text(found, "laboratory", place),
        accreditation=_text(found, "accreditation", place),
        legal_basis=_text(found, "legal_basis", place),
        retain_until=_day(found, place),
        details=_details(found, place),
    )
    _no_more_than_four(result, place)
    return result


def _unknown(name: str) -> None:
    near = difflib.get_close_matches(name, sorted(_MEMBERS), n=1, cutoff=0.5)
    raise ProfileError(
        f"{name[:40]!r} is not a member of a profile.",
        cause="Profiles carry no names and nothing beyond what is listed in the reference.",
        remedy=f"Did you mean {near[0]!r}?" if near else "Leave it out.",
    )


def identity(found: Any) -> str:
    """Read a profile's case-local number."""
    if isinstance(found, str) and _ID.fullmatch(found):
        return found
    raise ProfileError(
        f"{str(found)[:40]!r} is not a profile's id.",
        cause="An id is a case-local number of up to 64 letters, digits and . _ : / # + - and never a person's name.",
        remedy="Give the laboratory's number of the sample.",
    )


def category(found: Any) -> Category:
    """Read a category; raise `ProfileError` with those that exist."""
    try:
        return Category(found)
    except ValueError as error:
        names = ", ".join(Category)
        raise ProfileError(
            f"{str(found)[:40]!r} is not a category of profile.",
            cause="The category says which inclusion rule holds and what may be compared with what.",
            remedy=f"Write one of: {names}.",
        ) from error


def _loci(found: Any, place: Place, *, known: bool, triallelic: frozenset[str]) -> dict[str, Typing]:
    if not isinstance(found, dict):
        raise ProfileError(f"{place}: loci are an object from locus names to alleles.")
    seen: dict[str, Typing] = {}
    for name, alleles in found.items():
        with at(place.at(f"loci {name}")):
            where = locus(name)
            if where.name in seen:
                raise ProfileError(f"{where.name} stands twice, the second time as {name!r}.")
            typed = read_typing(alleles, where, known=known, triallelic=where.name in triallelic)
        if typed:
            seen[where.name] = typed
    return dict(sorted(seen.items(), key=lambda item: locus(item[0]).order))


def read_typing(found: Any, where: Locus, *, known: bool, triallelic: bool) -> Typing:
    """Read the alleles of one locus; ``known`` is whether they were taken from a known person."""
    if not isinstance(found, list) or not all(isinstance(each, (str, int, float)) for each in found):
        raise AlleleError(f"{where.name} needs a list of alleles.", cause='Alleles stand as ["14", "9.3"].')
    alleles = tuple(allele(str(each), where) for each in found if str(each).strip())
    _count(alleles, where, known=known, triallelic=triallelic)
    return typing(alleles)


def _count(alleles: Typing, where: Locus, *, known: bool, triallelic: bool) -> None:
    most = 3 if known and triallelic else 2 if known else _MOST_ALLELES
    if len(alleles) > most:
        raise AlleleError(
            f"{len(alleles)} alleles at {where.name}: {', '.join(each.text for each in alleles)}.",
            cause="One person has two alleles at a locus."
            if known
            else f"At most {MOST_CONTRIBUTORS} contributors are read, two alleles each.",
            remedy="If the person truly has three, name the locus in 'triallelic'; otherwise correct the reading."
            if known
            else "Separate the mixture further.",
            locus=where.name,
        )
    if known and len(alleles) == 1 and where.kind is not LocusKind.Y:
        raise AlleleError(
            f"Only one allele at {where.name}: {alleles[0].text}.",
            cause="A homozygote and a lost second allele look alike.",
            remedy=f"Write {alleles[0].text} twice for a homozygote, or {alleles[0].text} and * where one was lost.",
            locus=where.name,
        )


def _list(found: Mapping[str, Any], name: str, place: Place) -> list[Any]:
    value = found.get(name, [])
    if not isinstance(value, list):
        raise ProfileError(f"{place.at(name)}: a list is needed.")
    return value


def _text(found: Mapping[str, Any], name: str, place: Place) -> str | None:
    value = found.get(name)
    if value is None or (isinstance(value, str) and 0 < len(value) <= 500):
        return value
    raise ProfileError(f"{place.at(name)}: a text of up to 500 characters is needed.")


def _kit(found: Mapping[str, Any], place: Place) -> str | None:
    name = _text(found, "kit", place)
    with at(place.at("kit")):
        return kit(name) if name else None


def _day(found: Mapping[str, Any], place: Place) -> date | None:
    text = _text(found, "retain_until", place)
    with at(place.at("retain_until")):
        return day(text) if text else None


def _contributors(found: Mapping[str, Any], kind: Category, place: Place) -> int | None:
    value = found.get("contributors")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_CONTRIBUTORS:
        raise ProfileError(f"{place.at('contributors')}: a whole number from 1 to {MOST_CONTRIBUTORS} is needed.")
    if value > 1 and kind.known:
        raise ProfileError(
            f"{place.at('contributors')}: a profile of category {kind} has one contributor.",
            cause="A sample from a known person is no mixture.",
        )
    return value


def _details(found: Mapping[str, Any], place: Place) -> dict[str, LocusDetail]:
    value = found.get("details", {})
    if not isinstance(value, dict):
        raise ProfileError(
            f"{place.at('details')}: an object from locus names to kit, threshold and heights is needed."
        )
    details = {}
    for name, each in value.items():
        here = place.at(f"details {name}")
        with at(here):
            details[locus(name).name] = _detail(each, here)
    return details


def _detail(found: Any, place: Place) -> LocusDetail:
    if not isinstance(found, dict) or found.keys() - {"kit", "threshold", "heights"}:
        raise ProfileError(f"{place}: kit, threshold and heights may stand here.")
    threshold, heights = found.get("threshold"), found.get("heights", [])
    numbers = [*heights] if isinstance(heights, list) else [None]
    numbers += [] if threshold is None else [threshold]
    if not all(isinstance(each, (int, float)) and not isinstance(each, bool) and each >= 0 for each in numbers):
        raise ProfileError(f"{place}: threshold and heights are numbers of relative fluorescence units.")
    return LocusDetail(_kit(found, place), threshold, tuple(float(each) for each in heights))


def _no_more_than_four(found: Profile, place: Place) -> None:
    if found.fewest_contributors > MOST_CONTRIBUTORS:
        raise ProfileError(
            f"{place}: the alleles need {found.fewest_contributors} contributors; at most {MOST_CONTRIBUTORS} are read."
        )
    if found.contributors is None:
        return
    most = max((len(set(seen)) for name, seen in found.loci.items() if name not in found.triallelic), default=0)
    if most > 2 * found.contributors:
        raise ProfileError(
            f"{place.at('contributors')}: {found.contributors} stated, but {most} alleles stand at one locus.",
            cause="The number of contributors is too low, or the locus holds drop-in or stutter.",
            remedy="State more contributors, or correct the locus.",
        )
