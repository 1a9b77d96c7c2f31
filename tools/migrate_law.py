"""One-off: turn the flat source tables of the law into the tree of ``lawbase/``.

    python tools/migrate_law.py ../shared/law

Every row of the source becomes a file (provisions, declarations, relations, authorities) or a line of one (events,
measures, offences, words). The tool counts rows in and out by kind, prints both and fails when they differ; the counts are
kept in ``lawbase/vocabulary/counts.yaml`` for the tests. It invents no facts: where a member has no day of its own, the
instrument's entry into force stands in and the event says ``reckoned: instrument``.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

Row = dict[str, Any]
ROOT = Path(__file__).resolve().parents[1] / "lawbase"
TITLES = Path(__file__).with_name("law_titles_uk.yaml")


class _Line(dict[str, Any]):
    """A mapping written on one line."""


class _Dumper(yaml.SafeDumper):
    """Block style, but short lists and `_Line` on one line; lists indented under their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _list(dumper: yaml.SafeDumper, data: list[Any]) -> yaml.Node:
    short = all(isinstance(x, str) for x in data) and sum(len(x) + 2 for x in data) < 100
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=short)


_Dumper.add_representer(list, _list)
_Dumper.add_representer(_Line, lambda d, x: d.represent_mapping("tag:yaml.org,2002:map", x.items(), flow_style=True))


