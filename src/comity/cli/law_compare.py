"""``comity law compare | rerun | matrix``: two answers line by line, an old answer again, states by states.

``compare`` takes two files written by ``resolve --json``, or one question with ``--and`` for what is different the second
time: ``--and on=2020-12-31``, ``--and to=PL``. It exits 0 where the two say the same and 1 where they differ; so does ``rerun``.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.cli.law_base import cache_folder, load, states_named

if TYPE_CHECKING:
    from comity.law.across import Row
    from comity.law.base import LawBase
    from comity.law.compare import Comparison

__all__ = ["run_compare", "run_matrix", "run_rerun"]


def run_compare(args: argparse.Namespace) -> int:
    from comity.law.compare import compare

    base = load(args)
    if len(args.file) == 2:
        first, second = (read_answer(path) for path in args.file)
    else:
        first, second = _twice(args, base)
    return _told(compare(first, second), as_json=args.json)


def _twice(args: argparse.Namespace, base: LawBase) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    from comity.cli.law import question_of
    from comity.law.errors import QuestionError
    from comity.law.resolve import resolve

    if args.file or not (args.requesting and args.requested and args.measure and args.changed):
        raise QuestionError(
            "There are not two answers to compare.",
            remedy="Name two files, or a question with --from, --to, --measure and what differs with --and on=DATE.",
        )
    first = resolve(question_of(args, base), base).to_json()
    names = {"from": "requesting", "to": "requested", "on": "on", "measure": "measure", "offence": "offence"}
    for each in args.changed:
        name, equals, value = each.partition("=")
        if name == "fact" and equals:
            args.fact = [*args.fact, value]
        elif equals and name in names:
            setattr(args, names[name], [value] if name in {"measure", "offence"} else value)
        else:
            raise QuestionError(
                f"{each!r} changes nothing of a question.", remedy=f"Write one of {', '.join(names)}=..."
            )
    return first, resolve(question_of(args, base), base).to_json()


def read_answer(path: Path) -> Mapping[str, Any]:
    """Read an answer that ``resolve --json`` wrote."""
    from comity.law.errors import QuestionError
    from comity.law.rerun import read
    from comity.values import parse

    try:
        found = parse(path.read_bytes(), what="answer")
    except OSError as error:
        raise QuestionError(
            f"{path} cannot be read: {error.strerror or error}.", remedy="Name a file that is there."
        ) from error
    return read(found, what=str(path))


def run_rerun(args: argparse.Namespace) -> int:
    from comity.law.rerun import again, law_of

    answer = read_answer(args.answer)
    current = load(args)
    base = current if args.today else law_of(answer, current, args.archive or cache_folder())
    _, comparison = again(answer, base)
    return _told(comparison, as_json=args.json)


def _told(found: Comparison, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(found.to_json(), ensure_ascii=False))
        return 0 if found.same else 1
    print("One law base." if found.same_law else "Two law bases.")
    if found.same:
        print("The two answers say the same.")
    for line in found.lines:
        print(line.where)
        print(f"  < {_flat(line.first)}")
        print(f"  > {_flat(line.second)}")
    return 0 if found.same else 1


def _flat(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_flat(each)}" for key, each in value.items()) or "present"
    if isinstance(value, list):
        return ", ".join(_flat(each) for each in value) or "none"
    return str(value)


def run_matrix(args: argparse.Namespace) -> int:
    from datetime import date

    from comity.law.across import Row, across, forms_of
    from comity.law.kinds import states_of
    from comity.law.matrix import matrix
    from comity.law.question import asked_on, measures_of

    base = load(args)
    on = asked_on(args.on or date.today())
    forms = forms_of((name for each in args.form for name in each.split(",")), base)
    asked = [name for each in args.measure for name in each.split(",")] or ([] if forms else list(base.measures))
    measures = measures_of(asked, base)
    states = states_named(args) or states_of(base)
    rows: Iterable[Row] = (Row(*row) for row in matrix(base, measures, on, states))
    if forms:
        rows = across(base, states, states, on=on, measures=measures, forms=forms, most=len(states) ** 2 * 200)
    if args.json:
        for row in rows:
            print(json.dumps(row.to_json(on), ensure_ascii=False))
        return 0
    _table(rows, wide=len(states) > 12)
    return 0


def _table(rows: Iterable[Row], *, wide: bool) -> None:
    counts: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        for name, cell in (*row.cells.items(), *row.forms.items()):
            counts[name, cell.instrument, cell.status] += 1
            if not wide:
                pair = f"{row.requesting} -> {row.requested}"
                print(f"{pair}  {name:<28} {cell.instrument or 'reciprocity':<28} {cell.status}")
    for (name, instrument, status), count in sorted(counts.items(), key=lambda item: (item[0][0], -item[1])):
        print(f"{name:<32} {instrument or 'reciprocity':<28} {status:<12} {count:>7} pairs")
