"""Ranking a database by likelihood ratio: what weighing each person alone says, of all persons, in order."""

import itertools
import json

import pytest
from dna_material import EURO16, drawn, lines

from comity.cli.main import main
from comity.forensics.dna.index import build
from comity.forensics.dna.index import rank as module
from comity.forensics.dna.index.database import Database
from comity.forensics.dna.index.rank import rank
from comity.forensics.dna.place import Place
from comity.forensics.dna.population import Minimum, population
from comity.forensics.dna.profile import replicated
from comity.forensics.dna.reader import profile
from comity.forensics.dna.strength.mixture import Model, ratio
from comity.forensics.dna.strength.weighed import Scale
from comity.forensics.errors import ParameterError

LOCI = EURO16[:8]


def scale(theta=0.01):
    return Scale(population("Cauc"), theta, Minimum())


def read(objects):
    return [profile(each, Place("made", number)) for number, each in enumerate(objects, 1)]


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    """Persons, some partial or with wildcards, and traces among them, in two segments."""
    objects = [*drawn(220, 41, partial=0.2, wild=0.02, off=0.01, loci=LOCI)]
    objects += [*drawn(20, 42, prefix="T", category="trace", loci=LOCI)]
    profiles = read(objects)
    database = Database.create(tmp_path_factory.mktemp("rank") / "db")
    for part in (profiles[:150], profiles[150:]):
        database.take([(Place("made", n), each) for n, each in enumerate(part, 1)], inclusion=None)
    return profiles, database


def mixture(profiles, *numbers, lost=0):
    loci = {}
    for name in LOCI:
        found = {one.text for number in numbers for one in profiles[number].loci.get(name, ()) if one.number}
        loci[name] = sorted(found)[lost if name == LOCI[0] else 0 :]
    return profile({"id": "M-1", "category": "trace", "loci": loci}, Place("made"))


def of_each(trace, profiles, by, model, known=()):
    """Weigh everybody alone."""
    found = {}
    for each in profiles:
        said = ratio(trace, each, by, model, known)
        if each.category.known and said.log10_lr is not None and said.log10_lr > 0:
            found[each.id] = said.log10_lr
    return sorted(found.items(), key=lambda each: (-each[1], each[0]))


CASES = [
    ("one", (3,), Model(1), 0.01, ()),
    ("two", (3, 7), Model(2, 0.1, 0.05), 0.0, ()),
    ("two with theta", (3, 7), Model(2, 0.1, 0.05), 0.02, ()),
    ("three with one known", (3, 7, 11), Model(3, 0.2, 0.05), 0.01, (7,)),
    ("own drop-outs", (3, 7), Model(2, 0.1, 0.05, of_person=0.3, of_unknown=(0.2, 0.1)), 0.01, ()),
    ("a brother in the person's place", (3, 7), Model(2, 0.1, 0.05, relative="full-siblings"), 0.01, ()),
]


@pytest.mark.parametrize(("_name", "numbers", "model", "theta", "known"), CASES, ids=[each[0] for each in CASES])
def test_the_list_is_what_weighing_each_alone_gives(stock, monkeypatch, _name, numbers, model, theta, known):
    monkeypatch.setattr(module, "PART", 64)
    profiles, database = stock
    trace, by = mixture(profiles, *numbers, lost=int(model.dropout > 0)), scale(theta)
    known = [profiles[number] for number in known]
    expected = of_each(trace, profiles, by, model, known)
    found = rank(trace, database.segments, by, model, known, most=300)
    assert [each.id for each in found.best] == [name for name, _ in expected]
    assert [each.log10_lr for each in found.best] == pytest.approx([value for _, value in expected])
    assert (found.weighed, found.above) == (220, len(expected))
    assert profiles[3].id in [each.id for each in found.best][:3]
    short = rank(trace, database.segments, by, model, known, most=2)
    assert [each.id for each in short.best] == [name for name, _ in expected[:2]]
    assert short.above == len(expected)


def test_replicates_are_weighed_together(stock):
    profiles, database = stock
    once, again = mixture(profiles, 3, 7), mixture(profiles, 3, 7, lost=1)
    trace, model = replicated([once, again]), Model(2, 0.1, 0.05)
    expected = of_each(trace, profiles, scale(), model)
    assert [each.id for each in rank(trace, database.segments, scale(), model, most=300).best] == [
        name for name, _ in expected
    ]


def test_a_deleted_person_is_not_ranked(stock, tmp_path):
    profiles, _ = stock
    database = Database.create(tmp_path / "db")
    database.take([(Place("made", n), each) for n, each in enumerate(profiles[:20], 1)], inclusion=None)
    trace = mixture(profiles, 3, 7)
    reader = Database.open(tmp_path / "db")
    before = rank(trace, reader.segments, scale(), Model(2), most=20)
    database.delete([profiles[3].id])
    after = rank(trace, reader.segments, scale(), Model(2), most=20)
    assert {each.id for each in before.best} - {each.id for each in after.best} == {profiles[3].id}
    assert after.weighed == before.weighed - 1 == 19


def test_typings_beyond_the_code_space_are_ranked_too(stock, tmp_path, monkeypatch):
    profiles, _ = stock
    database = Database.create(tmp_path / "db")
    monkeypatch.setattr(build.Column, "code", lambda _self, _seen: 65534)
    database.take([(Place("made", n), each) for n, each in enumerate(profiles[:20], 1)], inclusion=None)
    monkeypatch.undo()
    trace, model = mixture(profiles, 3, 7), Model(2, 0.1, 0.05)
    expected = of_each(trace, profiles[:20], scale(), model)
    found = rank(trace, Database.open(tmp_path / "db").segments, scale(), model, most=20)
    assert [each.id for each in found.best] == [name for name, _ in expected]


def test_a_trace_the_model_cannot_explain_gives_no_list(stock):
    profiles, database = stock
    trace = mixture(profiles, 3, 7, 11)
    with pytest.raises(ParameterError, match="contributors"):
        rank(trace, database.segments, scale(), Model(1))
    with pytest.raises(ParameterError, match="no place"):
        rank(trace, database.segments, scale(), Model(3), most=0)


def test_the_command_lists_the_contributors_first(tmp_path, capsys):
    persons = [*drawn(60, 5)]
    lines(tmp_path / "persons.jsonl", persons)
    assert main(["dna", "import", str(tmp_path / "persons.jsonl"), "--db", str(tmp_path / "db")]) == 0
    loci = {name: sorted({*persons[1]["loci"][name], *persons[2]["loci"][name]}) for name in EURO16}
    (tmp_path / "trace.json").write_text(json.dumps({"id": "M-1", "category": "trace", "loci": loci}), "utf-8")
    capsys.readouterr()
    words = ["dna", "rank", "--db", str(tmp_path / "db"), "--profile", str(tmp_path / "trace.json")]
    words += ["--contributors", "2", "--dropout", "0.05", "--drop-in", "0.05"]
    assert main([*words, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert {each["id"] for each in said["persons"][:2]} == {"P-1", "P-2"}
    assert said["weighed"] == 60
    assert all(a["log10_lr"] >= b["log10_lr"] > 0 for a, b in itertools.pairwise(said["persons"]))
    assert main(words) == 0
    assert "60 persons weighed" in capsys.readouterr().out
    assert main([*words, "--least", "1e200"]) == 1
    assert main([*words, "--least", "0"]) == 4
    assert "above 0" in capsys.readouterr().err
    assert main([*words, "--population", "Cauc", "--population", "AfAm"]) == 4
