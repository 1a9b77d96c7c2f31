"""The other state's node, as far as a test needs one: its keys, the acts it seals, the messages and receipts it signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from comity.adapters.file_signer import FileSigner
from comity.adapters.memory_store import MemoryStore
from comity.exchange import message, receipt
from comity.exchange.errors import UnreachableError
from comity.exchange.federation import Federation
from comity.exchange.message import Built
from comity.exchange.party import Keys, Partner
from comity.exchange.transport import Reply
from comity.flow import dispatch
from comity.flow.enact import enact
from comity.law.form import form_of
from comity.node.keys import make_keys
from comity.record import Act, Actor, Attachment
from comity.values import DossierId, StateCode


@dataclass
class Other:
    """A node of ``state`` with keys in ``directory``."""

    state: str
    directory: Path
    blobs: MemoryStore = field(default_factory=MemoryStore)

    @classmethod
    def make(cls, state: str, directory: Path, at: datetime) -> Other:
        """Make its keys."""
        directory.mkdir(parents=True)
        make_keys(directory, state, f"Test node {state}", "127.0.0.1", at)
        return cls(state, directory)

    @property
    def party(self) -> str:
        """Its party id."""
        return f"urn:comity:node:{self.state}"

    @property
    def keys(self) -> Keys:
        """Its AS4 keys."""
        read = {
            name: (self.directory / f"{stem}.{end}").read_bytes()
            for name, stem, end in (
                ("signing_key", "as4-sign", "key"),
                ("signing", "as4-sign", "pem"),
                ("decryption_key", "as4-encrypt", "key"),
                ("encryption", "as4-encrypt", "pem"),
            )
        }
        return Keys.read(self.party, **read)

    @property
    def signer(self) -> FileSigner:
        """Its seal."""
        return FileSigner.load(self.directory / "seal.key", self.directory / "seal.pem")

    def card(self) -> Partner:
        """How the federation list names it."""
        keys = self.keys
        anchor = x509.load_pem_x509_certificate((self.directory / "ca.pem").read_bytes())
        base = f"https://{self.state.lower()}.invalid:8444/exchange"
        return Partner(
            state=StateCode(self.state),
            party=self.party,
            endpoint=f"{base}/as4",
            blobs=f"{base}/blob",
            signing=keys.signing,
            encryption=keys.encryption,
            seal_anchors=(self.signer.chain[-1],),
            tls_anchor=anchor,
            names={"en": f"Test node {self.state}"},
            tsa_anchors=(anchor,),
            log_key=(self.directory / "log.pub").read_text().strip(),
        )

    def act(
        self,
        kind: str,
        dossier: str,
        acts: Sequence[Act],
        body: Mapping[str, Any],
        *,
        at: datetime,
        role: str = "central",
        basis: str = "coe-030",
        attachments: tuple[Attachment, ...] = (),
        officer: str = "Officer Umovnyi",
    ) -> Act:
        """Make an act of one of its officers."""
        return enact(
            kind,
            form=form_of(basis or None),
            dossier=DossierId.read(dossier),
            acts=acts,
            actor=Actor(StateCode(self.state), f"{self.state.lower()}:central", role, officer),
            at=at,
            body=body,
            law="Test",
            attachments=attachments,
        )

    def store(self, name: str, data: bytes, media_type: str = "application/octet-stream") -> Attachment:
        """Keep a file, to be attached."""
        found = self.blobs.put([data])
        return Attachment(name, found.sha256, found.size, media_type)

    def message(self, act: Act, to: Partner, at: datetime) -> Built:
        """Seal an act and build its message."""
        return dispatch.dispatch(
            act, blobs=self.blobs, signer=self.signer, keys=self.keys, partner=to, recipient="anyone", at=at
        ).message


@dataclass
class Wire:
    """A transport to the other node, which receives everything and signs receipts, unless ``cut`` says otherwise."""

    other: Other
    federation: Federation
    at: datetime
    cut: int = 0
    answer: Any = None
    sent: list[bytes] = field(default_factory=list)

    def send(self, url: str, content_type: str, body: bytes) -> Reply:
        """Take a message and answer."""
        self.sent.append(body)
        if self.cut:
            self.cut -= 1
            raise UnreachableError(f"{url} could not be reached: the line is cut.")
        received = message.read(content_type, body, keys=self.other.keys, federation=self.federation, at=self.at)
        built = self.answer(received) if self.answer else receipt.build(received, self.other.keys, self.at)
        return Reply(200 if self.answer is None else 400, built.content_type, built.body)
