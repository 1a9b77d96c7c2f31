"""``comity law plan``: from an offence and the foreign parts of a case to the steps, in the order to act."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from comity.cli.law_base import load

if TYPE_CHECKING:
    from comity.law.base import LawBase

__all__ = ["run_plan"]


def run_plan(args: argparse.Namespace) -> int:
    from datetime import date

    from comity.law.errors import QuestionError
    from comity.law.explain_plan import explain_plan
    from comity.law.plan import plan
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
    print(explain_plan(found, base, args.language))
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
