"""Signed notes (C2SP signed-note): a text and the signatures under it, with Ed25519 keys named by their holder.

A log signs its checkpoints with a `NoteKey`; other states' nodes that have seen the log grow add a cosignature with a
time (C2SP tlog-cosignature, cosignature/v1). Keys are written as one line each, the form of Go's sumdb/note package.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from comity.record.errors import NoteRefusedError

__all__ = ["ED25519", "WITNESS", "NoteKey", "Opened", "Verifier", "cosign", "open_note", "sign"]

ED25519: Final = 0x01
WITNESS: Final = 0x04
_LIMIT: Final = 64 * 1024
_SIGNATURES: Final = 32
_NAME: Final = re.compile(r"[^\s+]+")
_LINE: Final = re.compile(r"— ([^\s+]+) (\S+)")
_VERIFIER: Final = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")
_SECRET: Final = re.compile(r"PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")


@dataclass(frozen=True, slots=True)
class Verifier:
    """Whose signature to expect: a name, `ED25519` or `WITNESS`, and the 32-byte public key."""

    name: str
    key: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or len(self.key) != 32 or self.kind not in (ED25519, WITNESS):
            raise NoteRefusedError(f"{self.name[:60]!r} is not the name of an Ed25519 note key.")

    @property
    def id(self) -> bytes:
        """The four bytes that name the key."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes((self.kind,)) + self.key).digest()[:4]

    @property
    def line(self) -> str:
        """The verifier key as one line: ``name+id+key``."""
        return f"{self.name}+{self.id.hex()}+{_encode(bytes((self.kind,)) + self.key)}"

    @classmethod
    def read(cls, line: str) -> Self:
        """Read a verifier key; raise `NoteRefusedError`."""
        found = _VERIFIER.fullmatch(line)
        data = _decode(found[3]) if found else b""
        if found and len(data) == 33 and data[0] in (ED25519, WITNESS):
            verifier = cls(found[1], data[1:], data[0])
            if verifier.line == line:
                return verifier
        raise NoteRefusedError("This is not a verifier key (name+id+key).", cause="It was cut, or the key id is wrong.")

    @property
    def witness(self) -> Verifier:
        """The verifier of the same key's cosignatures."""
        return Verifier(self.name, self.key, WITNESS)


@dataclass(frozen=True, slots=True)
class NoteKey:
    """A private note key; ``line`` is how it is kept, in a file only the node can read."""

    name: str
    private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def generate(cls, name: str) -> Self:
        """Make a key for ``name``, such as ``ua.example/comity``: no spaces, no plus sign."""
        key = cls(name, Ed25519PrivateKey.generate())
        _ = key.verifier
        return key

    @classmethod
    def read(cls, line: str) -> Self:
        """Read a private key's line; raise `NoteRefusedError`."""
        found = _SECRET.fullmatch(line)
        data = _decode(found[3]) if found else b""
        if found and len(data) == 33 and data[0] == ED25519:
            key = cls(found[1], Ed25519PrivateKey.from_private_bytes(data[1:]))
            if key.verifier.id.hex() == found[2]:
                return key
        raise NoteRefusedError("This is not a private note key.", cause="The file was cut, or holds something else.")

    @property
    def line(self) -> str:
        """The private key as one line: ``PRIVATE+KEY+name+id+key``."""
        seed = bytes((ED25519,)) + self.private.private_bytes_raw()
        return f"PRIVATE+KEY+{self.name}+{self.verifier.id.hex()}+{_encode(seed)}"

    @property
    def verifier(self) -> Verifier:
        """The key others check with."""
        return Verifier(self.name, self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


@dataclass(frozen=True, slots=True)
class Opened:
    """A note whose signatures were checked; ``by`` are the keys that signed it, ``seen`` when each witness did."""

    text: str
    by: tuple[Verifier, ...]
    seen: tuple[tuple[Verifier, datetime], ...] = ()


def sign(text: str, key: NoteKey) -> str:
    """Return ``text``, which ends in a newline, as a note with one signature."""
    _check_text(text)
    return f"{text}\n{_line(key.verifier, key.private.sign(text.encode()))}"


def cosign(note: str, key: NoteKey, at: datetime) -> str:
    """Return the note with a witness's cosignature under it; the caller has checked what it witnesses."""
    text, _ = _split(note)
    seconds = int(at.timestamp())
    signature = key.private.sign(_witnessed(text, seconds))
    return note + _line(key.verifier.witness, seconds.to_bytes(8, "big") + signature)


def open_note(note: str, verifiers: Iterable[Verifier]) -> Opened:
    """Check a note; raise `NoteRefusedError` unless one of ``verifiers`` signed it and no signature of theirs is bad."""
    text, lines = _split(note)
    known = {(verifier.name, verifier.id): verifier for verifier in verifiers}
    by: list[Verifier] = []
    seen: list[tuple[Verifier, datetime]] = []
    for name, data in lines:
        verifier = known.get((name, data[:4]))
        if verifier is None:
            continue
        signature, message = data[4:], text.encode()
        if verifier.kind == WITNESS:
            seconds, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = _witnessed(text, seconds)
        try:
            Ed25519PublicKey.from_public_bytes(verifier.key).verify(signature, message)
            if verifier.kind == WITNESS:
                seen.append((verifier, datetime.fromtimestamp(seconds, UTC)))
            else:
                by.append(verifier)
        except (InvalidSignature, ValueError, OverflowError, OSError) as error:
            raise NoteRefusedError(f"The signature of {name} on the note does not hold.") from error
    if not by and not seen:
        raise NoteRefusedError("The note is not signed by a key that is known here.")
    return Opened(text, tuple(by), tuple(seen))


def _witnessed(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _line(verifier: Verifier, signature: bytes) -> str:
    return f"— {verifier.name} {_encode(verifier.id + signature)}\n"


def _split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    if len(note) > _LIMIT:
        raise NoteRefusedError(f"The note has {len(note):,} characters; at most {_LIMIT:,} are read.")
    head, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise NoteRefusedError("This is not a signed note: the blank line before the signatures is missing.")
    text = head + "\n"
    _check_text(text)
    lines = []
    for line in tail[:-1].split("\n"):
        found = _LINE.fullmatch(line)
        data = _decode(found[2]) if found else b""
        if not found or len(data) <= 4 or _encode(data) != found[2]:
            raise NoteRefusedError("A line under the note is not a signature.")
        lines.append((found[1], data))
    if len(lines) > _SIGNATURES:
        raise NoteRefusedError(f"The note has {len(lines)} signatures; at most {_SIGNATURES} are read.")
    return text, lines


def _check_text(text: str) -> None:
    control = any(character < " " and character != "\n" for character in text)
    if not text.endswith("\n") or text == "\n" or control:
        raise NoteRefusedError("A note's text ends with a newline and has no control characters.")


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
