"""``comity request``: draft, check, compose, render and sign a request. Needs no node and no database: files in, files out.

    comity request draft --from UA --to DE --measure bank_records --offence fraud --out draft.json
    comity request check draft.json            0 complete, 1 something is missing, 4 a value is refused
    comity request compose draft.json --dossier MLA-UA-DE-2026-11-24-0001-1 --out request.json
    comity request render request.json --language uk --out letter.pdf
    comity request sign letter.pdf --key seal.pem --certificates seal-chain.pem --out signed.pdf

A draft file holds the question to the law beside the draft: ``from``, ``to``, ``on``, ``facts``, ``basis``, ``draft``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.errors import ValueRefusedError
from comity.values import day, parse

if TYPE_CHECKING:
    from comity.flow.prepare import Prepared
    from comity.law import LawBase
    from comity.request.compose import Missing

__all__ = ["register"]

MEMBERS = frozenset({"from", "to", "on", "facts", "basis", "draft"})
LIMIT = 2 * 1024 * 1024


def register(groups: Any) -> None:
    """Add the group ``request``."""
    group = groups.add_parser("request", help="requests: draft, check, compose, render, sign")
    commands = group.add_subparsers(dest="command", metavar="COMMAND", required=True)

    draft = _command(commands, "draft", run_draft, "write an empty draft with the fields the legal basis asks for")
    draft.add_argument("--from", dest="requesting", required=True, metavar="STATE", help="the requesting state")
    draft.add_argument("--to", dest="requested", required=True, metavar="STATE", help="the requested state")
    draft.add_argument("--measure", action="append", required=True, metavar="ID", help="repeatable")
    draft.add_argument("--offence", action="append", default=[], metavar="ID", help="repeatable")
    draft.add_argument("--fact", action="append", default=[], metavar="KEY=VALUE", help="repeatable")
    draft.add_argument("--on", metavar="DATE", help="the day whose law is asked (default today)")
    draft.add_argument("--basis", metavar="INSTRUMENT", help="one of the legal bases (default the first)")
    draft.add_argument("--out", type=Path, metavar="FILE", help="where to write the draft")

    check = _command(commands, "check", run_check, "say what a draft lacks, and which provision asks for it")
    check.add_argument("file", type=Path)

    compose = _command(commands, "compose", run_compose, "make the canonical request of a complete draft")
    compose.add_argument("file", type=Path)
    compose.add_argument("--dossier", required=True, metavar="ID", help="for example MLA-UA-DE-2026-11-24-0001-1")
    compose.add_argument("--at", metavar="TIME", help="when it is made, with its zone (default now)")
    compose.add_argument("--out", type=Path, required=True, metavar="FILE")

    render = _command(commands, "render", run_render, "set the letter of a request as tagged PDF")
    render.add_argument("file", type=Path)
    render.add_argument("--language", choices=("en", "uk"), default="en")
    render.add_argument("--test", action="store_true", help="mark it as a test")
    render.add_argument("--out", type=Path, required=True, metavar="FILE")

    sign = _command(commands, "sign", run_sign, "sign a letter (PAdES) or a request (detached CAdES)")
    sign.add_argument("file", type=Path)
    sign.add_argument("--key", type=Path, required=True, metavar="PEM")
    sign.add_argument(
        "--certificates", type=Path, required=True, metavar="PEM", help="its certificate, then the issuers"
    )
    sign.add_argument("--name", default="", help="who signs, as the signature shows it")
    sign.add_argument("--tsa-key", type=Path, metavar="PEM", help="key of a local test timestamp authority")
    sign.add_argument("--tsa-certificates", type=Path, metavar="PEM")
    sign.add_argument("--out", type=Path, required=True, metavar="FILE")


def _command(commands: Any, name: str, run: Any, text: str) -> argparse.ArgumentParser:
    found: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    found.add_argument("--json", action="store_true", help="answer as one JSON object")
    found.set_defaults(run=run)
    return found


def run_draft(args: argparse.Namespace) -> int:
    document = {
        "from": args.requesting.upper(),
        "to": args.requested.upper(),
        "on": (day(args.on) if args.on else datetime.now(UTC).date()).isoformat(),
        "facts": dict(_fact(text) for text in args.fact),
        "basis": args.basis,
        "draft": {"measures": args.measure, "offences": [{"id": name, "classification": ""} for name in args.offence]},
    }
    prepared = _prepared(document)
    document["basis"] = prepared.instrument
    document["draft"] = prepared.draft.to_json() | _blank(prepared)
    if args.out:
        _write(args.out, json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n")
    if args.json:
        shown = [{"id": f.id, "en": f.label_en, "uk": f.label_uk, "required": f.required, "kind": str(f.kind),
                  "provisions": list(f.provisions), "articles": list(f.articles)} for f in prepared.fields]  # fmt: skip
        print(json.dumps({"basis": prepared.instrument, "fields": shown, "document": document}, ensure_ascii=False))
        return 0
    print(f"Legal basis: {_basis(prepared)}")
    group = ""
    for field in prepared.fields:
        if field.group_en != group:
            group = field.group_en
            print(f"\n{group}")
        mark = "*" if field.required else " "
        print(
            f" {mark} {field.id:34} {field.label_en}" + (f"  [{', '.join(field.articles)}]" if field.articles else "")
        )
    print(
        "\n* is required." + (f" Fill in {args.out}, then run 'comity request check {args.out}'." if args.out else "")
    )
    return 0


def run_check(args: argparse.Namespace) -> int:
    prepared = _prepared(_document(args.file))
    if args.json:
        print(
            json.dumps(
                {
                    "complete": not prepared.missing,
                    "basis": prepared.instrument,
                    "fallback": not prepared.instrument,
                    "missing": [_lacking(one) for one in prepared.missing],
                },
                ensure_ascii=False,
            )
        )
        return 1 if prepared.missing else 0
    print(f"Legal basis: {_basis(prepared)}")
    for one in prepared.missing:
        print(f"Missing: {one.label_en or one.field} ({one.field}): {one.article or one.text}")
    print("The draft is complete." if not prepared.missing else f"{len(prepared.missing)} missing.")
    return 1 if prepared.missing else 0


def run_compose(args: argparse.Namespace) -> int:
    from comity.request.compose import compose
    from comity.values import DossierId

    prepared = _prepared(_document(args.file))
    base = _base()
    question = prepared.resolution.question
    named = {
        one.id: one.name for code in (question.requesting, question.requested) for one in base.authorities_of(code)
    }
    made = compose(
        prepared.draft,
        prepared.resolution,
        dossier=DossierId.read(args.dossier),
        at=_instant(args.at) if args.at else datetime.now(UTC),
        instrument=prepared.instrument,
        offices=named,
    )
    _write(args.out, made.canonical)
    _say(
        args,
        f"{args.out}: request {made.dossier}, SHA-256 {made.digest}.",
        request=made.digest.hex,
        dossier=args.dossier,
    )
    return 0


def run_render(args: argparse.Namespace) -> int:
    from comity.request.read import read
    from comity.request.render import render
    from comity.values import Digest

    pdf = render(read(_read(args.file)), args.language, test=args.test)
    _write(args.out, pdf)
    _say(args, f"{args.out}: letter, {len(pdf):,} bytes.", letter=Digest.of(pdf).hex, size=len(pdf))
    return 0


def run_sign(args: argparse.Namespace) -> int:
    from comity.adapters.file_signer import FileSigner
    from comity.adapters.local_tsa import LocalTimestampAuthority
    from comity.request.read import read
    from comity.signing import cades, pades

    data, at = _read(args.file), datetime.now(UTC)
    signer = FileSigner.load(args.key, args.certificates)
    tsa = (
        LocalTimestampAuthority.load(args.tsa_key, args.tsa_certificates)
        if args.tsa_key and args.tsa_certificates
        else None
    )
    if data.startswith(b"%PDF-"):
        form, made = "PAdES", pades.sign(data, signer, at=at, reason="Letter of request", name=args.name, tsa=tsa)
    else:
        read(data)
        form, made = "CAdES, detached", cades.sign(data, signer, at=at, tsa=tsa)
    _write(args.out, made)
    _say(args, f"{args.out}: signed ({form}{', with timestamp' if tsa else ''}).", form=form, timestamp=tsa is not None)
    return 0


@lru_cache(maxsize=1)
def _base() -> LawBase:
    from comity.law import LawBase

    return LawBase.load()


def _prepared(document: Mapping[str, Any]) -> Prepared:
    from comity.flow.prepare import prepare

    return prepare(
        document["draft"],
        _base(),
        requesting=document["from"],
        requested=document["to"],
        on=day(document["on"]),
        facts=document.get("facts", {}),
        instrument=document.get("basis"),
    )


def _document(path: Path) -> Mapping[str, Any]:
    found = parse(_read(path), what="draft file", limit=LIMIT)
    wrong = not isinstance(found, dict) or set(found) - MEMBERS or {"from", "to", "on", "draft"} - set(found)
    if wrong or not _typed(found):
        raise ValueRefusedError(
            f"{path.name} is no draft file.",
            cause=f"It is an object with the members {', '.join(sorted(MEMBERS))}, and no others.",
            remedy="Begin with 'comity request draft --from UA --to DE --measure bank_records --out draft.json'.",
        )
    return dict(found)


def _typed(found: Mapping[str, Any]) -> bool:
    texts = all(isinstance(found[name], str) for name in ("from", "to", "on"))
    basis = found.get("basis") is None or isinstance(found["basis"], str)
    return texts and basis and isinstance(found["draft"], dict) and isinstance(found.get("facts", {}), dict)


def _blank(prepared: Prepared) -> dict[str, Any]:
    """Return the required fields that hold nothing yet, empty, so that a person sees where to write."""
    blank: dict[str, Any] = {}
    for field in prepared.fields:
        name, _, part = field.id.partition(".")
        if not field.required or field.parts or field.kind in ("flag", "date", "measures"):
            continue
        if part:
            blank.setdefault(name, {})[part] = ""
        else:
            blank[name] = ""
    return {name: value for name, value in blank.items() if name not in prepared.draft.to_json()}


def _basis(prepared: Prepared) -> str:
    for one in prepared.resolution.bases:
        if one.instrument == prepared.instrument:
            return f"{one.title} ({one.reference})"
    return "reciprocity and the domestic law of both states; no treaty binds them for this"


def _lacking(one: Missing) -> dict[str, str]:
    return {
        "field": one.field,
        "provision": one.provision,
        "article": one.article,
        "en": one.label_en,
        "uk": one.label_uk,
    }


def _fact(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise ValueRefusedError(
            f"{text[:60]!r} is no fact.", remedy="Write it as key=value, for example transnational=yes."
        )
    return name, value


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise ValueRefusedError(f"{text[:40]!r} is no time.", remedy="Write it with its zone, as 2026-11-24T10:00:00Z.")
    return at


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ValueRefusedError(
            f"{path} cannot be read: {error.strerror}.", cause="The name is wrong, or you may not read it."
        ) from error


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ValueRefusedError(
            f"{path} cannot be written: {error.strerror}.", cause="The folder is missing, or you may not write there."
        ) from error


def _say(args: argparse.Namespace, sentence: str, **found: Any) -> None:
    print(json.dumps({"file": str(args.out), **found}, ensure_ascii=False) if args.json else sentence)
