"""Exhibits, conditions and custody: closed forms, the fold of who held what, and every contradiction named."""

from __future__ import annotations

import copy
from datetime import date

import pytest
from evidence_world import DE, LIMIT, NOW, UA, act, course, digital, world
from hypothesis import given
from hypothesis import strategies as st

from comity.adapters.memory_store import MemoryStore
from comity.errors import ComityError
from comity.evidence import custody
from comity.evidence.condition import Condition, Purpose, Use, check, require
from comity.evidence.errors import CustodyError, ExhibitError, UseRefusedError
from comity.evidence.holding import custody as fold
from comity.evidence.holding import exhibits
from comity.evidence.item import Exhibit, ExhibitFile, Nature
from comity.values import Digest, fingerprint

BLOBS = MemoryStore()
EXHIBIT = digital(BLOBS, "E-001", "statement.csv", b"statement", LIMIT)
COLLECT = custody.Collect(
    EXHIBIT, custody.Handling.ACQUISITION, "Berlin", "Bank", "Copied with a write blocker", ("dd",)
)
BODIES = {
    "custody.collect": COLLECT,
    "custody.examine": custody.Examine("E-001", tuple(EXHIBIT.digests), "Read", "Three bookings"),
    "custody.offer": custody.Offer((EXHIBIT,)),
    "custody.undertake": custody.Undertake(Digest.of(b"o"), (custody.Terms("E-001", (), ("ets182-26",)),)),
    "custody.hand-over": custody.HandOver(("E-001",), UA, "ua-central", "Courier", "S-1"),
    "custody.receive": custody.Receive(("E-001",), "Seal whole", Digest.of(b"p"), "passed"),
    "custody.return": custody.Return(("E-001",), DE, "de-court", "No longer needed"),
    "custody.destroy": custody.Destroy(("E-001",), "Shredded", "Witness (fictional)", "Term over"),
}


# Conditions


@pytest.mark.parametrize(
    ("purpose", "allowed"),
    [(Purpose.THIS_CASE, True), (Purpose.RELATED_CASE, True), (Purpose.OTHER_CASE, False), (Purpose.ONWARD, False)],
)
def test_a_purpose_is_allowed_or_not(purpose, allowed):
    (found,) = check([LIMIT], Use(purpose, NOW.date()))
    assert found.allowed is allowed
    assert "ETS No. 182 Art. 26(1)" in found.reason


def test_consent_opens_a_purpose_for_its_condition_only():
    other = Condition("secret", "Confidential.", "ETS No. 182 Art. 25")
    use = Use(Purpose.ONWARD, NOW.date(), frozenset({"ets182-26"}))
    assert [found.allowed for found in check([LIMIT, other], use)] == [True, False]
    with pytest.raises(UseRefusedError, match="secret") as caught:
        require([LIMIT, other], use)
    assert caught.value.exit_code == 1
    require([LIMIT], use)


def test_no_use_after_the_end_even_for_the_case_itself():
    ended = Condition("term", "Until the trial.", "ETS No. 030 Art. 6", until=date(2026, 12, 1))
    assert check([ended], Use(Purpose.THIS_CASE, date(2026, 11, 30)))[0].allowed
    assert not check([ended], Use(Purpose.THIS_CASE, date(2026, 12, 1), frozenset({"term"})))[0].allowed


def test_a_condition_comes_back_as_written():
    ended = Condition("term", "Until.", "Art. 6", "source", (), date(2026, 12, 1))
    assert Condition.read(ended.to_json()) == ended


# Exhibits


def test_an_exhibit_comes_back_as_written():
    assert Exhibit.read(EXHIBIT.to_json()) == EXHIBIT


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("number", "../x"), ("number", ""), ("number", "a" * 41), ("number", 7), ("title", " "), ("title", "x" * 201),
        ("title", "bell\a"), ("nature", "ghost"), ("files", {}), ("files", []), ("conditions", None),
        ("description", None), ("description", "escape\x9b31m"),
    ],
)  # fmt: skip
def test_an_exhibit_outside_its_form(member, value):
    with pytest.raises(ExhibitError):
        Exhibit.read({**EXHIBIT.to_json(), member: value})


