"""The laboratory in a test: a partner's query and answer, made as its node would make them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from comity.flow import comparison
from comity.flow.comparison import Terms
from comity.flow.execute import Case
from comity.forensics.body import Basis, Purpose
from comity.forensics.dna.profile import Category, Profile
from comity.forensics.dna.rules import rule_set
from comity.law.form import form_with
from comity.node.lab import actions, queries
from comity.node.post import actions as post
from comity.node.requests import intake, record
from comity.record import Act, Actor
from comity.values import DossierId, StateCode
from support.dna import OTHER, Shelf, made

EVERYTHING = Terms(
    "o", frozenset(Category), frozenset(Category), frozenset(Purpose), frozenset({"prum", "interpol"}), 1000
)


def received(here: Any, act: Act) -> int:
    """Have the other node's message with an act taken in; return the status of the answer."""
    built = here.message(act)
    return int(post.receive(built.content_type, built.body, at=here.at(), effect=intake.take_in).status)


def other(here: Any, role: str = "central") -> Actor:
    """Return an officer over there."""
    return Actor(StateCode(here.other.state), f"{here.other.state.lower()}:lab", role, "Officer Umovnyi")


def answered(here: Any, dossier: str, held: Shelf, **more: Any) -> Act:
    """Answer one of our queries as the other state's node."""
    acts = record.acts(dossier)
    basis = comparison.body.read("dna.query", acts[0].body).basis
    act = comparison.answer(
        Case(DossierId.read(dossier), form_with("DNA"), acts),
        other(here),
        here.at(),
        terms=EVERYTHING,
        held=held,
        basis=basis,
        known_false=lambda *_: False,
        **more,
    )
    assert received(here, act) == 200
    return act


def asked(
    here: Any, profiles: Sequence[Profile], basis: Basis, *, number: int = 1, purpose: str = "criminal-investigation"
) -> str:
    """Have the other state ask us; return the dossier."""
    at: datetime = here.at()
    dossier = DossierId("DNA", StateCode(here.other.state), StateCode(here.state), at.date(), number)
    act = comparison.ask(
        Case(dossier, form_with("DNA"), ()),
        other(here, "expert"),
        at,
        profiles=profiles,
        purpose=Purpose(purpose),
        basis=basis,
        rules=rule_set("prum"),
    )
    assert received(here, act) == 200
    return str(dossier)


def with_hit(ua: Any, trace: Profile) -> Any:
    """Have Olena ask Germany for a trace; return the node, its ``hit`` waiting for the experts."""
    ua.dossier = actions.ask(
        ua.olena,
        partner="DE",
        profiles=[trace],
        purpose="criminal-investigation",
        for_authority="ua:court",
        at=ua.at(),
    ).dossier
    answered(ua, ua.dossier, Shelf(made("DE-P-1", "person"), made("DE-P-2", "person", OTHER)))
    ua.hit = queries.comparison(ua.olena, ua.dossier).hits[0].id
    return ua
