"""Candidate pairs: none that a rule calls a hit is missed, whichever way the rows are taken together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.forensics.dna.index import pairs as module
from comity.forensics.dna.index.layout import MISSING
from comity.forensics.dna.index.pairs import Rows, candidate_pairs


def rows(chance, count, loci, *, missing, alphabet):
    codes = chance.integers(0, alphabet, size=(loci, count)).astype(np.uint16)
    codes[chance.random((loci, count)) < missing] = MISSING
    return codes


def hits(one, two, least, most):
    found = set()
    for a in range(one.shape[1]):
        both = (one[:, a, None] != MISSING) & (two != MISSING)
        same = both & (one[:, a, None] == two)
        away = (both & ~same).sum(axis=0)
        found |= {(a, int(b)) for b in np.flatnonzero((same.sum(axis=0) >= least) & (away <= most))}
    return found


@pytest.mark.parametrize("stratum", [1, 6, 10_000])
@pytest.mark.parametrize("core", [6, 16])
@given(seed=st.integers(0, 10_000), loci=st.integers(6, 20), most=st.integers(0, 2), least=st.integers(3, 8))
@settings(max_examples=40, deadline=None)
def test_no_hit_is_missed(stratum, core, seed, loci, most, least):
    chance = np.random.default_rng(seed)
    one = rows(chance, 30, loci, missing=chance.choice([0.0, 0.02, 0.4]), alphabet=2)
    two = rows(chance, 30, loci, missing=chance.choice([0.0, 0.05, 0.5]), alphabet=2)
    for number in range(0, 30, 2):
        two[:, number] = one[:, chance.integers(30)]
        two[chance.integers(loci), number] = chance.choice([0, 1, MISSING])
    kept = module.STRATUM, module.CORE, module.CHUNK
    module.STRATUM, module.CORE, module.CHUNK = stratum, core, 7
    try:
        found = {
            pair
            for a, b in candidate_pairs(Rows.of(one), Rows.of(two), least, most)
            for pair in zip(a.tolist(), b.tolist(), strict=True)
        }
    finally:
        module.STRATUM, module.CORE, module.CHUNK = kept
    assert found == hits(one, two, least, most)


def test_no_rows_have_no_pairs():
    none, some = np.zeros((8, 0), dtype=np.uint16), np.zeros((8, 3), dtype=np.uint16)
    assert list(candidate_pairs(Rows.of(none), Rows.of(some), 6, 1)) == []
    assert list(candidate_pairs(Rows.of(some), Rows.of(none), 6, 1)) == []
