"""The report on a comparison of DNA profiles as a tagged PDF (PDF/A-2a and PDF/UA-1), set by typst from data.

In English and Ukrainian. It holds no name: profiles stand under their references. What the finding must not travel
without (method, rule set, data, chance matches, populations, limits) each has its place and is never left out.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from comity.fonts import fonts
from comity.forensics.body import Basis, Confirm
from comity.forensics.dna.allele import Typing
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.strength.weighed import Weighed
from comity.forensics.errors import ReportError
from comity.forensics.finding import Finding

__all__ = ["LANGUAGES", "About", "data", "render"]

LANGUAGES = ("en", "uk")
_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class About:
    """What the report is about beside the finding: dossier, authority, day, basis, outcome if there is one."""

    reference: str
    authority: str
    at: datetime
    basis: Basis
    outcome: Confirm | None = None
    accreditation: str = ""
    test: bool = False


def render(finding: Finding, about: About, language: str = "en") -> bytes:
    """Return the report in ``en`` or ``uk``; raise `ReportError` for another language or a text that cannot be set."""
    if language not in LANGUAGES:
        raise ReportError(f"Reports are set in {' and '.join(LANGUAGES)}, not in {language[:20]!r}.")
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
    words = _words()[language]
    said, chance = finding.comparison, finding.chance
    first, second = finding.leading.propositions
    weighing = [
        (words["propositions"], f"1. {first}. 2. {second}."),
        (
            words["chance"],
            (
                f"{chance.expected:.3g} {words['chance_text']} {chance.population}, {words['theta']} {chance.theta:g}; "
                f"{chance.searched:,} {words['searched']}"
            ),
        ),
    ]
    if finding.words:
        weighing.append((words["words_label"], f"{finding.words.text} ({finding.words.label})"))
    return {
        "language": language,
        "words": words,
        "test": about.test,
        "reference": about.reference,
        "authority": about.authority,
        "head": [
            (words["reference"], about.reference),
            (words["date"], about.at.date().isoformat()),
            (words["basis"], _basis(about.basis, words)),
        ],
        "outcome": _outcome(about.outcome, words),
        "profiles": [
            (words["ours"], _named(finding.query, words)),
            (words["theirs"], _named(finding.found, words)),
        ],
        "loci": [
            [
                one.locus,
                _typed(one.ours, finding.query, one.locus, words),
                _typed(one.theirs, finding.found, one.locus, words),
                words[one.agreement.value],
            ]
            for one in said.loci
        ],
        "quality": [
            (words["quality"], f"{said.quality or '-'} ({finding.rules.title}, {finding.rules.version})"),
            (words["loci"], f"{said.compared} / {said.matched}"),
        ],
        "strengths": [_strength(one, words) for one in finding.strengths],
        "weighing": weighing,
        "remarks": [remark.text for remark in finding.quality.remarks],
        "limits": list(finding.limits),
        "method": [
            (words["method"], _methods(finding, about.outcome)),
            (words["accreditation"], about.accreditation or words["no_accreditation"]),
        ],
    }


def _basis(basis: Basis, words: Mapping[str, str]) -> str:
    if basis.article:
        return f"{basis.article} ({words['known']}: {words[basis.known]})"
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


def _typed(seen: Typing, profile: Profile, name: str, words: Mapping[str, str]) -> str:
    told = ", ".join(each.text for each in seen) or "–"
    detail = profile.details.get(name)
    if detail is None or not detail.heights:
        return told
    return f"{told} ({words['heights']}: {', '.join(f'{height:g}' for height in detail.heights)})"


def _strength(one: Weighed, words: Mapping[str, str]) -> list[str]:
    name, theta = one.scale.population.name, f"{one.scale.theta:g}"
    if one.log10_lr is None:
        return [name, theta, words["no_number"], one.why_not]
    ratio = "0" if math.isinf(one.log10_lr) else f"{10**one.log10_lr:.3g}" if one.log10_lr < 300 else "> 1e300"
    return [name, theta, f"{one.rmp:.3g}" if one.rmp is not None else words["no_number"], ratio]


def _methods(finding: Finding, outcome: Confirm | None) -> str:
    told: Sequence[str] = (finding.method, finding.leading.method, *([outcome.method] if outcome else []))
    return "; ".join(told)


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    found = tomllib.loads((files("comity.forensics") / "words.toml").read_text(encoding="utf-8"))
    return {language: dict(found[language]) for language in LANGUAGES}
