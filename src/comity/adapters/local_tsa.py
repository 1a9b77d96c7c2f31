"""A time-stamping authority of the node's own (RFC 3161), for tests, demonstrations and pilots.

Its time is this machine's clock, so that it proves nothing to somebody who does not trust the node: the subject of its
certificate says TEST. A node in service asks an authority with legal standing instead.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from asn1crypto import tsp
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from comity.adapters.file_signer import FileSigner
from comity.signing import cms
from comity.signing.errors import KeyUnusableError

__all__ = ["POLICY", "LocalTimestampAuthority"]

POLICY: Final = "2.25.248616912334305626963259132454244014795"
"""The policy of its timestamps (an OID of ITU-T X.667): a test authority, without any assurance."""
_SIZES: Final = {"sha256": 32, "sha384": 48, "sha512": 64}


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class LocalTimestampAuthority:
    """`TimestampAuthority` over a P-256 key; ``clock`` gives the time it states, to the second."""

    signer: FileSigner = field(repr=False)
    clock: Callable[[], datetime] = _now

    def __post_init__(self) -> None:
        if not _stamps(self.signer.certificate):
            raise KeyUnusableError(
                "The certificate is not one of a timestamp authority.",
                cause="RFC 3161 clause 2.3: timeStamping must be its only extended key usage, and critical.",
            )

    @classmethod
    def load(cls, key: Path, certificates: Path) -> Self:
        """Load a PEM key, and a PEM file with its certificate first and the issuers after it."""
        return cls(FileSigner.load(key, certificates))

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The authority's certificate first, its anchor last."""
        return (self.signer.certificate, *self.signer.chain)

    def stamp(self, request: bytes) -> bytes:
        """Answer a DER ``TimeStampReq`` with a DER ``TimeStampResp``, a refusal (clause 2.4.2) included."""
        try:
            asked = tsp.TimeStampReq.load(request, strict=True)
            whole = asked.dump(force=True) == request and asked["version"].native == "v1"
            algorithm = asked["message_imprint"]["hash_algorithm"]["algorithm"].native
            imprint = asked["message_imprint"]["hashed_message"].native
        except (ValueError, TypeError, KeyError):
            return _refusal("bad_data_format", "This is not a request for a timestamp.")
        if not whole:
            return _refusal("bad_request", "The request is not in its one form (DER, version 1).")
        if algorithm not in _SIZES or len(imprint) != _SIZES[algorithm]:
            return _refusal("bad_alg", "The digest must be SHA-256, SHA-384 or SHA-512.")
        if asked["req_policy"].native not in (None, POLICY):
            return _refusal("unaccepted_policy", f"The only policy of this authority is {POLICY}.")
        if asked["extensions"].native:
            return _refusal("unaccepted_extensions", "No extension is supported.")
        return self._grant(asked)

    def _grant(self, asked: tsp.TimeStampReq) -> bytes:
        stated = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": POLICY,
                "message_imprint": asked["message_imprint"],
                "serial_number": int.from_bytes(secrets.token_bytes(16), "big") | 1,
                "gen_time": self.clock().astimezone(UTC).replace(microsecond=0),
                "accuracy": {"seconds": 1},
                **({"nonce": asked["nonce"]} if asked["nonce"].native is not None else {}),
            }
        ).dump()
        digest = hashlib.sha256(stated).digest()
        signed = cms.build(digest, self.signer, self.signer.chain, content_type=cms.TST_INFO, content=stated)
        token = signed.dump() if asked["cert_req"].native else signed.dump(held=())
        return cms.sequence(tsp.PKIStatusInfo({"status": "granted"}).dump(), token)


def _refusal(failure: str, why: str) -> bytes:
    """Return a ``TimeStampResp`` without a token."""
    status = tsp.PKIStatusInfo({"status": "rejection", "status_string": [why], "fail_info": {failure}})
    return cms.sequence(status.dump())


def _stamps(certificate: x509.Certificate) -> bool:
    try:
        found = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        return False
    return found.critical and list(found.value) == [ExtendedKeyUsageOID.TIME_STAMPING]
