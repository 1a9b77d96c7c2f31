"""This node's identity, its partners, and whom it trusts. Keys are read once a process."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from cryptography import x509
from django.conf import settings

from comity.adapters.as4_https import HttpsTransport
from comity.adapters.file_signer import FileSigner
from comity.adapters.local_tsa import LocalTimestampAuthority
from comity.exchange import federation as lists
from comity.exchange.federation import Federation
from comity.exchange.party import Keys, Partner
from comity.node.errors import PartnerUnknownError
from comity.node.place import here
from comity.node.registry.models import FederationRow
from comity.signing.trust import Trust
from comity.values import StateCode, state

__all__ = [
    "Card",
    "Identity",
    "federation",
    "identity",
    "logs",
    "own_partner",
    "partner",
    "partners",
    "transport",
    "trust",
    "version",
]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this node is: its state and party id, its AS4 keys, its seal, its time-stamping authority."""

    state: StateCode
    party: str
    name: str
    keys: Keys
    signer: FileSigner
    tsa: LocalTimestampAuthority


@dataclass(frozen=True, slots=True)
class Card:
    """A partner as a page shows it."""

    state: StateCode
    party: str
    name: str
    endpoint: str
    fingerprint: str
    until: datetime


@lru_cache(maxsize=1)
def identity() -> Identity:
    """Return who this node is."""
    keys, code = here().keys, state(settings.COMITY.state)
    party = f"urn:comity:node:{code}"
    return Identity(
        state=code,
        party=party,
        name=settings.COMITY.name,
        keys=Keys.read(
            party,
            signing_key=(keys / "as4-sign.key").read_bytes(),
            signing=(keys / "as4-sign.pem").read_bytes(),
            decryption_key=(keys / "as4-encrypt.key").read_bytes(),
            encryption=(keys / "as4-encrypt.pem").read_bytes(),
        ),
        signer=FileSigner.load(keys / "seal.key", keys / "seal.pem"),
        tsa=LocalTimestampAuthority.load(keys / "tsa.key", keys / "tsa.pem"),
    )


_lock = threading.Lock()
_read: dict[int, Federation] = {}
_thread = threading.local()


def version() -> int:
    """Return the version of the list in use; 0 where none was imported."""
    return FederationRow.objects.order_by("-version").values_list("version", flat=True).first() or 0


def federation() -> Federation:
    """Return the list in use; an empty one where none was imported."""
    current = version()
    with _lock:
        if current not in _read:
            _read.clear()
            _read[current] = _load(current)
        return _read[current]


def partner(code: str) -> Partner:
    """Return a state's node; refuse a state the list does not name."""
    found = federation().by_state.get(StateCode(code))
    if found is None:
        raise PartnerUnknownError(f"{code} has no node in the federation list (version {version()}).", state=code)
    return found


def partners(language: str = "en") -> tuple[Card, ...]:
    """Return the other states' nodes, by name."""
    others = (p for p in federation().by_state.values() if p.state != settings.COMITY.state)
    return tuple(sorted((_card(p, language) for p in others), key=lambda card: card.name))


def transport() -> HttpsTransport:
    """Return how partners are reached; connections are kept as long as the list and the thread."""
    current = version()
    kept: tuple[int, HttpsTransport] | None = getattr(_thread, "transport", None)
    if kept is None or kept[0] != current:
        keys = here().keys
        made = HttpsTransport.of(federation(), certificate=keys / "exchange.pem", key=keys / "exchange.key")
        _thread.transport = kept = (current, made)
    return kept[1]


def trust() -> Trust:
    """Return whose seals count: each state's anchors of the list, and our own."""
    listed = federation().by_state.values()
    anchors = {p.state: p.seal_anchors for p in listed}
    own = identity()
    anchors.setdefault(own.state, (own.signer.chain[-1],))
    tsa = {anchor for p in listed for anchor in p.tsa_anchors} | {own.tsa.chain[-1]}
    return Trust(anchors=anchors, tsa=tuple(tsa))


def logs() -> dict[StateCode, str]:
    """Return the keys of the states' logs, ours among them, by which proofs in packages are checked."""
    found = {p.state: p.log_key for p in federation().by_state.values() if p.log_key}
    own = own_partner()
    return {own.state: own.log_key, **found} if own.log_key else found


def own_partner() -> Partner:
    """Return this node as the federation list is to name it."""
    own, keys = identity(), here().keys
    base = f"https://{settings.COMITY.reached_by}:{settings.COMITY.exchange_port}/exchange"
    return Partner(
        state=own.state,
        party=own.party,
        endpoint=f"{base}/as4",
        blobs=f"{base}/blob",
        signing=own.keys.signing,
        encryption=own.keys.encryption,
        seal_anchors=(own.signer.chain[-1],),
        tls_anchor=x509.load_pem_x509_certificate((keys / "ca.pem").read_bytes()),
        names={"en": own.name},
        tsa_anchors=(own.tsa.chain[-1],),
        log_key=(keys / "log.pub").read_text(encoding="ascii").strip() if (keys / "log.pub").is_file() else "",
    )


def _load(current: int) -> Federation:
    row = FederationRow.objects.filter(version=current).first()
    return lists.parse(bytes(row.document)) if row else Federation.of(0, datetime.now(UTC), ())


def _card(listed: Partner, language: str) -> Card:
    from cryptography.hazmat.primitives.hashes import SHA256

    return Card(
        listed.state,
        listed.party,
        listed.name(language),
        listed.endpoint,
        listed.signing.fingerprint(SHA256()).hex(),
        listed.signing.not_valid_after_utc,
    )
