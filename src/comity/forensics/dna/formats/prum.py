"""The content of a Prüm message on DNA: a query or its answer with what Decision 2008/616/JHA says it holds.

Article 8 lists what a request and an answer may include and says that it is all: states, dates, times and numbers,
profiles with their references and types (unidentified or reference), hit or no hit, the profiles that match, and what
is needed to control the searches. Article 8(1), 8(2)(a) to (e) and Annex chapter 1, nos 1.1 to 1.2 and 3.2 were looked
up; 8(2)(f) to (h) are recalled. The XML structure of the Annex's interface control document (chapter 1, no 4) could not
be looked up: **this is the content of the annex, not the annex's schema**, in a namespace of this project.

Written is by the export rules of no 1.2: what is not designated becomes a wildcard, of three alleles the first stands
beside one, a mixed profile and one below the inclusion rules (I2, I3) are refused; Y loci, which the Annex does not
know, are left out. Nothing outside the file is ever fetched; document types are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from comity.forensics.dna.allele import AlleleKind, allele
from comity.forensics.dna.formats.document import root_of
from comity.forensics.dna.inclusion import include
from comity.forensics.dna.locus import LocusKind, locus
from comity.forensics.dna.place import Place, at
from comity.forensics.dna.profile import Category, Profile
from comity.forensics.dna.reader import identity
from comity.forensics.dna.reader import profile as read_profile
from comity.forensics.dna.rules import rule_set
from comity.forensics.errors import FormatError, ProfileError
from comity.values import state

__all__ = ["NAMESPACE", "NOTE", "ROOT", "Match", "Message", "Result", "message", "read", "write"]

NAMESPACE = "urn:comity:pruem-dna-content:1"
ROOT = "PruemContent"
NOTE = "content of the annex, not the annex's schema"
REFERENCE, UNIDENTIFIED = "reference", "unidentified"
_CONTENT = {
    ROOT: ("header", "profile", "result"),
    "header": ("requesting", "requested", "request", "answer", "control"),
    "profile": ("locus",),
    "result": ("match",),
    "match": ("locus",),
    "locus": ("allele",),
}
_ATTRIBUTES = {
    ROOT: {"note", "data", "message"},
    "request": {"number", "at"},
    "answer": {"number", "at"},
    "control": {"rules", "version", "searched"},
    "profile": {"reference", "type"},
    "result": {"query", "found"},
    "match": {"reference", "type", "quality"},
    "locus": {"name"},
}


@dataclass(frozen=True, slots=True)
class Match:
    """A profile that matches, with its quality class."""

    profile: Profile
    quality: str


@dataclass(frozen=True, slots=True)
class Result:
    """What was found for one profile of the request; none is no hit."""

    query: str
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A request, or an answer where ``answer`` is set: its number and time. ``control`` names the rules it was made by.

    ``profiles`` are those of the request; ``results`` are an answer's, one a profile.
    """

    requesting: str
    requested: str
    request: tuple[str, datetime]
    test: bool
    profiles: tuple[Profile, ...]
    answer: tuple[str, datetime] | None = None
    results: tuple[Result, ...] = ()
    control: tuple[str, str, int] = ("", "", 0)


def read(path: Path, category: Category | None = None) -> Iterator[tuple[Place, Profile]]:
    """Yield the profiles of a request; the whole file is read first, so that of a broken one nothing comes.

    ``category`` says more of profiles of its type, such as remains of those that are unidentified.
    """
    found, places = _message(path, category)
    if found.answer is not None:
        raise FormatError(
            f"{path.name}: the message is an answer.",
            cause="An answer holds what another state found, which is not taken into one's own database.",
            remedy="Look at it with 'comity dna message'; import the request, or the laboratory's own file.",
        )
    yield from zip(places, found.profiles, strict=True)


def message(path: Path) -> Message:
    """Read a whole message; raise with line and field where it is not in order."""
    return _message(path, None)[0]


def _message(path: Path, category: Category | None) -> tuple[Message, list[Place]]:
    root = _root(path)
    reader = _Reader(path.name, category)
    reader.closed(root)
    header = reader.one(root, "header")
    answer = reader.child(header, "answer")
    kind = reader.word(root, "message", ("request", "answer"))
    if (kind == "answer") != (answer is not None):
        raise FormatError(f"{reader.place(root, 'message')}: a message of kind {kind} and its header disagree.")
    with_places = [(reader.place(each), reader.profile(each)) for each in reader.children(root, "profile")]
    places, profiles = [each[0] for each in with_places], tuple(each[1] for each in with_places)
    reader.unique([each.id for each in profiles], root)
    results = tuple(reader.result(each) for each in reader.children(root, "result"))
    _fits(reader, root, kind, profiles, results)
    requesting, requested = reader.state(header, "requesting"), reader.state(header, "requested")
    return (
        Message(
            requesting=requesting,
            requested=requested,
            request=reader.numbered(reader.one(header, "request")),
            test=reader.word(root, "data", ("test", "true")) == "test",
            profiles=profiles,
            answer=reader.numbered(answer) if answer is not None else None,
            results=results,
            control=reader.control(header),
        ),
        places,
    )


