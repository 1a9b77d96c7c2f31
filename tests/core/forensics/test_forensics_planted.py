"""A database of planted full and near matches, with what the rules say of each worked out by hand beforehand.

Prüm: Decision 2008/616/JHA, Annex chapter 1, as the rule set has it: six full loci besides; quality 1 all equal, 2 a
wildcard, 3 one base, 4 one allele otherwise; two causes do not combine. CODIS: high, moderate and low, eight loci.
"""

import json

import pytest

from comity.cli.main import main

QUERY = {
    "vWA": "14,17", "TH01": "6,9.3", "D21S11": "29,30.2", "FGA": "21,24", "D8S1179": "12,13", "D3S1358": "15,16",
    "D18S51": "13,17", "D1S1656": "15.3,16", "D2S441": "10,14", "Penta D": "9,12", "D22S1045": "15,16", "Amelogenin": "X,Y",
}  # fmt: skip
ESS7 = list(QUERY)[:7]
SIX, FIVE = ESS7[:6], ESS7[:5]

PRUM = [  # what is planted, the loci it has (None all), what differs, the quality by hand
    ("equal", None, {}, 1),
    ("in the other order", None, {"TH01": "9.3,6"}, 1),
    ("at seven loci", ESS7, {}, 1),
    ("at six loci", SIX, {}, 1),
    ("at five loci", FIVE, {}, None),
    ("at five and Amelogenin", [*FIVE, "Amelogenin"], {}, None),
    ("another sex", None, {"Amelogenin": "X,X"}, 1),
    ("further loci", None, {"SE33": "17,28.2", "D16S539": "9,11"}, 1),
    ("a wildcard", None, {"TH01": "6,*"}, 2),
    ("a wildcard, the other way", None, {"TH01": "*,9.3"}, 2),
    ("three wildcards", None, {"TH01": "6,*", "vWA": "14,*", "FGA": "*,24"}, 2),
    ("a wildcard among seven", ESS7, {"TH01": "6,*"}, 2),
    ("a wildcard among six", SIX, {"TH01": "6,*"}, None),
    ("two wildcards at a locus", None, {"TH01": "*,*"}, 1),
    ("o", None, {"TH01": "6,o"}, 2),
    ("na", None, {"TH01": "6,na"}, 2),
    ("99", None, {"TH01": "6,99"}, 2),
    ("0", None, {"TH01": "0,9.3"}, 2),
    ("1", None, {"TH01": "1,9.3"}, 2),
    ("above the ladder", None, {"FGA": "21,>23"}, 2),
    ("9.3 for 10", None, {"TH01": "6,10"}, 3),
    ("30.2 for 30.1", None, {"D21S11": "29,30.1"}, 3),
    ("30.2 for 30.3", None, {"D21S11": "29,30.3"}, 3),
    ("15.3 for 16", None, {"D1S1656": "16,16"}, 3),
    ("9 for 9.1 at a pentanucleotide", None, {"Penta D": "9.1,12"}, 3),
    ("12 for 11.4 at a pentanucleotide", None, {"Penta D": "9,11.4"}, 3),
    ("16 for 15.2 at a trinucleotide", None, {"D22S1045": "15,15.2"}, 3),
    ("one base among seven", ESS7, {"TH01": "6,10"}, 3),
    ("one base among six", SIX, {"TH01": "6,10"}, None),
    ("one base twice", None, {"TH01": "6,10", "D21S11": "29,30.1"}, None),
    ("30.2 for 30", None, {"D21S11": "29,30"}, 4),
    ("30.2 for 31", None, {"D21S11": "29,31"}, 4),
    ("one allele", None, {"vWA": "14,18"}, 4),
    ("homozygous", None, {"vWA": "14,14"}, 4),
    ("one allele among seven", ESS7, {"vWA": "14,18"}, 4),
    ("one allele among six", SIX, {"vWA": "14,18"}, None),
    ("both alleles", None, {"vWA": "15,18"}, None),
    ("one allele at two loci", None, {"vWA": "14,18", "FGA": "21,25"}, None),
    ("a wildcard and one allele", None, {"vWA": "14,18", "FGA": "21,*"}, None),
    ("a wildcard and one base", None, {"TH01": "6,10", "FGA": "21,*"}, None),
    ("a wildcard beside another allele", None, {"FGA": "22,*"}, None),
    ("a mixture", None, {"FGA": "20,21,24"}, None),
]
COUNTS = {"a wildcard among six": 2}
COMBINE = {"a wildcard and one allele": 4, "a wildcard and one base": 3, "a wildcard beside another allele": 4}
INTERPOL = {name: quality for name, _, _, quality in PRUM if quality in (1, 2)}

