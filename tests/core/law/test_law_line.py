"""A question in one line: what people type is read as what they mean, and what is not understood is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.cli.main import main
from comity.law.line import Line, read_line


@pytest.mark.parametrize(
    ("text", "asking", "asked", "measure", "offence", "on"),
    [
        ("Ukraine Germany bank records fraud 2026-11-24", "UA", "DE", "bank_records", "fraud", "2026-11-24"),
        ("from UA to DE bank_records fraud", "UA", "DE", "bank_records", "fraud", ""),
        ("extradition to Poland from France", "FR", "PL", "extradition", "", ""),
        ("Germany: search and seizure", "UA", "DE", "search_and_seizure", "", ""),
        ("witness hearing in the United States", "UA", "US", "witness_hearing", "", ""),
        ("видача з Німеччини 24.11.2026", "DE", "", "extradition", "", "2026-11-24"),
        ("Україна Німеччина шахрайство", "UA", "DE", "", "fraud", ""),
        ("service of documents UK", "UA", "GB", "service_of_documents", "", ""),
        ("FR GB joint investigation team 2020-12-31", "FR", "GB", "joint_investigation_team", "", "2020-12-31"),
    ],
)
def test_a_line_is_read_as_it_is_meant(lawbase, text, asking, asked, measure, offence, on):
    found = read_line(text, lawbase, own="UA")
    assert (found.requesting, found.requested, found.on) == (asking, asked, on)
    assert measure in (found.measures or ("",))
    assert offence in (found.offences or ("",))
    assert found.left == ()


def test_what_is_not_understood_is_returned(lawbase):
    found = read_line("Germany bank records for Zorgon", lawbase, own="UA")
    assert found.left == ("Zorgon",)
    assert found.measures == ("bank_records",)
    assert read_line("", lawbase, own="UA") == Line("UA", "", (), (), "", ())


def test_every_measure_is_found_by_its_id_and_title(lawbase):
    named = {}
    for measure in lawbase.measures.values():
        for name in (measure.title, measure.uk):
            named.setdefault(name.casefold(), set()).add(measure.id)
    for measure in lawbase.measures.values():
        for name in (measure.id, measure.title, measure.uk):
            found = set(read_line(name, lawbase).measures)
            assert found & named.get(name.casefold(), {measure.id}), name


def test_the_command_asks_what_a_line_says(capsys, monkeypatch, tmp_path_factory):
    monkeypatch.setenv("COMITY_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    assert main(["law", "ask", "Germany", "bank", "records", "fraud", "2026-11-24", "Zorgon", "--own", "UA"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Not understood: Zorgon")
    assert "Ukraine -> Germany" in said
    assert main(["law", "ask", "Germany fraud", "--own", "UA", "--json"]) == 4
    assert "does not say the measure" in capsys.readouterr().out


@given(st.text(max_size=400))
def test_no_line_breaks_the_reader(lawbase, text):
    found = read_line(text, lawbase, own="UA")
    assert set(found.measures) <= set(lawbase.measures)
    assert set(found.offences) <= set(lawbase.offences)
