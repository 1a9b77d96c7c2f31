"""The report on a comparison of DNA profiles as a tagged PDF (PDF/A-2a and PDF/UA-1), set by typst from data.

Wholly in one language, English, Ukrainian or German: labels from ``words.toml``, what is reckoned from `comity.forensics.said`; only
an expert's own words stay in the language they were written in, which the report says. It holds no name: profiles stand
under their references. What the finding must not travel without (method, rule set, data, chance matches, populations,
limits, the laboratory with its accreditation) each has its place and is never left out.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from comity.fonts import fonts
from comity.forensics.body import Basis, Confirm, Reviewed
from comity.forensics.dna.allele import Typing
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.strength.scale import Words
from comity.forensics.dna.strength.weighed import Weighed
from comity.forensics.errors import ReportError
from comity.forensics.finding import Finding
from comity.forensics.laboratory import Accreditation, Laboratory
from comity.forensics.said import REPORTS, figure, say

__all__ = ["About", "data", "render"]

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class About:
    """What the report is about beside the finding: dossier, authority, day, basis, outcome if there is one.

    ``reviewed`` is what the experts of the state that answered said of the hit, where they checked it.
    """

    reference: str
    authority: str
    at: datetime
    basis: Basis
    outcome: Confirm | None = None
    reviewed: Reviewed | None = None
    test: bool = False


def render(finding: Finding, about: About, language: str = "en") -> bytes:
    """Return the report in one of `REPORTS`; raise `ReportError` for another language or a text that cannot be set."""
    if language not in REPORTS:
        raise ReportError(f"Reports are set in {' and '.join(REPORTS)}, not in {language[:20]!r}.")
    try:
        made = typst.compile(
            str(_HERE / "templates" / "report.typ"),
            root=str(_HERE / "templates"),
            font_paths=fonts(),
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["a-2a", "ua-1"],
            timestamp=int(about.at.timestamp()),
            sys_inputs={"report": json.dumps(data(finding, about, language), ensure_ascii=False)},
        )
    except typst.TypstError as error:
        said = " ".join(str(getattr(error, "message", error)).replace(str(_HERE), "").split())[:300]
        raise ReportError(f"The report cannot be set: {said}") from error
    return bytes(made)


def data(finding: Finding, about: About, language: str) -> dict[str, Any]:
    """Return what the template sets: texts, rows of texts, and true or false."""
    words, said, chance = _words()[language], finding.comparison, finding.chance

    def told(text: str) -> str:
        return say(text, language)

    def number(value: float, form: str = ".3g") -> str:
        return figure(value, language, form)

    first, second = finding.leading.propositions
    weighing = [
        (words["propositions"], f"1. {_capital(told(first))}. 2. {_capital(told(second))}."),
        (
            words["chance"],
            (
                f"{number(chance.expected)} {words['chance_text']} {told(chance.population)}, {words['theta']} "
                f"{number(chance.theta, 'g')}; {words['searched']}: {number(chance.searched, ',')}"
            ),
        ),
    ]
    if finding.leading.notes:
        weighing.append((words["notes"], " ".join(told(one) for one in finding.leading.notes)))
    if finding.words:
        weighing.append((words["words_label"], _words_told(finding.words, words, language)))
    return {
        "language": language,
        "words": words,
        "test": about.test,
        "reference": about.reference,
        "authority": about.authority,
        "head": [
            (words["reference"], about.reference),
            (words["date"], _day(about.at.date(), language)),
            (words["basis"], _basis(about.basis, words, language)),
        ],
        "outcome": _outcome(about.outcome, words),
        "reviewed": _outcome(about.reviewed, words) if about.reviewed else [],
        "profiles": [
            (words["ours"], _named(finding.query, words)),
            (words["theirs"], _named(finding.found, words)),
        ],
        "loci": [
            [
                one.locus,
                _typed(one.ours, finding.query, one.locus, words, language),
                _typed(one.theirs, finding.found, one.locus, words, language),
                words[one.agreement.value],
            ]
            for one in said.loci
        ],
        "quality": [
            (words["quality"], f"{told(said.quality or '-')} ({told(finding.rules.title)}, {finding.rules.version})"),
            (words["loci"], f"{said.compared} / {said.matched}"),
            (words["why"], _capital(told(said.why)) + "."),
        ],
        "strengths": [_strength(one, words, language) for one in finding.strengths],
        "weighing": weighing,
        "remarks": [_capital(told(remark.text)) + "." for remark in finding.quality.remarks],
        "limits": [told(one) for one in finding.limits],
        "expert_limits": about.outcome.limits if about.outcome else "",
        "method": [
            (words["method"], "; ".join(told(one) for one in (finding.method, finding.leading.method))),
            *([(words["expert_method"], about.outcome.method)] if about.outcome else []),
            *_populations(finding, words, language),
        ],
        "laboratories": _laboratories(about, words, language),
    }


def _laboratories(about: About, words: Mapping[str, str], language: str) -> list[list[tuple[str, str]]]:
    """Return the rows of each laboratory whose experts judged; expired accreditation is said in words."""
    every = [one for said in (about.outcome, about.reviewed) if said for one in said.laboratories]
    return [_laboratory(one, words, language) for one in dict.fromkeys(every)]


def _laboratory(one: Laboratory, words: Mapping[str, str], language: str) -> list[tuple[str, str]]:
    rows = [(words["laboratory"], one.name)]
    state = words[one.accreditation.value]
    if one.accreditation is Accreditation.NONE:
        return [*rows, (words["accreditation"], state)]
    if one.valid_until:
        state = f"{state}: {_day(one.valid_until, language)}"
    named = ", ".join(part for part in (one.standard, one.number, one.body) if part)
    rows += [(words["accreditation"], named), (words["validity"], f"{state} ({words['on']} {_day(one.on, language)})")]
    return [*rows, (words["scope"], one.scope)] if one.scope else rows


def _words_told(one: Words, words: Mapping[str, str], language: str) -> str:
    text = say(one.text, language)
    if one.proposition is not None:
        text = f"{text}, {words['for_proposition']} {one.proposition + 1}"
    return f"{text} ({say(one.label, language)})"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day(on: date, language: str) -> str:
    return on.strftime("%d.%m.%Y") if language in ("uk", "de") else f"{on.day} {on.strftime('%B %Y')}"


def _populations(finding: Finding, words: Mapping[str, str], language: str) -> list[tuple[str, str]]:
    found = dict.fromkeys(one.scale.population.source for one in finding.strengths)
    return [(words["frequencies"], "; ".join(say(one, language) for one in found))]


def _basis(basis: Basis, words: Mapping[str, str], language: str) -> str:
    if basis.article:
        return f"{say(basis.article, language)} ({words['known']}: {words[basis.known]})"
    return words["agreed_basis"]


def _outcome(outcome: Confirm | None, words: Mapping[str, str]) -> list[tuple[str, str]]:
    if outcome is None:
        return [(words["outcome"], words["none"])]
    agreed = words["none_agreed"] if outcome.agreed == "none" else words[outcome.agreed]
    return [
        (words["outcome"], words[outcome.outcome.value]),
        (words["experts"], str(outcome.opinions)),
        (words["blind"], str(outcome.blind)),
        (words["agreed"], agreed),
    ]


def _named(profile: Profile, words: Mapping[str, str]) -> str:
    kit = f", {words['kit']} {profile.kit}" if profile.kit else ""
    return f"{profile.id} ({words[profile.category.value]}{kit})"


def _typed(seen: Typing, profile: Profile, name: str, words: Mapping[str, str], language: str) -> str:
    told = ", ".join(each.text for each in seen) or "–"
    detail, more = profile.details.get(name), []
    if detail is not None and detail.heights:
        more.append(f"{words['heights']}: {', '.join(figure(height, language, 'g') for height in detail.heights)}")
    if detail is not None and detail.threshold is not None:
        more.append(f"{words['threshold']} {figure(detail.threshold, language, 'g')}")
    if detail is not None and detail.kit:
        more.append(detail.kit)
    return f"{told} ({'; '.join(more)})" if more else told


def _strength(one: Weighed, words: Mapping[str, str], language: str) -> list[str]:
    name, theta = say(one.scale.population.name, language), figure(one.scale.theta, language, "g")
    if one.log10_lr is None:
        return [name, theta, words["no_number"], say(one.why_not, language)]
    ratio = "0" if math.isinf(one.log10_lr) else f"{10**one.log10_lr:.3g}" if one.log10_lr < 300 else "> 10³⁰⁰"
    chance = figure(one.rmp, language) if one.rmp is not None else words["no_number"]
    return [name, theta, chance, figure(ratio, language)]


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    found = tomllib.loads((files("comity.forensics") / "words.toml").read_text(encoding="utf-8"))
    return {language: dict(found[language]) for language in REPORTS}
