"""CODIS Common Message Format 3.x, import files: SPECIMEN, LOCUS, ALLELEVALUE.

The namespace is ``urn:CODISImportFile-schema``. A locus with one value is a homozygote by the custom of CODIS, except in
a mixture. Nothing outside the file is ever fetched; document types and entities are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

from comity.forensics.dna.allele import allele
from comity.forensics.dna.formats.document import root_of
from comity.forensics.dna.locus import LocusKind, locus
from comity.forensics.dna.place import Place, at
from comity.forensics.dna.profile import Category, Profile
from comity.forensics.dna.reader import profile
from comity.forensics.errors import FormatError, ProfileError

__all__ = ["CATEGORIES", "NAMESPACE", "read", "write"]

NAMESPACE = "urn:CODISImportFile-schema"

CATEGORIES = {
    "Convicted Offender": Category.PERSON,
    "Arrestee": Category.PERSON,
    "Detainee": Category.PERSON,
    "Juvenile": Category.PERSON,
    "Legal": Category.PERSON,
    "Multi-allelic Offender": Category.PERSON,
    "Suspect, Known": Category.PERSON,
    "Volunteer": Category.PERSON,
    "Elimination, Known": Category.ELIMINATION,
    "Victim, Known": Category.ELIMINATION,
    "Missing Person": Category.MISSING,
    "Deduced Missing Person": Category.MISSING,
    "Deduced Victim Known": Category.MISSING,
    "Unidentified Person": Category.REMAINS,
    "Unidentified Human (Remains)": Category.REMAINS,
    "Unidentified Human Remains": Category.REMAINS,
    "Forensic Unknown": Category.TRACE,
    "Forensic Mixture": Category.TRACE,
    "Forensic Partial": Category.TRACE,
    "Forensic Targeted": Category.TRACE,
    "Solved": Category.TRACE,
}
"""Specimen categories and what they are here; the names are recalled from CODIS, not read in a schema."""

_MIXED = frozenset({"Forensic Mixture"})
_WRITTEN = {
    Category.PERSON: "Convicted Offender",
    Category.ELIMINATION: "Elimination, Known",
    Category.MISSING: "Missing Person",
    Category.REMAINS: "Unidentified Person",
    Category.TRACE: "Forensic Unknown",
}


def read(path: Path) -> Iterator[tuple[Place, Profile]]:
    """Yield every specimen of an import file."""
    root = _root(path)
    version = _text(root, "HEADERVERSION") or root.get("HeaderVersion") or _text(root, "CMFVERSION") or "3"
    if not version.startswith("3"):
        raise FormatError(f"{path.name}: CMF {version} is not read; 3.x is.", cause="The file is of another version.")
    found = [each for each in root.iter() if _name(each) == "SPECIMEN"]
    if not found:
        raise FormatError(f"{path.name} holds no SPECIMEN.", cause="It is no import file of profiles.")
    for specimen in found:
        place = Place(path.name, _line(specimen))
        with at(place):
            yield place, _specimen(specimen, place, _text(root, "SOURCELAB"))


def _root(path: Path) -> etree._Element:
    root = root_of(path)
    if _name(root) != "CODISImportFile":
        raise FormatError(f"{path.name}: the root is {_name(root)!r}; a CMF import file begins with CODISImportFile.")
    return root


def _name(element: etree._Element) -> str:
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _line(element: etree._Element) -> int:
    return int(getattr(element, "sourceline", None) or 0)


def _text(element: etree._Element, name: str) -> str | None:
    for each in element.iter():
        if _name(each) == name:
            return (each.text or "").strip() or None
    return None


def _specimen(specimen: etree._Element, place: Place, laboratory: str | None) -> Profile:
    kind = _text(specimen, "SPECIMENCATEGORY")
    if kind not in CATEGORIES:
        raise ProfileError(
            f"{place.at('SPECIMENCATEGORY')}: {kind!r} is not a specimen category known here.",
            cause="It is misspelt, or holds no autosomal profile of a person or a trace.",
            remedy=f"Those known are {', '.join(CATEGORIES)}.",
        )
    category, mixed = CATEGORIES[kind], kind in _MIXED
    loci: dict[str, list[str]] = {}
    triallelic = []
    for each in (one for one in specimen.iter() if _name(one) == "LOCUS"):
        here = Place(place.file, _line(each), "LOCUS")
        with at(here):
            name, alleles = _locus(each, mixed=mixed)
            if name in loci:
                raise ProfileError(f"{name} stands twice in one specimen.")
        loci[name] = alleles
        if len(alleles) == 3 and not mixed:
            triallelic.append(name)
    found: dict[str, object] = {
        "id": _text(specimen, "SPECIMENID"),
        "category": category.value,
        "loci": loci,
        "triallelic": triallelic if kind == "Multi-allelic Offender" else [],
    }
    if laboratory:
        found["laboratory"] = laboratory
    if mixed:
        found["contributors"] = max(2, (max(map(len, loci.values()), default=2) + 1) // 2)
    return profile(found, place)


def _locus(element: etree._Element, *, mixed: bool) -> tuple[str, list[str]]:
    where = locus(_text(element, "LOCUSNAME") or "")
    alleles = [(each.text or "").strip() for each in element.iter() if _name(each) == "ALLELEVALUE"]
    alleles = [allele(each, where).text for each in alleles if each]
    if len(alleles) == 1 and not mixed and where.kind is not LocusKind.Y:
        alleles *= 2
    return where.name, alleles


def write(profiles: Iterable[Profile], laboratory: str) -> Iterator[str]:
    """Yield an import file."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<CODISImportFile xmlns="{NAMESPACE}">\n  <HEADERVERSION>3.2</HEADERVERSION>\n'
    yield "  <MESSAGETYPE>Import</MESSAGETYPE>\n"
    yield f"  <SOURCELAB>{escape(laboratory)}</SOURCELAB>\n"
    for each in profiles:
        kind = "Forensic Mixture" if each.mixed else _WRITTEN[each.category]
        kind = "Multi-allelic Offender" if each.triallelic and each.category is Category.PERSON else kind
        yield f"  <SPECIMEN>\n    <SPECIMENID>{escape(each.id)}</SPECIMENID>\n"
        yield f"    <SPECIMENCATEGORY>{escape(kind)}</SPECIMENCATEGORY>\n"
        for name, seen in each.loci.items():
            yield f"    <LOCUS>\n      <LOCUSNAME>{escape(name)}</LOCUSNAME>\n"
            for one in seen:
                yield f"      <ALLELE><ALLELEVALUE>{escape(one.text)}</ALLELEVALUE></ALLELE>\n"
            yield "    </LOCUS>\n"
        yield "  </SPECIMEN>\n"
    yield "</CODISImportFile>\n"
