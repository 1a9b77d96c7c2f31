"""The test time-stamping authority, and timestamps: asked for, read, judged; checked by two other programs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

import pytest
from asn1crypto import core, tsp
from cryptography import x509
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rfc3161_client import VerifierBuilder, decode_timestamp_response
from signing_world import AT, YEAR, flipped, make, needs_openssl, openssl

from comity.adapters.local_tsa import POLICY, LocalTimestampAuthority
from comity.errors import ComityError
from comity.signing import pki, timestamp
from comity.signing.errors import KeyUnusableError, MalformedSignatureError, TimestampRefusedError
from comity.signing.trust import Trust
from comity.signing.verdict import Indication, SubIndication

DATA = b"what is timestamped"
WORLD = make()
STAMP = timestamp.stamp(DATA, WORLD.ua.tsa)


def request(data: bytes = DATA, **changes) -> bytes:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": hashlib.sha256(data).digest()}
    given_ = {"version": "v1", "message_imprint": imprint, "cert_req": True, **changes}
    return tsp.TimeStampReq(given_).dump()


def test_a_timestamp_proves_its_time(world):
    verdict = timestamp.check(timestamp.stamp(DATA, world.ua.tsa), DATA, world.trust)
    assert verdict.passed
    assert verdict.at == AT
    assert "TEST" in verdict.subject


def test_the_token_alone_says_the_same(world):
    stamped = timestamp.stamp(DATA, world.ua.tsa)
    assert timestamp.check(timestamp.token(stamped), DATA, world.trust).at == AT
    assert timestamp.read(timestamp.token(stamped)) == timestamp.read(stamped)


def test_what_a_timestamp_states_can_be_read(world):
    one, two = (timestamp.read(timestamp.stamp(DATA, world.ua.tsa)) for _ in range(2))
    assert (one.at, one.policy, one.hash_name) == (AT, POLICY, "sha256")
    assert one.imprint == hashlib.sha256(DATA).digest()
    assert one.serial != two.serial
    assert one.certificate == world.ua.tsa.chain[0]
    assert one.others == world.ua.tsa.chain[1:]


def test_a_timestamp_outlives_its_authoritys_certificate(world):
    stamped = timestamp.stamp(DATA, world.ua.tsa)
    assert timestamp.check(stamped, DATA, world.trust).at == AT
    world.ua.clock.now = AT + 4 * YEAR
    late = timestamp.check(timestamp.stamp(DATA, world.ua.tsa), DATA, world.trust)
    assert late.sub is SubIndication.OUT_OF_BOUNDS_NO_POE


def test_over_other_data_it_fails(world):
    verdict = timestamp.check(timestamp.stamp(DATA, world.ua.tsa), b"other", world.trust)
    assert verdict.indication is Indication.FAILED
    assert verdict.sub is SubIndication.HASH_FAILURE


def test_without_trust_it_proves_nothing(world):
    verdict = timestamp.check(timestamp.stamp(DATA, world.ua.tsa), DATA, Trust.none())
    assert verdict.indication is Indication.INDETERMINATE
    assert verdict.at is None


def test_a_seals_key_makes_no_timestamps(world):
    with pytest.raises(KeyUnusableError, match="not one of a timestamp authority"):
        LocalTimestampAuthority(world.ua.signer)


def test_it_is_loaded_from_files(world, tmp_path):
    (tmp_path / "tsa.key").write_bytes(pki.key_pem(world.ua.tsa.signer.key))
    (tmp_path / "tsa.pem").write_bytes(pki.pem(*world.ua.tsa.chain))
    loaded = LocalTimestampAuthority.load(tmp_path / "tsa.key", tmp_path / "tsa.pem")
    assert loaded.chain == world.ua.tsa.chain
    verdict = timestamp.check(timestamp.stamp(DATA, loaded), DATA, Trust({}, (world.ua.anchor,)))
    assert verdict.at is not None


@pytest.mark.parametrize(
    ("asked", "failure"),
    [
        pytest.param(b"", "bad_data_format", id="nothing"),
        pytest.param(b"GET / HTTP/1.1", "bad_data_format", id="other-protocol"),
        pytest.param(request()[:-1], "bad_data_format", id="cut"),
        pytest.param(request() + b"\0", "bad_data_format", id="a-byte-more"),
        pytest.param(request(version="v2"), "bad_request", id="version-2"),
        pytest.param(
            request(message_imprint={"hash_algorithm": {"algorithm": "sha1"}, "hashed_message": b"x" * 20}),
            "bad_alg",
            id="sha-1",
        ),
        pytest.param(
            request(message_imprint={"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"x" * 20}),
            "bad_alg",
            id="short-digest",
        ),
        pytest.param(request(req_policy="1.2.3.4"), "unaccepted_policy", id="other-policy"),
        pytest.param(
            request(extensions=[{"extn_id": "1.2.3", "critical": True, "extn_value": b"x"}]),
            "unaccepted_extensions",
            id="extension",
        ),
    ],
)
def test_what_it_cannot_stamp_it_refuses_by_the_rfc(asked, failure):
    answer = WORLD.ua.tsa.stamp(asked)
    (only,) = core.SequenceOf.load(answer, spec=core.Any, strict=True)
    status = only.parse(tsp.PKIStatusInfo).native
    assert status["status"] == "rejection"
    assert status["fail_info"] == {failure}
    assert status["status_string"]


def test_policy_nonce_and_certificates_as_asked():
    answer = tsp.TimeStampResp.load(WORLD.ua.tsa.stamp(request(req_policy=POLICY, nonce=7, cert_req=False)))
    body = answer["time_stamp_token"]["content"]
    assert body["certificates"].native is None
    stated = tsp.TSTInfo.load(bytes(body["encap_content_info"]["content"].contents)).native
    assert (stated["nonce"], stated["policy"]) == (7, POLICY)
    assert stated["accuracy"]["seconds"] == 1


@dataclass(frozen=True)
class Answering:
    """An authority that answers with given bytes."""

    answer: bytes
    chain: tuple[x509.Certificate, ...] = WORLD.ua.tsa.chain

    def stamp(self, request: bytes) -> bytes:
        return self.answer


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html>", id="a-page"),
        pytest.param(WORLD.ua.tsa.stamp(b""), id="a-refusal"),
        pytest.param(STAMP, id="one-made-before"),
        pytest.param(STAMP[:-1], id="cut"),
        pytest.param(timestamp.token(STAMP), id="the-token-alone"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(answer):
    with pytest.raises(TimestampRefusedError) as refused:
        timestamp.stamp(DATA, Answering(answer))
    assert refused.value.exit_code == 5


def test_a_refusal_is_told_in_the_authoritys_words():
    with pytest.raises(TimestampRefusedError, match="This is not a request for a timestamp"):
        timestamp.stamp(DATA, Answering(WORLD.ua.tsa.stamp(b"")))


@pytest.mark.parametrize("stamped", [b"", b"\x30", b"0\x80", STAMP[:-1], STAMP + b"\0", STAMP[:200], DATA])
def test_what_is_no_timestamp_is_refused(stamped):
    for take in (timestamp.read, lambda data: timestamp.check(data, DATA, WORLD.trust), timestamp.token):
        with pytest.raises(MalformedSignatureError):
            take(stamped)


def test_an_altered_byte_is_found_at_every_position():
    for at in range(len(STAMP)):
        _finds(flipped(STAMP, at, 1 << (at % 8)))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=300)
@given(at=st.integers(0, len(STAMP) - 1), mask=st.integers(1, 255))
def test_any_altered_byte_is_found(at, mask):
    _finds(flipped(STAMP, at, mask))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=200)
@given(start=st.integers(0, len(STAMP)), end=st.integers(0, len(STAMP)), put=st.binary(max_size=40))
def test_any_splice_is_found(start, end, put):
    spliced = STAMP[: min(start, end)] + put + STAMP[max(start, end) :]
    if spliced != STAMP:
        _finds(spliced)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=300)
@given(st.binary(max_size=120))
def test_the_authority_answers_any_bytes(asked):
    (status,) = core.SequenceOf.load(WORLD.ua.tsa.stamp(asked), spec=core.Any, strict=True)
    assert status.parse(tsp.PKIStatusInfo)["status"].native == "rejection"


def _finds(stamped: bytes) -> None:
    try:
        verdict = timestamp.check(stamped, DATA, WORLD.trust)
    except ComityError:
        return
    assert not verdict.passed


def test_another_implementation_verifies_it(world):
    answer = decode_timestamp_response(timestamp.stamp(DATA, world.ua.tsa))
    verifier = VerifierBuilder().add_root_certificate(world.ua.anchor).build()
    assert verifier.verify_message(answer, DATA)


@needs_openssl
@pytest.mark.parametrize("certificates", [True, False])
def test_openssl_asks_and_verifies(world, tmp_path, certificates):
    world.ua.clock.now = AT
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "ca.pem").write_bytes(pki.pem(world.ua.anchor))
    (tmp_path / "tsa.pem").write_bytes(pki.pem(world.ua.tsa.chain[0]))
    asking = ["ts", "-query", "-data", tmp_path / "data", "-sha256", "-out", tmp_path / "q.tsq"]
    assert openssl(*asking, *(["-cert"] if certificates else [])).returncode == 0
    (tmp_path / "r.tsr").write_bytes(world.ua.tsa.stamp((tmp_path / "q.tsq").read_bytes()))
    check = ["ts", "-verify", "-in", tmp_path / "r.tsr", "-CAfile", tmp_path / "ca.pem"]
    check += ["-attime", str(int((AT + timedelta(days=1)).timestamp()))]
    check += [] if certificates else ["-untrusted", tmp_path / "tsa.pem"]
    assert openssl(*check, "-queryfile", tmp_path / "q.tsq").stdout == "Verification: OK\n"
    assert openssl(*check, "-data", tmp_path / "data").stdout == "Verification: OK\n"
    (tmp_path / "data").write_bytes(b"other")
    assert openssl(*check, "-data", tmp_path / "data").returncode == 1


@needs_openssl
def test_what_we_keep_openssl_reads(tmp_path):
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "r.tsr").write_bytes(STAMP)
    (tmp_path / "ca.pem").write_bytes(pki.pem(WORLD.ua.anchor))
    found = openssl(
        "ts", "-verify", "-in", tmp_path / "r.tsr", "-data", tmp_path / "data", "-CAfile", tmp_path / "ca.pem",
        "-attime", str(int(AT.timestamp())),
    )  # fmt: skip
    assert found.stdout == "Verification: OK\n"


def test_a_timestamp_without_its_certificate_says_so():
    with pytest.raises(MalformedSignatureError, match="do not hold the certificate of the signer"):
        timestamp.read(timestamp.token(WORLD.ua.tsa.stamp(request(cert_req=False))))


@needs_openssl
@pytest.mark.parametrize("reference", ["sha256", "sha512", "sha1"])
def test_a_timestamp_of_openssls_own_authority_is_taken(world, tmp_path, reference):
    """The other way round: `openssl ts -reply` answers, with the chain in its own order, and we judge it.

    With sha1 its certificate is named as RFC 3161 did in 2001, which authorities in service still do.
    """
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "tsa.key").write_bytes(pki.key_pem(world.ua.tsa.signer.key))
    (tmp_path / "tsa.pem").write_bytes(pki.pem(world.ua.tsa.chain[0]))
    (tmp_path / "ca.pem").write_bytes(pki.pem(world.ua.anchor))
    (tmp_path / "serial").write_text("01")
    (tmp_path / "tsa.cnf").write_text(
        f"[tsa]\ndefault_tsa = t\n[t]\nserial = {tmp_path}/serial\nsigner_cert = {tmp_path}/tsa.pem\n"
        f"signer_key = {tmp_path}/tsa.key\ncerts = {tmp_path}/ca.pem\nsigner_digest = sha512\n"
        f"default_policy = 1.2.3.4.1\ndigests = sha256\ness_cert_id_alg = {reference}\n"
    )
    openssl("ts", "-query", "-data", tmp_path / "data", "-sha256", "-cert", "-out", tmp_path / "q.tsq")
    made = openssl(
        "ts", "-reply", "-config", tmp_path / "tsa.cnf", "-section", "t", "-queryfile", tmp_path / "q.tsq",
        "-out", tmp_path / "r.tsr",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    verdict = timestamp.check((tmp_path / "r.tsr").read_bytes(), DATA, world.trust)
    assert timestamp.read((tmp_path / "r.tsr").read_bytes()).policy == "1.2.3.4.1"
    assert verdict.indication is not Indication.FAILED
    assert verdict.passed or verdict.sub is SubIndication.OUT_OF_BOUNDS_NO_POE
