"""A cooperation in memory: an answer of the law made by hand, a filled draft, and acts in their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from comity.flow.enact import enact
from comity.law.form import Form, Side, form_of
from comity.record import Act, Actor
from comity.request import compose, door
from comity.request.draft import Draft
from comity.request.request import Request
from comity.values import Digest, DossierId, StateCode

BEGIN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
TODAY = BEGIN.date()
DIGEST = "a" * 64
ANSWERED = Digest("c" * 64)


@dataclass(frozen=True)
class ARule:
    provision: str
    article: str
    kind: str
    value: str | tuple[str, ...] | None = None
    text: str = "A rule of this kind."
    source: str = "made for a test"
    basis: str = "recalled"
    unsure: bool = False
    of_state: StateCode | None = None
    amount: int | None = None
    unit: str = ""
    uk: str = ""


@dataclass(frozen=True)
class ABasis:
    instrument: str
    title: str
    reference: str
    rules: tuple[ARule, ...]
    with_: tuple[str, ...] = ()
    status: str = "applicable"
    measures: tuple[str, ...] = ("bank_records", "witness_hearing")


@dataclass(frozen=True)
class AQuestion:
    requesting: StateCode
    requested: StateCode
    measures: tuple[str, ...]
    offences: tuple[str, ...]
    on: date = TODAY
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AnAnswer:
    question: AQuestion
    bases: tuple[ABasis, ...]
    reciprocity: tuple[ARule, ...] = ()
    fallback: bool = False
    release: str = "2026.11.24"
    lawbase_digest: str = "b" * 64
    digest: Digest = ANSWERED


ETS = "ETS No. 030 Art. "
LETTER = ABasis(
    "coe-030",
    "European Convention on Mutual Assistance in Criminal Matters",
    "ETS No. 030",
    (
        ARule("coe/030/article-14-1", ETS + "14(1)", "request_content", ("requesting_authority", "object_and_reason")),
        ARule("coe/030/article-14-1-c", ETS + "14(1)(c)", "request_content", "person_identity_nationality"),
        ARule("coe/030/article-14-2", ETS + "14(2)", "request_content", ("offence", "summary_of_facts")),
        ARule("coe/030/article-15-1", ETS + "15(1)", "channel", "ministry_of_justice", basis="looked-up"),
        ARule(
            "coe/030/article-16-2", ETS + "16(2)", "language", "by_declaration", of_state=StateCode("DE"), unsure=True
        ),
        ARule("coe/030/article-19", ETS + "19", "reasons"),
        ARule("coe/182/article-26-1", "ETS No. 182 Art. 26(1)", "data_protection", ("same_proceedings", "related")),
    ),
    ("coe-182",),
)
EIO = "Directive 2014/41/EU Art. "
ORDER = ABasis(
    "eu-eio",
    "Directive regarding the European Investigation Order in criminal matters",
    "Directive 2014/41/EU",
    (
        ARule(
            "eu/eio/article-5-1",
            EIO + "5(1)",
            "request_content",
            ("issuing_authority", "object_and_reasons", "act_and_law"),
        ),
        ARule("eu/eio/article-12-3", EIO + "12(3)", "time_limit", "30", amount=30, unit="days"),
        ARule("eu/eio/article-12-4", EIO + "12(4)", "time_limit", "90", amount=90, unit="days"),
        ARule("eu/eio/article-12-5", EIO + "12(5)", "time_limit", "30", amount=30, unit="days"),
        ARule("eu/eio/article-16-1", EIO + "16(1)", "time_limit", "7", amount=7, unit="days"),
        ARule("eu/eio/article-20", EIO + "20", "data_protection"),
    ),
)


def answer(basis: ABasis | None = LETTER, between: str = "UA-DE", **changes: Any) -> AnAnswer:
    here, there = (StateCode(code) for code in between.split("-"))
    question = AQuestion(here, there, ("bank_records",), ("fraud",))
    return AnAnswer(**{"question": question, "bases": (basis,) if basis else (), **changes})


def values(**changes: Any) -> dict[str, Any]:
    """A draft with everything the two bases ask for; the people are invented."""
    return {
        "measures": ["bank_records"],
        "issuing_authority": "ua-opg",
        "executing_authority": "de-bfj",
        "offences": [{"id": "fraud", "classification": "Fraud", "provision": "Art. 190 (fictional)"}],
        "facts": {"when": "in May 2026", "where": "Kyiv", "what": "Money was paid for pumps that never came."},
        "persons": [{"role": "suspect", "name": "Іван Вигаданий", "latin": "Ivan Vyhadanyi", "nationality": "UA"}],
        "object": "The records of one account.",
        "reason": "The money went there.",
        "accounts": [{"iban": "DE89 3704 0044 0532 0130 00", "holder": "Max Beispielmann"}],
        **changes,
    }


def draft(**changes: Any) -> Draft:
    return door.read(values(**changes))


def dossier(basis: ABasis | None = LETTER, between: str = "UA-DE") -> DossierId:
    return DossierId.read(f"{form_of(basis.instrument if basis else None).prefix}-{between}-2026-11-24-0001-1")


def request(basis: ABasis | None = LETTER, between: str = "UA-DE", law: Any = None, **changes: Any) -> Request:
    return compose.compose(draft(**changes), law or answer(basis, between), dossier=dossier(basis, between), at=BEGIN)


BODIES: Mapping[str, dict[str, Any]] = {
    "request.draft": {"draft": DIGEST, "resolution": DIGEST},
    "request.approve": {"request": DIGEST},
    "request.send": {
        "request": DIGEST, "letter": DIGEST, "resolution": DIGEST, "release": "2026.11.24", "lawbase": DIGEST,
    },
    "request.receive": {"received_at": "2026-11-25T09:00:00Z"},
    "request.consider": {"resolution": DIGEST, "release": "2026.11.24", "lawbase": DIGEST},
    "request.accept": {"measures": ["bank_records"]},
    "request.ask": {"questions": [{"text": "Which branch?"}]},
    "request.answer": {"answers": [{"question": 1, "text": "The one in Berlin."}]},
    "request.postpone": {"ground": "own_investigation", "text": "It would warn a suspect here."},
    "request.extend": {"clock": "decision", "by": 30, "text": "The bank is slow."},
    "request.refuse": {"ground": "essential_interests", "text": "It would harm the state."},
    "request.withdraw": {"text": "The case was closed."},
    "request.close": {"outcome": "fulfilled"},
    "execution.assign": {"authority": "de-sta"},
    "custody.collect": {
        "exhibit": {
            "number": "E-001", "title": "A thing", "nature": "physical", "description": "", "files": [], "conditions": [],
        },
        "handling": "collection", "place": "Berlin", "source": "Bank (fictional)", "method": "handed over", "tools": [],
        "seal": "",
    },
    "custody.examine": {
        "exhibit": "E-001", "files": [], "method": "by eye", "finding": "It is a thing.", "tools": [], "on_copy": False,
    },
    "custody.hand-over": {
        "exhibits": ["E-001"], "to_state": "UA", "to_authority": "ua-opg", "means": "courier", "seal": "S-1",
    },
    "custody.return": {"exhibits": ["E-001"], "to_state": "DE", "to_authority": "de-sta", "reason": "The trial is over."},
    "custody.destroy": {"exhibits": ["E-001"], "method": "shredded", "witness": "W (fictional)", "reason": "No more use."},
    "custody.receive": {"exhibits": ["E-001"], "found": "whole", "package": None, "status": ""},
    "evidence.return": {
        "request": DIGEST, "package": "p.asice", "sha256": DIGEST, "sha512": "a" * 128, "size": 1, "exhibits": ["E-001"],
        "measures": ["bank_records"],
    },
}  # fmt: skip


@dataclass
class Cooperation:
    """Both sides of one cooperation, each with the acts it knows; shared acts reach the other side at once."""

    form: Form
    id: DossierId
    at: datetime = BEGIN
    issuing: list[Act] = field(default_factory=list)
    executing: list[Act] = field(default_factory=list)

    @classmethod
    def of(cls, basis: ABasis | None = LETTER, between: str = "UA-DE") -> Cooperation:
        return cls(form_of(basis.instrument if basis else None), dossier(basis, between))

    def known(self, side: Side) -> list[Act]:
        return self.issuing if side is Side.ISSUING else self.executing

    def actor(self, kind: str, officer: str = "", role: str = "") -> Actor:
        step = self.form.steps[kind]
        state = self.id.issuing if step.by is Side.ISSUING else self.id.executing
        who = role or step.who[0]
        return Actor(state, f"{state.lower()}-authority", who, officer or f"{state} {who} (fictional)")

    def act(
        self, kind: str, *, body: dict[str, Any] | None = None, officer: str = "", role: str = "", **rest: Any
    ) -> Act:
        """Perform an act on the side it belongs to and let the other side know it if it is shared."""
        side = self.form.steps[kind].by
        self.at += timedelta(minutes=rest.pop("minutes", 60))
        made = enact(
            kind,
            form=self.form,
            dossier=self.id,
            acts=self.known(side),
            actor=self.actor(kind, officer, role),
            at=self.at,
            body=self.body(kind, side) if body is None else body,
            **rest,
        )
        self.known(side).append(made)
        if self.form.shared(kind):
            self.known(Side.EXECUTING if side is Side.ISSUING else Side.ISSUING).append(made)
        return made

    def body(self, kind: str, side: Side) -> dict[str, Any]:
        """A plain body; an offer offers what was collected, an undertaking accepts the last offer."""
        if kind == "custody.offer":
            return {"exhibits": [BODIES["custody.collect"]["exhibit"]]}
        if kind == "custody.undertake":
            offers = [act for act in self.known(side) if act.kind == "custody.offer"]
            return {
                "offer": offers[-1].digest.hex if offers else DIGEST,
                "terms": [{"number": "E-001", "files": [], "conditions": []}],
            }
        if kind == "request.extend":
            return {**BODIES[kind], "clock": self.form.steps[kind].extends[0]}
        return BODIES[kind]

    def go(self, *kinds: str) -> Act:
        return [self.act(kind) for kind in kinds][-1]


UNTIL_SENT = ("request.draft", "request.approve", "request.send")
UNTIL_CONSIDERED = (*UNTIL_SENT, "request.receive", "request.consider")
UNTIL_COLLECTED = (*UNTIL_CONSIDERED, "request.accept", "execution.assign", "custody.collect")
WHOLE = (
    *UNTIL_COLLECTED, "custody.offer", "custody.undertake", "evidence.return", "custody.receive", "request.close",
)  # fmt: skip
