"""Kinship with mutation, in large pedigrees and with mixtures: held against the other engine and against hand reckoning."""

import json
import math
from itertools import combinations_with_replacement, product

import numpy as np
import pytest
from dna_material import changed, of

from comity.forensics.dna.allele import allele
from comity.forensics.dna.locus import locus
from comity.forensics.dna.population import Minimum, Population, population
from comity.forensics.dna.strength import descent
from comity.forensics.dna.strength.family import read as read_family
from comity.forensics.dna.strength.kinship import Left, kinship, likelihood, pair, trio
from comity.forensics.dna.strength.mutation import Mutation, MutationModel, matrix
from comity.forensics.dna.strength.network import Table, chance
from comity.forensics.dna.strength.pedigree import RELATIONS, Member, Pedigree, unrelated
from comity.forensics.dna.strength.weighed import Scale
from comity.forensics.errors import ParameterError, PedigreeError

P = {"i": 0.07, "j": 0.2, "k": 0.31, "l": 0.42}
CAUC = Scale(population("Cauc"), 0.0)
WIDE = ("double-first-cousins", "second-cousins")


@pytest.mark.parametrize("theta", [0.0, 0.03])
@pytest.mark.parametrize("name", [each for each in RELATIONS if each not in WIDE])
def test_both_engines_agree(name, theta):
    pedigree = RELATIONS[name]
    pairs = (
        [("i", "i"), ("i", "j")]
        if name in ("first-cousins", "avuncular", "half-avuncular")
        else list(combinations_with_replacement("ijk", 2))
    )
    for one, two in product(pairs, repeat=2):
        expected = likelihood(pedigree.patterns, [one, two], P, theta)
        assert chance(pedigree, {"A": one, "B": two}, Table.unchanged(P), theta) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("theta", [0.0, 0.03])
@pytest.mark.parametrize("name", list(RELATIONS))
def test_ways_of_descent_agree_with_both(name, theta):
    p = {"6": 0.07, "7": 0.2, "8": 0.31, "9.3": 0.42}
    alleles, by = [allele(each, locus("TH01")) for each in p], Mutation(0.05, 0.02)
    changing = Table(p, matrix(alleles, p, 0.05, by), matrix(alleles, p, 0.02, by))
    pedigree, same = RELATIONS[name], Table.unchanged(p)
    for one, two in (("6", "6"), ("6", "7")), (("6", "7"), ("6", "7")), (("6", "7"), ("8", "9.3")):
        typed = {"A": one, "B": two}
        expected = likelihood(pedigree.patterns, [one, two], p, theta)
        assert descent.chance(pedigree, typed, same, theta) == pytest.approx(expected, abs=1e-15)
        if not (theta and name in (*WIDE, "first-cousins")):
            expected = chance(pedigree, typed, changing, theta)
            assert descent.chance(pedigree, typed, changing, theta) == pytest.approx(expected)


def test_typed_members_between_and_trees_that_part_agree_too():
    p = {"6": 0.07, "7": 0.2, "8": 0.31, "9.3": 0.42}
    alleles, by = [allele(each, locus("TH01")) for each in p], Mutation(0.05, 0.02)
    table = Table(p, matrix(alleles, p, 0.05, by), matrix(alleles, p, 0.02, by))
    members = (
        Member("G"),
        Member("H"),
        Member("P", "G", "H"),
        Member("x"),
        Member("C", "P", "x"),
        Member("D", "P", "x"),
    )
    for typed in (("G", "P", "C"), ("G", "C", "D"), ("P", "C", "D"), ("H", "G", "C"), ("G", "H", "P", "C", "D")):
        pedigree = Pedigree(members, typed)
        for pairs in product([("6", "7"), ("7", "8"), ("9.3", "9.3")], repeat=2):
            genotypes = {each: pairs[number % 2] for number, each in enumerate(typed)}
            for theta in (0.0, 0.02):
                expected = chance(pedigree, genotypes, table, theta)
                assert descent.chance(pedigree, genotypes, table, theta) == pytest.approx(expected)


