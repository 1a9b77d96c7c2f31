"""What the commands of ``comity dna`` share: their options, and how they answer."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comity.forensics.dna.profile import Profile
    from comity.forensics.dna.rules import RuleSet
    from comity.forensics.dna.strength.chance import Expected
    from comity.forensics.dna.strength.weighed import Scale

__all__ = ["chosen_rules", "command", "profile_of", "ruled", "said_of", "scaled", "scales", "tell"]


def command(commands: Any, name: str, text: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    """Add a command with ``--json``."""
    found: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    found.add_argument("--json", action="store_true", help="answer as one JSON object")
    found.set_defaults(run=run)
    return found


def ruled(found: argparse.ArgumentParser) -> None:
    """Add the options of rule sets."""
    found.add_argument("--rule", default="prum", help="rule set: an id, or a rule file (default prum)")
    found.add_argument("--option", action="append", default=[], metavar="K=V", help="set an option of the rule set")


def scaled(found: argparse.ArgumentParser) -> None:
    """Add the options of weighing."""
    found.add_argument(
        "--population", action="append", metavar="P", help="population, or a file of frequencies; repeatable"
    )
    found.add_argument("--theta", type=float, default=0.01, help="coancestry (default 0.01)")
    found.add_argument("--minimum", default="5/2N", help="least allele frequency: 5/2N, a number, or none")
    found.add_argument("--closed-table", action="store_true", help="alleles that are not in the table do not exist")
    found.add_argument("--formula", default="nrc-4.10", choices=["nrc-4.10", "nrc-4.4"], help="equations of NRC II")


def tell(answer: Mapping[str, Any]) -> int:
    """Print an answer as JSON."""
    print(json.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False))
    return 0


def chosen_rules(args: argparse.Namespace) -> RuleSet:
    """Return the rule set that was named, with its options."""
    from comity.forensics.dna.rules import rule_set
    from comity.forensics.errors import RuleError

    pairs = [each.partition("=") for each in args.option]
    for name, sign, _ in pairs:
        if not sign:
            raise RuleError(f"{name!r} is not an option.", remedy="Write it as name=value.")
    return rule_set(args.rule, {name: value for name, _, value in pairs})


def scales(args: argparse.Namespace) -> list[Scale]:
    """Return what to weigh with, one for each population named."""
    from comity.forensics.dna.population import DEFAULT, minimum, population
    from comity.forensics.dna.strength.weighed import Formula, Scale

    least, formula = minimum(args.minimum), Formula(args.formula)
    names = args.population or [DEFAULT]
    return [Scale(population(name), args.theta, least, formula, args.closed_table) for name in names]


def said_of(expected: Expected) -> dict[str, Any]:
    """Return what is said of expected chance matches."""
    return {
        "total": expected.total,
        "by_quality": dict(expected.by_quality),
        "compared": expected.compared,
        "population": expected.population,
        "theta": expected.theta,
        "loci_left_out": list(expected.left_out),
        "assumes": "unrelated persons of one population; relatives and wildcards in the database bring more",
    }


def profile_of(path: Path, category: str) -> Profile:
    """Read the one profile of a file of any format; ``category`` is for tables, which have none."""
    from comity.forensics.dna.formats import guess, read
    from comity.forensics.dna.reader import one, only

    return one(path) if guess(path) == "json" else only(path, list(read(path, "auto", category)))
