"""One altered byte anywhere in a package is found and named: by `verify`, and by VERIFY.txt with three tools alone.

The commands are those of the package itself, written out by `unzip -p` and run by `sh` with a PATH that holds `unzip`,
`sha256sum` and `openssl` and nothing else.
"""

from __future__ import annotations

import io
import random
import shutil
import subprocess
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from evidence_world import NOW, world
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.evidence import container, instructions
from comity.evidence.errors import NotAPackageError
from comity.evidence.opened import read
from comity.evidence.verify import verify
from comity.signing.verdict import Indication

TOOLS = ("unzip", "sha256sum", "openssl")


@cache
def package() -> bytes:
    return world().packed()


@cache
def regions() -> dict[str, range]:
    """Name every byte of the package."""
    found, data = {}, package()
    opened = read(io.BytesIO(data))
    for entry in opened.entries:
        found[f"header of {entry.name}"] = range(entry.offset, entry.data)
        found[f"{entry.name}"] = range(entry.data, entry.end)
    at = opened.entries[-1].end
    for entry in opened.entries:
        found[f"directory of {entry.name}"] = range(at, at + len(container.central(entry)))
        at = found[f"directory of {entry.name}"].stop
    found["end record"] = range(at, opened.covered)
    found["comment"] = range(opened.covered, len(data))
    assert sum(map(len, found.values())) == len(data)
    return found


def altered(at: int, bit: int) -> bytes:
    data = bytearray(package())
    data[at] ^= 1 << bit
    return bytes(data)


def names(found) -> set[str]:
    return {part.about.partition(":")[0] for part in found.broken} | {part.name for part in found.broken}


@pytest.mark.parametrize("region", list(regions()))
def test_every_region_has_no_blind_byte(region):
    """The first, the last and some bytes between, each with another bit; the report names the region."""
    span = regions()[region]
    choose = random.Random(region)
    for at in {span.start, span.stop - 1, *(choose.randrange(span.start, span.stop) for _ in range(4))}:
        found = verify(io.BytesIO(altered(at, choose.randrange(8))), world().trust, NOW)
        assert found.status is Indication.FAILED, at
        assert "seal" in names(found), at
        member = region.removeprefix("header of ").removeprefix("directory of ")
        if region == member and member not in ("comment", "end record"):
            assert member in names(found), (at, names(found))
        if region.startswith(("header", "directory")) or region == "end record":
            assert names(found) & {member, "container", "central directory", "end record"}, (at, names(found))


@settings(max_examples=150)
@given(st.data())
def test_any_byte_any_bit(data):
    at = data.draw(st.integers(0, len(package()) - 1))
    wrong = data.draw(st.integers(1, 255))
    changed = bytearray(package())
    changed[at] ^= wrong
    for trust in (world().trust, None):
        assert verify(io.BytesIO(bytes(changed)), trust, NOW).status is Indication.FAILED


@settings(max_examples=60)
@given(st.data())
def test_bytes_taken_out_put_in_or_cut_off(data):
    good = package()
    at = data.draw(st.integers(0, len(good)))
    piece = data.draw(st.binary(min_size=1, max_size=40))
    kind = data.draw(st.sampled_from(["cut", "insert", "remove", "append"]))
    changed = {
        "cut": good[: max(200, at - 1)],
        "insert": good[:at] + piece + good[at:],
        "remove": good[:at] + good[at + 1 + len(piece) :],
        "append": good + piece,
    }[kind]
    if changed != good:
        assert verify(io.BytesIO(changed), world().trust, NOW).status is Indication.FAILED


@settings(max_examples=80)
@given(st.data())
def test_many_altered_bytes_bring_no_error_but_ours(data):
    """Headers and records full of wrong numbers: the answer is failed, or that this is no package, and it comes soon."""
    changed = bytearray(package())
    weak = [
        *regions()["end record"],
        *(at for name in regions() if name.startswith("directory") for at in regions()[name]),
    ]
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.sampled_from(weak) | st.integers(0, len(changed) - 1))
        changed[at] = data.draw(st.integers(0, 255))
    if bytes(changed) != package():
        said = None
        with suppress(NotAPackageError):
            said = verify(io.BytesIO(bytes(changed)), None, NOW).status
        assert said in (None, Indication.FAILED)


