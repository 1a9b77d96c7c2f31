"""``comity law plan``: from an offence and the foreign parts of a case to the steps, in the order to act."""

from __future__ import annotations

import argparse
import json
import textwrap
from typing import TYPE_CHECKING

from comity.cli.law_base import load

if TYPE_CHECKING:
    from comity.law.base import LawBase

__all__ = ["run_plan"]


def run_plan(args: argparse.Namespace) -> int:
    from datetime import date

    from comity.law.errors import QuestionError
    from comity.law.plan import plan, told
    from comity.law.wording import Wording
    from comity.values import day

    base = load(args)
    if args.list:
        return _list(base, as_json=args.json)
    if not (args.home and args.offence and args.element):
        raise QuestionError(
            "A plan needs the state that investigates, an offence and a foreign element.",
            remedy="Write --home UA --offence fraud --element account=DE, or --list for what there is.",
        )
    elements = []
    for each in args.element:
        kind, equals, where = each.partition("=")
        if not equals:
            raise QuestionError(f"{each!r} is not an element with its state.", remedy="Write for example account=DE.")
        elements.append((kind, where))
    on = day(args.on) if args.on else date.today()
    found = plan(base, home=args.home, offence=args.offence, elements=elements, on=on)
    if args.json:
        print(json.dumps(found.to_json(), ensure_ascii=False))
        return 0
    words = Wording(base, args.language)
    print(f"{found.method.title.say(args.language)}, {words.state(found.home)}, {on}")
    print(textwrap.fill(found.method.rule.say(args.language), 110))
    for title, step in told(found.steps, args.language):
        if title:
            print(f"\n{title}")
        basis = words.base.instruments[step.basis].reference if step.basis else words.term("reciprocity")
        with_ = next((b.with_ for b in step.answer.bases if b.instrument == step.basis), ())
        joined = "".join(f" + {words.base.instruments[name].reference}" for name in with_)
        print(
            textwrap.fill(
                f"{step.number}. {words.state(step.state)}: {step.text.say(args.language)}",
                110,
                subsequent_indent="   ",
            )
        )
        print(f"   {words.measure(step.measure)} ({step.measure}) | {basis}{joined}")
        if step.answer.questions:
            print(f"   ? {', '.join(ask.fact for ask in step.answer.questions)}")
    print(f"\n{found.method.basis}: {found.method.source}")
    for element in found.missing:
        print(f"No step of this method concerns {element.kind} in {element.state}.")
    return 0


def _list(base: LawBase, *, as_json: bool) -> int:
    from comity.law.plan import elements, methods
    from comity.law.telling import method_list

    if as_json:
        print(json.dumps(method_list(base), ensure_ascii=False))
        return 0
    for name, method in methods(base).items():
        print(f"{name}: {method.title.en} ({', '.join(method.offences)})")
    print()
    for kind, word in elements(base).items():
        print(f"{kind}: {word.en}")
    return 0
