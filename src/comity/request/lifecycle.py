"""Which act may come next in a cooperation, where it stands, and which clocks run.

The engine over the tables of `comity.law.form`: a form of cooperation adds a table, never code. An act is checked in
this order: its dossier and form, its kind, the side and the role that perform it, the state it comes in, the acts that
must stand before it, and the second person. What a partner does at home is not seen here, so for a partner's act only
the shared acts it follows are asked, and it must follow everything its own state sent before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from comity.law.form import Form, Label, Sharing, Side, Step
from comity.record import Act
from comity.request.clock import Running, clocks
from comity.request.course import ancestors, course, side_of
from comity.request.errors import LifecycleError
from comity.values import Digest

__all__ = ["Running", "Status", "check", "clocks", "other", "possible", "side_of", "status"]


@dataclass(frozen=True, slots=True)
class Status:
    """Where a cooperation stands: ``side`` is whose turn it is (None where it is over), ``since`` when it came there.

    ``crossed`` are acts that arrived when another had already led elsewhere; they are kept and change nothing.
    """

    id: str
    label: Label
    side: Side | None
    since: datetime | None
    final: bool
    crossed: tuple[Digest, ...] = ()


def status(acts: Iterable[Act], form: Form) -> Status:
    """Fold the acts of a dossier, given in any order, to where it stands."""
    found = course(acts, form)
    final = found.state in form.end
    return Status(
        id=found.state,
        label=form.states[found.state],
        side=None if final else form.turns.get(found.state),
        since=found.since,
        final=final,
        crossed=tuple(act.digest for act in found.crossed),
    )


def other(side: Side) -> Side:
    """Return the side across."""
    return Side.ISSUING if side is Side.EXECUTING else Side.EXECUTING


def possible(acts: Sequence[Act], form: Form, side: Side) -> tuple[Step, ...]:
    """Return the acts that the side ``side`` may perform now, in the order of the form's table."""
    return _possible(course(acts, form).state, acts, form, side, seen=True)


def check(act: Act, acts: Sequence[Act], form: Form, *, own: Side | None = None) -> None:
    """Check that ``act`` may come after ``acts``, all acts of its dossier known here.

    ``own`` is the side of the node that checks, by default the side of the act. Raise `LifecycleError` that names what
    may come instead.
    """
    _check_dossier(act, acts, form)
    step = form.step(act.kind)
    side = side_of(act.actor.state, act.dossier)
    seen = own is None or own is side
    before: Sequence[Act] = acts if seen else ancestors(act, acts)
    state = course(before, form).state
    instead = _possible(state, before, form, side, seen=seen)
    if step is None:
        raise _refusal(f"{form.title.en} knows no act {act.kind}.", instead, form)
    if step.by is not side:
        raise _refusal(
            f"{act.kind} is an act of the {step.by} state, {act.actor.state} is the {side} one.", instead, form
        )
    if act.actor.role not in step.who:
        who = ", ".join(step.who)
        raise _refusal(f"{act.kind} is performed by {who}, not by {act.actor.role[:40]!r}.", (step,), form)
    if state not in step.from_:
        raise _refusal(f"{act.kind} cannot come now: the cooperation is '{form.states[state].en}'.", instead, form)
    if lacking := [need for need in step.needs if not _stands(need, before, form, seen=seen)]:
        raise _refusal(f"{act.kind} needs {', '.join(lacking)} before it.", instead, form, needs=lacking)
    if step.extends and act.body.get("clock") not in step.extends:
        raise _refusal(f"{act.kind} extends {', '.join(step.extends)} and no other time limit.", instead, form)
    if not seen:
        _check_no_fork(act, acts, before, form)
    _check_second_person(act, step, before)


def _check_dossier(act: Act, acts: Sequence[Act], form: Form) -> None:
    if act.dossier.form != form.prefix:
        raise LifecycleError(
            f"The cooperation {act.dossier} is not of the form {form.id}, whose ids begin with {form.prefix}.",
            remedy="Take the form of the dossier's own legal basis.",
        )
    if any(other.dossier != act.dossier for other in acts):
        raise LifecycleError(
            f"The acts before it are not all of {act.dossier}.", remedy="Give the acts of one dossier only."
        )
    own = act.digest
    if any(other.digest == own for other in acts):
        raise LifecycleError(
            f"This {act.kind} is known here already.",
            cause="The same act was sent in a second message.",
            remedy="Nothing is to be done; it was kept when it came first.",
        )


def _check_no_fork(act: Act, acts: Sequence[Act], before: Sequence[Act], form: Form) -> None:
    known = {one.digest for one in before}
    passed = [one for one in acts if one.actor.state == act.actor.state and form.shared(one.kind)]
    if forgotten := [one for one in passed if one.digest not in known]:
        raise LifecycleError(
            f"{act.kind} does not follow {forgotten[0].kind}, which {act.actor.state} sent before.",
            cause="The partner's node lost acts, or two of its copies run at the same time.",
            remedy="The partner compares its acts with those kept here and sends the act again.",
        )


def _check_second_person(act: Act, step: Step, before: Sequence[Act]) -> None:
    if step.second_person and any(
        one.kind == step.second_person and one.actor.officer == act.actor.officer for one in before
    ):
        raise LifecycleError(
            f"{act.kind} needs a second person: {act.actor.officer} performed {step.second_person}.",
            cause="Nobody approves what they wrote themselves.",
            remedy="Another person with the role reads and approves it.",
            second_person=step.second_person,
        )


def _possible(state: str, acts: Sequence[Act], form: Form, side: Side, *, seen: bool) -> tuple[Step, ...]:
    return tuple(
        step
        for step in form.steps.values()
        if step.by is side and state in step.from_ and all(_stands(need, acts, form, seen=seen) for need in step.needs)
    )


def _stands(kind: str, acts: Sequence[Act], form: Form, *, seen: bool) -> bool:
    hidden = form.kinds[kind].sharing is not Sharing.SHARED
    return (hidden and not seen) or any(act.kind == kind for act in acts)


def _refusal(detail: str, instead: Sequence[Step], form: Form, needs: Sequence[str] = ()) -> LifecycleError:
    names = [f"{step.act} ({form.kinds[step.act].title.en}; by {' or '.join(step.who)})" for step in instead]
    remedy = f"What may come now: {'; '.join(names)}." if names else "It is the other state's turn; nothing may come."
    return LifecycleError(detail, remedy=remedy, possible=[step.act for step in instead], needs=list(needs))
