"""What the demonstration prints: each station as it happens, and in the end how to look at it in the browser."""

from __future__ import annotations

import sys
import textwrap
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comity.cli.demo import people
from comity.cli.demo.site import Site

__all__ = ["Passed", "Teller"]

WIDTH = 118


@dataclass(frozen=True, slots=True)
class Passed:
    """A station that was passed: ``digest`` is of the act, or of what the station left where it leaves no act."""

    name: str
    state: str
    act: str
    digest: str
    seconds: float
    who: str = ""
    law: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the station as the last line of ``--json`` holds it."""
        return {
            "name": self.name,
            "state": self.state,
            "act": self.act,
            "digest": self.digest,
            "seconds": round(self.seconds, 3),
        }


class Teller:
    """Prints to standard output, line by line."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._number = 0

    @property
    def seconds(self) -> float:
        """Seconds since the demonstration began."""
        return time.monotonic() - self._began

    def say(self, text: str = "", *, indent: int = 0) -> None:
        """Print a paragraph."""
        for line in text.splitlines() or [""]:
            lead = " " * indent
            print(
                textwrap.fill(line, WIDTH, initial_indent=lead, subsequent_indent=lead + "  ", break_long_words=False)
            )
        sys.stdout.flush()

    def passed(self, station: Passed, *more: str) -> None:
        """Print a station: its number, state, name, act, digest, seconds; who; law; and what is worth knowing."""
        self._number += 1
        digest = station.digest[:16] if station.digest else ""
        print(
            f"{self._number:>3}  {station.state}  {station.name:<11}{station.act or '-':<20}{digest:<18}"
            f"{station.seconds:7.2f} s"
        )
        for label, text in (("by", station.who), ("law", station.law)):
            if text:
                self.say(f"{label}: {text}", indent=9)
        for text in more:
            self.say(text, indent=9)
        sys.stdout.flush()

    def law(self, resolution: Mapping[str, Any]) -> None:
        """Print what the law base answered: the bases in their order, or reciprocity and what is asked."""
        bases = [basis for basis in resolution.get("bases") or [] if not basis.get("joined_to")]
        for number, basis in enumerate(bases, 1):
            joined = basis.get("with") or []
            beside = f", with {', '.join(joined)}" if joined else ""
            self.say(f"{number}. {basis['title']} ({basis['instrument']}{beside})", indent=9)
        if not resolution.get("fallback"):
            return
        self.say(
            "No treaty of general scope binds the two states for this. What remains is reciprocity and domestic law:",
            indent=9,
        )
        for rule in resolution.get("reciprocity") or []:
            self.say(f"- {_rule(rule)}", indent=9)
        questions = resolution.get("questions") or []
        if questions:
            self.say("What would bring a convention in is asked of a person:", indent=9)
        for question in questions:
            self.say(f"? {_question(question)}", indent=9)

    def doors(self, sites: Sequence[Site]) -> None:
        """Print how to sign in at each node."""
        self.say()
        for site in sites:
            self.say(f"{site.state}: {site.url}/")
            for officer in site.officers:
                self.say(
                    f"{officer.username:<16} {officer.password}   {officer.name}: {', '.join(officer.roles)}", indent=4
                )
        self.say()
        self.say(
            "Every person also needs a one-time code. Press Enter here to print the codes that hold now, or give these "
            "secrets to an authenticator app:"
        )
        for site in sites:
            for officer in site.officers:
                self.say(f"{officer.username:<16} {officer.secret}", indent=4)
        self.say(
            "Your browser will warn: each node's certificate comes from a test authority of its own "
            f"({', '.join(str(site.anchor) for site in sites)})."
        )

    def codes(self, sites: Sequence[Site], now: float) -> None:
        """Print the one-time codes of this moment."""
        step = people.step_of(now)
        self.say(f"Codes for the next {int((step + 1) * people.STEP - now)} seconds (each is taken once):")
        for site in sites:
            for officer in site.officers:
                self.say(f"{officer.username:<16} {people.code(officer.secret, step)}", indent=4)


def _rule(rule: Mapping[str, Any]) -> str:
    return (
        f"{rule.get('text') or rule.get('value')} ({rule.get('article') or rule.get('provision')}; {rule.get('basis')})"
    )


def _question(question: Mapping[str, Any]) -> str:
    asked, because = str(question["question"]).rstrip("?"), ", ".join(question.get("because") or [])
    return f"{asked}? ({question['fact']}{f'; would bring in {because}' if because else ''})"
