"""Loci and alleles: what a laboratory may write, and what is refused with a way out."""

import pytest

from comity.forensics.dna.allele import AlleleKind, allele
from comity.forensics.dna.locus import loci, locus, locus_set
from comity.forensics.errors import AlleleError, UnknownLocusError


@pytest.mark.parametrize(
    ("written", "name"),
    [("vwa", "vWA"), ("THO1", "TH01"), ("D21S11", "D21S11"), ("PENTA_D", "Penta D"), ("AMEL", "Amelogenin"),
     ("FES/FPS", "FESFPS"), ("F13A1", "F13A01"), ("CSF1P0", "CSF1PO"), ("ACTBP2", "SE33"), ("HUMvWFA31", "vWA")],
)  # fmt: skip
def test_a_locus_is_found_under_the_names_laboratories_use(written, name):
    assert locus(written).name == name


def test_the_sets_have_their_loci():
    sizes = {name: len(locus_set(name)) for name in ("prum24", "ess7", "ess12", "european16", "codis13", "codis20")}
    assert sizes == {"prum24": 23, "ess7": 7, "ess12": 12, "european16": 16, "codis13": 13, "codis20": 20}
    assert locus("Amelogenin").sets == {"prum24"}
    assert locus_set("ess7") < locus_set("ess12") < locus_set("designated")


def test_d22s1045_repeats_three_bases_and_the_pentas_five():
    assert (locus("D22S1045").repeat, locus("Penta E").repeat, locus("TH01").repeat) == (3, 5, 4)


def test_an_unknown_locus_is_refused_with_the_nearest():
    with pytest.raises(UnknownLocusError) as refused:
        locus("D21S12")
    assert "D21S11" in refused.value.remedy


@pytest.mark.parametrize(
    ("text", "kind"),
    [("9.3", AlleleKind.NUMBER), ("14", AlleleKind.NUMBER), (" 14 ", AlleleKind.NUMBER), ("*", AlleleKind.WILDCARD),
     ("OL", AlleleKind.UNDESIGNATED), ("na", AlleleKind.UNDESIGNATED), ("99", AlleleKind.UNDESIGNATED),
     ("<5", AlleleKind.BELOW), (">12", AlleleKind.ABOVE)],
)  # fmt: skip
def test_what_can_stand_at_a_locus(text, kind):
    assert allele(text, locus("TH01")).kind is kind


def test_amelogenin_has_x_and_y_only():
    assert allele("x", locus("AMEL")).kind is AlleleKind.SEX
    with pytest.raises(AlleleError):
        allele("12", locus("AMEL"))


@pytest.mark.parametrize(
    ("text", "where"),
    [("45", "TH01"), ("120", "D21S11"), ("9.4", "TH01"), ("15.3", "D22S1045"), ("1O", "TH01"), ("9,3", "TH01"),
     ("-4", "TH01"), ("9.33", "TH01"), ("X", "TH01"), ("", "TH01"), ("٩", "TH01"), ("1e1", "TH01"), ("09", "TH01")],
)  # fmt: skip
def test_what_cannot_stand_is_refused_with_cause_and_remedy(text, where):
    with pytest.raises(AlleleError) as refused:
        allele(text, locus(where))
    assert refused.value.cause
    assert where in refused.value.detail


def test_every_allele_of_the_frequency_tables_can_be_read():
    from comity.forensics.dna.population import populations

    for each in populations().values():
        for name, table in each.frequencies.items():
            for text in table:
                assert allele(text, locus(name)).text == text
            assert abs(sum(table.values()) - 1) < 1e-4, (each.name, name)
    assert len(populations()) == 30
    assert len(loci()) >= 60
