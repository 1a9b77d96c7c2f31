"""XML at the door: one hardened way in, one way out, exclusive C14N between.

What comes in is UTF-8 without DOCTYPE, entities, comments, CDATA or processing instructions: ``<!`` and ``<?`` past
the declaration are refused before a parser sees them, so XXE, entity expansion and comment-split text have no place
to stand. An id that stands twice is refused (signature wrapping).
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from comity.exchange import names
from comity.exchange.errors import UnwritableMessageError, WrappedSignatureError, XmlRefusedError
from comity.exchange.names import q

__all__ = ["add", "canonical", "children", "envelope", "ids", "one", "parse", "text", "verbatim", "write"]

_DECLARATION: Final = re.compile(
    rb"""<\?xml\s+version\s*=\s*["']1\.0["'](\s+encoding\s*=\s*["'](?i:utf-8)["'])?(\s+standalone\s*=\s*["'](yes|no)["'])?\s*\?>"""
)
DEPTH: Final = 32


def parse(data: bytes) -> etree._Element:
    """Read an XML document; raise `XmlRefusedError` for anything but plain UTF-8 elements and text."""
    found = _DECLARATION.match(data)
    content = data[found.end() :] if found else data
    if b"<!" in content or b"<?" in content or b"\x00" in content:
        raise XmlRefusedError("The envelope carries a DOCTYPE, comment, CDATA or processing instruction.")
    try:
        content.decode("utf-8")
        root = etree.fromstring(content, _parser())
    except (etree.XMLSyntaxError, UnicodeDecodeError, ValueError) as error:
        raise XmlRefusedError(f"The envelope is not well-formed XML: {error}.") from error
    _check_depth(root)
    return root


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
    )


def _check_depth(root: etree._Element) -> None:
    level, depth = list(root), 1
    while level:
        depth += 1
        if depth > DEPTH:
            raise XmlRefusedError(f"The envelope is nested deeper than {DEPTH} elements.")
        level = [child for element in level for child in element]


def ids(root: etree._Element) -> dict[str, etree._Element]:
    """Return every element that has an id, of whatever spelling; refuse one that stands twice."""
    found: dict[str, etree._Element] = {}
    for element in root.iter():
        for name, value in element.attrib.items():
            if str(name).rpartition("}")[2].lower() != "id":
                continue
            if str(value) in found:
                raise WrappedSignatureError(f"The id {str(value)[:80]!r} stands twice in the envelope.")
            found[str(value)] = element
    return found


def canonical(element: etree._Element, prefixes: tuple[str, ...] = ()) -> bytes:
    """Return the exclusive C14N 1.0 bytes of ``element``; ``prefixes`` are its InclusiveNamespaces.

    A relative namespace name has no canonical form (C14N 1.0 section 1.3); an element under one is refused.
    """
    try:
        return etree.tostring(
            element, method="c14n", exclusive=True, with_comments=False, inclusive_ns_prefixes=list(prefixes) or None
        )
    except etree.LxmlError as error:
        raise XmlRefusedError(f"The envelope has no canonical form: {error}.") from error


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """Return the direct children of this name."""
    return element.findall(q(name))


def one(element: etree._Element, name: str) -> etree._Element | None:
    """Return the only direct child of this name, None where there is none; refuse several."""
    found = element.findall(q(name))
    if len(found) > 1:
        raise WrappedSignatureError(f"{name} stands {len(found)} times where it may stand once.")
    return found[0] if found else None


def text(element: etree._Element) -> str:
    """Return the text of an element without children, its outer white space removed."""
    return verbatim(element).strip()


def verbatim(element: etree._Element) -> str:
    """Return the text of an element without children, exactly."""
    if len(element):
        raise XmlRefusedError(f"{etree.QName(element).localname} holds elements where text belongs.")
    return element.text or ""


def envelope() -> etree._Element:
    """Return a new SOAP 1.2 envelope that declares every prefix this exchange writes."""
    return etree.Element(q("S12:Envelope"), nsmap=names.NAMESPACES)


def add(parent: etree._Element, name: str, content: str = "", /, **attributes: str) -> etree._Element:
    """Append an element; ``S12_mustUnderstand`` writes the attribute S12:mustUnderstand, ``Id`` an unprefixed one."""
    try:
        made = etree.SubElement(parent, q(name))
        for key, value in attributes.items():
            made.set(q(key.replace("_", ":", 1)) if "_" in key else key, value)
        if content:
            made.text = content
    except ValueError as error:
        raise UnwritableMessageError(f"{name} cannot hold {content[:80]!r}: {error}.") from error
    return made


def write(root: etree._Element) -> bytes:
    """Return the document's bytes in UTF-8."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)
