"""``comity law check | coverage | article``: whether the law base is in order, what it covers, what it says and why.

The day up to which the corpus is asked is today's unless ``--until`` names another.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import textwrap
import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import comity_lawbase

if TYPE_CHECKING:
    from comity.law.base import LawBase
    from comity.values import StateCode

__all__ = ["add_base", "cache_folder", "load", "register_base", "states_named"]


def register_base(commands: Any) -> None:
    """Add the commands on the law base itself to the group ``law``."""
    check = commands.add_parser("check", help="whether the law base is in order", description=run_check.__doc__)
    check.add_argument(
        "--quick", action="store_true", help="leave the whole world out: the files and the sample only, some seconds"
    )
    check.add_argument(
        "--since", type=_year, default=1990, metavar="YEAR", help="first year of the whole world (default 1990)"
    )
    check.add_argument("--until", default="", metavar="DATE", help="last day asked for (default today)")
    check.add_argument(
        "--sample", type=_count, default=5000, metavar="N", help="questions answered in full (default 5000)"
    )
    check.add_argument(
        "--states", default="", metavar="A,B", help="only pairs of these states; each question is then answered in full"
    )
    check.add_argument(
        "--processes", type=_count, default=0, metavar="N", help="processes for the whole world (default one a core)"
    )
    _common(check, run_check)
    coverage = commands.add_parser("coverage", help="what is modelled, looked up, recalled, unsure")
    _common(coverage, run_coverage)
    article = commands.add_parser("article", help="show a provision, declaration, relation or authority")
    article.add_argument("id", help="its id, or the beginning of one: coe-030, coe/030/article-14-1, states/ua")
    article.add_argument("--language", choices=["en", "uk"], help="in prose, in English or Ukrainian")
    _common(article, run_article)


def _common(found: argparse.ArgumentParser, run: Any) -> None:
    found.add_argument("--json", action="store_true", help="answer as one JSON object")
    add_base(found)
    found.set_defaults(run=run)


def add_base(found: argparse.ArgumentParser) -> None:
    """Add the option that names another law base."""
    found.add_argument(
        "--lawbase", type=Path, metavar="DIR", help="root of another law base (default the installed one)"
    )


def cache_folder() -> Path:
    """Return where the compiled law base is kept: ``$COMITY_CACHE``, else the user's cache folder."""
    named = os.environ.get("COMITY_CACHE") or os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(named) / "comity"


def load(args: argparse.Namespace) -> LawBase:
    """Load the law base the command names, from its compiled form where that can be kept."""
    from comity.law.base import LawBase
    from comity.law.errors import CacheError

    root: Path | None = getattr(args, "lawbase", None)
    try:
        return LawBase.load(root, cache=cache_folder())
    except CacheError:
        return LawBase.load(root)


def states_named(args: argparse.Namespace) -> tuple[StateCode, ...]:
    """Return the states of ``--states A,B``, none where it was left out; raise `QuestionError` where they make no pair."""
    from comity.law.errors import QuestionError
    from comity.values import state

    states = tuple(dict.fromkeys(state(each) for each in args.states.split(",") if each))
    if args.states and len(states) < 2:
        raise QuestionError(
            "Pairs are made of two states at least.",
            cause="One state was named, or the same one twice.",
            remedy="Write --states UA,DE, or leave the option out for all states.",
        )
    return states


def run_check(args: argparse.Namespace) -> int:
    """Say whether the law base is in order.

    Every file is read and held against the others; the cases are answered; a sample of questions, with and without an
    offence, is answered in full; and for every pair of states, the first day of every quarter since 1990 and every measure,
    the bases are ordered: each question has a first basis or plainly none, never a conflict. The offence is left open there.
    The whole world takes about a minute on two cores; --quick leaves it out.
    """
    from comity.cli.law_world import over_the_world
    from comity.law.cases import failing
    from comity.law.catalogue import LANGUAGES, catalogue_of, missing, stale
    from comity.law.check import Finding, answers, check, corpus, sample, whole
    from comity.law.errors import QuestionError
    from comity.law.form import forms
    from comity.law.row import known
    from comity.values import day

    begun = time.monotonic()
    base = load(args)
    until = day(args.until) if args.until else date.today()
    states = states_named(args)
    if until.year < 1990:
        raise QuestionError(
            f"{until} lies before 1990, from which on the corpus asks.",
            cause="The year has a slip.",
            remedy="Name a day from 1990 on, or leave --until out for today.",
        )
    spoken = {name: catalogue_of(base, name) for name in LANGUAGES}
    for name, form in forms(args.lawbase).items():
        known(form.instruments, {**base.instruments, "any": None}, "instrument", f"forms/{name}.yaml")
    found = [*check(base), *(Finding(gap.where, gap.what) for one in spoken.values() for gap in stale(base, one))]
    held = list(failing(base, (args.lawbase or comity_lawbase.root()) / "cases"))
    found += [Finding(where, wrong) for where, wrong in held if wrong]
    count = 0
    asked = whole(base, until, states) if states else sample(base, args.sample, until)
    for wrong in corpus(base, asked, answers(base)):
        count += 1
        if wrong:
            found.append(wrong)
        if count % 20000 == 0 and not args.json:
            print(f"  {count:,} questions answered, {len(found)} findings", file=sys.stderr)
    told: dict[str, Any] = {
        "release": base.release,
        "digest": base.digest,
        "files": {
            "instruments": len(base.instruments),
            "rules": len(base.rules),
            "declarations": len(base.declarations),
            "relations": len(base.relations),
            "authorities": len(base.authorities),
        },
        "cases": len(held),
        "questions": count,
        "untranslated": {name: len(missing(base, one)) for name, one in spoken.items()},
    }
    if not args.quick and not states:
        if not args.json:
            print(f"  {count:,} questions answered; now the whole world since {args.since}", file=sys.stderr)
        seen = over_the_world(args, base, until)
        found += seen.findings
        told["world"] = {
            "since": args.since,
            "until": until.isoformat(),
            "questions": seen.questions,
            "kinds": seen.kinds,
            "orders": seen.placings,
            "first": dict(seen.first),
        }
    told["findings"] = [{"where": one.where, "what": one.what} for one in found]
    told["seconds"] = round(time.monotonic() - begun, 2)
    if args.json:
        print(json.dumps(told, ensure_ascii=False))
        return 1 if found else 0
    for one in found:
        print(f"{one.where}: {one.what}")
    for line in _in_order(told):
        print(line)
    if found:
        print(
            "Likely cause: a date, a name or a value was changed in one of the files named, and not in what rests on it."
        )
        print(
            "What to do: correct the file named first, or the one it is held against; then run 'comity law check' again."
        )
    return 1 if found else 0


