"""Notes, checkpoints and proofs: in the forms of C2SP, with witnesses, and nothing altered goes through."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_world import act

from comity.errors import ComityError
from comity.record import note
from comity.record.errors import NoteRefusedError, ProofRefusedError
from comity.record.log import Log, leaf_hash
from comity.record.note import NoteKey, Verifier
from comity.record.proof import Checkpoint, Proof, checkpoint, continues, open_checkpoint, prove

EXAMPLE = (Path(__file__).parents[2] / "vectors" / "log" / "note.txt").read_text(encoding="utf-8")
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

KEY = NoteKey.generate("ua.example/comity")
WITNESS = NoteKey.generate("de.example/comity")


def filled(size: int) -> Log:
    log = Log()
    for number in range(size):
        log.append(entry(number))
    return log


def entry(number: int) -> bytes:
    return hashlib.sha256(b"%d" % number).digest()


LOG = filled(11)
HEAD = checkpoint(LOG, KEY)
PROOF = prove(LOG, 6, HEAD).text


def test_the_published_note_opens_and_is_made_again():
    opened = note.open_note(EXAMPLE, [Verifier.read(NEUMANN)])
    assert opened.text.endswith("then you don't know what your problem is.\n")
    assert NoteKey.read(NEUMANN_PRIVATE).verifier.line == NEUMANN
    assert note.sign(opened.text, NoteKey.read(NEUMANN_PRIVATE)) == EXAMPLE


def test_keys_read_back():
    assert NoteKey.read(KEY.line).verifier == KEY.verifier
    assert Verifier.read(KEY.verifier.line) == KEY.verifier
    assert Verifier.read(KEY.verifier.witness.line) == KEY.verifier.witness
    assert KEY.verifier.id != KEY.verifier.witness.id
    assert "PRIVATE" not in repr(KEY)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "x",
        NEUMANN[:-1],
        NEUMANN.replace("c74f", "c74e"),
        NEUMANN.replace("+A", "+B"),
        NEUMANN + "\n",
        "a b+c74f20a3+AQ==",
    ],
)
def test_what_is_no_verifier_key_is_refused(line):
    with pytest.raises(NoteRefusedError):
        Verifier.read(line)


@pytest.mark.parametrize("line", ["", NEUMANN, NEUMANN_PRIVATE[:-1], NEUMANN_PRIVATE.replace("c74f", "c74e")])
def test_what_is_no_private_key_is_refused(line):
    with pytest.raises(NoteRefusedError):
        NoteKey.read(line)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak"])
def test_a_keys_name_has_its_form(name):
    with pytest.raises(NoteRefusedError):
        NoteKey.generate(name)


def test_a_checkpoint_says_whose_how_many_and_the_root():
    assert HEAD.splitlines()[:2] == ["ua.example/comity", "11"]
    head, opened = open_checkpoint(HEAD, KEY.verifier)
    assert head == Checkpoint("ua.example/comity", 11, LOG.root())
    assert opened.by == (KEY.verifier,)
    assert opened.seen == ()


def test_the_empty_log_has_a_checkpoint():
    head, _ = open_checkpoint(checkpoint(Log(), KEY), KEY.verifier)
    assert (head.size, head.root.hex()[:8]) == (0, "e3b0c442")


def test_a_witness_says_when_it_saw_it():
    seen = note.cosign(HEAD, WITNESS, AT)
    head, opened = open_checkpoint(seen, KEY.verifier, [WITNESS.verifier.witness])
    assert head.size == 11
    assert opened.seen == ((WITNESS.verifier.witness, AT),)
    _, unknown = open_checkpoint(seen, KEY.verifier)
    assert unknown.seen == ()


def test_a_witness_alone_does_not_make_a_checkpoint():
    text = HEAD.rpartition("\n\n")[0] + "\n"
    alone = note.cosign(note.sign(text, WITNESS), WITNESS, AT)
    with pytest.raises(NoteRefusedError, match=r"not signed by the log ua\.example/comity"):
        open_checkpoint(alone, KEY.verifier, [WITNESS.verifier.witness])


def test_a_cosignature_of_another_time_fails():
    seen = note.cosign(HEAD, WITNESS, AT)
    other = note.cosign(HEAD, WITNESS, AT.replace(hour=13))
    line, wrong = seen.splitlines()[-1], other.splitlines()[-1]
    one, two = (bytearray(base64.b64decode(found.split(" ")[2])) for found in (line, wrong))
    one[4:12] = two[4:12]
    forged = seen.replace(line, f"— de.example/comity {base64.b64encode(bytes(one)).decode()}")
    with pytest.raises(NoteRefusedError, match="does not hold"):
        open_checkpoint(forged, KEY.verifier, [WITNESS.verifier.witness])


def test_another_logs_checkpoint_is_refused():
    other = checkpoint(LOG, WITNESS)
    with pytest.raises(NoteRefusedError):
        open_checkpoint(other, KEY.verifier)
    renamed = note.sign(Checkpoint("xx.example/comity", 11, LOG.root()).text, KEY)
    with pytest.raises(NoteRefusedError, match=r"is of xx\.example"):
        open_checkpoint(renamed, KEY.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "ua.example/comity\n011\n" + "A" * 43 + "=\n",
        "ua.example/comity\n11\nAAAA\n",
        "ua.example/comity\n11\n!\n",
        "ua.example/comity\n-1\n" + "A" * 43 + "=\n",
        "\n11\n" + "A" * 43 + "=\n",
        "ua.example/comity\n11\n",
        "ua.example/comity\n11\n" + "A" * 43 + "=\nextension\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(ComityError) as refused:
        open_checkpoint(note.sign(text, KEY), KEY.verifier)
    assert refused.value.code in ("record.note", "record.proof")


@pytest.mark.parametrize(
    "broken",
    [
        "", "\n\n", "text\n", "text\n\n", "text\n\nno dash\n", "text\n\n— name !!!!\n", "text\n\n— name AAAA\n",
        HEAD[:-1], HEAD.replace("\n\n", "\n"), HEAD + "\n", "\x07\n\n— a AAAAAAAA\n", "x" * 70_000,
        HEAD + HEAD.splitlines()[-1] + "\n" * 2,
    ],
)  # fmt: skip
def test_what_is_no_note_is_refused(broken):
    with pytest.raises(NoteRefusedError):
        note.open_note(broken, [KEY.verifier])


def test_a_note_has_a_limit_of_signatures():
    many = HEAD + HEAD.splitlines(keepends=True)[-1] * 32
    with pytest.raises(NoteRefusedError, match="at most 32"):
        note.open_note(many, [KEY.verifier])


@pytest.mark.parametrize("text", ["no newline", "\n", "bell\x07\n", "tab\t\n"])
def test_a_notes_text_has_its_form(text):
    with pytest.raises(NoteRefusedError):
        note.sign(text, KEY)


def test_a_proof_travels_as_text():
    proof = Proof.read(PROOF)
    assert PROOF.startswith("c2sp.org/tlog-proof@v1\nindex 6\n")
    assert proof.text == PROOF
    head, opened = proof.check(entry(6), KEY.verifier)
    assert (head.size, opened.by) == (11, (KEY.verifier,))


def test_a_proof_under_an_older_head():
    older = checkpoint(filled(9), KEY)
    head, _ = prove(LOG, 8, older).check(entry(8), KEY.verifier)
    assert head.size == 9


def test_the_only_entry_needs_no_hashes():
    log = filled(1)
    proof = prove(log, 0, checkpoint(log, KEY))
    assert proof.hashes == ()
    Proof.read(proof.text).check(entry(0), KEY.verifier)


def test_an_act_is_proved_by_its_digest():
    made = act()
    log = filled(4)
    index = log.append(made.digest.raw)
    proof = Proof.read(prove(log, index, checkpoint(log, KEY)).text)
    assert proof.check(made.digest.raw, KEY.verifier)[0].size == 5
    with pytest.raises(ProofRefusedError, match="does not stand at 4"):
        proof.check(act(minutes=1).digest.raw, KEY.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "", "x", PROOF[1:], PROOF.replace("@v1", "@v2"), PROOF.replace("index 6", "index 06"),
        PROOF.replace("index 6", "index -6"), PROOF.replace("index 6\n", ""), PROOF.replace("\nindex", "\nextra AA==\nindex"),
        PROOF.replace("=\n", "\n", 1), PROOF.replace("\n", "\r\n"), "c2sp.org/tlog-proof@v1\nindex 0\n",
    ],
)  # fmt: skip
def test_what_is_no_proof_is_refused(text):
    with pytest.raises(ProofRefusedError):
        Proof.read(text)


@settings(SLOW, max_examples=400)
@given(at=st.integers(0, len(PROOF.encode()) - 1), mask=st.integers(1, 255))
def test_any_altered_byte_of_a_proof_is_found(at, mask):
    data = PROOF.encode()
    altered = data[:at] + bytes((data[at] ^ mask,)) + data[at + 1 :]
    try:
        Proof.read(altered.decode()).check(entry(6), KEY.verifier)
    except (ComityError, UnicodeDecodeError):
        return
    pytest.fail(f"byte {at} was altered and nobody saw it")


@SLOW
@given(old=st.integers(0, 11), new=st.integers(0, 11))
def test_a_log_that_grows_proves_it(old, new):
    heads = {size: Checkpoint("ua.example/comity", size, LOG.root(size)) for size in (old, new)}
    if old <= new:
        continues(heads[old], heads[new], LOG.consistency(old, new))
    else:
        with pytest.raises(ProofRefusedError, match="does not continue"):
            continues(heads[old], heads[new], ())


def test_a_log_that_was_rewritten_cannot():
    forged = Log(leaf_hash(b"x" if number == 2 else entry(number)) for number in range(11))
    old, new = (Checkpoint("ua.example/comity", log.size, log.root()) for log in (filled(8), forged))
    with pytest.raises(ProofRefusedError) as refused:
        continues(old, new, forged.consistency(8))
    assert "changed or taken out" in refused.value.cause
