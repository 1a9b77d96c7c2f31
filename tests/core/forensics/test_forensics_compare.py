"""Matching by rule sets: every quality class, every option, and the oracle."""

import pytest
from dna_material import FULL, changed, of, single
from dna_oracle import judge
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.forensics.dna.compare import Agreement, compare
from comity.forensics.dna.inclusion import include, reason
from comity.forensics.dna.rules import read, rule_set, rule_sets
from comity.forensics.errors import InclusionError, RuleError

PRUM = rule_set("prum")
CLOSE = {"TH01": "10", "D18S51": "15.1", "Penta D": "9.4", "D22S1045": "15.2", "vWA": "16", "FGA": "26"}


@pytest.mark.parametrize(
    ("found", "quality"),
    [
        (changed(), 1),
        (changed(Amelogenin=["X", "X"]), 1),
        (changed(drop=["D18S51"]), 1),
        (changed(TH01=["6", "*"]), 2),
        (changed(TH01=["9.3", "OL"]), 2),
        (changed(TH01=["6", "99"]), 2),
        (changed(TH01=["6", "*"], vWA=["17", "*"]), 2),
        (changed(TH01=["6", "*"], vWA=["*", "*"]), 2),
        (changed(TH01=["6", "10"]), 3),
        (changed(D21S11=["29", "30.1"]), 3),
        (changed(D1S1656=["16", "16"]), 3),
        (changed(TH01=["6", "7"]), 4),
        (changed(TH01=["6", "6"]), 4),
        (changed(D21S11=["29", "31"]), 4),
        (changed(D21S11=["29", "30"]), 4),
        (changed(TH01=["7", "8"]), None),
        (changed(TH01=["6", "7"], vWA=["14", "18"]), None),
        (changed(TH01=["6", "10"], vWA=["14", "18"]), None),
        (changed(TH01=["6", "*"], vWA=["14", "18"]), None),
        (changed(TH01=["8", "*"]), None),
    ],
)
def test_quality_classes_of_prum(found, quality):
    assert compare(of(), found, PRUM).grade == quality
    assert compare(found, of(), PRUM).grade == quality


def test_six_full_loci_beside_the_deviation_are_asked():
    six = ["vWA", "TH01", "D21S11", "FGA", "D8S1179", "D3S1358"]
    few = {name: FULL[name] for name in six}
    assert compare(of(loci=few), changed(), PRUM).grade == 1
    assert compare(of(loci=few), changed(TH01=["6", "7"]), PRUM).grade is None
    assert compare(of(loci=few), changed(TH01=["6", "*"]), PRUM).grade is None
    assert compare(of(loci={name: FULL[name] for name in six[1:]}), changed(), PRUM).grade is None


def test_the_options_change_what_they_say():
    six = {name: FULL[name] for name in ("vWA", "TH01", "D21S11", "FGA", "D8S1179", "D3S1358")}
    wild, both = changed(TH01=["6", "*"]), changed(TH01=["6", "*"], vWA=["14", "18"])
    assert compare(of(loci=six), wild, rule_set("prum", {"wildcard_locus_counts": "true"})).grade == 2
    assert compare(of(), both, rule_set("prum", {"causes_combine": "true"})).grade == 4
    assert compare(of(), changed(TH01=["6", "*"], vWA=["*", "17"]), rule_set("prum", {"wildcards": "1"})).grade is None
    assert compare(of(), changed(TH01=["7", "8"]), rule_set("prum", {"deviations": "2"})).grade == 4
    assert rule_set("prum", {"deviations": "2"}).version.endswith("+deviations=2")


def test_three_declared_alleles_become_the_first_and_a_wildcard():
    three = of("T-3", "person", {**FULL, "TPOX": ["8", "10", "11"]}, triallelic=["TPOX"])
    assert compare(three, of(loci={**FULL, "TPOX": ["8", "9"]}), PRUM).grade == 2
    assert compare(three, of(loci={**FULL, "TPOX": ["10", "11"]}), PRUM).grade is None


def test_mixtures_are_never_compared_under_prum():
    mixed = of("M-1", loci={**FULL, "FGA": ["20", "21", "24"]})
    said = compare(mixed, changed(), PRUM)
    assert said.grade is None
    assert "I5" in said.why
    assert reason(mixed, PRUM) is not None
    with pytest.raises(InclusionError) as refused:
        include(mixed, PRUM)
    assert "one person" in refused.value.cause
    assert "--rule mixture" in refused.value.remedy


