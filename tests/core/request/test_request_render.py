"""The letter: what is in it, that it is tagged, and that nothing a user writes is anything but text."""

from __future__ import annotations

import dataclasses
import io
import re
import time

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.fonts import coverage
from comity.request.errors import FieldRefusedError, LetterError
from comity.request.letter import Language, letter
from comity.request.render import render
from support.cooperation import LETTER, ORDER, answer, draft, request

MANY = {
    "persons": [{"role": "witness", "name": f"Особа Вигадана {n}", "description": "Опис. " * 90} for n in range(25)]
}
HOSTILE = '#panic("x") *bold* $x^2$ = Heading\n// comment #read("/etc/passwd") <label> @ref \\ `raw` #sys.inputs ]}"'


def shown(pdf: bytes) -> str:
    """The text of a letter, read from its pages by the fonts' own maps to Unicode (ISO 32000-2 clause 9.10.3)."""
    with pikepdf.open(io.BytesIO(pdf)) as found:
        return "\n".join(text(page) for page in found.pages)


def text(page: pikepdf.Page) -> str:
    maps = {name: unicode_of(font) for name, font in page.Resources.Font.items()}
    words, font = [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "Tf":
                font = maps[str(operands[0])]
            case "TJ":
                words += [decoded(bytes(one), font) for one in operands[0] if isinstance(one, pikepdf.String)]
            case "Tj":
                words.append(decoded(bytes(operands[0]), font))
            case "BT":
                words.append(" ")
    return re.sub(r"\s+", " ", "".join(words))


def unicode_of(font: pikepdf.Object) -> dict[int, str]:
    table = bytes(font.ToUnicode.read_bytes()).decode("latin-1")
    pairs = re.findall(r"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>", table)
    return {int(code, 16): bytes.fromhex(target).decode("utf-16-be") for code, target in pairs}


def decoded(data: bytes, font: dict[int, str]) -> str:
    return "".join(font.get(int.from_bytes(data[at : at + 2], "big"), "") for at in range(0, len(data), 2))


def tags(pdf: bytes) -> list[str]:
    found: list[str] = []

    def walk(node: pikepdf.Object) -> None:
        if isinstance(node, pikepdf.Array):
            for kid in node:
                walk(kid)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(str(node.S))
            if "/K" in node:
                walk(node.K)

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        walk(opened.Root.StructTreeRoot)
    return found


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize(("basis", "between"), [(LETTER, "UA-DE"), (ORDER, "FR-ES")])
def test_the_letter_is_tagged_titled_and_in_its_language(basis, between, language):
    made = request(basis, between)
    pdf = render(made, language)
    with pikepdf.open(io.BytesIO(pdf)) as found:
        assert bool(found.Root.MarkInfo.Marked)
        assert str(found.Root.Lang) == language
        assert bool(found.Root.ViewerPreferences.DisplayDocTitle)
        with found.open_metadata() as meta:
            assert str(made.dossier) in meta["dc:title"]
            assert (meta["pdfuaid:part"], meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("1", "3", "A")
        for item in found.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                assert "/FontFile2" in item or "/FontFile3" in item
                assert str(item.FontName).split("+")[1].startswith("Noto")
    order = tags(pdf)
    assert order.count("/H1") == 1
    assert {"/H2", "/Table", "/TH", "/P"} <= set(order)


def test_the_letter_holds_the_canonical_request_as_an_associated_file():
    made = request()
    with pikepdf.open(io.BytesIO(render(made, "en"))) as found:
        assert list(found.attachments) == ["request.json"]
        attached = found.attachments["request.json"]
        assert attached.get_file().read_bytes() == made.canonical
        assert str(attached.obj.AFRelationship) == "/Data"


def test_the_same_request_gives_the_same_bytes():
    assert render(request(), "uk", test=True) == render(request(), "uk", test=True)


def test_the_letter_carries_digest_release_basis_and_where_the_law_is_known_from():
    made = request()
    said = shown(render(made, "en"))
    compact = said.replace(" ", "")
    assert made.digest.hex in compact
    assert made.law.release in compact
    assert made.law.lawbase in compact
    for word in ("looked up", "recalled, to be checked, doubtful", "ETS No. 030 Art. 14(1)"):
        assert word.replace(" ", "") in compact
    assert "TogetherwithETSNo.182" in compact


def test_only_the_letter_of_a_test_node_is_marked_as_one():
    assert "TEST." in shown(render(request(), "en", test=True))
    assert "TEST." not in shown(render(request(), "en"))
    assert "ТЕСТ." in shown(render(request(), "uk", test=True))


def test_the_eio_has_every_section_of_annex_a():
    said = letter(request(ORDER, "FR-ES"), Language.EN)
    assert [one["mark"] for one in said["sections"]] == list("ABCDEFGHIJKL")
    assert "Not stated" in shown(render(request(ORDER, "FR-ES"), "en"))


def test_the_eio_says_what_annex_a_asks_besides():
    full = {
        "particulars": {"earlier_order": "EIO-1", "type_of_proceedings": "Criminal", "legal_remedies": "None sought"},
        "offences": [{"id": "fraud", "classification": "Fraud", "provision": "Art. 1", "maximum_penalty_months": 60}],
    }
    said = letter(request(ORDER, "FR-ES", **full), Language.EN)
    sections = {one["mark"]: str(one["entries"]) for one in said["sections"]}
    assert "EIO-1" in sections["D"]
    assert "Criminal" in sections["F"]
    assert "None sought" in sections["J"]
    assert "swindling" in sections["G"]
    assert "['Punishable by at least three years at most', 'Yes', False]" in sections["G"]
    assert "swindling" not in str(letter(request(offences=full["offences"]), Language.EN)["sections"])


def test_nothing_the_draft_holds_is_left_out_of_the_letter():
    full = {
        "damage": "Шкода", "necessity": "Necessity", "assistance": "Assistance", "confidential": True,
        "confidentiality_reason": "Secret", "urgency": {"urgent": True, "reason": "Haste", "until": "2026-12-20"},
        "proceedings": {"name": "Case", "number": "17", "subject": "Subject", "stage": "Stage"}, "contact": "Contact point",
        "phones": [{"number": "+380441234567", "user": "User"}], "items": [{"description": "Item", "where": "Place"}],
        "span": {"first": "2026-02-01", "last": "2026-05-31"}, "formalities": [{"text": "Formality", "reason": "Why"}],
        "previous_contacts": [{"with_whom": "Earlier", "on": "2026-01-01", "reference": "R-1", "text": "About"}],
        "particulars": {"moon_phase": "full"}, "addressee": "Addressee",
        "attachments": [{"name": "order.pdf", "sha256": "d" * 64, "size": 12345}],
    }  # fmt: skip
    for basis, between in ((LETTER, "UA-DE"), (ORDER, "FR-ES")):
        compact = shown(render(request(basis, between, **full), "en")).replace(" ", "")
        wanted = [
            "Шкода", "Necessity", "Assistance", "Secret", "Haste", "20December2026", "Case", "17", "Subject", "Stage",
            "Contactpoint", "+380441234567", "User", "Item", "Place", "1February2026–31May2026", "Formality", "Why",
            "Earlier", "R-1", "About", "full", "Addressee", "order.pdf", "d" * 64, "12345", "ІванВигаданий", "IvanVyhadanyi",
        ]  # fmt: skip
        assert [word for word in wanted if word not in compact] == []


@pytest.mark.parametrize("language", ["en", "uk"])
def test_what_a_user_writes_is_text_and_never_markup(language):
    made = request(object=HOSTILE, persons=[{"role": "suspect", "name": "#let x = 1"}], particulars={"x": HOSTILE})
    compact = shown(render(made, language)).replace(" ", "")
    for piece in ('#panic("x")', "*bold*", "$x^2$", "=Heading", '#read("/etc/passwd")', "<label>", "`raw`", "#letx=1"):
        assert piece.replace(" ", "") in compact
    assert "root:" not in compact


def test_arabic_and_ukrainian_names_are_set():
    made = request(persons=[{"role": "victim", "name": "عمر الخيالي", "latin": "Omar al-Khayali"}])
    with pikepdf.open(io.BytesIO(render(made, "uk"))) as found:
        names = {str(o.FontName) for o in found.objects if isinstance(o, pikepdf.Dictionary) and "/FontName" in o}
    assert any("NaskhArabic" in name for name in names)


def test_a_sign_no_font_has_is_written_as_its_code_point_and_the_letter_says_so():
    made = request(persons=[{"role": "victim", "name": "漢字 (Hanzi)"}])
    said = shown(render(made, "en")).replace(" ", "")
    assert "[U+6F22U+5B57](Hanzi)" in said
    assert "writtenascodepoints" in said
    assert "writtenascodepoints" not in shown(render(request(), "en")).replace(" ", "")


@pytest.mark.parametrize("name", ["გიორგი", "Արմեն", "דוד", "Ελένη", "Đỗ Hữu", "Ґалаґан Їжак", "नमस्ते", "عمر"])
def test_names_in_the_scripts_of_the_council_of_europe_and_beyond_are_set(name):
    assert "codepoints" not in shown(render(request(object=name), "en")).replace(" ", "")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.sampled_from("abfiАБґєїЩ 0159#$*_`\\<>@=-+/~[]{}()\"'&%|^…–«»\n😀漢\u200d"), min_size=1, max_size=80))
