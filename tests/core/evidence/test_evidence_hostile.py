"""Packages made to deceive or to harm: each is refused with a reason, in little time and memory, and nothing is written."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zipfile
import zlib

import pytest
from evidence_world import DE, LIMIT, NOW, UA, World, act, course, digital, sealed, state, world

from comity.evidence import asic, container, custody, inside
from comity.evidence.condition import Condition
from comity.evidence.container import MIMETYPE, Entry, Writer
from comity.evidence.description import DESCRIPTION, Description, Packed
from comity.evidence.errors import NotAPackageError
from comity.evidence.item import Exhibit
from comity.evidence.opened import read
from comity.evidence.verify import verify
from comity.signing.verdict import Indication, SubIndication


def checked(data: bytes):
    return verify(io.BytesIO(data), world().trust, NOW)


def parts(data: bytes, name: str) -> str:
    return " ".join(f"{p.about} {p.reason}" for p in checked(data).broken if p.name == name)


def built(members) -> bytes:
    """A container of these members, sealed by Germany: sound as a container, whatever is in it."""
    writer, blocks = Writer(container.moment(NOW)), []
    for name, data in members:
        blocks += writer.content(name, data)
    return b"".join([*blocks, *writer.close(world().de.signer.sign)])


def members(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return [(name, opened.read(name)) for name in opened.namelist()]


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7\n" + b"x" * 300, b"PK", b"\0" * 100_000, b"<html>" * 50, bytes(range(256)) * 300],
    ids=["empty", "pdf", "two bytes", "zeros", "html", "noise"],
)
def test_a_file_that_is_no_package(data):
    with pytest.raises(NotAPackageError) as caught:
        checked(data)
    assert "asice" in caught.value.diagnostics()


def test_another_zip_is_no_package():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("word/document.xml", "<x/>")
    with pytest.raises(NotAPackageError, match="not marked as one"):
        checked(out.getvalue())


def test_a_package_written_again_by_another_program():
    """The seal of the container is gone, the signature over the files holds, and that is said (decision 0001)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in members(world().packed()):
            made.writestr(name, data)
    found = checked(out.getvalue())
    assert found.status is Indication.FAILED
    assert {p.name for p in found.broken} == {"container", "seal", "rewritten"}
    assert any(p.name == "signature" and p.status is Indication.PASSED for p in found.parts)


def test_a_compressed_member_is_refused_and_not_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", MIMETYPE)
        made.writestr("bag/data/E-1/bomb", bytes(50_000_000), zipfile.ZIP_DEFLATED)
    tracemalloc.start()
    started = time.monotonic()
    found = checked(out.getvalue())
    assert time.monotonic() - started < 2
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
    assert found.status is Indication.FAILED


@pytest.mark.parametrize(
    "name",
    [
        "../outside", "/etc/passwd", "bag/../../outside", "bag\\data", "C:/x", "bag/data/", "bag//x", "bag/ä", "bag/a\0b",
        ".hidden", "bag/.ssh", "bag/data/-rf", "bag/a b", "a" * 200, "bag/" + "/".join("abcdefghi"),
    ],
)  # fmt: skip
def test_a_name_that_leads_elsewhere(name):
    data = built([("mimetype", MIMETYPE), (name, b"x")])
    found = checked(data)
    assert found.status is Indication.FAILED
    assert "central directory" in {p.about for p in found.broken}
    assert name not in read(io.BytesIO(data)).hashed


def test_a_name_that_stands_twice():
    good = members(world().packed())
    assert "twice" in parts(built([*good, good[-1]]), "container")
    assert "twice" in parts(built([*good, (good[-1][0].upper(), b"x")]), "container")


def test_members_that_overlap():
    """Two entries over the same bytes: one file seen as two, or as what it is not."""
    one = Entry("mimetype", len(MIMETYPE), zlib.crc32(MIMETYPE), 0, 0)
    two = Entry("bag/bagit.txt", len(MIMETYPE), zlib.crc32(MIMETYPE), 0, 0)
    heads = container.central(one) + container.central(two)
    data = container.local(one) + MIMETYPE
    whole = data + heads + container.ending(2, len(data), len(heads), 0)
    assert "must" in parts(whole, "container")


