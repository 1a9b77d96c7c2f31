"""Published worked examples, run as an outsider would: files in, ``comity dna ... --json``, the printed value out.

Each example names its source. "read" was read where it is named; "recalled" stands in the literature as the author of the
test remembers it. The tolerance is what the source prints. Letters are put for alleles at one locus.
"""

import json
import math
from dataclasses import dataclass, field

import pytest

from comity.cli.main import main

LETTERS = {"a": "6", "b": "7", "c": "8", "d": "9", "e": "9.3", "f": "10"}
"""The alleles of TH01 that stand for the letters of an example."""


@dataclass(frozen=True)
class Example:
    """One example: what it is from, the command, profiles by file, frequencies, and the value printed."""

    source: str
    words: str
    profiles: dict[str, dict[str, str]]
    frequencies: dict[str, dict[str, float]]
    printed: float
    within: float = 1e-9
    member: str = "lr"
    pedigree: dict[str, object] = field(default_factory=dict)
    replicates: dict[str, list[str]] = field(default_factory=dict)


def spelled(seen):
    """Turn "ab" or "16,17" into alleles."""
    return (
        [each.strip() for each in seen.split(",")] if "," in seen or not seen.isalpha() else [LETTERS[x] for x in seen]
    )


def said(tmp_path, capsys, example, extra=()):
    rows = ["locus,allele,freq"]
    for locus, table in example.frequencies.items():
        rows += [f"{locus},{LETTERS.get(allele, allele)},{value!r}" for allele, value in table.items()]
    (tmp_path / "own.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    lines = []
    for name, loci in example.profiles.items():
        kind = "trace" if name.startswith(("trace", "mix")) else "person"
        one = {"id": name, "category": kind, "loci": {at: spelled(seen) for at, seen in loci.items()}}
        if name in example.replicates:
            one["replicates"] = [{"TH01": spelled(each) if each else []} for each in example.replicates[name]]
        (tmp_path / f"{name}.json").write_text(json.dumps(one), encoding="utf-8")
        if kind == "person":
            lines.append(json.dumps(one))
    (tmp_path / "typed.jsonl").write_text("\n".join(lines), encoding="utf-8")
    if example.pedigree:
        (tmp_path / "pedigree.json").write_text(json.dumps(example.pedigree), encoding="utf-8")
    words = [str(tmp_path / word) if word.endswith((".json", ".jsonl")) else word for word in example.words.split()]
    theta = [] if "--theta" in words else ["--theta", "0"]
    known = ["--population", str(tmp_path / "own.csv"), "--minimum", "none", *theta, *extra, "--json"]
    code = main(["dna", *words, *known])
    out, err = capsys.readouterr()
    assert code == 0, out + err
    return json.loads(out)


def check(tmp_path, capsys, example):
    found = said(tmp_path, capsys, example)
    assert found["no_number_because"] is None
    if example.printed == 0:
        assert found[example.member] == 0
    else:
        assert found[example.member] == pytest.approx(example.printed, rel=example.within)
    return found


# 1. Match probabilities.

# Butler, Forensic DNA Typing, 2nd ed. 2005, table 21.2, read (barnardhealth.us, The Product Rule): the 13 CODIS loci in
# U.S. Caucasians, 1.20e-15, one in 8.37e14; each locus as printed there.
BUTLER = [
    ("D13S317", "11,14", (0.33940, 0.04801), 0.0326), ("TH01", "6,6", (0.23179,), 0.0537),
    ("D18S51", "14,16", (0.13742, 0.13907), 0.0382), ("D21S11", "28,30", (0.15894, 0.27815), 0.0884),
    ("D3S1358", "16,17", (0.25331, 0.21523), 0.1090), ("D5S818", "12,13", (0.38411, 0.14073), 0.1081),
    ("D7S820", "9,9", (0.17715,), 0.0314), ("D8S1179", "12,14", (0.18543, 0.16556), 0.0614),
    ("CSF1PO", "10,10", (0.21689,), 0.0470), ("FGA", "21,22", (0.18543, 0.21854), 0.0810),
    ("D16S539", "9,11", (0.11258, 0.32119), 0.0723), ("TPOX", "8,8", (0.53477,), 0.2860),
    ("vWA", "17,18", (0.28146, 0.20033), 0.1128),
]  # fmt: skip


def test_the_thirteen_loci_of_butler(tmp_path, capsys):
    frequencies = {name: dict(zip(dict.fromkeys(pair.split(",")), p, strict=True)) for name, pair, p, _ in BUTLER}
    example = Example("Butler 2005", "lr --profile who.json", {"who": {name: pair for name, pair, _, _ in BUTLER}},
                      frequencies, 1.20e-15, 5e-3, "rmp")  # fmt: skip
    found = check(tmp_path, capsys, example)
    assert found["lr"] == pytest.approx(8.37e14, rel=1e-3)
    by_name = {each["locus"]: each["value"] for each in found["loci"]}
    for name, _, _, printed in BUTLER:
        assert by_name[name] == pytest.approx(printed, abs=6e-5)


A, B, C, D = 0.10, 0.15, 0.05, 0.20
P = {"TH01": {"a": A, "b": B, "c": C, "d": D, "e": 0.5}}
HOM, HET = {"who": {"TH01": "aa"}}, {"who": {"TH01": "ab"}}
T = 0.03

# NRC II 1996, equations 4.8a-b (parent, half sibling, uncle, cousin) and 4.9a-b (full siblings), read in part (csfs.ca,
# slideserve "Attaching statistical weight"); 4.10a-b with theta 0.03, Balding and Nichols 1994.
MATCH = [
    Example("NRC II 4.1a", "lr --profile who.json", HOM, P, A**2, member="rmp"),
    Example("NRC II 4.1b", "lr --profile who.json", HET, P, 2 * A * B, member="rmp"),
    Example("NRC II 4.4a", "lr --profile who.json --formula nrc-4.4 --theta 0.03", HOM, P, A**2 + A * (1 - A) * T, member="rmp"),
    Example("NRC II 4.10a", "lr --profile who.json --theta 0.03", HOM, P,
            (2 * T + (1 - T) * A) * (3 * T + (1 - T) * A) / ((1 + T) * (1 + 2 * T)), member="rmp"),
    Example("NRC II 4.10b", "lr --profile who.json --theta 0.03", HET, P,
            2 * (T + (1 - T) * A) * (T + (1 - T) * B) / ((1 + T) * (1 + 2 * T)), member="rmp"),
    Example("NRC II 4.8a, parent", "lr --profile who.json --relative parent", HOM, P, A, member="rmp"),
    Example("NRC II 4.8b, parent", "lr --profile who.json --relative parent", HET, P, (A + B) / 2, member="rmp"),
    Example("NRC II 4.8a, half sibling", "lr --profile who.json --relative half-sibling", HOM, P, A * (1 + A) / 2, member="rmp"),
    Example("NRC II 4.8b, uncle", "lr --profile who.json --relative uncle", HET, P, (A + B + 4 * A * B) / 4, member="rmp"),
    Example("NRC II 4.8a, cousin", "lr --profile who.json --relative first-cousins", HOM, P, A * (1 + 3 * A) / 4, member="rmp"),
    Example("NRC II 4.8b, cousin", "lr --profile who.json --relative cousin", HET, P, (A + B + 12 * A * B) / 8, member="rmp"),
    Example("NRC II 4.9a, sibling", "lr --profile who.json --relative sibling", HOM, P, (1 + 2 * A + A**2) / 4, member="rmp"),
    Example("NRC II 4.9b, sibling", "lr --profile who.json --relative siblings", HET, P, (1 + A + B + 2 * A * B) / 4, member="rmp"),
    # slideserve.com, Attaching statistical weight to DNA test results, read: D3S1358 14,14 of frequency 0.14, sibling 0.32.
    Example("slideserve, sibling at D3", "lr --profile who.json --relative sibling", HOM, {"TH01": {"a": 0.14}}, 0.32, 0.02, "rmp"),
]  # fmt: skip

# 2. Kinship. GHEP-ISFG Online School 2024, exercises and solutions III and IV (Vigeland and Egeland), read.
GHEP = {"TH01": {"a": 0.01, "b": 0.30, "c": 0.69}}
ROLES = {"child": {"TH01": "ac"}, "man": {"TH01": "ab"}}
BROTHER = {
    "typed": ["man", "child"],
    "first": [{"id": "man"}, {"id": "mo"}, {"id": "child", "father": "man", "mother": "mo"}],
    "second": [{"id": "gf"}, {"id": "gm"}, {"id": "man", "father": "gf", "mother": "gm"},
               {"id": "br", "father": "gf", "mother": "gm"}, {"id": "mo"}, {"id": "child", "father": "br", "mother": "mo"}],
}  # fmt: skip
BROTHER_MOTHER = {**BROTHER, "typed": ["man", "child", "mo"]}
HALF = {"one": {"vWA": "16,17", "D12S391": "20,21"}, "two": {"vWA": "17,17", "D12S391": "20,20"}}
KLINK = {"vWA": {"16": 0.2, "17": 0.3, "18": 0.5}, "D12S391": {"20": 0.01, "21": 0.09, "22": 0.9}}
DUO = "kinship --relation {} --profile man.json --against child.json"
TRIO = "kinship --relation trio --profile child.json --mother mother.json --against man.json"


def duo(relation, one, two, p, printed, source, within=1e-9):
    found = {"man": {"TH01": one}, "child": {"TH01": two}}
    return Example(source, DUO.format(relation), found, p, printed, within)


def trio(child, mother, man, printed, source, more=""):
    found = {"child": {"TH01": child}, "mother": {"TH01": mother}, "man": {"TH01": man}}
    return Example(source, TRIO + more, found, P, printed)


def general(k0, k1, k2):
    """medicalalgorithms.com, Sibship Index (Wenk 2000), read: the general ratios by pattern, K1 being half of k1."""
    return [("aa", "aa", (k2 + k1 * A + k0 * A**2) / A**2), ("aa", "ab", (k1 / 2 + k0 * A) / A), ("aa", "bb", k0),
            ("ab", "ab", (k2 + k1 / 2 * (A + B) + 2 * k0 * A * B) / (2 * A * B)), ("ab", "ac", (k1 / 2 + 2 * k0 * A) / (2 * A)),
            ("ab", "cd", k0)]  # fmt: skip


KIN = [
    duo("paternity", "ab", "ac", GHEP, 25, "GHEP III-2"),
    Example("GHEP IV-1 e", TRIO, {**ROLES, "mother": {"TH01": "cc"}}, GHEP, 50),
    Example("GHEP IV-1 f", "kinship --pedigree pedigree.json --profiles typed.jsonl", {**ROLES, "mo": {"TH01": "cc"}}, GHEP,
            1.96, 5e-3, pedigree=BROTHER_MOTHER),
    # ISFG workshop 2026, solution II-2 (KLINK), read: paternal half siblings, 34 without linkage; 35.84 with mutation 0.001.
    Example("ISFG 2026 II-2 b", "kinship --relation half-siblings --profile one.json --against two.json", HALF, KLINK, 34),
    Example("ISFG 2026 II-2 c", "kinship --relation half-siblings --profile one.json --against two.json --mutation 0.001 "
            "--mutation-model equal", HALF, KLINK, 35.84, 2e-4),
    # forrel, tests of kinshipLR(), read: two markers 20 and 10, total 200; quickLR parent of a homozygote of 0.1: 10.
    Example("forrel kinshipLR", DUO.format("father"), {"man": {"TH01": "6,6", "TPOX": "8,8"}, "child": {"TH01": "6,6", "TPOX": "8,8"}},
            {"TH01": {"6": 0.05, "7": 0.95}, "TPOX": {"8": 0.1, "9": 0.9}}, 200),
    *[duo("full-siblings", one, two, P, printed, "Wenk 2000, full") for one, two, printed in general(0.25, 0.5, 0.25)],
    *[duo("half-siblings", one, two, P, printed, "Wenk 2000, half") for one, two, printed in general(0.5, 0.5, 0)],
    *[duo("first-cousins", one, two, P, printed, "Wenk 2000, cousins") for one, two, printed in general(0.75, 0.25, 0)],
    *[duo("grandparent", one, two, P, printed, "Wenk 2000, grandparent") for one, two, printed in general(0.5, 0.5, 0)],
    *[duo("uncle", one, two, P, printed, "Wenk 2000, avuncular") for one, two, printed in general(0.5, 0.5, 0)],
    # dna-view.com/patform.htm (Brenner), read: child, mother, alleged father.
    trio("bb", "ab", "bb", 1 / B, "Brenner q,pq,q"), trio("ab", "aa", "bb", 1 / B, "Brenner pq,p,q"),
    trio("ab", "ac", "bb", 1 / B, "Brenner pq,pr,q"), trio("bb", "bb", "bb", 1 / B, "Brenner q,q,q"),
    trio("ab", "aa", "bc", 1 / (2 * B), "Brenner pq,p,qr"), trio("bb", "ab", "bc", 1 / (2 * B), "Brenner q,pq,qr"),
    trio("ab", "ab", "ab", 1 / (A + B), "Brenner pq,pq,pq"), trio("ab", "ab", "bb", 1 / (A + B), "Brenner pq,pq,q"),
    trio("ab", "ab", "bc", 1 / (2 * A + 2 * B), "Brenner pq,pq,qr"), trio("ab", "ab", "cc", 0, "Brenner pq,pq,r"),
    duo("paternity", "bb", "ab", P, 1 / (2 * B), "Brenner, mother not tested"),
    duo("paternity", "ab", "ab", P, (A + B) / (4 * A * B), "Brenner, mother not tested"),
    duo("paternity", "bc", "ab", P, 1 / (4 * B), "Brenner, mother not tested"),
    # Evett and Weir 1998, section 6.3 (paternity with theta), recalled: all three heterozygous and unlike but for the shared
    # allele: (1 + 3t) / (2 (t + (1-t) p)); homozygous father and child, mother too: (1 + 3t) / (4t + (1-t) p).
    trio("ab", "ac", "bd", (1 + 3 * T) / (2 * (T + (1 - T) * B)), "Evett and Weir, AB AC BD", " --theta 0.03"),
    trio("aa", "aa", "aa", (1 + 3 * T) / (4 * T + (1 - T) * A), "Evett and Weir, AA AA AA", " --theta 0.03"),
    trio("ab", "aa", "bb", (1 + 3 * T) / (2 * T + (1 - T) * B), "Evett and Weir, AB AA BB", " --theta 0.03"),
    trio("ab", "ab", "ab", (1 + 3 * T) / (4 * T + (1 - T) * (A + B)), "Evett and Weir, AB AB AB", " --theta 0.03"),
    # pedprobr, tests of mutation, read: both parents 1/1, child 2/2, equal model of rate 0.1: the chance of the trio is
    # p^4 r^2; an unrelated father gives p^4 r (p r + q (1 - r)).
    Example("pedprobr mutations", TRIO + " --mutation 0.1 --mutation-model equal",
            {"child": {"TH01": "bb"}, "mother": {"TH01": "aa"}, "man": {"TH01": "aa"}}, {"TH01": {"a": 0.9, "b": 0.1}},
            0.1 / (0.9 * 0.1 + 0.1 * 0.9)),
    # Proportional model: an excluded father and child have the rate over the heterozygosity (Egeland, Pinto and Amorim 2017),
    # as in GHEP IV-3 h, read: rate 1e-5 at Penta E gave 1.1148e-5.
    Example("Egeland et al. 2017", DUO.format("father") + " --mutation 0.00001 --mutation-model proportional",
            {"man": {"TH01": "ab"}, "child": {"TH01": "cd"}}, P, 1e-5 / (1 - A**2 - B**2 - C**2 - D**2 - 0.25)),
]  # fmt: skip

# The kinship riddle of the same school, III-3 and IV-2, read: two men, 15 loci, Norwegian frequencies; against unrelated
# 569.3989 as full siblings, 805.1175 as half siblings or uncle and nephew, 110.0958 as first cousins.
RIDDLE = [
    ("D3S1358", "17,18", "14,17", {"14": 0.1322240269, "17": 0.2040480415, "18": 0.1393700283}),
    ("TH01", "6,9.3", "8,9.3", {"6": 0.2146878655, "8": 0.0922696422, "9.3": 0.3404967867}),
    ("D21S11", "27,30", "27,32", {"27": 0.0393844977, "30": 0.2500259852, "32": 0.0152320991}),
    ("D18S51", "14,17", "16,18", {"14": 0.1872781087, "16": 0.1162600675, "17": 0.1009180586, "18": 0.07696724471}),
    ("Penta E", "10,19", "7,19", {"7": 0.1720409567, "10": 0.1051889736, "19": 0.009610327599}),
    ("D5S818", "11,11", "11,12", {"11": 0.3881063182, "12": 0.3520082886}),
    ("D13S317", "8,14", "8,13", {"8": 0.1182180129, "13": 0.1116440122, "14": 0.0519094057}),
    ("D7S820", "10,10", "10,10", {"10": 0.2511742599}),
    ("D16S539", "11,13", "12,12", {"11": 0.3064798293, "12": 0.2856098409, "13": 0.1729629037}),
    ("CSF1PO", "10,13", "10,13", {"10": 0.2471808734, "13": 0.08122775839}),
    ("Penta D", "9,12", "9,12", {"9": 0.2148900447, "12": 0.2349380489}),
    ("vWA", "16,19", "16,16", {"16": 0.206416076, "19": 0.0903495333}),
    ("D8S1179", "14,15", "12,14", {"12": 0.1389670612, "14": 0.215754095, "15": 0.1029210453}),
    ("TPOX", "10,11", "9,11", {"9": 0.103382016, "10": 0.0545871085, "11": 0.2498700387}),
    ("FGA", "24,25", "22,25", {"22": 0.1753809004, "24": 0.1296179264, "25": 0.08343755259}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("relation", "printed"),
    [("full-siblings", 569.3989), ("half-siblings", 805.1175), ("uncle", 805.1175), ("first-cousins", 110.0958)],
)
def test_the_kinship_riddle_of_the_ghep_school(tmp_path, capsys, relation, printed):
    one, two = ({row[0]: row[number] for row in RIDDLE} for number in (1, 2))
    example = Example("GHEP III-3", f"kinship --relation {relation} --profile one.json --against two.json",
                      {"one": one, "two": two}, {row[0]: row[3] for row in RIDDLE}, printed, 2e-7)  # fmt: skip
    check(tmp_path, capsys, example)


# 3. Mixtures, drop-out and drop-in.
MIX = "lr --profile trace.json --against who.json"


def mixed(source, trace, who, printed, more, p=P, within=1e-9, **known):
    profiles = {
        "trace": {"TH01": trace},
        "who": {"TH01": who},
        **{name: {"TH01": seen} for name, seen in known.items()},
    }
    words = MIX + "".join(f" --known {name}.json" for name in known) + " " + more
    return Example(source, words, profiles, p, printed, within)


def t(times, p):
    """Write times theta + (1 - theta) p."""
    return T * times + (1 - T) * p


MIXTURES = [
    # Evett, Buffery, Willott and Stoney 1991; Weir et al. 1997, recalled: without drop-out.
    mixed("Evett et al. 1991, abcd", "abcd", "ab", 1 / (12 * A * B), "--contributors 2"),
    mixed("Evett et al. 1991, abcd, victim cd", "abcd", "ab", 1 / (2 * A * B), "--contributors 2", victim="cd"),
    mixed("Weir et al. 1997, abc, victim ab", "abc", "cc", 1 / (C * (C + 2 * A + 2 * B)), "--contributors 2", victim="ab"),
    mixed("Weir et al. 1997, ab, victim ab", "ab", "ab", 1 / (A + B) ** 2, "--contributors 2", victim="ab"),
    mixed("Weir et al. 1997, ab, victim aa", "ab", "ab", 1 / (B**2 + 2 * A * B), "--contributors 2", victim="aa"),
    mixed("Weir et al. 1997, abc, both unknown", "abc", "ab", (C**2 + 2 * A * C + 2 * B * C) / (12 * A * B * C * (A + B + C)),
          "--contributors 2"),
    mixed("Weir et al. 1997, aa, both unknown", "aa", "aa", 1 / A**2, "--contributors 2"),
    # Curran, Triggs, Buckleton and Weir 1999 (with theta), recalled.
    mixed("Curran et al. 1999, abcd, victim cd", "abcd", "ab", (1 + 3 * T) * (1 + 4 * T) / (2 * t(1, A) * t(1, B)),
          "--contributors 2 --theta 0.03", victim="cd"),
    mixed("Curran et al. 1999, abc, victim ab", "abc", "cc", (1 + 3 * T) * (1 + 4 * T) / (t(2, C) * t(7, C + 2 * A + 2 * B)),
          "--contributors 2 --theta 0.03", victim="ab"),
    # Gill et al. 2006 and 2012, DNA commission of the ISFG (drop-out), the model recalled: stain a; d for a heterozygote's
    # allele, d^2 for a homozygote's; no drop-in. The allele not seen is the Q allele.
    mixed("Gill et al. 2012, stain a, suspect ab", "a", "ab",
          0.3 * 0.7 / (A**2 * (1 - 0.09) + 2 * A * (1 - A) * 0.3 * 0.7), "--contributors 1 --dropout 0.3"),
    mixed("Gill et al. 2012, stain a, suspect aa", "a", "aa",
          (1 - 0.09) / (A**2 * (1 - 0.09) + 2 * A * (1 - A) * 0.3 * 0.7), "--contributors 1 --dropout 0.3"),
    # sites.google.com/site/forensicdnastatistics (Gill), drop-out and drop-in model, read: S = ab, C = ac.
    mixed("Gill, S=ab C=ac", "ac", "ab", 0.8 * 0.2 * 0.05 * C / (
        2 * A * C * 0.8**2 * 0.95 + A**2 * 0.96 * 0.05 * C + C**2 * 0.96 * 0.05 * A
        + 2 * A * (1 - A - C) * 0.8 * 0.2 * 0.05 * C + 2 * C * (1 - A - C) * 0.8 * 0.2 * 0.05 * A
        + (1 - A - C) ** 2 * 0.04 * 0.05**2 * A * C
    ), "--contributors 1 --dropout 0.2 --drop-in 0.05"),
]  # fmt: skip

# Random man not excluded. Butler, Advanced Topics in Forensic DNA Typing: Interpretation (2015), and SWGDAM, recalled: the square
# of the sum of the frequencies seen, with theta S^2 + theta S (1 - S) as Budowle et al. (2009) have it.
INCLUSION = [
    (("abc",), "0", (A + B + C) ** 2), (("abc",), "0.01", (A + B + C) ** 2 + 0.01 * (A + B + C) * (1 - A - B - C)),
    (("abcd", "aab"), "0", (A + B + C + D) ** 2 * (A + B) ** 2),
]  # fmt: skip


@pytest.mark.parametrize(("seen", "theta", "printed"), INCLUSION)
def test_the_probability_of_inclusion(tmp_path, capsys, seen, theta, printed):
    loci = dict(zip(("TH01", "vWA"), seen, strict=False))
    letters = {"a": "14", "b": "15", "c": "16", "d": "17", "e": "18"}
    p = {"TH01": P["TH01"], "vWA": {letters[each]: value for each, value in P["TH01"].items()}}
    if "vWA" in loci:
        loci["vWA"] = ",".join(dict.fromkeys(letters[each] for each in loci["vWA"]))
    example = Example("CPI", f"lr --profile mix.json --theta {theta}", {"mix": loci}, p, printed)
    found = said(tmp_path, capsys, example)
    assert found["rmne"] == pytest.approx(printed)
    assert (found["rmp"], found["lr"]) == (None, None)
    assert "mixture" in found["no_number_because"]


# relMix (Dørum, Kaur and Gysi 2017), example of relMix(), read: a mixture of mother and child, the alleged father typed.
RELMIX = Example(
    "relMix, example 1",
    "kinship --pedigree pedigree.json --profiles typed.jsonl --mixture mix.json --contributor MO=0 --contributor CH=0.1 "
    "--drop-in 0.05",
    {"MO": {"TH01": "aa"}, "AF": {"TH01": "aa"}, "mix": {"TH01": "ab"}}, {"TH01": {"a": 0.4, "b": 0.6}}, 0.054, 0.01,
    pedigree={
        "typed": ["MO", "AF"],
        "first": [{"id": "MO"}, {"id": "AF"}, {"id": "CH", "father": "AF", "mother": "MO"}],
        "second": [{"id": "MO"}, {"id": "AF"}, {"id": "TF"}, {"id": "CH", "father": "TF", "mother": "MO"}],
    },
)  # fmt: skip

EXAMPLES = [*MATCH, *KIN, *MIXTURES, RELMIX]


@pytest.mark.parametrize("number", range(len(EXAMPLES)), ids=[each.source for each in EXAMPLES])
def test_a_published_example(tmp_path, capsys, number):
    check(tmp_path, capsys, EXAMPLES[number])


# LRmix Studio (Netherlands Forensic Institute), its validation against LRmix of March 2013, read: 77 cases at 15 loci, of
# which these are a choice (all were run once: 2,269 of 2,280 likelihoods agree within 1e-6, the rest hold alleles that are
# not in the table). Columns: case, locus, replicates, person, known, options, frequencies, ratio.
LRMIX = [
    ("1", "D10S1248", ["12,15", "12,15", "12,15", "12,15"], "12,15", [], "--contributors 1 --dropout-person 0 --dropout-unknown 0,0 --drop-in 0 --theta 0",
     {"12": 0.0357314149, "15": 0.1964028777}, 71.24787957278832),
    ("3", "D16S539", ["9,10", "9,10", "9,10", "9,10"], "9,10", [], "--contributors 1 --dropout-person 0.05 --dropout-unknown 0.1,0.1 --drop-in 0.01 --theta 0.01",
     {"9": 0.1294964029, "10": 0.0652278177}, 77.02493633336724),
    ("4", "FGA", ["24,26", "24,26", "24,26", "24,26"], "24,26", [], "--contributors 1 --dropout-person 0.25 --dropout-unknown 0.6,0.6 --drop-in 0.05 --theta 0.1",
     {"24": 0.1374760077, "26": 0.037428023}, 3370.927430433292),
    ("10", "D10S1248", ["13", "13,15", "13,15"], "13,15", [], "--contributors 1 --dropout-person 0.13 --dropout-unknown 0.23,0.23 --drop-in 0.03 --theta 0.01",
     {"13": 0.3160671463, "15": 0.1964028777}, 8.117607116565505),
    ("11", "D18S51", ["15", "15,19", "15"], "15,19", [], "--contributors 1 --dropout-person 0.37 --dropout-unknown 0.01,0.01 --drop-in 0.12 --theta 0.06",
     {"15": 0.1429256595, "19": 0.0366906475}, 102.09239520006386),
    ("12", "D21S11", ["30", "30", "30"], "30,30", [], "--contributors 1 --dropout-person 0.58 --dropout-unknown 0.78,0.78 --drop-in 0 --theta 0",
     {"30": 0.2587529976}, 49.03934650624888),
    ("14", "TH01", ["6,7"], "6,7", [], "--contributors 1 --dropout-person 0.99 --dropout-unknown 0.14,0.14 --drop-in 0.5 --theta 0.01",
     {"6": 0.2098321343, "7": 0.1808153477}, 0.0011572733352662886),
    ("18", "D3S1358", ["15,16", "15,16"], "15,16", [], "--contributors 1 --dropout-person 0.05 --dropout-unknown 0.13,0.13 --drop-in 0.05 --theta 0.03",
     {"15": 0.2465227818, "16": 0.2417266187}, 10.900546418339536),
    ("20", "D2S441", ["10,11", "10,11"], "10,11", [], "--contributors 1 --dropout-person 0 --dropout-unknown 0.42,0.42 --drop-in 0.1 --theta 0.5",
     {"10": 0.1887290168, "11": 0.3431654676}, 32.876232960931404),
    ("26", "D8S1179", ["12,13,15", "12,13,15", "12,13,15", "12,13,15"], "12,15", [], "--contributors 3 --dropout-person 0.01 --dropout-unknown 0.3,0.3 --drop-in 0.05 --theta 0.01",
     {"12": 0.1594724221, "13": 0.3196642686, "15": 0.0918465228}, 22.56348869068637),
    ("28", "D19S433", ["14,15,13", "14,15,13", "14,15,13", "14,15,13"], "14,15", ["13,14"], "--contributors 3 --dropout-person 0.01 --dropout-known 0.01 --dropout-unknown 0.15,0.15 --drop-in 0.05 --theta 0.01",
     {"13": 0.2134292566, "14": 0.3661870504, "15": 0.1829736211}, 3.631194214997156),
    ("30", "vWA", ["14,16", "14,16", "14,16", "14,16"], "16,16", ["14,16"], "--contributors 3 --dropout-person 0.1 --dropout-known 0.01 --dropout-unknown 0.15,0.15 --drop-in 0.05 --theta 0.01",
     {"14": 0.0988009592, "16": 0.2059952038}, 8.19409989901685),
    ("33", "D2S1338", ["19,23,17", "19,23,17", "19,23,17"], "19,23", ["17,23"], "--contributors 3 --dropout-person 0.84 --dropout-known 0.05 --dropout-unknown 0.27,0.27 --drop-in 0.05 --theta 0.05",
     {"17": 0.1940047962, "19": 0.1165467626, "23": 0.093764988}, 1.7776190838991337),
    ("37", "D12S391", ["18,20,16", "18,20,16", "18,20,16"], "18,20", ["16,18"], "--contributors 3 --dropout-person 0.3 --dropout-known 0.05 --dropout-unknown 0.27,0.05 --drop-in 0.05 --theta 0.05",
     {"16": 0.0374100719, "18": 0.1755395683, "20": 0.1211031175}, 3.3844668996367857),
    ("38", "FGA", ["23,24,22", "23,24,22", "23,22"], "22,23", ["23,24"], "--contributors 3 --dropout-person 0.2 --dropout-known 0.2 --dropout-unknown 0.42,0.1 --drop-in 0.05 --theta 0.05",
     {"22": 0.1722648752, "23": 0.1470729367, "24": 0.1374760077}, 5.837000978917755),
    ("40", "D18S51", ["13,14,16,17"], "14,16", ["13,17", "14,17"], "--contributors 3 --dropout-person 0.4 --dropout-known 0.1 --dropout-known 0.2 --dropout-unknown 0.15,0.15 --drop-in 0 --theta 0.01",
     {"13": 0.1378896882, "14": 0.1647482014, "16": 0.1232613909, "17": 0.1074340528}, 5.1695204670939985),
    ("43", "TH01", ["6,7,8,9,9.3"], "6,7", [], "--contributors 3 --dropout-person 0.1 --dropout-unknown 0.2,0.02 --drop-in 0.05 --theta 0.01",
     {"6": 0.2098321343, "7": 0.1808153477, "8": 0.1110311751, "9": 0.1352517986, "9.3": 0.3465227818}, 0.6396044580738742),
    ("44", "D3S1358", ["14,16,17,18"], "14,16", [], "--contributors 3 --dropout-person 0.4 --dropout-unknown 0.02,0.2 --drop-in 0.05 --theta 0.01",
     {"14": 0.1227817746, "16": 0.2417266187, "17": 0.2163069544, "18": 0.1544364508}, 2.0459108008721243),
    ("58", "D21S11", ["27,28,30,31,32,32.2", "27,28,30,31,32,32.2", "27,28,30,31,32,32.2"], "27,32.2", ["31,32", "28,30"], "--contributors 3 --dropout-person 0.4 --dropout-known 0.1 --dropout-known 0.2 --dropout-unknown 0.15,0.15 --drop-in 0.15 --theta 0.01",
     {"27": 0.0429256595, "28": 0.1693045564, "30": 0.2587529976, "31": 0.0916067146, "32": 0.0160671463, "32.2": 0.073381295}, 15.866284372244374),
    ("60", "D8S1179", ["8,11,12,14,15", "8,11,12,14,15", "8,11,12,14,15"], "11,15", [], "--contributors 3 --dropout-person 0.03 --dropout-unknown 0.08,0.17 --drop-in 0.05 --theta 0.01",
     {"8": 0.0191846523, "11": 0.0774580336, "12": 0.1594724221, "14": 0.1949640288, "15": 0.0918465228}, 25.472236120657083),
    ("66", "D16S539", ["9,11,12,13,14"], "11,12", ["11,12", "11,14"], "--contributors 4 --dropout-person 0.01 --dropout-known 0.1 --dropout-known 0.2 --dropout-unknown 0.17,0.26 --drop-in 0.05 --theta 0.01",
     {"9": 0.1294964029, "11": 0.3215827338, "12": 0.2642685851, "13": 0.1793764988, "14": 0.0225419664}, 0.34185235315691903),
    ("67", "TH01", ["6,7,8,9,9.3"], "8,9", ["9,9.3"], "--contributors 4 --dropout-person 0.5 --dropout-known 0.2 --dropout-unknown 0.2,0.02 --drop-in 0.05 --theta 0.02",
     {"6": 0.2098321343, "7": 0.1808153477, "8": 0.1110311751, "9": 0.1352517986, "9.3": 0.3465227818}, 0.5765062895312613),
    ("68", "D3S1358", ["14,15,16,17,18"], "14,16", [], "--contributors 4 --dropout-person 0.99 --dropout-unknown 0.02,0.2 --drop-in 0.05 --theta 0.03",
     {"14": 0.1227817746, "15": 0.2465227818, "16": 0.2417266187, "17": 0.2163069544, "18": 0.1544364508}, 0.6629261965360148),
    ("77", "D22S1045", ["15,16"], "16,16", [], "--contributors 4 --dropout-person 0.99 --dropout-unknown 0.02,0.2 --drop-in 0.05 --theta 0.03",
     {"15": 0.3256594724, "16": 0.3705035971}, 1.108006526889538),
]  # fmt: skip


@pytest.mark.parametrize("row", LRMIX, ids=[f"case {row[0]} {row[1]}" for row in LRMIX])
def test_the_validation_cases_of_lrmix_studio(tmp_path, capsys, row):
    _, at, replicates, person, known, options, frequencies, printed = row
    lines = [f"rep{n},{at},{seen}" for n, seen in enumerate(replicates, 1)]
    most = max(seen.count(",") + 1 for seen in replicates)
    head = "SampleName,Marker," + ",".join(f"Allele{n}" for n in range(1, most + 1))
    (tmp_path / "trace.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    profiles = {"who": {at: person}, **{f"known{n}": {at: seen} for n, seen in enumerate(known)}}
    words = f"lr --profile {tmp_path / 'trace.csv'} --replicates --against who.json "
    words += "".join(f"--known {name}.json " for name in profiles if name != "who") + options
    found = said(tmp_path, capsys, Example("LRmix Studio", words, profiles, {at: frequencies}, printed))
    assert found["lr"] == pytest.approx(printed, rel=1e-6)


# The offender database of Arizona: 65,493 profiles of 13 loci; 122 pairs agree at nine loci and 20 at ten (Troyer et al. 2001
# and the count ordered by a court; Brenner, dna-view.com/ArizonaMatch.htm, read in part, figures recalled). It holds several
# populations and relatives, so that the expectation is only held to the order.
@pytest.mark.parametrize(("loci", "seen", "factor"), [(9, 122 + 20 + 2, 2.0), (10, 20 + 2, 8.0)])
def test_the_partial_matches_of_arizona(capsys, loci, seen, factor):
    words = [
        "expect",
        "--size",
        "65493",
        "--loci",
        "codis13",
        "--rule",
        "codis-high",
        "--option",
        f"minimum_loci={loci}",
    ]
    words += ["--option", f"mismatches={13 - loci}", "--population", "FBI2015_Moretti2016/Caucasian", "--theta", "0.01"]
    assert main(["dna", *words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["compared"] == 65493 * 65492 // 2
    assert seen / factor < found["expected_chance_matches"] < seen * factor


def test_there_are_enough_examples_of_the_literature():
    """Forty are asked; the vectors of the other tests of strength come on top."""
    assert len({each.source for each in EXAMPLES}) + len(LRMIX) + len(BUTLER) >= 80
    assert not math.isnan(sum(each.printed for each in EXAMPLES))
