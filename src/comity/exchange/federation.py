"""The federation list: which nodes exchange, with which keys (design section 7).

A DSSE-sealed, versioned JSON document. `parse` reads the document, `read` checks the seal first. A list with a lower version
than the one in use is refused, so that a withdrawn key cannot come back with an old list.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from comity.errors import ValueRefusedError
from comity.exchange.errors import FederationError, HeaderError, StaleFederationError, UnknownPartnerError
from comity.exchange.header import instant, moment
from comity.exchange.party import Partner, rsa_key
from comity.signing import dsse
from comity.signing.trust import Trust
from comity.signing.verdict import Indication
from comity.values import StateCode, canonical, state
from comity.values import parse as parse_json

__all__ = ["PAYLOAD_TYPE", "Federation", "newer", "parse", "read", "write"]

PAYLOAD_TYPE: Final = "application/vnd.comity.federation+json"
TYPE: Final = "urn:comity:federation:1"
_MEMBERS: Final = frozenset({"type", "version", "issued", "partners"})
_PARTNER: Final = frozenset(
    {
        "state", "party", "names", "endpoint", "blobs", "signing", "encryption", "seal_anchors", "tls_anchor",
        "tsa_anchors", "log_key",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Federation:
    """The list in use: version, when it was issued, partners by state and by party id."""

    version: int
    issued: datetime
    by_state: Mapping[StateCode, Partner]
    by_party: Mapping[str, Partner]

    @classmethod
    def of(cls, version: int, issued: datetime, partners: Iterable[Partner]) -> Federation:
        """Make a list; two partners of one state or one party id are refused."""
        listed = tuple(partners)
        by_state = {partner.state: partner for partner in listed}
        by_party = {partner.party: partner for partner in listed}
        if not len(by_state) == len(by_party) == len(listed):
            raise FederationError("A state or a party id stands twice in the federation list.")
        return cls(version, issued, by_state, by_party)

    def party(self, party: str) -> Partner:
        """Return the partner of this party id; raise `UnknownPartnerError`."""
        if party not in self.by_party:
            raise UnknownPartnerError(f"{party[:80]!r} is not in the federation list (version {self.version}).")
        return self.by_party[party]

    def of_state(self, code: StateCode) -> Partner:
        """Return a state's node; raise `UnknownPartnerError`."""
        if code not in self.by_state:
            raise UnknownPartnerError(f"{code} has no node in the federation list (version {self.version}).")
        return self.by_state[code]


def newer(current: Federation | None, candidate: Federation) -> Federation:
    """Return ``candidate``; refuse a lower version, and the same version with other content."""
    if current is None or candidate.version > current.version or candidate == current:
        return candidate
    raise StaleFederationError(f"Version {candidate.version} came, but version {current.version} is in use.")


def write(federation: Federation) -> bytes:
    """Return the list's canonical JSON, to be sealed as `PAYLOAD_TYPE`."""
    partners = [_write(federation.by_state[code]) for code in sorted(federation.by_state)]
    issued = instant(federation.issued)
    return canonical({"type": TYPE, "version": federation.version, "issued": issued, "partners": partners})


def _write(partner: Partner) -> dict[str, Any]:
    return {
        "state": partner.state,
        "party": partner.party,
        "names": dict(partner.names),
        "endpoint": partner.endpoint,
        "blobs": partner.blobs,
        "signing": _der(partner.signing),
        "encryption": _der(partner.encryption),
        "seal_anchors": [_der(anchor) for anchor in partner.seal_anchors],
        "tls_anchor": _der(partner.tls_anchor),
        "tsa_anchors": [_der(anchor) for anchor in partner.tsa_anchors],
        "log_key": partner.log_key,
    }


def _der(certificate: x509.Certificate) -> str:
    return base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()


def parse(document: bytes) -> Federation:
    """Read a list's JSON; raise `FederationError` naming the partner and member that is wrong."""
    try:
        found = parse_json(document, what="federation list")
        if set(found) != _MEMBERS or found["type"] != TYPE or not _whole(found["version"]):
            raise FederationError("The document is not a federation list of this version.")
        partners = [_partner(number, entry) for number, entry in enumerate(found["partners"], start=1)]
        return Federation.of(found["version"], moment(found["issued"]), partners)
    except (ValueRefusedError, HeaderError, TypeError, KeyError) as error:
        raise FederationError(f"The federation list cannot be read: {error}.") from error


def read(envelope: bytes, trust: Trust, at: datetime) -> Federation:
    """Open a sealed list; raise `FederationError` where the seal does not hold under ``trust``."""
    unsealed = dsse.unseal(envelope, trust, at)
    if unsealed.verdict.indication is not Indication.PASSED or unsealed.payload_type != PAYLOAD_TYPE:
        raise FederationError(f"The seal of the federation list does not hold: {unsealed.verdict.reason}")
    return parse(unsealed.payload)


def _whole(version: object) -> bool:
    return isinstance(version, int) and not isinstance(version, bool) and version > 0


def _partner(number: int, entry: dict[str, Any]) -> Partner:
    try:
        return _read_partner(entry)
    except (ValueError, TypeError, AttributeError, ValueRefusedError) as error:
        raise FederationError(f"Partner {number} of the federation list cannot be read: {error}.") from error


def _read_partner(entry: dict[str, Any]) -> Partner:
    if odd := set(entry) ^ _PARTNER:
        raise ValueError(f"its members differ by {sorted(odd)}")
    return Partner(
        state=state(entry["state"]),
        party=_text(entry["party"]),
        endpoint=_url(entry["endpoint"]),
        blobs=_url(entry["blobs"]),
        signing=_rsa(entry["signing"]),
        encryption=_rsa(entry["encryption"]),
        seal_anchors=tuple(map(_certificate, entry["seal_anchors"])),
        tls_anchor=_certificate(entry["tls_anchor"]),
        names={_text(language): _text(name) for language, name in entry["names"].items()},
        tsa_anchors=tuple(map(_certificate, entry["tsa_anchors"])),
        log_key=str(entry["log_key"]),
    )


def _rsa(value: object) -> x509.Certificate:
    certificate = _certificate(value)
    if rsa_key(certificate) is None:
        raise ValueError("an AS4 certificate must have an RSA key of at least 2048 bits")
    return certificate


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{value!r} stands where a text belongs")
    return value


def _url(value: object) -> str:
    url = urlsplit(_text(value))
    if url.scheme != "https" or not url.hostname or url.username or url.query or url.fragment:
        raise ValueError(f"{value!r} is not a plain https address")
    return str(value)


def _certificate(value: object) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(base64.b64decode(_text(value), validate=True))
    except binascii.Error as error:
        raise ValueError("a certificate is not base64") from error
