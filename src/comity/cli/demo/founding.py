"""One process that runs ``comity`` commands one after the other, so that Django is read once for all of them.

Reads one JSON array of words a line from standard input, answers each with one line ``{"code": ..., "said": ...}``.
The demonstration makes each node with one of these.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys

from comity.cli.main import main

__all__ = ["serve"]


def serve() -> None:
    """Answer until standard input ends."""
    for line in sys.stdin:
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                code = main(json.loads(line))
            except SystemExit as stopped:
                code = stopped.code if isinstance(stopped.code, int) else 1
        print(json.dumps({"code": code, "said": said.getvalue().strip()}), flush=True)


if __name__ == "__main__":
    serve()
