"""The stations of design section 2, driven through the two nodes' APIs by the people whose stations they are.

Every act is done once whatever happens: where a node was killed in the middle of a step, the journey has it started
again, looks whether the act stands, and acts again only if it does not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx

from comity.cli.demo.case import MEASURE, OFFENCE, Case, draft
from comity.cli.demo.client import Client
from comity.cli.demo.errors import RefusedError, StationError
from comity.cli.demo.site import Site
from comity.cli.demo.telling import Passed, Teller
from comity.values import Digest, canonical

__all__ = ["Exhibit", "Journey"]

PATIENCE = 120.0  # seconds a state waits for the other
LOOK = 0.1


@dataclass(frozen=True, slots=True)
class Exhibit:
    """What the executing authority finds: a thing and its files with their media types."""

    title: str
    nature: str
    description: str
    files: tuple[tuple[Path, str], ...]
    place: str
    source: str
    method: str


@dataclass(slots=True)
class Journey:
    """One cooperation from draft to verified evidence."""

    asking: Site
    asked: Site
    case: Case
    on: str
    tell: Teller
    stations: list[Passed] = field(default_factory=list)
    resolution: Mapping[str, Any] = field(default_factory=dict)
    dossier: str = ""
    verified: bool = False
    _clients: dict[str, Client] = field(default_factory=dict)

    @property
    def basis(self) -> str | None:
        """The instrument first used; None where none binds."""
        bases = self.resolution.get("bases") or []
        return str(bases[0]["instrument"]) if bases else None

    @property
    def fallback(self) -> bool:
        """Whether no treaty binds."""
        return bool(self.resolution.get("fallback"))

    def run(self, exhibits: Callable[[], tuple[Exhibit, ...]], package: Path, here: Callable[[], None]) -> None:
        """Pass every station; the returned package is written to ``package``, and ``here`` called once it is."""
        self._ask()
        self._answer()
        self._execute(exhibits())
        self._bring_home(package, here)

    def close(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            client.close()

    # Stations 1 to 5, the requesting state.

    def _ask(self) -> None:
        author, head, central = self._who("prosecutor"), self._who("head"), self._who("central")
        question = {
            "requested": self.asked.state,
            "measures": [MEASURE],
            "offences": [OFFENCE],
            "facts": {},
            "on": self.on,
            "instrument": "",
        }
        with self._station(self.asking, "draft", author) as station:
            composer = self._draft(author, question)
            station.digest = sha256(str(composer["id"]).encode()).hexdigest()
            asked = sum(any(demand["provision"] for demand in one["demands"]) for one in composer["fields"])
            station.more.append(f"{len(composer['fields'])} fields, {asked} of them because a provision asks for them.")
        key = composer["id"]
        with self._station(self.asking, "resolve", author) as station:
            self.resolution = author.again(
                lambda: author.post(
                    "law/resolve",
                    requesting=self.asking.state,
                    **{name: question[name] for name in ("requested", "measures", "offences", "facts", "on")},
                )
            )
            station.digest = Digest.of(canonical(self.resolution)).hex
            lawbase = self.resolution.get("lawbase") or {}
            station.law = f"law base {lawbase.get('release', '')}, digest {str(lawbase.get('digest', ''))[:16]}"
        self.tell.law(self.resolution)
        with self._station(self.asking, "compose", author, "request.draft") as station:
            values = draft(self.case, composer["fields"])
            if composer["state"] == "open":
                composer = self._fill(author, key, question, values)
                composer = self._submit(author, composer)
            self.dossier = composer["dossier"]
            self._act(station, author, "request.draft")
            station.more.append(f"The cooperation is {self.dossier}; {len(values)} fields are filled, none is missing.")
        with self._station(self.asking, "sign", head, "request.approve") as station:
            self._once(head, "request.approve", lambda: head.post(f"drafts/{key}/approve"))
            self._act(station, head, "request.approve")
        with self._station(self.asking, "send", central, "request.send") as station:
            self._once(central, "request.send", lambda: central.post(f"drafts/{key}/send"))
            self._act(station, central, "request.send")
            self._delivered(central, "request.send")

    def _draft(self, author: Client, question: Mapping[str, Any]) -> Any:
        def begin() -> Any:
            known = author.get("drafts")
            if known:
                return author.get(f"drafts/{known[0]['id']}")
            return author.post("drafts", question=question, values={})

        return author.again(begin)

    def _fill(self, author: Client, key: str, question: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
        def fill() -> Any:
            version = author.get(f"drafts/{key}")["version"]
            return author.put(f"drafts/{key}", version=version, question=question, values=values)

        composer = author.again(fill)
        if refused := composer.get("refused"):
            raise StationError(
                f"The draft is refused: {refused['field']}: {refused['detail']}", remedy=refused["remedy"]
            )
        if composer["missing"]:
            lacking = "; ".join(f"{one['label_en']} ({one['article'] or one['text']})" for one in composer["missing"])
            raise StationError(f"The form still asks for: {lacking}")
        return composer

    def _submit(self, author: Client, composer: Mapping[str, Any]) -> Any:
        def submit() -> Any:
            now = author.get(f"drafts/{composer['id']}")
            if now["state"] != "open":
                return now
            return author.post(f"drafts/{composer['id']}/submit", version=now["version"])

        return author.again(submit)

    # Stations 6 to 9, the requested state.

    def _answer(self) -> None:
        central = self._who("central", self.asked)
        with self._station(self.asked, "receive", central, "request.receive") as station:
            self._until(central, lambda: self._known(central), "the request has come")
            self._once(central, "request.receive", lambda: central.post(f"dossiers/{self.dossier}/acknowledge"))
            self._act(station, central, "request.receive")
        with self._station(self.asked, "consider", central, "request.consider") as station:
            self._once(central, "request.consider", lambda: central.post(f"dossiers/{self.dossier}/consider"))
            self._act(station, central, "request.consider")
            found = central.get(f"dossiers/{self.dossier}").get("considered") or {}
            agrees = "agrees with" if found.get("agrees") else "differs from"
            station.more.append(f"{self.asked.state}'s own resolution {agrees} the one {self.asking.state} relied on.")
            for one in found.get("differences") or []:
                theirs, ours = f"{self.asking.state}: {one['theirs']}", f"{self.asked.state}: {one['ours']}"
                station.more.append(f"{one['line']}: {theirs}; {ours}")
        authority = self._who("executing", self.asked).officer.authority
        self._decide(central, "accept", "request.accept")
        self._decide(central, "assign", "execution.assign", authority=authority)

    def _decide(self, central: Client, name: str, kind: str, **body: str) -> None:
        with self._station(self.asked, name, central, kind) as station:
            self._once(central, kind, lambda: central.post(f"dossiers/{self.dossier}/{name}", **body))
            self._act(station, central, kind)

    def _execute(self, exhibits: tuple[Exhibit, ...]) -> None:
        executing = self._who("executing", self.asked)
        numbers: list[str] = []
        for exhibit in exhibits:
            self._collect(executing, exhibit, numbers)
        with self._station(self.asked, "offer", executing, "custody.offer") as station:
            conditions = [{"text": "For the criminal proceedings named in the request, and no other purpose."}]
            offer = {"exhibits": numbers, "conditions": conditions}
            self._once(executing, "custody.offer", lambda: executing.post(f"dossiers/{self.dossier}/offer", **offer))
            self._act(station, executing, "custody.offer")
        central = self._who("central")
        with self._station(self.asking, "undertake", central, "custody.undertake") as station:
            self._until(central, lambda: self._acts(central, "custody.offer"), "the offer has come")
            self._once(central, "custody.undertake", lambda: central.post(f"dossiers/{self.dossier}/undertake"))
            self._act(station, central, "custody.undertake")
        with self._station(self.asked, "return", executing, "evidence.return") as station:
            self._until(executing, lambda: self._acts(executing, "custody.undertake"), "the undertaking has come")
            self._once(executing, "evidence.return", lambda: executing.post(f"dossiers/{self.dossier}/give-back"))
            self._act(station, executing, "evidence.return")

    def _collect(self, executing: Client, exhibit: Exhibit, numbers: list[str]) -> None:
        with self._station(self.asked, "execute", executing, "custody.collect") as station:
            number = self._exhibit(executing, exhibit)
            numbers.append(number)
            path = f"dossiers/{self.dossier}/exhibits/{number}/collect"
            self._repeat(
                executing,
                lambda: executing.post(path, place=exhibit.place, source=exhibit.source, method=exhibit.method),
                lambda: len(self._acts(executing, "custody.collect")) >= len(numbers),
            )
            self._act(station, executing, "custody.collect")
            station.more.append(f"{number}: {exhibit.title} ({', '.join(file.name for file, _ in exhibit.files)})")

    def _exhibit(self, executing: Client, exhibit: Exhibit) -> str:
        files = []
        for source, media_type in exhibit.files:
            with source.open("rb") as file:
                digest = _digest(file)
            executing.send_file(f"dossiers/{self.dossier}/files/{digest}", source)
            files.append({"sha256": digest, "name": source.name, "media_type": media_type})
        path = f"dossiers/{self.dossier}/exhibits"
        about = {"title": exhibit.title, "nature": exhibit.nature, "description": exhibit.description, "files": files}

        def add() -> Any:
            known = [one for one in executing.get(path) if one["title"] == exhibit.title]
            return known[0] if known else executing.post(path, **about)

        return str(executing.again(add)["number"])

    # Stations 10 and 11, the requesting state.

    def _bring_home(self, package: Path, here: Callable[[], None]) -> None:
        central = self._who("central")
        path = f"dossiers/{self.dossier}/packages"
        with self._station(self.asking, "receive", central) as station:
            found = self._until(central, lambda: _whole(central.get(path)), "the package has come whole")
            station.digest = found["sha256"]
            station.more.append(f"{found['name']}, {found['size'] / 1e6:,.1f} MB, pulled and whole.")
            central.download(f"{path}/{found['sha256']}", package)
        here()
        with self._station(self.asking, "verify", central, "custody.receive") as station:
            checked = self._until(central, lambda: _checked(central.get(path)), "the package is verified")
            self.verified = checked["status"] == "passed"
            parts = checked.get("parts") or []
            names = ", ".join(dict.fromkeys(str(part["name"]) for part in parts))
            station.more.append(f"{checked['status']}: {len(parts)} parts ({names}).")
            if checked["status"] != "passed":
                raise StationError(
                    f"The returned package is {checked['status']}: "
                    + "; ".join(f"{p['name']}: {p['reason']}" for p in parts if p["status"] != "passed"),
                    cause="The package was altered, or its seals are of an authority this node does not trust.",
                )
            self._once(central, "custody.receive", lambda: central.post(f"dossiers/{self.dossier}/receive"))
            self._act(station, central, "custody.receive")
        with self._station(self.asking, "close", central, "request.close") as station:
            self._once(central, "request.close", lambda: central.post(f"dossiers/{self.dossier}/close"))
            self._act(station, central, "request.close")

    # What every station needs.

    def _who(self, role: str, site: Site | None = None) -> Client:
        at = site or self.asking
        officer = next(one for one in at.officers if one.username.endswith(f"-{role}"))
        if officer.username not in self._clients:
            self._clients[officer.username] = Client(at, officer)
        return self._clients[officer.username]

    @contextmanager
    def _station(self, site: Site, name: str, who: Client, act: str = "") -> Iterator[_Draft]:
        began = time.monotonic()
        station = _Draft(who=who.officer.name)
        yield station
        passed = Passed(name, site.state, act, station.digest, time.monotonic() - began, station.who, station.law)
        self.stations.append(passed)
        self.tell.passed(passed, *station.more)

    def _acts(self, client: Client, kind: str) -> list[Any]:
        try:
            found = client.get(f"dossiers/{self.dossier}/acts")
        except RefusedError as refused:
            if refused.status == httpx.codes.NOT_FOUND:
                return []
            raise
        return [act for act in found if act["kind"] == kind]

    def _known(self, client: Client) -> bool:
        return any(line["id"] == self.dossier for line in client.get("dossiers"))

    def _act(self, station: _Draft, client: Client, kind: str) -> None:
        found = self._acts(client, kind)
        if not found:
            raise StationError(f"{kind} does not stand in {self.dossier} at the node of {client.site.state}.")
        station.digest, station.law = str(found[-1]["digest"]), str(found[-1].get("law") or "")

    def _once(self, client: Client, kind: str, act: Callable[[], Any]) -> None:
        self._repeat(client, act, lambda: bool(self._acts(client, kind)))

    def _repeat(self, client: Client, act: Callable[[], Any], stands: Callable[[], bool]) -> None:
        again = False

        def step() -> None:
            nonlocal again
            if again and stands():
                return
            again = True
            act()

        client.again(step)

    def _until(self, client: Client, look: Callable[[], Any], what: str) -> Any:
        until = time.monotonic() + PATIENCE
        while not (found := look()):
            if time.monotonic() > until:
                raise StationError(f"After {PATIENCE:.0f} s {client.site.state} still waits until {what}.")
            for site in (self.asking, self.asked):
                site.mend()
            time.sleep(LOOK)
        return found

    def _delivered(self, client: Client, kind: str) -> None:
        def look() -> bool:
            rows = [row for row in client.get("deliveries", dossier=self.dossier) if row["kind"] == kind]
            for row in rows:
                if row["state"] in ("rejected", "failed"):
                    raise StationError(f"{kind} was {row['state']} by {self.asked.state}: {row['reason']}")
            return bool(rows) and all(row["state"] == "acknowledged" for row in rows)

        self._until(client, look, "the receipt has come")


@dataclass(slots=True)
class _Draft:
    who: str
    digest: str = ""
    law: str = ""
    more: list[str] = field(default_factory=list)


def _digest(file: Any) -> str:
    found = sha256()
    while part := file.read(1024 * 1024):
        found.update(part)
    return found.hexdigest()


def _whole(packages: list[Any]) -> Any:
    return next((one for one in packages if one.get("present")), None)


def _checked(packages: list[Any]) -> Any:
    return next((one["verification"] for one in packages if one.get("verification")), None)
