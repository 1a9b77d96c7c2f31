"""The seal of an act: made, opened, judged; no byte of it can change unseen."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from signing_world import AT, YEAR, AnySigner, certify, flipped, make, needs_openssl, openssl

from comity.errors import ComityError
from comity.signing import dsse, pki
from comity.signing.certificate import der
from comity.signing.errors import MalformedSignatureError
from comity.signing.trust import Trust
from comity.signing.verdict import Indication, SubIndication
from comity.values import canonical, state

KIND = "application/vnd.in-toto+json"
WORLD = make()
ENVELOPE = dsse.seal(b'{"an": "act"}', KIND, WORLD.ua.signer)


def test_a_seal_opens(world):
    envelope = dsse.seal(b"content", KIND, world.ua.signer)
    opened = dsse.unseal(envelope, world.trust, AT)
    assert (opened.payload, opened.payload_type) == (b"content", KIND)
    assert opened.verdict.passed
    assert opened.verdict.state == "UA"
    assert opened.certificate == world.ua.signer.certificate


def test_pae_is_that_of_the_specification():
    assert dsse.pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_who_trusts_nobody_cannot_say(world):
    opened = dsse.unseal(dsse.seal(b"content", KIND, world.ua.signer), Trust.none(), AT)
    assert opened.verdict.indication is Indication.INDETERMINATE
    assert opened.verdict.sub is SubIndication.NO_CERTIFICATE_CHAIN_FOUND
    assert opened.verdict.state is None


def test_an_expired_certificate_leaves_it_open(world):
    opened = dsse.unseal(dsse.seal(b"content", KIND, world.ua.signer), world.trust, AT + 3 * YEAR)
    assert opened.verdict.sub is SubIndication.OUT_OF_BOUNDS_NO_POE
    assert "expired on" in opened.verdict.reason


@pytest.mark.parametrize("curve", [ec.SECP384R1(), ec.SECP256K1()])
def test_another_curve_is_refused(world, curve):
    key = ec.generate_private_key(curve)
    signer = AnySigner(key, certify(world.ua, key), (world.ua.anchor,))
    opened = dsse.unseal(dsse.seal(b"content", KIND, signer), world.trust, AT)
    assert opened.verdict.sub is SubIndication.CRYPTO_CONSTRAINTS_FAILURE


def test_ed25519_is_refused(world):
    key = ed25519.Ed25519PrivateKey.generate()
    signer = AnySigner(key, certify(world.ua, key), (world.ua.anchor,))
    opened = dsse.unseal(dsse.seal(b"content", KIND, signer), world.trust, AT)
    assert opened.verdict.sub is SubIndication.CRYPTO_CONSTRAINTS_FAILURE
    assert not opened.verdict.passed


def test_a_signature_of_another_payload_fails(world):
    one = json.loads(dsse.seal(b"one", KIND, world.ua.signer))
    two = json.loads(dsse.seal(b"two", KIND, world.ua.signer))
    one["signatures"] = two["signatures"]
    assert dsse.unseal(canonical(one), world.trust, AT).verdict.sub is SubIndication.SIG_CRYPTO_FAILURE


def test_the_payload_type_is_signed(world):
    document = json.loads(dsse.seal(b"one", KIND, world.ua.signer))
    document["payloadType"] = "text/plain"
    assert dsse.unseal(canonical(document), world.trust, AT).verdict.sub is SubIndication.SIG_CRYPTO_FAILURE


def test_a_strangers_anchor_beside_the_leaf_is_seen(world):
    document = json.loads(dsse.seal(b"one", KIND, world.ua.signer))
    document["signatures"][0]["certs"][1] = base64.b64encode(der(world.de.anchor)).decode()
    verdict = dsse.unseal(canonical(document), world.trust, AT).verdict
    assert verdict.sub is SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE


def _changed(change):
    document = json.loads(ENVELOPE)
    change(document)
    return canonical(document)


@pytest.mark.parametrize(
    "envelope",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"[]", id="a-list"),
        pytest.param(b"{}", id="no-members"),
        pytest.param(ENVELOPE[:-1], id="cut"),
        pytest.param(ENVELOPE + b"\n", id="a-newline-more"),
        pytest.param(ENVELOPE.replace(b",", b", ", 1), id="a-space-more"),
        pytest.param(_changed(lambda d: d.update(more=1)), id="a-member-more"),
        pytest.param(_changed(lambda d: d.update(payloadType=7)), id="type-is-a-number"),
        pytest.param(_changed(lambda d: d.update(signatures=[])), id="unsigned"),
        pytest.param(_changed(lambda d: d["signatures"].append(d["signatures"][0])), id="signed-twice"),
        pytest.param(_changed(lambda d: d["signatures"][0].update(certs=[])), id="no-certificate"),
        pytest.param(
            _changed(lambda d: d["signatures"][0].update(certs=d["signatures"][0]["certs"] * 9)), id="too-many"
        ),
        pytest.param(_changed(lambda d: d["signatures"][0].update(keyid="00" * 32)), id="another-key-id"),
        pytest.param(_changed(lambda d: d["signatures"][0].update(extra="x")), id="a-signature-member-more"),
        pytest.param(_changed(lambda d: d.update(payload="=")), id="not-base64"),
        pytest.param(_changed(lambda d: d.update(payload=None)), id="no-payload"),
        pytest.param(b'{"payload":"","payload":""}', id="a-name-twice"),
    ],
)
def test_what_is_no_envelope_is_refused(envelope):
    with pytest.raises(MalformedSignatureError) as refused:
        dsse.unseal(envelope, WORLD.trust, AT)
    assert refused.value.detail
    assert refused.value.remedy


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=400)
@given(at=st.integers(0, len(ENVELOPE) - 1), mask=st.integers(1, 255))
def test_any_altered_byte_is_found(at, mask):
    _finds(flipped(ENVELOPE, at, mask))


def test_an_altered_byte_is_found_at_every_position():
    for at in range(len(ENVELOPE)):
        _finds(flipped(ENVELOPE, at, 1 << (at % 8)))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_without_a_fault(data):
    with pytest.raises(MalformedSignatureError):
        dsse.unseal(data, WORLD.trust, AT)


def _finds(envelope: bytes) -> None:
    try:
        verdict = dsse.unseal(envelope, WORLD.trust, AT).verdict
    except ComityError:
        return
    assert not verdict.passed


@needs_openssl
def test_openssl_checks_a_seal_with_five_commands(world, tmp_path):
    document = json.loads(dsse.seal(b'{"an": "act"}', KIND, world.ua.signer))
    payload = base64.b64decode(document["payload"])
    kind = document["payloadType"].encode()
    (tmp_path / "pae").write_bytes(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
    (tmp_path / "sig").write_bytes(base64.b64decode(document["signatures"][0]["sig"]))
    (tmp_path / "cert.pem").write_bytes(pki.pem(world.ua.signer.certificate))
    found = openssl("x509", "-in", tmp_path / "cert.pem", "-pubkey", "-noout")
    (tmp_path / "key.pub").write_text(found.stdout)
    check = ("dgst", "-sha256", "-verify", tmp_path / "key.pub", "-signature", tmp_path / "sig", tmp_path / "pae")
    assert openssl(*check).stdout == "Verified OK\n"
    (tmp_path / "pae").write_bytes((tmp_path / "pae").read_bytes().replace(b"act", b"art"))
    assert openssl(*check).returncode == 1


def test_a_seal_says_which_state_it_speaks_for(world):
    opened = dsse.unseal(dsse.seal(b"content", KIND, world.de.signer), world.trust, AT)
    assert opened.verdict.state == state("DE")
