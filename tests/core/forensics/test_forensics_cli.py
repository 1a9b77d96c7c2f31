"""``comity dna``: the contracts of its answers, its exit codes, its errors."""

import json

import pytest
from dna_material import FULL, changed, drawn, lines, of

from comity.cli.main import main


def run(capsys, *words):
    code = main(["dna", *map(str, words)])
    out, err = capsys.readouterr()
    return code, out, err


def answer(capsys, *words):
    code, out, _ = run(capsys, *words, "--json")
    return code, json.loads(out)


@pytest.fixture
def stock(tmp_path, capsys):
    lines(tmp_path / "stock.jsonl", [changed("P-hit", TH01=["6", "10"]).to_json(), *drawn(50, 1)])
    (tmp_path / "query.json").write_text(json.dumps(of().to_json()), encoding="utf-8")
    (tmp_path / "person.json").write_text(json.dumps(changed().to_json()), encoding="utf-8")
    assert run(capsys, "import", tmp_path / "stock.jsonl", "--db", tmp_path / "db")[0] == 0
    return tmp_path


def test_search_answers_by_its_contract(stock, capsys):
    code, said = answer(capsys, "search", "--db", stock / "db", "--profile", stock / "query.json")
    assert code == 0
    assert said["searched"] == 51
    assert 0 < said["expected_chance_matches"] < 1
    (found,) = said["matches"]
    assert (found["id"], found["quality"], found["loci_compared"], found["loci_matched"]) == ("P-hit", 3, 9, 8)
    assert [each["locus"] for each in found["differences"]] == ["TH01"]
    assert {each["locus"] for each in found["loci"]} == set(FULL)
    code, out, _ = run(capsys, "search", "--db", stock / "db", "--profile", stock / "query.json")
    assert "quality 3" in out
    assert "Chance alone" in out


def test_lr_answers_by_its_contract(stock, capsys):
    code, said = answer(capsys, "lr", "--profile", stock / "query.json", "--population", "Cauc", "--theta", "0.01")
    assert code == 0
    assert said["theta"] == 0.01
    assert said["population"] == "NIST1036rev2017/Cauc"
    assert said["lr"] == pytest.approx(1 / said["rmp"])
    assert {"locus", "genotype", "value"} <= said["loci"][0].keys()
    assert said["not_used"][0].keys() == {"locus", "why"}
    code, both = answer(capsys, "lr", "--profile", stock / "query.json", "--against", stock / "person.json")
    assert both["log10_lr"] == pytest.approx(said["log10_lr"])


def test_several_populations_stand_side_by_side(stock, capsys):
    _, said = answer(capsys, "lr", "--profile", stock / "query.json", "--population", "Cauc", "--population", "Norsk")
    assert [each["population"] for each in said["populations"]] == ["NIST1036rev2017/Cauc", "norSTR_v2023/Norsk"]
    assert said["populations"][0]["rmp"] != said["populations"][1]["rmp"]


def test_mixtures_kinship_and_words(stock, capsys):
    mixed = of("M-1", loci={**FULL, "FGA": ["20", "21", "24"]})
    (stock / "mixed.json").write_text(json.dumps(mixed.to_json()), encoding="utf-8")
    words = (
        "lr",
        "--profile",
        stock / "mixed.json",
        "--against",
        stock / "person.json",
        "--dropout",
        "0.1",
        "--drop-in",
        "0.05",
    )
    _, said = answer(capsys, *words, "--words")
    assert "2 contributors" in said["method"]
    assert said["lr"] > 1
    assert "recalled" in said["words"]["label"]
    kin = (
        "kinship",
        "--relation",
        "full-siblings",
        "--profile",
        stock / "query.json",
        "--against",
        stock / "person.json",
    )
    assert answer(capsys, *kin)[1]["lr"] > 1
    trio = ("kinship", "--relation", "trio", "--profile", stock / "query.json", "--against", stock / "person.json")
    assert run(capsys, *trio)[0] == 4
    assert answer(capsys, *trio, "--mother", stock / "person.json")[1]["lr"] > 1


