"""``comity``: one program, a group of commands for each part.

Exit codes (design section 10): 0 done, 1 negative answer, 2 usage, 3 indeterminate, 4 input refused, 5 a partner
or service failed. An error says what failed, the likely cause and what to do; ``--json`` says it as an object.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from comity.errors import ComityError

__all__ = ["main"]

GROUPS = ("demo", "node", "law", "request", "evidence", "dna", "post")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\nRun '{self.prog} --help' for what it takes.\n")


def parser(only: str | None = None) -> argparse.ArgumentParser:
    """Build the parser; ``only`` loads one group's module and leaves the rest out, so that start-up is short."""
    whole = _Parser(prog="comity", description="How states cooperate in criminal matters.")
    groups = whole.add_subparsers(dest="group", metavar="COMMAND", required=True, parser_class=_Parser)
    for name in GROUPS if only is None else (only,):
        importlib.import_module(f"comity.cli.{name}").register(groups)
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    named = words[0] if words else None
    known = {"send": "post", "inbox": "post", "status": "post"}.get(named or "", named)
    args = parser(known if known in GROUPS else None).parse_args(words)
    try:
        return int(args.run(args))
    except ComityError as error:
        if getattr(args, "json", False):
            print(json.dumps({"error": error.problem()}, ensure_ascii=False, default=str))
        else:
            print(error.diagnostics(), file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
