"""The chain of a cooperation: each act names by digest the acts it follows, so that none can be taken out unseen."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Sequence

from comity.record.act import Act
from comity.record.errors import ChainError
from comity.values import Digest

__all__ = ["check_chain", "order"]


def order(acts: Iterable[Act]) -> tuple[Act, ...]:
    """Return the acts so that each stands after those it follows; among the rest the earlier first, then by digest.

    The order depends on the acts alone, not on how they came. What an act follows may be missing here (an internal act
    of the partner, or one not yet arrived): `check_chain` is what insists.
    """
    known = {act.digest: act for act in acts}
    waiting = {digest: {d for d in act.follows if d in known} for digest, act in known.items()}
    after: dict[Digest, list[Digest]] = {}
    for digest, before in waiting.items():
        for one in before:
            after.setdefault(one, []).append(digest)
    ready = [(known[digest].at, digest) for digest, before in waiting.items() if not before]
    heapq.heapify(ready)
    found: list[Act] = []
    while ready:
        _, digest = heapq.heappop(ready)
        found.append(known[digest])
        for later in after.get(digest, ()):
            waiting[later].discard(digest)
            if not waiting[later]:
                heapq.heappush(ready, (known[later].at, later))
    if len(found) != len(known):
        raise ChainError("The acts follow each other in a circle.")
    return tuple(found)


def check_chain(acts: Sequence[Act], *, known: Collection[Digest] = ()) -> None:
    """Check that the acts are one cooperation's chain; raise `ChainError` naming what is missing.

    ``known`` are digests of acts that are held elsewhere and may be followed too.
    """
    dossiers = {act.dossier for act in acts}
    if len(dossiers) > 1:
        raise ChainError(f"The acts belong to several cooperations: {', '.join(sorted(map(str, dossiers)))}.")
    digests = [act.digest for act in acts]
    if len(set(digests)) != len(digests):
        twice = next(act for act in acts if digests.count(act.digest) > 1)
        raise ChainError(f"The act {twice.kind} of {twice.at:%Y-%m-%d %H:%M} UTC stands twice.")
    here = {*digests, *known}
    for act in acts:
        for digest in act.follows:
            if digest not in here:
                raise ChainError(
                    f"The act {act.kind} of {act.at:%Y-%m-%d %H:%M} UTC follows an act that is not here: {digest}.",
                    missing=digest.hex,
                )
    order(acts)
