"""The two nodes of a demonstration and what happens on them, from their making to the verified package."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.cli.demo import checking, people
from comity.cli.demo.case import Case
from comity.cli.demo.people import Officer
from comity.cli.demo.site import Founder, Site, free_ports
from comity.cli.demo.telling import Teller
from comity.values import StateCode

if TYPE_CHECKING:
    from comity.cli.demo.journey import Journey
    from comity.law import LawBase

__all__ = ["Stage"]

FEDERATION, CACHE = "federation.json", "cache"
ISSUING = ("pre_trial", "mla_central")
EXECUTING = ("eio_receiving", "mla_central", "pre_trial")
ORDERING = ("eio_issuing", "pre_trial")  # Directive 2014/41/EU Art. 2(c): a judge, a court or a public prosecutor
ORDER = "eu-eio"  # what both are bound by comes before every convention
MINISTRY = "ministry-of-foreign-affairs"  # the diplomatic channel


class Stage:
    """A demonstration between ``asking`` and ``asked`` in ``directory``; ``size`` is the disk image's, in bytes."""

    def __init__(self, directory: Path, asking: str, asked: str, *, size: int) -> None:
        self.tell = Teller()
        self._directory, self._size = directory, size
        ports = free_ports(4)
        self.sites = (
            Site(asking, directory / asking.lower(), ports[0], ports[1]),
            Site(asked, directory / asked.lower(), ports[2], ports[3]),
        )
        self.package = directory / "returned.asice"
        self.checks: tuple[checking.Checked, ...] = ()
        self._checking: checking.Checking | None = None
        self._journey: Journey | None = None
        self._founders: tuple[Founder, ...] = ()
        self._helpers = ThreadPoolExecutor(2, thread_name_prefix="material")

    @property
    def verified(self) -> bool:
        """Whether the requesting node and every check that could be made here said passed."""
        return (
            self._journey is not None
            and self._journey.verified
            and bool(self.checks)
            and all(check.passed is not False for check in self.checks)
        )

    def to_json(self) -> dict[str, Any]:
        """Return the outcome, as the last line of ``--json``."""
        journey = self._journey
        return {
            "verified": self.verified,
            "package": str(self.package) if self.package.is_file() else None,
            "basis": journey.basis if journey else None,
            "fallback": journey.fallback if journey else None,
            "between": [site.state for site in self.sites],
            "stations": [station.to_json() for station in journey.stations] if journey else [],
        }

    def play(self) -> None:
        """Make both nodes, start them, run the journey, verify."""
        asking, asked = self.sites
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.tell.say(f"Comity: {asking.state} asks {asked.state} for help in a fraud case. All people are fictional.")
        self._founders = tuple(Founder(site) for site in self.sites)
        for site, founder in zip(self.sites, self._founders, strict=True):
            founder.ask(
                *("node", "init", "--dir", str(site.directory), "--state", site.state, "--name", f"Demo {site.state}"),
                *("--web-port", str(site.web_port), "--exchange-port", str(site.exchange_port), "--test", "--json"),
            )
        # Read only now, while the nodes are being made: these take their time to import.
        from comity.cli.demo import exhibits
        from comity.cli.demo.journey import Journey
        from comity.law import LawBase

        base = LawBase.load(cache=self._directory / CACHE)
        case = self._people(base)
        made = self._helpers.submit(exhibits.make, case, self._directory / "material", self._size)
        self._federate()
        self.tell.say(f"Both nodes are up after {self.tell.seconds:.1f} s: " + ", ".join(s.url for s in self.sites))
        on = datetime.now(UTC).date().isoformat()
        self._journey = Journey(asking, asked, case, on, self.tell)
        self._journey.run(made.result, self.package, self._begin_checks)
        self._verify()

    def close(self) -> None:
        """Stop everything."""
        if self._journey:
            self._journey.close()
        if self._checking:
            self._checking.close()
        for founder in self._founders:
            founder.close()
        for site in self.sites:
            site.stop()
        self._helpers.shutdown(wait=False, cancel_futures=True)

    def _people(self, base: LawBase) -> Case:
        asking, asked = self.sites
        on = datetime.now(UTC).date()
        order = all(base.membership(ORDER, StateCode(site.state)).on(on) for site in self.sites)
        ids = (
            self._office(
                base, asking.state, ORDERING if order else ISSUING, "public-prosecutor" if order else MINISTRY
            ),
            self._office(base, asked.state, EXECUTING, MINISTRY),
        )
        asking.officers = people.officers(asking.state, "issuing", ids[0])
        asked.officers = people.officers(asked.state, "executing", ids[1])
        for site, founder in zip(self.sites, self._founders, strict=True):
            for officer in site.officers:
                founder.ask(*_added(site, officer))
        return Case(asking.state, asked.state, ids[0], ids[1])

    def _office(self, base: LawBase, state: str, roles: tuple[str, ...], otherwise: str) -> str:
        office = people.office(base.authorities_of(StateCode(state)), roles)
        if office:
            self.tell.say(f"{state}: {office.name}")
            return office.id
        chosen = people.unknown(state, otherwise)
        self.tell.say(f"{state}: the law base names no authority for this; the user chooses {chosen}.")
        return chosen

    def _federate(self) -> None:
        cards = [self._directory / f"{site.state.lower()}-card.json" for site in self.sites]
        sealed = self._directory / FEDERATION
        keeper = self._founders[0]
        for site, founder, card in zip(self.sites, self._founders, cards, strict=True):
            founder.ask("node", "federation", "card", "--dir", str(site.directory), "--out", str(card))
        for founder in self._founders:
            founder.told()
        first = self.sites[0]
        names = [str(card) for card in cards]
        keeper.ask(
            *("node", "federation", "build", "--dir", str(first.directory), "--version", "1"),
            *("--out", str(sealed), *names),
        )
        keeper.told()
        for site, founder in zip(self.sites, self._founders, strict=True):
            founder.ask(
                *("node", "federation", "import", "--dir", str(site.directory), "--anchor", str(first.anchor)),
                str(sealed),
            )
        for site, founder in zip(self.sites, self._founders, strict=True):
            founder.told()
            shutil.copytree(self._directory / CACHE, site.directory / "cache", dirs_exist_ok=True)
            founder.run()
        for site in self.sites:
            site.wait()

    def _begin_checks(self) -> None:
        self._checking = checking.Checking(self.package, self._directory / FEDERATION)

    def _verify(self) -> None:
        self.checks = self._checking.result() if self._checking else ()
        for check in self.checks:
            self.tell.say(f"{check.how}: {check.said}")
        word = "verified" if self.verified else "NOT verified"
        self.tell.say(f"Both nodes up, journey {word}, in {self.tell.seconds:.1f} s. The package: {self.package}")


def _added(site: Site, officer: Officer) -> tuple[str, ...]:
    place = site.directory.parent / "people"
    place.mkdir(mode=0o700, exist_ok=True)
    password, secret = place / f"{officer.username}.password", place / f"{officer.username}.totp"
    for path, text in ((password, officer.password), (secret, officer.secret)):
        path.touch(mode=0o600)
        path.write_text(text + "\n", encoding="utf-8")
    roles = [word for role in officer.roles for word in ("--role", role)]
    return (
        *("node", "user", "add", "--dir", str(site.directory), "--username", officer.username, "--name", officer.name),
        *("--authority", officer.authority, *roles, "--language", officer.language),
        *("--password-file", str(password), "--totp-secret-file", str(secret)),
    )
