"""64-bit hashes of ids and of genotypes, the same on every machine and in every segment.

They only propose: whoever uses them compares the texts.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

__all__ = ["U64", "hash_ids", "hash_typing"]

U64 = npt.NDArray[np.uint64]
_WORDS = 8
_PRIME = np.uint64(0x9E3779B97F4A7C15)


def hash_ids(ids: npt.NDArray[np.bytes_]) -> U64:
    """Hash ids of up to 64 bytes."""
    wide = np.ascontiguousarray(ids.astype(f"S{_WORDS * 8}"))
    words = wide.view(np.uint64).reshape(len(wide), _WORDS)
    mixed = np.full(len(wide), 0xCBF29CE484222325, dtype=np.uint64)
    for number in range(_WORDS):
        mixed ^= words[:, number]
        mixed *= _PRIME
        mixed ^= mixed >> np.uint64(29)
    return mixed


def hash_typing(locus: str, texts: tuple[str, ...]) -> int:
    """Hash what was read at one locus; a row's hash is the sum over its loci."""
    return int.from_bytes(hashlib.blake2b(f"{locus}={','.join(texts)}".encode(), digest_size=8).digest(), "little")
