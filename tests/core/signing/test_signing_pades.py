"""PAdES signatures on letters made by typst: tags and metadata stay, any change afterwards is found."""

from __future__ import annotations

import io
from datetime import timedelta
from functools import partial

import pikepdf
import pytest
import typst
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec
from signing_world import AT, YEAR, flipped, make, needs_openssl, openssl

from comity.errors import ComityError
from comity.signing import pades, pki
from comity.signing.errors import MalformedSignatureError, UnsealableError
from comity.signing.trust import Trust
from comity.signing.verdict import Indication, SubIndication

LETTER = """#set document(title: "Letter of request", author: "TEST Authority")
#set text(lang: "en")
= Letter of request
To the authority, about #link("https://example.org/case")[the case].
#pagebreak()
== Measures
Bank records.
"""
PDF = typst.compile(LETTER.encode(), format="pdf", pdf_standards=["ua-1"])
WORLD = make()


def sign(pdf: bytes = PDF, world=WORLD, *, timed: bool = True, reason: str = "Request approved") -> bytes:
    tsa = world.ua.tsa if timed else None
    return pades.sign(pdf, world.ua.signer, at=AT, reason=reason, name="TEST Олена Прокурорка", tsa=tsa)


SIGNED = sign()


def test_a_letter_is_signed_with_its_time():
    (verdict,) = pades.verify(SIGNED, WORLD.trust, AT)
    assert verdict.passed
    assert (verdict.state, verdict.at) == ("UA", AT)


def test_without_a_timestamp_it_is_b_b():
    (verdict,) = pades.verify(sign(timed=False), WORLD.trust, AT)
    assert verdict.passed
    assert verdict.at is None
    (late,) = pades.verify(sign(timed=False), WORLD.trust, AT + 5 * YEAR)
    assert late.sub is SubIndication.OUT_OF_BOUNDS_NO_POE


def test_the_letter_itself_is_not_touched():
    assert SIGNED.startswith(PDF)
    with pikepdf.open(io.BytesIO(PDF)) as before, pikepdf.open(io.BytesIO(SIGNED)) as after:
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert b"<pdfuaid:part>1</pdfuaid:part>" in after.Root.Metadata.read_bytes()
        assert after.Root.StructTreeRoot.objgen == before.Root.StructTreeRoot.objgen
        assert after.Root.MarkInfo.Marked
        assert after.Root.Lang == before.Root.Lang
        assert after.Root.ViewerPreferences.DisplayDocTitle
        assert len(after.pages) == len(before.pages) == 2
        assert after.pages[0].Tabs == "/S"


def test_the_field_is_outside_the_page_and_has_a_name_to_read():
    """PDF/UA-1 clause 7.18: a widget needs no tag where it lies outside the page; it always needs a name (TU)."""
    with pikepdf.open(io.BytesIO(SIGNED)) as found:
        (field,) = found.Root.AcroForm.Fields
        assert all(float(corner) < 0 for corner in field.Rect)
        assert str(field.TU) == "TEST Олена Прокурорка: Request approved"
        assert field.V.SubFilter == "/ETSI.CAdES.detached"
        assert str(field.V.M).startswith("D:20261124120000")
        assert str(field.V.Reason) == "Request approved"


def test_several_may_sign_one_after_the_other():
    world = make()
    twice = pades.sign(
        sign(world=world),
        world.de.signer,
        at=AT + timedelta(days=1),
        reason="Received",
        name="TEST DE",
        tsa=world.de.tsa,
    )
    first, second = pades.verify(twice, world.trust, AT + timedelta(days=2))
    assert (first.passed, first.state) == (True, "UA")
    assert (second.passed, second.state) == (True, "DE")
    thrice = sign(twice, world)
    assert [v.passed for v in pades.verify(thrice, world.trust, AT + timedelta(days=2))] == [True] * 3


def test_a_letter_without_signature_does_not_pass():
    (verdict,) = pades.verify(PDF, WORLD.trust, AT)
    assert verdict.indication is Indication.FAILED
    assert verdict.reason == "The PDF carries no signature."


def test_whom_nobody_trusts_is_left_open():
    (verdict,) = pades.verify(SIGNED, Trust.none(), AT)
    assert verdict.sub is SubIndication.NO_CERTIFICATE_CHAIN_FOUND


def _update(change) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(SIGNED))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _other_language(writer) -> None:
    writer.root["/Lang"] = generic.TextStringObject("de")
    writer.update_root()


def _other_text(writer) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)


def _a_note(writer) -> None:
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 300, 300))),
            generic.pdf_name("/Contents"): generic.TextStringObject("another sum"),
        }
    )
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Annots"].append(writer.add_object(note))
    writer.update_container(page["/Annots"])


@pytest.mark.parametrize("change", [_other_language, _other_text, _a_note])
def test_a_later_change_is_found(change):
    (verdict,) = pades.verify(_update(change), WORLD.trust, AT)
    assert verdict.indication is Indication.FAILED
    assert "was changed after the signature Signature1" in verdict.reason


