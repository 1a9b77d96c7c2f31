"""Strength against worked examples of others, and the laws it must keep.

Each example names its source. "recalled" marks values that stand in the literature as remembered by the author of the
test and were not read again; they agree to the digits they are printed with. All others were read where named.
"""

import json
import math
from itertools import combinations_with_replacement, product

import pytest
from dna_material import EURO16, FULL, changed, drawn, of
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.forensics.dna.allele import allele, typing
from comity.forensics.dna.locus import locus, locus_set
from comity.forensics.dna.place import Place
from comity.forensics.dna.population import Minimum, Population, minimum, population, read
from comity.forensics.dna.reader import profile
from comity.forensics.dna.rules import rule_set
from comity.forensics.dna.strength.chance import of_databases, of_pairs, of_query
from comity.forensics.dna.strength.kinship import kinship, likelihood, pair, trio
from comity.forensics.dna.strength.mixture import KAPPA, Evidence, Model, ratio
from comity.forensics.dna.strength.mixture import likelihood as mixture
from comity.forensics.dna.strength.pedigree import RELATIONS, Member, Pedigree, unrelated
from comity.forensics.dna.strength.scale import words
from comity.forensics.dna.strength.single import match_probability, random_match, source
from comity.forensics.dna.strength.weighed import Formula, Scale
from comity.forensics.errors import ParameterError, PedigreeError, PopulationError

NONE = Minimum(None)
CAUC = population("Cauc")


def at(name, *texts):
    return typing(tuple(allele(text, locus(name)) for text in texts))


def made(**tables):
    return Population("made", "made up for a test", {name.replace("_", " "): t for name, t in tables.items()}, {})


# Reciprocal match probabilities by equations 4.10 of NRC II. Evett and Weir 1998, Interpreting DNA Evidence, table of
# the effect of theta, recalled. Rows: p (and q = p), then theta 0, 0.001, 0.01, 0.03; one cell is not remembered surely.
EVETT_WEIR = {
    "het": {0.01: (5000, 4152, None, 346), 0.05: (200, 193, 145, 89), 0.10: (50, 49, 43, 34)},
    "hom": {0.01: (10000, 6439, 863, 157), 0.05: (400, 364, 186, 73), 0.10: (100, 96, 67, 37)},
}


@pytest.mark.parametrize(
    ("kind", "p", "theta", "printed"),
    [(kind, p, theta, printed) for kind, rows in EVETT_WEIR.items() for p, row in rows.items()
     for theta, printed in zip((0, 0.001, 0.01, 0.03), row, strict=True) if printed],
)  # fmt: skip
def test_match_probabilities_of_evett_and_weir(kind, p, theta, printed):
    seen = at("TH01", "6", "9.3" if kind == "het" else "6")
    found = 1 / match_probability(seen, {"6": p, "9.3": p}, theta)
    assert abs(found - printed) <= max(1.0, printed * 2e-4)


# csfs.ca, ProfilerPlus calculations: homozygotes p^2 + p(1-p)theta (NRC II 4.4a), heterozygotes 2pq.
def test_the_older_formula_of_nrc_ii():
    p = {"6": 0.2, "9.3": 0.1}
    assert match_probability(at("TH01", "6", "6"), p, 0.01, Formula.NRC_4_4) == pytest.approx(0.04 + 0.2 * 0.8 * 0.01)
    assert match_probability(at("TH01", "6", "9.3"), p, 0.01, Formula.NRC_4_4) == pytest.approx(2 * 0.2 * 0.1)


# dnaconnections.com/006b: D21S11 with frequencies 0.0124 and 0.1236 gives 0.00306 (printed; 0.003065).
def test_a_frequency_of_dnaconnections():
    found = match_probability(at("D21S11", "32.2", "29.3"), {"32.2": 0.0124, "29.3": 0.1236}, 0)
    assert found == pytest.approx(0.00306, abs=1e-5)


