"""``comity node``: make a node, run it, and look after its people, its partners and its data.

Django is imported here and nowhere else below the command line, and only once a command of this group runs.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from comity.errors import ValueRefusedError

__all__ = ["register"]


def register(groups: Any) -> None:
    """Add the group's commands."""
    group = groups.add_parser("node", help="make, run and look after a node")
    commands = group.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _init(commands)
    run = _add(commands, "run", _run, "run web server, exchange server and worker until told to stop")
    run.description = "Runs in the foreground; Ctrl-C or SIGTERM stops all of it."
    _add(commands, "check", _check, "say whether settings, keys, database, audit and partners are in order")
    _user(commands)
    _federation(commands)
    backup = _add(commands, "backup", _backup, "write a copy of the whole node, also while it runs")
    backup.add_argument("target", type=Path, metavar="FILE", help="a new .tar file")
    restore = _add(commands, "restore", _restore, "make a node from a backup")
    restore.add_argument("source", type=Path, metavar="FILE")
    audit = commands.add_parser("audit", help="the audit").add_subparsers(
        dest="audit", metavar="COMMAND", required=True
    )
    _add(audit, "verify", _audit, "walk the chain of the audit and name what was changed")


def _add(commands: Any, name: str, work: Any, told: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=told)
    command.add_argument("--dir", type=Path, required=True, metavar="D", help="the node's directory")
    command.add_argument("--json", action="store_true", help="answer as JSON")
    command.set_defaults(run=work)
    return command


def _init(commands: Any) -> None:
    init = _add(commands, "init", _make, "make a node: directories, keys, database")
    init.add_argument("--state", required=True, help="the state, ISO 3166-1 alpha-2")
    init.add_argument("--name", required=True, help="the name of the node")
    init.add_argument("--web-port", type=int, required=True)
    init.add_argument("--exchange-port", type=int, required=True)
    init.add_argument("--host", default="127.0.0.1")
    init.add_argument("--authority", default="", help="the authority of the law base that receives for this state")
    init.add_argument("--test", action="store_true", help="for fictional cases; shown on every page")


def _user(commands: Any) -> None:
    user = commands.add_parser("user", help="people").add_subparsers(dest="user", metavar="COMMAND", required=True)
    add = _add(user, "add", _user_add, "add a person; prints the secret for the authenticator app once")
    add.add_argument("--username", required=True)
    add.add_argument("--name", required=True)
    add.add_argument("--authority", required=True, help="an authority's id in the law base")
    add.add_argument("--role", action="append", required=True, help="may be given several times")
    add.add_argument("--language", default="en")
    add.add_argument("--password-file", type=Path, help="a file that holds the password; asked for where not given")
    add.add_argument("--totp-secret-file", type=Path, help="a file that holds the device's secret in base32")
    _add(user, "list", _user_list, "list the people")
    token = _add(user, "token", _user_token, "make a bearer token for a machine; prints it once")
    token.add_argument("--username", required=True)
    token.add_argument("--label", required=True)
    token.add_argument("--days", type=int, default=90)


def _federation(commands: Any) -> None:
    federation = commands.add_parser("federation", help="partners and their keys")
    parts = federation.add_subparsers(dest="federation", metavar="COMMAND", required=True)
    card = _add(parts, "card", _card, "print this node's card")
    card.add_argument("--out", type=Path, help="write it here instead")
    build = _add(parts, "build", _build, "seal a list made of cards")
    build.add_argument("cards", type=Path, nargs="+", metavar="CARD")
    build.add_argument("--version", type=int, required=True, help="higher than the list before")
    build.add_argument("--out", type=Path, required=True)
    take = _add(parts, "import", _import, "check a list and take it into use")
    take.add_argument("list", type=Path, metavar="FILE")
    take.add_argument("--anchor", type=Path, help="certificate of whoever keeps the list; pinned by the first import")
    export = _add(parts, "export", _export, "write the list in use")
    export.add_argument("--out", type=Path, required=True)


