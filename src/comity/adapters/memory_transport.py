"""The exchange port in memory, as bad as a network can be, and repeatable: the seed decides every fault.

A message may be lost on the way there, delivered while its answer is lost, delivered twice, held back until after a
later one, or altered in one byte, there or back.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from comity.exchange.errors import NoAnswerError, UnreachableError
from comity.exchange.transport import Reply

__all__ = ["Faults", "MemoryTransport"]

Handler = Callable[[str, bytes], Reply]


@dataclass(frozen=True, slots=True)
class Faults:
    """How often each fault strikes, from 0 to 1."""

    lost: float = 0.0
    unanswered: float = 0.0
    doubled: float = 0.0
    held: float = 0.0
    altered: float = 0.0
    answer_altered: float = 0.0


@dataclass(slots=True)
class MemoryTransport:
    """A `Transport` over handlers by address; ``files`` are what may be fetched. `release` delivers what is held."""

    handlers: Mapping[str, Handler] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    faults: Faults = Faults()
    seed: int = 0
    _held: deque[tuple[str, str, bytes]] = field(default_factory=deque, init=False)
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311  (faults of a test, not a secret)

    def send(self, url: str, content_type: str, body: bytes) -> Reply:
        """Deliver, or fail as the faults say."""
        if self._strikes(self.faults.lost):
            raise UnreachableError(f"{url} could not be reached: the message was lost.")
        if self._strikes(self.faults.held):
            self._held.append((url, content_type, body))
            raise NoAnswerError(f"{url} gave no answer: the message is held back.")
        sent = self._alter(body, self.faults.altered)
        reply = self._deliver(url, content_type, sent)
        if self._strikes(self.faults.doubled):
            reply = self._deliver(url, content_type, sent)
        self.release()
        if self._strikes(self.faults.unanswered):
            raise NoAnswerError(f"{url} gave no answer: it was lost.")
        return Reply(reply.status, reply.content_type, self._alter(reply.body, self.faults.answer_altered))

    def fetch(self, url: str, start: int, headers: Mapping[str, str], *, end: int | None = None) -> Iterator[bytes]:
        """Yield a file's bytes in small blocks; a lost answer stops in the middle."""
        del headers
        if url not in self.files:
            raise UnreachableError(f"{url} could not be reached.")
        data = self.files[url][start:end]
        for at in range(0, len(data), 4096):
            if self._strikes(self.faults.unanswered):
                raise NoAnswerError(f"{url} gave no whole answer: it stopped at byte {start + at}.")
            yield self._alter(data[at : at + 4096], self.faults.answer_altered)

    def release(self) -> None:
        """Deliver what was held back, newest first; nobody waits for the answers."""
        while self._held:
            self._deliver(*self._held.pop())

    def _deliver(self, url: str, content_type: str, body: bytes) -> Reply:
        if url not in self.handlers:
            raise UnreachableError(f"{url} could not be reached.")
        return self.handlers[url](content_type, body)

    def _strikes(self, chance: float) -> bool:
        return self._random.random() < chance

    def _alter(self, data: bytes, chance: float) -> bytes:
        if not data or not self._strikes(chance):
            return data
        at = self._random.randrange(len(data))
        return data[:at] + bytes([data[at] ^ (1 << self._random.randrange(8))]) + data[at + 1 :]
