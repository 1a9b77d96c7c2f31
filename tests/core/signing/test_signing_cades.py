"""CAdES signatures: B-B and B-T, judged with and without proof of time, and checked by openssl."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from asn1crypto import cms as asn1_cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from signing_world import AT, YEAR, AnySigner, certify, flipped, make, needs_openssl, openssl, usage

from comity.errors import ComityError
from comity.signing import cades, cms, pki, timestamp
from comity.signing.errors import MalformedSignatureError
from comity.signing.trust import Trust
from comity.signing.verdict import Indication, SubIndication
from comity.values import state

CONTENT = b"<ASiCManifest/>\n" * 20
WORLD = make()
PLAIN = cades.sign(CONTENT, WORLD.ua.signer, at=AT)
TIMED = cades.sign(CONTENT, WORLD.ua.signer, at=AT, tsa=WORLD.ua.tsa)


def test_a_plain_signature_passes(world):
    verdict = cades.verify(cades.sign(CONTENT, world.ua.signer, at=AT), CONTENT, world.trust, AT)
    assert verdict.passed
    assert (verdict.state, verdict.at) == ("UA", None)


def test_a_timestamped_signature_proves_its_time(world):
    world.ua.clock.now = AT + timedelta(minutes=1)
    signature = cades.sign(CONTENT, world.ua.signer, at=AT, tsa=world.ua.tsa)
    verdict = cades.verify(signature, CONTENT, world.trust, AT + timedelta(days=1))
    assert verdict.passed
    assert verdict.at == AT + timedelta(minutes=1)
    assert "existed on 2026-11-24 12:01:00 UTC" in verdict.reason
    assert cades.chain(signature) == (world.ua.signer.certificate, world.ua.anchor)


def test_after_expiry_only_a_timestamp_saves_it(world):
    later = AT + 5 * YEAR
    plain = cades.verify(cades.sign(CONTENT, world.ua.signer, at=AT), CONTENT, world.trust, later)
    assert plain.indication is Indication.INDETERMINATE
    assert plain.sub is SubIndication.OUT_OF_BOUNDS_NO_POE
    timed = cades.verify(cades.sign(CONTENT, world.ua.signer, at=AT, tsa=world.ua.tsa), CONTENT, world.trust, later)
    assert timed.passed
    assert timed.at == AT


def test_a_timestamp_nobody_trusts_proves_nothing(world):
    signature = cades.sign(CONTENT, world.ua.signer, at=AT, tsa=world.ua.tsa)
    trust = Trust(world.trust.anchors, (world.de.anchor,))
    assert cades.verify(signature, CONTENT, trust, AT).at is None
    assert cades.verify(signature, CONTENT, trust, AT).passed
    assert cades.verify(signature, CONTENT, trust, AT + 5 * YEAR).sub is SubIndication.OUT_OF_BOUNDS_NO_POE


def test_a_timestamp_after_expiry_comes_too_late(world):
    short = world.ua.leaf(days=10)
    world.ua.clock.now = AT + timedelta(days=20)
    signature = cades.sign(CONTENT, short, at=AT, tsa=world.ua.tsa)
    verdict = cades.verify(signature, CONTENT, world.trust, AT + timedelta(days=30))
    assert verdict.sub is SubIndication.OUT_OF_BOUNDS_NO_POE


@pytest.mark.parametrize(("days", "passes"), [(-1, True), (1, False)])
def test_revocation_counts_from_its_day(world, days, passes):
    revoked = AT + timedelta(days=10)
    crl = world.ua.revoke(world.ua.signer.certificate, revoked)
    trust = Trust(world.trust.anchors, world.trust.tsa, (crl,))
    world.ua.clock.now = revoked + timedelta(days=days)
    signature = cades.sign(CONTENT, world.ua.signer, at=AT, tsa=world.ua.tsa)
    verdict = cades.verify(signature, CONTENT, trust, AT + YEAR)
    assert verdict.passed is passes
    if not passes:
        assert verdict.sub is SubIndication.REVOKED_NO_POE


def test_revoked_and_without_timestamp_it_is_open(world):
    crl = world.ua.revoke(world.ua.signer.certificate, AT + timedelta(days=10))
    trust = Trust(world.trust.anchors, world.trust.tsa, (crl,))
    signature = cades.sign(CONTENT, world.ua.signer, at=AT)
    assert cades.verify(signature, CONTENT, trust, AT + YEAR).sub is SubIndication.REVOKED_NO_POE


def test_a_timestamp_of_tomorrow_is_not_believed(world):
    world.ua.clock.now = AT + timedelta(days=1)
    signature = cades.sign(CONTENT, world.ua.signer, at=AT, tsa=world.ua.tsa)
    verdict = cades.verify(signature, CONTENT, world.trust, AT)
    assert verdict.sub is SubIndication.GENERIC
    assert "one clock is wrong" in verdict.reason


def test_the_wrong_states_anchor_does_not_hold(world):
    signature = cades.sign(CONTENT, world.ua.signer, at=AT, tsa=world.ua.tsa)
    trust = Trust({state("UA"): (world.de.anchor,)}, world.trust.tsa)
    verdict = cades.verify(signature, CONTENT, trust, AT)
    assert verdict.sub is SubIndication.NO_CERTIFICATE_CHAIN_FOUND
    assert verdict.state is None


def test_who_trusts_nobody_learns_that_it_is_whole(world):
    verdict = cades.verify(TIMED, CONTENT, Trust.none(), AT)
    assert verdict.sub is SubIndication.NO_CERTIFICATE_CHAIN_FOUND


def test_altered_content_fails(world):
    verdict = cades.verify(PLAIN, CONTENT + b" ", WORLD.trust, AT)
    assert verdict.indication is Indication.FAILED
    assert verdict.sub is SubIndication.HASH_FAILURE


def test_a_timestamp_of_another_signature_fails(world):
    other = cms.read(cades.sign(b"other", world.ua.signer, at=AT), what="CAdES signature")
    token = timestamp.token(timestamp.stamp(other.signature, world.ua.tsa))
    own = cms.read(cades.sign(CONTENT, world.ua.signer, at=AT), what="CAdES signature")
    verdict = cades.verify(own.stamped(token).dump(), CONTENT, world.trust, AT)
    assert verdict.sub is SubIndication.HASH_FAILURE
    assert verdict.reason.startswith("The signature's timestamp:")


def test_the_earliest_of_several_timestamps_counts(world):
    signed = cms.read(cades.sign(CONTENT, world.ua.signer, at=AT), what="CAdES signature")
    for days in (3, 1):
        world.ua.clock.now = AT + timedelta(days=days)
        signed = signed.stamped(timestamp.token(timestamp.stamp(signed.signature, world.ua.tsa)))
    verdict = cades.verify(signed.dump(), CONTENT, world.trust, AT + YEAR)
    assert verdict.at == AT + timedelta(days=1)


@pytest.mark.parametrize(
    ("key", "sub"),
    [
        pytest.param(ed25519.Ed25519PrivateKey.generate, SubIndication.CRYPTO_CONSTRAINTS_FAILURE, id="ed25519"),
        pytest.param(
            lambda: rsa.generate_private_key(65537, 1024), SubIndication.CRYPTO_CONSTRAINTS_FAILURE, id="rsa-1024"
        ),
        pytest.param(
            lambda: ec.generate_private_key(ec.SECP256K1()), SubIndication.CRYPTO_CONSTRAINTS_FAILURE, id="k-256"
        ),
    ],
)
def test_weak_keys_are_refused(world, key, sub):
    made = key()
    signer = AnySigner(made, certify(world.ua, made), (world.ua.anchor,))
    assert cades.verify(cades.sign(CONTENT, signer, at=AT), CONTENT, world.trust, AT).sub is sub


def test_a_key_that_may_not_sign_is_refused(world):
    key = ec.generate_private_key(ec.SECP256R1())
    made = certify(world.ua, key, usage=usage(key_agreement=True))
    signature = cades.sign(CONTENT, AnySigner(key, made, (world.ua.anchor,)), at=AT)
    assert cades.verify(signature, CONTENT, world.trust, AT).sub is SubIndication.CHAIN_CONSTRAINTS_FAILURE


def test_a_certificate_of_the_same_key_does_not_stand_in(world):
    """The reference to the certificate is signed (RFC 5035): another one for the same key is found."""
    name = world.ua.signer.certificate.subject
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(world.ua.anchor.subject)
    builder = builder.public_key(world.ua.signer.key.public_key())
    builder = builder.serial_number(world.ua.signer.certificate.serial_number)
    twin = builder.not_valid_before(AT - YEAR).not_valid_after(AT + 9 * YEAR).sign(world.ua.key, hashes.SHA256())
    signed = cms.read(plain(world), what="CAdES signature")
    verdict = cades.verify(replace(signed, certificate=twin).dump(), CONTENT, world.trust, AT)
    assert verdict.sub is SubIndication.NO_SIGNING_CERTIFICATE_FOUND


def plain(world) -> bytes:
    return cades.sign(CONTENT, world.ua.signer, at=AT)


def test_strange_certificates_beside_it_are_seen(world):
    signed = cms.read(plain(world), what="CAdES signature")
    more = replace(signed, others=(*signed.others, world.de.anchor))
    assert cades.verify(more.dump(), CONTENT, world.trust, AT).sub is SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE


def test_a_chain_without_its_anchor_is_taken_where_the_anchor_is_known(world):
    alone = replace(cms.read(plain(world), what="CAdES signature"), others=()).dump()
    assert cades.verify(alone, CONTENT, world.trust, AT).passed
    assert not cades.verify(alone, CONTENT, Trust.none(), AT).passed


def test_it_has_the_attributes_of_a_baseline_signature():
    info = asn1_cms.ContentInfo.load(TIMED)["content"]["signer_infos"][0]
    names = {attribute["type"].native for attribute in info["signed_attrs"]}
    assert names == {"content_type", "message_digest", "signing_time", "signing_certificate_v2"}
    assert [attribute["type"].native for attribute in info["unsigned_attrs"]] == ["signature_time_stamp_token"]
    without = asn1_cms.ContentInfo.load(cades.sign(CONTENT, WORLD.ua.signer, at=None))
    found = {a["type"].native for a in without["content"]["signer_infos"][0]["signed_attrs"]}
    assert "signing_time" not in found


@pytest.mark.parametrize(
    "signature",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"-----BEGIN CMS-----", id="pem"),
        pytest.param(PLAIN[:-1], id="cut"),
        pytest.param(PLAIN + b"\0", id="a-byte-more"),
        pytest.param(timestamp.token(timestamp.stamp(CONTENT, WORLD.ua.tsa)), id="a-timestamp"),
        pytest.param(asn1_cms.ContentInfo({"content_type": "data", "content": b"x"}).dump(), id="other-content"),
        pytest.param(b"\x30\x80\x00\x00", id="indefinite-length"),
    ],
)
def test_what_is_no_signature_is_refused(signature):
    with pytest.raises(MalformedSignatureError):
        cades.verify(signature, CONTENT, WORLD.trust, AT)
    with pytest.raises(MalformedSignatureError):
        cades.chain(signature)


def test_an_altered_byte_is_found_at_every_position():
    for at in range(len(PLAIN)):
        _finds(flipped(PLAIN, at, 1 << (at % 8)))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=600)
@given(at=st.integers(0, len(TIMED) - 1), mask=st.integers(1, 255))
def test_any_altered_byte_of_a_timestamped_one_is_found(at, mask):
    _finds(flipped(TIMED, at, mask))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=300)
@given(start=st.integers(0, len(TIMED)), end=st.integers(0, len(TIMED)), put=st.binary(max_size=40))
def test_any_splice_is_found(start, end, put):
    """Bytes taken out, put in, or both: a verdict that does not pass or a refusal, never a fault."""
    spliced = TIMED[: min(start, end)] + put + TIMED[max(start, end) :]
    if spliced != TIMED:
        _finds(spliced)


def _finds(signature: bytes) -> None:
    try:
        verdict = cades.verify(signature, CONTENT, WORLD.trust, AT)
    except ComityError:
        return
    assert not verdict.passed


@needs_openssl
@pytest.mark.parametrize("signature", [pytest.param(PLAIN, id="B-B"), pytest.param(TIMED, id="B-T")])
def test_openssl_verifies_it(tmp_path, signature):
    (tmp_path / "content").write_bytes(CONTENT)
    (tmp_path / "s.p7s").write_bytes(signature)
    (tmp_path / "ca.pem").write_bytes(pki.pem(WORLD.ua.anchor))
    check = [
        "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", tmp_path / "s.p7s", "-content",
        tmp_path / "content", "-CAfile", tmp_path / "ca.pem", "-purpose", "any", "-attime", str(int(AT.timestamp())),
        "-out", tmp_path / "out",
    ]  # fmt: skip
    found = openssl(*check)
    assert found.returncode == 0, found.stderr
    assert "CAdES Verification successful" in found.stderr
    (tmp_path / "content").write_bytes(CONTENT + b" ")
    assert openssl(*check).returncode != 0


@needs_openssl
@pytest.mark.parametrize("named", [True, False])
def test_a_signature_openssl_made_is_taken_if_it_names_its_certificate(world, tmp_path, named):
    (tmp_path / "content").write_bytes(CONTENT)
    (tmp_path / "k").write_bytes(pki.key_pem(world.ua.signer.key))
    (tmp_path / "c").write_bytes(pki.pem(world.ua.signer.certificate))
    (tmp_path / "ca").write_bytes(pki.pem(world.ua.anchor))
    made = openssl(
        "cms", "-sign", *(["-cades"] if named else []), "-binary", "-md", "sha256", "-nosmimecap", "-in", tmp_path / "content", "-signer",
        tmp_path / "c", "-inkey", tmp_path / "k", "-certfile", tmp_path / "ca", "-outform", "DER", "-out", tmp_path / "s",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    verdict = cades.verify((tmp_path / "s").read_bytes(), CONTENT, world.trust, AT)
    assert verdict.sub is (None if named else SubIndication.NO_SIGNING_CERTIFICATE_FOUND), verdict
    assert verdict.passed is named


def test_rsa_of_others_is_taken(world):
    key = rsa.generate_private_key(65537, 2048)
    certificate = certify(world.ua, key)
    signed = cms.build(
        hashlib.sha256(CONTENT).digest(), AnySigner(key, certificate, ()), (world.ua.anchor,), claimed=AT
    )
    rsa_sha256 = bytes.fromhex("300d06092a864886f70d01010b0500")
    taken = replace(signed, algorithm=rsa_sha256).dump()
    assert cades.verify(taken, CONTENT, world.trust, AT).passed
    assert cades.verify(signed.dump(), CONTENT, world.trust, AT).sub is SubIndication.SIG_CRYPTO_FAILURE
