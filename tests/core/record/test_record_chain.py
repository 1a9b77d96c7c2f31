"""The chain: an order that depends on the acts alone, and what is missing is named."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_world import AT, act

from comity.record.chain import check_chain, order
from comity.record.errors import ChainError
from comity.values import Digest, DossierId


def test_acts_stand_after_what_they_follow_whatever_their_times():
    first = act("request.send", minutes=30)
    second = act("request.receive", first, minutes=10)
    third = act("request.accept", second, minutes=20)
    for given_ in itertools.permutations((first, second, third)):
        assert order(given_) == (first, second, third)


def test_acts_side_by_side_stand_by_time():
    first = act("request.send")
    late, early = act("request.ask", first, minutes=9), act("request.accept", first, minutes=3)
    last = act("request.close", late, early, minutes=12)
    assert order((last, late, early, first)) == (first, early, late, last)


def test_at_the_same_minute_the_digest_decides():
    both = (act("request.ask"), act("request.accept"))
    assert order(both) == order(both[::-1]) == tuple(sorted(both, key=lambda one: one.digest))


def test_an_act_twice_stands_once_in_the_order():
    one = act()
    assert order((one, one)) == (one,)


def test_nothing_is_a_chain():
    assert order(()) == ()
    check_chain(())


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_chain_is_ordered_and_checked_whatever_way_it_comes(data):
    acts = []
    for number in range(data.draw(st.integers(1, 10))):
        before = data.draw(st.lists(st.sampled_from(acts), unique_by=id, max_size=3)) if acts else []
        acts.append(act("request.note", *before, minutes=data.draw(st.integers(0, 5)), body={"n": number}))
    shuffled = data.draw(st.permutations(acts))
    found = order(shuffled)
    assert found == order(acts)
    place = {one.digest: at for at, one in enumerate(found)}
    assert len(place) == len(acts)
    assert all(place[digest] < place[one.digest] for one in acts for digest in one.follows)
    check_chain(shuffled)
    gone = data.draw(st.sampled_from(acts))
    left = [one for one in shuffled if one is not gone]
    if any(gone.digest in one.follows for one in left):
        with pytest.raises(ChainError) as broken:
            check_chain(left)
        assert broken.value.fields["missing"] == gone.digest.hex
        check_chain(left, known=[gone.digest])
    else:
        check_chain(left)


def test_a_missing_act_is_named():
    stranger = Digest.of(b"never seen")
    with pytest.raises(ChainError, match=r"request\.accept of 2026-11-24 12:00 UTC follows an act that is not here"):
        check_chain([act(), act("request.accept", follows=(stranger,))])


def test_acts_of_two_cooperations_are_no_chain():
    other = DossierId.read("MLA-UA-DE-2026-11-24-0002-1")
    with pytest.raises(ChainError, match="several cooperations"):
        check_chain([act(), act(dossier=other)])


def test_an_act_twice_is_no_chain():
    with pytest.raises(ChainError, match="stands twice"):
        check_chain([act(), act()])


@dataclass
class Made:
    """What no act can be: its digest is chosen, so that it can be followed by what it follows."""

    digest: Digest
    follows: tuple[Digest, ...]
    at: datetime = AT


def test_a_circle_is_refused():
    one, two = Digest.of(b"one"), Digest.of(b"two")
    with pytest.raises(ChainError, match="circle"):
        order([Made(one, (two,)), Made(two, (one,))])
