"""Station 11: the issuing state takes over what came back.

The package was verified by itself (`comity.evidence.verify`); here it is held against what is known at home: it is the
one the act of return names, it belongs to this cooperation and this request, it holds every shared act exactly as it is
kept here, the exhibits are those undertaken with the same files and conditions, and the measures are those asked for.
Only where all of that holds is custody taken over; a fault is named and is no exception.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from comity.evidence import custody
from comity.evidence.verification import Verification
from comity.flow.enact import enact
from comity.flow.errors import NotAcceptedError, NotUndertakenError
from comity.flow.execute import Case
from comity.flow.giveback import undertaken
from comity.record import Act, Actor
from comity.record.chain import order
from comity.request import body
from comity.request.body import Accept, Return
from comity.request.request import Request
from comity.signing.verdict import Indication
from comity.values import Digest

__all__ = ["Matched", "close", "match", "receive"]


@dataclass(frozen=True, slots=True)
class Matched:
    """A verified package held against what was asked.

    ``faults`` say what does not fit; ``answered`` are the measures evidence came for over all returns, ``outstanding``
    those that were accepted and have none yet.
    """

    verification: Verification
    exhibits: tuple[str, ...]
    answered: tuple[str, ...]
    outstanding: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Tell whether nothing stands against taking the evidence over without a person's decision."""
        return self.verification.status is Indication.PASSED and not self.faults


def match(verification: Verification, case: Case, request: Request) -> Matched:
    """Hold a verified package against the last act of return in ``case`` and the request."""
    returns = _returns(case.acts)
    said = returns[-1] if returns else None
    answered = {measure for one in returns for measure in one.measures}
    asked = request.draft.measures
    return Matched(
        verification=verification,
        exhibits=tuple(exhibit.number for exhibit in verification.exhibits),
        answered=tuple(measure for measure in asked if measure in answered),
        outstanding=tuple(measure for measure in _accepted(case.acts, asked) if measure not in answered),
        faults=tuple(_faults(verification, case, request, said)),
    )


def receive(matched: Matched, case: Case, actor: Actor, at: datetime, *, found: str = "", despite: str = "") -> Act:
    """Take custody over, as the act says: what was found, the package by digest, what verification said.

    Raise `NotAcceptedError` where the package failed or does not fit. An indeterminate one is taken over only where a
    person gives the reason in ``despite``; it stands in the act.
    """
    verification = matched.verification
    if verification.status is Indication.FAILED or matched.faults:
        why = [*matched.faults, *(part.reason for part in verification.broken)]
        raise NotAcceptedError(f"The package is not taken over: {' '.join(why)}", faults=why)
    if verification.status is Indication.INDETERMINATE and not despite:
        why = [part.reason for part in verification.broken]
        raise NotAcceptedError(
            f"The package cannot be fully checked: {' '.join(why)}",
            cause="A certificate or timestamp could not be traced to an anchor this node rests on.",
            remedy="Bring the anchor in, or take it over with a reason that stands in the record.",
            faults=why,
        )
    words = found or "The package is whole and as described."
    content = custody.Receive(
        exhibits=matched.exhibits,
        found=f"{words} {despite}".strip(),
        package=verification.sha256,
        status=str(verification.status),
    )
    return enact(
        "custody.receive",
        form=case.form,
        dossier=case.dossier,
        acts=case.acts,
        actor=actor,
        at=at,
        body=content.to_json(),
        basis=case.basis,
        conditions=tuple(dict.fromkeys(c.id for exhibit in verification.exhibits for c in exhibit.conditions)),
    )


def close(case: Case, request: Request, actor: Actor, at: datetime, *, text: str = "") -> Act:
    """Close the cooperation; how it ended follows from its acts."""
    answered = {measure for one in _returns(case.acts) for measure in one.measures}
    got = tuple(measure for measure in request.draft.measures if measure in answered)
    kinds = {act.kind for act in case.acts}
    if "custody.receive" in kinds:
        outcome = "fulfilled" if len(got) == len(request.draft.measures) else "partly-fulfilled"
    else:
        outcome = "withdrawn" if "request.withdraw" in kinds else "refused"
    said = body.Close(outcome=outcome, text=text, measures=got if "custody.receive" in kinds else ())
    return enact(
        "request.close",
        form=case.form,
        dossier=case.dossier,
        acts=case.acts,
        actor=actor,
        at=at,
        body=body.write(said),
        basis=case.basis,
    )


def _returns(acts: Sequence[Act]) -> list[Return]:
    read = (body.read(act.kind, act.body) for act in order(acts) if act.kind == "evidence.return")
    return [one for one in read if isinstance(one, Return)]


def _accepted(acts: Sequence[Act], asked: tuple[str, ...]) -> tuple[str, ...]:
    read = [body.read(act.kind, act.body) for act in order(acts) if act.kind == "request.accept"]
    last = read[-1] if read else None
    return tuple(m for m in asked if m in last.measures) if isinstance(last, Accept) else asked


def _faults(verification: Verification, case: Case, request: Request, said: Return | None) -> Iterator[str]:
    if said is None:
        yield "No act returns a package in this cooperation."
        return
    if verification.sha256.hex != said.sha256:
        yield "The file is not the package the act of return names by its digest."
    if said.request != request.digest.hex:
        yield "The act of return answers another request."
    if verification.dossier != case.dossier:
        yield f"The package belongs to {verification.dossier or 'no cooperation that can be read'}."
    yield from _missing_acts(verification, case)
    yield from _other_exhibits(verification, case, said)
    if strange := sorted(set(said.measures) - set(request.draft.measures)):
        yield f"It names measures that were not asked for: {', '.join(strange)}."


def _missing_acts(verification: Verification, case: Case) -> Iterator[str]:
    there = {act.digest for act in verification.acts}
    shared = [act for act in order(case.acts) if case.form.shared(act.kind)]
    before = [act for act in shared if act.digest in _before_return(shared)]
    if missing := [act.kind for act in before if act.digest not in there]:
        yield f"Acts that are kept here are missing in the package or differ: {', '.join(missing)}."
    here = {act.digest for act in shared}
    if extra := [act.kind for act in verification.acts if case.form.shared(act.kind) and act.digest not in here]:
        yield f"The package holds shared acts that are not known here: {', '.join(extra)}."


def _before_return(shared: Sequence[Act]) -> frozenset[Digest]:
    last = max((at for at, act in enumerate(shared) if act.kind == "evidence.return"), default=len(shared))
    return frozenset(act.digest for act in shared[:last])


def _other_exhibits(verification: Verification, case: Case, said: Return) -> Iterator[str]:
    try:
        agreed = {exhibit.number: exhibit for exhibit in undertaken(case.acts)}
    except NotUndertakenError as error:
        yield error.detail
        return
    packed = {exhibit.number: exhibit for exhibit in verification.exhibits}
    if set(said.exhibits) != set(packed):
        yield "The act of return names other exhibits than the package holds."
    for number in sorted(agreed.keys() | packed.keys()):
        if number not in packed:
            yield f"The exhibit {number} was undertaken and is not in the package."
        elif number not in agreed:
            yield f"The exhibit {number} is in the package and was not undertaken."
        elif packed[number] != agreed[number]:
            yield f"The exhibit {number} differs from what was undertaken: its files, its description or its conditions."
