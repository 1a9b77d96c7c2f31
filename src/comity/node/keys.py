"""The keys and certificates of a new node, from a certification authority of its own, marked TEST in their subjects."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from comity.record.note import NoteKey
from comity.signing import pki
from comity.signing.pki import Purpose
from comity.values import state

__all__ = ["make_keys"]

_LEAVES = {
    "seal": Purpose.SEAL,
    "web": Purpose.TLS,
    "exchange": Purpose.TLS,
    "as4-sign": Purpose.AS4_SIGN,
    "as4-encrypt": Purpose.AS4_ENCRYPT,
    "tsa": Purpose.TSA,
}


def make_keys(directory: Path, code: str, name: str, host: str, at: datetime) -> None:
    """Write ``<purpose>.key`` and ``<purpose>.pem`` (certificate, then its issuer), and the authority's own.

    ``log.key`` signs the heads of the log of acts, ``log.pub`` is what others check them with (C2SP signed-note).
    """
    log = NoteKey.generate(f"{host}/comity/{code.lower()}")
    write(directory / "log.key", f"{log.line}\n".encode())
    write(directory / "log.pub", f"{log.verifier.line}\n".encode())
    key, anchor = pki.authority(state(code), f"{code} authority", at, test=True)
    write(directory / "ca.key", pki.key_pem(key))
    write(directory / "ca.pem", pki.pem(anchor))
    write(directory / "partners.pem", pki.pem(anchor))
    hosts = tuple(dict.fromkeys((host, "localhost", "127.0.0.1")))
    for stem, purpose in _LEAVES.items():
        named = f"{code} {stem} {name}"[:56]
        own, certificate = pki.issue(key, anchor, purpose, named, at, hosts=hosts if purpose is Purpose.TLS else ())
        write(directory / f"{stem}.key", pki.key_pem(own))
        write(directory / f"{stem}.pem", pki.pem(certificate, anchor))


def write(path: Path, content: bytes) -> None:
    """Write a file only its owner can read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