def test_a_pedigree_file(stock, capsys):
    typed = lines(stock / "typed.jsonl", [of("F", "person").to_json(), changed("C").to_json()])
    pedigree = {"typed": ["F", "C"], "first": [{"id": "F"}, {"id": "M"}, {"id": "C", "father": "F", "mother": "M"}],
                "second": [{"id": "F"}, {"id": "C"}]}  # fmt: skip
    (stock / "pedigree.json").write_text(json.dumps(pedigree), encoding="utf-8")
    _, said = answer(capsys, "kinship", "--pedigree", stock / "pedigree.json", "--profiles", typed)
    _, same = answer(capsys, "kinship", "--relation", "parent-child", "--profile", stock / "query.json",
                     "--against", stock / "person.json")  # fmt: skip
    assert said["lr"] == pytest.approx(same["lr"])


def test_match_delete_export_expect_and_rules(stock, capsys):
    lines(stock / "traces.jsonl", [changed("T-1", "trace").to_json()])
    assert run(capsys, "import", stock / "traces.jsonl", "--db", stock / "traces")[0] == 0
    _, said = answer(capsys, "match", "--db", stock / "traces", "--against", stock / "db")
    assert [(each["of"], each["id"], each["quality"]) for each in said["matches"]] == [("T-1", "P-hit", 3)]
    assert said["compared"] == 51
    assert said["expected_chance_matches"] > 0
    assert answer(capsys, "delete", "--db", stock / "db", "--id", "P-hit")[1] == {"deleted": 1, "total": 50}
    assert answer(capsys, "match", "--db", stock / "traces", "--against", stock / "db")[1]["matches"] == []
    _, out, _ = run(capsys, "export", "--db", stock / "traces")
    assert json.loads(out)["id"] == "T-1"
    _, expected = answer(capsys, "expect", "--size", "1000000", "--loci", "ess12")
    assert expected["compared"] == 499999500000
    _, of_db = answer(capsys, "expect", "--db", stock / "db", "--profile", stock / "query.json")
    assert of_db["compared"] == 51
    assert len(answer(capsys, "expect", "--populations")[1]["populations"]) == 30
    names = [each["id"] for each in answer(capsys, "rules")[1]["rules"]]
    assert {"prum", "prum2", "interpol"} <= set(names)
    assert answer(capsys, "rules", "prum")[1]["match"]["minimum_full"] == 6
    assert "looked-up" in run(capsys, "rules", "prum")[1]


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("search", "--db", "none", "--profile", "query.json"), 4, "dna.index.missing"),
        (("search", "--db", "db", "--profile", "stock.jsonl"), 4, "dna.profile"),
        (("search", "--db", "db", "--profile", "query.json", "--rule", "prum2"), 4, "dna.rules"),
        (("search", "--db", "db", "--profile", "query.json", "--option", "six"), 4, "dna.rules"),
        (("search", "--db", "db", "--profile", "few.json"), 4, "dna.inclusion"),
        (("import", "stock.jsonl", "--db", "db"), 4, "dna.duplicate"),
        (("import", "none.jsonl", "--db", "db"), 4, "dna.format"),
        (("lr", "--profile", "query.json", "--population", "Nowhere"), 4, "dna.population"),
        (("lr", "--profile", "query.json", "--theta", "7"), 4, "dna.parameter"),
        (("lr", "--profile", "query.json", "--contributors", "2"), 4, "dna.parameter"),
        (
            ("kinship", "--relation", "neighbour", "--profile", "query.json", "--against", "person.json"),
            4,
            "dna.pedigree",
        ),
        (("kinship",), 4, "dna.pedigree"),
        (("expect", "--size", "5"), 4, "dna.parameter"),
        (("match", "--db", "db", "--against", "db", "--rule", "store"), 4, "dna.rules"),
    ],
)
def test_errors_say_what_to_do_and_never_trace_back(stock, capsys, monkeypatch, words, code, error):
    few = of("F-1", loci={"TH01": ["6", "7"]}).to_json()
    (stock / "few.json").write_text(json.dumps(few), encoding="utf-8")
    monkeypatch.chdir(stock)
    got, said = answer(capsys, *words)
    assert got == code
    assert said["error"]["code"] == error
    assert said["error"]["remedy"] or said["error"]["cause"]
    got, _, err = run(capsys, *words)
    assert got == code
    assert err
    assert "Traceback" not in err