def test_any_text_is_set_as_it_is(text):
    try:
        made = request(object=f"x{text}x")
    except FieldRefusedError:
        return
    said = re.sub(r"\s", "", shown(render(made, "en")))
    wanted = re.sub(r"[\s\u200d]", "", coverage.shown(made.draft.object))
    assert wanted in said.replace("\u200d", "")


def test_long_letters_and_bare_ones_are_set_in_time():
    long = request(facts={"what": "Довге речення про обставини. " * 650}, reason="x" * 15_000, **MANY)
    bare = dataclasses.replace(request(), provisions=(), undertakings=(), contents=())
    render(bare, "en")
    begin = time.process_time()
    with pikepdf.open(io.BytesIO(render(long, "uk"))) as found:
        assert len(found.pages) > 8
    assert time.process_time() - begin < 2


def test_reciprocity_is_said_plainly():
    said = shown(render(request(None, "UA-BT", answer(None, "UA-BT", fallback=True)), "en")).replace(" ", "")
    assert "Reciprocityandthedomesticlawofbothstates" in said


def test_there_are_letters_in_two_languages():
    with pytest.raises(LetterError, match="'fr'"):
        render(request(), "fr")


def test_every_word_of_the_letter_is_there_in_both_languages():
    for language in Language:
        assert all(letter(request(), language)["words"].values())
    assert draft().language == "en"


def test_a_word_longer_than_a_line_is_broken_and_not_lost_at_the_edge():
    pages = []
    for length in (10, 6000):
        pdf = render(request(object="https://example.org/" + "a" * length), "en")
        assert shown(pdf).count("a") >= length
        with pikepdf.open(io.BytesIO(pdf)) as found:
            pages.append(len(found.pages))
    assert pages[1] > pages[0]