# pedprobr, tests of theta, read: a homozygote of 0.3 with theta 0.01, whatever ancestors stand above: 0.0921.
def test_untyped_ancestors_change_nothing():
    p = {"A": 0.3, "B": 0.7}
    line = (Member("1"), Member("2"), Member("3", "1", "2"), Member("4"), Member("5", "3", "4"))
    for members in (line, (Member("5"),)):
        found = chance(Pedigree(members, ("5",)), {"5": ("A", "A")}, Table.unchanged(p), 0.01)
        assert found == pytest.approx(0.0921)


# Familias, manual of FamiliasPosterior(), example 4, read: theta 0.03 and a proportional mutation of 0.01 together.
def test_theta_and_mutation_together_as_in_familias():
    f, fst = {"A": 0.3, "B": 0.7}, 0.03
    alleles = [allele("6", locus("TH01")), allele("7", locus("TH01"))]
    by = Mutation(0.01, 0.01, MutationModel.PROPORTIONAL)
    m = matrix(alleles, {"6": 0.3, "7": 0.7}, 0.01, by)
    pedigree = Pedigree((Member("mother"), Member("AF"), Member("son", "AF", "mother")), ("son",))
    by_hand = (
        (0.3 * fst + 0.09 * (1 - fst)) * m[0, 0] ** 2
        + 2 * 0.21 * (1 - fst) * m[0, 0] * m[1, 0]
        + (0.7 * fst + 0.49 * (1 - fst)) * m[1, 0] ** 2
    )
    assert chance(pedigree, {"son": ("A", "A")}, Table(f, m, m), fst) == pytest.approx(by_hand)


def test_all_genotypes_of_a_family_together_are_certain():
    p, by = {"6": 0.5, "7": 0.3, "9.3": 0.2}, Mutation(0.05, 0.02)
    alleles = [allele(each, locus("TH01")) for each in p]
    table = Table(p, matrix(alleles, p, 0.05, by), matrix(alleles, p, 0.02, by))
    pedigree = Pedigree((Member("F"), Member("M"), Member("C", "F", "M")), ("F", "C"))
    pairs = list(combinations_with_replacement(p, 2))
    for theta in (0.0, 0.05):
        total = sum(chance(pedigree, {"F": one, "C": two}, table, theta) for one, two in product(pairs, repeat=2))
        assert total == pytest.approx(1)


@pytest.mark.parametrize("model", list(MutationModel))
def test_the_rows_of_a_mutation_matrix_are_certain_and_near_alleles_likelier(model):
    p = {"6": 0.2, "7": 0.2, "8": 0.2, "9": 0.2, "9.3": 0.2}
    alleles = [allele(each, locus("TH01")) for each in p]
    found = matrix(alleles, p, 0.01, Mutation(0.01, 0.01, model))
    assert found.sum(axis=1) == pytest.approx(np.ones(5))
    assert found.min() >= 0
    if model is MutationModel.STEPWISE:
        assert found[0, 1] == pytest.approx(10 * found[0, 2])
        assert found[0, 4] == pytest.approx(1e-6)
        assert found[0, 1:4].sum() == pytest.approx(0.01)
    else:
        assert 1 - found[0, 0] == pytest.approx(0.01)


def test_a_mutation_of_one_step_weighs_more_than_one_of_three():
    child, mother = of("C-1", "person", {"D3S1358": ["15", "17"]}), of("M-1", "person", {"D3S1358": ["15", "15"]})
    men = [of("F-1", "person", {"D3S1358": [far, far]}) for far in ("17", "16", "14")]
    ratios = [trio(child, mother, man, CAUC, mutation=Mutation(0.002, 0.0005)).lr for man in men]
    assert ratios[0] > 1 > ratios[1] > ratios[2] > 0
    assert trio(child, mother, men[1], CAUC).lr == 0


def test_without_a_rate_mutation_changes_nothing_and_with_one_a_match_little():
    a, b = of("A-1", "person"), changed("B-1", TH01=["6", "8"])
    for name in ("full-siblings", "half-siblings"):
        plain = pair(a, b, name, CAUC).log10_lr
        assert pair(a, b, name, CAUC, mutation=Mutation(0, 0, micro=0)).log10_lr == pytest.approx(plain)
        assert pair(a, b, name, CAUC, mutation=Mutation(0.001, 0.001)).log10_lr == pytest.approx(plain, abs=0.05)


