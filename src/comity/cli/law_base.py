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
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comity.law.base import LawBase

__all__ = ["add_base", "cache_folder", "load", "register_base"]


def register_base(commands: Any) -> None:
    """Add the commands on the law base itself to the group ``law``."""
    check = commands.add_parser("check", help="whether the law base is in order", description=run_check.__doc__)
    check.add_argument(
        "--sample", type=int, default=5000, metavar="N", help="questions of the corpus asked (default 5000)"
    )
    check.add_argument(
        "--all", action="store_true", help="ask for every pair, quarter of change and measure; takes days"
    )
    check.add_argument(
        "--world",
        action="store_true",
        help="order the bases for every pair of all states and every measure on the first day of each quarter since "
        "1990, or of --since; half a minute a day",
    )
    check.add_argument("--since", type=int, default=1990, metavar="YEAR", help="with --world: the first year")
    check.add_argument("--states", default="", metavar="A,B", help="with --all: only pairs of these states")
    check.add_argument("--until", default="", metavar="DATE", help="last day asked for (default today)")
    _common(check, run_check)
    coverage = commands.add_parser("coverage", help="what is modelled, looked up, recalled, unsure")
    _common(coverage, run_coverage)
    article = commands.add_parser("article", help="show a provision, declaration, relation or authority")
    article.add_argument("id", help="its id, or the beginning of one: coe-030, coe/030/article-14-1, states/ua")
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


def run_check(args: argparse.Namespace) -> int:
    """Load the law base, look at every file, and ask a sample of all questions."""
    from comity.law import resolve
    from comity.law.check import Finding, check, corpus, orders, quarters, sample, whole
    from comity.law.question import Question
    from comity.values import day, state

    begun = time.monotonic()
    base = load(args)
    until = day(args.until) if args.until else date.today()
    found = list(check(base))
    states = tuple(state(each) for each in args.states.split(",") if each)
    asked = whole(base, until, states) if args.all else sample(base, args.sample, until)

    def answer(one: Any) -> object:
        question = Question.read(
            requesting=one.requesting, requested=one.requested, measures=[one.measure], on=one.on, base=base
        )
        return resolve(question, base)

    count = 0
    for wrong in corpus(base, asked, answer):
        count += 1
        if wrong:
            found.append(wrong)
        if count % 20000 == 0 and not args.json:
            print(f"  {count:,} questions, {len(found)} findings", file=sys.stderr)
    if args.world:
        for on in quarters(args.since, until):
            for one in orders(base, on):
                if isinstance(one, Finding):
                    found.append(one)
                else:
                    count += one
            if not args.json:
                print(f"  {on}: {count:,} questions, {len(found)} findings", file=sys.stderr)
    told = {
        "release": base.release,
        "digest": base.digest,
        "files": {
            "instruments": len(base.instruments),
            "rules": len(base.rules),
            "declarations": len(base.declarations),
            "relations": len(base.relations),
            "authorities": len(base.authorities),
        },
        "questions": count,
        "findings": [{"where": one.where, "what": one.what} for one in found],
        "seconds": round(time.monotonic() - begun, 2),
    }
    if args.json:
        print(json.dumps(told, ensure_ascii=False))
        return 1 if found else 0
    for one in found:
        print(f"{one.where}: {one.what}")
    print(
        f"Law base {base.release} ({base.digest[:12]}): {len(base.instruments)} instruments, {len(base.rules)} rules, "
        f"{len(base.declarations)} declarations, {len(base.relations)} relations; {count:,} questions asked; "
        f"{len(found) or 'no'} finding{'' if len(found) == 1 else 's'}."
    )
    return 1 if found else 0


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
        f"{'':<30}{'parties':>8}{'undated':>8}{'rules':>7}{'looked up':>10}{'recalled':>9}{'unsure':>7}{'declared':>9}"
    )
    for one in found:
        unsure = one.rules.unsure + one.parties.unsure
        print(
            f"{one.instrument:<30}{one.parties.count:>8}{one.undated:>8}{one.rules.count:>7}{one.rules.looked_up:>10}"
            f"{one.rules.recalled:>9}{unsure:>7}{one.declarations.count:>9}  {one.completeness}"
        )
    for name, count in whole.items():
        print(
            f"{name}: {count.count}, of which looked up {count.looked_up}, recalled {count.recalled}, unsure {count.unsure}"
        )
    return 0


def run_article(args: argparse.Namespace) -> int:
    """Show what the law base says at an id, with source and basis."""
    from comity.law.article import facts_at, told
    from comity.law.telling import article

    base = load(args)
    if args.json:
        print(json.dumps(article(base, args.id), ensure_ascii=False))
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
