"""A comparison's query and answer as the content of Prüm messages, for a state whose system does not speak acts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from comity.flow.errors import NotYetError
from comity.forensics import body
from comity.forensics.body import Answer, Query
from comity.forensics.dna.formats.prum import Match, Message, Result
from comity.record import Act

__all__ = ["answer", "query"]

T = TypeVar("T", Query, Answer)


def query(acts: Sequence[Act], *, test: bool) -> Message:
    """Return the query of a comparison as a request; its number is the dossier's."""
    act, said = _of(acts, "dna.query", Query)
    return Message(
        requesting=str(act.dossier.issuing),
        requested=str(act.dossier.executing),
        request=(str(act.dossier), act.at),
        test=test,
        profiles=tuple(one.profile for one in said.profiles),
    )


def answer(acts: Sequence[Act], *, test: bool) -> Message:
    """Return the answer of a comparison; refuse one that declines, which Article 8 has no form for."""
    asked = query(acts, test=test)
    act, said = _of(acts, "dna.answer", Answer)
    declined = [one.query for one in said.results if one.declined]
    if said.declined or declined:
        raise NotYetError(
            "A declined query is no answer that a Prüm message can hold.",
            cause="Such an answer is hit or no hit for every profile; this one says why something was not searched.",
            remedy="Hand over the answer as it is shown here.",
        )
    return Message(
        requesting=asked.requesting,
        requested=asked.requested,
        request=asked.request,
        test=test,
        profiles=asked.profiles,
        answer=(act.digest.hex[:16], act.at),
        results=tuple(
            Result(one.query, tuple(Match(hit.found.profile, hit.quality) for hit in one.hits)) for one in said.results
        ),
        control=(said.rules, said.rules_version, said.searched),
    )


def _of(acts: Sequence[Act], kind: str, form: type[T]) -> tuple[Act, T]:
    for act in acts:
        if act.kind == kind and isinstance(said := body.read(kind, act.body), form):
            return act, said
    raise NotYetError("This comparison has no such message yet.", remedy="Wait for the query and its answer.")