# LRmix Studio (Netherlands Forensic Institute), example P15 and its reference cases, and Haned 2013, specification of
# LRmix, section 4 (forensim): replicates {13}, {13,14}; 12, 13 and 14 of frequency 0.15; drop-out 0.1, drop-in 0.05.
LRMIX = [
    (("13", "14"), 0.0, None, 21.08466, 1e-5), (("13", "14"), 0.1, None, 11.10528, 2e-5),
    (("13", "14"), 0.0, "parent-child", 6.32803222319, 1e-8), (("14", "14"), 0.0, "parent-child", 0.00005642709, 1e-11),
    (("13", "14"), 0.1, "parent-child", 4.44387440576, 1e-8), (("14", "14"), 0.1, "parent-child", 0.00006896558, 1e-11),
    (("13", "14"), 0.0, "full-siblings", 2.933665696903185, 1e-12), (("14", "14"), 0.0, "full-siblings", 0.00009744606, 1e-11),
    (("13", "14"), 0.1, "full-siblings", 2.597226, 1e-6), (("14", "14"), 0.1, "full-siblings", 0.000106949, 1e-9),
    (("13", "14"), 0.0, "first-cousins", 13.31954, 1e-5), (("14", "14"), 0.0, "first-cousins", 0.0001158341, 1e-10),
    (("13", "14"), 0.1, "first-cousins", 8.078027, 1e-6), (("14", "14"), 0.1, "first-cousins", 0.0001007556, 1e-10),
    (("13", "14"), 0.0, "half-siblings", 9.734498, 1e-6), (("14", "14"), 0.0, "half-siblings", 0.00008574356, 1e-11),
    (("13", "14"), 0.1, "half-siblings", 6.347674, 1e-6), (("14", "14"), 0.1, "half-siblings", 0.00008733625, 1e-11),
    (("13", "14"), 0.0, "grandparent", 9.734498, 1e-6), (("14", "14"), 0.1, "grandparent", 0.00008733625, 1e-11),
    (("13", "14"), 0.0, "avuncular", 9.734498, 1e-6), (("14", "14"), 0.1, "avuncular", 0.00008733625, 1e-11),
]  # fmt: skip
P15 = Evidence((frozenset({"13"}), frozenset({"13", "14"})), {"12": 0.15, "13": 0.15, "14": 0.15}, 0.45)


@pytest.mark.parametrize(("person", "theta", "relative", "printed", "within"), LRMIX)
def test_the_vectors_of_lrmix(person, theta, relative, printed, within):
    by = (Model(1, 0.1, 0.05, relative), theta)
    assert mixture(P15, [person], [], 0, by) / mixture(P15, [], [person], 1, by) == pytest.approx(printed, abs=within)


def test_the_likelihoods_of_lrmix():
    by = (Model(1, 0.1, 0.05), 0.0)
    assert mixture(P15, [("13", "14")], [], 0, by) == pytest.approx(0.06579225, abs=1e-9)
    assert mixture(P15, [], [("13", "14")], 1, by) == pytest.approx(0.003120385, abs=1e-9)


# pedprobr, tests of likelihood() with drop-out: a single source that shows allele 1 only.
@pytest.mark.parametrize(("p", "d"), [(0.2, 0.1), (0.2, 0.0), (0.05, 0.3)])
def test_drop_out_as_in_pedprobr(p, d):
    found = mixture(Evidence((frozenset({"1"}),), {"1": p}), [], [], 1, (Model(1, d), 0.0))
    assert found == pytest.approx((1 - d * d) * p * p + d * (1 - d) * 2 * p * (1 - p))


# Mixtures without drop-out: NRC II (1996) p. 130 and Weir et al. 1997, recalled.
def test_classical_mixtures():
    p = {"a": 0.1, "b": 0.2, "c": 0.15, "d": 0.05}
    four, by = Evidence((frozenset("abcd"),), p), (Model(2), 0.0)
    assert mixture(four, [("a", "b")], [], 1, by) / mixture(four, [], [("a", "b")], 2, by) == pytest.approx(
        1 / (12 * 0.1 * 0.2)
    )
    three = Evidence((frozenset("abc"),), p)
    given_victim = mixture(three, [("a", "b"), ("c", "c")], [], 0, by) / mixture(
        three, [("a", "b")], [("c", "c")], 1, by
    )
    assert given_victim == pytest.approx(1 / (0.15 * (0.15 + 2 * 0.1 + 2 * 0.2)))


