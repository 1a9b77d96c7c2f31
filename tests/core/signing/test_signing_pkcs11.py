"""A key in a token (SoftHSM, which behaves as a hardware token does) seals, signs and stamps as one in a file does."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from signing_world import AT, Side, make

from comity.signing import cades, dsse, pki
from comity.signing.errors import KeyUnusableError

MODULES = [Path("/usr/lib/softhsm/libsofthsm2.so"), Path("/usr/lib64/pkcs11/libsofthsm2.so")]
MODULE = next((found for found in MODULES if found.is_file()), None)

pytestmark = pytest.mark.skipif(MODULE is None, reason="SoftHSM IS NOT INSTALLED: keys in tokens were not tested")

WORLD = make()
PIN = "2468"


@pytest.fixture(scope="module")
def token(tmp_path_factory):
    """A token named comity with Ukraine's seal in it; the library reads its settings once a process."""
    pkcs11_signer = pytest.importorskip("comity.adapters.pkcs11_signer")
    home = tmp_path_factory.mktemp("hsm")
    (home / "tokens").mkdir()
    (home / "softhsm2.conf").write_text(f"directories.tokendir = {home}/tokens\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(home / "softhsm2.conf"))
        _util("--init-token", "--free", "--label", "comity", "--so-pin", "1357", "--pin", PIN)
        _import(home, WORLD.ua, "seal", "01")
        (home / "seal.pem").write_bytes(pki.pem(WORLD.ua.signer.certificate, WORLD.ua.anchor))

        def load(**changes):
            asked = {"token": "comity", "key": "seal", "pin": PIN, "certificates": home / "seal.pem"} | changes
            return pkcs11_signer.Pkcs11Signer.load(asked.pop("module", MODULE), **asked)

        yield load


@pytest.fixture
def signer(token):
    with closing(token()) as found:
        yield found


def _import(home: Path, side: Side, label: str, number: str) -> None:
    path = home / f"{label}.key"
    path.write_bytes(
        side.signer.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    _util("--import", str(path), "--token", "comity", "--label", label, "--id", number, "--pin", PIN)
    path.unlink()


def _util(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)


def test_a_seal_from_a_token_verifies(signer):
    opened = dsse.unseal(dsse.seal(b"an act", "text/plain", signer), WORLD.trust, AT)
    assert opened.verdict.passed
    assert opened.chain == (WORLD.ua.anchor,)
    assert "PrivateKey" not in repr(signer)


def test_a_signature_from_a_token_verifies_with_its_timestamp(signer):
    signature = cades.sign(b"content", signer, at=AT, tsa=WORLD.ua.tsa)
    assert cades.verify(signature, b"content", WORLD.trust, AT).at == AT


def test_many_threads_share_it(signer):
    with ThreadPoolExecutor(8) as pool:
        seals = list(pool.map(lambda n: dsse.seal(b"%d" % n, "text/plain", signer), range(64)))
    assert all(dsse.unseal(seal, WORLD.trust, AT).verdict.passed for seal in seals)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"token": "none"}, id="no-such-token"),
        pytest.param({"key": "none"}, id="no-such-key"),
        pytest.param({"pin": "0000"}, id="wrong-pin"),
        pytest.param({"module": Path("/nowhere/lib.so")}, id="no-such-library"),
        pytest.param({"certificates": Path("/nowhere/seal.pem")}, id="no-certificates"),
    ],
)
def test_what_is_missing_is_told(token, changes):
    with pytest.raises(KeyUnusableError) as refused:
        token(**changes)
    assert PIN not in str(refused.value)
    assert refused.value.remedy


def test_another_keys_certificate_is_found_before_anything_is_signed(token, tmp_path):
    (tmp_path / "other.pem").write_bytes(pki.pem(WORLD.de.signer.certificate))
    with pytest.raises(KeyUnusableError, match="belongs to another key"):
        token(certificates=tmp_path / "other.pem")
    (tmp_path / "ca.pem").write_bytes(
        pki.pem(pki.issue(WORLD.ua.key, WORLD.ua.anchor, pki.Purpose.AS4_SIGN, "x", AT)[1])
    )
    with pytest.raises(KeyUnusableError, match="on P-256"):
        token(certificates=tmp_path / "ca.pem")


def test_after_the_session_ended_it_says_so(token):
    signer = token()
    signer.close()
    with pytest.raises(KeyUnusableError, match="did not sign"):
        signer.sign(b"an act")
