"""The DNA database of one folder: open, take in, delete, search.

One writer at a time holds the lock; any number of readers need none. An import is whole or not at all. Ids are unique
among living profiles; a person's genotype stands under one id only, unless twins are allowed, where chance alone would
hardly bring it twice among so many persons.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from comity.forensics.dna.inclusion import include
from comity.forensics.dna.index.build import CATEGORIES, Builder
from comity.forensics.dna.index.erase import erase, unfinished
from comity.forensics.dna.index.hashing import hash_ids
from comity.forensics.dna.index.layout import FORMAT, MANIFEST, VERSION, replace_file, writing
from comity.forensics.dna.index.quick import Quick
from comity.forensics.dna.index.search import Match, matches
from comity.forensics.dna.index.segment import Segment
from comity.forensics.dna.place import Place, at
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.reader import pieces, read_line
from comity.forensics.dna.rules import RuleSet
from comity.forensics.errors import (
    DuplicateSampleError,
    IndexBusyError,
    IndexDamagedError,
    IndexMissingError,
    IndexNewerError,
    ProfileError,
    SameProfileError,
)

__all__ = ["ROWS", "Database", "Imported"]

ROWS = 4_000_000
"""The most rows of one segment: bounds the memory a build takes."""

_CHANCE = {6: 2.8e-8, 7: 1.4e-9, 8: 3e-11, 9: 3e-12, 10: 2.9e-13, 11: 3e-14, 12: 6e-16}
"""The chance that two unrelated persons agree at so many loci (measured on NIST 1036 Caucasian; see the docs)."""
_RARE = 0.01


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import took in."""

    profiles: int
    by_category: dict[str, int]
    total: int
    generation: int


