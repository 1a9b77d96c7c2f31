"""The step every station shares: law decides which act may come next, then the act is made.

The form's table says who may perform the act at this point, and on which provision; the act follows the acts that
nothing follows yet. A shared act follows shared acts only, because the partner never sees the internal ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from comity.law.form import Form
from comity.record import Act, Actor, Attachment
from comity.request import lifecycle
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
    attachments: tuple[Attachment, ...] = (),
    language: str = "en",
    conditions: tuple[str, ...] = (),
) -> Act:
    """Make the next act of a dossier, or raise `LifecycleError` naming what may come instead.

    ``acts`` are all acts of the dossier known here; ``law`` overrides the provision of the form's table where a
    decision rests on another one (a ground for refusal).
    """
    act = Act(
        dossier=dossier,
        kind=kind,
        actor=actor,
        at=at,
        law=law or form.law(kind),
        body=body,
        attachments=attachments,
        follows=heads(acts, form, shared=form.shared(kind)),
        language=language,
        conditions=conditions,
    )
    lifecycle.check(act, acts, form)
    return act


def heads(acts: Sequence[Act], form: Form, *, shared: bool) -> tuple[Digest, ...]:
    """Return the digests of the acts that no other act follows, in the order of their digests."""
    seen = [act for act in acts if form.shared(act.kind) or not shared]
    followed = {digest for act in seen for digest in act.follows}
    return tuple(sorted(act.digest for act in seen if act.digest not in followed))
