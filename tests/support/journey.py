"""Two states in memory: keys, stores, acts, and a post between them that builds and reads real messages."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from comity.adapters.file_signer import FileSigner
from comity.adapters.local_tsa import LocalTimestampAuthority
from comity.adapters.memory_store import MemoryStore
from comity.evidence import custody
from comity.evidence.item import Exhibit, ExhibitFile, Nature
from comity.evidence.verification import Verification
from comity.evidence.verify import verify
from comity.exchange import message
from comity.exchange.federation import Federation
from comity.exchange.party import Keys, Partner
from comity.flow import accept, admit, consider, dispatch, execute, giveback, prepare
from comity.flow.consider import Considered
from comity.flow.enact import enact
from comity.flow.execute import Case
from comity.law import LawBase
from comity.law.form import Form, form_of
from comity.record import Act, Actor, Attachment
from comity.request import body, compose
from comity.request.read import read
from comity.request.render import render
from comity.request.request import Request
from comity.signing.pki import Purpose, authority, issue
from comity.signing.trust import Trust
from comity.values import Digest, DossierId, StateCode
from support.cooperation import values

BEGIN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = BEGIN.date()


@cache
def law() -> LawBase:
    return LawBase.load()


@dataclass
class Site:
    """One state's node as the flow sees it."""

    state: StateCode
    signer: FileSigner
    keys: Keys
    partner: Partner
    tsa: LocalTimestampAuthority
    blobs: MemoryStore = field(default_factory=MemoryStore)
    acts: list[Act] = field(default_factory=list)
    envelopes: dict[Digest, bytes] = field(default_factory=dict)

    def keep(self, act: Act) -> Act:
        self.acts.append(act)
        self.envelopes[act.digest] = dispatch.seal(act, self.signer)
        return act

    def actor(self, role: str) -> Actor:
        return Actor(self.state, f"{self.state.lower()}-authority", role, f"{self.state} {role} (fictional)")


@cache
def identity(code: str) -> tuple[FileSigner, Keys, Partner, LocalTimestampAuthority]:
    state, since = StateCode(code), BEGIN - timedelta(days=30)
    root, anchor = authority(state, f"{code} anchor", since)
    leaves = {p: issue(root, anchor, p, f"{code} {p}", since) for p in Purpose if p is not Purpose.TLS}
    seal_key, seal = leaves[Purpose.SEAL]
    tsa_key, tsa = leaves[Purpose.TSA]
    assert isinstance(seal_key, ec.EllipticCurvePrivateKey)
    assert isinstance(tsa_key, ec.EllipticCurvePrivateKey)
    party = f"comity:{code}"
    keys = Keys(party, *leaves[Purpose.AS4_SIGN], *leaves[Purpose.AS4_ENCRYPT])
    partner = Partner(
        state=state, party=party, endpoint=f"https://{code.lower()}.example/as4", blobs=f"https://{code.lower()}.example/b",
        signing=keys.signing, encryption=keys.encryption, seal_anchors=(anchor,), tls_anchor=anchor, names={"en": code},
    )  # fmt: skip
    stamping = LocalTimestampAuthority(FileSigner(tsa_key, tsa, (anchor,)), lambda: BEGIN + timedelta(days=1))
    return FileSigner(seal_key, seal, (anchor,)), keys, partner, stamping


