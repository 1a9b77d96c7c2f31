"""What a stranger meets when weighing: names of populations, files of any kind, wildcards, rare alleles, relatives."""

import json
import math
from itertools import combinations_with_replacement, product

import pytest
from dna_material import FULL, changed, of

from comity.cli.main import main
from comity.forensics.dna.population import Minimum, Population, population, populations, read
from comity.forensics.dna.profile import replicated
from comity.forensics.dna.rules import rule_set
from comity.forensics.dna.strength.chance import of_query
from comity.forensics.dna.strength.kinship import likelihood
from comity.forensics.dna.strength.mixture import Model, ratio
from comity.forensics.dna.strength.pedigree import RELATIONS
from comity.forensics.dna.strength.single import random_match, source
from comity.forensics.dna.strength.weighed import Scale
from comity.forensics.errors import ParameterError, PopulationError, ProfileError

CAUC = population("Cauc")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("cauc", "NIST1036rev2017/Cauc"), ("UK_DNA17 White EA1 EA2", "UK_DNA17/White_-_EA1_&_EA2"),
     ("indian ea4", "UK_DNA17/Indian_-_EA4"), ("norSTR_v2023:Norsk", "norSTR_v2023/Norsk"),
     ("se-hispanic", "FBI2015_Moretti2016/SE Hispanic")],
)  # fmt: skip
def test_a_population_is_found_however_its_name_is_parted(typed, meant):
    assert population(typed).name == meant


@pytest.mark.parametrize(
    ("typed", "near"),
    [("NIST", "NIST1036rev2017/Cauc"), ("UK Caucasian", "FBI2015_Moretti2016/Caucasian"), ("Chinesse", "Chinese"),
     ("list", "comity dna populations"), ("Norway", "norSTR"), ("", "comity dna populations")],
)  # fmt: skip
def test_an_unknown_population_is_told_what_there_is(typed, near):
    with pytest.raises(PopulationError) as refused:
        population(typed)
    assert near in refused.value.remedy or "lists all" in refused.value.remedy


@pytest.mark.parametrize(
    "text", ["TH01\n6,0.2\n", "Locus,Freq\nTH01,0.2\n", "Allele\n6\n", "locus,allele,freq\n", "Allele,TH01\n6,\n"]
)
def test_a_table_that_is_none_is_refused_and_says_what_one_is(tmp_path, text):
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PopulationError) as refused:
        read(path)
    assert "own.csv" in refused.value.detail


