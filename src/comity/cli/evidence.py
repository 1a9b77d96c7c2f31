"""``comity evidence``: pack evidence, verify a package, show what is in it. Needs no node and no network.

``verify`` exits 0 passed, 3 indeterminate, 1 failed; 4 for a file that is no package. Without ``--anchor`` or
``--federation`` the anchors in the package are used, and the answer says that their fingerprints must be compared.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.errors import ValueRefusedError

if TYPE_CHECKING:
    from comity.evidence.item import Exhibit
    from comity.evidence.verification import Part, Verification
    from comity.signing.trust import Trust
    from comity.values import StateCode

__all__ = ["register"]

EXITS = {"passed": 0, "indeterminate": 3, "failed": 1}
OWN = "Who sealed it is proved only when the fingerprints above are compared with those the states publish."
ANSWERS = {
    "passed": "PASSED: nothing has been altered since the package was sealed, and everything in it fits together.",
    "indeterminate": "INDETERMINATE: nothing was found altered, but what is here does not suffice to say that all holds.",
    "failed": "FAILED: something is altered, forged or contradicts the rest. Do not rely on this package.",
}
TITLES = {
    "container": "Container",
    "seal": "Seal of the whole file",
    "mimetype": "Kind of package",
    "digest": "Files",
    "anchors": "Anchors",
    "list": "Signed list of files",
    "signature": "Signature",
    "timestamp": "Timestamp",
    "description": "Description",
    "act": "Act",
    "chain": "Chain of acts",
    "custody": "Custody",
    "conditions": "Conditions of use",
    "log": "Log of acts",
    "rewritten": "Note",
}


def register(groups: Any) -> None:
    """Add the group ``evidence``."""
    group = groups.add_parser("evidence", help="packages of evidence: pack, verify, show")
    commands = group.add_subparsers(dest="command", metavar="COMMAND", required=True)
    packing = commands.add_parser("pack", help="make a package of the folder that a package.json describes")
    packing.add_argument("folder", type=Path)
    packing.add_argument("--out", type=Path, required=True, metavar="FILE", help="the package, ending in .asice")
    packing.add_argument("--key", type=Path, required=True, metavar="PEM", help="the key that seals")
    packing.add_argument("--certificates", type=Path, required=True, metavar="PEM", help="its certificate and issuers")
    packing.add_argument("--tsa-key", type=Path, required=True, metavar="PEM", help="key of the local test authority")
    packing.add_argument("--tsa-certificates", type=Path, required=True, metavar="PEM")
    packing.add_argument("--json", action="store_true", help="answer as one JSON object")
    packing.set_defaults(run=run_pack)
    for name, text, run in (
        ("verify", "say whether a package holds: 0 passed, 3 indeterminate, 1 failed, 4 no package", run_verify),
        ("show", "show exhibits, custody, conditions and acts of a package", run_show),
    ):
        found = commands.add_parser(name, help=text, description=text)
        found.add_argument("file", type=Path)
        found.add_argument(
            "--anchor", "--trust", type=Path, action="append", default=[], metavar="PEM",
            help="certificate of a state's authority, as the state publishes it; repeatable",
        )  # fmt: skip
        found.add_argument("--federation", type=Path, metavar="FILE", help="the federation list to take anchors from")
        found.add_argument("--at", metavar="DATE", help="judge as of the end of this day (default now)")
        found.add_argument("--json", action="store_true", help="answer as one JSON object")
        found.set_defaults(run=run)


def run_verify(args: argparse.Namespace) -> int:
    found = _verified(args)
    if args.json:
        print(json.dumps(found.to_json(), ensure_ascii=False))
    else:
        _head(args.file, found)
        _parts(found)
        _anchors(found)
        print(f"\n{ANSWERS[found.status]}")
        if found.own_anchors and found.passed:
            print(OWN)
    return EXITS[found.status]


def run_show(args: argparse.Namespace) -> int:
    found = _verified(args)
    if args.json:
        print(json.dumps(found.to_json(), ensure_ascii=False))
        return EXITS[found.status]
    _head(args.file, found)
    for exhibit in found.exhibits:
        print()
        for line in _exhibit(exhibit, found):
            print(_plain(line))
    print("\nActs")
    for act in found.acts:
        who = f"{_authority(act.actor.authority)}, {act.actor.officer}"
        print(_plain(f"  {act.at:%Y-%m-%d %H:%M} UTC  {act.actor.state}  {act.kind:<20} {who}"))
        if act.law:
            print(_plain(f"{'':<28}{act.law}"))
    print(f"\n{ANSWERS[found.status]}")
    return EXITS[found.status]


def _exhibit(exhibit: Exhibit, found: Verification) -> Iterator[str]:
    yield f"Exhibit {exhibit.number}: {exhibit.title} ({exhibit.nature})"
    if exhibit.description:
        yield f"  {exhibit.description}"
    for file in exhibit.files:
        yield f"  file       {file.name} ({file.media_type}, {file.fingerprint.size:,} bytes)"
        yield f"             SHA-256 {file.fingerprint.sha256}"
    for condition in exhibit.conditions:
        until = f" Until {condition.until}." if condition.until else ""
        yield f"  condition  {condition.text}{until} [{condition.provision}]"
    for custody in found.custody:
        for held in custody.holdings if custody.number == exhibit.number else ():
            until = f"{held.until:%Y-%m-%d %H:%M}" if held.until else "now"
            yield f"  custody    {held.since:%Y-%m-%d %H:%M} to {until} UTC: {held.state}, {_authority(held.authority)}"


def _authority(name: str) -> str:
    """Return the last part of an authority's id in the law base, which names it."""
    return name.rpartition("/")[2]