@pytest.mark.parametrize("model", [MutationModel.EQUAL, MutationModel.PROPORTIONAL])
def test_lumping_the_alleles_nobody_has_is_exact(model):
    """Over the whole table, and with all alleles nobody has in one class."""
    of_one = Population(
        "made", "made", {"TH01": {"6": 0.1, "7": 0.2, "8": 0.3, "9": 0.25, "9.3": 0.15}}, {"TH01": None}
    )
    by, mutation = Scale(of_one, 0.02, Minimum(None)), Mutation(0.03, 0.01, model)
    a, b = of("A-1", "person", {"TH01": ["6", "7"]}), of("B-1", "person", {"TH01": ["8", "8"]})
    found = pair(a, b, "parent-child", by, mutation=mutation).lr
    p = dict(of_one.frequencies["TH01"])
    alleles = [allele(each, locus("TH01")) for each in p]
    table = Table(p, matrix(alleles, p, 0.03, mutation), matrix(alleles, p, 0.01, mutation))
    genotypes = {"A": ("6", "7"), "B": ("8", "8")}
    one, two = (chance(each, genotypes, table, 0.02) for each in (RELATIONS["parent-child"], unrelated("A", "B")))
    assert found == pytest.approx(one / two)


def test_a_family_of_ten_children_is_weighed():
    children = tuple(f"c{n}" for n in range(10))
    siblings = Pedigree((Member("f"), Member("m"), *(Member(each, "f", "m") for each in children)), children)
    people = {each: of(each, "person", {"TH01": ["6", "9.3"]}) for each in children}
    found = kinship(people, siblings, unrelated(*children), CAUC)
    p, q = (CAUC.population.frequencies["TH01"][each] for each in ("6", "9.3"))
    by_hand = 0.0
    for parents in product(("6", "9.3", "x"), repeat=4):
        f, m = parents[:2], parents[2:]
        share = sum({a, b} == {"6", "9.3"} for a in f for b in m) / 4
        by_hand += math.prod({"6": p, "9.3": q, "x": 1 - p - q}[each] for each in parents) * share**10
    assert found.lr == pytest.approx(by_hand / (2 * p * q) ** 10)


def test_what_is_too_much_gives_no_number_and_says_so():
    wide = Pedigree(
        (
            *(Member(f"{each}{n}") for n in range(4) for each in "fm"),
            *(Member(f"c{n}", f"f{n}", f"m{n}") for n in range(4)),
        ),
        tuple(f"c{n}" for n in range(4)),
    )
    left = Left(of("MIX"), {"f0": 0.1})
    typed = {f"c{n}": of(f"c{n}", "person") for n in range(4)}
    with pytest.raises(PedigreeError, match="theta"):
        kinship(typed, wide, wide, Scale(population("Cauc"), 0.01), left=left)
    roots = Pedigree((*(Member(f"p{n}") for n in range(12)), *(Member(f"c{n}", f"p{2 * n}", f"p{2 * n + 1}") for n in range(6))),
                     tuple(f"c{n}" for n in range(6)))  # fmt: skip
    people = {each: of(each, "person") for each in roots.typed}
    with pytest.raises(PedigreeError, match="theta"):
        kinship(people, roots, roots, Scale(population("Cauc"), 0.01), mutation=Mutation(0.001, 0.001))
    with pytest.raises(PedigreeError, match="meioses"):
        descent.forests((Member("f"), Member("m"), *(Member(f"c{n}", "f", "m") for n in range(10))), ("c0", "c1", "c2", "c3",
                        "c4", "c5", "c6", "c7", "c8", "c9"))  # fmt: skip
    many = tuple(Member(f"x{n}") for n in range(30))
    people = {each.id: of(each.id, "person") for each in many}
    line = (
        Member("x0"),
        *(Member(f"x{n}", f"x{n - 1}", f"y{n}") for n in range(1, 30)),
        *(Member(f"y{n}") for n in range(1, 30)),
    )
    with pytest.raises(PedigreeError, match="members"):
        kinship(people, Pedigree(line, tuple(people)), unrelated(*people), CAUC)


def test_a_second_pedigree_that_is_impossible_gives_no_number():
    a, b = of("A-1", "person"), changed("B-1", TH01=["7", "8"])
    found = kinship({"A": a, "B": b}, unrelated("A", "B"), RELATIONS["parent-child"], CAUC)
    assert found.lr is None
    assert "TH01" in found.why_not
    assert found.to_json()["loci"] == []
    mixture = of("M-1", loci={"TH01": ["6", "7", "8"], "vWA": ["14", "15", "16"]})
    assert "mixed" in pair(a, mixture, "full-siblings", CAUC).why_not


