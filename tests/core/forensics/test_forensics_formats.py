"""Files of other programs: CODIS CMF, GeneMapper, GeneMarker, EuroForMix, LRmix."""

import contextlib

import pytest
from dna_material import FULL, changed, of
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import ComityError
from comity.forensics.dna.formats import guess, read, write
from comity.forensics.dna.profile import Category
from comity.forensics.errors import AlleleError, ForensicsError, FormatError, ProfileError, UnknownLocusError

CMF = """<?xml version="1.0" encoding="UTF-8"?>
<CODISImportFile xmlns="urn:CODISImportFile-schema">
  <HEADERVERSION>3.2</HEADERVERSION>
  <MESSAGETYPE>Import</MESSAGETYPE>
  <DESTINATIONORI>XX0000000</DESTINATIONORI>
  <SOURCELAB>LAB-7</SOURCELAB>
  <SPECIMEN SOURCEID="Yes">
    <SPECIMENID>S-1</SPECIMENID>
    <SPECIMENCATEGORY>Convicted Offender</SPECIMENCATEGORY>
    <LOCUS KIT="GlobalFiler"><LOCUSNAME>D3S1358</LOCUSNAME>
      <ALLELE><ALLELEVALUE>15</ALLELEVALUE></ALLELE><ALLELE><ALLELEVALUE>16</ALLELEVALUE></ALLELE></LOCUS>
    <LOCUS><LOCUSNAME>TH01</LOCUSNAME><ALLELE><ALLELEVALUE>9.3</ALLELEVALUE></ALLELE></LOCUS>
  </SPECIMEN>
  <SPECIMEN>
    <SPECIMENID>S-2</SPECIMENID>
    <SPECIMENCATEGORY>Forensic Mixture</SPECIMENCATEGORY>
    <LOCUS><LOCUSNAME>TH01</LOCUSNAME><ALLELE><ALLELEVALUE>6</ALLELEVALUE></ALLELE>
      <ALLELE><ALLELEVALUE>7</ALLELEVALUE></ALLELE><ALLELE><ALLELEVALUE>9.3</ALLELEVALUE></ALLELE></LOCUS>
    <LOCUS><LOCUSNAME>vWA</LOCUSNAME><ALLELE><ALLELEVALUE>17</ALLELEVALUE></ALLELE></LOCUS>
  </SPECIMEN>
</CODISImportFile>
"""
GENEMAPPER = (
    "Sample File\tSample Name\tPanel\tMarker\tDye\tAllele 1\tAllele 2\tAllele 3\tHeight 1\tHeight 2\tHeight 3\n"
    "a.fsa\tT-1\tNGM\tAMEL\tB\tX\tY\t\t900\t850\t\n"
    "a.fsa\tT-1\tNGM\tTH01\tB\t9.3\t6\tOL\t400\t300\t60\n"
    "a.fsa\tT-1\tNGM\tD21S11\tB\t29\t\t\t500\t\t\n"
)
GENEMARKER = "Sample Name\tMarker\tAllele1\tAllele2\nP-1\tTH01\t6\t\nP-1\tD21S11\t29\t30.2\n"
EUROFORMIX = "SampleName,Marker,Allele1,Allele2,Allele3,Height1,Height2,Height3\nstain,TH01,6,7,9.3,100,200,300\nstain,vWA,17,NA,NA,50,,\n"
LRMIX = '"SampleName";"Marker";"Allele1";"Allele2";"Allele3"\n"rep1";"TH01";"6";"9.3";""\n"rep2";"TH01";"6";"";""\n'


