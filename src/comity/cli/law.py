"""``comity law``: ask which legal basis two states have for a measure, and read, compare and check the law base.

    comity law resolve --from UA --to DE --measure bank_records --offence fraud --on 2026-11-24

Everything works without a node. ``--json`` prints one object; ids are those of the law base.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.cli.law_answer import answer_lines, say
from comity.cli.law_base import add_base, load, register_base
from comity.cli.law_bound import run_bound
from comity.cli.law_compare import run_compare, run_matrix, run_rerun
from comity.cli.law_plan import run_plan

if TYPE_CHECKING:
    from comity.law.base import LawBase
    from comity.law.question import Question

__all__ = ["register"]

_CYRILLIC = re.compile("[\u0400-\u04ff]")
"""A line with such letters is answered in Ukrainian."""

_FACTS = "a fact, for example penalty_requesting=5y, organised_group=yes, urgency=urgent; repeatable"


def register(groups: Any) -> None:
    """Add the group ``law``."""
    group = groups.add_parser("law", help="which legal basis two states have, and what it demands")
    commands = group.add_subparsers(dest="command", metavar="COMMAND", required=True)
    resolved = _asking(_command(commands, "resolve", "answer a question of law", run_resolve))
    resolved.add_argument("--language", default="en", choices=["en", "uk"], help="of what is printed; JSON is English")
    line = _command(commands, "ask", "a question in one line, as people say it", run_ask)
    line.add_argument("line", nargs="+", help="for example: Ukraine Germany bank records fraud 2026-11-24")
    line.add_argument("--own", default="", metavar="STATE", help="who asks where the line names one state only")
    line.add_argument("--language", choices=["en", "uk"], help="of what is printed (default that of the line)")
    explained = _asking(_command(commands, "explain", "the same answer in prose", run_explain))
    explained.add_argument("--language", default="en", choices=["en", "uk"])
    compared = _asking(_command(commands, "compare", "two answers line by line", run_compare), needed=False)
    compared.add_argument("file", nargs="*", type=Path, help="two answers written by 'resolve --json'")
    compared.add_argument(
        "--and",
        dest="changed",
        action="append",
        default=[],
        metavar="K=V",
        help="what differs the second time: on, to, from, ...",
    )
    again = _command(commands, "rerun", "ask an old answer's question again and compare", run_rerun)
    again.add_argument("answer", type=Path, help="an answer written by 'resolve --json'")
    again.add_argument("--archive", type=Path, metavar="DIR", help="where compiled law bases are kept by digest")
    again.add_argument("--today", action="store_true", help="ask today's law base, whichever the answer names")
    laid = _command(commands, "matrix", "states by states by measures, with the basis that comes first", run_matrix)
    laid.add_argument("--measure", action="append", default=[], metavar="M", help="a measure; repeatable (default all)")
    laid.add_argument("--form", action="append", default=[], metavar="F", help="a form of cooperation; repeatable")
    laid.add_argument("--states", default="", metavar="A,B", help="only these states (default all)")
    laid.add_argument("--on", default="", metavar="DATE", help="the day, YYYY-MM-DD (default today)")
    bound = _command(
        commands, "bound", "who is bound when: by an instrument, or two states towards each other", run_bound
    )
    bound.add_argument("instrument", nargs="?", default="", help="an instrument, for example coe-030")
    bound.add_argument("--from", dest="requesting", default="", metavar="STATE", help="one of two states")
    bound.add_argument("--to", dest="requested", default="", metavar="STATE", help="the other")
    bound.add_argument("--on", default="", metavar="DATE", help="the day, YYYY-MM-DD (default today)")
    _planning(_command(commands, "plan", "the steps of a case with foreign parts, in the order to act", run_plan))
    listed = _command(commands, "words", "the closed lists a question is made of", run_words)
    listed.add_argument("list", choices=["measures", "offences", "facts"])
    register_base(commands)


def _planning(found: argparse.ArgumentParser) -> None:
    found.add_argument("--home", default="", metavar="STATE", help="the state that investigates")
    found.add_argument("--offence", default="", metavar="O", help="the offence, or a method")
    found.add_argument(
        "--element", action="append", default=[], metavar="KIND=STATE", help="for example account=DE; repeatable"
    )
    found.add_argument("--on", default="", metavar="DATE", help="the day, YYYY-MM-DD (default today)")
    found.add_argument("--language", default="en", choices=["en", "uk"])
    found.add_argument("--list", action="store_true", help="list methods and elements")


def _command(commands: Any, name: str, text: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    found: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    found.add_argument("--json", action="store_true", help="answer as one JSON object")
    add_base(found)
    found.set_defaults(run=run)
    return found


def _asking(found: argparse.ArgumentParser, *, needed: bool = True) -> argparse.ArgumentParser:
    found.add_argument(
        "--from",
        dest="requesting",
        required=needed,
        default="",
        metavar="STATE",
        help="requesting state, for example UA",
    )
    found.add_argument(
        "--to", dest="requested", required=needed, default="", metavar="STATE", help="requested state, for example DE"
    )
    found.add_argument(
        "--measure",
        action="append",
        required=needed,
        default=[],
        metavar="M",
        help="what is asked, for example bank_records; repeatable",
    )
    found.add_argument(
        "--offence", action="append", default=[], metavar="O", help="for which offence, for example fraud"
    )
    found.add_argument("--fact", action="append", default=[], metavar="K=V", help=_FACTS)
    found.add_argument("--on", default="", metavar="DATE", help="day of the request, YYYY-MM-DD (default today)")
    return found


def question_of(args: argparse.Namespace, base: LawBase) -> Question:
    """Read the question a command was given."""
    from comity.law.question import Question

    return Question.read(
        requesting=args.requesting,
        requested=args.requested,
        measures=[name for each in args.measure for name in each.split(",")],
        offences=[name for each in args.offence for name in each.split(",") if name],
        on=args.on or date.today(),
        facts=dict(_pairs(args.fact)),
        base=base,
    )


def _pairs(facts: Iterable[str]) -> Iterable[tuple[str, str]]:
    from comity.law.errors import QuestionError

    for each in facts:
        name, equals, value = each.partition("=")
        if not equals:
            raise QuestionError(
                f"{each!r} is not a fact with a value.", remedy="Write name=value, for example fiscal=yes."
            )
        yield name.strip(), value.strip()


def run_resolve(args: argparse.Namespace) -> int:
    from comity.law.resolve import resolve
    from comity.law.wording import Wording

    base = load(args)
    answer = resolve(question_of(args, base), base)
    if args.json:
        print(json.dumps(answer.to_json(), ensure_ascii=False))
        return 0
    for line in answer_lines(answer, Wording(base, args.language)):
        print(line)
    return 0


def run_ask(args: argparse.Namespace) -> int:
    from comity.law.rerun import question_of
    from comity.law.resolve import resolve
    from comity.law.telling import asked
    from comity.law.wording import Wording

    base = load(args)
    line = " ".join(args.line)
    told = asked(base, line, own=args.own.upper(), today=date.today())
    if args.json:
        print(json.dumps(told, ensure_ascii=False))
        return 0
    words = Wording(base, args.language or ("uk" if _CYRILLIC.search(line) else "en"))
    if told["left"]:
        print(say(words, "left", ", ".join(told["left"])))
    for text in answer_lines(resolve(question_of(told["answer"], base), base), words):
        print(text)
    return 0


def run_words(args: argparse.Namespace) -> int:
    from comity.law.index import index_of

    base = load(args)
    facts = index_of(base).regime.facts
    told: dict[str, str] = {
        "measures": {name: one.title for name, one in base.measures.items()},
        "offences": {name: one.title for name, one in base.offences.items()},
        "facts": {name: f"{one.en} ({', '.join(one.values) or one.kind})" for name, one in facts.items()},
    }[args.list]
    if args.json:
        print(json.dumps(told, ensure_ascii=False))
        return 0
    for name, title in told.items():
        print(f"{name:<36}{title}")
    return 0


def run_explain(args: argparse.Namespace) -> int:
    from comity.law.resolve import resolve
    from comity.law.telling import explained

    base = load(args)
    told = explained(resolve(question_of(args, base), base), base, args.language)
    print(json.dumps(told, ensure_ascii=False) if args.json else told["text"])
    return 0
