"""Open an XML file of another system without following anything it points to."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from comity.forensics.errors import FormatError

__all__ = ["root_of"]


def root_of(path: Path) -> etree._Element:
    """Return the root element of a file of profiles.

    No entity is expanded, nothing is fetched, and a document type is refused. Raise `FormatError` where it is not XML or
    cannot be read.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.parse(str(path), parser)
    except etree.XMLSyntaxError as error:
        raise FormatError(f"{path.name}, line {error.lineno}: {error.msg}.", cause="The file is not XML.") from error
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error}.", remedy="Check the path.") from error
    if str(getattr(tree.docinfo, "doctype", "")):
        raise FormatError(f"{path.name}: a document type stands in it, which no file of profiles has.")
    return tree.getroot()
