"""The step every station shares: law decides which act may come next, then the act is made.

The form's table says who may perform the act at this point, and on which provision; the act follows the acts that
nothing follows yet. A shared act follows shared acts only, because the partner never sees the internal ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from comity.flow import bodies
from comity.law.form import Form, Ordered
from comity.record import Act, Actor, Attachment
from comity.request import course, lifecycle
from comity.values import Digest, DossierId

__all__ = ["enact", "heads"]


def enact(
    kind: str,
    *,
    form: Form,
    dossier: DossierId,
    acts: Sequence[Act],
    actor: Actor,
    at: datetime,
    body: Mapping[str, Any],
    law: str = "",
    basis: Ordered | None = None,
    attachments: tuple[Attachment, ...] = (),
    language: str = "en",
    conditions: tuple[str, ...] = (),
) -> Act:
    """Make the next act of a dossier, or raise `LifecycleError` naming what may come instead.

    A body its kind does not have is refused by the package it belongs to. ``acts`` are all acts of the dossier known here. The provision the act rests on is ``law`` where a decision names
    its own (a ground for refusal), or that of the form's table, looked up in the legal basis ``basis`` where the table
    names a kind of rule only.
    """
    bodies.check(kind, body, form)
    act = Act(
        dossier=dossier,
        kind=kind,
        actor=actor,
        at=at,
        law=law or form.law(kind, basis),
        body=body,
        attachments=attachments,
        follows=heads(acts, form, kind),
        language=language,
        conditions=conditions,
    )
    lifecycle.check(act, acts, form)
    return act


def heads(acts: Sequence[Act], form: Form, kind: str) -> tuple[Digest, ...]:
    """Return the digests of the acts that nothing follows yet among those an act of ``kind`` may follow, in order.

    A shared act follows shared acts only, one that travels with the evidence also others that do, an internal act all.
    """
    sharing = course.visible(kind, form)
    seen = {act.digest: act for act in acts if act.kind in form.kinds and form.kinds[act.kind].sharing in sharing}
    followed = {digest for act in seen.values() for digest in act.follows}
    return tuple(sorted(digest for digest in seen if digest not in followed))
