"""``comity dna``: import profiles, search, match, weigh, and say under which rules and with what limits.

Nothing here needs a node. Every command has ``--json``; the strength of a match never stands without its population,
theta and the loci left out, and a list of matches never without the number that chance alone would bring.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from comity.cli import dna_ask, dna_message, dna_rank, dna_weigh
from comity.cli.dna_option import chosen_rules, command, profile_of, ruled, said_of, scaled, scales, tell

__all__ = ["register"]


def register(groups: Any) -> None:
    """Add the group ``dna``."""
    group = groups.add_parser("dna", help="DNA profiles: import, search, match, weigh")
    commands = group.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _import(commands)
    _delete(commands)
    _export(commands)
    dna_message.register(commands)
    _search(commands)
    _match(commands)
    dna_rank.register(commands)
    dna_weigh.register(commands)
    dna_ask.register(commands)


def _import(commands: Any) -> None:
    found = command(commands, "import", "take a file of profiles into a database, all of it or nothing", run_import)
    found.add_argument("file", type=Path)
    found.add_argument("--db", type=Path, required=True, metavar="DIR")
    found.add_argument("--format", default="auto", choices=["auto", "json", "cmf", "table", "prum"])
    found.add_argument("--category", help="category of all profiles, where the format has none")
    found.add_argument("--inclusion", default="store", metavar="RULE", help="rule set that says what is taken, or none")
    found.add_argument("--twins", action="store_true", help="allow one profile under two ids")
    found.add_argument("--test-data", action="store_true", help="take in a Prüm message that says it holds test data")


def _delete(commands: Any) -> None:
    found = command(commands, "delete", "delete profiles for good, at once", run_delete)
    found.add_argument("--db", type=Path, required=True, metavar="DIR")
    found.add_argument("--id", action="append", required=True, metavar="ID")


def _export(commands: Any) -> None:
    found = command(commands, "export", "write profiles to standard output", run_export)
    found.add_argument("--db", type=Path, required=True, metavar="DIR")
    found.add_argument("--format", default="json", choices=["json", "cmf", "table", "prum"])
    found.add_argument("--laboratory", default="", help="source laboratory, for CMF")
    found.add_argument("--requesting", metavar="STATE", help="the state that asks, for prum")
    found.add_argument("--requested", metavar="STATE", help="the state that is asked, for prum")
    found.add_argument("--number", metavar="N", help="the number of the request, for prum")
    found.add_argument("--id", action="append", default=[], metavar="ID", help="only these profiles, for prum")
    found.add_argument("--test-data", action="store_true", help="mark the message as test data, for prum")


def _search(commands: Any) -> None:
    found = command(commands, "search", "search one profile in a database", run_search)
    found.add_argument("--db", type=Path, required=True, metavar="DIR")
    found.add_argument("--profile", type=Path, required=True, metavar="FILE")
    found.add_argument("--since", type=int, default=0, metavar="N", help="only profiles that came in after import N")
    ruled(found)
    scaled(found)


def _match(commands: Any) -> None:
    found = command(commands, "match", "match all profiles of one database against all of another", run_match)
    found.add_argument("--db", type=Path, required=True, metavar="A")
    found.add_argument("--against", type=Path, required=True, metavar="B")
    found.add_argument("--engine", default="embedded", choices=["embedded", "spark"])
    found.add_argument("--workers", type=int, default=2, metavar="N", help="workers of the engine spark (2)")
    found.add_argument(
        "--since", type=int, default=0, metavar="N", help="only profiles of A that came in after import N"
    )
    ruled(found)
    scaled(found)


def run_import(args: argparse.Namespace) -> int:
    from comity.forensics.dna.formats import guess, read
    from comity.forensics.dna.index.database import Database
    from comity.forensics.dna.reader import by_lines
    from comity.forensics.dna.rules import rule_set

    begun = time.monotonic()
    if args.format in ("auto", "prum") and guess(args.file) == "prum":
        dna_message.not_by_mistake(args.file, allowed=args.test_data)
    rules = None if args.inclusion == "none" else rule_set(args.inclusion)
    form = guess(args.file) if args.format == "auto" else args.format
    database = Database.create(args.db)
    if form == "json" and by_lines(args.file):
        done = database.take_lines(args.file, inclusion=rules, twins=args.twins)
    else:
        done = database.take(read(args.file, form, args.category), inclusion=rules, twins=args.twins)
    seconds = time.monotonic() - begun
    answer = {
        "imported": done.profiles,
        "by_category": done.by_category,
        "total": done.total,
        "import": done.generation,
        "seconds": round(seconds, 3),
    }
    if args.json:
        return tell(answer)
    print(f"{done.profiles:,} profiles taken in as import {done.generation}; {done.total:,} stand in {args.db}.")
    return 0


def run_delete(args: argparse.Namespace) -> int:
    from comity.forensics.dna.index.database import Database

    database = Database.open(args.db)
    count = database.delete(args.id)
    if args.json:
        return tell({"deleted": count, "total": len(database)})
    print(f"{count} deleted; {len(database):,} stand in {args.db}.")
    return 0


def run_export(args: argparse.Namespace) -> int:
    from comity.forensics.dna.formats import write
    from comity.forensics.dna.index.database import Database

    if args.format == "prum":
        return dna_message.export(args)
    for part in write(Database.open(args.db).profiles(), args.format, laboratory=args.laboratory):
        print(part, end="")
    return 0


def run_search(args: argparse.Namespace) -> int:
    from comity.forensics.dna.index.database import Database
    from comity.forensics.dna.strength.chance import of_query

    rules, scale, query = chosen_rules(args), scales(args)[0], profile_of(args.profile, "trace")
    database = Database.open(args.db)
    begun = time.monotonic()
    found = database.search(query, rules, since=args.since)
    seconds = time.monotonic() - begun
    expected = of_query(query, database.masks(), rules, scale)
    answer = {
        "query": query.id,
        "rule": rules.id,
        "rule_version": rules.version,
        "matches": [each.to_json() for each in found],
        "searched": len(database),
        "expected_chance_matches": expected.total,
        "expected": said_of(expected),
        "import": database.generation,
        "seconds": round(seconds, 4),
    }
    if args.json:
        return tell(answer)
    print(f"{len(found)} of {answer['searched']:,} profiles match {query.id} under {rules.title}.")
    print(
        f"Chance alone is expected to bring {expected.total:.2g} "
        f"({expected.population}, theta {expected.theta:g}, unrelated persons)."
    )
    for each in found:
        said = each.comparison
        print(f"  {each.id}  quality {said.quality}  {said.matched} of {said.compared} loci  {said.why}")
        for part in said.differences:
            ours, theirs = (",".join(one.text for one in seen) for seen in (part.ours, part.theirs))
            print(f"      {part.locus}: {ours} / {theirs}  {part.why}")
    return 0


def run_match(args: argparse.Namespace) -> int:
    from comity.forensics.dna.index.database import Database
    from comity.forensics.dna.index.join import join
    from comity.forensics.dna.strength.chance import of_databases

    rules, scale = chosen_rules(args), scales(args)[0]
    one, two = Database.open(args.db), Database.open(args.against)
    begun = time.monotonic()
    if args.engine == "spark":
        from comity.forensics.dna.index.spark import join as spark_join

        found = list(spark_join(one, two, rules, since=args.since, workers=args.workers))
    else:
        found = list(join(one, two, rules, since=args.since))
    found.sort(key=lambda pair: (pair[0], pair[1].id))
    seconds = time.monotonic() - begun
    expected = of_databases(one.masks(), two.masks(), rules, scale, within=one.folder.samefile(two.folder))
    answer = {
        "rule": rules.id,
        "rule_version": rules.version,
        "engine": args.engine,
        "matches": [{"of": of, **each.to_json()} for of, each in found],
        "searched": [len(one), len(two)],
        "compared": expected.compared,
        "expected_chance_matches": expected.total,
        "expected": said_of(expected),
        "seconds": round(seconds, 3),
    }
    if args.json:
        return tell(answer)
    print(f"{len(found)} matches among {expected.compared:,} comparisons under {rules.title}.")
    print(f"Chance alone is expected to bring {expected.total:.2g} ({expected.population}, theta {expected.theta:g}).")
    for of, each in found:
        print(f"  {of}  {each.id}  quality {each.comparison.quality}  {each.comparison.why}")
    return 0