def spelled(replicates, p, persons, unknown, d, c, theta, seen):
    """The model once more, over every ordered genotype of the whole table and with no lumping."""
    total = 0.0
    alleles = list(p)
    genotypes = [(a, b) for a in alleles for b in alleles]
    for unknowns in product(genotypes, repeat=unknown):
        counts = dict.fromkeys(alleles, 0)
        for each in seen:
            counts[each] += 1
        prior, n = 1.0, len(seen)
        for each in (one for two in unknowns for one in two):
            prior *= (counts[each] * theta + (1 - theta) * p[each]) / (1 + (n - 1) * theta) if n else p[each]
            counts[each] += 1
            n += 1
        chance = 1.0
        for shown in replicates:
            in_any = False
            for each in alleles:
                copies = sum(two.count(each) for two in (*persons, *unknowns))
                lost = d**copies
                if each in shown:
                    chance *= (1 - lost) if copies else c * p[each]
                    in_any |= not copies
                elif copies:
                    chance *= lost
            chance *= 1 if in_any else 1 - c
        total += prior * chance
    return total


@pytest.mark.parametrize("theta", [0.0, 0.03])
@pytest.mark.parametrize(("d", "c"), [(0.0, 0.0), (0.1, 0.05), (0.4, 0.0)])
@pytest.mark.parametrize(
    ("replicates", "unknown"), [([{"a", "b", "c"}], 2), ([{"a"}, {"a", "d"}], 1), ([{"b", "c"}], 2)]
)
def test_the_mixture_model_is_what_it_says(replicates, unknown, d, c, theta):
    p = {"a": 0.1, "b": 0.25, "c": 0.05, "d": 0.3, "e": 0.3}
    evidence = Evidence(tuple(map(frozenset, replicates)), p)
    person, model = ("a", "d"), (Model(unknown + 1, d, c), theta)
    assert mixture(evidence, [person], [("b", "e")], unknown, model) == pytest.approx(
        spelled(replicates, p, [person], unknown, d, c, theta, [*person, "b", "e"])
    )


# NIJ, Population Genetics and Statistics for Forensic Analysts, Paternity Calculations: the worked trio.
NIJ = [
    ("D3S1358", ("16", "16"), ("16", "16"), ("15", "16"), {"16": 0.2315, "15": 0.2}, 2.1598),
    ("vWA", ("17", "18"), ("17", "18"), ("18", "20"), {"17": 0.2627, "18": 0.2219, "20": 0.1}, 1.0317),
    ("FGA", ("23", "25"), ("25", "27"), ("21", "23"), {"23": 0.1581, "25": 0.1, "27": 0.1, "21": 0.1}, 3.1625),
    ("D18S51", ("18", "18"), ("14", "18"), ("18", "20"), {"18": 0.0918, "14": 0.1, "20": 0.1}, 5.4466),
]


def test_the_trio_of_the_national_institute_of_justice():
    tables = {name: p for name, _, _, _, p, _ in NIJ}
    child, mother, alleged = (
        of(tag, "person", {row[0]: list(row[number]) for row in NIJ})
        for number, tag in ((1, "C-1"), (2, "M-1"), (3, "F-1"))
    )
    found = trio(child, mother, alleged, Scale(made(**tables), 0.0, NONE))
    by_name = {each.locus: each.value for each in found.loci}
    for name, *_, printed in NIJ:
        assert by_name[name] == pytest.approx(printed, abs=1e-4)
    assert found.lr == pytest.approx(38.3815, abs=0.005)


# The same page, its table of all trios: child, mother, alleged father, ratio.
P = {"i": 0.07, "j": 0.2, "k": 0.31, "l": 0.42}
PI, PJ = P["i"], P["j"]
NIJ_TABLE = [
    ("ii", "ii", "ii", 1 / PI), ("ii", "ii", "ij", 1 / (2 * PI)), ("ii", "ii", "jk", 0), ("ii", "ij", "ii", 1 / PI),
    ("ii", "ij", "ij", 1 / (2 * PI)), ("ii", "ij", "jk", 0), ("ij", "ii", "jj", 1 / PJ), ("ij", "ii", "jk", 1 / (2 * PJ)),
    ("ij", "ii", "kl", 0), ("ij", "ij", "ii", 1 / (PI + PJ)), ("ij", "ij", "ij", 1 / (PI + PJ)),
    ("ij", "ij", "jk", 1 / (2 * (PI + PJ))), ("ij", "ij", "kl", 0), ("ij", "ik", "jj", 1 / PJ),
    ("ij", "ik", "jl", 1 / (2 * PJ)), ("ij", "ik", "kl", 0),
]  # fmt: skip
TRIO = (
    Pedigree((Member("M"), Member("F"), Member("C", "F", "M")), ("C", "M", "F")),
    Pedigree((Member("M"), Member("F"), Member("x"), Member("C", "x", "M")), ("C", "M", "F")),
)


