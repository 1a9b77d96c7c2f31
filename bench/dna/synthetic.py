"""Synthetic DNA profiles in bulk, one JSON object a line: drawn from published allele frequencies, of nobody.

Profiles are drawn by numpy under a seed; ``partial`` is the share of profiles with 6 to all-but-one of the loci,
``wild`` the share of typings whose second allele is a wildcard.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from comity.forensics.dna.population import population

EURO16 = (
    *("vWA", "TH01", "D21S11", "FGA", "D8S1179", "D3S1358", "D18S51", "D1S1656"),
    *("D2S441", "D10S1248", "D12S391", "D22S1045", "D2S1338", "D16S539", "D19S433", "SE33"),
)


def _tables(loci: Sequence[str]) -> dict[str, tuple[list[str], np.ndarray]]:
    found = {}
    for name in loci:
        table = {text: p for text, p in population("Cauc").frequencies[name].items() if text[0] not in "<>"}
        weights = np.array(list(table.values()))
        found[name] = list(table), weights / weights.sum()
    return found


def lines(
    count: int, seed: int, *, prefix: str, category: str = "person", loci: Sequence[str] = EURO16,
    partial: float = 0.0, wild: float = 0.0,
) -> Iterator[str]:  # fmt: skip
    """Yield ``count`` lines."""
    chance, tables = np.random.default_rng(seed), _tables(loci)
    for begin in range(0, count, 100_000):
        size = min(100_000, count - begin)
        columns = []
        for name in loci:
            texts, weights = tables[name]
            pairs = np.sort(chance.choice(len(texts), size=(size, 2), p=weights), axis=1)
            wildcards = chance.random(size) < wild
            known: dict[tuple[int, int, bool], str] = {}
            column = []
            for a, b, star in zip(pairs[:, 0].tolist(), pairs[:, 1].tolist(), wildcards.tolist(), strict=True):
                key = (a, b, star)
                text = known.get(key)
                if text is None:
                    text = known[key] = f'"{name}": ["{texts[a]}", "{"*" if star else texts[b]}"]'
                column.append(text)
            columns.append(column)
        short = chance.random(size) < partial
        for number, row in enumerate(zip(*columns, strict=True)):
            kept: Sequence[str] = row
            if short[number]:
                places = chance.choice(len(loci), size=chance.integers(6, len(loci)), replace=False)
                kept = [row[place] for place in sorted(places.tolist())]
            yield f'{{"id": "{prefix}-{begin + number}", "category": "{category}", "loci": {{{", ".join(kept)}}}}}\n'


def write(path: Path, count: int, seed: int, **how: object) -> Path:
    """Write ``count`` lines to a file."""
    with path.open("w", encoding="ascii") as out:
        out.writelines(lines(count, seed, **how))  # type: ignore[arg-type]  # the keywords of lines
    return path