def text(value: Any) -> Any:
    """Turn every scalar into the text the law base keeps."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, _Line):
        return _Line({k: text(v) for k, v in value.items()})
    if isinstance(value, Mapping):
        return {k: text(v) for k, v in value.items()}
    if isinstance(value, list):
        return [text(v) for v in value]
    return value if isinstance(value, str) else str(value)


def full(value: Any) -> Any:
    """Leave out the empty members of mappings, at every depth."""
    if isinstance(value, Mapping):
        kept = {k: full(v) for k, v in value.items() if v not in (None, "", [], {})}
        return _Line(kept) if isinstance(value, _Line) else kept
    return [full(v) for v in value] if isinstance(value, list) else value


class Tree:
    """The files written, and the counts of rows in and out."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.rows_in: Counter[str] = Counter()
        self.rows_out: Counter[str] = Counter()
        self.files: set[Path] = set()

    def write(self, name: str, content: Mapping[str, Any], head: str = "") -> None:
        """Write one file; a name used twice is an error, never an overwrite."""
        path = self.root / f"{name}.yaml"
        if path in self.files:
            raise SystemExit(f"two rows want the file {name}.yaml")
        self.files.add(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        body = yaml.dump(text(full(content)), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=118)
        path.write_text(head + body, encoding="utf-8")


def folder(instrument: str) -> str:
    """Return the folder of an instrument: ``coe-030`` lies at ``coe/030``."""
    return instrument.replace("-", "/", 1)


def slug(article: str) -> str:
    """Return an article as part of a path: ``14(1)`` is ``article-14-1``, ``9(1)-(2)`` is ``article-9-1-to-2``."""
    plain = article.lower().replace("(paras)", "").replace(",", " and ")
    plain = re.sub(r"(?<=[\w)])\s*-\s*(?=[\w(])", " to ", plain)
    return "article-" + (re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "none")


def kebab(name: str) -> str:
    """Return a name as part of a path."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().replace("'", "")).strip("-")


def cited(row: Row, checked: str, source: str | None = None) -> Row:
    """Return the members every fact carries."""
    return {
        "source": source if source is not None else row["source"],
        "basis": row["basis"],
        "unsure": True if row.get("unsure") else None,
        "checked": checked,
        "note": row.get("note") or None,
    }


# -- instruments and relations ---------------------------------------------------------------------------------------

STATUS = {"not_in_force_at_snapshot": "not_in_force", "repealed_2024-12-12": "repealed"}
ENDED = {"repealed_2024-12-12": "2024-12-11"}

MOTHERS = {
    "coe-086": ["coe-024"],
    "coe-098": ["coe-024"],
    "coe-209": ["coe-024"],
    "coe-212": ["coe-024"],
    "coe-099": ["coe-030"],
    "coe-182": ["coe-030"],
    "coe-mla-ap3": ["coe-030"],
    "coe-167": ["coe-112"],
    "coe-222": ["coe-112", "coe-167"],
    "coe-189": ["coe-185"],
    "coe-224": ["coe-185"],
    "un-untoc-tip": ["un-untoc"],
    "un-untoc-som": ["un-untoc"],
    "un-untoc-arms": ["un-untoc"],
    "eu-mla-2000": ["coe-030"],
    "eu-mla-prot-2001": ["eu-mla-2000"],
    "eu-prum-2008-616": ["eu-prum-2008-615"],
    "cis-minsk-prot-1997": ["cis-minsk-1993"],
}
"""Without which an instrument never stands: the supplements/amends relations of the source that name a mother."""

CLASSES: dict[str, tuple[str, str]] = {
    "*bilateral extradition treaties between Parties*": ("bilateral_extradition", ""),
    "*bilateral extradition treaties*": ("bilateral_extradition_with_us", ""),
    "*supplementing bilateral*": ("supplementing_bilateral", ""),
    "*uniform law / reciprocal warrants*": ("uniform_law", ""),
    "*uniform law systems*": ("uniform_law", ""),
    "*bilateral MLA treaties between Parties*": ("bilateral_mla", ""),
    "*other multilateral conventions on a special aspect*": ("special_field_conventions", ""),
    "*other transfer treaties*": ("transfer_treaties", ""),
    "*EU rules*": ("eu_rules", ""),
    "*existing MLA and extradition treaties*": ("mla_and_extradition_treaties", ""),
    "*extradition and MLA treaties*": ("mla_and_extradition_treaties", ""),
    "*MLA and extradition treaties*": ("mla_and_extradition_treaties", ""),
    "*MLA treaty in force*": ("mla_treaties", ""),
    "*MLA treaties*": ("mla_treaties", ""),
    "*other MLA treaties*": ("mla_treaties", ""),
    "*extradition treaties*": ("extradition_treaties", ""),
    "*more specific agreement*": ("more_specific_agreements", ""),
    "*states requiring a treaty*": ("states_requiring_treaty", ""),
    "*other treaties*": ("all_treaties", ""),
    "*treaties*": ("all_treaties", ""),
    "*other agreements*": ("all_treaties", ""),
    "*more favourable bilateral*": ("more_favourable_bilateral", ""),
    "*further bilateral agreements*": ("further_agreements", ""),
    "*further agreements*": ("further_agreements", ""),
    "*bilateral MLATs of Member States with the US*": ("bilateral_mla_with_us", ""),
    "*no bilateral MLAT*": ("no_bilateral_mla_with_us", ""),
    "*Decision 2007/845/JHA (ARO)*": ("", "eu-dec-2007-845"),
    "-": ("", ""),
}
"""The wildcard targets of the source as (named class of treaties, instrument outside the law base)."""

MLA = ["mla_evidence", "mla_service", "video_hearing", "temporary_transfer", "bank_information"]
TREATY_CLASSES: dict[str, Row] = {
    "bilateral_mla": {
        "title": "bilateral treaties on mutual legal assistance between the parties",
        "uk": "двосторонні договори про правову допомогу між сторонами",
        "types": ["bilateral_treaty"],
        "forms": MLA,
    },
    "bilateral_mla_with_us": {
        "title": "bilateral treaties on mutual legal assistance of Member States with the United States",
        "uk": "двосторонні договори держав-членів зі Сполученими Штатами про правову допомогу",
        "types": ["bilateral_treaty"],
        "forms": MLA,
        "with_state": "US",
    },
    "no_bilateral_mla_with_us": {
        "title": "the lack of a bilateral treaty on mutual legal assistance with the United States",
        "uk": "відсутність двостороннього договору про правову допомогу зі Сполученими Штатами",
        "types": ["bilateral_treaty"],
        "forms": MLA,
        "with_state": "US",
        "present": False,
    },
    "bilateral_extradition": {
        "title": "bilateral extradition treaties between the parties",
        "uk": "двосторонні договори про видачу між сторонами",
        "types": ["bilateral_treaty"],
        "forms": ["extradition"],
    },
    "bilateral_extradition_with_us": {
        "title": "bilateral extradition treaties of Member States with the United States",
        "uk": "двосторонні договори держав-членів зі Сполученими Штатами про видачу",
        "types": ["bilateral_treaty"],
        "forms": ["extradition"],
        "with_state": "US",
    },
    "mla_treaties": {
        "title": "treaties on mutual legal assistance in force between the two states",
        "uk": "чинні між двома державами договори про правову допомогу",
        "types": ["multilateral_convention", "bilateral_treaty", "eu_convention", "eu_external_agreement"],
        "forms": MLA,
    },
    "extradition_treaties": {
        "title": "extradition treaties in force between the two states",
        "uk": "чинні між двома державами договори про видачу",
        "types": ["multilateral_convention", "bilateral_treaty", "eu_external_agreement"],
        "forms": ["extradition", "surrender"],
    },
    "mla_and_extradition_treaties": {
        "title": "treaties on mutual legal assistance and extradition in force between the two states",
        "uk": "чинні між двома державами договори про правову допомогу та видачу",
        "types": ["multilateral_convention", "bilateral_treaty", "eu_convention", "eu_external_agreement"],
        "forms": [*MLA, "extradition", "surrender"],
    },
    "transfer_treaties": {
        "title": "other treaties on the transfer of sentenced persons",
        "uk": "інші договори про передачу засуджених осіб",
        "types": ["multilateral_convention", "bilateral_treaty", "eu_framework_decision"],
        "forms": ["transfer_sentenced"],
    },
    "eu_rules": {
        "title": "the rules of the European Union, between its Member States",
        "uk": "право Європейського Союзу між його державами-членами",
        "types": [
            "eu_convention",
            "eu_directive",
            "eu_regulation",
            "eu_decision",
            "eu_framework_decision",
        ],
    },
    "all_treaties": {
        "title": "other treaties between the two states",
        "uk": "інші договори між двома державами",
        "types": ["multilateral_convention", "bilateral_treaty", "eu_external_agreement"],
    },
    "special_field_conventions": {
        "title": "multilateral conventions that govern a special aspect of mutual assistance in a given field",
        "uk": "багатосторонні конвенції, що регулюють окремий аспект правової допомоги в певній галузі",
        "types": ["multilateral_convention"],
        "computable": False,
    },
    "supplementing_bilateral": {
        "title": "bilateral or multilateral agreements that supplement the convention or make its use easier",
        "uk": "угоди, що доповнюють конвенцію або полегшують її застосування",
        "types": ["bilateral_treaty", "multilateral_convention"],
        "computable": False,
    },
    "more_favourable_bilateral": {
        "title": "more favourable provisions of bilateral or multilateral agreements",
        "uk": "сприятливіші положення двосторонніх чи багатосторонніх угод",
        "types": ["bilateral_treaty", "multilateral_convention"],
        "computable": False,
    },
    "more_specific_agreements": {
        "title": "agreements that govern the same matter more specifically",
        "uk": "угоди, що докладніше регулюють те саме питання",
        "types": ["multilateral_convention", "bilateral_treaty", "protocol"],
        "computable": False,
    },
    "further_agreements": {
        "title": "further agreements between Member States that serve the aims of the act",
        "uk": "подальші угоди між державами-членами, що сприяють цілям акта",
        "types": ["multilateral_convention", "bilateral_treaty"],
        "computable": False,
    },
    "uniform_law": {
        "title": "uniform legislation or a special system of reciprocal application between parties",
        "uk": "однакове законодавство або особлива система взаємного застосування між сторонами",
        "types": ["multilateral_convention", "eu_framework_decision", "eu_directive"],
        "computable": False,
    },
    "states_requiring_treaty": {
        "title": "states that make assistance or extradition depend on a treaty",
        "uk": "держави, які обумовлюють допомогу чи видачу наявністю договору",
        "computable": False,
    },
}

OUTSIDE: dict[str, Row] = {
    "coe-051": {
        "title": "European Convention on the Supervision of Conditionally Sentenced or Conditionally Released Offenders",
        "reference": "ETS No. 051",
    },
    "coe-190": {
        "title": "Protocol amending the European Convention on the Suppression of Terrorism",
        "reference": "ETS No. 190",
    },
    "eu-dec-2007-845": {
        "title": "Council Decision 2007/845/JHA concerning cooperation between Asset Recovery Offices",
        "reference": "Decision 2007/845/JHA",
    },
    "eu-dir-2022-211": {
        "title": "Directive (EU) 2022/211 amending Council Framework Decision 2002/465/JHA on the protection of personal data",
        "reference": "Directive (EU) 2022/211",
    },
    "eu-wa-2019": {
        "title": "Agreement on the withdrawal of the United Kingdom from the European Union",
        "reference": "OJ L 29, 31.1.2020, p. 7",
    },
}
"""Instruments the source names without describing them."""


def _named(instrument: str, *articles: str) -> Row:
    """Return the condition that an offence of the question is one an instrument names."""
    return _Line({"fact": "treaty_offence", "is": [f"{instrument} {a}" for a in articles]})


def _through(first: int, last: int) -> list[str]:
    return [str(n) for n in range(first, last + 1)]


_ORGANISED = _Line({"fact": "organised_group", "is": ["yes"]})
_TRANSNATIONAL = _Line({"fact": "transnational", "is": ["yes"]})
_SERIOUS = _Line({"fact": "penalty_requesting", "at_least": 48})

SCOPES: dict[str, Row] = {
    "coe-185": {
        "any": [
            _named("coe-185", *_through(2, 11)),
            _Line({"fact": "computer", "is": ["yes"]}),
            _Line({"fact": "electronic_evidence", "is": ["yes"]}),
        ]
    },
    "coe-189": {"any": [_named("coe-189", *_through(3, 7))]},
    "coe-090": {"any": [_named("coe-090", "1")]},
    "coe-196": {"any": [_named("coe-196", *_through(5, 9))]},
    "coe-197": {"any": [_named("coe-197", *_through(18, 21))]},
    "coe-201": {"any": [_named("coe-201", *_through(18, 24))]},
    "coe-173": {"any": [_named("coe-173", *_through(2, 15))]},
    "coe-156": {"any": [_named("un-vienna-1988", "3(1)", "3(1)(a)(iv)")]},
    "un-vienna-1988": {
        "any": [
            _named("un-vienna-1988", "3(1)", "3(1)(a)(iv)"),
            {"all": [_named("un-vienna-1988", "3(1)(b)"), _Line({"fact": "drug_proceeds", "is": ["yes"]})]},
        ]
    },
    "un-untoc": {
        "all": [
            {
                "any": [
                    _named("un-untoc", "5"),
                    {
                        "all": [
                            _ORGANISED,
                            {
                                "any": [
                                    _named("un-untoc", "6", "8", "23"),
                                    _named("un-untoc-tip", "5"),
                                    _named("un-untoc-som", "6"),
                                    _named("un-untoc-arms", "5"),
                                    _SERIOUS,
                                ]
                            },
                        ]
                    },
                ]
            },
            _TRANSNATIONAL,
        ]
    },
    "un-untoc-tip": {"all": [_named("un-untoc-tip", "5"), _ORGANISED, _TRANSNATIONAL]},
    "un-untoc-som": {"all": [_named("un-untoc-som", "6"), _ORGANISED, _TRANSNATIONAL]},
    "un-untoc-arms": {"all": [_named("un-untoc-arms", "5"), _ORGANISED, _TRANSNATIONAL]},
    "un-uncac": {"any": [_named("un-uncac", *_through(15, 25))]},
    "un-tf-1999": {"any": [_named("un-tf-1999", "2")]},
    "un-tb-1997": {"any": [_named("un-tb-1997", "2")]},
    "un-cybercrime-2024": {
        "any": [
            _named("un-cybercrime-2024", *_through(7, 17)),
            {"all": [_Line({"fact": "electronic_evidence", "is": ["yes"]}), _SERIOUS]},
        ]
    },
    "ljh-2023": {"any": [_named("ljh-2023", "5", "-")]},
}
"""The offence scopes the source has as text, as conditions on the facts of a question. Serious crime: UNTOC Art. 2(b)."""

RELATION_KINDS = {"disconnection": "disconnects"}


def instruments(tree: Tree, data: Row, titles: Row) -> None:
    """Write ``instrument.yaml`` and the relations of every instrument."""
    for row in data["instruments"]:
        tree.rows_in["instruments"] += 1
        where = f"instruments/{folder(row['id'])}"
        tree.write(
            f"{where}/instrument",
            {
                "id": row["id"],
                "title": row["title"],
                "uk": titles["instruments"].get(row["id"]),
                "short": row["short"],
                "depositary": row["depositary"],
                "reference": row["reference"],
                "official_id": row["official_id"],
                "adopted": row["opened_or_adopted"],
                "entry_into_force": row["entry_into_force"],
                "ended": ENDED.get(row["status"]),
                "status": STATUS.get(row["status"], row["status"]),
                "type": row["type"],
                "scope": {"text": row["offence_scope"], "when": SCOPES.get(row["id"])},
                "forms": row["forms"],
                "mothers": MOTHERS.get(row["id"]),
                **cited(row, data["as_of"]),
            },
        )
        tree.rows_out["instruments"] += 1
        for relation in row["relations"]:
            tree.rows_in["relations"] += 1
            _relation(tree, row, relation, data["as_of"])
            tree.rows_out["relations"] += 1


def _relation(tree: Tree, row: Row, relation: Row, checked: str) -> None:
    treaties, outside = CLASSES.get(str(relation["target"]), ("", ""))
    named, _, articles = ("", "", "") if relation["target"] in CLASSES else relation["target"].partition("#")
    target = outside or named
    kind = str(RELATION_KINDS.get(relation["kind"], relation["kind"]))
    name = f"{kind.replace('_', '-')}-{target or treaties.replace('_', '-') or 'itself'}" + (
        f"-{kebab(articles)}" if articles else ""
    )
    source = relation["article"] if relation["article"] != "-" else "article not known"
    tree.write(
        f"instruments/{folder(row['id'])}/relations/{name}",
        {
            "kind": kind,
            "target": target or None,
            "target_articles": [a.strip() for a in articles.split(",")] if articles else None,
            "treaties": treaties or None,
            "article": relation["article"],
            "text": relation["text"],
            "source": f"{row['id']} art. {source}",
            "basis": "recalled",
            "unsure": True if relation["article"] == "-" else None,
            "checked": checked,
        },
    )


# -- participation ---------------------------------------------------------------------------------------------------

NOTED: dict[str, list[tuple[str, str, str | None]]] = {
    "coe-mla-ap3": [(s, "signed", "2025-09-19") for s in "BE GB DE GE GR LT LU MT PT RO SM TR UA CH SE MK".split()],
    "coe-222": [(s, "provisional_from", None) for s in "VA HU IT LV".split()],
    "coe-224": [
        ("RS", "deposited", "2023-02-09"),
        ("JP", "deposited", "2023-08-10"),
        ("HU", "deposited", "2026-02-05"),
        ("UA", "signed", "2022-11-30"),
        ("US", "signed", "2022-05-12"),
        ("GB", "signed", "2022-11-30"),
        ("DE", "signed", "2023-01-27"),
        ("FR", "signed", "2023-01-27"),
        ("CA", "signed", "2023-06-20"),
        ("CZ", "signed", "2024-06-20"),
    ],
}
"""Events the source keeps in the text of a note."""

STATEHOOD = {
    "AM": "1991-09-21",
    "AZ": "1991-10-18",
    "BA": "1992-03-03",
    "BY": "1991-08-25",
    "CZ": "1993-01-01",
    "EE": "1991-08-20",
    "GE": "1991-04-09",
    "HR": "1991-06-25",
    "KG": "1991-08-31",
    "KZ": "1991-12-16",
    "LT": "1990-03-11",
    "LV": "1991-08-21",
    "MD": "1991-08-27",
    "ME": "2006-06-03",
    "MK": "1991-09-08",
    "RS": "1992-04-27",
    "SI": "1991-06-25",
    "SK": "1993-01-01",
    "TJ": "1991-09-09",
    "TM": "1991-10-27",
    "UA": "1991-08-24",
    "UZ": "1991-08-31",
    "XK": "2008-02-17",
}
"""Before these days (recalled) the state did not exist as it does now: no stand-in day lies earlier."""

SCHEMES = {"cw-harare", "cw-london"}


def participation(tree: Tree, data: Row, about: Mapping[str, Row]) -> None:
    """Write ``participation.yaml`` of every instrument: a list of events by state."""
    blocks: dict[str, list[Row]] = {key: [] for key in about}
    for block in data["parties"]:
        blocks[block["instrument"]].append(block)
    for instrument, parts in blocks.items():
        tree.write(f"instruments/{folder(instrument)}/participation", _participation(tree, about[instrument], parts))


def _participation(tree: Tree, about: Row, parts: list[Row]) -> Row:
    first = next((p for p in parts if p.get("kind") != "events"), {})
    states: dict[str, list[_Line]] = {}
    members = first.get("members", [])
    basis = _common(m["basis"] for m in members) or "recalled"
    instrument = about["id"]
    for member in members:
        tree.rows_in["memberships"] += 1
        states[member["state"]] = _events(about, member, basis)
        tree.rows_out["memberships"] += 1
    for row in first.get("signatories_not_party_at_snapshot", []):
        _add(tree, states, row["state"], "signed", _Line(kind="signed", date=row["signed"]))
    for state in first.get("signatories", []):
        _add(tree, states, state, "signed", _Line(kind="signed", basis="looked-up"))
    for row in first.get("signed_2025_10_25", []):
        _add(tree, states, row["state"], "signed", _Line(kind="signed", date="2025-10-25", basis=row["basis"]))
    for row in first.get("ratified", []):
        _add(tree, states, row["state"], "ratified", _Line(kind="deposited", basis=row["basis"]))
    for state, kind, on in NOTED.get(instrument, []):
        event = _Line(kind=kind, basis="looked-up") | ({"date": on} if on else {})
        if kind == "provisional_from":
            event |= {"date": about["opened_or_adopted"], "reckoned": "instrument", "unsure": True}
        kept = states.setdefault(state, [])
        kept.append(_Line(event))
    notes = []
    for block in (p for p in parts if p.get("kind") == "events"):
        for row in block["events"]:
            tree.rows_in["participation events"] += 1
            notes += _told(states, row)
            tree.rows_out["participation events"] += 1
    not_bound = {}
    for row in first.get("not_bound", []):
        tree.rows_in["not bound"] += 1
        not_bound[row["state"]] = {"reason": row["reason"]}
        tree.rows_out["not bound"] += 1
    for state in first.get("not_signed_at_opening", []):
        tree.rows_in["not signed"] += 1
        not_bound[state] = {"reason": "did not sign at the opening", "kind": "not_signed"}
        tree.rows_out["not signed"] += 1
    return {
        "completeness": first.get("completeness") or "no participation in the source data",
        "as_of": first.get("as_of"),
        "party_count": first.get("party_count"),
        "source": first.get("source") or f"{instrument}: no list read",
        "basis": basis,
        "unsure": True if first.get("unsure") or not first else None,
        "checked": "2026-11-24",
        "note": first.get("note") or None,
        "signatories_note": first.get("signatories_or_not_party_note"),
        "notes": notes or None,
        "not_bound": not_bound,
        "states": states,
    }


def _common(values: Iterable[str]) -> str:
    counted = Counter(values).most_common(1)
    return counted[0][0] if counted else ""


def _add(tree: Tree, states: dict[str, list[_Line]], state: str, what: str, event: _Line) -> None:
    tree.rows_in[what] += 1
    states.setdefault(state, []).insert(0 if what == "signed" else len(states[state]), event)
    tree.rows_out[what] += 1


def _events(about: Row, member: Row, basis: str) -> list[_Line]:
    """Return a member's events; the day it is bound from is always one of them, with how the day is known."""
    extra: Row = {"basis": member["basis"]} if member["basis"] != basis else {}
    extra |= {"unsure": True} if member.get("unsure") else {}
    extra |= {"source": member["source"]} if "source" in member else {}
    found = [_Line(kind="signed", date=member["signed"], **extra)] if "signed" in member else []
    if "deposited" in member:
        act = {"act": member["act"]} if "act" in member else {}
        found.append(_Line(kind="deposited", date=member["deposited"], **act, **extra))
    if "in_force" in member:
        reckoned = {"reckoned": member["in_force_basis"]} if "in_force_basis" in member else {}
        found.append(_Line(kind="in_force", date=member["in_force"], **reckoned, **extra))
    elif "bound_from" in member:
        found.append(_Line(kind="bound_from", date=member["bound_from"], **extra))
    elif member.get("act") == "succession":
        found.append(_Line(kind="bound_from", date=member["deposited"], reckoned="succession", **extra))
    else:
        found += _without_a_day(about, member["state"], extra)
    if "suspended_towards" in member:
        for row in member["suspended_towards"]:
            found.append(_Line(kind="suspended", date=row["since"], towards=[row["state"]], **extra))
    if "bound_to" in member:
        found.append(_Line(kind="bound_to", date=member["bound_to"], **extra))
    if "note" in member and found:
        found[-1]["note"] = member["note"]
    return found


def _without_a_day(about: Row, state: str, extra: Row) -> list[_Line]:
    """Return the event that stands in where the source gives a member no day, or none before entry into force."""
    scheme = about["id"] in SCHEMES
    since = about["opened_or_adopted"] if scheme else about["entry_into_force"]
    if since is None:
        return []
    if since < STATEHOOD.get(state, ""):
        return [_Line(kind="bound_from", date=STATEHOOD[state], reckoned="statehood", **extra)]
    return [_Line(kind="bound_from", date=since, reckoned="instrument", **extra)]


def _told(states: dict[str, list[_Line]], row: Row) -> list[Row]:
    """Put what the source tells in prose about Ukraine and Minsk onto its events, and keep the rest as notes."""
    for event in states.get(row["state"], []):
        kind = {"suspension towards RU and BY": "suspended", "withdrawal": "bound_to"}.get(row["event"])
        if kind == event["kind"] and event["date"] == row["date"]:
            event.update({k: row[k] for k in ("basis", "source")}, note=row["text"])
            if row.get("unsure"):
                event["unsure"] = True
    return [
        {
            "topic": row["event"],
            "state": None if row["state"] == "*" else row["state"],
            "date": row["date"],
            "text": row["text"],
            "source": row["source"],
            "basis": row["basis"],
            "unsure": row.get("unsure"),
        }
    ]


# -- rules -----------------------------------------------------------------------------------------------------------

LIMITS: dict[str, tuple[str, str]] = {
    "max": ("maximum", "days"),
    "extension": ("extension", "days"),
    "execution_hours": ("execution", "hours"),
    "refusal_hours": ("refusal", "hours"),
    "decision_days": ("decision", "days"),
    "consent_decision_days": ("consent_decision", "days"),
    "consent_days": ("consent", "days"),
    "execution_days": ("execution", "days"),
    "min_remaining_months": ("least_remaining", "months"),
    "sentence_months": ("sentence", "months"),
    "serve_days": ("service", "days"),
    "subscriber_return_days": ("subscriber_data", "days"),
    "traffic_return_days": ("traffic_data", "days"),
    "requesting_years": ("requesting_state", "years_max_penalty"),
    "requested_years": ("requested_state", "years_max_penalty"),
    "threshold_eur": ("kept_up_to", "euro"),
    "share_issuing": ("share_of_issuing_state", "percent"),
}
"""Numbers the source keeps under names of their own, as (step, unit)."""

SUPERSEDED = {
    "coe-182 art 4": [{"instrument": "coe-182", "articles": ["4"]}],
    "coe-098 art 5; coe-212 art 2": [
        {"instrument": "coe-098", "articles": ["5"]},
        {"instrument": "coe-212", "articles": ["2"]},
    ],
}

STEPS: dict[str, str] = {
    "coe-182:17(2):time_limit#71": "authorisation",
    "coe-024:16(4):time_limit#112": "request",
    "coe-024:18(4):time_limit#114": "handover",
    "coe-209:6(1):time_limit#133": "statement_of_consent",
    "coe-209:7(1):time_limit#134": "decision",
    "coe-209:9:time_limit#135": "handover",
}


def rules(tree: Tree, data: Row, checked: str) -> dict[str, str]:
    """Write one file a rule and return the new id of every old one."""
    seen = Counter((r["instrument"], r["article"], r["kind"]) for r in data["rules"])
    new: dict[str, str] = {}
    for row in data["rules"]:
        tree.rows_in["rules"] += 1
        twice = seen[row["instrument"], row["article"], row["kind"]] > 1
        suffix = f"-{kebab(_telling(row))}" if twice else ""
        name = f"{folder(row['instrument'])}/{slug(row['article'])}/{row['kind']}{suffix}"
        new[row["id"]] = name
        tree.write(f"instruments/{name}", _rule(row, checked))
        tree.rows_out["rules"] += 1
    return new


def _telling(row: Row) -> str:
    return str(row.get("purpose") or row.get("measure") or row.get("step") or row.get("value"))


def _rule(row: Row, checked: str) -> Row:
    value: Any = row.get("value")
    amount: int | None = None
    further = [_limit(k, row[k]) for k in LIMITS if k in row]
    if isinstance(value, dict):
        further = [_limit(k, v) for k, v in value.items()]
        value = None
    elif isinstance(value, int):
        value, amount = None, value
    measure = row.get("measure")
    refusal = row.get("refusal", []) + row.get("extra_refusal", [])
    declared = {"instrument": row["instrument"], "articles": [_declared(row)]} if "declarations" in row else None
    return {
        "article": row["article"],
        "kind": row["kind"],
        "measures": [measure] if measure and measure != "any" else None,
        "value": value if value != "2027-02-01" else None,
        "amount": amount,
        "unit": row.get("unit") if amount is not None or row.get("threshold") is not None else None,
        "step": row.get("step", STEPS.get(row["id"])),
        "level": row.get("level"),
        "threshold": row.get("threshold"),
        "further": further,
        "refusal": refusal,
        "excluded": row.get("excluded"),
        "consent": row.get("consent"),
        "condition": row.get("condition"),
        "purpose": row.get("purpose"),
        "declarations": declared,
        "superseded_by": SUPERSEDED[row["superseded_by"]] if "superseded_by" in row else None,
        "from": "2027-02-01" if value == "2027-02-01" else None,
        "text": row["text"],
        **cited(row, checked),
    }


def _limit(name: str, amount: int) -> Row:
    step, unit = LIMITS[name]
    return _Line(step=step, amount=amount, unit=unit)


def _declared(row: Row) -> str:
    """Return the article declarations are made under: as the source names it, or the rule's own."""
    named = str(row["declarations"]).removeprefix("declarations.yaml").strip().removeprefix("art").strip()
    if named:
        return named
    inner = re.search(r"\(art\. (.+)\)$", row["article"])
    return row["article"].split(" ")[0] if inner else str(row["article"])


# -- declarations ----------------------------------------------------------------------------------------------------


def declarations(tree: Tree, data: Row, checked: str) -> dict[str, str]:
    """Write one file a declaration and return the new id of every old one."""
    seen = Counter(_key(r) for r in data["declarations"])
    new: dict[str, str] = {}
    for row in data["declarations"]:
        tree.rows_in["declarations"] += 1
        suffix = f"-{_apart(row)}" if seen[_key(row)] > 1 else ""
        who = "any" if row["state"] == "*" else row["state"].lower()
        tail = f"{slug(row['article'])}/{row['kind']}{suffix}"
        if row["instrument"] == "*":
            name = f"states/{who}/conditions/{tail}"
        elif row["instrument"] in OUTSIDE:
            name = f"states/{who}/conditions/{row['instrument']}/{tail}"
        else:
            name = f"instruments/{folder(row['instrument'])}/declarations/{who}/{tail}"
        new[row["id"]] = name.removeprefix("instruments/")
        effect = dict(row["effect"])
        towards = effect.pop("towards", None)
        tree.write(
            name,
            {
                "state": row["state"],
                "instrument": row["instrument"],
                "article": row["article"],
                "kind": row["kind"],
                "effect": effect,
                "towards": towards,
                "valid_from": row.get("valid_from"),
                "valid_to": row.get("valid_to"),
                "text": row["text"],
                **cited(row, checked),
            },
        )
        tree.rows_out["declarations"] += 1
    return new


def _key(row: Row) -> tuple[str, str, str, str]:
    return row["state"], row["instrument"], row["article"], row["kind"]


def _apart(row: Row) -> str:
    """Return what tells two declarations under one article apart."""
    if row["instrument"] == "coe-185":
        return "provisional-arrest" if "provisional" in row["text"] else "extradition"
    if row["kind"] == "authority":
        return "eppo" if row["text"].startswith("EPPO") else "all"
    return f"until-{row['valid_to'][:4]}" if "valid_to" in row else f"from-{row['valid_from'][:4]}"


# -- vocabulary and states -------------------------------------------------------------------------------------------


def vocabulary(tree: Tree, source: Mapping[str, Row], titles: Row, checked: str) -> None:
    """Write the closed lists."""
    measures, offences, rule = source["measures"], source["offences"], source["rules"]
    _terms(tree, "forms", source["instruments"]["form_vocabulary"], titles["forms"], "forms")
    _list_of(tree, "measures", measures["measures"], titles["measures"], lambda r: _measure(r, checked))
    _list_of(tree, "offences", offences["offences"], titles["offences"], lambda r: _offence(r, checked))
    _terms(tree, "measure_groups", _plain(measures["groups"]), titles["measure_groups"], "measure groups")
    _terms(tree, "coerciveness", _plain(measures["coerciveness_scale"]), titles["coerciveness"], "coerciveness")
    _terms(tree, "eu32", titles["eu32_en"], titles["eu32"], "list of 32", offences["eu32"])
    _terms(tree, "kinds", titles["kinds_en"], titles["kinds"], "rule kinds", rule["kinds"])
    _terms(
        tree,
        "declaration_kinds",
        _plain(source["declarations"]["kinds"]),
        titles["declaration_kinds"],
        "declaration kinds",
    )
    contents = _plain(rule["lists"]["request_content_ids"])
    _terms(tree, "request_contents", contents, {}, "request contents")
    eu32 = rule["lists"]["eu32"]
    tree.rows_in["lists"] += len(rule["lists"])
    tree.write(
        "vocabulary/lists",
        {
            "eu32": {
                "used_by": eu32["used_by"],
                "threshold_years": eu32["threshold_years"],
                "source": eu32["source"],
                "basis": eu32["basis"],
                "checked": checked,
                "note": eu32["note"],
            }
        },
    )
    tree.rows_out["lists"] += 2  # the contents stand in request_contents.yaml
    grounds = _grounds(rule["rules"], source["declarations"]["declarations"])
    words = {v for r in rule["rules"] for v in (*_words(r), *r.get("excluded", []))} - grounds
    effects = {k for d in source["declarations"]["declarations"] for k in d["effect"]} - {"towards"}
    units = {r["unit"] for r in rule["rules"] if "unit" in r} | {u for _, u in LIMITS.values()}
    steps = {r["step"] for r in rule["rules"] if "step" in r} | {s for s, _ in LIMITS.values()} | set(STEPS.values())
    roles = {x for a in source["authorities"]["authorities"] for x in a["roles"]}
    for name, key, ids in (
        ("grounds", "words", grounds),
        ("values", "words", words),
        ("effects", "effects", effects),
        ("units", "units", units),
        ("steps", "steps", steps),
        ("roles", "roles", roles),
    ):
        both = {i: t.partition(" | ") for i, t in titles[key].items()}
        _terms(tree, name, {i: t[0] for i, t in both.items()}, {i: t[2] for i, t in both.items()}, "", sorted(ids))
    tree.write("vocabulary/treaty_classes", TREATY_CLASSES)
    tree.write("vocabulary/outside", OUTSIDE)
    notes = {}
    for row in source["parties"]["general_notes"]:
        tree.rows_in["general notes"] += 1
        notes[kebab(row["topic"])] = {k: row[k] for k in ("topic", "text", "source", "basis")} | {"checked": checked}
        tree.rows_out["general notes"] += 1
    for name, row in source.items():
        for key in ("note", "basis_note"):
            if key in row:
                tree.rows_in["table notes"] += 1
                notes[f"{name}-{key.replace('_', '-')}"] = {
                    "topic": f"The table of {name}",
                    "text": row[key],
                    "source": "the source tables of the law",
                    "basis": "looked-up",
                    "checked": checked,
                }
                tree.rows_out["table notes"] += 1
    tree.write("vocabulary/notes", notes)


def _plain(ids: Iterable[str]) -> dict[str, str]:
    return {i: i.replace("_", " ") for i in ids}


def _words(row: Row) -> list[str]:
    if row["kind"] == "request_content" or row.get("value") == "2027-02-01":
        return []
    return [v for v in _list_value(row.get("value")) if isinstance(v, str)]


def _grounds(rules: list[Row], declarations: list[Row]) -> set[str]:
    """Return the words that stand as grounds for refusal, postponement or against a refusal."""
    kinds = {"refusal_mandatory", "refusal_optional", "no_refusal_on_ground", "postponement"}
    found = {v for r in rules if r["kind"] in kinds for v in _words(r)}
    found |= {v for r in rules for key in ("refusal", "extra_refusal") for v in r.get(key, [])}
    return found | {v for d in declarations for v in _list_value(d["effect"].get("refusal_optional"))}


def _list_value(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _terms(  # noqa: PLR0917
    tree: Tree,
    name: str,
    english: Mapping[str, str],
    uk: Mapping[str, str],
    count: str,
    ids: Iterable[str] | None = None,
) -> None:
    wanted = list(ids if ids is not None else english)
    if count:
        tree.rows_in[count] += len(wanted)
    lacking = [i for i in wanted if i not in english]
    if lacking:
        raise SystemExit(f"vocabulary {name}: no title for {', '.join(lacking)}")
    found = {i: _Line(title=english[i]) | ({"uk": uk[i]} if i in uk else {}) for i in wanted}
    tree.write(f"vocabulary/{name}", {k: _Line(v) for k, v in found.items()})
    if count:
        tree.rows_out[count] += len(found)


def _list_of(tree: Tree, name: str, rows: list[Row], uk: Mapping[str, str], make: Callable[[Row], Row]) -> None:
    tree.rows_in[name] += len(rows)
    found = {r["id"]: {"title": r["title"], "uk": uk[r["id"]], **make(r)} for r in rows}
    tree.write(
        f"vocabulary/{name}", {k: {a: b for a, b in v.items() if b not in (None, [], "")} for k, v in found.items()}
    )
    tree.rows_out[name] += len(found)


def _measure(row: Row, checked: str) -> Row:
    return {
        "group": row["group"],
        "coerciveness": row["coerciveness"],
        "provisional": row["provisional"],
        "articles": [_Line(instrument=a["instrument"], article=a["article"]) for a in row["articles"]],
        "aliases": row.get("aliases"),
        **cited(row, checked),
    }


def _offence(row: Row, checked: str) -> Row:
    return {
        "iccs": row["iccs"],
        "level": row["iccs_level"],
        "iccs_unsure": True if row.get("iccs_unsure") else None,
        "eu32": row["eu32"],
        "treaty_offences": [_Line(instrument=a["instrument"], article=a["article"]) for a in row["treaty_offences"]],
        **cited(row, checked),
    }


def authorities(tree: Tree, data: Row, checked: str) -> dict[str, str]:
    """Write one file an authority and return the new id of every old one."""
    new: dict[str, str] = {}
    for row in data["authorities"]:
        tree.rows_in["authorities"] += 1
        name = f"states/{row['country'].lower()}/authorities/{kebab(row['name'])}"
        new[row["id"]] = name
        tree.write(
            name,
            {
                "state": row["country"],
                "name": row["name"],
                "roles": row["roles"],
                "instruments": row["instruments"],
                **cited(row, checked),
            },
        )
        tree.rows_out["authorities"] += 1
    return new


def main() -> int:
    """Migrate, print the counts and compare them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--into", type=Path, default=ROOT)
    parser.add_argument("--again", action="store_true", help="replace what an earlier run and later hands wrote")
    args = parser.parse_args()
    names = ("instruments", "parties", "declarations", "rules", "measures", "offences", "authorities")
    source: dict[str, Row] = {n: yaml.safe_load((args.source / f"{n}.yaml").read_bytes()) for n in names}
    titles: Row = yaml.safe_load(TITLES.read_bytes())
    checked = source["instruments"]["as_of"]
    if (args.into / "instruments" / "coe").exists() and not args.again:
        parser.error("the law base is there already; later changes are made in its files (--again overwrites them)")
    for kept in ("instruments", "states"):
        shutil.rmtree(args.into / kept, ignore_errors=True)
    tree = Tree(args.into)
    about = {row["id"]: row for row in source["instruments"]["instruments"]}
    instruments(tree, source["instruments"], titles)
    participation(tree, source["parties"], about)
    rules(tree, source["rules"], checked)
    declarations(tree, source["declarations"], checked)
    authorities(tree, source["authorities"], checked)
    vocabulary(tree, source, titles, checked)
    print(f"{'':<24}{'in':>8}{'out':>8}")
    for kind in sorted(tree.rows_in):
        print(f"{kind:<24}{tree.rows_in[kind]:>8}{tree.rows_out[kind]:>8}")
    counts = {"files": str(len(tree.files)), **{k: str(v) for k, v in sorted(tree.rows_in.items())}}
    (args.into / "vocabulary" / "counts.yaml").write_text(
        "# Rows of the source tables by kind, as tools/migrate_law.py counted them; the tests hold the law base to them.\n"
        + yaml.dump(counts, sort_keys=False),
        encoding="utf-8",
    )
    if tree.rows_in != tree.rows_out:
        print("The counts differ: something was lost.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
