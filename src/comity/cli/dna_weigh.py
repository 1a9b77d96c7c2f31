"""``comity dna lr`` and ``kinship``: how strong it is, with the data used and the limits of the number."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.cli.dna_option import command, profile_of, scaled, scales, tell

if TYPE_CHECKING:
    from comity.forensics.dna.profile import Profile
    from comity.forensics.dna.strength.kinship import Left
    from comity.forensics.dna.strength.mixture import Model
    from comity.forensics.dna.strength.mutation import Mutation
    from comity.forensics.dna.strength.weighed import Scale, Weighed

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the commands."""
    _lr(commands)
    _kinship(commands)


def _lr(commands: Any) -> None:
    found = command(commands, "lr", "weigh a profile, or a person against a trace", run_lr)
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
    found.add_argument(
        "--homozygote", type=float, default=1.0, metavar="A", help="a homozygote drops out with A times D squared (1)"
    )
    found.add_argument("--drop-in", type=float, default=0.0, metavar="C", help="chance of drop-in a replicate")
    found.add_argument(
        "--relative",
        metavar="R",
        help="the other source is such a relative of the person; without --against, the chance that a relative matches",
    )
    found.add_argument("--words", action="store_true", help="add the verbal scale, labelled")
    scaled(found)


def _kinship(commands: Any) -> None:
    found = command(commands, "kinship", "weigh whether persons are related", run_kinship)
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
    scaled(found)


def _trace(args: argparse.Namespace) -> Profile:
    from comity.forensics.dna.formats import read
    from comity.forensics.dna.profile import replicated

    if not args.replicates:
        return profile_of(args.profile, "trace")
    return replicated([found for _, found in read(args.profile, "auto", "trace")])


def run_lr(args: argparse.Namespace) -> int:
    trace = _trace(args)
    person = profile_of(args.against, "person") if args.against else None
    known = [profile_of(each, "person") for each in args.known]
    answers = [_weigh(args, trace, person, known, scale) for scale in scales(args)]
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
    if modelled or trace.mixed or trace.replicates:
        count = max(trace.fewest_contributors, len(known) + 1) if args.contributors is None else args.contributors
        return ratio(trace, person, scale, _model(args, count), known)
    return source(trace, person, scale, args.relative)


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
        homozygote=args.homozygote,
    )


def _show(answers: Sequence[Weighed], args: argparse.Namespace) -> int:
    from comity.forensics.dna.strength.scale import words

    said = [each.to_json() for each in answers]
    if getattr(args, "words", False):
        for each, told in zip(answers, said, strict=True):
            if each.log10_lr is not None:
                told["words"] = {"text": words(each.log10_lr).text, "label": words(each.log10_lr).label}
    if args.json:
        return tell({**said[0], **({"populations": said} if len(said) > 1 else {})})
    for told in said:
        _tell(told)
    return 0


def _tell(said: Mapping[str, Any]) -> None:
    print(
        f"{said['method']}; {said['population']}, theta {said['theta']:g}, least frequency {said['minimum_frequency']}"
    )
    print(f"  1: {said['propositions'][0]}\n  2: {said['propositions'][1]}")
    for each in said["loci"]:
        least = f"  least frequency used: {', '.join(each['at_minimum'])}" if "at_minimum" in each else ""
        print(f"  {each['locus']:<12}{each['genotype']:<28}{each['value']:.6g}{least}")
    for each in said["not_used"]:
        print(f"  {each['locus']:<12}not used: {each['why']}")
    if said["no_number_because"]:
        print(f"No number: {said['no_number_because']}")
        if "rmne" in said:
            print(f"Random man not excluded {said['rmne']:.4g}: only where every allele of every contributor was seen")
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
            [kinship(typed, first, second, scale, mutation=mutation, left=left) for scale in scales(args)], args
        )
    if args.mixture or args.contributor:
        raise PedigreeError("A mixture is weighed with pedigrees.", remedy="Give --pedigree and --profiles.")
    if not (args.relation and args.profile and args.against):
        raise PedigreeError(
            "Two persons and a relation are needed.", remedy="Give --relation, --profile and --against, or --pedigree."
        )
    a, b = profile_of(args.profile, "person"), profile_of(args.against, "person")
    if args.relation == "trio":
        if not args.mother:
            raise PedigreeError("A trio needs the mother.", remedy="Give her profile with --mother.")
        mother = profile_of(args.mother, "person")
        return _show([trio(a, mother, b, scale, mutation=mutation) for scale in scales(args)], args)
    return _show([pair(a, b, args.relation, scale, mutation=mutation) for scale in scales(args)], args)


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
    return Left(profile_of(args.mixture, "trace"), rates, args.drop_in)


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
