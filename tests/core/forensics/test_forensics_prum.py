"""The content of a Prüm message: written by the export rules, read back as it was, and refused with line and field."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.cli.main import main
from comity.errors import ComityError
from comity.forensics.dna.formats import guess, read
from comity.forensics.dna.formats.prum import NOTE, Match, Message, Result, message, write
from comity.forensics.dna.profile import Category
from comity.forensics.errors import FormatError, InclusionError
from comity.forensics.said import known
from support.dna import LOCI, OTHER, made, saved, written

AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
TRACE = made("UA-T-1", "trace", {**LOCI, "TH01": ["6", "OL"], "DYS391": ["10"]})
REQUEST = Message(
    "UA", "DE", ("DNA-UA-DE-2026-11-25-0001-1", AT), test=True, profiles=(TRACE, made("UA-P-2", "person"))
)
ANSWER = Message(
    "UA", "DE", REQUEST.request, test=True, profiles=REQUEST.profiles, answer=("A-7", AT),
    results=(Result("UA-T-1", (Match(made("DE-P-1", "person"), "2"),)), Result("UA-P-2", ())), control=("prum", "1", 1000),
)  # fmt: skip


def text(said=REQUEST) -> str:
    return "".join(write(said))


def kept(tmp_path, content, name="message.xml"):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return path


def test_a_request_is_written_by_the_export_rules_and_says_what_it_is(tmp_path):
    told = text()
    assert NOTE in told
    assert (
        '<locus name="TH01"><allele>6</allele><allele>*</allele></locus>' in told
    )  # what is not designated is a wildcard
    assert "DYS391" not in told
    path = kept(tmp_path, told)
    assert guess(path) == "prum"
    first, second = (profile for _, profile in read(path))
    assert (first.id, first.category, second.category) == ("UA-T-1", Category.TRACE, Category.PERSON)
    assert [each.text for each in first.loci["TH01"]] == ["6", "*"]
    assert second.loci == made("UA-P-2", "person").loci
    found = message(path)
    assert (found.requesting, found.requested, found.request, found.test) == ("UA", "DE", REQUEST.request, True)


def test_an_answer_is_read_back_as_it_was_written(tmp_path):
    found = message(kept(tmp_path, text(ANSWER)))
    assert (found.answer, found.control) == (("A-7", AT), ("prum", "1", 1000))
    assert [(one.query, [(m.profile.id, m.quality) for m in one.matches]) for one in found.results] == [
        ("UA-T-1", [("DE-P-1", "2")]),
        ("UA-P-2", []),
    ]
    with pytest.raises(FormatError, match="is an answer"):
        list(read(kept(tmp_path, text(ANSWER))))


@pytest.mark.parametrize(
    ("category", "kind"), [("unidentified-remains", Category.REMAINS), ("trace", Category.TRACE), ("person", None)]
)
def test_a_category_fits_the_type_or_is_refused(tmp_path, category, kind):
    path = kept(tmp_path, "".join(write(Message("UA", "DE", ("1", AT), test=False, profiles=(TRACE,)))))
    if kind is None:
        with pytest.raises(ComityError, match="which a profile of category person is not"):
            list(read(path, category=category))
    else:
        assert [profile.category for _, profile in read(path, category=category)] == [kind]


@pytest.mark.parametrize(
    "profile",
    [
        made("X-1", "trace", dict(list(LOCI.items())[:5])),  # I2
        made(
            "X-1", "person", {name: LOCI[name] for name in ("D2S1338", "D19S433", "D16S539", "TH01", "VWA", "FGA")}
        ),  # I3
        made("X-1", "trace", {**LOCI, "TH01": ["6", "7", "9.3"]}),  # I5
    ],
)
def test_what_the_annex_does_not_let_out_is_not_written(profile):
    with pytest.raises(InclusionError):
        text(Message("UA", "DE", ("1", AT), test=False, profiles=(profile,)))


BROKEN = [
    (r'data="test"', 'data="maybe"', r"line 2, data: 'maybe' is none of test, true"),
    (r'message="request"', 'message="answer"', r"line 2, message: a message of kind answer and its header disagree"),
    (r"<requested>DE</requested>", "<requested>XX</requested>", r"line 5, requested: .*XX"),
    (r"    <requested>DE</requested>\n", "", r"header: requested is missing"),
    (r'at="2026-11-25T09:30:00\+00:00"', 'at="yesterday"', r"line 6, at: 'yesterday' is no date and time"),
    (r"09:30:00\+00:00", "09:30:00", r"line 6, at: .* does not say its time zone"),
    (r'type="unidentified"', 'type="suspect"', r"line 8, type: 'suspect' is none of reference, unidentified"),
    (r'reference="UA-T-1"', 'reference="Іван"', r"line 8, profile: 'Іван' is not a profile's id"),
    (r'reference="UA-P-2"', 'reference="UA-T-1"', r"UA-T-1 stands twice"),
    (r"<allele>6</allele><allele>\*</allele>", "<allele>6</allele>", r"locus TH01: 1 allele values"),
    (
        r"<allele>6</allele><allele>\*</allele>",
        "<allele>6</allele><allele>axe</allele>",
        r"line 10, locus TH01: 'axe' is not an allele",
    ),
    (r'<locus name="TH01">', '<locus name="TH0I">', r"line \d+, locus TH0I: 'TH0I' is not the name of a locus"),
    (r"<header>", "<header><name>Ivan</name>", r"line 3, name: 'name' may not stand in header"),
    (r"<profile ", '<profile born="1990" ', r"profile: 'born' may not stand here"),
    (r"</header>", '</header><result query="UA-T-1" found="no-hit"/>', r"a request holds no result"),
    (r"urn:comity:pruem-dna-content:1", "urn:other", r"the root is"),
    (r"</PruemContent>", "", r"line \d+: "),
    (r"<profile[\s\S]*</profile>\n", "", r"holds no profile"),
    (r"(<\?xml[^>]*>\n)", r'\1<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>', r"document type"),
]


@pytest.mark.parametrize(("was", "now", "said"), BROKEN)
def test_a_broken_message_is_refused_with_line_and_field_and_nothing_comes_of_it(tmp_path, was, now, said):
    broken, count = re.subn(was, now, text(), count=1)
    assert count == 1
    came = []
    with pytest.raises(ComityError, match=said) as refused:
        came.extend(read(kept(tmp_path, broken), "prum"))
    assert came == []
    assert refused.value.detail.startswith("message.xml")
    assert known(refused.value.detail) or "XX" in now or now == "", refused.value.detail


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (r'quality="2"', 'quality="5"', "'5' is none of 1, 2, 3, 4"),
        (r'found="hit"', 'found="no-hit"', "hit or no hit, and the matches, disagree"),
        (r'query="UA-P-2"', 'query="UA-T-9"', "UA-T-9 is not among the profiles of the request"),
        (r'  <result query="UA-P-2" found="no-hit">\n  </result>\n', "", "nothing is said of UA-P-2"),
        (r'searched="1000"', 'searched="many"', "'many' is not a number"),
    ],
)
def test_a_broken_answer_is_refused(tmp_path, was, now, said):
    broken, count = re.subn(was, now, text(ANSWER), count=1)
    assert count == 1
    with pytest.raises(ComityError, match=said):
        message(kept(tmp_path, broken))


@settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(cut=st.integers(0, 4000), put=st.binary(max_size=6))
def test_whatever_stands_in_the_file_is_refused_or_read_whole(tmp_path, cut, put):
    content = text(ANSWER).encode()
    cut %= len(content)
    path = tmp_path / "message.xml"
    path.write_bytes(content[:cut] + put + content[cut + len(put) :])
    try:
        profiles = message(path).profiles
    except ComityError:
        return
    assert len(profiles) == 2


def test_the_commands_write_look_at_and_take_in_a_message(tmp_path, capsys):
    held = saved(tmp_path / "held.jsonl", [written("UA-T-1", "trace"), written("UA-P-2", "person", OTHER)])
    assert main(["dna", "import", str(held), "--db", str(tmp_path / "a")]) == 0
    capsys.readouterr()
    export = [
        "dna",
        "export",
        "--db",
        str(tmp_path / "a"),
        "--format",
        "prum",
        "--requesting",
        "ua",
        "--requested",
        "DE",
    ]
    assert main(export) != 0
    assert "Give --requesting, --requested and --number" in capsys.readouterr().err
    assert main([*export, "--number", "7", "--id", "UA-T-1", "--test-data"]) == 0
    path = kept(tmp_path, capsys.readouterr().out)
    assert main(["dna", "message", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["message"], told["requesting"], told["number"], told["data"]) == ("request", "UA", "7", "test")
    assert [one["id"] for one in told["profiles"]] == ["UA-T-1"]
    take = ["dna", "import", str(path), "--db", str(tmp_path / "b"), "--format", "prum", "--json"]
    assert main(take) != 0
    assert "says that it holds test data" in capsys.readouterr().out
    assert main([*take, "--test-data"]) == 0
    assert json.loads(capsys.readouterr().out)["imported"] == 1
    assert main(["dna", "message", str(kept(tmp_path, text(ANSWER)))]) == 0
    assert "UA-T-1: DE-P-1 (quality 2)" in capsys.readouterr().out