@pytest.mark.parametrize(("child", "mother", "alleged", "printed"), NIJ_TABLE)
def test_the_table_of_trios(child, mother, alleged, printed):
    genotypes = [tuple(each) for each in (child, mother, alleged)]
    one, two = (likelihood(each.patterns, genotypes, P, 0.0) for each in TRIO)
    assert one / two == pytest.approx(printed)


# dna-view.com/sibfmla.htm: full : half : unrelated.
DNA_VIEW = [
    ("ij", "ij", (1 + PI + PJ + 2 * PI * PJ, PI + PJ + 4 * PI * PJ, 8 * PI * PJ)),
    ("ii", "ii", ((1 + PI) ** 2, 2 * PI * (1 + PI), 4 * PI**2)),
    ("ii", "ij", (1 + PI, 1 + 2 * PI, 4 * PI)),
    ("ij", "ik", (1 + 2 * PI, 1 + 4 * PI, 8 * PI)),
    ("ii", "kl", (1, 2, 4)),
    ("ij", "kl", (1, 2, 4)),
]


@pytest.mark.parametrize(("a", "b", "printed"), DNA_VIEW)
def test_siblings_as_in_dna_view(a, b, printed):
    pedigrees = (RELATIONS["full-siblings"], RELATIONS["half-siblings"], unrelated("A", "B"))
    full, half, none = (likelihood(each.patterns, [tuple(a), tuple(b)], P, 0.0) for each in pedigrees)
    assert full / none == pytest.approx(printed[0] / printed[2])
    assert half / none == pytest.approx(printed[1] / printed[2])


# dna-view.com/simulate.htm: S (mother M) and H (mother N), of one father against unrelated fathers; D3S1358 0.5,
# VWA 3.04 with 0.0848 and 0.112, FGA 4.21 with 0.135, D18S51 0.5.
@pytest.mark.parametrize(
    ("typed", "p", "printed", "within"),
    [
        (["15/16", "17/18", "15/16", "17/17"], {}, 0.5, 1e-9),
        (["14/17", "15/19", "17/19", "15/19"], {"15": 0.0848, "19": 0.112}, 3.04, 0.005),
        (["19/22", "22/25", "22/24", "24/25"], {"24": 0.135}, 4.21, 0.01),
        (["15/18", "16/17", "14/15", "16/23"], {}, 0.5, 1e-9),
    ],
)
def test_the_half_siblings_of_dna_view(typed, p, printed, within):
    names = ("M", "N", "S", "H")
    one = Pedigree((*map(Member, "MNF"), Member("S", "F", "M"), Member("H", "F", "N")), names)
    two = Pedigree((*map(Member, "MNFG"), Member("S", "F", "M"), Member("H", "G", "N")), names)
    genotypes = [tuple(each.split("/")) for each in typed]
    table = dict.fromkeys((one_of for each in genotypes for one_of in each), 0.1) | p
    chances = [likelihood(each.patterns, genotypes, table, 0.0) for each in (one, two)]
    assert chances[0] / chances[1] == pytest.approx(printed, abs=within)


# BMC Genetics 3:23 (2002), table 1: chances of genotype pairs for parent and child, full siblings, second degree.
A, B, C, D = 0.1, 0.2, 0.3, 0.4
BMC = [
    ("aa", "aa", A**3, A**2 * (1 + A) ** 2 / 4, A**3 * (1 + A) / 2),
    ("aa", "ab", 2 * A**2 * B / 2, A**2 * B * (1 + A) / 2, A**2 * B * (1 + 2 * A) / 2),
    ("aa", "bb", 0, A**2 * B**2 / 4, A**2 * B**2 / 2),
    ("ab", "ab", A * B * (A + B), A * B * (2 * A * B + A + B + 1) / 2, A * B * (4 * A * B + A + B) / 2),
    ("aa", "bc", 0, 2 * A**2 * B * C / 4, A**2 * B * C),
    ("ab", "ac", A * B * C, A * B * C * (2 * A + 1) / 2, A * B * C * (4 * A + 1) / 2),
    ("ab", "cd", 0, A * B * C * D, 2 * A * B * C * D),
]