def file(tmp_path, text, name="given.txt"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def texts(found, name):
    return [each.text for each in found.loci[name]]


def test_codis_import_files(tmp_path):
    one, two = (found for _, found in read(file(tmp_path, CMF)))
    assert (one.id, one.category, one.laboratory) == ("S-1", Category.PERSON, "LAB-7")
    assert texts(one, "TH01") == ["9.3", "9.3"]
    assert (two.category, two.mixed, texts(two, "vWA")) == (Category.TRACE, True, ["17"])


@pytest.mark.parametrize(
    ("damage", "error", "says"),
    [
        (lambda text: text.replace("9.3", "93"), AlleleError, "LOCUS"),
        (lambda text: text.replace("<LOCUSNAME>TH01", "<LOCUSNAME>TH02", 1), UnknownLocusError, "TH01"),
        (lambda text: text.replace("Convicted Offender", "Spouse"), ProfileError, "SPECIMENCATEGORY"),
        (lambda text: text.replace("3.2", "2.0"), FormatError, "CMF 2.0"),
        (lambda text: text.replace("</SPECIMEN>", "", 1), FormatError, "line"),
        (lambda text: text[:400], FormatError, "line"),
        (lambda text: text.replace("CODISImportFile", "Other"), FormatError, "CODISImportFile"),
        (lambda text: text.replace("<CODIS", '<!DOCTYPE x [<!ENTITY e "x">]><CODIS', 1), FormatError, "document type"),
        (lambda text: text.replace("S-1", "Jane Doe"), ProfileError, "id"),
        (lambda text: text.replace("D3S1358", "THO1"), ProfileError, "twice"),
        (lambda _: "<CODISImportFile/>", FormatError, "SPECIMEN"),
    ],
)
def test_broken_codis_files_are_refused_with_their_place(tmp_path, damage, error, says):
    with pytest.raises(error) as refused:
        list(read(file(tmp_path, damage(CMF))))
    assert "given.txt" in refused.value.detail
    assert says in refused.value.detail + refused.value.remedy


def test_genemapper_text_with_heights_and_off_ladder_peaks(tmp_path):
    ((_, found),) = read(file(tmp_path, GENEMAPPER))
    assert texts(found, "TH01") == ["6", "9.3", "OL"]
    assert found.details["TH01"].heights == (300, 400, 60)
    assert texts(found, "D21S11") == ["29"]
    assert texts(found, "Amelogenin") == ["X", "Y"]


def test_genemarker_text_of_a_person_reads_one_allele_as_two(tmp_path):
    ((_, found),) = read(file(tmp_path, GENEMARKER), category="person")
    assert texts(found, "TH01") == ["6", "6"]
    assert found.category is Category.PERSON


def test_euroformix_and_lrmix_tables(tmp_path):
    ((_, stain),) = read(file(tmp_path, EUROFORMIX))
    assert (texts(stain, "TH01"), texts(stain, "vWA"), stain.mixed) == (["6", "7", "9.3"], ["17"], True)
    first, second = (found for _, found in read(file(tmp_path, LRMIX)))
    assert (texts(first, "TH01"), texts(second, "TH01")) == (["6", "9.3"], ["6"])


def test_quality_sensors_of_a_kit_are_passed_over(tmp_path):
    text = EUROFORMIX + "stain,QS1,1,,,500,,\nstain,IQCL,2,,,500,,\n"
    ((_, stain),) = read(file(tmp_path, text))
    assert list(stain.loci) == ["vWA", "TH01"]


def test_utf_16_as_instruments_write_it(tmp_path):
    path = tmp_path / "wide.txt"
    path.write_text(GENEMAPPER, encoding="utf-16")
    assert len(list(read(path, "table"))) == 1


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("Sample Name\tMarker\n", FormatError),
        ("Sample Name\tMarker\tAllele 1\n", FormatError),
        ("Name\tMarker\tAllele 1\nT-1\tTH01\t6\n", FormatError),
        ("Sample Name\tMarker\tAllele 1\nT-1\tTH02\t6\n", UnknownLocusError),
        ("Sample Name\tMarker\tAllele 1\nT-1\tTH01\t66\n", AlleleError),
        ("Sample Name\tMarker\tAllele 1\nT-1\tTH01\t6\nT-1\tTHO1\t7\n", FormatError),
        ("Sample Name\tMarker\tAllele 1\nT-1\n", FormatError),
        ("Sample Name\tMarker\tAllele 1\tHeight 1\nT-1\tTH01\t6\thigh\n", FormatError),
        ('Sample Name,Marker,Allele 1\n"T-1,TH01,6\n', FormatError),
        ("Sample Name\tMarker\tAllele 1\nJane Doe\tTH01\t6\n", ProfileError),
        ("", FormatError),
        ("\x00\x01\x02", FormatError),
    ],
)
def test_broken_tables_are_refused(tmp_path, text, error):
    with pytest.raises(error) as refused:
        list(read(file(tmp_path, text)))
    assert "given.txt" in refused.value.detail


@pytest.mark.parametrize("form", ["json", "cmf", "table"])
def test_what_is_written_is_read_back(tmp_path, form):
    given_profiles = [of("T-1"), of("T-2", loci={**FULL, "FGA": ["19", "21", "24"]})]
    path = file(tmp_path, "".join(write(given_profiles, form)))
    assert guess(path) == form
    back = [found for _, found in read(path)]
    assert [(each.id, dict(each.loci)) for each in back] == [(each.id, dict(each.loci)) for each in given_profiles]


def test_persons_keep_their_category_in_cmf(tmp_path):
    back = [
        found
        for _, found in read(file(tmp_path, "".join(write([changed("P-1"), of("R-1", "unidentified-remains")], "cmf"))))
    ]
    assert [each.category for each in back] == [Category.PERSON, Category.REMAINS]


@pytest.mark.parametrize("text", [CMF, GENEMAPPER, GENEMARKER, EUROFORMIX, LRMIX])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_damaged_files_raise_nothing_but_our_errors(tmp_path_factory, text, data):
    raw = bytearray(text.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=4))
    path = tmp_path_factory.getbasetemp() / "fuzzed.txt"
    path.write_bytes(bytes(raw))
    with contextlib.suppress(ComityError):
        list(read(path))


def test_a_missing_file_and_an_unknown_format_are_refused(tmp_path):
    with pytest.raises(ForensicsError):
        list(read(tmp_path / "none.json"))
    with pytest.raises(FormatError):
        list(read(file(tmp_path, GENEMARKER), "vcf"))
    with pytest.raises(FormatError):
        list(write([], "vcf"))
