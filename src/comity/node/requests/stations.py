"""The forms of the next acts: for each station its fields, and the action they are handed to.

The page of a case shows a form for each act its reader may do now. What a field may hold is judged by the act's body;
here the words typed in are only brought into the action's parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from comity.node import words
from comity.node.accounts.policy import Do, require
from comity.node.accounts.role import Officer
from comity.node.errors import NotPossibleError
from comity.node.lawbook import choices
from comity.node.requests import actions, record
from comity.node.requests.queries import Case, Next
from comity.node.vault import stations as vault
from comity.node.vault.form_files import take

__all__ = ["Ask", "Form", "Sent", "forms", "run"]

Text = str | Promise
Run = Callable[[Officer, str, "Sent", datetime], object]


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form sent: its fields and its files."""

    fields: QueryDict
    files: tuple[UploadedFile[Any], ...] = ()

    def get(self, name: str) -> str:
        """Return a field's text."""
        return str(self.fields.get(name, ""))


@dataclass(frozen=True, slots=True)
class Ask:
    """One field of an act's form. ``kind`` is line, prose, date, number, choice, checks or files."""

    name: str
    label: Text
    kind: str = "prose"
    required: bool = False
    help: Text = ""
    choices: tuple[tuple[str, str], ...] = ()
    value: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """The form of one act that may be done now."""

    station: str
    title: Any
    button: Text
    asks: tuple[Ask, ...]
    said: Text = ""

    @property
    def files(self) -> bool:
        """Whether files can come with it."""
        return any(ask.kind == "files" for ask in self.asks)


NOTE = Ask("note", _("Note"), help=_("Optional; it goes with the act."))
REASON = Ask("reason", _("Reason"), required=True)


def forms(case: Case, own: str) -> tuple[Form, ...]:
    """Return a form for each act that may be done now on the page of the case."""
    return tuple(form for step in case.next if (form := _form(step, case, own)) is not None)


def _form(step: Next, case: Case, own: str) -> Form | None:
    def made(button: Text, *asks: Ask, said: Text = "") -> Form:
        return Form(step.station, step.title, button, asks, said)

    provisions = Ask("provision", _("Provision it rests on"), "choice", choices=_decisions(case, "ask"))
    match step.station:
        case "acknowledge":
            return made(_("Acknowledge receipt"), Ask("note", _("Our file number"), "line"))
        case "consider":
            return made(
                _("Consider it under our own law"),
                NOTE,
                said=_("The node asks its own law base the same question and shows where the two answers differ."),
            )
        case "accept":
            return made(_("Accept for execution"), NOTE)
        case "ask":
            return made(_("Ask the other state"), Ask("text", _("What is asked"), required=True), provisions)
        case "answer":
            enclosed = Ask("files", _("Files that go with it"), "files")
            return made(_("Answer"), Ask("text", _("Answer"), required=True), enclosed)
        case "postpone":
            until = Ask("until", _("Until"), "date")
            ground = Ask("provision", _("Provision it rests on"), "choice", choices=_decisions(case, "postpone"))
            return made(_("Postpone"), REASON, until, ground)
        case "refuse":
            grounds = _decisions(case, "refuse")
            ground = Ask("ground", _("Ground"), "choice", required=True, choices=grounds)
            return made(_("Refuse"), ground, REASON, said=_("Only a ground the law provides for can be chosen."))
        case "extend":
            clocks = tuple((clock.id, str(clock.title.en)) for clock in case.clocks)
            clock = Ask("clock", _("Clock"), "choice", required=True, choices=clocks)
            return made(_("Extend"), clock, Ask("by", _("By how many days"), "number", required=True), REASON)
        case "assign":
            named = Ask("authority", _("Authority that executes"), "choice", True, choices=_authorities(own))
            return made(_("Assign"), named, NOTE)
        case "withdraw":
            return made(_("Withdraw the request"), REASON)
        case "close":
            return made(_("Close the cooperation"), NOTE)
        case "collect":
            return made(_("Record that it came into custody"), *_collect(case))
        case "examine":
            return made(_("Record the examination"), *_examine(case))
        case "offer":
            return made(
                _("Offer to the other state"),
                Ask("exhibits", _("Exhibits"), "checks", True, choices=_held(case)),
                Ask("conditions", _("Conditions of use"), help=_("One on each line; they bind the other state.")),
            )
        case "undertake":
            return made(
                _("Accept custody and the conditions of use"),
                said=_("Exactly what was offered, under exactly its conditions; they stand with the exhibits below."),
            )
        case "give-back":
            return made(_("Make the package and return it"), NOTE)
        case "receive":
            return made(
                _("Take over custody"),
                NOTE,
                said=_("The package is verified once more; only one that passes is taken."),
            )
        case _:
            return None


def _decisions(case: Case, kind: str) -> tuple[tuple[str, str], ...]:
    """Return the decisions of a kind the law provides for: the provision, and the ground with its article and weight."""
    title = "uk" if get_language() == "uk" else "en"
    found = [one for one in (case.considered or {}).get("decisions", ()) if one.get("kind") == kind]
    return tuple(
        (
            str(one["provision"]),
            f"{one.get('article', '')}: {one.get(title) or one.get('text', '')} ({words.say(str(one.get('weight', '')))})",
        )
        for one in found
        if one.get("provision")
    )


def _authorities(own: str) -> tuple[tuple[str, str], ...]:
    return tuple(choices.authorities(own))


def _held(case: Case) -> tuple[tuple[str, str], ...]:
    return tuple((one.exhibit.number, f"{one.exhibit.number}: {one.exhibit.title}") for one in case.exhibits)