def test_a_locus_without_frequencies_and_an_allele_without_minimum_say_why(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("locus,allele,freq\nTH01,6,0.2\nTH01,9.3,0.3\n", encoding="utf-8")
    person = of("P-1", "person", {"TH01": ["6", "8"], "vWA": ["14", "15"]})
    why = {each.locus: each.why for each in random_match(person, Scale(read(path))).not_used}
    assert "no frequencies of vWA" in why["vWA"]
    assert "--minimum" in why["TH01"]
    assert random_match(person, Scale(read(path), minimum=Minimum(None, 0.01))).rmp is not None


def test_alleles_at_the_least_frequency_are_marked():
    found = random_match(of("P-1", "person", {"TH01": ["4", "6"], "vWA": ["14", "17"]}), Scale(CAUC)).to_json()
    by_name = {each["locus"]: each for each in found["loci"]}
    assert by_name["TH01"]["at_minimum"] == ["4"]
    assert "at_minimum" not in by_name["vWA"]
    assert found["minimum_frequency"] == "5/2N"


def test_what_is_not_designated_is_told():
    trace = of(loci={**FULL, "TH01": ["6", "*"], "FGA": ["21", "OL"]})
    (note,) = source(trace, changed(), Scale(CAUC)).notes
    assert "TH01" in note
    assert "FGA" in note
    assert random_match(trace, Scale(CAUC)).notes == (note,)


def test_a_locus_of_a_mixture_with_an_undesignated_allele_is_left_out():
    mixed = of("M-1", loci={"TH01": ["6", "7", "9.3"], "vWA": ["14", "17", "OL"], "FGA": ["21", "24", "<18"]})
    found = ratio(mixed, changed(), Scale(CAUC), Model(2))
    assert [each.locus for each in found.loci] == ["TH01"]
    assert all("designated" in each.why for each in found.not_used if each.locus in ("vWA", "FGA"))


@pytest.mark.parametrize("theta", [0.0, 0.03])
@pytest.mark.parametrize(
    "name", ["parent-child", "full-siblings", "half-siblings", "first-cousins", "double-first-cousins"]
)
@pytest.mark.parametrize("typed", [["6", "9.3"], ["6", "6"]])
def test_a_relative_as_the_other_source_is_what_the_pedigree_says(name, theta, typed):
    """Against a sum over all genotypes the relative can have, by the pedigree."""
    p = {"6": 0.2, "7": 0.3, "9.3": 0.5}
    by = Scale(Population("made", "made", {"TH01": p}, {"TH01": None}), theta, Minimum(None))
    person = of("P-1", "person", {"TH01": typed})
    patterns = RELATIONS[name].patterns
    alone = sum(likelihood(patterns, [tuple(typed), pair], p, theta) for pair in PAIRS)
    for seen, holds in ((typed, lambda pair: sorted(pair) == sorted(typed)), (["6", "*"], lambda pair: "6" in pair)):
        expected = sum(likelihood(patterns, [tuple(typed), pair], p, theta) for pair in PAIRS if holds(pair)) / alone
        assert source(of(loci={"TH01": seen}), person, by, name).lr == pytest.approx(1 / expected)
    assert random_match(person, by, name).rmp == pytest.approx(
        likelihood(patterns, [tuple(typed)] * 2, p, theta) / alone
    )


PAIRS = [("6", "6"), ("6", "7"), ("6", "9.3"), ("7", "7"), ("7", "9.3"), ("9.3", "9.3")]


def test_an_excluded_person_is_excluded_against_a_relative_too():
    found = source(of(loci={**FULL, "TH01": ["7", "8"]}), changed(), Scale(CAUC), "sister")
    assert found.lr == 0
    assert "TH01" in found.notes[0]
    json.dumps(found.to_json(), allow_nan=False)


def test_a_table_that_holds_less_than_the_whole_is_told():
    short = Population("short", "made", {"TH01": {"6": 0.15, "7": 0.15, "9.3": 0.15}}, {"TH01": None})
    trace, person = of(loci={"TH01": ["6"]}), of("P-1", "person", {"TH01": ["6", "7"]})
    open_one = ratio(trace, person, Scale(short, 0.0, Minimum(None)), Model(1, 0.1))
    closed = ratio(trace, person, Scale(short, 0.0, Minimum(None), closed=True), Model(1, 0.1))
    assert "not in the table" in open_one.notes[0]
    assert "nothing else" in closed.notes[0]
    assert open_one.lr == pytest.approx(0.09 / (0.15**2 * 0.99 + 2 * 0.15 * 0.85 * 0.09))
    assert closed.lr == pytest.approx(0.09 / (0.15**2 * 0.99 + 2 * 0.15 * 0.30 * 0.09))


def run(capsys, *words):
    code = main(["dna", *map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_files_of_other_programs_are_weighed_too(tmp_path, capsys):
    table = tmp_path / "trace.csv"
    table.write_text(
        "SampleName,Marker,Allele1,Allele2\nrep1,TH01,6,9.3\nrep1,vWA,14,\nrep2,TH01,6,\nrep2,vWA,14,17\n",
        encoding="utf-8",
    )
    person = tmp_path / "person.csv"
    person.write_text("SampleName,Marker,Allele1,Allele2\nP-1,TH01,6,9.3\nP-1,vWA,14,17\n", encoding="utf-8")
    code, said = run(capsys, "lr", "--profile", table, "--against", person, "--replicates", "--dropout", "0.1")
    assert code == 0
    assert said["lr"] > 1
    assert [each["genotype"] for each in said["loci"]] == ["14 + 14,17 / 14,17", "6,9.3 + 6 / 6,9.3"]
    code, said = run(capsys, "lr", "--profile", table, "--against", person)
    assert code == 4
    assert "--replicates" in said["error"]["remedy"]
    assert len(run(capsys, "populations")[1]["populations"]) == len(populations())
    with pytest.raises(ProfileError):
        replicated([])


@pytest.mark.parametrize(
    ("words", "error"),
    [(("--dropout-unknown", "a,b"), "dna.parameter"), (("--dropout-unknown", "0.1,0.2,0.3"), "dna.parameter"),
     (("--dropout-known", "0.1"), "dna.parameter"), (("--dropout-person", "1.5"), "dna.parameter"),
     (("--relative", "stepsister"), "dna.pedigree"), (("--contributors", "0"), "dna.parameter")],
)  # fmt: skip
def test_wrong_parameters_are_refused(tmp_path, capsys, words, error):
    for name, one in (("trace", of()), ("person", changed())):
        (tmp_path / f"{name}.json").write_text(json.dumps(one.to_json()), encoding="utf-8")
    code, said = run(capsys, "lr", "--profile", tmp_path / "trace.json", "--against", tmp_path / "person.json", *words)
    assert code == 4
    assert said["error"]["code"] == error
    assert said["error"]["remedy"]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--mutation", "x"), "dna.parameter"),
        (("--mutation", "0.9"), "dna.parameter"),
        (("--mixture", "trace.json"), "dna.pedigree"),
    ],
)
def test_wrong_parameters_of_kinship_are_refused(tmp_path, capsys, monkeypatch, words, error):
    monkeypatch.chdir(tmp_path)
    for name, one in (("trace", of()), ("person", changed())):
        (tmp_path / f"{name}.json").write_text(json.dumps(one.to_json()), encoding="utf-8")
    base = ("kinship", "--relation", "sister", "--profile", "person.json", "--against", "person.json")
    code, said = run(capsys, *base, *words)
    assert code == 4
    assert said["error"]["code"] == error
    code, said = run(capsys, *base, "--mutation", "0.002,0.001")
    assert code == 0
    assert "0.002 and 0.001" in said["method"]
    assert "D-1 and D-1 are related: full-siblings" in said["propositions"]


def spelled(seen, p, persons, unknown, rates, homozygote, drop_in):
    """The model of one replicate once more, over all alleles one by one, without theta."""
    total = 0.0
    pairs = list(combinations_with_replacement(p, 2))
    for drawn in product(pairs, repeat=unknown):
        prior = math.prod(p[a] * p[b] * (1 if a == b else 2) for a, b in drawn)
        chance, in_any = 1.0, False
        for each in p:
            lost, copies = 1.0, 0
            for pair, rate in zip((*persons, *drawn), rates, strict=True):
                copies += pair.count(each)
                lost *= (1.0, rate, homozygote * rate**2)[pair.count(each)]
            if each not in seen:
                chance *= lost
            else:
                chance *= (1 - lost) if copies else drop_in * p[each]
                in_any |= not copies
        total += prior * chance * (1 if in_any else 1 - drop_in)
    return total


@pytest.mark.parametrize("homozygote", [1.0, 0.5, 0.1, 2.0])
def test_a_homozygotes_drop_out_may_be_its_own(homozygote):
    p = {"6": 0.1, "7": 0.2, "8": 0.3, "9": 0.15, "9.3": 0.25}
    by = Scale(Population("made", "made", {"TH01": p}, {"TH01": None}), 0.0, Minimum(None))
    trace, person, known = (of(name, kind, {"TH01": seen}) for name, kind, seen in (
        ("T", "trace", ["6", "7"]), ("P", "person", ["6", "8"]), ("K", "person", ["9", "9"])))  # fmt: skip
    model = Model(3, 0.0, 0.05, of_person=0.3, of_known=(0.4,), of_unknown=(0.2, 0.1), homozygote=homozygote)
    found = ratio(trace, person, by, model, [known])
    one = spelled(["6", "7"], p, [("6", "8"), ("9", "9")], 1, (0.3, 0.4, 0.2), homozygote, 0.05)
    two = spelled(["6", "7"], p, [("9", "9")], 2, (0.4, 0.1, 0.1), homozygote, 0.05)
    assert found.lr == pytest.approx(one / two)
    assert set(dict(found.loci[0].frequencies)) == {"6", "7", "8", "9"}


# Gill et al. 2012, DNA commission (drop-out), the model recalled, with Pr(D2) = 0.5 Pr(D)^2 of Balding and Buckleton 2009:
# stain a, suspect aa; the other source is aa, or a with any other allele.
def test_half_the_square_of_balding_and_buckleton():
    p, d = {"6": 0.1, "7": 0.2, "8": 0.7}, 0.3
    by = Scale(Population("made", "made", {"TH01": p}, {"TH01": None}), 0.0, Minimum(None))
    trace, person = of("T", loci={"TH01": ["6"]}), of("P", "person", {"TH01": ["6", "6"]})
    expected = (1 - d * d / 2) / (0.01 * (1 - d * d / 2) + 2 * 0.1 * 0.9 * d * (1 - d))
    assert ratio(trace, person, by, Model(1, d, homozygote=0.5)).lr == pytest.approx(expected)


def test_where_a_homozygotes_drop_out_cannot_be_weighed_no_number_is_given():
    mixed = of("M-1", loci={"TH01": ["6", "7", "9.3"]})
    assert "two" in ratio(mixed, changed(), Scale(CAUC), Model(3, 0.1, homozygote=0.5)).why_not.replace("2", "two")
    for homozygote in (-0.1, 5.0, math.nan):
        with pytest.raises(ParameterError):
            Model(2, 0.5, homozygote=homozygote)


def test_a_homozygous_trace_excludes_a_heterozygous_person():
    by = Scale(CAUC)
    trace, person = of(loci={"TH01": ["6", "6"]}), of("P-1", "person", {"TH01": ["6", "7"]})
    assert source(trace, person, by).lr == 0
    assert source(of(loci={"TH01": ["6"]}), person, by).lr > 1


# NRC II 4.10 for a trace that shows one allele: one less the chance that neither allele of another person is a, after a and
# b of the typed person were seen.
def test_a_partial_trace_is_weighed_given_the_typed_person():
    p, t = 0.2, 0.03
    by = Scale(Population("made", "made", {"TH01": {"6": p, "7": 0.8}}, {"TH01": None}), t, Minimum(None))
    found = source(of(loci={"TH01": ["6", "*"]}), of("P-1", "person", {"TH01": ["6", "7"]}), by)
    first = (t + (1 - t) * (1 - p)) / (1 + t)
    second = (2 * t + (1 - t) * (1 - p)) / (1 + 2 * t)
    assert found.lr == pytest.approx(1 / (1 - first * second))


def test_a_rare_allele_is_raised_to_the_least_frequency():
    rare = min((value, text) for text, value in CAUC.frequencies["TH01"].items() if 0 < value < 5 / 722)[1]
    found = random_match(of("P-1", "person", {"TH01": [rare, "6"]}), Scale(CAUC, 0.0)).to_json()["loci"][0]
    assert found["frequencies"][rare] == pytest.approx(5 / 722)
    assert found["at_minimum"] == [rare]
    assert found["value"] == pytest.approx(2 * 5 / 722 * CAUC.frequencies["TH01"]["6"])


def test_chance_matches_grow_with_the_database():
    query, rules, by = of(), rule_set("prum"), Scale(CAUC)
    whole = frozenset(FULL)
    one = of_query(query, {whole: 1}, rules, by)
    found = of_query(query, {whole: 1000, frozenset(list(FULL)[:7]): 10}, rules, by)
    seven = of_query(query, {frozenset(list(FULL)[:7]): 1}, rules, by)
    assert found.total == pytest.approx(1000 * one.total + 10 * seven.total)
    assert found.compared == 1010
    assert one.by_quality["1"] == pytest.approx(random_match(query, by).rmp)