def _in_order(told: Mapping[str, Any]) -> Iterator[str]:
    files, number = told["files"], len(told["findings"])
    yield (
        f"Law base {told['release']} ({told['digest'][:12]}): {files['instruments']} instruments, {files['rules']} rules, "
        f"{files['declarations']} declarations, {files['relations']} relations."
    )
    for language, count in told["untranslated"].items():
        yield (
            f"Without wording in {language!r}: {count:,} texts."
            if count
            else f"Every text has its wording in {language!r}."
        )
    yield f"{told['cases']} cases held against the answers; {told['questions']:,} questions answered in full."
    if "world" in told:
        seen = told["world"]
        first = ", ".join(f"{count:,} {_FIRST_IS[name]}" for name, count in sorted(seen["first"].items()))
        yield (
            f"{seen['questions']:,} questions of the whole world since {seen['since']}, by {seen['orders']:,} distinct orders of "
            f"bases: {first}."
        )
    yield f"{number or 'No'} finding{'' if number == 1 else 's'}, after {told['seconds']:.0f} seconds."


_FIRST_IS = {
    "applicable": "with a basis that applies",
    "conditional": "that turn on the offence",
    "conflict": "in conflict",
    "contested": "with a basis that is contested, with the reason",
    "none": "with none",
    "residual": "with one that stands beside others only",
}


def _count(text: str) -> int:
    return _number(text, 1, 10**9)


def _year(text: str) -> int:
    return _number(text, 1900, 9999)


def _number(text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 11 and least <= int(text) <= most):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number from {least} to {most}")
    return int(text)


def run_coverage(args: argparse.Namespace) -> int:
    """Say what the law base covers and how it is known."""
    from comity.law.coverage import coverage, total
    from comity.law.telling import covered

    base = load(args)
    if args.json:
        print(json.dumps(covered(base), ensure_ascii=False))
        return 0
    found = coverage(base)
    whole = total(base, found)
    print(
        f"{'':<30}{'modelled':>9}{'parties':>8}{'undated':>8}{'rules':>7}{'looked up':>10}{'recalled':>9}{'declared':>9}"
        f"{'unsure':>7}"
    )
    for one in found:
        unsure = sum(each.unsure for each in (one.rules, one.parties, one.declarations, one.relations))
        print(
            f"{one.instrument:<30}{one.depth:>9}{one.parties.count:>8}{one.undated:>8}{one.rules.count:>7}"
            f"{one.rules.looked_up:>10}{one.rules.recalled:>9}{one.declarations.count:>9}{unsure:>7}  {one.completeness}"
        )
    deep = sum(one.depth == "rules" for one in found)
    print(f"instruments: {len(found)}, of which modelled with their rules {deep}, in frame only {len(found) - deep}")
    for name, count in whole.items():
        print(
            f"{name}: {count.count}, of which looked up {count.looked_up}, recalled {count.recalled}, unsure {count.unsure}"
        )
    return 0


def run_article(args: argparse.Namespace) -> int:
    """Show what the law base says at an id, with source and basis."""
    from comity.law.article import facts_at, told
    from comity.law.explain_article import explain_article
    from comity.law.telling import article

    base = load(args)
    if args.json:
        print(json.dumps(article(base, args.id), ensure_ascii=False))
        return 0
    if args.language:
        print(explain_article(base, args.id, args.language))
        return 0
    for kind, fact in facts_at(base, args.id):
        _show(kind, told(fact))
    return 0


_FIRST = ("id", "title", "text")
_LAST = ("source", "basis", "unsure", "checked", "note")


def _show(kind: str, fact: dict[str, Any]) -> None:
    print(f"{fact['id']}  [{kind}]")
    said = fact.get("text") or fact.get("title") or fact.get("name") or ""
    print(textwrap.indent(textwrap.fill(said, 110), "  "))
    middle = {key: value for key, value in fact.items() if key not in (*_FIRST, *_LAST)}
    for key, value in middle.items():
        print(f"    {key}: {_flat(value)}")
    unsure = ", to be checked" if fact.get("unsure") else ""
    print(f"    {fact['basis']}{unsure}: {fact['source']} ({fact.get('checked', 'no date')})")
    if fact.get("note"):
        print(textwrap.indent(textwrap.fill(f"note: {fact['note']}", 106), "    "))


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key} {_flat(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(_flat(each) for each in value)
    return str(value)
