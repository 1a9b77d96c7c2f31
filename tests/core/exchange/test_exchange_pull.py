"""The right to pull a file: who may, what, from whom, for how long; everything else is refused."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta

import pytest
from exchange_world import AT

from comity.exchange import pull
from comity.exchange.errors import TokenError, UnknownPartnerError
from comity.exchange.federation import Federation
from comity.signing import dsse, pki
from comity.signing.pki import Purpose
from comity.values import Digest, canonical, parse, state

BLOB = Digest.of(b"an image")
MESSAGE = "1@ua.example"


class Seal:
    """A signer in memory."""

    def __init__(self, code):
        key, anchor = pki.authority(state(code), f"TEST {code}", AT - timedelta(days=1), test=True)
        self.key, self.certificate = pki.issue(key, anchor, Purpose.SEAL, f"TEST {code} seal", AT - timedelta(days=1))
        self.chain = (anchor,)

    def sign(self, data):
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec

        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))


@pytest.fixture(scope="module")
def seals():
    return {code: Seal(code) for code in ("UA", "DE")}


@pytest.fixture
def listed(world, seals):
    partners = [
        replace(world.to_de, seal_anchors=seals["DE"].chain),
        replace(world.to_ua, seal_anchors=seals["UA"].chain),
    ]
    return Federation.of(1, AT, partners)


def token(world, signer, **changes):
    given = {"message": MESSAGE, "puller": world.de.party, "holder": world.ua.party, "signer": signer, "at": AT}
    return pull.token(changes.pop("blob", BLOB), **{**given, **changes})


def check(envelope, world, listed, **changes):
    given = {"blob": BLOB, "holder": world.ua.party, "federation": listed, "at": AT + timedelta(minutes=1)}
    return pull.check(envelope, **{**given, **changes})


def test_a_token_gives_one_file_to_one_party(world, seals, listed):
    made = token(world, seals["DE"])
    found, partner = check(pull.unbear(pull.bearer(made)), world, listed)
    assert (found.blob, found.message, found.puller, found.holder) == (BLOB, MESSAGE, world.de.party, world.ua.party)
    assert partner.state == "DE"
    assert found.expires - found.issued == pull.LIFE


@pytest.mark.parametrize("minutes", [-6, 16, 60 * 24])
def test_a_token_does_not_hold_before_or_after_its_time(world, seals, listed, minutes):
    with pytest.raises(TokenError, match="holds from"):
        check(token(world, seals["DE"]), world, listed, at=AT + timedelta(minutes=minutes))


@pytest.mark.parametrize("change", [{"blob": Digest.of(b"another")}, {"holder": "urn:another"}])
def test_a_token_gives_no_other_file_and_nothing_of_another(world, seals, listed, change):
    with pytest.raises(TokenError, match="another file or another party"):
        check(token(world, seals["DE"]), world, listed, **change)


def test_a_token_that_lives_longer_than_any_may_is_refused(world, seals, listed):
    made = token(world, seals["DE"], life=timedelta(days=30))
    with pytest.raises(TokenError, match="holds from"):
        check(made, world, listed)


def test_the_seal_of_another_state_gives_nothing(world, seals, listed):
    with pytest.raises(TokenError, match="seal"):
        check(token(world, seals["UA"]), world, listed)


def test_a_party_that_is_not_listed_gets_nothing(world, seals, listed):
    with pytest.raises(UnknownPartnerError):
        check(token(world, seals["DE"], puller="urn:nobody"), world, listed)


def test_every_flipped_byte_of_a_token_is_refused(world, seals, listed):
    made = token(world, seals["DE"])
    for at in range(0, len(made), 7):
        changed = made[:at] + bytes([made[at] ^ 1]) + made[at + 1 :]
        with pytest.raises((TokenError, UnknownPartnerError)):
            check(changed, world, listed)


@pytest.mark.parametrize(
    "document", [{}, {"blob": "x"}, [], "text", {"blob": BLOB.hex, "message": 1, "from": "", "to": "", "issued": "", "expires": ""}]
)  # fmt: skip
def test_another_document_under_a_good_seal_is_no_token(world, seals, listed, document):
    sealed = dsse.seal(canonical(document), pull.PAYLOAD_TYPE, seals["DE"])
    with pytest.raises(TokenError):
        check(sealed, world, listed)


def test_another_type_under_a_good_seal_is_no_token(world, seals, listed):
    payload = base64.b64decode(parse(token(world, seals["DE"]))["payload"])
    with pytest.raises(TokenError, match="another file"):
        check(dsse.seal(payload, "application/json", seals["DE"]), world, listed)


def test_a_token_larger_than_any_is_not_read(world, listed):
    with pytest.raises(TokenError, match="larger"):
        check(b"x" * (pull.LIMIT + 1), world, listed)


@pytest.mark.parametrize("value", ["", "Bearer", "Basic eA==", "Bearer ***", "Bearer " + "x" * 40000, "Bearer \u0434"])
def test_a_header_that_carries_no_token_is_refused(value):
    with pytest.raises(TokenError):
        pull.unbear(value)
