"""Hostile and damaged input of every reader: our errors with a place, or success; and nothing is half-imported."""

import json
from importlib.resources import files

import pytest
from dna_material import FULL, changed, of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_forensics_formats import CMF, EUROFORMIX, GENEMAPPER, GENEMARKER, LRMIX

from comity.cli.main import main
from comity.errors import ComityError
from comity.forensics.dna.population import read as read_population
from comity.forensics.dna.rules import read as read_rules
from comity.forensics.dna.rules import rule_set
from comity.forensics.dna.strength.family import read as read_family
from comity.forensics.errors import PopulationError, RuleError

JSON = "\n".join(json.dumps(each.to_json()) for each in (of("S-1"), changed("S-2"), of("S-3", replicates=[FULL])))
TABLE = "Allele,TH01,vWA\n6,0.25,\n9.3,0.75,\n14,,0.5\n17,,0.5\n2N,400,400\n"
FAMILY = '{"typed":["A"],"first":[{"id":"A"},{"id":"M"},{"id":"C","father":"A","mother":"M"}],"second":[{"id":"A"}]}'
RULES = (files("comity.forensics.dna") / "data" / "rules" / "prum.toml").read_text(encoding="utf-8")
TOKENS = [b"\x00", b"\xff\xfe", b'"', b",", b"\t", b"\r", b"<", b"&e;", b"[" * 40, b"{", b"*", b"OL", b"9" * 30, b"-1",
          b"1e400", b"NaN", b"null", b"\xe2\x80\xae", b";", b"'", b"=", b"TH01", b"X", b"\n\n"]  # fmt: skip


@st.composite
def damaged(draw, text):
    """The text with tokens, cuts, copies and shuffled lines."""
    raw = bytearray(text.encode())
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(raw)))
        kind = draw(st.integers(0, 4))
        if kind == 0:
            raw[place : place + draw(st.integers(0, 6))] = draw(st.sampled_from(TOKENS))
        elif kind == 1:
            del raw[place : place + draw(st.integers(1, 30))]
        elif kind == 2:
            start = draw(st.integers(0, len(raw)))
            raw[place:place] = raw[start : start + 40]
        elif kind == 3:
            raw[place:place] = draw(st.binary(max_size=8))
        else:
            raw = bytearray(b"\n".join(draw(st.permutations(bytes(raw).split(b"\n")[:20]))))
    return bytes(raw)


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.xml", CMF), ("a.txt", GENEMAPPER), ("b.txt", GENEMARKER), ("a.csv", EUROFORMIX), ("b.csv", LRMIX), ("a.jsonl", JSON)],
)  # fmt: skip
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_an_import_is_whole_or_nothing(tmp_path_factory, name, text, data):
    folder = tmp_path_factory.mktemp("hostile")
    (folder / name).write_bytes(data.draw(damaged(text)))
    code = main(["dna", "import", str(folder / name), "--db", str(folder / "db"), "--inclusion", "none", "--json"])
    assert code in (0, 4)
    assert (folder / "db" / "manifest.json").exists() == (code == 0)
    if code:
        assert not any((folder / "db").glob("segments/*"))


@pytest.mark.parametrize(("text", "read"), [(TABLE, read_population), (FAMILY, read_family), (RULES, read_rules)])
@given(data=st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_tables_pedigrees_and_rules_raise_nothing_but_our_errors(tmp_path_factory, text, read, data):
    path = tmp_path_factory.getbasetemp() / "hostile.any"
    path.write_bytes(data.draw(damaged(text)))
    refused: ComityError | None = None
    try:
        read(path)
    except ComityError as error:
        refused = error
    assert refused is None or (refused.detail and (refused.cause or refused.remedy))


DOCTYPES = {
    "a file of the machine": '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "a thousand million laughs": "<!DOCTYPE r [<!ENTITY x 'ha'>"
    + "".join(f"<!ENTITY x{n} '{f'&x{n - 1 if n else str()};' * 10}'>" for n in range(10))
    + "<!ENTITY x '&x9;'>]>",
    "a document of the net": '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/none.dtd">',
    "a parameter entity": '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/none"> %p;]>',
}


@pytest.mark.parametrize("kind", DOCTYPES)
def test_entities_of_xml_are_refused_and_never_followed(tmp_path, capsys, kind):
    path = tmp_path / "hostile.xml"
    body = CMF.partition("\n")[2].replace("S-1", "&x;", 1)
    path.write_text(f'<?xml version="1.0"?>{DOCTYPES[kind]}{body}', encoding="utf-8")
    assert main(["dna", "import", str(path), "--db", str(tmp_path / "db"), "--json"]) == 4
    said = json.loads(capsys.readouterr().out)["error"]
    assert said["code"] == "dna.format"
    assert "hostile.xml" in said["detail"]
    assert "root:" not in said["detail"]


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.json", "[" * 100_000), ("a.jsonl", '{"id":' * 100_000), ("b.jsonl", JSON + "\n" + "[" * 100_000),
     ("a.xml", "<CODISImportFile>" + "<SPECIMEN>" * 50_000), ("a.csv", "SampleName,Marker,Allele1\nS,TH01," + "6" * 200_000),
     ("c.json", '{"id": "A", "category": "trace", "loci": {"TH01": [' + "1" * 5000 + "]}}")],
    ids=["lists", "objects", "second line", "elements", "a long cell", "a long number"],
)  # fmt: skip
def test_depth_and_length_are_refused(tmp_path, capsys, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert main(["dna", "import", str(path), "--db", str(tmp_path / "db"), "--json"]) == 4
    said = json.loads(capsys.readouterr().out)["error"]
    assert said["code"] in ("dna.format", "dna.profile", "dna.allele")
    assert name in said["detail"]
    assert not (tmp_path / "db" / "manifest.json").exists()


@pytest.mark.parametrize(
    "option",
    ["deviations=1000000000", "deviations=-1", "minimum_full=-3", "minimum_full=0", "minimum_full=41", "wildcards=-7",
     "wildcard_quality=0", "three_alleles=both", "causes_combine=perhaps"],
)  # fmt: skip
def test_options_out_of_range_are_refused(option):
    name, _, value = option.partition("=")
    with pytest.raises(RuleError) as refused:
        rule_set("prum", {name: value})
    assert refused.value.remedy
    with pytest.raises(RuleError):
        rule_set("codis-low", {"mismatches": "1000000000"})


def test_a_rule_file_out_of_range_is_refused(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(RULES.replace("deviations = 1", "deviations = 1000000"), encoding="utf-8")
    with pytest.raises(RuleError, match="out of range"):
        read_rules(path)


@pytest.mark.parametrize("raw", [b'Allele,"TH01\n6,0.5\n', b" , \n,,\n", b"\xff\xfe\x00"])
def test_damaged_frequencies_are_refused_with_their_line(tmp_path, raw):
    path = tmp_path / "own.csv"
    path.write_bytes(raw)
    with pytest.raises(PopulationError, match=r"own\.csv"):
        read_population(path)
