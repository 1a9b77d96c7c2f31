"""The journey through two nodes' APIs, as a program walks it: from a draft to a closed cooperation."""

from __future__ import annotations

import hashlib
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

QUESTION = {"requested": "DE", "measures": ["bank_records"], "offences": ["fraud"], "facts": {}, "instrument": ""}
TEXT = "What this request says here is invented for a test."


class RefusedError(AssertionError):
    """A node refused what the walk did; ``problem`` is what it said."""

    def __init__(self, answer: httpx.Response, *, cut: bool = False) -> None:
        self.status, self.cut = answer.status_code, cut
        try:
            self.problem = answer.json()
        except ValueError:
            self.problem = {"detail": answer.text[:500]}
        super().__init__(f"{answer.request.method} {answer.request.url.path}: {self.status} {self.problem}")


@dataclass
class Node:
    """A node's API; ``tokens`` are bearer tokens by user name."""

    url: str
    anchor: Path
    tokens: dict[str, str]
    patience: float = 60.0
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        context = ssl.create_default_context(cafile=str(self.anchor))
        self.client = httpx.Client(verify=context, trust_env=False, timeout=120)

    def ask(self, who: str, method: str, path: str, **more: Any) -> Any:
        """Ask as a person; a node that does not answer is asked again, as it may be starting.

        A refusal then says so in ``cut``: what was asked may have been done before the line broke.
        """
        until, cut = time.monotonic() + self.patience, False
        content = more.pop("content", None)
        headers = {"Authorization": f"Bearer {self.tokens[who]}", **more.pop("headers", {})}
        while True:
            try:
                sent = content() if callable(content) else content
                answer = self.client.request(method, f"{self.url}/api/v1/{path}", headers=headers, content=sent, **more)
                break
            except httpx.TransportError:
                cut = True
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
        if answer.status_code >= 400:
            raise RefusedError(answer, cut=cut)
        is_json = "json" in answer.headers.get("content-type", "")
        return answer.json() if is_json and answer.content else answer.content

    def get(self, who: str, path: str) -> Any:
        """Get as a person."""
        return self.ask(who, "GET", path)

    def post(self, who: str, path: str, body: Any = None) -> Any:
        """Post as a person."""
        return self.ask(who, "POST", path, json={} if body is None else body)

    def put_file(self, who: str, dossier: str, blocks: Callable[[], Iterator[bytes]], size: int, digest: str) -> Any:
        """Upload a file."""
        return self.ask(
            who,
            "PUT",
            f"dossiers/{dossier}/files/{digest}",
            content=blocks,
            headers={"Content-Length": str(size)},
        )

    def wait(self, who: str, path: str, until: Callable[[Any], Any], seconds: float = 60.0) -> Any:
        """Ask until the answer is what is waited for; a refusal counts as not yet."""
        end = time.monotonic() + seconds
        found: Any = None
        while time.monotonic() < end:
            try:
                found = self.get(who, path)
                if until(found):
                    return found
            except RefusedError as error:
                found = error
            time.sleep(0.05)
        raise AssertionError(f"{path} never came to what was waited for; last: {str(found)[:2000]}")


def values(composer: dict[str, Any]) -> dict[str, Any]:
    """Fill every field the legal basis asks for with something plainly invented."""
    filled: dict[str, Any] = {}
    for one in composer["fields"]:
        if one["required"] or one["id"] in ("object", "reason"):
            filled[one["id"]] = _value(one)
    return {name: value for name, value in filled.items() if value is not None}


def _value(one: dict[str, Any]) -> Any:
    match one["kind"]:
        case "measures":
            return ["bank_records"]
        case "date":
            return "2026-12-24"
        case "flag":
            return True
        case "language":
            return "en"
        case "authority":
            return {"executing_authority": "de:central"}.get(one["id"], "ua:court")
        case "offences":
            return [{"id": "fraud", "classification": "Fraud", "provision": "Art. 190", "text": TEXT}]
        case "persons":
            return [
                {
                    "role": "suspect",
                    "name": "Ivan Vyhadanyi",
                    "nationality": "UA",
                    "born": "1980-01-01",
                    "birthplace": "Vyhadane",
                    "address": "1 Invented Street",
                    "identifier": "FICTION-1",
                    "description": TEXT,
                }
            ]
        case "accounts":
            return [{"iban": "DE89370400440532013000", "bank": "Invented Bank", "holder": "Max Beispielmann"}]
        case "phones":
            return [{"number": "+4915112345678", "user": "Max Beispielmann"}]
        case "items":
            return [{"description": TEXT, "where": "Bonn"}]
        case "formalities":
            return [{"text": TEXT, "reason": TEXT}]
        case "contacts":
            return [{"with_whom": "Nobody", "text": TEXT}]
        case "span":
            return {"first": "2026-02-01", "last": "2026-04-30"}
        case "line" | "prose":
            return TEXT
    return None


