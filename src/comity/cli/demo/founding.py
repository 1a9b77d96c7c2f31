"""One process that runs ``comity`` commands one after the other, so that Django is read once for all of them.

Reads one JSON array of words a line from standard input, answers each with one line ``{"code": ..., "said": ...}``. The
demonstration makes each node with one of these. An empty array is the last: then the command this process was started
with runs, ``node run``, and what it says goes to standard error.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys

from comity.cli.main import main

__all__ = ["serve"]


def serve() -> int:
    """Answer until standard input ends or an empty array comes."""
    for line in sys.stdin:
        words = json.loads(line)
        if not words:
            os.dup2(2, 1)
            return main(sys.argv[1:])
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                code = main(words)
            except SystemExit as stopped:
                code = stopped.code if isinstance(stopped.code, int) else 1
        print(json.dumps({"code": code, "said": said.getvalue().strip()}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(serve())
