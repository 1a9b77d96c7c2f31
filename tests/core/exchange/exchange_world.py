"""Two fictional parties of the exchange, and a stranger, with keys made for the test run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from comity.exchange import cipher, header, message, mime, soap, wss, xml
from comity.exchange.federation import Federation
from comity.exchange.header import Part, UserMessage
from comity.exchange.message import Built, Payload, Received
from comity.exchange.party import Keys, Partner
from comity.exchange.pmode import ACT
from comity.values import state

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DOSSIER = "MLA-UA-DE-2026-11-24-0001-1"


def certify(key: rsa.RSAPrivateKey, name: str, *, since: datetime = AT, days: int = 365) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "UA"), x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since - timedelta(days=1))
        .not_valid_after(since + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )


def keys(party: str) -> Keys:
    one, two = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    return Keys(party, one, certify(one, f"TEST {party} sign"), two, certify(two, f"TEST {party} encrypt"))


def partner(code: str, own: Keys) -> Partner:
    return Partner(
        state=state(code),
        party=own.party,
        endpoint=f"https://{code.lower()}.example/as4",
        blobs=f"https://{code.lower()}.example/blobs",
        signing=own.signing,
        encryption=own.encryption,
        seal_anchors=(own.signing,),
        tls_anchor=own.signing,
        names={"en": f"Node {code}"},
    )


@dataclass(frozen=True)
class World:
    """Ukraine sends, Germany receives; the stranger has keys but no place in the list."""

    ua: Keys
    de: Keys
    stranger: Keys
    federation: Federation

    @property
    def to_de(self) -> Partner:
        return self.federation.party(self.de.party)

    @property
    def to_ua(self) -> Partner:
        return self.federation.party(self.ua.party)

    def build(self, *payloads: Payload, **changes) -> Built:
        given = {
            "keys": self.ua,
            "partner": self.to_de,
            "payloads": payloads or (Payload("act@comity", "application/vnd.dsse+json", b'{"payload": "act"}' * 4),),
            "conversation": DOSSIER,
            "original_sender": "ua-pgo",
            "final_recipient": "de-bfj",
            "at": AT,
        }
        return message.build(**{**given, **changes})

    def craft(
        self,
        *,
        parts: dict[str, dict[str, str]] | None = None,
        plain: dict[str, bytes] | None = None,
        before=lambda _envelope: None,
        after=lambda _envelope: None,
        sealed=lambda attachments: attachments,
        keys: Keys | None = None,
        **changes,
    ) -> tuple[str, bytes]:
        """Make a message step by step, as a partner that is wrong or hostile but holds its keys would."""
        plain = {"act@comity": b"act"} if plain is None else plain
        parts = {cid: {"MimeType": "text/plain"} for cid in plain} if parts is None else parts
        given = {
            "message_id": "1@comity.UA",
            "at": AT,
            "sender": self.ua.party,
            "recipient": self.de.party,
            "service": ACT.service,
            "action": ACT.action,
            "conversation": DOSSIER,
            "original_sender": "ua-pgo",
            "final_recipient": "de-bfj",
            "parts": tuple(Part(cid, properties) for cid, properties in parts.items()),
        }
        envelope = soap.new()
        header.write(envelope.messaging, UserMessage(**{**given, **changes}))
        before(envelope)
        types = dict.fromkeys(plain, "text/plain")
        attachments = cipher.seal(envelope, plain, types, self.de.encryption) if plain else {}
        signer = keys or self.ua
        wss.sign(envelope, plain, signer.signing_key, signer.signing)
        after(envelope)
        return mime.write(xml.write(envelope.root), sealed(attachments), "boundary")

    def read(self, content_type: str, body: bytes, **changes) -> Received:
        given = {"keys": self.de, "federation": self.federation, "at": AT}
        return message.read(content_type, body, **{**given, **changes})


def make() -> World:
    ua, de, stranger = keys("comity:UA"), keys("comity:DE"), keys("comity:XX")
    federation = Federation.of(1, AT, [partner("UA", ua), partner("DE", de)])
    return World(ua, de, stranger, federation)