@dataclass
class Journey:
    """A cooperation between two sites, station by station; `at` moves on with every act."""

    between: tuple[str, str]
    instrument: str | None
    at: datetime = BEGIN

    def __post_init__(self) -> None:
        self.here, self.there = (Site(StateCode(code), *identity(code)) for code in self.between)
        anchors = {site.state: site.partner.seal_anchors for site in (self.here, self.there)}
        self.trust = Trust(anchors, tuple(site.partner.seal_anchors[0] for site in (self.here, self.there)))
        self.federation = Federation.of(1, BEGIN, [self.here.partner, self.there.partner])
        self.form: Form = form_of(self.instrument)
        self.id = DossierId.read(f"{self.form.prefix}-{'-'.join(self.between)}-2026-11-24-0001-1")

    def case(self, site: Site) -> Case:
        return Case(self.id, self.form, tuple(site.acts))

    def tick(self) -> datetime:
        self.at += timedelta(minutes=10)
        return self.at

    def make(self, site: Site, kind: str, role: str, said: body.Body, attachments: tuple[Attachment, ...] = ()) -> Act:
        return site.keep(
            enact(
                kind, form=self.form, dossier=self.id, acts=site.acts, actor=site.actor(role), at=self.tick(),
                body=body.write(said), attachments=attachments,
            )
        )  # fmt: skip

    def post(self, act: Act) -> admit.Admitted:
        """Send an act over: seal, message, read, admit, join, keep."""
        sender, taker = (self.here, self.there) if act.actor.state == self.here.state else (self.there, self.here)
        sent = dispatch.dispatch(
            act, blobs=sender.blobs, signer=sender.signer, keys=sender.keys, partner=taker.partner, recipient="x-y",
            at=self.tick(),
        )  # fmt: skip
        sender.envelopes[act.digest] = sent.envelope
        received = message.read(
            sent.message.content_type, sent.message.body, keys=taker.keys, federation=self.federation, at=self.tick()
        )
        admitted = admit.admit(received, own=taker.state, trust=self.trust, at=self.at)
        admit.join(admitted, taker.acts, self.form)
        taker.acts.append(admitted.act)
        taker.envelopes[admitted.act.digest] = admitted.envelope
        for data in admitted.contents.values():
            taker.blobs.put([data])
        for claim in admitted.claimed:
            with sender.blobs.open(claim.sha256) as stream:
                taker.blobs.put(stream)
        return admitted

    def ask(self, **changes: Any) -> Request:
        """Stations 1 to 6: prepare, compose, approve, send, receive."""
        prepared = prepare.prepare(
            values(**changes), law(), requesting=self.here.state, requested=self.there.state, on=TODAY,
            instrument=self.instrument,
        )  # fmt: skip
        request = compose.compose(
            prepared.draft, prepared.resolution, dossier=self.id, at=self.at, instrument=prepared.instrument
        )
        drafted = body.Drafted(
            draft=Digest.of(b"draft").hex, resolution=prepared.resolution.digest.hex, basis=prepared.instrument
        )
        self.make(self.here, "request.draft", "issuing", drafted)
        self.make(self.here, "request.approve", "approving", body.Approve(request=request.digest.hex))
        letter = render(request, "uk", test=True)
        files = {"request.json": (request.canonical, "application/json"), "letter.pdf": (letter, "application/pdf")}
        sent = body.Send(
            request=request.digest.hex, letter=Digest.of(letter).hex, resolution=request.law.resolution,
            release=request.law.release, lawbase=request.law.lawbase, basis=request.basis.instrument,
            needed_by=date(2026, 12, 20),
        )  # fmt: skip
        attached = tuple(self.attach(self.here, name, data, kind) for name, (data, kind) in files.items())
        self.post(self.make(self.here, "request.send", "central", sent, attached))
        with self.there.blobs.open(request.digest) as stream:
            return read(stream.read())

    def attach(self, site: Site, name: str, data: bytes, media_type: str) -> Attachment:
        found = site.blobs.put([data])
        return Attachment(name, found.sha256, found.size, media_type)

    def consider(self, request: Request) -> Considered:
        """Station 7, up to the decision."""
        self.post(self.make(self.there, "request.receive", "central", body.Receive(received_at=self.at)))
        found = consider.consider(request, law(), on=TODAY)
        said = body.Consider(
            resolution=found.resolution.digest.hex, release=found.resolution.release,
            lawbase=found.resolution.lawbase_digest, basis=found.instrument, differences=found.differences,
        )  # fmt: skip
        self.make(self.there, "request.consider", "central", said)
        return found

    def execute(self, request: Request, contents: Mapping[str, bytes]) -> tuple[Exhibit, ...]:
        """Station 8: accept, assign, collect, examine, offer, undertake."""
        there = self.there
        self.post(self.make(there, "request.accept", "central", body.Accept(measures=request.draft.measures)))
        there.keep(execute.assign(self.case(there), there.actor("central"), self.tick(), authority="x-sta"))
        exhibits = []
        for number, (name, data) in enumerate(contents.items(), 1):
            file = ExhibitFile(name, "application/octet-stream", there.blobs.put([data]))
            exhibit = Exhibit(f"E-{number:03d}", name, Nature.DIGITAL, "Made for a test.", (file,))
            taken = custody.Collect(
                exhibit, custody.Handling.ACQUISITION, "Berlin", "Bank (fictional)", "copied", ("dd",)
            )
            there.keep(execute.collect(self.case(there), there.actor("executing"), self.tick(), taken))
            seen = custody.Examine(exhibit.number, tuple(exhibit.digests), "hashed", "It is what was handed over.")
            there.keep(execute.examine(self.case(there), there.actor("executing"), self.tick(), seen))
            exhibits.append(exhibit)
        terms = execute.conditions(request)
        offered = there.keep(execute.offer(self.case(there), there.actor("executing"), self.tick(), exhibits, terms))
        self.post(offered)
        taken_over = execute.undertake(self.case(self.here), self.here.actor("central"), self.tick(), offered)
        self.post(self.here.keep(taken_over))
        return tuple(exhibits)

    def give_back(self, request: Request, **changes: Any) -> Act:
        """Station 9."""
        there = self.there
        anchors = [*self.here.partner.seal_anchors, *there.partner.seal_anchors]
        made = giveback.giveback(
            self.case(there), request=request, envelopes=there.envelopes, blobs=there.blobs, anchors=anchors,
            signer=there.signer, tsa=there.tsa, at=self.tick(),
        )  # fmt: skip
        stored = there.blobs.put(made.assembled.blocks())
        act = there.keep(made.act(there.actor("central"), self.tick(), stored, **changes))
        self.post(act)
        return act

    def verified(self, act: Act, trust: Trust | None = None, alter: bytes | None = None) -> Verification:
        """Station 10 and the first half of 11: verify what arrived."""
        with self.here.blobs.open(act.attachments[0].digest) as stream:
            data = stream.read() if alter is None else alter
        return verify(io.BytesIO(data), trust or self.trust, self.at + timedelta(days=2))

    def take_over(self, request: Request, verification: Verification) -> accept.Matched:
        """Station 11."""
        here = self.here
        matched = accept.match(verification, self.case(here), request)
        self.post(here.keep(accept.receive(matched, self.case(here), here.actor("central"), self.tick())))
        self.post(here.keep(accept.close(self.case(here), request, here.actor("central"), self.tick())))
        return matched
