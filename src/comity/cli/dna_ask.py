"""``comity dna expect``, ``rules`` and ``populations``: what chance brings, and which tables stand behind an answer."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.cli.dna_option import chosen_rules, command, profile_of, ruled, said_of, scaled, scales, tell

if TYPE_CHECKING:
    from comity.forensics.dna.rules import RuleSet
    from comity.forensics.dna.strength.chance import Expected
    from comity.forensics.dna.strength.weighed import Scale

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the commands."""
    _expect(commands)
    _rules(commands)
    command(commands, "populations", "list the populations whose allele frequencies stand here", run_populations)


def _expect(commands: Any) -> None:
    found = command(commands, "expect", "how many matches chance alone brings", run_expect)
    found.add_argument("--db", type=Path, metavar="DIR", help="a database, for its size and loci")
    found.add_argument("--profile", type=Path, metavar="FILE", help="one query; without it, random pairs")
    found.add_argument("--loci", metavar="SET", help="a set such as ess12, or names with commas")
    found.add_argument("--size", type=int, metavar="N", help="profiles in the database")
    found.add_argument("--against-size", type=int, metavar="M", help="profiles in the other; without it, within one")
    found.add_argument("--populations", action="store_true", help="list the populations")
    ruled(found)
    scaled(found)


def _rules(commands: Any) -> None:
    found = command(commands, "rules", "show the rule sets and where each rule stands written", run_rules)
    found.add_argument("name", nargs="?", help="one rule set, or a rule file")


def run_expect(args: argparse.Namespace) -> int:
    if args.populations:
        return run_populations(args)
    rules = chosen_rules(args)
    answers = [_expected(args, rules, scale) for scale in scales(args)]
    none = f"Under {rules.title} these loci are too few for a match." if not any(each.total for each in answers) else ""
    if args.json:
        told = [{"expected_chance_matches": each.total, **said_of(each)} for each in answers]
        note = {"rule": rules.id, "rule_version": rules.version, "note": none or None}
        return tell({**told[0], **note, **({"populations": told} if len(told) > 1 else {})})
    for one in answers:
        print(f"{one.total:.4g} chance matches expected in {one.compared:,} comparisons of unrelated persons")
        print(f"  {one.population}, theta {one.theta:g}; by quality {dict(one.by_quality)}")
        if one.left_out:
            print(f"  left out for want of frequencies: {', '.join(one.left_out)}")
    if none:
        print(f"  {none}")
    return 0


def run_populations(args: argparse.Namespace) -> int:
    from comity.forensics.dna.population import populations

    found = [each.to_json() for each in populations().values()]
    if args.json:
        return tell({"populations": found})
    for each in found:
        print(f"{each['name']:<50}{each['loci']:>3} loci  {each['source']}")
    return 0


def _expected(args: argparse.Namespace, rules: RuleSet, scale: Scale) -> Expected:
    from comity.forensics.dna.index.database import Database
    from comity.forensics.dna.locus import SETS, locus_set
    from comity.forensics.dna.strength.chance import of_databases, of_pairs, of_query
    from comity.forensics.errors import ParameterError, RuleError

    if rules.match is None:
        raise RuleError(f"{rules.title}: it has no match rule, so that no chance match can be reckoned.")
    query = profile_of(args.profile, "trace") if args.profile else None
    names: list[str] = []
    if args.loci:
        plain = args.loci.lower()
        names = sorted(locus_set(plain)) if plain in SETS else _named(args.loci)
    masks: Mapping[frozenset[str], int]
    if args.db:
        masks = Database.open(args.db).masks()
    elif args.size is not None and args.size > 0 and (names or query):
        masks = {frozenset(names or (query.loci if query else ())): args.size}
    else:
        raise ParameterError(
            "Neither a database nor a size with loci was given.", remedy="Give --db, or --size and --loci."
        )
    if query is not None:
        return of_query(query, masks, rules, scale)
    if args.db:
        return of_databases(masks, masks, rules, scale, within=True)
    other = args.against_size
    if other is not None and other < 1:
        raise ParameterError(f"--against-size {other}: a database has at least one profile.", remedy="Give its size.")
    pairs = args.size * other if other else args.size * (args.size - 1) // 2
    return of_pairs(names, pairs, rules, scale.population, scale.theta)


def _named(text: str) -> list[str]:
    """Read the names of loci; raise for one that is not known, with the sets there are."""
    from comity.forensics.dna.locus import SETS, locus
    from comity.forensics.errors import UnknownLocusError

    found: dict[str, None] = {}
    for each in text.split(","):
        try:
            found[locus(each).name] = None
        except UnknownLocusError as error:
            error.remedy += f" Sets of loci are {', '.join(SETS)}."
            raise
    return list(found)


def run_rules(args: argparse.Namespace) -> int:
    from comity.forensics.dna.rules import rule_set, rule_sets

    found = [rule_set(args.name)] if args.name else list(rule_sets().values())
    if args.json:
        return tell(found[0].to_json() if args.name else {"rules": [each.to_json() for each in found]})
    for each in found:
        print(f"{each.id:<16}{each.title}  [{each.status}]  version {each.version}")
        print(f"  {each.source}")
        for rule in each.rules:
            print(f"  {rule.id:<4}{rule.text} ({rule.basis})")
        if args.name:
            for quality, text in each.quality.items():
                print(f"  quality {quality}: {text}")
            for category, least in each.to_json()["inclusion"].items():
                print(f"  a profile of kind {category}: {least}")
            print(f"  options: {each.to_json()['match']}")
    return 0