@dataclass(slots=True)
class Database:
    """An open database. `segments` follows the manifest: a search sees every import that ended before it began."""

    folder: Path
    _read: tuple[int, int] = (0, 0)
    _manifest: dict[str, Any] = field(default_factory=dict)
    _segments: dict[str, Segment] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path) -> Database:
        """Open an existing database."""
        found = cls(folder)
        found._refresh()
        return found

    @classmethod
    def create(cls, folder: Path) -> Database:
        """Open a database; where there is none the first import makes it."""
        if (folder / MANIFEST).exists():
            return cls.open(folder)
        return cls(folder, _manifest={"format": FORMAT, "version": VERSION, "generation": 0, "segments": []})

    def _refresh(self) -> None:
        path = self.folder / MANIFEST
        try:
            said = path.stat()
        except OSError as error:
            if self._manifest and not self._read[1]:
                return
            raise IndexMissingError(
                f"There is no DNA database in {self.folder}.", cause="The path is wrong, or nothing was imported yet."
            ) from error
        if (said.st_mtime_ns, said.st_ino) == self._read:
            return
        self._manifest = _manifest(path)
        kept = {}
        for each in self._manifest["segments"]:
            name = str(each["name"])
            kept[name] = self._segments.get(name) or Segment.open(self.folder / "segments" / name, each)
        self._segments = kept
        self._read = (said.st_mtime_ns, said.st_ino)

    @property
    def generation(self) -> int:
        """The number of the last import."""
        self._refresh()
        return int(self._manifest["generation"])

    @property
    def segments(self) -> list[Segment]:
        """The segments that count now."""
        self._refresh()
        return list(self._segments.values())

    def __len__(self) -> int:
        return sum(each.rows - int(each.deleted.sum()) for each in self.segments)

    def profiles(self) -> Iterator[Profile]:
        """Yield every living profile."""
        for segment in self.segments:
            yield from filter(None, map(segment.living, range(segment.rows)))

    def masks(self) -> Counter[frozenset[str]]:
        """Return how many profiles have which loci; those deleted since their import are still counted here."""
        found: Counter[frozenset[str]] = Counter()
        for segment in self.segments:
            found.update(segment.masks)
        return found

    def find(self, name: str) -> tuple[Segment, int] | None:
        """Return where a living profile stands, or None."""
        wanted = hash_ids(np.array([name.encode()], dtype=np.bytes_))[0]
        for segment in self.segments:
            hashes, rows = segment.by_id
            begin = int(np.searchsorted(hashes, wanted))
            while begin < len(hashes) and hashes[begin] == wanted:
                row = int(rows[begin])
                if segment.lives(row) and segment.id(row) == name:
                    return segment, row
                begin += 1
        return None

    def search(self, query: Profile, rules: RuleSet, *, since: int = 0, itself: bool = True) -> list[Match]:
        """Return every hit, the best quality first; raise `InclusionError` where the query may not be searched."""
        include(query, rules)
        found = list(matches(query, self.segments, rules, since=since, itself=itself))
        return sorted(found, key=lambda each: (str(each.comparison.quality), -each.comparison.matched, each.id))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with writing(str(self.folder)):
            (self.folder / "segments").mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise IndexBusyError from error
            self._refresh()
            self._sweep()
            yield
        finally:
            os.close(handle)

    def _sweep(self) -> None:
        """Remove what a writer that was cut off left behind, and finish the deletions it began."""
        named = {each["name"] for each in self._manifest["segments"]}
        with writing(str(self.folder)):
            for each in (self.folder / "segments").iterdir():
                if each.name not in named:
                    shutil.rmtree(each)
            for said in self._manifest["segments"]:
                rows = unfinished(self._segments[said["name"]])
                if rows:
                    erase(Segment.open(self.folder / "segments" / said["name"], said, writable=True), rows)

    def take(
        self, profiles: Iterable[tuple[Place, Profile]], *, inclusion: RuleSet | None, twins: bool = False
    ) -> Imported:
        """Take in profiles, all or none; ``inclusion`` says what each must have, None takes any."""

        def fill(entry: _Entry) -> None:
            for place, profile in profiles:
                entry.add(place, profile)

        return self._take(fill, inclusion, twins=twins)

    def take_lines(self, path: Path, *, inclusion: RuleSet | None, twins: bool = False) -> Imported:
        """Take in a file of one JSON profile a line, all or none, without holding it in memory."""

        def fill(entry: _Entry) -> None:
            for number, data in pieces(path):
                entry.piece(path.name, number, data)

        return self._take(fill, inclusion, twins=twins)

    def _take(self, fill: Callable[[_Entry], None], inclusion: RuleSet | None, *, twins: bool) -> Imported:
        with self._writing():
            entry = _Entry(self, inclusion, twins)
            try:
                fill(entry)
                entry.close()
                self._commit(entry.generation, entry.written)
            except BaseException:
                entry.undo()
                raise
        count = {name: number for name, number in sorted(entry.count.items()) if number}
        return Imported(sum(count.values()), count, len(self), entry.generation)

    def _commit(self, generation: int, written: list[dict[str, Any]]) -> None:
        said = {
            **self._manifest,
            "version": VERSION,
            "generation": generation,
            "segments": [*self._manifest["segments"], *written],
        }
        replace_file(self.folder / MANIFEST, json.dumps(said).encode())
        self._refresh()

    def delete(self, ids: Iterable[str]) -> int:
        """Delete profiles for good; raise `ProfileError`, and delete nothing, where one is not there."""
        with self._writing():
            found = []
            for name in dict.fromkeys(ids):
                place = self.find(name)
                if place is None:
                    raise ProfileError(f"{name} is not in the database.", remedy="Check the id; nothing was deleted.")
                found.append(place)
            by_segment: dict[str, list[int]] = {}
            for segment, row in found:
                by_segment.setdefault(segment.folder.name, []).append(row)
            said = {each["name"]: each for each in self._manifest["segments"]}
            with writing(str(self.folder)):
                for name, rows in by_segment.items():
                    erase(Segment.open(self.folder / "segments" / name, said[name], writable=True), rows)
            return len(found)