def _django(directory: Path) -> None:
    os.environ["COMITY_DIR"] = str(directory.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "comity.node.settings"
    import django

    django.setup()


def _say(args: argparse.Namespace, told: str, **document: Any) -> int:
    print(json.dumps(document, ensure_ascii=False, default=str) if args.json else told)
    return 0


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ValueRefusedError(
            f"{path} cannot be read: {error.strerror}", remedy="Name a file that exists and that you may read."
        ) from error


def _make(args: argparse.Namespace) -> int:
    from comity.node.configuration import Configuration, validate
    from comity.node.found import make

    names: Mapping[str, Any] = {
        name: getattr(args, name)
        for name in ("state", "name", "web_port", "exchange_port", "host", "authority", "test")
    }
    settings: Configuration = validate(names)
    make(args.dir.resolve(), settings, datetime.now(UTC))
    _django(args.dir)
    from comity.node.upkeep import migrate

    migrate()
    return _say(
        args,
        f"A node for {settings.state} stands in {args.dir}. Its keys are test keys until you put your own in their "
        f"place.\nNext: comity node user add --dir {args.dir} ..., then comity node run --dir {args.dir}",
        dir=str(args.dir.resolve()),
        state=settings.state,
        web_port=settings.web_port,
        exchange_port=settings.exchange_port,
    )


def _run(args: argparse.Namespace) -> int:
    _django(args.dir)
    from comity.node.supervisor import run

    return run(as_json=args.json)


def _check(args: argparse.Namespace) -> int:
    _django(args.dir)
    from comity.node.upkeep import check

    found = check(datetime.now(UTC))
    lines = [f"{'ok  ' if point.ok else 'FAIL'} {point.name}: {point.said}" for point in found]
    _say(args, "\n".join(lines), checks=[{"name": p.name, "ok": p.ok, "said": p.said} for p in found])
    return 0 if all(point.ok for point in found) else 1


def _user_add(args: argparse.Namespace) -> int:
    _django(args.dir)
    from comity.node.accounts import actions

    if args.password_file:
        password = _read(args.password_file).decode().strip()
    else:
        import getpass

        password = getpass.getpass("Password: ")
    secret = _read(args.totp_secret_file).decode().strip() if args.totp_secret_file else None
    added = actions.add(
        args.username,
        name=args.name,
        authority=args.authority,
        roles=args.role,
        password=password,
        language=args.language,
        secret=secret,
    )
    told = f"{added.officer.name} is added. For the authenticator app, shown once:\n{added.uri}"
    return _say(args, told, username=args.username, secret=added.secret, uri=added.uri)


def _user_list(args: argparse.Namespace) -> int:
    _django(args.dir)
    from comity.node.accounts import queries

    people = [
        {"username": o.username, "name": o.name, "authority": o.authority, "roles": sorted(o.roles)}
        for o in queries.officers()
    ]
    lines = [f"{p['username']}: {p['name']} ({', '.join(p['roles'])}) at {p['authority']}" for p in people]
    return _say(args, "\n".join(lines) or "Nobody yet.", people=people)


def _user_token(args: argparse.Namespace) -> int:
    _django(args.dir)
    from comity.node.accounts import actions

    token = actions.make_token(args.username, label=args.label, days=args.days)
    return _say(args, token, token=token, days=args.days)


def _card(args: argparse.Namespace) -> int:
    _django(args.dir)
    from comity.node.registry import actions

    card = actions.card(datetime.now(UTC))
    if args.out:
        args.out.write_bytes(card)
        return _say(args, f"The card is in {args.out}.", card=str(args.out))
    print(card.decode())
    return 0


def _build(args: argparse.Namespace) -> int:
    _django(args.dir)
    from comity.node.registry import actions

    made = actions.build([_read(path) for path in args.cards], version=args.version, at=datetime.now(UTC))
    args.out.write_bytes(made)
    return _say(args, f"The list is in {args.out}.", list=str(args.out), version=args.version)


def _import(args: argparse.Namespace) -> int:
    _django(args.dir)
    from comity.node.registry import actions

    anchor = _read(args.anchor) if args.anchor else None
    found = actions.import_list(_read(args.list), at=datetime.now(UTC), by="command line", anchor=anchor)
    states = sorted(found.by_state)
    return _say(args, f"Version {found.version} is in use: {', '.join(states)}.", version=found.version, states=states)


def _export(args: argparse.Namespace) -> int:
    _django(args.dir)
    from comity.node.registry import actions

    args.out.write_bytes(actions.export())
    return _say(args, f"The list in use is in {args.out}.", list=str(args.out))


def _backup(args: argparse.Namespace) -> int:
    _django(args.dir)
    from comity.node.upkeep import backup

    size = backup(args.target, datetime.now(UTC))
    return _say(args, f"{args.target}: {size:,} bytes.", backup=str(args.target), size=size)


def _restore(args: argparse.Namespace) -> int:
    from comity.node.upkeep import restore

    restore(args.source, args.dir)
    return _say(
        args, f"The node stands again in {args.dir}. Run comity node check before you run it.", dir=str(args.dir)
    )


def _audit(args: argparse.Namespace) -> int:
    _django(args.dir)
    from comity.node.audit import queries

    whole = queries.verify()
    lines = [f"row {found.seq}: {found.why}" for found in whole.broken]
    told = "\n".join(lines) or f"Whole: {whole.entries} entries, head {whole.head}."
    _say(
        args,
        told,
        ok=whole.ok,
        entries=whole.entries,
        head=whole.head,
        broken=[{"row": f.seq, "why": f.why} for f in whole.broken],
    )
    return 0 if whole.ok else 1
