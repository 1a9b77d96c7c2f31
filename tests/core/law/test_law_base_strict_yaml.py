"""Reading YAML as text only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.law import strict_yaml
from comity.law.errors import LawFileError


@pytest.mark.parametrize("text", ["NO", "yes", "1.10", "2026-11-24", "1_000", "0x1F", "~", "null", "1e3", "on"])
def test_everything_stays_text(text: str) -> None:
    assert strict_yaml.parse(f"key: {text}\n".encode(), "a file") == {"key": text}


def test_a_key_that_stands_twice() -> None:
    with pytest.raises(LawFileError) as failed:
        strict_yaml.parse(b"a: 1\nb:\n  c: 2\n  c: 3\n", "instruments/x.yaml")
    assert "instruments/x.yaml, line 4: 'c' stands twice" in failed.value.detail


def test_not_yaml() -> None:
    with pytest.raises(LawFileError, match=r"instruments/x\.yaml is not YAML"):
        strict_yaml.parse(b"a: [1, 2\nb: 3", "instruments/x.yaml")


def test_not_text() -> None:
    with pytest.raises(LawFileError):
        strict_yaml.parse(b"a: \xff\xfe\x00", "instruments/x.yaml")


def test_a_key_that_is_a_list() -> None:
    with pytest.raises(LawFileError, match="line 1: a key must be a plain text"):
        strict_yaml.parse(b"[a, b]: 1\n", "instruments/x.yaml")


@pytest.mark.parametrize(
    "data",
    [b"a: &a\n  b: *a\n", b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", b"a: &a x\nb: *a\n"],
    ids=["loop", "bomb", "plain"],
)
def test_an_alias(data: bytes) -> None:
    with pytest.raises(LawFileError, match="an alias is used"):
        strict_yaml.parse(data, "instruments/x.yaml")


def test_a_tower() -> None:
    with pytest.raises(LawFileError, match="nested deeper than 40"):
        strict_yaml.parse(b"[" * 60 + b"]" * 60, "instruments/x.yaml")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LawFileError, match="cannot be read"):
        strict_yaml.read(tmp_path / "none.yaml")


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp", "Co"]), max_size=20)
trees = st.recursive(words, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees)
def test_what_is_written_is_read(tree: Any) -> None:
    assert strict_yaml.parse(yaml.safe_dump(tree, allow_unicode=True).encode(), "a file") == tree