class _Entry:
    """One import under way: what it has built, and what it must not bring twice."""

    def __init__(self, into: Database, inclusion: RuleSet | None, twins: bool) -> None:
        self.folder = into.folder / "segments"
        self.generation = into.generation + 1
        self.count: Counter[str] = Counter()
        self.written: list[dict[str, Any]] = []
        self._standing = into.segments
        self._persons = len(into)
        self._inclusion, self._twins = inclusion, twins
        self._builder, self._file = Builder(), ""
        self._quick = Quick(inclusion)

    def piece(self, file: str, line: int, data: bytes) -> None:
        """Take the profiles of a piece of a file, whole lines from number ``line`` on."""
        self._file, at = file, 0
        while at < len(data):
            if len(self._builder) >= ROWS:
                self.close()
            done = self._quick.take(data, at, line, self._builder)
            for begin, end, number in done.in_full:
                self._in_full(Place(file, number), data[begin:end])
            at, line = done.stopped, done.line

    def _in_full(self, place: Place, line: bytes) -> None:
        profile = read_line(line, place)
        self.add(place, profile)
        self._quick.learn(line, profile, self._builder)

    def add(self, place: Place, profile: Profile) -> None:
        """Take one profile."""
        if self._inclusion is not None:
            with at(place):
                include(profile, self._inclusion)
        if len(self._builder) >= ROWS:
            self.close()
        self._file = place.file
        self._builder.add(profile, place.line)

    def close(self) -> None:
        """Write what was taken since the last segment, and refuse it where it brings something twice."""
        if not len(self._builder):
            return
        name = f"{self.generation:08d}-{len(self.written):03d}"
        said = self._builder.write(self.folder / name, self.generation)
        self.written.append(said)
        self.count.update({each.value: self._builder.category.count(n) for n, each in enumerate(CATEGORIES)})
        new = Segment.open(self.folder / name, said)
        for other in (*self._standing, new):
            for row, old in _shared(new.by_id, other.by_id, same=other is new):
                self._no_duplicate(new, row, (other, old))
        self._persons += new.rows
        enough = _enough(self._persons)
        for other in () if self._twins else (*self._standing, new):
            for row, old in _shared(new.by_print, other.by_print, same=other is new):
                _one_person(self._place(new.id(row)), new, row, (other, old), enough)
        self._standing.append(new)
        self._builder = Builder()
        self._quick.clear()

    def _no_duplicate(self, new: Segment, row: int, other: tuple[Segment, int]) -> None:
        segment, old = other
        name = new.id(row)
        if segment.lives(old) and segment.id(old) == name:
            where = "the file" if segment.generation == self.generation else "the database"
            place = self._place(name).at("id")
            raise DuplicateSampleError(
                f"{place}: {name} stands in {where} already.", id=name, file=self._file, line=place.line
            )

    def _place(self, name: str) -> Place:
        """Return where an id stood last in the file."""
        ids = self._builder.ids
        return Place(self._file, self._builder.lines[len(ids) - 1 - ids[::-1].index(name)])

    def undo(self) -> None:
        """Remove what was written."""
        for each in self.written:
            shutil.rmtree(self.folder / each["name"], ignore_errors=True)


def _manifest(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
        if found["format"] != FORMAT:
            raise IndexDamagedError(f"{path} is not the manifest of a DNA database.")
        if int(found["version"]) < 1:
            raise IndexDamagedError(f"{path} has format version {found['version']}; there is none below 1.")
        if int(found["version"]) > VERSION:
            raise IndexNewerError(
                f"{path.parent} has format version {found['version']}; this release reads up to {VERSION}.",
                version=found["version"],
            )
        int(found["generation"])
        for each in found["segments"]:
            str(each["name"]), int(each["rows"]), dict(each["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamagedError(f"{path} cannot be read: {error}.") from error
    return dict(found)


def _shared(new: tuple[Any, Any], old: tuple[Any, Any], *, same: bool = False) -> Iterator[tuple[int, int]]:
    """Yield pairs of rows whose hashes are equal."""
    (ours, our_rows), (theirs, their_rows) = new, old
    if same:
        for place in np.flatnonzero(ours[1:] == ours[:-1]).tolist():
            yield int(our_rows[place + 1]), int(our_rows[place])
        return
    begin, end = np.searchsorted(theirs, ours, "left"), np.searchsorted(theirs, ours, "right")
    for place in np.flatnonzero(end > begin).tolist():
        for other in range(int(begin[place]), int(end[place])):
            yield int(our_rows[place]), int(their_rows[other])


def _enough(persons: int) -> int:
    """Return how many loci must agree before a second id among so many persons is no chance."""
    pairs = persons * persons / 2
    return next((loci for loci, chance in _CHANCE.items() if pairs * chance < _RARE), 13)


def _one_person(place: Place, new: Segment, row: int, other: tuple[Segment, int], enough: int) -> None:
    segment, old = other
    if not segment.lives(old) or not CATEGORIES[int(new.category[row])].known:
        return
    one, two = new.profile(row), segment.profile(old)
    same = two.category.known and one.loci == two.loci and one.id != two.id
    if same and sum(one.full(name) for name in one.loci) >= enough:
        raise SameProfileError(f"{place}: {one.id} and {two.id} have the same profile.", ids=[one.id, two.id])