@pytest.mark.parametrize(("one", "two", "parent", "full", "second"), BMC)
def test_pairs_of_relatives_as_in_bmc_genetics(one, two, parent, full, second):
    p, genotypes = {"a": A, "b": B, "c": C, "d": D}, [tuple(one), tuple(two)]
    for name, printed in (
        ("parent-child", parent),
        ("full-siblings", full),
        ("grandparent", second),
        ("avuncular", second),
    ):
        assert likelihood(RELATIONS[name].patterns, genotypes, p, 0.0) == pytest.approx(printed)


# forrel, tests of kinshipLR(): father A/A, child A/A, frequency 0.05: 20.
def test_the_paternity_of_forrel():
    found = pair(of("A-1", "person", {"TH01": ["6", "6"]}), of("B-1", "person", {"TH01": ["6", "6"]}), "parent-child",
                 Scale(made(TH01={"6": 0.05, "7": 0.95}), 0.0, NONE))  # fmt: skip
    assert found.lr == pytest.approx(20)


# Goodwin, Linacre and Hadi, An Introduction to Forensic Genetics, table 11.3: paternity without the mother.
@pytest.mark.parametrize(
    ("child", "man", "printed"),
    [("ii", "ii", 1 / PI), ("ii", "ij", 1 / (2 * PI)), ("ij", "ii", 1 / (2 * PI)),
     ("ij", "ij", (PI + PJ) / (4 * PI * PJ)), ("ij", "ik", 1 / (4 * PI))],
)  # fmt: skip
def test_paternity_without_the_mother(child, man, printed):
    genotypes = [tuple(man), tuple(child)]
    one = likelihood(RELATIONS["parent-child"].patterns, genotypes, P, 0.0)
    assert one / likelihood(unrelated("A", "B").patterns, genotypes, P, 0.0) == pytest.approx(printed)


@pytest.mark.parametrize("theta", [0.0, 0.02])
@pytest.mark.parametrize("name", list(KAPPA))
def test_pedigrees_and_shares_by_descent_agree(name, theta):
    from comity.forensics.dna.strength.sampling import genotype, sequence

    k0, k1, k2 = KAPPA[name]
    for a, b in combinations_with_replacement("ijk", 2):
        for c, d in combinations_with_replacement("ijk", 2):
            first = genotype(a, b, P, {}, theta)
            seen = {each: (a, b).count(each) for each in (a, b)}
            chance = k0 * genotype(c, d, P, seen, theta) + k2 * ((a, b) == (c, d))
            for shared in (a, b):
                for mine, other in {(c, d), (d, c)}:
                    chance += k1 / 2 * (mine == shared) * sequence([other], P, seen, theta)
            found = likelihood(RELATIONS[name].patterns, [(a, b), (c, d)], P, theta)
            assert found == pytest.approx(first * chance)


@pytest.mark.parametrize(
    "members",
    [(Member("A"), Member("A")), (Member("A", "F", None),), (Member("A", "F", "M"),),
     (Member("A", "B", "C"), Member("B", "A", "C"), Member("C"))],
)  # fmt: skip
def test_impossible_pedigrees_are_refused(members):
    with pytest.raises(PedigreeError):
        Pedigree(members, ("A",))


def test_a_pedigree_too_wide_gives_no_number():
    members = [Member("f"), Member("m"), *(Member(f"c{n}", "f", "m") for n in range(10))]
    with pytest.raises(PedigreeError, match="meioses"):
        _ = Pedigree(tuple(members), tuple(f"c{n}" for n in range(10))).patterns


def test_a_locus_the_relation_cannot_give_is_named():
    by = Scale(CAUC, 0.0)
    found = pair(of("A-1", "person"), changed("B-1", TH01=["7", "8"]), "parent-child", by)
    assert found.lr == 0
    assert "TH01" in found.notes[0]
    assert found.to_json()["log10_lr"] is None
    json.dumps(found.to_json(), allow_nan=False)