@dataclass
class Walk:
    """One journey: Ukraine asks, Germany answers. Each step may be called again after a node was killed."""

    ua: Node
    de: Node
    size: int = 200_000
    dossier: str = ""
    draft: str = ""
    seconds: dict[str, float] = field(default_factory=dict)

    def whole(self) -> dict[str, Any]:
        """Walk from draft to closed; return the verification."""
        self.request()
        self.decide()
        self.execute()
        return self.take()

    def request(self) -> None:
        """Draft, submit, approve, send."""
        made = self.step("draft", self.ua, "ua-prosecutor", "drafts", {"question": QUESTION, "values": {}})
        self.draft = made["id"]
        body = {"version": made["version"], "question": QUESTION, "values": values(made)}
        began = time.monotonic()
        changed = self.ua.ask("ua-prosecutor", "PUT", f"drafts/{self.draft}", json=body)
        self.seconds["change"] = time.monotonic() - began
        assert not changed["missing"], changed["missing"]
        assert not changed["refused"], changed["refused"]
        self.step("submit", self.ua, "ua-prosecutor", f"drafts/{self.draft}/submit", {"version": changed["version"]})
        self.step("approve", self.ua, "ua-head", f"drafts/{self.draft}/approve")
        try:
            self.step("send", self.ua, "ua-central", f"drafts/{self.draft}/send")
        except RefusedError as error:
            if not error.cut:
                raise
        self.dossier = self.ua.get("ua-central", f"drafts/{self.draft}")["dossier"]

    def decide(self) -> None:
        """Acknowledge, consider, accept, assign."""
        self.reached(self.de, "de-central", "sent")
        for name in ("acknowledge", "consider", "accept"):
            self.step(name, self.de, "de-central", f"dossiers/{self.dossier}/{name}")
        self.step("assign", self.de, "de-central", f"dossiers/{self.dossier}/assign", {"authority": "de:court"})

    def execute(self) -> None:
        """Upload, describe, collect, offer; undertake; give back."""
        one = Blocks(self.size)
        began = time.monotonic()
        self.de.put_file("de-executing", self.dossier, one.blocks, one.size, one.digest)
        self.seconds["upload"] = time.monotonic() - began
        made = self.step(
            "exhibit",
            self.de,
            "de-executing",
            f"dossiers/{self.dossier}/exhibits",
            {
                "title": "Image of a storage medium",
                "nature": "digital",
                "description": TEXT,
                "files": [{"sha256": one.digest, "name": "disk.img", "media_type": "application/octet-stream"}],
            },
        )
        said = {"place": "Bonn", "source": "Invented Bank", "method": "Bitwise copy"}
        number = made["number"]
        self.step("collect", self.de, "de-executing", f"dossiers/{self.dossier}/exhibits/{number}/collect", said)
        offered = {"exhibits": [number], "conditions": [{"text": "Only for these proceedings.", "provision": "Test"}]}
        self.step("offer", self.de, "de-executing", f"dossiers/{self.dossier}/offer", offered)
        self.reached(self.ua, "ua-central", "offered")
        self.step("undertake", self.ua, "ua-central", f"dossiers/{self.dossier}/undertake")
        self.reached(self.de, "de-central", "undertaken")
        self.step("give-back", self.de, "de-central", f"dossiers/{self.dossier}/give-back")

    def take(self) -> dict[str, Any]:
        """Wait for the package and its verification, take it over, close."""
        began = time.monotonic()
        self.ua.wait(
            "ua-central",
            f"dossiers/{self.dossier}/packages",
            lambda found: found and found[0]["present"] and found[0]["verification"],
            120,
        )
        self.seconds["pull"] = time.monotonic() - began
        received = self.step("receive", self.ua, "ua-central", f"dossiers/{self.dossier}/receive")
        self.step("close", self.ua, "ua-central", f"dossiers/{self.dossier}/close")
        self.reached(self.de, "de-central", "closed")
        (exhibit,) = self.ua.get("ua-central", f"dossiers/{self.dossier}/exhibits")
        assert exhibit["custody"]["complete"], exhibit["custody"]["gaps"]
        assert exhibit["custody"]["holder"]["state"] == "UA"
        found: dict[str, Any] = received["verification"]
        return found

    def reached(self, node: Node, who: str, state: str) -> None:
        """Wait until a node sees the cooperation in a state."""
        began = time.monotonic()
        node.wait(who, f"dossiers/{self.dossier}", lambda found: found["status"]["id"] == state)
        self.seconds[f"wait {state}"] = time.monotonic() - began

    def step(self, name: str, node: Node, who: str, path: str, body: Any = None) -> Any:
        """Do one step and keep how long it took."""
        began = time.monotonic()
        found = node.post(who, path, body)
        self.seconds[name] = time.monotonic() - began
        return found


class Blocks:
    """A file of pseudo-random bytes, the same for the same size, never in memory whole."""

    def __init__(self, size: int) -> None:
        self.size = size
        digest = hashlib.sha256()
        for block in self.blocks():
            digest.update(block)
        self.digest = digest.hexdigest()

    def blocks(self) -> Iterator[bytes]:
        """Yield the file."""
        seed = hashlib.shake_256(b"comity test").digest(1024 * 1024)
        left, number = self.size, 0
        while left:
            block = (number.to_bytes(8, "big") + seed[8:])[:left]
            yield block
            left -= len(block)
            number += 1
