"""``comity dna rank``: who of a database may have contributed to a trace, the strongest first."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.cli.dna_option import command, profile_of, scaled, scales, tell

if TYPE_CHECKING:
    from comity.forensics.dna.index.rank import Ranking

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the command."""
    found = command(commands, "rank", "rank the persons of a database by likelihood ratio", run)
    found.add_argument("--db", type=Path, required=True, metavar="DIR", help="the database")
    found.add_argument("--profile", type=Path, required=True, metavar="FILE", help="the trace; JSON, CMF or table")
    found.add_argument("--known", type=Path, action="append", default=[], metavar="FILE", help="a known contributor")
    found.add_argument("--contributors", type=int, metavar="N", help="contributors in all (default: as few as explain)")
    found.add_argument("--dropout", type=float, default=0.0, metavar="D", help="chance that one copy drops out")
    found.add_argument("--drop-in", type=float, default=0.0, metavar="C", help="chance of drop-in a replicate")
    found.add_argument("--most", type=int, default=50, metavar="N", help="length of the list (default 50)")
    found.add_argument("--least", type=float, default=1.0, metavar="LR", help="only ratios above this (default 1)")
    scaled(found)


def run(args: argparse.Namespace) -> int:
    """Answer with the list; 1 where nobody has a ratio above the least asked."""
    import math

    from comity.forensics.dna.index.database import Database
    from comity.forensics.dna.index.rank import rank
    from comity.forensics.dna.strength.mixture import Model
    from comity.forensics.errors import ParameterError

    trace = profile_of(args.profile, "trace")
    known = [profile_of(each, "person") for each in args.known]
    if args.least <= 0:
        raise ParameterError(f"A ratio is above 0; {args.least:g} was given as the least.", remedy="Give 1 or more.")
    (scale, *more) = scales(args)
    if more:
        raise ParameterError("One population ranks a list.", remedy="Name one --population; weigh others with lr.")
    count = args.contributors or max(trace.fewest_contributors, len(known) + 1)
    model = Model(count, args.dropout, args.drop_in)
    segments = Database.open(args.db).segments
    found = rank(trace, segments, scale, model, known, most=args.most, least=math.log10(args.least))
    if args.json:
        said = {
            "trace": trace.id,
            "method": f"semi-continuous mixture model, {count} contributors, {model}, peak heights not used",
            "population": scale.population.name,
            "theta": scale.theta,
            "weighed": found.weighed,
            "above": found.above,
            "least": args.least,
            "persons": [each.to_json() for each in found.best],
            "note": NOTE,
        }
        return tell(said) or int(not found.best)
    _print(trace.id, found, args.least)
    return int(not found.best)


NOTE = (
    "A place in the list is no opinion: among many persons some have a high ratio by chance, and relatives of a "
    "contributor come high too. Weigh who is taken up with 'comity dna lr', in other populations also."
)


def _print(trace: str, found: Ranking, least: float) -> None:
    print(f"{trace}: {found.weighed} persons weighed, {found.above} with a ratio above {least:g}.")
    for place, each in enumerate(found.best, 1):
        print(f"{place:>4}  {each.id:<24} log10 LR {each.log10_lr:8.3f}  {len(each.weighed.loci)} loci")
    print(NOTE)
