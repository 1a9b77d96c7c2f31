"""The log of acts: an append-only Merkle tree (RFC 6962 section 2.1) over the 32-byte digests of acts.

A leaf's hash is SHA-256 of 0x00 and the entry, a node's SHA-256 of 0x01 and its two children. The proofs are those of
RFC 6962 sections 2.1.1 and 2.1.2, checked by the algorithms of RFC 9162 sections 2.1.3.2 and 2.1.4.2. Nothing is stored
here: the node keeps the leaf hashes and hands them in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from comity.record.errors import LogError

__all__ = ["EMPTY", "Log", "leaf_hash", "node_hash", "verify_consistency", "verify_inclusion"]

EMPTY = hashlib.sha256(b"").digest()
"""The root of the tree without leaves."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over its children's hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Log:
    """A log in memory, made from leaf hashes (32 bytes each, in order); it holds the hash of every full subtree.

    An append hashes twice on average, a proof touches as many hashes as it has. 100,000 leaves take some 15 MB.
    """

    __slots__ = ("_levels",)

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaves:
            self._add(leaf)

    @property
    def size(self) -> int:
        """How many leaves the log has."""
        return len(self._levels[0])

    def extended(self, leaves: Iterable[bytes]) -> Log:
        """Return a log with more leaf hashes; this one stays as it is, and nothing is hashed again."""
        log = Log()
        log._levels = [list(level) for level in self._levels]
        for leaf in leaves:
            log._add(leaf)
        return log

    def append(self, entry: bytes) -> int:
        """Add an entry; return its index, from 0."""
        self._add(leaf_hash(entry))
        return self.size - 1

    def full(self, height: int, index: int) -> bytes:
        """Return the hash of the ``index``-th full subtree of 2**``height`` leaves."""
        if not 0 <= height < len(self._levels) or not 0 <= index < len(self._levels[height]):
            raise LogError(f"A log of {self.size:,} entries has no subtree {index:,} of height {height}.")
        return self._levels[height][index]

    def root(self, size: int | None = None) -> bytes:
        """Return the root hash of the first ``size`` leaves, of all without it."""
        wanted = self.size if size is None else size
        self._has(wanted)
        return self._hash(0, wanted) if wanted else EMPTY

    def inclusion(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """Return the proof that the leaf at ``index`` is in the tree of ``size``, from the leaf's sibling up."""
        wanted = self.size if size is None else size
        self._has(wanted)
        if not 0 <= index < wanted:
            raise LogError(f"A log of {wanted:,} entries has no entry {index:,}.")
        return tuple(self._path(index, 0, wanted))

    def consistency(self, old: int, new: int | None = None) -> tuple[bytes, ...]:
        """Return the proof that the tree of ``new`` leaves continues the one of ``old``."""
        wanted = self.size if new is None else new
        self._has(wanted)
        if not 0 <= old <= wanted:
            raise LogError(f"A log of {wanted:,} entries does not continue one of {old:,}.")
        return tuple(self._subproof(old, 0, wanted, whole=True)) if 0 < old < wanted else ()

    def _add(self, leaf: bytes) -> None:
        if len(leaf) != 32:
            raise LogError(f"A leaf's hash has 32 bytes, not {len(leaf)}.")
        found, height = leaf, 0
        self._levels[0].append(found)
        while len(self._levels[height]) % 2 == 0:
            found = node_hash(*self._levels[height][-2:])
            height += 1
            if height == len(self._levels):
                self._levels.append([])
            self._levels[height].append(found)

    def _has(self, size: int) -> None:
        if not 0 <= size <= self.size:
            raise LogError(f"The log has {self.size:,} entries, not {size:,}.")

    def _hash(self, start: int, size: int) -> bytes:
        """Return MTH(D[start:start+size]); ``start`` is a multiple of the power of two not below ``size``."""
        if size & (size - 1) == 0:
            height = size.bit_length() - 1
            return self._levels[height][start >> height]
        split = _split(size)
        return node_hash(self._hash(start, split), self._hash(start + split, size - split))

    def _path(self, index: int, start: int, size: int) -> list[bytes]:
        if size == 1:
            return []
        split = _split(size)
        if index < split:
            return [*self._path(index, start, split), self._hash(start + split, size - split)]
        return [*self._path(index - split, start + split, size - split), self._hash(start, split)]

    def _subproof(self, old: int, start: int, size: int, *, whole: bool) -> list[bytes]:
        if old == size:
            return [] if whole else [self._hash(start, size)]
        split = _split(size)
        if old <= split:
            below = self._subproof(old, start, split, whole=whole)
            return [*below, self._hash(start + split, size - split)]
        below = self._subproof(old - split, start + split, size - split, whole=False)
        return [*below, self._hash(start, split)]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether ``proof`` shows that ``leaf`` (a leaf's hash) stands at ``index`` in the tree of this root."""
    if not 0 <= index < size:
        return False
    node, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether ``proof`` shows that the tree of ``new`` leaves continues the one of ``old``."""
    if not 0 <= old <= new:
        return False
    if old in (0, new):
        return not proof and (old_root == new_root if old == new else old_root == EMPTY)
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _split(size: int) -> int:
    """Return the largest power of two below ``size``."""
    return 1 << ((size - 1).bit_length() - 1)
