"""Two states, their keys and one small cooperation with evidence: what the tests of packages stand on."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache

from cryptography import x509

from comity.adapters.file_signer import FileSigner
from comity.adapters.local_tsa import LocalTimestampAuthority
from comity.adapters.memory_store import MemoryStore
from comity.evidence import custody
from comity.evidence.condition import Condition, Purpose
from comity.evidence.item import Exhibit, ExhibitFile, Nature
from comity.evidence.package import Made, pack
from comity.record import PAYLOAD_TYPE, Act, Actor
from comity.signing import dsse
from comity.signing.pki import Purpose as KeyPurpose
from comity.signing.pki import authority, issue
from comity.signing.trust import Trust
from comity.values import DossierId, StateCode

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DOSSIER = DossierId.read("MLA-UA-DE-2026-11-20-0001-1")
UA, DE = StateCode("UA"), StateCode("DE")
LIMIT = Condition(
    "ets182-26", "Personal data only for the proceedings of this request.", "ETS No. 182 Art. 26(1)", "coe.int/182",
    (Purpose.THIS_CASE, Purpose.RELATED_CASE),
)  # fmt: skip


@dataclass(frozen=True)
class State:
    code: StateCode
    anchor: x509.Certificate
    signer: FileSigner
    anchor_key: object = field(repr=False)


def state(code: StateCode) -> State:
    key, anchor = authority(code, f"{code} anchor", NOW - timedelta(days=700))
    seal_key, certificate = issue(key, anchor, KeyPurpose.SEAL, f"{code} seal", NOW - timedelta(days=690), days=2900)
    return State(code, anchor, FileSigner(seal_key, certificate, (anchor,)), key)


def tsa(of: State, at: datetime = NOW) -> LocalTimestampAuthority:
    key, certificate = issue(of.anchor_key, of.anchor, KeyPurpose.TSA, "TSA", NOW - timedelta(days=690), days=2900)
    return LocalTimestampAuthority(FileSigner(key, certificate, (of.anchor,)), lambda: at)


def act(of: State, kind: str, body, follows=(), minutes=0, dossier=DOSSIER) -> Act:
    actor = Actor(of.code, f"{of.code.lower()}-authority", "executing", f"Officer of {of.code} (fictional)")
    at = NOW - timedelta(days=2) + timedelta(minutes=minutes)
    return Act(dossier, kind, actor, at, "ETS No. 030 Art. 1", body, follows=tuple(a.digest for a in follows))


def sealed(of: State, made: Act) -> tuple[Act, bytes]:
    return made, dsse.seal(made.statement, PAYLOAD_TYPE, of.signer)


@dataclass(frozen=True)
class World:
    ua: State
    de: State
    tsa: LocalTimestampAuthority
    trust: Trust
    blobs: MemoryStore
    exhibits: tuple[Exhibit, ...]
    acts: tuple[tuple[Act, bytes], ...]

    def pack(self, target, **changes) -> Made:
        given = {
            "dossier": DOSSIER, "exhibits": self.exhibits, "blobs": self.blobs, "acts": self.acts,
            "anchors": (self.ua.anchor, self.de.anchor), "signer": self.de.signer, "tsa": self.tsa, "at": NOW,
            "papers": {"request.json": b"{}", "letter of request.pdf": b"%PDF-1.7 letter"},
        }  # fmt: skip
        return pack(target, **{**given, **changes})

    def packed(self, **changes) -> bytes:
        out = io.BytesIO()
        self.pack(out, **changes)
        return out.getvalue()


def digital(blobs: MemoryStore, number: str, name: str, data: bytes, *conditions: Condition) -> Exhibit:
    file = ExhibitFile(name, "application/octet-stream", blobs.put([data]))
    return Exhibit(number, f"File {name}", Nature.DIGITAL, "Made for a test.", (file,), conditions)


def course(ua: State, de: State, exhibits) -> list[tuple[Act, bytes]]:
    """The acts that bring exhibits from collection to an accepted offer."""
    sent = act(ua, "request.send", {})
    acts, last = [sealed(ua, sent)], [sent]
    for minute, exhibit in enumerate(exhibits, 1):
        body = custody.Collect(exhibit, custody.Handling.ACQUISITION, "Berlin", "Bank (fictional)", "Copied", ("dd",))
        last = [act(de, "custody.collect", body.to_json(), last, minute)]
        acts.append(sealed(de, last[0]))
    offer = act(de, "custody.offer", custody.Offer(tuple(exhibits)).to_json(), [sent], 100)
    taken = act(ua, "custody.undertake", custody.Undertake.of(offer).to_json(), [offer], 101)
    return [*acts, sealed(de, offer), sealed(ua, taken)]


@cache
def world() -> World:
    ua, de, blobs = state(UA), state(DE), MemoryStore()
    exhibits = (
        digital(blobs, "E-001", "виписка.csv", b"date,amount\n2026-02-03,61400.00\n" * 5, LIMIT),
        digital(blobs, "E-002", "medium.img", bytes(range(256)) * 8, LIMIT),
    )
    trust = Trust({UA: (ua.anchor,), DE: (de.anchor,)}, (de.anchor,))
    return World(ua, de, tsa(de), trust, blobs, exhibits, tuple(course(ua, de, exhibits)))


def later(days: int) -> datetime:
    return NOW + timedelta(days=days)


def day(text: str) -> date:
    return date.fromisoformat(text)