def _exhibit(case: Case, *, collected: bool) -> Ask:
    listed = [one for one in case.exhibits if bool(one.custody and one.custody.holdings) is collected]
    pairs = tuple((one.exhibit.number, f"{one.exhibit.number}: {one.exhibit.title}") for one in listed)
    return Ask("number", _("Exhibit"), "choice", required=True, choices=pairs)


def _undecided(case: Case) -> bool:
    return any(one.checked is not None and one.checked.status == "indeterminate" for one in case.packages)


def _collect(case: Case) -> Sequence[Ask]:
    return (
        _exhibit(case, collected=False),
        Ask("place", _("Where it was found"), "line", required=True),
        Ask("source", _("From whom or from what"), "line", required=True),
        Ask("method", _("How it was taken or acquired"), "line", required=True),
        Ask("tools", _("Tools"), "line", help=_("Separated by commas.")),
        Ask("seal", _("Seal"), "line"),
    )


def _examine(case: Case) -> Sequence[Ask]:
    return (
        _exhibit(case, collected=True),
        Ask("method", _("Method"), "line", required=True),
        Ask("finding", _("Finding"), required=True),
        Ask("tools", _("Tools"), "line", help=_("Separated by commas.")),
    )


def run(officer: Officer, dossier: str, station: str, sent: Sent, at: datetime) -> object:
    """Do the act of a station with what its form sent."""
    action = RUNS.get(station)
    if action is None:
        raise NotPossibleError(f"There is no act {station[:40]!r} here.", remedy="Choose from the forms of the case.")
    return action(officer, dossier, sent, at)


def _text(sent: Sent, name: str) -> str:
    return sent.get(name).replace("\r\n", "\n").strip()


def _words(sent: Sent, name: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in _text(sent, name).split(",") if word.strip())


def _day(sent: Sent, name: str) -> date | None:
    text = _text(sent, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise NotPossibleError(f"{text[:20]!r} is not a day.", remedy="Write it as YYYY-MM-DD.") from error


def _number(sent: Sent, name: str) -> int:
    text = _text(sent, name)
    if not text.isdecimal() or len(text) > 4:
        raise NotPossibleError(f"{text[:20]!r} is not a number of days.", remedy="Write a whole number.")
    return int(text)


def _answered(officer: Officer, dossier: str, sent: Sent, at: datetime) -> object:
    require(officer, Do.ANSWER, record.file(dossier))
    taken = [take(file, officer, dossier, at=at) for file in sent.files]
    files = [{"sha256": f.fingerprint.sha256.hex, "name": f.name, "media_type": f.media_type} for f in taken]
    return actions.answer(officer, dossier, text=_text(sent, "text"), attachments=files, at=at)


def _collected(officer: Officer, dossier: str, sent: Sent, at: datetime) -> object:
    return vault.collect(
        officer,
        dossier,
        _text(sent, "number"),
        place=_text(sent, "place"),
        source=_text(sent, "source"),
        method=_text(sent, "method"),
        tools=_words(sent, "tools"),
        seal=_text(sent, "seal"),
        at=at,
    )


def _examined(officer: Officer, dossier: str, sent: Sent, at: datetime) -> object:
    return vault.examine(
        officer,
        dossier,
        _text(sent, "number"),
        method=_text(sent, "method"),
        finding=_text(sent, "finding"),
        tools=_words(sent, "tools"),
        at=at,
    )


def _offered(officer: Officer, dossier: str, sent: Sent, at: datetime) -> object:
    conditions = [{"text": line.strip()} for line in _text(sent, "conditions").splitlines() if line.strip()]
    return vault.offer(officer, dossier, exhibits=sent.fields.getlist("exhibits"), conditions=conditions, at=at)


RUNS: Mapping[str, Run] = {
    "acknowledge": lambda o, d, s, at: actions.acknowledge(o, d, note=_text(s, "note"), at=at),
    "consider": lambda o, d, s, at: actions.consider(o, d, note=_text(s, "note"), at=at),
    "accept": lambda o, d, s, at: actions.accept(o, d, note=_text(s, "note"), at=at),
    "ask": lambda o, d, s, at: actions.ask(o, d, text=_text(s, "text"), provision=_text(s, "provision"), at=at),
    "answer": _answered,
    "postpone": lambda o, d, s, at: actions.postpone(
        o, d, reason=_text(s, "reason"), until=_day(s, "until"), provision=_text(s, "provision"), at=at
    ),
    "refuse": lambda o, d, s, at: actions.refuse(o, d, ground=_text(s, "ground"), reason=_text(s, "reason"), at=at),
    "extend": lambda o, d, s, at: actions.extend(
        o, d, clock=_text(s, "clock"), by=_number(s, "by"), reason=_text(s, "reason"), at=at
    ),
    "assign": lambda o, d, s, at: actions.assign(o, d, authority=_text(s, "authority"), note=_text(s, "note"), at=at),
    "withdraw": lambda o, d, s, at: actions.withdraw(o, d, reason=_text(s, "reason"), at=at),
    "close": lambda o, d, s, at: actions.close(o, d, note=_text(s, "note"), at=at),
    "collect": _collected,
    "examine": _examined,
    "offer": _offered,
    "undertake": lambda o, d, _s, at: vault.undertake(o, d, at=at),
    "give-back": lambda o, d, s, at: vault.give_back(o, d, note=_text(s, "note"), at=at),
    "receive": lambda o, d, s, at: vault.receive(o, d, note=_text(s, "note"), despite=_text(s, "despite"), at=at),
}
