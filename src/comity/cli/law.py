"""``comity law``: ask which legal basis two states have for a measure, and read, compare and check the law base.

    comity law resolve --from UA --to DE --measure bank_records --offence fraud --on 2026-11-24

Everything works without a node. ``--json`` prints one object; ids are those of the law base.
"""

from __future__ import annotations

import argparse
import json
import textwrap
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.cli.law_base import add_base, load, register_base
from comity.cli.law_bound import run_bound
from comity.cli.law_compare import run_compare, run_matrix, run_rerun
from comity.cli.law_plan import run_plan

if TYPE_CHECKING:
    from comity.law.base import LawBase
    from comity.law.question import Question
    from comity.law.resolution import Basis, Resolution, Rule
    from comity.law.wording import Wording

__all__ = ["register"]

_FACTS = "a fact, for example penalty_requesting=5y, organised_group=yes, urgency=urgent; repeatable"


def register(groups: Any) -> None:
    """Add the group ``law``."""
    group = groups.add_parser("law", help="which legal basis two states have, and what it demands")
    commands = group.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _asking(_command(commands, "resolve", "answer a question of law", run_resolve))
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
    for line in _answer(answer, Wording(base)):
        print(line)
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


def _answer(r: Resolution, words: Wording) -> Iterable[str]:
    q = r.question
    offences = f", {', '.join(words.offence(o) for o in q.offences)}" if q.offences else ""
    yield (
        f"{words.state(q.requesting)} -> {words.state(q.requested)}, {q.on}: "
        + ", ".join(words.measure(m) for m in q.measures)
        + offences
    )
    yield ""
    for basis in r.bases:
        yield from _basis(basis, words)
    if r.fallback:
        yield "No treaty applies. Reciprocity and the law of the requested state:"
        yield from (_rule(rule, words) for rule in r.reciprocity)
        yield ""
    yield from _rest(r, words)
    yield f"Law base {r.release}, digest {r.lawbase_digest[:16]}; answer {str(r.digest)[:16]}"


def _basis(basis: Basis, words: Wording) -> Iterable[str]:
    yield f"{basis.rank}. {basis.reference}, {basis.title} ({basis.instrument}): {basis.status}"
    if basis.with_:
        yield "   with " + "; ".join(f"{words.base.instruments[n].reference} ({n})" for n in basis.with_)
    if len(basis.measures) > 1:
        yield "   for " + ", ".join(basis.measures)
    yield _wrapped(f"why: {basis.why}", 3)
    if basis.status == "residual":
        for rule in basis.rules:
            if rule.kind in {"no_refusal_on_ground", "time_limit", "measure_rule"}:
                yield _rule(rule, words)
        yield ""
        return
    seen = ""
    for rule in basis.rules:
        if rule.kind != seen:
            seen = rule.kind
            yield f"   {words.kind(seen)}"
        yield _rule(rule, words)
    if basis.authorities:
        yield "   authorities of the requested state"
        for one in basis.authorities:
            roles = ", ".join(words.term(role) for role in one.roles)
            yield _wrapped(f"- {one.name}: {roles} [{one.basis}]", 6)
    if basis.undone:
        yield "   undone"
        for rule in basis.undone:
            yield _wrapped(f"- {rule.article} ({words.kind(rule.kind)}) <- {rule.undone_by}", 6)
    yield ""


def _rule(rule: Rule, words: Wording) -> str:
    value = words.value(rule)
    said = f"{value}: {rule.text}" if value and value != rule.text else rule.text
    marks = f"{rule.basis}{', unsure' if rule.unsure else ''}"
    why = f" ({rule.why})" if rule.why else ""
    return _wrapped(f"- {said}{why} [{rule.article}; {marks}]", 6)


def _rest(r: Resolution, words: Wording) -> Iterable[str]:
    if r.questions:
        yield "Not stated, and would change the answer (--fact):"
        for ask in r.questions:
            yield _wrapped(f"- {ask.fact}: {ask.en} [{', '.join(ask.because)}]", 2)
        yield ""
    quiet = {"out_of_scope", "not_party", "signed", "one_side", "not_provided"}
    loud = [one for one in r.excluded if one.reason.code not in quiet]
    if r.excluded:
        yield "Not applicable:"
        for one in loud:
            yield _wrapped(f"- {words.base.instruments[one.instrument].reference} ({one.instrument}): {one.why}", 2)
        rest = dict.fromkeys(one.instrument for one in r.excluded if one.reason.code in quiet)
        if rest:
            yield _wrapped(f"- no party, offence outside the scope, or nothing on the measure: {', '.join(rest)}", 2)
        yield ""
    if r.alternatives:
        yield "Other ways:"
        for rule in r.alternatives:
            yield _wrapped(f"- {rule.text} ({rule.value})", 2)
        yield ""


def _wrapped(text: str, indent: int) -> str:
    space = " " * indent
    return textwrap.fill(text, 118, initial_indent=space, subsequent_indent=space + "  ", break_on_hyphens=False)