@pytest.fixture(scope="module")
def tools(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("bin")
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, f"{tool} is not installed: it is what a court has"
        (folder / tool).symlink_to(found)
    return str(folder)


def commands(path: Path, folder: Path, tools: str, *arguments: str) -> tuple[bool, str]:
    """Do what the first lines of VERIFY.txt say; return whether it said PASSED, and what was said last."""
    folder.mkdir()
    run = {"cwd": folder, "env": {"PATH": tools}, "stdin": subprocess.DEVNULL, "capture_output": True, "timeout": 120}
    printed = subprocess.run([f"{tools}/unzip", "-p", str(path), "bag/meta/VERIFY.txt"], check=False, **run)
    if printed.returncode or printed.stderr:
        return False, f"unzip: {printed.stderr.decode('utf-8', 'replace')}"
    (folder / "VERIFY.txt").write_bytes(printed.stdout)
    ran = subprocess.run(["/bin/sh", "VERIFY.txt", str(path), *arguments], check=False, **run)
    last = ran.stdout.decode("utf-8", "replace").splitlines()[-1]
    assert (ran.returncode == 0) == (last == "PASSED")
    return ran.returncode == 0, last


def test_the_commands_pass_a_good_package(tmp_path, tools):
    path = tmp_path / "the clerk's [package].asice"
    path.write_bytes(package())
    assert commands(path, tmp_path / "work", tools) == (True, "PASSED")


def test_the_commands_take_an_anchor_from_outside(tmp_path, tools):
    from comity.signing.pki import pem

    (tmp_path / "p.asice").write_bytes(package())
    (tmp_path / "de.pem").write_bytes(pem(world().de.anchor))
    (tmp_path / "ua.pem").write_bytes(pem(world().ua.anchor))
    assert commands(tmp_path / "p.asice", tmp_path / "one", tools, "../de.pem")[0]
    passed, last = commands(tmp_path / "p.asice", tmp_path / "two", tools, "../ua.pem")
    assert not passed
    assert "META-INF/signature001.p7s" in last


def test_the_commands_take_large_acts(tmp_path, tools):
    """A body of 300 kB, as an offer of thousands of files would have: the shell must not go over it again and again."""
    from evidence_world import act, sealed

    w = world()
    large = sealed(w.ua, act(w.ua, "request.answer", {"text": "x" * 300_000}, [w.acts[0][0]], 5))
    (tmp_path / "p.asice").write_bytes(w.packed(acts=(*w.acts, large)))
    assert commands(tmp_path / "p.asice", tmp_path / "work", tools) == (True, "PASSED")


def spread(seed: int, count: int) -> list[tuple[str, int, int]]:
    """Choose bytes in as many different regions as there are choices, the small ones as likely as the large."""
    choose = random.Random(seed)
    chosen = choose.sample(sorted(regions()), count - 2)
    picked = [(name, choose.choice(regions()[name]), choose.randrange(8)) for name in chosen]
    return [*picked, *(("comment", choose.choice(regions()["comment"]), choose.randrange(8)) for _ in range(2))]


@pytest.mark.parametrize("number", range(12))
def test_the_commands_find_and_name_an_altered_byte(number, tmp_path, tools):
    region, at, bit = spread(20261124, 12)[number]
    (tmp_path / "p.asice").write_bytes(altered(at, bit))
    passed, last = commands(tmp_path / "p.asice", tmp_path / "work", tools)
    assert not passed
    if not last.startswith("unzip: "):
        assert last.startswith("FAILED: ")
        assert "container is altered" in last
        if region in read(io.BytesIO(package())).index:
            assert region in last or "the container, in which unzip finds errors" in last


def test_a_byte_of_the_commands_themselves_is_named_by_unzip(tmp_path, tools):
    span = regions()["bag/meta/VERIFY.txt"]
    (tmp_path / "p.asice").write_bytes(altered(span.start + len(span) // 2, 0))
    passed, said = commands(tmp_path / "p.asice", tmp_path / "work", tools)
    assert not passed
    assert "bag/meta/VERIFY.txt" in said
    assert "bad CRC" in said


def test_the_commands_for_large_packages_are_the_same_check(tmp_path, tools, monkeypatch):
    """Above what openssl 3.0 reads whole, head and tail cut the pieces; they are added to the PATH here."""
    monkeypatch.setattr(instructions, "LARGE", 0)
    data = world().packed()
    (tmp_path / "bin").mkdir()
    for tool in (*TOOLS, "head", "tail"):
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool))
    (tmp_path / "p.asice").write_bytes(data)
    assert commands(tmp_path / "p.asice", tmp_path / "good", str(tmp_path / "bin"))[0]
    for at in (len(data) // 2, len(data) - 3):
        changed = bytearray(data)
        changed[at] ^= 4
        (tmp_path / "p.asice").write_bytes(bytes(changed))
        passed, said = commands(tmp_path / "p.asice", tmp_path / f"bad-{at}", str(tmp_path / "bin"))
        assert not passed, said


def test_a_package_of_another_sealer_is_told_apart(tmp_path):
    """The same evidence, sealed anew by a stranger who says he is Germany: everything fits, but not under the anchor."""
    from evidence_world import DE, state

    w, stranger = world(), state(DE)
    forged = w.packed(signer=stranger.signer, anchors=(stranger.anchor, w.ua.anchor))
    found = verify(io.BytesIO(forged), w.trust, NOW)
    assert found.status is not Indication.PASSED
    assert {"signature", "seal"} <= {part.name for part in found.broken}