# The research notes of this project (reference, 1.3): chance matches in 10^12 comparisons, NIST Caucasian, measured
# there by other code: full, one allele apart; theta 0 and 0.01.
@pytest.mark.parametrize(
    ("names", "theta", "full", "near"),
    [
        (sorted(locus_set("ess7")), 0.0, 1380, 85700), (sorted(locus_set("ess7")), 0.01, 2480, 145000),
        (sorted(locus_set("ess12")), 0.0, 0.0006, 0.066), (sorted(locus_set("ess12")), 0.01, 0.0017, 0.18),
        ([*locus_set("ess7"), "D16S539", "D2S1338", "D19S433"], 0.0, 0.28, 25),
        ([*locus_set("ess7"), "D16S539", "D2S1338", "D19S433"], 0.01, 0.66, 54),
        (EURO16, 0.0, 6e-10, 1e-7), (EURO16, 0.01, 3e-9, 5e-7),
    ],
)  # fmt: skip
def test_chance_matches_as_measured_elsewhere(names, theta, full, near):
    found = of_pairs(names, 10**12, rule_set("prum"), CAUC, theta)
    assert found.by_quality["1"] == pytest.approx(full, rel=0.09)
    assert found.by_quality["3"] + found.by_quality["4"] == pytest.approx(near, rel=0.09)


def test_chance_matches_of_queries_average_to_those_of_pairs():
    few = {"vWA": {"14": 0.5, "15": 0.5}, "TH01": {"6": 0.3, "9.3": 0.6, "10": 0.1}}
    of_made = made(**few)
    rules = rule_set("prum", {"minimum_full": "1"})
    expected = of_pairs(list(few), 1, rules, of_made, 0.02)
    total = {}
    by = Scale(of_made, 0.02, NONE)
    pairs = [list(combinations_with_replacement(table, 2)) for table in few.values()]
    for one, two in product(*pairs):
        query = of("Q-1", loci={"vWA": list(one), "TH01": list(two)})
        weight = 1.0
        for table, (a, b) in zip(few.values(), (one, two), strict=True):
            p, q = table[a], table[b]
            weight *= p * (0.02 + 0.98 * p) if a == b else 2 * p * q * 0.98
        for quality, chance in of_query(query, {frozenset(few): 1}, rules, by).by_quality.items():
            total[quality] = total.get(quality, 0.0) + weight * chance
    for quality, chance in expected.by_quality.items():
        assert total[quality] == pytest.approx(chance)


def test_chance_matches_come_true_in_a_simulation(tmp_path):
    from comity.forensics.dna.index.database import Database
    from comity.forensics.dna.index.join import join

    rules = rule_set("prum", {"minimum_full": "3"})
    names = ["TPOX", "D5S818", "TH01", "D22S1045"]
    stock = [profile(each, Place("x", n)) for n, each in enumerate(drawn(700, 77, category="trace", loci=names), 1)]
    database = Database.create(tmp_path / "db")
    database.take([(Place("x", n), each) for n, each in enumerate(stock, 1)], inclusion=None)
    from comity.forensics.dna.index import join as module

    assert module.reason(stock[0], rules) is not None
    open_rules = rule_set("prum", {"minimum_full": "3"})
    object.__setattr__(open_rules, "inclusion", {})
    observed = len(list(join(database, database, open_rules)))
    masks = database.masks()
    expected = of_databases(masks, masks, open_rules, Scale(CAUC, 0.0), within=True)
    assert expected.compared == 700 * 699 // 2
    assert abs(observed - expected.total) < 6 * math.sqrt(expected.total)
    assert expected.total > 50


GENOTYPE = st.lists(st.sampled_from(["6", "7", "8", "9", "9.3"]), min_size=2, max_size=2)


@given(GENOTYPE, GENOTYPE, st.floats(0, 0.1))
def test_the_order_of_alleles_does_not_matter(a, b, theta):
    by = Scale(CAUC, theta)
    one = source(of("T-1", loci={"TH01": a}), of("P-1", "person", {"TH01": b}), by)
    two = source(of("T-1", loci={"TH01": a[::-1]}), of("P-1", "person", {"TH01": b[::-1]}), by)
    assert one.lr == two.lr


