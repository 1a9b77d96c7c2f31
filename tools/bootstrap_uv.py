"""Put the pinned uv beside the checkout, with nothing but Python: the wheel from PyPI, checked by its digest.

Debian's Python brings neither pip nor venv, so neither is used here.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import ssl
import sys
import urllib.request
import zipfile
from pathlib import Path

DIGESTS = json.loads((Path(__file__).parent / "uv-wheels.json").read_text())
TAGS = {
    ("Linux", "x86_64"): "manylinux_2_17_x86_64.manylinux2014_x86_64",
    ("Linux", "aarch64"): "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
    ("Darwin", "arm64"): "macosx_11_0_arm64",
    ("Darwin", "x86_64"): "macosx_10_12_x86_64",
}


def main(version: str, target: Path) -> int:
    """Fetch, check and place uv; print what failed and what to do, and return 1, where that is not possible."""
    place = (platform.system(), platform.machine())
    wheel = next((n for n in DIGESTS["files"] if TAGS.get(place, "no such place") in n), None)
    if DIGESTS["version"] != version or wheel is None:
        print(f"No pinned uv {version} for {place}. Install uv yourself and link it to {target}.", file=sys.stderr)
        return 1
    index = os.environ.get("UV_DEFAULT_INDEX", "https://pypi.org/simple/").rstrip("/")
    request = urllib.request.Request(f"{index}/uv/", headers={"Accept": "application/vnd.pypi.simple.v1+json"})
    try:
        context = ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE"))
        with urllib.request.urlopen(request, timeout=60, context=context) as answer:
            files = {f["filename"]: f["url"] for f in json.load(answer)["files"]}
        with urllib.request.urlopen(files[wheel], timeout=300, context=context) as answer:
            data = answer.read()
    except (OSError, KeyError, ValueError) as error:
        print(f"uv {version} could not be fetched from {index}: {error}", file=sys.stderr)
        print("Check that PyPI can be reached, or install uv yourself and link it to .uv/uv.", file=sys.stderr)
        return 1
    if hashlib.sha256(data).hexdigest() != DIGESTS["files"][wheel]:
        print(f"{wheel} does not have the pinned digest; nothing was installed.", file=sys.stderr)
        return 1
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        name = next(n for n in archive.namelist() if n.endswith("/scripts/uv"))
        part = target.with_suffix(".part")
        part.write_bytes(archive.read(name))
    part.chmod(0o755)
    part.replace(target)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
