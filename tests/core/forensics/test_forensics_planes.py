"""Bit planes: they say of each row what its typings are, and a search by them misses no hit under any rule set."""

import itertools

import numpy as np
import pytest
from dna_material import EURO16, drawn
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.forensics.dna.compare import compare
from comity.forensics.dna.inclusion import reason
from comity.forensics.dna.index import search as module
from comity.forensics.dna.index.database import Database
from comity.forensics.dna.index.layout import MISSING, OVERFLOW, PLAIN
from comity.forensics.dna.index.planes import CLASSES, PLANES, Plan, Planes, Step, build, survivors
from comity.forensics.dna.index.search import asked, plan
from comity.forensics.dna.place import Place
from comity.forensics.dna.reader import profile
from comity.forensics.dna.rules import rule_set

LETTERS = [str(each) for each in range(10)]
PAIRS = list(itertools.combinations_with_replacement(LETTERS, 2))


def bits(plane, rows):
    return np.unpackbits(plane.view(np.uint8), bitorder="little")[:rows].astype(bool)


def made_of(chance, rows, loci):
    codes = chance.integers(0, len(PAIRS), size=(loci, rows)).astype(np.uint16)
    codes[chance.random(codes.shape) < 0.05] = MISSING
    codes[chance.random(codes.shape) < 0.02] = PLAIN
    codes[chance.random(codes.shape) < 0.01] = OVERFLOW
    return codes


@pytest.mark.parametrize("rows", [1, 7, 8, 64, 511, 512, 513, 5000])
def test_a_plane_holds_the_rows_of_its_class_and_those_that_are_no_pair(rows):
    codes = made_of(np.random.default_rng(rows), rows, 3)
    planes, said = build([PAIRS] * 3, codes)
    assert planes.shape[0] == 3 * PLANES
    for number in range(3):
        where = Planes.of_locus(said[number], number)
        assert (bits(planes[where.typed], rows) == (codes[number] != MISSING)).all()
        for letter in LETTERS:
            same = {each for each, plane in where.of.items() if plane == where.plane(letter)}
            holds = np.array([bool(same & set(pair)) for pair in PAIRS])
            expected = [code >= PLAIN or bool(holds[code]) for code in codes[number].tolist()]
            assert bits(planes[where.plane(letter)], rows).tolist() == expected
        assert rows < 64 or len({*where.of.values()}) == CLASSES
        assert where.plane("77") in where.share
    assert not np.unpackbits(planes.view(np.uint8), axis=1, bitorder="little")[:, rows:].any()


def passing(planes, rows, steps, least, most):
    """Judge row by row what the kernel judges word by word."""
    none, one = np.ones(rows, dtype=bool), np.ones(rows, dtype=bool)
    agreed = np.zeros(rows, dtype=int)
    for step in steps:
        first, second = bits(planes[step.first], rows), bits(planes[step.second], rows)
        agree = (first & second) | ((first | second) & step.either)
        near = first | second | step.free if most else agree
        one = (one & agree) | (none & near)
        none &= agree
        agreed += agree & bits(planes[step.typed], rows)
    return np.flatnonzero((one if most else none) & (agreed >= least)).tolist()


@given(
    seed=st.integers(0, 10_000),
    rows=st.sampled_from([1, 65, 600, 4096, 5000, 70_000]),
    loci=st.integers(1, 18),
    least=st.integers(-1, 16),
    most=st.integers(0, 1),
    of=st.integers(1, 3),
)
@settings(max_examples=150, deadline=None)
def test_words_are_judged_as_rows_are(seed, rows, loci, least, most, of):
    chance = np.random.default_rng(seed)
    codes = chance.choice([0, 1, 12, PLAIN, MISSING], p=[0.4, 0.3, 0.2, 0.05, 0.05], size=(loci, rows))
    codes = codes.astype(np.uint16)
    planes, said = build([PAIRS] * loci, codes)
    steps = []
    for number, each in enumerate(said):
        where = Planes.of_locus(each, number)
        pair = chance.choice(["0", "0", "1", "2"], size=2)
        kinds = (bool(chance.random() < 0.2), bool(chance.random() < 0.2))
        steps.append(Step(where.plane(pair[0]), where.plane(pair[1]), where.typed, *kinds))
    found = Plan.of([(each, chance.random(), 1.0) for each in steps], least, most)
    parts = [survivors(planes, found, rows, (number, of)).tolist() for number in range(of)]
    assert sorted(itertools.chain(*parts)) == passing(planes, rows, steps, least, most)


