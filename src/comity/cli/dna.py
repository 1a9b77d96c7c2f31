"""``comity dna``: import profiles, search, match, weigh, and say under which rules and with what limits.

Nothing here needs a node. Every command has ``--json``; the strength of a match never stands without its population,
theta and the loci left out, and a list of matches never without the number that chance alone would bring.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comity.forensics.dna.profile import Profile
    from comity.forensics.dna.rules import RuleSet
    from comity.forensics.dna.strength.chance import Expected
    from comity.forensics.dna.strength.kinship import Left
    from comity.forensics.dna.strength.mixture import Model
    from comity.forensics.dna.strength.mutation import Mutation
    from comity.forensics.dna.strength.weighed import Scale, Weighed

__all__ = ["register"]


def register(groups: Any) -> None:
    """Add the group ``dna``."""
    group = groups.add_parser("dna", help="DNA profiles: import, search, match, weigh")
    commands = group.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _import(commands)
    _delete(commands)
    _export(commands)
    _search(commands)
    _match(commands)
    _lr(commands)
    _kinship(commands)
    _expect(commands)
    _rules(commands)


def _command(commands: Any, name: str, text: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    found: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    found.add_argument("--json", action="store_true", help="answer as one JSON object")
    found.set_defaults(run=run)
    return found


def _ruled(found: argparse.ArgumentParser) -> None:
    found.add_argument("--rule", default="prum", help="rule set: an id, or a rule file (default prum)")
    found.add_argument("--option", action="append", default=[], metavar="K=V", help="set an option of the rule set")


def _scaled(found: argparse.ArgumentParser) -> None:
    found.add_argument(
        "--population", action="append", metavar="P", help="population, or a file of frequencies; repeatable"
    )
    found.add_argument("--theta", type=float, default=0.01, help="coancestry (default 0.01)")
    found.add_argument("--minimum", default="5/2N", help="least allele frequency: 5/2N, a number, or none")
    found.add_argument("--closed-table", action="store_true", help="alleles that are not in the table do not exist")
    found.add_argument("--formula", default="nrc-4.10", choices=["nrc-4.10", "nrc-4.4"], help="equations of NRC II")


def _import(commands: Any) -> None:
    found = _command(commands, "import", "take a file of profiles into a database, all of it or nothing", run_import)
    found.add_argument("file", type=Path)
    found.add_argument("--db", type=Path, required=True, metavar="DIR")
    found.add_argument("--format", default="auto", choices=["auto", "json", "cmf", "table"])
    found.add_argument("--category", help="category of all profiles, where the format has none")
    found.add_argument("--inclusion", default="store", metavar="RULE", help="rule set that says what is taken, or none")
    found.add_argument("--twins", action="store_true", help="allow one profile under two ids")


def _delete(commands: Any) -> None:
    found = _command(commands, "delete", "delete profiles for good, at once", run_delete)
    found.add_argument("--db", type=Path, required=True, metavar="DIR")
    found.add_argument("--id", action="append", required=True, metavar="ID")


def _export(commands: Any) -> None:
    found = _command(commands, "export", "write profiles to standard output", run_export)
    found.add_argument("--db", type=Path, required=True, metavar="DIR")
    found.add_argument("--format", default="json", choices=["json", "cmf", "table"])
    found.add_argument("--laboratory", default="", help="source laboratory, for CMF")


def _search(commands: Any) -> None:
    found = _command(commands, "search", "search one profile in a database", run_search)
    found.add_argument("--db", type=Path, required=True, metavar="DIR")
    found.add_argument("--profile", type=Path, required=True, metavar="FILE")
    found.add_argument("--since", type=int, default=0, metavar="N", help="only profiles that came in after import N")
    _ruled(found)
    _scaled(found)


def _match(commands: Any) -> None:
    found = _command(commands, "match", "match all profiles of one database against all of another", run_match)
    found.add_argument("--db", type=Path, required=True, metavar="A")
    found.add_argument("--against", type=Path, required=True, metavar="B")
    found.add_argument("--engine", default="embedded", choices=["embedded", "spark"])
    found.add_argument("--workers", type=int, default=2, metavar="N", help="workers of the engine spark (2)")
    found.add_argument(
        "--since", type=int, default=0, metavar="N", help="only profiles of A that came in after import N"
    )
    _ruled(found)
    _scaled(found)


def _lr(commands: Any) -> None:
    found = _command(commands, "lr", "weigh a profile, or a person against a trace", run_lr)
    found.add_argument(
        "--profile",
        type=Path,
        required=True,
        metavar="FILE",
        help="the trace, or the profile alone; JSON, CMF or table",
    )
    found.add_argument("--against", type=Path, metavar="FILE", help="the person in question")
    found.add_argument("--known", type=Path, action="append", default=[], metavar="FILE", help="a known contributor")
    found.add_argument("--replicates", action="store_true", help="the samples of --profile are replicates of one trace")
    found.add_argument("--contributors", type=int, metavar="N", help="contributors in all; makes it a mixture")
    found.add_argument("--dropout", type=float, default=0.0, metavar="D", help="chance that one copy drops out")
    found.add_argument("--dropout-person", type=float, metavar="D", help="the same, for the person in question")
    found.add_argument(
        "--dropout-known",
        type=float,
        action="append",
        default=[],
        metavar="D",
        help="the same, for each --known in order",
    )
    found.add_argument(
        "--dropout-unknown",
        metavar="D[,D2]",
        help="the same, for unknown contributors; D2 under the second proposition",
    )
    found.add_argument("--drop-in", type=float, default=0.0, metavar="C", help="chance of drop-in a replicate")
    found.add_argument(
        "--relative",
        metavar="R",
        help="the other source is such a relative of the person; without --against, the chance that a relative matches",
    )
    found.add_argument("--words", action="store_true", help="add the verbal scale, labelled")
    _scaled(found)


def _kinship(commands: Any) -> None:
    found = _command(commands, "kinship", "weigh whether persons are related", run_kinship)
    found.add_argument(
        "--relation", metavar="R", help="parent-child, full-siblings, half-siblings, grandparent, ..., trio"
    )
    found.add_argument("--profile", type=Path, metavar="FILE", help="the first person; in a trio the child")
    found.add_argument("--against", type=Path, metavar="FILE", help="the second person; in a trio the alleged father")
    found.add_argument("--mother", type=Path, metavar="FILE", help="the mother, in a trio")
    found.add_argument("--pedigree", type=Path, metavar="FILE", help="two pedigrees, as JSON")
    found.add_argument("--profiles", type=Path, metavar="FILE", help="the typed persons of the pedigrees")
    found.add_argument("--mutation", metavar="M[,M2]", help="mutation rate a meiosis of fathers; M2 of mothers")
    found.add_argument(
        "--mutation-model", default="stepwise", choices=["equal", "proportional", "stepwise"], help="default stepwise"
    )
    found.add_argument("--mutation-range", type=float, default=0.1, metavar="R", help="of the stepwise model (0.1)")
    found.add_argument(
        "--mutation-micro", type=float, default=1e-6, metavar="M", help="to and from microvariants (1e-6)"
    )
    found.add_argument("--mixture", type=Path, metavar="FILE", help="a mixture that members of the pedigrees left")
    found.add_argument(
        "--contributor", action="append", default=[], metavar="ID[=D]", help="a member who left it, with drop-out D"
    )
    found.add_argument("--drop-in", type=float, default=0.0, metavar="C", help="chance of drop-in, in the mixture")
    _scaled(found)


def _expect(commands: Any) -> None:
    found = _command(commands, "expect", "how many matches chance alone brings", run_expect)
    found.add_argument("--db", type=Path, metavar="DIR", help="a database, for its size and loci")
    found.add_argument("--profile", type=Path, metavar="FILE", help="one query; without it, random pairs")
    found.add_argument("--loci", metavar="SET", help="a set such as ess12, or names with commas")
    found.add_argument("--size", type=int, metavar="N", help="profiles in the database")
    found.add_argument("--against-size", type=int, metavar="M", help="profiles in the other; without it, within one")
    found.add_argument("--populations", action="store_true", help="list the populations")
    _ruled(found)
    _scaled(found)


def _rules(commands: Any) -> None:
    found = _command(commands, "rules", "show the rule sets and where each rule stands written", run_rules)
    found.add_argument("name", nargs="?", help="one rule set, or a rule file")


def _print(answer: Mapping[str, Any]) -> int:
    print(json.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False))
    return 0


def _rule_set(args: argparse.Namespace) -> RuleSet:
    from comity.forensics.dna.rules import rule_set
    from comity.forensics.errors import RuleError

    pairs = [each.partition("=") for each in args.option]
    for name, sign, _ in pairs:
        if not sign:
            raise RuleError(f"{name!r} is not an option.", remedy="Write it as name=value.")
    return rule_set(args.rule, {name: value for name, _, value in pairs})


def _scales(args: argparse.Namespace) -> list[Scale]:
    from comity.forensics.dna.population import DEFAULT, minimum, population
    from comity.forensics.dna.strength.weighed import Formula, Scale

    least, formula = minimum(args.minimum), Formula(args.formula)
    names = args.population or [DEFAULT]
    return [Scale(population(name), args.theta, least, formula, args.closed_table) for name in names]


def _said(expected: Expected) -> dict[str, Any]:
    return {
        "total": expected.total,
        "by_quality": dict(expected.by_quality),
        "compared": expected.compared,
        "population": expected.population,
        "theta": expected.theta,
        "loci_left_out": list(expected.left_out),
        "assumes": "unrelated persons of one population; relatives and wildcards in the database bring more",
    }


def run_import(args: argparse.Namespace) -> int:
    from comity.forensics.dna.formats import guess, read
    from comity.forensics.dna.index.database import Database
    from comity.forensics.dna.reader import by_lines
    from comity.forensics.dna.rules import rule_set

    begun = time.monotonic()
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
        return _print(answer)
    print(f"{done.profiles:,} profiles taken in as import {done.generation}; {done.total:,} stand in {args.db}.")
    return 0


def run_delete(args: argparse.Namespace) -> int:
    from comity.forensics.dna.index.database import Database

    database = Database.open(args.db)
    count = database.delete(args.id)
    if args.json:
        return _print({"deleted": count, "total": len(database)})
    print(f"{count} deleted; {len(database):,} stand in {args.db}.")
    return 0


def run_export(args: argparse.Namespace) -> int:
    from comity.forensics.dna.formats import write
    from comity.forensics.dna.index.database import Database

    for part in write(Database.open(args.db).profiles(), args.format, laboratory=args.laboratory):
        print(part, end="")
    return 0


def run_search(args: argparse.Namespace) -> int:
    from comity.forensics.dna.index.database import Database
    from comity.forensics.dna.strength.chance import of_query

    rules, scale, query = _rule_set(args), _scales(args)[0], _profile(args.profile, "trace")
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
        "expected": _said(expected),
        "import": database.generation,
        "seconds": round(seconds, 4),
    }
    if args.json:
        return _print(answer)
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

    rules, scale = _rule_set(args), _scales(args)[0]
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
        "expected": _said(expected),
        "seconds": round(seconds, 3),
    }
    if args.json:
        return _print(answer)
    print(f"{len(found)} matches among {expected.compared:,} comparisons under {rules.title}.")
    print(f"Chance alone is expected to bring {expected.total:.2g} ({expected.population}, theta {expected.theta:g}).")
    for of, each in found:
        print(f"  {of}  {each.id}  quality {each.comparison.quality}  {each.comparison.why}")
    return 0


def _profile(path: Path, category: str) -> Profile:
    """Read the one profile of a file of any format; ``category`` is for tables, which have none."""
    from comity.forensics.dna.formats import guess, read
    from comity.forensics.dna.reader import one, only

    return one(path) if guess(path) == "json" else only(path, list(read(path, "auto", category)))


def _trace(args: argparse.Namespace) -> Profile:
    from comity.forensics.dna.formats import read
    from comity.forensics.dna.profile import replicated

    if not args.replicates:
        return _profile(args.profile, "trace")
    return replicated([found for _, found in read(args.profile, "auto", "trace")])


def run_lr(args: argparse.Namespace) -> int:
    trace = _trace(args)
    person = _profile(args.against, "person") if args.against else None
    known = [_profile(each, "person") for each in args.known]
    answers = [_weigh(args, trace, person, known, scale) for scale in _scales(args)]
    return _show(answers, args)


def _weigh(
    args: argparse.Namespace, trace: Profile, person: Profile | None, known: Sequence[Profile], scale: Scale
) -> Weighed:
    from comity.forensics.dna.strength.mixture import ratio
    from comity.forensics.dna.strength.single import random_match, source
    from comity.forensics.errors import ParameterError

    own = args.dropout_person is not None or args.dropout_known or args.dropout_unknown
    modelled = args.contributors is not None or args.dropout or args.drop_in or known or own
    if person is None:
        if modelled:
            raise ParameterError(
                "A mixture is weighed against a person.",
                cause="Contributors, drop-out, drop-in or a known contributor were given without --against.",
                remedy="Name the person with --against.",
            )
        return random_match(trace, scale, args.relative)
    if modelled or args.relative or trace.mixed or trace.replicates:
        count = max(trace.fewest_contributors, len(known) + 1) if args.contributors is None else args.contributors
        return ratio(trace, person, scale, _model(args, count), known)
    return source(trace, person, scale)


def _model(args: argparse.Namespace, contributors: int) -> Model:
    from comity.forensics.dna.strength.mixture import Model

    unknown: tuple[float, float] | None = None
    if args.dropout_unknown:
        example = "0.1, or 0.1,0.2 for the first and the second proposition"
        unknown = _two(args.dropout_unknown, "--dropout-unknown", example)
    return Model(
        contributors,
        args.dropout,
        args.drop_in,
        args.relative,
        of_person=args.dropout_person,
        of_known=tuple(args.dropout_known),
        of_unknown=unknown,
    )


def _show(answers: Sequence[Weighed], args: argparse.Namespace) -> int:
    from comity.forensics.dna.strength.scale import words

    said = [each.to_json() for each in answers]
    if getattr(args, "words", False):
        for each, told in zip(answers, said, strict=True):
            if each.log10_lr is not None:
                told["words"] = {"text": words(each.log10_lr).text, "label": words(each.log10_lr).label}
    if args.json:
        return _print({**said[0], **({"populations": said} if len(said) > 1 else {})})
    for told in said:
        _tell(told)
    return 0


def _tell(said: Mapping[str, Any]) -> None:
    print(
        f"{said['method']}; {said['population']}, theta {said['theta']:g}, least frequency {said['minimum_frequency']}"
    )
    print(f"  1: {said['propositions'][0]}\n  2: {said['propositions'][1]}")
    for each in said["loci"]:
        print(f"  {each['locus']:<12}{each['genotype']:<28}{each['value']:.6g}")
    for each in said["not_used"]:
        print(f"  {each['locus']:<12}not used: {each['why']}")
    if said["no_number_because"]:
        print(f"No number: {said['no_number_because']}")
        return
    if said["rmp"] is not None:
        print(f"Random match probability {said['rmp']:.4g}")
    print(f"Likelihood ratio {said['lr']:.4g}" if said["lr"] is not None else f"log10 LR {said['log10_lr']:.2f}")
    for line in (*said["notes"], *said["limits"]):
        print(f"  {line}")
    if "words" in said:
        print(f"  In words: {said['words']['text']} ({said['words']['label']})")


def run_kinship(args: argparse.Namespace) -> int:
    from comity.forensics.dna.formats import read as read_profiles
    from comity.forensics.dna.strength.family import read
    from comity.forensics.dna.strength.kinship import kinship, pair, trio
    from comity.forensics.errors import PedigreeError

    mutation = _mutation(args)
    if args.pedigree:
        if not args.profiles:
            raise PedigreeError("The typed persons' profiles are missing.", remedy="Give them with --profiles FILE.")
        typed = {found.id: found for _, found in read_profiles(args.profiles, "auto", "person")}
        first, second = read(args.pedigree)
        left = _left(args)
        return _show(
            [kinship(typed, first, second, scale, mutation=mutation, left=left) for scale in _scales(args)], args
        )
    if args.mixture or args.contributor:
        raise PedigreeError("A mixture is weighed with pedigrees.", remedy="Give --pedigree and --profiles.")
    if not (args.relation and args.profile and args.against):
        raise PedigreeError(
            "Two persons and a relation are needed.", remedy="Give --relation, --profile and --against, or --pedigree."
        )
    a, b = _profile(args.profile, "person"), _profile(args.against, "person")
    if args.relation == "trio":
        if not args.mother:
            raise PedigreeError("A trio needs the mother.", remedy="Give her profile with --mother.")
        mother = _profile(args.mother, "person")
        return _show([trio(a, mother, b, scale, mutation=mutation) for scale in _scales(args)], args)
    return _show([pair(a, b, args.relation, scale, mutation=mutation) for scale in _scales(args)], args)


def _mutation(args: argparse.Namespace) -> Mutation | None:
    from comity.forensics.dna.strength.mutation import Mutation, MutationModel

    if args.mutation is None:
        return None
    paternal, maternal = _two(args.mutation, "--mutation", "0.002, or 0.003,0.001 for fathers and mothers")
    return Mutation(paternal, maternal, MutationModel(args.mutation_model), args.mutation_range, args.mutation_micro)


def _left(args: argparse.Namespace) -> Left | None:
    from comity.forensics.dna.strength.kinship import Left
    from comity.forensics.errors import ParameterError

    if args.mixture is None:
        return None
    rates: dict[str, float] = {}
    for each in args.contributor:
        name, _, rate = each.partition("=")
        try:
            rates[name] = float(rate or 0)
        except ValueError as error:
            raise ParameterError(f"--contributor {each[:40]!r}: the drop-out is not a number.") from error
    return Left(_profile(args.mixture, "trace"), rates, args.drop_in)


def _two(text: str, option: str, example: str) -> tuple[float, float]:
    from comity.forensics.errors import ParameterError

    try:
        values = [float(each) for each in text.split(",")]
        first, second = values if len(values) > 1 else values * 2
    except ValueError as error:
        raise ParameterError(
            f"{option} {text[:20]!r} is not a chance, nor two with a comma.", remedy=f"Write {example}."
        ) from error
    return first, second


def run_expect(args: argparse.Namespace) -> int:
    from comity.forensics.dna.population import populations

    if args.populations:
        found = [each.to_json() for each in populations().values()]
        if args.json:
            return _print({"populations": found})
        for each in found:
            print(f"{each['name']:<50}{each['loci']:>3} loci  {each['source']}")
        return 0
    answers = [_expected(args, scale) for scale in _scales(args)]
    if args.json:
        told = [{"expected_chance_matches": each.total, **_said(each)} for each in answers]
        return _print({**told[0], **({"populations": told} if len(told) > 1 else {})})
    for one in answers:
        print(f"{one.total:.4g} chance matches expected in {one.compared:,} comparisons of unrelated persons")
        print(f"  {one.population}, theta {one.theta:g}; by quality {dict(one.by_quality)}")
        if one.left_out:
            print(f"  left out for want of frequencies: {', '.join(one.left_out)}")
    return 0


def _expected(args: argparse.Namespace, scale: Scale) -> Expected:
    from comity.forensics.dna.index.database import Database
    from comity.forensics.dna.locus import SETS, locus, locus_set
    from comity.forensics.dna.strength.chance import of_databases, of_pairs, of_query
    from comity.forensics.errors import ParameterError

    rules = _rule_set(args)
    query = _profile(args.profile, "trace") if args.profile else None
    names: list[str] = []
    if args.loci:
        plain = args.loci.lower()
        names = sorted(locus_set(plain)) if plain in SETS else [locus(each).name for each in args.loci.split(",")]
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
    pairs = args.size * other if other else args.size * (args.size - 1) // 2
    return of_pairs(names, pairs, rules, scale.population, scale.theta)


def run_rules(args: argparse.Namespace) -> int:
    from comity.forensics.dna.rules import rule_set, rule_sets

    found = [rule_set(args.name)] if args.name else list(rule_sets().values())
    if args.json:
        return _print(found[0].to_json() if args.name else {"rules": [each.to_json() for each in found]})
    for each in found:
        print(f"{each.id:<16}{each.title}  [{each.status}]  version {each.version}")
        if args.name:
            print(f"  {each.source}")
            for rule in each.rules:
                print(f"  {rule.id:<4}{rule.text} ({rule.basis})")
            for quality, text in each.quality.items():
                print(f"  quality {quality}: {text}")
            print(f"  options: {each.to_json()['match']}")
    return 0