CODIS = {
    **{name: QUERY[name] for name in ESS7}, "TPOX": "8,8", "CSF1PO": "10,12", "D16S539": "9,11", "D13S317": "11,12",
    "D7S820": "8,10", "D5S818": "11,12", "Amelogenin": "X,Y",
}  # fmt: skip
STRINGENCIES = [  # high, moderate, low by hand
    ("equal", list(CODIS), {}, "high"),
    ("homozygous where the trace is not", list(CODIS), {"TH01": "6,6"}, "moderate"),
    ("heterozygous where the trace is not", list(CODIS), {"TPOX": "8,11"}, "moderate"),
    ("both of these", list(CODIS), {"TH01": "6,6", "TPOX": "8,11"}, "moderate"),
    ("one allele shared", list(CODIS), {"vWA": "14,18"}, "low"),
    ("none shared", list(CODIS), {"vWA": "15,18"}, None),
    ("eight loci", [*ESS7, "D5S818"], {}, "high"),
    ("seven loci", ESS7, {}, None),
    ("a mixture that holds all", list(CODIS), {"TH01": "6,7,9.3", "FGA": "20,21,24", "vWA": "14,17,18,19"}, "moderate"),
    ("a mixture that lacks one", list(CODIS), {"TH01": "6,7,9.3", "FGA": "20,21,25"}, "low"),
    ("another sex", list(CODIS), {"Amelogenin": "X,X"}, "high"),
    ("a wildcard", list(CODIS), {"TH01": "6,*"}, "high"),
    ("a wildcard beside another allele", list(CODIS), {"TH01": "7,*"}, "low"),
]


def split(loci):
    return {name: seen.split(",") for name, seen in loci.items()}


def plant(folder, query, rows):
    (folder / "query.json").write_text(
        json.dumps({"id": "Q", "category": "trace", "loci": split(query)}), encoding="utf-8"
    )
    planted = []
    for number, (_, names, changed, _) in enumerate(rows):
        loci = {**{name: query[name] for name in names or query}, **changed}
        planted.append(json.dumps({"id": f"N-{number}", "category": "trace", "loci": split(loci)}))
    (folder / "stock.jsonl").write_text("\n".join(planted), encoding="utf-8")
    for name, file in (("stock", "stock.jsonl"), ("asked", "query.json")):
        words = ["dna", "import", str(folder / file), "--db", str(folder / name), "--inclusion", "none"]
        assert main(words) == 0
    return folder


@pytest.fixture(scope="module")
def prum(tmp_path_factory):
    return plant(tmp_path_factory.mktemp("prum"), QUERY, PRUM)


@pytest.fixture(scope="module")
def codis(tmp_path_factory):
    return plant(tmp_path_factory.mktemp("codis"), CODIS, STRINGENCIES)


def found(capsys, folder, rows, *words):
    """Search and match, which must agree; return the quality by what was planted."""
    capsys.readouterr()
    answers = []
    for base in (
        ("search", "--db", str(folder / "stock"), "--profile", str(folder / "query.json")),
        ("match", "--db", str(folder / "asked"), "--against", str(folder / "stock")),
    ):
        assert main(["dna", *base, *words, "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert said["expected_chance_matches"] > 0
        answers.append({rows[int(each["id"][2:])][0]: each["quality"] for each in said["matches"]})
    assert answers[0] == answers[1]
    return answers[0]


def expected(rows):
    return {name: quality for name, _, _, quality in rows if quality is not None}


def test_every_quality_class_of_prum(prum, capsys):
    assert found(capsys, prum, PRUM, "--rule", "prum") == expected(PRUM)
    assert set(expected(PRUM).values()) == {1, 2, 3, 4}


@pytest.mark.parametrize(("option", "more"), [("wildcard_locus_counts=true", COUNTS), ("causes_combine=true", COMBINE)])
def test_the_two_open_points_of_prum_are_options(prum, capsys, option, more):
    assert found(capsys, prum, PRUM, "--option", option) == expected(PRUM) | more


def test_the_rule_of_interpol(prum, capsys):
    assert found(capsys, prum, PRUM, "--rule", "interpol") == INTERPOL


def test_inclusion_in_a_mixture(prum, capsys):
    said = found(capsys, prum, PRUM, "--rule", "mixture")
    assert said["a mixture"] == "included"
    assert "one allele" not in said


@pytest.mark.parametrize("rule", ["codis-high", "codis-moderate", "codis-low"])
def test_the_stringencies_of_codis(codis, capsys, rule):
    order = ["high", "moderate", "low"]
    reached = order[: order.index(rule[6:]) + 1]
    holds = {name: quality for name, quality in expected(STRINGENCIES).items() if quality in reached}
    assert found(capsys, codis, STRINGENCIES, "--rule", rule) == holds
