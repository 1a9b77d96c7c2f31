"""PAdES signatures on letters (ETSI EN 319 142-1): level B-B, or B-T with a timestamp, added as an incremental update.

The signature field is invisible and outside the page, so that the letter's pictures, its tags (PDF/UA) and its metadata
stay as they are. A check takes the bytes the signature names, not what a reader makes of them: they must be the whole
file but for the signature itself, and nothing may follow but further signatures.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Final

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from comity.signing import cades, certificate, timestamp
from comity.signing.errors import MalformedSignatureError, UnsealableError
from comity.signing.port import Signer, TimestampAuthority
from comity.signing.trust import Trust
from comity.signing.verdict import SubIndication, Verdict

__all__ = ["sign", "verify"]

logging.getLogger("pyhanko").addHandler(logging.NullHandler())  # what it finds odd in a file is in our verdict

_SPARE: Final = 2048
_HEX: Final = re.compile(rb"<([0-9A-F]*|[0-9a-f]*)>")
_BAD: Final = (
    PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, RecursionError,
    OverflowError, NotImplementedError, EOFError,
)  # fmt: skip
"""What pyHanko raises on damaged files."""


class _Update(IncrementalPdfFileWriter):
    """An update that leaves the document's metadata as they are, and asks no clock."""

    def _update_meta(self) -> None:
        """Write no metadata."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A signature as it stands in the file; ``covered`` is what it signs, ``end`` where that ends in the file.

    ``drawn`` says that its field has a place on the page, where it can hide what an earlier signer saw.
    """

    name: str
    subfilter: str
    covered: bytes
    contents: bytes
    end: int
    revision: int
    drawn: bool


def sign(
    pdf: bytes, signer: Signer, *, at: datetime, reason: str, name: str, tsa: TimestampAuthority | None = None
) -> bytes:
    """Return the PDF with a further signature; ``name`` is who signs, ``at`` the time they state.

    Raise `UnsealableError` where the document is no PDF that can carry one.
    """
    room = _SPARE + _size((signer.certificate, *signer.chain)) + (_SPARE + _size(tsa.chain) if tsa else 0)
    try:
        writer = _Update(BytesIO(pdf), strict=True)
        field = f"Signature{1 + len(list(enumerate_sig_fields(writer)))}"
        steps = PdfCMSEmbedder(
            SigFieldSpec(
                field,
                on_page=0,
                readable_field_name=f"{name}: {reason}",
                invis_sig_settings=InvisSigSettings(box_out_of_bounds=True),
            )
        ).write_cms(field_name=field, writer=writer)
        next(steps)
        placeholder = SignatureObject(
            timestamp=at, subfilter=SigSeedSubFilter.PADES, name=name, reason=reason, bytes_reserved=2 * room
        )
        steps.send(SigObjSetup(placeholder))
        prepared, out = steps.send(SigIOSetup("sha256"))
        written = bytes(out.getbuffer())
    except _BAD as error:
        raise UnsealableError(f"The PDF cannot carry a signature: {_said(error)}.") from error
    covered = written[: prepared.reserved_region_start] + written[prepared.reserved_region_end :]
    signature = cades.sign(covered, signer, at=None, tsa=tsa)
    if len(signature) > room:
        raise UnsealableError(f"The signature has {len(signature):,} bytes, more than the {room:,} kept for it.")
    steps.send(signature)
    return bytes(out.getvalue())


def verify(pdf: bytes, trust: Trust, at: datetime) -> tuple[Verdict, ...]:
    """Judge each signature of a PDF at ``at``, the oldest first; a PDF without one gives one failed verdict.

    Raise `MalformedSignatureError` where the bytes are no PDF or a signature in it is none.
    """
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=True)
        fields = list(enumerate_sig_fields(reader, filled_status=True))
        found = sorted((_find(pdf, reader, *field) for field in fields), key=lambda one: one.end)
        changes = [_changed(pdf, reader, one, found) for one in found]
    except _BAD as error:
        raise MalformedSignatureError(f"These bytes are not a signed PDF: {_said(error)}.") from error
    if not found:
        return (Verdict.of(SubIndication.FORMAT_FAILURE, "The PDF carries no signature."),)
    return tuple(changed or _judge(one, trust, at) for one, changed in zip(found, changes, strict=True))


def _judge(one: _Found, trust: Trust, at: datetime) -> Verdict:
    if one.subfilter == "/ETSI.RFC3161":
        return timestamp.check(one.contents, one.covered, trust)
    if one.subfilter != "/ETSI.CAdES.detached":
        return Verdict.of(
            SubIndication.FORMAT_FAILURE, f"The signature {one.name} is not a PAdES one: {one.subfilter}."
        )
    return cades.verify(one.contents, one.covered, trust, at)


def _find(pdf: bytes, reader: PdfFileReader, name: str, value: Any, field: Any) -> _Found:
    """Take what a signature covers from the file's bytes (ISO 32000-1, 12.8.1)."""
    signature = value.get_object()
    start, first, second, rest = (int(number) for number in signature["/ByteRange"])
    end = second + rest
    gap = pdf[first:second]
    written = _HEX.fullmatch(gap)
    if start != 0 or not 0 < first < second <= end <= len(pdf) or written is None:
        raise ValueError(f"the signature {name} does not cover the bytes before and after itself")
    contents = bytes.fromhex(written[1].decode())
    size = _element(contents)
    if contents[size:].strip(b"\0"):
        raise ValueError(f"other bytes than zeros follow the signature {name}")
    return _Found(
        name=name,
        subfilter=str(signature.get("/SubFilter", "")),
        covered=pdf[:first] + pdf[second:end],
        contents=contents[:size],
        end=end,
        revision=reader.xrefs.get_last_change(value.reference),
        drawn=_drawn(field.get_object()),
    )


def _changed(pdf: bytes, reader: PdfFileReader, one: _Found, every: Sequence[_Found]) -> Verdict | None:
    """Say that the file was changed after the signature, None where only further, undrawn signatures were added."""
    if one.end == len(pdf):
        return None
    reason = f"The document was changed after the signature {one.name} was made."
    changed = Verdict.of(SubIndication.FORMAT_FAILURE, reason)
    if every[-1].end != len(pdf):
        return changed
    try:
        found = DEFAULT_DIFF_POLICY.review_file(reader, one.revision)
    except _BAD:
        return changed
    later = {other.name: other.drawn for other in every if other.end > one.end}
    if not isinstance(found, DiffResult) or found.modification_level > ModificationLevel.FORM_FILLING:
        return changed
    if not found.changed_form_fields <= later.keys():
        return changed
    if any(later.values()):
        reason = f"A later signature draws on the page; whether it hides what {one.name} signed cannot be told."
        return Verdict.of(SubIndication.GENERIC, reason)
    return None


def _drawn(field: Any) -> bool:
    """Say whether one of the field's widgets has an area."""
    widgets = [kid.get_object() for kid in field.get("/Kids", ())] or [field]
    corners = [[float(corner) for corner in widget.get("/Rect", ())] for widget in widgets]
    return any(len(found) == 4 and found[0] != found[2] and found[1] != found[3] for found in corners)


def _element(contents: bytes) -> int:
    """Return the size in bytes of the DER element that ``contents`` begins with."""
    if len(contents) < 2:
        raise ValueError("a signature is empty")
    if contents[1] < 0x80:
        return 2 + contents[1]
    width = contents[1] & 0x7F
    return 2 + width + int.from_bytes(contents[2 : 2 + width], "big")


def _size(chain: Sequence[Any]) -> int:
    return sum(len(certificate.der(one)) for one in chain)


def _said(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".") or type(error).__name__
