"""Stations 8, 9 and 11: exhibits into custody, offered, undertaken, given back in a package, verified and taken over.

The executing state describes, collects, examines and offers; the issuing state undertakes the conditions of use; then
the package is made, its digests go with the act ``evidence.return``, its bytes are pulled by the partner. The issuing
state verifies what came, and takes custody only of a package that is here, whole, and passed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from comity.evidence import onward
from comity.evidence.condition import Condition, Purpose, Use
from comity.evidence.custody import Collect, Examine, Handling
from comity.evidence.errors import ExhibitError
from comity.evidence.item import Exhibit, Nature
from comity.evidence.verification import Verification
from comity.flow import accept, execute
from comity.node.accounts.policy import Do, require
from comity.node.accounts.role import Officer
from comity.node.errors import NotPossibleError, UnknownError
from comity.node.requests import record
from comity.node.requests.perform import Done, Station, Work, keep, perform, refusing, with_extra
from comity.node.vault import actions, packing, queries
from comity.node.vault.queries import Item

__all__ = ["add_exhibit", "collect", "examine", "give_back", "offer", "receive", "undertake", "verify"]


def add_exhibit(
    officer: Officer,
    dossier: str,
    *,
    title: str,
    nature: str,
    description: str = "",
    files: Sequence[Mapping[str, str]] = (),
    conditions: Sequence[Mapping[str, Any]] = (),
    number: str = "",
    at: datetime,
) -> Item:
    """Describe an exhibit and its stored files (sha256, name, media_type)."""
    require(officer, Do.COLLECT, record.file(dossier))
    with refusing(officer, dossier):
        taken = {item.number for item in queries.exhibits(dossier)}
        chosen = number or next(n for n in (f"E-{i:03d}" for i in range(1, 1000)) if n not in taken)
        found = [(actions.known(one["sha256"]), one) for one in files]
        described = Exhibit.read(
            {
                "number": chosen,
                "title": title,
                "nature": nature,
                "description": description,
                "files": [
                    {
                        "name": one["name"],
                        "media_type": one.get("media_type") or "application/octet-stream",
                        "sha256": kept.sha256.hex,
                        "sha512": kept.sha512,
                        "size": kept.size,
                    }
                    for kept, one in found
                ],
                "conditions": [_condition(one, f"{chosen}-C{i}") for i, one in enumerate(conditions, start=1)],
            }
        ).to_json()
        made = actions.add_exhibit(
            dossier,
            number=chosen,
            title=title,
            nature=nature,
            description=description,
            files=described["files"],
            conditions=described["conditions"],
            by=officer.username,
            at=at,
        )
        for one in described["files"]:
            kept = actions.known(one["sha256"])
            actions.add_document(dossier, kept, name=one["name"], media_type=one["media_type"], role="exhibit", at=at)
        return made


def collect(
    officer: Officer,
    dossier: str,
    number: str,
    *,
    place: str,
    source: str,
    method: str,
    tools: Sequence[str] = (),
    seal: str = "",
    at: datetime,
) -> Done:
    """Take an exhibit into custody: a thing is collected, data is acquired (ISO/IEC 27037)."""
    item = _item(dossier, number)
    handling = Handling.COLLECTION if item.nature is Nature.PHYSICAL else Handling.ACQUISITION
    said = Collect(item, handling, place, source, method, tuple(tools), seal)

    def making(station: Station) -> Work:
        return Work(execute.collect(station.case, station.actor, station.at, said))

    return perform(officer, dossier, "custody.collect", Do.COLLECT, making, at=at)


def examine(
    officer: Officer,
    dossier: str,
    number: str,
    *,
    method: str,
    finding: str,
    tools: Sequence[str] = (),
    on_copy: bool = True,
    at: datetime,
) -> Done:
    """Record an examination of an exhibit."""
    item = _item(dossier, number)
    said = Examine(number, tuple(sorted(item.digests)), method, finding, tuple(tools), on_copy)

    def making(station: Station) -> Work:
        return Work(execute.examine(station.case, station.actor, station.at, said))

    return perform(officer, dossier, "custody.examine", Do.COLLECT, making, at=at)


def offer(
    officer: Officer,
    dossier: str,
    *,
    exhibits: Sequence[str],
    conditions: Sequence[Mapping[str, Any]] = (),
    consents: Sequence[str] = (),
    at: datetime,
) -> Done:
    """Offer exhibits that are in custody to the other state, under conditions of use.

    A file another state gave under conditions goes on only where they allow it, or where that state consented:
    ``consents`` are the ids of those conditions.
    """

    def making(station: Station) -> Work:
        collected = {Collect.read(act.body).exhibit.number for act in station.acts if act.kind == "custody.collect"}
        if missing := [number for number in exhibits if number not in collected]:
            raise NotPossibleError(
                f"Not in custody: {', '.join(missing)}.",
                cause="The exhibit was described, but custody.collect was not recorded.",
                remedy="Record how it came into custody first.",
            )
        request = station.file.asked
        terms = [*(execute.conditions(request) if request else ()), *added]
        items = [_item(dossier, number) for number in exhibits]
        use = Use(Purpose.ONWARD, station.at.date(), frozenset(consents))
        onward.require_onward(items, record.undertaken(), use)
        return Work(execute.offer(station.case, station.actor, station.at, items, terms))

    with refusing(officer, dossier):
        listed = enumerate(conditions, start=1)
        added = [Condition.read(_condition(one, f"C-{i:02d}"), f"conditions[{i}]") for i, one in listed]
    return perform(officer, dossier, "custody.offer", Do.OFFER, making, at=at)


def undertake(officer: Officer, dossier: str, *, at: datetime) -> Done:
    """Take over exactly what was offered, under exactly its conditions."""

    def making(station: Station) -> Work:
        return Work(execute.undertake(station.case, station.actor, station.at, station.last("custody.offer")))

    return perform(officer, dossier, "custody.undertake", Do.UNDERTAKE, making, at=at)


def give_back(officer: Officer, dossier: str, *, note: str = "", at: datetime) -> Done:
    """Make the package of what was undertaken and return it: the act ``evidence.return``; the partner pulls the file."""
    file = record.file(dossier)
    require(officer, Do.RETURN, file)
    with refusing(officer, dossier):
        made, stored = packing.make(file, at=at)

    def making(station: Station) -> Work:
        act = replace(made, case=station.case).act(station.actor, station.at, stored, text=note)
        return Work(act, papers={stored.sha256.hex: "package"})

    done = perform(officer, dossier, "evidence.return", Do.RETURN, making, at=at)
    return with_extra(done, package={"sha256": stored.sha256.hex, "name": made.name, "size": stored.size})


def verify(officer: Officer, dossier: str, sha256: str, *, at: datetime) -> Verification:
    """Verify a package of a dossier and keep what was said."""
    require(officer, Do.SEE_DOSSIER, record.file(dossier))
    require(officer, Do.VERIFY)
    if sha256 not in {package.sha256 for package in queries.packages(dossier)}:
        raise UnknownError(f"There is no package {sha256[:64]!r} in {dossier}.")
    return packing.check(dossier, sha256, by=officer.username, at=at)


def receive(officer: Officer, dossier: str, *, note: str = "", despite: str = "", at: datetime) -> Done:
    """Verify what came, hold it against what was asked, and take custody of it: the act ``custody.receive``.

    With it the other state's acts that came in the package are kept: how each item was collected and examined.

    A package that failed, or does not fit, is not taken over; one that is indeterminate only with a reason in
    ``despite``, which stands in the act.
    """
    file = record.file(dossier)
    require(officer, Do.ACCEPT, file)
    with refusing(officer, dossier):
        found = packing.check(dossier, _returned(file.id), by=officer.username, at=at)

    def making(station: Station) -> Work:
        request = station.file.asked
        if request is None:
            raise NotPossibleError("There is no request here that a package could answer.")
        matched = accept.match(found, station.case, request)
        act = accept.receive(matched, station.case, station.actor, station.at, found=note, despite=despite)
        came = packing.came_with(found, station.file, at)

        def also() -> None:
            for one in came:
                said = {"indication": one.verdict.indication.value, "reason": one.verdict.reason}
                keep(dossier, one.act, one.envelope, verdict={**said, "subject": one.verdict.subject}, at=at)

        return Work(act, also)

    done = perform(officer, dossier, "custody.receive", Do.ACCEPT, making, at=at)
    return with_extra(done, verification=found.to_json())


def _returned(dossier: str) -> str:
    """Return the digest of the package that was returned last, if its bytes are here."""
    returned = [act for act in record.acts(dossier) if act.kind == "evidence.return"]
    if not returned:
        raise NotPossibleError("No evidence was returned in this cooperation yet.", remedy="Wait for the other state.")
    sha256 = str(returned[-1].body["sha256"])
    if not queries.present(sha256):
        raise NotPossibleError(
            "The package is not here yet.",
            cause="It is being pulled from the partner.",
            remedy="Look at Deliveries; try again when it is here.",
        )
    return sha256


def _item(dossier: str, number: str) -> Exhibit:
    for item in queries.exhibits(dossier):
        if item.number == number:
            return queries.exhibit(item)
    raise UnknownError(f"There is no exhibit {number[:40]!r} in {dossier}.")


def _condition(one: Mapping[str, Any], id_: str) -> dict[str, Any]:
    unknown = set(one) - {"id", "text", "provision", "source", "allows", "until"}
    if unknown:
        raise ExhibitError(f"A condition has no member {min(unknown)!r}.")
    return {
        "id": one.get("id") or id_,
        "text": one.get("text", ""),
        "provision": one.get("provision") or "The executing state's own condition",
        "source": one.get("source", ""),
        "allows": list(one.get("allows") or ["this-case"]),
        "until": one.get("until"),
    }
