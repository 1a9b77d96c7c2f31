"""The REST API of a node, as one person uses it: signs in with password and one-time code, sends JSON, reads problems."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx

from comity.cli.demo import people
from comity.cli.demo.errors import RefusedError, StationError
from comity.cli.demo.people import Officer
from comity.cli.demo.site import Site

__all__ = ["Client"]

PATIENCE = 90.0  # seconds within which a node that was killed must answer again
CHUNK = 1024 * 1024
_T = TypeVar("_T")


class Client:
    """One person at one node."""

    def __init__(self, site: Site, officer: Officer) -> None:
        self.site, self.officer = site, officer
        self._http = httpx.Client(
            base_url=f"{site.url}/api/v1/", verify=site.trust(), timeout=httpx.Timeout(120, connect=5)
        )
        self._headers: dict[str, str] = {}
        self._step = 0

    def get(self, path: str, **query: str) -> Any:
        """Read."""
        return self.again(lambda: self._call("GET", path, params=query))

    def post(self, path: str, **body: Any) -> Any:
        """Act, once: a line that breaks raises `httpx.TransportError`, and the caller looks before acting again."""
        return self._call("POST", path, json=body)

    def put(self, path: str, **body: Any) -> Any:
        """Replace; may be repeated."""
        return self.again(lambda: self._call("PUT", path, json=body))

    def send_file(self, path: str, source: Path) -> Any:
        """Send a file by its digest; may be repeated."""

        def once() -> Any:
            headers = {"Content-Length": str(source.stat().st_size), "X-File-Name": source.name}
            return self._call("PUT", path, content=_read(source), headers=headers)

        return self.again(once)

    def download(self, path: str, target: Path) -> None:
        """Read a file to ``target``."""

        def once() -> None:
            self._signed_in()
            with self._http.stream("GET", path) as answer, target.open("wb") as out:
                if not answer.is_success:
                    answer.read()
                    raise self._refusal(answer, path)
                for part in answer.iter_raw(CHUNK):
                    out.write(part)

        self.again(once)

    def again(self, call: Callable[[], _T]) -> _T:
        """Call until it is answered: a node that was killed is started again meanwhile."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return call()
            except (httpx.TransportError, RefusedError) as error:
                if isinstance(error, RefusedError) and error.status not in (502, 503, 504):
                    raise
                if time.monotonic() > until:
                    raise StationError(
                        f"The node of {self.site.state} does not answer; its log is {self.site.log}."
                    ) from error
                self.site.mend()
                time.sleep(0.1)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _call(self, verb: str, path: str, **more: Any) -> Any:
        self._signed_in()
        headers = {**self._headers, **more.pop("headers", {})}
        answer = self._http.request(verb, path, headers=headers, **more)
        if answer.status_code == httpx.codes.NO_CONTENT:
            return None
        if not answer.is_success:
            raise self._refusal(answer, f"{verb} {path}")
        return answer.json()

    def _refusal(self, answer: httpx.Response, what: str) -> RefusedError:
        try:
            problem = answer.json()
        except ValueError:
            problem = {"detail": answer.text[:300]}
        return RefusedError(
            answer.status_code, problem if isinstance(problem, dict) else {}, f"{self.officer.name}, {what}"
        )

    def _signed_in(self) -> None:
        if self._headers:
            return
        for attempt in range(3):
            if (step := people.step_of(time.time())) <= self._step:
                time.sleep(max(0.0, (self._step + 1) * people.STEP - time.time()) + 0.1)
                step = people.step_of(time.time())
            self._step = step
            body = {
                "username": self.officer.username,
                "password": self.officer.password,
                "code": people.code(self.officer.secret, step),
            }
            answer = self._http.post("session", json=body)
            if answer.is_success:
                self._headers = {"X-CSRFToken": answer.json()["csrf"], "Referer": f"{self.site.url}/"}
                return
            if answer.status_code != httpx.codes.UNAUTHORIZED or attempt == 2:
                raise self._refusal(answer, "signing in")


def _read(source: Path) -> Iterator[bytes]:
    with source.open("rb") as file:
        while part := file.read(CHUNK):
            yield part