@pytest.mark.parametrize(
    ("member", "value"),
    [("name", "a/b"), ("name", "a\nb"), ("name", ""), ("media_type", "text"), ("sha256", "F" * 64), ("sha512", "0" * 64),
     ("size", -1), ("size", True), ("size", "5")],
)  # fmt: skip
def test_a_file_outside_its_form(member, value):
    with pytest.raises(ExhibitError):
        ExhibitFile.read({**EXHIBIT.files[0].to_json(), member: value})


def test_a_digital_exhibit_needs_a_file_and_conditions_differ():
    with pytest.raises(ExhibitError, match="no file"):
        Exhibit("E-1", "Image", Nature.DIGITAL, "")
    file = ExhibitFile("a", "text/plain", fingerprint([b""]))
    with pytest.raises(ExhibitError, match="two conditions"):
        Exhibit("E-1", "Image", Nature.DIGITAL, "", (file,), (LIMIT, LIMIT))


# Bodies


@pytest.mark.parametrize("kind", custody.KINDS)
def test_every_body_comes_back_as_written(kind):
    body = BODIES[kind]
    custody.check(kind, body.to_json())
    assert custody.read(act(world().de, kind, body.to_json())) == body


@pytest.mark.parametrize("kind", custody.KINDS)
def test_every_body_is_closed(kind):
    good = BODIES[kind].to_json()
    for name in good:
        for value in (None, 3.5, [None], {"x": 1}, "\0"):
            if kind == "custody.receive" and name == "package" and value is None:
                continue
            with pytest.raises(CustodyError) as caught:
                custody.check(kind, {**good, name: value})
            assert name in caught.value.detail
        with pytest.raises(CustodyError, match=f"{name} is missing"):
            custody.check(kind, {k: v for k, v in good.items() if k != name})
    with pytest.raises(CustodyError, match="extra is not known"):
        custody.check(kind, {**good, "extra": 1})


def test_only_acts_of_custody_have_a_body_here():
    with pytest.raises(CustodyError, match="not an act of custody"):
        custody.check("request.send", {})
    with pytest.raises(CustodyError, match="not an offer"):
        custody.Undertake.of(act(world().de, "custody.collect", COLLECT.to_json()))


def test_an_offer_names_an_exhibit_once():
    with pytest.raises(CustodyError, match="twice"):
        custody.check("custody.offer", custody.Offer((EXHIBIT, EXHIBIT)).to_json())


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=8), x, max_size=3),
    )
)
def test_no_body_breaks_the_reader(value):
    for kind in custody.KINDS:
        with pytest.raises(ComityError):
            custody.check(kind, value)


# The fold


def acts():
    w = world()
    return [made for made, _ in course(w.ua, w.de, (EXHIBIT,))]


def codes(changed) -> list[str]:
    return [gap.code for gap in fold(changed, "E-001").gaps]


def test_a_whole_course_has_no_gap():
    w, made = world(), acts()
    back = act(w.de, "evidence.return", {}, [made[-1]], 200)
    got = act(w.ua, "custody.receive", BODIES["custody.receive"].to_json(), [back], 300)
    assert exhibits(made) == ("E-001",)
    before = fold(made, "E-001")
    assert (before.complete, before.holder.state, before.undertaken) == (True, DE, made[-1].digest)
    way = fold([*made, back], "E-001")
    assert (way.complete, way.holder) == (True, None)
    after = fold([*made, back, got], "E-001")
    assert (after.complete, after.holder.state) == (True, UA)
    assert [(h.state, h.until is None) for h in after.holdings] == [(DE, False), (UA, True)]
    assert after.holdings[0].until == back.at