def stock_of():
    """Profiles with near copies of each other: whole, partial, with wildcards, off the ladder, and mixtures."""
    chance = np.random.default_rng(5)
    stock = [*drawn(500, 31, partial=0.4, wild=0.03, off=0.02, category="trace")]
    for number in range(0, 300, 2):
        loci = {name: list(pair) for name, pair in stock[number]["loci"].items()}
        for _ in range(number // 2 % 3):
            name = str(chance.choice(sorted(loci)))
            loci[name][int(chance.integers(2))] = str(chance.choice(["*", *stock[number + 1]["loci"].get(name, "*")]))
        if number % 5 == 0:
            loci.pop(sorted(loci)[number % len(loci)])
        stock.append({"id": f"C-{number}", "category": "trace", "loci": loci})
    for number in range(0, 60, 2):
        a, b = stock[number]["loci"], stock[number + 1]["loci"]
        both = {name: sorted({*a.get(name, []), *b.get(name, [])} - {"*", "OL"}) for name in {**a, **b}}
        both = {name: seen for name, seen in both.items() if seen}
        stock.append({"id": f"M-{number}", "category": "trace", "loci": both})
    return [profile(each, Place("made", number)) for number, each in enumerate(stock, 1)]


RULES = [
    ("prum", {}),
    ("prum", {"wildcard_locus_counts": "true"}),
    ("prum", {"causes_combine": "true"}),
    ("prum", {"wildcard_locus_counts": "true", "causes_combine": "true", "minimum_full": "4"}),
    ("prum", {"deviations": "0"}),
    ("prum", {"deviations": "2"}),
    ("prum", {"minimum_full": "17"}),
    ("prum", {"wildcards": "1", "three_alleles": "not-compared"}),
    ("interpol", {}),
    ("codis-high", {}),
    ("codis-high", {"mismatches": "1"}),
    ("codis-moderate", {}),
    ("codis-moderate", {"mismatches": "1", "minimum_loci": "6"}),
    ("codis-low", {}),
    ("mixture", {}),
    ("mixture", {"mismatches": "2"}),
]


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    stock = stock_of()
    database = Database.create(tmp_path_factory.mktemp("planes") / "db")
    for begin in range(0, len(stock), 400):
        part = [(Place("made", number), each) for number, each in enumerate(stock[begin : begin + 400], 1)]
        database.take(part, inclusion=None)
    return stock, database


@pytest.mark.parametrize(("name", "options"), RULES)
def test_a_search_by_planes_finds_what_comparing_with_all_finds(searched, monkeypatch, name, options):
    """By one thread that compares all that passed, and by two that filter it by codes first."""
    stock, database = searched
    rules = rule_set(name, options)
    monkeypatch.setattr(module, "PASSING", 2.0)
    hits = planned = 0
    for query in [*stock[:40:4], *stock[500:620:6], *stock[-30::9]]:
        if reason(query, rules):
            continue
        planned += any(plan(asked(query, rules), segment) is not None for segment in database.segments)
        expected = sorted(each.id for each in stock if compare(query, each, rules).hit)
        hits += len(expected)
        for many, few in ((1 << 60, 1 << 60), (0, 0)):
            monkeypatch.setattr(module, "MANY", many)
            monkeypatch.setattr(module, "FEW", few)
            assert sorted(each.id for each in database.search(query, rules)) == expected
    by_codes = options.get("deviations") == "2" or options.get("mismatches") == "2" or "17" in options.values()
    assert (planned == 0) == by_codes
    assert hits or "17" in options.values()


def test_a_query_that_planes_hardly_tell_apart_is_searched_by_codes(searched):
    _, database = searched
    pairs = {name: ["*", "*"] for name in EURO16} | {"TH01": ["6", "9"]}
    vague = profile({"id": "V-1", "category": "trace", "loci": pairs}, Place("made"))
    assert plan(asked(vague, rule_set("prum")), database.segments[0]) is None
    clear = stock_of()[0]
    assert plan(asked(clear, rule_set("prum")), database.segments[0]) is not None
