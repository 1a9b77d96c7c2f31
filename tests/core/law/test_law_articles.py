"""Articles as treaties write them."""

from __future__ import annotations

import pytest

from comity.law.articles import inside, meets


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("16(2)", "16(2)", True),
        ("15", "15(6)", True),
        ("2(a)", "2", True),
        ("16(1)", "16(2)", False),
        ("1", "11", False),
        ("4 (art. 15(8))", "4(8)", True),
        ("24(7), 27(2)", "27(2)", True),
        ("-", "3", False),
    ],
)
def test_meets(one, other, same):
    assert meets(one, other) is same
    assert meets(other, one) is same


@pytest.mark.parametrize(
    ("article", "span", "within"),
    [
        ("18(13)", "18(9)-(29)", True),
        ("18(9)", "18(9)-(29)", True),
        ("18(8)", "18(9)-(29)", False),
        ("18(30)", "18(9)-(29)", False),
        ("18", "18(9)-(29)", False),
        ("46(10)-(12)", "46(9)-(29)", True),
        ("27(8)", "27", True),
        ("2(7)", "27", False),
        ("20", "17-22", True),
        ("23", "17-22", False),
    ],
)
def test_inside(article, span, within):
    assert inside(article, span) is within
