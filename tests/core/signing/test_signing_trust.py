"""Whom to trust: each state by its own anchors, at the time of the signature, with keys strong enough."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from signing_world import AT, YEAR, certify, usage

from comity.signing import pki
from comity.signing.pki import Purpose
from comity.signing.trust import Trust, coherent, name_of, state_of
from comity.signing.verdict import FAILING, Indication, SubIndication, Verdict
from comity.values import state

UA, DE = state("UA"), state("DE")


def test_a_certificate_under_its_states_anchor_passes(world):
    verdict = world.trust.judge(world.ua.signer.certificate, (world.ua.anchor,), AT)
    assert verdict.passed
    assert (verdict.state, verdict.at) == ("UA", None)
    assert "TEST" in verdict.subject


def test_the_anchor_need_not_come_along(world):
    assert world.trust.judge(world.ua.signer.certificate, (), AT).passed


def test_a_state_speaks_only_under_its_own_anchor(world):
    key = ec.generate_private_key(ec.SECP256R1())
    forged = certify(world.ua, key, country="DE")
    verdict = world.trust.judge(forged, (world.ua.anchor,), AT)
    assert verdict.sub is SubIndication.NO_CERTIFICATE_CHAIN_FOUND
    assert verdict.state is None


def test_the_wrong_states_anchor_is_not_enough(world):
    trust = Trust({UA: (world.de.anchor,)})
    assert trust.judge(world.ua.signer.certificate, (world.ua.anchor,), AT).sub is (
        SubIndication.NO_CERTIFICATE_CHAIN_FOUND
    )


@pytest.mark.parametrize("country", ["", "ZZ", "EU"])
def test_a_certificate_of_no_state_speaks_for_none(world, country):
    certificate = certify(world.ua, ec.generate_private_key(ec.SECP256R1()), country=country)
    verdict = world.trust.judge(certificate, (world.ua.anchor,), AT)
    assert verdict.sub is SubIndication.CHAIN_CONSTRAINTS_FAILURE
    assert state_of(certificate) is None


def test_two_countries_in_one_subject_are_none(world):
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COUNTRY_NAME, code) for code in ("UA", "DE")])
    key = ec.generate_private_key(ec.SECP256R1())
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(world.ua.anchor.subject)
    builder = builder.public_key(key.public_key()).serial_number(5)
    made = builder.not_valid_before(AT).not_valid_after(AT + YEAR).sign(world.ua.key, hashes.SHA256())
    assert world.trust.judge(made, (), AT).sub is SubIndication.CHAIN_CONSTRAINTS_FAILURE


@pytest.mark.parametrize(
    ("set_", "passes"),
    [
        ({"digital_signature": True}, True),
        ({"content_commitment": True}, True),
        ({"key_encipherment": True}, False),
        ({"key_agreement": True}, False),
    ],
)
def test_key_usage_decides_who_may_sign(world, set_, passes):
    certificate = certify(world.ua, ec.generate_private_key(ec.SECP256R1()), usage=usage(**set_))
    verdict = world.trust.judge(certificate, (), AT)
    assert verdict.passed is passes
    if not passes:
        assert verdict.sub is SubIndication.CHAIN_CONSTRAINTS_FAILURE


@pytest.mark.parametrize(
    ("key", "said"),
    [
        pytest.param(lambda: rsa.generate_private_key(65537, 1024), "1024 bits", id="rsa-1024"),
        pytest.param(lambda: ec.generate_private_key(ec.SECP224R1()), "secp224r1", id="p-224"),
        pytest.param(lambda: ec.generate_private_key(ec.SECP256K1()), "secp256k1", id="k-256"),
        pytest.param(ed25519.Ed25519PrivateKey.generate, "Ed25519", id="ed25519"),
        pytest.param(ed448.Ed448PrivateKey.generate, "Ed448", id="ed448"),
    ],
)
def test_weak_and_unreadable_keys_are_refused(world, key, said):
    verdict = world.trust.judge(certify(world.ua, key()), (world.ua.anchor,), AT)
    assert verdict.sub is SubIndication.CRYPTO_CONSTRAINTS_FAILURE
    assert said in verdict.reason


@pytest.mark.parametrize(
    "key", [lambda: rsa.generate_private_key(65537, 2048), lambda: ec.generate_private_key(ec.SECP521R1())]
)
def test_strong_keys_of_others_are_taken(world, key):
    assert world.trust.judge(certify(world.ua, key()), (world.ua.anchor,), AT).passed


def test_before_and_after_its_validity_it_is_open(world):
    early = world.trust.judge(world.ua.signer.certificate, (), AT - YEAR)
    late = world.trust.judge(world.ua.signer.certificate, (), AT + 4 * YEAR)
    assert early.sub is late.sub is SubIndication.OUT_OF_BOUNDS_NO_POE
    assert "valid only from" in early.reason
    assert "expired on 2029" in late.reason


def test_a_revoked_certificate_is_open_from_that_day_on(world):
    certificate = world.ua.signer.certificate
    crl = world.ua.revoke(certificate, AT)
    trust = Trust(world.trust.anchors, (), (crl,))
    assert trust.judge(certificate, (), AT - timedelta(minutes=1)).passed
    found = trust.judge(certificate, (), AT + timedelta(days=1))
    assert found.sub is SubIndication.REVOKED_NO_POE
    assert "revoked on 2026-11-24" in found.reason


def test_a_list_of_another_issuer_revokes_nothing(world):
    forged = world.de.revoke(world.ua.signer.certificate, AT)
    trust = Trust(world.trust.anchors, (), (forged,))
    assert trust.judge(world.ua.signer.certificate, (), AT + timedelta(days=1)).passed


def test_a_forged_list_revokes_nothing(world):
    entry = x509.RevokedCertificateBuilder().serial_number(world.ua.signer.certificate.serial_number)
    builder = x509.CertificateRevocationListBuilder().issuer_name(world.ua.anchor.subject).last_update(AT)
    builder = builder.next_update(AT + YEAR).add_revoked_certificate(entry.revocation_date(AT).build())
    trust = Trust(world.trust.anchors, (), (builder.sign(world.de.key, hashes.SHA256()),))
    assert trust.judge(world.ua.signer.certificate, (), AT + timedelta(days=1)).passed


def test_a_leaf_cannot_issue(world):
    key, certificate = pki.issue(
        world.ua.signer.key, world.ua.signer.certificate, Purpose.SEAL, "UA made by a leaf", AT
    )
    assert key.public_key() == certificate.public_key()
    verdict = world.trust.judge(certificate, (world.ua.signer.certificate, world.ua.anchor), AT)
    assert verdict.sub is SubIndication.NO_CERTIFICATE_CHAIN_FOUND


def test_only_a_certificate_for_time_stamping_stamps(world):
    trust = world.trust
    assert trust.judge_tsa(world.ua.tsa.chain[0], (), AT).passed
    found = trust.judge_tsa(world.ua.signer.certificate, (), AT)
    assert found.sub is SubIndication.CHAIN_CONSTRAINTS_FAILURE
    assert Trust(trust.anchors).judge_tsa(world.ua.tsa.chain[0], (), AT).sub is SubIndication.NO_CERTIFICATE_CHAIN_FOUND


@pytest.mark.parametrize(
    ("reason", "stands"),
    [
        (x509.ReasonFlags.cessation_of_operation, True),
        (x509.ReasonFlags.superseded, True),
        (x509.ReasonFlags.key_compromise, False),
        (None, False),
    ],
)
def test_why_an_authority_was_revoked_decides_on_its_earlier_timestamps(world, reason, stands):
    certificate = world.ua.tsa.chain[0]
    crl = world.ua.revoke(certificate, AT + timedelta(days=30), reason)
    trust = Trust(world.trust.anchors, world.trust.tsa, (crl,))
    assert trust.judge_tsa(certificate, (), AT).passed is stands
    assert trust.judge_tsa(certificate, (), AT + timedelta(days=31)).sub is SubIndication.REVOKED_NO_POE


def test_coherent_chains(world):
    leaf, anchor = world.ua.signer.certificate, world.ua.anchor
    assert coherent((leaf, anchor))
    assert not coherent((leaf, world.de.anchor))
    assert not coherent((leaf,))
    assert not coherent((anchor, leaf))


def test_an_anchor_that_signs_itself_is_taken_at_its_time(world):
    trust = Trust({UA: (world.ua.signer.certificate,)})
    assert trust.judge(world.ua.signer.certificate, (), AT).passed
    assert trust.judge(world.ua.signer.certificate, (), AT + 9 * YEAR).sub is SubIndication.OUT_OF_BOUNDS_NO_POE


@pytest.mark.parametrize("sub", list(SubIndication))
def test_a_sub_indication_implies_the_main_one(sub):
    verdict = Verdict.of(sub, "why", "who")
    assert verdict.indication is (Indication.FAILED if sub in FAILING else Indication.INDETERMINATE)
    assert not verdict.passed


def test_names_are_read_as_rfc_4514_writes_them(world):
    assert name_of(world.de.anchor) == "CN=TEST DE authority,OU=TEST - no legal value,O=Comity,C=DE"
    assert state_of(world.de.anchor) == DE