def test_more_members_than_are_read_are_refused_quickly():
    count = container.ending(70_001, 31, 5_000_000, 0)
    data = container.local(Entry("mimetype", 31, 0, 0, 0)) + MIMETYPE + bytes(5_000_000) + count
    started = time.monotonic()
    assert "70,001" in parts(data, "container")
    assert time.monotonic() - started < 2


def test_sizes_that_lie():
    data = bytearray(world().packed())
    at = data.find(b"PK\1\2")
    struct.pack_into("<II", data, at + 20, 0xFFFFFFF0, 0xFFFFFFF0)
    found = checked(bytes(data))
    assert found.status is Indication.FAILED


@pytest.mark.parametrize(
    ("field", "offset", "value"),
    [
        ("encrypted", 8, 1), ("data descriptor", 8, 8), ("compressed", 10, 8), ("symbolic link", 41, 0xA1),
        ("set-user-id", 41, 0x89), ("a comment", 32, 1), ("another disk", 34, 1), ("an extra field", 30, 4),
        ("made on another system", 5, 0), ("needs another version", 6, 63),
    ],
)  # fmt: skip
def test_a_header_outside_the_one_form_is_named(field, offset, value):
    """Encryption, compression, links and whatever else a ZIP header can say: none of it is in the form of a package."""
    data = bytearray(world().packed())
    at = data.find(b"PK\1\2", data.find(b"PK\1\2") + 4)
    assert data[at + offset] != value, field
    data[at + offset] = value
    found = checked(bytes(data))
    assert found.status is Indication.FAILED
    assert {"META-INF/ASiCManifest001.xml", "central directory"} & {
        p.about for p in found.broken if p.name == "container"
    }


def test_a_member_in_no_manifest():
    good = members(world().packed())
    data = built([*good, ("bag/data/E-001/planted.txt", b"planted")])
    assert "in no manifest" in parts(data, "digest")


def test_a_member_that_is_missing():
    good = members(world().packed())
    data = built([m for m in good if m[0] != "bag/data/E-001/file.csv"])
    assert "bag/data/E-001/file.csv It is named but not there." in parts(data, "digest")


def test_the_signature_of_another_package():
    w = world()
    other = dict(members(w.packed(exhibits=w.exhibits[:1])))
    swapped = [(n, other[n] if n == asic.SIGNATURE else d) for n, d in members(w.packed())]
    assert {p.name for p in checked(built(swapped)).broken} >= {"signature", "timestamp"}


def test_a_seal_by_another_key():
    w, stranger = world(), state(DE)
    writer, blocks = Writer(container.moment(NOW)), []
    for name, data in members(w.packed()):
        blocks += writer.content(name, data)
    resealed = b"".join([*blocks, *writer.close(stranger.signer.sign)])
    assert [(p.name, p.sub) for p in checked(resealed).broken][:1] == [("seal", SubIndication.SIG_CRYPTO_FAILURE)]


def test_no_signature_at_all():
    data = built([m for m in members(world().packed()) if not m[0].startswith("META-INF")])
    assert {"signature", "timestamp"} <= {p.name for p in checked(data).broken}


@pytest.mark.parametrize("length", [80, 300, 5_000, 56_000])
def test_a_package_that_was_cut(length):
    found = checked(world().packed()[:length])
    assert found.status is Indication.FAILED
    assert any("cut" in part.reason for part in found.broken)


def test_a_folder_is_no_package(tmp_path):
    with pytest.raises(NotAPackageError):
        verify(tmp_path, None, NOW)


# What a dishonest sender seals himself: the container, the digests and the signature hold, the inside contradicts itself.


def said(found, name):
    return {(p.status, p.sub) for p in found.broken if p.name == name}, " ".join(p.reason for p in found.broken)


