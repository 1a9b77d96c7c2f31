"""``comity dna message`` and ``export --format prum``: the content of a Prüm message, read and written."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from comity.cli.dna_option import command, tell

__all__ = ["export", "not_by_mistake", "register", "run_message"]


def register(commands: Any) -> None:
    """Add the command ``message``."""
    text = "read a Prüm message, a request or an answer, and say what it holds"
    found = command(commands, "message", text, run_message)
    found.add_argument("file", type=Path)


def not_by_mistake(path: Path, *, allowed: bool) -> None:
    """Refuse a message of test data where they are not wanted."""
    from comity.forensics.dna.formats.prum import message
    from comity.forensics.errors import FormatError

    if message(path).test and not allowed:
        raise FormatError(
            f"{path.name}: the message says that it holds test data.",
            cause="Test profiles in a database of real ones give matches that are none.",
            remedy="Import it with --test-data into a database for tests.",
        )


def export(args: argparse.Namespace) -> int:
    """Write profiles of a database as the content of a request."""
    from datetime import UTC, datetime

    from comity.forensics.dna.formats.prum import Message, write
    from comity.forensics.dna.index.database import Database
    from comity.forensics.errors import FormatError, ProfileError
    from comity.values import state

    if not (args.requesting and args.requested and args.number):
        raise FormatError(
            "A message names the state that asks, the state that is asked, and its number.",
            cause="An option was left out.",
            remedy="Give --requesting, --requested and --number.",
        )
    every = {one.id: one for one in Database.open(args.db).profiles()}
    if strange := [name for name in args.id if name not in every]:
        raise ProfileError(f"{strange[0]} is not in the database.", remedy="Check the id; nothing was written.")
    chosen = tuple(every[name] for name in args.id) if args.id else tuple(every.values())
    said = Message(
        requesting=str(state(args.requesting)),
        requested=str(state(args.requested)),
        request=(args.number, datetime.now(UTC)),
        test=args.test_data,
        profiles=chosen,
    )
    print("".join(write(said)), end="")  # whole or not at all
    return 0


def run_message(args: argparse.Namespace) -> int:
    """Say what a message holds."""
    from comity.forensics.dna.formats.prum import NOTE, message

    found = message(args.file)
    answer = {
        "format": NOTE,
        "message": "answer" if found.answer else "request",
        "requesting": found.requesting,
        "requested": found.requested,
        "number": found.request[0],
        "at": found.request[1].isoformat(),
        "answer_number": found.answer[0] if found.answer else None,
        "answered_at": found.answer[1].isoformat() if found.answer else None,
        "data": "test" if found.test else "true",
        "profiles": [one.to_json() for one in found.profiles],
        "results": [
            {
                "query": one.query,
                "found": "hit" if one.matches else "no-hit",
                "matches": [{"quality": match.quality, **match.profile.to_json()} for match in one.matches],
            }
            for one in found.results
        ],
    }
    if args.json:
        return tell(answer)
    print(
        f"{answer['message']} {answer['number']} of {found.requesting} to {found.requested}, {answer['data']} data; {NOTE}."
    )
    for profile in found.profiles:
        print(f"  {profile.id}: {profile.category}, {len(profile.loci)} loci")
    for one in found.results:
        told = ", ".join(f"{match.profile.id} (quality {match.quality})" for match in one.matches) or "no hit"
        print(f"  {one.query}: {told}")
    return 0