def test_a_comparison_says_locus_by_locus_why():
    said = compare(of(), changed(TH01=["6", "10"], drop=["D2S441"]), PRUM)
    by_name = {each.locus: each for each in said.loci}
    assert by_name["TH01"].agreement is Agreement.ONE_BASE
    assert by_name["D2S441"].agreement is Agreement.NOT_COMPARED
    assert by_name["Amelogenin"].agreement is Agreement.SHOWN
    assert [each.locus for each in said.differences] == ["TH01"]
    assert (said.compared, said.matched) == (8, 7)
    assert all(each.why for each in said.loci)


@given(single(), single())
@settings(max_examples=400, deadline=None)
def test_prum_is_what_the_oracle_says(a, b):
    assert compare(of("A-1", loci=a), of("B-1", loci=b), PRUM).grade == judge(a, b)


@given(single(), st.data())
@settings(max_examples=300, deadline=None)
def test_near_profiles_too(a, data):
    b = {name: list(pair) for name, pair in a.items()}
    for _ in range(data.draw(st.integers(0, 2))):
        if b:
            name = data.draw(st.sampled_from(sorted(b)))
            other = a[name]
            new = (
                "X" if name == "Amelogenin" else data.draw(st.sampled_from(["*", other[0], CLOSE.get(name, other[1])]))
            )
            b[name][data.draw(st.integers(0, 1))] = new
    assert compare(of("A-1", loci=a), of("B-1", loci=b), PRUM).grade == judge(a, b)


@given(
    single(), single(), st.sampled_from(["prum", "interpol", "codis-high", "codis-moderate", "codis-low", "mixture"])
)
@settings(deadline=None)
def test_comparison_is_symmetric_and_blind_to_order(a, b, rule):
    rules = rule_set(rule)
    turned = {name: pair[::-1] for name, pair in reversed(b.items())}
    one = compare(of("A-1", loci=a), of("B-1", loci=b), rules)
    assert one.grade == compare(of("B-1", loci=b), of("A-1", loci=a), rules).grade
    assert one.grade == compare(of("A-1", loci=a), of("B-1", loci=turned), rules).grade


@given(single(wildcards=False), single(), st.data())
@settings(deadline=None)
def test_a_wildcard_never_loses_a_match_where_causes_combine_and_it_counts(a, b, data):
    options = {"causes_combine": "true", "wildcard_locus_counts": "true"}
    rules = rule_set("prum", options)
    if not a or compare(of("A-1", loci=a), of("B-1", loci=b), rules).grade is None:
        return
    name = data.draw(st.sampled_from(sorted(a)))
    if name != "Amelogenin" and not {"*", "OL", "1"} & set(b.get(name, [])):
        opened = {**a, name: [a[name][0], "*"]}
        assert compare(of("A-1", loci=opened), of("B-1", loci=b), rules).hit


# FBI, Frequently Asked Questions on CODIS and NDIS, no 28: 13 against 13,14 is moderate and not high.
@pytest.mark.parametrize(
    ("a", "b", "holds"),
    [
        (["13", "14"], ["13", "14"], "high"),
        (["13", "13"], ["13", "13"], "high"),
        (["13", "13"], ["13", "14"], "moderate"),
        (["13", "14"], ["13", "15"], "low"),
        (["13", "13"], ["14", "15"], None),
        (["13", "14"], ["12", "13", "14"], "moderate"),
        (["13", "15"], ["12", "13", "14"], "low"),
    ],
)
def test_codis_stringencies(a, b, holds):
    base = {name: pair for name, pair in FULL.items() if name != "D18S51"}
    one, two = of(loci={**base, "D18S51": a}), of("D-1", loci={**base, "D18S51": b})
    order = ["high", "moderate", "low"]
    for asked in order:
        said = compare(one, two, rule_set(f"codis-{asked}"))
        assert said.hit == (holds is not None and order.index(holds) <= order.index(asked))
        if said.hit:
            assert said.grade == holds


def test_codis_counts_its_loci():
    few = {name: FULL[name] for name in ("vWA", "TH01", "D21S11", "FGA", "D8S1179", "D3S1358", "D18S51")}
    assert not compare(of(loci=few), changed(), rule_set("codis-high")).hit
    assert compare(of(loci=few), changed(), rule_set("high", {"minimum_loci": "7"})).grade == "high"


