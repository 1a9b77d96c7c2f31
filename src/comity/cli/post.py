"""``comity send``, ``comity inbox``, ``comity status``: a node's work from the command line, through its API.

The node is named by ``--node`` or COMITY_NODE, the bearer token by ``--token-file`` or COMITY_TOKEN_FILE (see
``comity node user token``). ``--anchor`` is the certificate the node's own stands under.
"""

from __future__ import annotations

import argparse
import json
import os
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from comity.errors import ServiceError, ValueRefusedError

__all__ = ["register"]


class NodeUnreachableError(ServiceError):
    """The node gave no answer."""

    code = "post.unreachable"
    cause = "It does not run, another program has its port, or --anchor is not the certificate it stands under."
    remedy = "Start it with comity node run, then try again."


class NodeRefusedError(ValueRefusedError):
    """The node refused this."""

    code = "post.refused"


def register(groups: Any) -> None:
    """Add the commands."""
    send = _add(groups, "send", _send, "send an approved request, or store a draft from a file")
    send.add_argument("draft", help="the id of a draft on the node, or a JSON file with question and values")
    inbox = _add(groups, "inbox", _inbox, "list the cooperations in which it is our turn")
    inbox.add_argument("--all", action="store_true", help="list every cooperation this token may see")
    status = _add(groups, "status", _status, "say how the node, or one cooperation, stands")
    status.add_argument("dossier", nargs="?", help="the id of a cooperation")


def _add(groups: Any, name: str, work: Any, told: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = groups.add_parser(name, help=told)
    command.add_argument("--node", default=os.environ.get("COMITY_NODE", ""), metavar="URL", help="https://host:port")
    command.add_argument("--token-file", type=Path, default=_path("COMITY_TOKEN_FILE"), metavar="FILE")
    command.add_argument("--anchor", type=Path, default=_path("COMITY_ANCHOR"), metavar="FILE", help="PEM")
    command.add_argument("--json", action="store_true", help="answer as JSON")
    command.set_defaults(run=work)
    return command


def _path(name: str) -> Path | None:
    value = os.environ.get(name)
    return Path(value) if value else None


def _send(args: argparse.Namespace) -> int:
    draft = args.draft
    if draft.endswith(".json"):
        made = _ask(args, "POST", "drafts", _document(Path(draft)))
        return _say(args, made, [f"The draft {made['id']} is stored; it lacks {len(made['missing'])} fields."])
    sent = _ask(args, "POST", f"drafts/{draft}/send", {})
    return _say(args, sent, [f"{sent['dossier']} is sent; the act is {sent['act']}."])


def _inbox(args: argparse.Namespace) -> int:
    found = _ask(args, "GET", "dossiers" if args.all else "inbox")
    lines = [f"{one['id']}  {one['status']['label']}  {one['subject'][:80]}" for one in found]
    return _say(args, {"dossiers": found}, lines or ["Nothing waits."])


def _status(args: argparse.Namespace) -> int:
    if args.dossier:
        found = _ask(args, "GET", f"dossiers/{args.dossier}")
        lines = [f"{found['id']}: {found['status']['label']}"]
        lines += [
            f"{act['at'][:19]}  {act['state']}  {act['title']}  {act['digest'][:16]}" for act in found["timeline"]
        ]
        return _say(args, found, lines)
    found = _ask(args, "GET", "status")
    waits = "nothing is under way" if found["idle"] else "messages are under way"
    lines = [
        f"{found['name']} ({found['state']}): {waits}, {found['alarms']} alarms, law base {found['lawbase']['release']}"
    ]
    _say(args, found, lines)
    return 1 if found["alarms"] else 0


def _say(args: argparse.Namespace, document: Any, lines: Sequence[str]) -> int:
    print(json.dumps(document, ensure_ascii=False) if args.json else "\n".join(lines))
    return 0


def _document(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueRefusedError(f"{path} is no JSON file: {error}", remedy="Name a file that holds a draft.") from error


def _ask(args: argparse.Namespace, method: str, path: str, body: Any = None) -> Any:
    import httpx

    if not args.node or args.token_file is None:
        raise ValueRefusedError(
            "No node is named, or no token.",
            remedy="Give --node and --token-file, or set COMITY_NODE and COMITY_TOKEN_FILE.",
        )
    try:
        token = args.token_file.read_text(encoding="utf-8").strip()
        context = ssl.create_default_context(cafile=str(args.anchor)) if args.anchor else ssl.create_default_context()
        with httpx.Client(verify=context, trust_env=False, timeout=60) as client:
            answer = client.request(
                method,
                f"{args.node.rstrip('/')}/api/v1/{path}",
                json=body,
                headers={"Authorization": f"Bearer {token}"},
            )
    except OSError as error:
        raise ValueRefusedError(f"The token or the anchor cannot be read: {error}") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NodeUnreachableError(f"{args.node} gave no answer: {error}") from error
    return _answer(answer.status_code, answer.content)


def _answer(status: int, content: bytes) -> Any:
    try:
        found = json.loads(content) if content else {}
    except ValueError as error:
        raise NodeUnreachableError(f"The answer is no JSON (status {status}).") from error
    if status >= 400:
        raise NodeRefusedError(
            str(found.get("detail", status)), cause=str(found.get("cause", "")), remedy=str(found.get("remedy", ""))
        )
    return found
