"""Making and importing the federation list.

Any node can keep the list: it seals the cards of all under its own anchor. The others pin that anchor with their
first import (its fingerprint is to be compared by telephone) and take later lists only under the same one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.db import transaction

from comity.exchange import federation as lists
from comity.exchange.federation import Federation
from comity.node.audit import actions as audit
from comity.node.audit.vocabulary import Event
from comity.node.errors import PartyError
from comity.node.place import here
from comity.node.registry import queries
from comity.node.registry.models import FederationRow
from comity.signing import dsse
from comity.signing.trust import Trust
from comity.signing.verdict import Indication
from comity.values import Digest, state

__all__ = ["build", "card", "export", "import_list", "write_anchors"]


def card(at: datetime) -> bytes:
    """Return this node's card: a list of one, unsealed."""
    return lists.write(Federation.of(1, at, (queries.own_partner(),)))


def build(cards: Sequence[bytes], *, version: int, at: datetime) -> bytes:
    """Return the sealed list of all cards."""
    partners = [partner for document in cards for partner in lists.parse(document).by_state.values()]
    made = Federation.of(version, at, partners)
    return dsse.seal(lists.write(made), lists.PAYLOAD_TYPE, queries.identity().signer)


def export() -> bytes:
    """Return the sealed list in use."""
    row = FederationRow.objects.order_by("-version").first()
    if row is None:
        raise PartyError("No federation list was imported here.", remedy="Import one first.")
    return bytes(row.envelope)


def import_list(envelope: bytes, *, at: datetime, by: str, anchor: bytes | None = None) -> Federation:
    """Check a list's seal and version, and take it into use; ``anchor`` (PEM) is pinned by the first import."""
    pinned = here().keys / "federation.pem"
    own = queries.identity().signer.chain[-1]
    root = _anchor(pinned.read_bytes() if pinned.is_file() else anchor) or own
    country = root.subject.get_attributes_for_oid(NameOID.COUNTRY_NAME)
    code = state(str(country[0].value)) if country else queries.identity().state
    unsealed = dsse.unseal(envelope, Trust(anchors={code: (root,)}, tsa=()), at)
    if unsealed.verdict.indication is not Indication.PASSED or unsealed.payload_type != lists.PAYLOAD_TYPE:
        raise PartyError(
            f"The seal of the federation list does not hold: {unsealed.verdict.reason}",
            cause="It was sealed under another anchor than the one pinned here, or it was altered.",
            remedy="Name the anchor of whoever keeps the list with --anchor at the first import.",
        )
    found = lists.parse(unsealed.payload)
    current = queries.federation() if queries.version() else None
    lists.newer(current, found)
    if current is None or found.version != current.version:
        _store(found, envelope, unsealed.payload, at, by)
    if not pinned.is_file():
        pinned.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    write_anchors(found)
    return found


def write_anchors(found: Federation) -> Path:
    """Write the TLS anchors the exchange port asks of its clients; the supervisor notices the change."""
    place = here()
    others = [p.tls_anchor for p in found.by_state.values() if p.state != settings.COMITY.state]
    own = x509.load_pem_x509_certificate((place.keys / "ca.pem").read_bytes())
    content = b"".join(c.public_bytes(serialization.Encoding.PEM) for c in [own, *others])
    made = place.partners.with_suffix(".new")
    made.write_bytes(content)
    return made.replace(place.partners)


def _anchor(pem: bytes | None) -> x509.Certificate | None:
    if pem is None:
        return None
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        raise PartyError(f"The anchor is no certificate: {error}", remedy="Give a file in PEM form.") from error


def _store(found: Federation, envelope: bytes, document: bytes, at: datetime, by: str) -> None:
    with transaction.atomic():
        FederationRow.objects.create(
            version=found.version,
            sha256=Digest.of(envelope).hex,
            envelope=envelope,
            document=document,
            imported_at=at,
            imported_by=by,
        )
        audit.note(
            Event.FEDERATION_IMPORTED,
            actor=by,
            about=f"federation {found.version}",
            detail={"states": ",".join(sorted(found.by_state)), "sha256": Digest.of(envelope).hex},
        )