@pytest.mark.parametrize("change", [_other_language, _other_text, _a_note])
def test_a_change_between_two_signatures_is_found(change):
    first, second = pades.verify(sign(_update(change)), WORLD.trust, AT)
    assert "was changed after the signature Signature1" in first.reason
    assert second.passed


def test_a_later_signature_drawn_over_the_page_leaves_the_earlier_one_open(monkeypatch):
    """A signature is the one change that may follow; drawn on the page it could cover the sum of money."""
    monkeypatch.setattr(pades, "SigFieldSpec", partial(SigFieldSpec, box=(0, 0, 400, 400)))
    first, second = pades.verify(sign(SIGNED), WORLD.trust, AT)
    assert first.sub is SubIndication.GENERIC
    assert "whether it hides what Signature1 signed" in first.reason
    assert second.passed


def test_bytes_after_the_end_are_found():
    (verdict,) = pades.verify(SIGNED + b"\n", WORLD.trust, AT)
    assert verdict.sub is SubIndication.FORMAT_FAILURE


def test_saved_again_by_another_program_it_does_not_hold():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(SIGNED)) as found:
        found.save(out)
    with pytest.raises(MalformedSignatureError):
        pades.verify(out.getvalue(), WORLD.trust, AT)


def test_a_signature_moved_to_another_letter_does_not_hold():
    other = typst.compile(LETTER.replace("Bank", "Tank").encode(), format="pdf", pdf_standards=["ua-1"])
    start = SIGNED.index(b"/Contents <") + len(b"/Contents ")
    end = SIGNED.index(b">", start)
    forged = sign(other)
    into = forged.index(b"/Contents <") + len(b"/Contents ")
    forged = forged[:into] + SIGNED[start:end] + forged[into + end - start :]
    (verdict,) = pades.verify(forged, WORLD.trust, AT)
    assert verdict.sub is SubIndication.HASH_FAILURE


def _contents() -> tuple[int, int]:
    start = SIGNED.index(b"/Contents <") + len(b"/Contents <")
    return start, SIGNED.index(b">", start)


@pytest.mark.parametrize("where", ["first", "middle", "padding", "last"])
@pytest.mark.parametrize("mask", [0x01, 0x20])
def test_the_signatures_own_digits_cannot_change_unseen(where, mask):
    start, end = _contents()
    letters = [at for at in range(start, end) if SIGNED[at : at + 1].isalpha()]
    at = {"first": letters[0], "middle": letters[len(letters) // 2], "padding": end - 40, "last": end - 1}[where]
    assert not _passes(flipped(SIGNED, at, mask))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=200)
@given(at=st.integers(0, len(SIGNED) - 1), mask=st.integers(1, 255))
def test_any_altered_byte_is_found(at, mask):
    assert not _passes(flipped(SIGNED, at, mask))


def _passes(pdf: bytes) -> bool:
    try:
        return all(verdict.passed for verdict in pades.verify(pdf, WORLD.trust, AT))
    except ComityError:
        return False


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7\n", b"hello", PDF[:2000], PDF[-900:]])
def test_what_is_no_pdf_is_refused(pdf):
    with pytest.raises(MalformedSignatureError):
        pades.verify(pdf, WORLD.trust, AT)
    with pytest.raises(UnsealableError) as refused:
        sign(pdf)
    assert refused.value.remedy == "Make the document again."


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=100)
@given(cut=st.integers(0, len(SIGNED) - 1))
def test_a_cut_letter_is_refused_without_a_fault(cut):
    assert not _passes(SIGNED[:cut])


@needs_openssl
def test_openssl_verifies_what_the_signature_covers(tmp_path):
    start, end = _contents()
    contents = bytes.fromhex(SIGNED[start:end].decode())
    size = 4 + int.from_bytes(contents[2:4], "big")
    (tmp_path / "s.p7s").write_bytes(contents[:size])
    (tmp_path / "covered").write_bytes(SIGNED[: start - 1] + SIGNED[end + 1 :])
    (tmp_path / "ca.pem").write_bytes(pki.pem(WORLD.ua.anchor))
    found = openssl(
        "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", tmp_path / "s.p7s", "-content",
        tmp_path / "covered", "-CAfile", tmp_path / "ca.pem", "-purpose", "any", "-attime",
        str(int(AT.timestamp())), "-out", tmp_path / "out",
    )  # fmt: skip
    assert found.returncode == 0, found.stderr


def test_pyhanko_validates_it():
    """A second implementation of PAdES reads the signature, its coverage and its timestamp."""
    from asn1crypto import x509 as asn1
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    from comity.signing.certificate import der

    root = asn1.Certificate.load(der(WORLD.ua.anchor))
    context = ValidationContext(trust_roots=[root], moment=AT)
    (embedded,) = PdfFileReader(io.BytesIO(SIGNED)).embedded_signatures
    status = validate_pdf_signature(embedded, context, ts_validation_context=context)
    assert status.intact
    assert status.valid
    assert status.trusted
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.timestamp_validity.valid
