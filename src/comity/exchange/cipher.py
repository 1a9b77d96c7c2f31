"""Attachment encryption: AES-128-GCM under an RSA-OAEP key, both with SHA-256 (XML-Enc 1.1, WSS SwA profile).

One fresh key a message; each attachment has its own 96-bit nonce before the ciphertext and the 128-bit tag after it.
Nothing of an attachment is released before its tag verified, and every way to fail looks the same from outside, so
that answers tell an attacker nothing about the key.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Mapping
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from comity.exchange import names, xml
from comity.exchange.errors import (
    AlgorithmRefusedError,
    HeaderError,
    KeysError,
    PayloadError,
    PolicyError,
    UndecipherableError,
)
from comity.exchange.names import q
from comity.exchange.party import rsa_key
from comity.exchange.soap import Envelope
from comity.exchange.wss import algorithm, key_identifier, shape, unbase64

__all__ = ["seal", "unseal"]

NONCE: Final = 12
TAG: Final = 16
_OAEP: Final = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


def seal(
    envelope: Envelope, attachments: Mapping[str, bytes], media_types: Mapping[str, str], to: x509.Certificate
) -> dict[str, bytes]:
    """Write EncryptedKey and EncryptedData into the Security header; return the ciphertexts by Content-ID."""
    key = rsa_key(to)
    if key is None:
        raise KeysError("The partner's encryption certificate has no RSA key of at least 2048 bits.")
    session = os.urandom(16)
    _write_key(envelope.security, key.encrypt(session, _OAEP), to, len(attachments))
    gcm, sealed = AESGCM(session), {}
    for number, (cid, data) in enumerate(attachments.items(), start=1):
        _write_data(envelope.security, number, cid, media_types[cid])
        nonce = os.urandom(NONCE)
        sealed[cid] = nonce + gcm.encrypt(nonce, data, None)
    return sealed


def _write_key(security: etree._Element, wrapped: bytes, to: x509.Certificate, count: int) -> None:
    element = xml.add(security, "xenc:EncryptedKey", Id="key")
    method = xml.add(element, "xenc:EncryptionMethod", Algorithm=names.RSA_OAEP)
    xml.add(method, "ds:DigestMethod", Algorithm=names.SHA256)
    xml.add(method, "xenc11:MGF", Algorithm=names.MGF1_SHA256)
    token = xml.add(xml.add(element, "ds:KeyInfo"), "wsse:SecurityTokenReference")
    identifier = base64.b64encode(key_identifier(to)).decode()
    xml.add(token, "wsse:KeyIdentifier", identifier, EncodingType=names.BASE64, ValueType=names.SUBJECT_KEY)
    xml.add(xml.add(element, "xenc:CipherData"), "xenc:CipherValue", base64.b64encode(wrapped).decode())
    references = xml.add(element, "xenc:ReferenceList")
    for number in range(1, count + 1):
        xml.add(references, "xenc:DataReference", URI=f"#data-{number}")


def _write_data(security: etree._Element, number: int, cid: str, media_type: str) -> None:
    element = xml.add(
        security, "xenc:EncryptedData", Id=f"data-{number}", MimeType=media_type, Type=names.ATTACHMENT_ONLY
    )
    xml.add(element, "xenc:EncryptionMethod", Algorithm=names.AES128_GCM)
    token = xml.add(xml.add(element, "ds:KeyInfo"), "wsse:SecurityTokenReference", wsse11_TokenType=names.ENCRYPTED_KEY)
    xml.add(token, "wsse:Reference", URI="#key")
    reference = xml.add(xml.add(element, "xenc:CipherData"), "xenc:CipherReference", URI=f"cid:{cid}")
    transforms = xml.add(reference, "xenc:Transforms")
    xml.add(transforms, "ds:Transform", Algorithm=names.ATTACHMENT_CIPHERTEXT)


def unseal(envelope: Envelope, attachments: Mapping[str, bytes], key: rsa.RSAPrivateKey) -> dict[str, bytes]:
    """Return the decrypted attachments; every one must be encrypted, under one key, as the profile says."""
    if not attachments:
        return {}
    encrypted = list(_read_data(xml.children(envelope.security, "xenc:EncryptedData")))
    if len(set(encrypted)) != len(encrypted) or set(encrypted) - set(attachments):
        raise PayloadError("The encryption headers name an attachment twice, or one that is missing.")
    if plain := sorted(set(attachments) - set(encrypted)):
        raise PolicyError(f"The attachment {plain[0][:80]!r} is not encrypted.")
    gcm = _session(envelope.security, key)
    return {cid: _open(gcm, attachments[cid]) for cid in attachments}


def _session(security: etree._Element, key: rsa.RSAPrivateKey) -> AESGCM:
    element = xml.one(security, "xenc:EncryptedKey")
    if element is None:
        raise PolicyError("The message carries no encrypted key.")
    method = _only(element, "xenc:EncryptionMethod")
    if method.get("Algorithm") != names.RSA_OAEP:
        raise AlgorithmRefusedError(f"The key transport {str(method.get('Algorithm'))[:120]!r} is not in the profile.")
    shape(method, q("ds:DigestMethod"), q("xenc11:MGF"))
    algorithm(method[0], names.SHA256)
    algorithm(method[1], names.MGF1_SHA256)
    wrapped = unbase64(_only(_only(element, "xenc:CipherData"), "xenc:CipherValue"))
    try:
        session = key.decrypt(wrapped, _OAEP)
    except ValueError as error:
        raise UndecipherableError from error
    if len(session) != 16:
        raise UndecipherableError
    return AESGCM(session)


def _read_data(elements: list[etree._Element]) -> Iterable[str]:
    for element in elements:
        algorithm(_only(element, "xenc:EncryptionMethod"), names.AES128_GCM)
        if element.get("Type") != names.ATTACHMENT_ONLY:
            raise PolicyError(
                "An attachment is encrypted together with its headers; the profile encrypts content only."
            )
        reference = _only(_only(element, "xenc:CipherData"), "xenc:CipherReference")
        shape(reference, q("xenc:Transforms"))
        shape(reference[0], q("ds:Transform"))
        algorithm(reference[0][0], names.ATTACHMENT_CIPHERTEXT)
        uri = reference.get("URI") or ""
        if not uri.startswith("cid:"):
            raise PayloadError(f"The encrypted data {uri[:80]!r} is no attachment.")
        yield uri[4:]


def _open(gcm: AESGCM, data: bytes) -> bytes:
    if len(data) < NONCE + TAG:
        raise UndecipherableError
    try:
        return gcm.decrypt(data[:NONCE], data[NONCE:], None)
    except InvalidTag as error:
        raise UndecipherableError from error


def _only(element: etree._Element, name: str) -> etree._Element:
    found = xml.one(element, name)
    if found is None:
        raise HeaderError(f"{etree.QName(element).localname} has no {name}.")
    return found