def run_pack(args: argparse.Namespace) -> int:
    from comity.adapters.file_signer import FileSigner
    from comity.adapters.local_tsa import LocalTimestampAuthority
    from comity.cli.evidence_folder import read
    from comity.evidence.package import pack

    folder = read(args.folder)
    made = pack(
        args.out,
        dossier=folder.dossier,
        exhibits=folder.exhibits,
        blobs=folder,
        acts=folder.acts,
        anchors=folder.anchors,
        signer=FileSigner.load(args.key, args.certificates),
        tsa=LocalTimestampAuthority.load(args.tsa_key, args.tsa_certificates),
        at=datetime.now(UTC),
        papers=folder.papers,
    )
    if args.json:
        answer = {"package": str(args.out), "sha256": made.fingerprint.sha256.hex, "size": made.fingerprint.size}
        print(json.dumps(answer, ensure_ascii=False))
    else:
        print(f"{args.out}: {made.fingerprint.size:,} bytes, {len(folder.exhibits)} exhibits, {len(folder.acts)} acts")
        print(f"SHA-256 {made.fingerprint.sha256}")
    return 0


def _verified(args: argparse.Namespace) -> Verification:
    from comity.evidence.verify import verify

    trust, logs = _trust(args)
    return verify(args.file, trust, _at(args.at), logs=logs)


def _at(text: str | None) -> datetime:
    from comity.values import day

    return datetime.combine(day(text), time(23, 59, 59), UTC) if text else datetime.now(UTC)


def _trust(args: argparse.Namespace) -> tuple[Trust | None, dict[StateCode, str] | None]:
    """Return the anchors given, None without any, and the logs' keys of the federation list."""
    from comity.signing.trust import Trust, state_of

    if not args.anchor and args.federation is None:
        return None, None
    by_state: dict[StateCode, tuple[Any, ...]] = {}
    tsa: list[Any] = []
    logs: dict[StateCode, str] | None = None
    for path in args.anchor:
        for certificate in _certificates(path):
            code = state_of(certificate)
            if code is None:
                raise ValueRefusedError(
                    f"The certificate in {path} names no state.", remedy="Give the certificate a state publishes."
                )
            by_state[code] = (*by_state.get(code, ()), certificate)
            tsa.append(certificate)
    if args.federation is not None:
        logs = {}
        for code, partner in _federation(args.federation).by_state.items():
            by_state[code] = (*by_state.get(code, ()), *partner.seal_anchors)
            tsa += partner.tsa_anchors
            logs[code] = partner.log_key
    return Trust(by_state, tuple(tsa)), logs


def _certificates(path: Path) -> tuple[Any, ...]:
    from comity.signing.certificate import load_pem

    data = _bytes(path)
    found = () if b"\0" in data else load_pem(data)
    if not found:
        raise ValueRefusedError(f"{path} holds no certificate.", remedy="Give a PEM file with the state's certificate.")
    return found


def _federation(path: Path) -> Any:
    """Read a federation list, sealed or not: whoever names the file vouches for it."""
    from comity.exchange import federation
    from comity.signing import dsse
    from comity.signing.trust import Trust

    data = _bytes(path)
    if b'"payloadType"' in data:
        data = dsse.unseal(data, Trust.none(), datetime.now(UTC)).payload
    return federation.parse(data)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ValueRefusedError(
            f"{path} cannot be read: {error.strerror}.", cause="The name is wrong.", remedy="Give the path of the file."
        ) from error


def _head(file: Path, found: Verification) -> None:
    print(f"Package      {file.name} ({found.size:,} bytes)")
    print(f"SHA-256      {found.sha256}")
    said = found.description
    if said is not None:
        print(f"Cooperation  {said.dossier}")
        proved = f", timestamp of {found.proved:%Y-%m-%d %H:%M:%S} UTC" if found.proved else ""
        print(f"Sealed by    {said.sender} on {said.at:%Y-%m-%d %H:%M} UTC{proved}")
    print(f"Checked at   {found.at:%Y-%m-%d %H:%M} UTC")


def _parts(found: Verification) -> None:
    print()
    for part in found.parts:
        about = f" [{part.about}]" if part.about else ""
        print(f"  {_mark(part):<14} {_plain(f'{TITLES[part.name]}: {part.reason}{about}')}")


def _plain(text: str) -> str:
    """Return a text from outside so that a terminal shows it and obeys nothing in it."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _mark(part: Part) -> str:
    """Return the status as it stands out in a list; in colour only on a terminal."""
    text = str(part.status) if part.status == "passed" else str(part.status).upper()
    if not sys.stdout.isatty():
        return text
    colour = {"passed": 32, "indeterminate": 33, "failed": 31}[part.status]
    return f"\x1b[{colour}m{text:<14}\x1b[0m"


def _anchors(found: Verification) -> None:
    from comity.signing.certificate import digest, name_of

    if not found.anchors:
        return
    if found.own_anchors:
        print(
            "\nThe certificates of the states came from the package itself. Compare these fingerprints (SHA-256) with"
        )
        print("those the states publish; only that comparison proves who sealed it:")
    else:
        print("\nChecked against these certificates (SHA-256), which were given:")
    for anchor in found.anchors:
        print(f"  {digest(anchor)}  {name_of(anchor)}")
