"""The seal of the whole container, in the ZIP comment (docs/decisions/0001).

    mimetype=application/vnd.etsi.asic-e+zip covers=BYTES sha256=HEX seal=BASE64

``covers`` counts the bytes before the comment, ``sha256`` is their digest, ``seal`` the ECDSA P-256 signature over this
text up to the space before ``seal=``. The length is known before anything is signed: a DER signature of 70 to 72 bytes
is 96 characters, and one of another length is made again.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from comity.evidence.errors import PackError
from comity.values import Digest

__all__ = ["HEAD", "Seal", "holds", "length", "make", "read"]

HEAD: Final = b"mimetype=application/vnd.etsi.asic-e+zip"
_FORM: Final = re.compile(
    HEAD.replace(b"+", rb"\+") + rb" covers=([1-9]\d{0,18}) sha256=([0-9a-f]{64}) seal=([A-Za-z0-9+/=]{96})"
)
_BASE64: Final = 96
_TRIES: Final = 64


@dataclass(frozen=True, slots=True)
class Seal:
    """What a comment states: ``covers`` bytes with this digest; ``signed`` is the text under the signature."""

    covers: int
    sha256: Digest
    signed: bytes
    signature: bytes


def length(covers: int) -> int:
    """Return the length of the comment of a container with this many bytes before it."""
    return len(_text(covers, Digest("0" * 64))) + len(" seal=") + _BASE64


def make(covers: int, sha256: Digest, sign: Callable[[bytes], bytes]) -> bytes:
    """Return the comment; ``sign`` gives a DER ECDSA signature over the text."""
    text = _text(covers, sha256)
    for _ in range(_TRIES):
        encoded = base64.b64encode(sign(text))
        if len(encoded) == _BASE64:
            return text + b" seal=" + encoded
    raise PackError("The key does not give signatures of the length the container's seal needs.")


def read(comment: bytes) -> Seal | None:
    """Read a comment in its one form; None where it is not in it."""
    found = _FORM.fullmatch(comment)
    if not found:
        return None
    encoded = found[3]
    try:
        signature = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return None
    if base64.b64encode(signature) != encoded:
        return None
    return Seal(int(found[1]), Digest(found[2].decode()), comment[: -len(encoded) - len(" seal=")], signature)


def holds(seal: Seal, certificate: x509.Certificate) -> bool:
    """Say whether the key of ``certificate`` made the signature."""
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        key.verify(seal.signature, seal.signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _text(covers: int, sha256: Digest) -> bytes:
    return HEAD + f" covers={covers} sha256={sha256}".encode()