def _fits(
    reader: _Reader, root: etree._Element, kind: str, profiles: tuple[Profile, ...], results: tuple[Result, ...]
) -> None:
    if not profiles:
        raise FormatError(f"{reader.place(root)}: the message holds no profile.", cause="It was cut.")
    if kind == "request" and results:
        raise FormatError(f"{reader.place(root, 'result')}: a request holds no result.")
    if kind == "answer":
        reader.unique([each.query for each in results], root)
        asked = {each.id for each in profiles}
        for each in results:
            if each.query not in asked:
                raise FormatError(
                    f"{reader.place(root, 'result')}: {each.query} is not among the profiles of the request."
                )
        if lacking := asked - {each.query for each in results}:
            raise FormatError(f"{reader.place(root, 'result')}: nothing is said of {', '.join(sorted(lacking))}.")


def _root(path: Path) -> etree._Element:
    root = root_of(path)
    if root.tag != f"{{{NAMESPACE}}}{ROOT}":
        raise FormatError(
            f"{path.name}: the root is {root.tag!r}; a message begins with {ROOT} of {NAMESPACE}.",
            cause="It is of another version, or written to the Annex's own schema, which could not be looked up.",
            remedy="Export it from Comity, or hand over the profiles as JSON or CMF.",
        )
    return root


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads elements and says line and field of what it refuses."""

    file: str
    category: Category | None

    def place(self, element: etree._Element, field: str = "") -> Place:
        return Place(self.file, int(getattr(element, "sourceline", None) or 0), field or _name(element))

    def closed(self, element: etree._Element) -> None:
        """Refuse what the content does not have, here and below."""
        name = _name(element)
        strange = set(element.attrib) - _ATTRIBUTES.get(name, set())
        if strange:
            raise FormatError(f"{self.place(element)}: {min(map(str, strange))!r} may not stand here.")
        for child in element:
            if not _name(child):
                continue  # a comment
            if not child.tag.startswith(f"{{{NAMESPACE}}}") or _name(child) not in _CONTENT.get(name, ()):
                raise FormatError(
                    f"{self.place(child)}: {_name(child)!r} may not stand in {name}.",
                    cause="Article 8 of Decision 2008/616/JHA says what a message includes, and that it is all.",
                    remedy="Leave it out.",
                )
            self.closed(child)

    def children(self, element: etree._Element, name: str) -> list[etree._Element]:
        return [child for child in element if child.tag == f"{{{NAMESPACE}}}{name}"]

    def child(self, element: etree._Element, name: str) -> etree._Element | None:
        found = self.children(element, name)
        if len(found) > 1:
            raise FormatError(f"{self.place(found[1])}: {name} stands twice.")
        return found[0] if found else None

    def one(self, element: etree._Element, name: str) -> etree._Element:
        found = self.child(element, name)
        if found is None:
            raise FormatError(f"{self.place(element)}: {name} is missing.", cause="The message was cut.")
        return found

    def text(self, element: etree._Element, name: str) -> str:
        found = str(element.get(name) or "").strip()
        if not found:
            raise FormatError(f"{self.place(element, name)}: {name} is missing.")
        return found

    def word(self, element: etree._Element, name: str, words: tuple[str, ...]) -> str:
        found = self.text(element, name)
        if found not in words:
            raise FormatError(f"{self.place(element, name)}: {found[:20]!r} is none of {', '.join(words)}.")
        return found

    def state(self, header: etree._Element, name: str) -> str:
        found = self.one(header, name)
        with at(self.place(found)):
            return str(state((found.text or "").strip()))

    def numbered(self, element: etree._Element) -> tuple[str, datetime]:
        number, moment = self.text(element, "number"), self.text(element, "at")
        try:
            read_at = datetime.fromisoformat(moment)
        except ValueError as error:
            raise FormatError(f"{self.place(element, 'at')}: {moment[:30]!r} is no date and time.") from error
        if read_at.tzinfo is None:
            raise FormatError(f"{self.place(element, 'at')}: {moment[:30]!r} does not say its time zone.")
        return number[:80], read_at.astimezone(UTC)

    def control(self, header: etree._Element) -> tuple[str, str, int]:
        found = self.child(header, "control")
        if found is None:
            return ("", "", 0)
        count = str(found.get("searched") or "0")
        if not count.isdigit():
            raise FormatError(f"{self.place(found, 'searched')}: {count[:20]!r} is not a number.")
        return (str(found.get("rules") or ""), str(found.get("version") or ""), int(count))

    def profile(self, element: etree._Element) -> Profile:
        place = self.place(element)
        with at(place):
            reference = identity(self.text(element, "reference"))
            category = self._category(element)
            loci: dict[str, list[str]] = {}
            for each in self.children(element, "locus"):
                here = self.place(each, f"locus {each.get('name') or ''}".strip())
                with at(here):
                    name, alleles = self._locus(each, here)
                    if name in loci:
                        raise ProfileError(f"{name} stands twice in one profile.")
                loci[name] = alleles
            return read_profile({"id": reference, "category": category.value, "loci": loci}, place)

    def _category(self, element: etree._Element) -> Category:
        kind = self.word(element, "type", (REFERENCE, UNIDENTIFIED))
        chosen = self.category or (Category.PERSON if kind == REFERENCE else Category.TRACE)
        if _type(chosen) != kind:
            raise ProfileError(
                f"{self.place(element, 'type')}: the message says {kind}, which a profile of category {chosen} is not.",
                cause="The category asked for does not fit the type of the profile.",
                remedy="Leave the category out, or choose one of that type.",
            )
        return chosen

    def _locus(self, element: etree._Element, place: Place) -> tuple[str, list[str]]:
        where = locus(self.text(element, "name"))
        alleles = [(each.text or "").strip() for each in self.children(element, "allele")]
        if len(alleles) != 2 or not all(alleles):
            raise FormatError(
                f"{place}: {len(alleles)} allele values; a locus has two, which may be equal.",
                cause="Mixed profiles are not exchanged (Annex, chapter 1, no 1.1).",
                remedy="Write a homozygote's allele twice, and * for one that was not designated.",
            )
        return where.name, [allele(each, where).text for each in alleles]

    def result(self, element: etree._Element) -> Result:
        with at(self.place(element)):
            query = identity(self.text(element, "query"))
        matches = tuple(
            Match(self.profile(each), self.word(each, "quality", ("1", "2", "3", "4")))
            for each in self.children(element, "match")
        )
        if (self.word(element, "found", ("hit", "no-hit")) == "hit") != bool(matches):
            raise FormatError(f"{self.place(element, 'found')}: hit or no hit, and the matches, disagree.")
        return Result(query, matches)

    def unique(self, names: list[str], root: etree._Element) -> None:
        for number, name in enumerate(names):
            if name in names[:number]:
                raise ProfileError(f"{self.place(root)}: {name} stands twice.", cause="A profile was written twice.")


def _name(element: etree._Element) -> str:
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _type(category: Category) -> str:
    return REFERENCE if category.known else UNIDENTIFIED


def write(said: Message) -> Iterator[str]:
    """Yield a message; raise `InclusionError` for a profile that may not be sent under the Annex."""
    kind = "answer" if said.answer else "request"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<{ROOT} xmlns="{NAMESPACE}" note={quoteattr(NOTE)} data="{"test" if said.test else "true"}" message="{kind}">\n'
    yield f"  <header>\n    <requesting>{escape(said.requesting)}</requesting>\n"
    yield f"    <requested>{escape(said.requested)}</requested>\n"
    for name, numbered in (("request", said.request), ("answer", said.answer)):
        if numbered:
            moment = numbered[1].astimezone(UTC).isoformat(timespec="seconds")
            yield f'    <{name} number={quoteattr(numbered[0])} at="{moment}"/>\n'
    rules, version, searched = said.control
    if rules:
        yield f'    <control rules={quoteattr(rules)} version={quoteattr(version)} searched="{searched}"/>\n'
    yield "  </header>\n"
    for each in said.profiles:
        include(each, rule_set("prum"))
        yield from _profile("profile", each, "", "  ")
    for result in said.results:
        yield f'  <result query={quoteattr(result.query)} found="{"hit" if result.matches else "no-hit"}">\n'
        for match in result.matches:
            yield from _profile("match", match.profile, f' quality="{match.quality}"', "    ")
        yield "  </result>\n"
    yield f"</{ROOT}>\n"


def _profile(name: str, one: Profile, more: str, indent: str) -> Iterator[str]:
    yield f'{indent}<{name} reference={quoteattr(one.id)} type="{_type(one.category)}"{more}>\n'
    for where, alleles in _exported(one):
        values = "".join(f"<allele>{escape(each)}</allele>" for each in alleles)
        yield f"{indent}  <locus name={quoteattr(where)}>{values}</locus>\n"
    yield f"{indent}</{name}>\n"


def _exported(one: Profile) -> Iterable[tuple[str, tuple[str, str]]]:
    """Return the loci as the export rules have them: two values each, a wildcard for what is not designated."""
    for name, seen in one.loci.items():
        if locus(name).kind is LocusKind.Y:
            continue
        texts = [each.text if each.kind in (AlleleKind.NUMBER, AlleleKind.SEX) else "*" for each in seen]
        if len(texts) == 1:
            texts.append("*")
        if len(texts) > 2:
            texts = [texts[0], "*"]
        if texts != ["*", "*"]:
            yield name, (texts[0], texts[1])