def test_an_act_of_one_state_under_the_seal_of_another():
    w = world()
    forged = sealed(w.de, act(w.ua, "request.send", {}))
    found = checked(w.packed(acts=(forged,)))
    assert "act of UA, its seal is that of DE" in said(found, "act")[1]
    assert found.status is Indication.FAILED


def test_custody_that_changes_the_files():
    w = world()
    other = digital(w.blobs, "E-001", "file.csv", b"other content")
    collected = course(w.ua, w.de, (other,))[:2]
    offer = act(w.de, "custody.offer", custody.Offer(w.exhibits[:1]).to_json(), [collected[0][0]], 100)
    taken = act(w.ua, "custody.undertake", custody.Undertake.of(offer).to_json(), [offer], 101)
    found = checked(w.packed(exhibits=w.exhibits[:1], acts=(*collected, sealed(w.de, offer), sealed(w.ua, taken))))
    assert "not those that were taken into custody" in said(found, "custody")[1]
    assert found.status is Indication.FAILED


def test_custody_that_is_not_there_leaves_it_open():
    w = world()
    found = checked(w.packed(acts=w.acts[:1]))
    assert found.status is Indication.INDETERMINATE
    assert said(found, "custody")[0] == {(Indication.INDETERMINATE, SubIndication.SIGNED_DATA_NOT_FOUND)}


def test_an_offer_nobody_accepted_leaves_it_open():
    w = world()
    found = checked(w.packed(acts=w.acts[:-1]))
    assert found.status is Indication.INDETERMINATE
    assert "taken over by the receiving state" in said(found, "custody")[1]


def test_an_act_taken_out_of_the_chain_leaves_it_open():
    w = world()
    found = checked(w.packed(acts=w.acts[1:]))
    assert said(found, "chain")[0] == {(Indication.INDETERMINATE, SubIndication.SIGNED_DATA_NOT_FOUND)}


def test_conditions_loosened_after_the_offer():
    w = world()
    loose = tuple(Exhibit(e.number, e.title, e.nature, e.description, e.files, ()) for e in w.exhibits)
    found = checked(w.packed(exhibits=loose))
    assert "other conditions of use than the one offered" in said(found, "conditions")[1]
    assert found.status is Indication.FAILED


def test_a_condition_that_has_run_out_leaves_it_open():
    w = world()
    ended = Condition("term", "Until the trial.", "ETS No. 030 Art. 6", until=NOW.date())
    exhibit = digital(w.blobs, "E-9", "x.txt", b"x", ended, LIMIT)
    found = checked(w.packed(exhibits=(exhibit,), acts=course(w.ua, w.de, (exhibit,))))
    assert found.status is Indication.INDETERMINATE
    assert "allows no use from 2026-11-24 on" in said(found, "conditions")[1]


def test_a_description_that_names_other_files():
    w: World = world()
    good = read(io.BytesIO(w.packed()))
    told = Description.read(good.content(DESCRIPTION))
    first, second = told.exhibits
    swapped = (Packed(first.exhibit, second.members), Packed(second.exhibit, first.members))
    lying = Description(told.dossier, UA, told.at, swapped, told.acts, ())
    sender = checked(w.packed())
    verdict = type("Said", (), {"state": sender.description.sender})
    reasons = " ".join(p.reason for p in inside._described(lying, good.hashed, verdict))
    assert "is not the file виписка.csv of exhibit E-001" in reasons
    assert "is there but not named" in reasons
    assert "sealed by UA, the signature is that of DE" in reasons


@pytest.mark.parametrize(
    "data",
    [b"{}", b"[]", b"null", b"{", b'{"form":1}', b"\xff", b'{"a":1,"a":1}', b"[" * 100_000, b'{"form":NaN}'],
)
def test_a_description_that_cannot_be_read(data):
    def content(name):
        return data if name == DESCRIPTION else None

    found = inside.read(content, {}, world().trust, NOW, sender=None, logs=None)
    assert [(p.name, p.sub) for p in found.parts] == [("description", SubIndication.FORMAT_FAILURE)]