@given(st.integers(0, 400), st.floats(0, 0.05))
@settings(deadline=None)
def test_more_loci_never_raise_the_match_probability(seed, theta):
    each = next(iter(drawn(1, seed)))
    by, before = Scale(CAUC, theta), 1.0
    for number in range(1, 17):
        found = random_match(of("P-1", "person", dict(list(each["loci"].items())[:number])), by).rmp
        assert found <= before
        before = found


@given(st.integers(0, 400), st.floats(0, 0.05))
@settings(deadline=None)
def test_the_same_profile_has_at_least_one_over_its_match_probability(seed, theta):
    each = of("P-1", "person", next(iter(drawn(1, seed)))["loci"])
    by = Scale(CAUC, theta)
    found = source(each, each, by)
    assert found.log10_lr == pytest.approx(-math.log10(random_match(each, by).rmp))
    assert found.lr >= 0.999999 / found.rmp


@given(st.integers(0, 200))
@settings(deadline=None, max_examples=40)
def test_one_contributor_without_drop_out_is_the_single_source(seed):
    each = of("P-1", "person", next(iter(drawn(1, seed)))["loci"])
    by = Scale(CAUC, 0.01, NONE)
    assert ratio(each, each, by, Model(1)).log10_lr == pytest.approx(source(each, each, by).log10_lr)


@given(GENOTYPE, st.floats(0, 0.1))
def test_all_genotypes_together_are_certain(seen, theta):
    from comity.forensics.dna.strength.sampling import genotype

    p = {"6": 0.2, "7": 0.3, "8": 0.1, "9": 0.15, "9.3": 0.25}
    drawn_before = {each: seen.count(each) for each in seen}
    total = sum(genotype(a, b, p, drawn_before, theta) for a, b in combinations_with_replacement(p, 2))
    assert total == pytest.approx(1)


def test_a_lost_allele_lowers_the_ratio_and_a_foreign_one_excludes():
    by, person = Scale(CAUC, 0.01), changed()
    whole, lost = source(of(), person, by), source(of(loci={**FULL, "TH01": ["6", "*"]}), person, by)
    assert 1 < lost.lr < whole.lr
    assert source(of(loci={**FULL, "TH01": ["6", "8"]}), person, by).lr == 0


def test_every_locus_left_out_is_said_and_why():
    extra = {**FULL, "CD4": ["5", "6"], "SE33": ["OL", "OL"]}
    found = random_match(of("P-1", "person", extra), Scale(CAUC)).to_json()
    reasons = {each["locus"]: each["why"] for each in found["not_used"]}
    assert reasons.keys() == {"Amelogenin", "CD4", "SE33"}
    assert "no frequencies" in reasons["CD4"]
    assert {"rmp", "lr", "log10_lr", "theta", "population", "loci", "not_used"} <= found.keys()
    assert math.prod(each["value"] for each in found["loci"]) == pytest.approx(found["rmp"])


def test_the_least_frequency():
    rare = of("P-1", "person", {"TH01": ["4", "6"]})
    assert dict(random_match(rare, Scale(CAUC)).loci[0].frequencies)["4"] == pytest.approx(5 / 722)
    assert dict(random_match(rare, Scale(CAUC, minimum=minimum("0.002"))).loci[0].frequencies)["4"] == 0.002
    assert random_match(rare, Scale(CAUC, minimum=NONE)).rmp is None
    norsk = random_match(rare, Scale(population("Norsk")))
    assert norsk.why_not or dict(norsk.loci[0].frequencies)["4"] > 0
    for text in ("-1", "2", "x/2N", "nan", "1/N"):
        with pytest.raises(ParameterError):
            minimum(text)


def test_models_that_do_not_hold_give_no_number():
    by = Scale(CAUC)
    mixed = of("M-1", loci={**FULL, "FGA": ["20", "21", "24", "26"]})
    assert random_match(mixed, by).rmp is None
    assert "mixture" in random_match(mixed, by).why_not
    assert ratio(mixed, changed(), by, Model(5)).lr is None
    assert ratio(mixed, changed(), by, Model(1)).lr is None
    five = of("M-2", loci={**FULL, "FGA": ["19", "20", "21", "22", "24"]})
    assert "3 contributors" in ratio(five, changed(), by, Model(2)).why_not
    assert ratio(five, changed(), by, Model(2, 0.0, 0.05)).lr is not None
    unexplained = of("T-1", loci={"TH01": ["6", "7"], "vWA": ["14", "15"]})
    assert (
        ratio(unexplained, changed(), by, Model(2), [of("K-1", "person", {"TH01": ["8", "8"], "vWA": ["18", "18"]})]).lr
        is None
    )