def test_a_person_is_included_in_a_mixture_and_not_the_other_way():
    mixture = {**FULL, "TH01": ["6", "7", "9.3"], "FGA": ["21", "24", "26"], "vWA": ["14", "17", "18", "19"]}
    rules = rule_set("mixture")
    assert compare(of("M-1", loci=mixture), changed(), rules).grade == "included"
    assert compare(changed(), of("M-1", loci=mixture), rules).grade == "included"
    assert not compare(of("M-1", loci=mixture), changed(TH01=["6", "8"]), rules).hit
    lost = {**mixture, "TH01": ["6"]}
    assert not compare(of("M-1", loci=lost), changed(), rules).hit
    assert compare(of("M-1", loci=lost), changed(), rule_set("mixture", {"mismatches": "1"})).grade == "included"
    assert not compare(of("M-1", loci=mixture), of("M-2", loci=mixture), rules).hit


def test_interpol_takes_equal_alleles_only():
    rules = rule_set("interpol")
    assert compare(of(), changed(), rules).grade == 1
    assert compare(of(), changed(TH01=["6", "10"]), rules).grade is None


def test_every_rule_set_has_version_source_and_the_basis_of_every_rule():
    assert {"prum", "prum2", "interpol", "codis-high", "codis-moderate", "codis-low", "mixture"} <= set(rule_sets())
    for each in rule_sets().values():
        assert each.version
        assert each.source
        assert each.rules
        assert {rule.basis for rule in each.rules} <= {"looked-up", "recalled", "project"}


def test_the_slot_for_prum_ii_is_empty_and_says_so():
    assert "empty" in rule_set("prum2").title
    with pytest.raises(RuleError, match="nothing can be searched"):
        include(of(), rule_set("prum2"))


@pytest.mark.parametrize(
    ("category", "loci", "rule"),
    [
        ("trace", {name: FULL[name] for name in list(FULL)[:5]}, "I2"),
        ("trace", {**{name: FULL[name] for name in list(FULL)[:5]}, "D18S51": ["13", "*"]}, "I2"),
        ("person", {name: pair for name, pair in FULL.items() if name not in ("TH01", "FGA")}, "I3"),
        ("trace", {**FULL, "FGA": ["20", "21", "24"]}, "I5"),
    ],
)
def test_a_profile_below_the_inclusion_rule_is_refused_with_the_rule(category, loci, rule):
    with pytest.raises(InclusionError, match=rule):
        include(of("S-1", category, loci), PRUM)


def test_a_rule_file_of_ones_own(tmp_path):
    from importlib.resources import files

    text = (files("comity.forensics.dna") / "data" / "rules" / "prum.toml").read_text(encoding="utf-8")
    path = tmp_path / "own.toml"
    path.write_text(
        text.replace("minimum_full = 6", "minimum_full = 9").replace('"prum"', '"own"', 1), encoding="utf-8"
    )
    assert read(path).id == "own"
    assert not compare(of(), changed(drop=["D18S51"]), rule_set(str(path))).hit
    assert compare(of(), changed(), rule_set(str(path))).grade == 1


@pytest.mark.parametrize(
    "damage",
    [lambda text: text.replace("minimum_full = 6", ""), lambda text: text.replace("minimum_full = 6", 'minimum_full = "6"'),
     lambda text: text.replace('kind = "allele-pairs"', 'kind = "magic"'), lambda text: text + "\n[surprise]\na = 1\n",
     lambda text: text.replace('of = "ess7"', 'of = "ess8"'), lambda _: "= nothing", lambda _: ""],
)  # fmt: skip
def test_a_broken_rule_file_is_refused(tmp_path, damage):
    from importlib.resources import files

    text = (files("comity.forensics.dna") / "data" / "rules" / "prum.toml").read_text(encoding="utf-8")
    path = tmp_path / "broken.toml"
    path.write_text(damage(text), encoding="utf-8")
    with pytest.raises(RuleError):
        rule_set(str(path))


def test_an_unknown_rule_set_or_option_is_refused_with_what_there_is():
    with pytest.raises(RuleError) as refused:
        rule_set("prun")
    assert "prum" in refused.value.remedy
    with pytest.raises(RuleError, match="option"):
        rule_set("prum", {"minimum": "5"})
    with pytest.raises(RuleError, match="value"):
        rule_set("prum", {"minimum_full": "six"})
