"""What a package says, held against itself: description, acts, their chain, custody, conditions of use, log proofs.

Only members whose digests hold are read here. Acts are judged at the time the package's timestamp proves, or at the time
of the check where none does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from comity.errors import ComityError, RecordError
from comity.evidence import holding
from comity.evidence.description import DESCRIPTION, LOG_KEY, Description, Packed
from comity.evidence.errors import CustodyError, ExhibitError
from comity.evidence.holding import Custody
from comity.evidence.opened import Hashed
from comity.evidence.verification import Part
from comity.record import PAYLOAD_TYPE, Act
from comity.record.chain import check_chain, order
from comity.record.errors import ChainError
from comity.record.note import Verifier
from comity.record.proof import Proof
from comity.signing import dsse
from comity.signing.trust import Trust, state_of
from comity.signing.verdict import SubIndication, Verdict
from comity.values import StateCode

__all__ = ["Inside", "read"]

_MISSING: Final = frozenset({"not-collected", "no-hand-over", "no-offer"})
_SKEW: Final = timedelta(minutes=5)


@dataclass(slots=True)
class Inside:
    """What was read, and the parts that say how it fits together."""

    parts: list[Part] = field(default_factory=list)
    description: Description | None = None
    acts: tuple[Act, ...] = ()
    custody: tuple[Custody, ...] = ()


def read(
    content: Callable[[str], bytes | None],
    hashed: dict[str, Hashed],
    trust: Trust,
    at: datetime,
    *,
    sender: Verdict | None,
    logs: Mapping[StateCode, str] | None,
) -> Inside:
    """Read and hold together; ``content`` gives a member whose digest holds, ``sender`` is what the signature said.

    ``logs`` are the keys of the states' logs, None for the one in the package.
    """
    found = Inside()
    data = content(DESCRIPTION)
    if data is None:
        reason = "The description of the package is missing or altered, so that its acts and exhibits were not read."
        found.parts.append(Part.of("description", SubIndication.SIGNED_DATA_NOT_FOUND, reason, DESCRIPTION))
        return found
    try:
        found.description = Description.read(data)
    except ExhibitError as error:
        found.parts.append(Part.of("description", SubIndication.FORMAT_FAILURE, error.detail, DESCRIPTION))
        return found
    found.parts += _described(found.description, hashed, sender)
    found.acts = tuple(_acts(found, content, trust, at))
    found.parts += _chain(found.acts)
    found.parts += _proofs(found.description, content, logs)
    _hold(found, at)
    return found


def _described(said: Description, hashed: dict[str, Hashed], sender: Verdict | None) -> Iterator[Part]:
    """The description must name what is there, all of it, and the state that signed."""
    wrong: list[str] = []
    payload: set[str] = set()
    for packed in said.exhibits:
        files = packed.exhibit.files
        if len(files) != len(packed.members):
            wrong.append(f"exhibit {packed.exhibit.number} has other files than members")
            continue
        for file, member in zip(files, packed.members, strict=True):
            payload.add(member)
            found = hashed.get(member)
            if found is None or (found.sha256, found.sha512) != (file.fingerprint.sha256, file.fingerprint.sha512):
                wrong.append(f"{member} is not the file {file.name} of exhibit {packed.exhibit.number}")
    named = {act.member for act in said.acts} | {act.proof for act in said.acts if act.proof}
    named |= {paper.member for paper in said.papers}
    wrong += [f"{member} is named but not there" for member in sorted(named) if member not in hashed]
    listed = ("bag/meta/acts/", "bag/meta/log/", "bag/meta/papers/")
    wrong += [
        f"{member} is there but not named" for member in hashed if member.startswith(listed) and member not in named
    ]
    wrong += [f"{m} belongs to no exhibit" for m in hashed if m.startswith("bag/data/") and m not in payload]
    if sender is not None and sender.state not in (None, said.sender):
        wrong.append(f"it says it was sealed by {said.sender}, the signature is that of {sender.state}")
    for text in wrong:
        yield Part.of(
            "description", SubIndication.FORMAT_FAILURE, f"The description does not fit: {text}.", DESCRIPTION
        )
    if not wrong:
        yield Part.passed("description", f"{len(said.exhibits)} exhibits, {len(said.acts)} acts, as described.")


def _acts(found: Inside, content: Callable[[str], bytes | None], trust: Trust, at: datetime) -> Iterator[Act]:
    """Open every act; what does not open is said, and left out."""
    said = found.description
    if said is None:
        return
    for sealed in said.acts:
        envelope = content(sealed.member)
        if envelope is None:
            reason = f"The act {sealed.kind} is missing or altered, and was not read."
            found.parts.append(Part.of("act", SubIndication.SIGNED_DATA_NOT_FOUND, reason, sealed.member))
            continue
        try:
            unsealed = dsse.unseal(envelope, trust, at)
            act = Act.read(unsealed.payload)
        except ComityError as error:
            found.parts.append(Part.of("act", SubIndication.FORMAT_FAILURE, error.detail, sealed.member))
            continue
        speaks = state_of(unsealed.certificate)
        wrong = {
            "it is not the act the description names": act.digest != sealed.digest or act.kind != sealed.kind,
            "it is sealed as something else than an act": unsealed.payload_type != PAYLOAD_TYPE,
            f"it belongs to the cooperation {act.dossier}": act.dossier != said.dossier,
            f"it is an act of {act.actor.state}, its seal is that of {speaks}": act.actor.state != speaks,
            "it is dated after the time the package is proved to have existed": act.at > at + _SKEW,
        }
        reasons = [text for text, holds in wrong.items() if holds]
        if reasons:
            text = f"The act {act.kind} does not fit: {'; '.join(reasons)}."
            found.parts.append(Part.of("act", SubIndication.FORMAT_FAILURE, text, sealed.member))
            continue
        about = f"{sealed.member}: {act.kind}, {act.actor.state}"
        found.parts.append(Part.judged("act", unsealed.verdict, about))
        yield act


def _chain(acts: Sequence[Act]) -> Iterator[Part]:
    try:
        check_chain(acts)
    except ChainError as error:
        missing = "missing" in error.fields
        sub = SubIndication.SIGNED_DATA_NOT_FOUND if missing else SubIndication.FORMAT_FAILURE
        yield Part.of("chain", sub, error.detail)
        return
    yield Part.passed("chain", f"{len(acts)} acts, each after those it follows.")


def _proofs(
    said: Description, content: Callable[[str], bytes | None], logs: Mapping[StateCode, str] | None
) -> Iterator[Part]:
    """Every log proof shows its act in the log of the state that sealed the package (RFC 6962, C2SP tlog-proof)."""
    proved = [sealed for sealed in said.acts if sealed.proof]
    if not proved:
        return
    line = (content(LOG_KEY) or b"").decode("ascii", "replace").strip() if logs is None else logs.get(said.sender, "")
    if not line:
        reason = f"The key of the log of {said.sender} is not known, so that the log proofs were not checked."
        yield Part.of("log", SubIndication.NO_SIGNING_CERTIFICATE_FOUND, reason)
        return
    try:
        for sealed in proved:
            text = (content(sealed.proof) or b"").decode("utf-8", "replace")
            head, _ = Proof.read(text).check(sealed.digest.raw, Verifier.read(line))
    except RecordError as error:
        yield Part.of("log", SubIndication.SIG_CRYPTO_FAILURE, error.detail, sealed.proof)
        return
    yield Part.passed("log", f"{len(proved)} acts stand in the log {head.origin} of {head.size:,} entries.")


def _hold(found: Inside, at: datetime) -> None:
    """Fold custody and hold the conditions of each exhibit against the offer."""
    said = found.description
    try:
        acts = order(found.acts)
        found.custody = tuple(holding.custody(acts, p.exhibit.number) for p in said.exhibits) if said else ()
    except (ChainError, CustodyError) as error:
        found.parts.append(Part.of("custody", SubIndication.FORMAT_FAILURE, error.detail))
        return
    for packed, custody in zip(said.exhibits if said else (), found.custody, strict=True):
        found.parts += _custody(custody)
        found.parts.append(_conditions(packed, custody, at))


def _custody(custody: Custody) -> Iterator[Part]:
    about = f"exhibit {custody.number}"
    for gap in custody.gaps:
        sub = SubIndication.SIGNED_DATA_NOT_FOUND if gap.code in _MISSING else SubIndication.FORMAT_FAILURE
        yield Part.of("custody", sub, gap.text, about)
    if custody.complete and custody.undertaken is None:
        reason = f"Exhibit {custody.number}: no act says that it was taken over by the receiving state."
        yield Part.of("custody", SubIndication.SIGNED_DATA_NOT_FOUND, reason, about)
    elif custody.complete:
        first = custody.holdings[0]
        reason = f"In custody of {first.state} since {first.since:%Y-%m-%d %H:%M} UTC without a gap; transfer accepted."
        yield Part.passed("custody", reason, about)


def _conditions(packed: Packed, custody: Custody, at: datetime) -> Part:
    about = f"exhibit {packed.exhibit.number}"
    if custody.exhibit is not None and custody.offered is not None:
        offered = custody.exhibit
        if packed.exhibit.digests != offered.digests or packed.exhibit.conditions != offered.conditions:
            reason = "The exhibit in the package has other files or other conditions of use than the one offered."
            return Part.of("conditions", SubIndication.FORMAT_FAILURE, reason, about)
    ended = [c for c in packed.exhibit.conditions if c.until is not None and at.date() >= c.until]
    if ended:
        reason = f"The condition {ended[0].id} allows no use from {ended[0].until} on."
        return Part.of("conditions", SubIndication.GENERIC, reason, about)
    named = ", ".join(f"{c.id} ({c.provision})" for c in packed.exhibit.conditions)
    return Part.passed("conditions", f"Bound by {named}." if named else "No condition of use is set.", about)
