"""A request of the other state's node, composed and sealed as its node would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from comity.flow.prepare import prepare
from comity.law import LawBase
from comity.node.shown import shown
from comity.record import Act
from comity.request import body
from comity.request.compose import compose
from comity.request.request import Request
from comity.values import DossierId
from support.partner import Other
from support.walk import values


@dataclass(frozen=True)
class Asked:
    """A request and the act that sends it."""

    request: Request
    act: Act

    @property
    def dossier(self) -> str:
        """The dossier's id."""
        return str(self.request.dossier)


def ask(other: Other, requested: str, base: LawBase, at: datetime, *, number: int = 1) -> Asked:
    """Compose a request of ``other`` to the state ``requested``, and the act that sends it."""
    given = {"measures": ["bank_records"], "offences": [{"id": "fraud"}]}
    asked = {"requesting": other.state, "requested": requested, "on": at.date()}
    first = prepare(given, base, **asked)
    filled = {**given, **values({"fields": shown(first.fields)})}
    found = prepare(filled, base, **asked)
    dossier = DossierId(found.form.prefix, other.state, requested, at.date(), number)
    request = compose(found.draft, found.resolution, dossier=dossier, at=at, instrument=found.instrument or None)
    paper = other.store("request.json", request.canonical, "application/json")
    letter = other.store("letter-en.pdf", b"%PDF-1.7 a letter", "application/pdf")
    said = body.Send(
        request=request.digest.hex,
        letter=letter.digest.hex,
        resolution=request.law.resolution,
        release=request.law.release,
        lawbase=request.law.lawbase,
        basis=request.basis.instrument,
    )
    sends = _approved(other, request, at)
    act = other.act(
        "request.send",
        str(dossier),
        sends,
        body.write(said),
        at=at,
        basis=found.instrument,
        attachments=(paper, letter),
    )
    return Asked(request, act)


def _approved(other: Other, request: Request, at: datetime) -> list[Act]:
    """Return what the other state did at home before it sent; none of it is ever seen here."""
    dossier, basis = str(request.dossier), request.basis.instrument
    drafted = body.Drafted(draft="0" * 64, resolution=request.law.resolution, basis=basis)
    first = other.act("request.draft", dossier, [], body.write(drafted), at=at, role="issuing", basis=basis)
    approved = body.write(body.Approve(request=request.digest.hex))
    by = other.act("request.approve", dossier, [first], approved, at=at, role="approving", basis=basis, officer="Head")
    return [first, by]
