"""A signer whose key lies in a hardware token and never leaves it (PKCS#11, OASIS PKCS #11 v3.0).

The token signs the SHA-256 digest with CKM_ECDSA, which every token has; its answer ``r || s`` becomes the DER that
seals carry. A process signs in to a token once, so it makes one signer of it, whose session one thread at a time uses.
Installed with the extra ``hsm``.
"""

from __future__ import annotations

import hashlib
import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pkcs11
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pkcs11.types import SignMixin

from comity.signing.certificate import load_pem
from comity.signing.errors import KeyUnusableError, MalformedSignatureError

__all__ = ["Pkcs11Signer"]

_SIZE = 32
_PROBE = b"comity: is this the key of the certificate?"


@dataclass(frozen=True, slots=True)
class Pkcs11Signer:
    """`Signer` over a P-256 key in a token; ``chain`` are the issuers of ``certificate``, the anchor last."""

    session: pkcs11.Session = field(repr=False)
    key: SignMixin = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()
    _one: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False, compare=False)

    @classmethod
    def load(cls, module: Path, *, token: str, key: str, pin: str, certificates: Path) -> Self:
        """Open ``token`` by its label and take the private key labelled ``key``; ``module`` is the token's library.

        ``certificates`` is a PEM file with the key's certificate first and the issuers after it. The key signs once
        here, so that a token that cannot sign, or another key, is found before an act waits for it.
        """
        try:
            certificate, *chain = load_pem(certificates.read_bytes())
            session = pkcs11.lib(str(module)).get_token(token_label=token).open(user_pin=pin)
        except (OSError, RuntimeError, ValueError, pkcs11.PKCS11Error, MalformedSignatureError) as error:
            raise KeyUnusableError(
                f"The token {token!r} cannot be used: {str(error) or type(error).__name__}.",
                cause="The token is not plugged in, its label or PIN is wrong, or the library or a file is not there.",
                remedy="Check with `pkcs11-tool --list-slots` what is plugged in; too many wrong PINs lock a token.",
            ) from error
        with ExitStack() as undo:
            undo.callback(session.close)
            signer = cls(session, _private(session, token, key), certificate, tuple(chain))
            signer.check()
            undo.pop_all()
        return signer

    def check(self) -> None:
        """Sign and verify once; raise `KeyUnusableError` where the certificate belongs to another key."""
        public = self.certificate.public_key()
        if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
            raise KeyUnusableError("A seal's key is on P-256; the certificate has another.")
        try:
            public.verify(self.sign(_PROBE), _PROBE, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature as error:
            raise KeyUnusableError("The certificate belongs to another key than the token's.") from error

    def sign(self, data: bytes) -> bytes:
        """Return the DER-encoded ECDSA signature over SHA-256 of ``data``."""
        digest = hashlib.sha256(data).digest()
        try:
            with self._one:
                raw = self.key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA)
        except pkcs11.PKCS11Error as error:
            raise KeyUnusableError(
                f"The token did not sign: {str(error) or type(error).__name__}.",
                cause="It was taken out, locked, or its session ended.",
                remedy="Plug it in and start the node again; what was to be signed is still there.",
            ) from error
        if len(raw) != 2 * _SIZE:
            raise KeyUnusableError(f"The token's key is not on P-256: its signatures have {len(raw)} bytes.")
        return encode_dss_signature(int.from_bytes(raw[:_SIZE], "big"), int.from_bytes(raw[_SIZE:], "big"))

    def close(self) -> None:
        """End the session; the token is then signed out of, and the signer of no more use."""
        with self._one:
            self.session.close()


def _private(session: pkcs11.Session, token: str, key: str) -> SignMixin:
    try:
        found = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=key)
    except pkcs11.PKCS11Error as error:
        raise KeyUnusableError(
            f"The token {token!r} has no one private key {key!r}: {str(error) or type(error).__name__}.",
            cause="The label is wrong, or stands at several keys.",
            remedy="Check with `pkcs11-tool --list-objects --login` what the token holds.",
        ) from error
    if not isinstance(found, SignMixin):
        raise KeyUnusableError(f"The key {key!r} of the token {token!r} cannot sign.")
    return found
