"""Fictional acts of one cooperation, and strategies that make more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from comity.record import Act, Actor, Attachment
from comity.values import Digest, DossierId, state

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DOSSIER = DossierId.read("MLA-UA-DE-2026-11-24-0001-1")
ACTOR = Actor(state("UA"), "ua-pgo", "central-authority", "TEST Officer")
FILE = Attachment("letter.pdf", Digest.of(b"letter"), 6, "application/pdf")


def act(kind: str = "request.send", *follows: Act, minutes: int = 0, **changes) -> Act:
    given = {
        "dossier": DOSSIER,
        "kind": kind,
        "actor": ACTOR,
        "at": AT + timedelta(minutes=minutes),
        "law": "coe/030/article-14-1/request_content",
        "body": {},
        "follows": tuple(one.digest for one in follows),
    }
    return Act(**(given | changes))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
DIGESTS = st.binary(min_size=32, max_size=32).map(lambda raw: Digest(raw.hex()))
WORDS = st.text(max_size=20)

ACTS = st.builds(
    Act,
    dossier=st.just(DOSSIER),
    kind=st.from_regex(r"[a-z][a-z-]{0,8}(\.[a-z][a-z-]{0,8}){1,2}", fullmatch=True),
    actor=st.builds(Actor, st.sampled_from(["UA", "DE", "XK"]).map(state), WORDS, WORDS, WORDS),
    at=st.timedeltas(timedelta(days=-20_000), timedelta(days=20_000)).map(lambda since: AT + since),
    law=WORDS,
    body=st.dictionaries(st.text(max_size=8), JSON, max_size=4),
    attachments=st.lists(st.builds(Attachment, WORDS, DIGESTS, st.integers(0, 2**50), WORDS), max_size=3).map(tuple),
    follows=st.lists(DIGESTS, max_size=3).map(tuple),
    language=st.sampled_from(["en", "uk", "de"]),
    conditions=st.lists(WORDS, max_size=3).map(tuple),
)
