"""Keys and certificates of a node, the file signer, and certificates from outside."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from signing_world import AT, AnySigner, certify

from comity.adapters.file_signer import FileSigner
from comity.errors import ComityError
from comity.signing import certificate as certificates
from comity.signing import pki
from comity.signing.errors import KeyUnusableError, MalformedSignatureError
from comity.signing.pki import Purpose


def test_an_authority_says_it_is_a_test(world):
    assert "OU=TEST - no legal value" in world.ua.anchor.subject.rfc4514_string()
    key, real = pki.authority(world.ua.code, "Authority", AT, test=False)
    assert "TEST" not in real.subject.rfc4514_string()
    assert key.curve.name == "secp256r1"


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_leaf_is_made_for_its_purpose(world, purpose):
    key, made = pki.issue(
        world.ua.key, world.ua.anchor, purpose, f"UA {purpose}", AT, hosts=("ua.example", "127.0.0.1")
    )
    assert certificates.issued(made, world.ua.anchor)
    assert certificates.weakness(made) is None
    assert isinstance(key, rsa.RSAPrivateKey) is purpose.startswith("as4")
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    extended = [e for e in made.extensions if isinstance(e.value, x509.ExtendedKeyUsage)]
    assert bool(extended) is (purpose in (Purpose.TLS, Purpose.TSA))
    if purpose is Purpose.TSA:
        assert extended[0].critical
        assert list(extended[0].value) == [ExtendedKeyUsageOID.TIME_STAMPING]


def test_a_leaf_does_not_outlive_its_issuer(world):
    _, made = pki.issue(world.ua.key, world.ua.anchor, Purpose.SEAL, "UA seal", AT, days=99_999)
    assert made.not_valid_after_utc == world.ua.anchor.not_valid_after_utc


def test_a_signer_is_loaded_from_files(world, tmp_path):
    (tmp_path / "seal.key").write_bytes(pki.key_pem(world.ua.signer.key))
    (tmp_path / "seal.pem").write_bytes(pki.pem(world.ua.signer.certificate, world.ua.anchor))
    signer = FileSigner.load(tmp_path / "seal.key", tmp_path / "seal.pem")
    assert signer.certificate == world.ua.signer.certificate
    assert signer.chain == (world.ua.anchor,)
    assert "key" not in repr(signer)
    signature = signer.sign(b"data")
    signer.certificate.public_key().verify(signature, b"data", ec.ECDSA(hashes.SHA256()))


def test_a_protected_key_needs_its_password(world, tmp_path):
    protected = world.ua.signer.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"correct horse"),
    )
    (tmp_path / "k").write_bytes(protected)
    (tmp_path / "c").write_bytes(pki.pem(world.ua.signer.certificate))
    assert FileSigner.load(tmp_path / "k", tmp_path / "c", password=b"correct horse").chain == ()
    for wrong in (None, b"other"):
        with pytest.raises(KeyUnusableError):
            FileSigner.load(tmp_path / "k", tmp_path / "c", password=wrong)


@pytest.mark.parametrize("fault", ["missing", "no-key", "no-certificate", "another-key", "another-curve", "ed25519"])
def test_an_unusable_key_is_named(world, tmp_path, fault):
    key, pem = tmp_path / "k", tmp_path / "c"
    key.write_bytes(pki.key_pem(world.ua.signer.key))
    pem.write_bytes(pki.pem(world.ua.signer.certificate))
    match fault:
        case "missing":
            key.unlink()
        case "no-key":
            key.write_bytes(b"not a key")
        case "no-certificate":
            pem.write_bytes(b"")
        case "another-key":
            key.write_bytes(pki.key_pem(world.de.signer.key))
        case "another-curve":
            other = ec.generate_private_key(ec.SECP384R1())
            key.write_bytes(pki.key_pem(other))
            pem.write_bytes(pki.pem(certify(world.ua, other)))
        case "ed25519":
            key.write_bytes(
                ed25519.Ed25519PrivateKey.generate().private_bytes(
                    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
            )
    with pytest.raises(KeyUnusableError) as refused:
        FileSigner.load(key, pem)
    assert "PEM key on P-256" in refused.value.remedy


def test_certificates_from_outside_are_read_whole(world):
    der = certificates.der(world.ua.anchor)
    assert certificates.load(der) == world.ua.anchor
    assert certificates.load_pem(pki.pem(world.ua.anchor, world.de.anchor)) == (world.ua.anchor, world.de.anchor)
    assert pki.read_certificates(pki.pem(world.ua.anchor)) == (world.ua.anchor,)
    for bad in (b"", b"x", der[:-1], der + b"x"):
        with pytest.raises(MalformedSignatureError):
            certificates.load(bad)
    with pytest.raises(MalformedSignatureError):
        certificates.load_pem(b"x")
    with pytest.raises(ComityError):
        pki.read_certificates(b"x")


def test_a_serial_number_that_is_not_positive_is_refused(world):
    der = certificates.der(world.ua.anchor)
    at = der.index(world.ua.anchor.serial_number.to_bytes(20, "big").lstrip(b"\0"))
    negative = der[:at] + bytes((der[at] | 0x80,)) + der[at + 1 :]
    with pytest.raises(MalformedSignatureError, match="serial number"):
        certificates.load(negative)


def test_bits_left_over_after_a_signature_are_refused(world):
    """They are covered by nothing: a certificate with them is another one that verifies as well."""
    made = next(found for _ in range(200) if (found := world.ua.leaf().certificate).signature[-1] % 2 == 0)
    der = certificates.der(made)
    at = len(der) - len(made.signature) - 1
    assert der[at] == 0
    with pytest.raises(MalformedSignatureError, match="does not end at a byte"):
        certificates.load(der[:at] + b"\x01" + der[at + 1 :])


def test_every_altered_byte_of_a_certificate_breaks_it_or_its_signature(world):
    der = certificates.der(world.ua.signer.certificate)
    for at in range(len(der)):
        try:
            found = certificates.load(der[:at] + bytes((der[at] ^ (1 << at % 8),)) + der[at + 1 :])
        except MalformedSignatureError:
            continue
        assert not certificates.issued(found, world.ua.anchor)


def test_the_signature_algorithm_counts_too(world):
    key = ec.generate_private_key(ec.SECP256R1())
    weak = certify(world.ua, key, algorithm=hashes.SHA224())
    assert certificates.weakness(weak) == "it is signed with sha224"
    assert AnySigner(key, weak, ()).sign(b"x")
