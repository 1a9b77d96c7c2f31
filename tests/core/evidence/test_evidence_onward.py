"""What was received under conditions stays bound by them in every other cooperation."""

from __future__ import annotations

import pytest
from evidence_world import DE, LIMIT, NOW, UA, course, digital, world

from comity.adapters.memory_store import MemoryStore
from comity.evidence.condition import Purpose, Use
from comity.evidence.errors import UseRefusedError
from comity.evidence.item import Exhibit, Nature
from comity.evidence.onward import bound, require_onward

BLOBS = MemoryStore()
RECEIVED = digital(BLOBS, "E-001", "statement.csv", b"statement", LIMIT)
FREE = digital(BLOBS, "E-002", "register.csv", b"register")
ONWARD = Use(Purpose.ONWARD, NOW.date())


def acts():
    w = world()
    return [made for made, _ in course(w.ua, w.de, (RECEIVED, FREE))]


def again(exhibit: Exhibit) -> Exhibit:
    """The same file, described anew in another dossier, under another name and number, with no condition."""
    return Exhibit("X-7", "Statement from abroad", Nature.DIGITAL, "", exhibit.files)


def test_the_bond_is_the_file_and_not_its_name():
    assert bound(acts(), again(RECEIVED).digests) == (LIMIT,)
    assert bound(acts(), FREE.digests) == ()
    assert {made.actor.state for made in acts()} == {UA, DE}


def test_onward_use_is_refused_and_says_on_which_provision():
    with pytest.raises(UseRefusedError, match=r"ETS No\. 182 Art\. 26\(1\)") as caught:
        require_onward([again(RECEIVED)], acts(), ONWARD)
    assert "consent" in caught.value.remedy


def test_onward_use_with_consent_or_without_a_bond():
    require_onward([again(RECEIVED)], acts(), Use(Purpose.ONWARD, NOW.date(), frozenset({LIMIT.id})))
    require_onward([again(RECEIVED)], acts(), Use(Purpose.RELATED_CASE, NOW.date()))
    require_onward([again(FREE)], acts(), ONWARD)


def test_an_offer_nobody_undertook_binds_nobody():
    require_onward([again(RECEIVED)], acts()[:-1], ONWARD)