def test_a_thing_does_not_travel_in_a_package():
    w = world()
    photograph = ExhibitFile("stick.png", "image/png", BLOBS.put([b"photograph"]))
    stick = Exhibit("E-001", "Memory stick", Nature.PHYSICAL, "With label.", (photograph,), (LIMIT,))
    made = [one for one, _ in course(w.ua, w.de, (stick,))]
    back = act(w.de, "evidence.return", {}, [made[-1]], 200)
    got = act(w.ua, "custody.receive", BODIES["custody.receive"].to_json(), [back], 300)
    photographed = fold([*made, back, got], "E-001")
    assert (photographed.complete, photographed.holder.state) == (True, DE)
    over = act(w.de, "custody.hand-over", BODIES["custody.hand-over"].to_json(), [got], 400)
    by_hand = custody.Receive(("E-001",), "Seal S-1 whole").to_json()
    handed = fold([*made, back, got, over, act(w.ua, "custody.receive", by_hand, [over], 500)], "E-001")
    assert (handed.complete, handed.holder.state) == (True, UA)


def test_return_and_destruction_end_a_holding():
    w, made = world(), acts()
    back = act(w.de, "evidence.return", {}, [made[-1]], 200)
    got = act(w.ua, "custody.receive", BODIES["custody.receive"].to_json(), [back], 300)
    home = act(w.ua, "custody.return", BODIES["custody.return"].to_json(), [got], 400)
    again = act(w.de, "custody.receive", BODIES["custody.receive"].to_json(), [home], 500)
    gone = act(w.de, "custody.destroy", BODIES["custody.destroy"].to_json(), [again], 600)
    found = fold([*made, back, got, home, again, gone], "E-001")
    assert found.complete
    assert found.ended == gone.digest
    assert found.holder is None
    late = act(w.de, "custody.examine", BODIES["custody.examine"].to_json(), [gone], 700)
    assert "after-destruction" in [g.code for g in fold([*made, back, got, home, again, gone, late], "E-001").gaps]


def test_each_contradiction_has_its_name():
    w, made = world(), acts()
    sent, collected, offer, taken = made
    receive, examine = BODIES["custody.receive"].to_json(), BODIES["custody.examine"].to_json()
    foreign = act(w.ua, "custody.examine", examine, [collected], 50)
    assert codes([sent, collected, foreign, offer, taken]) == ["not-holder"]
    assert codes([sent, offer, taken]) == ["not-collected"]
    assert codes([sent, collected, collected]) == ["collected-twice"]
    assert codes([sent, collected, taken]) == ["no-offer"]
    assert codes([*made, act(w.ua, "custody.receive", receive, [taken], 300)]) == ["no-hand-over"]
    over = act(w.de, "custody.hand-over", BODIES["custody.hand-over"].to_json(), [taken], 200)
    assert codes([*made, over, act(w.de, "custody.receive", receive, [over], 300)]) == ["other-receiver"]
    assert codes([*made, over, act(w.de, "custody.examine", examine, [over], 300)]) == ["not-held"]
    own = act(w.de, "custody.undertake", custody.Undertake.of(offer).to_json(), [offer], 102)
    assert codes([sent, collected, offer, own]) == ["own-offer"]
    early = act(w.de, "custody.examine", examine, [collected], -60)
    assert codes([sent, collected, early]) == ["time-runs-back"]
    strange = copy.deepcopy(examine) | {"files": [Digest.of(b"strange").hex]}
    assert codes([sent, collected, act(w.de, "custody.examine", strange, [collected], 50)]) == ["other-files"]
    terms = custody.Undertake.of(offer).to_json()
    terms["terms"][0]["conditions"] = []
    assert codes([sent, collected, offer, act(w.ua, "custody.undertake", terms, [offer], 101)]) == ["other-terms"]


def test_what_nobody_collected_is_a_gap():
    found = fold([], "E-404")
    assert [gap.code for gap in found.gaps] == ["not-collected"]
    assert "E-404" in found.gaps[0].text
