"""Verifying the returned package twice more: by ``comity evidence verify``, and by the package's own VERIFY.txt.

Both checks run side by side, each as a process of its own that ends with the demonstration.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from comity.cli.demo.site import bound_to

__all__ = ["Checked", "Checking"]

TIMEOUT = 300
NEEDED = ("unzip", "sha256sum", "openssl")
INSTRUCTIONS = "bag/meta/VERIFY.txt"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check said; ``passed`` is None where it could not be made here."""

    how: str
    passed: bool | None
    said: str


class Checking:
    """Both checks: under the anchors of the federation list, and as a court without Comity would, in a bare shell."""

    def __init__(self, package: Path, federation: Path) -> None:
        lacking = [name for name in NEEDED if not shutil.which(name)]
        self._without = f"not run: {', '.join(lacking)} not here" if lacking else ""
        words = [sys.executable, "-m", "comity.cli.main", "evidence", "verify", str(package), "--json"]
        with contextlib.ExitStack() as stack:
            place = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=package.parent)))
            self._command = stack.enter_context(_running([*words, "--federation", str(federation)]))
            self._shell = None if lacking else stack.enter_context(_shell(package, place))
            self._open = stack.pop_all()

    def result(self) -> tuple[Checked, Checked]:
        """Wait for both."""
        if self._shell is None:
            return _by_command(self._command), Checked("VERIFY.txt", None, self._without)
        return _by_command(self._command), _by_shell(self._shell)

    def close(self) -> None:
        """End what still runs."""
        self._open.close()


def _by_command(command: subprocess.Popen[str]) -> Checked:
    out, problems = command.communicate(timeout=TIMEOUT)
    try:
        said = str(json.loads(out.strip().splitlines()[-1]).get("status", ""))
    except (ValueError, IndexError, AttributeError):
        said = (problems or out).strip()[:300]
    return Checked("comity evidence verify", command.returncode == 0 and said == "passed", said)


def _by_shell(shell: subprocess.Popen[str]) -> Checked:
    out, problems = shell.communicate(timeout=TIMEOUT)
    lines = (out.strip() or problems.strip()).splitlines()
    last = lines[-1] if lines else f"nothing, exit code {shell.returncode}"
    return Checked("VERIFY.txt", shell.returncode == 0 and last == "PASSED", last)


@contextlib.contextmanager
def _shell(package: Path, place: Path) -> Iterator[subprocess.Popen[str]]:
    """Do what the package's own text says: an empty folder, the package beside it, its commands."""
    script = place / "VERIFY.txt"
    with script.open("wb") as out:
        subprocess.run(["unzip", "-p", str(package), INSTRUCTIONS], stdout=out, timeout=TIMEOUT, check=False)
    bare = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
    with _running(["sh", script.name, f"../{package.name}"], place, bare) as shell:
        yield shell


@contextlib.contextmanager
def _running(
    words: list[str], place: Path | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        words,
        cwd=place,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        preexec_fn=bound_to(os.getpid()),  # noqa: PLW1509 - prctl alone
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
