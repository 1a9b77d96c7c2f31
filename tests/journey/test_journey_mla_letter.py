"""Mutual legal assistance by letter: Ukraine asks Germany for bank records under ETS 030, and verifies what comes back."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from journey_world import TOGETHER, Told, comity, demo, running_in


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return demo(tmp_path_factory.mktemp("mla") / "demo", "UA,DE")


def test_ukraine_asks_germany_and_verifies_what_comes_back(told: Told) -> None:
    assert told.code == 0, told.said
    assert told.outcome["verified"] is True
    assert told.outcome["between"] == ["UA", "DE"]
    assert told.outcome["basis"] == "coe-030"
    assert told.outcome["fallback"] is False
    assert told.stations == TOGETHER
    assert told.states("draft", "sign", "send", "undertake", "verify", "close") == {"UA"}
    assert told.states("consider", "accept", "assign", "execute", "offer", "return") == {"DE"}


def test_every_act_has_a_digest_of_its_own(told: Told) -> None:
    acts = [station["digest"] for station in told.outcome["stations"] if station["act"]]
    assert all(len(digest) == 64 for digest in acts)
    assert len(set(acts)) == len(acts)


def test_the_package_verifies_again_and_a_changed_one_does_not(told: Told, tmp_path: Path) -> None:
    package = Path(told.outcome["package"])
    trust = ["--federation", str(package.parent / "federation.json")]
    assert comity("evidence", "verify", str(package), *trust).returncode == 0
    changed = tmp_path / "changed.asice"
    shutil.copyfile(package, changed)
    with changed.open("r+b") as file:
        file.seek(changed.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))
    said = comity("evidence", "verify", str(changed), *trust)
    assert said.returncode == 1, said.stdout
    assert "Traceback" not in said.stderr


def test_nothing_is_left_running(told: Told) -> None:
    assert running_in(Path(told.outcome["package"]).parent) == []


def test_both_nodes_are_whole_afterwards(told: Told) -> None:
    here = Path(told.outcome["package"]).parent
    for state in ("ua", "de"):
        said = comity("node", "check", "--dir", str(here / state))
        assert said.returncode == 0, said.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--between", "UA"], "two states"),
        (["--between", "UA,XX"], "not the code of a state"),
        (["--between", "UA,UA"], "two different states"),
        (["--between", "UA,EU"], "not a state"),
        (["--size", "many"], "no size"),
    ],
)
def test_a_bad_wish_is_a_usage_error(words: list[str], said: str) -> None:
    ran: subprocess.CompletedProcess[str] = comity("demo", "--headless", *words)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_directory_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "something").write_text("here")
    ran = comity("demo", "--headless", "--dir", str(tmp_path))
    assert ran.returncode == 2
    assert "is not empty" in ran.stderr
