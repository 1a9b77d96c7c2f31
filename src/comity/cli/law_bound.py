"""``comity law bound``: who is bound when, by one instrument, or what binds two states towards each other.

comity law bound coe-030 --on 2001-01-01
comity law bound --from UA --to GB
"""

from __future__ import annotations

import argparse
import json
import textwrap
from typing import Any

from comity.cli.law_base import load

__all__ = ["run_bound"]


def run_bound(args: argparse.Namespace) -> int:
    from datetime import date

    from comity.law.errors import QuestionError
    from comity.law.telling import bound

    base = load(args)
    if bool(args.instrument) == bool(args.requesting and args.requested):
        raise QuestionError(
            "It is not said whose bonds are asked for.",
            remedy="Name an instrument, for example coe-030, or two states with --from and --to.",
        )
    told = bound(
        base,
        instrument=args.instrument,
        requesting=args.requesting,
        requested=args.requested,
        on=args.on or date.today(),
    )
    if args.json:
        print(json.dumps(told, ensure_ascii=False))
        return 0
    for one in told.get("states") or told.get("instruments") or ():
        named = one.get("state") or f"{one['reference']} ({one['instrument']})"
        print(
            textwrap.fill(
                f"{'*' if one['bound'] else ' '} {named}: {_spans(one['spans'])}", 118, subsequent_indent="    "
            )
        )
        for pause in one.get("suspensions", ()):
            print(f"    suspended towards {', '.join(pause['towards'])}: {_spans([pause])}")
    print(f"* bound on {told['on']}. Law base {told['release']}, digest {told['digest'][:16]}")
    return 0


def _spans(spans: list[dict[str, Any]]) -> str:
    told = []
    for span in spans:
        marks = [] if span["certainty"] == "certain" else [span["certainty"]]
        marks += ["provisionally"] if span["provisional"] else []
        told.append(f"{span['since'] or '?'} to {span['until'] or 'now'}" + (f" ({', '.join(marks)})" if marks else ""))
    return "; ".join(told)