FAMILY = Pedigree((Member("MO"), Member("AF"), Member("CH", "AF", "MO")), ("MO", "AF"))
OTHER = Pedigree((Member("MO"), Member("AF"), Member("TF"), Member("CH", "TF", "MO")), ("MO", "AF"))


@pytest.mark.parametrize("theta", [0.0, 0.03])
def test_a_mixture_in_a_pedigree_is_the_sum_over_the_childs_genotypes(theta):
    of_one = Population("made", "made", {"TH01": {"6": 0.2, "7": 0.3, "8": 0.5}}, {"TH01": None})
    by, p = Scale(of_one, theta, Minimum(None)), of_one.frequencies["TH01"]
    people = {"MO": of("MO", "person", {"TH01": ["6", "7"]}), "AF": of("AF", "person", {"TH01": ["7", "8"]})}
    found = kinship(
        people, FAMILY, OTHER, by, left=Left(of("MIX", loci={"TH01": ["6", "7"]}), {"MO": 0.1, "CH": 0.3}, 0.05)
    )
    totals = []
    for pedigree in (FAMILY, OTHER):
        typed = Pedigree(pedigree.members, ("MO", "AF", "CH"))
        total = 0.0
        for child in combinations_with_replacement(p, 2):
            shown = 1.0
            for each, value in p.items():
                lost = (1 - 0.05 * value) * 0.1 ** ("6", "7").count(each) * 0.3 ** child.count(each)
                shown *= 1 - lost if each in ("6", "7") else lost
            total += shown * likelihood(typed.patterns, [("6", "7"), ("7", "8"), child], p, theta)
        totals.append(total)
    assert found.lr == pytest.approx(totals[0] / totals[1])
    assert "MIX" in found.method


def test_a_mixture_left_by_strangers_to_the_pedigree_is_refused():
    people = {"MO": of("MO", "person"), "AF": changed("AF")}
    mixture = of("MIX")
    with pytest.raises(PedigreeError, match="XX"):
        kinship(people, FAMILY, OTHER, CAUC, left=Left(mixture, {"XX": 0.1}))
    for rates, drop_in in (({}, 0.0), ({"MO": 1.0}, 0.0), ({"MO": 0.1}, -0.1)):
        with pytest.raises(ParameterError):
            Left(mixture, rates, drop_in)


@pytest.mark.parametrize("values", [(0.6, 0), (0, -1), (math.nan, 0)])
def test_mutation_rates_out_of_range_are_refused(values):
    with pytest.raises(ParameterError):
        Mutation(*values)
    with pytest.raises(ParameterError):
        Mutation(0.001, 0.001, span=0)


def test_sexes_in_a_pedigree_file_are_held_against_the_roles(tmp_path):
    path = tmp_path / "pedigree.json"
    child = {"id": "C", "father": "F", "mother": "M", "sex": "female"}
    for sex, fits in (("male", True), ("female", False)):
        first = [{"id": "F", "sex": sex}, {"id": "M", "sex": "female"}, child]
        path.write_text(json.dumps({"typed": ["C"], "first": first, "second": [{"id": "C"}]}), encoding="utf-8")
        if fits:
            assert len(read_family(path)[0].members) == 3
            continue
        with pytest.raises(PedigreeError, match="said to be female"):
            read_family(path)
    with pytest.raises(PedigreeError, match="twice"):
        unrelated("A", "A")
    with pytest.raises(PedigreeError, match="typed twice"):
        Pedigree((Member("A"),), ("A", "A"))


def test_a_mother_passes_on_by_the_rate_of_mothers():
    parent, child = of("A-1", "person", {"D3S1358": ["15", "15"]}), of("B-1", "person", {"D3S1358": ["16", "17"]})
    mutation = Mutation(0.004, 0.001)
    father, mother = (pair(parent, child, name, CAUC, mutation=mutation).lr for name in ("father", "mother"))
    assert father == pytest.approx(4 * mother, rel=0.02)
    assert pair(parent, parent, "mother", CAUC).lr == pytest.approx(pair(parent, parent, "parent", CAUC).lr)
