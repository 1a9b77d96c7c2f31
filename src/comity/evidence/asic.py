"""The manifest of an ASiC-E container with CAdES (ETSI EN 319 162-1, clause 4.4.3 and annex A.4).

One reference a line, in the order of the names, digests in base64. This form is the only one read back.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Final

from comity.errors import ValueRefusedError
from comity.values import Digest

__all__ = ["MANIFEST", "SIGNATURE", "TIMESTAMP", "manifest", "read"]

MANIFEST: Final = "META-INF/ASiCManifest001.xml"
SIGNATURE: Final = "META-INF/signature001.p7s"
TIMESTAMP: Final = "META-INF/timestamp001.tsr"
_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">\n'
    f'<asic:SigReference URI="{SIGNATURE}" MimeType="application/pkcs7-signature"/>\n'
)
_REFERENCE: Final = (
    '<asic:DataObjectReference URI="{name}"><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
    "<ds:DigestValue>{digest}</ds:DigestValue></asic:DataObjectReference>\n"
)
_FOOT: Final = "</asic:ASiCManifest>\n"
_LINE: Final = re.compile(
    re.escape(_REFERENCE.strip())
    .replace(re.escape("{name}"), "([A-Za-z0-9._/-]+)")
    .replace(re.escape("{digest}"), "([A-Za-z0-9+/=]{44})")
)


def manifest(digests: Mapping[str, Digest]) -> bytes:
    """Return the manifest that references members by name."""
    lines = (
        _REFERENCE.format(name=name, digest=base64.b64encode(digests[name].raw).decode()) for name in sorted(digests)
    )
    return (_HEAD + "".join(lines) + _FOOT).encode()


def read(data: bytes) -> dict[str, Digest] | None:
    """Read the manifest back; None where it is not in its one form."""
    found: dict[str, Digest] = {}
    text = data.decode("ascii", "replace")
    for line in text.removeprefix(_HEAD).removesuffix(_FOOT).splitlines():
        parts = _LINE.fullmatch(line)
        if not parts:
            return None
        try:
            found[parts[1]] = Digest(base64.b64decode(parts[2], validate=True).hex())
        except (binascii.Error, ValueRefusedError):
            return None
    return found if manifest(found) == data else None
