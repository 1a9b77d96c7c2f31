"""Verifying the returned package twice more: by ``comity evidence verify``, and by the package's own VERIFY.txt."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Checked", "by_command", "by_shell"]

TIMEOUT = 300
NEEDED = ("unzip", "sha256sum", "openssl")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check said; ``passed`` is None where it could not be made here."""

    how: str
    passed: bool | None
    said: str


def by_command(package: Path, federation: Path) -> Checked:
    """Run ``comity evidence verify`` under the anchors of the federation list."""
    words = ["-m", "comity.cli.main", "evidence", "verify", str(package), "--federation", str(federation), "--json"]
    ran = subprocess.run([sys.executable, *words], capture_output=True, text=True, timeout=TIMEOUT, check=False)
    try:
        said = str(json.loads(ran.stdout.strip().splitlines()[-1]).get("status", ""))
    except (ValueError, IndexError, AttributeError):
        said = (ran.stderr or ran.stdout).strip()[:300]
    return Checked("comity evidence verify", ran.returncode == 0 and said == "passed", said)


def by_shell(package: Path) -> Checked:
    """Run the commands of the package's own VERIFY.txt in a bare shell, as a court without Comity would."""
    how = "VERIFY.txt"
    lacking = [name for name in NEEDED if not shutil.which(name)]
    if lacking:
        return Checked(how, None, f"not run: {', '.join(lacking)} not here")
    told = subprocess.run(
        ["unzip", "-p", str(package), "bag/meta/VERIFY.txt"], capture_output=True, timeout=TIMEOUT, check=False
    )
    if told.returncode:
        return Checked(how, passed=False, said="the package holds no bag/meta/VERIFY.txt")
    with tempfile.TemporaryDirectory(dir=package.parent) as place:
        here = Path(place)
        os.link(package, here / package.name)
        script = here / "VERIFY.sh"
        script.write_bytes(told.stdout)
        ran = subprocess.run(
            ["sh", script.name, package.name],
            cwd=here,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT,
            check=False,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        )
    lines = (ran.stdout.strip() or ran.stderr.strip()).splitlines()
    last = lines[-1] if lines else f"nothing, exit code {ran.returncode}"
    return Checked(how, ran.returncode == 0 and last.startswith("PASSED"), last)
