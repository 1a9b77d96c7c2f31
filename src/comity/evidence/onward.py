"""Onward use: a file received under conditions stays bound by them wherever it turns up again (design section 8).

The bond is the file's digest. Whatever dossier an exhibit stands in, its files are looked up among everything this
state has undertaken; every condition found must allow the use, or its state must have consented to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from comity.evidence import custody
from comity.evidence.condition import Condition, Use, require
from comity.evidence.custody import Offer, Undertake
from comity.evidence.item import Exhibit
from comity.record import Act
from comity.values import Digest

__all__ = ["bound", "require_onward"]


def bound(acts: Iterable[Act], digests: Collection[Digest]) -> tuple[Condition, ...]:
    """Return the conditions under which files with these digests were undertaken, each once.

    ``acts`` are acts of any number of dossiers; offers nobody undertook bind nobody.
    """
    offers: dict[Digest, Offer] = {}
    taken: set[Digest] = set()
    for act in acts:
        if act.kind in ("custody.offer", "custody.undertake"):
            body = custody.read(act)
            if isinstance(body, Offer):
                offers[act.digest] = body
            elif isinstance(body, Undertake):
                taken.add(body.offer)
    found = (
        condition
        for digest in sorted(taken & offers.keys())
        for exhibit in offers[digest].exhibits
        if not exhibit.digests.isdisjoint(digests)
        for condition in exhibit.conditions
    )
    return tuple(dict.fromkeys(found))


def require_onward(exhibits: Sequence[Exhibit], acts: Iterable[Act], use: Use) -> None:
    """Raise `UseRefusedError` where a file of the exhibits was undertaken under a condition that forbids the use."""
    digests = frozenset(digest for exhibit in exhibits for digest in exhibit.digests)
    require(bound(acts, digests), use)