@pytest.mark.parametrize("theta", [-0.01, 0.6, 2, math.nan, math.inf])
def test_theta_out_of_range_is_refused(theta):
    with pytest.raises(ParameterError):
        Scale(CAUC, theta)


@pytest.mark.parametrize(
    "values",
    [{"dropout": 1.0}, {"dropout": -0.1}, {"drop_in": 1.5}, {"of_person": 1.0}, {"of_known": (0.1, -1)},
     {"of_unknown": (0.1, math.nan)}],
)  # fmt: skip
def test_parameters_out_of_range_are_refused(values):
    with pytest.raises(ParameterError):
        Model(2, **values)


def test_a_relation_goes_by_many_words_and_a_misspelt_one_is_told_the_nearest():
    assert Model(2, relative="Half brother").relative == "half-siblings"
    assert Model(2, relative="uncle").relative == "avuncular"
    with pytest.raises(PedigreeError) as refused:
        Model(2, relative="half-sybling")
    assert "half-siblings" in refused.value.remedy


def test_the_shares_by_descent_follow_from_the_pedigrees():
    for name, pedigree in RELATIONS.items():
        shares = [0.0, 0.0, 0.0]
        for (a, b), weight in pedigree.patterns.items():
            shares[len(set(a) & set(b))] += weight
        assert tuple(shares) == KAPPA[name]


def test_drop_outs_of_the_known_are_matched_in_order():
    with pytest.raises(ParameterError, match="2 drop-outs"):
        Model(3, of_known=(0.1, 0.2)).rates(1)


@pytest.mark.parametrize(
    ("log10", "text", "of_first"), [(7, "extremely strong", 0), (-2.5, "moderately strong", 1), (0, "no support", None)]
)
def test_the_verbal_scale_is_labelled_and_speaks_for_either(log10, text, of_first):
    found = words(log10)
    assert text in found.text
    assert found.proposition == of_first
    assert "recalled" in found.label


def test_populations_of_ones_own(tmp_path):
    long, wide = tmp_path / "long.csv", tmp_path / "wide.csv"
    long.write_text("locus,allele,freq,n_alleles\nTH01,6,0.25,400\nTH01,9.3,0.75,400\n", encoding="utf-8")
    wide.write_text('"Allele";"TH01";"vWA"\n6;0.25;\n9.3;0.75;0\n14;;1.0\nN;200;100\n', encoding="utf-8")
    for path in (long, wide):
        assert read(path).frequencies["TH01"] == {"6": 0.25, "9.3": 0.75}
        assert read(path).sampled["TH01"] == 400
        assert population(str(path)).name == path.name


@pytest.mark.parametrize(
    "text",
    ["", "locus,allele,freq\nTH01,6,1.5\n", "locus,allele,freq\nTH01,45,0.5\n", "locus,allele,freq\nTH02,6,x\n",
     "Allele,TH01\n6,0.7\n7,0.7\n", "locus,allele,freq,n_alleles\nTH01,6,0.5,many\n", "Allele,TH01\n6,inf\n"],
)  # fmt: skip
def test_broken_frequencies_are_refused(tmp_path, text):
    path = tmp_path / "broken.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PopulationError):
        read(path)


def test_an_unknown_population_is_refused_with_the_nearest():
    with pytest.raises(PopulationError) as refused:
        population("Caucasion")
    assert "Caucasian" in refused.value.remedy


def test_pedigrees_of_ones_own_are_weighed():
    by = Scale(CAUC, 0.01)
    grandchild = Pedigree(
        (Member("G"), Member("x"), Member("c", "G", "x"), Member("y"), Member("K", "c", "y")), ("G", "K")
    )
    people = {"G": of("G-1", "person"), "K": changed("K-1")}
    assert kinship(people, grandchild, unrelated("G", "K"), by).lr == pytest.approx(
        pair(people["G"], people["K"], "grandparent", by).lr
    )
    with pytest.raises(PedigreeError, match="K"):
        kinship({"G": people["G"]}, grandchild, unrelated("G", "K"), by)
